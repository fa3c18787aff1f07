"""One person behind several addresses: with evidence, and never without."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threadkit.graph.mailmap import Mailmap
from threadkit.graph.names import display, full_name, mailbox
from threadkit.graph.people import KEPT_APART, RULES, AddressUse, People, merge
from threadkit.mail.message import parse


def people(*pairs: str, mailmap: str = "") -> People:
    """Merge addresses written ``Name <email>``; keys count from 0."""
    uses = []
    for key, pair in enumerate(pairs):
        name, _, email = pair.rpartition(" <")
        uses.append(AddressUse(key, email.rstrip(">"), name, 1))
    return merge(uses, Mailmap(mailmap.splitlines()))


def groups(found: People) -> list[tuple[int, ...]]:
    return sorted(person.keys for person in found.persons)


MERGED = {
    "same-address": ("Jane Doe <jane@x.org>", "jd <JANE@X.ORG>"),
    "same-mailbox": ("Jane Doe <jane@x.org>", "Jane <jane+lists@x.org>"),
    "name-and-local-part": ("Jane Moore <janie@x.org>", "Moore, Jane <janie@y.org>"),
    "name-and-organisation": ("Jane Doeling <jane@x.org>", "Jane Doeling <doctor@dev.x.org>"),
    "name-in-address": ("J. Ane Doe <ane.doe@x.org>", "Ane Doe (ACME) <adoe7@y.org>"),
    "distinctive-name": ("Jane Doeling <penguin@x.org>", "JANE DOELING <tux42@y.org>"),
    "relayed-name": ("Jane Doeling via Dev <dev@lists.x.org>", "Jane Doeling <jane@y.org>"),
    "mailmap": ("jd <jd@x.org>", "Jane <jane@y.org>"),
}


@pytest.mark.parametrize("rule", RULES)
def test_each_rule_merges_and_is_named(rule):
    text = "Jane Doe <jane@y.org> <jd@x.org>" if rule == "mailmap" else ""
    found = people(*MERGED[rule], mailmap=text)
    assert groups(found) == [(0, 1)]
    (why,) = found.merges
    assert (why.key, why.other, why.rule) == (0, 1, rule)
    assert why.detail


APART = {
    "a common name": ("Li Wang <li.wang@x.org>", "Li Wang <liwang@y.org>"),
    "a common name in one company": ("Li Wang <li.wang@x.org>", "Li Wang <wang.li7@x.org>"),
    "a common name and a short local part": ("Jane Moore <jxm@x.org>", "Jane Moore <jxm@y.org>"),
    "one word": ("Jane <jane@x.org>", "Jane <jane@y.org>"),
    "no evidence": ("Ane Doe <penguin@x.org>", "Ane Doe <tux42@y.org>"),
    "a role's name": ("kernel test robot <lkp@x.org>", "kernel test robot <lkp@y.org>"),
    "a role's address": ("Jane Doeling <security@x.org>", "Jane Doeling <jane@y.org>"),
    "two people behind one relay": ("Jane Doe <noreply@x.org>", "Joe Roe <noreply@x.org>"),
}


@pytest.mark.parametrize("why", APART)
def test_people_are_kept_apart(why):
    assert groups(people(*APART[why])) == [(0,), (1,)]


def test_a_surname_that_others_have_too_is_not_distinctive():
    pair = ("Jane Doeling <penguin@x.org>", "Jane Doeling <tux42@y.org>")
    assert groups(people(*pair)) == [(0, 1)]
    assert groups(people(*pair, "Joe Doeling <joe@z.org>")) == [(0,), (1,), (2,)]


def test_an_uncommon_name_and_a_local_part_of_three_letters_are_enough():
    (why,) = people("Ane Doe <axd@x.org>", "Ane Doe <axd@y.org>").merges
    assert why.rule == "name-and-local-part"


def test_why_namesakes_are_kept_apart_is_told():
    assert [m.rule for m in people(*APART["a common name"]).kept_apart] == ["common-name"]
    assert [m.rule for m in people(*APART["no evidence"]).kept_apart] == ["no-evidence"]


def test_a_mailbox_with_two_names_does_not_connect_two_people():
    found = people(
        "Jane Doeling <family@x.org>", "Bob Roebuck <family@x.org>",
        "Jane Doeling <jane@y.org>", "Bob Roebuck <bob@z.org>",
    )  # fmt: skip
    assert groups(found) == [(0, 1), (2,), (3,)]
    assert {m.rule for m in found.kept_apart} == {"several-names"}


def test_a_mailmap_keeps_two_apart_and_a_third_joins_only_one():
    names = [f"Jane Doeling <jane@{host}.org>" for host in "xyz"]
    assert groups(people(*names)) == [(0, 1, 2)]
    text = "Jane Doeling <jane@x.org>\nJane Doeling <jane@y.org>\n"
    found = people(*names, mailmap=text)
    assert groups(found) == [(0, 2), (1,)]
    assert [m.rule for m in found.kept_apart] == ["mailmap"]


def test_a_mailmap_tells_two_people_behind_one_address_apart():
    found = people(
        "Jane Doe <box@x.org>", "Bob Roe <box@x.org>",
        mailmap="Jane Doe <jane@x.org> Jane Doe <box@x.org>\nBob Roe <bob@x.org> bob roe <box@x.org>",
    )  # fmt: skip
    assert [(p.name, p.email) for p in found.persons] == [
        ("Bob Roe", "bob@x.org"), ("Jane Doe", "jane@x.org"),
    ]  # fmt: skip


def test_a_person_is_called_what_is_used_most():
    found = merge(
        [
            AddressUse(1, "jane@x.org", "Doe, Jane", 2),
            AddressUse(2, "jane@x.org", "jane", 5),
            AddressUse(3, "jane+new@x.org", "Jane Doe (ACME)", 4),
        ]
    )
    (person,) = found.persons
    assert (person.name, person.email) == ("Jane Doe", "jane@x.org")


def test_bots_and_lists_are_one_each():
    found = people(
        "syzbot <syzbot+aa@b.example.org>", "syzbot <syzbot+bb@b.example.org>",
        "tip-bot2 for Jane Doeling <tip-bot2@x.org>", "Jane Doeling <jane@x.org>",
    )  # fmt: skip
    assert groups(found) == [(0, 1), (2,), (3,)]
    assert {person.name for person in found.persons} >= {"syzbot", "tip-bot2"}


WORDS = st.sampled_from(["Jane", "Bob", "Doeling", "Wang", "Li", "via", "Lists", "Q.", "Ötzi"])
USES = st.lists(
    st.tuples(
        st.sampled_from(["jane@x.org", "Jane@X.org", "jane+a@x.org", "jdoeling@y.org", "bob@z.org",
                         "li.wang@x.org", "dev@lists.x.org", "noreply@x.org", "", "not an address"]),
        st.lists(WORDS, max_size=4).map(" ".join),
        st.integers(0, 3),
    ),
    max_size=9,
)  # fmt: skip


@given(USES, st.randoms(use_true_random=False))
def test_every_address_is_one_person_s_and_merges_explain_it(pairs, chance):
    uses = [AddressUse(key, *one) for key, one in enumerate(pairs)]
    found = merge(uses)
    keys = [key for person in found.persons for key in person.keys]
    assert sorted(keys) == list(range(len(uses)))
    assert len(found.merges) == len(uses) - len(found.persons)
    person_of = {key: n for n, person in enumerate(found.persons) for key in person.keys}
    assert all(person_of[m.key] == person_of[m.other] for m in found.merges)
    assert {m.rule for m in found.merges} <= set(RULES)
    assert {m.rule for m in found.kept_apart} <= set(KEPT_APART)
    shuffled = list(uses)
    chance.shuffle(shuffled)
    assert merge(shuffled) == found


@given(st.text(max_size=30), st.text(max_size=20))
def test_any_text_is_a_name_and_an_address(name, email):
    assert display(display(name)) is not None
    assert all(full_name(name))
    assert mailbox(mailbox(email)) is not None
    assert len(merge([AddressUse(7, email, name, 0)]).persons) == 1


def test_the_thread_of_the_seed_has_sixteen_authors(corpora):
    raw = (corpora / "cow-thread" / "cow-thread.mbox").read_bytes()
    parts = ("\n" + raw.decode("latin-1")).split("\nFrom mboxrd@z")[1:]
    senders = [parse(p.partition("\n")[2].encode("latin-1")).from_[0] for p in parts]
    pairs = sorted({(a.email, a.name) for a in senders})
    found = merge(AddressUse(n, email, name, 1) for n, (email, name) in enumerate(pairs))
    assert len(found.persons) == 16
    assert {m.rule for m in found.merges} <= {"name-and-local-part", "name-in-address",
                                              "distinctive-name", "same-address"}  # fmt: skip
