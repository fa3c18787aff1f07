"""graph: what it writes, draws and lists, and how it ends."""

from __future__ import annotations

import io
import json
from pathlib import Path
from xml.etree import ElementTree

import networkx as nx
import pytest

from tests.cli.test_terminal import on_terminal

ROOT = "root@example.org"


def graph_of(form: str, text: str) -> nx.MultiDiGraph:
    if form == "graphml":
        return nx.parse_graphml(text, force_multigraph=True)
    if form == "gexf":
        return nx.read_gexf(io.BytesIO(text.encode()))
    return nx.node_link_graph(json.loads(text), edges="edges")


@pytest.mark.parametrize("form", ["graphml", "gexf", "json"])
def test_what_goes_into_a_pipe_loads_back(run, form):
    result = run("graph", ROOT, "--kind", "replies", "--format", form)
    assert result.exit_code == 0
    graph = graph_of(form, result.stdout)
    replies = {(a.split(":")[1], b.split(":")[1]) for a, b in graph.edges()}
    assert ("first@example.org", ROOT) in replies
    assert ("second@example.org", "first@example.org") in replies
    assert graph.nodes["message:lost@example.org"]["ghost"] is True


def test_without_a_thread_it_is_of_everything(run):
    one = graph_of("json", run("graph", ROOT, "--format", "json").stdout)
    whole = graph_of("json", run("graph", "--format", "json").stdout)
    assert "message:other@example.org" not in one
    assert "message:other@example.org" in whole


def test_the_ending_of_the_file_says_the_form(run, tmp_path: Path):
    for ending in ("graphml", "gexf", "json", "dot", "gv", "svg"):
        file = tmp_path / f"g.{ending}"
        result = run("graph", "-o", str(file))
        assert (result.exit_code, result.stdout) == (0, "")
        assert "GraphView evidence" in result.stderr
        assert len(file.read_bytes()) > 500
    assert (tmp_path / "g.dot").read_bytes() == (tmp_path / "g.gv").read_bytes()
    ElementTree.parse(tmp_path / "g.svg")


def test_an_ending_that_says_nothing_is_wrong_usage(run, tmp_path: Path):
    result = run("graph", "-o", str(tmp_path / "g.txt"))
    assert result.exit_code == 2
    assert "--format is needed" in result.stderr
    assert run("graph", "-o", str(tmp_path / "g.txt"), "--format", "dot").exit_code == 0


def test_a_file_that_cannot_be_written_is_one_line(run, tmp_path: Path):
    result = run("graph", "-o", str(tmp_path / "no" / "g.svg"))
    assert result.exit_code == 2
    assert len(result.stderr.splitlines()) == 1
    assert "No such file" in result.stderr


def test_control_characters_of_strangers_stay_in_words(run):
    for form in ("dot", "svg", "graphml", "gexf", "json"):
        text = run("graph", "--format", form).stdout
        assert "subject" in text
        assert "\x1b" not in text
        assert "\x07" not in text


def test_it_counts_by_kind_without_a_form(run):
    rows = json.loads(run("graph", ROOT, "--json").stdout)
    counts = {(row["what"], row["kind"]): row["count"] for row in rows}
    assert counts["node", "message"] == 6
    assert counts["node", "person"] == 4
    assert counts["edge", "replies_to"] == 5
    assert all(row["meaning"] for row in rows)


def test_people_are_measured(run):
    rows = json.loads(run("graph", ROOT, "--measures", "--json").stdout)
    by_name = {row["name"]: row for row in rows}
    assert (by_name["Ann Example"]["messages"], by_name["Ann Example"]["answered"]) == (2, 2)
    assert by_name["Bob Sample"]["median_hours"] == 25.0
    assert sum(row["rank"] for row in rows) == pytest.approx(1, abs=0.001)


def test_unanswered_mails_and_first_answers(run):
    rows = json.loads(run("graph", ROOT, "--measure", "unanswered", "--json").stdout)
    assert [row["message"].split(":")[1] for row in rows] == [
        "second@example.org", "side@example.org", "late@example.org",
    ]  # fmt: skip
    (first,) = json.loads(run("graph", "--measure", "first-answers", "--json").stdout)
    assert (first["answer"], first["hours"]) == ("message:first@example.org", 25.0)


def test_a_table_without_a_row_ends_with_1(run):
    assert run("graph", "--measure", "fixes").exit_code == 1


def test_the_way_from_one_mail_to_another(run):
    rows = json.loads(run("graph", "--path", "second@", ROOT, "--json").stdout)
    assert [(row["edge"], row["to"]) for row in rows] == [
        ("replies_to", "message:first@example.org"), ("replies_to", f"message:{ROOT}"),
    ]  # fmt: skip
    back = json.loads(run("graph", "--path", ROOT, "first@", "--json").stdout)
    assert [row["edge"] for row in back] == ["<-replies_to"]


def test_no_way_ends_with_1_and_an_unknown_end_with_3(run):
    result = run("graph", "--path", ROOT, "other@example.org")
    assert result.exit_code == 1
    assert "no evidence leads from" in result.stderr
    assert run("graph", "--path", ROOT, "nobody@").exit_code == 3
    assert run("graph", "nobody@nowhere").exit_code == 3


def test_a_form_does_not_go_with_a_table(run):
    assert run("graph", "--format", "dot", "--measures").exit_code == 2
    assert run("graph", "-o", "x.svg", "--path", "a", "b").exit_code == 2


def test_nothing_to_show_ends_with_1(run, tmp_path):
    result = run("graph", ROOT, "--kind", "regressions")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "nothing to show" in result.stderr
    drawn = run("graph", ROOT, "--kind", "regressions", "-o", str(tmp_path / "x.svg"))
    assert (drawn.exit_code, (tmp_path / "x.svg").exists()) == (1, False)


def test_a_terminal_reads_the_way_line_by_line(run, archive):
    run("analyze")
    args = (
        "--db",
        str(archive),
        "--color",
        "never",
        "--no-pager",
        "graph",
        "--path",
        "second@",
        ROOT,
    )
    text, code = on_terminal(*args, columns=70)
    lines = text.replace("\x1b[K", "").replace("\r", "").splitlines()
    assert code == 0
    assert lines[1] == "message:second@example.org"
    assert lines[2] == "    ↓ answers (in-reply-to, 1.00)"
    assert lines[-2].startswith("2020-01-06  Ann Example  [PATCH 0/1]")
    assert lines[-1] == f"message:{ROOT}"
    assert all(len(line) <= 70 for line in lines)


def test_a_terminal_gets_no_control_characters(run, archive):
    run("analyze")
    for form in ("dot", "json", "svg"):
        text, code = on_terminal(
            "--db", str(archive), "--color", "never", "--no-pager", "graph", "--format", form
        )
        assert code == 0
        assert "\x1b" not in text.replace("\x1b[K", "")
        assert "\x07" not in text
