"""Who answers whom: mails become reply trees, whatever their headers look like.

Threading here is a pure function of the mails. It never loses one, never makes a
loop, and does not depend on the order in which mails come in. Each decision names
the rule that made it (:data:`RULES`).

Where a node hangs depends on its own headers and, for a ghost, on those of its direct
children, so a conversation can be threaded without the rest of the archive
(:func:`threadkit.graph.affected.surroundings`).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, repeat
from typing import NamedTuple

from threadkit.graph.collector import collector_paused
from threadkit.graph.envelope import Envelope, may_be_loose, named_parent, usable

__all__ = ["RULES", "Envelope", "Forest", "Placement", "place", "placements"]

RULES: Mapping[str, str] = {
    "root": "names no parent",
    "in-reply-to": "the only Message-ID of In-Reply-To, or its last one where References is empty",
    "references": "the newest Message-ID of References",
    "gap": "from the References of its replies: a ghost, or a reply that lost its own headers",
    "subject": "loose: the nearest earlier mail of the same subject, at most a year before",
    "imposter": "names no parent: put below the first mail that has its Message-ID",
    "loop": "its parent is among its own descendants; that link was dropped",
}
"""What ``Placement.rule`` can say. Weaker rules lose where links form a loop."""

_STRENGTH = {"gap": 0, "references": 1, "in-reply-to": 2}
LOOKED_AT = 64
"""How many earlier mails of the same subject are looked at."""


class Placement(NamedTuple):
    """Where one mail, or one ghost, stands.

    ``parent`` and ``root`` are Message-IDs of nodes whose ``imposter`` is 0. ``root`` is
    that of the whole conversation, through loose matches too; a root's own is itself.
    ``rule`` is a key of :data:`RULES`. ``match`` is ``strict`` if References lead from
    here to the conversation's root, ``loose`` if the way leads over a subject.
    """

    message_id: str
    imposter: int
    ghost: bool
    parent: str | None
    rule: str
    root: str
    match: str


def place(envelopes: Iterable[Envelope]) -> list[Placement]:
    """Thread mails: one placement a mail, and one for each ghost.

    A mail's parent is the Message-ID of In-Reply-To if that names exactly one, else the
    newest of References, seen or not. An unseen one is a ghost; its own parent comes
    from the References of its replies, the longest list first. A loop loses its weakest
    link. A strict root that is a reply, and names nobody, is put below the nearest
    earlier mail with the same subject; a ghost at the root goes by its earliest mail.

    Parameters
    ----------
    envelopes : iterable of Envelope
        In any order. Of two with the same Message-ID and imposter number one is kept.

    Returns
    -------
    list of Placement
        The mails as they came (imposters after the others), then the ghosts by Message-ID.

    Examples
    --------
    >>> ask = Envelope("a@x", 0, (), (), "how to fork", False, "2020-09-01T10:00:00Z")
    >>> answer = Envelope("c@x", 0, (), ("a@x", "b@x"), "how to fork", True, "")
    >>> for p in place([answer, ask]):
    ...     print(p.message_id, p.parent, p.rule, p.ghost)
    c@x b@x references False
    a@x None root False
    b@x a@x gap True

    Notes
    -----
    Linear in mails and references, plus sorting mails that share a subject with an
    orphan. Imposters are leaves: what answers their Message-ID answers the first mail.

    References
    ----------
    RFC 5322 section 3.6.4.
    """
    return list(placements(envelopes))


def placements(envelopes: Iterable[Envelope]) -> Iterator[Placement]:
    """Thread mails as :func:`place` does; yield one placement after the other.

    Parameters
    ----------
    envelopes : iterable of Envelope
        As for :func:`place`.

    Yields
    ------
    Placement
        In the order of :func:`place`; all are worked out before the first.

    Examples
    --------
    >>> [p.rule for p in placements([Envelope("a@x", 0, (), (), "how to fork", False, "")])]
    ['root']
    """
    with collector_paused():
        forest = Forest(envelopes)
        forest.join(_nearest(forest))
        rows = forest.placements()
    yield from rows


class _Vote(NamedTuple):
    """A reply's word on its parent's ancestors; the least vote wins."""

    minus_stop: int
    order_utc: str
    message_id: str
    imposter: int
    references: tuple[str, ...]  # of the witness, of which [:stop] are before the parent

    def shorter(self, name: str) -> _Vote | None:
        """Return the vote on what stands before ``name``, or None if nothing does."""
        stop = -self.minus_stop
        while stop:
            before = self.references[stop - 1]
            if before != name and usable(before, self.message_id):
                break
            stop -= 1
        return self._replace(minus_stop=-stop) if stop else None


class Forest:
    """Mails linked by their headers into strict trees, which subjects may :meth:`join`.

    Nodes have numbers: first the mails, then the ghosts.

    Parameters
    ----------
    envelopes : iterable of Envelope
        As for :func:`place`.

    Attributes
    ----------
    mails : list of Envelope
        Those that are no imposters.
    names : list of str
        Message-IDs of all nodes but imposters; ``number`` is the way back.
    parent, root : list of int
        Of each node; ``parent`` is -1 at a root. Strict, until :meth:`join`.
    rule : list of str
        Of each node, a key of :data:`RULES`.
    """

    def __init__(self, envelopes: Iterable[Envelope]) -> None:
        self.mails: list[Envelope] = []
        self.number: dict[str, int] = {}
        imposters: dict[tuple[str, int], Envelope] = {}
        for mail in envelopes:
            if mail.imposter:
                key = (mail.message_id, mail.imposter)
                imposters[key] = min(mail, imposters.get(key, mail))
                continue
            at = self.number.setdefault(mail.message_id, len(self.mails))
            if at == len(self.mails):
                self.mails.append(mail)
            else:
                self.mails[at] = min(mail, self.mails[at])
        self.imposters = list(imposters.values())
        self.names = [mail.message_id for mail in self.mails]
        self.parent: list[int] = []
        self.rule: list[str] = []
        self.root: list[int] = []
        self.imposter_links: list[tuple[int, str]] = []
        self._loose: dict[int, int] = {}
        self._speakers: dict[int, int] | None = None
        self._link()
        self._fill_gaps()
        self._settle()

    def _node(self, name: str) -> int:
        """Return the number of a Message-ID; an unseen one becomes a ghost."""
        at = self.number.get(name)
        if at is None:
            at = self.number[name] = len(self.names)
            self.names.append(name)
            self.parent.append(-1)
            self.rule.append("root")
        return at

    def _link(self) -> None:
        """Give every mail the parent that its own headers name."""
        named = [named_parent(mail) for mail in self.mails]
        self.rule = [rule for _, rule in named]
        self.parent = [-1] * len(named)
        for at, (name, _) in enumerate(named):
            if name:
                self.parent[at] = self._node(name)
        for mail in self.imposters:
            name, rule = named_parent(mail)
            link = (self._node(name), rule) if name else (self._node(mail.message_id), "imposter")
            self.imposter_links.append(link)

    def _fill_gaps(self) -> None:
        """Give ghosts, and replies without headers, a parent that their replies know.

        Wave by wave upwards: replies speak for their parent; the one that is believed
        then speaks for the parent's parent, if nobody has done so nearer by.
        """
        votes: dict[int, _Vote] = {}
        for at, vote in self._witnesses():
            if at not in votes or vote < votes[at]:
                votes[at] = vote
        decided: set[int] = set()
        while votes:
            decided.update(votes)
            later: dict[int, _Vote] = {}
            for at, vote in votes.items():
                name = vote.references[-vote.minus_stop - 1]
                above = self.parent[at] = self._node(name)
                self.rule[at] = "gap"
                if above in decided or not self._unplaced(above):
                    continue
                onward = vote.shorter(name)
                if onward is not None and (above not in later or onward < later[above]):
                    later[above] = onward
            votes = later

    def _witnesses(self) -> Iterator[tuple[int, _Vote]]:
        """Yield what each mail with an unplaced parent knows of what is before it."""
        of_mails = zip(self.mails, self.parent, strict=False)
        of_imposters = (
            (m, at) for m, (at, _) in zip(self.imposters, self.imposter_links, strict=True)
        )
        for mail, at in chain(of_mails, of_imposters):
            if at < 0 or not mail.references or not self._unplaced(at):
                continue
            references, name = mail.references, self.names[at]
            stop = len(references)
            if name in references:
                stop -= references[::-1].index(name)
            vote = _Vote(-stop, mail.order_utc, mail.message_id, mail.imposter, references)
            before = vote.shorter(name)
            if before is not None:
                yield at, before

    def _unplaced(self, at: int) -> bool:
        """Say whether replies may tell where this node hangs."""
        return at >= len(self.mails) or (self.parent[at] < 0 and self.mails[at].is_reply)

    def _settle(self) -> None:
        """Find every node's strict root, and cut each loop at its weakest link."""
        parent = self.parent
        root = self.root = [-1] * len(parent)
        for start in range(len(parent)):
            if root[start] != -1:
                continue
            path, at = [], start
            while root[at] == -1:
                root[at] = -2  # on this path
                path.append(at)
                above = parent[at]
                if above < 0:
                    top = at
                    break
                at = above
            else:
                top = root[at] if root[at] >= 0 else self._cut(path[path.index(at) :])
            for at in path:
                root[at] = top

    def _cut(self, loop: list[int]) -> int:
        """Drop the link of one node of a loop and return that node."""
        at = min(loop, key=lambda at: (_STRENGTH[self.rule[at]], self.when(at)))
        self.parent[at] = -1
        self.rule[at] = "loop"
        return at

    def when(self, at: int) -> tuple[str, str]:
        """Return the place of a node in time; ghosts come before all mails.

        Parameters
        ----------
        at : int
            Number of a node.

        Returns
        -------
        tuple of (str, str)
            When it came, and its Message-ID.
        """
        return (self.mails[at].order_utc if at < len(self.mails) else "", self.names[at])

    def speakers(self) -> dict[int, int]:
        """Map each root that a subject may place to the mail whose subject counts.

        Returns
        -------
        dict
            Number of the root to that of the mail.
        """
        if self._speakers is not None:
            return self._speakers
        seen = len(self.mails)
        found = {
            at: at
            for at, rule in enumerate(self.rule[:seen])
            if rule == "root" and may_be_loose(self.mails[at])
        }
        of_ghosts: dict[int, int] = {}
        for at, above in enumerate(self.parent[:seen]):
            if above >= seen:
                top = self.root[at]
                if top >= seen and self.rule[top] == "root":
                    best = of_ghosts.setdefault(top, at)
                    of_ghosts[top] = min(best, at, key=self.when)
        found.update((top, at) for top, at in of_ghosts.items() if may_be_loose(self.mails[at]))
        self._speakers = found
        return found

    def join(self, found: dict[int, int]) -> None:
        """Hang roots below mails of the same subject; once, and links that form a loop not.

        Parameters
        ----------
        found : dict
            Number of each root, out of :meth:`speakers`, to that of the mail above it.
        """
        self._loose = _without_loops(found, self) if found else found
        for at, above in self._loose.items():
            self.parent[at] = above
            self.rule[at] = "subject"

    def placements(self) -> Iterator[Placement]:
        """Yield where everything stands.

        Yields
        ------
        Placement
            In the order of :func:`place`.
        """
        names, root, rule, parent = self.names, self.root, self.rule, self.parent
        loose = self._loose
        tops = _tops(loose, root)
        seen = len(self.mails)
        ghosts = sorted(range(seen, len(names)), key=names.__getitem__)
        rows = chain(
            zip(names[:seen], repeat(0), repeat(False), parent, rule, root, strict=False),
            (
                (mail.message_id, mail.imposter, False, above, why, root[above])
                for mail, (above, why) in zip(self.imposters, self.imposter_links, strict=True)
            ),
            ((names[at], 0, True, parent[at], rule[at], root[at]) for at in ghosts),
        )
        for name, imposter, ghost, above, why, top in rows:
            yield Placement(
                name,
                imposter,
                ghost,
                None if above < 0 else names[above],
                why,
                names[tops.get(top, top)],
                "loose" if top in loose else "strict",
            )


