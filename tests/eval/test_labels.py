"""Labels are well formed, hold no text, and fit the mail they are of."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from tests.eval.author import BadLine, label_of, place
from tests.eval.corpus import elsewhere, mails
from tests.eval.labels import LABELS, Label, loose_digest, make, mismatches, read_labels, read_mails
from tests.eval.sample import labelled, stratified

FILES = ("citations", "citations-second", "regressions", "regressions-second", "elsewhere")
KINDS = {
    "citations": {"commit", "message", "bug", "cve", "release", "syzbot", "url"},
    "regressions": {"report", "culprit", "fix", "thread"},
}
VALUES = {"report": {"yes", "no", "second", "again"},
          "thread": {"open", "to_be_fixed", "fixed", "resolved", "inconclusive"}}  # fmt: skip
BODY = "> It broke.\nIt  broke\nin 5.9, and it broke again.\n"


@pytest.mark.parametrize("name", FILES)
def test_every_label_is_well_formed(name: str) -> None:
    for label in read_labels(LABELS / f"{name}.jsonl"):
        assert label.kind in KINDS.get(name.removesuffix("-second"), KINDS["regressions"])
        assert label.value in VALUES.get(label.kind, {label.value})
        assert 0 <= label.start <= label.stop
        assert len(label.sha256) == len(label.loose_sha256) == 64
        assert label.labeller


def test_there_are_as_many_as_were_asked_for() -> None:
    cited = [x for x in read_labels(LABELS / "citations.jsonl") if not x.optional]
    assert len(cited) >= 300
    assert len(read_mails(LABELS / "citation_mails.jsonl")) >= 60
    assert sum(row["citations"] == 0 for row in read_mails(LABELS / "citation_mails.jsonl")) >= 20


def test_spans_of_citations_do_not_overlap() -> None:
    before: dict[str, int] = {}
    for label in read_labels(LABELS / "citations.jsonl"):
        assert label.start >= before.get(label.message_id, 0), label
        before[label.message_id] = label.stop


@pytest.mark.parametrize("name", FILES[2:])
def test_every_mail_is_judged_once(name: str) -> None:
    judged = [x.message_id for x in read_labels(LABELS / f"{name}.jsonl") if x.kind == "report"]
    assert len(judged) == len(set(judged))


def test_every_label_fits_its_mail(corpora: Path) -> None:
    found = mails(corpora, elsewhere(corpora)) | mails(corpora)
    bodies = {one: some.mail.body for one, some in found.items()}
    for name in FILES:
        assert mismatches(read_labels(LABELS / f"{name}.jsonl"), bodies) == []


def test_a_label_that_does_not_fit_is_named() -> None:
    label = make("a@example.org", BODY, 12, 21, "report", "yes", "A")
    assert mismatches([label], {"a@example.org": BODY}) == []
    [elsewhere] = mismatches([replace(label, start=11)], {"a@example.org": BODY})
    assert "only its white space or quoting differs" in elsewhere
    [other] = mismatches([replace(label, start=14)], {"a@example.org": BODY})
    assert "other text" in other
    assert mismatches([label], {}) == ["a@example.org: not in the corpora"]


def test_a_label_is_written_and_read_alike(tmp_path: Path) -> None:
    label = make("a@example.org", BODY, 12, 21, "report", "no", "A", doubt=True, accept=("x",))
    path = tmp_path / "labels.jsonl"
    path.write_text(label.line() + "\n", "utf-8")
    assert read_labels(path) == [label]
    assert "optional" not in json.loads(label.line())


def test_the_loose_hash_forgets_quoting_and_white_space() -> None:
    assert loose_digest("It  broke\nin 5.9") == loose_digest("> It broke\n> > in 5.9")
    assert loose_digest("It broke") != loose_digest("It broke.")


@pytest.mark.parametrize(
    ("line", "span", "doubt"),
    [
        ("a@example.org|report|yes|1|It broke", (2, 10), False),
        ("a@example.org | report? | yes | 2 | It broke", (12, 21), True),
        ("a@example.org|report|no||", (0, 0), False),
    ],
)
def test_quoted_words_become_a_span(line: str, span: tuple[int, int], doubt: bool) -> None:
    label = label_of(line, {"a@example.org": BODY}, "B")
    assert (label.start, label.stop) == span
    assert label.doubt is doubt
    assert label.labeller == "B"


@pytest.mark.parametrize(
    "line",
    ["a@example.org|report|yes", "b@example.org|report|no||", "a@example.org|x|y|3|It broke"],
)
def test_a_line_that_cannot_be_a_label_is_refused(line: str) -> None:
    with pytest.raises(BadLine):
        label_of(line, {"a@example.org": BODY}, "B")


def test_words_are_found_across_lines() -> None:
    assert place(BODY, "broke in 5.9") == (16, 28)


def test_a_sample_repeats_and_has_every_folder(corpora: Path) -> None:
    corpus, ids = mails(corpora), labelled("citations")
    drawn = stratified(ids, corpus, 40, seed=1)
    assert drawn == stratified(ids, corpus, 40, seed=1)
    assert drawn != stratified(ids, corpus, 40, seed=2)
    assert 30 <= len(drawn) <= 50
    assert {corpus[one].folder for one in drawn} == {corpus[one].folder for one in ids}


def labels_of(kind: str) -> list[Label]:
    return [x for x in read_labels(LABELS / "regressions.jsonl") if x.kind == kind]


def test_a_report_says_where_it_says_so() -> None:
    for label in labels_of("report"):
        assert bool(label.stop) == (label.value != "no"), label.message_id
