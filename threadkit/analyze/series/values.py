"""The values that grouping patches into series takes and gives."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from typing import Literal

from threadkit.commits.titles import words_key
from threadkit.mail.subject import Subject, parse_subject

RevisionKind = Literal["posting", "resend", "reroll"]
Outcome = Literal[
    "merged", "partly merged", "applied", "partly applied", "superseded", "dropped", "unknown"
]  # fmt: skip

_MOST_GAPS = 100
_MINOR = re.compile(r"\bv\d{1,4}\.(\d{1,3})\b(?=[^\[\]]*\])", re.IGNORECASE)
_BRANCH = re.compile(r"v?(?:\d\.\d{1,2}|\d{1,2}\.\d{1,3})(?:\.\d{1,3})?(?:[.-]?(?:y|stable))?")
_TARGETS = frozenset({"stable", "backport", "autosel", "candidate"})


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier mail that a posting points at.

    ``revision`` is the number that the line gives it (``v2: https://...``), 0 if it only
    says that it is an earlier one (``Previous version:``), None if it says neither.
    """

    message_id: str
    revision: int | None


@dataclass(frozen=True)  # no slots: what is computed of it is kept
class Posting:
    """One mail that carries a patch, or a cover letter.

    Attributes
    ----------
    message : int
        A number that the caller knows it by.
    message_id, subject : str
        As in the mail.
    utc : str
        When it was sent or else came, ISO 8601 with Z; ``""`` if unknown.
    author, email : str
        Who sent it.
    person : str
        Equal for all addresses of one person; ``""`` is nobody.
    parent, above, root : str
        Message-ID of what it answers (``""``: nothing), of the nearest posting above it
        in the thread, and of the first mail of its conversation.
    change_id, patch_id : str
        ``""`` if it has none.
    files : frozenset of str
        Paths that it changes.
    cites : tuple of Earlier
        Mails that its text points at, in order.
    """

    message: int
    message_id: str
    subject: str
    utc: str
    author: str
    email: str
    person: str
    parent: str = ""
    above: str = ""
    root: str = ""
    change_id: str = ""
    patch_id: str = ""
    files: frozenset[str] = frozenset()
    cites: tuple[Earlier, ...] = ()

    @cached_property
    def parts(self) -> Subject:
        """The subject, taken apart."""
        return parse_subject(self.subject)

    @cached_property
    def title_key(self) -> str:
        """Its title as it is compared."""
        return words_key(self.parts.title)

    @cached_property
    def counter(self) -> int:
        """3 of ``3/7``, 0 for a cover letter, 1 where nothing is counted."""
        return 1 if self.parts.counter is None else self.parts.counter


@dataclass(frozen=True, slots=True)
class Numbering:
    """What the brackets of one posting say, apart from the place in the series.

    ``major`` and ``minor`` are 3 and 5 of ``v3.5``; ``target`` holds the words that name
    a stable branch, so that backports to several branches stay apart.
    """

    major: int
    minor: int
    is_rfc: bool
    is_resend: bool
    expected: int
    target: str


def numbering(subject: str, parts: Subject | None = None) -> Numbering:
    """Read the brackets of a subject.

    Parameters
    ----------
    subject : str
        Of a posting.
    parts : Subject, optional
        The same, taken apart, where that has been done.

    Returns
    -------
    Numbering
        ``expected`` is 1 where the subject does not count.

    Examples
    --------
    >>> numbering("[RFC PATCH v3.5 2/7] mm: reuse a page")
    Numbering(major=3, minor=5, is_rfc=True, is_resend=False, expected=7, target='')
    >>> numbering("[PATCH 5.10 01/11] mm: reuse a page").target
    '5.10'
    """
    parts = parts or parse_subject(subject)
    minor = _MINOR.search(subject)
    words = (word.casefold() for word in parts.prefixes)
    return Numbering(
        major=parts.revision,
        minor=int(minor[1]) if minor else 0,
        is_rfc=parts.is_rfc,
        is_resend=parts.is_resend,
        expected=parts.expected if parts.expected else 1,
        target=" ".join(w for w in words if w in _TARGETS or _BRANCH.fullmatch(w)),
    )


def is_posting(subject: str) -> bool:
    """Tell whether a mail with a diff is meant as a patch, by its subject.

    Parameters
    ----------
    subject : str
        Of a mail that carries a diff.

    Returns
    -------
    bool
        False for replies and for reports that show a diff.

    Examples
    --------
    >>> is_posting("[RFC] mm: reuse"), is_posting("Re: [PATCH] mm: reuse"), is_posting("A bug")
    (True, False, False)
    """
    parts = parse_subject(subject)
    return not parts.is_reply and (parts.is_patch or parts.is_rfc or parts.is_resend)


def gaps(here: Container[int], last: int) -> tuple[int, ...]:
    """List the numbers from 1 on that are not here, at most a hundred of them.

    Parameters
    ----------
    here : container of int
        What is here.
    last : int
        The last number to look for.

    Returns
    -------
    tuple of int
        Ascending.

    Examples
    --------
    >>> gaps({2, 4}, 5), len(gaps((), 99999))
    ((1, 3, 5), 100)
    """
    return tuple(islice((n for n in range(1, last + 1) if n not in here), _MOST_GAPS))


