"""import, query, stats, verify, doctor, db, completion, and errors as one line."""

from __future__ import annotations

import gzip
import json
import random
import sqlite3

import pytest
from click.testing import CliRunner

from threadkit.cli.app import COMMANDS, app


def invoke(*args):
    return CliRunner().invoke(app, [str(arg) for arg in args])


def test_import_counts_what_is_new_and_what_is_the_same(mbox, tmp_path):
    first = invoke("--db", tmp_path / "a.db", "import", "--workers", "0", mbox)
    again = invoke("--db", tmp_path / "a.db", "import", "--workers", "0", mbox)
    assert (first.exit_code, again.exit_code) == (0, 0)
    assert "6 added, 0 same" in first.stdout
    assert "0 added, 6 same" in again.stdout


def test_import_reports_as_json(mbox, tmp_path):
    result = invoke("--db", tmp_path / "a.db", "import", "--workers", "0", "--json", mbox)
    report = json.loads(result.stdout)
    assert (report["format_version"], report["added"], report["seen"]) == (1, 6, 6)
    assert report["sources"][0]["kind"] == "mbox"


def test_import_of_a_truncated_file_stores_what_is_whole_and_ends_with_1(mbox, tmp_path):
    damaged = tmp_path / "list.mbox.gz"
    damaged.write_bytes(gzip.compress(mbox.read_bytes() * 200, 1)[:-500])
    result = invoke("--db", tmp_path / "a.db", "import", "--workers", "0", damaged)
    assert result.exit_code == 1
    assert "damaged" in result.stdout
    assert str(damaged) in result.stderr
    assert json.loads(invoke("--db", tmp_path / "a.db", "stats", "--json").stdout)["mails"] == 6


def test_files_without_mail_beside_mail_are_a_note_and_no_failure(mbox, tmp_path):
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "list").write_bytes(mbox.read_bytes())
    (folder / "notes.json").write_bytes(b"{}")
    result = invoke("--db", tmp_path / "a.db", "import", folder)
    assert result.exit_code == 0
    assert result.stderr == f"threadkit: {folder}: not-mail: notes.json\n"
    assert "damaged" not in result.stdout
    again = invoke("--db", tmp_path / "a.db", "import", "-q", folder)
    assert (again.exit_code, again.stderr) == (0, "")


def test_what_is_called_nothing_is_still_one_line(run):
    for name in ("", " ", "a\nb"):
        result = run("show", name)
        assert result.exit_code == 3
        assert result.stderr == f"threadkit: {name!r}: no such message\n"


def test_an_import_counts_in_words(tmp_path):
    path = tmp_path / "a.eml"
    path.write_bytes(b"From: a@example.org\nIn-Reply-To: <x@y>\nMessage-ID: <a@b>\n\nhi\n")
    lines = invoke("--db", tmp_path / "a.db", "import", path).stdout.splitlines()
    assert lines[0].endswith("(eml): 1 mail")
    assert lines[1:4] == [
        "1 added, 0 same, 0 copies",
        "1 mail is referenced and not here",
        "1 defect: date-missing 1",
    ]


def test_import_of_nothing_there_is_wrong_usage(tmp_path):
    result = invoke("--db", tmp_path / "a.db", "import", tmp_path / "missing.mbox")
    assert result.exit_code == 2
    assert "missing.mbox" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_query_takes_parameters_and_standard_input(run):
    sql = "SELECT message_id FROM message WHERE date_utc >= :d AND ghost = 0 ORDER BY 1"
    wanted = "late@example.org\nother@example.org\n"
    assert run("query", "--no-headers", "-p", "d", "2020-01-09", sql).stdout == wanted
    assert run("query", "--no-headers", "-p", "d", "2020-01-09", "-", stdin=sql).stdout == wanted


def test_query_writes_only_when_told_to(run):
    sql = "UPDATE message SET subject = 'changed'"
    refused = run("query", sql)
    assert refused.exit_code == 2
    assert "--write" in refused.stderr
    changed = "SELECT count(*) FROM message WHERE subject = 'changed'"
    assert run("query", "--no-headers", changed).stdout == "0\n"
    assert run("query", "--write", sql).exit_code == 0
    assert run("query", "--no-headers", changed).stdout == "7\n"


def test_query_that_is_no_sql_is_wrong_usage(run):
    result = run("query", "SELEC 1")
    assert result.exit_code == 2
    assert "Traceback" not in result.stderr


def test_stats_count_mails_and_kinds(run):
    facts = json.loads(run("stats", "--json").stdout)
    assert (facts["mails"], facts["ghosts"], facts["threads"]) == (6, 1, 2)
    assert facts["quotes"]["verbatim"] == 2
    assert "quotes\tverbatim\t2" in run("stats").stdout


