"""Group single mails into revisions: a cover letter with its patches, or patches alone.

The place in the thread decides; where mails are not threaded, one sender's Message-IDs of
one run of git-send-email do, and last the time. A counter comes once in a revision, so the
same number posted again begins another one, or is a reroll.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime

from threadkit.analyze.series.values import (
    Numbering,
    Posting,
    Revision,
    in_order,
    in_time,
    numbering,
)

_FAMILIES = (
    # git format-patch: 20200901.12345-3-ann@example.org, 1566224813-20129-2-git-send-email-ann@
    (re.compile(r"(\d{8,14}[.-]\d{1,7})-\d{1,4}-(.+)"), (1, 2)),
    # git format-patch --cover-letter with --thread: cover.1577125789.git.ann@, HASH.1577125789.git.
    (re.compile(r"(?:cover|[0-9a-f]{40})\.(\d{9,11})\.(git\..+)"), (1, 2)),
    # b4: 20230401-topic-v2-3-0123456789ab@example.org
    (re.compile(r"(\d{8}-.+-v\d+)-\d+-([0-9a-f]{12}@.+)"), (1, 2)),
    # StGit: 156821692280.2951081.18036584954940423225.stgit@host
    (re.compile(r"\d+\.(\d+)\.\d+\.(stgit@.+)"), (1, 2)),
)
MIXED = "sent at once with another"
"""The rule of a revision whose mails nothing but the time tells from those of another one."""

_MIXED = 0.5
_TOGETHER_S = 1800
_SIBLINGS_S = 86400


def family(message_id: str) -> str:
    """Return what the Message-IDs of one run of a sending program share.

    Parameters
    ----------
    message_id : str
        Without brackets.

    Returns
    -------
    str
        ``""`` where no program is known by it.

    Examples
    --------
    >>> family("20200901.1234-2-ann@example.org") == family("20200901.1234-1-ann@example.org")
    True
    >>> family("b13da2e9-fbd3-deb2-e117-74bb2e398393@example.org")
    ''

    References
    ----------
    git-format-patch(1) ``--thread``; b4's and StGit's Message-IDs, as observed.
    """
    for pattern, groups in _FAMILIES:
        if match := pattern.fullmatch(message_id):
            return " ".join(match[group] for group in groups)
    return ""


def group(postings: Iterable[Posting]) -> list[Revision]:
    """Group postings into revisions.

    Parameters
    ----------
    postings : iterable of Posting
        In any order.

    Returns
    -------
    list of Revision
        By time of their first mail; every posting is in exactly one of them.

    Examples
    --------
    >>> def mail(n, subject, parent=""):
    ...     return Posting(n, f"{n}@example.org", subject, f"2020-09-01T10:0{n}:00Z", "Ann",
    ...                    "ann@example.org", "1", parent, "0@example.org")
    >>> mails = [mail(0, "[PATCH 0/2] mm: two"), mail(2, "[PATCH 2/2] b", "0@example.org"),
    ...          mail(1, "[PATCH 1/2] a", "0@example.org"),
    ...          mail(3, "[PATCH v2 2/2] b", "2@example.org")]
    >>> [(r.label, sorted(r.patches), r.missing) for r in group(mails)]
    [('v1', [0, 1, 2], ()), ('v2', [2], (1,))]

    Notes
    -----
    Some look-ups a mail.
    """
    grouping = _Grouping(in_order(postings))
    found = []
    for draft in grouping.run():
        revision = Revision(dict(sorted(draft.patches.items())), draft.said)
        if draft.is_mixed:
            revision.rule, revision.score = MIXED, _MIXED
        found.append(revision)
    return sorted(found, key=in_time)


class _Draft:
    """A revision in the making."""

    __slots__ = ("is_mixed", "last", "patches", "said")

    def __init__(self, first: Posting, said: Numbering) -> None:
        self.patches = {first.counter: first}
        self.said = said
        self.last = first.utc
        self.is_mixed = False

    def add(self, posting: Posting, said: Numbering) -> None:
        """Take one more mail; the lowest counter's brackets speak for all."""
        if posting.counter < min(self.patches):
            self.said = said
        self.patches[posting.counter] = posting
        self.last = max(self.last, posting.utc)


Key = tuple[str, ...]


