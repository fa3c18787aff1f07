"""Sites of casebooks, with the mail and without it."""

from __future__ import annotations

import sqlite3

import pytest

from threadkit.errors import NotFound
from threadkit.pipeline.archive import Archive
from threadkit.pipeline.sites.which import Unnamed
from threadkit.site.values import Claim, Site


def claims(site: Site) -> dict[str, Claim]:
    return {one.id: one for one in site.claims}


def test_the_words_of_claims_come_from_the_mails(sampled: Archive) -> None:
    site = sampled.site("sample").site
    for claim in site.claims:
        for place in claim.places:
            body = sampled.message(place.message_id).body
            assert place.text
            assert body[place.start : place.stop] == place.text
            assert body.split("\n")[place.line - 1] in place.before + place.text + place.after
            assert place.check == "matches"


def test_without_mail_all_is_there_but_the_words(sampled: Archive, told: Archive) -> None:
    whole, bare = sampled.site("sample").site, told.site("sample").site
    assert [one.id for one in bare.claims] == [one.id for one in whole.claims]
    assert [one.gist for one in bare.claims] == [one.gist for one in whole.claims]
    assert all(one.gist for one in bare.claims)
    assert {place.check for one in bare.claims for place in one.places} == {"not here"}
    assert not any(place.text for one in bare.claims for place in one.places)
    spans = [[(p.message_id, p.start, p.stop) for p in one.places] for one in whole.claims]
    assert spans == [[(p.message_id, p.start, p.stop) for p in one.places] for one in bare.claims]
    known = {mail.message_id: mail for mail in bare.mails}
    assert known.keys() <= {mail.message_id for mail in whole.mails}
    assert not any(mail.seen or bare.text(mail) for mail in bare.mails)
    assert all(mail.name for mail in bare.mails)
    assert known["bo-1@example.org"].person == "bo"
    assert known["bo-1@example.org"].parent == "patch-2-1@example.org"


def test_a_ghost_that_the_casebook_knows_is_a_fact(sampled: Archive) -> None:
    site = sampled.site("sample").site
    lost = next(mail for mail in site.mails if mail.message_id == "lost-1@example.org")
    assert (lost.ghost, lost.seen, lost.where) == (False, False, "thread")
    assert lost.name
    assert sampled.message("lost-1@example.org").ghost


def test_the_conversation_comes_first_and_parents_before_children(sampled: Archive) -> None:
    for site in (sampled.site("sample").site, sampled.site("bo-1@example.org").site):
        where = [mail.where for mail in site.mails]
        assert where == sorted(where, key=["thread", "before", "after"].index)
        seen: set[str] = set()
        for mail in site.mails:
            if mail.where == "thread":
                assert mail.parent is None or mail.parent in seen
                seen.add(mail.message_id)
        order = sorted(site.mails, key=lambda one: one.order)
        assert sorted(one.order for one in order) == list(range(len(order)))
        dates = [one.utc or "9" for one in order]
        assert dates == sorted(dates)


def test_verdicts_of_the_model_stand_beside_what_is_expected(sampled: Archive) -> None:
    site = sampled.site("sample").site
    tested = [one for claim in site.claims for one in claim.tested if one.scenario]
    assert tested
    assert all(said == found for one in tested for _, said, found in one.verdicts)
    assert list(dict.fromkeys(one.scenario for one in tested)) == list(site.scenarios)
    with sqlite3.connect(sampled.path) as conn:
        conn.execute("DELETE FROM verdict")
    conn.close()
    sampled.close()
    again = sampled.site("sample").site
    assert {found for c in again.claims for t in c.tested for _, _, found in t.verdicts} == {""}


def test_decisions_and_edges_are_told(sampled: Archive) -> None:
    site = sampled.site("sample").site
    sixth = claims(site)["6"]
    assert [(one.kind, one.value) for one in sixth.decision] == [
        ("word", "applied"),
        ("message", "di-wake-2@example.org"),
    ]
    known = set(claims(site))
    edges = [edge for one in site.claims for edge in one.stances]
    assert edges
    assert all(edge.claim in known for edge in edges)


def change(archive: Archive, message_id: str, old: str, new: str) -> None:
    """Change the text of a mail behind the archive's back."""
    archive.close()
    with sqlite3.connect(archive.path) as conn:
        conn.execute(
            "UPDATE body SET text = replace(text, ?, ?) WHERE message ="
            " (SELECT id FROM message WHERE message_id = ?)",
            (old, new, message_id),
        )
    conn.close()


def test_a_passage_that_moved_is_found_and_said_to_have_moved(sampled: Archive) -> None:
    change(sampled, "bo-1@example.org", "A\ndevice", "A\n   device")
    place = claims(sampled.site("sample").site)["3"].places[0]
    assert place.check == "moved"
    assert place.text.startswith("A\n   device")


def test_a_passage_that_is_not_in_the_mail_is_missing_and_has_no_words(sampled: Archive) -> None:
    change(sampled, "bo-1@example.org", "device", "printer")
    view = sampled.site("sample")
    place = claims(view.site)["3"].places[0]
    assert (place.check, place.text, place.before) == ("missing", "", "")
    assert any("claims 3" in line for line in view.site.provenance.unverified)


def test_a_mail_of_the_conversation_names_its_casebook(sampled: Archive) -> None:
    assert sampled.site("bo-1@example.org").site.key == "sample"
    assert sampled.site().site.key == "sample"
    assert sampled.site("wake-1@example.org").site.key != "sample"  # it stands beside it


def test_a_casebook_that_was_not_loaded_is_named(sampled: Archive) -> None:
    with pytest.raises(NotFound, match="casebook load cow-2020"):
        sampled.site("cow-2020")
    with pytest.raises(NotFound, match="no such message"):
        sampled.site("nowhere")


def test_what_is_meant_has_to_be_said(debate: Archive) -> None:
    with pytest.raises(Unnamed, match=r"r@example.org") as raised:
        debate.site()
    assert "else@example.org" in str(raised.value)


def test_people_have_the_keys_of_the_casebook(sampled: Archive, told: Archive) -> None:
    whole, bare = sampled.site("sample").site.people, told.site("sample").site.people
    assert whole["bo"].messages == bare["bo"].messages > 0
    assert whole["bo"].claims == bare["bo"].claims > 0
    assert whole["bo"].address
    assert not bare["bo"].address


def test_claims_found_by_a_program_are_not_told_twice(sampled: Archive) -> None:
    site = sampled.site("sample", candidates=True).site
    read = {(p.message_id, p.start) for one in site.claims for p in one.places}
    assert len([one for one in site.claims if not one.id.startswith("c")]) == 11
    assert len(read) == len({(p.message_id, p.start) for c in site.claims for p in c.places})


def test_coverage_says_what_is_not_here(told: Archive) -> None:
    site = told.site().site
    assert any(line.startswith("The text of 0 of") for line in site.provenance.coverage)
    assert any("made up for tests" in line for line in site.provenance.coverage)
