"""The dispute in one table: what two scenarios did on three real kernels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from threadkit.errors import ThreadkitError

if TYPE_CHECKING:
    from threadkit.cow.diagram.shapes import Drawing, Ink, Shape

TITLE = "Hugh and Linus were both right: run it"


class Asked(NamedTuple):
    """A scenario, in a few words, and what to call its two answers."""

    scenario: str
    words: str
    yes: str
    no: str


class Kernel(NamedTuple):
    """A kernel that was asked, and what to call it."""

    name: str
    words: str


ASKED = (
    Asked("S5", "a secret through vmsplice", "leaks", "safe"),
    Asked("S7b", "a pinned page over mprotect", "lost", "coherent"),
)
"""The leak that made references decide, and the loss that this brought."""

KERNELS = (
    Kernel("built_mapcount_locked", "5.10 with the mapcount rule"),
    Kernel("5.10", "5.10 as it is"),
    Kernel("6.1", "6.1"),
)
"""Before, between and after: mappings decide, references decide, exclusive pages are marked."""

_NAMES, _COLUMN, _LINE = 220.0, 210.0, 30.0


class NotWitnessed(ThreadkitError):
    """No kernel's answer to a scenario came with this installation.

    Parameters
    ----------
    kernel, scenario : str
        Which is missing.
    """

    exit_code = 2

    def __init__(self, kernel: str, scenario: str) -> None:
        super().__init__(f"no stored run has what {kernel} showed of {scenario}")


class Answer(NamedTuple):
    """What a kernel showed: a word for it, and whether somebody is harmed."""

    word: str
    harm: bool


@dataclass(frozen=True, slots=True)
class Front:
    """The table.

    Attributes
    ----------
    rows : tuple of (Kernel, tuple of Answer)
        In the order of :data:`KERNELS`, cells in that of :data:`ASKED`.
    """

    rows: tuple[tuple[Kernel, tuple[Answer, ...]], ...]

    @property
    def asked(self) -> tuple[Asked, ...]:
        """The columns."""
        return ASKED

    @property
    def title(self) -> str:
        """What it shows."""
        return TITLE

    @property
    def commands(self) -> tuple[str, ...]:
        """What shows it again: the stored runs, the model, and the kernels themselves."""
        names = " ".join(one.scenario for one in ASKED)
        kernels = " ".join(f"--kernel {one.name}" for one, _ in self.rows)
        return (
            f"threadkit cow witness {names}",
            *(f"threadkit cow run {one.scenario}" for one in ASKED),
            f"threadkit cow witness {names} {kernels}",
        )

    def markdown(self) -> str:
        """Write it as Markdown.

        Returns
        -------
        str
            The table and what shows it again.
        """
        heads = [f"{one.words} ({one.scenario})" for one in ASKED]
        lines = [f"| kernel | {' | '.join(heads)} |", "| --- " * (len(heads) + 1) + "|"]
        for kernel, answers in self.rows:
            cells = [f"**{one.word}**" if one.harm else one.word for one in answers]
            lines.append(f"| {kernel.words} | {' | '.join(cells)} |")
        shown, *_, again = self.commands
        lines += ["", f"`{shown}` shows it; `{again}` boots them again."]
        return "\n".join(lines) + "\n"

    def svg(self) -> str:
        """Draw it as one SVG file, light or dark as the reader's system is."""
        from threadkit.cow.diagram.shapes import svg_element
        from threadkit.cow.diagram.style import standing_alone

        said = [
            f"{kernel.words}: "
            + ", ".join(f"{ask.words} {one.word}" for ask, one in zip(ASKED, answers, strict=True))
            for kernel, answers in self.rows
        ]
        words = "; ".join(said) + "."
        return svg_element(
            self._drawing(), self.title, words, style=standing_alone(), kind="tkc-alone"
        )

    def _drawing(self) -> Drawing:
        from threadkit.cow.diagram.shapes import Box, Drawing, Text

        width = _NAMES + _COLUMN * len(ASKED) + 24
        shapes: list[Shape] = [Text(16, 30, self.title, bold=True, size=15)]
        y = 62.0
        for number, ask in enumerate(ASKED):
            shapes.append(Text(_NAMES + _COLUMN * number, y, ask.words, ink="mute"))
        for kernel, answers in self.rows:
            shapes.append(Box(16, y + 10, width - 32, 0.8, ink="mute", filled=True))
            y += _LINE
            shapes.append(Text(16, y, kernel.words))
            for number, one in enumerate(answers):
                mark = f"✗ {one.word}" if one.harm else f"✓ {one.word}"
                x = _NAMES + _COLUMN * number
                ink: Ink = "hot" if one.harm else "ink"
                shapes.append(Text(x, y, mark, bold=one.harm, ink=ink))
        y += _LINE
        shapes.append(Text(16, y, self.commands[0], ink="mute", mono=True, size=12))
        frame = Box(0.75, 0.75, width - 1.5, y + 15.5, 6, "card", filled=True, role="ground")
        return Drawing(width, y + 17, (frame, *shapes))

    def _repr_svg_(self) -> str:
        return self.svg()


def front() -> Front:
    """Read the table from what real kernels showed.

    Returns
    -------
    Front
        Nothing of it is written down here but the words.

    Raises
    ------
    NotWitnessed
        A run is missing, or a kernel did what the model does not allow.

    Examples
    --------
    >>> for kernel, answers in front().rows:
    ...     print(kernel.words, *(one.word for one in answers))
    5.10 with the mapcount rule leaks coherent
    5.10 as it is safe lost
    6.1 safe coherent
    """
    from threadkit.cow.library import scenario
    from threadkit.cow.suite.witnessed import stored_runs, witness_table

    kernels, rows = witness_table(stored_runs(), [scenario(one.scenario) for one in ASKED])
    place = {one.name: number for number, one in enumerate(kernels)}
    by_name = {row.name: row for row in rows}
    found = []
    for kernel in KERNELS:
        answers = []
        for ask in ASKED:
            row = by_name.get(ask.scenario)
            cell = row.cells[place[kernel.name]] if row and kernel.name in place else None
            if cell is None or cell.result != "agrees" or cell.answer not in ("yes", "no"):
                raise NotWitnessed(kernel.name, ask.scenario)
            harm = cell.answer == "yes"
            answers.append(Answer(ask.yes if harm else ask.no, harm))
        found.append((kernel, tuple(answers)))
    return Front(tuple(found))
