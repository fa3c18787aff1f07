"""The answer to a search, as a notebook sees it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, overload

from threadkit.pipeline.display import one_line

if TYPE_CHECKING:
    from threadkit.store.search import Hit, SearchResult


class Hits(Sequence["Hit"]):
    """Hits of a search, in order; a sequence that shows itself in a notebook.

    Parameters
    ----------
    query : str
        What was asked.
    found : SearchResult
        What the store answered.

    Attributes
    ----------
    more : bool
        There are further hits.
    bounded : bool
        A ranked search scored the newest hits only.
    """

    def __init__(self, query: str, found: SearchResult) -> None:
        self.query = query
        self.more = found.more
        self.bounded = found.bounded
        self._hits = found.hits

    def __len__(self) -> int:
        return len(self._hits)

    @overload
    def __getitem__(self, place: int) -> Hit: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Hit]: ...
    def __getitem__(self, place: int | slice) -> Hit | Sequence[Hit]:
        return self._hits[place]

    def __repr__(self) -> str:
        count = f"{len(self)} hit" + ("" if len(self) == 1 else "s")
        return f"<Hits {one_line(self.query)!r} {count}{', and more' if self.more else ''}>"

    def _repr_html_(self) -> str:
        from threadkit import notebook

        rows = [
            (
                (hit.message.date_utc or "")[:10],
                hit.message.person or hit.message.from_email,
                hit.message.subject,
                hit.line,
            )
            for hit in self
        ]
        count = f"{len(self)} hits" + (", and more" if self.more else "")
        return notebook.heading(self.query, [count]) + notebook.table(
            ("date", "from", "subject", "line"), rows
        )
