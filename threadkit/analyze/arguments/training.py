"""How the weights of a learner are found: its loss, the descent, the temperature."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from numpy import float32, float64, int32, int64
    from numpy.typing import NDArray

ROUNDS: Final = 120
_MEMORY = 8
_FLAT = 1e-5
_ENOUGH = 1e-4
_TEMPERATURES = (0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.25, 1.5, 1.75, 2.0, 2.5, 3.0)


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of hashed features, one after the other.

    Attributes
    ----------
    rows : int
        How many.
    starts : array of int64, (rows + 1,)
        Where each row starts in the other arrays, and where the last one ends.
    places : array of int32
        Hashes of the features.
    values : array of float32
        Their values.
    """

    rows: int
    starts: NDArray[int64]
    places: NDArray[int32]
    values: NDArray[float32]


def softmax(logits: NDArray[float64]) -> NDArray[float64]:
    """Turn scores into probabilities, each row summing to 1.

    Parameters
    ----------
    logits : array, (rows, classes)
        Any finite numbers.

    Examples
    --------
    >>> import numpy as np
    >>> softmax(np.array([[0.0, 0.0]])).tolist()
    [[0.5, 0.5]]
    """
    import numpy as np

    raised = np.exp(logits - logits.max(axis=1, keepdims=True))
    shares: NDArray[float64] = raised / raised.sum(axis=1, keepdims=True)
    return shares


def logits_of(
    table: Table, buckets: NDArray[int32], weights: NDArray[float32], bias: NDArray[float32]
) -> NDArray[float64]:
    """Add up the weights of each row.

    Parameters
    ----------
    table : Table
        The rows.
    buckets : array of int32
        The places that hold a weight, rising.
    weights : array of float32, (buckets, classes)
        Of each place.
    bias : array of float32, (classes,)
        Of each class.

    Returns
    -------
    array of float64, (rows, classes)
        Logits; places without a weight count nothing.
    """
    import numpy as np

    out = np.tile(bias.astype(np.float64), (table.rows, 1))
    if not len(buckets) or not len(table.places):
        return out
    at = np.minimum(np.searchsorted(buckets, table.places), len(buckets) - 1)
    known = buckets[at] == table.places
    owner = np.repeat(np.arange(table.rows), np.diff(table.starts))[known]
    parts = weights[at[known]] * table.values[known, None]
    for number in range(weights.shape[1]):
        out[:, number] += np.bincount(owner, parts[:, number], table.rows)
    return out


def train(
    table: Table, aims: NDArray[float32], l2: float, min_count: int
) -> tuple[NDArray[int32], NDArray[float32], NDArray[float32]]:
    """Find the weights of softmax regression.

    Parameters
    ----------
    table : Table
        The rows.
    aims : array of float32, (rows, classes)
        How much each row counts for each class.
    l2 : float
        Strength of the penalty on the sum of squares of the weights; the bias is free.
    min_count : int
        Places that fewer rows have are left out.

    Returns
    -------
    (array, array, array)
        Buckets, weights and bias as `logits_of` takes them.
    """
    import numpy as np

    owner = np.repeat(np.arange(table.rows), np.diff(table.starts))
    places, at, counts = np.unique(table.places, return_inverse=True, return_counts=True)
    keep = (counts >= min_count)[at]
    buckets, column = np.unique(places[at[keep]], return_inverse=True)
    loss = _Loss(owner[keep], column, table.values[keep], aims, len(buckets), l2)
    best = minimise(loss, np.zeros(loss.size, np.float64))
    weights = best.reshape(-1, aims.shape[1]).astype(np.float32)
    return buckets.astype(np.int32), weights[:-1], weights[-1]


class _Loss:
    """Cross entropy with a penalty, and its slope; the last row of the weights is the bias."""

    def __init__(
        self,
        owner: NDArray[int64],
        column: NDArray[int64],
        values: NDArray[float32],
        aims: NDArray[float32],
        columns: int,
        l2: float,
    ) -> None:
        import numpy as np

        self.aims, self.columns, self.l2 = aims.astype(np.float64), columns, l2
        self.size = (columns + 1) * aims.shape[1]
        self.totals = self.aims.sum(axis=1, keepdims=True)
        order = np.argsort(column, kind="stable")
        self.by_row = (owner, column, values.astype(np.float64))
        self.by_column = (column[order], owner[order], values[order].astype(np.float64))

    def _sums(
        self, by: tuple[Any, Any, Any], of: NDArray[float64], length: int
    ) -> NDArray[float64]:
        import numpy as np

        into, from_, values = by
        out = np.empty((length, of.shape[1]))
        for number in range(of.shape[1]):
            taken = np.ascontiguousarray(of[:, number])[from_]
            out[:, number] = np.bincount(into, taken * values, length)
        return out

    def __call__(self, flat: NDArray[float64]) -> tuple[float, NDArray[float64]]:
        import numpy as np

        whole = flat.reshape(self.columns + 1, -1)
        logits = self._sums(self.by_row, whole[:-1], len(self.aims)) + whole[-1]
        top = logits.max(axis=1, keepdims=True)
        logs = logits - top - np.log(np.exp(logits - top).sum(axis=1, keepdims=True))
        value = -(self.aims * logs).sum() + 0.5 * self.l2 * (whole[:-1] ** 2).sum()
        off = self.totals * np.exp(logs) - self.aims
        slope = np.empty_like(whole)
        slope[:-1] = self._sums(self.by_column, off, self.columns) + self.l2 * whole[:-1]
        slope[-1] = off.sum(axis=0)
        return float(value), slope.ravel()


