"""What ``show`` says of a commit: what it is, whether mainline has it, and who cites it."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.pipeline.mails import mail, mbox
from tests.servers.repository import Facts
from threadkit.cli.app import app
from threadkit.errors import Ambiguous, NotFound
from threadkit.pipeline.archive import Archive
from threadkit.pipeline.fetch_options import FetchOptions
from threadkit.pipeline.fetching import fetch_mail
from threadkit.pipeline.importing import import_mail

MERGED = "culprit"


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory, kernel: Facts) -> Path:
    """A mail that cites two commits under titles of its own, and a clone's word on them."""
    folder = tmp_path_factory.mktemp("commits")
    merged, stray = kernel.commits[MERGED], kernel.dangling
    body = f'See {merged[:12]} ("what I call it").\nSee also commit {stray[:12]}.\n'
    box = folder / "box"
    box.write_bytes(mbox([mail("citing", body=body)]))
    database = folder / "a.db"
    import_mail(database, [str(box)], workers=0)
    options = FetchOptions(clone=kernel.path, offline=True)
    fetch_mail(database, [merged[:12], stray[:12], *kernel.twins[0]], options=options)
    return database


def _show(database: Path, *arguments: str) -> Result:
    return CliRunner().invoke(app, ["--db", str(database), "show", *arguments])


def test_a_commit_is_shown_with_release_and_mainline(database: Path, kernel: Facts) -> None:
    sha = kernel.commits[MERGED]
    shown = _show(database, sha[:9])
    assert shown.exit_code == 0
    lines = shown.stdout.split("\n")
    assert lines[0] == f"commit {sha}"
    release = next(line for line in lines if line.startswith("Release: "))
    assert release.startswith(f"Release: {kernel.releases[MERGED]}, in mainline (")


def test_a_commit_of_no_branch_is_not_called_merged(database: Path, kernel: Facts) -> None:
    shown = _show(database, kernel.dangling)
    assert "Release: not in mainline (" in shown.stdout


def test_who_cites_it_is_listed_and_a_wrong_title_is_not_hidden(
    database: Path, kernel: Facts
) -> None:
    cited = _show(database, kernel.commits[MERGED][:12]).stdout.partition("Cited by\n")[2]
    assert cited == (" 2024-03-01  Ada Example  <citing@example.org>  as 'what I call it'\n")
    assert "  as " not in _show(database, kernel.dangling).stdout


def test_json_holds_the_same(database: Path, kernel: Facts) -> None:
    sha = kernel.commits[MERGED]
    facts = json.loads(_show(database, sha, "--json").stdout)
    assert (facts["sha"], facts["mainline"]) == (sha, "yes")
    assert facts["release"] == kernel.releases[MERGED]
    assert [one["message_id"] for one in facts["cited_by"]] == ["citing@example.org"]


def test_the_raw_object_is_what_git_hashes(database: Path, kernel: Facts) -> None:
    sha = kernel.commits[MERGED]
    data = _show(database, sha, "--raw").stdout_bytes
    assert hashlib.sha1(b"commit %d\0" % len(data) + data).hexdigest() == sha


def test_an_ambiguous_beginning_lists_the_candidates(database: Path, kernel: Facts) -> None:
    one, other = kernel.twins[0]
    shown = _show(database, one[:7])
    assert shown.exit_code == 3
    assert one in shown.stderr
    assert other in shown.stderr


def test_an_unknown_hash_is_no_such_message_or_commit(database: Path) -> None:
    shown = _show(database, "0123456789ab")
    assert (shown.exit_code, shown.stderr) == (
        3, "threadkit: 0123456789ab: no such message or commit\n",
    )  # fmt: skip
    assert _show(database, "0123456789ab", "--tree").exit_code == 3


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory, kernel: Facts) -> Path:
    """What a clone said of names that lead to no commit, or to more than one."""
    database = tmp_path_factory.mktemp("asked") / "a.db"
    names = [kernel.twins[0][0][:7], "0123456789ab", kernel.blob, kernel.commits[MERGED]]
    fetch_mail(database, names, options=FetchOptions(clone=kernel.path, offline=True))
    return database


def test_what_a_clone_called_ambiguous_lists_its_candidates_though_none_is_here(
    asked: Path, kernel: Facts
) -> None:
    shown = _show(asked, kernel.twins[0][0][:7].upper())
    assert shown.exit_code == 3
    assert all(f"  {sha} " in shown.stderr for sha in kernel.twins[0])


def test_what_was_looked_up_and_not_found_says_so(asked: Path, kernel: Facts) -> None:
    none = "threadkit: {}: no such message or commit; looked up: {}"
    for name, why in (
        ("0123456789ab", f"no such commit in {kernel.path}"),
        (kernel.blob, "the hash of something that is no commit"),
    ):
        shown = _show(asked, name)
        assert (shown.exit_code, shown.stderr) == (3, none.format(name, why) + "\n")


def test_python_has_the_same(database: Path, kernel: Facts) -> None:
    with Archive(database) as archive:
        found = archive.commit(kernel.commits[MERGED][:8])
        assert found.sha == kernel.commits[MERGED]
        assert repr(found).endswith(f"{kernel.releases[MERGED]}>")
        with pytest.raises(Ambiguous):
            archive.commit(kernel.twins[0][0][:7])
        with pytest.raises(NotFound):
            archive.commit("0123456789ab")
