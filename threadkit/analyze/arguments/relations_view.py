"""A mail as relations are read from it: words, labels and quoted sentences side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, zip_longest

from threadkit.analyze.arguments.cues import CUES
from threadkit.analyze.arguments.features import Read
from threadkit.analyze.arguments.phrases import pieces
from threadkit.analyze.arguments.relations_cues import classes, families
from threadkit.analyze.arguments.segments import Segments
from threadkit.analyze.arguments.stance_words import tone
from threadkit.analyze.arguments.targets import Saying, sayings
from threadkit.analyze.arguments.tokens import Token, words
from threadkit.analyze.mailtext import MailText

MOST_WORDS = 80
"""Of a unit or quoted sentence; the rest of a longer one is not looked at."""

_ROOM = 1_000
_COMMON = frozenset(
    ("a", "about", "after", "all", "also", "am", "an", "and", "any", "are", "as", "at", "be",
     "because", "been", "but", "by", "can", "could", "did", "do", "does", "doesn't", "don't", "for",
     "from", "get", "had", "has", "have", "he", "here", "how", "i", "i'm", "if", "in", "into", "is",
     "isn't", "it", "it's", "its", "just", "like", "may", "me", "more", "my", "no", "not", "now",
     "of", "on", "one", "only", "or", "other", "our", "out", "really", "should", "so", "some",
     "such", "than", "that", "that's", "the", "their", "them", "then", "there", "these", "they",
     "thing", "think", "this", "those", "to", "too", "up", "was", "way", "we", "were", "what",
     "when", "where", "which", "while", "who", "why", "will", "with", "would", "yes", "you", "your")
)  # fmt: skip
_NAMED = frozenset(("ident", "call", "sha", "path", "version", "option", "url", "email", "msgid"))


@dataclass(frozen=True, slots=True)
class Words:
    """What a sentence says, in pieces.

    Attributes
    ----------
    norms : tuple of str
        Its words in order, as phrases see them; names of code are ``<kind>``.
    content : frozenset of str
        The words and names that carry meaning, cut to their first letters.
    names : frozenset of str
        Identifiers, paths, versions and the like.
    told : tuple of str
        Families of cues and classes of words in it.
    tone : (int, int, bool)
        Words of praise and of blame in it, and whether it denies.
    asks : bool
        It ends with a question mark.
    """

    norms: tuple[str, ...]
    content: frozenset[str]
    names: frozenset[str]
    told: tuple[str, ...]
    tone: tuple[int, int, bool]
    asks: bool


def words_of(text: str, known: Read | None = None) -> Words:
    """Take a sentence apart.

    Parameters
    ----------
    text : str
        Of a unit or a quoted sentence.
    known : Read, optional
        The same text as it was read for labels, so that it need not be read again.

    Examples
    --------
    >>> said = words_of("Why does do_wp_page() copies it?")
    >>> said.norms
    ('why', 'do', '<call>', 'copies', 'it', '?')
    >>> sorted(said.content), sorted(said.names), said.asks
    (['copie', 'do_wp_page'], ['do_wp_page'], True)
    """
    if known and len(text) <= _ROOM and len(known.tokens) <= MOST_WORDS:
        tokens, read, cues = known.tokens, known.pieces, known.cues
    else:
        tokens = words(text[:_ROOM])[:MOST_WORDS]
        read = pieces(tokens)
        cues = CUES.find(read)
    names = frozenset(_name(one) for one in tokens if one.kind in _NAMED)
    content = {one.norm[:5] for one in tokens if one.kind == "word" and one.norm not in _COMMON}
    norms = tuple(one.word for one in read)
    mood = tone(norms)
    told = (*families(cues), *classes(norms, mood))
    return Words(norms, names | content, names, told, mood, "?" in norms[-2:])


def _name(token: Token) -> str:
    return token.norm.removesuffix("()")


@dataclass(frozen=True, slots=True)
class View:
    """A mail with everything that features of relations and stance are made from.

    Attributes
    ----------
    mail : MailText
        The mail.
    cut : Segments
        Its units and passages.
    shares : sequence of mapping
        How likely each label is, by unit.
    rows : sequence of mapping
        Features of each unit that labels are told from.
    labels : tuple of str
        The likeliest, by unit.
    units : tuple of Words
        What each unit says.
    sayings : tuple of list of Saying
        The quoted sentences, by passage.
    said : tuple of list of Words
        What these say.
    runs : tuple of range
        The units that follow each other under one passage, by unit.
    """

    mail: MailText
    cut: Segments
    shares: Sequence[Mapping[str, float]]
    rows: Sequence[Mapping[str, float]]
    labels: tuple[str, ...]
    units: tuple[Words, ...]
    sayings: tuple[list[Saying], ...]
    said: tuple[list[Words], ...]
    runs: tuple[range, ...]


def view(
    mail: MailText,
    cut: Segments,
    shares: Sequence[Mapping[str, float]],
    rows: Sequence[Mapping[str, float]],
    found: Sequence[Read] = (),
) -> View:
    """Look at a mail.

    Parameters
    ----------
    mail : MailText
        The mail.
    cut : Segments
        Its units and passages.
    shares : sequence of mapping
        How likely each label is, by unit.
    rows : sequence of mapping
        What `threadkit.analyze.arguments.features.rows` gives for the same units.
    found : sequence of Read, optional
        What `threadkit.analyze.arguments.features.reads` gives for them, if it is known.

    Returns
    -------
    View
        Ready for features.
    """
    quoted = tuple(sayings(mail, passage) for passage in cut.passages)
    runs: list[range] = []
    for _, group in groupby(cut.units, key=lambda unit: unit.passage):
        count = len(list(group))
        runs += [range(len(runs), len(runs) + count)] * count
    return View(
        mail,
        cut,
        shares,
        rows,
        tuple(max(one, key=lambda label: one[label]) for one in shares),
        tuple(
            words_of(mail.body[unit.start : unit.stop], known)
            for unit, known in zip_longest(cut.units, found)
        ),
        quoted,
        tuple([words_of(one.text) for one in some] for some in quoted),
        tuple(runs),
    )
