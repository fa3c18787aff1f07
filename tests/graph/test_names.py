"""Names and addresses in a normal form."""

from __future__ import annotations

import gc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threadkit.graph.collector import collector_paused
from threadkit.graph.mailmap import Mailmap
from threadkit.graph.names import display, full_name, is_relayed, local_part, mailbox, organisation
from threadkit.graph.people import AddressUse, merge


@pytest.mark.parametrize(
    ("email", "box"),
    [
        ("Jane@Example.ORG", "jane@example.org"),
        ("1234+jane@users.noreply.github.com", "jane@users.noreply.github.com"),
        ("jane@users.noreply.github.com", "jane@users.noreply.github.com"),
        ("j.a.n.e+x@gmail.com", "jane@gmail.com"),
        ("j.a.n.e@example.org", "j.a.n.e@example.org"),
        ("+tag@example.org", "+tag@example.org"),
        ("jane+@example.org", "jane+@example.org"),
        ("jane", "jane"),
        ("", ""),
    ],
)
def test_a_mailbox_is_where_an_address_is_delivered(email, box):
    assert mailbox(email) == box
    assert mailbox(box) == box


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Doe, Jane", "Jane Doe"),
        ("Doe, Jane (ACME)", "Jane Doe"),
        ("ACME, Inc", "ACME, Inc"),
        ("Doe, jr", "Doe, jr"),
        ("one, two, three", "one, two, three"),
        ("'Jane Doe' via Lists", "Jane Doe"),
        ("(only an aside)", "(only an aside)"),
        ("jane@example.org", ""),
        ("tip-bot2 for Jane Doe", "tip-bot2"),
    ],
)
def test_a_name_is_shown_as_people_write_it(name, shown):
    assert display(name) == shown


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Dr. Jané Q. DOE", ("jane", "doe")),
        ("Doe, Jane [ACME]", ("jane", "doe")),
        ("jane doe2", ()),
        ("syzbot test", ()),
        ("Build Robot", ()),
        ("J. D.", ()),
    ],
)
def test_a_full_name_is_two_words_of_a_person(name, words):
    assert full_name(name) == words


@pytest.mark.parametrize(
    ("email", "family"),
    [
        ("a@mail.example.org", "example.org"),
        ("a@b.co.uk", "b.co.uk"),
        ("a@mail.acme.de", "acme.de"),
        ("a@b.c.co.uk", "c.co.uk"),
        ("a@example.de", "example.de"),
        ("a@yahoo.co.jp", ""),
        ("a@yahoo.de", ""),
        ("a@users.noreply.github.com", ""),
        ("a@mail.gmx.net", ""),
    ],
)
def test_an_organisation_is_a_domain_that_strangers_do_not_share(email, family):
    assert organisation(email) == family


def test_gmane_s_hash_is_no_part_of_a_name():
    assert local_part("jane-d-HgOvQuBEEgTQT0dZR+AlfA@public.gmane.org") == "jane-d"
    assert local_part("jane@public.gmane.org") == "jane"
    assert is_relayed("Jane Doe via Lists", "dev@example.org")
    assert not is_relayed("via", "noreply@example.org")


def test_the_collector_is_as_it_was_after_a_pause_in_a_pause():
    assert gc.isenabled()
    with collector_paused():
        with collector_paused():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()
    with pytest.raises(ZeroDivisionError), collector_paused():
        raise ZeroDivisionError
    assert gc.isenabled()


EMAILS = st.sampled_from(["jane@x.org", "jd@y.org", "jane+a@x.org", "noreply@z.org"])
FULL = st.sampled_from(["Jane Doeling", "Jane Doe", "Li Wang", "jd"])
USES = st.lists(st.tuples(EMAILS, FULL), max_size=6, unique=True)
ENTRIES = st.lists(st.tuples(FULL, EMAILS, st.none() | FULL, EMAILS), max_size=4)


@given(USES, ENTRIES, st.randoms(use_true_random=False))
def test_a_mailmap_has_the_last_word_in_any_order(pairs, entries, chance):
    lines = [
        f"{name} <{proper}> {commit or ''} <{email}>" for name, proper, commit, email in entries
    ]
    mailmap = Mailmap(lines)
    uses = [AddressUse(key, email, name, key % 3) for key, (email, name) in enumerate(pairs)]
    found = merge(uses, mailmap)
    person_of = {key: one for one in found.persons for key in one.keys}
    proper = {use.key: mailmap.map(use.name, use.email) for use in uses}
    for one in uses:
        for other in uses:
            mine, theirs = proper[one.key], proper[other.key]
            if mine and theirs:
                same = person_of[one.key] == person_of[other.key]
                assert same == (mine[1].lower() == theirs[1].lower())
    for person in found.persons:
        mapped = [proper[key] for key in person.keys if proper[key]]
        if mapped:
            assert person.email in {email for _, email in mapped}
    shuffled = list(uses)
    chance.shuffle(shuffled)
    assert merge(shuffled, mailmap) == found
