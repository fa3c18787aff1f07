"""threads, search, show, people: what they print and how they end."""

from __future__ import annotations

import csv
import io
import json

from click.testing import CliRunner

from threadkit.cli.app import app


def test_threads_are_lists_of_tab_separated_values_in_a_pipe(run):
    lines = run("threads").stdout.splitlines()
    assert lines[0].split("\t") == [
        "root", "messages", "people", "first_utc", "last_utc", "subject",
    ]  # fmt: skip
    rows = {line.split("\t")[0]: line.split("\t")[1:3] for line in lines[1:]}
    assert rows["root@example.org"] == ["5", "4"]
    assert rows["other@example.org"] == ["1", "1"]


def test_threads_of_a_query_are_those_in_which_a_mail_answers(run):
    result = run("threads", "--no-headers", "--columns", "root", "swapcache")
    assert result.stdout == "other@example.org\n"


def test_every_form_of_output_has_the_same_rows(run):
    array = json.loads(run("threads", "--json").stdout)
    lines = [json.loads(line) for line in run("threads", "--nl").stdout.splitlines()]
    table = list(csv.DictReader(io.StringIO(run("threads", "--csv").stdout)))
    assert array == lines
    assert [row["root"] for row in array] == [row["root"] for row in table]
    assert [str(row["messages"]) for row in array] == [row["messages"] for row in table]


def test_a_limit_says_that_there_is_more(run):
    result = run("threads", "--limit", "1", "--no-headers")
    assert len(result.stdout.splitlines()) == 1
    assert "--limit 0 shows all" in result.stderr
    assert "--limit" not in run("threads", "-q", "--limit", "1").stderr
    assert len(run("threads", "--limit", "0", "--no-headers").stdout.splitlines()) == 2


def test_an_unknown_column_is_wrong_usage_and_names_the_others(run):
    result = run("threads", "--columns", "rot")
    assert result.exit_code == 2
    assert "root, messages" in result.stderr


def test_search_finds_words_and_shows_the_line(run):
    rows = json.loads(run("search", "--json", "f:bob", "lock").stdout)
    assert [(row["message_id"], row["line"]) for row in rows] == [
        ("first@example.org", "Which lock holds that?")
    ]


def test_search_without_a_hit_ends_with_1(run):
    result = run("search", "nowhere_at_all", "--no-headers")
    assert (result.exit_code, result.stdout) == (1, "")


def test_a_bad_query_is_wrong_usage_and_one_line(run):
    result = run("search", "d:someday")
    assert result.exit_code == 2
    assert result.stderr.startswith("threadkit: ")
    assert len(result.stderr.splitlines()) == 1


def test_ranked_search_has_scores_that_fall(run):
    rows = json.loads(run("search", "--rank", "--json", "lock").stdout)
    scores = [row["score"] for row in rows]
    assert len(scores) == 2
    assert scores == sorted(scores, reverse=True)


def test_search_by_thread_gives_one_row_a_conversation(run):
    result = run("search", "--threads", "--no-headers", "--columns", "root", "lock")
    assert result.stdout == "root@example.org\n"


def test_show_prints_header_and_text(run):
    text = run("show", "first@example.org").stdout
    assert "From: Bob Sample <bob@example.org>" in text
    assert "Answers: <root@example.org>" in text
    assert text.endswith("\nWhich lock holds that?\n")


def test_show_takes_prefix_brackets_url_and_row(run):
    wanted = run("show", "first@example.org").stdout
    for name in ("<first@example.org>", "first", "https://lore.kernel.org/l/first@example.org/T/"):
        assert run("show", name).stdout == wanted


def test_show_raw_is_the_mail_byte_for_byte(run, raw_mails):
    for message_id, raw in raw_mails.items():
        assert run("show", "--raw", message_id).stdout_bytes == raw


def test_show_never_prints_control_characters_of_a_mail(run):
    for name in ("side@example.org", "other@example.org"):
        text = run("show", name).stdout + run("show", "--tree", name).stdout
        assert not {"\x1b", "\x07", "\u202e"} & set(text)
    assert "^[[31mred^G and <U+202E>back" in run("show", "side@example.org").stdout


def test_show_tree_indents_side_discussions_only(run):
    lines = run("show", "--tree", "second@example.org").stdout.splitlines()
    assert [line[17:] for line in lines[2:6]] == [
        "┬ Ann Example          [PATCH 0/1] mm: count pages",
        "├── Chiyo 千代",
        "├ Bob Sample",
        "└ Ann Example [this message]",
    ]


