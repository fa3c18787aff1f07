"""Corrections as a YAML file that a person can write, and one claim for an editor.

A file has ``corrections``, a list. Each entry names what it is about (``claim: c6``, or
``target:`` with the lasting name) and says what that is to be::

    corrections:
    - claim: c6
      kind: guarantee
      gist: A page that is pinned is never copied.
      join: [c7]
      split: [2]
      relate: [attack c9]
      unrelate: [c8]
      scenario: [S4=refutes]
      note: the second sentence says so
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from io import StringIO
from pathlib import Path
from sqlite3 import Connection
from typing import TYPE_CHECKING, Any, NamedTuple

from threadkit.analyze.debate.corrections import YES
from threadkit.analyze.debate.names import key_parts
from threadkit.errors import ThreadkitError
from threadkit.pipeline.claim_edits import (
    CHOICES,
    FIELDS,
    Author,
    Edit,
    EditError,
    check,
    corrections_for,
    no_text,
)
from threadkit.pipeline.display import counted
from threadkit.store import lookup
from threadkit.store.debates import CorrectionRow

if TYPE_CHECKING:
    from yaml import MappingNode, Node, SafeLoader

    from threadkit.pipeline.claim_view import ClaimDetail

_LISTS = ("join", "split", "relate", "unrelate", "scenario")
_NAMES = ("claim", "target")
_WHO = ("person", "utc")
_RELATION, _JOIN, _SCENARIO = "relation:", "join:", "scenario:"
_MOST = 1 << 22
_DEEPEST = 8
"""A file has four levels; a deeper one is none of ours, and long to read."""


class _Entry(NamedTuple):
    """An entry of a file: what it is about, what it says, and on which line each stands."""

    line: int
    name: str
    values: dict[str, str]
    lists: dict[str, list[str]]
    who: dict[str, str]


class FileRead(NamedTuple):
    """Corrections of a file, and what in it cannot be kept."""

    rows: list[CorrectionRow]
    notes: list[str]


def read_file(conn: Connection, path: Path, *, removed: bool = False) -> FileRead:
    """Read a file of corrections: YAML, or an argument map that came back.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database, for the names of claims.
    path : Path
        YAML, Argdown, AIF or xAIF, by its ending, else by what is in it.
    removed : bool, optional
        Claims that a map lacks are rejected.

    Raises
    ------
    EditError, SourceError
        File, line and field of what is wrong.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise EditError(str(path), f"no UTF-8 at byte {error.start}") from error
    except OSError as error:
        raise EditError(str(path), error.strerror or "cannot be read") from error
    form = form_of(path.suffix, text)
    if form == "yaml":
        if len(text) > _MOST:
            raise EditError(str(path), f"more than {_MOST} characters are not read")
        rows = read_corrections(conn, text, str(path), Author.now("file"))
        return FileRead(rows, _strange(conn, rows))
    from threadkit.pipeline.map_corrections import map_corrections

    return FileRead(*map_corrections(conn, text, str(path), Author.now(form), removed=removed))


def _strange(conn: Connection, rows: Sequence[CorrectionRow]) -> list[str]:
    """Say which corrections are about mails that are not here; they are kept for when they come."""
    names = {key_parts(row.target)[0] for row in rows}
    gone = names - lookup.here(conn, names)
    many = sum(key_parts(row.target)[0] in gone for row in rows)
    if not many:
        return []
    some = ", ".join(sorted(gone)[:3]) + (" ..." if len(gone) > 3 else "")
    return [f"{counted(many, 'correction')} of mails that are not here: {_visible(some)}"]


def form_of(suffix: str, text: str) -> str:
    """Tell in which format a file is.

    Parameters
    ----------
    suffix : str
        Of its name, with the dot.
    text : str
        What is in it.

    Returns
    -------
    str
        yaml, argdown or aif. JSON without nodes is YAML.

    Examples
    --------
    >>> form_of(".ad", ""), form_of(".json", '{"nodes": []}'), form_of("", "[c1]: Slow.")
    ('argdown', 'aif', 'argdown')
    >>> form_of(".json", '{"corrections": []}'), form_of("", "corrections:")
    ('yaml', 'yaml')
    """
    if suffix.lower() in (".yaml", ".yml"):
        return "yaml"
    if suffix.lower() in (".argdown", ".ad"):
        return "argdown"
    begin = text.lstrip("\ufeff \t\r\n")
    if begin.startswith("{") or suffix.lower() == ".json":
        return "aif" if '"nodes"' in text or '"AIF"' in text else "yaml"
    return "argdown" if begin.startswith(("[", "<", "===", "#")) and "]:" in text else "yaml"


def read_corrections(conn: Connection, text: str, name: str, author: Author) -> list[CorrectionRow]:
    """Read a file of corrections.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database, for the names of claims.
    text : str
        YAML.
    name : str
        Of the file, for errors.
    author : Author
        Who says what has no ``person`` and ``utc``.

    Returns
    -------
    list of CorrectionRow
        In the order of the file.

    Raises
    ------
    EditError
        File, line and field of what is wrong.
    """
    rows: list[CorrectionRow] = []
    for entry in _entries(_composed(text, name), name):
        where = f"{name}:{entry.line}"
        who = replace(author, **entry.who)
        try:
            rows += corrections_for(conn, entry.name, _edit(entry), who)
        except EditError as error:
            raise EditError(f"{where}: {error.where}", error.why) from error
        except ThreadkitError as error:
            raise EditError(where, str(error)) from error
    return rows


