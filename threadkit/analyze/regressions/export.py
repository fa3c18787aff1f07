"""Regressions as JSON objects, with the fields of regzbot's ``regressions.json`` and more."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from threadkit.analyze.regressions.commit_names import is_hash
from threadkit.analyze.regressions.deciding import decided_utc, deciding_fix
from threadkit.analyze.regressions.regression import Event, Regression
from threadkit.analyze.regressions.stories import Story

LORE = "https://lore.kernel.org/all/"
_COMMIT = "https://git.kernel.org/linus/"
_REGZBOT = "regzbot-"
_SHORT = 12


def as_json(
    regressions: Iterable[Regression],
    stories: Iterable[Story] = (),
    trees: Mapping[str, str] | None = None,
) -> list[dict[str, Any]]:
    """Give regressions as JSON can hold them.

    Parameters
    ----------
    regressions : iterable of Regression
        In the order wanted.
    stories : iterable of Story
        Each regression lists the longest ways of the stories that it is in.
    trees : mapping of str to str, optional
        ``next``, ``mainline`` or ``stable`` for whole hashes, as far as known.

    Returns
    -------
    list of dict
        ``id`` to ``solved`` are regzbot's fields; what it would link on its own pages
        is null. The others are threadkit's.

    References
    ----------
    regzbot, ``regressions.json`` as its web page serves it.
    """
    told = list(stories)
    return [_object(one, told, trees or {}) for one in regressions]


def _object(one: Regression, stories: Iterable[Story], trees: Mapping[str, str]) -> dict[str, Any]:
    culprit = one.culprit
    here = next((r for r in one.reports if r.message_id == one.key), None)
    return {
        "id": one.key,
        "introduced": _short(culprit.sha or culprit.name) if culprit else None,
        "subject": one.title,
        "tree": trees.get(culprit.sha) if culprit and culprit.sha else None,
        "timestamp": here.utc if here else one.reported_utc,
        "url_regzbot": None,
        "identified": one.is_identified,
        "introduced_url": f"{_COMMIT}{culprit.sha}" if culprit and culprit.sha else None,
        "regzbot_commands": [_command(e) for e in one.events if e.source == "command"
                             and e.kind != "tracked" and e.rule.startswith(_REGZBOT)],
        "solved": _solved(one),
        "url": mail_url(one.key) if "@" in one.key else None,
        "state": one.state,
        "why": one.why,
        "tracked": one.tracked,
        "origin": one.origin,
        "score": one.score,
        "culprits": [asdict(each) for each in one.culprits],
        "reports": [asdict(each) for each in one.reports],
        "reporters": one.reporters,
        "bisectors": one.bisectors,
        "testers": one.testers,
        "works": one.works,
        "fails": one.fails,
        "mechanisms": sorted(one.mechanisms),
        "fixes": [asdict(each) for each in one.fixes],
        "duplicates": one.duplicates,
        "maybe_same": [{"id": key, "why": why} for key, why in one.maybe_same],
        "backburner": one.backburner,
        "last_activity": one.last_utc,
        "delays_days": one.delays_days,
        "state_history": _history(one.events),
        "evidence": [asdict(each) for each in one.events],
        "chains": [story.path for story in stories if one.key in story.regressions],
    }  # fmt: skip


def _short(name: str) -> str:
    """Shorten a whole hash, and nothing else, as trailers do."""
    return name[:_SHORT] if is_hash(name) else name


def mail_url(message_id: str) -> str:
    """Return where a mail can be read.

    Examples
    --------
    >>> mail_url("a/b%@example.org")
    'https://lore.kernel.org/all/a%2Fb%25@example.org/'
    """
    from urllib.parse import quote

    escaped = quote(message_id, safe="-._~!$&'()*+,;=:@")
    return f"{LORE}{escaped}/"


def _command(event: Event) -> dict[str, Any]:
    name = event.rule.removeprefix(_REGZBOT)
    title = f' ("{event.detail}")' if event.kind == "culprit" and event.detail != name else ""
    return {
        "command": f"{name}: {event.value}{title}".removesuffix(": "),
        "author": event.person,
        "url": mail_url(event.message_id) if event.message_id else None,
        "timestamp": event.utc,
    }


def _solved(one: Regression) -> dict[str, Any] | None:
    """Say how it was solved, as regzbot does; None while it is open."""
    if one.state == "open":
        return None
    fix = deciding_fix(one) if one.state in ("fixed", "to_be_fixed") else None
    commit = (fix.sha or fix.name) if fix and is_hash(fix.sha or fix.name) else None
    return {
        "reason": one.state,
        "commit": commit,
        "subject": fix.title if fix else one.why,
        "url": f"{_COMMIT}{fix.sha}" if fix and fix.sha else None,
        "git_readable": f'{commit[:_SHORT]} ("{fix.title}")' if fix and commit and fix.title
                        else None,
        "timestamp": decided_utc(one),
    }  # fmt: skip


def _history(events: Iterable[Event]) -> list[dict[str, Any]]:
    """List the events that changed the state."""
    found: list[dict[str, Any]] = []
    last = ""
    for event in events:
        if event.state != last:
            by = event.message_id or event.sha
            found.append({"state": event.state, "timestamp": event.utc, "by": by,
                          "event": event.kind, "value": event.value})  # fmt: skip
            last = event.state
    return found