def earliest(now_utc: str) -> str:
    """Return how old a mail of the same subject may be: a year.

    Parameters
    ----------
    now_utc : str
        When the mail came that looks for it.

    Returns
    -------
    str
        To be compared as text.

    Examples
    --------
    >>> earliest("2024-02-29T10:00:00Z")
    '2023-02-29T10:00:00Z'
    """
    return f"{max(int(now_utc[:4]) - 1, 0):04d}{now_utc[4:]}"


def _nearest(forest: Forest) -> dict[int, int]:
    """Match strict roots that are replies with earlier mails of the same subject."""
    speakers = forest.speakers()
    if not speakers:
        return {}
    wanted = {forest.mails[at].subject_key for at in speakers.values()}
    same: dict[str, list[tuple[str, str, int]]] = {key: [] for key in wanted}
    for at, mail in enumerate(forest.mails):
        if mail.subject_key in wanted:
            same[mail.subject_key].append((mail.order_utc, mail.message_id, at))
    for mails in same.values():
        mails.sort()
    found: dict[int, int] = {}
    for top, at in speakers.items():
        mails = same[forest.mails[at].subject_key]
        now, name = forest.when(at)
        oldest = earliest(now)
        position = bisect_left(mails, (now, name))
        for when, _, earlier in reversed(mails[max(0, position - LOOKED_AT) : position]):
            if when < oldest:
                break
            if forest.root[earlier] != top:
                found[top] = earlier
                break
    return found


def _without_loops(found: dict[int, int], tree: Forest) -> dict[int, int]:
    """Drop, from each loop of trees (clocks were wrong), the match of the earliest."""
    done: set[int] = set()
    speakers = tree.speakers()
    for start in list(found):
        path: dict[int, None] = {}
        top = start
        while top in found and top not in done and top not in path:
            path[top] = None
            top = tree.root[found[top]]
        if top in path:
            trees = list(path)
            loop = trees[trees.index(top) :]
            del found[min(loop, key=lambda top: tree.when(speakers[top]))]
        done.update(path)
    return found


def _tops(loose: Mapping[int, int], root: list[int]) -> dict[int, int]:
    """Map each loosely matched strict root to the root of its conversation."""
    tops: dict[int, int] = {}
    for start in loose:
        path, top = [], start
        while top in loose and top not in tops:
            path.append(top)
            top = root[loose[top]]
        top = tops.get(top, top)
        tops.update(dict.fromkeys(path, top))
    return tops
