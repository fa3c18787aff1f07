"""What a casebook refers to: people, mails, questions, claims, commits, scenarios, eras."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from threadkit.casebook.build import bounds
from threadkit.casebook.problems import hint
from threadkit.casebook.values import MAP_MOST
from threadkit.casebook.yamltext import Path
from threadkit.errors import printable

Found = Iterator[tuple[Path, str]]
"""Where, and what is wrong."""

Part = Mapping[str, Any]
"""One person, mail, question or claim, as the files have it."""

STANCES = frozenset(("supports", "attacks", "undercuts", "agrees", "concedes", "asks", "answers"))

_COMPARED_MOST = 10_000  # names that are compared for "did you mean", in all: each costs a lot

_ONCE = (("people", "key", "person"), ("people", "name", "name"), ("messages", "id", "mail"),
         ("messages", "key", "mail"), ("questions", "key", "question"),
         ("claims", "id", "claim"))  # fmt: skip


def reference_problems(document: Mapping[str, Any], broken: Iterable[Path]) -> Found:
    """Look for what is named twice, or named and not there.

    Parameters
    ----------
    document : mapping
        All files put together, with ``commits`` and ``regressions``.
    broken : iterable of path
        Where the schema found something: these parts are not looked into, but what they
        define counts.

    Yields
    ------
    path, clause : tuple
        Where, and what is wrong.
    """
    yield from _twice(document)
    known = Known(document)
    bad = {path[:2] for path in broken}
    if not any(path[0] == "casebook" for path in bad):
        yield from _head(document["casebook"], known)
    for section, look in (("messages", _mail), ("questions", _question), ("claims", _claim)):
        for place, part in enumerate(document[section]):
            if (section, place) not in bad:
                yield from look(part, (section, place), known)
    yield from _circles(document["messages"], known)
    yield from _crowded(document)


class Known:
    """Everything that can be referred to.

    Parameters
    ----------
    document : mapping
        As for :func:`reference_problems`.
    """

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.people = frozenset(_names(document["people"], "key"))
        self.questions = frozenset(_names(document["questions"], "key"))
        self.claims = frozenset(
            one["id"] for one in _parts(document["claims"]) if isinstance(one.get("id"), int)
        )
        self.mails = {
            name: one
            for one in _parts(document["messages"])
            for name in (one.get("id") or one.get("key"),)
            if isinstance(name, str)
        }
        self.commits = [one["sha"] for one in document.get("commits", ())]
        regressions = document.get("regressions", ())
        self.regressions = frozenset(one["title"] for one in regressions)
        self.repairs = [sha for one in regressions for sha in _hashes(one)]
        self._compared = 0

    def near(self, name: str, known: Collection[str]) -> str:
        """Ask whether a name that comes close was meant, as long as that is cheap."""
        self._compared += len(known)
        return hint(name, known) if self._compared <= _COMPARED_MOST else ""

    def person(self, key: str | None, path: Path) -> Found:
        """Look for a person."""
        if key and key not in self.people:
            yield path, f"no person {printable(key)}{self.near(key, self.people)}"

    def mail(self, name: str | None, path: Path) -> Found:
        """Look for a mail."""
        if name and name not in self.mails:
            yield path, f"no mail {printable(name)} in messages.yaml{self.near(name, self.mails)}"

    def commit(self, sha: str | None, path: Path) -> Found:
        """Look for a commit among the curated facts; without any there is nothing to look in."""
        if not sha or not self.commits:
            return
        found = sum(one.startswith(sha) for one in self.commits)
        if found != 1:
            what = "more than one commit begins so" if found else "not among the commits of 'facts'"
            yield path, f"commit {sha}: {what}"

    def regression(self, name: str | None, path: Path) -> Found:
        """Look for a regression by its title or the hash of a commit of it."""
        if not name or name in self.regressions or not self.regressions:
            return
        if not any(sha.startswith(name) for sha in self.repairs):
            near = self.near(name, self.regressions)
            yield path, f"regression {printable(name)} is not among those of 'facts'{near}"


def _hashes(regression: Part) -> Iterator[str]:
    """List the commits of a regression; files of facts have no schema."""
    fixes = regression.get("fixes")
    named = (regression.get("culprit"), *(fixes if isinstance(fixes, list) else ()))
    return (sha for sha in named if isinstance(sha, str) and sha)


def _parts(some: Sequence[Any]) -> Iterator[Part]:
    return (one for one in some if isinstance(one, Mapping))


def _names(some: Sequence[Any], key: str) -> Iterator[str]:
    return (one[key] for one in _parts(some) if isinstance(one.get(key), str))


def _twice(document: Mapping[str, Any]) -> Found:
    """Find ids that two parts of one kind share; ids and keys of mails are names alike."""
    names: dict[str, set[object]] = {}
    for section, key, what in _ONCE:
        seen = names.setdefault(f"{section} {what}", set())
        for place, one in enumerate(document[section]):
            value = one.get(key) if isinstance(one, Mapping) else None
            if not isinstance(value, str | int):
                continue
            if value in seen:
                yield (section, place, key), f"{what} {printable(str(value))} comes twice"
            seen.add(value)


def _head(head: Part, known: Known) -> Found:
    yield from known.mail(head["thread"], ("casebook", "thread"))
    yield from _time(head["curated"]["date"], ("casebook", "curated", "date"))
    yield from _sources(head.get("outcome_sources", ()), ("casebook", "outcome_sources"), known)


def _mail(one: Part, path: Path, known: Known) -> Found:
    yield from known.person(one.get("by"), (*path, "by"))
    if one["in"] == "thread":  # what others answer may be no part of the casebook
        yield from known.mail(one.get("parent"), (*path, "parent"))
    yield from _time(one["date"], (*path, "date"))
    if one["in"] != "thread" and not one.get("why"):
        yield path, "a mail before or after the thread needs 'why'"
    if one["id"] is None and not one.get("url"):
        yield path, "a mail without Message-ID needs 'url'"


def _question(one: Part, path: Path, known: Known) -> Found:
    yield from _sources(one.get("sources", ()), (*path, "sources"), known)


def _claim(one: Part, path: Path, known: Known) -> Found:
    yield from known.person(one["by"], (*path, "by"))
    if one["question"] not in known.questions:
        near = known.near(one["question"], known.questions)
        yield (*path, "question"), f"no question {one['question']}{near}"
    yield from _said(one, path, known)
    yield from _places(one, path, known)
    yield from _stances(one, path, known)
    yield from _sources(one.get("evidence", ()), (*path, "evidence"), known)
    decision, later = one.get("decision", {}), one.get("afterwards", {})
    yield from known.commit(decision.get("commit"), (*path, "decision", "commit"))
    yield from known.mail(decision.get("message"), (*path, "decision", "message"))
    yield from known.regression(later.get("regression"), (*path, "afterwards", "regression"))
    yield from _model(one["model"], (*path, "model"))


def _said(one: Part, path: Path, known: Known) -> Found:
    """Compare a claim with the mail that it is made in."""
    mail = known.mails.get(one["said"]["message"] or "")
    if mail is None:
        return
    speaker = mail.get("by")
    if "start" in one["said"] and speaker and speaker != one["by"]:
        yield (*path, "by"), f"{one['by']} speaks in a mail by {speaker}"
    if mail.get("in") != one["in"]:
        yield (*path, "in"), f"{one['in']}: its mail is of {mail.get('in')}"


def _places(one: Part, path: Path, known: Known) -> Found:
    found: list[tuple[Path, Part]] = [((*path, "said"), one["said"])]
    found += [((*path, "also", at), place) for at, place in enumerate(one.get("also", ()))]
    found += [
        ((*path, "stances", at, "said"), stance["said"])
        for at, stance in enumerate(one.get("stances", ()))
        if "said" in stance
    ]
    for where, place in found:
        yield from known.mail(place["message"], where)
        if "start" in place and place["start"] >= place["stop"]:
            yield where, f"ends at {place['stop']}, before it begins at {place['start']}"
        if place["message"] is None and ("unseen" not in place or "url" not in place):
            yield where, "a passage of no known mail needs 'unseen' and 'url'"


def _stances(one: Part, path: Path, known: Known) -> Found:
    for at, stance in enumerate(one.get("stances", ())):
        for kind in STANCES & stance.keys():
            where = (*path, "stances", at)
            if stance[kind] == one["id"]:
                yield where, f"claim {one['id']} {kind} itself"
            elif stance[kind] not in known.claims:
                yield where, f"{kind} claim {stance[kind]}, which is not there"


def _sources(some: Sequence[Part], path: Path, known: Known) -> Found:
    for at, one in enumerate(some):
        yield from known.mail(one.get("message"), (*path, at))
        yield from known.commit(one.get("commit"), (*path, at))


def _model(entries: Sequence[Part], path: Path) -> Found:
    """Look for scenarios and eras in the model."""
    if len(entries) > 1 and any("not_modelled" in entry for entry in entries):
        yield path, "'not_modelled' stands alone"
    for at, entry in enumerate(entries):
        if "scenario" not in entry:
            continue
        yield from _scenario(entry["scenario"], (*path, at, "scenario"))
        for part in ("verdicts", "costs"):
            for key in entry.get(part, {}):
                yield from _era(key, (*path, at, part, key))
        for era, counts in entry.get("costs", {}).items():
            for name, count in counts.items():
                least, most = bounds(count)
                if least > most:
                    yield (*path, at, "costs", era, name), f"{name}: {least} is more than {most}"


def _scenario(name: str, path: Path) -> Found:
    from threadkit.cow.library import UnknownScenario, scenario_named

    try:
        right = scenario_named(name)
    except UnknownScenario as error:
        yield path, str(error)
        return
    if right != name:
        yield path, f"scenario {name} is written {right}"


def _era(key: str, path: Path) -> Found:
    from threadkit.cow.eras import UnknownEra, era

    try:
        right = era(key).key
    except UnknownEra as error:
        yield path, str(error)
        return
    if right != key:
        yield path, f"era {key} is written {right}"


def _time(text: str | None, path: Path) -> Found:
    """Find days that no calendar has."""
    if not text:
        return
    try:
        datetime.fromisoformat(text)
    except ValueError:
        yield path, f"there is no time {text}"


def _circles(mails: Sequence[Any], known: Known) -> Found:
    """Find mails that answer each other in a circle; each circle once."""
    done: set[str] = set()
    for place, one in enumerate(mails):
        chain: dict[str, None] = {}
        name = (one.get("id") or one.get("key")) if isinstance(one, Mapping) else None
        while isinstance(name, str) and name in known.mails and name not in done:
            if name in chain:
                yield ("messages", place), f"mail {printable(name)} answers itself in a circle"
                break
            chain[name] = None
            name = known.mails[name].get("parent")
        done.update(chain)


def _crowded(document: Mapping[str, Any]) -> Found:
    """Find questions with more claims than a map shows."""
    counts: dict[str, int] = {}
    for one in _parts(document["claims"]):
        key = one.get("question")
        if isinstance(key, str):
            counts[key] = counts.get(key, 0) + 1
    for place, one in enumerate(document["questions"]):
        key = one.get("key") if isinstance(one, Mapping) else None
        count = counts.get(key, 0) if isinstance(key, str) else 0
        if count > MAP_MOST:
            yield ("questions", place), f"{count} claims; a map shows {MAP_MOST}: divide it"
