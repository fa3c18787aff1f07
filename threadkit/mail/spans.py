"""Which of many stretches of a text holds a place in it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable


class Spans:
    """Stretches of one text; they may lie in each other.

    Parameters
    ----------
    spans : iterable of (int, int)
        Start and stop, in any order.

    Notes
    -----
    Sorted once; a question takes logarithmic time. A mail of thousands of ``Fixes:`` lines,
    each with its citation, would else be read in quadratic time.
    """

    def __init__(self, spans: Iterable[tuple[int, int]]) -> None:
        self._starts: list[int] = []
        self._reach: list[tuple[int, int]] = []  # the farthest stop up to here, and whose it is
        best = (-1, 0)
        for start, place, stop in sorted((a, n, b) for n, (a, b) in enumerate(spans)):
            best = max(best, (stop, -place))
            self._starts.append(start)
            self._reach.append(best)

    def holder(self, start: int, stop: int) -> int | None:
        """Find a stretch that holds another one whole.

        Parameters
        ----------
        start, stop : int
            Characters of the text.

        Returns
        -------
        int or None
            Its place in the order given: of several that hold it, the one that goes
            farthest, the first of equals.

        Examples
        --------
        >>> Spans([(10, 20), (0, 40)]).holder(12, 20), Spans([(10, 20)]).holder(12, 21)
        (1, None)
        """
        at = bisect_right(self._starts, start) - 1
        if at < 0 or self._reach[at][0] < stop:
            return None
        return -self._reach[at][1]

    def hold(self, start: int, stop: int) -> bool:
        """Say whether any stretch holds another one whole.

        Parameters
        ----------
        start, stop : int
            Characters of the text.

        Examples
        --------
        >>> Spans([(10, 20), (15, 30)]).hold(15, 25), Spans([]).hold(0, 0)
        (True, False)
        """
        return self.holder(start, stop) is not None
