"""Trailers: the ``Signed-off-by:`` lines of commit messages, and those given in replies.

A trailer is a statement (somebody reviewed, tested, reported; this fixes that), so a false
one is worse than a missed one: quoted lines never count, and outside a block of trailers
a line counts only if it is one beyond doubt.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from threadkit.mail.block import Block

TrailerKind = Literal["person", "reference", "utility", "other"]

# A search that begins with the literal "\n" skips whole lines quickly; only the first line
# of a body has none before it and is matched by the same pattern without.
_NAME_VALUE = r"[ \t]{0,3}+([A-Za-z][\w-]*+):[ \t]++([^\n]++)"
_FIRST_LINE = re.compile(_NAME_VALUE, re.ASCII)
_LINE = re.compile(r"\n" + _NAME_VALUE, re.ASCII)
_TAG = re.compile(r"\n[ \t]{0,3}(?i:cc|[a-z-]+-by|fixes|link): ", re.ASCII)
_ADDRESS = re.compile(r"([^<\n]{0,200})<\s*([^<>\s@]+@[^<>\s@]+)\s*>")
_BARE_ADDRESS = re.compile(r"(?<![^\s,;(])()([^<>\s@,;()\"]{1,128}@[^<>\s@,;()\"]+[\w\]])")
_COMMENT = re.compile(r"\s#\s*(?=\S)|\s(?=\[[^\[\]]{1,3}\]$)")
_EXTINFO = re.compile(r"\n[ \t]*\[([^\n]*)\][ \t]*(?=\n|\Z)")
_INDENTED = re.compile(r"\n[ \t]+(?![\w-]+:\s)([^\s\[][^\n]*)")
_ADDRESS_ALONE = re.compile(r"\n[ \t]*([^\n:<@]{0,80}<[^<>\s@]+@[^<>\s@]+>[^\n]*)")
_ANY_LINE = re.compile(r"\n([^\n]+)")
_URL = re.compile(r"<?https?://", re.IGNORECASE)
_COMMIT = re.compile(r"(?:commit[: ]\s*)?<?[0-9a-f]{6,40}\b", re.IGNORECASE)
_GERRIT = re.compile(r"I[0-9a-f]{40}\b")
_SENTENCE = r"""[ \t]*(?:
    \((?i:cherry[ -]picked|back-?ported)\ from\ commit\ ([0-9a-f]{7,40})[^\n)]*\)
  | (?:\[\s*)?(?i:commit)\ ([0-9a-f]{7,40})\ (?i:upstream)\b(?:\.|\s*\])?
  | (?:\[\s*)?(?i:upstream\ commit)(?i::|\ id)?\ ([0-9a-f]{7,40})(?:[^\n\]]*\]|\.?[ \t]*(?=\n|\Z))
  | This\ reverts\ commit\ ([0-9a-f]{7,40})
)"""
_FIRST_SENTENCE = re.compile(_SENTENCE, re.VERBOSE)
_SENTENCES = re.compile(r"\n" + _SENTENCE, re.VERBOSE)
_MOST_FOLDS = 8
_SENTENCE_NAMES = ("", "Cherry-picked-from", "Upstream-commit", "Upstream-commit", "Reverts")

_CANONICAL = {
    name.lower(): name
    for name in (
        *("Signed-off-by", "Co-developed-by", "Acked-by", "Reviewed-by", "Tested-by", "Cc"),
        *("Reported-by", "Suggested-by", "Fixes", "Link", "Closes", "BugLink", "Bug"),
        *("References", "Reverts", "Message-ID", "Change-Id", "base-commit", "change-id"),
        *("prerequisite-patch-id", "prerequisite-change-id", "prerequisite-message-id"),
        *("Depends-on", "Based-on", "Obsoleted-by", "X-Upstream"),
    )
    if name != "Change-Id"  # Gerrit's; told from b4's by the value
}
_CANONICAL_NAMES = frozenset(_CANONICAL.values()) | {"Change-Id"}
_LINKS = frozenset({"Link", "Closes", "BugLink", "Bug", "References"})
_REFERENCES = _LINKS | {"Fixes", "Reverts"}
_UTILITY = frozenset(
    {"base-commit", "change-id", "Change-Id", "Depends-on", "Based-on", "Obsoleted-by"}
    | {"Message-ID", "prerequisite-patch-id", "prerequisite-change-id"}
    | {"prerequisite-message-id"}
)


@dataclass(frozen=True, slots=True)
class Trailer:
    """One trailer of a mail's own text.

    Attributes
    ----------
    name : str
        In canonical case (``Reviewed-by``). ``Upstream-commit``, ``Cherry-picked-from``
        and ``Reverts`` stand for the sentences that say so.
    value : str
        Unfolded, without the comment; for the three above the commit's hash.
    kind : {'person', 'reference', 'utility', 'other'}
        Who stands behind the patch; what it points at; what tools put there; the rest.
    extinfo : str
        The ``# comment`` and the ``[lines in brackets]`` that follow, without their marks,
        one a line; ``""`` if there is none.
    start, stop : int
        Characters of the body, from the name to the end of the last line that belongs.
    email : str or None
        The address in ``value``, for persons.
    person : str
        The name before the address; ``""`` if there is none.
    """

    name: str
    value: str
    kind: TrailerKind
    extinfo: str
    start: int
    stop: int
    email: str | None
    person: str


def trailers(body: str, blocks: Sequence[Block]) -> list[Trailer]:
    r"""Find the trailers that the author of a mail wrote.

    Parameters
    ----------
    body : str
        The decoded body.
    blocks : sequence of Block
        Its blocks, in order. Only own text is read: ``trailers`` blocks, where every
        ``Name: value`` counts, and ``reply`` blocks, where a line counts only if a tag
        has an address, a link a URL, ``Fixes`` a commit.

    Returns
    -------
    list of Trailer
        In the order of the text.

    Examples
    --------
    >>> body = "Looks good.\n\nReviewed-by: Ann Li <ann@example.org> # mm/\n"
    >>> [t] = trailers(body, [Block("reply", 0, 0, len(body))])
    >>> t.name, t.person, t.email, t.extinfo
    ('Reviewed-by', 'Ann Li', 'ann@example.org', 'mm/')
    >>> trailers("> " + body, [Block("quote", 1, 0, len(body) + 2)])
    []

    Notes
    -----
    Linear in the length of the own text.

    References
    ----------
    Linux Documentation/process/submitting-patches.rst; git-interpret-trailers(1); the
    rules for follow-up trailers are those of b4.
    """
    found: list[Trailer] = []
    if ": " not in body and ":\t" not in body and "ommit" not in body:
        return found
    sentences = "herry" in body or "pstream" in body or "This reverts" in body
    sentences = sentences or "ackported from" in body
    for kind, depth, start, stop, _ in blocks:
        if depth or (kind != "reply" and kind != "trailers"):
            continue
        _scan(body, start, stop, kind == "trailers", found)
        if sentences:
            found += _said_in_sentences(body, start, stop)
    if sentences:
        found.sort(key=_start)
    return found


def _start(trailer: Trailer) -> int:
    return trailer.start


def _scan(body: str, start: int, stop: int, is_run: bool, found: list[Trailer]) -> None:
    """Add the ``Name: value`` trailers of one block; ``is_run`` if it is a run of them."""
    match = _LINE.search(body, start - 1, stop) if start else _FIRST_LINE.match(body, 0, stop)
    if match is None and not start:
        match = _LINE.search(body, 0, stop)
    while match:
        end = match.end()
        # Ask first what costs nothing: most lines with a colon are prose.
        canonical = _canonical(match[1], match[2])
        if is_run or canonical in _CANONICAL_NAMES or canonical.endswith("-by"):
            kind = _kind(canonical)
            value, end = _unfold(canonical, kind, match[2].rstrip(), body, end, stop, is_run)
            neighbour = bool(found) and found[-1].stop == match.start()
            neighbour = neighbour or _TAG.match(body, end, stop) is not None
            if is_run or _counts(canonical, kind, value, neighbour):
                value, notes = _split_comment(canonical, value)
                end = _take_extinfo(body, end, stop, notes)
                found.append(
                    trailer_of(canonical, value, kind, "\n".join(notes), match.start(1), end)
                )
        match = _LINE.search(body, end, stop)


def _canonical(name: str, value: str) -> str:
    lower = name.lower()
    if lower == "change-id" and _GERRIT.match(value):
        return "Change-Id"
    return _CANONICAL.get(lower) or lower[0].upper() + lower[1:]


def _kind(canonical: str) -> TrailerKind:
    if canonical in _UTILITY:
        return "utility"
    if canonical in _REFERENCES:
        return "reference"
    return "person" if canonical == "Cc" or canonical.endswith("-by") else "other"


def _counts(canonical: str, kind: TrailerKind, value: str, neighbour: bool) -> bool:
    """Tell a trailer in the middle of prose from a line that only looks like one."""
    if kind == "person":
        if canonical == "Cc" and not (neighbour or "stable" in value):
            return False
        return "@" in value and _address(value) is not None
    if canonical in _LINKS:
        return _URL.match(value) is not None
    if canonical == "Fixes":
        return _COMMIT.match(value) is not None
    if canonical == "change-id":
        return " " not in value
    return canonical in {"base-commit", "prerequisite-patch-id", "Change-Id"} and (
        _COMMIT.match(value.removeprefix("I")) is not None
    )


def _unfold(
    canonical: str, kind: TrailerKind, value: str, body: str, end: int, stop: int, is_run: bool
) -> tuple[str, int]:
    """Join the lines that continue a value; say where the last one ends."""
    if canonical == "Fixes":
        joined, at = value, end
        for _ in range(2):
            if joined.count('"') % 2 == 0 and joined.count("(") <= joined.count(")"):
                return joined, at
            line = _ANY_LINE.match(body, at, stop)
            if line is None or _LINE.match(body, at, stop) or _SENTENCES.match(body, at, stop):
                return value, end
            joined, at = f"{joined} {line[1].strip()}", line.end()
        closed = joined.endswith((")", '"'))
        return (joined, at) if closed else (value, end)
    if kind == "person" and "@" not in value:
        line = _ADDRESS_ALONE.match(body, end, stop)
        if line is None or _SENTENCES.match(body, end, stop):
            return value, end
        return f"{value} {line[1].strip()}", line.end()
    for _ in range(_MOST_FOLDS if is_run else 0):
        line = _INDENTED.match(body, end, stop)
        if line is None or _SENTENCES.match(body, end, stop):
            break
        value, end = f"{value} {line[1].strip()}", line.end()
    return value, end


def _split_comment(canonical: str, value: str) -> tuple[str, list[str]]:
    """Part ``value # comment``; a ``#`` inside the title of a commit is none."""
    after = value.rfind('"') + 1 if canonical == "Fixes" else 0
    if "#" not in value and not value.endswith("]"):
        return value, []
    comment = _COMMENT.search(value, after)
    if comment is None:
        return value, []
    return value[: comment.start()].rstrip(), [value[comment.end() :].rstrip()]


