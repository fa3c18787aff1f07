"""What the line around a link says of the mail linked: an earlier revision, or not."""

from __future__ import annotations

import re

_NUMBER = re.compile(r"(?<![\w.])(?:PATCH[ -]?)?v(\d{1,3})(?![\w]|\.\d)", re.IGNORECASE)
_BEHIND = re.compile(
    r"[>)\s]{0,3}[\[(#]\s?(?:PATCH[ -]?|RFC[ -]?)?v(\d{1,3})(?!\.?\w)", re.IGNORECASE
)
_EARLIER = re.compile(
    r"\b(?:(?:previous|earlier|last|prior|old(?:er)?|original|first|initial) "
    r"(?:version|posting|post|submission|revision|series|round|attempt|patch(?:set|es)?|RFC)"
    r"|previously|RFC(?: v\d+)?|resend of|respin of)\b",
    re.IGNORECASE,
)
_OTHER = re.compile(
    r"\b(?:depend\w*|based on|on top of|prerequisite\w*|requires?|appl(?:y|ies)|"
    r"reported|closes|discuss\w*|fixes|follow-?up|see also|companion|userspace|tests?|qemu)\b",
    re.IGNORECASE,
)
_BARE = re.compile(r"[\s\-*+>|<\[\]().:0-9]*")


def earlier_revision(before: str, behind: str) -> int | None:
    r"""Read which earlier revision a link leads to.

    Parameters
    ----------
    before : str
        The text before the link; its last line counts, or the one before that if the link
        begins a line.
    behind : str
        The text behind it; the rest of its line counts.

    Returns
    -------
    int or None
        The number; 0 if it is only said to be an earlier one; None if nothing of this
        kind is said, or if it is said to be something else (``depends on v2: ...``).

    Examples
    --------
    >>> earlier_revision("Changes in v3:\n- Link to v2: ", "")
    2
    >>> earlier_revision("Previous version:\n", ""), earlier_revision("", " [v1]")
    (0, 1)
    >>> earlier_revision("Depends on v2 of the pages series: ", "") is None
    True
    >>> earlier_revision("Applies to v5.9: ", "") is None
    True
    """
    lines = before.split("\n")
    said = lines[-1]
    if _BARE.fullmatch(said) and len(lines) > 1 and lines[-2].rstrip().endswith(":"):
        said = lines[-2]
    if _OTHER.search(said):
        return None
    if found := _BEHIND.match(behind.split("\n", 1)[0]):
        return int(found[1])
    numbers = _NUMBER.findall(said)
    if numbers:
        return int(numbers[-1])
    return 0 if _EARLIER.search(said) else None
