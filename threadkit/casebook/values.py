"""What a casebook says, as values: people, mails, questions, claims, and what the model says.

Everything here is a fact or in the casebook's own words. The words of a mail are not in it:
a :class:`Place` says where they stand and what they hash to.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from threadkit.errors import printable

if TYPE_CHECKING:
    from threadkit.casebook.modelled import ModelEntry

Within = Literal["thread", "before", "after"]
Kind = Literal["mechanism", "guarantee", "performance", "history", "proposal", "opinion"]
Stand = Literal["yes", "no", "depends", "asks", "other"]
Status = Literal["open", "contested", "conceded", "upheld", "withdrawn", "unanswered"]
StanceKind = Literal["supports", "attacks", "undercuts", "agrees", "concedes", "asks", "answers"]
Whose = Literal["speaker", "ours"]
Sure = Literal["C", "M", "~", "?"]

SURE: Mapping[str, str] = {
    "C": "by a commit's own text",
    "M": "by mail that was read",
    "~": "by an excerpt or a conclusion",
    "?": "a conclusion alone",
}
"""What the letters for how surely a claim is known mean."""

MAP_MOST = 30
"""Claims that one question may have: more do not fit a map that one can read."""


@dataclass(frozen=True, slots=True)
class At:
    """A place in the files of a casebook.

    Attributes
    ----------
    file : str
        Below the folder.
    line : int
        From 1.
    """

    file: str
    line: int

    def __str__(self) -> str:
        return f"{printable(self.file)}:{self.line}"


NOWHERE = At("", 0)
"""Of what was not read from a file."""


@dataclass(frozen=True, slots=True, repr=False)
class Person:
    """Somebody who wrote.

    Attributes
    ----------
    key : str
        What the casebook calls them.
    name : str
        As it is shown.
    names : tuple of str
        Other spellings.
    about : str
        One line; may be empty.
    at : At
        In the files.
    """

    key: str
    name: str
    names: tuple[str, ...] = ()
    about: str = ""
    at: At = field(default=NOWHERE, compare=False)

    def __repr__(self) -> str:
        return f"<Person {self.key}: {self.name}>"


@dataclass(frozen=True, slots=True, repr=False)
class CaseMessage:
    """A mail as a fact.

    Attributes
    ----------
    id : str or None
        Message-ID without brackets; None for a mail that is known by its URL only.
    key : str
        What the casebook calls a mail without Message-ID; else empty.
    date_utc : str
        ISO 8601 with Z, or a day where no more is known; may be empty.
    by : str
        Key of a person; empty if nobody knows.
    parent : str or None
        Name of the mail that it answers.
    subject : str
        May be empty.
    within : str
        ``thread``, or ``before`` or ``after`` it.
    why : str
        Why a mail of before or after is in the casebook.
    seen : bool
        False for a mail that nobody has.
    url : str
        Where it was read; may be empty.
    at : At
        In the files.
    """

    id: str | None
    key: str = ""
    date_utc: str = ""
    by: str = ""
    parent: str | None = None
    subject: str = ""
    within: Within = "thread"
    why: str = ""
    seen: bool = True
    url: str = ""
    at: At = field(default=NOWHERE, compare=False)

    @property
    def name(self) -> str:
        """What the casebook calls it: its Message-ID, else its key."""
        return self.id if self.id is not None else self.key

    def __repr__(self) -> str:
        said = ", ".join(filter(None, (self.by, self.date_utc, "" if self.seen else "not seen")))
        return f"<CaseMessage {self.name}: {said}>"


@dataclass(frozen=True, slots=True)
class Place:
    """A passage of a mail: where it stands, and what it hashes to.

    Attributes
    ----------
    message : str or None
        Name of the mail.
    start, stop : int or None
        Characters of the decoded body; None if the passage is not here.
    exact, loose : str
        SHA-256 of the passage as it stands, and without quote marks and line breaks; empty
        if it is not here.
    unseen : str
        Why the passage is not here; empty if it is.
    url : str
        Where it can be read; may be empty.
    at : At
        In the files.

    References
    ----------
    W3C Web Annotation Data Model, section 4.2 (selectors).
    """

    message: str | None
    start: int | None = None
    stop: int | None = None
    exact: str = ""
    loose: str = ""
    unseen: str = ""
    url: str = ""
    at: At = field(default=NOWHERE, compare=False)

    @property
    def is_known(self) -> bool:
        """Whether it says where in the mail the passage stands."""
        return self.start is not None


@dataclass(frozen=True, slots=True)
class Evidence:
    """What shows something: a commit, a mail or a page.

    Attributes
    ----------
    commit : str
        Hash, may be short; or empty.
    message : str
        Name of a mail; or empty.
    url : str
        Or empty. One of the three is given.
    shows : str
        What it shows.
    whose : str
        ``speaker`` or ``ours``: who brought it forward.
    at : At
        In the files.
    """

    commit: str = ""
    message: str = ""
    url: str = ""
    shows: str = ""
    whose: Whose = "ours"
    at: At = field(default=NOWHERE, compare=False)

    @property
    def name(self) -> str:
        """The hash, the mail's name or the URL."""
        return self.commit or self.message or self.url


