"""Citations: every written form, exact spans, and the traps that are none."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threadkit.mail.block import Block
from threadkit.mail.citations import Citation, citations

SHA = "09854ba94c6aad7886996bfbee2530b3d8a7f4f4"


def cited(text: str, kind: str = "reply") -> list[Citation]:
    found = citations(text, [Block(kind, 0, 0, len(text))])
    for citation in found:
        assert citation.value.lower() in unquote(text[citation.start : citation.stop]).lower() or (
            citation.kind == "bug"
        )
    return found


def commits(text: str) -> list[tuple[str, str, str]]:
    """Value, title and the cited text of all commits in it."""
    return [(c.value, c.title, text[c.start : c.stop]) for c in cited(text) if c.kind == "commit"]


@pytest.mark.parametrize(
    ("text", "value", "title"),
    [
        ('commit 09854ba94c6a ("mm: a title")', "09854ba94c6a", "mm: a title"),
        ('09854ba94c6a ("mm: a title")', "09854ba94c6a", "mm: a title"),
        ("09854ba94c6a ('mm: a title')", "09854ba94c6a", "mm: a title"),
        ("09854ba94c6a 'mm: a title'", "09854ba94c6a", "mm: a title"),
        ('09854ba94c6a "mm: a title"', "09854ba94c6a", "mm: a title"),
        ('09854ba94c6a: "mm: a title"', "09854ba94c6a", "mm: a title"),
        ("09854ba94c6a (mm: a title)", "09854ba94c6a", "mm: a title"),
        ("commit 09854ba94c6a (mm: f() has\n a title)", "09854ba94c6a", "mm: f() has a title"),
        ('1783985 ("gup: the "COW" issue")', "1783985", 'gup: the "COW" issue'),
        ('09854ba94c6a ("mm: a\n    wrapped\n    title")', "09854ba94c6a", "mm: a wrapped title"),
        ('commit\n09854ba94c6a\n("mm: a title")', "09854ba94c6a", "mm: a title"),
        ("09854ba94c6a (“mm: a title”)", "09854ba94c6a", "mm: a title"),
        ("b25d1dc9474e Merge branch 'x'", "b25d1dc9474e", "Merge branch 'x'"),
        ("# bad: [09854ba94c6a] mm: a title", "09854ba94c6a", "mm: a title"),
        ("  * 09854ba94c6a mm: a title", "09854ba94c6a", "mm: a title"),
        ("09854ba94c6a - mm: a title", "09854ba94c6a", "mm: a title"),
        ("09854ba94c6a ends with (in 5.9) a bracket", "09854ba94c6a", ""),
        (f"reverting {SHA} helps", SHA, ""),
        ("commit 1234abc is bad", "1234abc", ""),
        ("commit id 1234abc", "1234abc", ""),
        ("Commit: 1234abc", "1234abc", ""),
        ("since 09854ba94c6a it fails", "09854ba94c6a", ""),
        ("#regzbot introduced: 1234abc", "1234abc", ""),
        (f"commit {SHA} upstream.", SHA, ""),
        (f"[ Upstream commit {SHA} ]", SHA, ""),
        (f"This reverts commit {SHA}.", SHA, ""),
        (f"(cherry picked from commit {SHA})", SHA, ""),
        (f"commit {SHA}^ worked", SHA, ""),
        ("(09854ba94c6a)", "09854ba94c6a", ""),
        ("`09854ba94c6a`", "09854ba94c6a", ""),
        ("is it 09854ba94c6a?", "09854ba94c6a", ""),
        ('Fixes: 09854ba94c6a ("mm: a title") # 5.9', "09854ba94c6a", "mm: a title"),
    ],
)
def test_commits_in_all_written_forms(text, value, title):
    for around in ("{}", "So {}\nmore\n", "A line\n\n{}\n"):
        if around.startswith("So") and text[0] in "# ":
            continue
        [(found, found_title, span)] = commits(around.format(text))
        if not (around.startswith("So") and title and "(" not in text and "Merge" not in text):
            assert (found, found_title) == (value, title)
        assert span.startswith(value)


def test_enumerations_of_short_hashes():
    text = "commits 1234abc, 89abcde1 and f012345 (but not 9876543a alone)"
    assert [value for value, _, _ in commits(text)] == ["1234abc", "89abcde1", "f012345"]
    assert [v for v, _, _ in commits("git log 09854ba94c6a..17839856fd58")] == [
        "09854ba94c6a",
        "17839856fd58",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "about 1234567 pages and 20200901 days",
        "1234abc alone is too short",
        "commit defaced by vandals",
        "RAX: 0000000000000000 RBX: ffff8cb89f440000 RCX: 00007fd0cfa610c8",
        "CR2: 0a7f561ff9c0 CR3: 02189f1000a4",
        "[  12.345678] pc 0854ba94c6a1 lr 0854ba94c6a2",
        "0x09854ba94c6a",
        "310dd372-0fd1-4496-a232-0fb46ca4afd6",
        "md5 0123456789abcdef0123456789abcdef",
        "<09854ba94c6a@example.org>",
        "<alpine.09854ba94c6a.17839856fd58.1@example.org>",
        "write to a09854ba94c6a1@example.org",
        "file-09854ba94c6a.patch",
        "x=09854ba94c6a",
        "index 09854ba94c6a..17839856fd58 100644",
        "09854ba94c6a3 Ann Li 2020-09-01 12) int f(void)",
        f"From {SHA} Mon Sep 17 00:00:00 2001",
        "00:0a:95:9d:68:16 and fe80::0985:4ba9:4c6a",
        "a" * 41 + "1",
        "deadbeefcafe",
        "09854ba94c6ag",
        "from 09854ba94c6a.5 on",
        "id=x,09854ba94c6a@",
        "0123456789abcdef0123@syzkaller.appspotmail.com",
    ],
)
def test_other_hexadecimal_digits_are_no_commits(text):
    assert commits(text) == []
    assert commits(f"Look:\n{text}\n") == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("https://lore.kernel.org/linux-mm/a.1+b@example.org/", "a.1+b@example.org"),
        ("<https://lore.kernel.org/all/a.1@example.org/T/#u>", "a.1@example.org"),
        ("(https://lkml.kernel.org/r/a.1@example.org)", "a.1@example.org"),
        ("see https://patch.msgid.link/a.1@example.org.", "a.1@example.org"),
        ("https://lore.kernel.org/r/a%2Fb%251@example.org/raw", "a/b%1@example.org"),
        ("Message-ID: <a.1@example.org>", "a.1@example.org"),
        ("(Message-Id:\n <a.1@example.org>)", "a.1@example.org"),
        ("msgid <a.1@example.org>", "a.1@example.org"),
        ('id:"a.1@example.org"', "a.1@example.org"),
        ("see id:a.1@example.org.", "a.1@example.org"),
        ("mid:a.1@example.org", "a.1@example.org"),
        ("[1] <a.1@example.org>", "a.1@example.org"),
    ],
)
def test_mails_are_cited_by_url_and_by_id(text, value):
    for around in ("{}", "Hello,\n{}\nbye"):
        [found] = cited(around.format(text))
        assert (found.kind, found.value) == ("message", value)


@pytest.mark.parametrize(
    "text",
    [
        "Message-ID: @example.org",
        "@example.org",
        "id:a@.",
        "mid:x@,y",
        "Message-ID: a@ b",
        "[1] a@b",
    ],
)
def test_half_a_message_id_is_none(text):
    assert cited(text) == cited(f"Hello,\n{text}\nbye") == []


def test_an_address_is_no_message():
    assert cited("Ann Li <ann@example.org> wrote\n(ann@example.org), cc: ann@example.org") == []
    assert cited("Reported-by: Ann <a@example.org>\n", "trailers") == []


def test_no_part_of_a_url_or_a_message_id_is_a_commit_or_a_release():
    text = (
        "https://lore.kernel.org/lkml/20060913140241.60c5ffb04612@example.org/\n"
        "https://example.org/x,09854ba94c6a,5.9-rc1/v5.8/(17839856fd58)\n"
        "Message-ID: <Pine.LNX.4.64.0609151431320.22674@example.org>\n"
        "Message-ID: <09854ba94c6a.5.9@example.org>\n"
        "Message-ID: <CVE-2020-29374@example.org>\n"
    )
    assert [c.kind for c in cited(text)] == ["message", "url", "message", "message", "message"]


@pytest.mark.parametrize(
    ("written", "url"),
    [
        ("(see https://example.org/a_(b))", "https://example.org/a_(b)"),
        ("[https://example.org/a].", "https://example.org/a"),
        ("https://example.org/a_(b)).", "https://example.org/a_(b)"),
        ("*https://example.org/a*,", "https://example.org/a"),
        ("https://example.org/a?!", "https://example.org/a"),
        ("https://example.org/a(b", "https://example.org/a(b"),
        ("https://)]", "https://"),
    ],
)
def test_a_url_ends_before_the_punctuation_of_the_sentence(written, url):
    [found] = cited(written)
    assert (found.value, written[found.start : found.stop]) == (url, url)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("v5.9 and v5.9-rc4", ["5.9", "5.9-rc4"]),
        ("in 5.8.1, on 5.10.y", ["5.8.1", "5.10.y"]),
        ("2.6.13 21jun05", ["2.6.13"]),
        ("Linux 6.1", ["6.1"]),
        ("kernel version 4.19", ["4.19"]),
        ("Cc: stable@example.org # 5.9+", ["5.9"]),
        ("v5.8..v5.9-rc1", ["5.8", "5.9-rc1"]),
        ("in next-20200901.", ["next-20200901"]),
        ("is 5.9-rc1 broken?", ["5.9-rc1"]),
        ("since 5.9.", ["5.9"]),
        ("it took 5.9 seconds, up to 4.5 times", []),
        ("from 5.8 ms to 5.9 MB in 4.2%", []),
        ("gcc 5.4.0, python 3.11", []),
        ("kernel 5.13.12-200.fc34", []),
        ("10.0.5.9 and 1.2.3", []),
        ("section 3.2", []),
        ("in v2.1 of the patch", []),
        ("in v5.09 and on 4.21", []),
        ("v5.4.3.2.1", []),
        ("Linux 9.1, 10.1", ["9.1"]),
        ("5.9", []),
        ("works in 2.4.9, fails in 2.5:", ["2.4.9", "2.5"]),
        ("worked in 2.3.9 and fails in 2.4.", ["2.3.9", "2.4"]),
        ("a factor of 2.4 in 2.5 seconds, USB 2.1", []),
        ("x@5.9 and a_v5.9", []),
        ("lib-5.9.so, f(5.9)", []),
    ],
)
def test_releases(text, values):
    assert [c.value for c in cited(text) if c.kind == "release"] == values


def test_bugs_vulnerabilities_and_reports():
    found = cited(
        "https://bugzilla.kernel.org/show_bug.cgi?id=215616#c1\nCVE-2020-29374, CVE-2024-123456\n"
        "syzbot+0123456789abcdef0123@syzkaller.appspotmail.com\n"
        "https://bugs.chromium.org/p/project-zero/issues/detail?id=2045\nCVE-20-1 CVE-2020-1\n"
        "https://example.org/page).\n"
    )
    assert [(c.kind, c.value) for c in found] == [
        ("bug", "https://bugzilla.kernel.org/show_bug.cgi?id=215616"),
        ("cve", "CVE-2020-29374"),
        ("cve", "CVE-2024-123456"),
        ("syzbot", "0123456789abcdef0123"),
        ("bug", "https://bugs.chromium.org/p/project-zero/issues/detail?id=2045"),
        ("url", "https://example.org/page"),
    ]


def test_only_own_text_cites():
    line = f"commit {SHA}\n"
    for kind, depth in [("quote", 1), ("diff", 0), ("signature", 0), ("footer", 0), ("reply", 2)]:
        assert citations(line, [Block(kind, depth, 0, len(line))]) == []


def test_a_title_may_run_from_one_block_of_own_text_into_the_next_but_not_into_a_quote():
    text = '09854ba94c6a ("mm: a\ntitle")\n'
    cut = text.index("\n") + 1
    own = [Block("reply", 0, 0, cut), Block("trailers", 0, cut, len(text))]
    assert citations(text, own)[0].title == "mm: a title"
    quoted = [Block("reply", 0, 0, cut), Block("quote", 1, cut, len(text))]
    [found] = citations(text, quoted)
    assert found.stop <= cut


def test_the_mail_of_the_seed(seed_page: Path):
    """Six citations by hand and eye, and three numbers in Message-IDs that are none."""
    page = seed_page.read_text(encoding="utf-8")
    start = page.index("\n\nI am not happy") + 2
    body = page[start : page.index("\n  reply\tother threads:", start)]
    blocks, at = [], 0
    for line in body.splitlines(keepends=True):
        quoted = line.startswith(">")
        blocks.append(Block("quote" if quoted else "reply", int(quoted), at, at + len(line)))
        at += len(line)
    found = [(c.kind, c.value) for c in citations(body, blocks)]
    assert found == [
        ("release", "2.6.13"),
        ("commit", "c475a8ab625d"),
        ("release", "2.6.29"),
        ("commit", "ab967d86015a"),
        ("message", "20060913140241.60C5FFB046@ncic.ac.cn"),
        ("message", "Pine.LNX.4.64.0609151431320.22674@blonde.wat.veritas.com"),
        ("message", "CAHk-=whw3QcceKCdYS2ktCPQ96m8Ysyek+w4ny0ygvy7z-_2rw@mail.gmail.com"),
        ("release", "2.6.16"),
        ("commit", "f822566165dd"),
    ]
    titles = [len(c.title) for c in citations(body, blocks) if c.kind == "commit"]
    assert titles == [38, 36, 33]


PIECES = st.sampled_from(
    [
        *("09854ba94c6a", SHA, "1234abc", "commit ", ' ("a b")', " (mm: x)", "\n", " ", "v5.9"),
        *("5.10.1", "-rc1", "https://lore.kernel.org/r/", "a.1@example.org", "<", ">", "id:"),
        *("Message-ID: ", "CVE-2020-12345", "next-20200901", "syzbot+", "@", "..", ",", "[1] <"),
        *("@syzkaller.appspotmail.com", "0123456789abcdef0123", "'", '"', "(", ")", "%2F", "x"),
        *("https://", "://", "show_bug.cgi?id=1", "/commit/", "?id=", "f", "0", "Merge branch"),
    ]
)
TEXTS = st.lists(PIECES, max_size=14).map("".join) | st.text(max_size=60)


@given(TEXTS, TEXTS, TEXTS)
def test_spans_are_exact_ordered_and_inside_own_text(before, text, after):
    body = f"{before}\n{text}\n{after}"
    low, high = len(before) + 1, len(before) + len(text) + 2
    blocks = [
        Block("quote", 1, 0, low),
        Block("reply", 0, low, high),
        Block("diff", 0, high, len(body)),
    ]
    end = low
    for found in citations(body, blocks):
        assert end <= found.start < found.stop <= high
        end = found.stop
        written = body[found.start : found.stop]
        if "://" in written and found.kind != "bug":
            # A URL may be escaped, even twice over where a mail gateway has wrapped it.
            assert unquote(found.value).lower() in unquote(unquote(written)).lower()
        elif found.kind != "bug":
            assert found.value in written
        assert found.title == " ".join(found.title.split())
        assert found.title in " ".join(written.split())
    alone = citations(f"{text}\n", [Block("reply", 0, 0, len(text) + 1)])
    assert [c.value for c in alone] == [c.value for c in citations(body, blocks)]


@pytest.mark.parametrize(
    "piece",
    [
        *("f0", "0", "<a@", "id:a@", "http://", "https://a/)", "commit 1234567a ", "v5.1.", "1@"),
        *('1234567abcde ("a', "1234567abcde (a: (", "abcdef12345678 '", "\n[1] <a@", "next-2020"),
        *(
            "https://lore.kernel.org/a@",
            "5.1-rc1..",
            "1234567abcde, ",
            "CVE-2",
            "1234567abcde '9 'b ",
        ),
    ],
)
def test_hostile_text_ends(piece):
    assert len(cited(piece * 10_000)) <= 10_000


def test_every_citation_of_the_corpora_is_written_where_it_is_said_to_be(corpora: Path):
    from threadkit.mail.body import blocks
    from threadkit.mail.message import parse

    kinds: dict[str, int] = {}
    for mailbox in sorted((corpora / "cow-thread").glob("*.mbox")):
        for piece in (b"\n" + mailbox.read_bytes()).split(b"\nFrom mboxrd@z")[1:]:
            body = parse(piece.split(b"\n", 1)[1]).body
            for found in citations(body, blocks(body)):
                written = unquote(body[found.start : found.stop])
                assert found.value in written or found.kind == "bug"
                kinds[found.kind] = kinds.get(found.kind, 0) + 1
    assert kinds["commit"] >= 30
    assert kinds["message"] >= 20
