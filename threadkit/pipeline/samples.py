"""The sample mail that comes with threadkit: where it lies, and what it became."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from threadkit.fetch.files import open_sources
from threadkit.mail.message import parse
from threadkit.pipeline.shipped import shipped

if TYPE_CHECKING:
    from threadkit.pipeline.archive import Archive
    from threadkit.pipeline.thread import Thread


def samples() -> Path:
    """Return the folder of the bundled sample mail.

    Returns
    -------
    Path
        A small made-up debate that shows every trouble that mail can make, and what broke
        after it.

    Raises
    ------
    SourceError
        This installation came without its data.

    Examples
    --------
    >>> sorted(path.name for path in samples().iterdir())
    ['argument.mbox', 'debate.mbox', 'odd', 'other-list', 'page.txt', 'saga.mbox']

    Notes
    -----
    Inside the package once installed; beside it in a clone of the repository.
    """
    return shipped("samples")


def sample_threads(archive: Archive) -> list[Thread]:
    """Find the conversations of the bundled sample mail.

    Parameters
    ----------
    archive : Archive
        One that the samples were imported into; it may hold other mail.

    Returns
    -------
    list of Thread
        The longest first.

    Raises
    ------
    NotFound
        The samples were not imported.

    Notes
    -----
    Reads the sample files for their Message-IDs, a few milliseconds; the size of the
    archive does not matter.
    """
    found: list[Thread] = []
    placed: set[str] = set()
    for source in open_sources([str(samples())]):
        for mail in source:
            name = parse(mail.data).message_id
            if name not in placed:
                thread = archive.thread(name)
                placed.update(message.message_id for _, message in thread.rows)
                found.append(thread)
    return sorted(found, key=len, reverse=True)
