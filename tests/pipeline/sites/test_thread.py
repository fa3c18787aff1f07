"""Sites of conversations without a casebook."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from tests.pipeline import debated
from tests.pipeline.mails import mail, mbox
from threadkit.analyze.debate.corrections import BY_HAND
from threadkit.pipeline.archive import Archive, open
from threadkit.pipeline.importing import import_mail
from threadkit.pipeline.sites.places import NotVerbatim


def archive_of(folder: Path, *mails: bytes) -> Archive:
    box = folder / "in.mbox"
    box.write_bytes(mbox(mails))
    import_mail(folder / "m.db", [str(box)], workers=0)
    return open(folder / "m.db")


def test_nothing_that_nobody_reviewed_is_said(debate: Archive) -> None:
    site = debate.site("r@example.org").site
    assert (site.claims, site.asked) == ([], [])
    assert not site.reviewed
    built = debate.site("r@example.org")
    assert built.site.candidates is False


def test_candidates_are_marked(debate: Archive) -> None:
    site = debate.site("r@example.org", candidates=True).site
    states = {one.state for one in site.claims}
    assert states == {"automatic", "candidate"}
    assert site.candidates
    assert not site.reviewed
    first = site.claims[0]
    assert first.places[0].text == debated.SAID[0].text
    assert [edge.kind for one in site.claims for edge in one.stances] == ["attacks"]
    texts = {one.place.text for one in site.asked}
    assert "What happens on a machine with one core?" in texts
    linked = [one for one in site.asked if one.claim]
    assert all(one.claim in {each.id for each in site.claims} for one in linked)
    assert {one.state for one in site.asked} <= {"automatic", "candidate"}


def test_what_a_person_accepted_is_said(debate: Archive) -> None:
    with sqlite3.connect(debate.path) as conn:
        conn.execute("UPDATE claim SET state = 'accepted', gist = 'One lock will do.'"
                     " WHERE id = 'c1'")  # fmt: skip
    conn.close()
    site = debate.site("r@example.org").site
    assert [(one.id, one.gist, one.state) for one in site.claims] == [
        ("c1", "One lock will do.", "accepted")
    ]
    assert site.reviewed
    assert not site.claims[0].stances  # what it bears on is not shown
    assert [one.claims for one in site.mails if one.claims] == [("c1",)]


SAID = "Ben gives in to it; perhaps withdrawn by Ada on 2024-03-01 in x@example.org: a candidate"


@pytest.mark.parametrize(
    ("status", "why", "shown"),
    [
        ("conceded", SAID, ("open", "")),
        ("withdrawn", SAID, ("open", "")),
        ("upheld", SAID, ("open", "")),
        ("contested", SAID, ("open", "")),
        (
            "unanswered",
            "no reply; perhaps conceded by Ben: a candidate",
            ("unanswered", "no reply"),
        ),
        ("conceded", f"{BY_HAND}: he said so", ("conceded", f"{BY_HAND}: he said so")),
    ],
)
def test_nobody_gives_in_unless_a_person_says_so(
    debate: Archive, status: str, why: str, shown: tuple[str, str]
) -> None:
    with sqlite3.connect(debate.path) as conn:
        conn.execute("UPDATE claim SET state = 'accepted', status = ?, why = ? WHERE id = 'c1'",
                     (status, why))  # fmt: skip
    conn.close()
    (claim,) = debate.site("r@example.org").site.claims
    assert (claim.status, claim.why) == shown
    every = debate.site("r@example.org", candidates=True).site.claims
    assert (status, why) in [(one.status, one.why) for one in every]


@pytest.mark.parametrize(("state", "status"), [("automatic", "open"), ("accepted", "contested")])
def test_a_reply_that_was_reviewed_bears_a_status_out(
    debate: Archive, tmp_path: Path, state: str, status: str
) -> None:
    with sqlite3.connect(debate.path) as conn:
        conn.execute("UPDATE claim SET state = 'accepted', status = 'contested'")
        conn.execute("UPDATE relation SET state = ?", (state,))
    conn.close()
    shown = debate.site("r@example.org").site.claims
    attacked = {edge.claim for one in shown for edge in one.stances}
    assert bool(attacked) == (state == "accepted")
    every = debate.site("r@example.org", candidates=True)
    ((by, edge),) = [(one, edge) for one in every.site.claims for edge in one.stances]
    assert edge.state == state
    assert {one.status for one in shown if one.id == edge.claim} == {status}
    out = every.build(tmp_path / "out").out
    for page in (f"c/{by.id}.html", f"c/{edge.claim}.html"):
        assert ("not reviewed</span>" in (out / page).read_text()) == (state == "automatic")


def test_words_that_are_not_those_judged_stop_the_site(debate: Archive) -> None:
    debate.close()
    with sqlite3.connect(debate.path) as conn:
        conn.execute("UPDATE body SET text = replace(text, 'useless', 'harmful')")
    conn.close()
    with pytest.raises(NotVerbatim, match=r"r@example\.org"):
        debate.site("r@example.org", candidates=True)


def test_imposters_have_files_of_their_own(tmp_path: Path) -> None:
    with archive_of(
        tmp_path, mail("a", body="One.\n"), mail("a", body="Two, not one.\n"), mail("b", to="a")
    ) as archive:
        some = [archive.site(one.root).site for one in archive.threads()]
        texts = {
            (one.name, one.imposter): site.text(one)
            for site in some
            for one in site.mails
            if one.message_id == "a@example.org"
        }
        bodies = {key: text.body for key, text in texts.items() if text}
        assert bodies == {
            ("a@example.org", 0): "One.\n",
            ("a@example.org~i1", 1): "Two, not one.\n",
        }


def test_ghosts_have_no_page(tmp_path: Path) -> None:
    with archive_of(tmp_path, mail("b", to="lost"), mail("c", to="b", minute=5)) as archive:
        site = archive.site().site
        ghost = site.mails[0]
        assert (ghost.ghost, ghost.name, ghost.seen) == (True, "", False)
        assert site.text(ghost) is None
        assert [one.parent for one in site.mails[1:]] == ["lost@example.org", "b@example.org"]


def test_an_excerpt_is_no_greeting_and_no_quotation(tmp_path: Path) -> None:
    body = "> They said\n> a lot.\n\nHi,\n\nThis is what I think of it, at last.\n"
    with archive_of(tmp_path, mail("a", body="Hm.\n"), mail("b", to="a", body=body)) as archive:
        first, second = archive.site().site.mails
        assert first.excerpt == "Hm."
        assert "what I think of it" in second.excerpt
        assert "They said" not in second.excerpt


def test_colours_stay_though_others_write_more(tmp_path: Path) -> None:
    with archive_of(tmp_path, mail("a"), mail("b", to="a", person=1, minute=1)) as archive:
        before = {one.name: one.colour for one in archive.site().site.people.values()}
    more = [mail(f"m{n}", to="a", person=n % 3 + 1, minute=n + 9) for n in range(9)]
    with archive_of(tmp_path, *more) as archive:
        people = archive.site("a@example.org").site.people.values()
        after = {one.name: one.colour for one in people}
    assert before == {"Ada Example": 1, "Bo Sample": 2}
    assert {name: after[name] for name in before} == before
    assert sorted(after.values()) == [1, 2, 3, 4]


def test_a_database_that_cannot_be_written_gives_a_site_all_the_same(tmp_path: Path) -> None:
    with archive_of(tmp_path, mail("a")) as archive:
        archive.close()
        archive.path.chmod(0o444)
        tmp_path.chmod(0o555)
        try:
            people = archive.site().site.people
        finally:
            tmp_path.chmod(0o755)
        assert [one.colour for one in people.values()] == [1]
