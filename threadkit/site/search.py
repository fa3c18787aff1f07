"""Search without a server: an index cut into small scripts that a page loads as it needs them.

No search library comes with a site. One would be foreign code in the repository, and the best of
them (MiniSearch) has to load the whole index before the first answer: 10,000 mails would be tens
of megabytes. Here a query loads the words that begin like its own, and the titles of the hits it
shows. Scripts, because pages opened from a disk may load nothing else.

``search/ab.js`` has all words that begin with ``ab``; behind each one numbers in base 36: four
times the distance to the document before, plus where the word was found (3 title, 2 person, 1
text). Documents are numbered by date. ``search/d-0.js`` has what is shown of the first of them.
"""

from __future__ import annotations

import json
from array import array
from collections import defaultdict
from collections.abc import Iterator
from itertools import chain
from typing import Final, NamedTuple

from threadkit.site.folding import LONGEST, SHA, SKIPPED, terms
from threadkit.site.frame import page
from threadkit.site.index_of import index_of
from threadkit.site.paging import parts
from threadkit.site.render import day, plain
from threadkit.site.texts import Text
from threadkit.site.values import Mail, Page, Site

SHELF: Final = 200
"""Documents whose titles are in one script."""

ROWS: Final = 500
"""Entries of the plain list on one page."""

_TITLE, _PERSON, _TEXT = 3, 2, 1
_OWN = frozenset({"reply", "trailers", "diff", "diffstat"})
_MOST_TEXT = 60_000
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_SAFE = frozenset(_DIGITS + "_")


class Document(NamedTuple):
    """Something that can be found; ``mail`` is None for all but messages."""

    utc: str
    kind: str
    page: str
    title: str
    person: str
    words: str
    mail: Mail | None


class Words:
    """The index: for each word the numbers of its documents, as small as they can be kept."""

    def __init__(self) -> None:
        self._found: defaultdict[str, array[int]] = defaultdict(lambda: array("I"))

    def add(self, number: int, title: str, person: str, text: str) -> None:
        """Take in a document.

        Parameters
        ----------
        number : int
            Larger than that of the document before.
        title, person, text : str
            Where words are looked for.
        """
        weights = dict.fromkeys(terms(text), _TEXT)
        weights.update(dict.fromkeys(terms(person), _PERSON))
        weights.update(dict.fromkeys(terms(title), _TITLE))
        for word, weight in weights.items():
            self._found[word].append(number * 4 + weight)

    def scripts(self) -> Iterator[tuple[str, dict[str, str]]]:
        """Give what each script holds.

        Yields
        ------
        (str, dict of str to str)
            Name of the script, and the words with their documents, in the order of the alphabet.
        """
        shelves: defaultdict[str, list[str]] = defaultdict(list)
        for word in self._found:
            shelves[shelf_of(word)].append(word)
        for name in sorted(shelves):
            yield name, {one: _packed(self._found[one]) for one in sorted(shelves[name])}


def pages(site: Site) -> Iterator[Page]:
    """Make the search page, the plain list for those without scripts, and the index.

    Parameters
    ----------
    site : Site
        Texts are read one after the other and not kept.

    Yields
    ------
    Page
        ``search.html`` and its parts, then the files of ``search/``.
    """
    found = documents(site)
    for part in parts("search", found, ROWS):
        here = page(
            site,
            part.path,
            "search.html",
            title="Search",
            way="search",
            part=part,
            total=len(found),
        )
        yield Page(part.path, here)
    words = Words()
    for number, one in enumerate(found):
        text = site.text(one.mail) if one.mail and one.mail.seen else None
        words.add(number, one.title, one.person, f"{one.words}\n{_own(text)}")
    names = []
    for name, shelf in words.scripts():
        names.append(name)
        yield _script(name, "words", name, shelf)
    for at in range(0, len(found), SHELF):
        shown = [_shown(one) for one in found[at : at + SHELF]]
        yield _script(f"d-{at // SHELF}", "documents", at, shown)
    facts = {
        "documents": len(found),
        "shelf": SHELF,
        "longest": LONGEST,
        "sha": SHA,
        "skipped": sorted(SKIPPED),
        "words": names,
    }
    yield _script("index", "facts", facts)


def documents(site: Site) -> list[Document]:
    """Return all that can be found, by date; what has no date comes first.

    Parameters
    ----------
    site : Site
        Mails that have a page, claims, questions, commits, people.

    Returns
    -------
    list of Document
        ``words`` has what is known without the text of a mail.
    """
    found = chain(_mails(site), _claims(site), _others(site))
    return sorted(found, key=lambda one: (one.utc, one.mail.order if one.mail else 0, one.page))


def shelf_of(word: str) -> str:
    """Return the name of the script, without ``.js``, that has a word.

    Parameters
    ----------
    word : str
        Folded.

    Returns
    -------
    str
        Its first two characters; for a word that begins in another script than Latin the
        neighbourhood of that character in Unicode, so that strangers cannot make files at will.

    Examples
    --------
    >>> shelf_of("page_count"), shelf_of("жук")
    ('pa', '~4')
    """
    for one in word[:2]:
        if one not in _SAFE:
            return f"~{ord(one) >> 8:x}"
    return word[:2]


def _mails(site: Site) -> Iterator[Document]:
    known = index_of(site)
    for mail in site.mails:
        if mail.name:
            words = " ".join([mail.message_id, mail.subject, *(sha[:SHA] for sha in mail.commits)])
            title = mail.subject or mail.message_id
            person = known.person(mail.person).name
            yield Document(mail.utc or "", "message", mail.page, title, person, words, mail)


def _claims(site: Site) -> Iterator[Document]:
    known = index_of(site)
    for claim in site.claims:
        title = claim.gist or (claim.places[0].text if claim.places else "") or f"claim {claim.id}"
        person = known.person(claim.person).name
        yield Document(claim.utc or "", "claim", claim.page, title, person, claim.why, None)


def _others(site: Site) -> Iterator[Document]:
    for question in site.questions:
        yield Document("", "question", question.map_page, question.text, "", question.outcome, None)
    for commit in site.commits:
        title = f"{commit.short} {commit.subject}"
        words = " ".join([commit.release, commit.note, *(sha[:SHA] for sha in commit.fixes)])
        yield Document(commit.utc or "", "commit", commit.page, title, commit.author, words, None)
    for person in site.people.values():
        yield Document("", "person", person.page, person.name, "", person.about, None)


def _own(text: Text | None) -> str:
    """Return what the writer of a mail wrote, without quotations."""
    if text is None:
        return ""
    own = (one for one in text.blocks if one.kind in _OWN and one.depth == 0)
    return "".join(text.body[one.start : one.stop] for one in own)[:_MOST_TEXT]


def _shown(one: Document) -> list[str]:
    title = plain(one.title)
    title = title if len(title) <= 160 else title[:159] + "…"
    return [title, plain(one.person), day(one.utc) if one.utc else "", one.kind, one.page]


def _packed(numbers: array[int]) -> str:
    before, written = 0, []
    for number in numbers:
        written.append(_base36((number // 4 - before) * 4 + number % 4))
        before = number // 4
    return " ".join(written)


def _base36(number: int) -> str:
    digits = ""
    while number:
        number, rest = divmod(number, 36)
        digits = _DIGITS[rest] + digits
    return digits or "0"


def _script(name: str, call: str, *values: object) -> Page:
    """Write values as a call of the page's script; ASCII alone, so no charset can spoil it."""
    written = ",".join(json.dumps(one, separators=(",", ":")) for one in values)
    return Page(f"search/{name}.js", f"threadkit.{call}({written})\n")
