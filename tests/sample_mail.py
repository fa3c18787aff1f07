"""What all sample mail is made of: people, time, headers, and the file that mails go into."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

START = datetime(2025, 3, 3, 9, 0, tzinfo=UTC)
PEOPLE = {
    "ada": "Ada Example <ada@example.org>",
    "ada-home": "Ada Example <ada.example@home.example.org>",
    "bo": "Bo Sample <bo@example.org>",
    "cy": "Cy Specimen <cy@lab.example.org>",
    "di": '"Instance, Di" <di@example.org>',
    "robot": "Build Robot <robot@ci.example.org>",
    "eve": "Eve Placeholder <eve@example.org>",
    "finn": "Finn Fixture <finn@example.org>",
}
SUBJECT = "pool: decide reuse by references, not by users"


def named(name: str) -> str:
    """Return the whole Message-ID of a mail."""
    return name if "@" in name else f"{name}@example.org"


def head(
    name: str | None,
    person: str,
    minute: int,
    subject: str,
    *above: str,
    received: int | None = None,
    list_id: str = "pool.example.org",
    extra: str = "Content-Type: text/plain; charset=utf-8",
) -> str:
    """Return the headers of a mail; ``above`` are its references, oldest first.

    A name without a host is one of example.org.
    """
    when = START + timedelta(minutes=minute)
    hop = format_datetime(START + timedelta(minutes=minute if received is None else received))
    lines = [
        f"Received: from mail.example.org by lists.example.org; {hop}",
        f"From: {PEOPLE[person]}",
        "To: Pool developers <pool@example.org>",
        "Cc: Bo Sample <bo@example.org>, Cy Specimen <cy@lab.example.org>",
        f"Subject: {subject}",
        f"Date: {format_datetime(when)}",
        f"List-Id: <{list_id}>",
    ]
    if name:
        lines.append(f"Message-ID: <{named(name)}>")
    if above:
        lines.append("References: " + "\n ".join(f"<{named(one)}>" for one in above))
        lines.append(f"In-Reply-To: <{named(above[-1])}>")
    return "\n".join([*lines, extra, "", ""])


def mboxrd(mails: list[bytes]) -> bytes:
    """Join mails the way lore serves a thread."""
    out = []
    for mail in mails:
        lines = mail.split(b"\n")
        quoted = [b">" + x if x.lstrip(b">").startswith(b"From ") else x for x in lines]
        out.append(b"From mboxrd@z Thu Jan  1 00:00:00 1970\n" + b"\n".join(quoted) + b"\n")
    return b"".join(out)
