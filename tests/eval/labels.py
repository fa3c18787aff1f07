"""Hand labels: stand-off lines of JSON that hold no text, checked against the mail by hashes."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

LABELS = Path(__file__).parents[2] / "data" / "labels"
MANNERS = ("optional", "doubt")
_MARKS = re.compile(r"^[ \t]*(?:[>|][ \t]?)+", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Label:
    """One thing that somebody read in a mail.

    ``start`` and ``stop`` count characters of the decoded body; both are 0 for what is said
    of the whole mail, or in its subject. ``optional`` citations are right if found and right
    if not; what is in ``doubt`` is measured apart. ``accept`` names other kinds that are as
    right as ``kind``. ``culprit`` and ``fix`` are of a ``thread``, as it shows them at its end.
    """

    message_id: str
    start: int
    stop: int
    sha256: str
    loose_sha256: str
    kind: str
    value: str
    labeller: str
    notes: str = ""
    optional: bool = False
    doubt: bool = False
    accept: tuple[str, ...] = ()
    form: str = ""
    where: str = ""
    selected: str = ""
    culprit: str = ""
    fix: str = ""

    def line(self) -> str:
        """Write it as one line of JSON, without what is empty and may be."""
        full = asdict(self)
        must = ("message_id", "start", "stop", "sha256", "loose_sha256", "kind", "value")
        return json.dumps(
            {name: value for name, value in full.items() if value or name in must},
            ensure_ascii=False,
        )


def read_labels(path: Path) -> list[Label]:
    """Read a file of labels, one a line."""
    return [_label(json.loads(line)) for line in path.read_text("utf-8").splitlines()]


def _label(row: Mapping[str, Any]) -> Label:
    return Label(**{**row, "accept": tuple(row.get("accept", ()))})


def read_mails(path: Path) -> list[dict[str, Any]]:
    """Read the list of mails whose citations were labelled, those without any included."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def digest(text: str) -> str:
    """Hash a passage exactly as it stands."""
    return hashlib.sha256(text.encode()).hexdigest()


def loose_digest(text: str) -> str:
    """Hash a passage without quote marks and with its white space collapsed."""
    return digest(" ".join(_MARKS.sub("", text).split()))


def mismatches(labels: Iterable[Label], bodies: Mapping[str, str]) -> list[str]:
    """Name the labels whose mail is missing, or does not have the labelled passage."""
    wrong = []
    for label in labels:
        body = bodies.get(label.message_id)
        if body is None:
            wrong.append(f"{label.message_id}: not in the corpora")
            continue
        passage = body[label.start : label.stop]
        if digest(passage) != label.sha256:
            kept = loose_digest(passage) == label.loose_sha256
            what = "only its white space or quoting differs" if kept else "other text"
            wrong.append(f"{label.message_id} {label.start}..{label.stop}: {what}")
    return wrong


def make(
    message_id: str, body: str, start: int, stop: int, kind: str, value: str, labeller: str,
    **more: Any,
) -> Label:  # fmt: skip
    """Make a label of a span of a body."""
    passage = body[start:stop]
    return Label(
        message_id, start, stop, digest(passage), loose_digest(passage), kind, value, labeller,
        **more,
    )  # fmt: skip
