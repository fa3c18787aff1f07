"""Abstract argumentation frameworks: names, and which attacks which."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Framework:
    """A framework of Dung's; arguments are numbers, in the order of `names`.

    Attributes
    ----------
    names : tuple of str
        Of the arguments.
    attackers : tuple of tuple of int
        Of each argument: what attacks it, each once, by number.
    attacked : tuple of tuple of int
        Of each argument: what it attacks, each once, by number.

    References
    ----------
    P. M. Dung, On the acceptability of arguments, Artificial Intelligence 77 (1995),
    definition 2.
    """

    names: tuple[str, ...]
    attackers: tuple[tuple[int, ...], ...]
    attacked: tuple[tuple[int, ...], ...]

    @classmethod
    def of(cls, names: Iterable[str], attacks: Iterable[tuple[str, str]]) -> Framework:
        """Make a framework.

        Parameters
        ----------
        names : iterable of str
            Each once; their order is kept.
        attacks : iterable of (str, str)
            What attacks, and what it attacks; the same pair may come again.

        Raises
        ------
        ValueError
            A name twice, or an attack from or on nothing.

        Examples
        --------
        >>> Framework.of("ab", [("a", "b")]).attackers
        ((), (0,))
        """
        ordered = tuple(names)
        number = {name: i for i, name in enumerate(ordered)}
        if len(number) != len(ordered):
            raise ValueError("an argument twice")
        into: list[set[int]] = [set() for _ in ordered]
        out: list[set[int]] = [set() for _ in ordered]
        for source, target in attacks:
            if source not in number or target not in number:
                raise ValueError(f"attack of {source!r} on {target!r}: no such argument")
            into[number[target]].add(number[source])
            out[number[source]].add(number[target])
        return cls(
            ordered, tuple(tuple(sorted(s)) for s in into), tuple(tuple(sorted(s)) for s in out)
        )

    def conflict_free(self, members: Iterable[int]) -> bool:
        """Tell whether no member attacks a member.

        Parameters
        ----------
        members : iterable of int
            Arguments.

        Examples
        --------
        >>> Framework.of("ab", [("a", "b")]).conflict_free([0, 1])
        False

        References
        ----------
        Dung 1995, definition 5.
        """
        inside = set(members)
        return not any(inside.intersection(self.attackers[one]) for one in inside)

    def admissible(self, members: Iterable[int]) -> bool:
        """Tell whether members do not attack each other and attack whatever attacks them.

        Parameters
        ----------
        members : iterable of int
            Arguments.

        Examples
        --------
        >>> framework = Framework.of("abc", [("a", "b"), ("b", "c")])
        >>> framework.admissible([2]), framework.admissible([0, 2])
        (False, True)

        References
        ----------
        Dung 1995, definition 6.
        """
        inside = set(members)
        against = {one for member in inside for one in self.attackers[member]}
        beaten = {one for member in inside for one in self.attacked[member]}
        return not inside & beaten and against <= beaten


def components(successors: Sequence[Sequence[int]]) -> list[list[int]]:
    """Return the strongly connected components of a graph.

    Parameters
    ----------
    successors : sequence of sequence of int
        Of each node 0, 1, ...: where its edges lead.

    Returns
    -------
    list of list of int
        A component stands before those that lead to it; its nodes are in order.

    Examples
    --------
    >>> components([[1], [2], [1], [0]])
    [[1, 2], [0], [3]]

    Notes
    -----
    Linear; no recursion.

    References
    ----------
    R. Tarjan, Depth-first search and linear graph algorithms, SIAM J. Comput. 1 (1972).
    """
    order: list[int] = [-1] * len(successors)  # when first seen
    low = list(order)
    open_: list[int] = []
    is_open = bytearray(len(successors))
    found: list[list[int]] = []
    seen = 0
    for root in range(len(successors)):
        if order[root] >= 0:
            continue
        walk = [(root, 0)]
        while walk:
            node, at = walk.pop()
            if at == 0:
                order[node] = low[node] = seen
                seen += 1
                open_.append(node)
                is_open[node] = 1
            following = successors[node]
            while at < len(following):
                other = following[at]
                at += 1
                if order[other] < 0:
                    walk += [(node, at), (other, 0)]
                    break
                if is_open[other]:
                    low[node] = min(low[node], order[other])
            else:
                if low[node] == order[node]:
                    found.append(_closed(open_, is_open, node))
                elif walk:
                    low[walk[-1][0]] = min(low[walk[-1][0]], low[node])
    return found


def _closed(open_: list[int], is_open: bytearray, root: int) -> list[int]:
    """Take a whole component from the open nodes."""
    at = len(open_) - 1
    while open_[at] != root:
        at -= 1
    members = open_[at:]
    del open_[at:]
    for node in members:
        is_open[node] = 0
    return sorted(members)
