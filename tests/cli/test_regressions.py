"""threadkit regressions, from mails and commits to what is printed."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from threadkit.cli.app import app
from threadkit.commits.values import Commit, Resolved, Signature
from threadkit.store.commits import CommitStore
from threadkit.store.connection import open_write

BAD, FIX = "1bad" * 10, "f1c5" * 10
MAILS = (
    ("r", "", "Ada Example", "[REGRESSION] sound is gone since 6.8-rc1",
     "Wed, 10 Jan 2024 09:00:00 +0000",
     f"Hello,\n\nsound worked in 6.7 and no longer works on my laptop in 6.8-rc1.\n\n"
     f"I bisected it to commit {BAD[:12]} (\"alsa: rework the mixer\").\n"),
    ("t", "r", "Tracker Sample", "Re: [REGRESSION] sound is gone since 6.8-rc1",
     "Thu, 11 Jan 2024 09:00:00 +0000",
     f"Thanks!\n\n#regzbot ^introduced {BAD[:12]}\n#regzbot title: alsa: no sound\n"),
    ("p", "", "Mo Specimen", "[PATCH] alsa: mend the mixer", "Mon, 15 Jan 2024 09:00:00 +0000",
     f"Set it up first.\n\nFixes: {BAD[:12]} (\"alsa: rework the mixer\")\n"
     "Reported-by: Ada Example <ada@example.org>\n"
     "Closes: https://lore.kernel.org/all/r@example.org/\n"
     "Signed-off-by: Mo Specimen <mo@example.org>\n---\n a.c | 2 +-\n"
     " 1 file changed, 1 insertion(+), 1 deletion(-)\n\ndiff --git a/a.c b/a.c\n--- a/a.c\n"
     "+++ b/a.c\n@@ -1 +1 @@\n-old\n+new\n"),
    ("o", "", "Cy Example", "A question", "Tue, 16 Jan 2024 09:00:00 +0000", "How are you?\n"),
)  # fmt: skip


def raw(name: str, to: str, who: str, subject: str, date: str, body: str) -> bytes:
    address = f"{who.split()[0].lower()}@example.org"
    reply = f"In-Reply-To: <{to}@example.org>\n" if to else ""
    return (
        f"From: {who} <{address}>\nTo: list@example.org\nSubject: {subject}\nDate: {date}\n"
        f"Message-ID: <{name}@example.org>\n{reply}\n{body}"
    ).encode()


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    folder = tmp_path / "mails"
    folder.mkdir()
    for mail in MAILS:
        (folder / f"{mail[0]}.eml").write_bytes(raw(*mail))
    path = tmp_path / "t.db"
    result = CliRunner().invoke(app, ["--db", str(path), "import", "--workers", "0", str(folder)])
    assert result.exit_code == 0, result.output
    return path


@pytest.fixture
def run(archive: Path) -> Callable[..., Result]:
    def invoke(*args: str) -> Result:
        return CliRunner().invoke(app, ["--db", str(archive), *args])

    return invoke


def add_commits(path: Path) -> None:
    """Store the culprit and the fix, as a fetch would."""
    db = open_write(path)
    store = CommitStore(db.conn)
    for sha, day, subject, body, release in (
        (BAD, "02", "alsa: rework the mixer", "", "v6.8-rc1"),
        (FIX, "20", "alsa: mend the mixer",
         f"Fixes: {BAD[:12]} (\"alsa: rework the mixer\")\n"
         "Reported-by: Ada Example <ada@example.org>\n"
         "Closes: https://lore.kernel.org/all/r@example.org/", "v6.8-rc2"),
    ):  # fmt: skip
        mo = Signature("Mo Specimen", "mo@example.org", f"2024-01-{day}T12:00:00Z", 0)
        commit = Commit(sha, "", (), mo, mo, subject, body)
        resolved = Resolved(sha, "found", "/git/x", commit, (), "yes", "v6.8", release)
        store.save(resolved, "2024-06-01T00:00:00Z")
    db.close()


def test_a_report_is_listed_and_the_fix_is_posted(run: Callable[..., Result]) -> None:
    result = run("regressions", "--columns", "key,title,culprit,state,fix,fix_status,tracked")
    assert result.exit_code == 0, result.output
    assert result.output.splitlines()[1].split("\t") == [
        "r@example.org", "alsa: no sound", BAD[:12], "open", "p@example.org", "proposed", "1",
    ]  # fmt: skip


def test_a_commit_that_comes_later_fixes_it(run: Callable[..., Result], archive: Path) -> None:
    assert run("regressions").exit_code == 0
    add_commits(archive)
    [found] = json.loads(run("regressions", "--json").output)
    assert (found["state"], found["solved"]["commit"]) == ("fixed", FIX)
    assert found["fixes"][0]["message_id"] == "p@example.org"
    assert found["tree"] == "mainline"
    assert found["delays_days"]["introduced_to_reported"] == 7.9
    assert found["delays_days"]["fix_posted_to_fix_merged"] == 5.1
    text = MAILS[0][5]
    spans = [
        (e["kind"], text[e["start"] : e["stop"]])
        for e in found["evidence"]
        if e["message_id"] == "r@example.org" and e["stop"]
    ]
    assert any(kind == "culprit" and BAD[:12] in passage for kind, passage in spans)
    assert any(kind == "works" and "6.7" in passage for kind, passage in spans)


def test_it_is_found_by_any_mail_of_it_and_by_its_commits(
    run: Callable[..., Result], archive: Path
) -> None:
    add_commits(archive)
    for name in ("r@example.org", "t@example.org", "p@example.org", BAD[:12], FIX[:10]):
        result = run("regressions", name, "--columns", "key", "--no-headers")
        assert (result.output, result.exit_code) == ("r@example.org\n", 0), name
    assert run("regressions", "o@example.org").exit_code == 1
    assert run("regressions", "abcdef123456").exit_code == 1
    assert run("regressions", "nobody@example.org").exit_code == 3


def test_states_choose_and_none_ends_with_one(run: Callable[..., Result], archive: Path) -> None:
    assert run("regressions", "--open").exit_code == 0
    assert run("regressions", "--state", "fixed").exit_code == 1
    add_commits(archive)
    assert run("regressions", "--open").exit_code == 1
    assert run("regressions", "--state", "fixed").exit_code == 0
    assert run("regressions", "--open", "--chains").exit_code == 2
    assert run("regressions", "--chains").exit_code == 1  # a fix that broke nothing is no story
    assert run("regressions", "--predictions").exit_code == 1


def test_json_of_none_is_an_empty_array(run: Callable[..., Result]) -> None:
    result = run("regressions", "--state", "fixed", "--json")
    assert (json.loads(result.output), result.exit_code) == ([], 1)
    assert run("regressions", "--nl", "--state", "fixed").output == ""


@pytest.mark.parametrize("columns", [30, 80, 200])
def test_on_a_terminal_nothing_is_wider_than_it(
    run: Callable[..., Result], archive: Path, monkeypatch: pytest.MonkeyPatch, columns: int
) -> None:
    from threadkit.cli.console import Console
    from threadkit.pipeline.display import width

    add_commits(archive)
    monkeypatch.setattr(Console, "tty", property(lambda self: True))
    monkeypatch.setattr(Console, "columns", property(lambda self: columns))
    monkeypatch.setattr(Console, "colored", property(lambda self: False))
    for args in (["regressions"], ["regressions", "r@example.org"]):
        result = run("--no-pager", *args)
        assert result.exit_code == 0, result.output
        lines = result.output.splitlines()
        assert "alsa: no" in result.output
        assert max(map(width, lines)) <= columns
    assert "Culprit:" in result.output


def test_the_analysis_of_an_archive_is_its_own(archive: Path) -> None:
    from threadkit.pipeline.archive import Archive

    with Archive(archive) as opened:
        opened.analyze()
        found = opened.regressions()
        assert repr(found) == "<Regressions 1 regression, 1 open>"
        assert found[0].key == "r@example.org"
        assert [one.key for one in found.in_state("fixed")] == []
        assert "alsa: no sound" in found._repr_html_()
        assert opened.predictions() == []
