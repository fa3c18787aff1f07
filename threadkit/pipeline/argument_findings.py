"""Who claims what, as an archive shows it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from threadkit.pipeline.corrected import Corrected

if TYPE_CHECKING:
    from threadkit.graph.argument.values import ArgumentGraph
    from threadkit.pipeline.acceptability_view import Standings
    from threadkit.pipeline.argument_view import ArgumentView
    from threadkit.pipeline.brief_view import BriefView
    from threadkit.pipeline.claim_view import ClaimDetail
    from threadkit.pipeline.claims_view import Claims
    from threadkit.pipeline.decisions_view import Decisions
    from threadkit.pipeline.owed_view import OwedPoints
    from threadkit.pipeline.positions_view import Positions
    from threadkit.pipeline.questions_view import Questions


class ArgumentFindings(Corrected):
    """The part of an archive that shows who claims what.

    Findings are of the last analysis; ``Archive.analyze`` brings them up to date. What is
    not sure enough to be shown is a candidate, and is left out unless it is asked for.
    """

    def claims(
        self,
        thread: str | None = None,
        *,
        by: str = "",
        status: str = "",
        kind: str = "",
        about: str = "",
        question: str = "",
        unanswered: bool = False,
        since: str = "",
        states: Collection[str] = ("automatic", "accepted"),
    ) -> Claims:
        """List claims.

        Parameters
        ----------
        thread : str, optional
            Any mail of a conversation; all mails without.
        by : str, optional
            Words of the name or address of who says it.
        status : str, optional
            contested, conceded, unanswered, upheld, withdrawn, open.
        kind : str, optional
            mechanism, guarantee, performance, history, proposal, opinion.
        about : str, optional
            Another claim, as ``c6``: only those in a relation with it.
        question : str, optional
            A question by name or words: only what answers it, or what it asks about.
        unanswered : bool, optional
            Only those that call for an answer and have no direct reply.
        since : str, optional
            A date as in a search.
        states : collection of str, optional
            automatic, candidate, accepted, rejected.

        Returns
        -------
        Claims
            Oldest first; ``coverage`` tells how much of the mail was read.

        Raises
        ------
        NotFound, Ambiguous, QueryError
            A name or a date is not understood.
        """
        from threadkit.pipeline.claims_view import ClaimFilter, claims

        wanted = ClaimFilter(
            by, status, kind, about, question, unanswered, since, frozenset(states)
        )
        with self._reading() as conn:
            return claims(conn, thread, wanted)

    def claim(self, name: str) -> ClaimDetail:
        """Show one claim in its place, with what bears on it.

        Parameters
        ----------
        name : str
            As ``c6``.

        Returns
        -------
        ClaimDetail
            Everything that is known of it.

        Raises
        ------
        NotFound
            There is none.
        """
        from threadkit.pipeline.claim_view import claim_detail

        with self._reading() as conn:
            return claim_detail(conn, name)

    def claim_thread(self, name: str) -> str:
        """Return the Message-ID of the root of the conversation that a claim is from.

        Parameters
        ----------
        name : str
            As ``c6``.

        Raises
        ------
        NotFound
            There is no such claim.
        """
        from threadkit.pipeline.claims_view import find_claim

        with self._reading() as conn:
            return find_claim(conn, name).root

    def questions(
        self,
        thread: str | None = None,
        *,
        only_open: bool = False,
        states: Collection[str] = ("automatic", "accepted"),
    ) -> Questions:
        """List what was asked, and who answered.

        Parameters
        ----------
        thread : str, optional
            Any mail of a conversation; all mails without.
        only_open : bool, optional
            Only those without a direct reply.
        states : collection of str, optional
            automatic, candidate, accepted, rejected.

        Returns
        -------
        Questions
            Oldest first.

        Raises
        ------
        NotFound, Ambiguous
            No mail, or more than one, answers to the name.
        """
        from threadkit.pipeline.questions_view import questions

        with self._reading() as conn:
            return questions(conn, thread, only_open=only_open, states=frozenset(states))

    def decisions(
        self, thread: str | None = None, *, states: Collection[str] = ("automatic", "accepted")
    ) -> Decisions:
        """List what was settled: applied, NAK, dropped.

        Parameters
        ----------
        thread : str, optional
            Any mail of a conversation; all mails without.
        states : collection of str, optional
            automatic, candidate, accepted, rejected.

        Returns
        -------
        Decisions
            Oldest first.

        Raises
        ------
        NotFound, Ambiguous
            No mail, or more than one, answers to the name.
        """
        from threadkit.pipeline.decisions_view import decisions

        with self._reading() as conn:
            return decisions(conn, thread, states=frozenset(states))

    def positions(self, thread: str, *, most: int | None = 12) -> Positions:
        """Tell who stands where in a conversation.

        Parameters
        ----------
        thread : str
            Any mail of it.
        most : int or None, optional
            How many matters; all if None.

        Returns
        -------
        Positions
            Patches first, then what most people take sides on.

        Raises
        ------
        NotFound, Ambiguous
            No mail, or more than one, answers to the name.
        """
        from threadkit.pipeline.positions_view import thread_positions

        with self._reading() as conn:
            return thread_positions(conn, thread, most)

    def each_positions(
        self, thread: str | None = None, *, most: int | None = 12
    ) -> Iterator[Positions]:
        """Tell who stands where, conversation by conversation.

        Parameters
        ----------
        thread : str, optional
            Only the one that this mail belongs to.
        most : int or None, optional
            How many matters of each; all if None.

        Yields
        ------
        Positions
            Of those in which people take sides.

        Raises
        ------
        NotFound, Ambiguous
            No mail, or more than one, answers to the name.
        """
        from threadkit.pipeline.positions_view import all_positions, thread_positions

        with self._reading() as conn:
            if thread is None:
                yield from all_positions(conn, most)
            elif found := thread_positions(conn, thread, most):
                yield found

    def brief(
        self, thread: str, since: str, *, states: Collection[str] = ("automatic", "accepted")
    ) -> BriefView:
        """Tell what is new in a conversation.

        Parameters
        ----------
        thread : str
            Any mail of it.
        since : str
            A date as in a search.
        states : collection of str, optional
            Of claims and decisions.

        Returns
        -------
        BriefView
            Refusals, decisions, shifts, new claims, answers.

        Raises
        ------
        NotFound, Ambiguous, QueryError
            The name or the date is not understood.
        """
        from threadkit.pipeline.brief_view import brief_of

        with self._reading() as conn:
            return brief_of(conn, thread, since, states)

    def owed(self, series: str) -> OwedPoints:
        """List points of reviews of a series, and what became of each.

        Parameters
        ----------
        series : str
            A patch or cover letter of it.

        Returns
        -------
        OwedPoints
            Its ``still()`` are those that nobody took up or answered.

        Raises
        ------
        NotFound, Ambiguous
            No series, or more than one, answers to the name.
        """
        from threadkit.pipeline.owed_view import owed_points
        from threadkit.pipeline.series_view import find_series

        with self._reading() as conn:
            return owed_points(conn, find_series(self, conn, series))

    def threads_of_series(self, series: str) -> list[str]:
        """Return a mail of each conversation that mails of a series stand in.

        Parameters
        ----------
        series : str
            A patch or cover letter of it.

        Raises
        ------
        NotFound, Ambiguous
            No series, or more than one, answers to the name.
        """
        from threadkit.pipeline.owed_view import roots_of_series
        from threadkit.pipeline.series_view import find_series

        with self._reading() as conn:
            return [f"#{root}" for root in roots_of_series(conn, find_series(self, conn, series))]

    def argument_graph(
        self,
        thread: str | None = None,
        *,
        states: Collection[str] = ("automatic", "accepted"),
        verdicts: bool = False,
    ) -> ArgumentGraph:
        """Make a graph of claims and of what bears on them.

        Parameters
        ----------
        thread : str, optional
            Any mail of a conversation; all mails without.
        states : collection of str, optional
            automatic, candidate, accepted, rejected.
        verdicts : bool, optional
            Let scenarios of the model count for and against the claims that they test.

        Returns
        -------
        ArgumentGraph
            What :func:`threadkit.graph.argument.acceptability.acceptability` judges.

        Raises
        ------
        NotFound, Ambiguous
            No mail, or more than one, answers to the name.
        """
        from threadkit.pipeline.argument_graph import argument_graph

        with self._reading() as conn:
            return argument_graph(conn, thread, states=states, verdicts=verdicts)

    def argument_view(self, thread: str | None = None) -> ArgumentView:
        """Make the argument graph, counted and in the forms of other graphs.

        Parameters
        ----------
        thread : str, optional
            Any mail of a conversation; all mails without.

        Returns
        -------
        ArgumentView
            Without candidates.

        Raises
        ------
        NotFound, Ambiguous
            No mail, or more than one, answers to the name.
        """
        from threadkit.pipeline.argument_view import ArgumentView

        return ArgumentView(self.argument_graph(thread))

    def argument_map(
        self,
        form: str,
        thread: str | None = None,
        *,
        states: Collection[str] = ("automatic", "accepted"),
        verdicts: bool = False,
    ) -> str:
        """Write the argument graph in the file format of another tool.

        Parameters
        ----------
        form : str
            argdown, aif, xaif, dot, graphml, apx, tgf, iccma, csv.
        thread, states, verdicts : optional
            As for :meth:`argument_graph`.

        Returns
        -------
        str
            The text of the file.

        Raises
        ------
        NotFound, Ambiguous
            No mail, or more than one, answers to the name.
        KeyError
            There is no such format.
        """
        from threadkit.pipeline.argument_graph import exporter

        write = exporter(form)
        graph = self.argument_graph(thread, states=states, verdicts=verdicts)
        return "".join(f"{line}\n" for line in write(graph))

    def standings(
        self,
        thread: str | None = None,
        *,
        states: Collection[str] = ("automatic", "accepted"),
        verdicts: bool = False,
    ) -> Standings:
        """Judge how each claim stands: grounded, preferred, stable, and gradual scores.

        Parameters
        ----------
        thread, states, verdicts : optional
            As for :meth:`argument_graph`.

        Returns
        -------
        Standings
            All readings side by side; none of them is the verdict.

        Raises
        ------
        NotFound, Ambiguous
            No mail, or more than one, answers to the name.
        """
        from threadkit.pipeline.acceptability_view import Standings

        return Standings(self.argument_graph(thread, states=states, verdicts=verdicts))
