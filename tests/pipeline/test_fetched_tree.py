"""A fetched thread drawn: the server's overview is a check, not the thread."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pipeline.fetches import Fetching
from tests.servers import letters
from tests.servers.loreservers import PublicInbox
from threadkit.pipeline.archive import Archive


@pytest.fixture
def fetching(tmp_path: Path, lore: PublicInbox) -> Fetching:
    """A new database, and the real public-inbox."""
    return Fetching(tmp_path / "a.db", [lore.url])


def test_copies_and_other_threads_in_the_overview_are_no_missing_mail(
    fetching: Fetching,
) -> None:
    """``/all/`` lists every copy, and mail that only has the same subject."""
    fetching(letters.ENGINE[0])
    with Archive(fetching.db) as archive:
        thread = archive.thread(letters.ENGINE[0])
        assert not thread.partial
        assert thread.summary().startswith("6 messages, 1 not found, 3 people")
        ids = [row.message_id for row in thread.overview]
        assert len(ids) == len(set(ids))
        assert letters.LOOSE not in ids
        assert thread.tree().lines[0].endswith("[PATCH 0/2] engine: cards")


def test_the_copy_of_another_list_is_not_called_new(fetching: Fetching, lore: PublicInbox) -> None:
    at = {name: f"{lore.url}/{name}/{letters.ENGINE_V2[0]}/" for name in ("lkml", "linux-mm")}
    first = fetching(at["lkml"])
    assert [(one.state, one.added) for one in first.threads] == [("new", 3)]
    other = fetching(at["linux-mm"])
    assert [(one.state, one.added, one.copies) for one in other.threads] == [("same", 0, 3)]
