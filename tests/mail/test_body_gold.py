"""Blocks against labelled real mail: own sentences, quotes and attributions."""

from __future__ import annotations

import email
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from threadkit.mail.block import Block
from threadkit.mail.body import blocks

QUOTED = {"quote", "attribution"}


def mails(path: Path) -> Iterator[bytes]:
    for part in re.split(rb"(?m)^From mboxrd@z .*\n|^From \S+ .*\d{4}\n", path.read_bytes())[1:]:
        yield re.sub(rb"(?m)^>(>*From )", rb"\1", part)


def plain_text(raw: bytes) -> tuple[str, str]:
    """Message-ID and first text/plain part with LF line ends."""
    mail = email.message_from_bytes(raw)
    for part in mail.walk():
        if part.get_content_type() == "text/plain":
            payload = part.get_payload(decode=True)
            assert isinstance(payload, bytes)
            text = payload.decode(part.get_content_charset() or "utf-8", "replace")
            return str(mail["Message-ID"]).strip(" <>\n\t"), text.replace("\r\n", "\n")
    return str(mail["Message-ID"]).strip(" <>\n\t"), ""


@pytest.fixture(scope="module")
def bodies(corpora: Path) -> dict[str, str]:
    paths = [*corpora.glob("cow-thread/*.mbox"), *corpora.glob("kernel-threads/*/*.mbox")]
    return dict(plain_text(raw) for path in paths for raw in mails(path))


@pytest.fixture(scope="module")
def gold(corpora: Path) -> list[dict[str, object]]:
    path = corpora.parent / "gold" / "units_dev.jsonl"
    if not path.exists():
        pytest.skip("the labelled units are not beside the corpora")
    return [json.loads(line) for line in path.read_text().splitlines()]


def is_in(found: list[Block], at: int, kinds: set[str]) -> bool:
    return any(b.start <= at < b.stop and b.kind in kinds for b in found)


def squeezed(text: str) -> str:
    return re.sub(r"[\s>]+", "", text)


def test_own_sentences_are_in_blocks_of_own_words(bodies, gold) -> None:
    """A sentence counts as right if it stands in a block that is not quoted.

    Units of one or two words were placed by their first occurrence, which may be a name
    in an attribution above: there, any occurrence at the start of a line counts.
    """
    right = seen = 0
    for mail in gold:
        text = bodies.get(mail["message_id"])
        if text is None:
            continue
        found = blocks(text)
        crlf = text.replace("\n", "\r\n")
        for unit in mail["units"]:
            if unit["type"] != "own":
                continue
            source = crlf if crlf[unit["start"] : unit["end"]] == unit["text"] else text
            start = len(source[: unit["start"]].replace("\r\n", "\n"))
            words = unit["text"].replace("\r\n", "\n")
            places = [start]
            if len(words.split()) < 3:
                places += [m.start() for m in re.finditer("(?m)^" + re.escape(words), text)]
            seen += 1
            right += any(
                not is_in(found, at, QUOTED) and not is_in(found, at + len(words) - 1, QUOTED)
                for at in places
            )
    assert seen >= 1370
    assert right / seen >= 0.995  # five units are attributions that the labels call own


def test_quotes_and_attributions_are_found(bodies, gold) -> None:
    quotes = attributions = 0
    for mail in gold:
        text = bodies.get(mail["message_id"])
        if text is None:
            continue
        found = blocks(text)
        quoted = squeezed("".join(text[b.start : b.stop] for b in found if b.kind in QUOTED))
        said = squeezed("".join(text[b.start : b.stop] for b in found if b.kind == "attribution"))
        for unit in mail["units"]:
            if unit["type"] == "quote":
                quotes += 1
                assert squeezed(unit["text"]) in quoted
            elif unit["type"] == "attribution":
                attributions += 1
                assert squeezed(unit["text"]) in said
    assert (quotes >= 780, attributions >= 150) == (True, True)


def test_real_bodies_are_covered_and_mostly_certain(bodies) -> None:
    certain = every = 0
    for text in bodies.values():
        found = blocks(text)
        assert "".join(text[b.start : b.stop] for b in found) == text
        every += len(found)
        certain += sum(b.certain for b in found)
    assert every > 10_000
    assert certain / every > 0.98
