"""Labelled mail for the argument analyzers, read as threadkit reads mail.

Two sources, one shape: the doubly labelled data beside the checkout (``../shared/gold``; its
README says how it was made) and the label files of ``data/labels/arguments``. Neither holds
the mails: these are found by Message-ID in the corpora, and every span is checked by hash.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import Any

from tests.eval.corpus import CORPORA, ELSEWHERE, Found, mailboxes, mails
from tests.eval.labels import LABELS, loose_digest
from threadkit.analyze.mailtext import MailText
from threadkit.mail.body import blocks
from threadkit.mail.citations import citations
from threadkit.mail.subject import parse_subject
from threadkit.mail.trailers import trailers
from threadkit.mail.values import Message

GOLD = CORPORA.parent / "gold" / "units_dev.jsonl"
OURS = LABELS / "arguments"
NEAR = 60
"""Characters that a unit of a flowed mail may stand from its place."""

_MARK = re.compile(r"(?:(?<=\n)|^)[ \t]*(?:[>|][ \t]?)+")


@dataclass(frozen=True, slots=True)
class GoldRelation:
    """How a unit bears on something.

    ``to`` is ``unit`` (``start``, ``stop`` are of a unit of the mail), ``quote`` (characters
    of the quoting body) or ``patch`` (0, 0). ``by`` is the number of annotators that say so,
    of those that labelled the unit. ``exact`` is False where only the block is known.
    """

    type: str
    to: str
    start: int
    stop: int
    by: int
    exact: bool = True


@dataclass(frozen=True, slots=True)
class GoldUnit:
    """One labelled unit; ``labels`` has one of each annotator, ``kind`` is of a claim."""

    start: int
    stop: int
    labels: tuple[str, ...]
    secondary: str
    kind: str
    relations: tuple[GoldRelation, ...]


@dataclass(frozen=True, slots=True)
class GoldStance:
    """Of the words under a quoted block, which ends at ``stop`` of the body."""

    start: int
    stop: int
    stances: tuple[str, ...]
    units: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class GoldMail:
    """One labelled mail; ``source`` is its thread, which folds keep together."""

    mail: MailText
    source: str
    labeller: str
    units: tuple[GoldUnit, ...]
    stances: tuple[GoldStance, ...]

    @property
    def spans(self) -> list[tuple[int, int]]:
        """The spans of the units, in order."""
        return [(unit.start, unit.stop) for unit in self.units]


def mail_text(message: Message, root: str = "") -> MailText:
    """Read a parsed mail as the analyzers do."""
    parts = blocks(message.body)
    subject = parse_subject(message.subject)
    sender = message.from_[0] if message.from_ else None
    above = (*message.references, *message.in_reply_to)
    cover = subject.is_patch and not subject.is_reply and subject.counter == 0
    return MailText(
        message_id=message.message_id,
        subject=message.subject,
        from_name=sender.name if sender else "",
        from_email=sender.email if sender else "",
        date_utc=message.date_utc,
        is_reply=subject.is_reply or bool(above),
        is_patch=cover or any(part.kind == "diff" for part in parts),
        parent=above[-1] if above else None,
        root=root or (above[0] if above else message.message_id),
        body=message.body,
        blocks=parts,
        trailers=list(trailers(message.body, parts)),
        citations=citations(message.body, parts),
    )


@cache
def corpus(root: Path = CORPORA) -> Mapping[str, Found]:
    """Read all mails that labels are of, once."""
    boxes = [*mailboxes(root), *(root / name for name in ELSEWHERE)]
    return mails(root, [box for box in boxes if box.exists()])


def read_gold(path: Path = GOLD, root: Path = CORPORA) -> list[GoldMail]:
    """Read the doubly labelled mails, in the order of the file, but those no mailbox has."""
    return gold_mails(path, corpus(root))


def gold_mails(path: Path, found: Mapping[str, Found]) -> list[GoldMail]:
    """Read labels in the form of the doubly labelled data, of mails that were found."""
    rows = (json.loads(line) for line in path.read_text("utf-8").splitlines())
    return [
        _gold_mail(_placed(row, mail.body), mail)
        for row in rows
        if row["message_id"] in found
        for mail in [mail_text(found[row["message_id"]].mail)]
    ]


def _placed(row: Mapping[str, Any], body: str) -> dict[str, Any]:
    """Count in our body, whose lines all end with LF, what was counted with the mail's ends."""
    before = list(accumulate((char == "\n" for char in body), initial=0))
    there = [at + count for at, count in enumerate(before)]
    units = [
        {**one, "start": bisect_left(there, one["start"]), "end": bisect_left(there, one["end"])}
        if one["type"] == "own"
        else one
        for one in row["units"]
    ]
    best = min(dict(row), {**row, "units": units}, key=lambda one: len(_elsewhere(one, body)))
    wrong = set(_elsewhere(best, body))
    moved = [_moved(one, body) if one.get("start") in wrong else one for one in best["units"]]
    return {**best, "units": moved}


