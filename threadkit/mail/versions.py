"""Tell the name of a kernel release from the other numbers with dots in a mail."""

from __future__ import annotations

import re

_SURE = frozenset(
    {"linux", "kernel", "kernels", "mainline", "stable", "vanilla", "upstream", "longterm", "lts"}
    | {"release", "tag", "#", "v", "since", "until", "linus's", "linus'", "pre", "post", "-stable"}
    | {"releases", "tainted"}
)
_LIKELY = frozenset(
    {"in", "from", "to", "on", "before", "after", "by", "for", "and", "or", "than", "with"}
    | {"into", "through", "till", "against", "of", "at", "around", "like", "between", "both"}
    | {"include", "includes", "including", "running", "runs"}
)
# What follows a measure. A release is followed by none of these.
_MEASURE = re.compile(
    r"\s?(?:%|x\b|[munk]?s\b|secs?\b|seconds?|minutes?|hours?|days?|weeks?|years?|[KMGT]i?[Bb]\b"
    r"|[KMG]?Hz|times|percent|million|billion|kbps|k\b|[KMGT]\b|[\u00b5m]s\b|W\b|V\b|inch|points?"
    r"|/\s?\d|\*|usec|msec|nsec|pages|degrees)",
)
# What follows a release and nothing else, and who does something in a sentence.
_RELEASED = re.compile(
    r"(?:\+|-(?:final|stable|rc\b|only|based)|'s\s)|\s?(?:(?:\w+[ \t]+)?kernels?\b|release[sd]?\b|cycle|stable"
    r"|trunk|tree\b|merge window|LTS\b|longterm|mainline|material|timeframe|dev(?:el)?\b|is\s(?:out|released)"
    r"|(?:and|or)\s(?:later|newer|older|earlier|up|above|below|onwards)|branch|code\b|series\b|queue\b|backports?\b|users\b|(?:through|until|till)\sv?\d)",
    re.IGNORECASE,
)
_ACTS = re.compile(
    r"\s(?:\w+ly\s)?(?:\w+ly\s)?(?:has|had|is|was|does|did|seems|comes|came|works|worked|fails|failed|boots|booted|performs"
    r"|performed|ranges|ranged|runs|ran|breaks|broke|crashes|hangs|shows|contains|includes|with|without)\b"
)
_PROSE = frozenset(
    {
        "use",
        "used",
        "using",
        "run",
        "running",
        "ran",
        "tried",
        "trying",
        "testing",
        "tested",
        "test",
    }
    | {"boot", "boots", "booted", "booting", "as", "is", "was", "are", "were", "e.g", "say", "the"}
    | {"a", "an", "my", "this", "that", "old", "older", "new", "newer", "latest", "clean", "plain"}
    | {"pristine", "unpatched", "patched", "recent", "working", "broken", "good", "bad", "debian"}
    | {"ubuntu", "fedora", "arch", "gentoo", "opensuse", "suse", "rhel", "centos", "now", "try"}
    | {"affected", "fixed", "works", "fails", "worked", "failed", "when", "but", "also", "only"}
    | {"that", "where", "whereas", "while", "until", "fact", "matches", "and", "or", "what", "why"}
    | {"still", "if", "trees", "our", "your", "current", "previous", "upgraded", "downgraded"}
)
# Programs that have numbers of their own; those of the kernel go by "Linux" and "kernel".
_TOOL = re.compile(
    r"(?:gcc|g\+\+|clang|llvm|ld|binutils|glibc|qemu\S*|python\d?|perl|bash|systemd|udev|mesa|xorg"
    r"|xfsprogs|e2fsprogs|\S+-progs|mkfs\.\S+|\w*tools?|util-linux|btrfs-progs|bluez\S*|gnome|driver"
    r"|firmware|bios|revision|usb|ver|acpi|pcie?|sata|section|sect\.|chapter|figure|table|patch|b4|git"
    r"|rust\S*|sparse|smatch|make|openssl|libc|dtc|u-boot|grub|snapshot|lilo|module-init-tools)",
    re.IGNORECASE,
)
_DMESG = re.compile(r"[ \t]*(?:\[ *\d+\.\d+\]|\w{3} [ \d]\d \d\d:\d\d:\d\d )")
_BETWEEN = re.compile(
    r"[+')\]]*(?:,|/|\s*&|\s*->|-|\.\.|\s+(?:and|or|to|vs\.?|through|till|until|versus))?\s*(?:(?:and|or)\s)?v?"
)
_LAST_WORD = re.compile(r"([^\s(]+)[\s(~<>=]*$")
_NEAR = 16
_KERNEL = ("kernel", "linux")
_LISTED = re.compile(r",\s(?:(?:and|or)\s)?v?[3-9]\.\d")
_BOUND = re.compile(r"\([<>]=? ?$")  # (< 5.19)
_ALONE = re.compile(r"[ \t]*(?:\n|\Z|\(|\+)")  # on a line of its own
_LAST_OF_2 = 6
_EVEN_OF_2 = ("2", "4", "6")  # the odd ones were for developers, and are other programs' now
_TIMES = frozenset({"in", "on", "under", "before", "after"})  # those that go with 2.4, not a factor
_NEWEST_MINOR = {3: 19, 4: 20, 5: 19}


