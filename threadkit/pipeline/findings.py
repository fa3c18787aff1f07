"""What analyzers concluded, as an archive shows it."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, cast

from threadkit.pipeline.argument_findings import ArgumentFindings
from threadkit.store import lookup

if TYPE_CHECKING:
    from sqlite3 import Connection

    from threadkit.pipeline.archive import Archive
    from threadkit.pipeline.commits_view import CitedCommits
    from threadkit.pipeline.discussion import Discussion
    from threadkit.pipeline.draft import Draft
    from threadkit.pipeline.graphs import GraphView
    from threadkit.pipeline.regressions_view import Predictions, Regressions
    from threadkit.pipeline.series_view import PatchSeries, SeriesList
    from threadkit.pipeline.sites.write import SiteView


class Findings(ArgumentFindings):
    """The part of an archive that shows what analyzers concluded.

    Findings are of the last analysis; :meth:`analyze` brings them up to date.
    """

    path: Path

    def close(self) -> None:
        """Close the file."""

    def _reading(self) -> AbstractContextManager[Connection]:
        raise NotImplementedError

    def analyze(self, thread: str | None = None, *, clone: str | Path | None = None) -> bool:
        """Analyze what is new since the last time.

        Parameters
        ----------
        thread : str, optional
            Any mail of a conversation: of arguments only its own are read. Of all mails
            without, which takes a minute for one or two thousand.
        clone : str or Path, optional
            A local repository whose whole log is searched for what mails became.

        Returns
        -------
        bool
            False if there is something new and the database cannot be written.

        Raises
        ------
        StoreError
            The database cannot be read.
        NotFound, Ambiguous
            No mail, or more than one, answers to the name.
        """
        from threadkit.pipeline.analysis import STAGES, analyze, bring_up_to_date

        self.close()  # what was open as immutable would not see the findings
        if clone is None:
            return bring_up_to_date(self.path, stages=STAGES, thread=thread) == "current"
        analyze(self.path, clone=Path(clone), thread=thread)
        return True

    def commits(self, thread: str | None = None) -> CitedCommits:
        """List the commits that mails cite: by whom, where, what for, what they are.

        Parameters
        ----------
        thread : str, optional
            Any mail of a conversation, as for ``Archive.message``; all mails without.

        Returns
        -------
        CitedCommits
            In the order in which they were first cited.

        Raises
        ------
        NotFound, Ambiguous
            No mail, or more than one, answers to the name.
        """
        from threadkit.pipeline.commits_view import cited_commits

        with self._reading() as conn:
            return cited_commits(conn, None if thread is None else [lookup.root(conn, thread)])

    def discussion(self, commit: str) -> Discussion:
        """Find the mails that became a commit, and its discussion.

        Parameters
        ----------
        commit : str
            Its hash or the beginning of it.

        Returns
        -------
        Discussion
            Possibly without mails.

        Raises
        ------
        NotFound, Ambiguous
            The commit is not here, or more than one begins so.
        """
        from threadkit.pipeline.discussion import discussion_of

        with self._reading() as conn:
            return discussion_of(conn, commit)

    def regressions(self, name: str | None = None) -> Regressions:
        """List regressions: what broke, since which commit, who says so, what fixes it.

        Parameters
        ----------
        name : str, optional
            Any mail of a conversation, or the hash of a culprit or fix; all without.

        Returns
        -------
        Regressions
            Oldest first; its ``stories`` tell which fix broke what.

        Raises
        ------
        NotFound, Ambiguous
            No mail, or more than one, answers to the name.
        """
        from threadkit.pipeline.regressions_view import regressions

        with self._reading() as conn:
            return regressions(conn, name)

    def predictions(self, name: str | None = None) -> Predictions:
        """List the warnings that something will break, and what came of them.

        Parameters
        ----------
        name : str, optional
            Any mail of a conversation; all without.

        Returns
        -------
        Predictions
            By date.

        Raises
        ------
        NotFound, Ambiguous
            No mail, or more than one, answers to the name.
        """
        from threadkit.pipeline.regressions_view import predictions

        with self._reading() as conn:
            return predictions(conn, name)

    def series(self, thread: str | None = None, *, limit: int | None = None) -> SeriesList:
        """List series of patches: their revisions, and what became of each.

        Parameters
        ----------
        thread : str, optional
            Any mail of a conversation: only series with a posting in it.
        limit : int, optional
            The most to list.

        Returns
        -------
        SeriesList
            The one with the newest posting first.

        Raises
        ------
        NotFound, Ambiguous
            No mail, or more than one, answers to the name.
        """
        from threadkit.pipeline.series_view import list_series

        with self._reading() as conn:
            return list_series(self, conn, thread, limit)

    def one_series(self, name: str) -> PatchSeries:
        """Find the series that a patch or cover letter belongs to.

        Parameters
        ----------
        name : str
            The mail; or any mail of a conversation with one series in it.

        Returns
        -------
        PatchSeries
            Its ``range_diff("v1", "v3")`` compares two revisions.

        Raises
        ------
        NotFound, Ambiguous
            No series, or more than one, answers to the name.
        """
        from threadkit.pipeline.series_view import find_series

        with self._reading() as conn:
            return find_series(self, conn, name)

    def graph(self, thread: str | None = None, kind: str = "evidence") -> GraphView:
        """Make a graph of a conversation with all that it touches, or of everything.

        Parameters
        ----------
        thread : str, optional
            Any mail of a conversation, as for ``Archive.message``; all mails without.
        kind : {"evidence", "replies", "people", "regressions"}, optional
            What it is of: see :func:`threadkit.pipeline.graphs.graph_view`.

        Returns
        -------
        GraphView
            A networkx graph, its file formats and its picture; a notebook shows that.

        Raises
        ------
        NotFound, Ambiguous
            No mail, or more than one, answers to the name.
        """
        from threadkit.pipeline.graphs import graph_view

        with self._reading() as conn:
            return graph_view(conn, thread, kind, title=self.path.name)

    def draft(self, name: str, *, lore: str | None = None, everything: bool = False) -> Draft:
        """Write the skeleton of an article, in Markdown, from reviewed findings only.

        Parameters
        ----------
        name : str
            A casebook that was loaded, a claim (``cow-2020/9``, ``c12``), or a mail; the first
            one of a conversation stands for all of it.
        lore : str, optional
            Beginning of permanent links.
        everything : bool, optional
            Of a whole casebook of many claims tell every claim at length, not only what is
            contested, given up, unanswered or came true.

        Returns
        -------
        Draft
            Its ``text``; ``write(path)`` puts it into a file.

        Raises
        ------
        NotFound, Ambiguous
            Nothing, or more than one, answers to the name.
        NothingReviewed
            There is nothing to tell yet.
        """
        from threadkit.pipeline.draft import draft

        whole = cast("Archive", self)  # what this is a part of
        return draft(whole, name, lore=lore, everything=everything)

    def site(
        self,
        name: str | None = None,
        *,
        candidates: bool = False,
        hide_addresses: bool = False,
        database: bool = True,
    ) -> SiteView:
        """Put together the static site of a conversation.

        Parameters
        ----------
        name : str, optional
            A casebook, or any mail of a conversation; the only one that there is without.
        candidates : bool, optional
            Show claims that nobody reviewed too, marked.
        hide_addresses : bool, optional
            Leave mail addresses out.
        database : bool, optional
            Put a copy of the database beside the pages, where it holds nothing else.

        Returns
        -------
        SiteView
            Its ``build("out")`` writes the pages.

        Raises
        ------
        NotFound, Ambiguous
            Nothing, or more than one, answers to the name; without one, there are several.
        """
        from threadkit.pipeline.sites.assemble import Wanted
        from threadkit.pipeline.sites.write import site_view

        whole = cast("Archive", self)  # what this is a part of
        return site_view(whole, name, Wanted(candidates, hide_addresses, database))