def _moved(one: Mapping[str, Any], body: str) -> dict[str, Any]:
    """Find a unit by its words near its place: blanks of flowed text (RFC 3676) were joined."""
    place = find_words(body, one["text"], max(0, one["start"] - NEAR), one["end"] + NEAR)
    return {**one, "start": place[0], "end": place[1]} if place else dict(one)


def _elsewhere(row: Mapping[str, Any], body: str) -> list[int]:
    """Return the starts of the units whose words are not in their place."""
    return [
        one["start"]
        for one in row["units"]
        if one["type"] == "own"
        and loose_digest(body[one["start"] : one["end"]].strip()) != one["norm_sha256"]
    ]


def _gold_mail(row: Mapping[str, Any], mail: MailText) -> GoldMail:
    own = {one["id"]: one for one in row["units"] if one["type"] == "own"}
    numbers = {name: number for number, name in enumerate(own)}
    quoted = _quoted(row["units"], mail.body)
    units = tuple(
        GoldUnit(
            one["start"],
            one["stop"] if "stop" in one else one["end"],
            tuple(one["labels"]),
            next(iter(one["secondary"]), ""),
            "",
            tuple(_gold_relations(one["relations"], own, quoted, mail.body)),
        )
        for one in own.values()
    )
    stances = tuple(
        GoldStance(
            *quoted[one["segment"]],
            tuple(one["stances"]),
            tuple(numbers[name] for name in one["units"] if name in numbers),
        )
        for one in row.get("stances", ())
        if one["segment"] in quoted
    )
    return GoldMail(mail, row["source"].removesuffix(".mbox"), "gold", units, stances)


def _gold_relations(
    rows: Iterable[Mapping[str, Any]],
    own: Mapping[str, Mapping[str, Any]],
    quoted: Mapping[str, tuple[int, int]],
    body: str,
) -> Iterator[GoldRelation]:
    for row in rows:
        kind, to, by = row["type"], row["to"], len(row["by"])
        if to == "PATCH":
            yield GoldRelation(kind, "patch", 0, 0, by)
        elif to in own:
            yield GoldRelation(kind, "unit", own[to]["start"], own[to]["end"], by)
        elif to in quoted:
            low, high = quoted[to]
            place = find_words(body, row.get("text", ""), low, high) if row.get("text") else None
            yield GoldRelation(kind, "quote", *(place or (low, high)), by, place is not None)


def _quoted(rows: Sequence[Mapping[str, Any]], body: str) -> dict[str, tuple[int, int]]:
    """Place quoted blocks: by their words, each below what stands above it."""
    found: dict[str, tuple[int, int]] = {}
    at = 0
    for number, row in enumerate(rows):
        if row["type"] == "own":
            at = max(at, row["end"])
        elif row["type"] == "quote":
            below = (one["start"] for one in rows[number:] if one["type"] == "own")
            place = find_words(body, row["text"], at, next(below, len(body)))
            if place:
                found[row["id"]] = place
                at = place[1]
    return found


def find_words(body: str, words: str, low: int, high: int) -> tuple[int, int] | None:
    """Find words in a stretch of a body, whatever its quote marks and line breaks.

    Examples
    --------
    >>> find_words("> one\\n> two three\\n", "two three", 0, 18)
    (8, 17)
    >>> find_words("> one\\n> two\\n", "one two", 0, 12)
    (2, 11)
    """
    letters, places = _bare(body, low, high)
    wanted, _ = _bare(words, 0, len(words))
    at = letters.find(wanted) if wanted else -1
    return None if at < 0 else (places[at], places[at + len(wanted) - 1] + 1)


