"""The commands of the model, as one types them."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from html import unescape

import pytest
from click.testing import CliRunner

from threadkit.cli import cow_fuzz
from threadkit.cli.app import app
from threadkit.cli.console import Console

MINE = """COW mine

question "Does the child see what the parent writes?"

{ x = anon rw 1 2; }

parent: fork child;
parent: write x[0] = 3;
child: r0 = read x[0];

exists (child:r0 = 3)
"""


def invoke(*args):
    return CliRunner().invoke(app, ["cow", *(str(arg) for arg in args)])


@pytest.fixture
def mine(tmp_path):
    path = tmp_path / "mine.litmus"
    path.write_text(MINE)
    return path


def test_run_groups_the_eras_that_answer_alike():
    result = invoke("run", "S4")
    assert result.exit_code == 0
    assert "Observation S4 Always 1 0\n  under refcount_2612, refcount_nofork\n" in result.stdout
    assert "wrong COW (I2) in every interleaving" in result.stdout
    assert "Beside it:\nS4b: The same" in result.stdout
    assert "\nS4b  Aw  Aw" in result.stdout


def test_run_of_one_era_speaks_as_the_litmus_tools_do():
    result = invoke("run", "S5", "--era", "D")
    assert "Observation S5 Always 1 0" in result.stdout
    assert "Condition exists (child:r0 = 3)" in result.stdout
    assert "Harm missed COW I1" in result.stdout
    assert "  S4 Never: A device pins a page" in result.stdout


def test_run_of_a_never_says_its_bounds():
    result = invoke("run", "S5", "--era", "v5.9-rc4")
    assert "Never 0 1" in result.stdout
    assert "Within sequential consistency" in result.stdout
    assert "Left out memory barriers" in result.stdout


def test_run_with_a_trace_shows_states():
    result = invoke("run", "S4", "--era", "F0", "--trace")
    assert "page_count() is not 1: copy" in result.stdout
    assert "ref 1025" in result.stdout


def test_run_as_json_is_an_object_for_one_era_and_an_array_for_more():
    one = json.loads(invoke("run", "S4", "--era", "F0", "--json").stdout)
    assert (one["format_version"], one["verdict"]) == (1, "Always")
    more = json.loads(invoke("run", "S4", "--era", "F0", "--era", "E", "--json").stdout)
    assert [each["verdict"] for each in more] == ["Always", "Never"]


def test_run_of_a_file_of_ones_own(mine):
    result = invoke("run", mine, "--era", "J")
    assert "Observation mine Never 0 1" in result.stdout


def test_a_bound_ends_with_1_and_claims_nothing(mine):
    mine.write_text(
        MINE.replace(
            "parent: write",
            "par { child { write x[1] = 4; } parent { write x[1] = 5; } }\nparent: write",
        )
    )
    result = invoke("run", mine, "--era", "E", "--bound", "20")
    assert result.exit_code == 1
    assert "Bound 20 states reached" in result.stdout
    assert "unknown beyond 20 states" in result.stdout


@pytest.mark.parametrize(
    ("args", "code", "words"),
    [
        (["run", "S44"], 3, "no such scenario or file; did you mean"),
        (["run", "S4", "--era", "refcount_nofrok"], 2, "refcount_nofork"),
        (["run", "S4", "--era", "A", "--all-eras"], 2, "exclude each other"),
        (["check", "."], 2, "no .litmus file"),
        (["runn"], 2, "Did you mean run?"),
    ],
)
def test_wrong_usage_is_told_in_one_line(args, code, words):
    result = invoke(*args)
    assert result.exit_code == code
    assert words in result.stderr


def test_a_mistake_in_a_file_is_told_with_its_place(mine):
    mine.write_text(MINE.replace("fork child", "frok child"))
    result = invoke("run", mine)
    assert result.exit_code == 2
    assert f"{mine}:7:9: expected" in result.stderr


def test_eras_are_listed_with_their_commits():
    rows = json.loads(invoke("eras", "--json").stdout)
    found = {row["key"]: row for row in rows}
    assert "09854ba94c6a" in found["refcount_nofork"]["commits"]
    assert found["seed_1"]["kind"] == "series"


def test_an_era_is_told_field_by_field():
    rows = json.loads(invoke("eras", "F0", "--json").stdout)
    rule = next(row for row in rows if row["field"] == "do_wp_page")
    assert (rule["value"], rule["since"]) == ("page_count_1", "5.9-rc4")
    assert "09854ba94c6a" in rule["commits"]


def test_diff_names_scenarios_and_the_step_where_they_part():
    result = invoke("diff", "E", "F0")
    assert "do_wp_page: reuse_swap_page -> page_count_1 09854ba94c6a" in result.stdout
    assert "S4: A device pins a page" in result.stdout
    assert "they part at statement" in result.stdout


def test_diff_of_an_era_with_itself_ends_with_1():
    result = invoke("diff", "J", "mm_id", "S4")
    assert result.exit_code == 1
    assert "Nothing tells them apart" in result.stdout


def test_matrix_has_a_row_a_scenario():
    text = invoke("matrix", "S4", "S5").stdout
    assert text.splitlines()[1].split()[:2] == ["S4", "Aw"]
    data = json.loads(invoke("matrix", "S4", "--era", "F0", "--json").stdout)
    assert data["rows"][0]["cells"][0]["verdict"] == "Always"
    assert invoke("matrix", "S4", "--format", "svg").stdout.startswith("<svg")
    assert "<table" in invoke("matrix", "S4", "--format", "html").stdout


def test_check_fails_without_a_golden_file_and_passes_behind_promote(mine):
    before = invoke("check", mine)
    assert before.exit_code == 1
    assert "0 passed, 1 failed" in before.stdout
    assert invoke("promote", mine).stdout == "mine: written\n"
    after = invoke("check", mine)
    assert (after.exit_code, after.stdout) == (0, "1 passed, 0 failed\n")
    golden = mine.with_suffix(".expected")
    golden.write_text(golden.read_text().replace("Never", "Always"))
    changed = invoke("check", mine)
    assert changed.exit_code == 1
    assert "-Observation mine Always 0 1" in changed.stdout


def test_check_fails_where_a_source_expects_something_else(mine):
    mine.write_text(MINE + '\nexpect Always in mm_id : "a wrong source"\n')
    invoke("promote", mine)
    result = invoke("check", mine)
    assert result.exit_code == 1
    assert "mm_id: Never, but Always is expected (confirmed: a wrong source)" in result.stdout


PROSE = (
    "Do device and owner part?",
    "refcount_nofork (5.9-rc4..5.9-rc6): references decide; fork shares pinned pages.",
    "page_count() is not 1: copy",
    "do_wp_page() reuses a page with exactly one reference",
    "I2: who holds a page for writing",
    "Observation S4 Always 1 0",
)


def told(*args):
    """Return what a command wrote, without line breaks and escapes of markup."""
    result = invoke(*args)
    assert result.exit_code == 0, result.output
    return " ".join(unescape(re.sub(r"</text><text[^>]*>", " ", result.stdout)).split())


@pytest.mark.parametrize("form", ["text", "html", "svg"])
def test_explain_tells_what_decides_in_every_form(form):
    text = told("explain", "S4", "--era", "F0", "--format", form)
    assert [words for words in PROSE if words not in text] == []
    assert "<script" not in text


@pytest.mark.parametrize("form", ["text", "html", "svg"])
def test_explain_against_another_era_tells_both_and_what_they_share(form):
    text = told("explain", "S4", "--era", "E", "--against", "F0", "--format", form)
    assert "Step 4: the rules part" in text
    assert "They part at statement 4, parent: write x[0] = 3" in text
    for words in ("3 child exits.", "forced_gup_cow: parent writes 3", *PROSE[:5]):
        assert words in text, words


def test_explain_says_that_a_bound_was_reached_and_how_to_go_on():
    result = invoke("explain", "S4", "--era", "F0", "--bound", "3")
    assert result.exit_code == 1
    assert "no interleaving ends under refcount_nofork within 3 states" in result.stderr
    assert "Traceback" not in result.output


def test_language_and_show_print_what_one_writes():
    assert "COW S4" in invoke("language").stdout
    assert invoke("show", "S4").stdout.startswith("COW S4\n")


def test_fuzz_is_reproducible():
    one, other = (invoke("fuzz", "-n", "2", "--era", "J", "--seed", "7").stdout for _ in range(2))
    assert one == other != ""


def test_output_into_a_pipe_that_closes_is_no_traceback():
    command = f"{sys.executable} -m threadkit cow eras mm_id refcount_nofork | head -1"
    result = subprocess.run(command, shell=True, capture_output=True, text=True, check=False)
    assert result.stderr == ""
    assert result.stdout.startswith("era\tfield")


HANGS = """COW hangs question "Does the parent get through?" { x = anon rw 1 2; }
lockholder: lock l = parent.x; parent: fork child; parent: write x[0] = 3;
exists (parent:x[0] = 3)"""


def test_several_eras_say_who_waits_for_ever(tmp_path):
    path = tmp_path / "hangs.litmus"
    path.write_text(HANGS)
    text = invoke("run", path, "--era", "C", "--era", "J").output
    blocks = text.split("\n\n")
    (hung,) = [block for block in blocks if "mapcount_locked" in block]
    assert "stuck 1 final state in which an actor waits for ever" in hung
    (through,) = [block for block in blocks if "mm_id" in block]
    assert "stuck" not in through


def test_several_eras_say_that_a_bound_was_reached():
    result = invoke("run", "S4", "--bound", "5")
    assert result.exit_code == 1
    assert "Observation S4 unknown beyond 5 states 0 0" in result.output
    assert "--bound" in result.output
    assert "0.8 GB" in " ".join(invoke("run", "--help").output.split())


@pytest.mark.parametrize("options", [("--era", "C"), ()])
def test_run_keeps_within_the_terminal(monkeypatch, options):
    monkeypatch.setattr(Console, "columns", property(lambda _: 40))
    lines = invoke("run", "S4", *options).stdout.splitlines()
    assert len(lines) > 10
    assert [line for line in lines if len(line) > 40 and not line.startswith("More: ")] == []


def test_what_an_era_did_not_have_is_said_and_parts_the_groups():
    text = invoke("run", "S5t", "--era", "B", "--era", "C").output
    assert text.count("Observation S5t Always 1 0") == 2
    assert text.count("(thp is younger than this era: 2.6.38;") == 1
    assert "~Am" in invoke("matrix", "S5t").output
    assert "(by the rules alone)" in invoke("diff", "B", "E").output


def test_each_harm_has_its_way_and_the_same_way_is_shown_once():
    text = invoke("run", "S19", "--era", "F2", "--trace").output
    heads = [line for line in text.splitlines() if line.startswith("A shortest way to: ")]
    assert heads[0] == "A shortest way to: an end, where the condition does not hold"
    assert any("unnecessary COW (I3)" in head for head in heads[1:])
    assert text.count("✗") >= 1
    once = invoke("run", "S5", "--era", "C", "--trace").output
    shown = [line for line in once.splitlines() if line.startswith("A shortest way to: ")]
    assert len(shown) == len(set(shown))


def test_the_way_on_names_the_scenario_as_it_was_typed(mine):
    last = invoke("run", mine).output.strip().splitlines()[-1]
    assert last == f"More: threadkit cow run {mine} --era KEY --trace"


def test_names_that_are_nobodys_are_told_by_run_and_fail_a_check(mine):
    mine.write_text(mine.read_text() + '\nexpect Never in mm_idd : "me"\n')
    result = invoke("run", mine, "--era", "J")
    assert result.exit_code == 0
    assert "era mm_idd: there is none of that name" in result.stderr
    invoke("promote", mine)
    checked = invoke("check", mine)
    assert checked.exit_code == 1
    assert "era mm_idd" in checked.output


def test_the_same_era_or_scenario_twice_is_one():
    text = invoke("run", "S1", "--era", "A", "--era", "a", "--era", "refcount_2612").output
    assert "Era refcount_2612" in text
    rows = invoke("matrix", "S4", "s4", "--era", "A", "--era", "A").output.splitlines()
    assert [row.split()[0] for row in rows[:2]] == ["A", "S4"]
    assert rows[2] == ""


def test_a_negative_seed_is_refused():
    result = invoke("fuzz", "--seed", "-3")
    assert result.exit_code == 2
    assert "--seed" in result.stderr


def test_language_says_what_is_assumed_and_since_when_things_exist():
    text = invoke("language").output
    assert "lets every write through" in " ".join(text.split())
    assert "thp" in text.split("**Since when.**")[1]
    assert "2.6.38" in text.split("**Since when.**")[1]


def test_fuzz_says_how_far_it_is_and_keeps_quiet_when_told_to(monkeypatch):
    monkeypatch.setattr(cow_fuzz, "SECONDS_BETWEEN_NOTES", 0.0)
    args = ("fuzz", "-n", "2", "--size", "2", "--era", "J")
    assert "1 of 2 programs; next is seed 1" in invoke(*args).stderr
    assert invoke(*args, "-q").stderr == ""