def written(rows: Sequence[CorrectionRow]) -> str:
    """Write corrections as a file that :func:`read_corrections` reads.

    Parameters
    ----------
    rows : sequence of CorrectionRow
        In order.

    Examples
    --------
    >>> row = CorrectionRow("a@example.org#9667ce1e3f86", "kind", "history", "", "Ann", "", "edit")
    >>> print(written([row]), end="")
    corrections:
    - target: a@example.org#9667ce1e3f86
      kind: history
      person: Ann
    """
    import yaml

    entries: list[dict[str, Any]] = []
    about: tuple[str, ...] = ()
    for row in rows:
        same = (row.target, row.note, row.person, row.utc, str(row.field == "note"))
        if same != about or not _add(entries[-1], row):
            entries.append({"target": row.target})
            _add(entries[-1], row)
            entries[-1].update(
                (key, value)
                for key, value in (("note", row.note), ("person", row.person), ("utc", row.utc))
                if value and key not in entries[-1]
            )
            about = same
    return str(
        yaml.safe_dump({"corrections": entries}, allow_unicode=True, sort_keys=False, width=90)
    )


def editable(one: ClaimDetail) -> str:
    """Write a claim for an editor: what can be changed, and, as comments, what it is.

    Parameters
    ----------
    one : ClaimDetail
        Of the database.
    """
    import yaml

    facts = one.claim.facts
    said = {row.field: row.value for row in one.corrections}
    values = {
        "state": facts.state, "label": said.get("label", ""), "kind": facts.kind,
        "status": facts.status, "holder": facts.holder, "gist": facts.gist,
        "note": said.get("note", ""),
    }  # fmt: skip
    out = StringIO()
    out.write(
        f"# {facts.id}: {facts.person}, {(facts.utc or '')[:10]}. What is changed here wins\n"
    )
    out.write("# over what was found; an emptied field takes back what was said before.\n#\n")
    for line in one.in_place.passage.split("\n"):
        out.write(f"#   {_visible(line)}\n")
    out.write("#\n")
    for key, some in CHOICES.items():
        out.write(f"# {key}: {', '.join(some)}\n")
    out.write(yaml.safe_dump(values, allow_unicode=True, sort_keys=False, width=90))
    out.write("# join: [c7]   split: [2]   relate: [attack c9]   unrelate: [c8]\n")
    out.write("# scenario: [S4=refutes]\n")
    for number, (place, _) in enumerate(one.places, 1):
        out.write(f"# place {number}: {_visible(place.message_id)} {place.start}-{place.stop}\n")
    for bearing in one.answers:
        out.write(f"# it: {bearing.kind} {bearing.claim or _visible(bearing.unit.message_id)}\n")
    for bearing in (*one.answered_by, *one.evidence):
        out.write(f"# on it: {bearing.kind} {bearing.claim or _visible(bearing.unit.message_id)}\n")
    return out.getvalue()


def edited(before: str, after: str) -> Edit:
    """Tell what somebody changed in an editor.

    Parameters
    ----------
    before, after : str
        As :func:`editable` wrote it, and as it came back.

    Returns
    -------
    Edit
        Empty if nothing was changed.

    Raises
    ------
    EditError
        Line and field of what is wrong.
    """
    name = "edited"
    old, new = _fields(before, name), _fields(after, name)
    values = {key: new.values.get(key, "") for key in old.values if key != "note"}
    changed = {key: value for key, value in values.items() if value != old.values[key]}
    for key, value in changed.items():
        check(key, value)
    note = new.values.get("note", "")
    lists = {key: new.lists.get(key, []) for key in _LISTS}
    is_more = bool(changed) or any(lists.values())
    entry = _Entry(0, "", changed, lists, {})
    if note and (is_more or note != old.values["note"]):
        entry.values["note"] = note
    elif not note and old.values["note"]:
        return replace(_edit(entry), values={**changed, "note": ""})
    return _edit(entry)


def _fields(text: str, name: str) -> _Entry:
    node = _composed(text, name)
    return _entry(node, name, named=False) if node is not None else _Entry(1, "", {}, {}, {})


def _edit(entry: _Entry) -> Edit:
    """Read the words of an entry."""
    values = dict(entry.values)
    note = values.pop("note", "")
    related = []
    for each in entry.lists.get("relate", ()):
        kind, _, other = each.strip().partition(" ")
        if not other:
            raise EditError("relate", f"{each}: a kind and a claim are needed, as in attack c9")
        related.append((kind, other.strip()))
    join, split, unrelate, tested = (
        tuple(entry.lists.get(key, ())) for key in ("join", "split", "unrelate", "scenario")
    )
    return Edit(values, join, split, tuple(related), unrelate, tested, note)


