"""The model card of unit labels, written from what training measured."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

LIMITS = (
    "All labels, those to train on and those to measure by, were read by language models of one "
    "kind; no person has checked.",
    "Two thirds of the units are of Linux kernel mail, the rest of other developers' lists: other "
    "talk is read worse. English only.",
    "Where a plain technical statement is a claim, the ground for one, or background is a matter "
    "of taste; most errors are there.",
    "Irony is not understood: its markers are shown, and the label is of the plain sense.",
    "A score of 0.5 or more is a finding, a lower one a candidate: nothing below it should be put "
    "in anybody's mouth.",
)


def card_text(card: Mapping[str, Any]) -> str:
    """Write the card."""
    return "\n".join(_lines(card)) + "\n"


def _lines(card: Mapping[str, Any]) -> Iterator[str]:
    yield "# Labels of units and kinds of claims"
    yield ""
    yield "Softmax regression over hashed features (`learner.py`): the files hold hashes and weights,"
    yield "no words. `make model` trains it anew from the same data to the same weights."
    yield ""
    yield f"- Training data: {card['units']:,} units of {card['mails']:,} mails of {card['threads']}"
    yield f"  threads; hash of places and labels `{card['data']}`."
    yield f"- Features: version {card['features']} (`features.py`, `cues.py`, `skeleton.py`)."
    yield f"- Kinds of claims: accuracy {card['scores']['kinds of claims']['accuracy']:.2f} of five"
    yield f"  kinds, over {card['scores']['kinds of claims']['units']:,} claims."
    for name in ("doubly labelled", "ours"):
        yield ""
        yield from _table(name, card["scores"][name], card["thresholds"])
    yield ""
    yield "## Limits"
    yield ""
    yield from (f"- {limit}" for limit in LIMITS)


def _table(name: str, scores: Mapping[str, Any], limits: Mapping[str, float]) -> Iterator[str]:
    low, high = scores["macro-F1, 95 %"]
    yield f"## Scores on units {'of two annotators' if name == 'doubly labelled' else 'of ours'}"
    yield ""
    yield "By cross-validation over threads, rules included; a unit whose readers differ is right with"
    yield f"either. {scores['units']:,} units: macro-F1 {scores['macro-F1']:.2f} ({low:.2f} to {high:.2f},"
    yield f"95 %, drawn over mails), accuracy {scores['accuracy']:.2f}."
    yield ""
    yield "| label | units | precision | recall | F1 | threshold | precision and recall from it on |"
    yield "| --- | --- | --- | --- | --- | --- | --- |"
    for label, one in scores["classes"].items():
        sure = scores["from the threshold on"].get(label)
        both = f"{sure['precision']:.2f}, {sure['recall']:.2f}" if sure else ""
        yield (
            f"| {label} | {one['units']} | {one['precision']:.2f} | {one['recall']:.2f} | "
            f"{one['f1']:.2f} | {limits[label]:.2f} | {both} |"
        )
