"""threadkit positions, brief and owed: what they print and how they end."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.pipeline import debated
from tests.pipeline.mails import mail, mbox
from threadkit.cli.app import app
from threadkit.cli.console import Console
from threadkit.cli.positions import LEGEND
from threadkit.pipeline.display import width
from threadkit.pipeline.importing import import_mail

Run = Callable[..., Result]
FILL = "".join(f"+int filler{number};\n" for number in range(12))
FIRST = f"+int first;\n{FILL}+int second;\n{FILL}+int third;\n"
SECOND = FIRST.replace("int second", "long second")


def diff(lines: str) -> str:
    count = lines.count("\n")
    return (
        f"---\n a.c | {count} +\n 1 file changed, {count} insertions(+)\n\n"
        f"diff --git a/a.c b/a.c\n--- a/a.c\n+++ b/a.c\n@@ -1,0 +1,{count} @@\n{lines}-- \n2.40\n"
    )


def posted(name: str, number: int, lines: str, minute: int) -> bytes:
    subject = f"[PATCH{f' v{number}' if number > 1 else ''}] alpha: count the words"
    body = f"Counting is cheap.\n\nSigned-off-by: Ada Example <ada@example.org>\n{diff(lines)}"
    return mail(name, subject=subject, body=body, minute=minute)


def review(name: str, to: str, line: str, text: str, minute: int) -> bytes:
    body = f"On Friday, Ada Example wrote:\n> {line}\n\n{text}\n"
    subject = "Re: [PATCH] alpha: count the words"
    return mail(name, to=to, subject=subject, body=body, minute=minute, person=1)


def runner(db: Path) -> Run:
    def invoke(*words: str) -> Result:
        result = CliRunner().invoke(app, ["--db", str(db), *words])
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
        return result

    return invoke


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    debated.given_units(monkeypatch)
    return runner(debated.archive_at(tmp_path))


@pytest.fixture
def reviewed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Two revisions; of three points the first one changed, one was answered, one is owed."""
    said = tuple(
        debated.Said(text, "question", bears=(("ask", "quote"),))
        for text in ("Why no long here?", "Can this ever be reached?", "Who frees the third one?")
    )
    answer = debated.Said("It is, by the timer.", "claim", bears=(("answer", "quote"),))
    monkeypatch.setattr(debated, "SAID", (*said, answer))
    debated.given_units(monkeypatch)
    mails = [
        posted("p1", 1, FIRST, 0),
        review("one", "p1", "+int second;", said[0].text, 10),
        review("two", "p1", "+int first;", said[1].text, 20),
        review("three", "p1", "+int third;", said[2].text, 30),
        mail("back", to="two", person=0, minute=40, subject="Re: [PATCH] alpha: count the words",
             body=f"On Friday, Bo Sample wrote:\n> {said[1].text}\n\n{answer.text}\n"),
        posted("p2", 2, SECOND, 5000),
    ]  # fmt: skip
    box = tmp_path / "in.mbox"
    box.write_bytes(mbox(mails))
    import_mail(tmp_path / "t.db", [str(box)], workers=0)
    return runner(tmp_path / "t.db")


def cells(result: Result) -> list[list[str]]:
    return [line.split("\t") for line in result.stdout.splitlines()]


def test_who_stands_where(run):
    result = run("positions", "r@", "--columns", "matter,person,now,course")
    assert ["c1", "Ada Example", "agree", "2024-03-01 agree"] in cells(result)
    assert ["c1", "Bo Sample", "disagree", "2024-03-01 disagree"] in cells(result)
    assert "of 4 people, found automatically" in result.stderr
    assert cells(run("positions"))[1:] == cells(run("positions", "r@"))[1:]


def test_positions_as_json_have_their_words(run):
    (one,) = json.loads(run("positions", "r@", "--json").stdout)
    matter = next(each for each in one["matters"] if each["matter"] == "c1")
    words = {each["person"]: each["stands"][0]["text"] for each in matter["people"]}
    assert words["Bo Sample"] == debated.SAID[2].text
    assert one["coverage"].startswith("positions of ")


@pytest.mark.parametrize("columns", [30, 50, 80, 120])
@pytest.mark.parametrize(
    "words", [("positions", "r@"), ("positions", "--list"), ("brief", "r@", "--since", "2024")]
)
def test_on_a_terminal_nothing_is_wider_than_it(run, monkeypatch, columns, words):
    monkeypatch.setattr(Console, "tty", property(lambda self: True))
    monkeypatch.setattr(Console, "columns", property(lambda self: columns))
    monkeypatch.setattr(Console, "colored", property(lambda self: False))
    result = run("--no-pager", *words)
    assert result.exit_code == 0
    assert "c1" in result.stdout
    lines = result.stdout.splitlines()
    assert [line for line in lines if width(line) > columns or line != line.rstrip()] == []
    if words[0] == "positions":
        assert "  ".join(LEGEND) in "  ".join(lines)


def test_a_wide_terminal_has_a_table(run, monkeypatch):
    monkeypatch.setattr(Console, "tty", property(lambda self: True))
    monkeypatch.setattr(Console, "columns", property(lambda self: 120))
    monkeypatch.setattr(Console, "colored", property(lambda self: False))
    lines = run("--no-pager", "positions", "r@").stdout.splitlines()
    (line,) = (line for line in lines if line.startswith("c1"))
    assert line.split()[-2:] == ["+", "-"]
    assert "Example" in lines[1]
    assert "Ada Example: 2024-03-01 agree" in run("--no-pager", "positions", "--list").stdout