@dataclass(frozen=True, slots=True, repr=False)
class Question:
    """Something that the debate is about.

    Attributes
    ----------
    key : str
        What the casebook calls it.
    text : str
        The question.
    outcome : str
        What came of it; may be empty.
    sources : tuple of Evidence
        From where that is known.
    at : At
        In the files.
    """

    key: str
    text: str
    outcome: str = ""
    sources: tuple[Evidence, ...] = ()
    at: At = field(default=NOWHERE, compare=False)

    def __repr__(self) -> str:
        return f"<Question {self.key}: {self.text}>"


@dataclass(frozen=True, slots=True)
class Stance:
    """How a claim bears on another.

    Attributes
    ----------
    kind : str
        ``supports``, ``attacks``, ``undercuts``, ``agrees``, ``concedes``, ``asks`` or
        ``answers``.
    target : int
        Id of the other claim.
    said : Place or None
        Where it does so; None: where the claim is made.
    at : At
        In the files.
    """

    kind: StanceKind
    target: int
    said: Place | None = None
    at: At = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Decision:
    """What became of a proposal.

    Attributes
    ----------
    what : str
        ``merged``, ``applied``, ``reverted``, ``rejected``, ``dropped`` or ``none``.
    commit, message : str
        That did or said so; may be empty.
    note : str
        Own words; may be empty.
    """

    what: str
    commit: str = ""
    message: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Afterwards:
    """Whether what was predicted came.

    Attributes
    ----------
    what : str
        ``came true``, ``came another way``, ``did not happen`` or ``open``.
    regression : str
        Title of a curated regression, or the hash of its fix; may be empty.
    note : str
        Own words; may be empty.
    """

    what: str
    regression: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class Claim:
    """What somebody claimed, in the casebook's words.

    Attributes
    ----------
    id : int
        Litmus files refer to it.
    by : str
        Key of the person.
    said : Place
        Where.
    also : tuple of Place
        Where again.
    within : str
        ``thread``, or ``before`` or ``after`` it.
    gist : str
        One sentence, in the casebook's own words.
    kind : str
        ``mechanism``, ``guarantee``, ``performance``, ``history``, ``proposal``, ``opinion``.
    question : str
        Key of the question that it answers.
    stand : str
        What it says to that: ``yes``, ``no``, ``depends``, ``asks``, ``other``.
    status : str
        ``conceded``: others gave in to it; ``withdrawn``: its speaker gave it up;
        ``contested``: others spoke against it, and it was left so; ``upheld``: nobody disputes
        it, or what came later bears it out; ``unanswered``: nobody took it up; ``open``: it was
        taken up, and not settled or not read to its end.
    why : str
        How the status is known.
    stances : tuple of Stance
        How it bears on other claims.
    evidence : tuple of Evidence
        What shows it, or the contrary.
    decision : Decision or None
        What became of it.
    afterwards : Afterwards or None
        Whether what it predicts came.
    model : tuple of ModelEntry
        At least one.
    sure : str
        How surely all this is known, one of :data:`SURE`.
    at : At
        In the files.
    """

    id: int
    by: str
    said: Place
    within: Within
    gist: str
    kind: Kind
    question: str
    stand: Stand
    status: Status
    why: str
    model: tuple[ModelEntry, ...]
    sure: Sure
    also: tuple[Place, ...] = ()
    stances: tuple[Stance, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    decision: Decision | None = None
    afterwards: Afterwards | None = None
    at: At = field(default=NOWHERE, compare=False)

    @property
    def places(self) -> tuple[Place, ...]:
        """All its passages: of the claim, said again, and of its stances."""
        stances = tuple(one.said for one in self.stances if one.said is not None)
        return (self.said, *self.also, *stances)

    @property
    def is_modelled(self) -> bool:
        """Whether some scenario bears on it."""
        return any(entry.scenario for entry in self.model)

    def __repr__(self) -> str:
        return f"<Claim {self.id} {self.status} {self.gist!r} {self.by}>"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where facts are from.

    Attributes
    ----------
    uri : str
        As far as it has one.
    what : str
        What was taken from there.
    """

    uri: str
    what: str


class Unwritten(NamedTuple):
    """A claim or question of the files that waits for words, and where."""

    what: str
    at: At


@dataclass(frozen=True, slots=True, repr=False)
class Casebook:
    """A debate as a person read it.

    Attributes
    ----------
    name : str
        Of the casebook.
    title : str
        What the whole debate is about, in a line.
    question : str
        The same as one question.
    about, outcome : str
        What it was, and what came of it.
    outcome_sources : tuple of Evidence
        From where that is known.
    thread : str
        Name of a mail of the conversation: its root.
    curated_by, curated_date : str
        Who read it, and when.
    coverage : tuple of str
        What is covered, what is not, how it was read, how sure it is.
    sources : tuple of Origin
        From where facts are.
    people, messages, questions, claims : tuple
        In the order of the files.
    commits, regressions : tuple of mapping
        Curated facts that it refers to, as ``data/commits`` and ``data/regressions`` have
        them.
    document : str
        All of it as canonical JSON; :func:`threadkit.casebook.build.from_document` reads it.
    unwritten : tuple of Unwritten
        What its files have and nobody put into words yet; it is in nothing else here.
    """

    name: str
    title: str
    question: str
    about: str
    outcome: str
    thread: str
    curated_by: str
    curated_date: str
    coverage: tuple[str, ...]
    people: tuple[Person, ...]
    messages: tuple[CaseMessage, ...]
    questions: tuple[Question, ...]
    claims: tuple[Claim, ...]
    outcome_sources: tuple[Evidence, ...] = ()
    sources: tuple[Origin, ...] = ()
    commits: tuple[Mapping[str, Any], ...] = field(default=(), hash=False)
    regressions: tuple[Mapping[str, Any], ...] = field(default=(), hash=False)
    document: str = field(default="", compare=False)
    unwritten: tuple[Unwritten, ...] = field(default=(), compare=False)

    def __repr__(self) -> str:
        counts = f"{len(self.claims)} claims, {len(self.messages)} mails"
        return f"<Casebook {self.name}: {counts}; {self.curated_date} by {self.curated_by}>"

    def person(self, key: str) -> Person | None:
        """Return a person by key; None if there is none."""
        return next((one for one in self.people if one.key == key), None)

    def message(self, name: str) -> CaseMessage | None:
        """Return a mail by Message-ID or key; None if there is none."""
        return next((one for one in self.messages if one.name == name), None)

    def claim(self, number: int) -> Claim | None:
        """Return a claim by id; None if there is none."""
        return next((one for one in self.claims if one.id == number), None)

    def question_of(self, claim: Claim) -> Question:
        """Return the question that a claim of this casebook answers."""
        return next(one for one in self.questions if one.key == claim.question)

    def claims_of(self, question: str) -> tuple[Claim, ...]:
        """Return the claims that answer a question, in the order of the files."""
        return tuple(one for one in self.claims if one.question == question)
