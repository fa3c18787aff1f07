"""What broke it: of all that is said, what the most trustworthy kind of evidence says last.

The trailer of a commit that closes the report weighs most, then a command of tracking,
a curated fact, a bisection, the trailer of a posted patch, prose; a range weighs
least. Within one kind the newest counts, so that a bisection that went wrong gives way to
the next.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from threadkit.analyze.regressions.commit_names import CommitNames, is_hash
from threadkit.analyze.regressions.regression import TOGETHER, Culprit, Event

_RANKS = {"command": 5, "curated": 4, "bisection": 3, "trailer": 2, "prose": 1}
_LATE = "9999"


def rank(event: Event) -> float:
    """Say how much the way in which something is known weighs.

    Parameters
    ----------
    event : Event
        Of kind ``culprit``.

    Returns
    -------
    float
        The more, the more trustworthy; prose also by its score.
    """
    if event.source == "trailer" and event.sha:
        return 6
    if ".." in event.value:
        return 0.5  # any one commit says more
    found = float(_RANKS.get(event.source, 0))
    return found + event.score / 2 if event.source == "prose" else found


def culprits(events: Iterable[Event], names: CommitNames) -> tuple[Culprit, ...]:
    """Choose the culprits among all that are named.

    Parameters
    ----------
    events : iterable of Event
        Of one regression.
    names : CommitNames
        To tell spellings of one commit from two commits.

    Returns
    -------
    tuple of Culprit
        Several only where the trailers of its fixes name several, which mean all of them,
        or one sentence does, which means one of them.
    """
    found = sorted(events, key=lambda one: (one.utc or _LATE, one.start, one.value))
    claims = [one for one in found if one.kind == "culprit" and one.value]
    denied = {(names.key(one.value), one.utc or "") for one in found if one.kind == "not_culprit"}
    claims = [one for one in claims if not _is_denied(one, denied, names)]
    if not claims:
        return ()
    closing = {names.key(one.value) for one in found if one.kind == "closes" and one.sha}
    # What one of its fixes broke is not what broke it.
    claims = [c for c in claims if not c.sha or names.key(c.value) not in closing] or claims
    best = max(map(rank, claims))
    last = [one for one in claims if rank(one) == best]
    final = last[-1]
    # All commits that close it mean their causes; of mails the last counts.
    together = [one for one in last if final.sha or one.message_id == final.message_id]
    if final.source not in TOGETHER:
        # The last word in a mail is the conclusion; it may name several that were reverted
        # together, of which nobody says which it was.
        together = [one for one in together if (one.start, one.stop) == (final.start, final.stop)]
    chosen: dict[str, Culprit] = {}
    for event in together:
        chosen.setdefault(names.key(event.value), _culprit(event, names, claims))
    return tuple(chosen.values())


def _is_denied(event: Event, denied: set[tuple[str, str]], names: CommitNames) -> bool:
    """Tell whether a later mail takes back what prose or a bisection said."""
    key = names.key(event.value)
    weak = event.source in ("prose", "bisection")
    return weak and any(key == other and (event.utc or "") <= utc for other, utc in denied)


def _culprit(event: Event, names: CommitNames, claims: Sequence[Event]) -> Culprit:
    """Make the value of one claim; its title may stand in another that names the same."""
    key = names.key(event.value)
    same = [one for one in claims if names.key(one.value) == key]
    title = next((one.detail for one in reversed(same) if one.detail and " " in one.detail), "")
    found = names.resolve(event.value) if is_hash(event.value) else None
    why = "a range" if ".." in event.value else "not a hash"
    if "@" in event.value:
        why = "not known which commit the patch became"
    longest = max((one.value for one in same), key=len)
    return Culprit(
        name=longest if is_hash(event.value) else event.value,
        sha=found.sha if found else None,
        title=title,
        why="" if found and found.sha else (found.why if found else why),
        said_by=event.sha or event.message_id or "",
        source=event.source,
        score=event.score,
    )


def culprit_keys(events: Iterable[Event], names: CommitNames) -> frozenset[str]:
    """Return the single commits that are held to be the culprits, one name for each.

    Parameters
    ----------
    events : iterable of Event
        Of one regression.
    names : CommitNames
        To bring hashes to one name.

    Notes
    -----
    A merge stands for a range: two reports that end at one merge need not be one.
    """
    chosen = culprits(events, names)
    if len(chosen) > 1 and chosen[0].source not in TOGETHER:
        return frozenset()
    single = [one for one in chosen if one.is_single and not one.title.startswith("Merge ")]
    return frozenset(names.key(one.name) for one in single if is_hash(one.name))
