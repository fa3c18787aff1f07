"""Words of kernel mail: identifiers, versions, hashes and Message-IDs are kept whole."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from threadkit.analyze.arguments.cuts import sentences
from threadkit.analyze.arguments.shapes import PROSE, chunks

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

Kind = Literal[
    "word", "ident", "call", "sha", "number", "version", "url", "email", "msgid", "path",
    "option", "reference", "rubout", "face", "mark",
]  # fmt: skip

LONGEST_TOKEN = 300
"""Characters; what is longer is cut, so that no pattern runs long."""

_URL = r"(?:https?|ftp|git|ssh|file)://[^\s<>\"]{1,280}[^\s<>\".,;:!?)\]}'*_]|www\.[\w-]{1,60}\.[^\s<>\"]{1,200}[\w/]"
_ADDRESS = r"[\w.+$%=/-]{1,120}@[\w-]{1,60}(?:\.[\w-]{1,60}){0,6}"
_SHA = r"(?=[0-9a-f]{0,39}\d)(?=\d{0,39}[a-f])[0-9a-f]{7,40}\b|[0-9a-f]{12}\b|[0-9a-f]{40}\b"
_VERSION = (
    r"v\d{1,3}(?:\.\d{1,4}){0,4}(?:-?(?:rc|pre|git|mm|next|stable|ck|rt)\d{0,4}){0,3}\b"
    r"|\d{1,4}\.\d{1,4}(?:(?:\.\d{1,4}){1,3}(?:-?(?:rc|pre|git|mm|rt)\d{0,4}){0,3}|(?:\.[xy])|(?:-?(?:rc|pre|git|mm|next|rt)\d{0,4})+)"
    r"(?:-stable)?\b"
)
_PATH = r"(?:~|\.{1,2})?/[\w.+-]{1,80}(?:/[\w.+*{},-]{1,80}){1,12}(?<![.,])/?|[\w.+-]{1,60}(?:/[\w.+*{},-]{1,60}){0,10}/[\w.+-]{0,60}\.(?:[chS]|sh|py|rst|txt|rs|dts|yaml|ko|mk)\b"
_CALL = r"[A-Za-z_][\w.>:-]{0,100}\w?\(\)"
_IDENT = (
    # An emphasised word is none: the underscores are marks.
    r"(?!_[^\W_]{1,40}_(?!\w))(?:"
    r"(?:[A-Za-z]\w{0,80})?_(?=\w)\w{1,80}(?<!_)(?:(?:->|\.|::)\w{1,80}){0,6}|\w{1,80}(?:->\w{1,80}){1,6}"
    r"|[a-z]{1,20}\d\w{0,60}|[a-z]{1,30}[A-Z]\w{0,60}|__\w{1,80})"
)
_NUMBER = r"[-+]?(?:0x[0-9a-fA-F]{1,32}|\d{1,20}(?:[.,]\d{1,20}){0,4}(?:[eE][-+]\d{1,3})?)(?:%|[kKMGTµun]i?[Bb]?(?:/s)?\b|(?:ms|us|ns|s|x|th|st|nd|rd|Hz|bit)\b)?"
_WORD = r"[^\W\d_]{1,80}(?:[-'\u2019][^\W\d_]{1,40}){0,5}"
_PATTERNS: tuple[tuple[Kind, str], ...] = (
    ("url", _URL),
    ("msgid", rf"<{_ADDRESS}>"),
    ("email", _ADDRESS),
    ("rubout", r"(?:\^[HWU]){1,40}"),
    ("call", _CALL),
    ("path", _PATH),
    ("sha", rf"(?<![\w])(?:{_SHA})"),
    ("version", rf"(?<![\w.])(?:{_VERSION})"),
    ("option", r"(?<![\w-])--?[A-Za-z][\w-]{1,40}(?:=[^\s]{1,80})?"),
    ("reference", r"\[\^?\d{1,3}\]"),
    ("ident", _IDENT),
    ("number", _NUMBER),
    ("face", r"[:;]-?[)(DPp](?!\w)|\U0001f600|\U0001f609|\U0001f642"),
    ("word", _WORD),
    ("mark", r"\.{2,10}|\u2026|[!?]{1,10}|->|=>|[=!<>]=|&&|\|\||-{2,3}|\S"),
)
_TOKEN = re.compile("|".join(f"(?P<{kind}>{pattern})" for kind, pattern in _PATTERNS))
_WHOLE = re.compile(
    "|".join(
        f"(?:{pattern})"
        for kind, pattern in _PATTERNS
        if kind not in ("word", "mark", "number", "face")
    )
    + r"|[*_/]{1,2}[^\W_]{1,40}(?:[ '-][^\W_]{1,40}){0,3}[*_/]{1,2}|[^\s^]{1,40}(?:\^[HWU]){1,40}"
)
_APOSTROPHE = str.maketrans("\u2019", "'")


class Token(NamedTuple):
    """A word of a text.

    Attributes
    ----------
    norm : str
        In lower case, with plain apostrophes.
    kind : Kind
        What it is.
    start, stop : int
        Characters of the text.
    """

    norm: str
    kind: Kind
    start: int
    stop: int


def words(text: str) -> list[Token]:
    """Cut a text into words, marks and names.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    list of Token
        In order; together they hold all characters that are no white space.

    Examples
    --------
    >>> [(one.norm, one.kind) for one in words("Since v5.9-rc1 do_wp_page() *isn't* 2x slower?")]
    [('since', 'word'), ('v5.9-rc1', 'version'), ('do_wp_page()', 'call'), ('*', 'mark'), \
("isn't", 'word'), ('*', 'mark'), ('2x', 'number'), ('slower', 'word'), ('?', 'mark')]

    Notes
    -----
    Linear: no token is longer than `LONGEST_TOKEN` characters. It does not load spaCy.
    """
    return list(_tokens(text))


def _tokens(text: str) -> Iterator[Token]:
    for match in _TOKEN.finditer(text):
        norm = match[0].lower()
        if "\u2019" in norm:
            norm = norm.translate(_APOSTROPHE)
        yield Token(norm, match.lastgroup, match.start(), match.end())  # type: ignore[arg-type]


def keep_whole(nlp: Language) -> Language:
    """Let the tokenizer of an English pipeline keep names whole.

    Parameters
    ----------
    nlp : Language
        A pipeline; its tokenizer is changed.

    Returns
    -------
    Language
        The same.

    Examples
    --------
    >>> import spacy
    >>> doc = keep_whole(spacy.blank("en"))("It isn't do_wp_page(), see mm/memory.c.")
    >>> [one.text for one in doc]
    ['It', 'is', "n't", 'do_wp_page()', ',', 'see', 'mm/memory.c', '.']
    """
    tokenizer: Any = nlp.tokenizer
    if not hasattr(tokenizer, "token_match"):
        return nlp  # made for something else: left as it is
    usual, prefix = tokenizer.token_match, tokenizer.prefix_search

    def whole(text: str) -> re.Match[str] | None:
        if len(text) > LONGEST_TOKEN:
            return None
        found = _WHOLE.fullmatch(text)
        return found if found or usual is None else usual(text)

    def prefix_of(text: str) -> re.Match[str] | None:
        # What a name begins with is no mark before it: `[2],`, `__user.`
        if prefix is None or _WHOLE.match(text[:LONGEST_TOKEN]):
            return None
        found: re.Match[str] | None = prefix(text)
        return found

    tokenizer.token_match = whole
    tokenizer.prefix_search = prefix_of
    return nlp


@functools.cache
def nlp() -> Language:
    """Make the pipeline that needs no trained model: words and sentences of mail.

    Returns
    -------
    Language
        A blank English pipeline with our tokenizer settings and ``threadkit_sentences``;
        the same at each call.

    Examples
    --------
    >>> doc = nlp()("See patch 1, e.g. in v5.9.1. It is do_wp_page().")
    >>> [sentence.text for sentence in doc.sents]
    ['See patch 1, e.g. in v5.9.1.', 'It is do_wp_page().']

    References
    ----------
    https://spacy.io/usage/processing-pipelines#custom-components
    """
    import spacy

    _register()
    made = keep_whole(spacy.blank("en"))
    made.add_pipe("threadkit_sentences")
    return made


@functools.cache
def _register() -> None:
    """Make our components known to spaCy, under names that nobody else uses."""
    from spacy.language import Language

    Language.component("threadkit_sentences", func=mark_sentences)


def mark_sentences(doc: Doc) -> Doc:
    """Set the starts of sentences of a text of mail; a spaCy component.

    Parameters
    ----------
    doc : Doc
        The text, with no quotations in it.

    Returns
    -------
    Doc
        The same.
    """
    starts = {0}
    for chunk, _ in chunks(doc.text, 0, len(doc.text), False):
        if chunk.shape in PROSE:
            found = sentences(doc.text, chunk.start, chunk.stop, chunk.text)
            starts.update(start for start, _ in found)
        else:
            starts.add(chunk.start)
    open_start = False
    for token in doc:
        open_start = open_start or token.idx in starts
        begins = open_start and not token.is_space
        token.is_sent_start = begins or token.i == 0
        open_start = open_start and not begins
    return doc
