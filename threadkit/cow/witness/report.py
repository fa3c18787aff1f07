"""Reads what the witness's program printed: one record a scenario."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

BEGIN, END = "@@witness begin", "@@witness end"


@dataclass(frozen=True, slots=True)
class Entry:
    """A page-table entry as ``/proc/PID/pagemap`` and ``/proc/kpageflags`` show it.

    Attributes
    ----------
    present, swapped : bool
        Bits 63 and 62.
    frame : int
        Page frame number; 0: nothing there, or hidden from this user.
    flags : int
        Of the page; 0 if unknown.
    """

    present: bool
    swapped: bool
    frame: int
    flags: int

    def flag(self, bit: int) -> bool | None:
        """Tell a flag of the page; None if they are not known.

        Parameters
        ----------
        bit : int
            As in Documentation/admin-guide/mm/pagemap.rst.
        """
        return bool(self.flags >> bit & 1) if self.flags else None


@dataclass(slots=True)
class Record:
    """What was printed about one performance.

    Attributes
    ----------
    name : str
        Of the plan.
    ended : str
        ``done``, ``timeout``, ``died``, or ``lost``: nothing tells how.
    milliseconds : int
        From its begin to its end, all cleaned up.
    skipped : str
        Why it was not performed to the end; empty if it was.
    values : dict of int to int
        What each statement gave, by its number.
    seen : dict of str to int
        Memory, references and counters at the end.
    entries : dict of str to Entry
        By ``process:page``, with ``K|`` before it for the state before the K-th statement.
    frames : dict of str to int
        Of references; 0: not known.
    """

    name: str
    ended: str = "lost"
    milliseconds: int = 0
    skipped: str = ""
    values: dict[int, int] = field(default_factory=dict)
    seen: dict[str, int] = field(default_factory=dict)
    entries: dict[str, Entry] = field(default_factory=dict)
    frames: dict[str, int] = field(default_factory=dict)


def parse_report(text: str) -> dict[str, Record]:
    r"""Read a report.

    Parameters
    ----------
    text : str
        Of a console: other lines, cut and damaged ones are passed over.

    Returns
    -------
    dict of str to Record
        By the plan's name, in their order.

    Examples
    --------
    >>> report = "@begin S1\n[ 1.0] noise\n@op 2 ok 7 \n@see p[0] ok 3 \n@end S1 done 12\n"
    >>> one = parse_report(report)["S1"]
    >>> one.ended, one.values, one.seen
    ('done', {2: 7}, {'p[0]': 3})
    """
    records: dict[str, Record] = {}
    current: Record | None = None
    for line in text.splitlines():
        words = line.split()
        if len(words) > 1 and words[0] == "@begin":
            current = records[words[1]] = Record(words[1])
        elif current and words and words[0].startswith("@"):
            _read_line(current, words)
    return records


def _read_line(record: Record, words: list[str]) -> None:
    try:
        match words:
            case ["@end", record.name, ended, milliseconds]:
                record.ended, record.milliseconds = ended, int(milliseconds)
            case ["@op" | "@setup", _, "skip", *why]:
                record.skipped = " ".join(why)
            case ["@op", number, "ok", value, *_]:
                record.values[int(number)] = int(value)
            case ["@see", name, "ok", value, *_]:
                record.seen[name] = int(value)
            case ["@state", name, present, swapped, frame, flags]:
                facts = Entry(present == "1", swapped == "1", int(frame), int(flags))
                record.entries[name] = facts
            case ["@frame", name, frame]:
                record.frames[name] = int(frame)
            case _:
                pass
    except ValueError:
        pass  # a line that something else was printed into


def is_complete(text: str) -> bool:
    """Tell whether the program came to its end.

    Parameters
    ----------
    text : str
        All of its report.
    """
    return END in map(str.strip, text.splitlines())


def swap_image(size: int) -> bytes:
    r"""Return the first page of a swap area, as mkswap(8) writes it.

    Parameters
    ----------
    size : int
        Bytes of the whole area.

    Returns
    -------
    bytes
        4096; the rest of the area may hold anything.

    Examples
    --------
    >>> page = swap_image(1 << 20)
    >>> len(page), page[-10:], page[1028:1032]
    (4096, b'SWAPSPACE2', b'\xff\x00\x00\x00')

    References
    ----------
    union swap_header in include/linux/swap.h: version, last page, bad pages.
    """
    page = 4096
    numbers: Iterable[int] = (1, size // page - 1, 0)
    header = b"".join(number.to_bytes(4, "little") for number in numbers)
    return (bytes(1024) + header).ljust(page - 10, b"\0") + b"SWAPSPACE2"
