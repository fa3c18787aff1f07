"""A casebook's document against its schema: what is wrong, in sentences and with places."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, NamedTuple

from threadkit.casebook.problems import hint
from threadkit.casebook.yamltext import Path
from threadkit.errors import printable

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import ValidationError

TODO = "todo"
"""What a text begins with that is still to be written."""

_TYPES = {"string": "text", "integer": "a whole number", "array": "a list", "object": "a mapping",
          "boolean": "true or false", "null": "null"}  # fmt: skip
_FORMS = {
    "key": "small letters, digits and hyphens, a letter first, at most 40",
    "day": "a day such as 2020-09-01",
    "date": "a time such as 2020-09-01T07:01:35Z, or a day",
    "mail": "a Message-ID without brackets, or a key",
    "url": "an http or https URL without white space",
    "hash": "64 hexadecimal digits",
    "commit": "7 to 40 hexadecimal digits",
    "line": "one line",
    "count": "a count, or bounds such as 0..2",
}


def schema_problems(document: Mapping[str, Any]) -> Iterator[tuple[Path, str, bool]]:
    """Compare a document with the schema.

    Parameters
    ----------
    document : mapping
        ``casebook``, ``people``, ``messages``, ``questions``, ``claims``.

    Yields
    ------
    path, clause, is_todo : tuple
        Where, what is wrong, and whether it is only still to be written.

    Examples
    --------
    >>> [clause for _, clause, _ in schema_problems({"people": [{"key": "bo", "nam": "Bo"}]})]
    ['unknown key nam; did you mean name or names?', "'name' is missing"]
    """
    todo = dict(_todos(document, ()))
    for path, text in todo.items():
        yield path, f"{_named(path)}still to be written ({printable(text)})", True
    for error in _validator().iter_errors(document):
        for path, clause in _clauses(_breach(error)):
            if path not in todo:
                yield path, clause, False


def is_todo(value: object) -> bool:
    """Tell whether a text is still to be written.

    Parameters
    ----------
    value : object
        As the files have it.

    Examples
    --------
    >>> is_todo("todo"), is_todo("TODO: one sentence"), is_todo("A todo list is copied.")
    (True, True, False)
    """
    text = value.casefold() if isinstance(value, str) else ""
    return text == TODO or text.startswith(f"{TODO}:")


@cache
def schema() -> dict[str, Any]:
    """Return the schema, as JSON Schema of 2020-12.

    Examples
    --------
    >>> schema()["title"]
    'A casebook of threadkit, its files put together'
    """
    text = files("threadkit.casebook").joinpath("schema.json").read_text("utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


@cache
def _validator() -> Draft202012Validator:
    from jsonschema import Draft202012Validator

    return Draft202012Validator(schema())


def _todos(value: object, path: Path) -> Iterator[tuple[Path, str]]:
    """Find texts that are still to be written."""
    if isinstance(value, str):
        if is_todo(value):
            yield path, value
    elif isinstance(value, Mapping):
        for key, one in value.items():
            yield from _todos(one, (*path, key))
    elif isinstance(value, Sequence):
        for place, one in enumerate(value):
            yield from _todos(one, (*path, place))


class _Breach(NamedTuple):
    """What the validator found: a rule, what it wants, what is there, the schema's part."""

    path: Path
    rule: str
    wanted: Any
    value: Any
    part: Mapping[str, Any]
    message: str


def _breach(error: ValidationError) -> _Breach:
    part: Any = error.schema
    return _Breach(
        tuple(error.absolute_path),
        str(error.validator),
        error.validator_value,
        error.instance,
        part if isinstance(part, Mapping) else {},
        error.message,
    )


def _clauses(one: _Breach) -> Iterator[tuple[Path, str]]:
    """Say one error of the validator in our words, where it is."""
    if one.rule == "additionalProperties":
        known = one.part.get("properties", {})
        for key in one.value:
            if key not in known:
                yield (*one.path, key), f"unknown key {printable(key)}{hint(key, known)}"
    elif one.rule == "required":
        for key in one.wanted:
            if key not in one.value and repr(key) in one.message:
                yield one.path, f"{key!r} is missing"
    else:
        keys = _keys_of_choice(one)
        yield one.path, keys or f"{_named(one.path)}{_clause(one)}"


def _named(path: Path) -> str:
    name = next((str(part) for part in reversed(path) if isinstance(part, str)), "")
    return f"{printable(name)}: " if name else ""


def _keys_of_choice(one: _Breach) -> str:
    """Say that none, or more than one, of several keys is there."""
    if one.rule not in ("oneOf", "anyOf"):
        return ""
    keys = [key for branch in one.wanted for key in branch.get("required", ())]
    many = "exactly one" if one.rule == "oneOf" else "one"
    return f"needs {many} of {', '.join(keys)}" if keys else ""


def _clause(one: _Breach) -> str:
    wanted, value = one.wanted, one.value
    if one.rule in ("oneOf", "anyOf"):
        return f"{_shown(value)} is not {' or '.join(_form(branch) for branch in wanted)}"
    if one.rule == "type":
        kinds = [wanted] if isinstance(wanted, str) else wanted
        found = f"{_shown(value)} is not {' or '.join(_TYPES[kind] for kind in kinds)}"
        digits = isinstance(value, int) and not isinstance(value, bool) and "string" in kinds
        return f'{found}: write "{value}"' if digits else found
    if one.rule == "enum":
        near = hint(value, wanted) if isinstance(value, str) else ""
        return f"{_shown(value)} is none of {', '.join(wanted)}{near}"
    if one.rule == "maxLength":
        return f"{len(value)} characters, where {wanted} are the most"
    if one.rule == "pattern":
        return f"{_shown(value)} is not {_form(one.part)}"
    if one.rule == "const":
        return f"{_shown(value)} is not {wanted}, the only one that this threadkit reads"
    if one.rule in ("minLength", "minItems", "minProperties"):
        return "empty"
    if one.rule in ("minimum", "maximum"):
        return f"{value} is out of bounds ({one.rule} {wanted})"
    return "goes not together with what stands beside it"


def _form(part: Mapping[str, Any]) -> str:
    """Name the form that a part of the schema asks for."""
    whole = schema()["$defs"]
    if "$ref" in part:
        name = part["$ref"].rpartition("/")[2]
        return _FORMS.get(name, str(name))
    for name, form in _FORMS.items():
        if whole[name].get("pattern") == part.get("pattern"):
            return form
    return _TYPES.get(str(part.get("type")), f"of the form {part.get('pattern')}")


def _shown(value: object) -> str:
    if isinstance(value, str):
        return printable(value) or "''"
    if isinstance(value, Mapping):
        return "a mapping"
    return "a list" if isinstance(value, list) else json.dumps(value)
