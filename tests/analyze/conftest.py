"""What must hold of every resolution, whatever the mails."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence

import pytest

from threadkit.analyze.quotes import METHODS, Ancestor, Resolution
from threadkit.mail.block import Block
from threadkit.mail.quotemarks import content_spans

Check = Callable[
    [str, Sequence[Block], Sequence[Ancestor | None], Sequence[Resolution]],
    None,
]


def unmarked(body: str, blocks: Sequence[Block], start: int, stop: int) -> str:
    """The text of a range without the quote marks of its lines."""
    lines = []
    for block in blocks:
        if block.stop > start and block.start < stop:
            for begin, end in content_spans(body, block):
                if end >= start and begin <= stop:
                    lines.append(body[max(begin, start) : min(end, stop)])
    return "\n".join(lines)


def words_by_line(text: str) -> list[list[str]]:
    return [line.split() for line in text.split("\n")]


def check_source(quoted: str, source: str, method: str) -> None:
    if method == "verbatim":
        assert quoted == source
    elif method == "white-space":
        assert words_by_line(quoted) == words_by_line(source)
        assert quoted != source
    elif method == "rewrapped":
        assert "".join(quoted.split()) == "".join(source.split())


def check_part(
    body: str, blocks: Sequence[Block], ancestors: Sequence[Ancestor | None], part: Resolution
) -> None:
    assert part.method in METHODS
    if part.ancestor is None:
        assert part.method.startswith("not-found:")
        assert (part.source_start, part.source_stop, part.score) == (None, None, 0.0)
        return
    ancestor = ancestors[part.ancestor]
    assert ancestor is not None
    assert part.source_start is not None
    assert part.source_stop is not None
    assert 0 <= part.source_start < part.source_stop <= len(ancestor.body)
    assert 0 < part.score <= 1
    source = unmarked(ancestor.body, ancestor.blocks, part.source_start, part.source_stop)
    quoted = unmarked(body, [blocks[part.block]], part.start, part.stop)
    assert quoted == quoted.strip()
    check_source(quoted, source, part.method.removeprefix("via-quote:"))
    if not part.method.endswith(("damaged", "edited")):
        assert part.score == 1


def check_all(
    body: str,
    blocks: Sequence[Block],
    ancestors: Sequence[Ancestor | None],
    found: Sequence[Resolution],
) -> None:
    parts = defaultdict(list)
    for part in found:
        parts[part.block].append(part)
        check_part(body, blocks, ancestors, part)
    assert list(parts) == [n for n, block in enumerate(blocks) if block.kind == "quote"]
    for number, group in parts.items():
        block = blocks[number]
        assert [part.part for part in group] == list(range(len(group)))
        edges = [block.start]
        for part in group:
            edges += [part.start, part.stop]
        edges.append(block.stop)
        assert edges == sorted(edges)
        if group[0].method == "not-found:blank":
            continue
        left = [
            unmarked(body, [block], begin, end)
            for begin, end in zip(edges[::2], edges[1::2], strict=True)
        ]
        assert not "".join(left).strip("> \t\n\xa0\u3000\x0b\x0c")


@pytest.fixture(scope="session")
def check() -> Check:
    """Assert what METHODS promises and that parts cover each quote in order."""
    return check_all
