"""What must not change when a mail is written, carried, quoted or answered another way."""

from __future__ import annotations

import base64
import itertools
import re

from hypothesis import given
from hypothesis import strategies as st

from threadkit.mail.addresses import addresses
from threadkit.mail.block import Block
from threadkit.mail.body import blocks, content_spans
from threadkit.mail.citations import citations
from threadkit.mail.dates import moment
from threadkit.mail.message import Message, parse
from threadkit.mail.patch import parse_patch
from threadkit.mail.subject import parse_subject
from threadkit.mail.trailers import trailers

HEAD = {
    "Received": "from a.example.org by b.example.org; Wed, 2 Sep 2020 10:00:05 +0200",
    "From": '"Doe, Jane" <jane@example.org>',
    "To": "=?utf-8?q?J=C3=BCrgen?= <j@example.org>, list@example.org (the list)",
    "Cc": "Roe <r@example.org>, team: a@example.org, b@example.org;",
    "Subject": "Re: [PATCH v2 1/3] mm: =?utf-8?q?caf=C3=A9?= stays open",
    "Date": "Wed, 2 Sep 2020 09:59:57 +0200",
    "Message-ID": "<2@example.org>",
    "In-Reply-To": "<1@example.org>",
    "References": "<0@example.org> <1@example.org>",
    "List-Id": "Linux MM <linux-mm.example.org>",
    "Content-Type": 'text/plain; charset="utf-8"; format=fixed',
}
BODY = "Hello,\n\n> why?\n\nso.\n"


def written(head: dict[str, str], body: str = BODY, end: str = "\n") -> bytes:
    lines = [f"{name}: {value}" for name, value in head.items()]
    return "\n".join([*lines, "", body]).replace("\n", end).encode()


WHOLE = parse(written(HEAD))


def test_the_mail_that_the_others_are_compared_with_is_without_defects() -> None:
    assert WHOLE.defects == ()
    assert [len(people) for people in (WHOLE.from_, WHOLE.to, WHOLE.cc)] == [1, 2, 3]
    assert WHOLE.subject == "Re: [PATCH v2 1/3] mm: café stays open"


@given(st.data())
def test_headers_may_be_folded_at_any_blank(data: st.DataObject) -> None:
    folded = {
        name: "".join(
            data.draw(st.sampled_from([" ", "\n ", "\n\t", "\n  "])) if char == " " else char
            for char in value
        )
        for name, value in HEAD.items()
    }
    assert parse(written(folded)) == WHOLE


@given(st.permutations(list(HEAD)), st.lists(st.integers(0, 10), max_size=4))
def test_the_order_of_headers_and_headers_of_others_do_not_matter(
    names: list[str], strangers: list[int]
) -> None:
    head = {name: HEAD[name] for name in names}
    for number in strangers:
        head[f"X-Stranger-{number}"] = "Subject: <9@example.org>\n\tFrom: nobody"
    assert parse(written(head)) == WHOLE


LINES = st.lists(
    st.sampled_from(["", " ", "> a", "From x", "-- ", ".", "é\u2028", "\tb", "=20", "--b--"]),
    max_size=8,
)


@given(LINES, st.sampled_from(["8bit", "base64"]))
def test_line_ends_of_the_way_are_not_the_mail(lines: list[str], encoding: str) -> None:
    body = "\n".join(lines)

    def carried(end: str) -> Message:
        data = body.replace("\n", end)
        if encoding == "base64":
            data = base64.encodebytes(data.encode()).decode().rstrip()
        return parse(written(HEAD | {"Content-Transfer-Encoding": encoding}, data, end))

    assert carried("\r\n") == carried("\n")
    assert carried("\n").body == body


@given(LINES, st.lists(st.sampled_from(["image/png", "application/pdf"]), max_size=3))
def test_attachments_leave_the_text_as_it_is(lines: list[str], kinds: list[str]) -> None:
    body = "\n".join(lines)
    parts = [f"Content-Type: text/plain; charset=utf-8\n\n{body}"]
    parts += [f"Content-Type: {kind}; name=x\n\nxyz" for kind in kinds]
    text = "".join(f"--limit-0\n{part}\n" for part in parts) + "--limit-0--\n"
    mail = parse(written(HEAD | {"Content-Type": "multipart/mixed; boundary=limit-0"}, text))
    assert mail.body == body
    assert [(a.content_type, a.size_bytes) for a in mail.attachments] == [(k, 3) for k in kinds]


