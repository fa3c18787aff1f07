"""Patches that somebody else posts."""

from __future__ import annotations

from tests.analyze.debate.talks import Wrote, talk
from threadkit.analyze.debate.assemble import assemble
from threadkit.analyze.debate.authors import authored

THESIS = "The page is never shared after the fork."


def posted(top: str, *, is_patch: bool = True) -> Wrote:
    labels = {THESIS: "claim"}
    return Wrote("Bob Baker", f"{top}{THESIS}\n", labels=labels, is_patch=is_patch)


def test_a_patch_is_the_word_of_its_author() -> None:
    conversation = talk(posted("From: Ann Archer <ann@example.org>\n\n"))
    (claim,) = assemble(conversation, []).claims
    assert (claim.person, claim.email) == ("Ann Archer", "ann@example.org")


def test_an_author_who_mails_as_well_is_one_person() -> None:
    top = "From: Ann Archer <ann@example.org>\n\n"
    mails = authored(talk(posted(top), Wrote("Ann Archer", "Thanks.\n", 0))).mails
    assert mails[0].who == mails[1].who
    assert mails[0].person == mails[1].person == "Ann Archer"


def test_other_mail_is_its_senders() -> None:
    for one in (
        posted("From: Bob Baker <bob@example.org>\n\n"),
        posted("From: Ann Archer <ann@example.org>\n\n", is_patch=False),
        posted(""),
    ):
        (mail,) = authored(talk(one)).mails
        assert mail.person == "Bob Baker"
