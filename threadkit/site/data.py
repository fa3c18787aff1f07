"""``data.json``: all that the pages show, but for the texts of mails."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from threadkit.site.values import Mail, Page, Place, Site

FORMAT_VERSION = 1
"""Grows when a field changes its meaning or goes."""

_LISTS = ("mails", "claims", "questions", "asked", "commits", "regressions")
_APART = {*_LISTS, "people", "text", "database"}


def pages(site: Site) -> Iterator[Page]:
    """Make ``data.json``.

    Parameters
    ----------
    site : Site
        What is shown.

    Yields
    ------
    Page
        One, in pieces.
    """
    yield Page("data.json", _document(site))


def as_json(value: object) -> Any:  # noqa: ANN401 - whatever JSON can hold
    """Turn values of a site into what JSON can hold.

    Parameters
    ----------
    value : object
        A value of :mod:`threadkit.site.values`, or what is in one.

    Returns
    -------
    object
        Records become objects with the names of their fields, and with ``page`` where they
        have one; the words of passages are left out: their spans tell where they stand.

    Examples
    --------
    >>> from threadkit.site.values import Place
    >>> as_json(Place("a@example.org", 0, 4, "Yes.", "matches"))["check"]
    'matches'
    """
    if is_dataclass(value) and not isinstance(value, type):
        return _record(value, [each.name for each in fields(value)])
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return _record(value, value._fields)
    if isinstance(value, Mapping):
        return {str(key): as_json(each) for key, each in value.items()}
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode()
    if isinstance(value, Iterable):
        return [as_json(each) for each in value]
    return value


_TEXTS: Mapping[type, frozenset[str]] = {
    Place: frozenset({"text", "before", "after"}),
    Mail: frozenset({"excerpt"}),
}
"""The fields that hold words of mails."""


def _record(value: object, names: Iterable[str]) -> dict[str, Any]:
    left_out = _TEXTS.get(type(value), frozenset())
    found = {name: as_json(getattr(value, name)) for name in names if name not in left_out}
    page = getattr(value, "page", "")
    return {**found, "page": page} if page and getattr(value, "name", "x") else found


def _document(site: Site) -> Iterator[str]:
    """Write one record a line, so that the whole is never in memory and diffs are short."""
    yield f'{{"format_version": {FORMAT_VERSION}'
    for each in fields(site):
        if each.name not in _APART:
            yield f",\n{_dump(each.name)}: {_dump(as_json(getattr(site, each.name)))}"
    yield ',\n"people": ['
    yield from _lines(site.people.values())
    yield "]"
    for name in _LISTS:
        yield f",\n{_dump(name)}: ["
        yield from _lines(getattr(site, name))
        yield "]"
    yield "}\n"


def _lines(some: Iterable[object]) -> Iterator[str]:
    for at, one in enumerate(some):
        yield ("," if at else "") + "\n" + _dump(as_json(one))


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
