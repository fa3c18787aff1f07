"""What a subject line says: reply marks, list tags, patch brackets, title and matching key.

Subjects are written by people and rewritten by mail programs and list servers, so nothing
here is strict: every text is a subject, and what is not understood stays in the title.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

# Marks whose spelling is a word of no other use may come in any case. The short ones are
# also abbreviations ("vs:", "r:"), so they count only as mail programs write them.
_MARK = re.compile(
    r"""(?P<reply>  # \uFF1A is the full-width colon
          (?i:re|aw|antwort|antw|odp|回复|答复|回覆|答覆|回信)
        | S[vV] | V[sS] | R | RIF | Rif | RES
        )
        (?:\s?[\[(^*]?\d{1,4}[\])]?)?\s?[:\uFF1A]
      | (?i:fwd|fw|wg|转发|轉寄)\s?[:\uFF1A]
      | (?:TR|VL|RV|ENC)\s?:
    """,
    re.VERBOSE,
)
_WRAPPED_FORWARD = re.compile(r"\[\s*(?:fwd?|fw):", re.IGNORECASE)
_BRACKET = re.compile(r"\[([^\[\]]*)\]")
_SPACE = re.compile(r"\s*")
_WORDS = re.compile(r"[^\s,;|]+")
_COUNTER = re.compile(r"#?(\d{1,5})(?:\.\d+)?[a-z]?/(\d{1,5})", re.ASCII | re.IGNORECASE)
_COUNTER_OF = re.compile(r"\b(\d{1,5}) of (\d{1,5})\b", re.ASCII | re.IGNORECASE)
_REVISION = re.compile(r"(?:rev|v)[.:]?(\d{1,4})((?:\.\d{1,4})*)", re.ASCII | re.IGNORECASE)
_PATCH = re.compile(
    r"(?:\w+[-/_+])?patch(?:es|set|series)?(?:[-/_+.]?v(\d{1,4})|[-/_+.][\w.-]{2,})?",
    re.ASCII | re.IGNORECASE,
)
_RFC = re.compile(r"(?:patch[-/_+])?rfc(?:[-/_+]patch)?(?:[-_]?v(\d{1,4}))?", re.ASCII | re.I)
_RESEND = frozenset({"resend", "resent", "repost", "reposted", "resend!", "re-send"})
_LIST_TAG = re.compile(r"(?=[^\s]*[a-z])[a-z0-9][a-z0-9._+-]+", re.ASCII | re.IGNORECASE)
# One word in brackets that tells what a mail is about rather than which list carried it.
_TOPICS = frozenset(
    {"announce", "announcement", "attend", "bisected", "bug", "bugreport", "crash", "discuss"}
    | {"idea", "info", "lsf", "maintainer", "ot", "poll", "proposal", "pull", "question"}
    | {"regression", "request", "review", "security", "solved", "stable", "summary", "syzbot"}
    | {"tip", "topic", "update", "urgent"}
)
# "v6.1" in a bracket names the stable release a patch is for, "v3.5" a partial reroll.
_RELEASES = frozenset({"4.1", "4.4", "4.9", "5.4", "6.1", "6.6"})


@dataclass(frozen=True, slots=True)
class Subject:
    """A subject line, taken apart.

    Attributes
    ----------
    prefixes : tuple of str
        Words of the patch brackets as written, in order, without revision and counter
        (``("RFC", "PATCH")``, ``("PATCH", "net-next")``).
    revision : int
        ``2`` for ``v2``; 1 if none is written; a partial reroll ``v3.5`` belongs to 3.
    counter, expected : int or None
        ``3`` and ``7`` for ``3/7``; None if not written.
    is_patch : bool
        True if a bracket says PATCH, or counts parts without asking for a pull.
    is_rfc, is_resend : bool
        True if a bracket says RFC, or RESEND or REPOST.
    is_reply : bool
        True if a reply mark (``Re:``, ``AW:``, ...) was removed; forwards do not count.
    list_prefixes : tuple of str
        Contents of the leading brackets that are not about patches, as written.
    title : str
        What is left, white space collapsed.
    key : str
        Normal form for loose matching: see :func:`parse_subject`.
    """

    prefixes: tuple[str, ...]
    revision: int
    counter: int | None
    expected: int | None
    is_patch: bool
    is_rfc: bool
    is_resend: bool
    is_reply: bool
    list_prefixes: tuple[str, ...]
    title: str
    key: str


@dataclass(slots=True)
class _Brackets:
    """What the leading brackets of one subject add up to."""

    prefixes: list[str] = field(default_factory=list)
    revision: int | None = None
    counter: int | None = None
    expected: int | None = None
    is_patch: bool = False
    is_pull: bool = False
    is_rfc: bool = False
    is_resend: bool = False

    def add(self, content: str) -> bool:
        """Take a bracket's content; False if it says nothing about patches."""
        found = False
        if of := _COUNTER_OF.search(content):
            content = f"{content[: of.start()]} {of[1]}/{of[2]} {content[of.end() :]}"
        kept: list[str] = []
        for word in _WORDS.findall(content):
            meaning = self._word(word)
            if meaning != "number":
                kept.append(word)
            found = found or meaning != "other"
        if found:
            self.prefixes += kept
        return found

    def _word(self, word: str) -> str:
        """Note one word; say if it was a ``number``, a ``flag`` or ``other``."""
        if number := _COUNTER.fullmatch(word):
            if self.counter is None:
                self.counter, self.expected = int(number[1]), int(number[2])
            return "number"
        if number := _REVISION.fullmatch(word):
            minor = number[2]
            if len(minor) > 2 or number[1] + minor in _RELEASES:
                return "other"
            if self.revision is None:
                self.revision = int(number[1])
            return "number"
        lower = word.casefold()
        if "rfc" in lower and (flag := _RFC.fullmatch(word)):
            self.is_rfc = True
            self.is_patch = self.is_patch or "patch" in lower
        elif "patch" in lower and (flag := _PATCH.fullmatch(word)):
            self.is_patch = True
            self.is_rfc = self.is_rfc or "rfc" in lower
        elif lower in _RESEND:
            self.is_resend = True
            return "flag"
        else:
            self.is_pull = self.is_pull or lower == "pull"
            return "other"
        if flag[1] and self.revision is None:
            self.revision = int(flag[1])
        return "flag"


