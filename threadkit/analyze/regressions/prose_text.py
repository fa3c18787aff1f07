"""The author's own sentences, ready for rules: logs, code and copied messages left out.

What the parser found already (commits, releases, links) is one word in a sentence, so that
no rule has to know how a commit is written, and no title is read as the author's words.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from threadkit.analyze.mailtext import MailText
from threadkit.mail.block import Block
from threadkit.mail.citations import Citation, citations

_PARAGRAPH = re.compile(r"(?:^[^\n]*\S[^\n]*+(?:\n|\Z))++", re.MULTILINE)
_SUBJECT_PATCH = re.compile(r"\s*\[[^\]]*\b(?:PATCH|RFC|RESEND|GIT PULL)\b[^\]]*\]", re.IGNORECASE)
_SUBJECT_REPLY = re.compile(r"\s*(?:re|aw|antwort|sv|fwd?)\s*:", re.IGNORECASE)
_COMMENT = re.compile(r"^--- Comment #\d+ from ", re.MULTILINE)
_NOTES = re.compile(r"^---[ \t]*$", re.MULTILINE)

# A line that begins like one of these is no sentence of the author's.
_NOT_PROSE = re.compile(
    r"""\s*\[\s*\d+\.\d+\]                               # kernel log
      | .*\+0x[0-9a-f]+/0x                               # call trace
      | \s*(?:[$%]|>>>|\#\#*)\s                          # shell, comment
      | \#(?:regzbot|syz)\b
      | \[also\ build\ test
      | \s*(?:commit\s+[0-9a-f]{12,40}\s*$
          | (?:Author|AuthorDate|Date|From|Subject|To|Cc|CC|Sent|Message-ID|Summary|Status|Title
              |Product|Version|Component|Severity|Reporter|Assignee|Regression|Reply-To|Bug\ ID
              |Fixes|Link|Closes|BugLink|[\w-]+-[Bb]y):\s)
      | [ \t]{2,}[A-Z][\w /.-]{1,30}:\s++\S*+\s*+$       # field: value
      | \s*(?:[-=*_+~\#|]{5,}|[-+]{3}\s)""",
    re.VERBOSE,
)
_SIGNS_OF_CODE = ("->", "(", "=", ")")
_CODE = re.compile(r"[;{}|<>=]|\w\([^()]{0,200}\)\s*[;,{]?$|::|->|/\*|\*/|\bgoto\b|\breturn\b")
_COPIED = re.compile(r"commit [0-9a-f]{12,40}\s*$|Author: ", re.MULTILINE)
_INDENT = re.compile(r" {4}|[ ]{0,3}\t")
_BULLET = re.compile(r"\n[ \t]*(?:[-*\u2022]|\d{1,2}[.)]|\([a-z0-9]\))[ \t]+")
_STOP = re.compile(r"(?<![.!?])[.!?]++[\"')\]]*+(?=\s)")
_INK = re.compile(r"\S")
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|etc|vs|cf|aka|approx|resp|esp|incl|Mr|Dr|Jr|No|Fig|a\.k\.a)|\b[A-Z])\.$",
    re.IGNORECASE,
)
_WORD = re.compile(r"@[CRMBVU]_*|\w+(?:['./+-]+\w+)*(?:\(\))?|[^\w\s]")
_MARKS = {"commit": "C", "release": "R", "message": "M", "bug": "B", "syzbot": "B", "cve": "V"}
_NAMES = {"C": "@commit", "R": "@release", "M": "@mail", "B": "@bug", "V": "@cve", "U": "@url"}
_ENDINGS = frozenset(".:!?;")
_AROUND_COMMIT = " \t\n\r[](),"
_MOST_WORDS = 120


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a mail's author.

    Attributes
    ----------
    start, stop : int
        Characters of the body; both 0 for the subject.
    words : tuple of str
        Lower case, identifiers and paths whole; a commit with its title is ``@commit``, and
        likewise ``@release``, ``@mail``, ``@bug``, ``@cve``, ``@url``; punctuation is words.
    places : tuple of (int, int)
        Where each word stands, in characters of the body (of the subject's text for it).
    cited : dict
        From the index of an ``@`` word to what the parser found there.
    is_question : bool
        It ends with a question mark.
    is_patch_text : bool
        It is part of the message of a patch that is posted, above its ``---``.
    is_subject : bool
        It is the mail's subject.
    """

    start: int
    stop: int
    words: tuple[str, ...]
    places: tuple[tuple[int, int], ...]
    cited: dict[int, Citation]
    is_question: bool
    is_patch_text: bool
    is_subject: bool

    def span(self, first: int, last: int) -> tuple[int, int]:
        """Give the characters from one word to another.

        Parameters
        ----------
        first, last : int
            Indexes of words, both included.

        Returns
        -------
        (int, int)
            Characters of the body; ``(0, 0)`` in the subject.
        """
        if self.is_subject:
            return 0, 0
        return self.places[first][0], self.places[last][1]


def is_posting(mail: MailText) -> bool:
    """Say if a mail posts a patch or a cover letter, and does not just show a diff.

    Parameters
    ----------
    mail : MailText
        Any mail.

    Returns
    -------
    bool
        True if its subject says so and is no answer.
    """
    return bool(_SUBJECT_PATCH.match(mail.subject)) and not _SUBJECT_REPLY.match(mail.subject)


def in_patch_thread(mail: MailText) -> bool:
    """Say if a mail answers a patch, as far as its subject says.

    Parameters
    ----------
    mail : MailText
        Any mail.

    Returns
    -------
    bool
        True for ``Re: [PATCH ...]``.
    """
    answered = _SUBJECT_REPLY.match(mail.subject)
    return bool(answered) and bool(_SUBJECT_PATCH.match(mail.subject, answered.end()))  # type: ignore[union-attr]


def is_answer(mail: MailText) -> bool:
    """Say if a mail's subject is somebody else's, taken over by answering.

    Parameters
    ----------
    mail : MailText
        Any mail.

    Returns
    -------
    bool
        True for ``Re:``, and for a comment that a bug tracker sends.
    """
    return bool(_SUBJECT_REPLY.match(mail.subject)) or bool(_COMMENT.search(mail.body))


def sentences(mail: MailText, is_wanted: Callable[[str], bool]) -> Iterator[Sentence]:
    r"""Find the sentences of a mail's author that are worth taking apart.

    Parameters
    ----------
    mail : MailText
        Any mail; quotes, signatures and diffs are no words of its author.
    is_wanted : callable
        A cheap look at the text of a paragraph, and then of a sentence.

    Yields
    ------
    Sentence
        The subject first, if it is the author's (no answer), then in the order of the text.

    Examples
    --------
    >>> body = "Hi,\n\nSound broke in v5.9-rc1. All else is fine.\n"
    >>> mail = MailText("a@example.org", "Hi", "Ann", "ann@example.org", None, False, False, None,
    ...                 "a@example.org", body, [Block("reply", 0, 0, len(body))], [],
    ...                 citations(body, [Block("reply", 0, 0, len(body))]))
    >>> [(" ".join(s.words), body[s.start : s.stop]) for s in sentences(mail, lambda text: "bro" in text)]
    [('sound broke in @release .', 'Sound broke in v5.9-rc1.')]
    """
    posting = is_posting(mail)
    if not posting and not mail.is_reply and is_wanted(mail.subject):
        yield _subject(mail.subject)
    body = mail.body
    notes = _NOTES.search(body) if posting else None
    own = (notes.start() if notes else len(body)) if posting else 0
    for low, high in mail.own_ranges():
        copied = False
        for start, stop in _paragraphs(mail, low, high):
            indented = _INDENT.match(body, start) is not None
            if indented and copied:
                continue
            copied = _COPIED.search(body, start, stop) is not None
            if not indented and is_wanted(body[start:stop]):
                yield from _paragraph(mail, start, stop, is_wanted, start < own)


def _paragraphs(mail: MailText, low: int, high: int) -> Iterator[tuple[int, int]]:
    """Yield paragraphs; a commit set apart in the middle of a sentence does not end one."""
    body = mail.body
    before: tuple[int, int] | None = None
    for paragraph in _PARAGRAPH.finditer(body, low, high):
        start, stop = paragraph.span()
        if before is not None and _goes_on(mail, before, start, stop):
            before = before[0], stop
            continue
        if before is not None:
            yield before
        before = start, stop
    if before is not None:
        yield before


def _goes_on(mail: MailText, before: tuple[int, int], start: int, stop: int) -> bool:
    end = before[1]
    while mail.body[end - 1].isspace():  # a paragraph is not blank
        end -= 1
    if mail.body[end - 1] in _ENDINGS:
        return False
    if _is_citation(mail, start, stop):
        return True
    last = mail.citations[bisect_left(mail.citations, before[1], key=_start) - 1 :][:1]
    set_apart = last and before[0] < last[0].start and last[0].stop == end
    return bool(set_apart) and mail.body[start].islower()


def _is_citation(mail: MailText, start: int, stop: int) -> bool:
    """Say if a paragraph is one cited commit and nothing else."""
    at = bisect_left(mail.citations, start, key=_start)
    if at == len(mail.citations) or mail.citations[at].kind != "commit":
        return False
    cited = mail.citations[at]
    if cited.stop > stop:
        return False
    alone = mail.body[start : cited.start].strip(_AROUND_COMMIT) in {"", "commit", "patch"}
    return alone and not mail.body[cited.stop : stop].strip(_AROUND_COMMIT)


def _subject(subject: str) -> Sentence:
    found = citations(subject + "\n", [Block("reply", 0, 0, len(subject) + 1)])
    masked = _mask(subject, 0, found, 0)
    return _sentence(masked, 0, found, False, True)


def _paragraph(
    mail: MailText, start: int, stop: int, is_wanted: Callable[[str], bool], is_patch_text: bool
) -> Iterator[Sentence]:
    """Yield the sentences of one paragraph; a line that is no prose ends a sentence."""
    found = mail.citations
    at = bisect_left(found, start, key=_stop)
    masked = _mask(mail.body[start:stop], start, found, at)
    for low, high in _prose(masked):
        for first, last in _split(masked, low, high):
            if is_wanted(mail.body[start + first : start + last]):
                part = masked[first:last]
                yield _sentence(part, start + first, found, is_patch_text, False)


def _start(citation: Citation) -> int:
    return citation.start


def _stop(citation: Citation) -> int:
    return citation.stop


def _mask(text: str, offset: int, found: Sequence[Citation], at: int) -> str:
    """Put ``@C____`` and the like, of the same length, in place of what is cited."""
    parts = []
    done = 0
    for number in range(at, len(found)):
        citation = found[number]
        low, high = citation.start - offset, citation.stop - offset
        if low >= len(text):
            break
        low = max(low, done)
        if citation.kind == "release" and low > done and text[low - 1] in "vV":
            low -= 1
        mark = "@" + _MARKS.get(citation.kind, "U")
        if high - low < len(mark):
            continue
        high = min(high, len(text))
        parts += [text[done:low], mark.ljust(high - low, "_")]
        done = high
    parts.append(text[done:])
    return "".join(parts).replace("\u2019", "'")


def _prose(text: str) -> Iterator[tuple[int, int]]:
    """Yield runs of lines of a paragraph that are prose."""
    low = at = 0
    for line in text.splitlines(keepends=True):
        end = at + len(line)
        if _is_not_prose(line) or (_INDENT.match(line) and _CODE.search(line)):
            if low < at:
                yield low, at
            low = end
        at = end
    if low < at:
        yield low, at


def _is_not_prose(line: str) -> bool:
    """Tell a line of a log, of a header or of code by its beginning or its end."""
    if _NOT_PROSE.match(line):
        return True
    bare = line.rstrip()
    if bare.endswith(("{", "}")):
        return not bare[:-1].isspace() and len(bare) > 1
    return bare.endswith(";") and any(sign in bare for sign in _SIGNS_OF_CODE)


def _split(text: str, low: int, high: int) -> Iterator[tuple[int, int]]:
    """Yield sentences, without the white space around them."""
    edges = {match.start() for match in _BULLET.finditer(text, low, high)}
    for match in _STOP.finditer(text, low, high):
        end = match.end()
        after = _INK.search(text, end, high)
        if after and after[0].islower() and match[0][0] not in "?!":
            continue
        if _ABBREVIATION.search(text, max(low, match.start() - 6), match.start() + 1):
            continue
        edges.add(end)
    first = low
    for edge in [*sorted(edges), high]:
        part = text[first:edge]
        bare = part.strip()
        if bare:
            begin = first + part.index(bare[0])
            yield begin, begin + len(bare)
        first = edge


def _sentence(
    masked: str, offset: int, found: Sequence[Citation], patch: bool, subject: bool
) -> Sentence:
    words: list[str] = []
    places: list[tuple[int, int]] = []
    cited: dict[int, Citation] = {}
    for match in _WORD.finditer(masked):
        word = match[0]
        low, high = match.start() + offset, match.end() + offset
        if word[0] == "@" and len(word) > 1:
            at = bisect_right(found, low, key=_stop)
            if at < len(found):
                cited[len(words)] = found[at]
            word = _NAMES[word[1]]
        words.append(word.lower())
        places.append((low, high))
        if len(words) == _MOST_WORDS:
            break
    question = masked.rstrip("\"')] \n").endswith("?")
    stop = offset + len(masked)
    start = offset
    if subject:
        start = stop = 0
    return Sentence(start, stop, tuple(words), tuple(places), cited, question, patch, subject)
