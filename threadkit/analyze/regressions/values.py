"""The values that regression tracking hands from one stage to the next.

A *signal* is one passage of one mail. Signals of all mails, with what is known of commits,
are put together to regressions; nothing in a regression is without a signal, a trailer of a
commit, or a curated fact.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

SignalKind = Literal[
    "regzbot", "syz", "report", "works", "fails", "culprit", "fix", "closes", "role",
    "bisection", "recovered", "landed", "prediction",
]  # fmt: skip
Mood = Literal["said", "negated", "hypothetical", "asked"]


@dataclass(frozen=True, slots=True)
class Signal:
    """One passage of a mail that bears on a regression.

    Attributes
    ----------
    kind : SignalKind
        ``regzbot``, ``syz``: a command; ``detail`` is its canonical name, ``value`` its
        parameters in normal form (a leading ``^`` of the name becomes a pointer ``^``
        behind the commit). ``report``: something broke; ``detail`` is the word that says
        so. ``works``, ``fails``: ``value`` is a release or a hash, ``detail`` ``release``
        or ``commit``. ``culprit``: ``value`` is a hash as written or ``A..B``, ``detail``
        the title given. ``fix``: ``detail`` is ``commit``, ``mail`` or ``title`` and
        ``value`` accordingly. ``closes``: ``value`` is a Message-ID or a URL, ``detail``
        the trailer's name. ``role``: ``value`` is an email (or a name), ``detail``
        ``reporter``, ``bisector`` or ``tester``. ``bisection``: a log; ``value`` is the
        first bad commit or ``""``, ``detail`` ``good=N bad=N skip=N``. ``recovered``: it
        works again, ``detail`` the word. ``landed``: a fix is in a tree; ``value`` is the
        release or the tree, ``detail`` ``release`` or ``tree``. ``prediction``: something will break; ``detail``
        is the word that says so.
    value, detail : str
        As above; may be empty.
    start, stop : int
        Characters of the body; for a finding in the subject both are 0.
    rule : str
        The name of the rule that fired, stable from version to version.
    score : float
        0..1: how often the rule is right, as measured or as near as is known.
    mood : Mood
        ``said``; or denied (``no regression``), supposed (``would break``, ``if it
        breaks``), or asked (``did this break?``).
    """

    kind: SignalKind
    value: str
    detail: str
    start: int
    stop: int
    rule: str
    score: float
    mood: Mood = "said"
