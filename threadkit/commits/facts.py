r"""Facts of commits without their texts: one JSON object a line.

What is kept of a commit is what may be kept of anybody's work: its hash, subject, people,
dates, release and trailers. A line looks like this (broken here)::

    {"sha": "<40 digits>", "subject": "mm: a title", "release": "v5.9-rc5",
     "author": {"name": "Ann", "email": "ann@example.org", "date_utc": "2020-09-01T12:00:00Z"},
     "committer": {...}, "mainline": "yes",
     "trailers": ["Fixes: 09854ba94c6a (\"mm: another\")", "Reported-by: Bo <bo@example.org>"],
     "source": "where this was read"}

A date is ``2020-09-01`` where no source tells the time of the day; it is then the day that
the source writes, in whatever time zone. A committer without a name is one of whom only the
date is known.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from threadkit.commits.values import FULL_DIGITS, SHIPPED, Commit, Mainline, Resolved, Signature
from threadkit.errors import ThreadkitError

ENOUGH_DIGITS = 10
"""Of a cited hash: of ten million objects one in 100,000 begins like any given ten digits."""

_SHA = re.compile(r"[0-9a-f]+")
_DATE = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\dZ)?")
_KNOWN = frozenset(
    ("sha", "subject", "author", "committer", "release", "mainline", "trailers", "source")
)


class FactsError(ThreadkitError):
    """A line of a file of facts is not what it has to be."""

    def __init__(self, origin: str, line: int, problem: str) -> None:
        super().__init__(f"{origin}:{line}: {problem}")
        self.origin, self.line, self.problem = origin, line, problem


@dataclass(frozen=True, slots=True)
class CommitFact:
    """One commit and where its facts were read.

    ``trailers`` are lines as in its message; ``commit.body`` holds them and nothing else.
    """

    commit: Commit
    release: str | None
    mainline: Mainline
    trailers: tuple[str, ...]
    source: str

    def resolved(self, name: str) -> Resolved:
        """Return it as the answer to a name that somebody looked up.

        Parameters
        ----------
        name : str
            A hash or the beginning of one.
        """
        checked = self.release or "" if self.mainline != "not checked" else ""
        return Resolved(
            name, "found", SHIPPED, self.commit, (), self.mainline, checked, self.release
        )


def read_facts(lines: Iterable[str], origin: str) -> Iterator[CommitFact]:
    r"""Read facts of commits.

    Parameters
    ----------
    lines : iterable of str
        JSON objects, one a line; empty lines do not count.
    origin : str
        Name of the file, for errors.

    Yields
    ------
    CommitFact
        In the order of the lines.

    Raises
    ------
    FactsError
        A line is no JSON, or something in it is missing, unknown or malformed.

    Examples
    --------
    >>> ann = '{"name": "Ann", "email": "ann@example.org", "date_utc": "2020-09-01T12:00:00Z"}'
    >>> line = '{"sha": "' + "01" * 20 + '", "subject": "mm: x", "author": ' + ann + '}'
    >>> [fact] = read_facts([line], "facts.jsonl")
    >>> fact.commit.subject, fact.commit.author.name, fact.mainline
    ('mm: x', 'Ann', 'not checked')
    >>> next(read_facts(['{"sha": "12"}'], "facts.jsonl"))
    Traceback (most recent call last):
    threadkit.commits.facts.FactsError: facts.jsonl:1: sha: not 40 or 64 hexadecimal digits
    """
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                yield _fact(json.loads(line))
            except json.JSONDecodeError as error:
                raise FactsError(origin, number, f"no JSON: {error.msg}") from error
            except (KeyError, TypeError, ValueError) as error:
                said = f"no {error.args[0]!r}" if isinstance(error, KeyError) else str(error)
                raise FactsError(origin, number, said) from error


def _fact(row: dict[str, Any]) -> CommitFact:
    if not isinstance(row, dict):
        raise TypeError("not an object")
    sha = row["sha"]
    if not isinstance(sha, str) or len(sha) not in FULL_DIGITS or not _SHA.fullmatch(sha):
        raise ValueError("sha: not 40 or 64 hexadecimal digits")
    unknown = sorted(row.keys() - _KNOWN)
    if unknown:
        raise ValueError(f"unknown field {unknown[0]!r}")
    author = _signature(row["author"])
    committer = (
        _signature(row["committer"]) if row.get("committer") else Signature("", "", None, None)
    )
    mainline = row.get("mainline", "not checked")
    if mainline not in ("yes", "no", "not checked"):
        raise ValueError(f"mainline: {mainline!r}")
    trailers = tuple(row.get("trailers", ()))
    body = "\n".join(trailers)
    commit = Commit(sha, "", (), author, committer, row["subject"], body)
    return CommitFact(commit, row.get("release"), mainline, trailers, row.get("source", ""))


def _signature(row: dict[str, Any]) -> Signature:
    date = row.get("date_utc")
    if date is not None:
        _check_date(date)
    return Signature(row["name"], row["email"], date, None)


def _check_date(date: str) -> None:
    if not _DATE.fullmatch(date):
        raise ValueError(f"date_utc: {date!r} is not like 2020-09-01T12:00:00Z or 2020-09-01")
    datetime.fromisoformat(date)  # a day that no calendar has is a ValueError, too
