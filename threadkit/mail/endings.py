"""What stands under a mail: signatures and the footers that lists and trackers add."""

from __future__ import annotations

import re
from collections.abc import Sequence

from threadkit.mail.linelabels import SIGNATURE, TEXT, Labels

_FOOTER = re.compile(
    r"To unsubscribe from this (?:list|group)|To unsubscribe, send a message with"
    r"|To unsubscribe,? (?:e-?mail|send|visit|go to)|You received this message because you are subscribed"
    r"|More majordomo info at|Please read the FAQ at|Don't email: <a href"
    r"|[-\w.]+(?: [-\w.]+)? mailing list(?:\s*$|,? +(?:-+ +)?\S+@\S+$)"
    r"|You may reply to this email to add a comment|You are receiving this mail because:"
).match
_RULE = re.compile(r"(?:-{1,3}|_{5,}|-{5,}|={5,})\s*$").match
FOOTER_LINES = (
    "To unsubscribe",
    "You received this message",
    "More majordomo",
    "Please read the FAQ",
    "Don't email: <a",
    "You may reply to this email",
    "You are receiving this mail",
)
"""How the first line of a footer begins, if a rule does not stand above it."""

_TAIL_LINES = 40
_LONGEST = 200  # characters of a line worth a look
_LONGEST_SIGNATURE = 40  # lines
_LOOSE_SIGNATURE = 8  # lines, where the space of `-- ` was lost


def footer_start(lines: Sequence[str], candidates: Sequence[int], floor: int) -> int:
    """Find the list footer at the end of a body.

    Parameters
    ----------
    lines : sequence of str
        The lines of a body, without line ends.
    candidates : sequence of int
        Indices, in order, of the lines that begin with one of FOOTER_LINES or are a rule
        of dashes or underscores.
    floor : int
        Index of the first line that may belong to the footer.

    Returns
    -------
    int
        Index of the first line of the footer (its rule included); ``len(lines)`` if there
        is none.

    Examples
    --------
    >>> footer_start(["Yes.", "_" * 40, "example mailing list", "example@example.org"], [1], 0)
    1

    Notes
    -----
    Looks at the last 40 lines only.
    """
    count = len(lines)
    floor = max(floor, count - _TAIL_LINES)
    for number in candidates:
        if number < floor:
            continue
        is_rule = _is_rule(lines[number])
        first = number + is_rule
        if first < count and len(lines[first]) < _LONGEST and _FOOTER(lines[first]):
            above = not is_rule and number > floor and _is_rule(lines[number - 1])
            return number - above
    return count


def _is_rule(line: str) -> bool:
    return len(line) < _LONGEST and _RULE(line) is not None


def mark_signatures(
    lines: Sequence[str], labels: Labels, numbers: Sequence[int], foot: int
) -> None:
    """Label signatures, from their ``-- `` line to the footer, a quote, a diff or the end.

    Parameters
    ----------
    lines : sequence of str
        The lines of a body, without line ends.
    labels : list of Label or None
        Their labels; changed in place.
    numbers : sequence of int
        Indices of the lines that are ``-- `` or ``--``, in order.
    foot : int
        Index of the first line of the footer.

    Notes
    -----
    Mailers that lose the space at the end of lines leave ``--``; that is believed only
    for a few lines. Linear: a signature has at most 40 lines with text, and no more are
    looked at for each mark.
    """
    done = 0
    for number in numbers:
        if number < done or labels[number] is not TEXT or number >= foot:
            continue
        strict = lines[number] == "-- "
        most = _LONGEST_SIGNATURE if strict else _LOOSE_SIGNATURE
        stop, size = number + 1, 1
        while stop < foot and size <= most and _goes_on(lines, labels, stop):
            size += labels[stop] is not None
            stop += 1
        if size <= most and (strict or (size > 1 and _may_end(labels, stop, foot))):
            labels[number:stop] = [SIGNATURE] * (stop - number)
            done = stop


def _goes_on(lines: Sequence[str], labels: Labels, number: int) -> bool:
    """Tell whether a line still belongs to the signature above it; a bot's command does not."""
    label = labels[number]
    return label is None or (label is TEXT and not lines[number].startswith(("#regzbot", "#syz")))


def _may_end(labels: Labels, stop: int, foot: int) -> bool:
    """Tell whether a signature may end here: at the end, or above something else."""
    label = labels[stop] if stop < foot else None
    return label is None or label[0] != "reply" or labels[stop - 1] is None
