"""A casebook's document as values."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from threadkit.casebook.modelled import EraCost, ModelEntry
from threadkit.casebook.values import (
    NOWHERE,
    Afterwards,
    At,
    Casebook,
    CaseMessage,
    Claim,
    Decision,
    Evidence,
    Origin,
    Person,
    Place,
    Question,
    Stance,
)
from threadkit.casebook.yamltext import Path

Where = Callable[[Path], At]
"""Tells where in the files a part of the document stands."""

_NOT_KINDS = frozenset(("said",))


def nowhere(_: Path) -> At:
    """Tell no place: the document was not read from files."""
    return NOWHERE


def from_document(text: str) -> Casebook:
    """Make a casebook of its canonical document again.

    Parameters
    ----------
    text : str
        JSON, as :attr:`Casebook.document` holds it.

    Returns
    -------
    Casebook
        Equal to the one that the text is of.
    """
    return build(json.loads(text))


def canonical(document: Mapping[str, Any]) -> str:
    """Write a document in the one way that its hash is taken of: in the order of the files.

    Parameters
    ----------
    document : mapping
        Plain values.

    Examples
    --------
    >>> canonical({"b": "é", "a": [1, None]})
    '{"b":"é","a":[1,null]}'
    """
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def build(document: Mapping[str, Any], where: Where = nowhere) -> Casebook:
    """Make values of a document that agrees with the schema.

    Parameters
    ----------
    document : mapping
        ``casebook``, ``people``, ``messages``, ``questions``, ``claims``, ``commits``,
        ``regressions``.
    where : callable, optional
        Tells where its parts stand in the files.

    Returns
    -------
    Casebook
        With the document as text.
    """
    head = document["casebook"]
    return Casebook(
        name=head["name"],
        title=head["title"],
        question=head["question"],
        about=head["about"],
        outcome=head["outcome"],
        thread=head["thread"],
        curated_by=head["curated"]["by"],
        curated_date=head["curated"]["date"],
        coverage=tuple(head["coverage"]),
        people=tuple(
            Person(one["key"], one["name"], tuple(one.get("names", ())), one.get("about", ""),
                   where(("people", place)))
            for place, one in enumerate(document["people"])
        ),
        messages=tuple(
            _message(one, where(("messages", place)))
            for place, one in enumerate(document["messages"])
        ),
        questions=tuple(
            Question(one["key"], one["text"], one.get("outcome", ""),
                     _evidence(one.get("sources", ()), ("questions", place, "sources"), where),
                     where(("questions", place)))
            for place, one in enumerate(document["questions"])
        ),
        claims=tuple(
            _claim(one, ("claims", place), where) for place, one in enumerate(document["claims"])
        ),
        outcome_sources=_evidence(
            head.get("outcome_sources", ()), ("casebook", "outcome_sources"), where
        ),
        sources=tuple(Origin(one["uri"], one["what"]) for one in head.get("sources", ())),
        commits=tuple(document.get("commits", ())),
        regressions=tuple(document.get("regressions", ())),
        document=canonical(document),
    )  # fmt: skip


def _message(one: Mapping[str, Any], at: At) -> CaseMessage:
    return CaseMessage(
        id=one["id"],
        key=one.get("key", ""),
        date_utc=one["date"] or "",
        by=one.get("by") or "",
        parent=one.get("parent"),
        subject=one.get("subject", ""),
        within=one["in"],
        why=one.get("why", ""),
        seen=one.get("seen", True),
        url=one.get("url", ""),
        at=at,
    )


def _claim(one: Mapping[str, Any], path: Path, where: Where) -> Claim:
    return Claim(
        id=one["id"],
        by=one["by"],
        said=_place(one["said"], where((*path, "said"))),
        within=one["in"],
        gist=one["gist"],
        kind=one["kind"],
        question=one["question"],
        stand=one["stand"],
        status=one["status"],
        why=one["why"],
        model=tuple(
            _entry(entry, where((*path, "model", place)))
            for place, entry in enumerate(one["model"])
        ),
        sure=one["sure"],
        also=tuple(
            _place(place, where((*path, "also", number)))
            for number, place in enumerate(one.get("also", ()))
        ),
        stances=tuple(
            _stance(stance, where((*path, "stances", number)))
            for number, stance in enumerate(one.get("stances", ()))
        ),
        evidence=_evidence(one.get("evidence", ()), (*path, "evidence"), where),
        decision=Decision(**one["decision"]) if "decision" in one else None,
        afterwards=Afterwards(**one["afterwards"]) if "afterwards" in one else None,
        at=where(path),
    )


def _place(one: Mapping[str, Any], at: At) -> Place:
    return Place(**one, at=at)


def _stance(one: Mapping[str, Any], at: At) -> Stance:
    kind: Any = next(key for key in one if key not in _NOT_KINDS)
    said = _place(one["said"], at) if "said" in one else None
    return Stance(kind, one[kind], said, at)


def _evidence(some: Sequence[Mapping[str, Any]], path: Path, where: Where) -> tuple[Evidence, ...]:
    return tuple(Evidence(**one, at=where((*path, place))) for place, one in enumerate(some))


def _entry(one: Mapping[str, Any], at: At) -> ModelEntry:
    costs = tuple(
        EraCost(era, name, *bounds(count))
        for era, counts in one.get("costs", {}).items()
        for name, count in counts.items()
    )
    return ModelEntry(
        scenario=one.get("scenario", ""),
        stance=one.get("stance", ""),
        verdicts=tuple(one.get("verdicts", {}).items()),
        costs=costs,
        why=one.get("why", ""),
        not_modelled=one.get("not_modelled", ""),
        at=at,
    )


def bounds(count: int | str) -> tuple[int, int]:
    """Read a count, or the bounds of one.

    Parameters
    ----------
    count : int or str
        ``1``, or ``0..2``.

    Returns
    -------
    least, most : int
        Both ends.

    Examples
    --------
    >>> bounds(1), bounds("0..2")
    ((1, 1), (0, 2))
    """
    least, _, most = str(count).partition("..")
    return int(least), int(most or least)
