"""Mails of one sign without end: no detector may take a square of their length."""

from __future__ import annotations

import pytest

from tests.analyze.regressions.prose_mail import mail
from threadkit.analyze.objections import objections
from threadkit.analyze.regressions.detect import DETECTORS
from threadkit.analyze.regressions.predictions import detect, passage
from threadkit.analyze.regressions.reporting import report_score

LENGTH = 500_000
"""At 100,000 a square takes 6 seconds and more; at this, minutes."""

LINES = 15_000
BEGINNING = "A regression: it worked in 5.8, I bisected it, and this breaks users.\n"


@pytest.mark.parametrize("sign", [" ", "\t", "(", ")", "()", "a", "1", ".", "!", "f(", ": "])
def test_one_sign_without_end(sign: str) -> None:
    long = mail(BEGINNING + sign * (LENGTH // len(sign)), subject="Re: [PATCH] x", parent="p@x")
    for look in (*DETECTORS, objections):
        assert len(list(look(long))) < 20


@pytest.mark.parametrize("line", ["> a", "#regzbot ", "  Field: " + " " * 20, "x {", "", "a\n"])
def test_many_lines(line: str) -> None:
    long = mail(BEGINNING + (line + "\n") * LINES)
    for look in DETECTORS:
        assert len(list(look(long))) <= LINES + 20


def test_many_commits_set_apart() -> None:
    """Each stands alone, so all are one paragraph: nothing may go through it for each."""
    names = "".join(f"{number:012x}\n\n" for number in range(10**11, 10**11 + 5_000))
    assert report_score([], mail("Broken since\n\n" + names)) == 0
    assert not detect(mail("Broken since\n\n" + names))


def test_a_warning_below_each_quote() -> None:
    long = mail("> a\nThis will break users.\n" * 3_000, subject="Re: [PATCH] x", parent="p@x")
    assert {passage(long, one) for one in detect(long)} == {"This will break users.\n"}


def test_a_warning_in_each_sentence_of_a_long_paragraph() -> None:
    long = mail("This will break users. " * 1_500, subject="Re: [PATCH] x", parent="p@x")
    found = detect(long)
    assert len(found) == 1_500
    assert max(len(passage(long, one)) for one in found) < 10_000
