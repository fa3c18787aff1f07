"""Many phrases looked for at once: those that begin alike are followed together.

`Phrases.find` tries each phrase by itself, which is right for hundreds; a lexicon has thousands,
and most of them share their first words with others.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from threadkit.analyze.arguments.phrases import GAP, phrase

_ENDS: Final = frozenset((".", "!", "..", "...", ":)"))
"""What may stand behind the last word of a phrase that ends the unit."""


class _Node:
    """A place in the net: the words that lead on, the names of phrases that end here."""

    __slots__ = ("after_gap", "at_end", "names", "next", "steps")

    def __init__(self) -> None:
        self.next: dict[str, list[_Node]] = {}
        self.steps: dict[frozenset[str], _Node] = {}
        self.after_gap: _Node | None = None
        self.names: set[str] = set()
        self.at_end: set[str] = set()

    def step(self, words: frozenset[str]) -> _Node:
        """Return where some words lead, made if need be."""
        if words not in self.steps:
            node = self.steps[words] = _Node()
            for word in words:
                self.next.setdefault(word, []).append(node)
        return self.steps[words]

    def gap(self) -> _Node:
        """Return what stands behind a gap here, made if need be."""
        if self.after_gap is None:
            self.after_gap = _Node()
        return self.after_gap


class PhraseNet:
    """Phrases in the language of `threadkit.analyze.arguments.phrases`, all looked for together.

    Parameters
    ----------
    named : mapping
        From a name to its phrases; none may hold a word that may be missing (``a?``).

    Raises
    ------
    ValueError
        If a phrase begins with a gap or holds a word that may be missing.

    Examples
    --------
    >>> net = PhraseNet({"give-way": ["you .. be right"], "ask": ["^ why"]})
    >>> sorted(net.find(["hm", ",", "you", "may", "well", "be", "right"]))
    [('give-way', 2)]
    """

    def __init__(self, named: Mapping[str, Iterable[str]]) -> None:
        self._root = _Node()
        self._start = _Node()
        for name, texts in named.items():
            for text in texts:
                self._add(name, text)

    def _add(self, name: str, text: str) -> None:
        steps = list(phrase(name, text).steps)
        if any(optional and words for words, optional in steps):
            raise ValueError(f"no word may be missing: {text!r}")
        node = self._root
        if steps[0][0] == {"^"}:
            node, steps = self._start, steps[1:]
        ends = bool(steps) and steps[-1][0] == {"$"}
        for words, _ in steps[:-1] if ends else steps:
            node = node.step(words) if words else node.gap()
        (node.at_end if ends else node.names).add(name)

    def find(self, words: Sequence[str]) -> dict[tuple[str, int], None]:
        """Find the phrases of a unit.

        Parameters
        ----------
        words : sequence of str
            As `phrases.pieces` writes them.

        Returns
        -------
        dict
            Its keys: name and number of the first word, each once.

        Notes
        -----
        Linear in the words: what is followed from one of them is no longer than the longest phrase.
        """
        found: dict[tuple[str, int], None] = {}
        self._follow(self._start, words, 0, 0, found)
        first = self._root.next
        for at, word in enumerate(words):
            for node in first.get(word, ()):
                self._follow(node, words, at + 1, at, found)
        return found

    def _follow(
        self,
        node: _Node,
        words: Sequence[str],
        at: int,
        start: int,
        found: dict[tuple[str, int], None],
    ) -> None:
        """Note all phrases from a place of the net and of the unit on."""
        last = len(words)
        todo = [(node, at)]
        while todo:
            here, now = todo.pop()
            for name in here.names:
                found[name, start] = None
            if here.at_end and (now >= last or words[now] in _ENDS):
                for name in here.at_end:
                    found[name, start] = None
            if here.next and now < last:
                for after in here.next.get(words[now], ()):
                    todo.append((after, now + 1))
            if here.after_gap is not None:
                behind = here.after_gap.next
                for other in range(now, min(last, now + GAP + 1)):
                    for after in behind.get(words[other], ()):
                        todo.append((after, other + 1))
