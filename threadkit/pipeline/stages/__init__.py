"""The stages of an analysis, one module each; :mod:`threadkit.pipeline.analysis` runs them.

A stage has ``NAME`` and ``VERSION``, ``inputs(conn)``, a cheap fingerprint of what it
reads, and ``run(db, run_id, tell)``, which replaces the stage's own findings and returns
how much it read and how much it found. A stage that can use a local repository also has
``run_with(clone, db, run_id, tell)``. A stage with ``IN_BATCHES`` commits by itself, and
one with ``forget(conn)`` reads all anew only after that. One with ``run_scoped(scope, db,
run_id, tell)`` can be held to some conversations, and ``waiting(conn, scope)`` counts what it
has to read; one with ``version()`` rests on more than its code, such as a trained model.
"""

from __future__ import annotations

from dataclasses import dataclass

from threadkit import __version__


@dataclass(frozen=True, slots=True)
class Scope:
    """What a run is held to.

    Attributes
    ----------
    roots : tuple of int or None
        ``message.root`` of the conversations that are read; all if None.
    jobs : int or None
        Processes that share the work; as many as are worth it if None.
    """

    roots: tuple[int, ...] | None = None
    jobs: int | None = None


EVERYTHING = Scope()
"""No bounds."""


def rules(version: str) -> str:
    """Name the rules of a stage, which are others in each release of threadkit.

    Parameters
    ----------
    version : str
        ``VERSION`` of the stage.

    Returns
    -------
    str
        Findings by other rules are made anew.
    """
    return f"{version} of threadkit {__version__}"
