"""What a site shows: values that whoever builds it fills in; no database, no file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from threadkit.site.texts import Text

COLOURS = 6
"""People with a colour of their own; number 0 is a hollow ring."""

LINES = 1000
"""Lines of a mail on one page; the rest is on pages of their own."""


class Person(NamedTuple):
    """Somebody who wrote, or is spoken of.

    ``key`` is short, safe in a file name and stays the same in every build; ``colour`` is
    1..6 or 0; ``messages`` and ``claims`` count those of this site; ``address`` is empty
    where addresses are left out.
    """

    key: str
    name: str
    colour: int = 0
    messages: int = 0
    claims: int = 0
    address: str = ""
    about: str = ""

    @property
    def page(self) -> str:
        """Where the person's page lies, from the top of the site."""
        return f"p/{self.key}.html"


@dataclass(frozen=True, slots=True)
class Mail:
    """One message of the conversation, without its text.

    Attributes
    ----------
    message_id : str
        Without brackets.
    name : str
        Beginning of its files' names (:func:`threadkit.site.names.file_name`); empty if it has
        no page (a ghost about which nothing is known).
    person : str
        :attr:`Person.key`; empty if nobody is known.
    utc : str or None
        ISO 8601 with Z.
    subject : str
        Decoded.
    parent : str or None
        Message-ID of the mail that it answers, in this site.
    order : int
        Place in the order of time, from 0.
    seen : bool
        Its text is in the database.
    ghost : bool
        It was never seen and no casebook tells of it.
    loose : bool
        Only its subject places it here.
    where : str
        ``thread``, ``before`` or ``after``: mails beside the conversation that a casebook
        tells of.
    excerpt : str
        The first own words, one line; empty if the text is not here.
    claims : tuple of str
        Ids of the claims that it makes.
    commits : tuple of str
        Hashes of the commits that it cites.
    imposter : int
        0, or 1.. for other mails with the same Message-ID: links by that lead to number 0.
    url : str
        Where it can be read, if only its address on the web is known: then ``message_id`` is a
        name that a casebook gives it.
    note : str
        Why a casebook tells of it.
    """

    message_id: str
    name: str
    person: str
    utc: str | None
    subject: str
    parent: str | None
    order: int = 0
    seen: bool = True
    ghost: bool = False
    loose: bool = False
    where: str = "thread"
    excerpt: str = ""
    claims: tuple[str, ...] = ()
    commits: tuple[str, ...] = ()
    imposter: int = 0
    url: str = ""
    note: str = ""

    @property
    def page(self) -> str:
        """Where the mail's page lies, from the top of the site."""
        return f"m/{self.name}.html"

    @property
    def raw(self) -> str:
        """Where the mail lies as it came, from the top of the site."""
        return f"m/{self.name}.txt"

    def at(self, line: int) -> str:
        """Return where a line of the mail is shown, from the top of the site.

        Parameters
        ----------
        line : int
            From 1; with 0 the page itself is meant.

        Examples
        --------
        >>> mail = Mail("a@x", "a@x", "", None, "", None)
        >>> mail.at(17), mail.at(1001), mail.at(0)
        ('m/a@x.html#L17', 'm/a@x~p2.html#L1001', 'm/a@x.html')
        """
        if line < 1:
            return self.page
        number = (line - 1) // LINES + 1
        return f"m/{self.name}{f'~p{number}' if number > 1 else ''}.html#L{line}"


class Place(NamedTuple):
    """Where something is said.

    ``text`` is verbatim from the stored mail and empty if that is not here; ``check`` is
    matches, moved, missing or not here; ``before`` and ``after`` are the lines around;
    ``line`` counts from 1 and is 0 if it is not known; ``url`` is for what is only on the web;
    ``imposter`` is that of the mail.
    """

    message_id: str
    start: int
    stop: int
    text: str = ""
    check: str = "not here"
    before: str = ""
    after: str = ""
    line: int = 0
    url: str = ""
    note: str = ""
    imposter: int = 0


class Edge(NamedTuple):
    """How a claim bears on another.

    ``kind`` is supports, attacks, undercuts, agrees, concedes, asks or answers; ``claim`` is
    the id of the other one, ``state`` as that of a claim.
    """

    kind: str
    claim: str
    place: Place | None = None
    state: str = "accepted"


