"""What holds of every debate, whatever the conversation and whatever people correct."""

from __future__ import annotations

from collections import Counter
from typing import get_args

from hypothesis import given
from hypothesis import strategies as st

from threadkit.analyze.arguments.values import KINDS, LABELS, RELATIONS, STANCES
from threadkit.analyze.debate.assemble import assemble
from threadkit.analyze.debate.brief import brief
from threadkit.analyze.debate.corrections import FIELDS
from threadkit.analyze.debate.ground import Ground
from threadkit.analyze.debate.names import unit_key
from threadkit.analyze.debate.positions import positions
from threadkit.analyze.debate.values import (
    Answered,
    Bears,
    Conversation,
    Correction,
    DebateMail,
    Outcome,
    Quoted,
    Said,
    State,
    Status,
)

WORDS = (
    "page_count", "do_wp_page()", "fork", "lock", "pinned", "never", "not", "Bob", "right",
    "NAK", "applied", "v2", "why?", "> quoted", "\n", "\n\n", ". ", "copy", "readers", "I",
)  # fmt: skip
PEOPLE = ("Ann Archer", "Bob Baker", "", "bug daemon")


@st.composite
def spans(draw: st.DrawFn, length: int) -> list[tuple[int, int]]:
    cuts = sorted(draw(st.sets(st.integers(0, length), max_size=6)))
    return list(zip(cuts[::2], cuts[1::2], strict=False))


@st.composite
def mails(draw: st.DrawFn, number: int, count: int) -> DebateMail:
    body = " ".join(draw(st.lists(st.sampled_from(WORDS), max_size=14)))
    units = [
        Said(start, stop, draw(st.sampled_from(LABELS)), "", draw(st.sampled_from(KINDS)),
             draw(st.floats(0, 1)), "model", "", draw(st.sampled_from(("", "sure"))),
             draw(st.integers(-1, 2)))
        for start, stop in draw(spans(len(body)))
    ]  # fmt: skip
    passages = [
        Answered(start, stop, 1, draw(st.sampled_from(STANCES)), draw(st.floats(0, 1)), "model")
        for start, stop in draw(spans(len(body)))
    ]
    quotes = [
        Quoted(start, stop, draw(st.integers(0, count + 1)), low, high, 1.0)
        for (start, stop), (low, high) in zip(draw(spans(len(body))), draw(spans(60)), strict=False)
    ]
    bears = [
        Bears(draw(st.integers(-1, 5)), draw(st.sampled_from(RELATIONS)),
              draw(st.sampled_from(("unit", "quote", "patch"))), draw(st.integers(0, 40)),
              draw(st.integers(0, 60)), draw(st.floats(0, 1)), "model")
        for _ in range(draw(st.integers(0, 4)))
    ]  # fmt: skip
    person = draw(st.sampled_from(PEOPLE))
    return DebateMail(
        number, f"{number}@example.org", person, person, "", draw(st.sampled_from(DATES)),
        draw(st.none() | st.integers(0, count + 1)), draw(st.sampled_from(("Re: x", "[PATCH] x"))),
        draw(st.booleans()), "en", "", body, units, passages, bears, quotes,
        [("Acked-by", person, 0, min(8, len(body)))] if draw(st.booleans()) else [],
    )  # fmt: skip


DATES = (None, "2020-01-01T00:00:00Z", "2020-01-02T00:00:00Z", "2020-01-03T00:00:00Z")


@st.composite
def conversations(draw: st.DrawFn) -> Conversation:
    count = draw(st.integers(0, 4))
    return Conversation(0, [draw(mails(number, count)) for number in range(count)])


@st.composite
def corrections(draw: st.DrawFn, conversation: Conversation) -> list[Correction]:
    keys = [
        unit_key(mail.message_id, mail.body[unit.start : unit.stop])
        for mail in conversation.mails
        for unit in mail.units
    ]
    names = st.sampled_from([*keys, "nothing", "9@example.org#0123456789ab", ""])
    fields = st.sampled_from([*FIELDS, "colour"]) | st.builds(
        "{}:{}".format,
        st.sampled_from(["join", "relation:attack", "relation:support:patch", "relation", "gist"]),
        names,
    )
    values = st.sampled_from(
        [
            *LABELS,
            *RELATIONS,
            *get_args(State),
            *get_args(Status),
            *get_args(Outcome),
            "yes",
            "added",
            "removed",
            "",
            "x",
        ]
    )
    made = st.builds(
        Correction, names, fields, values | names, st.just(""),
        st.just("Eve"), st.just("2020-02-01T00:00:00Z"), st.just("edit"),
    )  # fmt: skip
    return draw(st.lists(made, max_size=6))


@given(conversations(), st.data())
def test_every_debate_holds_together(conversation: Conversation, data: st.DataObject) -> None:
    said = data.draw(corrections(conversation))
    debate = assemble(conversation, said)
    here = {(mail.id, number) for mail in conversation.mails for number in range(len(mail.units))}
    placed = Counter(place.name for claim in debate.claims for place in claim.places)
    assert all(count == 1 for count in placed.values())
    assert set(placed) <= here
    for claim in debate.claims:
        assert claim.places[0].rule == "first"
        assert claim.status in get_args(Status)
        assert claim.state in get_args(State)
        assert claim.why
    for link in debate.links:
        assert link.source in here
        assert link.target in here or link.target.unit == -1
        assert link.source != link.target
        assert link.kind in RELATIONS
        assert 0 <= link.score <= 1
    for point in debate.points:
        assert point.name in here
        assert point.outcome in get_args(Outcome)
        assert len({reply.mail for reply in point.replies}) == len(point.replies)
    assert len({point.name for point in debate.points}) == len(debate.points)
    assert set(debate.unmet) <= {one[:2] for one in said}
    assert all(debate.unmet.values())


@given(conversations(), st.randoms())
def test_the_order_in_which_mails_are_given_tells_nothing(
    conversation: Conversation, random: object
) -> None:
    shuffled = list(conversation.mails)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    other = Conversation(conversation.root, shuffled)
    assert assemble(conversation, []) == assemble(other, [])


@given(conversations())
def test_all_that_is_told_is_in_the_order_of_time(conversation: Conversation) -> None:
    ground = Ground(conversation)
    debate = assemble(conversation, [])
    claims = [(ground.rank(one.places[0].name.mail), one.places[0].name.unit)
              for one in debate.claims]  # fmt: skip
    points = [(ground.rank(one.name.mail), one.name.unit) for one in debate.points]
    decisions = [(ground.rank(one.mail), one.start) for one in debate.decisions]
    for some in (claims, points, decisions):
        assert some == sorted(some)
    for mail in ground.mails:
        above = ground.parent(mail.id)
        assert above is None or ground.rank(above) < ground.rank(mail.id)
        assert mail.id not in ground.ancestors(mail.id)
        for other in ground.mails:
            assert ground.descends(mail.id, other.id) is (other.id in ground.ancestors(mail.id))


@given(conversations(), st.sampled_from(DATES[1:]))
def test_positions_and_briefs_of_every_debate(conversation: Conversation, since: str) -> None:
    debate = assemble(conversation, [])
    for matter in positions(conversation, debate):
        assert matter.voices > 1
        for position in matter.positions:
            assert len({one.mail for one in position.stands}) == len(position.stands)
            assert len(position.changes) < len(position.stands)
    told = brief(conversation, debate, [], since)
    new = {mail.id for mail in conversation.mails if mail.utc and mail.utc >= since}
    assert told.mails == len(new)
    assert {one.mail for one in (*told.naks, *told.decisions)} <= new
    assert {one.reply.mail for one in told.answers} <= new
