"""From a litmus file to its syntax tree."""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from pathlib import Path
from typing import Literal, cast

from threadkit.cow.litmus.check import check
from threadkit.cow.litmus.cursor import Cursor
from threadkit.cow.litmus.errors import LitmusUnreadable
from threadkit.cow.litmus.lexer import MOST_CHARACTERS, Source, Token
from threadkit.cow.litmus.marks import Marks
from threadkit.cow.litmus.parse_conditions import condition
from threadkit.cow.litmus.parse_statements import program
from threadkit.cow.litmus.syntax import (
    PAGE_KINDS,
    PAGE_WORDS,
    Expectation,
    Litmus,
    Page,
    PageKind,
    Reference,
    Verdict,
)

MOST_BYTES = 4 * MOST_CHARACTERS
"""Of a file: as many as the longest text can have in UTF-8."""

_ReferenceKind = Literal["commit", "mail", "claim", "test", "cve", "doc"]
_REFERENCE_KINDS = ("commit", "mail", "claim", "test", "cve", "doc")
_VERDICTS = ("Never", "Sometimes", "Always")
_STATUS = ("derived", "unverified")
_NAMED = {
    "commit": (re.compile(r"[0-9a-f]{7,40}"), "a commit (7 to 40 digits 0-9 a-f)"),
    "claim": (re.compile(r"[1-9][0-9]{0,3}[a-z]?"), "the number of a claim"),
    "cve": (re.compile(r"CVE-[0-9]{4}-[0-9]{4,7}"), "a CVE (CVE-2016-5195)"),
}


def parse(text: str, origin: str = "<text>") -> Litmus:
    r"""Read a scenario.

    Parameters
    ----------
    text : str
        The whole file, at most 65,536 characters.
    origin : str, optional
        What errors call it.

    Returns
    -------
    Litmus
        Checked: every name in it is known, in the right place, and used as what it is.

    Raises
    ------
    LitmusError
        At the first thing that is not in the language, or else that cannot be.

    Examples
    --------
    >>> litmus = parse('''COW S1 question "Does the child see the parent's write?"
    ...     { x = anon rw 1 2; }
    ...     parent: fork child;
    ...     parent: write x[0] = 3;
    ...     child: r0 = read x[0];
    ...     exists (child:r0 = 3)''')
    >>> litmus.name, [op.verb for op in litmus.ops()]
    ('S1', ['fork', 'write', 'read'])
    >>> parse('COW S1 question "?" { x = anon rw 1 2; } parent: wirte x[0] = 3;', "S1")
    Traceback (most recent call last):
    ...
    threadkit.cow.litmus.errors.LitmusError: S1:1:50: expected an operation (did you mean 'write'?), found 'wirte'

    See Also
    --------
    threadkit.cow.litmus : The language.
    """
    cursor = Cursor(text, origin)
    litmus, marks = _FileParser(cursor).file()
    check(cursor, litmus, marks)
    return litmus


def load(path: Path) -> Litmus:
    """Read a scenario from its file.

    Parameters
    ----------
    path : Path
        UTF-8, with or without a byte-order mark, named as the scenario in it with the
        suffix ``.litmus``.

    Returns
    -------
    Litmus
        As from :func:`parse`.

    Raises
    ------
    LitmusError
        The text is not in the language, or names another scenario than the file.
    LitmusUnreadable
        The file cannot be opened, or is far too large.
    """
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise LitmusUnreadable(path, error.strerror or "cannot be opened") from error
    if len(data) > MOST_BYTES:
        raise LitmusUnreadable(path, f"larger than {MOST_BYTES} bytes: no litmus file")
    data = data.removeprefix(BOM_UTF8)
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        before = data[: error.start].decode()
        source = Source(before, str(path))
        raise source.error(
            len(before), "text in UTF-8", repr(data[error.start : error.end])
        ) from None
    litmus = parse(text, str(path))
    if litmus.name != path.stem:
        cursor = Cursor(text, str(path))
        cursor.need("COW")
        raise cursor.wrong(f"the name of the file ('{path.stem}')")
    return litmus