@dataclass(eq=False)
class Revision:
    """One posting of a series: a cover letter with its patches, or patches without one.

    Its patches stay as they are once it is made; what follows from them is kept.

    Attributes
    ----------
    patches : dict of int to Posting
        By counter; 0 is the cover letter. The subject may count beyond ``expected``.
    numbering : Numbering
        Of the cover letter or the first patch.
    kind : {'posting', 'resend', 'reroll'}
        ``reroll``: some patches of a revision again, as one mail in its thread or as v3.5.
    rule, score
        How it was found to be of its series; ``first`` and 1 for the first.
    """

    patches: dict[int, Posting]
    numbering: Numbering
    kind: RevisionKind = "posting"
    rule: str = "first"
    score: float = 1.0

    @cached_property
    def head(self) -> Posting:
        """The cover letter, or the first patch."""
        return self.patches[min(self.patches)]

    @property
    def cover(self) -> Posting | None:
        """The cover letter, if it has one here."""
        return self.patches.get(0)

    @cached_property
    def utc(self) -> str:
        """When its first mail was sent; ``""`` if unknown."""
        return min((p.utc for p in self.patches.values() if p.utc), default="")

    @property
    def title(self) -> str:
        """The title of the cover letter, or of its first patch."""
        return self.head.parts.title

    @property
    def label(self) -> str:
        """Its number as people write it: ``v2``, ``RFC v1``, ``v3.5``, ``v2 RESEND``."""
        n = self.numbering
        number = f"v{n.major}.{n.minor}" if n.minor else f"v{n.major}"
        again = " RESEND" if self.kind == "resend" else ""
        return ("RFC " if n.is_rfc else "") + number + again

    @property
    def missing(self) -> tuple[int, ...]:
        """Counters of patches that are not here, at most a hundred of them."""
        if self.kind == "reroll":
            return ()
        return gaps(self.patches, self.numbering.expected)

    @cached_property
    def titles(self) -> frozenset[str]:
        """Keys of the titles of its patches, without the cover letter's."""
        keys = (p.title_key for n, p in self.patches.items() if n)
        return frozenset(key for key in keys if key)

    @cached_property
    def files(self) -> frozenset[str]:
        """All paths that its patches change."""
        return frozenset[str]().union(*(p.files for p in self.patches.values()))

    @property
    def person(self) -> str:
        """Who posted it."""
        return self.head.person

    @cached_property
    def patch_ids(self) -> frozenset[str]:
        """The patch-ids of its patches."""
        return frozenset(p.patch_id for p in self.patches.values() if p.patch_id)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A series that a later one may go on with; not sure enough to join them."""

    earlier: str
    rule: str
    score: float


@dataclass(slots=True, eq=False)
class Series:
    """One change in all its revisions, oldest first.

    ``candidates`` are earlier series that this one may be a revision of.
    """

    revisions: list[Revision]
    candidates: list[Candidate] = field(default_factory=list)

    @property
    def change_id(self) -> str:
        """The change-id that its mails carry; the last one, ``""`` if none does."""
        found = (p.change_id for r in reversed(self.revisions) for p in r.patches.values())
        return next((one for one in found if one), "")

    @property
    def key(self) -> str:
        """Its name: Message-ID of its first posting's cover letter or first patch."""
        return self.revisions[0].head.message_id

    @property
    def last(self) -> Revision:
        """The newest revision that is not a reroll of some patches."""
        whole = [r for r in self.revisions if r.kind != "reroll"]
        return (whole or self.revisions)[-1]

    @property
    def absent(self) -> tuple[int, ...]:
        """Numbers of revisions below the newest that are not here, at most a hundred."""
        seen = {r.numbering.major for r in self.revisions}
        return gaps(seen, max(seen))


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a revision or a series.

    Attributes
    ----------
    outcome : Outcome
        In one or two words.
    why : str
        How that is known, in one line.
    rule : str
        The rule that fired; ``none`` if nothing is known.
    score : float
        0..1: how sure.
    utc : str
        When; ``""`` if unknown.
    message_id : str
        The mail that says so; ``""`` if it is not known from a mail.
    start, stop : int
        The passage, in characters of its body.
    sha, release : str
        Of the last merged patch.
    """

    outcome: Outcome
    why: str
    rule: str
    score: float
    utc: str = ""
    message_id: str = ""
    start: int = 0
    stop: int = 0
    sha: str = ""
    release: str = ""


def in_order(postings: Iterable[Posting]) -> list[Posting]:
    """Sort by time; the order in which they were given does not matter.

    Parameters
    ----------
    postings : iterable of Posting
        In any order.

    Returns
    -------
    list of Posting
        Those without a time first; of one time by counter, then by Message-ID, then as given:
        row ids tell of the order of arrival.
    """
    return sorted(postings, key=lambda p: (p.utc, p.counter, p.message_id))


def in_time(revision: Revision) -> tuple[str, int, int, str]:
    """Return what revisions are sorted by.

    Parameters
    ----------
    revision : Revision
        Any.

    Returns
    -------
    tuple
        Its time, then its number, then its name.
    """
    numbers = revision.numbering
    return revision.utc, numbers.major, numbers.minor, revision.head.message_id
