"""A casebook over the conversation of :mod:`tests.pipeline.debated`; JSON is YAML as well."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from threadkit.analyze.debate.names import exact_hash, loose_hash
from threadkit.pipeline.archive import Archive

LOCK = "The second lock of the cache is useless."
WRONG = "That is wrong, the writer of the index needs it."
PERHAPS = "Maybe somebody still sleeps under it."
RUNS = "It takes 3% of the time in my runs of the mixer."


def place(archive: Archive, message_id: str, words: str) -> dict[str, Any]:
    """Point at words of a mail, where its author says them."""
    start = archive.message(message_id).body.rindex(words)
    return {"message": message_id, "start": start, "stop": start + len(words),
            "exact": exact_hash(words), "loose": loose_hash(words)}  # fmt: skip


def claim(number: int, by: str, said: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Say something of a passage."""
    return {
        "id": number, "by": by, "said": said, "in": "thread", "gist": f"Gist of claim {number}.",
        "kind": "guarantee", "question": "lock", "stand": "yes", "status": "upheld",
        "why": "it was measured", "model": [{"not_modelled": "no cache there"}], "sure": "M",
        **more,
    }  # fmt: skip


S4 = {"scenario": "S4", "stance": "refutes", "why": "The run says so.",
      "verdicts": {"refcount_nofork": "Always"}}  # fmt: skip


def claims(archive: Archive) -> list[dict[str, Any]]:
    """Three claims of the conversation."""
    return [
        claim(1, "ada", place(archive, "r@example.org", LOCK), model=[S4]),
        claim(2, "bo", place(archive, "a@example.org", WRONG), stances=[{"undercuts": 1}]),
        claim(3, "ce", place(archive, "c@example.org", PERHAPS), stances=[{"agrees": 2}]),
    ]


def write(folder: Path, archive: Archive, some: list[dict[str, Any]], **head: Any) -> Path:
    """Write a casebook with these claims."""
    by = {"r": "ada", "a": "bo", "b": "ada", "c": "ce", "d": "di"}
    parent = {"a": "r", "b": "a", "c": "r", "d": "r"}
    files: dict[str, Any] = {
        "casebook.yaml": {
            "format": 1, "name": "cache", "title": "Locks of a cache", "question": "Is it needed?",
            "about": "A talk.", "outcome": "It went.", "thread": "r@example.org",
            "curated": {"by": "Eve Reader", "date": "2024-05-06"}, "coverage": ["All of it."], **head,
        },
        "people.yaml": [{"key": key, "name": key.title()} for key in ("ada", "bo", "ce", "di")],
        "messages.yaml": [
            {"id": f"{one}@example.org", "date": "2024-05-03", "by": by[one],
             "parent": f"{parent[one]}@example.org" if one in parent else None, "in": "thread"}
            for one in by
        ],
        "questions.yaml": [{"key": "lock", "text": "Is the second lock needed?"}],
        "claims/01.yaml": some,
    }  # fmt: skip
    for name, value in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(value, indent=1), "utf-8")
    return folder
