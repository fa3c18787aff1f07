"""The shipped models on a file of labels, in either form, of any mailbox."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.eval.arguments import shipped
from tests.eval.labels import loose_digest

NAME = "re-1@example.org"
BODY = "> It is fast.\n> It never leaks.\nNo, it leaks.\nI saw it on v5.9.\n"
MAIL = f"""\
From ada@example.org Mon Jan  6 09:00:00 2025
From: Ada Example <ada@example.org>
Subject: Re: A pool
Date: Mon, 06 Jan 2025 09:00:00 +0000
Message-ID: <{NAME}>
In-Reply-To: <one@example.org>

{BODY}"""
UNITS = [
    (BODY.index(words), BODY.index(words) + len(words), words, label)
    for words, label in (("No, it leaks.", "claim"), ("I saw it on v5.9.", "evidence"))
]


def double(path: Path) -> Path:
    """Labels as the doubly labelled data has them."""
    units = [
        {"id": f"U{number}", "type": "own", "start": start, "end": stop, "text": words,
         "norm_sha256": loose_digest(words), "labels": [label, label], "secondary": [],
         "relations": [{"type": "attack", "to": "Q1", "by": ["A", "B"], "text": "never leaks"}]
         if label == "claim" else []}
        for number, (start, stop, words, label) in enumerate(UNITS)
    ]  # fmt: skip
    quote = {"id": "Q1", "type": "quote", "text": "It is fast.\nIt never leaks.", "depth": 1}
    stance = {"segment": "Q1", "units": ["U0", "U1"], "stances": ["disagree", "disagree"]}
    row = {"message_id": NAME, "source": "pool.mbox", "units": [quote, *units], "stances": [stance]}
    path.write_text(json.dumps(row) + "\n", "utf-8")
    return path


def own(path: Path) -> Path:
    """Labels as those of the project, of two readers."""
    rows = [
        {"message_id": NAME, "thread": "pool.mbox", "labeller": reader,
         "units": [{"at": [start, stop], "sha": loose_digest(words)[:12], "label": label}
                   for start, stop, words, label in UNITS],
         "stances": [{"at": [0, BODY.index("No,") - 1], "stance": "disagree"}]}
        for reader in "AB"
    ]  # fmt: skip
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


@pytest.fixture
def mailbox(tmp_path: Path) -> Path:
    """A mailbox of one mail."""
    path = tmp_path / "pool.mbox"
    path.write_text(MAIL, "utf-8")
    return path


@pytest.mark.parametrize("form", [double, own])
@pytest.mark.parametrize(("names", "said"), [
    (set(), "training saw 0 of them, and 0 are of threads that it saw"),
    ({"one@example.org"}, "training saw 0 of them, and 1 are of threads that it saw"),
    ({NAME, "one@example.org"}, "training saw 1 of them, and 1 are of threads that it saw"),
])  # fmt: skip
def test_any_mailbox_is_measured_and_what_training_saw_is_said(
    mailbox: Path, form: Callable[[Path], Path], names: set[str], said: str,
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.setattr(shipped, "seen_before", lambda: (names, names))
    labels = form(mailbox.with_name("labels.jsonl"))
    arguments = [str(labels), "--mails", str(mailbox)]
    assert shipped.main(arguments) == 0
    shown = capsys.readouterr().out
    assert "1 of 1 labelled mails are in the mail that was read" in shown
    assert said in shown
    assert ("no measure of unseen mail" in shown) is bool(names)
    assert "in the spans given: 2 units of 1 mails" in shown
    assert "alpha: unit labels 1.00" in shown
    assert shipped.main([*arguments, "--unseen"]) == (1 if names else 0)


def test_mails_that_are_not_there_are_counted(
    mailbox: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(shipped, "seen_before", lambda: (set[str](), set[str]()))
    labels = own(mailbox.with_name("labels.jsonl"))
    labels.write_text(labels.read_text("utf-8").replace(NAME, "none@example.org"), "utf-8")
    assert shipped.main([str(labels), "--mails", str(mailbox)]) == 1
    assert "0 of 1 labelled mails" in capsys.readouterr().out
