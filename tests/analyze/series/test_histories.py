"""Random histories of several series come back as they were made, in whatever order."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.analyze.series.histories import Made, Plan, expand, groups
from threadkit.analyze.series.linking import link
from threadkit.analyze.series.revisions import group
from threadkit.analyze.series.values import Posting, Series


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    tie = draw(st.sampled_from(["change-id", "link", "reply", "titles"]))
    sizes = draw(st.lists(st.integers(1, 5), min_size=1, max_size=4))
    if tie == "titles":  # a small part of what there was is another matter
        for at in range(1, len(sizes)):
            sizes[at] = max(sizes[at], (sizes[at - 1] + 1) // 2)
    return Plan(
        person=draw(st.integers(0, 2)),
        sizes=tuple(sizes),
        shape=draw(st.sampled_from(["cover", "chain", "loose"])),
        tie=tie,
        renamed=tie in ("change-id", "link") and draw(st.booleans()),
        rfc=draw(st.booleans()),
        days=draw(st.integers(0, 40)),
    )  # fmt: skip


def made_of(some: list[Plan]) -> list[Made]:
    return [one for number, plan in enumerate(some) for one in expand(plan, number)]


def shape(found: list[Series]) -> list[list[set[int]]]:
    return [[{p.message for p in r.patches.values()} for r in one.revisions] for one in found]


def found_of(postings: list[Posting]) -> list[Series]:
    return link(group(postings))


@given(st.lists(plans(), min_size=1, max_size=6), st.randoms(use_true_random=False))
@settings(max_examples=200)
def test_histories_come_back_as_they_were_made(some, random):
    made = made_of(some)
    postings = [one.posting for one in made]
    random.shuffle(postings)
    found = shape(found_of(postings))
    wanted = list(groups(made).values())
    assert sorted(found, key=str) == sorted(wanted, key=str)


@given(st.lists(plans(), min_size=1, max_size=6), st.randoms(use_true_random=False))
def test_the_order_of_arrival_does_not_matter(some, random):
    postings = [one.posting for one in made_of(some)]
    kept = random.sample(postings, max(1, len(postings) * 2 // 3))  # some mails are missing
    one = found_of(kept)
    random.shuffle(kept)
    other = found_of(kept)
    assert shape(one) == shape(other)
    facts = [[(r.kind, r.rule, r.score) for r in s.revisions] for s in one]
    assert facts == [[(r.kind, r.rule, r.score) for r in s.revisions] for s in other]


@given(st.lists(plans(), min_size=1, max_size=6), st.randoms(use_true_random=False))
def test_every_mail_is_in_exactly_one_revision(some, random):
    postings = [one.posting for one in made_of(some)]
    kept = random.sample(postings, max(1, len(postings) // 2))
    seen = [p.message for s in found_of(kept) for r in s.revisions for p in r.patches.values()]
    assert sorted(seen) == sorted(p.message for p in kept)


@given(plans())
def test_numbers_and_gaps_are_told(plan):
    made = expand(plan, 0)
    (series,) = found_of([one.posting for one in made])
    assert [r.missing for r in series.revisions] == [()] * len(plan.sizes)
    for revision, size in zip(series.revisions, plan.sizes, strict=True):
        assert revision.numbering.expected == size
