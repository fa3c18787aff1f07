"""Mailboxes in all their forms."""

from __future__ import annotations

from email.utils import formataddr, getaddresses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threadkit.mail.addresses import addresses
from threadkit.mail.message import DEFECTS_MAX, parse
from threadkit.mail.values import Defect


def read(value: str) -> list[tuple[str, str]]:
    """Read twice: the second time from memory."""
    first = addresses(value, "to", [])
    assert addresses(value, "to", []) == first
    return [(address.name, address.email) for address in first]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("j@example.org", [("", "j@example.org")]),
        (" Jane Doe <J@Example.ORG> ", [("Jane Doe", "J@example.org")]),
        ('"Doe, Jane" <j@x.org>, r@x.org', [("Doe, Jane", "j@x.org"), ("", "r@x.org")]),
        ('"Jane \\"JD\\" Doe" <j@x.org>', [('Jane "JD" Doe', "j@x.org")]),
        ("j@x.org (Jane Doe)", [("Jane Doe", "j@x.org")]),
        ("(Jane, of X) j@x.org, r@x.org", [("Jane, of X", "j@x.org"), ("", "r@x.org")]),
        ("Jane (X, Inc.) <j@x.org>", [("Jane (X, Inc.)", "j@x.org")]),
        ("undisclosed-recipients:;", []),
        (
            "Team: a@x.org, B <b@x.org>;, c@x.org",
            [("", "a@x.org"), ("B", "b@x.org"), ("", "c@x.org")],
        ),
        ("jane at example.org (Jane)", [("Jane", "jane@example.org")]),
        ("Jane <jane at example.org>", [("Jane", "jane@example.org")]),
        ("=?utf-8?q?J=C3=BCrgen=2C_X?= <j@x.org>", [("Jürgen, X", "j@x.org")]),
        ('"=?utf-8?q?J=C3=BCrgen?=" <j@x.org>', [("Jürgen", "j@x.org")]),
        ("'j@x.org' <j@x.org>", [("j@x.org", "j@x.org")]),
        ('"\'" <j@x.org>', [("'", "j@x.org")]),
        ("<j@x.org> Jane", [("Jane", "j@x.org")]),
        ("Jane j@x.org", [("Jane", "j@x.org")]),
        ("<@relay.example:j@x.org>", [("", "j@x.org")]),
        ("<mailto:j@x.org>", [("", "j@x.org")]),
        ("< j@x.org >", [("", "j@x.org")]),
        ("Jane <j@x.org", [("Jane", "j@x.org")]),
        ("Jane\n\tDoe\n <j@x.org>,\n\tr@x.org", [("Jane Doe", "j@x.org"), ("", "r@x.org")]),
        (", ,j@x.org,", [("", "j@x.org")]),
        ("a@x.org; b@x.org", [("", "a@x.org"), ("", "b@x.org")]),
        ('"unclosed <j@x.org>, r@x.org', [("unclosed", "j@x.org"), ("", "r@x.org")]),
        ("", []),
        ("<>", []),
    ],
)
def test_forms(value: str, expected: list[tuple[str, str]]) -> None:
    assert read(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Jane Doe", ("Jane Doe", "")),
        ("root", ("", "root")),
        ("Jane <>", ("Jane", "")),
        ("j@", ("", "j@")),
    ],
)
def test_what_is_no_address_is_kept_and_named(value: str, expected: tuple[str, str]) -> None:
    for _ in range(2):  # a mailbox with a defect is never answered from memory
        defects: list[Defect] = []
        (found,) = addresses(value, "from", defects)
        assert (found.name, found.email) == expected
        assert [defect.kind for defect in defects] == ["address-malformed"]


def test_raw_eight_bit_names() -> None:
    defects: list[Defect] = []
    found = addresses("J\xc3\xbcrgen <j@x.org>", "from", defects)
    assert (found[0].name, defects[0].kind) == ("Jürgen", "header-8bit")


def test_escapes_are_taken_off_once() -> None:
    assert read(r'"\\\"" <a@x.org>') == [('\\"', "a@x.org")]
    assert read(r'"a\\b" <a@x.org>') == [("a\\b", "a@x.org")]
    assert read(r"a\\b <a@x.org>") == [("a\\b", "a@x.org")]


def test_a_remembered_piece_never_leaks_into_another_quote() -> None:
    assert read("b@x.org") == [("", "b@x.org")]
    assert read('"a, b@x.org" <c@x.org>') == [("a, b@x.org", "c@x.org")]
    assert read("(a, b@x.org) c@x.org") == [("a, b@x.org", "c@x.org")]
    assert read("(b <b@x.org>") == [("(b", "b@x.org")]
    assert read("z) <a@x.org>") == [("z)", "a@x.org")]
    assert read("(b <b@x.org>,z) <a@x.org>") == [("b <b@x.org>,z", "a@x.org")]


def test_a_bracket_that_closes_nothing_opens_nothing_later() -> None:
    assert read("a) <a@x.org>, (b, c) <d@x.org>") == [("a)", "a@x.org"), ("b, c", "d@x.org")]


NAME = st.text("abcÄß \"(),.<>\\;:'@", max_size=12)
EMAIL = st.from_regex(r"[a-z]{1,5}(\.[a-z]{1,3})?@[a-z]{1,5}\.org", fullmatch=True)


@given(st.lists(st.tuples(NAME, EMAIL), min_size=1, max_size=5))
def test_what_the_standard_library_writes_is_read_back(people: list[tuple[str, str]]) -> None:
    value = ", ".join(formataddr(person, "utf-8") for person in people)
    found = read(value)
    assert [email for _, email in found] == [email for _, email in people]
    for (name, _), (wanted, _) in zip(found, people, strict=True):
        if wanted.isascii() and not wanted.strip().startswith("'"):
            assert name == " ".join(wanted.split())


def test_a_memory_that_is_full_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("threadkit.mail.addresses._KNOWN_MAX", 2)
    for number in range(9):
        assert read(f"P{number} <{number}@example.org>") == [
            (f"P{number}", f"{number}@example.org")
        ]


@given(st.text('ab@<>"(),;:\\ .\n', max_size=40))
def test_any_text_is_read_and_no_clean_address_is_lost(text: str) -> None:
    found = read(f"{text}")
    for name, email in found:
        assert name or email
    plain = read(f"safe@example.org,{text}")
    assert plain[0][1] == "safe@example.org" or not plain[0][1].isalnum()


@given(st.lists(EMAIL, min_size=1, max_size=6))
def test_plain_lists_equal_the_standard_library(emails: list[str]) -> None:
    value = ", ".join(emails)
    assert read(value) == [(name, email) for name, email in getaddresses([value])]


def test_what_is_wrong_is_said_again_after_a_mail_with_too_many_defects() -> None:
    """A mailbox is remembered only if nothing is wrong with it, not if the log was full."""
    many = ", ".join(f"wrong {number}" for number in range(DEFECTS_MAX + 5))
    parse(f"To: {many}, the last wrong one\n\n".encode())
    mail = parse(b"To: the last wrong one\n\n")
    assert Defect("address-malformed", "the last wrong one") in mail.defects
