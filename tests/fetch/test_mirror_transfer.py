"""What a user reads when git fails, and what git is told before it starts."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threadkit.errors import (
    BrokenAnswer,
    NotOnServer,
    ServerTrouble,
    SourceError,
    StoreFull,
    ThreadkitError,
    UnexpectedAnswer,
    Unreachable,
)
from threadkit.fetch.git import Repository
from threadkit.fetch.mirror.epoch import Epoch, join_packs, remember, remembered, tidy
from threadkit.fetch.mirror.hold import LOCK, hold
from threadkit.fetch.mirror.transfer import Transfer, explain, settings
from threadkit.fetch.web.manners import Manners
from threadkit.fetch.web.session import Session

URL = "https://lore.example.org/box/0"
ACCESS = f"fatal: unable to access '{URL}/': "


@pytest.mark.parametrize(
    ("said", "kind", "words"),
    [
        (ACCESS + "The requested URL returned error: 429", ServerTrouble, "left alone (HTTP 429)"),
        (ACCESS + "The requested URL returned error: 503", ServerTrouble, "left alone (HTTP 503)"),
        (ACCESS + "The requested URL returned error: 500", ServerTrouble, "its own (HTTP 500)"),
        (ACCESS + "The requested URL returned error: 410", NotOnServer, "no such git repository"),
        (ACCESS + "The requested URL returned error: 403", UnexpectedAnswer, "refuses git"),
        (ACCESS + "The requested URL returned error: 301", UnexpectedAnswer, "sends git elsewhere"),
        (f"fatal: repository '{URL}/' not found", NotOnServer, "no such git repository"),
        ("fatal: couldn't find remote ref refs/heads/master", NotOnServer, "no such git"),
        (ACCESS + "Could not resolve host: lore.example.org", Unreachable, "lore.example.org"),
        (ACCESS + "Failed to connect to 127.0.0.1 port 1: refused", Unreachable, "refused"),
        (
            ACCESS + "server certificate verification failed. CAfile: none CRLfile: none",
            Unreachable,
            "no safe connection",
        ),
        (
            "fatal: could not read Username for 'https://lore.example.org': prompts disabled",
            UnexpectedAnswer,
            "asks for a password",
        ),
        (
            ACCESS + "Operation too slow. Less than 1 bytes/sec transferred the last 30 seconds",
            BrokenAnswer,
            "sent nothing for too long",
        ),
        ("fatal: early EOF\nfatal: fetch-pack: invalid index-pack output", BrokenAnswer, "early"),
        ("error: RPC failed; curl 18 transfer closed", BrokenAnswer, "curl 18"),
        (
            "fatal: write error: No space left on device\nfatal: index-pack failed",
            StoreFull,
            "the disk is full",
        ),
        ("", BrokenAnswer, "git ended with 128"),
    ],
)
def test_what_git_says_becomes_one_error(said: str, kind: type, words: str) -> None:
    error = explain(URL, Path("0.git"), 128, said.splitlines())
    assert type(error) is kind
    assert words in str(error)
    assert "\n" not in str(error)


def test_what_a_server_says_does_not_decide() -> None:
    said = ["remote: No space left on device; The requested URL returned error: 404"]
    assert type(explain(URL, Path("0.git"), 128, said)) is BrokenAnswer


@given(st.integers(-64, 255), st.lists(st.text(max_size=40)))
def test_anything_is_explained(code: int, said: list[str]) -> None:
    assert isinstance(explain(URL, Path("0.git"), code, said), ThreadkitError)


def test_failures_in_a_row_call_for_a_rest(tmp_path: Path) -> None:
    Repository(tmp_path).ask("init", "--quiet", "--bare", "--template=", str(tmp_path))
    with Session(Manners(breaker_failures=2)) as session:
        url = "http://127.0.0.1:1/x"
        transfer = Transfer(
            session, tmp_path, url, session.clock.monotonic() + 60, lambda line: None
        )
        for _ in range(2):
            with pytest.raises(Unreachable):
                transfer.fetch("+refs/heads/master:refs/heads/master")
        with pytest.raises(ThreadkitError, match="failed 2 times in a row; not before"):
            transfer.fetch("+refs/heads/master:refs/heads/master")


def test_git_is_given_the_authorities_that_requests_has(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
    assert not any("sslCAInfo" in word for word in settings("a", 30, "lore.example.org"))
    bundle = tmp_path / "bundle.pem"
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(bundle))
    assert not any("sslCAInfo" in word for word in settings("a", 30, "lore.example.org"))
    bundle.touch()
    assert f"http.sslCAInfo={bundle}" in settings("a", 30, "lore.example.org")


def test_there_is_no_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with Session() as session:
        transfer = Transfer(session, tmp_path, "http://127.0.0.1:1/x", 1e9, lambda line: None)
        with pytest.raises(SourceError, match="the program git is not installed"):
            transfer.fetch("+a:a")


@pytest.fixture
def epoch(tmp_path: Path) -> Epoch:
    return Epoch(tmp_path / "box", 0)


def test_a_repository_remembers_where_it_is_from(epoch: Epoch) -> None:
    path = epoch.begin(URL, None, "sha1")
    assert remembered(path)["remote.origin.url"] == URL
    assert "threadkit.inbox" not in remembered(path)
    remember(path, URL, "https://lore.example.org/box")
    assert remembered(path)["threadkit.inbox"] == "https://lore.example.org/box"
    (path / "mine").touch()
    assert epoch.begin(URL, None, "sha1") == path
    assert (path / "mine").exists()
    assert epoch.begin(URL, None, "sha256") == path  # another kind of hashes: begun anew
    assert not (path / "mine").exists()


def test_half_a_beginning_is_begun_again(epoch: Epoch) -> None:
    epoch.unfinished.mkdir(parents=True)
    (epoch.unfinished / "HEAD").touch()
    assert remembered(epoch.begin(URL, None, "sha1"))["core.bare"] == "true"


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "git").touch()
    with pytest.raises(SourceError, match="Not a directory"):
        Epoch(tmp_path, 0).begin(URL, None, "sha1")


@pytest.mark.parametrize("broken", ["[core\n", "[core]\n\tbare\n\tx = \\q\n"])
def test_a_configuration_that_cannot_be_read(epoch: Epoch, broken: str) -> None:
    path = epoch.begin(URL, None, "sha1")
    (path / "config").write_text(broken)
    with pytest.raises(SourceError, match="cannot be read"):
        remembered(path)


def test_a_repository_that_is_another_ones_work_tree(epoch: Epoch, tmp_path: Path) -> None:
    path = epoch.begin(URL, None, "sha1")
    (path / "commondir").write_text(f"{tmp_path}\n")
    with pytest.raises(SourceError, match="a work tree of another repository"):
        remembered(path)


def test_only_what_git_left_is_removed(epoch: Epoch) -> None:
    path = epoch.begin(URL, None, "sha1")
    (path / "objects/pack").mkdir(exist_ok=True)
    (path / "refs/heads/a").mkdir(parents=True)
    (path / "objects/tmp_objdir-incoming-x/pack").mkdir(parents=True)
    gone = [
        "HEAD.lock",
        "refs/heads/a/b.lock",
        "shallow_x1",
        "objects/pack/tmp_pack_x",
        "objects/pack/.tmp-1-pack-x.pack",
        "objects/pack/pack-1.keep",
    ]
    kept = ["objects/pack/pack-1.pack", "objects/pack/pack-2.keep", "shallow", "description"]
    for name in (*gone, *kept):
        (path / name).write_text("fetch-pack 1 on here" if name.endswith("1.keep") else "mine")
    tidy(path)
    assert [name for name in gone if (path / name).exists()] == []
    assert [name for name in kept if not (path / name).exists()] == []
    assert not (path / "objects/tmp_objdir-incoming-x").exists()


def test_few_packs_are_left_alone(epoch: Epoch, monkeypatch: pytest.MonkeyPatch) -> None:
    path = epoch.begin(URL, None, "sha1")
    monkeypatch.setattr(Repository, "ask", lambda *words: pytest.fail(f"git {words}"))
    join_packs(path)


def test_a_hold_leaves_no_folder_behind(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "box"
    with hold(folder) as mine:
        assert not mine.was_killed
    assert not folder.exists()
    with hold(folder):
        (folder / "mail").touch()
    assert sorted(path.name for path in folder.iterdir()) == [LOCK, "mail"]


def test_an_end_in_the_middle_is_seen_by_the_next(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), hold(tmp_path):
        raise KeyboardInterrupt
    with hold(tmp_path) as mine:
        assert mine.was_killed
    with hold(tmp_path) as mine:
        assert not mine.was_killed


def test_a_folder_that_cannot_be_held(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SourceError, match="Not a directory"), hold(tmp_path / "file" / "box"):
        pass


@pytest.mark.parametrize("host", ["127.0.0.1:8080", "localhost", "[::1]:80"])
def test_nothing_is_asked_of_this_machine_through_a_proxy(host: str) -> None:
    assert "http.proxy=" in settings("a", 30, host)
    assert "http.proxy=" not in settings("a", 30, "lore.example.org")
