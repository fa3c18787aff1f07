"""Own words are cut into units under the quotation that they answer; quotations never are."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.analyze.arguments.made_mail import cut, made, texts
from threadkit.analyze.arguments.segments import LONGEST_UNIT, MOST_UNITS, Segments, segments
from threadkit.analyze.arguments.shapes import LONGEST_LINE

WROTE = "On Tue, 1 Sep 2020, Bo wrote:\n"


def quoted(body: str, number: int) -> str:
    passage = cut(body).passages[number]
    return body[passage.start : passage.stop]


def test_units_stand_under_the_quotation_above_them() -> None:
    body = f"Hi Bo,\n\n{WROTE}> Is it slow?\nNo. Not at all.\n> And old?\n>> Or new?\nYes.\n"
    found = cut(body)
    assert [(body[u.start : u.stop], u.passage) for u in found.units] == [
        ("Hi Bo,", -1),
        ("No.", 0),
        ("Not at all.", 0),
        ("Yes.", 1),
    ]
    assert [p.depth for p in found.passages] == [1, 2]
    assert quoted(body, 0) == f"{WROTE}> Is it slow?"
    assert quoted(body, 1) == "> And old?\n>> Or new?"


def test_a_tail_below_the_last_words_is_no_passage() -> None:
    body = f"{WROTE}> one\nI agree.\n> two\n> three\n"
    found = cut(body)
    assert len(found.passages) == 1
    assert found.tail is not None
    assert body[found.tail.start : found.tail.stop] == "> two\n> three"
    assert not found.top_posted


def test_a_mail_whose_words_stand_above_all_quotations_is_top_posted() -> None:
    body = f"I do not agree with this.\n\n{WROTE}> one\n> two\n"
    found = cut(body)
    assert found.top_posted
    assert found.passages == ()
    assert [unit.passage for unit in found.units] == [-1]


def test_a_rule_or_white_space_answers_nothing() -> None:
    body = f"{WROTE}> one\n\n------\n\n> two\nYes.\n"
    found = cut(body)
    assert len(found.passages) == 1
    assert quoted(body, 0).endswith("> one\n\n------\n\n> two")


def test_own_code_does_not_end_what_is_answered() -> None:
    body = f"{WROTE}> slow\nTry this:\n\ndiff --git a/x.c b/x.c\n--- a/x.c\n+++ b/x.c\n@@ -1 +1 @@\n-a\n+b\n\nDoes it help?\n"
    found = cut(body)
    assert [body[u.start : u.stop] for u in found.units] == ["Try this:", "Does it help?"]
    assert {unit.passage for unit in found.units} == {0}


def test_a_sentence_broken_off_by_a_quotation_is_two_units_under_two_passages() -> None:
    body = f"{WROTE}> one\nIt takes the lock\n> two\nand never drops it.\n"
    assert [(body[u.start : u.stop], u.passage) for u in cut(body).units] == [
        ("It takes the lock", 0),
        ("and never drops it.", 1),
    ]


@pytest.mark.parametrize(
    ("body", "shapes"),
    [
        ("Hi Bo,\n\nit broke.\n\nThanks,\nAnn\n", ["greeting", "prose", "signoff"]),
        ("Looks good to me.\n\nAcked-by: Ann <ann@example.org>\n", ["prose", "trailer"]),
        ("It prints:\n\n[   12.345678] BUG: bad page\n[   12.345679] x\n", ["heading", "log"]),
        ("Try it with\n\n\tif (x) {\n\t\tfoo(x);\n\t}\n", ["prose", "code"]),
        ("See:\nhttps://example.org/x\nhttps://example.org/y\n", ["heading", "link", "link"]),
        ('These:\n\n 0123456789ab ("mm: one")\n 123456789abc ("mm: two")\n',
         ["heading", "commit", "commit"]),
        ("name     before   after\nread     100      200\nwrite    10       20\n", ["table"]),
        ("commit 0123456789abcdef\nAuthor: Bo\nDate: today\n\n    mm: x\n\n    It was. Bad.\n\nOK?\n",
         ["pasted", "pasted", "pasted", "pasted", "prose"]),
        ("#regzbot introduced: v6.1..v6.2\n#regzbot title: slow\n", ["trailer", "trailer"]),
    ],
)  # fmt: skip
def test_units_have_shapes(body: str, shapes: list[str]) -> None:
    assert [unit.shape for unit in cut(body).units] == shapes


def test_items_of_lists_are_units_of_one_paragraph() -> None:
    body = "Two tests:\n - the first\n   one. It ran.\n - the second\n\n(a) third\n(b) fourth\n"
    found = cut(body)
    assert [(body[u.start : u.stop], u.item, u.paragraph) for u in found.units] == [
        ("Two tests:", False, 0),
        ("- the first\n   one.", True, 0),
        ("It ran.", True, 0),
        ("- the second", True, 0),
        ("(a) third", True, 1),
        ("(b) fourth", True, 1),
    ]


def test_a_dash_in_a_wrapped_sentence_is_no_item() -> None:
    body = "The code here - that is meant to make it fast by sharing pages\n- is in fact slow.\n"
    assert texts(body) == [body.strip()]


def test_a_link_within_a_sentence_belongs_to_it() -> None:
    body = "This was said in\nhttps://example.org/a\nand it is still true.\n"
    assert texts(body) == [body.strip()]


@pytest.mark.parametrize("name", ["Ann", "ann", "- Ann", "-A", "Ann Example", "Annie", "Ann E."])
def test_a_name_below_the_words_is_a_signature(name: str) -> None:
    assert [unit.shape for unit in cut(f"It broke for me.\n\n{name}\n").units][-1] == "signoff"


@pytest.mark.parametrize(
    ("name", "words"),
    [("Will Example", "Will do."), ("Long Sample", "Too long."), ("Grant Likely", "Likely."),
     ("Mark Specimen", "Mark it.")],
)  # fmt: skip
def test_a_sentence_with_the_name_of_its_author_is_no_signature(name: str, words: str) -> None:
    mail = replace(made(f"> Is it so?\n{words}\n\n{name}\n"), from_name=name)
    assert [unit.shape for unit in segments(mail).units] == ["prose", "signoff"]


@pytest.mark.parametrize("word", ["Yes", "Exactly", "Agreed", "Done", "Sure.", "bisected", "+1"])
def test_a_word_of_agreement_is_no_name(word: str) -> None:
    assert cut(f"It broke.\n\n{word}\n").units[-1].shape == "prose"
    assert cut(f"> So?\n{word}\n").units[-1].shape == "prose"


@pytest.mark.parametrize("said", ["I stand corrected.", "Point taken.", "I concede", "Bo agrees."])
def test_a_short_sentence_at_the_end_is_no_signature(said: str) -> None:
    assert cut(f"> Is it slow?\nIt is fast.\n\n{said}\n").units[-1].shape == "prose"


def test_a_commit_that_is_spoken_of_is_no_list_of_commits() -> None:
    body = '0123456789ab ("mm: one") is the bad one. It broke.\n'
    assert [unit.shape for unit in cut(body).units] == ["prose", "prose"]


def test_a_name_between_words_stays_a_word() -> None:
    shapes = [unit.shape for unit in cut("It broke.\n\nBisected\n\nIt works.\n").units]
    assert shapes == ["prose", "prose", "prose"]


@pytest.mark.parametrize(
    "lines",
    [
        "10: foo(&x);\n\tif (x)\n\t\tbar(x, y);",
        "static int foo(struct page *page,\n\t       unsigned long address)\n{\n\treturn 0;\n}",
        "read     100   200\nwrite    10    20",
        "| op   | old | new |\n|------|-----|-----|\n| read | 1   | 2   |",
        "[  1.234567] BUG: bad page\n[  1.234568]  foo+0x12/0x34\n  ...\n[  1.234569] x",
        "$ make\n  CC  x.o\nx.c:1:2: error: no. Such thing",
        "+\tfoo();\n-\tbar();",
        "foo()\n  bar()\n    baz()",
    ],
)  # fmt: skip
def test_what_is_no_prose_is_one_unit(lines: str) -> None:
    found = cut(f"I see this here now:\n\n{lines}\n\nWhat is it?\n")
    assert len(found.units) == 3
    assert found.units[1].shape in ("code", "table", "log")
    assert found.units[2].shape == "prose"


def test_indented_words_are_no_code() -> None:
    body = "- we take the lock,\n  then we look at the page; if it is ours,\n  we drop it.\n"
    assert texts(body) == [body.strip()]


def test_a_reference_and_its_link_are_one_unit() -> None:
    body = "[1] https://example.org/a\n[2]\nhttps://example.org/b\n[3] https://example.org/c\n"
    assert texts(body) == [
        "[1] https://example.org/a",
        "[2]\nhttps://example.org/b",
        "[3] https://example.org/c",
    ]


def test_a_comment_of_code_is_no_list() -> None:
    body = "It says:\n\n * takes the lock of the page, and\n * drops it when done. See below.\n"
    assert texts(body) == [
        "It says:",
        "* takes the lock of the page, and\n * drops it when done.",
        "See below.",
    ]


def test_line_ends_of_windows_do_no_harm() -> None:
    assert texts("It broke. I saw.\r\n\r\n- one\r\n- two\r\n") == [
        "It broke.",
        "I saw.",
        "- one",
        "- two",
    ]


@pytest.mark.parametrize("body", ["", "\n\n", "> all\n> quoted\n", "----\n", "-- \nAnn\n"])
def test_a_mail_without_own_words_has_no_units(body: str) -> None:
    found = cut(body)
    assert found.units == found.passages == ()
    assert found.language == "none"
    assert not found.top_posted
    assert found.note == ""


def test_another_language_is_left_alone_and_said() -> None:
    found = cut(f"{WROTE}> Is it slow?\nDas ist nicht so, wie ich es mir gedacht habe.\n")
    assert (found.language, found.units, found.passages, found.tail) == ("other", (), (), None)
    assert found.note == "not English (nearest: de): left alone"


def test_english_below_a_quotation_in_another_language_is_read() -> None:
    found = cut(f"{WROTE}> Das ist nicht so, wie ich es mir gedacht habe.\nIt is as I said.\n")
    assert found.language == "en"
    assert len(found.units) == 1


def test_a_line_of_a_megabyte_is_left_out_and_said() -> None:
    found = cut(f"It broke for me.\n{'x' * 1_000_000}\nReally.\n")
    assert len(found.units) == 2
    assert found.note == f"1 lines of more than {LONGEST_LINE} characters were not read"


def test_a_long_log_becomes_units_of_bounded_length() -> None:
    body = "[    1.234567] a line of log\n" * 1000
    found = cut(body)
    assert {unit.shape for unit in found.units} == {"log"}
    assert max(unit.stop - unit.start for unit in found.units) <= LONGEST_UNIT
    assert sum(body[u.start : u.stop].count("line") for u in found.units) == 1000
    assert all(body[unit.start : unit.stop].startswith("[") for unit in found.units)


def test_a_list_without_end_is_cut_off_and_said() -> None:
    body = "- a thing to do\n" * 50_000
    found = cut(body)
    assert len(found.units) == MOST_UNITS
    left = len(body) - found.units[-1].stop - 1
    assert found.note == f"{left} characters after {MOST_UNITS} units were not read"


def test_quotations_without_end_are_cut_off() -> None:
    body = "> Is it?\nIt is.\n" * 100_000
    found = cut(body)
    assert len(found.units) == len(found.passages) == MOST_UNITS
    assert found.tail is None
    assert found.note.endswith(f"characters after {MOST_UNITS} units were not read")


LINES = st.sampled_from(
    ("> Is it slow?", ">> deep", "> - item", "", "It broke.", "No. Yes, e.g. v5.9!", "- an item",
     "1. first", "   goes on", "\tfoo(bar);", "[  1.234567] Oops", "https://example.org/x",
     "Acked-by: Bo <bo@example.org>", "On Tue, 1 Sep 2020, Bo wrote:", "Thanks,", "Ann", "[...]",
     "-- ", "---", "commit 0123456789abcdef", "Author: Bo", "a  b  c", "a | b", ">", ":)", "?",
     " * star", "diff --git a/x b/x", "--- a/x", "+++ b/x", "@@ -1 +1 @@", "+x", "#regzbot x",
     "\u0447\u0442\u043e \u044d\u0442\u043e")
)  # fmt: skip
BODIES = st.one_of(
    st.lists(LINES, max_size=30).map("\n".join),
    st.text(max_size=400),
    st.lists(st.one_of(LINES, st.text(max_size=40)), max_size=15).map("\n".join),
)


def check(body: str, found: Segments) -> None:
    own = made(body).own_ranges()
    last = paragraph = -1
    passage = -1
    for unit in found.units:
        assert last <= unit.start < unit.stop <= unit.start + LONGEST_UNIT
        text = body[unit.start : unit.stop]
        assert text == text.strip()
        assert any(low <= unit.start and unit.stop <= high for low, high in own)
        assert unit.passage in (passage, passage + 1)
        assert unit.paragraph in (paragraph, paragraph + 1)
        if unit.passage > passage:
            above = found.passages[unit.passage]
            assert last <= above.start < above.stop <= unit.start
            assert not any(low < above.start < high for low, high in own)
        last, passage, paragraph = unit.stop, unit.passage, unit.paragraph
    assert passage == len(found.passages) - 1
    assert found.tail is None or found.tail.start >= last


@given(BODIES)
@example("\u2026\n\nIt is.\n")
def test_units_are_own_words_in_order_whatever_the_mail(body: str) -> None:
    check(body, cut(body))


@given(st.lists(st.sampled_from(("It is so.", "I doubt that it is.", "Why is it so?")),
                min_size=1, max_size=8), st.integers(1, 3))  # fmt: skip
def test_quoting_a_mail_keeps_its_words_out(said: list[str], depth: int) -> None:
    mark = ">" * depth + " "
    body = "".join(f"{mark}{line}\n\n{line}\n\n" for line in said)
    assert texts(body) == said
    assert len(cut(body).passages) == len(said)
