"""How much of a source is read before it counts as an attack or an accident."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Caps that keep one bad file from taking the machine.

    Parameters
    ----------
    max_mail_bytes : int
        A mail larger than this is skipped and named. Real mail stays far below; a mail of
        200 MB passes.
    max_ratio : int
        Unpacked bytes per packed byte. Mail packs 3 to 20 times, a long run of equal mails
        some hundred times; a bomb reaches a thousand and more.
    ratio_after_bytes : int
        The ratio is looked at only after so many unpacked bytes.
    max_total_bytes : int
        Unpacked bytes of one source; a whole year of the busiest list is a hundredth of it.
    untouched : frozenset of tuple
        Files, as device and inode, that are not even opened: those of an open database,
        whose locks this process would lose when it closes them.

    Examples
    --------
    >>> Limits().max_mail_bytes
    268435456
    """

    max_mail_bytes: int = 256 * MIB
    max_ratio: int = 300
    ratio_after_bytes: int = 64 * MIB
    max_total_bytes: int = 1024 * 1024 * MIB
    untouched: frozenset[tuple[int, int]] = frozenset()

    def spare(self, path: Path) -> bool:
        """Tell whether a file is one of those that are not opened, by whatever name.

        Parameters
        ----------
        path : Path
            It need not be there.

        Returns
        -------
        bool
            True if it is to be passed over.
        """
        return bool(self.untouched) and not self.untouched.isdisjoint(identities([path]))


def identities(paths: Iterable[Path]) -> frozenset[tuple[int, int]]:
    """Return device and inode of the files that are there: what makes a file that file.

    Parameters
    ----------
    paths : iterable of Path
        They are not opened.

    Returns
    -------
    frozenset of tuple
        For :attr:`Limits.untouched`.

    Examples
    --------
    >>> identities([Path("/nowhere/threadkit.db")])
    frozenset()

    References
    ----------
    "How To Corrupt An SQLite Database File", section 2.2: why one must not even close it.
    """
    found = set()
    for path in paths:
        try:
            stat = path.stat()
        except OSError:
            continue
        found.add((stat.st_dev, stat.st_ino))
    return frozenset(found)
