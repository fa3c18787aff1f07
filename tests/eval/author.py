"""Turn what a labeller quotes into labels: spans and hashes instead of words.

python -m tests.eval.author QUOTES --labeller B > labels.jsonl

A line of QUOTES is ``MESSAGE_ID | kind | value | which | quoted words``: ``which`` counts the
places where the words stand in the body, from 1; white space in the words matches any. With
no words the label is of the whole mail. A kind ends in ``?`` if the labeller is in doubt.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.eval.corpus import CORPORA, mails
from tests.eval.labels import Label, make

FIELDS = 5


class BadLine(ValueError):
    """A line that cannot become a label."""


def place(body: str, words: str, which: int = 1) -> tuple[int, int]:
    """Find quoted words in a body.

    Examples
    --------
    >>> place("It broke.\\nIt  broke again.", "It broke", 2)
    (10, 19)
    """
    pattern = re.compile(r"\s+".join(map(re.escape, words.split())))
    hits = list(pattern.finditer(body))
    if len(hits) < which:
        raise BadLine(f"{len(hits)} places, not {which}: {words[:60]}")
    return hits[which - 1].span()


def label_of(line: str, bodies: Mapping[str, str], labeller: str) -> Label:
    """Read one line."""
    fields = [field.strip() for field in line.split("|", FIELDS - 1)]
    if len(fields) != FIELDS:
        raise BadLine(f"{FIELDS} fields are needed: {line[:60]}")
    message_id, kind, value, which, words = fields
    if message_id not in bodies:
        raise BadLine(f"no such mail: {message_id}")
    body = bodies[message_id]
    start, stop = place(body, words, int(which or 1)) if words else (0, 0)
    doubt = {"doubt": True} if kind.endswith("?") else {}
    return make(message_id, body, start, stop, kind.rstrip("?"), value, labeller, **doubt)


def main(argv: Sequence[str] | None = None) -> int:
    """Print a label a line; what is wrong goes to standard error."""
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m tests.eval.author")
    parser.add_argument("quotes", type=Path)
    parser.add_argument("--labeller", required=True)
    parser.add_argument("--corpora", type=Path, default=CORPORA)
    options = parser.parse_args(argv)
    bodies = {one: found.mail.body for one, found in mails(options.corpora).items()}
    wrong = 0
    for line in options.quotes.read_text("utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            try:
                sys.stdout.write(label_of(line, bodies, options.labeller).line() + "\n")
            except BadLine as problem:
                wrong += 1
                sys.stderr.write(f"{problem}\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