NAMES = st.sampled_from(["Ann Li", '"Li, Ann"', "Å B", "", "A (B) C", "'x'", "=?utf-8?q?=C3=A9?="])
PEOPLE = st.lists(
    st.builds(
        lambda name, local: f"{name} <{local}@example.org>", NAMES, st.text("abc.+-", min_size=1)
    ),
    min_size=1,
    max_size=4,
)


@given(PEOPLE, PEOPLE)
def test_a_list_of_people_is_the_people_one_by_one(some: list[str], more: list[str]) -> None:
    def read(people: list[str]) -> tuple[object, ...]:
        return addresses(", ".join(people).encode().decode("latin-1"), "to", [])

    together = read([*some, *more])
    assert together == read(some) + read(more)
    assert len(together) == len(some) + len(more)


@given(st.integers(-12 * 60, 14 * 60))
def test_a_moment_is_the_same_in_every_zone(offset: int) -> None:
    minutes = 20 * 60 + 30 + offset
    day, clock = 10 + minutes // 1440, f"{minutes % 1440 // 60:02}:{minutes % 60:02}:07"
    zone = f"{'-' if offset < 0 else '+'}{abs(offset) // 60:02}{abs(offset) % 60:02}"
    for text in (
        f"Thu, {day} Sep 2020 {clock} {zone}",
        f"{day} Sep 2020 {clock} {zone} (somewhere)",
        f"Thu Sep {day} {clock} {zone} 2020",
        f"2020-09-{day}T{clock}{zone[:3]}:{zone[3:]}",
    ):
        found = moment(text)
        assert found is not None
        assert (found.utc, found.offset_min or 0) == ("2020-09-10T20:30:07Z", offset)


SUBJECTS = st.sampled_from(["mm: x", "[PATCH v2 1/3] mm: x", "[RFC] y", "a [b] c", "Résumé: z"])
MARKS = st.lists(st.sampled_from(["Re: ", "RE: ", "AW: ", "Fwd: ", "[linux-mm] ", "Sv: "]))


@given(SUBJECTS, MARKS, st.sampled_from([" ", "  ", "\n\t"]))
def test_answers_forwards_lists_case_and_blanks_leave_the_key(
    subject: str, marks: list[str], blank: str
) -> None:
    key = parse_subject(subject).key
    again = parse_subject("".join(marks) + subject.replace(" ", blank))
    assert again.key == key
    assert parse_subject(subject.upper()).key == key
    assert parse_subject(f"{subject} again").key != key
    assert again.revision == parse_subject(subject).revision


# Paragraphs that are whole in themselves: their blocks do not depend on what stands around.
PARAGRAPHS = st.lists(
    st.sampled_from(
        [
            "So be it.\n\n",
            "> Why is that?\n> Tell me.\n\n",
            ">> Is it so?\n> It is.\n\n",
            "On Tue, 1 Sep 2020 at 10:20, Ada Example <ada@example.org> wrote:\n> Why?\n\n",
            "> On Mon, 31 Aug 2020, Bob Example wrote:\n>> Is it?\n> No.\n\n",
            "Acked-by: Ada Example <ada@example.org>\n\n",
            "[...]\n\n",
            "-- >8 --\n\n",
            " a.c | 2 +-\n 1 file changed, 1 insertion(+), 1 deletion(-)\n\n",
            "diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-old\n+new\n\n",
            "See commit 09854ba94c6a and v5.9, https://example.org/a.\n\n",
        ]
    ),
    min_size=1,
    max_size=8,
)


def shapes(text: str) -> list[tuple[str, int, bool, str]]:
    return [(b.kind, b.depth, b.certain, text[b.start : b.stop]) for b in blocks(text)]


def joined(parts: list[tuple[str, int, bool, str]]) -> list[tuple[str, int, bool, str]]:
    """Join neighbours that are alike."""
    groups = itertools.groupby(parts, key=lambda part: part[:3])
    return [(*key, "".join(part[3] for part in group)) for key, group in groups]


@given(PARAGRAPHS)
def test_blocks_of_paragraphs_are_the_blocks_of_each(paragraphs: list[str]) -> None:
    expected = joined([shape for paragraph in paragraphs for shape in shapes(paragraph)])
    assert shapes("".join(paragraphs)) == expected


FOOTER = (
    '-- \nTo unsubscribe from this list: send the line "unsubscribe linux-mm" in\n'
    "the body of a message to majordomo@example.org\n"
)


@given(PARAGRAPHS)
def test_a_list_adds_its_footer_and_nothing_else_changes(paragraphs: list[str]) -> None:
    text = "".join(paragraphs) + "Ann\n"
    assert shapes(text + FOOTER) == [*shapes(text), ("footer", 0, True, FOOTER)]