def _composed(text: str, name: str) -> Node | None:
    """Parse YAML into nodes, which know their lines; no value is made of them."""
    import yaml

    try:
        return yaml.compose(text, Loader=_bounded())
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = f":{mark.line + 1}" if mark else ""
        raise EditError(f"{name}{line}", f"no YAML: {error.problem or error.context}") from error
    except yaml.YAMLError as error:
        raise EditError(name, f"no YAML: {' '.join(str(error).split())}") from error


def _bounded() -> type[SafeLoader]:
    """Make a reader that gives up where nesting begins to cost."""
    import yaml

    class Bounded(yaml.SafeLoader):
        depth = 0

        def compose_node(self, parent: Node | None, index: int) -> Node | None:
            self.depth += 1
            if self.depth > _DEEPEST:
                raise yaml.YAMLError("nested too deeply")
            node: Node | None = super().compose_node(parent, index)
            self.depth -= 1
            return node

    return Bounded


def _pairs(node: MappingNode, name: str) -> Iterator[tuple[str, str, Node]]:
    """List the fields of a mapping: where each stands, its name, its value."""
    import yaml

    seen: set[str] = set()
    for key, value in node.value:
        where = f"{name}:{key.start_mark.line + 1}"
        if not isinstance(key, yaml.ScalarNode):
            raise EditError(where, "the name of a field is needed, no list")
        field = "claim or target" if key.value in _NAMES else str(key.value)
        if field in seen:
            raise EditError(f"{where}: {_visible(field)}", "given twice")
        seen.add(field)
        yield where, str(key.value), value


def _entries(node: Node | None, name: str) -> Iterator[_Entry]:
    """Read the list of a file."""
    import yaml

    if node is None:
        return
    if isinstance(node, yaml.MappingNode):
        fields = {field: value for _, field, value in _pairs(node, name)}
        if "corrections" not in fields:
            raise EditError(f"{name}:{node.start_mark.line + 1}", "there is no list 'corrections'")
        node = fields["corrections"]
    if not isinstance(node, yaml.SequenceNode):
        if isinstance(node, yaml.ScalarNode) and not node.value:
            return
        raise EditError(f"{name}:{node.start_mark.line + 1}", "corrections: a list is needed")
    for each in node.value:
        yield _entry(each, name, named=True)


def _entry(node: Node, name: str, *, named: bool) -> _Entry:
    """Read one entry; every value stays the text that it is written as."""
    import yaml

    line = node.start_mark.line + 1
    if not isinstance(node, yaml.MappingNode):
        raise EditError(f"{name}:{line}", "fields are needed, as in claim: c6")
    entry = _Entry(line, "", {}, {}, {})
    about = ""
    for where, field, value in _pairs(node, name):
        if named and field in _NAMES:
            about = _scalar(value, where, field)
        elif named and field in _WHO:
            entry.who[field] = _scalar(value, where, field)
        elif field in _LISTS:
            entry.lists[field] = _list(value, where, field)
        elif field in FIELDS:
            entry.values[field] = _scalar(value, where, field)
            try:
                check(field, entry.values[field])
            except EditError as error:
                if named:
                    raise EditError(f"{where}: {field}", error.why) from error
        else:
            known = (*(_NAMES if named else ()), *FIELDS, *_LISTS, *(_WHO if named else ()))
            raise EditError(
                f"{where}: {_visible(field)}", f"no such field; there are {', '.join(known)}"
            )
    if named and not about:
        raise EditError(f"{name}:{line}", "it does not say of which claim: claim: c6")
    return entry._replace(name=about)


def _scalar(node: Node, where: str, field: str) -> str:
    import yaml

    if not isinstance(node, yaml.ScalarNode):
        raise EditError(f"{where}: {field}", "a text is needed, no list")
    if why := no_text(str(node.value)):
        raise EditError(f"{where}: {field}", why)
    is_null = node.tag == "tag:yaml.org,2002:null"
    return "" if is_null else str(node.value).strip()


def _list(node: Node, where: str, field: str) -> list[str]:
    """Read a list of texts; a single one need not be a list."""
    import yaml

    if isinstance(node, yaml.SequenceNode):
        return [_scalar(each, where, field) for each in node.value]
    text = _scalar(node, where, field)
    return [text] if text else []


def _add(entry: dict[str, Any], row: CorrectionRow) -> bool:
    """Add a correction to an entry; False if that has something of the kind."""
    if row.field.startswith(_JOIN):
        entry.setdefault("join", []).append(row.field.removeprefix(_JOIN))
    elif row.field.startswith(_SCENARIO):
        entry.setdefault("scenario", []).append(f"{row.field.removeprefix(_SCENARIO)}={row.value}")
    elif row.field.startswith(_RELATION):
        kind, _, target = row.field.removeprefix(_RELATION).partition(":")
        key = "relate" if row.value == "added" else "unrelate"
        entry.setdefault(key, []).append(f"{kind} {target}")
    elif row.field == "split":
        if "split" in entry:
            return False
        entry["split"] = [YES]
    elif row.field in entry:
        return False
    else:
        entry[row.field] = row.value
    return True


def _visible(text: str) -> str:
    from threadkit.pipeline.display import printable

    return printable(text)
