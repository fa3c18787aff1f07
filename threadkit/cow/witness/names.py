"""Kernels by the names that a user gives them, and the names that there are."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from threadkit.cow.witness.build import built
from threadkit.cow.witness.kernels import HOST, SERIES, Kernel, fetch, host, installed, local
from threadkit.cow.witness.problems import NoSuchKernel
from threadkit.cow.witness.variants import VARIANTS, variant


@dataclass(frozen=True, slots=True)
class Offer:
    """A kernel that one can ask. ``kernel`` is None where it is yet to be fetched or built."""

    name: str
    title: str
    kernel: Kernel | None


def find(name: str) -> Kernel:
    """Return a kernel by its name; a distribution's is downloaded unless it is here.

    Parameters
    ----------
    name : str
        ``host``; a series (``6.1``) or a package of the distribution; the key of a kernel
        that was built; or the path of an image.

    Raises
    ------
    NoSuchKernel
        Nothing has this name, or it was not built yet.
    Unavailable
        It would have to be downloaded, and cannot be.

    Examples
    --------
    >>> find("host").name
    'host'
    """
    if name == HOST:
        return host()
    if wanted := variant(name):
        if here := built(wanted):
            return here
        raise NoSuchKernel(name, f"not built yet; run: threadkit cow kernels build {name}")
    known = any(one.name == name for one in SERIES)
    if "/" in name or (not known and Path(name).is_file()):
        return local(Path(name))
    return fetch(name)


def offers() -> list[Offer]:
    """Return all kernels that can be asked, the running one first; nothing is downloaded."""
    here = {one.name: one for one in installed()}
    listed = [Offer(HOST, "the running kernel", host())]
    for series in SERIES:
        title = f"the distribution's {series.name}, preferably {series.read}"
        listed.append(Offer(series.name, title, here.pop(series.name, None)))
    for one in VARIANTS:
        here.pop(one.key, None)  # unless it was made as it would be made now, it is not
        listed.append(Offer(one.key, one.title, built(one)))
    return [*listed, *(Offer(name, one.package, one) for name, one in here.items())]
