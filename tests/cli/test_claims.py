"""threadkit claims, show c1, questions and decisions: what they print and how they end."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.pipeline import debated
from threadkit.cli.app import app
from threadkit.cli.console import Console
from threadkit.pipeline.display import width

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    debated.given_units(monkeypatch)
    db = str(debated.archive_at(tmp_path))

    def invoke(*words: str) -> Result:
        result = CliRunner().invoke(app, ["--db", db, *words])
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
        return result

    return invoke


def cells(result: Result) -> list[list[str]]:
    return [line.split("\t") for line in result.stdout.splitlines()]


def ids(result: Result) -> list[str]:
    return [row[0] for row in cells(result)[1:]]


def test_claims_in_a_pipe(run):
    result = run("claims", "--columns", "id,person,kind,state,attacked,supported,text")
    assert cells(result)[1:] == [
        ["c1", "Ada Example", "mechanism", "automatic", "1", "1", debated.SAID[0].text],
        ["c2", "Bo Sample", "mechanism", "automatic", "0", "0", debated.SAID[2].text],
        ["c3", "Ada Example", "guarantee", "automatic", "0", "0", debated.SAID[4].text],
    ]
    assert "claims of 2 of 4 people; 6 of 6 messages read" in result.stderr
    assert "1 candidate not sure enough to be shown: --include-candidates" in result.stderr


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (("r@",), "c1 c2 c3"),
        (("else@",), ""),
        (("list", "https://lore.kernel.org/all/b@example.org/"), "c1 c2 c3"),
        (("--include-candidates",), "c1 c2 c3 c4"),
        (("--all",), "c1 c2 c3 c4"),
        (("--accepted",), ""),
        (("--by", "ADA example"), "c1 c3"),
        (("--by", "bo@example"), "c2"),
        (("--by", "nobody"), ""),
        (("--kind", "guarantee"), "c3"),
        (("--status", "withdrawn"), ""),
        (("--about", "c1"), "c2"),
        (("--about", "C2"), "c1"),
        (("--question", "readers INDEX"), "c1 c3"),
        (("--since", "2024-03-01T10:30"), "c3"),
        (("-n", "1"), "c1"),
        (("--by", "ada", "r@", "--kind", "mechanism"), "c1"),
    ],
)
def test_which_claims(run, words, found):
    result = run("claims", *words)
    assert ids(result) == found.split()
    assert result.exit_code == (0 if found else 1)


def test_what_nobody_answered(run):
    found = ids(run("claims", "--unanswered"))
    assert "c2" in found
    assert "c1" not in found


def test_a_question_is_found_by_its_name(run):
    name = cells(run("questions"))[1][0]
    assert ids(run("claims", "--question", name)) == ids(run("claims", "--question", name[:5]))
    assert run("claims", "--question", name).exit_code == 0


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("claims", "nowhere@"), 3, "no such message"),
        (("claims", "--about", "c99"), 3, "c99: no such claim"),
        (("claims", "--question", "zebra"), 3, "zebra: no such question"),
        (("claims", "--since", "someday"), 2, "someday"),
        (("claims", "--status", "new"), 2, "is not one of"),
        (("claims", "--columns", "nothing"), 2, "no column"),
        (("claims", "--acceptability", "--export", "dot"), 2, "only one of"),
        (("claims", "--export", "aif", "--by", "ada"), 2, "leave the filters out"),
        (("claims", "--with-verdicts"), 2, "goes with"),
        (("claims", "--explain", "c99"), 3, "no such claim"),
        (("claims", "--explain", "c4", "r@"), 3, "--include-candidates"),
        (("claims", "edit", "c99"), 3, "no such claim"),
        (("claims", "edit", "c1", "--set", "kind"), 2, "FIELD=VALUE"),
        (("claims", "review"), 2, "needs a terminal"),
        (("claims", "corrections"), 1, ""),
        (("claims", "correct", "/nowhere.yaml"), 2, "does not exist"),
        (("show", "c99"), 3, "c99: no such claim or message"),
        (("questions", "else@", "--no-headers"), 1, ""),
        (("decisions", "else@", "--no-headers"), 1, ""),
        (("decisions", "--columns", "nothing"), 2, "no column"),
    ],
)
def test_how_it_ends(run, words, code, said):
    result = run(*words)
    assert (result.exit_code, result.stdout) == (code, "")
    assert said in result.stderr


def test_json_says_how_much_was_read(run):
    found = json.loads(run("claims", "--json").stdout)
    assert [one["id"] for one in found] == ["c1", "c2", "c3"]
    assert {one["coverage"] for one in found} == {"claims of 2 of 4 people; 6 of 6 messages read"}
    lines = run("claims", "--nl").stdout.splitlines()
    assert [json.loads(line) for line in lines] == found
    assert json.loads(run("claims", "--json", "--kind", "history").stdout) == []


def test_a_claim_in_its_place(run):
    run("claims")
    text = run("show", "c2").stdout
    assert "  » " + debated.SAID[2].text in text
    assert "    > " + debated.SAID[0].text in text
    assert "    " + debated.SAID[3].text in text
    assert "attacks c1 Ada Example" in text
    text = run("show", "c1").stdout
    assert "c2 Bo Sample, 2024-03-01 attacks it (claim, given, automatic 0.90)" in text
    assert text.index("Evidence for it") < text.rindex(debated.SAID[1].text)


def test_a_claim_as_json_is_verbatim(run):
    run("claims")
    one = json.loads(run("show", "C2", "--json").stdout)
    assert one["in_place"]["passage"] == debated.SAID[2].text
    assert (one["answers"][0]["kind"], one["answers"][0]["claim"]) == ("attack", "c1")
    assert one["analyzer"] == "claims"
    assert one["rule"] == "given"


def test_questions_and_who_answers(run):
    rows = cells(run("questions", "--columns", "person,outcome,answered_by,answers,text"))
    assert rows[1] == [
        "Bo Sample",
        "answered",
        "Ada Example",
        "b@example.org",
        debated.SAID[3].text,
    ]
    assert rows[2][0:2] == ["Cy Specimen", "no direct reply"]
    assert len(cells(run("questions", "--open"))) == 2
    answered, _ = json.loads(run("questions", "--json").stdout)
    assert answered["answers"][0]["message_id"] == "b@example.org"


def test_decisions(run):
    (one,) = json.loads(run("decisions", "r@", "--json").stdout)
    assert (one["kind"], one["person"], one["text"]) == (
        "applied",
        "Di Instance",
        "Applied, thanks.",
    )


@pytest.mark.parametrize("columns", [20, 50, 80, 200])
@pytest.mark.parametrize(
    "words",
    [
        ("claims", "--include-candidates"), ("claims", "--acceptability"), ("show", "c1"),
        ("show", "c2"), ("questions",), ("decisions",), ("claims", "--explain", "c1"),
    ],
)  # fmt: skip
def test_on_a_terminal_nothing_is_wider_than_it(run, monkeypatch, columns, words):
    run("claims")
    monkeypatch.setattr(Console, "tty", property(lambda self: True))
    monkeypatch.setattr(Console, "columns", property(lambda self: columns))
    monkeypatch.setattr(Console, "colored", property(lambda self: False))
    result = run("--no-pager", *words)
    assert result.exit_code == 0
    assert result.stdout
    if words[-1] != "--acceptability" or columns > 50:  # no column of a table goes below six
        assert [line for line in result.stdout.splitlines() if width(line) > columns] == []


def test_what_a_person_says_wins_and_stays(run):
    run("claims")
    assert run("claims", "edit", "c1", "--set", "kind=guarantee", "--set", "gist=One will do.",
               "--set", "state=accepted", "--note", "so it is").exit_code == 0  # fmt: skip
    assert run("claims", "edit", "c4", "--set", "state=accepted").exit_code == 0
    assert run("claims", "edit", "c3", "--set", "state=rejected").exit_code == 0
    run("analyze", "--again")
    rows = cells(run("claims", "--columns", "id,kind,gist,state"))
    assert rows[1] == ["c1", "guarantee", "One will do.", "accepted"]
    assert [row[0] for row in rows[1:]] == ["c1", "c2", "c4"]
    assert ids(run("claims", "--accepted")) == ["c1", "c4"]
    assert "gist = One will do. by" in run("show", "c1").stdout
    run("claims", "edit", "c1", "--set", "gist=")
    assert cells(run("claims", "--columns", "gist"))[1] == [""]


def test_corrections_go_through_a_file(run, tmp_path):
    run("claims")
    run("claims", "edit", "c1", "--set", "kind=guarantee", "--set", "status=upheld")
    path = tmp_path / "mine.yaml"
    assert run("claims", "corrections", "-o", str(path)).exit_code == 0
    assert debated.SAID[0].text not in path.read_text()
    run("claims", "edit", "c1", "--set", "kind=", "--set", "status=")
    assert run("claims", "corrections").exit_code == 1
    dry = run("claims", "correct", "--dry-run", str(path))
    assert dry.stdout.splitlines() == ["c1\tkind\tguarantee", "c1\tstatus\tupheld"]
    assert run("claims", "corrections").exit_code == 1
    assert "2 corrections" in run("claims", "correct", str(path)).stderr
    assert cells(run("claims", "--columns", "kind,status"))[1] == ["guarantee", "upheld"]


def test_an_editor_opens_without_options(run, monkeypatch):
    run("claims")
    seen = []

    def typed(text: str, extension: str) -> str:
        seen.append(text)
        return text.replace("kind: mechanism", "kind: history")

    monkeypatch.setattr("click.edit", typed)
    assert run("claims", "edit", "c1").exit_code == 0
    assert debated.SAID[0].text in seen[0]
    assert cells(run("claims", "--columns", "kind"))[1] == ["history"]
    monkeypatch.setattr("click.edit", lambda text, extension: None)
    assert "nothing changed" in run("claims", "edit", "c1").stderr
    assert run("claims", "edit", "c1", "--set", "kind=music").exit_code == 2
    monkeypatch.setattr("click.edit", lambda text, extension: "kind: music\n")
    assert run("claims", "edit", "c1").exit_code == 2


def test_how_a_claim_stands_in_the_graph(run):
    rows = cells(run("claims", "r@", "--acceptability", "--columns", "id,grounded,unanswered"))
    assert rows[1:3] == [["c1", "rejected", "c2"], ["c2", "accepted", ""]]
    result = run("claims", "--acceptability", "preferred", "r@")
    assert cells(result)[0] == ["id", "preferred", "attackers", "unanswered", "text"]
    assert "no reading is the verdict" in result.stderr
    assert run("claims", "--explain", "c1").stdout == (
        "c1: rejected because c2 attacks it (accepted: nothing speaks against it)\n"
    )


def test_the_graph_as_a_file(run, tmp_path):
    assert "[c1]: The second lock" in run("claims", "r@", "--export", "argdown").stdout
    path = tmp_path / "x.json"
    assert run("claims", "r@", "--export", "aif", "-o", str(path)).exit_code == 0
    assert "c1" in {node["nodeID"] for node in json.loads(path.read_text())["nodes"]}


def attackers(run: Run) -> dict[str, str]:
    rows = cells(run("claims", "r@", "--acceptability", "--columns", "id,attackers"))
    return {name: found for name, found in rows[1:]}


def test_relations_are_made_and_undone_by_hand(run):
    run("claims")
    assert run("claims", "edit", "c1", "--relate", "attack", "c2").exit_code == 0
    assert attackers(run) == {"c1": "c2", "c2": "c1", "c3": ""}
    assert run("claims", "edit", "c1", "--unrelate", "attack c2").exit_code == 0
    assert attackers(run) == {"c1": "c2", "c2": "", "c3": ""}
    assert run("claims", "edit", "c1", "--unrelate", "c2").exit_code == 0
    assert attackers(run) == {"c1": "", "c2": "", "c3": ""}
    run("analyze", "--again")
    assert attackers(run) == {"c1": "", "c2": "", "c3": ""}


def test_claims_are_joined_and_split_by_hand(run):
    run("claims")
    run("claims", "edit", "c3", "--join", "c1")
    assert cells(run("claims", "--columns", "id,places"))[1:] == [["c1", "2"], ["c2", "1"]]
    run("claims", "edit", "c1", "--split", "2")
    first, second, third = ids(run("claims"))
    assert (first, second) == ("c1", "c2")
    run("claims", "edit", "c1", "--join", third)
    assert ids(run("claims")) == ["c1", "c2"]
    run("claims", "edit", "c1", "--split", "b@example.org")
    assert len(ids(run("claims"))) == 3
    assert run("claims", "corrections").exit_code == 1


def test_corrections_that_change_nothing_are_said(run, tmp_path):
    run("claims")
    path = tmp_path / "mine.yaml"
    path.write_text("corrections:\n- target: r@example.org#0123456789ab\n  kind: history\n")
    result = run("claims", "correct", str(path))
    assert result.exit_code == 0
    assert "r@example.org#0123456789ab, kind: changes nothing: " in result.stderr


def test_global_options_stand_anywhere(run, tmp_path):
    run("claims")
    db = str(tmp_path / "t.db")
    for words in (
        ("claims", "--db", db, "list", "--columns", "id"), ("claims", "--db", db, "-q", "r@"),
        ("claims", "-q", "--color=never", "list"), ("claims", "list", "--db", db),
    ):  # fmt: skip
        result = CliRunner().invoke(app, words, env={"THREADKIT_DB": db})
        assert (result.exit_code, ids(result)) == (0, ["c1", "c2", "c3"]), words
    help_text = run("claims", "--help").stdout
    for name in ("review", "edit", "corrections", "correct"):
        assert f"\n    {name} " in help_text
        assert run("claims", name, "--help").exit_code == 0


def test_formats_and_readings_are_those_that_there_are():
    from threadkit.analyze.arguments.values import KINDS
    from threadkit.cli import claims_graph, claims_list
    from threadkit.pipeline.acceptability_view import READINGS
    from threadkit.pipeline.argument_graph import FORMATS
    from threadkit.pipeline.claims_view import STATUSES

    assert set(claims_graph.FORMATS) == set(FORMATS)
    assert set(claims_graph.READINGS) == set(READINGS)
    assert set(claims_list.STATUSES) == set(STATUSES)
    assert set(claims_list.KINDS) == set(KINDS)


def test_what_changes_nothing_is_said_of_the_edit_that_does_so(run):
    run("claims")
    assert "changes nothing" in run("claims", "edit", "c1", "--unrelate", "support c3").stderr
    assert "changes nothing" not in run("claims", "edit", "c2", "--set", "kind=history").stderr


def test_corrections_of_mails_that_are_not_here_are_named(run, tmp_path):
    run("claims")
    path = tmp_path / "mine.yaml"
    path.write_text("corrections:\n- target: gone@example.org#0123456789ab\n  kind: history\n")
    result = run("claims", "correct", str(path))
    assert "1 correction of mails that are not here: gone@example.org" in result.stderr


def test_a_file_that_is_too_long_is_refused(run, tmp_path, monkeypatch):
    from threadkit.pipeline import correction_file

    monkeypatch.setattr(correction_file, "_MOST", 10)
    run("claims")
    path = tmp_path / "mine.yaml"
    path.write_text("corrections: []\n")
    result = run("claims", "correct", str(path))
    assert (result.exit_code, "more than 10 characters" in result.stderr) == (2, True)


def test_a_dry_run_names_other_claims(run, tmp_path):
    run("claims")
    path = tmp_path / "mine.yaml"
    path.write_text("corrections:\n- claim: c1\n  relate: attack c3\n  join: [c2]\n")
    dry = run("claims", "correct", "--dry-run", str(path))
    assert dry.stdout.splitlines() == ["c1\tjoin:c2\tyes", "c1\trelation:attack:c3\tadded"]


def test_only_claims_are_listed_about_a_claim(run):
    result = run("claims", "--about", "c3", "--kind", "history")
    assert result.exit_code == 1
    assert "'show c3' has all that bears on it" in result.stderr


def test_the_argument_graph_is_a_graph(run, tmp_path):
    result = run("graph", "r@", "--kind", "arguments")
    assert ["edge", "attack", "1"] in [row[:3] for row in cells(result)]
    path = tmp_path / "g.dot"
    assert run("graph", "r@", "--kind", "arguments", "-o", str(path)).exit_code == 0
    assert path.read_text().startswith("digraph ")
    assert run("graph", "else@", "--kind", "arguments").exit_code == 1
    for words in (("--format", "svg"), ("--measures",), ("--path", "c1", "c2")):
        assert run("graph", "r@", "--kind", "arguments", *words).exit_code == 2
