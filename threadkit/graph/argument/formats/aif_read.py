"""Argument graphs from AIF and xAIF: our own, and what AIFdb, OVA and arguebuf write."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from threadkit.errors import printable
from threadkit.graph.argument.formats.aif import MODEL, NOBODY, OWN, SCHEMES, TRANSITIONS
from threadkit.graph.argument.formats.reading import (
    Reading,
    Where,
    edge_from,
    graph_from,
    node_from,
)
from threadkit.graph.argument.framework import components
from threadkit.graph.argument.values import Edge, EdgeKind, Node

_KINDS = {text: kind for kind, text in TRANSITIONS.items()}
_SCHEMES = frozenset({"RA", "CA", "MA", "PA", ""})
_LEFT_OUT = {
    "MA": "a rephrase has no place here",
    "PA": "a preference has no place here",
    "": "whether it supports or attacks is not said",
}
_DIALOGUE = frozenset({"L", "TA", "YA"})
_SPEAKER = re.compile(r"\s*([^:\n]{1,60}?) : ")
_TIMESTAMP = re.compile(r"(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)", re.ASCII)


class _Entry(NamedTuple):
    """A node of the file."""

    name: str
    type: str
    text: str
    time: str
    own: Mapping[str, object] | None
    path: str


def read_aif(text: str, name: str) -> Reading:
    """Read an argument graph in AIF JSON, or in xAIF JSON.

    Parameters
    ----------
    text : str
        The file.
    name : str
        Of the file, for messages.

    Returns
    -------
    Reading
        I-nodes are nodes, RA-nodes supports and CA-nodes attacks of each of their premises on each
        of their conclusions; a CA-node that leads to an RA- or CA-node undercuts it. Who said it
        is taken from the locutions. Rephrases (MA), preferences (PA), relations of no type and what
        leads nowhere are left out and noted.

    Raises
    ------
    SourceError
        With line and column where it is no JSON, else with the path of the value that is wrong.

    Examples
    --------
    >>> text = '''{"nodes": [{"nodeID": "1", "type": "I", "text": "It is slow."},
    ... {"nodeID": "2", "type": "I", "text": "It is not."},
    ... {"nodeID": "3", "type": "CA", "text": "Default Conflict"}],
    ... "edges": [{"edgeID": "4", "fromID": "2", "toID": "3"},
    ... {"edgeID": "5", "fromID": "3", "toID": "1"}]}'''
    >>> [(edge.source, edge.kind, edge.target) for edge in read_aif(text, "map.json").graph.edges]
    [('2', 'attack', '1')]
    """
    try:
        whole = json.loads(text.removeprefix("\ufeff"))
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise Where(name, place).error(f"no JSON: {error.msg}") from None
    except (ValueError, RecursionError):
        raise Where(name, "line 1").error("JSON that cannot be held") from None
    path = ""
    if isinstance(whole, dict) and "AIF" in whole:
        whole, path = whole["AIF"], "AIF."
    if not isinstance(whole, dict):
        raise Where(name, path.rstrip(".") or "line 1").error("expected an object")
    return _Reader(whole, path, name).reading()


class _Reader:
    """Makes nodes of I-nodes, and edges of what stands between them."""

    def __init__(self, whole: Mapping[str, object], path: str, name: str) -> None:
        self._whole, self._path, self._name = whole, path, name
        self._notes: list[str] = []
        self._entries = self._nodes()
        self._out: dict[str, list[str]] = {}
        self._into: dict[str, list[str]] = {}
        self._links()
        self._edges: dict[str, list[Edge]] = {}

    def reading(self) -> Reading:
        """Make the graph."""
        speakers = self._speakers()
        nodes = [self._node(one, speakers) for one in self._of_type("I")]
        self._transitions()
        self._make()
        for entry in self._of_type(*_LEFT_OUT):
            self._notes.append(f"{entry.path}: {_LEFT_OUT[entry.type]}; left out")
        edges = [edge for found in self._edges.values() for edge in found]
        own = self._whole.get(OWN)
        title = own.get("title", "") if isinstance(own, dict) else ""
        graph = graph_from(nodes, edges, str(title), self._name)
        return Reading(graph, tuple(self._notes))

    def _where(self, path: str) -> Where:
        return Where(self._name, path)

    def _list(self, name: str, needed: bool = False) -> Iterator[tuple[str, dict[str, object]]]:
        """Go through a list of objects, each with its path."""
        found = self._whole.get(name)
        if found is None and not needed:
            return
        if not isinstance(found, list):
            raise self._where(self._path + name).error("expected a list")
        for i, entry in enumerate(found):
            path = f"{self._path}{name}[{i}]"
            if not isinstance(entry, dict):
                raise self._where(path).error("expected an object")
            yield path, entry

    def _nodes(self) -> dict[str, _Entry]:
        entries: dict[str, _Entry] = {}
        for path, entry in self._list("nodes", needed=True):
            name = self._id(entry, "nodeID", path)
            if name in entries:
                raise self._where(f"{path}.nodeID").error(f"{printable(name)} twice")
            kind, text = entry.get("type"), entry.get("text", "")
            if kind not in ("I", *_SCHEMES, *_DIALOGUE):
                raise self._where(f"{path}.type").error(f"{printable(str(kind))} is not known")
            if not isinstance(text, str):
                raise self._where(f"{path}.text").error("expected text")
            own = entry.get(OWN)
            entries[name] = _Entry(
                name, str(kind), text, str(entry.get("timestamp") or ""),
                own if isinstance(own, dict) else None, path,
            )  # fmt: skip
        return entries

    def _id(self, entry: Mapping[str, object], key: str, path: str) -> str:
        value = entry.get(key)
        if isinstance(value, bool) or not isinstance(value, (str, int)) or value == "":
            raise self._where(f"{path}.{key}").error("expected a name")
        return str(value)

    def _links(self) -> None:
        for path, entry in self._list("edges", needed=True):
            ends = [self._id(entry, key, path) for key in ("fromID", "toID")]
            lost = [end for end in ends if end not in self._entries]
            if lost:
                self._notes.append(f"{path}: there is no node {printable(lost[0])}; left out")
                continue
            self._out.setdefault(ends[0], []).append(ends[1])
            self._into.setdefault(ends[1], []).append(ends[0])

    def _of_type(self, *types: str) -> list[_Entry]:
        return [entry for entry in self._entries.values() if entry.type in types]

    def _next(self, names: Sequence[str], *types: str) -> list[str]:
        """Of some nodes, return those of some types, each once."""
        known = (name for name in names if name in self._entries)
        return list(dict.fromkeys(name for name in known if self._entries[name].type in types))

    def _node(self, entry: _Entry, speakers: Mapping[str, str]) -> Node:
        if entry.own is not None:
            return node_from(entry.name, entry.text, entry.own, self._where(entry.path))
        speaker = speakers.get(entry.name, "")
        time = _TIMESTAMP.fullmatch(entry.time)
        is_question = any("Questioning" in self._entries[n].text for n in self._acts(entry.name))
        return Node(
            entry.name,
            entry.text,
            label="question" if is_question else "",
            person="" if speaker in (NOBODY, MODEL) else speaker,
            utc=f"{time[1]}T{time[2]}Z" if time else "",
            origin="model" if speaker == MODEL else "hand",
        )

    def _acts(self, name: str) -> list[str]:
        """Find the YA-nodes that come from a locution."""
        acts = self._next(self._into.get(name, ()), "YA")
        return [act for act in acts if self._next(self._into.get(act, ()), "L")]

    def _speakers(self) -> dict[str, str]:
        """Find who said each I-node: by the list of locutions, else by the text of the L-node."""
        people: dict[str, str] = {}
        for _, entry in self._list("participants"):
            name = f"{entry.get('firstname') or ''} {entry.get('surname') or ''}".strip()
            people[str(entry.get("participantID"))] = name
        listed = {
            str(entry.get("nodeID")): people.get(str(entry.get("personID")), "")
            for _, entry in self._list("locutions")
        }
        speakers: dict[str, str] = {}
        for said in self._of_type("L"):
            match = _SPEAKER.match(said.text)
            name = listed.get(said.name) or (match[1].strip() if match else "")
            for act in self._next(self._out.get(said.name, ()), "YA"):
                for target in self._next(self._out.get(act, ()), "I"):
                    speakers.setdefault(target, name)
        return speakers

    def _make(self) -> None:
        """Make the edges of all scheme nodes, those that others lead to first."""
        steps = self._of_type("RA", "CA")
        place = {entry.name: i for i, entry in enumerate(steps)}
        onto = [
            [place[n] for n in self._next(self._out.get(one.name, ()), "RA", "CA")] for one in steps
        ]
        for group in components(onto):
            entry = steps[group[0]]
            if len(group) > 1 or group[0] in onto[group[0]]:
                raise self._where(entry.path).error("relations that bear on each other in a ring")
            self._edges[entry.name] = list(self._of_scheme(entry))

    def _of_scheme(self, entry: _Entry) -> Iterator[Edge]:
        sources = self._next(self._into.get(entry.name, ()), "I")
        targets = self._next(self._out.get(entry.name, ()), "I")
        onto = self._next(self._out.get(entry.name, ()), "RA", "CA", "YA")
        onto = [step for step in onto if step in self._edges]
        is_lost = not sources or not (targets or onto)
        if is_lost:
            self._notes.append(f"{entry.path}: it has no premise or leads nowhere; left out")
            return
        if len(sources) > 1 and entry.type == "RA":
            self._notes.append(f"{entry.path}: {len(sources)} premises taken together are"
                               f" {len(sources)} supports here")  # fmt: skip
        kind: EdgeKind = "support" if entry.type == "RA" else "attack"
        if kind == "attack" and entry.text == SCHEMES["undercut"][1]:
            kind = "undercut"
        for source in sources:
            for target in targets:
                yield self._edge(source, kind, target, entry)
            for step in onto:
                if entry.type == "RA":
                    self._notes.append(f"{entry.path}: support of a relation; left out")
                    continue
                for edge in self._edges[step]:
                    yield self._edge(source, "undercut", edge.id, entry)

    def _edge(self, source: str, kind: EdgeKind, target: str, entry: _Entry) -> Edge:
        return edge_from(source, kind, target, entry.own or {}, self._where(entry.path))

    def _transitions(self) -> None:
        """Make edges of the acts that a turn of the dialogue carries out."""
        for act in self._of_type("YA"):
            turns = self._next(self._into.get(act.name, ()), "TA")
            targets = self._next(self._out.get(act.name, ()), "I")
            if act.text not in _KINDS or not turns or not targets:
                continue
            source = (act.own or {}).get("source")
            sources = [source] if isinstance(source, str) else self._spoken(turns)
            if len(sources) != 1 or not self._next(sources, "I"):
                self._notes.append(f"{act.path}: it is not clear what bears; left out")
                continue
            found = [self._edge(sources[0], _KINDS[act.text], target, act) for target in targets]
            self._edges[act.name] = found

    def _spoken(self, turns: Sequence[str]) -> list[str]:
        """Find what is said by the locutions that turns lead to."""
        found: list[str] = []
        for turn in turns:
            for said in self._next(self._out.get(turn, ()), "L"):
                for act in self._next(self._out.get(said, ()), "YA"):
                    found += self._next(self._out.get(act, ()), "I")
        return list(dict.fromkeys(found))
