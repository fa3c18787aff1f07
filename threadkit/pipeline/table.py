"""Rows of a query, small enough to hold in the hand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, overload


class Table(Sequence[dict[str, Any]]):
    """The rows of a query: a sequence of dicts that shows itself in a notebook.

    Parameters
    ----------
    columns : sequence of str
        Names in the order of the query.
    rows : sequence of tuple
        One tuple a row, in the order of ``columns``.

    Examples
    --------
    >>> table = Table(["sha", "cited"], [("09854ba94c6a", 17)])
    >>> table
    <Table 1 row: sha, cited>
    >>> table[0]["cited"], [row["sha"] for row in table]
    (17, ['09854ba94c6a'])
    """

    def __init__(self, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
        self.columns = tuple(columns)
        self.rows = rows

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        for row in self.rows:
            yield dict(zip(self.columns, row, strict=True))

    @overload
    def __getitem__(self, place: int) -> dict[str, Any]: ...
    @overload
    def __getitem__(self, place: slice) -> Table: ...
    def __getitem__(self, place: int | slice) -> dict[str, Any] | Table:
        if isinstance(place, slice):
            return Table(self.columns, self.rows[place])
        return dict(zip(self.columns, self.rows[place], strict=True))

    def df(self) -> Any:  # noqa: ANN401 - pandas is not a dependency
        """Return the rows as a pandas DataFrame.

        Returns
        -------
        pandas.DataFrame
            With the same columns.

        Raises
        ------
        ModuleNotFoundError
            pandas is not installed; threadkit does not need it.
        """
        from importlib import import_module

        return import_module("pandas").DataFrame.from_records(self.rows, columns=self.columns)

    def __repr__(self) -> str:
        rows = f"{len(self)} row" + ("" if len(self) == 1 else "s")
        return f"<Table {rows}: {', '.join(self.columns)}>"

    def _repr_html_(self) -> str:
        from threadkit import notebook

        return notebook.table(self.columns, self.rows)