def minimise(
    loss: Callable[[NDArray[float64]], tuple[float, NDArray[float64]]],
    start: NDArray[float64],
    *,
    rounds: int = ROUNDS,
) -> NDArray[float64]:
    """Find the lowest point of a convex function by L-BFGS with backtracking.

    Parameters
    ----------
    loss : callable
        From a point to the value and its slope there.
    start : array
        Where to begin.
    rounds : int
        Most steps.

    Returns
    -------
    array
        The point where the steps ended.

    Examples
    --------
    >>> import numpy as np
    >>> found = minimise(lambda x: (float(((x - 3) ** 2).sum()), 2 * (x - 3)), np.zeros(2))
    >>> bool(np.allclose(found, 3))
    True
    """
    import numpy as np

    point, (value, slope) = start, loss(start)
    steps: list[tuple[NDArray[float64], NDArray[float64]]] = []
    for _ in range(rounds):
        way = -_newton(slope, steps)
        fall = float(slope @ way)
        if fall > -_FLAT:
            break
        size = 1.0 if steps else min(1.0, 1.0 / float(np.abs(slope).sum()))
        while True:
            ahead = point + size * way
            there, tilt = loss(ahead)
            if there <= value + _ENOUGH * size * fall or size < _FLAT**2:
                break
            size /= 2
        if there >= value:
            break
        if float((tilt - slope) @ (ahead - point)) > 0:
            steps = [*steps[1 - _MEMORY :], (ahead - point, tilt - slope)]
        done = value - there < _FLAT * max(1.0, abs(value))
        point, value, slope = ahead, there, tilt
        if done:
            break
    return point


def _newton(
    slope: NDArray[float64], steps: Sequence[tuple[NDArray[float64], NDArray[float64]]]
) -> NDArray[float64]:
    """Multiply the slope by what the last steps say of the inverse curvature."""
    way = slope.copy()
    shares = []
    for moved, bent in reversed(steps):
        share = float(moved @ way) / float(moved @ bent)
        way -= share * bent
        shares.append(share)
    if steps:
        moved, bent = steps[-1]
        way *= float(moved @ bent) / float(bent @ bent)
    for (moved, bent), share in zip(steps, reversed(shares), strict=True):
        way += (share - float(bent @ way) / float(moved @ bent)) * moved
    return way


def group_folds(groups: Sequence[Hashable], folds: int) -> list[int]:
    """Divide groups into folds of about the same number of rows, the largest group first.

    Parameters
    ----------
    groups : sequence
        The group of each row.
    folds : int
        At most this many; fewer if there are fewer groups.

    Returns
    -------
    list of int
        The fold of each row; rows of one group have one fold.

    Examples
    --------
    >>> group_folds(["a", "b", "a", "c"], 2)
    [0, 1, 0, 1]
    """
    sizes: dict[Hashable, int] = {}
    for group in groups:
        sizes[group] = sizes.get(group, 0) + 1
    filled = [0] * max(1, min(folds, len(sizes)))
    fold: dict[Hashable, int] = {}
    for group in sorted(sizes, key=lambda one: (-sizes[one], str(one))):
        fold[group] = filled.index(min(filled))
        filled[fold[group]] += sizes[group]
    return [fold[group] for group in groups]


def fit_temperature(
    table: Table,
    aims: NDArray[float32],
    groups: Sequence[Hashable],
    l2: float,
    min_count: int,
    folds: int,
) -> float:
    """Pick the temperature at which rows of unseen groups are told best.

    Parameters
    ----------
    table, aims, l2, min_count
        As in `train`.
    groups : sequence
        The group of each row.
    folds : int
        Parts that the groups are divided into.

    Returns
    -------
    float
        1 if there is one group only.
    """
    import numpy as np

    fold = np.array(group_folds(groups, folds))
    held = np.zeros(aims.shape, np.float64)
    if fold.max() < 1:
        return 1.0
    for number in range(fold.max() + 1):
        seen, unseen = np.flatnonzero(fold != number), np.flatnonzero(fold == number)
        trained = train(_taken(table, seen), aims[seen], l2, min_count)
        held[unseen] = logits_of(_taken(table, unseen), *trained)
    losses = [-(aims * np.log(softmax(held / one) + 1e-12)).sum() for one in _TEMPERATURES]
    return _TEMPERATURES[int(np.argmin(losses))]


def _taken(table: Table, rows: Iterable[int]) -> Table:
    import numpy as np

    numbers = np.asarray(rows, np.int64)
    lengths = np.diff(table.starts)[numbers]
    starts = np.concatenate([[0], np.cumsum(lengths)])
    inside = np.arange(starts[-1]) - np.repeat(starts[:-1], lengths)
    at = np.repeat(table.starts[numbers], lengths) + inside
    return Table(len(numbers), starts, table.places[at], table.values[at])
