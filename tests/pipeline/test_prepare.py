"""The dictionary that raw mails are compressed with."""

from __future__ import annotations

from itertools import islice

import pytest

from tests.bench.generate import generate
from threadkit.pipeline import prepare
from threadkit.pipeline.prepare import Dictionary, Preparer, Unread, train


def test_of_many_mails_some_from_all_along_are_enough_to_train_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    mails = list(islice(generate(400), 400))
    size = sum(len(mail[:16384]) for mail in mails)
    thinned = train(mails[::3], 4096)
    assert train(mails, 4096) != thinned
    monkeypatch.setattr(prepare, "TRAIN_BYTES", size // 3 + 1)
    assert train(mails, 4096) == thinned


def test_a_dictionary_of_a_few_mails_makes_the_others_smaller() -> None:
    mails = list(generate(400))
    rest = [Unread(mail, "1", "", transcribed=False) for mail in mails[300:]]
    trained = Preparer(Dictionary(7, train(mails[:300])))
    with_it = [trained.prepare(mail) for mail in rest]
    without = [Preparer(None).prepare(mail) for mail in rest]
    assert {row.dictionary for row in with_it} == {7}
    assert sum(len(row.data) for row in with_it) < 0.8 * sum(len(row.data) for row in without)
