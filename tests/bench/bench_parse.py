"""Parsing speed beside the standard library's: ``python tests/bench/bench_parse.py MBOX``.

Prints mails a second of ``threadkit.mail.message.parse``, of a bare
``email.message_from_bytes`` and of the standard library making the same record, measured
in turns so that a busy machine slows all alike, and the ratios.
"""

from __future__ import annotations

import email
import sys
import time
from collections.abc import Callable
from email.header import decode_header, make_header
from email.utils import getaddresses, mktime_tz, parsedate_tz
from pathlib import Path
from statistics import median

from threadkit.mail.message import parse


def mails(path: Path) -> list[bytes]:
    """Split an mbox at its separators, separator lines removed."""
    pieces = (b"\n" + path.read_bytes()).split(b"\nFrom mboxrd@z ")[1:]
    return [piece.partition(b"\n")[2] for piece in pieces]


def stdlib_record(raw: bytes) -> tuple[object, ...]:
    """What most programs take out of a mail with the standard library."""
    mail = email.message_from_bytes(raw)
    people = [getaddresses([str(v) for v in mail.get_all(k, [])]) for k in ("From", "To", "Cc")]
    when = parsedate_tz(str(mail.get("Date", "")))
    body = ""
    for part in mail.walk():
        if part.get_content_type() == "text/plain":
            data = part.get_payload(decode=True)
            if isinstance(data, bytes):
                try:
                    body += data.decode(part.get_content_charset() or "utf-8", "replace")
                except LookupError:
                    body += data.decode("latin-1")
    return (
        mail.get("Message-ID"),
        str(mail.get("References", "")).split(),
        str(make_header(decode_header(str(mail.get("Subject", ""))))),
        people,
        mktime_tz(when) if when else None,
        body,
    )


def timed(function: Callable[[bytes], object], raws: list[bytes]) -> float:
    """Seconds of CPU that a function takes for all mails."""
    start = time.process_time()
    for raw in raws:
        function(raw)
    return time.process_time() - start


def main(path: Path, rounds: int = 5) -> None:
    """Measure in turns and print."""
    raws = mails(path)
    candidates = {
        "threadkit": parse,
        "email.message_from_bytes": email.message_from_bytes,
        "email, same record": stdlib_record,
    }
    seconds: dict[str, list[float]] = {name: [] for name in candidates}
    for _ in range(rounds):
        for name, function in candidates.items():
            seconds[name].append(timed(function, raws))
    own = seconds["threadkit"]
    for name, spent in seconds.items():
        rate = len(raws) / median(spent)
        ratio = median(s / o for s, o in zip(spent, own, strict=True))
        line = (
            f"{name:26} {rate:8.0f} mails/s {1e6 / rate:7.1f} us  {ratio:5.2f} x threadkit's time"
        )
        sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
