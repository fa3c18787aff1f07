"""Commits from cgit: the real one says what the clone says; errors are told apart."""

from __future__ import annotations

import html
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fetch.badserver import BadServer, FakeClock, body, challenge, page, trouble
from tests.servers import loreservers
from tests.servers.fixtures import need
from tests.servers.repository import Facts, build, git
from threadkit.commits.objects import parse_commit, sha_of
from threadkit.commits.values import Commit
from threadkit.errors import (
    AnswerTooLarge,
    Challenged,
    NotOnServer,
    Offline,
    ServerTrouble,
    UnexpectedAnswer,
)
from threadkit.fetch.clone.cgit import Cgit
from threadkit.fetch.clone.cgit_pages import fold_title, read_commit_page
from threadkit.fetch.clone.clone import Clone
from threadkit.fetch.web.manners import Manners
from threadkit.fetch.web.session import Session

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Web:
    """The generated repository, and the URL under which a real cgit shows it."""

    facts: Facts
    url: str
    empty: str


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory) -> Facts:
    return build(tmp_path_factory.mktemp("cgit") / "r.git")


@pytest.fixture(scope="module")
def web(facts: Facts, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    need("cgit")
    server = loreservers.Cgit(tmp_path_factory.mktemp("web"))
    shutil.copytree(facts.path, server.repository())
    other = build_empty(server.repository("stable/linux"))
    with server:
        root = f"{server.url}{loreservers.GITROOT}"
        yield Web(facts, f"{root}/torvalds/linux.git", f"{root}/stable/{other.name}")


def build_empty(path: Path) -> Path:
    """Make a repository with one commit of its own."""
    git(path, "init", "--quiet", "--bare", "--initial-branch=master", str(path))
    stream = b"commit refs/heads/master\ncommitter A <a@example.org> 1 +0000\ndata 1\nx\n"
    git(path, "fast-import", "--quiet", stdin=stream)
    return path


@pytest.fixture
def session() -> Iterator[Session]:
    with Session(Manners(attempts=1), clock=FakeClock(NOON), chance=lambda: 0.0) as session:
        yield session


@pytest.mark.slow
def test_every_commit_is_what_the_clone_says(web: Web, session: Session) -> None:
    cgit = Cgit(session, web.url)
    unproven = []
    for local in Clone(web.facts.path).resolve(web.facts.every):
        found = cgit.resolve(local.name)
        assert found.commit
        assert local.commit
        assert replace(found.commit, raw=None) == replace(local.commit, raw=None)
        if found.commit.raw is None:
            unproven.append(local.name)
        else:
            assert found.commit.raw == local.commit.raw
        assert found.diff == local.diff
        assert (found.state, found.mainline, found.release) == ("found", "not checked", None)
        assert (found.origin, found.checked_against) == (web.url, "")
    # These have headers that the page does not show.
    assert sorted(unproven) == sorted(web.facts.commits[word] for word in ("latin", "signed"))


def test_names(web: Web, session: Session) -> None:
    facts, cgit = web.facts, Cgit(session, web.url)
    fix = facts.commits["fix"]
    states = {
        fix[:8]: "found", fix.upper(): "found", facts.tag_object: "found",
        facts.twins[0][0][:7]: "unclear", facts.blob: "unknown", facts.blob[:12]: "not-a-commit",
        "0" * 40: "unknown", "0123456789ab": "unknown", "abc": "unknown", "master": "unknown",
        "v5.9": "unknown", "": "unknown", "a&id=HEAD": "unknown",
    }  # fmt: skip
    for name, state in states.items():
        found = cgit.resolve(name, diffs=False)
        assert (found.state, found.candidates) == (state, ()), name
        assert found.name == name.lower()
        assert found.diff is None
    short = cgit.resolve(facts.tag_object[:12])
    assert (short.state, short.commit, "perhaps a tag" in short.why) == ("unclear", None, True)
    tagged = cgit.resolve(facts.tag_object, diffs=False).commit
    assert tagged
    assert tagged.subject == "Linux 5.9"


def test_another_repository_has_it_not(web: Web, session: Session) -> None:
    found = Cgit(session, f"{web.empty}/").resolve(web.facts.commits["fix"])
    assert (found.state, found.origin, found.commit) == ("unknown", web.empty, None)


def test_a_repository_that_is_not_there(web: Web, session: Session) -> None:
    absent = web.url.replace("torvalds", "nobody")
    with pytest.raises(NotOnServer, match="No repositories found"):
        Cgit(session, absent).resolve("0" * 40)


def shown(commit: Commit, title: str, text: str, *, column: str = "oid") -> str:
    """Write a page as cgit does, as far as it is read."""

    def person(who: str, name: str, email: str, date: str) -> str:
        cell = html.escape(f"{name} <{email}>", quote=False)
        return f"<tr><th>{who}</th><td>{cell}</td><td class='right'>{date}</td></tr>\n"

    rows = person("author", commit.author.name, commit.author.email, "2020-09-01 12:00:00 +0200")
    rows += person(
        "committer", commit.committer.name, commit.committer.email, "2020-09-01 03:00:00 -0700"
    )
    for name, sha in [
        ("commit", commit.sha),
        ("tree", commit.tree),
        *(("parent", p) for p in commit.parents),
    ]:
        rows += f"<tr><th>{name}</th><td colspan='2' class='{column}'><a href='/x'>{sha}</a> (<a>patch</a>)</td></tr>\n"
    deco = "<span class='decoration'><a class='branch-deco' href='/'>master</a></span>"
    return (
        f"<div id='cgit'><table summary='commit info' class='commit-info'>\n{rows}</table>\n"
        f"<div class='commit-subject'>{html.escape(title, quote=False)}{deco}</div>"
        f"<div class='commit-msg'>{html.escape(text, quote=False)}</div></div>"
    )


def commit_of(message: str, extra: str = "", name: str = "Ann") -> Commit:
    raw = (
        f"tree {'4b' * 20}\nparent {'5c' * 20}\nauthor {name} <ann@example.org> 1598954400 +0200\n"
        f"committer Ben <ben@example.org> 1598954400 -0700\n{extra}\n{message}"
    ).encode()
    return parse_commit(sha_of(raw), raw)


PRINTABLE = st.text(
    st.characters(codec="utf-8", exclude_characters="\0\r\ufdd0\ufdd1\ufdd2\ufdd3"), max_size=20
)
TITLE = PRINTABLE.map(lambda text: "t" + text.replace("\n", " ").rstrip())


@given(
    title=TITLE, text=st.just("") | PRINTABLE.map(lambda text: text.strip("\n") + "x\n"),
    gap=st.sampled_from(["\n", "\n\n", "\n\n\n"]), column=st.sampled_from(["oid", "sha1", ""]),
)  # fmt: skip
def test_the_object_is_put_together_from_any_page(
    title: str, text: str, gap: str, column: str
) -> None:
    commit = commit_of(title + (gap + text if text else "\n"))
    assert read_commit_page(shown(commit, title, text, column=column).encode()) == commit


@given(title=TITLE, text=PRINTABLE.map(lambda text: text.strip("\n") + "x\n"), name=TITLE)
def test_what_cannot_be_put_together_is_read_from_the_page(
    title: str, text: str, name: str
) -> None:
    name = name.replace("<", "").replace(">", "")
    commit = commit_of(f"{title}\n\n{text}", "gpgsig x\n", name)
    found = read_commit_page(shown(commit, title, text).encode())
    assert found == replace(commit, raw=None)


PIECES = st.lists(
    st.sampled_from([
        b"<th>commit</th>", b"<th>author</th>", b"<td>", b"</td>", b"<tr>", b"a" * 40, b"<table>",
        b"<div class='commit-subject'>", b"<div class='commit-msg'>", b"</div>", b"<![CDATA[", b"<",
        b"2020-99-99 99:99:99 +0000", b"<td>A <a@b></td>", b"0000-01-01 00:00:00 -9999", b"&#0;",
        b"<span class='decoration'>", b"\xff", b"&#xd800;", b"<div class='error'>Bad", b"<?xml version='1.0'?>", b"<!--",
        "<td>\u0665020-01-01 00:00:00 +0000</td>".encode(),
    ]) | st.binary(max_size=8)
)  # fmt: skip


@given(PIECES)
def test_no_page_breaks_the_reader(pieces: list[bytes]) -> None:
    found = read_commit_page(b"".join(pieces))
    if isinstance(found, Commit):
        found.subject.encode()
        found.author.name.encode()


def test_a_title_is_folded_only_with_its_own_rest() -> None:
    commit = replace(
        commit_of("a title"), subject="a title", body="goes on\nhere\n\nText.", raw=None
    )
    folded = fold_title(commit, "a title goes on here")
    assert (folded.subject, folded.body) == ("a title goes on here", "Text.")
    for other in ("a title", "a title goes", "another", "a title goes on here too"):
        assert fold_title(commit, other) == commit


SHA = commit_of("t\n").sha
PATCH = f"From {SHA} Mon Sep 17 00:00:00 2001\nSubject: t\n\n---\n a | 1 +\n\ndiff --git a/a b/a\n-- \ncgit\n\n"


@pytest.fixture
def bad() -> Iterator[BadServer]:
    with BadServer() as server:
        server.script(f"/r/commit/?id={SHA}", page(shown(commit_of("t\n"), "t", "")))
        yield server


def test_a_patch_that_is_none(bad: BadServer, session: Session) -> None:
    cgit = Cgit(session, bad.url("/r/"))
    path = f"/r/patch/?id={SHA}"
    bad.script(path, body(PATCH.encode()))
    assert cgit.resolve(SHA).diff == b"diff --git a/a b/a\n"
    bad.script(path, body(b"-- \ncgit v1.2.3\n\n"))
    assert cgit.resolve(SHA).diff == b""
    bad.script(path, body(PATCH.replace(SHA, "9" * 40).encode()))
    with pytest.raises(UnexpectedAnswer, match="the patch of 9999"):
        cgit.resolve(SHA)
    bad.script(path, page("<p>Something else</p>"))
    with pytest.raises(UnexpectedAnswer, match="no patch"):
        cgit.resolve(SHA)
    bad.script(path, body(PATCH.encode() + b"x" * (16 << 20)))
    found = cgit.resolve(SHA)
    assert (found.state, found.diff) == ("found", None)


def test_pages_that_are_none(bad: BadServer, session: Session) -> None:
    cgit = Cgit(session, bad.url("/r"))
    path = f"/r/commit/?id={SHA}"
    bad.script(path, page("<p>Under construction</p>"))
    with pytest.raises(UnexpectedAnswer, match="no page of cgit"):
        cgit.resolve(SHA)
    bad.script(path, page("<html>gone</html>", status=404))
    with pytest.raises(UnexpectedAnswer, match="no page of cgit"):
        cgit.resolve(SHA)
    bad.script(path, trouble(502))
    with pytest.raises(ServerTrouble):
        cgit.resolve(SHA)


def test_a_challenge_is_no_answer(bad: BadServer, session: Session) -> None:
    bad.script(f"/r/commit/?id={SHA}", challenge())
    with pytest.raises(Challenged):
        Cgit(session, bad.url("/r")).resolve(SHA)


def test_what_changed_is_not_parsed(bad: BadServer, session: Session) -> None:
    start = shown(commit_of("t\n"), "t", "").removesuffix("</div>")
    lines = "<tr><td><div class='add'>+x</div></td></tr>\n" * 300_000
    diff = f"<div class='diffstat-header'>Diffstat</div><table>{lines}</table></div>"
    bad.script(f"/r/commit/?id={SHA}", page(start + diff))
    found = Cgit(session, bad.url("/r")).resolve(SHA, diffs=False)
    assert found.commit == commit_of("t\n")


@pytest.mark.parametrize("flood", ["<b>" * 300_000, "x" * (3 << 20)])
def test_a_page_that_is_a_flood_is_dropped(bad: BadServer, session: Session, flood: str) -> None:
    bad.script(f"/r/commit/?id={SHA}", page(shown(commit_of("t\n"), "t", flood) + flood))
    with pytest.raises(AnswerTooLarge, match="a page of more than"):
        Cgit(session, bad.url("/r")).resolve(SHA)


def test_a_page_about_another_commit_is_not_taken(bad: BadServer, session: Session) -> None:
    bad.script("/r/commit/?id=abcdef12", page(shown(commit_of("t\n"), "t", "")))
    found = Cgit(session, bad.url("/r")).resolve("abcdef12")
    assert (found.state, found.commit) == ("unclear", None)
    assert found.why == "the server shows another commit for it: perhaps a tag"


def test_offline_nothing_is_asked() -> None:
    with Session(offline=True) as session, pytest.raises(Offline):
        Cgit(session, "https://git.example.org/linux.git").resolve("0" * 40)
