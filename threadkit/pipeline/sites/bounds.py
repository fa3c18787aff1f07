"""How much of a stranger's words a list shows; the page of a mail has all."""

from __future__ import annotations

from threadkit.pipeline.display import one_line

TITLE = 200
"""Characters of a subject or title."""

NAME = 80
"""Characters of a person's name."""

VALUE = 400
"""Characters of a trailer, or of a sentence that quotes words of mails."""


def short(text: str, most: int) -> str:
    r"""Write text in one line of so many characters.

    Parameters
    ----------
    text : str
        Of a stranger: a mail may have a subject of a megabyte.
    most : int
        The ellipsis for what is left out included.

    Examples
    --------
    >>> short("a\nb", 9), short("abcdef", 4)
    ('a b', 'abc…')
    """
    line = one_line(text[: 4 * most])  # ends of lines and the like become one character each
    cut = len(text) > 4 * most
    return line if len(line) <= most and not cut else line[: most - 1] + "…"