class Evidence(NamedTuple):
    """What is shown for a claim: ``kind`` is commit, message or url; ``whose`` speaker or ours."""

    kind: str
    value: str
    shows: str
    whose: str = ""


class Tested(NamedTuple):
    """What a scenario of the model says of a claim.

    ``stance`` is supports, refutes, depends, cost, tests or not modelled (then ``why`` tells the
    reason and the rest is empty); ``verdicts`` are era, what is expected, what the model says;
    ``costs`` are era, name, expected, found.
    """

    scenario: str
    stance: str
    why: str
    verdicts: tuple[tuple[str, str, str], ...] = ()
    costs: tuple[tuple[str, str, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Claim:
    """Something that somebody says and others may dispute.

    Attributes
    ----------
    id : str
        ``9`` of a casebook, ``c17`` found automatically.
    gist : str
        In our own words; empty if nobody wrote any (the passage is shown then).
    person, holder : str
        :attr:`Person.key`, and whose view it is if it is told of another.
    utc : str or None
        When it was said first.
    kind, status, why, stand : str
        As in the casebook's format.
    question : str
        :attr:`Question.key`; empty if it belongs to none.
    where : str
        ``thread``, ``before`` or ``after``.
    places : sequence of Place
        The first is where it was said first.
    stances : sequence of Edge
        On what it bears.
    evidence, tested : sequences
        What is shown for it, and what the model says.
    decision, afterwards : sequence of Evidence
        What became of it; whether what it foresaw came true. The kind of an entry may be
        ``word`` (value is a status word) or ``regression`` (value is a key, or a title).
    state : str
        ``accepted``; ``automatic`` or ``candidate`` only where they were asked for.
    found : str
        By whom or what, and when.
    sure : str
        How sure, in words.
    """

    id: str
    gist: str
    person: str
    utc: str | None
    kind: str
    status: str
    holder: str = ""
    why: str = ""
    stand: str = ""
    question: str = ""
    where: str = "thread"
    places: Sequence[Place] = ()
    stances: Sequence[Edge] = ()
    evidence: Sequence[Evidence] = ()
    tested: Sequence[Tested] = ()
    decision: Sequence[Evidence] = ()
    afterwards: Sequence[Evidence] = ()
    state: str = "accepted"
    found: str = ""
    sure: str = ""

    @property
    def page(self) -> str:
        """Where the claim's page lies, from the top of the site."""
        return f"c/{self.id}.html"


class Question(NamedTuple):
    """A question that people answer differently."""

    key: str
    text: str
    outcome: str = ""
    sources: tuple[Evidence, ...] = ()

    @property
    def map_page(self) -> str:
        """Where the map of its claims lies."""
        return f"map-{self.key}.html"


class Asked(NamedTuple):
    """A question or point of a mail, and what became of it.

    ``outcome`` is answered, taken up, own or no direct reply; ``answers`` are the places of
    answers; ``claim`` is the id of the claim that it is, if it is one; ``state`` is as that of a
    claim.
    """

    kind: str
    person: str
    place: Place
    outcome: str
    answers: tuple[Place, ...] = ()
    claim: str = ""
    state: str = "accepted"


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit that the conversation cites, or that has to do with it.

    ``sha`` has all digits that are known; ``utc`` is when it was written, or else applied, which
    ``applied`` tells; ``cited`` are Message-IDs; ``fixes`` and ``fixed_by`` are hashes;
    ``known_from`` tells the source of these facts, ``outside`` that the
    conversation does not cite it.
    """

    sha: str
    subject: str
    author: str = ""
    utc: str | None = None
    release: str = ""
    cited: Sequence[str] = ()
    fixes: Sequence[str] = ()
    fixed_by: Sequence[str] = ()
    trailers: Sequence[tuple[str, str]] = ()
    links: Sequence[str] = ()
    known_from: str = ""
    outside: bool = False
    note: str = ""
    applied: str | None = None

    @property
    def short(self) -> str:
        """The first twelve digits."""
        return self.sha[:12]

    @property
    def page(self) -> str:
        """Where the commit's page lies, from the top of the site."""
        return f"commit/{self.sha[:12]}.html"


class Report(NamedTuple):
    """Somebody tells that something broke: by mail (``message_id``), or known from elsewhere."""

    message_id: str
    person: str
    utc: str | None
    url: str = ""


@dataclass(frozen=True, slots=True)
class Regression:
    """What broke since a commit, and what became of it.

    ``culprit`` and ``fixes`` are hashes (or a range of releases); ``state`` is open, fixed,
    resolved ...; ``days`` from the first report to the fix; ``foreseen`` are Message-IDs of
    warnings that came true; ``warnings`` are ids of the claims in them, each with what is noted
    on it; ``also`` are people who reported it, too, by no mail that is known; ``certainty`` in
    words.
    """

    key: str
    title: str
    culprit: str
    state: str
    reports: Sequence[Report] = ()
    fixes: Sequence[str] = ()
    notes: Sequence[str] = ()
    days: float | None = None
    why: str = ""
    mechanisms: Sequence[str] = ()
    foreseen: Sequence[str] = ()
    source: str = ""
    certainty: str = ""
    warnings: Sequence[tuple[str, str]] = ()
    also: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where everything comes from.

    ``sources`` are address, kind, date, hash; ``runs`` are analyzer, version, findings;
    ``counts`` are words and numbers to show on the page about the site.
    """

    sources: Sequence[tuple[str, str, str, str]] = ()
    runs: Sequence[tuple[str, str, str]] = ()
    coverage: Sequence[str] = ()
    unverified: Sequence[str] = ()
    counts: Sequence[tuple[str, str]] = ()
    curated: str = ""


@dataclass(frozen=True, slots=True)
class Site:
    """Everything that the pages of one conversation show.

    Attributes
    ----------
    key : str
        Name of the casebook, or file name of the root.
    title, question, about, outcome : str
        Without a casebook: the subject, and what can be said of any thread.
    root : str
        Message-ID of the first mail.
    mails : sequence of Mail
        In reading order, parents before children (heavy paths are made of it later); those
        beside the conversation last.
    people : mapping
        By key, in the order to show: colours first.
    claims, questions, asked, commits, regressions : sequences
        In the order to show.
    text : callable
        Reads the text of a mail, or None if it is not here.
    raw : callable or None
        Reads a mail as it came, or None if it is not here; without it :attr:`Text.raw` is taken,
        which costs more.
    provenance : Provenance
        For the page about the site.
    reviewed : bool
        There are claims that a person accepted.
    candidates : bool
        Automatic findings are shown as well, and marked.
    hide_addresses : bool
        No address is shown anywhere.
    database : str
        Name of the copy of the database in the site; empty: none.
    lore : str
        Beginning of permanent links, such as ``https://lore.kernel.org/r/``.
    updated_utc : str
        Time of the newest thing shown; the feed and the footer name it.
    version : str
        Of threadkit.
    scenarios : sequence of str
        Names of the scenarios that get a page.
    """

    key: str
    title: str
    question: str
    root: str
    mails: Sequence[Mail]
    people: Mapping[str, Person]
    text: Callable[[Mail], Text | None]
    about: str = ""
    outcome: str = ""
    outcome_sources: Sequence[Evidence] = ()
    claims: Sequence[Claim] = ()
    questions: Sequence[Question] = ()
    asked: Sequence[Asked] = ()
    commits: Sequence[Commit] = ()
    regressions: Sequence[Regression] = ()
    scenarios: Sequence[str] = ()
    provenance: Provenance = field(default_factory=Provenance)
    reviewed: bool = False
    candidates: bool = False
    hide_addresses: bool = False
    database: str = ""
    lore: str = "https://lore.kernel.org/r/"
    updated_utc: str = ""
    version: str = ""
    raw: Callable[[Mail], bytes | None] | None = None


PageKind = Literal["html", "text", "bytes"]


class Page(NamedTuple):
    """One file of the site: where, and what is in it (one piece, or pieces to write in order)."""

    path: str
    content: str | bytes | Iterable[str] | Iterable[bytes]
