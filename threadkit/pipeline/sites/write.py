"""Write the site of a conversation into a folder."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from threadkit.pipeline.sites.provenance import public_name
from threadkit.pipeline.sites.which import site_of
from threadkit.store.copying import copy_database

if TYPE_CHECKING:
    from threadkit.pipeline.archive import Archive
    from threadkit.pipeline.sites.assemble import Wanted
    from threadkit.site.values import Site
    from threadkit.site.writer import Writer

DATABASE = "threadkit.db"
"""Name of the copy of the database in a site."""


@dataclass(frozen=True, slots=True)
class Built:
    """What was written.

    Attributes
    ----------
    out : Path
        The folder.
    key, title : str
        Of the conversation.
    files : dict of str to int
        Path and bytes of each file.
    left_out : tuple of str
        What the site does not have, and why: sentences.
    """

    out: Path
    key: str
    title: str
    files: dict[str, int]
    left_out: tuple[str, ...]

    @property
    def pages(self) -> int:
        """How many of the files are pages to read."""
        return sum(name.endswith(".html") for name in self.files)

    @property
    def size_bytes(self) -> int:
        """How much all files have together."""
        return sum(self.files.values())

    def as_json(self) -> dict[str, object]:
        """Return it as JSON can hold it."""
        largest = max(
            ((size, name) for name, size in self.files.items() if name.endswith(".html")),
            default=(0, ""),
        )
        return {
            "out": str(self.out), "key": self.key, "title": self.title, "pages": self.pages,
            "files": len(self.files), "bytes": self.size_bytes,
            "largest_page": largest[1], "largest_page_bytes": largest[0],
            "left_out": list(self.left_out),
        }  # fmt: skip

    def __repr__(self) -> str:
        return f"<Built {self.out}: {self.pages} pages, {self.size_bytes:,} bytes>"

    def _repr_html_(self) -> str:
        from threadkit import notebook

        facts = (f"{self.pages} pages", f"{len(self.files)} files", f"{self.size_bytes:,} bytes",
                 f"open {self.out / 'index.html'}")  # fmt: skip
        left = [f"left out: {line}" for line in self.left_out]
        return notebook.heading(self.title, facts) + notebook.paragraphs(left)


class SiteView:
    """A site that can be built: ``archive.site("a@example.org").build("out")``.

    Parameters
    ----------
    archive : Archive
        The database.
    site : Site
        What is shown.
    wanted : Wanted
        How it was made.
    others : int
        Conversations of the database that the site does not show.
    """

    def __init__(self, archive: Archive, site: Site, wanted: Wanted, others: int) -> None:
        self.archive = archive
        self.site = site
        self._wanted = wanted
        self._others = others

    def build(
        self, out: str | Path, *, tell: Callable[[tuple[str, int]], None] | None = None
    ) -> Built:
        """Write all files.

        Parameters
        ----------
        out : str or Path
            A new or empty folder, or an earlier site.
        tell : callable, optional
            Takes each file's path and the number of files so far.

        Returns
        -------
        Built
            What was written, and what not.

        Raises
        ------
        SiteError
            The folder is something else, or cannot be written to.
        """
        from threadkit.site.build import build
        from threadkit.site.writer import writing

        why = self._without_database()
        site = self.site if why else replace(self.site, database=DATABASE)
        with writing(Path(out)) as writer:
            for page in build(site):
                writer.write(page)
                if tell is not None:
                    tell((page.path, len(writer.files)))
            if not why:
                self._copy(writer)
            files = dict(writer.files)
        left_out = [line for line in (why, *_left_out(site)) if line]
        return Built(Path(out), site.key, site.title, files, tuple(left_out))

    def _without_database(self) -> str:
        """Say why the database is not copied; empty if it is."""
        if not self._wanted.database:
            return "the database: not asked for"
        if self._wanted.hide_addresses:
            return "the database: it has the addresses that the pages leave out"
        if self._others:
            many = "another conversation" if self._others == 1 else f"{self._others} others"
            return f"the database: it holds {many} too"
        return ""

    def _copy(self, writer: Writer) -> None:
        """Put a tidy copy of the database beside the pages."""
        target = writer.target(DATABASE)
        with self.archive._reading() as conn:
            copy_database(conn, target, public_name)
        writer.files[DATABASE] = target.stat().st_size

    def __repr__(self) -> str:
        from threadkit.pipeline.display import counted

        site = self.site
        said = f"{counted(len(site.mails), 'message')}, {counted(len(site.claims), 'claim')}"
        return f"<SiteView {site.title!r} {said}>"

    def _repr_html_(self) -> str:
        from threadkit import notebook
        from threadkit.pipeline.display import counted

        site = self.site
        facts = (counted(len(site.mails), "message"), counted(len(site.people), "person", "people"),
                 counted(len(site.claims), "claim"), counted(len(site.questions), "question"))  # fmt: skip
        return notebook.heading(site.title, facts) + notebook.paragraphs([site.question])


def site_view(archive: Archive, name: str | None, wanted: Wanted) -> SiteView:
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
    SiteView
        To be built.

    Raises
    ------
    NotFound, Ambiguous
        Nothing, or more than one, answers to the name; without one, there are several.
    """
    site, others = site_of(archive, name, wanted)
    return SiteView(archive, site, wanted, others)


def _left_out(site: Site) -> list[str]:
    """Name what a reader may miss."""
    from threadkit.site.maps import NO_PLACER
    from threadkit.site.placing import placers

    found = []
    if site.questions and not placers():
        found.append(f"maps: {NO_PLACER}")
    unseen = sum(not mail.seen for mail in site.mails)
    if unseen:
        found.append(f"the text of {unseen} of {len(site.mails)} messages: it is not here")
    if not site.candidates and not site.reviewed:
        found.append("claims: nobody reviewed any; --candidates shows automatic ones, marked")
    missing = sum(place.check == "missing" for one in site.claims for place in one.places)
    if missing:
        found.append(f"{missing} passages of claims: the mails that are here do not have them")
    if site.hide_addresses:
        found.append("addresses, and the mails as they came")
    return found