class _Grouping:
    """Places every mail with its parent first, then with those sent along with it."""

    def __init__(self, postings: list[Posting]) -> None:
        self._postings = postings
        self._by_id = {p.message_id: p for p in reversed(postings)}
        self._said = {p.message: numbering(p.subject, p.parts) for p in postings}
        self._home: dict[int, _Draft] = {}
        self._near: dict[Key, _Draft] = {}
        self._before: dict[Key, _Draft] = {}  # the one that was the latest before that
        self._drafts: list[_Draft] = []

    def run(self) -> list[_Draft]:
        """Place all mails."""
        for posting in self._postings:
            for one in self._ancestors_first(posting):
                self._place(one)
        return self._drafts

    def _ancestors_first(self, posting: Posting) -> list[Posting]:
        """List a mail's ancestors that are not placed yet, the topmost first."""
        chain: list[Posting] = []
        seen: set[int] = set()
        at: Posting | None = posting
        while at is not None and at.message not in self._home and at.message not in seen:
            chain.append(at)
            seen.add(at.message)
            at = self._by_id.get(at.parent)
        return chain[::-1]

    def _place(self, posting: Posting) -> None:
        said = self._said[posting.message]
        draft = self._by_parent(posting, said) or self._by_neighbours(posting, said)
        if draft is None:
            draft = _Draft(posting, said)
            self._drafts.append(draft)
        else:
            draft.add(posting, said)
        self._home[posting.message] = draft
        for key, _ in _keys(posting, said):
            latest = self._near.get(key)
            if latest is not None and latest is not draft:
                self._before[key] = latest
            self._near[key] = draft

    def _by_parent(self, posting: Posting, said: Numbering) -> _Draft | None:
        """Find the revision of the patch or cover letter that it answers."""
        parent = self._by_id.get(posting.parent)
        draft = self._home.get(parent.message) if parent else None
        if draft is None or parent is None or posting.counter in draft.patches:
            return None
        if not _same_numbers(draft.said, said) or posting.parts.counter is None:
            return None
        if draft.said.expected != said.expected and 0 not in draft.patches:
            return None
        own = parent.person == posting.person
        return draft if own or posting.counter <= said.expected else None

    def _by_neighbours(self, posting: Posting, said: Numbering) -> _Draft | None:
        """Find the revision whose mails were sent along with it."""
        for key, most_s in _keys(posting, said):
            draft = self._near.get(key)
            if draft is not None and posting.counter in draft.patches and key[0] == "time":
                draft = self._of_the_second(key, draft, posting)
            if draft is None or posting.counter in draft.patches:
                continue
            if most_s is None or _apart_s(draft.last, posting.utc) <= most_s:
                if other := self._rival(key, draft, posting):
                    draft.is_mixed = other.is_mixed = True
                return draft
        return None

    def _of_the_second(self, key: Key, draft: _Draft, posting: Posting) -> _Draft | None:
        """Give the revision before the latest what was sent in the same second and it lacks."""
        other = self._before.get(key)
        if other is None or not other.last == draft.last == posting.utc:
            return None
        draft.is_mixed = other.is_mixed = True
        return other

    def _rival(self, key: Key, draft: _Draft, posting: Posting) -> _Draft | None:
        """Find another revision of the same second that lacks the very same patch."""
        other = self._before.get(key)
        if key[0] != "time" or other is None or posting.counter in other.patches:
            return None
        return other if other.last == draft.last else None


def _keys(posting: Posting, said: Numbering) -> list[tuple[Key, int | None]]:
    """List what mails of one revision share, the surest first, and for how many seconds."""
    if posting.parts.counter is None or not posting.person:
        return []
    numbers = (
        f"{said.major}.{said.minor}/{said.expected}",
        f"{said.is_rfc}{said.is_resend}{said.target}",
    )
    base = (posting.person, *numbers)
    keys: list[tuple[Key, int | None]] = []
    if sent := family(posting.message_id):
        keys.append((("family", sent, *numbers), None))
    if posting.parent:
        keys.append((("parent", posting.parent, *base), _SIBLINGS_S))
    words = " ".join(posting.parts.prefixes).casefold()
    keys.append((("time", words, *base), _TOGETHER_S))
    return keys


def _same_numbers(one: Numbering, other: Numbering) -> bool:
    return (one.major, one.minor, one.target) == (other.major, other.minor, other.target)


def _apart_s(one: str, other: str) -> float:
    """Seconds between two times; none is far from all."""
    if not one or not other:
        return float("inf")
    span = datetime.fromisoformat(other) - datetime.fromisoformat(one)
    return abs(span.total_seconds())
