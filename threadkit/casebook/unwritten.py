"""Claims and questions that nobody put into words yet: a casebook is used without them.

``casebook new`` writes every claim that a program found. A person words those that matter, one
by one; the others wait in the files and are told in a count.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from threadkit.casebook.schema import is_todo
from threadkit.casebook.values import Unwritten
from threadkit.casebook.yamltext import Path

_TEXTS = {"claims": "gist", "questions": "text"}


class Waiting(NamedTuple):
    """Places in the lists of a document of what waits for words."""

    claims: frozenset[int]
    questions: frozenset[int]

    def has(self, path: Path) -> bool:
        """Tell whether a part of the document is of what waits.

        Parameters
        ----------
        path : path
            In the document.
        """
        section, place = (*path, "", "")[:2]
        return (section == "claims" and place in self.claims) or (
            section == "questions" and place in self.questions
        )


NOTHING = Waiting(frozenset(), frozenset())
"""All is written."""


def waiting(document: Mapping[str, Any]) -> Waiting:
    """Find the claims without a gist, and the questions without a text that none else answers.

    Parameters
    ----------
    document : mapping
        All files put together.

    Examples
    --------
    >>> waiting({"claims": [{"gist": "todo", "question": "q1"}, {"gist": "It is so."}],
    ...          "questions": [{"key": "q1", "text": "todo"}]})
    Waiting(claims=frozenset({0}), questions=frozenset({0}))
    """
    claims = _without_text(document, "claims")
    needed = {
        one["question"]
        for place, one in enumerate(document["claims"])
        if place not in claims and isinstance(one, Mapping) and isinstance(one.get("question"), str)
    }
    questions = {
        place
        for place in _without_text(document, "questions")
        if document["questions"][place].get("key") not in needed
    }
    return Waiting(frozenset(claims), frozenset(questions))


def without(
    document: Mapping[str, Any], left: Waiting
) -> tuple[dict[str, Any], Callable[[Path], Path]]:
    """Leave out what waits for words, and the relations with it.

    Parameters
    ----------
    document : mapping
        All files put together; it is not changed.
    left : Waiting
        Of it.

    Returns
    -------
    document : dict
        What can be used.
    path_of : callable
        Takes a path in it, and returns the path in the whole document.
    """
    kept = {
        section: [at for at in range(len(document[section])) if at not in places]
        for section, places in (("claims", left.claims), ("questions", left.questions))
    }
    some = {section: [document[section][at] for at in places] for section, places in kept.items()}
    gone = {document["claims"][at].get("id") for at in left.claims}
    stances: dict[tuple[int, int], int] = {}
    for number, claim in enumerate(some["claims"]):
        if not left.claims or "stances" not in claim:
            continue
        fit = [at for at, one in enumerate(claim["stances"]) if not gone & _numbers(one)]
        stances |= {(number, new): at for new, at in enumerate(fit)}
        some["claims"][number] = {**claim, "stances": [claim["stances"][at] for at in fit]}

    def path_of(path: Path) -> Path:
        """Find a part of what is used in the whole document."""
        if len(path) < 2 or path[0] not in kept or not isinstance(path[1], int):
            return path
        rest = path[2:]
        if rest[:1] == ("stances",) and len(rest) > 1:
            old = stances.get((path[1], int(rest[1])), int(rest[1]))
            rest = ("stances", old, *rest[2:])
        return (path[0], kept[str(path[0])][path[1]], *rest)

    return {**document, **some}, path_of


def unwritten_in_words(some: Iterable[Unwritten]) -> str:
    """Count what waits for words, and name where it begins; empty if nothing does.

    Parameters
    ----------
    some : iterable of Unwritten
        Of a casebook.

    Examples
    --------
    >>> from threadkit.casebook.values import At
    >>> unwritten_in_words([Unwritten("claim", At("claims/01-ann.yaml", 1))])
    '1 claim is not in words yet and left out (from claims/01-ann.yaml:1)'
    """
    found = list(some)
    if not found:
        return ""
    counts = {what: sum(one.what == what for one in found) for what in ("claim", "question")}
    said = " and ".join(
        f"{many} {what}{'s' * (many != 1)}" for what, many in counts.items() if many
    )
    verb = "is" if len(found) == 1 else "are"
    return f"{said} {verb} not in words yet and left out (from {found[0].at})"


def _without_text(document: Mapping[str, Any], section: str) -> set[int]:
    text = _TEXTS[section]
    return {
        place
        for place, one in enumerate(document[section])
        if isinstance(one, Mapping) and is_todo(one.get(text))
    }


def _numbers(stance: Mapping[str, Any]) -> set[object]:
    return {value for value in stance.values() if isinstance(value, int)}
