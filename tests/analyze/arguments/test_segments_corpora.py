"""How well units meet those of the labelled data; floors stand a little below the measure."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from tests.analyze.arguments.made_mail import cut
from threadkit.fetch.files import open_sources
from threadkit.mail.message import parse

NEAR = 3
"""Characters that an end may be off."""


def places(body: str, units: Sequence[dict[str, str]]) -> list[tuple[int, int]]:
    """Where labelled units stand, however the white space between their words was kept."""
    visible = [at for at, letter in enumerate(body) if not letter.isspace()]
    flat = "".join(body[at] for at in visible)
    found = []
    last = 0
    for unit in units:
        text = "".join(unit["text"].split())
        first = flat.index(text, last) if text in flat[last:] else flat.index(text)
        last = first + len(text)
        found.append((visible[first], visible[last - 1] + 1))
    return found


def met(some: Sequence[int], others: Sequence[int]) -> int:
    """How many of some ends are near one of the others, each of which is used once."""
    free = sorted(others)
    count = 0
    for end in sorted(some):
        near = next((other for other in free if abs(other - end) <= NEAR), None)
        if near is not None:
            free.remove(near)
            count += 1
    return count


def bodies(corpora: Path, wanted: set[str]) -> Iterator[tuple[str, str]]:
    boxes = [
        *sorted(corpora.glob("kernel-threads/*/*.mbox")),
        corpora / "cow-thread" / "cow-thread.mbox",
    ]
    for source in open_sources([str(box) for box in boxes]):
        for raw in source:
            mail = parse(raw.data)
            if mail.message_id in wanted:
                wanted.discard(mail.message_id)
                yield mail.message_id, mail.body


def test_units_meet_the_labelled_ones(corpora: Path) -> None:
    path = corpora.parent / "gold" / "units_dev.jsonl"
    if not path.exists():
        pytest.skip("the labelled units are not beside this checkout")
    labelled = {mail["message_id"]: mail for mail in map(json.loads, path.read_text().splitlines())}
    known = cut_here = both = spans = labels = units = 0
    for name, body in bodies(corpora, set(labelled)):
        gold = places(body, [u for u in labelled[name]["units"] if u["type"] == "own"])
        low, high = gold[0][0], gold[-1][1]  # some mails are labelled in part
        ours = [(u.start, u.stop) for u in cut(body).units if u.stop > low and u.start < high]
        for end in (0, 1):
            both += met([span[end] for span in gold], [span[end] for span in ours])
        known += 2 * len(gold)
        cut_here += 2 * len(ours)
        spans += sum(
            any(abs(a - c) <= NEAR and abs(b - d) <= NEAR for c, d in ours) for a, b in gold
        )
        labels, units = labels + len(gold), units + len(ours)
    assert labels > 1300
    assert 2 * both / (known + cut_here) > 0.955
    assert 2 * spans / (labels + units) > 0.925