class _FileParser:
    """Reads the parts of a file in their order."""

    def __init__(self, cursor: Cursor) -> None:
        self._cursor = cursor
        self._marks = Marks()

    def file(self) -> tuple[Litmus, Marks]:
        """Read everything up to the end."""
        cursor = self._cursor
        cursor.need("COW")
        name = cursor.name("a name").text
        cursor.need("question")
        question = cursor.text("a question in quotes")
        notes, references, beside, needs = self._about(name)
        pages, threads, processes = self._initial()
        phases = program(cursor, dict(threads), self._marks)
        asked = condition(cursor, self._marks.uses)
        expectations = self._expectations()
        return (
            Litmus(
                name,
                question,
                notes,
                references,
                beside,
                needs,
                pages,
                threads,
                processes,
                phases,
                asked,
                expectations,
            ),
            self._marks,
        )

    def _about(
        self, name: str
    ) -> tuple[tuple[str, ...], tuple[Reference, ...], tuple[str, ...], tuple[str, ...]]:
        """Read notes, references, counterparts and needs, in any order."""
        cursor = self._cursor
        notes: list[str] = []
        references: list[Reference] = []
        beside: list[str] = []
        needs: list[str] = []
        while not cursor.at("{"):
            if cursor.skip("note"):
                notes.append(cursor.text("a note in quotes"))
            elif cursor.skip("needs"):
                needs.append(cursor.text("what the model lacks, in quotes"))
            elif cursor.skip("ref"):
                references.append(self._reference())
            elif cursor.skip("beside"):
                beside += self._beside(name, beside)
            else:
                raise cursor.wrong("'note', 'ref', 'beside', 'needs' or '{'")
        return tuple(notes), tuple(references), tuple(beside), tuple(needs)

    def _reference(self) -> Reference:
        """Read what follows ``ref``."""
        cursor = self._cursor
        kind = cursor.word("one of " + ", ".join(_REFERENCE_KINDS), _REFERENCE_KINDS).text
        token = cursor.here
        if kind == "mail":
            wanted, fits = "a Message-ID in <>", token.kind == "mail"
        elif kind in _NAMED:
            form, wanted = _NAMED[kind]
            fits = token.kind == "word" and bool(form.fullmatch(token.text))
        else:
            wanted, fits = f"a {kind} by its name, in quotes", token.kind == "string"
        if not fits:
            raise cursor.wrong(wanted)
        name = cursor.take().text
        note = cursor.take().text if cursor.here.kind == "string" else ""
        return Reference(cast(_ReferenceKind, kind), name, note)

    def _beside(self, name: str, known: list[str]) -> list[str]:
        """Read the names of counterparts."""
        cursor = self._cursor
        names: list[str] = []
        while not names or not self._at_part():
            token = cursor.name("the name of a counterpart")
            if token.text == name:
                raise cursor.wrong("another scenario than this one", token)
            if token.text in known or token.text in names:
                raise cursor.wrong("each counterpart once", token)
            names.append(token.text)
        return names

    def _at_part(self) -> bool:
        """Tell whether another part of the head, or its end, is next."""
        return any(map(self._cursor.at, ("note", "needs", "ref", "beside", "{")))

    def _initial(
        self,
    ) -> tuple[tuple[Page, ...], tuple[tuple[str, str], ...], tuple[str, ...]]:
        """Read ``{ ... }``: pages, threads and processes in any order."""
        cursor = self._cursor
        pages: list[Page] = []
        threads: list[tuple[str, str]] = []
        processes: list[str] = []
        opened = cursor.need("{")
        while not cursor.skip("}"):
            if cursor.skip("thread"):
                thread = cursor.name("a name for the thread")
                cursor.need("of")
                process = cursor.name("a process")
                self._marks.threads.append((thread, process))
                threads.append((thread.text, process.text))
            elif cursor.skip("process"):
                token = cursor.name("a name for the process")
                self._marks.processes.append(token)
                processes.append(token.text)
            else:
                pages.append(self._page())
            cursor.need(";")
        if not pages:
            raise cursor.wrong("at least one page in it", opened)
        return tuple(pages), tuple(threads), tuple(processes)

    def _page(self) -> Page:
        """Read ``NAME = KIND rw|ro V0 V1 [word...]``."""
        cursor = self._cursor
        name = cursor.name("a page, 'thread', 'process' or '}'")
        self._marks.pages.append(name)
        cursor.need("=")
        kind = cast(PageKind, cursor.word("one of " + ", ".join(PAGE_KINDS), PAGE_KINDS).text)
        writable = cursor.word("'rw' or 'ro'", ("rw", "ro")).text == "rw"
        first = cursor.here
        content = (cursor.content(), cursor.content())
        words: list[str] = []
        while not cursor.at(";"):
            words.append(self._page_word(kind, writable, words))
        if content != (0, 0) and (kind == "zeropage" or ("unfaulted" in words and kind in _EMPTY)):
            raise cursor.wrong("the content 0 0 of memory that nobody wrote", first)
        return Page(name.text, kind, writable, content, tuple(words))

    def _page_word(self, kind: PageKind, writable: bool, before: list[str]) -> str:
        """Take one word that such a page can have."""
        cursor = self._cursor
        token: Token = cursor.word("';' or one of " + ", ".join(PAGE_WORDS), PAGE_WORDS)
        word = token.text
        if word in before:
            raise cursor.wrong("each word once", token)
        if kind not in PAGE_WORDS[word]:
            raise cursor.wrong(f"a word for {kind} pages ('{word}' is none)", token)
        if word == "readonly_pte" and not writable:
            raise cursor.wrong(
                "'rw' with 'readonly_pte': an ro mapping has no other entries", token
            )
        mapped = {"pte_mapped", "readonly_pte", "clean", "lru_pending"} & {*before, word}
        if mapped and "unfaulted" in {*before, word}:
            raise cursor.wrong(f"'unfaulted' without '{min(mapped)}': nothing is mapped yet", token)
        return word

    def _expectations(self) -> tuple[Expectation, ...]:
        """Read all ``expect`` up to the end of the file."""
        cursor = self._cursor
        expectations: list[Expectation] = []
        said: dict[str, str] = {}
        while cursor.here.kind != "end":
            if not cursor.skip("expect"):
                raise cursor.wrong("'expect' or the end of the file")
            expectations.append(self._expectation(said))
        return tuple(expectations)

    def _expectation(self, said: dict[str, str]) -> Expectation:
        """Read ``VERDICT in ERA... [status] : "source"``."""
        cursor = self._cursor
        verdict = cursor.word("one of " + ", ".join(_VERDICTS), _VERDICTS).text
        cursor.need("in")
        eras: list[str] = []
        if cursor.skip("*"):
            eras.append("*")
        while not eras or not ("*" in eras or cursor.at(":") or any(map(cursor.at, _STATUS))):
            token = cursor.name("an era, or '*' alone")
            if said.setdefault(token.text, verdict) != verdict:
                raise cursor.wrong(f"one verdict for an era ({said[token.text]} above)", token)
            if token.text in eras:
                raise cursor.wrong("each era once", token)
            eras.append(token.text)
        status = cursor.take().text if any(map(cursor.at, _STATUS)) else "confirmed"
        cursor.need(":")
        source = cursor.text("the source in quotes")
        return Expectation(
            cast(Verdict, verdict),
            tuple(eras),
            cast(Literal["confirmed", "derived", "unverified"], status),
            source,
        )


_EMPTY = ("anon", "thp", "hugetlb")
