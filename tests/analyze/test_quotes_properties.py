"""A passage that was quoted by any of the usual ways is found exactly where it stood."""

from __future__ import annotations

import textwrap
from typing import NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from threadkit.analyze.quotes import Ancestor, resolve
from threadkit.analyze.strand import quoted_text
from threadkit.mail.block import Block

SYLLABLES = ("ka", "lo", "mi", "re", "fa", "su", "ty", "\u00e9", "\u00fc", "\u2019s", "()", "_x")


class Passage(NamedTuple):
    """Some lines of a parent, and where they stand there."""

    parent: str
    start: int
    stop: int

    @property
    def text(self) -> str:
        return self.parent[self.start : self.stop]


@st.composite
def passages(draw: st.DrawFn, least_words: int = 4) -> Passage:
    """Draw a parent whose words are all different, and a run of whole lines of it."""
    counts = draw(st.lists(st.integers(least_words, 12), min_size=2, max_size=10))
    seed = draw(st.randoms(use_true_random=False))
    lines = []
    for number, count in enumerate(counts):
        words = [
            "".join(seed.choices(SYLLABLES, k=seed.randint(1, 3))) + f"{number}w{place}"
            for place in range(count)
        ]
        lines.append(" ".join(words))
    first = draw(st.integers(0, len(lines) - 1))
    last = draw(st.integers(first + 1, len(lines)))
    start = sum(len(line) + 1 for line in lines[:first])
    return Passage("\n".join(lines) + "\n", start, start + len("\n".join(lines[first:last])))


def quoted(text: str, mark: str = "> ") -> str:
    return "".join(f"{mark}{line}\n" for line in text.split("\n"))


def whole(text: str) -> Ancestor:
    return Ancestor(text, [Block("reply", 0, 0, len(text))])


def find(child: str, passage: Passage, depth: int = 1):
    ancestors: list[Ancestor | None] = [None] * (depth - 1) + [whole(passage.parent)]
    blocks = [Block("quote", depth, 0, len(child))]
    return blocks, ancestors, resolve(child, blocks, ancestors)


@given(passages(), st.sampled_from(["> ", "> > ", ">> ", ">>> "]))
def test_plain_quoting_is_verbatim_at_any_depth(passage: Passage, mark: str):
    child = quoted(passage.text, mark)
    (part,) = find(child, passage, mark.count(">"))[2]
    assert (part.method, part.score) == ("verbatim", 1.0)
    assert (part.source_start, part.source_stop) == (passage.start, passage.stop)


@given(passages(), st.integers(20, 90))
def test_rewrapping_keeps_the_range(passage: Passage, width: int):
    wrapped = textwrap.wrap(passage.text, width, break_long_words=False, break_on_hyphens=False)
    (part,) = find(quoted("\n".join(wrapped)), passage)[2]
    assert (part.source_start, part.source_stop) == (passage.start, passage.stop)
    assert part.score == 1


@given(passages(), st.integers(9, 30))
def test_words_broken_by_the_mailer_keep_the_range(passage: Passage, width: int):
    flat = passage.text.replace("\n", " ")
    pieces = [flat[at : at + width] for at in range(0, len(flat), width)]
    (part,) = find(quoted("\n".join(pieces)), passage)[2]
    assert (part.source_start, part.source_stop) == (passage.start, passage.stop)


@given(passages(), st.data())
def test_white_space_keeps_the_range(passage: Passage, data: st.DataObject):
    blank = st.sampled_from([" ", "  ", "\t", "\u00a0"])
    text = "".join(data.draw(blank) if char == " " else char for char in passage.text)
    (part,) = find(quoted(text), passage)[2]
    assert part.method == ("verbatim" if text == passage.text else "white-space")
    assert (part.source_start, part.source_stop) == (passage.start, passage.stop)


@given(passages(least_words=6), st.sampled_from(["?", "", "\ufffd", "\u00c3\u00a9", "=C3=A9"]))
def test_damage_keeps_the_range(passage: Passage, instead: str):
    text = "".join(char if char.isascii() else instead for char in passage.text)
    (part,) = find(quoted(text), passage)[2]
    assert part.method == ("verbatim" if text == passage.text else "damaged")
    assert (part.source_start, part.source_stop) == (passage.start, passage.stop)
    assert part.score == 1


@given(passages(least_words=6), passages(least_words=6))
def test_trimming_gives_a_part_for_each_stretch(one: Passage, other: Passage):
    gap = "\n\nbetween them much was said that nobody quoted\n\n"
    parent = one.parent + gap + other.parent.replace("w", "v")
    child = quoted(one.text + "\n" + other.text.replace("w", "v"))
    found = resolve(child, [Block("quote", 1, 0, len(child))], [whole(parent)])
    base = len(one.parent) + len(gap)
    expected = {one.start, one.stop, base + other.start, base + other.stop}
    edges = {edge for part in found for edge in (part.source_start, part.source_stop)}
    assert None not in edges
    assert expected == edges


