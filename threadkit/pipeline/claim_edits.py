"""What a person says of claims: from words like ``kind=guarantee`` to rows that win over analyzers."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from sqlite3 import Connection
from typing import Final

from threadkit.analyze.arguments.values import RELATIONS
from threadkit.analyze.debate.corrections import ADDED, PATCH_OF, REMOVED, STANCES, YES
from threadkit.analyze.debate.corrections import CHOICES as KNOWN
from threadkit.analyze.debate.names import key_parts, unit_key
from threadkit.errors import Ambiguous, NotFound, ThreadkitError
from threadkit.pipeline.claims_view import find_claim
from threadkit.store import lookup, read
from threadkit.store.connection import open_write, translate
from threadkit.store.debate_list import (
    StoredPlace,
    UnitAt,
    corrections_of,
    read_places,
    read_relations,
    read_units,
)
from threadkit.store.debates import CorrectionRow, correct, corrections
from threadkit.store.passages import passages
from threadkit.store.transaction import transaction

CHOICES: Final[Mapping[str, tuple[str, ...]]] = {
    "state": ("accepted", "rejected"),
    **{field: tuple(filter(None, KNOWN[field])) for field in ("label", "kind", "status")},
}
"""What a field with a closed list may be."""

FIELDS: Final = (*CHOICES, "gist", "holder", "note")
"""What can be said of a claim in one word or text."""


class EditError(ThreadkitError):
    """A correction that cannot be understood or made.

    Parameters
    ----------
    where : str
        The field, or file and line.
    why : str
        In a few words.
    """

    exit_code = 2

    def __init__(self, where: str, why: str) -> None:
        self.where = where
        self.why = why
        super().__init__(f"{where}: {why}")


@dataclass(frozen=True, slots=True)
class Edit:
    """What a person says of one claim.

    Attributes
    ----------
    values : mapping of str to str
        By field, of :data:`FIELDS`; an empty value takes back what was said before.
    join : tuple of str
        Claims, or places of claims, that are the same.
    split : tuple of str
        Places that are a claim of their own: their number, from 1, or their Message-ID.
    relate : tuple of (str, str)
        Kind and claim (or Message-ID of a patch) that it bears on.
    unrelate : tuple of str
        Claims, or patches, with which it has nothing to do; ``attack c9``: it does not
        attack that.
    scenario : tuple of str
        What scenarios of the executable model are to the claim, as ``S4=refutes``;
        ``S4=`` takes it back.
    note : str
        Why.
    """

    values: Mapping[str, str] = field(default_factory=dict)
    join: tuple[str, ...] = ()
    split: tuple[str, ...] = ()
    relate: tuple[tuple[str, str], ...] = ()
    unrelate: tuple[str, ...] = ()
    scenario: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Author:
    """Who corrects, when, and by which way: edit, review, file, argdown, aif."""

    person: str
    utc: str
    origin: str

    @classmethod
    def now(cls, origin: str) -> Author:
        """Return the user of this machine, now; THREADKIT_PERSON names another.

        Parameters
        ----------
        origin : str
            By which way.
        """
        from getpass import getuser

        name = os.environ.get("THREADKIT_PERSON")
        if not name:
            try:
                name = getuser()
            except (KeyError, ImportError, OSError):  # no such user: a container
                name = "somebody"
        name = name.encode("utf-8", "replace").decode()  # a name in bytes of another encoding
        return cls(name, datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"), origin)

    def says(self, target: str, field: str, value: str, note: str = "") -> CorrectionRow:
        """Make a correction.

        Parameters
        ----------
        target, field, value, note : str
            As in the table ``correction``.
        """
        return CorrectionRow(target, field, value, note, self.person, self.utc, self.origin)


def corrections_for(conn: Connection, name: str, edit: Edit, author: Author) -> list[CorrectionRow]:
    """Turn what a person says of a claim into corrections.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    name : str
        A claim, as ``c6``, or a lasting name. What lasting names say of lasting names is taken
        as it is, whatever claims they are of today: so a file of corrections says the same in
        every database, and can be read back where it was written.
    edit : Edit
        What is said.
    author : Author
        By whom.

    Returns
    -------
    list of CorrectionRow
        Not yet kept.

    Raises
    ------
    EditError, NotFound, UnknownScenario
        A field, value or name is not understood.
    """
    for each, value in (*edit.values.items(), ("note", edit.note)):
        check(each, value)
    places = [] if is_lasting(name) else _places(conn, name)
    key = places[0].key if places else name
    here = {place.key for place in places} or {name}
    rows = [author.says(key, each, value, edit.note) for each, value in edit.values.items()]
    for tested in edit.scenario:
        rows += _tested(conn, places, key, tested, author, edit.note)
    if edit.note and not (rows or edit.join or edit.split or edit.relate or edit.unrelate):
        rows.append(author.says(key, "note", edit.note))
    for other in edit.join:
        there = other if is_lasting(name, other) else key_of(conn, other)
        if there in here:
            raise EditError("join", f"{other} is the same claim already")
        rows += _taken_back(conn, [key, there], "split", author)
        rows.append(author.says(key, f"join:{there}", YES, edit.note))
    for which in edit.split:
        rows += _split(conn, places, key, which, author, edit.note)
    for kind, other in edit.relate:
        if kind not in RELATIONS:
            raise EditError("relate", f"no such relation: {kind}; there are {', '.join(RELATIONS)}")
        target = _target(conn, name, other)
        if target in here:
            raise EditError("relate", "a claim cannot bear on itself")
        rows.append(author.says(key, f"relation:{kind}:{target}", ADDED, edit.note))
    for other in edit.unrelate:
        found = _relations_with(conn, name, other)
        if not found:
            raise EditError("unrelate", f"{name} and {other} are not related")
        rows += [author.says(source, each, REMOVED, edit.note) for source, each in found]
    return rows


def is_lasting(*names: str) -> bool:
    """Tell whether names are those of passages, for good.

    Parameters
    ----------
    names : str
        Of what is corrected, or of other passages.

    Examples
    --------
    >>> is_lasting("c6"), is_lasting("a@example.org#9667ce1e3f86")
    (False, True)
    """
    return all(key_parts(name)[0] for name in names)


def check(field: str, value: str) -> None:
    """Check one field of a claim.

    Parameters
    ----------
    field, value : str
        What is said; an empty value is always allowed.

    Raises
    ------
    EditError
        There is no such field, or it cannot be that.

    Examples
    --------
    >>> check("kind", "guarantee")
    >>> check("kind", "music")
    Traceback (most recent call last):
    threadkit.pipeline.claim_edits.EditError: kind: no such kind: music; there are mechanism, \
