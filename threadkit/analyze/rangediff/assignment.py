"""The cheapest assignment of rows to columns, exactly."""

from __future__ import annotations

from collections.abc import Sequence


def assign(costs: Sequence[Sequence[float]]) -> list[int]:
    """Give every row a column of its own so that the sum of costs is least.

    Parameters
    ----------
    costs : sequence of sequence of float
        By row and column; at least as many columns as rows. Infinite costs are allowed
        where an assignment without them exists.

    Returns
    -------
    list of int
        The column of each row.

    Raises
    ------
    ValueError
        More rows than columns.

    Examples
    --------
    >>> assign([[4, 1, 3], [2, 0, 5], [3, 2, 2]])
    [1, 0, 2]

    Notes
    -----
    Rows squared times columns.

    References
    ----------
    H. W. Kuhn, "The Hungarian Method for the Assignment Problem", 1955; in the form with
    potentials and shortest augmenting paths.
    """
    rows, columns = len(costs), len(costs[0]) if costs else 0
    if rows > columns:
        raise ValueError("more rows than columns")
    of_row, of_column = [0.0] * (rows + 1), [0.0] * (columns + 1)
    row_of = [0] * (columns + 1)  # counted from 1; 0 is nobody
    for row in range(1, rows + 1):
        way = _shortest_path(costs, row, of_row, of_column, row_of)
        column = way.pop()
        while way:
            before = way.pop()
            row_of[column] = row_of[before]
            column = before
        row_of[column] = row
    found = [0] * rows
    for column in range(1, columns + 1):
        if row_of[column]:
            found[row_of[column] - 1] = column - 1
    return found


def _shortest_path(
    costs: Sequence[Sequence[float]],
    row: int,
    of_row: list[float],
    of_column: list[float],
    row_of: list[int],
) -> list[int]:
    """Find the columns to shift for one more row, the first last; update the potentials."""
    columns = len(of_column) - 1
    row_of[0] = row
    least = [float("inf")] * (columns + 1)
    came_from = [0] * (columns + 1)
    seen = [False] * (columns + 1)
    at = 0
    while row_of[at]:
        seen[at] = True
        line, potential = costs[row_of[at] - 1], of_row[row_of[at]]
        step, following = float("inf"), 0
        for column in range(1, columns + 1):
            if seen[column]:
                continue
            cost = line[column - 1] - potential - of_column[column]
            if cost < least[column]:
                least[column], came_from[column] = cost, at
            if least[column] < step:
                step, following = least[column], column
        for column in range(columns + 1):
            if seen[column]:
                of_row[row_of[column]] += step
                of_column[column] -= step
            else:
                least[column] -= step
        at = following
    way: list[int] = []
    while at:
        way.append(at)
        at = came_from[at]
    return way[::-1]
