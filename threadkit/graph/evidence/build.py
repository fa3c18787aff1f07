"""The evidence graph, made from rows."""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from threadkit.commits.titles import same_title
from threadkit.commits.values import SURE_DIGITS
from threadkit.graph.collector import collector_paused
from threadkit.graph.evidence.names import Hashes, People
from threadkit.graph.evidence.rows import CulpritRow, EvidenceRows
from threadkit.graph.evidence.schema import EDGES, kind_of, name_of

if TYPE_CHECKING:
    import networkx as nx

_OF_TRAILER = {"fixes": "fixes", "closes": "closes", "link": "links_discussion"}
_OF_CREDIT = {"reported": "reported_by", "bisected": "bisected_by", "tested": "tested_by"}
_OF_RELATION = {
    "fixes": "fixes",
    "reverts": "reverts",
    "backports": "backports",
    "cherry-picks": "backports",
    "links_discussion": "links_discussion",
    "links_provenance": "links_provenance",
    "closes": "closes",
    **{kind: kind for kind in _OF_CREDIT.values()},
}
_HASH = re.compile(r"[0-9a-f]{7,64}")
_TOGETHER = frozenset({"trailer", "curated"})  # else several culprits are alternatives
_LOOSE = 0.5
"""How sure a parent is that only the subject tells."""


def evidence_graph(rows: EvidenceRows) -> nx.MultiDiGraph[str]:
    """Put rows together to the evidence graph.

    Parameters
    ----------
    rows : EvidenceRows
        Read once, mails first.

    Returns
    -------
    networkx.MultiDiGraph
        As :mod:`threadkit.graph.evidence.schema` declares it. Attributes of nodes: ``kind``,
        ``title``, ``date_utc``, and of some kinds more; what is not known is left out.

    Examples
    --------
    >>> graph = evidence_graph(EvidenceRows(messages=[
    ...     (1, "a@x", 0, 0, "cow", None, "2020-09-01T10:00:00Z", None, "root"),
    ...     (2, "b@x", 0, 0, "Re: cow", None, "2020-09-01T11:00:00Z", 1, "in-reply-to")]))
    >>> list(graph.edges(data="kind"))
    [('message:b@x', 'message:a@x', 'replies_to')]

    Notes
    -----
    Linear in rows, plus sorting hashes. A mail with its edges takes about 3 kB and 40
    microseconds.
    """
    with collector_paused():
        return _Builder(rows).graph


