"""The turn to fetch into a database."""

from __future__ import annotations

from pathlib import Path

import pytest

from threadkit.pipeline import fetch_turn
from threadkit.pipeline.fetch_turn import END, turn


def test_one_at_a_time_and_nothing_is_left(tmp_path: Path) -> None:
    db = tmp_path / "a.db"
    with turn(db) as first:
        with turn(db) as second, turn(tmp_path / "b.db") as other:
            assert (first, second, other) == (True, False, True)
        assert [path.name for path in tmp_path.iterdir()] == [f"a.db{END}"]
    assert list(tmp_path.iterdir()) == []
    with turn(db) as again:
        assert again


def test_one_database_by_two_names_has_one_turn(tmp_path: Path) -> None:
    (tmp_path / "link.db").symlink_to(tmp_path / "a.db")
    with turn(tmp_path / "a.db"), turn(tmp_path / "link.db") as second:
        assert not second


def test_a_failure_within_gives_the_turn_back(tmp_path: Path) -> None:
    with pytest.raises(KeyError), turn(tmp_path / "a.db"):
        raise KeyError
    with turn(tmp_path / "a.db") as again:
        assert again


def test_a_folder_that_vanishes_is_no_failure(tmp_path: Path) -> None:
    folder = tmp_path / "gone"
    folder.mkdir()
    with turn(folder / "a.db") as mine:
        assert mine
        (folder / f"a.db{END}").unlink()
        folder.rmdir()


def test_where_no_lock_can_be_everybody_has_the_turn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(file: Path) -> int:
        raise PermissionError

    monkeypatch.setattr(fetch_turn, "lock", refused)
    with turn(tmp_path / "a.db") as first, turn(tmp_path / "a.db") as second:
        assert (first, second) == (True, True)
