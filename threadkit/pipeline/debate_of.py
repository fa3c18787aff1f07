"""A conversation with its debate, as positions, briefs and reviews are told from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from sqlite3 import Connection

from threadkit.analyze.debate.assemble import assemble
from threadkit.analyze.debate.authors import authored
from threadkit.analyze.debate.trackers import written
from threadkit.analyze.debate.values import Claim, Conversation, Correction, Debate, DebateMail
from threadkit.pipeline.stages.claims import conversation, said_of
from threadkit.store.claim_list import names_of


@dataclass(frozen=True, slots=True)
class Told:
    """A conversation and what was made of it.

    Attributes
    ----------
    conversation : Conversation
        Its mails.
    debate : Debate
        Put together anew; the same as is stored.
    corrections : list of Correction
        With which it was.
    names : dict of str to str
        Of its claims, by their lasting names.
    """

    conversation: Conversation
    debate: Debate
    corrections: list[Correction]
    names: dict[str, str]

    def mails(self) -> dict[int, DebateMail]:
        """Return its mails by row, each under the name of whose words it has."""
        return {mail.id: mail for mail in written(authored(self.conversation)).mails}

    def name(self, claim: Claim) -> str:
        """Return the name of a claim, as ``c6``; empty if it is not stored yet."""
        return self.names.get(claim.key, "")


def told(conn: Connection, root: int) -> Told:
    """Read a conversation and put it together.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    root : int
        ``message.root``.

    Returns
    -------
    Told
        Of the mails as they were read last.
    """
    found, said = conversation(conn, root), said_of(conn, root)
    debate = assemble(found, said)
    return Told(found, debate, said, names_of(conn, root))


def passage(mails: dict[int, DebateMail], mail: int, start: int, stop: int) -> str:
    """Return a passage with white space collapsed.

    Parameters
    ----------
    mails : dict of int to DebateMail
        By row.
    mail, start, stop : int
        Where.
    """
    return " ".join(mails[mail].body[start:stop].split())


def people_of(mails: Iterable[DebateMail]) -> int:
    """Count who wrote.

    Parameters
    ----------
    mails : iterable of DebateMail
        Of a conversation.
    """
    return len({mail.who for mail in mails})
