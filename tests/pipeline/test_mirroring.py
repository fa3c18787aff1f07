"""Mirrors as a whole: what is refused leaves nothing behind, and each list has a folder."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fetch.badserver import BadServer, FakeClock, challenge
from tests.pipeline.fetches import NOON
from threadkit.errors import Challenged, FetchError, Offline, QueryError, SourceError, Unreachable
from threadkit.fetch.lore.origins import Origins
from threadkit.fetch.mirror.mirror import Mirror, MirrorReport
from threadkit.fetch.web.manners import Manners
from threadkit.pipeline.fetch_turn import turn
from threadkit.pipeline.mirroring import _configured, _place, mirror_mail

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


def test_a_mirror_does_nothing_while_a_fetch_is_at_work(tmp_path: Path) -> None:
    db, into = tmp_path / "a.db", tmp_path / "mirror"
    with BadServer() as server, turn(db):
        with pytest.raises(FetchError, match="another fetch is at work on this database"):
            mirror_mail(db, server.url("/list/"), into=into)
        assert server.paths() == []
        assert [path.name for path in tmp_path.iterdir()] == ["a.db-fetch"]
        with pytest.raises(Offline):  # who asks nobody is in nobody's way
            mirror_mail(db, server.url("/list/"), into=into, offline=True)


def test_a_mirror_has_the_turn_while_it_asks_and_not_while_it_imports(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    db, seen = tmp_path / "a.db", []

    def busy() -> bool:
        with turn(db) as mine:
            return not mine

    def update(self: Mirror, url: str, **_: object) -> MirrorReport:
        seen.append(("update", busy()))
        return MirrorReport(self.folder, url, ())

    def imported(*_: object, **__: object) -> None:
        seen.append(("import", busy()))

    monkeypatch.setattr(Mirror, "update", update)
    monkeypatch.setattr("threadkit.pipeline.mirroring.import_mail", imported)
    mirror_mail(db, URL, into=tmp_path / "mirror")
    assert seen == [("update", True), ("import", False)]


def test_a_list_of_lore_is_asked_of_the_configured_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with BadServer() as server:
        monkeypatch.setenv("THREADKIT_LORE", f"{server.url('/in/')} http://127.0.0.1:1")
        for name in ("lore.kernel.org", "sea.lore.kernel.org"):
            with pytest.raises(FetchError):
                mirror_mail(
                    tmp_path / "a.db", f"https://{name}/git/", into=tmp_path / "m",
                    manners=Manners(attempts=1, pause_s=0.0),
                )  # fmt: skip
        assert server.paths()[:1] == ["/in/git/manifest.js.gz"]
        assert {path.partition("/git")[0] for path in server.paths()} == {"/in"}


def test_other_servers_are_asked_as_they_are_named() -> None:
    ours = Origins(lore=("http://127.0.0.1:99",))
    assert _configured("https://example.org/git/", ours) == "https://example.org/git/"
    assert (
        _configured("https://lore.kernel.org/git/git/0.git", ours)
        == "http://127.0.0.1:99/git/git/0.git"
    )


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
