"""Lines that say whose words follow: ``On DATE, NAME wrote:`` in its many forms."""

from __future__ import annotations

import re
from collections.abc import Sequence

# Verbs that hardly stand at the end of a sentence of one's own.
_WROTE = re.compile(
    r"\b(?:wrote|writes|typed|scribbled|schrieb|schreibt|[ée]crit|escribi[óo]|escreveu|scritto|scrisse"
    r"|skrev|skriver|schreef|napisa\u0142\(?a?\)?|napisal|napsala?|kirjoitti|\u00edrta|yazd\u0131"
    r"|\u043f\u0438\u0448\u0435\u0442|(?:\u043d\u0430)?\u043f\u0438\u0441\u0430\u043b\u0430?)\b"
    r"|\u5199\u9053|\u5beb\u9053|\u5199\u5230|\u5beb\u5230|\u66f8\u304d\u307e\u3057\u305f|\uc791\uc131"
).search
# Verbs that do; they need a date or an address beside them.
_SAID = re.compile(r"\b(?:says?|said|spake|write|asked|replied|mused|excerpted)\b").search
_ENDS_WROTE = re.compile(
    r"(?:wrote|writes|schrieb(?: [^:]{1,60})?|[ée]crit ?|escribió|escreveu|ha scritto|skrev(?: [^:]{1,60})?"
    r"|schreef(?: [^:]{1,60})?)\s?:$"
).search
# `NAME wrote:` as a whole line needs no quote below it: some forget the marks.
_NAME_WROTE = re.compile(
    r"\"?[A-Z][\w.'-]*(?: [\w.'-]+){0,3}\"?(?: <[^<> ]{3,80}>)? (?:wrote|writes):$"
).match
_BEGINS = re.compile(
    r"(?:On|Am|Le|El|Il|Em|Den|Op|W dniu|Dnia|Dne|Quoting|Excerpts from|At|In|Thus|V|\* ?|\[)\b ?\S|\* \S"
    r"|-{2,} On |(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? |\d{4}[-/.\u5e74]"
).match
_DATED = re.compile(
    r"@[\w-]+\.|\b\d{1,2}:\d\d\b|\b\d{4}-\d\d-\d\d\b|\b\d{1,2}[/.]\d{1,2}[/.]\d{2}"
    r"|\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun|Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
    r"[a-z]*[.,]? (?:the )?\d|\d{4}\u5e74|message of "
).search
_OUTLOOK_LINE = re.compile(r"From: .{1,200} Sent: .{1,60}\d").match
_ENDS = (":", "\uff1a", "...", "wrote", "writes", ",", ";", "-")
_VERB_ENDS = ("wrote:", "writes:", "crit:", "crit :", "escreveu:", "escribi\u00f3:", "scritto:")
_VERBS = (" schrieb ", " skrev ", " schreef ")  # the name follows
_BLANK = " \t\ufeff\u200b"
_MOST_LINES = 4
_LONGEST = 300  # characters; an attribution line is short, and regexes stay cheap


def may_end_attribution(line: str, before_quote: bool) -> bool:
    """Tell quickly whether an attribution can end with this line.

    Parameters
    ----------
    line : str
        A line without white space at its end.
    before_quote : bool
        A deeper quote follows.

    Examples
    --------
    >>> may_end_attribution("Ada wrote:", before_quote=True)
    True
    >>> may_end_attribution("I agree.", before_quote=True)
    False
    """
    if before_quote:
        return line.endswith(_ENDS) or "From: " in line
    return line.endswith(_VERB_ENDS) or (line.endswith(":") and any(v in line for v in _VERBS))


def attribution_start(lines: Sequence[str], before_quote: bool) -> int:
    """Find where the attribution that ends with the last line begins.

    Parameters
    ----------
    lines : sequence of str
        The lines that may belong to it, in order, without line ends and quote marks.
    before_quote : bool
        A deeper quote follows: less proof is asked for.

    Returns
    -------
    int
        Index of its first line; ``len(lines)`` if the last line ends no attribution.

    Examples
    --------
    >>> lines = ["Right.", "On Tue, 1 Sep 2020 at 10:20, Ada Example", "<ada@example.org> wrote:"]
    >>> attribution_start(lines, before_quote=True)
    1
    >>> attribution_start(["It prints:"], before_quote=True)
    1

    Notes
    -----
    Looks at no more than four lines of at most 300 characters.
    """
    stop = len(lines)
    last = lines[-1].strip(_BLANK)
    if not last or len(last) > _LONGEST:
        return stop
    if not before_quote:
        return _start_by_itself(lines, last)
    if _OUTLOOK_LINE(last):
        return stop - 1
    start = _first_line(lines)
    if start < stop and _is_complete(" ".join(lines[start:]), last):
        return start
    if _WROTE(last) and last.endswith(_ENDS):
        # `NAME wrote:`; where the name stands on the line above, that one belongs to it.
        above = stop > 1 and last.startswith(("<", "wrote", "writes")) and lines[-2].strip() != ""
        return stop - 2 if above else stop - 1
    if last.endswith(":") and _SAID(last) and _DATED(last):
        return stop - 1
    return stop


def _is_complete(whole: str, last: str) -> bool:
    """Tell whether text that begins like an attribution goes on and ends like one."""
    if _WROTE(whole):
        return last.endswith(_ENDS) or _DATED(whole) is not None
    if not last.endswith((":", "\uff1a")):
        return False
    return _DATED(whole) is not None or whole.lstrip().startswith("* ")


def _start_by_itself(lines: Sequence[str], last: str) -> int:
    """Find an attribution that no quote follows: it must be complete."""
    stop = len(lines)
    if _NAME_WROTE(last) and (stop == 1 or not lines[-2].strip()):
        return stop - 1
    if not _ENDS_WROTE(last):
        return stop
    start = _first_line(lines)
    return start if start < stop and _DATED(" ".join(lines[start:])) else stop


def _first_line(lines: Sequence[str]) -> int:
    """Go up to the nearest line that begins like an attribution; len(lines) if none does."""
    stop = len(lines)
    for start in range(stop - 1, max(stop - _MOST_LINES, 0) - 1, -1):
        line = lines[start].strip(_BLANK)
        if not line or len(line) > _LONGEST:
            break
        if _BEGINS(line):
            return start
    return stop
