"""Features of grammar, and that nothing needs them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from types import SimpleNamespace
from typing import cast

import pytest

from tests.eval.arguments import parsed, report
from tests.eval.arguments.examples import examples
from tests.eval.arguments.test_relation_scores import labelled
from tests.eval.arguments.test_report import crossing
from threadkit.analyze.arguments.parse import Parse, Pipeline

DENIES = Parse("leaks", "VBZ", "third", "", True, False, True)


def test_features_name_the_main_word_its_subject_and_what_it_denies() -> None:
    found = list(parsed.names(DENIES))
    assert "p:third:leaks" in found
    assert "p:negated" in found
    assert "p:attributed" in found
    assert "p:imperative" not in found
    assert len(found) == len(set(found))


def test_sentences_get_the_features_of_their_own_parse(monkeypatch: pytest.MonkeyPatch) -> None:
    def parses(texts: Sequence[str], full: Pipeline) -> Iterator[Parse]:
        return (Parse(text.split()[0].lower(), "", "", "", False, False, False) for text in texts)

    monkeypatch.setattr(parsed, "parses", parses)
    gold = [labelled().gold]
    some = examples(gold)
    more = parsed.with_parses(some, gold, cast("Pipeline", SimpleNamespace()))
    roots = [next(name for name in row if name.startswith("p:root:")) for row in more.rows]
    assert roots == ["p:root:no,", "p:root:i"]
    assert all(old.items() <= new.items() for old, new in zip(some.rows, more.rows, strict=True))
    assert not any(name.startswith("p:root:") for row in some.rows for name in row)


def test_without_a_pipeline_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report, "pipeline", lambda: None)
    assert list(report.grammar(crossing())) == [
        "no full English pipeline is installed here: labels do without"
    ]