def test_show_tree_keeps_loose_matches_and_ghosts_apart(run):
    lines = run("show", "--tree", "--style", "lore", "root@example.org").stdout.splitlines()
    at = lines.index("-- strict thread matches above, loose matches on Subject: below --")
    assert lines[at + 1] == "     [not found] <lost@example.org>"
    assert lines[at + 2].startswith("2020-01-09 13:00 ` ")


def test_show_tree_is_cut_at_a_width_on_request_only(run):
    wide = run("show", "--tree", "root@example.org").stdout
    narrow = run("show", "--tree", "--width", "30", "root@example.org").stdout
    assert max(map(len, wide.splitlines())) > 40
    assert all(len(line) <= 30 for line in narrow.splitlines())


def test_show_folds_text_at_a_width(run):
    text = run("show", "--width", "24", "root@example.org").stdout
    assert "Two processes share one\npage here.\n" in text


def test_show_quotes_says_where_passages_come_from(run):
    text = run("show", "--quotes", "first@example.org").stdout
    assert "verbatim 1.00" in text
    assert "of <root@example.org>" in text


def test_show_json_has_a_version_and_spans_that_hold(run):
    facts = json.loads(run("show", "--json", "first@example.org").stdout)
    source = json.loads(run("show", "--json", "root@example.org").stdout)
    assert facts["format_version"] == 1
    body, quote = facts["body"], facts["quotes"][0]
    assert "".join(body[b["start"] : b["stop"]] for b in facts["blocks"]) == body
    passage = source["body"][quote["source_start"] : quote["source_stop"]]
    assert passage.strip() == "Two processes share one page here."


def test_show_tree_json_has_every_row_once(run):
    facts = json.loads(run("show", "--tree", "--json", "late@example.org").stdout)
    ids = [row["message_id"] for row in facts["rows"]]
    assert len(ids) == len(set(ids)) == 6
    assert {row["message_id"] for row in facts["rows"] if row["ghost"]} == {"lost@example.org"}


def test_show_of_a_ghost_says_that_it_was_never_seen(run):
    assert "never seen" in run("show", "lost@example.org").stdout
    assert run("show", "--raw", "lost@example.org").exit_code == 3


def test_show_of_an_unknown_id_ends_with_3_and_a_hint(run):
    result = run("show", "frist@example.org")
    assert result.exit_code == 3
    assert "did you mean first@example.org" in result.stderr


def test_show_of_an_ambiguous_prefix_lists_candidates(run):
    result = run("show", "s")
    assert result.exit_code == 3
    assert "second@example.org" in result.stderr
    assert "side@example.org" in result.stderr


def test_show_refuses_two_views_at_once(run):
    assert run("show", "--tree", "--raw", "root@example.org").exit_code == 2


def test_people_lists_who_wrote_most_first(run):
    rows = json.loads(run("people", "--json").stdout)
    assert sorted(row["email"] for row in rows) == [
        "ann@example.org", "bob@example.org", "chiyo@example.org", "dora@example.org",
    ]  # fmt: skip
    assert rows[0]["messages"] == rows[1]["messages"] == 2
    assert rows[0]["addresses"] == "Ann Example <ann@example.org>"


def test_show_names_what_is_attached_broken_and_not_alone(tmp_path):
    head = "Message-ID: <x@example.org>\nSubject: fork\nDate: Mon, 06 Jan 2020 09:00:00 +0000\n"
    parts = (
        "List-Id: <talk.example.org>\nContent-Type: multipart/mixed; boundary=B\n\n"
        "--B\nContent-Type: text/plain; charset=nonsense\n\nHi.\n"
        "--B\nContent-Type: image/png; name=page.png\n\nPNG\n--B--\n"
    )
    for number, text in enumerate((f"From: a@example.org\n{head}{parts}", f"{head}\nAnother.\n")):
        (tmp_path / f"{number}.eml").write_text(text)
    database = ["--db", str(tmp_path / "x.db")]
    CliRunner().invoke(app, [*database, "import", "--workers", "0", str(tmp_path)])
    rows = CliRunner().invoke(app, [*database, "query", "--nl", "SELECT id FROM message"]).stdout
    ids = [json.loads(line)["id"] for line in rows.splitlines()]
    found = [CliRunner().invoke(app, [*database, "show", f"#{row}"]).stdout for row in ids]
    (with_parts,) = [text for text in found if "Attached" in text]
    assert "page.png (image/png, 3 bytes)" in with_parts
    assert "talk.example.org" in with_parts
    assert sum("another mail has the same Message-ID" in text for text in found) == 1
    assert all("Defect" in text for text in found)
