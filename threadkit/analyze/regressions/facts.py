"""What regressions are put together from: mails with their signals, commits, curated facts."""

from __future__ import annotations

from dataclasses import dataclass

from threadkit.analyze.regressions.values import Signal


@dataclass(frozen=True, slots=True)
class MailSignals:
    """One mail of a conversation in which something may have broken.

    Attributes
    ----------
    message_id : str
        Without brackets.
    root : str
        Message-ID of the first mail of the conversation.
    parent : str or None
        Message-ID of what it answers, here or not.
    date_utc : str or None
        ISO 8601 with Z.
    person, email : str
        Who wrote it; may be empty.
    subject : str
        Decoded, with its ``Re:``.
    is_patch : bool
        It carries a diff, or is a cover letter.
    signals : tuple of Signal
        In the order of the text; mails without any hold the conversation together.
    report : float
        0..1: how surely it reports in its own voice that something broke.
    mechanisms : frozenset of str
        By what something breaks in it.
    """

    message_id: str
    root: str
    parent: str | None
    date_utc: str | None
    person: str
    email: str
    subject: str
    is_patch: bool
    signals: tuple[Signal, ...] = ()
    report: float = 0.0
    mechanisms: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Relation:
    """What the message of a commit says of something else.

    ``kind`` is ``fixes``, ``reverts``, ``backports``, ``closes``, ``discusses``,
    ``provenance`` or ``bug``, with a hash as written, a Message-ID or a URL as ``value``;
    or ``reporter``, ``bisector``, ``tester`` with an email or a name. ``start`` and
    ``stop`` count characters of the commit's body.
    """

    kind: str
    value: str
    title: str = ""
    rule: str = "trailer"
    start: int = 0
    stop: int = 0


@dataclass(frozen=True, slots=True)
class CommitFacts:
    """One commit, as far as regressions need it.

    Attributes
    ----------
    sha : str
        Whole.
    subject, author : str
        As git shows them.
    author_utc, committer_utc : str or None
        ISO 8601 with Z.
    release : str or None
        The first release that has it, as its tag says.
    mainline : str
        yes, no, not checked.
    relations : tuple of Relation
        In the order of the message.
    mechanisms : frozenset of str
        By what something breaks, as its message says.
    """

    sha: str
    subject: str
    author: str
    author_utc: str | None
    committer_utc: str | None
    release: str | None = None
    mainline: str = "not checked"
    relations: tuple[Relation, ...] = ()
    mechanisms: frozenset[str] = frozenset()

    def values(self, *kinds: str) -> list[str]:
        """Return what its relations of some kinds name, in order.

        Examples
        --------
        >>> told = (Relation("fixes", "0123"), Relation("closes", "a@example.org"))
        >>> CommitFacts("45" * 20, "mm: x", "Ann", None, None, relations=told).values("fixes")
        ['0123']
        """
        return [one.value for one in self.relations if one.kind in kinds]


@dataclass(frozen=True, slots=True)
class CuratedFact:
    """A regression as somebody wrote it down, with where they know it from.

    Attributes
    ----------
    title : str
        What broke, in our own words.
    culprit : str
        A hash, or empty.
    reports : tuple of str
        Message-IDs, the first report first.
    reporter : str
        Names, with commas between them.
    reported_utc : str or None
        A date or a time, of the first report.
    fixes : tuple of str
        Hashes.
    state, why : str
        As far as known; may be empty.
    source : str
        Where it is written.
    mechanisms : frozenset of str
        By what it breaks.
    score : float
        0..1: how surely it is known.
    notes : tuple of str
        Hashes of commits that have to do with it and repair nothing.
    """

    title: str
    culprit: str
    reports: tuple[str, ...] = ()
    reporter: str = ""
    reported_utc: str | None = None
    fixes: tuple[str, ...] = ()
    state: str = ""
    why: str = ""
    source: str = ""
    mechanisms: frozenset[str] = frozenset()
    score: float = 0.9
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MailLink:
    """That a mail became a commit (``becomes``), or is its discussion (``discusses``)."""

    message_id: str
    sha: str
    kind: str
    rule: str = ""
    score: float = 1.0
