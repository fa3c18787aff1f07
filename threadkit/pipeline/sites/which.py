"""Which conversation a site shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from threadkit.errors import Ambiguous, NotFound
from threadkit.pipeline.sites.assemble import Wanted, of_thread
from threadkit.store.origins import other_conversations

if TYPE_CHECKING:
    from threadkit.pipeline.archive import Archive
    from threadkit.site.values import Site

_LISTED = 8


def site_of(archive: Archive, name: str | None, wanted: Wanted) -> tuple[Site, int]:
    """Put together the site of a conversation or casebook.

    Parameters
    ----------
    archive : Archive
        The database.
    name : str or None
        A casebook, or any mail of a conversation; None for the only one that there is.
    wanted : Wanted
        How.

    Returns
    -------
    Site, int
        The site, and how many conversations the database holds that it does not show.

    Raises
    ------
    NotFound, Ambiguous
        Nothing, or more than one, answers to the name; without one, there are several.
    """
    if name is None:
        name = _only(archive)
    thread = archive.thread(name)
    site = of_thread(archive, thread, wanted)
    with archive._reading() as conn:
        return site, other_conversations(conn, [thread._root_row])


def _only(archive: Archive) -> str:
    some = archive.threads(limit=_LISTED + 1)
    if not some:
        raise NotFound("site", what="conversation")
    if len(some) > 1:
        raise Ambiguous("site", tuple(one.root for one in some[:_LISTED]))
    return some[0].root
