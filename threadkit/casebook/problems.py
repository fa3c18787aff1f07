"""What is wrong with the files of a casebook: a place and a sentence for each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches

from threadkit.casebook.values import At, Unwritten
from threadkit.errors import ThreadkitError, printable

TODO_MOST = 12
"""Lines of what is still to be written that are shown unless all are asked for."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong.

    Attributes
    ----------
    at : At
        Where.
    message : str
        What, in a clause.
    is_todo : bool
        It is not wrong but not written yet.
    """

    at: At
    message: str
    is_todo: bool = False

    def __str__(self) -> str:
        return f"{self.at}: {self.message}"


class CasebookError(ThreadkitError):
    """A casebook cannot be used; all that is wrong with it is said at once.

    Parameters
    ----------
    name : str
        Of the casebook, or its folder.
    problems : sequence of Problem
        In the order of the files.
    unwritten : sequence of Unwritten, optional
        Claims and questions that wait for words, which is no problem.
    """

    def __init__(
        self, name: str, problems: tuple[Problem, ...], unwritten: tuple[Unwritten, ...] = ()
    ) -> None:
        self.name = name
        self.problems = problems
        self.unwritten = unwritten
        super().__init__("\n".join([self.summary(), *self.lines(TODO_MOST)]))

    def summary(self) -> str:
        """Count what is wrong, in a line."""
        todo = sum(one.is_todo for one in self.problems)
        wrong = len(self.problems) - todo
        counts = [f"{wrong} problem{'s' if wrong > 1 else ''}"] if wrong else []
        counts += [f"{todo} still to be written"] if todo else []
        return f"casebook {printable(self.name)}: {', '.join(counts)}"

    def lines(self, most: int | None = None) -> Iterator[str]:
        """Say what is wrong.

        Parameters
        ----------
        most : int, optional
            Of what is still to be written, show only so many and count the others by kind.

        Yields
        ------
        str
            A line for each, in the order of the files.
        """
        later: list[Problem] = []
        shown = 0
        for one in self.problems:
            shown += one.is_todo
            if one.is_todo and most is not None and shown > most:
                later.append(one)
            else:
                yield str(one)
        if later:
            files = len({one.at.file for one in later})
            kinds = Counter(one.message.partition(":")[0] for one in later).most_common()
            said = ", ".join(f"{many} {kind}" for kind, many in kinds)
            where = f"{files} files" if files > 1 else later[0].at.file
            yield f"... and {len(later)} more still to be written in {where}: {said}"


class NoCasebook(ThreadkitError):
    """No casebook has this name, and no folder this path.

    Parameters
    ----------
    name : str
        As given.
    known : iterable of str
        Names of those that come with threadkit.
    """

    exit_code = 3

    def __init__(self, name: str, known: Iterable[str]) -> None:
        self.name = name
        super().__init__(f"{printable(name)}: no such casebook or folder{hint(name, known)}")


def hint(name: str, known: Iterable[str]) -> str:
    """Return a question with the names that come close, or nothing.

    Parameters
    ----------
    name : str
        What was written.
    known : iterable of str
        What there is.

    Returns
    -------
    str
        To put behind a clause.

    Examples
    --------
    >>> hint("gits", ["gist", "kind"]), hint("xyz", ["gist"])
    ('; did you mean gist?', '')
    """
    near = get_close_matches(name, list(known), 2, 0.6)
    return f"; did you mean {' or '.join(map(printable, near))}?" if near else ""
