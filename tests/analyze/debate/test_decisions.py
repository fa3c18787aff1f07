"""Decisions: what words make one, what does not, and what it is about."""

from __future__ import annotations

import pytest

from tests.analyze.debate.talks import Wrote, debate_of, talk
from threadkit.analyze.debate.assemble import assemble
from threadkit.analyze.debate.decisions import kind_of
from threadkit.analyze.debate.sure import DECISION


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("Applied, thanks.", "applied"),
        ("Queued up for 5.10.", "applied"),
        ("I have applied this to my tree.", "applied"),
        ("The pull request you sent on Fri, 1 Jan: has been merged into x/linux.git:", "merged"),
        ("NAK on all of it.", "nak"),
        ("So just NAK on that.", "nak"),
        ("I won't take this.", "nak"),
        ("I'll drop it, thanks.", "dropped"),
        ("I'll send a v2 with that.", "next version"),
        ("Will fix it in v3.", "next version"),
        ("OK, thanks, applied to for-next.", "applied"),
        ("This series has been added to the netdev/net-next.git tree.", "applied"),
        ("We have already merged that into our tree.", "applied"),
        ("It is now queued for 5.10.", "applied"),
        ("Your patch has been dropped for now.", "dropped"),
        ("Too late for this cycle, let us wait for the next merge window.", "deferred"),
        ("Was this applied?", ""),
        ("It cannot be applied to the tree.", ""),
        ("The patch was reviewed.", ""),
    ],
)
def test_words_of_a_decision(words: str, kind: str) -> None:
    assert kind_of(words)[0] == kind


@pytest.mark.parametrize(
    "words",
    [
        "The lock is dropped before the page is copied.",
        "Here the lock has been dropped by the handler.",
        "Merged pages are protected.",
        "Queued requests are completed late.",
        "The same bits are applied to the area.",
        "Requests are queued for the device.",
        "The new page will appear in the cache.",
        "The device answers with a NAK when its buffer is full.",
        "Dropped packets are counted.",
        "A page has been added to the list.",
        "Pulled into the cache by the reader.",
        "Applied to a shared page, this breaks.",
        "It is all gone when this patch is reverted.",
        "I have applied your patch and tested it, no change.",
        "I pushed it to the back of my mind.",
        "I picked up this habit long ago.",
        "Some maintainers do not respond with anything but NAK.",
        "A patch must be applied to mainline first.",
        'Say "applied to for-next" when you take one.',
        "I have applied this, but it makes no sense, so I unapplied it.",
        "I'll drop it if I don't hear anything.",
    ],
)
def test_what_happens_to_pages_and_locks_is_no_decision(words: str) -> None:
    assert kind_of(words)[1] < DECISION


@pytest.mark.parametrize(
    "word", ["this ", "the patch ", "I have ", "merged ", "a/b", "for-", "v1."]
)
def test_long_sentences_take_bounded_time(word: str) -> None:
    """Tried from every word to the end, these would take hours."""
    assert kind_of(word * 20_000)[1] < 1


def test_a_condition_makes_it_a_candidate() -> None:
    assert kind_of("If nobody objects, I'll drop it.")[1] < 0.7


def test_a_decision_is_about_the_patch_above_or_the_commit_that_it_names() -> None:
    debate = debate_of(
        Wrote("Ann", "Do it.\n", is_patch=True),
        Wrote("Bob", "Applied, thanks.\n", 0),
        Wrote("Cy", "I'll drop it, it broke 0123456789ab.\n", 1),
    )
    assert [(one.kind, one.person, one.about, one.state) for one in debate.decisions] == [
        ("applied", "Bob", "0@example.org", "automatic"),
        ("dropped", "Cy", "0123456789ab", "automatic"),
    ]


@pytest.mark.parametrize(
    ("words", "kind", "about", "detail"),
    [
        ("This was merged as 0123456789ab.", "merged", "0@example.org", "0123456789ab"),
        ('Got pushed out as commit 0123456789ab ("x: do it").', "merged", "0@example.org",
         "0123456789ab"),
        ('It was applied as 0123456789ab ("y: do not").', "merged", "0123456789ab",
         "0123456789ab"),
    ],
)  # fmt: skip
def test_a_commit_is_that_of_the_patch_unless_its_title_is_another(
    words: str, kind: str, about: str, detail: str
) -> None:
    debate = debate_of(Wrote("Ann", "Do it.\n", is_patch=True), Wrote("Bob", f"{words}\n", 0))
    (one,) = debate.decisions
    assert (one.kind, one.about, one.detail, one.state) == (kind, about, detail, "automatic")


@pytest.mark.parametrize(
    "words", ["I will remove it if I see that again.", "If it is noise, I will remove it."]
)
def test_a_condition_keeps_a_labelled_decision_a_candidate(words: str) -> None:
    debate = debate_of(Wrote("Ann", f"{words}\n", labels={"will": "decision"}))
    assert [one.state for one in debate.decisions] == ["candidate"]


def test_irony_decides_nothing_for_sure() -> None:
    conversation = talk(
        Wrote("Ann", "Do it.\n", is_patch=True), Wrote("Bob", "NAK, of course.\n", 0)
    )
    mail = conversation.mails[1]
    mail.units[0] = mail.units[0]._replace(irony="of course")  # type: ignore[index]
    assert [one.state for one in assemble(conversation, []).decisions] == ["candidate"]


def test_who_opens_a_conversation_applied_nothing_of_it() -> None:
    debate = debate_of(Wrote("Ann", "Answers are short:\n\nApplied, thanks.\n", subject="A call"))
    assert [(one.kind, one.state) for one in debate.decisions] == [("applied", "candidate")]


def test_a_merge_is_about_the_mail_that_asked_for_it() -> None:
    debate = debate_of(
        Wrote("Ann", "The following changes are available in the tree of mine.\n"),
        Wrote("Bot", "The pull request you sent on Fri, 1 Jan has been merged into x.git.\n", 0),
    )
    assert [(one.kind, one.about) for one in debate.decisions] == [("merged", "0@example.org")]


def test_a_labelled_decision_without_known_words_is_another() -> None:
    debate = debate_of(
        Wrote("Ann", "Over to the net tree with you.\n", labels={"Over": "decision"})
    )
    assert [(one.kind, one.state) for one in debate.decisions] == [("other", "automatic")]
