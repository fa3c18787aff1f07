"""A small learner over hashed features: softmax regression, exact and reproducible.

What it reads of a text are names of features (``w=maybe``, ``cue=concession``); of a name only
its hash is kept, so a shipped model holds no words of the mail that it was trained on. The loss
is convex, so a training run ends at the same weights wherever it starts; no randomness is used.
numpy is imported late, as the command line starts without it.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final
from zlib import crc32

from threadkit.analyze.arguments.training import Table, fit_temperature, logits_of, softmax, train
from threadkit.errors import ThreadkitError

if TYPE_CHECKING:
    from numpy import float32, float64, int32
    from numpy.typing import NDArray

Row = Mapping[str, float] | Sequence[str]
Target = str | Mapping[str, float]

BITS: Final = 17
"""Features are kept in 2^BITS places; two that share one share a weight."""

L2: Final = 1.0
"""How much weights are held down; the larger, the fewer examples a feature may rest on."""

_MAGIC = b"threadkit-learner-1\n"


class ModelError(ThreadkitError):
    """A model file that cannot be read."""


@dataclass(frozen=True, slots=True)
class Learner:
    """Softmax regression over hashed features.

    Attributes
    ----------
    classes : tuple of str
        In the order of the columns of `predict_proba`.
    buckets : array of int32
        The places that hold a weight, rising.
    weights : array of float32, (buckets, classes)
        Of each place.
    bias : array of float32, (classes,)
        Of each class.
    bits : int
        Features are hashed to this many bits.
    temperature : float
        Scores are divided by it before they become probabilities.
    header : mapping
        What was said of the training: hash of its data, scores.

    Examples
    --------
    >>> rows = [["w=thanks"], ["w=why", "?"], ["w=thanks", "!"], ["w=how", "?"]]
    >>> learner = Learner.fit(rows, ["social", "question", "social", "question"], l2=0.1)
    >>> learner.classes
    ('question', 'social')
    >>> learner.predict_proba([["w=what", "?"]])[0].argmax()
    np.int64(0)

    References
    ----------
    Weinberger et al., Feature Hashing for Large Scale Multitask Learning, ICML 2009;
    Liu and Nocedal, On the limited memory BFGS method, 1989; Guo et al., On Calibration of
    Modern Neural Networks, ICML 2017 (temperature).
    """

    classes: tuple[str, ...]
    buckets: NDArray[int32]
    weights: NDArray[float32]
    bias: NDArray[float32]
    bits: int = BITS
    temperature: float = 1.0
    header: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def fit(
        cls,
        rows: Sequence[Row],
        labels: Sequence[Target],
        *,
        groups: Sequence[Hashable] = (),
        sample_weights: Sequence[float] = (),
        class_weights: Mapping[str, float] | None = None,
        l2: float = L2,
        min_count: int = 1,
        bits: int = BITS,
        folds: int = 5,
    ) -> Learner:
        """Train on labelled rows.

        Parameters
        ----------
        rows : sequence of mapping or sequence of str
            Features of each example, with their values; names alone have the value 1.
        labels : sequence of str or mapping
            Of each row; a mapping shares it out between classes (annotators that differ).
        groups : sequence, optional
            What each row is of (its thread). If given, the temperature is fitted on rows whose
            group was not trained on; without, it is 1.
        sample_weights : sequence of float, optional
            How much each row counts; 1 if not given.
        class_weights : mapping, optional
            By class, on top of those of the rows.
        l2 : float
            Strength of the penalty on the sum of squares of the weights.
        min_count : int
            Features of fewer rows than this are left out.
        bits : int
            Size of the hashed space.
        folds : int
            Parts that the groups are divided into for the temperature.

        Returns
        -------
        Learner
            Trained.

        Raises
        ------
        ValueError
            If there are no rows, or not one label for each.
        """
        import numpy as np

        if not rows or len(rows) != len(labels):
            raise ValueError(f"{len(rows)} rows and {len(labels)} labels")
        shared = [{one: 1.0} if isinstance(one, str) else one for one in labels]
        classes = tuple(sorted({name for one in shared for name in one}))
        aims = np.zeros((len(rows), len(classes)), np.float32)
        for number, one in enumerate(shared):
            for name, share in one.items():
                weight = (class_weights or {}).get(name, 1.0)
                aims[number, classes.index(name)] = share * weight
        if len(sample_weights):
            aims *= np.asarray(sample_weights, np.float32)[:, None]
        table = _hashed(rows, bits)
        temperature = 1.0
        if len(groups):
            temperature = fit_temperature(table, aims, groups, l2, min_count, folds)
        buckets, weights, bias = train(table, aims, l2, min_count)
        return cls(classes, buckets, weights, bias, bits, temperature)

    def scores(self, rows: Sequence[Row]) -> NDArray[float64]:
        """Return what probabilities are made from, before the temperature.

        Parameters
        ----------
        rows : sequence of mapping or sequence of str
            As in `fit`.

        Returns
        -------
        array of float64, (rows, classes)
            Logits.
        """
        return logits_of(_hashed(rows, self.bits), self.buckets, self.weights, self.bias)

    def predict_proba(self, rows: Sequence[Row]) -> NDArray[float64]:
        """Return how likely each class is.

        Parameters
        ----------
        rows : sequence of mapping or sequence of str
            As in `fit`.

        Returns
        -------
        array of float64, (rows, classes)
            Each row sums to 1.
        """
        return softmax(self.scores(rows) / self.temperature)

    def with_header(self, **said: object) -> Learner:
        """Return the same learner with facts about its training.

        Parameters
        ----------
        **said
            Values that JSON has.
        """
        return replace(self, header=said)

    def leaning(self, weights: Mapping[str, float]) -> Learner:
        """Return the same learner with classes made likelier or less likely.

        Trained for the most units told right, rare classes are told too seldom for a fair
        average over classes.

        Parameters
        ----------
        weights : mapping
            By class, what its probability is multiplied by before they are made to sum to 1.
        """
        import numpy as np

        more = self.temperature * np.log([weights.get(name, 1.0) for name in self.classes])
        bias = (self.bias + more).astype(np.float32)
        return replace(self, bias=bias)

    def to_bytes(self) -> bytes:
        """Write it: a line of magic, a line of JSON, then the arrays; weights as float16.

        Returns
        -------
        bytes
            The same for the same learner, on any machine.
        """
        import numpy as np

        parts = [
            self.buckets.astype("<i4").tobytes(),
            self.weights.astype("<f2").tobytes(),
            self.bias.astype("<f4").tobytes(),
        ]
        told = {
            "classes": self.classes,
            "buckets": len(self.buckets),
            "bits": self.bits,
            "temperature": self.temperature,
            "header": dict(self.header),
        }
        if not np.isfinite(self.weights).all():
            raise ValueError("weights that are not numbers")
        line = json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
        return b"".join([_MAGIC, line.encode(), b"\n", *parts])

    @classmethod
    def from_bytes(cls, data: bytes) -> Learner:
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
            classes, count = tuple(told["classes"]), int(told["buckets"])
            sizes = (4 * count, 2 * count * len(classes), 4 * len(classes))
            raw = [stream.read(size) for size in sizes]
            bits, temperature = int(told["bits"]), float(told["temperature"])
            header = dict(told["header"])
        except (ValueError, KeyError, TypeError) as bad:
            raise ModelError(f"the model file is damaged: {bad}") from bad
        if [len(one) for one in raw] != list(sizes) or stream.read(1):
            raise ModelError("the model file is damaged: its size is wrong")
        return cls(
            classes,
            np.frombuffer(raw[0], "<i4").astype(np.int32),
            np.frombuffer(raw[1], "<f2").astype(np.float32).reshape(count, len(classes)),
            np.frombuffer(raw[2], "<f4").astype(np.float32),
            bits,
            temperature,
            header,
        )


def bucket(name: str, bits: int = BITS) -> int:
    """Return the place of a feature.

    Parameters
    ----------
    name : str
        Of the feature.
    bits : int
        Size of the space.

    Examples
    --------
    >>> bucket("w=maybe") == bucket("w=maybe") < 2**17
    True
    """
    return crc32(name.encode("utf-8", "surrogatepass")) & ((1 << bits) - 1)


def _hashed(rows: Sequence[Row], bits: int) -> Table:
    import numpy as np

    mask = (1 << bits) - 1
    starts, places = [0], list[int]()
    values: list[float] = []
    for row in rows:
        if isinstance(row, Mapping):
            places += [crc32(name.encode("utf-8", "surrogatepass")) & mask for name in row]
            values += row.values()
        else:
            places += [crc32(name.encode("utf-8", "surrogatepass")) & mask for name in row]
            values += [1.0] * len(row)
        starts.append(len(places))
    return Table(
        len(rows),
        np.array(starts, np.int64),
        np.array(places, np.int32),
        np.array(values, np.float32),
    )


def data_hash(rows: Iterable[str]) -> str:
    """Hash the training data: 16 hex digits of SHA-256 over its lines in their order.

    Parameters
    ----------
    rows : iterable of str
        One example a line.

    Examples
    --------
    >>> data_hash(["a", "b"]) == data_hash(["b", "a"])
    False
    """
    whole = hashlib.sha256()
    for row in rows:
        whole.update(row.encode("utf-8", "surrogatepass") + b"\n")
    return whole.hexdigest()[:16]
