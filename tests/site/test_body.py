"""Bodies as HTML: nothing lost, nothing let through, everything in its place."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.site.reading import Read
from threadkit.mail.body import blocks
from threadkit.site.body import Marked, lines
from threadkit.site.links import Link
from threadkit.site.render import plain
from threadkit.site.texts import Block

_TEXT = st.text(
    st.one_of(
        st.sampled_from("ab <>&\"'\n\n>+-@\t"),
        st.characters(),
        st.sampled_from("\u202e\x00\ud800\u200b\x1b\r"),
    ),
    max_size=300,
)


def _blocks(body: str) -> list[Block]:
    return [Block(one.kind, one.depth, one.start, one.stop) for one in blocks(body)]


def _read(body: str, marks: list[Marked], links: list[Link]) -> Read:
    html = "".join(one.html for one in lines(body, _blocks(body), marks, links))
    return Read(f"<pre>{html}</pre>")


@st.composite
def _dressed(draw: st.DrawFn) -> tuple[str, list[Marked], list[Link]]:
    body = draw(_TEXT)
    place = st.integers(0, len(body))
    pairs = [tuple(sorted(draw(st.tuples(place, place)))) for _ in range(draw(st.integers(0, 5)))]
    marks = [
        Marked(a, b, f"claim-{n}", f"../c/{n}.html", draw(_TEXT), draw(st.booleans()))
        for n, (a, b) in enumerate(pairs)
        if a < b
    ]
    cuts = sorted(draw(st.sets(place, max_size=6)))
    links = [
        Link(a, b, draw(_TEXT), draw(_TEXT), draw(st.booleans()))
        for a, b in zip(cuts[::2], cuts[1::2], strict=False)
    ]
    return body, marks, links


@given(_dressed())
def test_the_text_of_the_page_is_that_of_the_mail(
    dressed: tuple[str, list[Marked], list[Link]],
) -> None:
    body, marks, links = dressed
    read = _read(body, marks, links)
    assert read.text("pre") == plain(body)
    count = body.count("\n") + (body[-1:] not in {"", "\n"})
    assert [one for one in read.ids if one[:1] == "L"] == [f"L{n + 1}" for n in range(count)]


@given(_dressed())
def test_marks_hold_what_is_claimed_and_have_one_anchor_each(
    dressed: tuple[str, list[Marked], list[Link]],
) -> None:
    body, marks, links = dressed
    read = _read(body, marks, links)
    covered = sorted({at for one in marks for at in range(one.start, one.stop)})
    assert read.text("mark") == plain("".join(body[at] for at in covered if body[at] != "\n"))
    found = [one for one in read.ids if one.startswith("claim-")]
    assert sorted(found) == sorted(one.key for one in marks)


@given(_dressed())
def test_links_hold_their_words_and_go_before_claims(
    dressed: tuple[str, list[Marked], list[Link]],
) -> None:
    body, _, links = dressed
    read = _read(body, [], links)
    said = "".join(body[one.start : one.stop] for one in links).replace("\n", "")
    assert read.text("a") == plain(said)


def test_overlapping_claims_link_to_the_shorter_one() -> None:
    body = "one two three four\n"
    outer = Marked(0, 18, "claim-1", "c/1.html", "")
    inner = Marked(4, 13, "claim-2", "c/2.html", "", sure=False)
    read = _read(body, [outer, inner], [])
    assert [one["href"] for one in read.links[1:]] == ["c/1.html", "c/2.html", "c/1.html"]
    assert read.text("mark") == body.strip()


def test_claims_that_begin_at_one_place_all_have_their_anchor() -> None:
    marks = [Marked(0, stop, f"claim-{stop}", "c.html", "") for stop in (1, 2, 3)]
    assert set(_read("abcd\n", marks, []).ids) == {"L1", "claim-1", "claim-2", "claim-3"}


def test_a_claim_over_lines_is_marked_on_each() -> None:
    body = "> he says\nthat this\nis so.\n"
    read = _read(body, [Marked(12, 24, "claim-1", "c.html", "")], [])
    assert read.text("mark") == "at thisis s"
    assert read.ids.count("claim-1") == 1


def test_lines_of_patches_and_quotes_are_told_apart() -> None:
    body = (
        "> > > > > > deep\n> once\n\nOwn.\n---\n a.c | 2 +-\n 1 file changed\n\n"
        "diff --git a/a.c b/a.c\n--- a/a.c\n+++ b/a.c\n@@ -1 +1 @@\n-old\n+new\n"
    )
    read = Read("".join(one.html for one in lines(body, _blocks(body))))
    assert read.text(".q5") == "> > > > > > deep\n"
    assert read.text(".q1") == "> once\n\n"
    assert read.text(".at") == "---\n a.c | 2 +-\n 1 file changed\n\n"
    assert read.text(".add") == "+new\n"
    assert read.text(".del") == "-old\n"
    assert read.text(".hunk") == "@@ -1 +1 @@\n"
    assert read.text(".dh") == "diff --git a/a.c b/a.c\n--- a/a.c\n+++ b/a.c\n"


def test_a_line_of_a_megabyte_comes_in_pieces_with_one_number() -> None:
    body = "x" * 1_000_000 + "\nlast"
    found = list(lines(body, [Block("reply", 0, 0, len(body))]))
    assert {one.number for one in found} == {1, 2}
    assert max(len(one.html) for one in found) < 10_000
    read = Read("".join(one.html for one in found))
    assert (read.ids, read.text("span")) == (["L1", "L2"], body)
