"""How to answer: what mail programs and git get is what the mail says, safely quoted."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

from hypothesis import given
from hypothesis import strategies as st

from tests.site.example_site import MAILS, example_site, text_of
from threadkit.site.replying import mirrors, reply
from threadkit.site.texts import Text

SITE = example_site()
DOUBT = MAILS[2]


def _text(to: str, cc: str = "") -> Text:
    text = text_of(DOUBT)
    assert text is not None
    return replace(text, reply_to=to, reply_cc=cc)


def _arguments(command: str) -> list[str]:
    """Return what a shell makes of a command."""
    script = f"printf '%s\\0' {command}"
    done = subprocess.run(["sh", "-c", script], capture_output=True, check=True)
    return done.stdout.decode().split("\0")[:-1]


def test_a_mail_program_gets_recipients_subject_and_parent() -> None:
    found = reply(SITE, DOUBT, _text("bo@example.org", "a@example.org, b+c@example.org"))
    parts = urlsplit(found.mailto)
    assert (parts.scheme, parts.path) == ("mailto", "bo@example.org")
    assert parse_qs(parts.query) == {
        "In-Reply-To": ["<doubt@example.org>"],
        "Cc": ["a@example.org,b+c@example.org"],
        "Subject": [DOUBT.subject],
    }


def test_re_is_written_once() -> None:
    fresh = replace(DOUBT, subject="pool & more?")
    asked = parse_qs(urlsplit(reply(SITE, fresh, _text("bo@example.org")).mailto).query)
    assert asked["Subject"] == ["Re: pool & more?"]


def test_git_gets_the_same_as_arguments() -> None:
    found = reply(SITE, DOUBT, _text("bo@example.org", "a@example.org"))
    assert _arguments(found.command) == [
        "git",
        "send-email",
        "--in-reply-to=doubt@example.org",
        "--to=bo@example.org",
        "--cc=a@example.org",
        "/path/to/YOUR_REPLY",
    ]


@given(st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=40))
def test_hostile_names_stay_one_argument_and_one_field(words: str) -> None:
    mail = replace(DOUBT, message_id=words, subject=words)
    found = reply(SITE, mail, _text(words, words))
    arguments = _arguments(found.command)
    assert arguments[2] == f"--in-reply-to={words}"
    assert arguments[:2] == ["git", "send-email"]
    assert all(one.startswith("--") for one in arguments[2:-1])
    parts = urlsplit(found.mailto)
    assert parts.scheme in {"", "mailto"}
    assert found.mailto.isascii()
    assert set(parse_qs(parts.query)) <= {"In-Reply-To", "Cc", "Subject"}


def test_without_addresses_only_the_parent_is_named() -> None:
    found = reply(replace(SITE, hide_addresses=True), DOUBT, _text("bo@example.org", "a@b.example"))
    assert found.mailto == ""
    assert _arguments(found.command)[2:] == [
        "--in-reply-to=doubt@example.org",
        "/path/to/YOUR_REPLY",
    ]


def test_lists_are_named_as_the_archive_names_them() -> None:
    hostile = ["$(reboot).example.org", "../x.example.org", "alone", "-x.example.org"]
    site = replace(SITE, lore="https://lore.example.org:8080/r/")
    assert mirrors(site, ["pool.example.org", "pool.example.org", *hostile]) == [
        ("pool", "https://lore.example.org:8080/pool")
    ]
