"""Data in braces: JSON, and the plain words that YAML allows in its place."""

from __future__ import annotations

import json
import re

_BLANK = re.compile(r"[ \t\r\n]*")
_PLAIN = re.compile(r"[^,\[\]{}\n\"'#&*!|>%@`:](?:[^,\[\]{}\n:]|:(?=[^\s,\]}]))*")
_SINGLE = re.compile(r"'((?:[^']|'')*)'")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?")
_WORDS = {"true": True, "false": False, "null": None, "~": None}
_DEEPEST = 50


class FlowError(ValueError):
    """Data cannot be read; `at` is the character where it stops to be clear."""

    def __init__(self, why: str, at: int) -> None:
        self.why = why
        self.at = at
        super().__init__(why)


def read_flow(text: str, start: int) -> tuple[object, int]:
    """Read a value in braces or brackets.

    Parameters
    ----------
    text : str
        The whole text.
    start : int
        The character of the opening brace.

    Returns
    -------
    value, stop : object, int
        What a JSON reader would give, and the character behind the closing brace.

    Raises
    ------
    FlowError
        It is neither JSON nor YAML of this kind: no anchors, tags, block text, comments.

    Examples
    --------
    >>> read_flow("{color: red, ids: [a, 2]} rest", 0)
    ({'color': 'red', 'ids': ['a', 2]}, 25)

    References
    ----------
    YAML 1.2, chapter 7.4 (flow collections); RFC 8259.
    """
    try:
        value, stop = json.JSONDecoder().raw_decode(text, start)
    except (ValueError, RecursionError):
        return _value(text, start, 0)
    return value, stop


def _value(text: str, at: int, depth: int) -> tuple[object, int]:
    at = _skip(text, at)
    if depth > _DEEPEST:
        raise FlowError("nested too deep", at)
    letter = text[at : at + 1]
    if letter == "{":
        return _mapping(text, at, depth)
    if letter == "[":
        return _sequence(text, at, depth)
    return _scalar(text, at)


def _mapping(text: str, at: int, depth: int) -> tuple[object, int]:
    found: dict[str, object] = {}
    at = _skip(text, at + 1)
    while not text.startswith("}", at):
        key, at = _scalar(text, at)
        at = _skip(text, at)
        value: object = None
        if text.startswith(":", at):
            at = _skip(text, at + 1)
            if text[at : at + 1] not in (",", "}"):
                value, at = _value(text, at, depth + 1)
        found[str(key)] = value
        at = _next(text, at, "}")
    return found, at + 1


def _sequence(text: str, at: int, depth: int) -> tuple[object, int]:
    found: list[object] = []
    at = _skip(text, at + 1)
    while not text.startswith("]", at):
        value, at = _value(text, at, depth + 1)
        found.append(value)
        at = _next(text, at, "]")
    return found, at + 1


def _next(text: str, at: int, end: str) -> int:
    at = _skip(text, at)
    if text.startswith(",", at):
        return _skip(text, at + 1)
    if not text.startswith(end, at):
        raise FlowError(f"expected a comma or {end!r}", at)
    return at


def _scalar(text: str, at: int) -> tuple[object, int]:
    if text.startswith('"', at):
        try:
            return json.JSONDecoder(strict=False).raw_decode(text, at)
        except ValueError as error:
            raise FlowError("a string that does not end, or a wrong escape", at) from error
    if match := _SINGLE.match(text, at):
        return match[1].replace("''", "'"), match.end()
    match = _PLAIN.match(text, at)
    if not match:
        raise FlowError("expected a value", at)
    word = match[0].strip()
    if word in _WORDS:
        return _WORDS[word], match.end()
    if _NUMBER.fullmatch(word):
        try:
            return json.loads(word), match.end()
        except ValueError as error:  # Python reads no integer of thousands of digits
            raise FlowError("a number that is too long", at) from error
    return word, match.end()


def _skip(text: str, at: int) -> int:
    match = _BLANK.match(text, at)
    return match.end() if match else at
