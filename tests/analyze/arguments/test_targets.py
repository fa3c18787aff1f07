"""The sentences of a quotation, in their places, without the marks."""

from __future__ import annotations

from hypothesis import given

from tests.analyze.arguments.bodies import bodies
from tests.analyze.arguments.made_mail import cut, made
from threadkit.analyze.arguments.targets import MOST_SENTENCES, Saying, sayings


def said(body: str, passage: int = 0) -> list[Saying]:
    return sayings(made(body), cut(body).passages[passage])


def test_sentences_run_over_quoted_lines() -> None:
    body = "> It is slow. It\n> leaks,\n> too.\nNo.\n"
    assert [one.text for one in said(body)] == ["It is slow.", "It\nleaks,\ntoo."]
    last = said(body)[-1]
    assert body[last.start : last.stop] == "It\n> leaks,\n> too."


def test_words_of_two_depths_are_never_one_sentence() -> None:
    body = "> It is\n>> slow when\n> cold\nNo.\n"
    assert [(one.depth, one.text) for one in said(body)] == [
        (1, "It is"),
        (2, "slow when"),
        (1, "cold"),
    ]


def test_an_attribution_is_no_sentence_of_the_passage() -> None:
    body = "On Tue, 1 Sep 2020, Bo wrote:\n> Is it slow?\nNo, it is not.\n"
    assert [one.text for one in said(body)] == ["Is it slow?"]


def test_quoted_code_is_not_cut_at_its_marks() -> None:
    body = "> +\tif (a.b) {\n> +\t\treturn 1;\n> +\t}\nThis leaks the page.\n"
    assert {one.shape for one in said(body)} == {"code"}
    assert len(said(body)) == 1


def test_only_the_last_sentences_of_a_long_passage_are_kept() -> None:
    lines = "".join(f"> This is number {number}.\n" for number in range(500))
    found = said(f"{lines}I do not think so.\n")
    assert len(found) == MOST_SENTENCES
    assert found[-1].text == "This is number 499."


@given(bodies)
def test_sayings_are_quoted_words_in_order(body: str) -> None:
    mail, found = made(body), cut(body)
    for passage in found.passages:
        before = passage.start
        for one in sayings(mail, passage):
            assert before <= one.start < one.stop <= passage.stop
            before = one.stop
            # Between the words stand line ends and quote marks only.
            rest = iter(mail.body[one.start : one.stop])
            assert all(char in rest for char in one.text)