def test_verify_ends_with_0_when_sound_and_5_when_not(run, archive):
    sound = run("verify")
    assert (sound.exit_code, sound.stdout) == (0, "sound\n")
    conn = sqlite3.connect(archive)
    conn.execute("UPDATE quote SET source_start = source_start + 1")
    conn.commit()
    conn.close()
    damaged = run("verify", "--json")
    assert damaged.exit_code == 5
    assert {one["table"] for one in json.loads(damaged.stdout)["findings"]} == {"quote"}


def test_reindex_mends_the_search_index(run, archive):
    conn = sqlite3.connect(archive)
    conn.execute("INSERT INTO search (search) VALUES ('delete-all')")
    conn.commit()
    conn.close()
    assert run("search", "lock").exit_code == 1
    assert run("verify").exit_code == 5
    assert run("db", "reindex").exit_code == 0
    assert run("search", "lock").exit_code == 0
    assert run("verify").exit_code == 0


def test_doctor_finds_a_sound_database_well(run):
    result = run("doctor", "--json")
    facts = json.loads(result.stdout)
    assert (result.exit_code, facts["well"]) == (0, True)
    assert {check["name"] for check in facts["checks"]} >= {"python", "sqlite", "zstd", "integrity"}


def test_doctor_warns_of_a_file_that_is_no_database(tmp_path):
    (tmp_path / "a.db").write_text("not a database, but long enough to be looked at " * 20)
    result = invoke("--db", tmp_path / "a.db", "doctor")
    assert result.exit_code == 1
    assert "warn  database:" in result.stdout


def test_doctor_works_without_git_and_says_what_that_costs(run, monkeypatch):
    monkeypatch.setenv("PATH", "")
    result = run("doctor")
    assert result.exit_code == 1
    assert "warn  git: not found" in result.stdout


@pytest.mark.parametrize(
    ("known", "said"),
    [({}, "warn  graphviz: none found: maps of arguments stand as outlines, without pictures"),
     ({"dot": str}, "ok    graphviz: dot")],
)  # fmt: skip
def test_doctor_says_whether_maps_are_drawn(run, monkeypatch, known, said):
    monkeypatch.setattr("threadkit.site.placing.placers", lambda: known)
    result = run("doctor")
    assert said in result.stdout.splitlines()
    assert result.exit_code == 0
    assert json.loads(run("doctor", "--json").stdout)["well"]


def test_doctor_names_a_git_that_does_not_run(run, monkeypatch, tmp_path):
    (tmp_path / "git").write_text("#!/bin/sh\nexit 3\n")
    (tmp_path / "git").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    result = run("doctor")
    assert result.exit_code == 1
    assert f"warn  git: {tmp_path}/git does not run" in result.stdout


def test_db_prints_path_and_schema(run, archive):
    assert run("db", "path").stdout == f"{archive}\n"
    schema = run("db", "schema").stdout
    assert "CREATE TABLE message (" in schema
    fresh = sqlite3.connect(":memory:")
    fresh.executescript(schema)
    fresh.close()


def test_db_upgrade_of_a_current_database_changes_nothing(run):
    before = run("db", "schema").stdout
    assert run("db", "upgrade").exit_code == 0
    assert run("db", "schema").stdout == before


def test_the_database_comes_from_option_environment_or_folder(archive, monkeypatch):
    monkeypatch.setenv("THREADKIT_DB", str(archive))
    assert invoke("db", "path").stdout == f"{archive}\n"
    assert invoke("--db", "/x/other.db", "db", "path").stdout == "/x/other.db\n"
    assert invoke("db", "path", "--db", "/x/after.db").stdout == "/x/after.db\n"
    monkeypatch.delenv("THREADKIT_DB")
    monkeypatch.chdir(archive.parent)
    assert invoke("db", "path").stdout == f"{archive}\n"


def test_reading_without_a_database_ends_with_3_and_makes_none(tmp_path):
    result = invoke("--db", tmp_path / "none.db", "threads")
    assert result.exit_code == 3
    assert "threadkit import" in result.stderr
    assert not (tmp_path / "none.db").exists()


@pytest.mark.parametrize("command", ["threads", "stats", "verify"])
def test_a_foreign_database_is_refused_in_one_line(command, tmp_path):
    conn = sqlite3.connect(tmp_path / "other.db")
    conn.execute("CREATE TABLE notes (text)")
    conn.close()
    result = invoke("--db", tmp_path / "other.db", command)
    assert result.exit_code == 1
    assert len(result.stderr.splitlines()) == 1


