"""Quotes find their source: one behaviour a test."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from threadkit.analyze import quotes
from threadkit.analyze.quotes import Ancestor, Resolution, resolve
from threadkit.mail.block import Block
from threadkit.mail.body import blocks

PARENT = """\
Hello all,

I tried the second patch on the small machine, and the counter
never comes back to zero after the child has gone away.

The trace is at https://example.org/traces/2020/long-name-of-a-file-0001.txt
for those who want it.

Does anybody see why the page is kept?

Ann
"""


def mail(body: str) -> Ancestor:
    return Ancestor(body, blocks(body))


def found(body: str, *ancestors: Ancestor | None) -> list[Resolution]:
    return resolve(body, blocks(body), ancestors)


def sources(body: str, *ancestors: Ancestor | None) -> list[str | None]:
    texts: list[str | None] = []
    for part in found(body, *ancestors):
        ancestor = None if part.ancestor is None else ancestors[part.ancestor]
        texts.append(ancestor and ancestor.body[part.source_start : part.source_stop])
    return texts


def methods(body: str, *ancestors: Ancestor | None) -> list[str]:
    return [part.method for part in found(body, *ancestors)]


def test_verbatim_lines_give_the_exact_range_of_the_parent():
    body = "> I tried the second patch on the small machine, and the counter\n\nWhich one?\n"
    (part,) = found(body, mail(PARENT))
    assert part.method == "verbatim"
    assert body[part.start : part.stop] == PARENT[part.source_start : part.source_stop]
    assert (part.ancestor, part.score) == (0, 1.0)


def test_a_rewrapped_paragraph_is_found_across_its_line_breaks():
    body = (
        "> I tried the second patch on the\n> small machine, and the counter never comes\n"
        "> back to zero after the child has gone away.\n\nYes.\n"
    )
    assert methods(body, mail(PARENT)) == ["rewrapped"]
    assert sources(body, mail(PARENT)) == [PARENT[12 : PARENT.index("\n\nThe trace")]]


def test_a_link_broken_by_the_quoting_mailer_is_found():
    body = "> The trace is at https://example.org/traces/2020/long-\n> name-of-a-file-0001.txt\n\nOk.\n"
    assert methods(body, mail(PARENT)) == ["rewrapped"]
    assert sources(body, mail(PARENT))[0].endswith("0001.txt")  # type: ignore[union-attr]


def test_blanks_at_line_ends_and_doubled_blanks_are_white_space():
    body = "> Does anybody  see why the page is kept? \n> \n> Ann\n\nNo.\n"
    assert methods(body, mail(PARENT)) == ["white-space"]


def test_text_trimmed_in_the_middle_has_two_parts():
    body = "> Hello all,\n> Does anybody see why the page is kept?\n\nNo.\n"
    parts = found(body, mail(PARENT))
    assert [part.part for part in parts] == [0, 1]
    assert sources(body, mail(PARENT)) == [
        "Hello all,",
        "Does anybody see why the page is kept?",
    ]


def test_a_mark_of_trimming_is_named_and_not_searched():
    body = "> Hello all,\n> [ ... ]\n> Does anybody see why the page is kept?\n\nNo.\n"
    found_parts = [part for part in found(body, mail(PARENT)) if part.ancestor is not None]
    assert len(found_parts) == 2
    assert set(methods(body, mail(PARENT))) <= {"verbatim", "not-found:snip"}


@pytest.mark.parametrize(
    ("said", "quoted"),
    [
        ("the na\u00efve caf\u00e9 d\u00e9j\u00e0 vu", "the na?ve caf? d?j? vu"),
        ("the na\u00efve caf\u00e9 d\u00e9j\u00e0 vu", "the na\u00c3\u00afve caf\u00c3\u00a9 d\u00c3\u00a9j\u00c3\u00a0 vu"),
        ("it\u2019s \u201cthe right\u201d thing", "it's \"the right\" thing"),
        ("it\u2019s \u201cthe right\u201d thing", "it=E2=80=99s =E2=80=9Cthe right=E2=80=9D thing"),
        ("long ago \u2014 in the old tree", "long ago ? in the old tree"),
        ("if a < b & c then stop it here", "if a &lt; b &amp; c then stop it here"),
    ],
)  # fmt: skip
def test_damaged_characters_do_not_hide_the_source(said: str, quoted: str):
    parent = mail(f"Dear list,\n\nsome words before {said} and some after them\n\nBob\n")
    body = f"> some words before {quoted} and some after them\n\nOk.\n"
    assert methods(body, parent) == ["damaged"]
    assert sources(body, parent) == [f"some words before {said} and some after them"]


def test_a_corrected_word_lowers_the_score_and_keeps_the_range():
    parent = mail("I ask: does anybody here on the list sea why the page is kept?\n")
    body = "> I ask: does anybody here on the list see why the page is kept?\n\nNo.\n"
    (part,) = found(body, parent)
    assert part.method == "edited"
    assert part.score == pytest.approx(13 / 14)
    assert (part.source_start, part.source_stop) == (0, len(parent.body) - 1)


def test_deeper_text_belongs_to_the_ancestor_of_that_depth():
    reply = "> Does anybody see why the page is kept?\n\nThe pin keeps it, I believe.\n"
    body = "> > Does anybody see why the page is kept?\n> The pin keeps it, I believe.\n\nRight.\n"
    parts = found(body, mail(reply), mail(PARENT))
    assert [(part.ancestor, part.method) for part in parts] == [(1, "verbatim"), (0, "verbatim")]


def test_when_the_writer_is_missing_the_quote_in_a_nearer_mail_serves():
    reply = "> Does anybody see why the page is kept?\n\nThe pin keeps it, I believe.\n"
    body = "> > Does anybody see why the page is kept?\n> The pin keeps it, I believe.\n\nRight.\n"
    parts = found(body, mail(reply), None)
    assert [part.method for part in parts] == ["via-quote:verbatim", "verbatim"]
    assert reply[parts[0].source_start : parts[0].source_stop] in reply.split("\n")[0]


def test_a_missing_parent_does_not_hide_a_known_grandparent():
    body = "> > Does anybody see why the page is kept?\n> The pin, I believe.\n\nRight.\n"
    parts = found(body, None, mail(PARENT))
    assert [part.ancestor for part in parts] == [1, None]
    assert parts[1].method == "not-found:no-parent"


def test_words_that_are_nowhere_say_why():
    body = "> These words stand in no mail at all.\n\nIndeed.\n"
    assert methods(body, mail(PARENT)) == ["not-found:no-match"]
    assert methods(body) == ["not-found:no-parent"]
    assert methods(">\n>\n\nIndeed.\n", mail(PARENT)) == ["not-found:blank"]


def test_a_short_quote_prefers_a_line_of_its_own():
    parent = mail("There is no reason, I fear.\n\nno\n\nBob\n")
    (part,) = found("> no\n\nWhy?\n", parent)
    assert part.source_start == parent.body.index("\nno\n") + 1


def test_a_parent_that_only_quotes_says_nothing_of_its_own():
    empty = Ancestor("> It is kept.\n", [Block("quote", 1, 0, 14)])
    assert methods("> Nobody said this.\n\nOh.\n", empty) == ["not-found:no-match"]
    assert methods("> Nobody said this.\n\nOh.\n", Ancestor("", [])) == ["not-found:no-match"]


def test_a_quote_across_two_blocks_of_its_source_is_one_passage():
    text = "It is kept because of the pin,\nsee below.\n"
    parent = Ancestor(text, [Block("reply", 0, 0, 31), Block("trailers", 0, 31, len(text))])
    (part,) = found("> It is kept because of the pin,\n> see below.\n\nI see.\n", parent)
    assert (part.method, part.source_start, part.source_stop) == ("verbatim", 0, len(text) - 1)


def test_a_short_quote_is_no_part_of_a_longer_word():
    assert methods("> now\n\nWhy?\n", mail("I know nowhere.\n")) == ["not-found:no-match"]


def test_repeated_lines_are_taken_in_the_order_of_the_source():
    parent = mail("Acked here.\nfirst\nAcked here.\nsecond\nAcked here.\n")
    body = "> Acked here.\n\none\n\n> Acked here.\n\ntwo\n\n> Acked here.\n\nthree\n"
    starts = [part.source_start for part in found(body, parent)]
    assert starts == [0, 18, 37]


def test_a_quote_does_not_run_across_what_the_parent_quotes():
    parent = mail("The first own line stands here.\n> quoted words\nThe second own line is here.\n")
    body = "> The first own line stands here.\n> The second own line is here.\n\nOk.\n"
    assert sources(body, parent) == [
        "The first own line stands here.",
        "The second own line is here.",
    ]


@pytest.mark.parametrize("mark", ["JD> ", "| "])
def test_guessed_marks_are_taken_off(mark: str):
    line = mark + "I tried the second patch on the small machine, and the counter\n"
    guessed: Sequence[Block] = [Block("quote", 1, 0, len(line), False)]
    (part,) = resolve(line, guessed, [mail(PARENT)])
    assert part.method == "verbatim"
    assert part.start == len(mark)


def test_an_unmarked_quote_is_found():
    text = PARENT[12 : PARENT.index("\n\nThe trace")]
    (part,) = resolve(text, [Block("quote", 1, 0, len(text), False)], [mail(PARENT)])
    assert (part.method, part.source_start) == ("verbatim", 12)


def test_when_the_work_is_used_up_it_is_said(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(quotes, "LIMIT", 10)
    body = "> These words stand in no mail at all.\n\nIndeed.\n\n> Nor do these.\n\nNo.\n"
    assert methods(body, mail(PARENT)) == ["not-found:bounded"] * 2
