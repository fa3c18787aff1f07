"""Lines that say whose words follow: ``On DATE, NAME wrote:`` in its many forms."""

from __future__ import annotations

import re
from collections.abc import Sequence

_VERB = re.compile(
    r"\b(?:wrote|writes|write|said|says|spake|typed|scribbled|schrieb|schreibt|(?:a |à )?écrit|escribió|"
    r"escribio|ha scritto|scrisse|scritto|skrev|skriver|schreef|napisał\(?a?\)?|napisal|napsal|escreveu|"
    r"kirjoitti|írta|yazd\u0131|пишет|писал|написал|wrote on|asked|replied|mused)\b|写道|寫道|写到|書きました|のメール|작성"
).search
_START = re.compile(
    r"(?:On|Am|Le|El|Il|Em|Em|Den|Op|W dniu|Dnia|Quoting|At|In|\*|Thus|From|Il giorno|V|Dne|Em)\b.?\s*\S|\* "
).match
_DATED = re.compile(
    r"\d{4}|\d{1,2}[:/.]\d\d|<?\S+@\S+>?|\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun|Jan|Feb|Mar|Apr|May|Jun|Jul|"
    r"Aug|Sep|Oct|Nov|Dec)"
).search
MOST_LINES = 4
_LONGEST = 400


def attribution_start(lines: Sequence[str], stop: int, floor: int, before_quote: bool) -> int:
    """Find where the attribution that ends before a line begins.

    Parameters
    ----------
    lines : sequence of str
        Lines without line ends and quote marks.
    stop : int
        Index after the line that would end the attribution.
    floor : int
        Index of the first line that may belong to it.
    before_quote : bool
        A deeper quote follows: less proof is asked for.

    Returns
    -------
    int
        Index of its first line; ``stop`` if the line is no attribution.

    Examples
    --------
    >>> lines = ["Right.", "On Tue, 1 Sep 2020 at 10:20, Ada Example", "<ada@example.org> wrote:"]
    >>> attribution_start(lines, 3, 0, True)
    1
    """
    last = lines[stop - 1].rstrip()
    if len(last) > _LONGEST or not _ends(last, before_quote):
        return stop
    floor = max(floor, stop - MOST_LINES)
    for start in range(stop - 1, floor - 1, -1):
        line = lines[start]
        if not line.strip() or len(line) > _LONGEST:
            break
        if _START(line.lstrip()):
            whole = " ".join(lines[start:stop])
            if before_quote or _DATED(whole):
                return start
    if _VERB(last) and (_DATED(last) or before_quote):
        return stop - 1
    return stop


def _ends(last: str, before_quote: bool) -> bool:
    if last.endswith((":", "\uff1a")):
        return _VERB(last) is not None or (before_quote and _DATED(last) is not None)
    return (
        before_quote
        and last.endswith(("...", "wrote", "writes", "said", "-"))
        and (_VERB(last) is not None)
    )