@pytest.mark.parametrize("seed", range(12))
def test_a_damaged_file_gives_one_line_and_never_a_traceback(seed, run, archive):
    noise = random.Random(seed)
    data = bytearray(archive.read_bytes())
    for _ in range(6):
        at = noise.randrange(1, len(data) // 4096) * 4096
        data[at : at + 4096] = noise.randbytes(4096)
    archive.write_bytes(data)
    for args in (["threads"], ["show", "root@example.org"], ["show", "--tree", "first"], ["people"],
                 ["search", "lock"], ["stats"], ["verify"], ["doctor"],
                 ["query", "SELECT * FROM body"], ["show", "--raw", "root@"]):  # fmt: skip
        result = run(*args)
        assert isinstance(result.exception, SystemExit | None), (args, result.exception)
        assert result.exit_code in (0, 1, 3, 5)


def test_text_that_is_no_text_is_named_and_not_printed(run, archive):
    conn = sqlite3.connect(archive)
    conn.execute("UPDATE message SET subject = CAST(x'73656372657420ff' AS TEXT)")
    conn.commit()
    conn.close()
    for args, code in ((["show", "root@"], 5), (["query", "SELECT subject FROM message"], 2)):
        result = run(*args)
        assert result.exit_code == code
        assert "not UTF-8" in result.stderr
        assert "secret" not in result.stderr


def test_unknown_commands_and_options_get_suggestions():
    assert "Did you mean search or fetch?" in invoke("serch").stderr
    assert "Did you mean stats?" in invoke("stat").stderr
    assert "--json" in invoke("threads", "--jsn").stderr
    assert invoke("serch").exit_code == 2


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(name):
    result = invoke(name, "--help")
    assert result.exit_code == 0
    first = result.stdout.split("\n\n")[1].strip()
    assert first.endswith(".")
    listed = next(
        line for line in invoke("--help").stdout.splitlines() if line[2:].startswith(name)
    )
    assert "..." not in listed


@pytest.mark.parametrize("form", ["--json", "--nl"])
def test_columns_of_one_name_all_reach_a_json_object(run, form):
    found = json.loads(run("query", form, "SELECT 1 AS a, 2 AS a, 3 AS a_2").stdout)
    assert (found[0] if form == "--json" else found) == {"a": 1, "a_2": 2, "a_2_2": 3}


@pytest.mark.parametrize("form", ["--json", "--nl"])
def test_infinite_numbers_are_text_in_json(run, form):
    text = run("query", form, "SELECT 1e999 AS a, -1e999 AS b, 1.5 AS c").stdout
    found = json.loads(text, parse_constant=pytest.fail)
    assert (found[0] if form == "--json" else found) == {"a": "inf", "b": "-inf", "c": 1.5}


@pytest.mark.parametrize(
    ("words", "stdin", "why"),
    [
        (["select \udcff"], None, "not Unicode at character 8"),
        (["-p", "a", "\udcff", "select :a"], None, "not Unicode"),
        (["-"], b"select '\xff'", "not UTF-8 at byte 8"),
        (["-"], b"", "no SQL in it"),
        ([" "], None, "no SQL in it"),
    ],
)
def test_sql_that_is_no_text_is_wrong_usage(run, words, stdin, why):
    result = run("query", *words, stdin=stdin)
    assert result.exit_code == 2
    assert why in result.stderr


def test_help_of_completion_has_a_line_a_shell():
    lines = invoke("completion", "--help").stdout.splitlines()
    assert sum("~/" in line for line in lines) == 3
    assert not any("\\b" in line for line in lines)


def test_only_a_missing_database_is_made_by_an_import(mbox, tmp_path):
    hint = "'threadkit import PATH...' or 'threadkit fetch ID...' makes one"
    result = invoke("--db", str(tmp_path / "a.db"), "threads")
    assert (result.exit_code, hint in result.stderr) == (3, True)
    result = invoke("--db", str(tmp_path / "none" / "a.db"), "import", str(mbox))
    assert (result.exit_code, hint in result.stderr) == (3, False)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts_name_the_program(shell):
    result = invoke("completion", shell)
    assert result.exit_code == 0
    assert "_THREADKIT_COMPLETE" in result.stdout


def complete(words, last, monkeypatch):
    monkeypatch.setenv("_THREADKIT_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", words)
    monkeypatch.setenv("COMP_CWORD", str(last))
    return CliRunner().invoke(app, prog_name="threadkit").stdout


def test_the_shell_completes_ids_from_the_database(archive, monkeypatch):
    monkeypatch.setenv("THREADKIT_DB", str(archive))
    assert complete("threadkit show s", 2, monkeypatch).splitlines() == [
        "plain,second@example.org",
        "plain,side@example.org",
    ]


def test_the_shell_completes_nothing_where_there_is_no_database(tmp_path, monkeypatch):
    monkeypatch.setenv("THREADKIT_DB", str(tmp_path / "none.db"))
    assert complete("threadkit show s", 2, monkeypatch).strip() == ""
