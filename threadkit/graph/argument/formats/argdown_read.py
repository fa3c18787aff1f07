"""Argument graphs from Argdown: our own, and what people write in other tools."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import NamedTuple, cast

from threadkit.errors import SourceError, printable
from threadkit.graph.argument.formats.argdown import MODEL, SIGNS, shown_text
from threadkit.graph.argument.formats.argdown_text import ArgdownText, Element, Part, Row
from threadkit.graph.argument.formats.reading import Reading, edge_from, graph_from, node_from
from threadkit.graph.argument.values import Edge, EdgeKind, Node

_KINDS: Mapping[str, EdgeKind] = {sign: kind for kind, sign in SIGNS.items()}
_TITLE = re.compile(r"^title:[ \t]*(.*?)[ \t]*$", re.MULTILINE)


class _Key(NamedTuple):
    part: Part
    title: str


class _Line(NamedTuple):
    """``source`` bears on ``target``; ``outward``: it was written below its source."""

    source: _Key
    kind: EdgeKind
    target: _Key
    outward: bool
    at: int


def read_argdown(text: str, name: str) -> Reading:
    r"""Read an argument graph in Argdown.

    Parameters
    ----------
    text : str
        The file.
    name : str
        Of the file, for messages.

    Returns
    -------
    Reading
        Statements and arguments are nodes, named by their titles; one without a title by the
        hash of its text. Of a numbered argument the premises support the argument, and it its
        conclusion. A contradiction is an attack both ways. Headings are left out, tags and
        emphasis are kept as they are written.

    Raises
    ------
    SourceError
        With line and column, where the text is no Argdown.

    Examples
    --------
    >>> found = read_argdown("[a]: It is slow.\n  - [b]: It is not.\n", "map.argdown")
    >>> [(edge.source, edge.kind, edge.target) for edge in found.graph.edges]
    [('b', 'attack', 'a')]

    References
    ----------
    Argdown syntax, argdown.org/syntax (2.0).
    """
    reader = _Reader(text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n"), name)
    reader.gather()
    return reader.reading()


class _Reader:
    """Gathers elements and lines, then makes nodes and edges of them."""

    def __init__(self, text: str, name: str) -> None:
        self._text = ArgdownText(text, name)
        self._name = name
        self._title = ""
        self._said: dict[_Key, Element] = {}
        self._lines: list[_Line] = []
        self._notes: list[str] = []
        self._above: list[tuple[int, _Key | None]] = []
        self._owner: _Key | None = None  # of a numbered argument
        self._premises: list[_Key] = []
        self._concluding: int | None = None  # where the inference stands

    def gather(self) -> None:
        """Read the text once."""
        for row in self._text.rows():
            if row.what == "end":
                self._above = []
            elif row.what == "front":
                self._title = _title(row.text)
            elif row.what == "inference":
                if not self._premises:
                    raise self._text.where(row.start).error("an inference without a premise")
                self._concluding = row.start
                self._above = [(row.indent, self._owner)]
            elif row.what == "relation":
                self._relation(row)
            else:
                self._top(row)
        if self._concluding is not None:
            raise self._text.where(self._concluding).error("an inference without a conclusion")

    def _top(self, row: Row) -> None:
        key = self._keep(row)
        self._above = [(row.indent, key)]
        if row.what == "premise":
            self._premise(key, row.start)
            return
        if self._concluding is not None:
            raise self._text.where(row.start).error("expected a conclusion: a numbered line")
        self._premises = []
        self._owner = key if key.part == "argument" else None

    def _premise(self, key: _Key, at: int) -> None:
        if self._concluding is None:
            self._premises.append(key)
            return
        # A chain of inferences has one owner, which bears on the last conclusion; what the
        # chain goes through on the way supports it as a premise does.
        over = self._owner
        self._lines += [_Line(one, "support", over or key, False, at) for one in self._premises]
        if over:
            self._lines.append(_Line(over, "support", key, False, at))
        self._premises = [key]
        self._owner, self._concluding = None, None

    def _relation(self, row: Row) -> None:
        while self._above and self._above[-1][0] >= row.indent:
            self._above.pop()
        if not self._above:
            raise self._text.where(row.start).error(
                "a relation stands below what it is to, with more blanks before it"
            )
        over = self._above[-1][1]
        key = self._keep(row)
        self._above.append((row.indent, key))
        if over is None:
            self._note(row.start, "what is said of an inference without a name is left out")
            return
        if row.sign == "><":
            self._lines.append(_Line(key, "attack", over, False, row.start))
            self._lines.append(_Line(over, "attack", key, False, row.start))
            return
        kind = _KINDS[row.sign.strip("<>")]
        if row.sign.endswith(">"):
            self._lines.append(_Line(over, kind, key, True, row.start))
        else:
            self._lines.append(_Line(key, kind, over, False, row.start))

    def _keep(self, row: Row) -> _Key:
        element = cast(Element, row.element)
        title = (
            element.title
            or "a:" + sha256(element.text.encode("utf-8", "surrogatepass")).hexdigest()[:12]
        )
        key = _Key(element.part, title)
        old = self._said.get(key)
        if old and old.text and element.text and old.text != element.text:
            self._note(element.start, f"{printable(title)} has a text already; this one is kept")
        text = element.text or (old.text if old else "")
        data = {**(old.data if old else {}), **element.data}
        self._said[key] = element._replace(text=text, data=data)
        return key

    def _note(self, at: int, what: str) -> None:
        self._notes.append(f"{self._text.where(at).place}: {what}")

    def reading(self) -> Reading:
        """Make the graph."""
        steps = {key: one for key, one in self._said.items() if _edge_data(one) is not None}
        names: dict[_Key, str] = {}
        nodes: list[Node] = []
        for key, element in self._said.items():
            if key not in steps:
                nodes.append(self._node(key, element))
                names[key] = nodes[-1].id
        edges = _Edges(self, names, steps)
        found = list(edges.all())
        graph = graph_from(nodes, found, self._title, self._name)
        return Reading(graph, tuple(self._notes))

    def _node(self, key: _Key, element: Element) -> Node:
        data = element.data
        name, text = data.get("id"), element.text
        if data.get("origin") == "model":
            text = text.removeprefix(MODEL.strip()).lstrip()
        kept = data.get("text")
        if isinstance(kept, str) and shown_text(kept) == text:
            text = kept  # with its own line ends; else somebody changed what is shown
        if not isinstance(name, str) or not name:
            taken = key.part == "argument" and _Key("statement", key.title) in self._said
            name = f"{key.title} (argument)" if taken else key.title
        return node_from(name, text, data, self._text.where(element.start))

    @property
    def lines(self) -> list[_Line]:
        """Every relation that a line tells."""
        return self._lines

    def where_edge(
        self, source: str, kind: str, target: str, facts: Mapping[str, object], at: int
    ) -> Edge:
        """Make an edge, or name the place where it is wrong."""
        return edge_from(source, kind, target, facts, self._text.where(at))

    def elements(self) -> Iterator[tuple[_Key, Element]]:
        """List what is said, each once."""
        yield from self._said.items()

    def error(self, at: int, why: str) -> SourceError:
        """Return an error that names its place."""
        return self._text.where(at).error(why)

    def left_out(self, at: int, what: str) -> None:
        """Note what an argument graph cannot hold."""
        self._note(at, what)


class _Edges:
    """Makes edges of lines, of data, and of arguments that stand for an edge."""

    def __init__(
        self, reader: _Reader, names: Mapping[_Key, str], steps: Mapping[_Key, Element]
    ) -> None:
        self._reader = reader
        self._names = names
        self._steps = steps
        self._made: dict[_Key, Edge] = {}
        self._of_step: dict[_Key, list[_Line]] = {}
        self._into_step: dict[_Key, list[_Line]] = {}
        for line in reader.lines:
            if line.source in steps:
                self._of_step.setdefault(line.source, []).append(line)
            if line.target in steps:
                self._into_step.setdefault(line.target, []).append(line)
        self._facts = {
            (names[key], str(told.get("kind")), str(told.get("target"))): (told, element.start)
            for key, element in reader.elements()
            if key in names
            for told in _told(element)
        }

    def all(self) -> Iterator[Edge]:
        """Make every edge."""
        for key in self._steps:
            self._make(key)
        yield from self._made.values()
        for line in self._reader.lines:
            if line.source in self._steps or (
                line.target in self._steps and line.kind != "undercut"
            ):
                continue
            yield self._direct(line)
        known = {*self._names.values(), *(edge.id for edge in self._made.values())}
        for (source, kind, target), (facts, at) in self._facts.items():
            if kind in SIGNS:
                continue
            if target in known:
                yield self._reader.where_edge(source, kind, target, facts, at)
            else:
                what = f"{printable(kind)} of {printable(target)}, which is not here"
                self._reader.left_out(at, what)

    def _direct(self, line: _Line) -> Edge:
        source, target = self._names[line.source], self._end(line.target)
        facts, _ = self._facts.get((source, line.kind, target), ({}, 0))
        return self._reader.where_edge(source, line.kind, target, facts, line.at)

    def _end(self, key: _Key) -> str:
        return self._made[key].id if key in self._made else self._names[key]

    def _make(self, key: _Key) -> None:
        """Make the edge that an argument stands for, after those that it targets."""
        chain = [key]
        for one in chain:
            out = self._outward(one)
            if out and out.target in self._steps and out.target not in self._made:
                if out.target in chain:
                    raise self._reader.error(out.at, "relations that undercut each other in a ring")
                chain.append(out.target)
        for one in reversed(chain):
            if one not in self._made:
                self._made[one] = self._step(one)

    def _outward(self, key: _Key) -> _Line | None:
        """Find the line that says what an edge leads to."""
        return next(iter(self._of_step.get(key, ())), None)

    def _step(self, key: _Key) -> Edge:
        """Make one edge: the lines say what it is, the data what is to be known of it."""
        element = self._steps[key]
        data = _edge_data(element) or {}
        for line in self._of_step.get(key, ())[1:]:
            self._reader.left_out(line.at, "a relation has one target; this one is left out")
        source = str(data.get("source", ""))
        begins = [one for one in self._into_step.get(key, ()) if one.kind != "undercut"]
        for line in begins[1:]:
            self._reader.left_out(line.at, "a relation has one source; this one is left out")
        if begins and begins[0].source in self._names:
            source = self._names[begins[0].source]
        out = self._outward(key)
        kind, target = str(data.get("kind", "")), str(data.get("target", ""))
        if out:
            kind, target = out.kind, self._end(out.target)
        return self._reader.where_edge(source, kind, target, data, element.start)


def _title(front: str) -> str:
    match = _TITLE.search(front)
    if not match:
        return ""
    word = match[1]
    if word.startswith('"'):
        try:
            return str(json.loads(word))
        except ValueError:
            return word.strip('"')
    return word.strip("'")


def _edge_data(element: Element) -> dict[str, object] | None:
    data = element.data.get("edge")
    return data if element.part == "argument" and isinstance(data, dict) else None


def _told(element: Element) -> Iterator[dict[str, object]]:
    found = element.data.get("edges")
    for one in found if isinstance(found, list) else ():
        if isinstance(one, dict):
            yield one
