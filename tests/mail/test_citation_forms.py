"""Every written form of a citation, generated, wherever in a sentence it stands."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threadkit.mail.block import Block
from threadkit.mail.citations import Citation, citations
from threadkit.mail.trailers import trailers


@dataclass(frozen=True)
class Form:
    """A citation as it is written: what surrounds the cited passage, and what it says."""

    kind: str
    value: str
    title: str
    lead: str  # words before the passage that belong to the form
    passage: str
    tail: str = ""
    whole_line: bool = False  # the form ends with its line


def found_in(text: str) -> list[Citation]:
    return citations(text, [Block("reply", 0, 0, len(text))])


def as_hash(digits: str) -> bool:
    head = digits[:7]
    is_mixed = not head.isdigit() and not head.isalpha() and sum(map(str.isalpha, digits[:9])) >= 2
    return is_mixed and not digits.startswith(("ffff", "0000"))


WORDS = ("the page", "David", "a build", "solid", "of reads", "nobody minds", "mapping", "it said")
HASHES = st.text("0123456789abcdef", min_size=40, max_size=40).filter(as_hash)
TITLES = st.lists(
    st.sampled_from(["mm:", "avoid", "do_wp_page()", "reuse", "of", "pages", "x86/mm:", "don't"]),
    min_size=3,
    max_size=8,
).map(lambda words: "mm: " + " ".join(words))
LOCALS = st.text("abcXYZ019+=_-", min_size=1, max_size=30)


@st.composite
def named_commits(draw: st.DrawFn) -> Form:
    """Commits by their hash, with and without a title."""
    sha, title = draw(HASHES), draw(TITLES)
    cut = draw(st.sampled_from([7, 8, 10, 11, 12, 13, 40]))
    short = sha[:cut]
    plain = title.replace("'", "")
    wrapped = title.replace(" ", "\n", 2).replace("\n", " ", 1)
    forms = [
        Form("commit", short, "", "commit ", short),
        Form("commit", short, "", "Commit:\t", short),
        Form("commit", short, "", "reverting ", short),
        Form("commit", short, "", "This reverts commit ", short),
        Form("commit", sha, "", "commit ", sha, " upstream."),
        Form("commit", sha, "", "[ Upstream commit ", sha, " ]"),
        Form("commit", sha, "", "(cherry picked from commit ", sha, ")"),
        Form("commit", sha, "", "", sha),
        Form("commit", sha[:12], "", "", sha[:12]),
        Form("commit", short, title, "commit ", f'{short} ("{title}")'),
        Form("commit", short, title, "", f'{short} ("{title}")'),
        Form("commit", short, title, "", f'{short} ("{wrapped}")'),
        Form("commit", short, title, "", f'{short}\n("{title}")'),
        Form("commit", short, plain, "", f"{short} ('{plain}')"),
        Form("commit", sha[:12], plain, "", f"{sha[:12]} '{plain}'"),
        Form("commit", sha[:12], plain, "", f'{sha[:12]}: "{plain}"'),
        Form("commit", sha[:12], plain, "", f"{sha[:12]} ({plain})"),
        Form("commit", short, f'{plain} "can" go', "", f'{short} ("{plain} "can" go")'),
        Form("commit", sha[:12], "Merge branch 'x/y'", "", f"{sha[:12]} Merge branch 'x/y'", "", True),
        Form(
            "commit", short, "Merge tag 'x' of https://example.org/a.git", "HEAD commit:    ",
            f"{short} Merge tag 'x' of https://example.org/a.git", "", True,
        ),
        Form("commit", sha[:12], title, "\n", f"{sha[:12]} {title}", "", True),
        Form("commit", sha, title, "\n# bad: [", f"{sha}] {title}", "", True),
        Form("commit", sha[:12], "", "v6.1-rc8-59-g", sha[:12]),
        Form("commit", short, "", "#regzbot introduced: ", short),
    ]  # fmt: skip
    return draw(st.sampled_from(forms))


@st.composite
def links(draw: st.DrawFn) -> Form:
    """Commits, mails, bugs and the rest by their URL."""
    sha = draw(HASHES)[: draw(st.sampled_from([12, 14, 40]))]
    message_id = draw(LOCALS) + "@mail.example.org"
    escaped = quote(message_id, safe="-._~!$&'()*+,;=:@")
    number = draw(st.integers(1, 999_999))
    year = draw(st.integers(1999, 2030))
    bug = f"https://bugzilla.kernel.org/show_bug.cgi?id={number}"
    zero = f"https://bugs.chromium.org/p/project-zero/issues/detail?id={number}"
    report = draw(HASHES)[:20]
    cve = f"CVE-{year}-{number + 1000}"
    listed = draw(st.sampled_from(["linux-mm/", "all/", "r/", ""]))
    after = draw(st.sampled_from(["", "/", "/raw", "/T/#u", "/t.mbox.gz", "/#r"]))
    cgit = "https://git.kernel.org/pub/scm/linux/kernel/git/torvalds/linux.git/commit"
    written = {
        f"{cgit}/?id={sha}": ("commit", sha),
        f"{cgit}/mm/memory.c?h=linux-5.9.y&id={sha}": ("commit", sha),
        f"https://git.kernel.org/linus/{sha}": ("commit", sha),
        f"https://git.kernel.org/stable/c/{sha}": ("commit", sha),
        f"https://git.example.org/?p=linux.git;a=commitdiff;h={sha}": ("commit", sha),
        f"https://github.com/torvalds/linux/commit/{sha}": ("commit", sha),
        f"https://gitlab.com/a/b/-/commit/{sha}": ("commit", sha),
        f"https://lore.kernel.org/{listed}{escaped}{after}": ("message", message_id),
        f"http://lkml.kernel.org/r/{escaped}": ("message", message_id),
        f"https://patch.msgid.link/{escaped}": ("message", message_id),
        bug: ("bug", bug),
        f"{bug}#c{number}": ("bug", bug),
        zero: ("bug", zero),
        f"https://syzkaller.appspot.com/bug?extid={report}": ("syzbot", report),
        f"https://nvd.nist.gov/vuln/detail/{cve}": ("cve", cve),
    }
    for opaque in ("lkml.org/lkml/2020/9/1/20", "www.spinics.net/lists/linux-mm/msg1.html"):
        written[f"https://{opaque}"] = ("url", f"https://{opaque}")
    url = draw(st.sampled_from(sorted(written)))
    kind, value = written[url]
    return Form(kind, value, "", "", url)


@st.composite
def names(draw: st.DrawFn) -> Form:
    """Mails, releases, vulnerabilities and reports by their names."""
    message_id = draw(LOCALS) + "@mail.example.org"
    minor, patch = draw(st.integers(0, 19)), draw(st.integers(1, 200))
    release = draw(
        st.sampled_from([f"5.{minor}-rc{patch % 9 + 1}", f"4.{minor}.y", f"2.6.{minor}"])
    )
    day = f"next-20{draw(st.integers(10, 29))}0901"
    report = draw(HASHES)[:20]
    cve = f"CVE-2020-{draw(st.integers(1000, 9_999_999))}"
    made = f"2020090112{draw(st.integers(1000, 9999))}.12345-1-ann@example.org"
    return draw(
        st.sampled_from(
            [
                Form("message", message_id, "", "Message-ID: <", message_id, ">"),
                Form("message", message_id, "", "Message-Id:\n <", message_id, ">"),
                Form("message", message_id, "", "\n[1] <", message_id, ">"),
                Form("message", message_id, "", "id:", message_id),
                Form("message", made, "", "b4 am ", made),
                Form("message", made, "", "<", made, ">"),
                Form("message", made, "", "", f"lore.kernel.org/linux-mm/{made}/"),
                Form("release", release, "", "", release),
                Form("release", release, "", "v", release),
                Form("release", f"6.{minor}", "", "v", f"6.{minor}", "+"),
                Form("release", day, "", "", day),
                Form("cve", cve, "", "", cve),
                Form("syzbot", report, "", "", f"syzbot+{report}@syzkaller.appspotmail.com"),
            ]
        )
    )


FORMS = named_commits() | links() | names()
JOINTS = st.sampled_from(
    [
        *[(" ", " "), ("\n", "\n"), (" (", ") "), (' "', '" '), ("\n\n", "\n\n"), (" ", ".\n")],
        *[(" ", ", "), (" [", "] "), ("\n    ", "\n"), (" *", "* "), (" ", "? "), (" ", "; ")],
    ]
)


@given(FORMS, JOINTS, st.sampled_from(WORDS), st.sampled_from(WORDS))
def test_a_form_is_found_wherever_it_stands(form, joint, before, after):
    opened, closed = joint
    if form.whole_line or form.lead.startswith("\n") or form.tail:
        closed = "\n"
    if form.lead[:1] in {"\n", "["} or form.lead.startswith(("#", "HEAD")):
        opened = "\n"
    if form.title and not form.lead and form.passage.endswith(("'", '"')):
        opened, closed = " ", closed if closed in {" ", "\n", ".\n", ", "} else " "
    ahead = f"{before}{opened}{form.lead}"
    text = f"{ahead}{form.passage}{form.tail}{closed}{after}\n"
    found = [c for c in found_in(text) if not ("-g" in form.lead and c.kind == "release")]
    expected = Citation(
        form.kind, form.value, form.title, len(ahead), len(ahead) + len(form.passage)
    )
    assert found == [expected], text


@given(FORMS, FORMS)
def test_two_citations_of_the_same_thing_are_two(one, other):
    text = f"{one.lead}{one.passage}{one.tail}\n\nand then\n\n{other.lead}{other.passage}{other.tail}\n"
    found = [(c.kind, c.value) for c in found_in(text)]
    expected = [(one.kind, one.value), (other.kind, other.value)]
    assert [pair for pair in found if pair in expected] == expected


IDS = st.text("0123456789abcdef.-_+~$=!*|'/%", min_size=1, max_size=60)


@given(
    IDS, st.sampled_from(["Message-ID: <{}@h.org>", "<{}@h.org>", "id:{}@h.org", "a {}@h.org b"])
)
def test_no_hash_inside_a_message_id_is_a_commit(local, around):
    assert [c for c in found_in(around.format(local) + "\n") if c.kind == "commit"] == []


@given(
    st.text("0123456789abcdef.-_+~$=!*'/%,;:()@&?#", min_size=1, max_size=60),
    st.sampled_from(
        ["https://example.org/{}", "(http://www.example.org/x/{})", "<https://a.org/{}>"]
    ),
)
def test_no_hash_inside_a_url_is_a_second_citation(path, around):
    found = found_in(around.format(path) + "\n")
    assert len(found) == 1


@given(HASHES, HASHES)
def test_both_ends_of_a_range_are_cited(first, second):
    for dots in ("..", "..."):
        text = f"git log {first[:8]}{dots}{second[:8]}\n"
        assert [c.value for c in found_in(text)] == [first[:8], second[:8]]
        text = f"See {first[:12]}{dots}{second[:12]} there\n"
        assert [(c.value, text[c.start : c.stop]) for c in found_in(text)] == [
            (first[:12], first[:12]),
            (second[:12], second[:12]),
        ]
        assert found_in(f"index {first[:12]}..{second[:12]} 100644\n") == []


@given(HASHES, TITLES)
def test_a_release_with_its_date_and_commit(sha, title):
    text = f'\n2.6.13 21jun05 {sha[:12]} ("{title}")\n'
    assert [(c.kind, c.value, c.title) for c in found_in(text)] == [
        ("release", "2.6.13", ""),
        ("commit", sha[:12], title),
    ]


@given(HASHES, TITLES)
def test_a_trailer_and_the_citation_in_it_have_their_own_spans(sha, title):
    text = f'It leaks.\n\nFixes: {sha[:12]} ("{title}")\nLink: https://lore.kernel.org/r/1@example.org\n'
    blocks = [Block("reply", 0, 0, 11), Block("trailers", 0, 11, len(text))]
    fixes, link = citations(text, blocks)
    first, second = trailers(text, blocks)
    assert (first.name, second.name) == ("Fixes", "Link")
    assert text[fixes.start : fixes.stop] == first.value == f'{sha[:12]} ("{title}")'
    assert text[link.start : link.stop] == second.value
    assert first.start < fixes.start < fixes.stop == first.stop


@pytest.mark.parametrize(
    ("text", "value", "title"),
    [
        ("(as of 7a7072574).", "7a7072574", ""),
        ("a backport of\n44a23b2818.", "44a23b2818", ""),
        ("and that one (a5d6264b638) too", "a5d6264b638", ""),
        ("as with pre-707947247e95 did", "707947247e95", ""),
        ("git log --grep=36e2c7421f02", "36e2c7421f02", ""),
        ("git show 09854ba94c6a:mm/memory.c", "09854ba94c6a", ""),
        ("at 3acd48507dc43eeeb:Looks like", "3acd48507dc43eeeb", ""),
        ("Cc: stable@vger.kernel.org # 3.3.x: a1f84a3: sched: x", "a1f84a3", ""),
        ("1a2b3c4 mm/ksm: a title of it", "1a2b3c4", "mm/ksm: a title of it"),
        ("commit:         9f2c8c91 btrfs: a title..", "9f2c8c91", "btrfs: a title.."),
        ("17839856fd58^..", "17839856fd58", ""),
        ('ba9d484ed3 (""PCI: a title")', "ba9d484ed3", "PCI: a title"),
        ('8c5421c016a4 ("perf: one\n  Fixes: it ("x")', "8c5421c016a4", "perf: one"),
        ("David\n\n31143d5d515ece617ffccb7df5ff75e4d1dfa120 [1]", "31143d5d515ece617ffccb7df5ff75e4d1dfa120", ""),
        ('09854ba94c6a ("see https://example.org/a for it")', "09854ba94c6a", "see https://example.org/a for it"),
    ],
)  # fmt: skip
def test_commits_in_passing(text, value, title):
    [(found, found_title)] = [
        (c.value, c.title) for c in found_in(f"{text}\n") if c.kind == "commit"
    ]
    assert (found, found_title) == (value, title)


@pytest.mark.parametrize(
    "text",
    [
        "$ git show | git patch-id\n57cb8d951fd1006d885f6bc7083283d3bc6040c1",
        "table entries: 1048576 (order: 11, 8388608 bytes, linear)",
        "patch-id c052719edde5b0c648b2e4629a7fbd72fd948652",
        "6.5.0-rc1-00527-g2dfe76d58d3a #5615",
        "5.16.0-a6_X1000-12267-gdebe436e77c7-dirty",
        "0x985ba94c6 there",
        "Hash=89f74abff4de682ee0bea8ee6dd53134",
        "[   12.345678] x: 09854ba94c6a",
        "[\u00a0\u00a0\u00a0 1.234567] Made up: key 'y: 0123456789abcdef01'",
    ],
)
def test_what_only_looks_like_a_commit(text):
    found = [c for c in found_in(f"Look:\n{text}\n") if c.kind == "commit"]
    assert found == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("like this as a message id:\n\nI3268f9036512@example.org", "I3268f9036512@example.org"),
        ("from him is \"20190827223716.GA31605@bogus\").", "20190827223716.GA31605@bogus"),
        ("In-Reply-To: <a.b@example.org>", "a.b@example.org"),
        ("git send-email --in-reply-to=a.b@example.org", "a.b@example.org"),
        (
            "got <CAHk-=wwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwww+w@mail.example.org> again",
            "CAHk-=wwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwww+w@mail.example.org",
        ),
        ("https:// lore.kernel.org/stable/a.b@example.org/raw", "a.b@example.org"),
        ("0cfd9f02-dea7-90e2-e932-c8129b6013c7@example.org", "0cfd9f02-dea7-90e2-e932-c8129b6013c7@example.org"),
    ],
)  # fmt: skip
def test_mails_without_a_label_or_a_scheme(text, value):
    assert [(c.kind, c.value) for c in found_in(f"{text}\n")] == [("message", value)]


@pytest.mark.parametrize(
    "text",
    [
        "write to ann.li+kernel@example.org or 1234567890@example.org",
        "Content-ID: <20592.1022586929.4@example.org>",
        "OF: /pxp@0,e0000000/serial@1d",
        "see example.org/all/20250909142722.1-1-ann@example.org/",
    ],
)
def test_addresses_and_paths_are_no_mails(text):
    assert found_in(f"{text}\n") == []


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("broken in 5.16, 5.17, and 5.18.", ["5.16", "5.17", "5.18"]),
        ("When I use 5.10.7 with it", ["5.10.7"]),
        ("in the 3.17 release, the new 5.13 kernel", ["3.17", "5.13"]),
        ("It broke.  5.10 has it, too", ["5.10"]),
        ("As it is almost 5.9-final now", ["5.9"]),
        ("so 4.8+ is safe", ["4.8"]),
        ("mkfs.btrfs v6.1 and gcc v5.4", []),
        ("[    3.1] PPP generic driver version 2.4.2", []),
        ("from 5.4 to 5.9 seconds", ["5.4"]),
        ("3.2 of them are here", []),
        ("v5.9-rc4~18^2~3", ["5.9-rc4"]),
        (
            "these hang:\n\n\t5.11.22\n\t5.12.19 (months)\n\t6.4.0 + patches",
            ["5.11.22", "5.12.19", "6.4.0"],
        ),
        ("where it is broken: 5.16, 5.17, and 5.18", ["5.16", "5.17", "5.18"]),
        ("I think that 5.4 really has no bug", ["5.4"]),
        ("from at least\n5.6 through 5.18", ["5.6", "5.18"]),
        ("my system (6.6.3 with it) and PageAnonExclusive (< 5.19)", ["6.6.3", "5.19"]),
        ("Linux version 4.18.0 (ann@example.org) (gcc version 8.4.0", ["4.18.0"]),
        ("bluez: Version 5.70, firmware version 3.2", []),
        ("the answer is 3.2, of course", []),
    ],
)
def test_releases_by_their_words(text, values):
    assert [c.value for c in found_in(f"{text}\n") if c.kind == "release"] == values


@given(HASHES)
def test_sentences_of_backports_and_reverts_are_trailers(sha):
    written = {
        f"commit {sha} upstream.": "Upstream-commit",
        f"[ commit {sha} upstream ]": "Upstream-commit",
        f"[ Upstream commit {sha} ]": "Upstream-commit",
        f"Upstream commit {sha}.": "Upstream-commit",
        f"(cherry picked from commit {sha})": "Cherry-picked-from",
        f"(backported from commit {sha})": "Cherry-picked-from",
        f"This reverts commit {sha}.": "Reverts",
    }
    for sentence, name in written.items():
        for around in ("{}\n", "So.\n\n{}\n\nIt leaks.\n"):
            text = around.format(sentence)
            [trailer] = trailers(text, [Block("reply", 0, 0, len(text))])
            assert (trailer.name, trailer.value) == (name, sha)
            assert sha in text[trailer.start : trailer.stop]
            [cited] = found_in(text)
            assert trailer.start < cited.start < cited.stop <= trailer.stop