def _bare(text: str, low: int, high: int) -> tuple[str, list[int]]:
    """Return what is left without quote marks and white space, and where it stands."""
    skip = {at for m in _MARK.finditer(text, low, high) for at in range(m.start(), m.end())}
    places = [
        at for at in range(low, min(high, len(text))) if at not in skip and not text[at].isspace()
    ]
    return "".join(text[at] for at in places), places


def rows_of(path: Path) -> Iterator[dict[str, Any]]:
    """Read a label file, a line a mail, as one row a unit and one a stance.

    The fields are those of ``data/labels/README.md``, ``at`` taken apart; a relation to a
    quoted block as a whole has its ``block`` and no place.
    """
    for line in path.read_text("utf-8").splitlines():
        mail = json.loads(line)
        every = {name: mail[name] for name in ("message_id", "thread", "labeller")}
        for unit in mail["units"]:
            start, stop = unit["at"]
            relations = [
                {"type": one["type"], "to": one["to"], "start": low, "stop": high,
                 "exact": "at" in one}
                for one in unit.get("relations", ())
                for low, high in [one.get("at") or one.get("block") or (0, 0)]
            ]  # fmt: skip
            yield {**every, **unit, "start": start, "stop": stop, "relations": relations}
        for stance in mail.get("stances", ()):
            yield {**every, "segment": stance["at"], "stance": stance["stance"]}


def read_ours(folder: Path = OURS, root: Path = CORPORA) -> list[GoldMail]:
    """Read the label files of the project, in the order of their names."""
    return our_mails(sorted(folder.glob("*.jsonl")), corpus(root))


def our_mails(paths: Iterable[Path], found: Mapping[str, Found]) -> list[GoldMail]:
    """Read labels in the form of the project's own, of mails that were found."""
    rows: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for path in paths:
        for row in rows_of(path):
            rows.setdefault((row["message_id"], row["labeller"]), []).append(row)
    return [
        _our_mail(some, mail_text(found[name].mail))
        for (name, _), some in rows.items()
        if name in found
    ]


def _our_mail(rows: Sequence[Mapping[str, Any]], mail: MailText) -> GoldMail:
    units = tuple(
        GoldUnit(
            row["start"],
            row["stop"],
            (row["label"],),
            row.get("secondary") or "",
            row.get("kind") or "",
            tuple(
                GoldRelation(one["type"], one["to"], one["start"], one["stop"], 1, one["exact"])
                for one in row.get("relations", ())
            ),
        )
        for row in sorted((row for row in rows if "label" in row), key=lambda row: row["start"])
    )
    stances = tuple(
        GoldStance(row["segment"][0], row["segment"][1], (row["stance"],), ())
        for row in rows
        if "stance" in row
    )
    first = rows[0]
    source = str(first["thread"]).removesuffix(".mbox")
    return GoldMail(mail, _same_name(source), first["labeller"], units, stances)


def _same_name(source: str) -> str:
    """Name a thread so that what belongs together is never in training and in the test.

    The seed's thread and its relatives are one source; so is a mailbox of one small list,
    where a series and its versions have many subjects.
    """
    folder = source.partition("/")[0]
    return folder if folder in ("cow-thread", "jailhouse") else source


def wrong_places(path: Path = GOLD, root: Path = CORPORA) -> list[tuple[str, int]]:
    """Return the units whose text is not what was labelled: message and start."""
    found = corpus(root)
    wrong: list[tuple[str, int]] = []
    for line in path.read_text("utf-8").splitlines():
        row = json.loads(line)
        if row["message_id"] not in found:
            continue
        body = found[row["message_id"]].mail.body
        wrong += [(row["message_id"], at) for at in _elsewhere(_placed(row, body), body)]
    return wrong


def wrong_labels(folder: Path = OURS, root: Path = CORPORA) -> list[tuple[str, int]]:
    """Return the units of our label files whose text is not what was labelled."""
    found = corpus(root)
    wrong = []
    for path in sorted(folder.glob("*.jsonl")):
        for row in rows_of(path):
            if "label" in row:
                body = found[row["message_id"]].mail.body
                if loose_digest(body[row["start"] : row["stop"]])[:12] != row["sha"]:
                    wrong.append((row["message_id"], row["start"]))
    return wrong
