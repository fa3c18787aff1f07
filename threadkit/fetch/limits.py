"""How much of a source is read before it counts as an attack or an accident."""

from __future__ import annotations

from dataclasses import dataclass

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

    Examples
    --------
    >>> Limits().max_mail_bytes
    268435456
    """

    max_mail_bytes: int = 256 * MIB
    max_ratio: int = 300
    ratio_after_bytes: int = 64 * MIB
    max_total_bytes: int = 1024 * 1024 * MIB
