"""Hashes as written become one name for each commit, without guessing."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from threadkit.analyze.regressions.commit_names import CommitNames, Resolution

HEX = st.text("0123456789abcdef", min_size=40, max_size=40)


def test_what_was_looked_up_wins_and_two_that_begin_so_are_none() -> None:
    one, other = "abcdef1" + "0" * 33, "abcdef1" + "1" * 33
    names = CommitNames([one, other], {"abcdef1": Resolution(None, "ambiguous there")})
    assert names.resolve("abcdef1") == Resolution(None, "ambiguous there")
    assert names.resolve("ABCDEF10").sha == one
    assert CommitNames([one, other]).resolve("abcdef1").why == "more than one commit begins so"
    assert names.resolve("v6.1..v6.2").why == "not a hash"


def test_a_short_name_that_two_longer_ones_begin_with_stays_itself() -> None:
    written = ["abcdef1", "abcdef12", "abcdef13"]
    names = CommitNames([], {}, written)
    assert [names.key(name) for name in written] == written


@given(st.lists(HEX, min_size=1, max_size=8, unique=True), st.data())
def test_every_spelling_has_one_name_whatever_their_order(
    shas: list[str], data: st.DataObject
) -> None:
    known = data.draw(st.sets(st.sampled_from(shas)))
    written = [sha[: data.draw(st.integers(7, 40))] for sha in shas for _ in range(2)]
    names = CommitNames(known, {}, written)
    mixed = CommitNames(sorted(known, reverse=True), {}, list(reversed(written)))
    for name in written:
        key = names.key(name)
        assert key == mixed.key(name)
        assert key.startswith(name)
        assert names.key(key) == key
        owners = {sha for sha in shas if sha.startswith(name)}
        if len(owners) == 1:
            assert next(iter(owners)).startswith(key)
