"""Mirrors as a whole: what is refused leaves nothing behind, and each list has a folder."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fetch.badserver import BadServer, FakeClock, challenge
from tests.pipeline.fetches import NOON
from threadkit.errors import Challenged, FetchError, Offline, QueryError, SourceError, Unreachable
from threadkit.fetch.web.manners import Manners
from threadkit.pipeline.mirroring import _place, mirror_mail

URL = "http://127.0.0.1:1/list/"
ONCE = Manners(attempts=1)


@pytest.mark.parametrize("since", ["", "2020-02-30"])
def test_a_day_that_is_none_is_refused_before_anything(tmp_path: Path, since: str) -> None:
    db, into = tmp_path / "a.db", tmp_path / "mirror"
    with pytest.raises(QueryError, match="no day") as caught:
        mirror_mail(db, URL, into=into, since=since, offline=True)
    assert caught.value.exit_code == 2
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("url", "offline", "kind"),
    [(URL, True, Offline), (URL, False, Unreachable), ("ftp://x/", False, SourceError)],
)
def test_a_database_made_for_nothing_is_removed(
    tmp_path: Path, url: str, offline: bool, kind: type[Exception]
) -> None:
    with pytest.raises(kind):
        mirror_mail(tmp_path / "a.db", url, into=tmp_path / "mirror", offline=offline, manners=ONCE)
    assert list(tmp_path.iterdir()) == []


def test_that_a_host_wants_to_be_left_alone_is_kept(tmp_path: Path) -> None:
    clock = FakeClock(NOON)
    with BadServer() as server:
        url = server.url("/list/")
        server.script("/list/manifest.js.gz", challenge())
        for _ in range(2):
            with pytest.raises(FetchError) as caught:
                mirror_mail(tmp_path / "a.db", url, into=tmp_path / "m", clock=clock)
        assert server.paths() == ["/list/manifest.js.gz"]
    assert not isinstance(caught.value, Challenged)
    assert (tmp_path / "a.db").exists()


@pytest.mark.parametrize(
    ("url", "folder"),
    [
        ("https://lore.kernel.org/linux-mm/", "lore.kernel.org/linux-mm"),
        ("https://sea.lore.kernel.org/linux-mm/1", "lore.kernel.org/linux-mm"),
        ("https://lists.example.org/dev/", "lists.example.org/dev"),
        ("https://example.org/other/dev/git/0.git", "example.org/other/dev"),
        ("https://example.org/.git", "example.org/list"),
        ("https://example.org/", "example.org/list"),
    ],
)
def test_each_list_has_a_folder_of_its_own(url: str, folder: str) -> None:
    assert _place(url).as_posix() == folder


@given(st.text("./gita%~ ", max_size=12))
def test_no_name_leads_out_of_the_folder_of_mirrors(path: str) -> None:
    try:
        folder = _place(f"https://example.org/{path}")
    except SourceError:
        return
    assert folder.parts[0] == "example.org"
    assert len(folder.parts) > 1
    assert not any(part.startswith(".") for part in folder.parts)
