"""Names that are not there, and the ones that were perhaps meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.casebook.made_up import write
from threadkit.casebook import references
from threadkit.casebook.load import load
from threadkit.casebook.problems import CasebookError


def test_names_are_compared_only_as_long_as_that_is_cheap(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(references, "_COMPARED_MOST", 3)  # there are three mails
    write(tmp_path, claims=("message: root@example.org", "message: rot@example.org"))
    head = tmp_path / "casebook.yaml"
    text = head.read_text(encoding="utf-8").replace("thread: root@", "thread: rot@")
    head.write_text(text, encoding="utf-8")
    with pytest.raises(CasebookError) as caught:
        load(tmp_path)
    first, second = map(str, caught.value.problems)
    assert "no mail rot@example.org in messages.yaml; did you mean root@example.org" in first
    assert second.endswith("no mail rot@example.org in messages.yaml")
