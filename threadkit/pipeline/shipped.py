"""Where the data lies that comes with threadkit."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from threadkit.errors import SourceError


def shipped(name: str) -> Path:
    """Return a folder of the bundled data.

    Parameters
    ----------
    name : str
        Below ``data/``.

    Returns
    -------
    Path
        Inside the package once installed; beside it in a clone of the repository.

    Raises
    ------
    SourceError
        This installation came without its data.

    Examples
    --------
    >>> shipped("samples").name
    'samples'
    """
    package = Path(str(files("threadkit")))
    places = (package / "data" / name, package.parent / "data" / name)
    for place in places:
        if place.is_dir():
            return place
    raise SourceError(str(places[0]), "data that comes with threadkit is missing; install again")
