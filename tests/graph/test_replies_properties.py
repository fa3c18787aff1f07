"""Threading, whatever the mails: nothing lost, no loops, no influence of order."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from threadkit.graph.envelope import named_parent, tells_apart
from threadkit.graph.replies import RULES, Envelope, Placement, place

NAMES = [f"{n}@x" for n in range(8)]
KEYS = ["fix the fork", "[patch 1/2] copy on write", "hi", ""]
TIMES = [f"20{year}-0{month}-01T00:00:00Z" for year in (20, 21, 25) for month in (1, 2, 3)]


def mails(names=tuple(NAMES), keys=tuple(KEYS)):
    """Mails that name each other at random: loops, ghosts and orphans are the rule."""
    ids = st.lists(st.sampled_from([*names, "yes", ""]), max_size=3).map(tuple)
    return st.builds(
        Envelope,
        st.sampled_from(names),
        st.sampled_from([0, 0, 0, 1]),
        ids,
        ids,
        st.sampled_from(keys),
        st.booleans(),
        st.sampled_from([*TIMES, ""]),
    )


def archives():
    return st.lists(mails(), max_size=12, unique_by=lambda mail: mail[:2])


def by_key(placements: list[Placement]) -> dict[tuple[str, int], Placement]:
    found = {(p.message_id, p.imposter): p for p in placements}
    assert len(found) == len(placements), "a node came out twice"
    return found


@given(archives())
def test_every_mail_that_goes_in_comes_out(archive):
    placed = by_key(place(archive))
    seen = {key for key, p in placed.items() if not p.ghost}
    assert seen == {(mail.message_id, mail.imposter) for mail in archive}


@given(archives())
def test_ghosts_are_named_by_somebody_and_have_a_child(archive):
    placed = by_key(place(archive))
    named = {name for mail in archive for name in mail.in_reply_to + mail.references}
    named |= {mail.message_id for mail in archive if mail.imposter}
    for (name, imposter), p in placed.items():
        if p.ghost:
            assert imposter == 0
            assert name in named
            assert any(q.parent == name for q in placed.values())


@given(archives())
def test_there_is_no_loop_and_the_root_is_the_end_of_the_way_up(archive):
    placed = by_key(place(archive))
    for p in placed.values():
        at, passed, loose = p, set(), False
        while at.parent is not None:
            assert at.message_id not in passed or at.imposter
            passed.add(at.message_id if not at.imposter else None)
            loose |= at.rule == "subject"
            at = placed[at.parent, 0]
        assert p.root == at.message_id
        assert p.match == ("loose" if loose else "strict")
        assert p.rule in RULES


@given(archives(), st.randoms(use_true_random=False))
def test_the_order_of_input_does_not_matter(archive, chance: random.Random):
    shuffled = list(archive)
    chance.shuffle(shuffled)
    assert by_key(place(shuffled)) == by_key(place(archive))


@given(archives())
def test_a_mail_hangs_where_its_headers_say_unless_that_is_a_loop(archive):
    placed = by_key(place(archive))
    for mail in archive:
        p = placed[mail.message_id, mail.imposter]
        name, rule = named_parent(mail)
        if name and p.rule != "loop":
            assert (p.parent, p.rule) == (name, rule)


@given(archives())
def test_a_subject_leads_to_an_earlier_mail_with_the_same_subject(archive):
    placed = by_key(place(archive))
    mail_of = {mail.message_id: mail for mail in archive if not mail.imposter}
    for p in placed.values():
        if p.rule != "subject":
            continue
        above = mail_of[p.parent]
        assert tells_apart(above.subject_key)
        if not p.ghost:
            own = mail_of[p.message_id]
            assert own.is_reply
            assert own.subject_key == above.subject_key
            assert above[-1]
            assert (above[-1], above[0]) < (own[-1], own[0])
            assert int(own.order_utc[:4]) - int(above.order_utc[:4]) <= 1


@given(archives())
def test_of_two_mails_given_as_one_the_same_is_kept(archive):
    twice = [*archive, *(mail._replace(subject_key="zzz") for mail in archive)]
    assert by_key(place(twice)) == by_key(place(twice[::-1]))


@given(st.text(max_size=5), st.lists(st.text(max_size=12), max_size=5), st.text(max_size=30))
def test_any_text_can_be_an_id_or_a_time(name, ids, when):
    mail = Envelope(name, 0, tuple(ids), tuple(ids[::-1]), "how to fork", True, when)
    other = Envelope(name + "2", 0, (), tuple(ids), "how to fork", True, when[::-1])
    assert {p.message_id for p in place([mail, other]) if not p.ghost} == {name, name + "2"}
