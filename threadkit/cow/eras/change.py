"""One entry of a timeline: what a release, a backport or a proposal changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from threadkit.cow.eras.commits import COMMITS, CommitRef

Value = str | bool
"""What a policy field holds."""


@dataclass(frozen=True, slots=True)
class Change:
    """What one release, backport or proposal changed.

    Attributes
    ----------
    release : str
        The first that has it: ``5.9-rc4``, ``5.10.9``; empty for what never was released.
    sets : tuple of (str, Value)
        Policy fields and their values from then on.
    commits : tuple of CommitRef
        The commits that did it, oldest first.
    why : str
        The reason and the effect, in one or two sentences.
    sources : tuple of str
        Where the rule was read besides: ``tree 5.10.262``, ``mail <id>``.
    """

    release: str
    sets: tuple[tuple[str, Value], ...]
    commits: tuple[CommitRef, ...]
    why: str
    sources: tuple[str, ...] = ()

    def value(self, field: str) -> Value | None:
        """Return what it sets a field to, or None."""
        return dict(self.sets).get(field)

    @property
    def checked(self) -> str:
        """How it was verified: trees first, then the commits' marks; else ``mail``."""
        trees = [one for one in self.sources if one.startswith("tree ")]
        marks = {one.checked: None for one in self.commits}
        return ", ".join([*trees, *marks]) or ("mail" if self.sources else "")


UNSET = Change("", (), (), "")
"""Stands for the change that a field never had."""


def change(
    release: str, why: str, *shas: str, sources: tuple[str, ...] = (), **sets: Value
) -> Change:
    """Make one entry of a timeline.

    Parameters
    ----------
    release : str
        The first that has it, or empty.
    why : str
        Reason and effect.
    *shas : str
        12 hex digits each, known to :mod:`threadkit.cow.eras.commits`.
    sources : tuple of str
        Trees and mails besides.
    **sets : str or bool
        Policy fields.
    """
    return Change(release, tuple(sets.items()), tuple(COMMITS[one] for one in shas), why, sources)


def last_setting(changes: Iterable[Change], field: str) -> Change:
    """Return the last change that sets a field; UNSET if none does.

    Parameters
    ----------
    changes : iterable of Change
        Oldest first.
    field : str
        Name of a policy field.
    """
    found = UNSET
    for one in changes:
        if one.value(field) is not None:
            found = one
    return found
