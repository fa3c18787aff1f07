"""Made-up words, people and patches for generated mail; everything follows from a seed.

Words are drawn as in real text: few are most of it, and new ones never cease, so that an
index of them grows as it does with real mail. Real lists have 9,000 to 16,000 different
words in 1,000 mails; their 1,000 most frequent ones are 75 to 83% of the text.
"""

from __future__ import annotations

import math
from base64 import b64encode
from bisect import bisect
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from random import Random

VOCABULARY = 200_000
POOL = 400_000
_SHARE_OF_MOST_FREQUENT = (
    (0.0, 1), (0.04, 1), (0.165, 10), (0.35, 50), (0.44, 100), (0.62, 300), (0.8, 1000),
    (0.935, 3000), (0.985, 10_000), (1.0, VOCABULARY),
)  # fmt: skip
RECENT = 120
PEOPLE = 3_000
_LOG_PEOPLE = math.log(PEOPLE)

_COMMON_TEXT = """
    the of to and a in that is it this for we not be on with as are if but have so can which
    was from at by an or page will would do what when there no all you should then it's only
    memory lock I some more one patch code any think than has need use them don't before after
    case they where just does same like here still count because how user process time fork
    into make see kernel first also other without copy anon pages map new call fault well
    mapped write work fine why right test problem set check read change could long reference
    driver device good look point both under want good flag cache large fix commit linux bug
    series release branch since back anyway fail error path never each between sure though
"""
_COMMON = _COMMON_TEXT.split()

_SYLLABLES = [c + v for c in "bcdfghjklmnpqrstvwxz" for v in "aeiou"]
_ENDINGS = ("lock", "init", "page", "alloc", "dev", "get", "put", "map", "irq")
_FIRST_TEXT = """
    Ada Bo Cy Di Ed Flo Gil Hal Ina Jo Kay Lee Mia Ned Ola Pat Quin Ray Sue Tom Uma Vic
    Wim Xan Yves Zoe Björn Zoë Łukasz José Jürgen François Søren 健太 Ольга
"""
_FIRST = _FIRST_TEXT.split()

_SERVERS = ("mail", "mx1", "smtp", "relay", "out")
_DOMAINS = tuple(
    f"{part}example.{end}" for part in ("", "lab.", "dev.", "uni.") for end in ("org", "net", "com")
)


def vocabulary(random: Random, size: int = VOCABULARY) -> list[str]:
    """Return different words, the most frequent first."""
    found = dict.fromkeys(_COMMON)
    draw = random.random
    lengths = (2, 3, 3, 4, 5)
    while len(found) < size:
        word = "".join(random.choices(_SYLLABLES, k=lengths[int(draw() * 5)]))
        if draw() < 0.15:
            word += "_" + random.choice(_ENDINGS)
        found[word] = None
    return list(found)


def _rank(share: float) -> int:
    """Return the rank of the word below which this share of a text is."""
    at = bisect(_SHARE_OF_MOST_FREQUENT, (share, VOCABULARY)) - 1
    (low, first), (high, last) = _SHARE_OF_MOST_FREQUENT[at : at + 2]
    return int(first * (last / first) ** ((share - low) / (high - low))) - 1


@dataclass(frozen=True, slots=True)
class Person:
    """Who writes: an address with a name, its encoded form, and habits."""

    name: str
    email: str
    header: str
    offset_min: int
    signs: bool
    dkim: bool


