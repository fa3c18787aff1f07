"""Logs of ``git bisect``, as mails show them: indented, wrapped, unfinished or at odds."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

_COMMENT = re.compile(
    r"\s*# (good|bad|skip|old|new|(?:possible )?first (?:bad|new) commit): "
    r"\[([0-9a-f]{7,40})\]\s*(.*)"
)
_COMMAND = re.compile(r"\s*(?:\$ )?git bisect (start|good|bad|skip|old|new)\b\s*(.*)")
_NEUTRAL = re.compile(
    r"\s*(?:# (?:status|only skipped)\b.*|(?:\$ )?git bisect (?:log|good|bad)\s*)?"
)
_HASH = re.compile(r"[0-9a-f]{7,40}")
_MARKS = {"old": "good", "new": "bad", "first new commit": "first bad commit"}
_WIDTH = 64  # a line of a wrapped mail is full if the next word would end beyond
_MOST_FOLDS = 2
_RESULT = "result "


class Marked:
    """Commits marked alike, by hashes or tags as written, each once, the last marked last."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}

    def __len__(self) -> int:
        return len(self._names)

    def __iter__(self) -> Iterator[str]:
        return iter(self._names.values())

    def __contains__(self, name: str) -> bool:
        known = self._names.get(_key(name))
        return (known is not None and _same(known, name)) or name in self._names

    @property
    def last(self) -> str:
        """The last one; empty if there is none."""
        return next(reversed(self._names.values()), "")

    def add(self, name: str) -> None:
        """Put a name last; of a hash given in two lengths the longer one stays.

        Parameters
        ----------
        name : str
            A hash, abbreviated or not, or a tag.
        """
        key = _key(name)
        known = self._names.get(key, name)
        if not _same(known, name):
            key, known = name, name
        self._names.pop(key, None)
        self._names[key] = max(known, name, key=len)


def _key(name: str) -> str:
    return name[:7] if _HASH.fullmatch(name) else name


def _same(one: str, two: str) -> bool:
    return one.startswith(two) or two.startswith(one)


@dataclass(slots=True)
class BisectLog:
    """One log, finished or not.

    Attributes
    ----------
    good, bad, skipped : Marked
        Hashes or tags.
    first_bad, title : str
        The result with its subject; empty without one.
    candidates : list of str
        The hashes that are left when only skipped ones are.
    start, stop : int
        Characters of the body.
    commands : int
        How many lines are commands, not comments.
    """

    good: Marked = field(default_factory=Marked)
    bad: Marked = field(default_factory=Marked)
    skipped: Marked = field(default_factory=Marked)
    first_bad: str = ""
    title: str = ""
    candidates: list[str] = field(default_factory=list)
    start: int = -1
    stop: int = -1
    commands: int = 0

    @property
    def counts(self) -> str:
        """How many were marked as what: ``good=N bad=N skip=N``."""
        return f"good={len(self.good)} bad={len(self.bad)} skip={len(self.skipped)}"

    @property
    def problem(self) -> str:
        """What is wrong with it; empty if nothing is."""
        for one in self.good:
            if one in self.bad:
                return f"{one} is both good and bad"
        if self.first_bad and self.bad and self.first_bad not in self.bad:
            return "the first bad commit was never marked bad"
        return "" if self.first_bad else "no first bad commit"

    @property
    def range(self) -> str:
        """Where the culprit must be, ``GOOD..BAD``, as far as the log got; may be empty."""
        return f"{self.good.last}..{self.bad.last}" if self.good and self.bad else ""

    def mark(self, kind: str, name: str) -> None:
        """Note a commit.

        Parameters
        ----------
        kind : {'good', 'bad', 'skip'}
            As what.
        name : str
            A hash or a tag; an empty one is passed over.
        """
        marked = {"good": self.good, "bad": self.bad, "skip": self.skipped}[kind]
        if name:
            marked.add(name)


def lines_of(text: str, low: int, high: int) -> Iterator[tuple[int, int]]:
    r"""Give the lines of a range, without their ends.

    Parameters
    ----------
    text : str
        The body.
    low, high : int
        Characters of it: whole lines.

    Yields
    ------
    (int, int)
        Characters of each line.

    Examples
    --------
    >>> list(lines_of("ab\nc\n", 0, 5))
    [(0, 2), (3, 4)]
    """
    while low < high:
        stop = text.find("\n", low, high)
        stop = high if stop < 0 else stop
        yield low, stop
        low = stop + 1