class _Builder:
    """The graph while it grows, and which node each name means."""

    def __init__(self, rows: EvidenceRows) -> None:
        import networkx as nx

        self.graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
        self.mails: dict[int, str] = {}  # number of a mail -> its node
        self.ids: dict[str, str] = {}  # Message-ID -> the node of the first mail that has it
        self.people = People(rows.people)
        self._messages(rows)
        commits = [tuple(row) for row in rows.commits]
        self.hashes = Hashes((row[0] for row in commits), rows.answers)
        self._commits(commits)
        self._citations(rows)
        self._commit_mails(rows)
        self._relations(rows)
        self._series(rows)
        self._regressions(rows)
        self._join_unresolved()

    # -- nodes ---------------------------------------------------------------------

    def _node(self, node: str, **known: str | int | float | None) -> str:
        """Add a node, or what more is known of one; None and empty text are not known."""
        data = self.graph._node.get(node)
        if data is None:
            self.graph.add_node(node, kind=kind_of(node))
            data = self.graph._node[node]
        for name, value in known.items():
            if value is not None and value != "":
                data.setdefault(name, value)
        return node

    def _link(
        self, source: str, target: str, kind: str, rule: str, score: float = 1.0, **more: str | int
    ) -> None:
        self.graph.add_edge(source, target, kind=kind, rule=rule, score=score, **more)

    def _message(self, message_id: str) -> str:
        """Give the node of a Message-ID; a ghost if its mail is not here."""
        node = self.ids.get(message_id)
        if node is None:
            node = self.ids[message_id] = self._node(f"message:{message_id}", ghost=True)
        return node

    def _person(self, found: tuple[str, str]) -> str:
        return self._node(found[0], title=found[1])

    def _hash(self, written: str, title: str = "") -> tuple[str, str, float]:
        """Give the node of a hash as written, with the rule and score of that."""
        written = written.lower()
        found = self.hashes.find(written)
        if found:
            return f"commit:{found[0]}", found[1], found[2]
        node = self._node(
            f"unresolved:{written}",
            title=title,
            reason=self.hashes.why(written),
            candidates=self.hashes.candidates(written),
        )
        return node, "written", 1.0

    def _target(self, kind: str, value: str, title: str = "") -> tuple[str, str, float] | None:
        """Give the node that a citation means; None for a page that is no evidence."""
        if kind == "commit":
            return self._hash(value, title)
        if kind == "message":
            return self._message(value), "written", 1.0
        if kind == "syzbot":
            return self._node(f"report:syzbot:{value}", title=f"syzbot {value}"), "written", 1.0
        if kind == "release":
            return self._release(value), "written", 1.0
        if kind in ("bug", "cve"):
            return self._node(f"{kind}:{value}", title=title or value), "written", 1.0
        return None

    def _release(self, name: str) -> str:
        """Give the node of a release: mails write 5.9 of what the tag calls v5.9."""
        plain = name[1:] if name[:1] == "v" and name[1:2].isdigit() else name
        return self._node(f"release:{plain}", title=plain)

    # -- rows ----------------------------------------------------------------------

    def _messages(self, rows: EvidenceRows) -> None:
        parents: list[tuple[str, int, str]] = []
        for number, message_id, imposter, ghost, title, person, date, parent, rule in rows.messages:
            node = f"message:{message_id} #{imposter}" if imposter else f"message:{message_id}"
            self.mails[number] = node
            if not imposter:
                self.ids[message_id] = node
            known: dict[str, Any] = {"kind": "message"}
            if ghost:
                known["ghost"] = True
            if title:
                known["title"] = title
            if date:
                known["date_utc"] = date
            who = self.people.by_number.get(person) if person is not None else None
            if who is not None:
                known["person"] = who[1]
            self.graph.add_node(node, **known)
            if who is not None:
                self._link(self._person(who), node, "wrote", "from")
            if parent is not None:
                parents.append((node, parent, rule or "references"))
        for answer, parent, why in parents:
            above = self.mails.get(parent)
            if above is not None:
                self._link(answer, above, "replies_to", why, _LOOSE if why == "subject" else 1.0)
        for message_id, number in rows.aliases:
            if number in self.mails:
                self.ids.setdefault(message_id, self.mails[number])
        for quoting, quoted, start, stop, method, score in rows.quotes:
            by, source = self.mails.get(quoting), self.mails.get(quoted)
            if by is not None and source is not None:
                self._link(by, source, "quotes", method, score, start=start, stop=stop)

    def _commits(self, commits: list[tuple[Any, ...]]) -> None:
        for sha, subject, author, email, written, applied, release, mainline in commits:
            node = self._node(
                f"commit:{sha}",
                title=subject,
                date_utc=applied or written,
                author_utc=written,
                person=author,
                release=release,
                mainline=mainline,
            )
            if email or author:
                who = self.people.named(author, email or author)
                self._link(self._person(who), node, "wrote", "author")
            if release:
                self._link(node, self._release(release), "released_in", "tag")

    def _citations(self, rows: EvidenceRows) -> None:
        for number, kind, value, title, start, stop, trailer, role in rows.citations:
            mail = self.mails.get(number)
            found = self._target(kind, value, title) if mail is not None else None
            if mail is None or found is None:
                continue
            node, rule, score = found
            what = _OF_TRAILER.get(trailer.lower(), "cites")
            if kind_of(node) not in EDGES[what].targets:
                what = "cites"
            more: dict[str, str | int] = {"start": start, "stop": stop}
            if role:
                more["role"] = role
            self._differs(node, title, more)
            self._link(mail, node, what, rule, score, **more)
        for number, name, value, start, stop in rows.credits:
            mail, who = self.mails.get(number), self.people.written(value)
            if mail is None or who is None:
                continue
            for word in name.lower().removesuffix("-by").split("-and-"):
                if word in _OF_CREDIT:
                    self._link(mail, self._person(who), _OF_CREDIT[word], name, start=start,
                               stop=stop)  # fmt: skip

    def _differs(self, node: str, title: str, more: dict[str, str | int]) -> None:
        """Keep the title that somebody wrote, if it is not that of the commit."""
        subject = self.graph._node[node].get("title", "")
        if title and kind_of(node) == "commit" and not same_title(title, subject):
            more["written_title"] = title

    def _commit_mails(self, rows: EvidenceRows) -> None:
        self.became: set[tuple[str, str]] = set()
        self.discussed: list[tuple[str, str, str, float]] = []
        for sha, message_id, kind, rule, score in rows.commit_mails:
            commit = f"commit:{sha}"
            if commit not in self.graph:
                continue
            if kind == "becomes":
                mail = self._message(message_id)
                self.became.add((commit, mail))
                self._link(mail, commit, "becomes", rule, score)
            elif kind == "discusses":
                self.discussed.append((commit, self._message(message_id), rule, score))

    def _relations(self, rows: EvidenceRows) -> None:
        for sha, kind, target, value, title, start, stop, rule, score in rows.relations:
            commit = f"commit:{sha}"
            if commit not in self.graph:
                continue
            what = _OF_RELATION.get(kind, "cites")
            if target == "person":
                if what in _OF_CREDIT.values() and "@" in value:
                    who = self.people.named(title, value)
                    self._link(commit, self._person(who), what, rule, score, start=start, stop=stop)
                continue
            found = self._target(target, value, title)
            if found is None:
                continue
            node, how, sure = found
            if what == "links_discussion" and (commit, node) in self.became:
                what = "links_provenance"  # whatever host the link names: it is the patch
            if kind_of(node) not in EDGES[what].targets:
                what = "cites"
            more: dict[str, str | int] = {"start": start, "stop": stop}
            if how == "beginning":
                more["resolved"] = how
            self._differs(node, title, more)
            self._link(commit, node, what, rule, min(score, sure), **more)
        for commit, mail, rule, score in self.discussed:
            if not self.graph.has_edge(commit, mail):  # a trailer says more: it has a span
                self._link(commit, mail, "links_discussion", rule, score)

    def _series(self, rows: EvidenceRows) -> None:
        nodes: dict[int, str] = {}
        for number, key, title, author, fate, sha, release in rows.series:
            nodes[number] = self._node(
                f"series:{key}", title=title, person=author, fate=fate, release=release
            )
            if sha and f"commit:{sha}" in self.graph:
                self._link(nodes[number], f"commit:{sha}", "becomes", "last patch")
        for number, series, counter, sha in rows.members:
            mail = self.mails.get(number)
            if mail is None or series not in nodes:
                continue
            self._link(mail, nodes[series], "part_of", "cover" if counter == 0 else "patch")
            commit = f"commit:{sha}"
            if sha and commit in self.graph and (commit, mail) not in self.became:
                self._link(mail, commit, "becomes", "series")
        before: dict[int, str] = {}
        for series, _, revision, message_id, posted, rule, score in sorted(rows.revisions):
            mail = self._node(self._message(message_id), date_utc=posted, revision=revision)
            if before.get(series, mail) != mail:
                self._link(mail, before[series], "supersedes", rule, score)
            before[series] = mail

    def _regressions(self, rows: EvidenceRows) -> None:
        nodes: dict[int, str] = {}
        reports: dict[str, str] = {}  # Message-ID -> regression
        same: list[tuple[str, str]] = []
        for number, key, title, state, reported, fixed, score, origin, *more in rows.regressions:
            node = nodes[number] = self._node(
                f"regression:{key}",
                title=title,
                state=state,
                date_utc=reported,
                fixed_utc=fixed,
                score=score,
                origin=origin,
            )
            for kind, names in zip(("bisected_by", "tested_by"), more[:2], strict=True):
                for who in filter(None, map(self.people.written, names.splitlines())):
                    self._link(node, self._person(who), kind, origin, score)
            same += [(node, message_id) for message_id in more[2].splitlines()]
        for number, message_id, utc, person, email, title in rows.reports:
            if number in nodes:
                reports.setdefault(message_id, nodes[number])
                self._report(nodes[number], message_id, utc, person, email, title)
        some: dict[int, list[CulpritRow]] = {}
        for row in rows.culprits:
            if row[0] in nodes:
                some.setdefault(row[0], []).append(CulpritRow._make(row))
        for number, culprits in some.items():
            together = len(culprits) == 1 or culprits[0].source in _TOGETHER
            for one in culprits:
                self._culprit(nodes[number], one, 1 if together else len(culprits))
        for number, sha, message_id, status, rule, score in rows.fixes:
            fix = self._fix(sha, message_id)
            if number in nodes and fix:
                self._link(fix, nodes[number], "fixes", rule, score, status=status)
        for node, message_id in same:
            if reports.get(message_id, node) != node:
                self._link(node, reports[message_id], "duplicates", "duplicate")

    def _report(
        self, regression: str, message_id: str, utc: str | None, person: str, email: str, title: str
    ) -> None:
        report = self._node(f"report:{message_id}", title=title, date_utc=utc, person=person)
        self._link(report, regression, "part_of", "report")
        self._link(report, self._message(message_id), "told_in", "report")
        if email:
            who = self._person(self.people.named(person, email))
            self._link(report, who, "reported_by", "report")

    def _culprit(self, regression: str, row: CulpritRow, one_of: int) -> None:
        """Tie a regression to its culprit, or more loosely to one of several that it may be."""
        more = {"one_of": one_of} if one_of > 1 else {}
        commit = f"commit:{row.sha}"
        if row.sha and commit in self.graph:
            target = commit
        elif ".." in row.name or not _HASH.fullmatch(row.name):
            self._node(regression, culprit=row.name)
            return
        else:
            target = self._hash(row.name, row.title)[0]
        score = round(row.score / one_of, 4)
        self._link(regression, target, "introduced_by", row.source, score, **more)

    def _fix(self, sha: str | None, message_id: str | None) -> str | None:
        """Give the commit or the mail that is to end it; None if only a title is known."""
        if sha and f"commit:{sha}" in self.graph:
            return f"commit:{sha}"
        if message_id:
            return self._message(message_id)
        return self._hash(sha)[0] if sha else None

    def _join_unresolved(self) -> None:
        """Make one node of a hash and its beginning, if nothing else that is written begins so."""
        import networkx as nx

        names = sorted(node for node in self.graph if kind_of(node) == "unresolved")
        longest: dict[str, str] = {}
        for name, after in reversed(list(pairwise(names))):
            if not after.startswith(name) or len(name_of(name)) < SURE_DIGITS:
                continue
            whole = longest.get(after, after)
            # The last name that begins so: if it is of another chain, there are two.
            last = names[bisect_right(names, name + "g") - 1]
            if last == whole:
                longest[name] = whole
        for name, whole in longest.items():
            for known, value in self.graph._node[name].items():
                self.graph._node[whole].setdefault(known, value)
        nx.relabel_nodes(self.graph, longest, copy=False)
