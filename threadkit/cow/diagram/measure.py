"""How wide text is, without a font: upper bounds, so that what fits here fits anywhere.

A picture names a list of fonts and never knows which one a reader has. The widths are
those of the widest common one of the list (DejaVu Sans), rounded up; text is anchored so
that a narrower font only leaves more room.
"""

from __future__ import annotations

from collections.abc import Iterable

_NARROW = frozenset("ijl.,:;'|![]()/ ·")
_MIDDLE = frozenset('frtI-"*')
_BROAD = frozenset("w#&+<=>^~")
_WIDE = frozenset("mMW@%\u00d7")
_EM_NARROW, _EM_MIDDLE, _EM_USUAL, _EM_CAPITAL, _EM_WIDE = 0.41, 0.5, 0.64, 0.84, 1.02
_EM_MONO = 0.61
_BOLD = 1.13

ELLIPSIS = "…"


def text_width(text: str, size: float, *, bold: bool = False, mono: bool = False) -> float:
    """Bound the advance width of one line.

    Parameters
    ----------
    text : str
        Without line ends.
    size : float
        Of the font, in the unit of the result.
    bold, mono : bool, optional
        Which cut of the font.

    Returns
    -------
    float
        No common sans-serif (or monospace) font needs more.

    Examples
    --------
    >>> text_width("parent", 10), text_width("parent", 10, mono=True)
    (35.6, 36.6)
    """
    if mono:
        return round(len(text) * _EM_MONO * size, 2)
    ems = sum(map(_em, text)) * (_BOLD if bold else 1)
    return round(ems * size, 2)


def fit_text(text: str, room: float, size: float, *, bold: bool = False) -> str:
    """Cut a line so that it fits, with an ellipsis for what is gone.

    Parameters
    ----------
    text : str
        One line.
    room : float
        Width to keep, in the unit of ``size``.
    size : float
        Of the font.
    bold : bool, optional
        Which cut of the font.

    Returns
    -------
    str
        The text itself where it fits.

    Examples
    --------
    >>> fit_text("parent", 60, 13), fit_text("grandchild_of_parent", 60, 13)
    ('parent', 'grand…')
    """
    if text_width(text, size, bold=bold) <= room:
        return text
    end = len(text)
    while end and text_width(text[:end] + ELLIPSIS, size, bold=bold) > room:
        end -= 1
    return text[:end] + ELLIPSIS


def wrap_text(text: str, room: float, size: float, *, bold: bool = False) -> list[str]:
    """Break text into lines that fit.

    Parameters
    ----------
    text : str
        Words; one that is wider than the room by itself is cut.
    room : float
        Width of a line, in the unit of ``size``.
    size : float
        Of the font.
    bold : bool, optional
        Which cut of the font.

    Returns
    -------
    list of str
        Empty for empty text.

    Examples
    --------
    >>> wrap_text("the page is copied", 70, 13)
    ['the page', 'is copied']
    """
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and text_width(longer, size, bold=bold) <= room:
            lines[-1] = longer
        else:
            lines.append(fit_text(word, room, size, bold=bold))
    return lines


def wrap_facts(facts: Iterable[str], room: float, size: float, *, bold: bool = False) -> list[str]:
    """Put short facts in lines, with middle dots between those that share one.

    Parameters
    ----------
    facts : iterable of str
        None is broken; one that is wider than the room is cut.
    room : float
        Width of a line, in the unit of ``size``.
    size : float
        Of the font.
    bold : bool, optional
        Which cut of the font.

    Returns
    -------
    list of str
        The lines.

    Examples
    --------
    >>> wrap_facts(["1 copy", "1 wait", "2 events"], 100, 12)
    ['1 copy · 1 wait', '2 events']
    """
    lines: list[str] = []
    for fact in facts:
        longer = f"{lines[-1]} · {fact}" if lines else fact
        if lines and text_width(longer, size, bold=bold) <= room:
            lines[-1] = longer
        else:
            lines.append(fit_text(fact, room, size, bold=bold))
    return lines


def _em(character: str) -> float:
    """Bound the width of one character, in em."""
    if character in _NARROW:
        return _EM_NARROW
    if character in _MIDDLE:
        return _EM_MIDDLE
    if character in _WIDE or character > "\u024f":
        return _EM_WIDE
    return _EM_CAPITAL if character.isupper() or character in _BROAD else _EM_USUAL
