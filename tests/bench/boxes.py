"""The mail that is measured, written once for all sizes."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from tests.bench.generate import generate, mbox_entry, write_fast_import, write_maildir

MORE = 1000
"""How many mails come later."""


@dataclass(frozen=True, slots=True)
class Box:
    """The first mails of the archive, and those that come after them in portions."""

    mails: int
    mbox: Path
    more: tuple[Path, ...]
    database: Path

    def raws(self) -> Iterator[bytes]:
        """Yield the mails."""
        return read(self.mbox)

    def maildir(self, folder: Path) -> Path:
        """Write the mails as a Maildir."""
        write_maildir(self.raws(), folder)
        return folder

    def epoch(self, folder: Path) -> Path:
        """Write the mails as a public-inbox v2 epoch."""
        subprocess.run(["git", "init", "--quiet", "--bare", str(folder)], check=True)
        fast_import = subprocess.Popen(
            ["git", f"--git-dir={folder}", "fast-import", "--quiet"], stdin=subprocess.PIPE
        )
        assert fast_import.stdin
        with fast_import.stdin:
            write_fast_import(self.raws(), fast_import.stdin)
        if fast_import.wait():
            raise RuntimeError("git fast-import failed")
        head = ["git", f"--git-dir={folder}", "symbolic-ref", "HEAD", "refs/heads/master"]
        subprocess.run(head, check=True)
        return folder


def boxes(sizes: Iterable[int], rounds: int, folder: Path, templates: Path | None) -> list[Box]:
    """Write one mailbox of each size, in one pass; the smaller are the start of the larger.

    Parameters
    ----------
    sizes : iterable of int
        Mails.
    rounds : int
        How many portions of further mails follow each.
    folder : Path
        Where to write.
    templates : Path or None
        A script that is called ``SCRIPT COUNT OUT`` and makes the mails instead.
    """
    made = [
        Box(
            size,
            folder / f"{size}.mbox",
            tuple(folder / f"{size}-{number}.mbox" for number in range(rounds)),
            folder / f"{size}.db",
        )
        for size in sorted(set(sizes))
    ]
    with ExitStack() as stack:
        parts = []
        for box in made:
            parts.append((0, box.mails, box.mbox))
            starts = range(box.mails, box.mails + MORE * rounds, MORE)
            parts += [(s, s + MORE, path) for s, path in zip(starts, box.more, strict=True)]
        outs = [
            (start, stop, stack.enter_context(path.open("wb", buffering=1 << 20)))
            for start, stop, path in parts
        ]
        total = max(stop for _, stop, _ in parts)
        for number, raw in enumerate(_source(total, folder, templates)):
            entry = mbox_entry(raw)
            for start, stop, out in outs:
                if start <= number < stop:
                    out.write(entry)
    return made


def _source(count: int, folder: Path, templates: Path | None) -> Iterator[bytes]:
    if templates is None:
        yield from generate(count)
        return
    path = folder / "templates.mbox"
    command = [sys.executable, str(templates), str(count), str(path)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    yield from read(path)
    path.unlink()


def read(mbox: Path) -> Iterator[bytes]:
    """Yield the mails of a mailbox."""
    from threadkit.fetch.files import open_sources

    for source in open_sources([str(mbox)]):
        for mail in source:
            yield mail.data
