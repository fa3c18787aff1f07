"""How many quotes of real mail find their source; floors stand a little below what was measured."""

from __future__ import annotations

import email
import re
from collections import Counter
from collections.abc import Iterator
from email.message import Message
from pathlib import Path
from typing import NamedTuple

import pytest

from threadkit.analyze.quotes import Ancestor, resolve
from threadkit.mail.body import blocks

FLOORS = {  # blocks, of 100 whose parent is here, that find a source; and words of 1000
    "cow-thread": (97, 940),
    "kernel-threads": (97, 985),
    "jailhouse": (97, 985),
}


class Mail(NamedTuple):
    parent: str
    references: list[str]
    ancestor: Ancestor


def text_of(message: Message) -> str:
    for part in message.walk():
        if part.get_content_type() == "text/plain":
            raw = part.get_payload(decode=True)
            assert isinstance(raw, bytes)
            try:
                text = raw.decode(part.get_content_charset() or "utf-8")
            except (LookupError, ValueError):
                text = raw.decode("latin-1")
            return text.replace("\r\n", "\n")
    return ""


def ids(message: Message, header: str) -> list[str]:
    return re.findall(r"<([^>\s]+)>", str(message.get(header, "")))


def mails(folder: Path) -> dict[str, Mail]:
    found: dict[str, Mail] = {}
    for path in sorted(folder.rglob("*.mbox")):
        for raw in re.split(rb"(?:\A|\n\n)From [^\n]*\d{4}[^\n]*\n", path.read_bytes()):
            message = email.message_from_bytes(re.sub(rb"(?m)^>(>*From )", rb"\1", raw + b"\n"))
            names = ids(message, "message-id")
            if names and names[0] not in found:
                text = text_of(message)
                above = ids(message, "references")
                parent = [*ids(message, "in-reply-to")[:1], *above[-1:], ""][0]
                found[names[0]] = Mail(parent, above, Ancestor(text, blocks(text)))
    return found


def ancestors(known: dict[str, Mail], mail: Mail) -> Iterator[Ancestor | None]:
    """Go up from a mail; one that is missing is passed by way of the References."""
    seen: set[str] = set()
    name, references = mail.parent, mail.references
    while name and name not in seen and len(seen) < 30:
        seen.add(name)
        here = known.get(name)
        if here:
            yield here.ancestor
            name, references = here.parent, here.references
        else:
            yield None
            at = references.index(name) if name in references else 0
            name = references[at - 1] if at else ""


@pytest.mark.parametrize("name", FLOORS)
def test_quotes_of_real_mail_are_found_and_keep_the_promises(corpora: Path, check, name: str):
    known = mails(corpora / name)
    count: Counter[str] = Counter()
    for mail in known.values():
        body, parts = mail.ancestor.body, mail.ancestor.blocks
        above = list(ancestors(known, mail))
        found = resolve(body, parts, above)
        check(body, parts, above, found)
        if not above or above[0] is None:
            continue
        hit = {part.block for part in found if part.ancestor is not None}
        asked = {part.block for part in found if part.method != "not-found:blank"}
        count.update(blocks=len(asked), hit=len(hit))
        for part in found:
            words = len(body[part.start : part.stop].split())
            count["words"] += words
            count["found words"] += words if part.ancestor is not None else 0
    share, words_share = FLOORS[name]
    assert count["blocks"] > 200
    assert 100 * count["hit"] >= share * count["blocks"], count
    assert 1000 * count["found words"] >= words_share * count["words"], count