def is_release(
    body: str, start: int, stop: int, low: int, high: int, previous: int | None = None
) -> bool:
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
    previous : int or None
        Where the release before this one ended, for ``5.16, 5.17 and 5.18``.

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
    if _is_of_another(body, outside, low):
        return False
    is_old = parts[0] == "2"
    if is_old and has_v and len(parts) == 2 and "-rc" not in body[start:stop]:
        return False  # the first change of a patch's second posting
    if has_v or "-rc" in body[start:stop] or parts[-1] == "y":
        return True
    if is_old and len(parts) > 2 and parts[1] in _EVEN_OF_2:
        return True
    is_next = previous is not None and start - previous < _NEAR
    if (
        is_next
        and _BETWEEN.fullmatch(body, previous or 0, start)
        and not _measured(body, stop, high)
    ):
        return True
    if is_old and len(parts) == 2:
        return _is_old_series(body, start, stop, low, high)
    return _is_introduced(body, start, stop, low, high, len(parts))


def _could_be(parts: list[str]) -> bool:
    major, minor = int(parts[0]), int(parts[1])
    if major == 2:
        return 1 <= minor <= _LAST_OF_2
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


def _is_introduced(body: str, start: int, stop: int, low: int, high: int, parts: int) -> bool:
    """Judge by the words around it a number that could be anything."""
    if _RELEASED.match(body, stop, min(high, stop + 24)):
        return True
    match = _LAST_WORD.search(body[max(low, start - 24) : start])
    word = match[1].lower().strip("\"'`*[,:.") if match else ""
    if word == "version" or word == "versions":
        return any(name in body[max(low, start - 24) : start].lower() for name in _KERNEL)
    if word in _SURE:
        return True
    if _measured(body, stop, high):
        return False
    if word in _LIKELY:
        return True
    ahead = body[max(low, start - 3) : start]
    begins = not ahead.strip() or ahead.rstrip()[-1] in ".!?:;,(" or "\n" in ahead
    acts = _ACTS.match(body, stop, min(high, stop + 40)) is not None
    if word in _PROSE:
        return parts > 2 or acts or _LISTED.match(body, stop, high) is not None
    if _BOUND.search(ahead):
        return True
    if parts > 2 and (not ahead.strip() or "\n" in ahead) and _ALONE.match(body, stop, high):
        return True
    return begins and acts


def _is_old_series(body: str, start: int, stop: int, low: int, high: int) -> bool:
    """Judge ``2.4``, which is mostly something else, by the word before it or behind it."""
    if _RELEASED.match(body, stop, min(high, stop + 24)):
        return True
    match = _LAST_WORD.search(body[max(low, start - 24) : start])
    word = match[1].lower() if match else ""
    return word in _SURE or (word in _TIMES and not _measured(body, stop, high))


def _measured(body: str, stop: int, high: int) -> bool:
    return _MEASURE.match(body, stop, min(high, stop + 16)) is not None


def _is_of_another(body: str, start: int, low: int) -> bool:
    """Tell whether the number is said to be of a program, or a driver names itself by it."""
    if body[start - 1 : start] not in {" ", "\t", "-", "\n"}:
        return False
    match = _LAST_WORD.search(body[max(low, start - 24) : start])
    if match is None:
        return False
    word = match[1].strip("\"'`*[,:(")
    if _TOOL.fullmatch(word):
        return True
    if word.lower() != "version":
        return False
    line = max(low, body.rfind("\n", max(low, start - 200), start) + 1)
    before = body[line:start]
    return _DMESG.match(before) is not None and "inux" not in before
