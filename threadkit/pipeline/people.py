"""Merge the addresses of the store into persons."""

from __future__ import annotations

from pathlib import Path

from threadkit.store.write import Writer


def merge_people(writer: Writer, mailmap: str | Path | None) -> None:
    """Recompute who is one person behind which addresses (to be filled in)."""