def bisect_logs(text: str, lines: Iterable[tuple[int, int]]) -> Iterator[BisectLog]:
    r"""Find the logs among some lines.

    Parameters
    ----------
    text : str
        The body.
    lines : iterable of (int, int)
        The lines to read, without their ends and quote marks, in order.

    Yields
    ------
    BisectLog
        In the order of the text.

    Examples
    --------
    >>> text = ("# bad: [a1a1a1a1a1a1] mm: two\ngit bisect start 'a1a1a1a1a1a1' 'v6.1'\n"
    ...         "# first bad commit: [a1a1a1a1a1a1] mm: two\n")
    >>> [log] = bisect_logs(text, lines_of(text, 0, len(text)))
    >>> log.first_bad, log.title, log.counts, log.problem
    ('a1a1a1a1a1a1', 'mm: two', 'good=1 bad=1 skip=0', '')

    References
    ----------
    git-bisect(1), "Bisect log and bisect replay".
    """
    reader = _Reader(text)
    for start, stop in lines:
        if log := reader.take(start, stop):
            yield log
    if log := reader.close():
        yield log


class _Reader:
    """Takes lines, and gives a log when it is over."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.log = BisectLog()
        self.folds = _MOST_FOLDS
        self.last = (0, 0)
        self.titles: dict[str, str] = {}
        self.titled = ""  # the commit whose title may go on

    def take(self, start: int, stop: int) -> BisectLog | None:
        line = self.text[start:stop]
        if comment := _COMMENT.fullmatch(line):
            self._comment(comment)
        elif (command := _COMMAND.fullmatch(line)) and (command[2] or command[1] == "start"):
            self._command(command)
        elif self.log.start >= 0 and self._goes_on(line):
            self.folds += 1
            self.titles[self.titled] = f"{self.titles[self.titled]} {line.strip()}".strip()
        else:
            self.folds = _MOST_FOLDS
            return None if _NEUTRAL.fullmatch(line) else self.close()
        if self.log.start < 0:
            self.log.start = start + len(line) - len(line.lstrip())
        self.log.stop = start + len(line.rstrip())
        self.last = start, stop
        return None

    def close(self) -> BisectLog | None:
        """Begin anew; give what was read if it is a log and not a stray command."""
        log, self.log = self.log, BisectLog()
        log.title = self.titles.get(_RESULT + log.first_bad, "")
        self.titles, self.folds = {}, _MOST_FOLDS
        marks = len(log.good) + len(log.bad) + len(log.skipped)
        return log if log.first_bad or (log.commands and marks > 1) else None

    def _goes_on(self, line: str) -> bool:
        """Tell a wrapped title from what follows a log."""
        words = line.split(None, 1)
        if self.folds >= _MOST_FOLDS or not words:
            return False
        known = self.titles.get(self.titled.removeprefix(_RESULT))
        if self.titled.startswith(_RESULT) and known is not None:
            # When it was marked bad, a line of the log followed: that title is whole.
            return known.startswith(f"{self.titles[self.titled]} {line.strip()}".strip())
        return self.last[1] - self.last[0] + 1 + len(words[0]) > _WIDTH

    def _comment(self, match: re.Match[str]) -> None:
        kind = _MARKS.get(match[1], match[1])
        self.folds, self.titled = 0, match[2]
        if kind == "first bad commit":
            self.log.first_bad, self.titled = match[2], _RESULT + match[2]
        elif kind.startswith("possible"):
            self.log.candidates.append(match[2])
        else:
            self.log.mark(kind, match[2])
        self.titles[self.titled] = match[3].strip()

    def _command(self, match: re.Match[str]) -> None:
        self.folds = _MOST_FOLDS
        self.log.commands += 1
        kind = _MARKS.get(match[1], match[1])
        names = [word.strip("'\"") for word in match[2].split("#")[0].split()]
        names = [name for name in names if name and not name.startswith("-")]
        for at, name in enumerate(names):
            if kind == "start":
                self.log.mark("bad" if at == 0 else "good", name)
            else:
                self.log.mark(kind, name)
