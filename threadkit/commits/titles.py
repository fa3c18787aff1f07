"""How titles of mails and commits are compared.

:func:`title_key` where equal titles mean equal changes: only what programs on the way lose is
forgiven. :func:`words_key` between postings of one sender, who may mend marks. And
:func:`same_title` for what people write of a commit, which may be cut short.
"""

from __future__ import annotations

import re
from functools import lru_cache

from threadkit.mail.subject import parse_subject

# What a subject may begin with that is no part of the title; all others are left alone.
_MARKED = re.compile(
    r"\s*(?:\[|[^\x00-\x7f]|(?:re|aw|antw|antwort|odp|sv|vs|r|rif|res|fwd?|wg|tr|vl|rv|enc)\b)",
    re.IGNORECASE,
)
_LABEL = re.compile(r"(?:upstream|backport|fromlist|fromgit|cherry-pick|stable)\s*:\s*(?=\S)", re.I)
_QUOTES = "'`\"\u00b4\u2018\u2019\u201b\u2032\u201c\u201d"
_LOST = dict.fromkeys(map(ord, _QUOTES))
_IS_LOST = re.compile(f"[{_QUOTES}]")
_APOSTROPHE = re.compile("['\u2019]")
_NOT_WORDS = re.compile(r"[^\w]+")
_BRACKETS = re.compile(r"(?:\s*\[[^\[\]\n]*\])+(?=\s*\S)")
_NOT_LETTERS = re.compile(r"[\W_]+")


@lru_cache(maxsize=4096)
def title_key(subject: str) -> str:
    """Return the normal form by which titles of mails and commits are compared.

    Parameters
    ----------
    subject : str
        With or without brackets.

    Returns
    -------
    str
        Without brackets and labels of backports, quote marks and apostrophes, the dot at
        the end; white space collapsed, case folded. Empty if nothing is left.

    Examples
    --------
    >>> title_key("[PATCH v2 1/4] mm:  don't migrate") == title_key("mm: dont migrate")
    True
    >>> title_key('Revert "mm: x"') == title_key("mm: x")
    False
    """
    text = parse_subject(subject).title if _MARKED.match(subject) else subject
    if _IS_LOST.search(text):
        text = text.translate(_LOST)
    text = " ".join(text.casefold().split())
    if ":" in text and (label := _LABEL.match(text)):
        text = text[label.end() :]
    return text.rstrip(". ")


def words_key(title: str) -> str:
    """Return the words of a title, case folded.

    Parameters
    ----------
    title : str
        Without brackets.

    Returns
    -------
    str
        ``""`` if it has no word.

    Examples
    --------
    >>> words_key("IO_URING: Don't reuse.") == words_key("io_uring: dont  reuse")
    True
    """
    return _NOT_WORDS.sub(" ", _APOSTROPHE.sub("", title)).strip().casefold()


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