guarantee, performance, history, proposal, opinion
    """
    if field not in FIELDS:
        raise EditError(field, f"no such field; there are {', '.join(FIELDS)}")
    if why := no_text(value):
        raise EditError(field, why)
    known = CHOICES.get(field)
    if known and value and value not in known:
        raise EditError(field, f"no such {field}: {value}; there are {', '.join(known)}")


def no_text(text: str) -> str:
    """Say why something cannot be kept as text; empty if it can.

    Parameters
    ----------
    text : str
        From a file or a command line.

    Examples
    --------
    >>> no_text("slow"), no_text(chr(0xD800))
    ('', 'no text: half of a character, U+D800')
    """
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        return f"no text: half of a character, U+{ord(text[error.start]):04X}"
    return ""


def key_of(conn: Connection, name: str) -> str:
    """Return the lasting name of a claim.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    name : str
        As ``c6``, or a lasting name, which is only checked.

    Raises
    ------
    NotFound
        There is no such claim, or no such mail.
    """
    message_id, _ = key_parts(name)
    if message_id:
        lookup.find(conn, message_id)
        return name
    places = read_places(conn, find_claim(conn, name).id)
    if not places:
        raise NotFound(name, what="place of this claim")
    return places[0].key


def target_of(conn: Connection, name: str) -> str:
    """Return the lasting name of what a claim may bear on.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    name : str
        A claim by either name; or a mail that is a patch, with or without ``patch:``.

    Raises
    ------
    NotFound, Ambiguous
        There is no such claim or mail.
    """
    if not name.startswith(PATCH_OF):
        try:
            return key_of(conn, name)
        except NotFound:
            if "@" not in name:
                raise
    row = lookup.find(conn, name.removeprefix(PATCH_OF))
    return PATCH_OF + read.message(conn, row).message_id


def keep(path: Path, rows: Sequence[CorrectionRow], roots: Iterable[str] = ()) -> None:
    """Keep corrections, and put the conversations that they are about together anew.

    Parameters
    ----------
    path : Path
        The database.
    rows : sequence of CorrectionRow
        One with an empty value takes back what was said before.
    roots : iterable of str
        Message-IDs of the conversations; none: they are left for the next analysis.

    Raises
    ------
    StoreError
        It cannot be written.
    """
    from threadkit.pipeline.analysis import ARGUMENTS, analyze

    with translate(path), closing(open_write(path, create=False)) as db, transaction(db.conn):
        correct(db.conn, rows)
    for root in dict.fromkeys(roots):
        analyze(path, only=ARGUMENTS, thread=root)


def roots_of(conn: Connection, rows: Iterable[CorrectionRow]) -> list[str]:
    """Name the conversations that corrections are about.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    rows : iterable of CorrectionRow
        Those about mails that are not here have none.

    Returns
    -------
    list of str
        Message-ID of a mail of each.
    """
    mails: dict[int, str] = {}
    for message_id in dict.fromkeys(key_parts(row.target)[0] for row in rows):
        with suppress(NotFound, Ambiguous):
            mails.setdefault(lookup.root(conn, message_id), message_id)
    return list(mails.values())


def _places(conn: Connection, name: str) -> list[StoredPlace]:
    """Find the places of a claim; none if a lasting name is of no claim (yet)."""
    if key_parts(name)[0]:
        from threadkit.store.claim_list import claim_at

        found = claim_at(conn, *key_parts(name))
        return read_places(conn, found) if found else []
    places = read_places(conn, find_claim(conn, name).id)
    if not places:
        raise NotFound(name, what="place of this claim")
    return places


def _taken_back(
    conn: Connection, keys: Sequence[str] | None, field: str, author: Author, about: str = ""
) -> list[CorrectionRow]:
    """Take back what was said before: by the beginning of a field, and of what it is about."""
    return [
        author.says(row.target, row.field, "")
        for row in (corrections(conn) if keys is None else corrections_of(conn, keys))
        if row.field.startswith(field) and about in ("", row.target, row.field.removeprefix(field))
    ]


def _tested(
    conn: Connection, places: Sequence[StoredPlace], key: str, text: str, author: Author, note: str
) -> list[CorrectionRow]:
    """Say what a scenario is to a claim, in the stead of what was said at any of its places."""
    from threadkit.cow.library import scenario_named

    name, sign, stance = (part.strip() for part in text.partition("="))
    if not sign or stance not in ("", *STANCES):
        raise EditError("scenario", f"{text}: NAME= is needed, and one of: {', '.join(STANCES)}")
    name = scenario_named(name)
    before = _taken_back(conn, [place.key for place in places], "scenario:", author, name)
    return [*before, author.says(key, f"scenario:{name}", stance, note)]


def _target(conn: Connection, name: str, other: str) -> str:
    """Find what a relation is to; a lasting name of a file is taken as it is."""
    if is_lasting(name) and (is_lasting(other) or other.startswith(PATCH_OF)):
        return other
    return target_of(conn, other)


def _split(
    conn: Connection, places: Sequence[StoredPlace], key: str, which: str, author: Author, note: str
) -> list[CorrectionRow]:
    """Split a place off, or take back the joins by hand that brought it there.

    A lasting name is split off whatever claim it is of today.
    """
    if not places and which == YES:
        joins = _taken_back(conn, None, "join:", author, key)
        return [*joins, author.says(key, "split", YES, note)]
    places = places or _places(conn, key)
    there = _chosen(places, which)
    joins = _taken_back(conn, [place.key for place in places], "join:", author, there)
    return joins or [author.says(there, "split", YES, note)]


def _chosen(places: Sequence[StoredPlace], which: str) -> str:
    """Find a place by its number, its Message-ID or its lasting name."""
    if len(places) < 2:
        raise EditError("split", "the claim has only one place")
    if which.isdigit():
        if not 1 <= int(which) <= len(places):
            raise EditError("split", f"there are places 1 to {len(places)}")
        return places[int(which) - 1].key
    wanted = which.strip("<>")
    found = [p.key for p in places if wanted == p.key or p.message_id.startswith(wanted)]
    if len(found) != 1:
        why = "fits several places" if found else "is no place of this claim"
        raise EditError("split", f"{which} {why}")
    return found[0]


def _relations_with(conn: Connection, name: str, other: str) -> list[tuple[str, str]]:
    """Name relations of a claim with another one or a patch: the target and the field of each.

    ``attack c9`` is the one of that kind towards it, whether it was found or not; ``c9``
    are all that were found, whichever way.
    """
    kind, _, rest = other.strip().partition(" ")
    if rest:
        if kind not in RELATIONS:
            raise EditError("unrelate", f"no such relation: {kind}")
        key = name if is_lasting(name) else key_of(conn, name)
        return [(key, f"relation:{kind}:{_target(conn, name, rest.strip())}")]
    places = _places(conn, name)
    if not places:
        return []
    here: set[UnitAt] = {(place.message, place.unit) for place in places}
    target = target_of(conn, other)
    there: set[UnitAt]
    if target.startswith(PATCH_OF):
        there = {(lookup.find(conn, target.removeprefix(PATCH_OF)), None)}
    else:
        there = {(place.message, place.unit) for place in _places(conn, target)}
    found = []
    for one in read_relations(conn, lookup.root(conn, places[0].message_id)):
        source: UnitAt = (one.message, one.unit)
        end: UnitAt = (one.target_message, one.target_unit)
        if (source in here and end in there) or (source in there and end in here):
            names = unit_keys(conn, [source, end])
            found.append((names[source], f"relation:{one.kind}:{names[end]}"))
    return list(dict.fromkeys(found))


def unit_keys(conn: Connection, names: Sequence[UnitAt]) -> dict[UnitAt, str]:
    """Return the lasting names of units, and ``patch:<Message-ID>`` of patches.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    names : sequence of UnitAt
        Which.
    """
    units = read_units(conn, names)
    texts = passages(conn, [(u.message, u.start, u.stop) for u in units.values()])
    return {
        name: PATCH_OF + unit.message_id
        if name[1] is None
        else unit_key(unit.message_id, texts[unit.message, unit.start, unit.stop])
        for name, unit in units.items()
    }
