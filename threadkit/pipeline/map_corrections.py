"""What a person changed in an argument map, in another tool, as corrections."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from sqlite3 import Connection

from threadkit.analyze.arguments.values import KINDS, LABELS
from threadkit.analyze.debate.corrections import ADDED, REMOVED
from threadkit.analyze.debate.names import key_parts
from threadkit.errors import NotFound, SourceError, printable
from threadkit.graph.argument.difference import Change, difference
from threadkit.graph.argument.formats.aif_read import read_aif
from threadkit.graph.argument.formats.argdown_read import read_argdown
from threadkit.graph.argument.values import ArgumentGraph
from threadkit.pipeline.argument_graph import PATCH, UNIT, argument_graph
from threadkit.pipeline.claim_edits import Author, no_text
from threadkit.pipeline.claims_view import SHOWN, STATES
from threadkit.pipeline.display import counted
from threadkit.store import lookup, read
from threadkit.store.claim_list import claim_at, read_claim
from threadkit.store.debate_list import corrections_of
from threadkit.store.debates import CorrectionRow
from threadkit.store.passages import passages

FORMATS = {"argdown": read_argdown, "aif": read_aif}
"""What reads each format; AIF in both of its forms."""


def map_corrections(
    conn: Connection, text: str, name: str, author: Author, *, removed: bool = False
) -> tuple[list[CorrectionRow], list[str]]:
    """Compare a map that came back with what is here.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    text : str
        Argdown or AIF.
    name : str
        Of the file, for errors.
    author : Author
        Who changed it; its origin, argdown or aif, is the format.
    removed : bool, optional
        Claims that the map lacks are rejected; else they are left, for they may have been
        found after it was written.

    Returns
    -------
    rows : list of CorrectionRow
        Texts become gists; relations between what is in the map are added and removed.
    notes : list of str
        What cannot be kept, and why.

    Raises
    ------
    SourceError
        The file cannot be read; with line and column, or the path of a value.
    """
    reading = FORMATS[author.origin](text, name)
    new = reading.graph
    for node in new.nodes:
        for said in (node.id, node.text, node.label, node.kind):
            if why := no_text(said):
                raise SourceError(name, f"{printable(node.id)}: {why}")
    old = _known(conn, new)
    maker = _Maker(conn, author, removed=removed)
    known = {node.id for node in old.nodes}
    came = {node.id for node in new.nodes}
    rows: list[CorrectionRow] = []
    for change in difference(old, new):
        if change.target and not {change.node, change.target} <= known & came:
            if change.node in known and change.target in known:
                continue  # one end is gone from the map
            maker.miss("relations of statements that are in no mail", change)
            continue
        rows += maker.rows(change)
    return rows, [*reading.notes, *maker.notes(), *_undone(conn, rows)]


def _undone(conn: Connection, rows: Sequence[CorrectionRow]) -> Iterator[str]:
    """Say which corrections of before a map says otherwise of: it may be older than they are."""
    before = {one[:2]: one for one in corrections_of(conn, [row.target for row in rows])}
    for row in rows:
        old = before.get(row[:2])
        if old is not None and old.value != row.value:
            claim = claim_at(conn, *key_parts(row.target)) or row.target
            yield (
                f"{claim}, {row.field.partition(':')[0]}: says otherwise than {old.person} on"
                f" {old.utc[:10]}, and wins if it is kept"
            )


def _known(conn: Connection, new: ArgumentGraph) -> ArgumentGraph:
    """Make the graph of the conversations of a map, without what would not be exported."""
    threads = dict.fromkeys(_threads(conn, new))
    graphs = [argument_graph(conn, thread, states=STATES) for thread in threads]
    came, edges = new.by_id(), new.edges_by_id()
    nodes = [n for g in graphs for n in g.nodes if n.state in SHOWN or n.id in came]
    here = {node.id for node in nodes}
    kept = [
        edge
        for graph in graphs
        for edge in graph.edges
        if (edge.state in SHOWN or edge.id in edges) and {edge.source, edge.target} <= here
    ]
    return ArgumentGraph.of(nodes, kept)


def _threads(conn: Connection, new: ArgumentGraph) -> Iterator[str]:
    """Yield a mail of each conversation that nodes of a map are from, by root."""
    for node in new.nodes:
        claim = read_claim(conn, node.id)
        if claim is not None:
            yield claim.root
            continue
        mail = key_parts(node.id.removeprefix(UNIT))[0] or node.id.removeprefix(PATCH)
        try:
            yield read.message(conn, lookup.root(conn, mail)).message_id
        except NotFound:
            continue


class _Maker:
    """Makes corrections of changes, and remembers what cannot be kept."""

    def __init__(self, conn: Connection, author: Author, *, removed: bool) -> None:
        self._conn = conn
        self._author = author
        self._removed = removed
        self._missed: dict[str, list[str]] = {}

    def miss(self, what: str, change: Change) -> None:
        """Remember a change that cannot be kept."""
        self._missed.setdefault(what, []).append(change.node)

    def notes(self) -> list[str]:
        """Say what could not be kept."""
        return [
            f"{counted(len(names), 'change')} left out: {what} ({', '.join(names[:3])}"
            + (" ...)" if len(names) > 3 else ")")
            for what, names in self._missed.items()
        ]

    def rows(self, change: Change) -> Sequence[CorrectionRow]:
        """Make corrections of a change."""
        if change.what == "node added":
            self.miss("statements that are in no mail", change)
            return ()
        key = self._key(change.node)
        if change.target:
            return self._relation(change, key)
        if change.what == "node removed":
            if not self._removed or change.node.startswith((UNIT, PATCH)):
                if not change.node.startswith((UNIT, PATCH)):
                    self.miss("claims that the map lacks; --removed rejects them", change)
                return ()
            return [self._author.says(key, "state", "rejected")]
        field = {"text changed": "gist", "label changed": "label", "kind changed": "kind"}[
            change.what
        ]
        known = {"label": LABELS, "kind": KINDS}.get(field)
        if change.node.startswith(PATCH) or (field == "gist" and change.node.startswith(UNIT)):
            self.miss("texts of what is no claim", change)
        elif field == "gist" and self._is_passage(change):
            self.miss("words of the mail in the place of a gist, as before it was given", change)
        elif known is not None and change.after not in known:
            self.miss(f"{field} {change.after}, which there is not", change)
        else:
            return [self._author.says(key, field, change.after)]
        return ()

    def _relation(self, change: Change, key: str) -> Sequence[CorrectionRow]:
        if change.through:
            self.miss("undercuts of relations", change)
            return ()
        if change.node.startswith(PATCH):
            self.miss("relations from a patch", change)
            return ()
        target = self._key(change.target)
        said = [(change.before, REMOVED), (change.after, ADDED)]
        return [
            self._author.says(key, f"relation:{kind}:{target}", value)
            for kind, value in said
            if kind
        ]

    def _is_passage(self, change: Change) -> bool:
        """Tell whether a text is what the mail says: the map may be older than the gist."""
        claim = read_claim(self._conn, change.node)
        if claim is None or claim.message is None:
            return False
        name = (claim.message, claim.start, claim.stop)
        return change.after == " ".join(passages(self._conn, [name])[name].split())

    def _key(self, node: str) -> str:
        """Return the lasting name of a node."""
        claim = read_claim(self._conn, node)
        if claim is not None:
            return claim.key
        return node.removeprefix(UNIT)
