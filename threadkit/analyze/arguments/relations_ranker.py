"""A choice between few candidates, learned: conditional logit over hashed features.

As the learner of labels, but the weights are shared by all candidates, and those of one choice
stand against each other: their probabilities sum to 1.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final
from zlib import crc32

from threadkit.analyze.arguments.learner import ModelError
from threadkit.analyze.arguments.training import minimise

if TYPE_CHECKING:
    from numpy import float32, float64, int32, int64
    from numpy.typing import NDArray

BITS: Final = 16
L2: Final = 2.0

_MAGIC = b"threadkit-ranker-1\n"


@dataclass(frozen=True, slots=True)
class Ranker:
    """Conditional logit over hashed features.

    Attributes
    ----------
    buckets : array of int32
        The places that hold a weight, rising.
    weights : array of float32
        Of each place.
    bits : int
        Features are hashed to this many bits.
    header : mapping
        What was said of the training.

    Examples
    --------
    >>> choices = [[["near"], ["far"]], [["far"], ["near"]], [["near"], ["far"], ["far"]]]
    >>> ranker = Ranker.fit(choices, [[1, 0], [0, 1], [1, 0, 0]], l2=0.1)
    >>> near, far = ranker.shares([["near"], ["far"]])
    >>> near > 0.7 > far
    True

    References
    ----------
    McFadden, Conditional Logit Analysis of Qualitative Choice Behavior, 1974.
    """

    buckets: NDArray[int32]
    weights: NDArray[float32]
    bits: int = BITS
    header: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def fit(
        cls,
        choices: Sequence[Sequence[Sequence[str]]],
        aims: Sequence[Sequence[float]],
        *,
        l2: float = L2,
        bits: int = BITS,
        min_count: int = 1,
    ) -> Ranker:
        """Train on choices that were made.

        Parameters
        ----------
        choices : sequence
            Of each choice, its candidates, of each its features.
        aims : sequence
            Of each choice, how much each candidate counts as the one chosen.
        l2 : float
            Strength of the penalty on the sum of squares of the weights.
        bits : int
            Size of the hashed space.
        min_count : int
            Features of fewer candidates than this are left out.

        Returns
        -------
        Ranker
            Trained.
        """
        import numpy as np

        owner, places = _flat([row for rows in choices for row in rows], bits)
        group = np.repeat(np.arange(len(choices)), [len(rows) for rows in choices])
        wanted = np.array([aim for some in aims for aim in some], np.float64)
        buckets, column, counts = np.unique(places, return_inverse=True, return_counts=True)
        keep = (counts >= min_count)[column]
        buckets, column = np.unique(places[keep], return_inverse=True)
        loss = _Loss(owner[keep], column, group, wanted, len(buckets), l2)
        best = minimise(loss, np.zeros(len(buckets)))
        return cls(buckets.astype(np.int32), best.astype(np.float32), bits)

    def scores(self, rows: Sequence[Sequence[str]]) -> NDArray[float64]:
        """Add up the weights of candidates.

        Parameters
        ----------
        rows : sequence of sequence of str
            Features of each.

        Returns
        -------
        array of float64
            One of each; the larger the likelier.
        """
        import numpy as np

        owner, places = _flat(rows, self.bits)
        if not len(self.buckets) or not len(places):
            return np.zeros(len(rows))
        at = np.minimum(np.searchsorted(self.buckets, places), len(self.buckets) - 1)
        known = self.buckets[at] == places
        found: NDArray[float64] = np.bincount(
            owner[known], self.weights[at[known]], len(rows)
        ).astype(np.float64)
        return found

    def shares(self, rows: Sequence[Sequence[str]]) -> list[float]:
        """Return how likely each candidate of one choice is.

        Parameters
        ----------
        rows : sequence of sequence of str
            Features of each candidate.

        Returns
        -------
        list of float
            They sum to 1; empty if there is no candidate.
        """
        import numpy as np

        if not rows:
            return []
        scores = self.scores(rows)
        raised = np.exp(scores - scores.max())
        return [float(one) for one in raised / raised.sum()]

    def with_header(self, **said: object) -> Ranker:
        """Return the same with facts about its training, of values that JSON has."""
        return Ranker(self.buckets, self.weights, self.bits, said)

    def to_bytes(self) -> bytes:
        """Write it: a line of magic, a line of JSON, then the arrays; weights as float16.

        Returns
        -------
        bytes
            The same for the same ranker, on any machine.
        """
        told = {"buckets": len(self.buckets), "bits": self.bits, "header": dict(self.header)}
        line = json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
        arrays = [self.buckets.astype("<i4").tobytes(), self.weights.astype("<f2").tobytes()]
        return b"".join([_MAGIC, line.encode(), b"\n", *arrays])

    @classmethod
    def from_bytes(cls, data: bytes) -> Ranker:
        """Read what `to_bytes` wrote.

        Parameters
        ----------
        data : bytes
            The whole file.

        Raises
        ------
        ModelError
            If it is something else, or cut.
        """
        import numpy as np

        stream = io.BytesIO(data)
        if stream.readline() != _MAGIC:
            raise ModelError("not a model of this version")
        try:
            told = json.loads(stream.readline())
            count, bits, header = int(told["buckets"]), int(told["bits"]), dict(told["header"])
        except (ValueError, KeyError, TypeError) as bad:
            raise ModelError(f"the model file is damaged: {bad}") from bad
        places, weights = stream.read(4 * count), stream.read(2 * count)
        if count < 0 or len(places) != 4 * count or len(weights) != 2 * count or stream.read(1):
            raise ModelError("the model file is damaged: its size is wrong")
        return cls(
            np.frombuffer(places, "<i4").astype(np.int32),
            np.frombuffer(weights, "<f2").astype(np.float32),
            bits,
            header,
        )


def _flat(rows: Sequence[Sequence[str]], bits: int) -> tuple[NDArray[int64], NDArray[int32]]:
    """Hash rows: the row and the place of each feature."""
    import numpy as np

    mask = (1 << bits) - 1  # as `bucket` hashes, which would be called a thousand times a mail
    places = [crc32(name.encode("utf-8", "surrogatepass")) & mask for row in rows for name in row]
    owner = np.repeat(np.arange(len(rows)), [len(row) for row in rows])
    return owner, np.array(places, np.int32)


class _Loss:
    """Cross entropy of choices with a penalty, and its slope."""

    def __init__(
        self,
        owner: NDArray[int64],
        column: NDArray[int64],
        group: NDArray[int64],
        aims: NDArray[float64],
        columns: int,
        l2: float,
    ) -> None:
        import numpy as np

        self.owner, self.column, self.group = owner, column, group
        self.aims, self.columns, self.l2 = aims, columns, l2
        self.groups = int(group[-1]) + 1 if len(group) else 0
        self.first = np.flatnonzero(np.diff(group, prepend=-1))
        self.totals = np.bincount(group, aims, self.groups)

    def __call__(self, weights: NDArray[float64]) -> tuple[float, NDArray[float64]]:
        import numpy as np

        logits = np.bincount(self.owner, weights[self.column], len(self.aims))
        top = np.maximum.reduceat(logits, self.first)
        raised = np.exp(logits - top[self.group])
        logs = logits - top[self.group]
        logs -= np.log(np.bincount(self.group, raised, self.groups))[self.group]
        value = -(self.aims * logs).sum() + 0.5 * self.l2 * (weights**2).sum()
        off = self.totals[self.group] * np.exp(logs) - self.aims
        slope = np.bincount(self.column, off[self.owner], self.columns) + self.l2 * weights
        return float(value), slope