def _take_extinfo(body: str, end: int, stop: int, notes: list[str]) -> int:
    """Collect the ``[bracketed]`` lines right below a trailer; say where they end."""
    while line := _EXTINFO.match(body, end, stop):
        if _SENTENCES.match(body, end, stop):
            break
        notes.append(line[1].strip())
        end = line.end()
    return end


def trailer_of(
    name: str, value: str, kind: TrailerKind, extinfo: str, start: int, stop: int
) -> Trailer:
    """Make a trailer of its parts: the person behind it is read out of the value.

    Parameters
    ----------
    name, value, kind, extinfo, start, stop
        As in :class:`Trailer`.

    Returns
    -------
    Trailer
        With ``person`` and ``email`` where it is one of persons.

    Examples
    --------
    >>> one = trailer_of("Cc", "Bo <bo@example.org>", "person", "", 0, 23)
    >>> one.person, one.email
    ('Bo', 'bo@example.org')
    """
    email, person = None, ""
    if kind == "person":
        address = _address(value)
        if address:
            email, person = address[2], address[1].strip().strip("\"'").strip()
        else:
            person = value
    return Trailer(name, value, kind, extinfo, start, stop, email, person)


def _address(value: str) -> re.Match[str] | None:
    return _ADDRESS.match(value) or _BARE_ADDRESS.search(value)


def _said_in_sentences(body: str, start: int, stop: int) -> list[Trailer]:
    """Find backports, cherry-picks and reverts, which commit messages say in a sentence."""
    found = []
    matches = list(_SENTENCES.finditer(body, start - 1 if start else 0, stop))
    if not start and (first := _FIRST_SENTENCE.match(body, 0, stop)):
        matches.insert(0, first)
    for match in matches:
        which = match.lastindex or 0
        at = match.start() + len(match[0]) - len(match[0].lstrip())
        found.append(
            Trailer(
                _SENTENCE_NAMES[which], match[which], "reference", "", at, match.end(), None, ""
            )
        )
    return found
