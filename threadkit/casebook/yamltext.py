"""YAML as a casebook may use it: read to plain values, with the line of each.

Less than all of YAML: no aliases, no tags, no key twice, one document, bounded size and
depth. A plain word that YAML 1.1 takes for something else than it looks like (``yes``,
``012``, ``12:30:45``) is a problem and not a surprise: it belongs in quotes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from threadkit.errors import printable

SIZE_MOST = 4_000_000
"""Bytes of one file."""

DEPTH_MOST = 16
"""Lists and mappings inside each other."""

NODES_MOST = 300_000
"""Values in one file."""

Path = tuple[str | int, ...]
"""Keys and places in lists, from the outermost on."""

_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,17})")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_LINE_ENDS = re.compile("[\x85\u2028\u2029]")
_TRUTH = {"true": True, "false": False}
_NOTHING = frozenset(("", "~", "null"))
_PREFIX = "tag:yaml.org,2002:"
_TAKEN_FOR = {"bool": "true or false", "int": "a number", "float": "a number", "merge": "a merge",
              "null": "nothing", "value": "a default"}  # fmt: skip
_RESOLVER: Any = yaml.resolver.Resolver()


@dataclass(slots=True)
class Tree:
    """What a YAML text holds.

    Attributes
    ----------
    value : object
        Mappings, lists, texts, whole numbers, truth values, None.
    lines : dict of path to int
        Line of each value: for one in a mapping, of its key. From 1.
    problems : list of (int, str)
        Line and clause.
    is_whole : bool
        False: reading stopped before the end.
    """

    value: Any = None
    lines: dict[Path, int] = field(default_factory=dict)
    problems: list[tuple[int, str]] = field(default_factory=list)
    is_whole: bool = True


def read_yaml(text: str) -> Tree:
    r"""Read a text.

    Parameters
    ----------
    text : str
        The whole file.

    Returns
    -------
    Tree
        If the text is no YAML, its value is what was read until then.

    Examples
    --------
    >>> tree = read_yaml("a: [1, yes]\nb: {c: x, c: y}\n")
    >>> tree.value
    {'a': [1, 'yes'], 'b': {'c': 'y'}}
    >>> tree.lines[("b", "c")], len(tree.problems)
    (2, 2)

    References
    ----------
    YAML 1.1, type repository: bool, int, float (sexagesimal and octal numbers).
    """
    builder = _Builder()
    if end := _LINE_ENDS.search(text):  # editors count no line there, YAML does
        line = text.count("\n", 0, end.start()) + 1
        builder.tree.is_whole = False
        builder.problem(line, f"a hidden end of a line (U+{ord(end[0]):04X})")
        return builder.tree
    try:
        for event in _events(text):
            if not builder.take(event):
                builder.tree.is_whole = False
                break
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        what = " ".join(filter(None, (error.context, error.problem)))
        builder.tree.is_whole = False
        builder.problem(mark.line + 1 if mark else 1, f"not YAML: {printable(what)}")
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        builder.tree.is_whole = False
        builder.problem(line, f"not YAML: {printable(error.reason)}")
    return builder.tree


def _events(text: str) -> Iterator[Any]:
    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the same, in C where it is there
    events: Iterator[Any] = yaml.parse(text, Loader=loader)
    return events


class _Open:
    """A list or mapping that has begun and not ended."""

    def __init__(self, value: list[Any] | dict[str, Any], path: Path) -> None:
        self.value = value
        self.path = path
        self.key: str | None = None  # of a mapping, whose value is next


class _Builder:
    """Puts a tree together from events; a stack, so that no depth can exhaust Python's."""

    def __init__(self) -> None:
        self.tree = Tree()
        self._open: list[_Open] = []
        self._nodes = self._documents = 0

    def problem(self, line: int, what: str) -> None:
        """Note what is wrong."""
        self.tree.problems.append((line, what))

    def take(self, event: Any) -> bool:  # noqa: ANN401 - PyYAML's events have no types
        """Take the next event; False if the rest is not worth reading."""
        line = event.start_mark.line + 1
        if isinstance(event, yaml.DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                self.problem(line, "a second document; a file holds one")
                return False
        elif isinstance(event, yaml.AliasEvent):
            self.problem(line, "an alias (*name); write it out")
            return False
        elif isinstance(event, yaml.NodeEvent):
            return self._node(event, line)
        elif isinstance(event, yaml.CollectionEndEvent):
            self._open.pop()
        return True

    def _node(self, event: Any, line: int) -> bool:  # noqa: ANN401
        self._nodes += 1
        if self._nodes > NODES_MOST:
            self.problem(line, f"more than {NODES_MOST:,} values")
            return False
        if event.anchor is not None:
            self.problem(line, "an anchor (&name); write things out")
        if event.tag is not None and event.tag != "!":
            self.problem(line, f"a tag ({printable(event.tag)}); nothing needs one here")
        if isinstance(event, yaml.ScalarEvent):
            self._scalar(event, line)
            return True
        if len(self._open) >= DEPTH_MOST:
            self.problem(line, f"more than {DEPTH_MOST} lists and mappings inside each other")
            return False
        if self._awaits_key():
            self.problem(line, "a key that is no text")
            return False
        value: list[Any] | dict[str, Any] = [] if isinstance(event, yaml.SequenceStartEvent) else {}
        self._open.append(_Open(value, self._put(value, line)))
        return True

    def _awaits_key(self) -> bool:
        return (
            bool(self._open)
            and isinstance(self._open[-1].value, dict)
            and (self._open[-1].key is None)
        )

    def _scalar(self, event: Any, line: int) -> None:  # noqa: ANN401
        if hidden := _CONTROL.search(event.value):
            self.problem(line, f"a control character (U+{ord(hidden[0]):04X})")
        if not self._awaits_key():
            value = self._plain(event.value, line) if not event.style else event.value
            self._put(value, line)
            return
        top = self._open[-1]
        path = (*top.path, event.value)
        if event.value in top.value:
            first = self.tree.lines[path]
            self.problem(line, f"{printable(event.value)} comes twice; first in line {first}")
        top.key = event.value
        self.tree.lines[path] = line

    def _put(self, value: object, line: int) -> Path:
        """Put a value where it belongs; return its path."""
        if not self._open:
            self.tree.value = value
            self.tree.lines[()] = line
            return ()
        top = self._open[-1]
        if isinstance(top.value, list):
            path: Path = (*top.path, len(top.value))
            top.value.append(value)
            self.tree.lines[path] = line
            return path
        key = top.key or ""
        top.value[key] = value
        top.key = None
        return (*top.path, key)

    def _plain(self, text: str, line: int) -> object:
        """Resolve a scalar without quotes."""
        if text in _NOTHING:
            return None
        if text in _TRUTH:
            return _TRUTH[text]
        if _INTEGER.fullmatch(text):
            return int(text)
        tag = _RESOLVER.resolve(yaml.ScalarNode, text, (True, False)).removeprefix(_PREFIX)
        if tag in _TAKEN_FOR:
            taken = f"YAML 1.1 takes {printable(text)} for {_TAKEN_FOR[tag]}"
            self.problem(line, f'{taken}: write "{printable(text)}"')
        return text
