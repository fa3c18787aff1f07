"""Whether a title that somebody wrote is the subject of a commit."""

from __future__ import annotations

import re

_BRACKETS = re.compile(r"(?:\s*\[[^\[\]\n]*\])+(?=\s*\S)")
_NOT_LETTERS = re.compile(r"[\W_]+")


def same_title(written: str, subject: str) -> bool:
    """Say whether a title as written is a commit's subject, or the beginning of it.

    Parameters
    ----------
    written : str
        Case, marks, white space and ``[PATCH]`` in front do not count: stable trees lose
        apostrophes, mail programs break lines, and old commits kept the brackets. A title
        that ends with three dots may stop anywhere.
    subject : str
        The real one.

    Returns
    -------
    bool
        False if the words differ.

    Examples
    --------
    >>> same_title("mm: don't pin", "mm: Dont pin"), same_title("mm: do pin", "mm: dont pin")
    (True, False)
    >>> same_title("madvise MADV_DONTFORK", "[PATCH] madvise MADV_DONTFORK")
    True
    >>> same_title("mm: do_wp_page()...", "mm: do_wp_page() simplification")
    True
    """
    short, whole = (_letters(text) for text in (written, subject))
    cut = written.rstrip().endswith(("...", "\u2026"))
    return short == whole or (cut and bool(short) and whole.startswith(short))


def _letters(text: str) -> str:
    found = _BRACKETS.match(text)
    return _NOT_LETTERS.sub("", text[found.end() if found else 0 :].casefold())
