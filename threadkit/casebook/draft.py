"""Begin a casebook: what analyzers found of a conversation, as files for a person to finish.

Facts and automatic findings are filled in; what only a person can say is ``todo``, and
``casebook check`` lists what is left. The words of a mail are nowhere in it, but as comments
if that is asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple
from unicodedata import combining, normalize

from threadkit.casebook.schema import TODO

LONGEST_KEY: Final = 40
_NO_KEY = re.compile(r"[^a-z0-9]+")
_FIT_ID = re.compile(r"[^\s<>\x00-\x1f\x7f-\x9f\ud800-\udfff]{1,998}")
_NO_TEXT = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_WIDTH = 98
_LONGEST_NAME, _LONGEST_SUBJECT = 300, 998


class DraftMail(NamedTuple):
    """A mail of the conversation; ``is_here`` is False for one that was never seen."""

    message_id: str
    utc: str
    person: str
    parent: str | None
    subject: str
    is_here: bool


class DraftPlace(NamedTuple):
    """A passage of a mail that is here; ``text`` is what stands there."""

    message_id: str
    start: int
    stop: int
    exact: str
    loose: str
    text: str


class DraftQuestion(NamedTuple):
    """Something that was asked; ``name`` is the caller's name for it."""

    name: str
    text: str
    message_id: str


@dataclass(frozen=True, slots=True)
class DraftClaim:
    """A claim as it was found.

    Attributes
    ----------
    name : str
        The caller's name for it, which stances refer to.
    person : str
        Who says it.
    places : tuple of DraftPlace
        The first is where it was said first.
    kind, status, why : str
        As found; may be empty.
    gist : str
        What a person wrote of it already; empty if nobody did.
    question : str
        Name of a question that it answers; may be empty.
    stances : tuple of (str, str)
        Kind, as casebooks call it, and name of another claim.
    commits : tuple of str
        Hashes that it cites.
    how : str
        How it was found and how surely, for a comment.
    """

    name: str
    person: str
    places: tuple[DraftPlace, ...]
    kind: str = ""
    status: str = ""
    why: str = ""
    gist: str = ""
    question: str = ""
    stances: tuple[tuple[str, str], ...] = ()
    commits: tuple[str, ...] = ()
    how: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """All that is known of a conversation before a person reads it.

    Attributes
    ----------
    name : str
        Of the casebook (:func:`key_of`).
    thread : str
        Message-ID of the root.
    by, date : str
        Who begins it, and on which day.
    coverage : tuple of str
        What analyzers read.
    mails, questions, claims : sequences
        In the order of time.
    commits : sequence of mapping
        Rows of facts with ``sha``.
    with_text : bool
        Add the words of passages and questions as comments: for private use.
    """

    name: str
    thread: str
    by: str
    date: str
    coverage: tuple[str, ...]
    mails: Sequence[DraftMail]
    questions: Sequence[DraftQuestion] = ()
    claims: Sequence[DraftClaim] = ()
    commits: Sequence[Mapping[str, Any]] = field(default=(), repr=False)
    with_text: bool = False


def key_of(text: str, taken: Iterable[str] = ()) -> str:
    """Make a key of a name: small letters, digits and hyphens, a letter first.

    Parameters
    ----------
    text : str
        Anything.
    taken : iterable of str, optional
        Keys that are others'.

    Examples
    --------
    >>> key_of("Zoë O'Hara"), key_of("Zoë O'Hara", ["zoe-o-hara"]), key_of("2020: why?")
    ('zoe-o-hara', 'zoe-o-hara-2', 'x2020-why')
    """
    plain = "".join(one for one in normalize("NFKD", text) if not combining(one))
    key = _NO_KEY.sub("-", plain.casefold()).strip("-")[: LONGEST_KEY - 5].strip("-")
    if not key or not key[0].isalpha():
        key = f"x{key}"
    known, number, found = set(taken), 1, key
    while found in known:
        number += 1
        found = f"{key}-{number}"
    return found


def draft_files(draft: Draft) -> dict[str, str]:
    """Write a draft as the files of a casebook.

    Parameters
    ----------
    draft : Draft
        What is known.

    Returns
    -------
    dict of str to str
        Text by the file's name below the folder, in the order to read them. They load as a
        casebook when every ``todo`` is written.
    """
    people = _people(draft)
    keys = {said: key for said, (key, _) in people.items()}
    numbers = {one.name: at for at, one in enumerate(draft.claims, 1)}
    asked = {one.name: f"q{at}" for at, one in enumerate(draft.questions, 1)}
    files = {
        "casebook.yaml": _dumped(_head(draft)),
        "people.yaml": _listed(
            {"key": key, "name": name} for key, name in dict.fromkeys(people.values())
        ),
        "messages.yaml": _listed(_mails(draft, keys)),
        "questions.yaml": "".join(_question(one, asked[one.name], draft) for one in draft.questions)
        or "[]  # something that claims say yes or no to: {key: ..., text: ...}\n",
    }
    by_person: dict[str, list[str]] = {}
    for one in draft.claims:
        text = _claim(one, keys, numbers, asked, draft)
        by_person.setdefault(keys[one.person], []).append(text)
    for at, (key, texts) in enumerate(by_person.items(), 1):
        files[f"claims/{at:02}-{key}.yaml"] = "\n".join(texts)
    if not by_person:
        files["claims/01-none.yaml"] = "[]\n"
    if draft.commits:
        import json

        rows = (json.dumps(row, ensure_ascii=False) for row in draft.commits)
        files["commits.jsonl"] = "".join(f"{row}\n" for row in rows)
    return files


