"""Subjects: what is read from them, and which ones belong together."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threadkit.mail.subject import parse_subject

REPLY_MARKS = [
    *("Re: ", "RE: ", "re:", "Re : ", "Re[2]: ", "Re^2: ", "Re(3): ", "AW: ", "Aw: "),
    *("Antwort: ", "SV: ", "Sv: ", "VS: ", "R: ", "回复: ", "回复\uff1a", "答复: "),
]
FORWARD_MARKS = ["Fwd: ", "FW: ", "Fw: ", "WG: ", "TR: ", "转发: "]


@pytest.mark.parametrize(
    ("subject", "revision", "counter", "expected", "prefixes"),
    [
        ("[PATCH] x", 1, None, None, ("PATCH",)),
        ("[RFC PATCH v3 2/7] x", 3, 2, 7, ("RFC", "PATCH")),
        ("[PATCH v3.5] x", 3, None, None, ("PATCH",)),
        ("[patch 02/20] x", 1, 2, 20, ("patch",)),
        ("[PATCH net-next v2 1/3] x", 2, 1, 3, ("PATCH", "net-next")),
        ("[PATCH 5.10 12/99] x", 1, 12, 99, ("PATCH", "5.10")),
        ("[PATCH v5.10 12/99] x", 1, 12, 99, ("PATCH", "v5.10")),
        ("[PATCH v6.1 v2] x", 2, None, None, ("PATCH", "v6.1")),
        ("[PATCHv4 0/2] x", 4, 0, 2, ("PATCHv4",)),
        ("[PATCH-v4] x", 4, None, None, ("PATCH-v4",)),
        ("[PATCH V2 1 of 3] x", 2, 1, 3, ("PATCH",)),
        ("[PATCH] [v2] [2/3] x", 2, 2, 3, ("PATCH",)),
        ("[PATCH v2 v3 1/2 2/2] x", 2, 1, 2, ("PATCH",)),
        ("[v2,01/10] x", 2, 1, 10, ()),
        ("[PATCH 8/7] x", 1, 8, 7, ("PATCH",)),
        ("[PATCH AUTOSEL 5.8 01/20] x", 1, 1, 20, ("PATCH", "AUTOSEL", "5.8")),
    ],
)
def test_patch_brackets_say_revision_and_counter(subject, revision, counter, expected, prefixes):
    parsed = parse_subject(subject)
    assert (parsed.revision, parsed.counter, parsed.expected) == (revision, counter, expected)
    assert parsed.prefixes == prefixes
    assert parsed.is_patch
    assert parsed.title == "x"


@pytest.mark.parametrize(
    ("subject", "is_patch", "is_rfc", "is_resend"),
    [
        ("[RFC] x", False, True, False),
        ("[RFC/PATCH] x", True, True, False),
        ("[PATCH/RFC 1/2] x", True, True, False),
        ("[PATCH RESEND] x", True, False, True),
        ("[PATCH v2 REPOST] x", True, False, True),
        ("[GIT PULL] x", False, False, False),
        ("[GIT PULL 1/4] x", False, False, False),
        ("[patchwork] x", False, False, False),
        ("PATCH: x", False, False, False),
    ],
)
def test_flags(subject, is_patch, is_rfc, is_resend):
    parsed = parse_subject(subject)
    assert (parsed.is_patch, parsed.is_rfc, parsed.is_resend) == (is_patch, is_rfc, is_resend)


@pytest.mark.parametrize("mark", REPLY_MARKS)
def test_a_reply_has_the_key_of_what_it_answers(mark):
    parsed = parse_subject(f"{mark}[PATCH 1/4] mm: x")
    assert parsed.is_reply
    assert parsed.key == "[patch 1/4] mm: x"


@pytest.mark.parametrize("mark", FORWARD_MARKS)
def test_a_forward_is_no_reply_and_shares_the_key(mark):
    parsed = parse_subject(f"{mark}mm: x")
    assert not parsed.is_reply
    assert parsed.key == "mm: x"
    assert parse_subject("[Fwd: mm: x]").key == parse_subject("[Fwd: mm: x ]").key == "mm: x"


@pytest.mark.parametrize(
    "subject",
    ["rest: x", "result: x", "vs: x", "r: x", "Reboot: x", "retry[2]: x", "awk: x", "fwdport: x"],
)
def test_words_that_only_begin_like_a_mark_stay(subject):
    parsed = parse_subject(subject)
    assert not parsed.is_reply
    assert parsed.title == subject


def test_list_tags_leave_the_key_and_topics_stay():
    assert parse_subject("Re: [linux-mm] Re: [PATCH 2/4] x").key == "[patch 2/4] x"
    assert parse_subject("[linux-mm] [PATCH] x").list_prefixes == ("linux-mm",)
    assert parse_subject("[BUG] x").key == "[bug] x"
    assert parse_subject("[tip: x86/mm] x").key == "[tip: x86/mm] x"
    assert parse_subject("[syzbot] [mm?] KASAN: x").title == "KASAN: x"


def test_a_bracket_with_nothing_behind_it_is_the_title():
    assert parse_subject("[a question of style]").title == "[a question of style]"
    assert parse_subject("Re: [list]").key == parse_subject("[list]").key == "[list]"
    assert parse_subject("[PATCH]").title == ""


def test_revisions_and_parts_have_keys_of_their_own():
    keys = {
        parse_subject(s).key
        for s in ("[PATCH 1/4] x", "[PATCH 2/4] x", "[PATCH v2 1/4] x", "[RFC 1/4] x", "x")
    }
    assert len(keys) == 5


def test_nothing_is_left_of_an_empty_subject():
    for subject in ("", " ", "Re:", "Re: Fwd: "):
        assert parse_subject(subject).key == ""


WORDS = st.sampled_from(
    REPLY_MARKS
    + FORWARD_MARKS
    + ["[PATCH v2 1/3]", "[list-tag]", "[BUG]", "[Fwd: ", "]", "[", ":"]
    + ["mm", "v2", "\u017fv: ", "\u212a", "[\u00df-x]", " ", "\n\t", "1 of 2", "[1/2]", "RFC"]
)
SUBJECTS = st.text(max_size=40) | st.lists(WORDS, max_size=8).map("".join)


@given(SUBJECTS)
def test_every_text_is_a_subject_and_its_reply_has_its_key(subject):
    parsed = parse_subject(subject)
    assert parse_subject("Re: " + subject).key == parsed.key
    assert parse_subject("Re: " + subject).is_reply
    assert parsed.title == " ".join(parsed.title.split())
    assert parsed.revision >= 0


@given(SUBJECTS)
def test_the_key_of_a_key_is_itself(subject):
    key = parse_subject(subject).key
    assert parse_subject(key).key == key


@pytest.mark.parametrize("piece", ["Re: ", "[a] ", "[", "[Fwd: ", "PATCH ", "[PATCH-", "1 of "])
def test_a_subject_of_any_length_is_parsed(piece):
    assert parse_subject.__wrapped__(piece * 20_000).revision == 1
