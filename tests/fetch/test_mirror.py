"""Mirrors of an inbox that the real public-inbox serves: all of it, once, safely."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fetch.boxes import Inbox, kinds, mail, read_all
from tests.fetch.mirrors import Gate, Scripted, ServedInbox, dumb_answers, moved, numbers_in
from tests.servers.fixtures import need
from tests.servers.loreservers import PublicInbox
from threadkit.errors import NotOnServer, Offline, SourceError, UnexpectedAnswer, Unreachable
from threadkit.fetch.git import Repository
from threadkit.fetch.mirror import first_clone, mirror
from threadkit.fetch.mirror.epoch import Epoch
from threadkit.fetch.mirror.hold import LOCK, hold
from threadkit.fetch.mirror.mirror import Mirror, MirrorReport
from threadkit.fetch.mirror.transfer import Transfer
from threadkit.fetch.web.manners import Manners
from threadkit.fetch.web.session import Session


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedInbox]:
    need("public-inbox")
    root = tmp_path_factory.mktemp("served")
    with PublicInbox(root, {"box": [mail(1)], "other": [mail(1)]}, level="basic") as server:
        yield ServedInbox(server)


@pytest.fixture
def box(served: ServedInbox) -> ServedInbox:
    served.reset()
    served.put(1, 2, 3)
    return served


@pytest.fixture
def session() -> Iterator[Session]:
    with Session(Manners(user_agent="threadkit/test (+x)", attempts=1)) as session:
        yield session


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "mirror"


def states(report: MirrorReport) -> list[tuple[int, str]]:
    return [(one.number, one.state) for one in report.epochs]


def no_git(monkeypatch: pytest.MonkeyPatch) -> None:
    def fetch(self: Transfer, *words: str) -> None:
        raise AssertionError(f"git fetch was started for {self.url}")

    monkeypatch.setattr(Transfer, "fetch", fetch)


def test_an_inbox_becomes_clones_that_an_import_finds(
    box: ServedInbox, session: Session, folder: Path
) -> None:
    box.put(4, 5, epoch=1)
    report = Mirror(folder, session).update(f"{box.url}/")
    assert states(report) == [(0, "new"), (1, "new")]
    assert report.paths == (folder / "git/0.git", folder / "git/1.git")
    assert report.bytes_added > 0
    assert not report.failed
    assert numbers_in(folder) == [1, 2, 3, 4, 5]
    assert sorted(path.name for path in (folder / "git").iterdir()) == ["0.git", "1.git"]


def test_an_unchanged_inbox_costs_one_request_and_no_git(
    box: ServedInbox, session: Session, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Gate(box.port) as gate:
        Mirror(folder, session).update(f"{gate.url}/box")
    no_git(monkeypatch)
    asked: list[str] = []
    page = Session.page
    monkeypatch.setattr(
        Session, "page", lambda self, url, **more: asked.append(url) or page(self, url, **more)
    )
    report = Mirror(folder, session).update(moved(folder, box.url))
    assert (states(report), report.bytes_added) == ([(0, "unchanged")], 0)
    assert asked == [f"{box.url}/manifest.js.gz"]


def test_growth_is_fetched_and_the_import_goes_on_from_its_cursor(
    box: ServedInbox, session: Session, folder: Path
) -> None:
    mirror = Mirror(folder, session)
    mirror.update(box.url)
    [source] = read_all(folder)[1]
    box.put(4)
    assert states(mirror.update()) == [(0, "updated")]
    mails, [again] = read_all(folder, cursor=source.cursor)
    assert ([one.data for one in mails], again.problems) == ([mail(4)], [])


def test_a_new_epoch_appears(box: ServedInbox, session: Session, folder: Path) -> None:
    mirror = Mirror(folder, session)
    mirror.update(box.url)
    box.put(7, 8, epoch=1)
    assert states(mirror.update()) == [(0, "unchanged"), (1, "new")]
    assert numbers_in(folder) == [1, 2, 3, 7, 8]


@pytest.mark.parametrize("form", ["{}/1", "{}/git/1.git", "{}/git/1.git/"])
def test_one_epoch_alone(box: ServedInbox, session: Session, folder: Path, form: str) -> None:
    box.put(7, 8, epoch=1)
    mirror = Mirror(folder, session)
    assert states(mirror.update(form.format(box.url))) == [(1, "new")]
    assert numbers_in(folder) == [7, 8]
    assert states(mirror.update()) == [(1, "unchanged")]
    box.put(9, epoch=1)
    assert states(mirror.update()) == [(1, "updated")]
    assert states(mirror.update(box.url)) == [(0, "new"), (1, "unchanged")]
    box.put(4)
    assert states(mirror.update()) == [(0, "updated"), (1, "unchanged")]


def test_only_the_epochs_asked_for(box: ServedInbox, session: Session, folder: Path) -> None:
    box.put(7, epoch=1)
    mirror = Mirror(folder, session)
    assert states(mirror.update(box.url, epochs=[1])) == [(1, "new")]
    with pytest.raises(NotOnServer, match="there is no epoch 5"):
        mirror.update(box.url, epochs=[1, 5])


def test_old_epochs_are_left_out(box: ServedInbox, session: Session, folder: Path) -> None:
    report = Mirror(folder, session).update(box.url, since_utc="2020-09-14")  # mails: the 13th
    assert (states(report), report.paths) == ([(0, "left out")], ())
    report = Mirror(folder, session).update(box.url, since_utc="2020-09-13")
    assert states(report) == [(0, "new")]


def test_a_purge_upstream_is_followed_and_the_import_says_so(
    box: ServedInbox, session: Session, folder: Path
) -> None:
    mirror = Mirror(folder, session)
    mirror.update(box.url)
    [source] = read_all(folder)[1]
    box.put(1, 3, fresh=True)
    assert states(mirror.update()) == [(0, "updated")]
    mails, [again] = read_all(folder, cursor=source.cursor)
    assert [one.data for one in mails] == [mail(1), mail(3)]
    assert kinds(again) == ["git-history-rewritten"]


def test_a_clone_in_pieces_is_whole_at_the_end(
    box: ServedInbox, session: Session, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(first_clone, "FIRST_PIECE", 2)
    box.put(*range(4, 24))
    told: list[str] = []
    report = Mirror(folder, session, told.append).update(box.url)
    assert states(report) == [(0, "new")]
    assert numbers_in(folder) == list(range(1, 24))
    path = report.paths[0]
    assert not (path / "shallow").exists()
    assert Repository(path).ask("fsck", "--full", "--strict") is not None
    assert any("objects" in line for line in told)


def test_offline_gives_what_is_there_and_starts_nothing(
    box: ServedInbox, session: Session, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Mirror(folder, session).update(box.url)
    no_git(monkeypatch)
    with Session(offline=True) as offline:
        for url in (None, box.url, f"{box.url}/0"):
            report = Mirror(folder, offline).update(url)
            assert (states(report), report.paths) == (
                [(0, "unchanged")],
                (folder / "git/0.git",),
            )
        with pytest.raises(Offline):
            Mirror(folder, offline).update(f"{box.url}/3")
        with pytest.raises(Offline):
            Mirror(folder / "elsewhere", offline).update(box.url)


@pytest.mark.parametrize(
    ("path", "error", "words"),
    [
        ("/nope/", NotOnServer, "no such"),
        ("/box/7", NotOnServer, "no such"),
        ("", NotOnServer, "no inbox"),
        ("/box/new.html", NotOnServer, "no such"),
    ],
)
def test_a_wrong_url_is_one_line_and_leaves_nothing(
    box: ServedInbox, session: Session, folder: Path, path: str, error: type, words: str
) -> None:
    with pytest.raises(error, match=words) as raised:
        Mirror(folder, session).update(box.url.removesuffix("/box") + path)
    assert "\n" not in str(raised.value)
    assert not folder.exists()


def test_an_inbox_without_mail(box: ServedInbox, session: Session, folder: Path) -> None:
    box.reset()
    with pytest.raises(NotOnServer, match="without"):
        Mirror(folder, session).update(box.url)
    assert not folder.exists()


def test_no_server_at_all(session: Session, folder: Path) -> None:
    with Scripted() as server:
        url = server.url
    with pytest.raises(Unreachable):
        Mirror(folder, session).update(f"{url}/box")
    assert not folder.exists()


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"<!DOCTYPE html><title>Welcome</title>", "not the answer of a git repository"),
        (b"001e# service=git-upload-pack\n0000", "ends early"),
        (b"001e# service=git-upload-pack\n00000000", "without mail"),
    ],
)
def test_what_is_no_repository(session: Session, folder: Path, body: bytes, words: str) -> None:
    with Scripted({"/x/info/refs": (200, {}, body)}) as server:
        with pytest.raises((UnexpectedAnswer, NotOnServer), match=words):
            Mirror(folder, session).update(f"{server.url}/x")
        assert [path for _, path, _ in server.asked] == [
            "/x/manifest.js.gz",
            "/x/info/refs?service=git-upload-pack",
        ]
    assert not folder.exists()


def test_an_inbox_without_epochs_from_a_server_of_plain_files(
    session: Session, folder: Path, tmp_path: Path
) -> None:
    inbox = Inbox(tmp_path / "v1.git")
    inbox.commit([Inbox.add(f"{n:02x}/{'0' * 38}", mail(n)) for n in (1, 2)])
    with Scripted(dumb_answers(inbox, "/v1")) as server:
        mirror = Mirror(folder, session)
        assert states(mirror.update(f"{server.url}/v1")) == [(0, "new")]
        assert numbers_in(folder) == [1, 2]
        assert states(mirror.update()) == [(0, "unchanged")]
        inbox.commit([Inbox.add(f"03/{'0' * 38}", mail(3))])
        server.answers |= dumb_answers(inbox, "/v1")
        assert states(mirror.update()) == [(0, "updated")]
        assert {name for _, _, name in server.asked} == {"threadkit/test (+x)"}
    assert numbers_in(folder) == [1, 2, 3]


def test_a_repository_of_something_else_is_not_kept(
    session: Session, folder: Path, tmp_path: Path
) -> None:
    code = Inbox(tmp_path / "code.git")
    code.commit([Inbox.add("Makefile", b"all:\n"), Inbox.add("main.c", b"int main;\n")])
    with (
        Scripted(dumb_answers(code, "/code")) as server,
        pytest.raises(UnexpectedAnswer, match="without mail in public-inbox's form"),
    ):
        Mirror(folder, session).update(f"{server.url}/code")
    assert not folder.exists()


def test_a_folder_that_is_no_mirror(session: Session, tmp_path: Path) -> None:
    (tmp_path / "notes").write_text("mine")
    with pytest.raises(SourceError, match="not a mirror"):
        Mirror(tmp_path, session).update()
    assert [path.name for path in tmp_path.iterdir()] == ["notes"]


def test_the_mirror_of_another_inbox_is_not_mixed_up(
    box: ServedInbox, session: Session, folder: Path
) -> None:
    Mirror(folder, session).update(box.url)
    with pytest.raises(SourceError, match=r"a mirror of .*/box; choose another folder"):
        Mirror(folder, session).update(box.url.replace("/box", "/other"))


def test_two_updates_at_once(box: ServedInbox, session: Session, folder: Path) -> None:
    mirror = Mirror(folder, session)
    mirror.update(box.url)
    with hold(folder), pytest.raises(SourceError, match="another threadkit is updating it"):
        mirror.update()
    assert states(mirror.update()) == [(0, "unchanged")]
    assert (folder / LOCK).read_bytes() == b""


def test_hooks_are_not_run_and_programs_in_a_configuration_are_refused(
    box: ServedInbox, session: Session, folder: Path, tmp_path: Path
) -> None:
    mirror = Mirror(folder, session)
    path = mirror.update(box.url).paths[0]
    proof = tmp_path / "proof"
    (path / "hooks").mkdir()
    for name in ("reference-transaction", "post-update", "update", "pre-auto-gc"):
        hook = path / "hooks" / name
        hook.write_text(f"#!/bin/sh\ntouch {proof}\n")
        hook.chmod(0o755)
    box.put(4)
    assert states(mirror.update()) == [(0, "updated")]
    box.put(5)
    config = (path / "config").read_text()
    for odd in (
        f"[core]\n\talternateRefsCommand = touch {proof} #\n",
        f'[url "ext::touch {proof} "]\n\tinsteadOf = http\n',
        f"[remote]\n\tpushDefault = {proof}\n",
        f"[gc]\n\trecentObjectsHook = touch {proof}\n",
    ):
        (path / "config").write_text(config + odd)
        with pytest.raises(SourceError, match="its configuration sets"):
            mirror.update(box.url)
        (path / "evil").write_text(odd)
        (path / "config").write_text(config + "[include]\n\tpath = evil\n")
        with pytest.raises(SourceError, match="its configuration sets"):
            mirror.update()
    (path / "config").write_text(config)
    assert states(mirror.update()) == [(0, "updated")]
    assert not proof.exists()


def test_a_clone_made_by_git_itself_can_be_followed(
    box: ServedInbox, session: Session, folder: Path
) -> None:
    (folder / "git").mkdir(parents=True)
    url = f"{box.url}/0"
    clone = folder / "git" / "0.git"
    shutil.copytree(box.path(), clone)
    (clone / "config").write_text(
        "[core]\n\trepositoryformatversion = 0\n\tbare = true\n"
        f'[remote "origin"]\n\turl = {url}\n\tfetch = +refs/*:refs/*\n\tmirror = true\n'
    )
    box.put(4)
    assert states(Mirror(folder, session).update()) == [(0, "updated")]
    assert numbers_in(folder) == [1, 2, 3, 4]
    (clone / "shallow").write_text(Repository(clone).tip() or "")
    box.put(5)
    report = Mirror(folder, session).update()
    assert "a shallow clone" in str(report.failed[0].error)


def test_a_proxy_has_no_part_in_a_mirror_of_this_machine(
    box: ServedInbox, session: Session, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    assert states(Mirror(folder, session).update(box.url)) == [(0, "new")]


def test_an_inbox_of_the_same_name_elsewhere_is_another(
    box: ServedInbox, session: Session, folder: Path
) -> None:
    Mirror(folder, session).update(box.url)
    with Gate(box.port) as gate:
        for other in (f"{gate.url}/box", box.url.replace("/box", "/dev/box")):
            with pytest.raises(SourceError, match=r"a mirror of .*/box; choose another folder"):
                Mirror(folder, session).update(other)
    assert numbers_in(folder) == [1, 2, 3]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://lore.kernel.org/a", "https://sea.lore.kernel.org/a/", True),
        ("https://lkml.kernel.org/a", "https://lore.kernel.org/a", True),
        ("https://lore.kernel.org/a", "https://lore.kernel.org/b", False),
        ("https://lore.example.org/a", "https://lore.kernel.org/a", False),
        ("https://x.example/a", "https://x.example/b/a", False),
        ("https://x.example/a.git", "https://x.example/a", True),
    ],
)
def test_which_addresses_are_one_inbox(one: str, other: str, same: bool, folder: Path) -> None:
    epoch = Epoch(folder, 0)
    epoch.begin(one, one, "sha1")
    with Session(offline=True) as session:
        wanted = Offline if same else SourceError
        with pytest.raises(wanted):
            Mirror(folder, session).update(other)


def test_a_mirror_behind_a_redirect_is_kept_up_to_date(box: ServedInbox, folder: Path) -> None:
    manners = Manners(attempts=1, known_hosts=frozenset({f"127.0.0.1:{box.port}"}))
    with Scripted() as door, Session(manners) as session:
        paths = ("manifest.js.gz", "0/info/refs")
        for path in paths:
            query = "?service=git-upload-pack" if path.endswith("refs") else ""
            to = {"Location": f"{box.url}/{path}{query}"}
            door.answers[f"/old/{path}"] = (301, to, b"")
        for number, state in enumerate(("new", "unchanged", "updated"), 3):
            if state == "updated":
                box.put(number)
            report = Mirror(folder, session).update(f"{door.url}/old/")
            assert states(report) == [(0, state)]
        assert states(Mirror(folder, session).update()) == [(0, "unchanged")]
        assert states(Mirror(folder, session).update(box.url)) == [(0, "unchanged")]


def test_another_history_is_taken_only_from_where_the_mirror_is_from(
    box: ServedInbox, session: Session, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mirror, "archive_host", lambda url: "one archive, two servers")
    Mirror(folder, session).update(box.url)
    box.put(1, 3, fresh=True)
    with Gate(box.port) as gate:
        report = Mirror(folder, session).update(f"{gate.url}/box")
        assert "not the one that is here; choose another folder" in str(report.failed[0].error)
        assert numbers_in(folder) == [1, 2, 3]
    assert states(Mirror(folder, session).update(box.url)) == [(0, "updated")]
    assert numbers_in(folder) == [1, 3]
