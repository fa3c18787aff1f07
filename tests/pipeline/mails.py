"""Generated mail for the tests of the import: example.org people, every knob explicit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

PEOPLE = ("Ada Example", "Bo Sample", "Cy Specimen", "Di Instance")
START = datetime(2024, 3, 1, 9, 0, tzinfo=UTC)


def mail(
    name: str,
    *,
    to: str | None = None,
    references: Sequence[str] = (),
    subject: str = "A question about pages",
    body: str = "Some text.\n",
    minute: int = 0,
    person: int = 0,
    list_id: str | None = "talk.example.org",
    received: int | None = None,
    extra: str = "",
) -> bytes:
    """Return one raw mail with Message-ID ``name@example.org``."""
    who = PEOPLE[person % len(PEOPLE)]
    address = who.split()[0].lower() + "@example.org"
    when = START + timedelta(minutes=minute)
    lines = []
    if received is not None:
        hop = format_datetime(START + timedelta(minutes=received))
        lines.append(f"Received: from a.example.org by b.example.org; {hop}")
    lines += [
        f"From: {who} <{address}>",
        "To: talk@example.org",
        f"Subject: {subject}",
        f"Date: {format_datetime(when)}",
        f"Message-ID: <{name}@example.org>",
    ]
    if list_id:
        lines.append(f"List-Id: <{list_id}>")
    if references:
        lines.append("References: " + "\n\t".join(f"<{one}@example.org>" for one in references))
    if to:
        lines.append(f"In-Reply-To: <{to}@example.org>")
    if extra:
        lines.append(extra)
    return ("\n".join(lines) + "\n\n" + body).encode()


def mbox(mails: Sequence[bytes]) -> bytes:
    """Return the mails as an mboxrd, the way lore serves threads."""
    parts = []
    for one in mails:
        escaped = b"\n".join(
            b">" + line if line.lstrip(b">").startswith(b"From ") else line
            for line in one.split(b"\n")
        )
        parts.append(b"From mboxrd@z Thu Jan  1 00:00:00 1970\n" + escaped + b"\n")
    return b"".join(parts)