class Prose:
    """Running text, code and people, cut from pools that are made once.

    Parameters
    ----------
    seed : int
        Equal seeds give equal pools.
    """

    def __init__(self, seed: int) -> None:
        random = Random(seed)
        words = vocabulary(random)
        ranks = [_rank(random.random()) for _ in range(POOL)]
        self._nouns = [words[rank] for rank in ranks if rank >= len(_COMMON)][:60_000]
        _repeat(random, ranks)
        pool = [words[rank] for rank in ranks]
        for at in random.sample(range(POOL), POOL // 500):
            pool[at] = f"{random.getrandbits(40):x}"
        self._code = list(_code(random, self._nouns))
        self._paths = [
            f"{random.choice(_ENDINGS)}/{a}/{b}.c" for a, b in _pairs(random, self._nouns, 4000)
        ]
        self.people = list(_people(random, self._nouns))
        _punctuate(random, pool)
        self._pool = pool

    def place(self, random: Random) -> int:
        """Return where a text may start in the pool; what follows is about one thing."""
        return int(random.random() * (POOL - 2000))

    def paragraph(self, at: int, lines: int) -> list[str]:
        """Return lines of some 72 characters; the last is shorter and ends a sentence."""
        pool = self._pool
        width = 10 + (at & 3)
        found = [" ".join(pool[i : i + width]) for i in range(at, at + width * lines, width)]
        found[-1] = found[-1][: 20 + at % 45].rstrip(".,;:- ") + "."
        return found

    def words(self, random: Random, count: int) -> str:
        """Return a few words that are not the most common ones."""
        nouns, draw, many = self._nouns, random.random, len(self._nouns)
        return " ".join([nouns[int(draw() * many)] for _ in range(count)])

    def person(self, random: Random) -> Person:
        """Pick a person; few write much."""
        return self.people[int(math.exp(random.random() * _LOG_PEOPLE)) - 1]

    def path(self, random: Random) -> str:
        """Pick a file."""
        return self._paths[int(random.random() * len(self._paths))]

    def diff(self, random: Random, path: str) -> tuple[list[str], int, int]:
        """Return a diff of one file with right line counts, lines added and removed."""
        hunks: list[str] = []
        added = removed = 0
        at = 10
        for _ in range(1 + int(random.expovariate(1.1))):
            minus, plus = int(random.expovariate(0.35)), 1 + int(random.expovariate(0.3))
            start = int(random.random() * (len(self._code) - minus - plus - 6))
            code = self._code[start : start + minus + plus + 6]
            at += int(random.expovariate(0.01))
            hunks.append(
                f"@@ -{at},{minus + 6} +{at + added - removed},{plus + 6} @@ {code[0].strip()}"
            )
            hunks += [" " + line for line in code[:3]]
            hunks += ["-" + line for line in code[3 : 3 + minus]]
            hunks += ["+" + line for line in code[3 + minus : 3 + minus + plus]]
            hunks += [" " + line for line in code[3 + minus + plus :]]
            at += minus + 6
            added += plus
            removed += minus
        index = f"index {random.getrandbits(48):012x}..{random.getrandbits(48):012x} 100644"
        head = [f"diff --git a/{path} b/{path}", index, f"--- a/{path}", f"+++ b/{path}"]
        return head + hunks, added, removed


@lru_cache(maxsize=1)
def prose_of(seed: int) -> Prose:
    """Return the pools of a seed; they take a second to make."""
    return Prose(seed)


def _repeat(random: Random, ranks: list[int]) -> None:
    """Let words come back soon, as in texts about something: half of a mail's are new."""
    draw = random.random
    for at in range(RECENT, len(ranks)):
        if draw() < 0.6:
            ranks[at] = ranks[at - 1 - int(draw() * RECENT)]


def _punctuate(random: Random, pool: list[str]) -> None:
    """Make sentences of five to twenty words."""
    at = 0
    while at < len(pool):
        pool[at] = pool[at][:1].upper() + pool[at][1:]
        at += random.randint(5, 20)
        if at < len(pool):
            pool[at - 1] += random.choice("......?!,,;:")
            if random.random() < 0.02:
                pool[at - 2] = f"{random.choice(_ENDINGS)}_{pool[at - 2]}()"


def _pairs(random: Random, words: list[str], count: int) -> Iterator[tuple[str, str]]:
    for _ in range(count):
        yield random.choice(words), random.choice(words)


def _code(random: Random, words: list[str]) -> Iterator[str]:
    shapes = (
        "\tif ({a}->{b})", "\t\treturn -{b};", "\tstruct {a} *{b};", "\t{a}_{b}(&{a}->{b});", "",
        "\t\t{a} = {b}({a}, 0);", "}}", "{{", "static int {a}_{b}(struct {a} *{b})",
        "\tfor (i = 0; i < {a}; i++)", "\t\tgoto out;", "\t/* {a} {b} is held here */",
    )  # fmt: skip
    for a, b in _pairs(random, words, 3000):
        for _ in range(10):
            yield random.choice(shapes).format(a=a, b=b)


def _people(random: Random, words: list[str]) -> Iterator[Person]:
    """Yield people; one in ten is the one before at another address."""
    name = "Ada Example"
    for number in range(PEOPLE):
        if not number or random.random() > 0.1:
            name = f"{random.choice(_FIRST)} {random.choice(words).title().replace('_', ' ')}"
        local = name.split()[-1].lower() if name.isascii() else f"writer{number}"
        email = f"{local}.{number}@{random.choice(_DOMAINS)}"
        shown = name if name.isascii() else f"=?UTF-8?B?{b64encode(name.encode()).decode()}?="
        if name.isascii() and random.random() < 0.05:
            shown = '"{1}, {0}"'.format(*name.split(" ", 1))
        yield Person(
            name, email, f"{shown} <{email}>", random.choice((-480, -300, 0, 60, 120, 330, 480)),
            random.random() < 0.3, random.random() < 0.5,
        )  # fmt: skip
