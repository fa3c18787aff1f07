"""However two mails are made, looking for quotes costs a bounded number of characters."""

from __future__ import annotations

import pytest

from threadkit.analyze import quotes
from threadkit.analyze.quotes import LIMIT, Ancestor, resolve
from threadkit.analyze.seam import Work
from threadkit.mail.block import Block


@pytest.fixture
def spent(monkeypatch: pytest.MonkeyPatch):
    """Return a function that resolves one quote block and tells what it cost."""

    def cost(child: str, parent: str) -> int:
        made: list[Work] = []

        def remembered(limit: int) -> Work:
            made.append(Work(limit))
            return made[0]

        with monkeypatch.context() as patch:
            patch.setattr(quotes, "Work", remembered)
            ancestor = Ancestor(parent, [Block("reply", 0, 0, len(parent))])
            resolve(child, [Block("quote", 1, 0, len(child))], [ancestor])
        return LIMIT - made[0].left

    return cost


def lines(count: int) -> str:
    return "the same line again\n" * count


def hole(count: int) -> str:
    return " ".join(f"word{n}" for n in range(count) if n % 7)


@pytest.mark.parametrize(
    ("child", "parent"),
    [
        (lambda n: "> the same line again\n" * n, lines),
        (lambda n: "> the same line again\n" * (n + 1), lines),
        (lambda n: "> the same line again\n" * n + "> x\n" + "> the same line again\n" * n, lines),
        (lambda n: "> " + "a" * n + "b\n", lambda n: "a" * n),
        (lambda n: "> " + hole(n) + "\n", lambda n: " ".join(f"word{k}" for k in range(n))),
    ],
    ids=["identical", "one-more", "broken", "one-word", "holes"],
)
def test_cost_grows_with_the_length_and_no_faster(spent, child, parent):
    small, large = (spent(child(n), parent(n)) for n in (1000, 4000))
    assert large < 8 * small


@pytest.mark.parametrize(
    ("child", "parent"),
    [
        ("> a b a c\n" * 20_000, "a b a b " * 40_000),
        ("> " + "ab " * 100_000 + "\n", "ba " * 100_000),
    ],
    ids=["near-misses", "shifted"],
)
def test_cost_never_exceeds_the_limit_by_more_than_one_look(spent, child, parent):
    assert spent(child, parent) <= LIMIT + 8 * len(parent)


def test_many_blocks_share_one_limit(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(quotes, "LIMIT", 50_000)
    line = "> these words are not there\n"
    count = 200
    blocks = []
    for start in range(0, count * (len(line) + 1), len(line) + 1):
        stop = start + len(line)
        blocks += [Block("quote", 1, start, stop), Block("reply", 0, stop, stop + 1)]
    parent = "is not here either\n" * 400
    found = resolve(
        (line + "\n") * count, blocks, [Ancestor(parent, [Block("reply", 0, 0, len(parent))])]
    )
    assert len(found) == count
    assert found[0].method == "not-found:no-match"
    assert found[-1].method == "not-found:bounded"
