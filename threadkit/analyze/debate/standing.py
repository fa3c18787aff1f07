"""How claims stand in a debate: which are disputed, given up, upheld, or left alone."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from threadkit.analyze.debate.claims import Group
from threadkit.analyze.debate.ground import Ground
from threadkit.analyze.debate.values import Link, Point, Status, UnitName

AGAINST: Final = frozenset(("attack", "undercut"))
"""Kinds of links that speak against what they are on."""

FOR: Final = frozenset(("support", "agree"))
"""Kinds of links that speak for it."""

CONCEDED, WITHDRAWN = "perhaps conceded", "perhaps withdrawn"
"""What the reason of a status says if a candidate would make it another one."""


class Standing(NamedTuple):
    """A status, and how it is known."""

    status: Status
    why: str


class Standings:
    """Tells the status of claims.

    Parameters
    ----------
    ground : Ground
        The conversation.
    groups : sequence of Group
        Its claims.
    links : iterable of Link
        How units bear on each other; candidates do not count.
    points : iterable of Point
        What was answered and what was not.

    Notes
    -----
    The first of these that holds: *withdrawn*: its author gives it up, or gives in to what was
    said against it, in a later mail. *Conceded*: somebody else gives in to it, or agrees after he
    spoke against it. *Upheld*: others spoke
    against it, and all of that was spoken against in turn, so that it is accepted in the
    grounded labelling of the links (places of one claim are one node), and nobody who spoke
    against it came back to what he was told. *Contested*: something said against it stands, or
    the last word is not for it. *Unanswered*: it called for
    an answer, and nobody gave one. *Open*: all else. Nothing is said of who is right. That a
    patch was applied settles the patch, not what was said of it. Where somebody gives in
    perhaps, the reason says so.

    References
    ----------
    P. M. Dung, On the acceptability of arguments, Artificial Intelligence 77 (1995).
    """

    def __init__(
        self,
        ground: Ground,
        groups: Sequence[Group],
        links: Iterable[Link],
        points: Iterable[Point],
    ) -> None:
        self.ground = ground
        self._claim = {name: group.names[0] for group in groups for name in group.names}
        self._on: defaultdict[UnitName, list[Link]] = defaultdict(list)
        self._by: defaultdict[UnitName, list[Link]] = defaultdict(list)
        self._perhaps: defaultdict[UnitName, list[Link]] = defaultdict(list)
        for link in links:
            if link.state == "candidate" and link.kind == "concede":
                self._perhaps[self._node(link.target)].append(link)
            if link.state in ("automatic", "accepted") and not self._is_own(link):
                self._on[self._node(link.target)].append(link)
                self._by[self._node(link.source)].append(link)
        self._accepted = self._grounded()
        self._mails: defaultdict[str, list[int]] = defaultdict(list)
        for mail in ground.mails:
            self._mails[mail.who].append(mail.id)
        self._alone = {point.name for point in points if point.outcome == "no direct reply"}

    def of(self, group: Group) -> Standing:
        """Tell how a claim stands.

        Parameters
        ----------
        group : Group
            One of the claims.
        """
        first = group.names[0]
        who = self.ground.mail(first.mail).who
        on = self._on.get(first, [])
        against = [link for link in on if link.kind in AGAINST]
        known = self._withdrawn(first, on, against, who) or self._conceded(on, against, who)
        if known:
            return known
        rest = (
            self._disputed(first, against)
            or self._left_alone(group)
            or Standing("open", "nobody spoke against it")
        )
        return rest._replace(why=rest.why + self._maybe(first, against, who))

    def _maybe(self, first: UnitName, against: Sequence[Link], author: str) -> str:
        """Tell who may have given in to a claim, or taken it back; empty if nobody."""
        for link in self._perhaps.get(first, []):
            own = self._who(link.source) == author
            if not own or self._is_later(link.source, first):
                what = WITHDRAWN if own else CONCEDED
                return f"; {what} by {self._told(link.source)}: a candidate"
        for attack in against:
            for link in self._perhaps.get(self._node(attack.source), []):
                if self._gives_in(link, author) and self._is_later(link.source, attack.source):
                    return f"; {WITHDRAWN} by {self._told(link.source)}: a candidate"
        return ""

    def _node(self, name: UnitName) -> UnitName:
        return self._claim.get(name, name)

    def _is_own(self, link: Link) -> bool:
        """Tell if somebody qualifies his own words where he says them, or speaks against them."""
        own = self._who(link.source) == self._who(link.target)
        return own and (link.kind in AGAINST or link.source.mail == link.target.mail)

    def _who(self, name: UnitName) -> str:
        return self.ground.mail(name.mail).who

    def _told(self, name: UnitName) -> str:
        mail = self.ground.mail(name.mail)
        day = f" on {mail.utc[:10]}" if mail.utc else ""
        return f"{mail.person or 'somebody'}{day} in {mail.message_id}"

    def _withdrawn(
        self, first: UnitName, on: Sequence[Link], against: Sequence[Link], author: str
    ) -> Standing | None:
        for link in on:
            if self._gives_in(link, author) and self._is_later(link.source, first):
                return Standing("withdrawn", f"given up by {self._told(link.source)}")
        for attack in against:
            for link in self._on.get(self._node(attack.source), []):
                if self._gives_in(link, author) and self._is_later(link.source, attack.source):
                    told = self._told(link.source)
                    return Standing("withdrawn", f"{told} gives in to what was said against it")
        return None

    def _gives_in(self, link: Link, who: str) -> bool:
        return link.kind == "concede" and self._who(link.source) == who

    def _is_later(self, name: UnitName, than: UnitName) -> bool:
        return self.ground.rank(name.mail) > self.ground.rank(than.mail)

    def _conceded(
        self, on: Sequence[Link], against: Sequence[Link], author: str
    ) -> Standing | None:
        since: dict[str, int] = {}
        for link in against:
            who, when = self._who(link.source), self.ground.rank(link.source.mail)
            since[who] = min(since.get(who, when), when)
        for link in on:
            who = self._who(link.source)
            if link.kind not in ("concede", "agree") or who == author:
                continue
            later = who in since and self.ground.rank(link.source.mail) > since[who]
            if later or link.kind == "concede":
                return Standing("conceded", f"{self._told(link.source)} gives in to it")
        return None

    def _disputed(self, first: UnitName, against: Sequence[Link]) -> Standing | None:
        if not against:
            return None
        standing = [
            link for link in against if self._accepted.get(self._node(link.source)) != "out"
        ]
        back = "" if standing else self._came_back(against)
        if self._accepted.get(first) == "in" and not back:
            count = len(against)
            last = max(against, key=lambda one: self.ground.rank(one.source.mail))
            return Standing(
                "upheld",
                f"spoken against {count} time{'s' * (count > 1)}, last by "
                f"{self._told(last.source)}; answered by {self._told(self._answer(last).source)}, "
                "and nobody came back to that",
            )
        last = (standing or list(against))[-1]
        count = len(standing or against)
        more = f" and {count - 1} more" if count > 1 else ""
        return Standing("contested", f"{self._told(last.source)} speaks against it{more}{back}")

    def _answer(self, attack: Link) -> Link:
        """Return the last link against what speaks against a claim, of those that stand."""
        some = [
            link
            for link in self._on.get(self._node(attack.source), [])
            if link.kind in AGAINST and self._accepted.get(self._node(link.source)) != "out"
        ]
        return max(some, key=lambda one: self.ground.rank(one.source.mail))

    def _came_back(self, against: Sequence[Link]) -> str:
        """Tell who spoke against a claim, was answered, and had a word after that."""
        for attack in against:
            answer, who = self._answer(attack).source, self._who(attack.source)
            for number in self._mails[who]:
                if self.ground.descends(number, answer.mail):
                    back = self.ground.mail(number).message_id
                    return f"; {self._told(answer)} answers, and is answered in {back}"
        return ""

    def _left_alone(self, group: Group) -> Standing | None:
        if any(name in self._alone for name in group.names):
            return Standing("unanswered", "no direct reply")
        return None

    def _grounded(self) -> Mapping[UnitName, str]:
        """Label what is spoken against: in if all that speaks against it is out, and so on."""
        against: dict[UnitName, set[UnitName]] = {}
        onto: defaultdict[UnitName, set[UnitName]] = defaultdict(set)
        for node, some in self._on.items():
            sources = {self._node(link.source) for link in some if link.kind in AGAINST} - {node}
            for source in sources:
                onto[source].add(node)
                against.setdefault(source, set())
            against.setdefault(node, set()).update(sources)
        open_of = {node: len(sources) for node, sources in against.items()}
        labels: dict[UnitName, str] = {}
        ready = deque(sorted(node for node, count in open_of.items() if not count))
        while ready:
            node = ready.popleft()
            labels[node] = "in"
            for hit in sorted(onto[node]):
                if hit in labels:
                    continue
                labels[hit] = "out"
                for freed in sorted(onto[hit]):
                    open_of[freed] -= 1
                    if not open_of[freed] and freed not in labels:
                        ready.append(freed)
        return labels
