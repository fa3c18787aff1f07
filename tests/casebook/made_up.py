"""A small complete casebook over two mails that nobody wrote."""

from __future__ import annotations

import json
from pathlib import Path

from threadkit.analyze.debate.names import exact_hash, loose_hash

ROOT = """\
Sharing a page is only safe while nobody pins it.

Do we count that anywhere?
"""
ANSWER = """\
> Sharing a page is only safe while nobody pins it.

That is not so: a pin is a reference, and references are
counted. The write copies.
"""
BODIES = {"root@example.org": ROOT, "answer@example.org": ANSWER}

COMMIT = "0123456789abcdef0123456789abcdef01234567"
FACTS = {"sha": COMMIT, "subject": "mm: count pins", "author": {"name": "Ann"}}
REGRESSION = {"title": "a device writes to a page that nobody has", "culprit": COMMIT, "fixes": []}


COUNTED = "a pin is a reference, and references are\ncounted."


def place(message_id: str, words: str) -> str:
    """Write a passage as the files have it."""
    start = BODIES[message_id].index(words)
    return (
        f"{{message: {message_id}, start: {start}, stop: {start + len(words)},\n"
        f"    exact: {exact_hash(words)},\n    loose: {loose_hash(words)}}}"
    )


HEAD = """\
format: 1
name: pins
title: Does a pin keep a page from being copied?
question: What may a write do to a page that a device has pinned?
about: Ann and Bo argue about pins. Nobody ever did.
outcome: They agree that a count is not enough.
outcome_sources:
  - {commit: 0123456789ab}
  - {message: answer@example.org}
thread: root@example.org
curated: {by: somebody, date: 2024-05-06}
coverage: [Both mails are covered.]
sources: [{uri: tests, what: everything}]
facts: {commits: [facts/commits.jsonl], regressions: [facts/regressions.jsonl]}
"""
PEOPLE = """\
- {key: ann, name: Ann Example}
- {key: bo, name: Bo Sample, names: ["Sample, Bo"], about: asks}
"""
MESSAGES = """\
- {id: root@example.org, date: 2024-05-01T09:00:00Z, by: ann, parent: null, subject: pins, in: thread}
- {id: answer@example.org, date: 2024-05-01T10:00:00Z, by: bo, parent: root@example.org, in: thread}
- {id: null, key: page-of-2001, date: 2001-02-03, by: ann, in: before, why: where it began, seen: false,
   url: "https://example.org/2001"}
"""
QUESTIONS = """\
- key: sharing
  text: Is it safe to share a pinned page?
  outcome: No.
  sources: [{url: "https://example.org/sharing"}]
"""
CLAIMS = f"""\
- id: 1
  by: ann
  said: {place("root@example.org", "Sharing a page is only safe while nobody pins it.")}
  in: thread
  gist: A page that is pinned must not be shared.
  kind: mechanism
  question: sharing
  stand: "no"
  status: contested
  why: answer@example.org says otherwise
  evidence:
    - {{commit: {COMMIT}, shows: that pins are counted, whose: ours}}
  decision: {{what: merged, commit: {COMMIT[:12]}}}
  afterwards: {{what: came true, regression: {REGRESSION["title"]}}}
  model:
    - scenario: S4
      stance: supports
      verdicts: {{refcount_nofork: Always, refcount_forkcopy: Never}}
      why: Fork shares the page, and the device is left alone.
  sure: M
- id: 2
  by: bo
  said: {place("answer@example.org", COUNTED)}
  also:
    - {place("answer@example.org", "The write copies.")}
    - {{message: page-of-2001, unseen: only a page, url: "https://example.org/2001"}}
  in: thread
  gist: Pins are seen by the count, so a write copies.
  kind: mechanism
  question: sharing
  stand: "yes"
  status: open
  why: nobody answered
  stances:
    - {{attacks: 1, said: {place("answer@example.org", "That is not so")}}}
  model:
    - scenario: S2
      stance: cost
      costs: {{mapcount_locked: {{lock_waits: 0..1}}, refcount_nofork: {{copies: 1..2}}}}
      why: What the lock costs.
  sure: "?"
- id: 3
  by: ann
  said: {{message: null, unseen: on a page of the web, url: "https://example.org/2001"}}
  in: before
  gist: Nothing of this matters.
  kind: opinion
  question: sharing
  stand: other
  status: unanswered
  why: nobody took it up
  model:
    - {{not_modelled: an opinion}}
  sure: C
"""
FILES = {
    "casebook.yaml": HEAD,
    "people.yaml": PEOPLE,
    "messages.yaml": MESSAGES,
    "questions.yaml": QUESTIONS,
    "claims/01.yaml": CLAIMS,
    "facts/commits.jsonl": json.dumps(FACTS) + "\n",
    "facts/regressions.jsonl": json.dumps(REGRESSION) + "\n",
}


def write(folder: Path, **changes: tuple[str, str]) -> Path:
    """Write the casebook; ``people=(old, new)`` changes words in a file."""
    for name, text in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        for part, (old, new) in changes.items():
            if path.stem in (part, "01" if part == "claims" else part):
                assert old in text, old
                text = text.replace(old, new, 1)
        path.write_text(text, encoding="utf-8")
    return folder


def mbox(path: Path, answer: str = ANSWER) -> Path:
    """Write both mails."""
    mails = (("root@example.org", "Ann <ann@example.org>", ROOT),
             ("answer@example.org", "Bo <bo@example.org>", answer))  # fmt: skip
    path.write_text(
        "".join(
            f"From x Wed May  1 09:00:00 2024\nFrom: {sender}\nMessage-ID: <{message_id}>\n"
            f"Date: Wed, 01 May 2024 09:00:00 +0000\nSubject: pins\n\n{body}\n"
            for message_id, sender, body in mails
        ),
        encoding="utf-8",
    )
    return path