@given(passages(), passages())
def test_strangers_are_never_found(one: Passage, other: Passage):
    child = quoted(one.text.replace("w", "zz"))
    assert {part.ancestor for part in find(child, other)[2]} == {None}


lines_of_noise = st.lists(
    st.text(st.sampled_from("ab c>|?\u00e9\t\u2014[].=2E0"), max_size=30), max_size=12
)


@given(lines_of_noise, lines_of_noise, st.integers(1, 3), st.booleans())
def test_promises_hold_for_noise(
    check, child: list[str], parent: list[str], depth: int, certain: bool
):
    body = quoted("\n".join(child), "> " * depth)
    blocks = [Block("quote", depth, 0, len(body), certain)]
    text = "\n".join(parent)
    ancestors = [whole(text), None, whole(text[::-1])]
    check(body, blocks, ancestors, resolve(body, blocks, ancestors))


@given(passages(), st.data())
def test_promises_hold_for_any_mixture_of_two_mails(check, passage: Passage, data: st.DataObject):
    words = passage.parent.split(" ")
    taken = data.draw(st.lists(st.sampled_from([*words, "?", "[...]", "new", "\n"]), max_size=60))
    body = quoted(" ".join(taken))
    blocks, ancestors, found = find(body, passage)
    check(body, blocks, ancestors, found)


@given(passages())
def test_resolving_twice_gives_the_same(passage: Passage):
    child = quoted(passage.text)
    assert find(child, passage)[2] == find(child, passage)[2]


@given(passages(), st.integers(1, 2), st.booleans())
def test_quoting_a_quote_leads_to_the_source_with_or_without_the_mail_between(
    passage: Passage, cut: int, between: bool
):
    """What the grandparent wrote, quoted by the parent, quoted again: two steps make one."""
    first = quoted(passage.text)
    lines = passage.text.split("\n")[:cut]
    own = "and an answer that only the parent has"
    parent = Ancestor(
        first + own + "\n",
        [Block("quote", 1, 0, len(first)), Block("reply", 0, len(first), len(first + own) + 1)],
    )
    child = quoted("\n".join(lines), "> > ") + quoted(own)
    split = len(quoted("\n".join(lines), "> > "))
    blocks = [Block("quote", 2, 0, split), Block("quote", 1, split, len(child))]
    deep, near = resolve(child, blocks, [parent if between else None, whole(passage.parent)])
    assert (deep.ancestor, deep.method, deep.score) == (1, "verbatim", 1.0)
    said = passage.parent[deep.source_start : deep.source_stop]
    assert said == "\n".join(lines)
    if between:
        assert near.ancestor == 0
        assert parent.body[near.source_start : near.source_stop] == own
        (step,) = resolve(first, [Block("quote", 1, 0, len(first))], [whole(passage.parent)])
        assert step.source_start <= deep.source_start <= deep.source_stop <= step.source_stop
    else:
        assert near.ancestor is None


@given(st.integers(1, 400), st.booleans())
def test_a_word_inside_longer_words_is_not_taken_for_a_quote(count: int, after: bool):
    parent = "unsafety " * count + ("\nsafe\n" if after else "")
    (part,) = resolve("> safe\n", [Block("quote", 1, 0, 7)], [whole(parent)])
    if part.ancestor is not None:
        assert after
        assert parent[part.source_start : part.source_stop] == "safe"
    elif after:
        assert count > 15  # a bounded look


@given(
    st.lists(st.text(alphabet="> ax", max_size=8), min_size=1, max_size=6),
    st.integers(1, 3),
)
def test_lines_with_usual_marks_are_cut_like_those_beside_an_unusual_one(
    contents: list[str], depth: int
):
    lines = ["> " * depth + content for content in contents]
    lines += [content for content in contents if content.startswith(">" * depth)]
    body = "\n".join(lines)
    unusual = f"{body}\nwrapped"
    alone = quoted_text(body, [Block("quote", depth, 0, len(body), certain=False)])
    beside = quoted_text(unusual, [Block("quote", depth, 0, len(unusual), certain=False)])
    assert beside.text == f"{alone.text}\nwrapped"
    assert list(beside.origins) == [*alone.origins, len(body) + 1]


def test_an_ancestor_is_searched_from_its_start_for_each_mail_that_quotes_it():
    parent = whole("Fine.\nOne more.\nFine.\n")
    body = "> One more.\n> Fine.\n"
    later = resolve(body, [Block("quote", 1, 0, 12), Block("quote", 1, 12, len(body))], [parent])
    first = resolve("> Fine.\n", [Block("quote", 1, 0, 8)], [parent])
    assert [part.source_start for part in (*later, *first)] == [6, 16, 0]