def _people(draft: Draft) -> dict[str, tuple[str, str]]:
    """Give everybody who wrote a key and a name of one line, in the order in which they did.

    Names that are equal but for white space are one person's.
    """
    keys: dict[str, str] = {}
    people: dict[str, tuple[str, str]] = {}
    for said in (*(one.person for one in draft.mails), *(one.person for one in draft.claims)):
        name = _line(said, _LONGEST_NAME)
        if name and name not in keys:
            keys[name] = key_of(name, keys.values())
        if name:
            people[said] = (keys[name], name)
    return people


def _head(draft: Draft) -> dict[str, Any]:
    head: dict[str, Any] = {
        "format": 1, "name": draft.name, "title": TODO, "question": TODO, "about": TODO,
        "outcome": TODO, "thread": draft.thread, "curated": {"by": draft.by, "date": draft.date},
        "coverage": [*draft.coverage, f"{TODO}: what a person read, and how sure it is"],
    }  # fmt: skip
    if draft.commits:
        head["facts"] = {"commits": ["commits.jsonl"]}
    return head


def _mails(draft: Draft, keys: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    for one in draft.mails:
        mail: dict[str, Any] = {
            "id": one.message_id,
            "date": one.utc or None,
            "by": keys.get(one.person),
            "parent": one.parent,
            "subject": _line(one.subject, _LONGEST_SUBJECT),
            "in": "thread",
        }
        yield mail if one.is_here else {**mail, "seen": False}


def is_nameable(message_id: str) -> bool:
    """Tell if a casebook can name a mail: its Message-ID has no blanks, brackets or controls.

    Parameters
    ----------
    message_id : str
        Of a mail.

    Examples
    --------
    >>> is_nameable("a@example.org"), is_nameable("a b@example.org")
    (True, False)
    """
    return bool(_FIT_ID.fullmatch(message_id))


def _line(text: str, longest: int) -> str:
    """Write a text in one line that a casebook can hold."""
    return _NO_TEXT.sub("\ufffd", " ".join(text.split()))[:longest]


def _question(one: DraftQuestion, key: str, draft: Draft) -> str:
    entry = {"key": key, "text": TODO, "sources": [{"message": one.message_id}]}
    return _comments(one.text if draft.with_text else "") + _listed([entry])


def _claim(
    one: DraftClaim,
    keys: Mapping[str, str],
    numbers: Mapping[str, int],
    asked: Mapping[str, str],
    draft: Draft,
) -> str:
    first, *others = one.places
    entry: dict[str, Any] = {
        "id": numbers[one.name], "by": keys[one.person], "said": _place(first),
        **({"also": [_place(place) for place in others]} if others else {}),
        "in": "thread", "gist": one.gist or TODO, "kind": one.kind or TODO,
        "question": asked.get(one.question, TODO), "stand": TODO, "status": one.status or TODO,
        "why": one.why or TODO,
    }  # fmt: skip
    stances = [{kind: numbers[name]} for kind, name in one.stances if name in numbers]
    if stances:
        entry["stances"] = stances
    if one.commits:
        entry["evidence"] = [
            {"commit": sha, "shows": TODO, "whose": "speaker"} for sha in one.commits
        ]
    entry["model"] = [{"not_modelled": TODO}]
    entry["sure"] = "?"
    text = _comments(first.text if draft.with_text else "")
    return text + (f"# {_one_line(one.how)}\n" if one.how else "") + _listed([entry])


def _place(one: DraftPlace) -> dict[str, Any]:
    return {
        "message": one.message_id, "start": one.start, "stop": one.stop, "exact": one.exact,
        "loose": one.loose,
    }  # fmt: skip


def _comments(text: str) -> str:
    """Set the words of others as comments, whatever is in them."""
    return "".join(f"# > {_one_line(line)}\n" for line in text.splitlines())


def _one_line(text: str) -> str:
    """Keep a text in its line, and what cannot be seen in it visible."""
    return "".join(one if one.isprintable() else f"<U+{ord(one):04X}>" for one in text).rstrip()


def _listed(some: Iterable[Mapping[str, Any]]) -> str:
    return _dumped([dict(one) for one in some])


def _dumped(value: object) -> str:
    import yaml

    # What a reader would not see, or would see in another order, is written as an escape.
    for is_plain in (True, False):
        text = yaml.safe_dump(value, allow_unicode=is_plain, sort_keys=False, width=_WIDTH)
        if all(one.isprintable() or one == "\n" for one in text):
            break
    return str(text)
