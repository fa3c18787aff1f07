"""An era: one kernel's rules, why it has them, and how it differs from another."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Literal

from threadkit.cow.eras.change import UNSET, Change, Value, last_setting
from threadkit.cow.eras.commits import CommitRef
from threadkit.cow.eras.meanings import FUNCTIONS, MEANINGS
from threadkit.cow.policy import Policy

Kind = Literal["base", "release", "stable", "proposal", "series", "counterfactual"]


@dataclass(frozen=True, slots=True)
class FieldRow:
    """One decision of an era, as a reader is shown it.

    Attributes
    ----------
    field : str
        Name of the policy field.
    value : str or bool
        What this era does.
    meaning : str
        The same in a sentence.
    function : str
        Kernel function and file that decide.
    since : str
        Release that began it; empty if the feature did not exist yet, or the rule was
        never released.
    commits : tuple of CommitRef
        What began it.
    sources : tuple of str
        Trees and mails where it was read.
    checked : str
        How it was verified.
    """

    field: str
    value: Value
    meaning: str
    function: str
    since: str
    commits: tuple[CommitRef, ...]
    sources: tuple[str, ...]
    checked: str


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One decision in which two eras differ.

    Attributes
    ----------
    field : str
        Name of the policy field.
    before, after : str or bool
        Its value in the other era, and in this one.
    commits : tuple of CommitRef
        What made the difference; empty for a proposal.
    sources : tuple of str
        Trees and mails where it was read.
    why : str
        The reason, in a sentence or two.
    """

    field: str
    before: Value
    after: Value
    commits: tuple[CommitRef, ...]
    sources: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True)
class Era:
    """A kernel's copy-on-write rules.

    Attributes
    ----------
    key : str
        Name, as ``refcount_nofork``.
    letter : str
        ``A`` to ``J`` for base eras and single releases in them, else empty.
    title : str
        What characterises it, in a few words.
    kernels : str
        Releases that have these rules.
    kind : str
        ``base``; ``release``: one release within a base era that differs from its first;
        ``stable``; ``proposal`` and ``series``: never released as such;
        ``counterfactual``: a kernel built for comparison.
    policy : Policy
        The rules.
    changes : tuple of Change
        What led to them, oldest first; the last that sets a field counts.
    notes : tuple of str
        What a reader must know besides.
    """

    key: str
    letter: str
    title: str
    kernels: str
    kind: Kind
    policy: Policy
    changes: tuple[Change, ...]
    notes: tuple[str, ...] = ()

    def value(self, field: str) -> Value:
        """Return one policy field's value.

        Parameters
        ----------
        field : str
            Its name.
        """
        value: Value = getattr(self.policy, field)
        return value

    def fields(self) -> tuple[FieldRow, ...]:
        """Return every decision, in the order of :class:`Policy`.

        Examples
        --------
        >>> from threadkit.cow.eras import era
        >>> row = era("refcount_nofork").fields()[0]
        >>> row.field, row.value, row.since, row.commits[0].sha
        ('do_wp_page', 'page_count_1', '5.9-rc4', '09854ba94c6a')
        """
        return tuple(self._row(one.name) for one in fields(Policy))

    def _row(self, field: str) -> FieldRow:
        value, last = self.value(field), last_setting(self.changes, field)
        meaning, function = MEANINGS[field][value], FUNCTIONS[field]
        return FieldRow(
            field, value, meaning, function, last.release, last.commits, last.sources, last.checked
        )

    def changed_from(self, other: Era) -> tuple[FieldChange, ...]:
        """Return the decisions that differ from another era's.

        Parameters
        ----------
        other : Era
            The one before, usually.

        Returns
        -------
        tuple of FieldChange
            In the order of :class:`Policy`; empty if both decide alike.

        Examples
        --------
        >>> from threadkit.cow.eras import era
        >>> for one in era("C2").changed_from(era("C")):
        ...     print(one.field, one.before, one.after, one.commits[0].sha)
        foll_force drop_write foll_cow 19be0eaffa3a
        hugetlb_wp page_count page_mapcount 0fe6e20b9c4c
        """
        return tuple(
            self._changed(other, one.name)
            for one in fields(Policy)
            if self.value(one.name) != other.value(one.name)
        )

    def __repr__(self) -> str:
        return f"<Era {self.key} ({self.kernels}): {self.title}>"

    def _repr_html_(self) -> str:
        from threadkit.cow.diagram.era import era_html

        return era_html(self)

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        return {"text/plain": repr(self), "text/html": self._repr_html_()}

    def _changed(self, other: Era, field: str) -> FieldChange:
        mine, theirs = last_setting(self.changes, field), last_setting(other.changes, field)
        # The one that the other side never had made the difference; if both have such a
        # one, this era's is told.
        parted = theirs if mine is UNSET or mine in other.changes else mine
        before, after = other.value(field), self.value(field)
        return FieldChange(field, before, after, parted.commits, parted.sources, parted.why)
