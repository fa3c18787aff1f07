"""Tell the name of a kernel release from the other numbers with dots in a mail."""

from __future__ import annotations

import re

_SURE = frozenset(
    {"linux", "kernel", "kernels", "mainline", "stable", "vanilla", "upstream", "longterm", "lts"}
    | {"release", "tag", "#", "v", "since", "until", "linus's", "linus'", "pre", "post", "-stable"}
)
_LIKELY = frozenset(
    {"in", "from", "to", "on", "before", "after", "by", "for", "and", "or", "than", "with"}
    | {"into", "through", "till", "against", "of", "at", "around", "like", "between", "both"}
)
# What follows a measure. A release is followed by none of these.
_MEASURE = re.compile(
    r"\s?(?:%|x\b|[munk]?s\b|secs?\b|seconds?|minutes?|hours?|days?|weeks?|years?|[KMGT]i?[Bb]\b"
    r"|[KMG]?Hz|times|percent|million|billion|kbps|k\b|[KMGT]\b|[\u00b5m]s\b|W\b|V\b|inch|points?"
    r"|/\s?\d|\*|usec|msec|nsec|pages|degrees)",
)
_LAST_WORD = re.compile(r"([^\s(]+)[\s(~<>=]*$")
_NEWEST_MINOR = {3: 19, 4: 20, 5: 19}


def is_release(body: str, start: int, stop: int, low: int, high: int) -> bool:
    """Judge one number with dots.

    Parameters
    ----------
    body : str
        The text.
    start, stop : int
        The number's characters, from its first digit (without ``v``) to the end of
        ``-rcN``.
    low, high : int
        The range of the author's own text around it.

    Returns
    -------
    bool
        True for ``v5.9``, ``5.9-rc4``, ``2.6.13``, and for a bare ``5.9`` or ``5.4.61``
        after a word that goes with a release, if no unit follows.

    Examples
    --------
    >>> text = "broken since 5.9, took 5.9 seconds"
    >>> is_release(text, 13, 16, 0, len(text)), is_release(text, 23, 26, 0, len(text))
    (True, False)
    """
    parts = body[start:stop].split("-rc")[0].split(".")
    if not _could_be(parts):
        return False
    if stop < high and not _ends_here(body, stop, high):
        return False
    has_v = start > low and body[start - 1] in "vV"
    outside = start - has_v
    if outside > low and body[outside - 1] in "_@+":
        return False
    if outside > low and (body[outside - 1].isalnum() or body[outside - 1] in "-."):
        return body[max(low, outside - 2) : outside] == ".."  # the end of a range
    if has_v or "-rc" in body[start:stop] or parts[0] == "2" or parts[-1] == "y":
        return True
    return _is_introduced(body, start, stop, low, high)


def _could_be(parts: list[str]) -> bool:
    major, minor = int(parts[0]), int(parts[1])
    if major == 2:
        return minor in (2, 4, 6) and len(parts) > 2
    if len(parts) > 3 or (len(parts[1]) > 1 and parts[1][0] == "0"):
        return False
    return major >= 3 and minor <= _NEWEST_MINOR.get(major, 30)


def _ends_here(body: str, stop: int, high: int) -> bool:
    after = body[stop]
    following = body[stop + 1] if stop + 1 < high else " "
    if after.isalnum() or after in "_@/%":
        return False
    if after == "-":
        return following.isalpha() or following.isspace()
    return after != "." or not following.isdigit()


def _is_introduced(body: str, start: int, stop: int, low: int, high: int) -> bool:
    match = _LAST_WORD.search(body[max(low, start - 24) : start])
    if match is None:
        return False
    word = match[1].lower().strip("\"'`*[,:")
    if word == "version" or word == "versions":
        return "kernel" in body[max(low, start - 24) : start].lower()
    if word in _SURE:
        return True
    return word in _LIKELY and _MEASURE.match(body, stop, min(high, stop + 16)) is None
