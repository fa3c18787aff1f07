"""What an import did, as values: for the command line, notebooks and tests."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from threadkit.fetch.problems import NOTES
from threadkit.mail.values import Defect


@dataclass(slots=True)
class SourceReport:
    """What became of one source.

    ``seen`` counts mails read; of those, ``known`` were stored already, byte for byte.
    ``problems`` could not be read and are not stored, or are notes that cost no mail.
    """

    uri: str
    kind: str
    seen: int = 0
    known: int = 0
    problems: list[Defect] = field(default_factory=list)

    @property
    def damaged(self) -> int:
        """How many of the problems cost mail."""
        return sum(one.kind not in NOTES for one in self.problems)


@dataclass(slots=True, repr=False)
class ImportReport:
    """What an import did.

    Attributes
    ----------
    sources : list of SourceReport
        In the order read.
    seen, known : int
        Mails read; those of them that were stored already, byte for byte.
    added : int
        Messages that are new.
    copies : int
        Mails that came another way (another list) and are new copies of messages.
    imposters : int
        Of ``added``, those whose Message-ID belongs to another mail.
    ghosts : int
        Messages of the store that are referenced and were never seen, after the import.
    defects : Counter
        Kinds of defects in the mails added.
    quotes : Counter
        Methods by which quoted passages were (or were not) found.
    seconds : float
        Wall time.
    messages : set of int
        Row ids of the messages that the sources hold, new or known. Like the next two, it
        is filled by :func:`threadkit.pipeline.importing.import_sources` alone.
    new : set of int
        Of ``messages``, those that were not here before, not even another copy.
    roots : dict
        Row id to Message-ID of the first message of their conversations.
    """

    sources: list[SourceReport] = field(default_factory=list)
    added: int = 0
    copies: int = 0
    imposters: int = 0
    ghosts: int = 0
    defects: Counter[str] = field(default_factory=Counter)
    quotes: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0
    messages: set[int] = field(default_factory=set)
    new: set[int] = field(default_factory=set)
    roots: dict[int, str] = field(default_factory=dict)

    @property
    def seen(self) -> int:
        """Mails read from all sources."""
        return sum(source.seen for source in self.sources)

    @property
    def known(self) -> int:
        """Mails that were stored already, byte for byte."""
        return sum(source.known for source in self.sources)

    @property
    def problems(self) -> list[tuple[str, Defect]]:
        """What could not be read or was passed over, as ``(uri, defect)``."""
        return [(source.uri, one) for source in self.sources for one in source.problems]

    @property
    def damaged(self) -> int:
        """How many of the problems cost mail."""
        return sum(source.damaged for source in self.sources)

    def __repr__(self) -> str:
        read = f"{self.seen} read, {self.added} new, {self.copies} copies, {self.known} known"
        return f"<ImportReport {read}, {self.damaged} damaged>"

    def _repr_html_(self) -> str:
        from threadkit import notebook

        columns = ("source", "kind", "mails", "known", "damaged")
        return notebook.heading("", [repr(self)[1:-1].partition(" ")[2]]) + notebook.table(columns, [
            (one.uri, one.kind, one.seen, one.known, one.damaged) for one in self.sources
        ])  # fmt: skip


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an import is; everything counted as ``stored`` survives a crash.

    ``done_bytes`` and ``total_bytes`` concern the current source; the total may be None.
    """

    uri: str
    seen: int
    stored: int
    done_bytes: int
    total_bytes: int | None