@pytest.fixture
def conceding(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """One who gives in for sure, and one who does so perhaps, to one claim."""
    claim = debated.Said("The second lock of the cache is useless.", "claim", "mechanism")
    said = (claim, debated.Said("You're right.", "agreement"),
            debated.Said("That one hurts, perhaps.", "concession", score=0.6))  # fmt: skip
    monkeypatch.setattr(debated, "SAID", said)
    debated.given_units(monkeypatch)
    quoted = f"On Friday, Ada Example wrote:\n> {claim.text}\n\n"
    mails = [
        mail("r", subject="Locks", body=f"{claim.text}\n"),
        mail("a", to="r", person=1, minute=60, subject="Re: Locks", body=f"{quoted}{said[1].text}\n"),
        mail("b", to="r", person=2, minute=90, subject="Re: Locks", body=f"{quoted}{said[2].text}\n"),
    ]  # fmt: skip
    box = tmp_path / "in.mbox"
    box.write_bytes(mbox(mails))
    import_mail(tmp_path / "t.db", [str(box)], workers=0)
    return runner(tmp_path / "t.db")


def test_who_concedes_what(conceding, monkeypatch):
    (one,) = json.loads(conceding("positions", "r@", "--json").stdout)
    told = [(each["person"], each["to"], each["text"], each["sure"]) for each in one["concessions"]]
    assert told == [
        ("Bo Sample", "c1", "You're right.", True), ("Cy Specimen", "c1", "That one hurts, perhaps.", False),
    ]  # fmt: skip
    rows = cells(conceding("positions", "r@", "--columns", "kind,matter,person,course"))
    assert ["concession", "c1", "Cy Specimen", "2024-03-01 concedes (candidate 0.45)"] in rows
    monkeypatch.setattr(Console, "tty", property(lambda self: True))
    monkeypatch.setattr(Console, "columns", property(lambda self: 80))
    lines = conceding("--no-pager", "--color", "never", "positions", "r@").stdout.splitlines()
    assert lines[-2:] == [
        "! 2024-03-01 Bo Sample concedes c1: You're right.",
        "? 2024-03-01 Cy Specimen concedes c1: That one hurts, perhaps.",
    ]


def test_a_claim_that_somebody_perhaps_concedes_is_found_with_candidates(conceding, monkeypatch):
    assert [row[0] for row in cells(conceding("claims", "--status", "conceded"))[1:]] == ["c1"]
    monkeypatch.setattr(debated, "SAID", (debated.SAID[0], debated.SAID[2]))
    conceding("analyze", "--again", "r@")
    assert conceding("claims", "--status", "conceded").exit_code == 1
    rows = cells(conceding("claims", "--status", "conceded", "--include-candidates"))
    assert [row[0] for row in rows[1:]] == ["c1"]
    assert conceding("claims", "--status", "withdrawn", "--include-candidates").exit_code == 1


def test_what_is_new(run):
    rows = cells(run("brief", "r@", "--since", "2024-03-01T10:30", "--columns", "what,person,text"))
    assert ["decision", "Di Instance", "Applied, thanks."] in rows
    assert ["claim", "Ada Example", debated.SAID[4].text] in rows
    assert ["answer", "Ada Example", debated.SAID[4].text] in rows
    assert ["open", "Cy Specimen", debated.SAID[6].text] in rows
    assert not [row for row in rows if row[2] == debated.SAID[5].text and row[0] == "claim"]
    every = run("brief", "r@", "--since", "2024-03-01", "--include-candidates", "--json")
    assert debated.SAID[5].text in {
        one["text"] for one in json.loads(every.stdout) if one["what"] == "claim"
    }


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("brief", "r@", "--since", "2025", "--no-headers"), 1, "0 new mails"),
        (("brief", "r@", "--since", "someday"), 2, "someday"),
        (("brief", "r@"), 2, "--since"),
        (("brief", "nowhere@", "--since", "2020"), 3, "no such message"),
        (("positions", "nowhere@"), 3, "no such message"),
        (("positions", "else@", "--no-headers"), 1, ""),
        (("owed", "nowhere@"), 3, "no such message"),
        (("owed", "else@"), 3, "no such"),
    ],
)
def test_how_it_ends(run, words, code, said):
    result = run(*words)
    assert (result.exit_code, result.stdout) == (code, "")
    assert said in result.stderr


def test_what_a_series_owes(reviewed):
    result = reviewed("owed", "p1@")
    assert [row[5] for row in cells(result)[1:]] == ["Who frees the third one?"]
    assert "1 owed of 3 points" in result.stderr
    rows = json.loads(reviewed("owed", "p2@", "--all", "--json").stdout)
    fates = {row["text"]: (row["fate"], row["file"]) for row in rows}
    assert fates == {
        "Why no long here?": ("changed", "a.c"),
        "Can this ever be reached?": ("answered", "a.c"),
        "Who frees the third one?": ("owed", "a.c"),
    }


def test_nothing_is_owed(run):
    result = run("owed", "r@")
    assert result.exit_code == 1
    assert "of the last revision that is here: nothing took them up yet" in result.stderr
    assert run("owed", "r@", "--all", "--columns", "fate,person").exit_code == 0
