"""Of stored conversations little is read, and that is enough."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.bench.generate import debate
from tests.pipeline.mails import mail
from tests.pipeline.test_placing import Shelf, chain_of
from threadkit.graph.replies import Forest
from threadkit.pipeline.nearby import Nearby

NAMES = [f"m{n}" for n in range(40)]
SUBJECTS = ["A question about pages", "Another question altogether"]
QUESTION = "Re: A question about pages"


class Seen:
    """What was read around each batch."""

    def __init__(self) -> None:
        self.around: list[Nearby] = []
        self.whole = 0


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> Seen:
    found = Seen()
    real = Nearby.forest

    def forest(self: Nearby) -> Forest | None:
        result = real(self)
        found.around.append(self)
        found.whole += result is None
        return result

    monkeypatch.setattr(Nearby, "forest", forest)
    return found


@st.composite
def replies(draw: st.DrawFn) -> bytes:
    """One mail of a world in which parents are mostly earlier, so that loops are rare."""
    number = draw(st.integers(0, 39))
    kind = draw(st.sampled_from(["reply", "reply", "by references", "bare", "bare", "new"]))
    above = [
        NAMES[n] for n in sorted(draw(st.sets(st.integers(0, max(number - 1, 0)), max_size=3)))
    ]
    up = NAMES[draw(st.integers(0, max(number - 1, 0)))]
    return mail(
        NAMES[number],
        to=up if kind == "reply" else None,
        references=[*above, up] if kind in ("reply", "by references") else [],
        subject=("" if kind == "new" else "Re: ") + draw(st.sampled_from(SUBJECTS)),
        minute=number + 5 + draw(st.sampled_from([0, 0, 0, -5, 5])),
    )


@given(st.lists(st.lists(replies(), min_size=1, max_size=8), min_size=1, max_size=10))
@settings(max_examples=100, deadline=None)
def test_batch_by_batch_equals_all_at_once_in_a_larger_world(batches: list[list[bytes]]) -> None:
    with Shelf() as shelf:
        for batch in batches:
            shelf.add(batch)
            assert shelf.places() == shelf.expected()


def test_of_a_long_debate_little_is_read(seen: Seen) -> None:
    mails = list(debate(600, seed=3))
    with Shelf() as shelf:
        for at in range(0, 600, 100):
            shelf.add(mails[at : at + 100])
        assert shelf.places() == shelf.expected()
    assert not seen.whole
    assert len(seen.around[-1].members) + len(seen.around[-1].anchors) < 250


def test_a_chain_of_any_length_is_tied_to_its_root(seen: Seen) -> None:
    with Shelf() as shelf:
        shelf.add(chain_of(200))
        shelf.add([mail("late", to="c199", references=["c0", "c199"], minute=300)])
        assert shelf.places() == shelf.expected()
    names = [one.message_id for one in seen.around[-1].members.values()]
    assert names == ["c0@example.org"]
    assert [one.message_id for one in seen.around[-1].anchors.values()] == ["c199@example.org"]


def thread_below(top: str, count: int) -> list[bytes]:
    """Return a chain of replies whose first names ``top``, which is not here."""
    names = [top, *(f"{top}-{n}" for n in range(count))]
    return [
        mail(name, to=names[n], references=names[: n + 1], minute=n + 1)
        for n, name in enumerate(names[1:])
    ]


def test_a_root_that_comes_late_is_the_root_of_all_that_was_not_read(seen: Seen) -> None:
    with Shelf() as shelf:
        shelf.add(thread_below("top", 50))
        shelf.add([mail("top", to="above", minute=0)])
        assert shelf.places() == shelf.expected()
        assert {row[5] for row in shelf.places()} == {"above@example.org"}
        shelf.add([mail("above", subject="A question about pages", minute=0)])
        assert shelf.places() == shelf.expected()
        assert {row[5:] for row in shelf.places()} == {("above@example.org", "strict")}
    assert not seen.whole
    assert all(len(one.members) < 5 for one in seen.around)


def test_a_match_by_subject_reaches_down_to_all_that_was_not_read(seen: Seen) -> None:
    orphans = [mail("o0", subject=QUESTION, minute=10)]
    orphans += [mail(f"o{n}", to=f"o{n - 1}", minute=10 + n) for n in range(1, 30)]
    with Shelf() as shelf:
        shelf.add(orphans)
        shelf.add([mail("first", subject="A question about pages", minute=1)])
        assert shelf.places() == shelf.expected()
        where = {row[0]: row[5:] for row in shelf.places()}
        assert where["o29@example.org"] == ("first@example.org", "loose")
        shelf.add([mail("nearer", subject="A question about pages", minute=5)])
        assert shelf.places() == shelf.expected()
        where = {row[0]: row[5:] for row in shelf.places()}
        assert where["o29@example.org"] == ("nearer@example.org", "loose")
    assert not seen.whole


def test_an_ancestor_named_only_by_a_witness_is_found_in_another_conversation(seen: Seen) -> None:
    with Shelf() as shelf:
        shelf.add([mail("far"), mail("far-reply", to="far", minute=1)])
        shelf.add([mail("w", to="gone", references=["far-reply", "gone"], minute=5)])
        assert shelf.places() == shelf.expected()
        where = {row[0]: row[3:6] for row in shelf.places()}
        assert where["gone@example.org"] == ("far-reply@example.org", "gap", "far@example.org")
    assert not seen.whole


LOOP = [
    mail("a", to="b", minute=1),
    mail("c", to="a", minute=2),
    mail("b", to="c", minute=3),
    mail("d", to="c", minute=4),
]


@pytest.mark.parametrize("size", [1, 2, 3])
def test_a_loop_needs_whole_conversations(seen: Seen, size: int) -> None:
    with Shelf() as shelf:
        for at in range(0, 4, size):
            shelf.add(LOOP[at : at + size])
            assert shelf.places() == shelf.expected()
    assert seen.whole


def other_times(count: int) -> Sequence[bytes]:
    return [mail(f"bare{n}", subject=QUESTION, minute=n) for n in range(count)]


def test_many_replies_without_headers_are_matched_alike(seen: Seen) -> None:
    with Shelf() as shelf:
        for some in (other_times(30), [mail("ask", subject=SUBJECTS[0], minute=20)]):
            shelf.add(some)
            assert shelf.places() == shelf.expected()
    assert seen.whole == 1  # there were more subjects to look up than is worth it