def _skip(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    return at if match is None else match.end()


def _take_apart(text: str) -> Subject:
    """Parse without the care for letters that only case-folding reveals."""
    text = text.rstrip()
    at, stop = _skip(text, 0), len(text)
    said = _Brackets()
    is_reply = False
    tags: list[str] = []
    kept: list[str] = []  # the brackets that belong to the key
    last_tag = ""
    while at < stop:
        if match := _MARK.match(text, at, stop):
            is_reply = is_reply or match["reply"] is not None
        elif text[at] != "[":
            break
        elif text[stop - 1] == "]" and (match := _WRAPPED_FORWARD.match(text, at, stop)):
            # The whole subject is inside, as Mozilla once forwarded.
            stop -= 1
            while stop > match.end() and text[stop - 1].isspace():
                stop -= 1
        elif match := _BRACKET.match(text, at, stop):
            content = " ".join(match[1].split())
            if said.add(content):
                kept.append(f"[{content}]")
                last_tag = ""
            else:
                tags.append(content)
                last_tag = f"[{content}]"
                if not _is_list_tag(content):
                    kept.append(last_tag)
        else:
            break
        at = _skip(text, match.end())
    title = " ".join(text[at:stop].split())
    if not title and last_tag:  # a bracket with nothing behind it is the title itself
        title = last_tag
        tags.pop()
        if kept and kept[-1] == title:
            kept.pop()
    return Subject(
        prefixes=tuple(said.prefixes),
        revision=1 if said.revision is None else said.revision,
        counter=said.counter,
        expected=said.expected,
        is_patch=said.is_patch or (said.counter is not None and not said.is_pull),
        is_rfc=said.is_rfc,
        is_resend=said.is_resend,
        is_reply=is_reply,
        list_prefixes=tuple(tags),
        title=title,
        key=" ".join([*kept, title]).strip().casefold(),
    )


def _is_list_tag(content: str) -> bool:
    return _LIST_TAG.fullmatch(content) is not None and content.casefold() not in _TOPICS


@lru_cache(maxsize=4096)
def parse_subject(subject: str) -> Subject:
    """Take a decoded subject apart.

    Parameters
    ----------
    subject : str
        The decoded header; folding and white space do not matter.

    Returns
    -------
    Subject
        Whatever the text is. ``key`` is equal for a subject and all replies to it: reply
        and forward marks and list tags (``[linux-mm]``) are gone, white space is
        collapsed, letters are case-folded. Patch brackets stay, so that
        ``[PATCH 1/4]`` and ``[PATCH v2 1/4]`` have different keys. It is ``""`` where
        nothing was left, which matches nothing. Parsing a key gives the same key.

    Examples
    --------
    >>> s = parse_subject("Re: [linux-mm] [RFC PATCH v3 2/7] mm: reuse  a page")
    >>> s.revision, s.counter, s.expected, s.is_rfc, s.is_reply
    (3, 2, 7, True, True)
    >>> s.list_prefixes, s.prefixes, s.title
    (('linux-mm',), ('RFC', 'PATCH'), 'mm: reuse a page')
    >>> s.key
    '[rfc patch v3 2/7] mm: reuse a page'

    Notes
    -----
    Linear in the length; results of the last 4096 different subjects are kept, because
    the mails of a thread share theirs.

    References
    ----------
    RFC 5322 section 3.6.5; Linux Documentation/process/submitting-patches.rst, "The
    canonical patch format"; git-format-patch(1).
    """
    parsed = _take_apart(subject)
    key = parsed.key
    # Folding can turn other letters into the ASCII ones of a mark (long s into s), and a
    # wrapped forward shows only when what stood behind it has gone.
    while ("fw" in key or not subject.isascii()) and (again := _take_apart(key).key) != key:
        key = again
    if key == parsed.key:
        return parsed
    fields = {name: getattr(parsed, name) for name in Subject.__slots__}
    return Subject(**{**fields, "key": key})
