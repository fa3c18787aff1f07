"""Build the sites of several casebooks into one folder, with a page that leads to them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from threadkit.pipeline.archive import Archive
    from threadkit.pipeline.sites.write import Built


def build_shelf(
    archive: Archive,
    out: str | Path,
    names: Sequence[str],
    *,
    tell: Callable[[tuple[str, int]], None] | None = None,
) -> list[Built]:
    """Write a site for each name below a folder, and ``index.html`` above them.

    Parameters
    ----------
    archive : Archive
        The database.
    out : str or Path
        A new or empty folder, or one that was written so before.
    names : sequence of str
        Casebooks that were loaded; their names become folders.
    tell : callable, optional
        Takes each file's path and the number of files so far in its site.

    Returns
    -------
    list of Built
        What was written of each, in the order of the names.

    Raises
    ------
    SiteError
        The folder is something else, or cannot be written to.
    NotFound
        A casebook was not loaded.
    """
    from threadkit import __version__
    from threadkit.site.shelf import pages, shelved
    from threadkit.site.writer import writing

    built, told = [], []
    with writing(Path(out)) as writer:
        for name in names:
            view = archive.site(name)
            done = view.build(Path(out) / name, tell=tell)
            built.append(done)
            told.append(shelved(name, view.site, done.pages))
        for page in pages(told, __version__):
            writer.write(page)
    return built