@given(PARAGRAPHS)
def test_quoting_once_more_raises_every_depth_by_one(paragraphs: list[str]) -> None:
    """Own words of any kind become a quote; attributions inside quotes stay attributions."""
    text = "".join(paragraphs)
    quoted = "".join(f"> {line}\n" for line in text.splitlines())
    expected = [
        (kind if kind == "attribution" else "quote", depth + 1)
        for kind, depth, _, _ in shapes(text)
    ]
    assert [(b.kind, b.depth) for b in blocks(quoted)] == [
        k for k, _ in itertools.groupby(expected)
    ]


@given(PARAGRAPHS)
def test_the_content_of_a_quoted_body_is_the_body(paragraphs: list[str]) -> None:
    text = "".join(part for part in paragraphs if "wrote:" not in part and ">" not in part[:2])
    quoted = "".join(f"> {line}\n" for line in text.splitlines())
    spans = [span for block in blocks(quoted) for span in content_spans(quoted, block)]
    assert "".join(quoted[start:stop] + "\n" for start, stop in spans) == text


@given(PARAGRAPHS, st.integers(1, 5))
def test_what_is_found_moves_with_the_text(paragraphs: list[str], count: int) -> None:
    text, before = "".join(paragraphs), "Well then.\n\n" * count
    own, moved = blocks(text), blocks(before + text)
    by = len(before)
    for find in (trailers, citations):
        assert [(f.value, f.start + by, f.stop + by) for f in find(text, own)] == [
            (f.value, f.start, f.stop) for f in find(before + text, moved)
        ]
    patch, after = parse_patch(text, own), parse_patch(before + text, moved)
    assert (patch and (patch.files, patch.patch_id)) == (after and (after.files, after.patch_id))


@given(PARAGRAPHS)
def test_quoted_words_are_not_said_again(paragraphs: list[str]) -> None:
    text = "".join(paragraphs)
    quoted = "".join(f"> {line}\n" for line in text.splitlines()) + "\nNo.\n"
    assert citations(quoted, blocks(quoted)) == trailers(quoted, blocks(quoted)) == []
    assert parse_patch(quoted, blocks(quoted)) is None


HUNKS = st.lists(
    st.tuples(st.sampled_from("+- "), st.sampled_from(["a", "b c", "\tx", "", "-- ", "@@"])),
    min_size=1,
    max_size=9,
)


def diff_of(hunk: list[tuple[str, str]], first: int = 1, tail: str = "") -> str:
    old = sum(mark != "+" for mark, _ in hunk)
    new = sum(mark != "-" for mark, _ in hunk)
    lines = "".join(f"{mark}{text}{tail}\n" for mark, text in hunk)
    ranges = f"@@ -{first},{old} +{first},{new} @@"
    return f"diff --git a/f b/f\nindex 1..2 100644\n--- a/f\n+++ b/f\n{ranges}\n{lines}"


@given(HUNKS, st.integers(2, 9999), st.sampled_from(["", " ", "\t "]))
def test_a_patch_has_the_same_id_further_down_and_with_other_blanks(
    hunk: list[tuple[str, str]], first: int, tail: str
) -> None:
    def patch_of(diff: str) -> tuple[str | None, int, int]:
        patch = parse_patch(diff, [Block("diff", 0, 0, len(diff))])
        assert patch is not None
        return patch.patch_id, patch.additions, patch.deletions

    plain = patch_of(diff_of(hunk))
    assert patch_of(diff_of(hunk, first, tail)) == plain
    assert patch_of(re.sub(r"index \S+ \d+\n", "", diff_of(hunk))) == plain
    assert patch_of(diff_of([*hunk, ("+", "more")])) != plain
    assert plain[1:] == (sum(m == "+" for m, _ in hunk), sum(m == "-" for m, _ in hunk))


@given(st.lists(st.sampled_from(["a@x", "b@x", "c@x", "d@x"]), min_size=1, unique=True), st.data())
def test_references_are_read_alike_however_they_are_spread(
    ids: list[str], data: st.DataObject
) -> None:
    cut = data.draw(st.integers(0, len(ids)))
    rows = [" ".join(f"<{one}>" for one in part) for part in (ids[:cut], ids[cut:])]
    head = "".join(f"References: {row}\n" for row in rows)
    one = parse(f"References: {' '.join(rows)}\n\n".encode())
    assert parse(f"{head}\n".encode()).references == one.references == tuple(ids)
    noisy = " and ".join(f"<{one}> (said {n})" for n, one in enumerate(ids))
    assert parse(f"References: {noisy}\n\n".encode()).references == tuple(ids)
