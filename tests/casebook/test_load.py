"""A folder becomes a casebook, or everything that is wrong with it is said, with its line."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.casebook.made_up import BODIES, CLAIMS, COMMIT, FACTS, MESSAGES, QUESTIONS, write
from threadkit.casebook.build import from_document
from threadkit.casebook.load import load
from threadkit.casebook.problems import CasebookError
from threadkit.casebook.values import Casebook
from threadkit.pipeline.shipped import shipped


def problems(folder: Path) -> list[str]:
    with pytest.raises(CasebookError) as caught:
        load(folder)
    assert [str(one) for one in caught.value.problems] == str(caught.value).splitlines()[1:]
    return [str(one) for one in caught.value.problems]


def line_of(text: str, words: str) -> int:
    return text[: text.index(words)].count("\n") + 1


@pytest.fixture
def book(tmp_path: Path) -> Casebook:
    return load(write(tmp_path))


def test_everything_that_the_files_say_is_there(book: Casebook) -> None:
    one, two, three = book.claims
    assert (book.name, book.curated_by, book.curated_date) == ("pins", "somebody", "2024-05-06")
    assert [source.name for source in book.outcome_sources] == [
        "0123456789ab",
        "answer@example.org",
    ]
    assert book.person("bo").names == ("Sample, Bo",)
    assert [mail.name for mail in book.messages] == [*BODIES, "page-of-2001"]
    assert [mail.seen for mail in book.messages] == [True, True, False]
    assert book.message("answer@example.org").parent == "root@example.org"
    assert (one.evidence[0].commit, one.evidence[0].whose) == (COMMIT, "ours")
    assert one.decision.what == "merged"
    assert one.afterwards.what == "came true"
    assert one.model[0].verdicts == (("refcount_nofork", "Always"), ("refcount_forkcopy", "Never"))
    assert [(stance.kind, stance.target) for stance in two.stances] == [("attacks", 1)]
    assert [(c.era, c.name, c.least, c.most) for c in two.model[0].costs] == [
        ("mapcount_locked", "lock_waits", 0, 1), ("refcount_nofork", "copies", 1, 2),
    ]  # fmt: skip
    assert [place.is_known for place in two.places] == [True, True, False, True]
    assert two.model[0].eras == ("mapcount_locked", "refcount_nofork")
    assert (three.is_modelled, three.model[0].not_modelled) == (False, "an opinion")
    assert book.claims_of("sharing") == book.claims
    assert book.question_of(two).text == "Is it safe to share a pinned page?"
    assert [row["sha"] for row in book.commits] == [COMMIT]


def test_every_part_knows_its_line(book: Casebook) -> None:
    assert str(book.claims[1].at) == f"claims/01.yaml:{line_of(CLAIMS, '- id: 2')}"
    assert str(book.claims[1].model[0].at) == f"claims/01.yaml:{line_of(CLAIMS, '- scenario: S2')}"
    assert str(book.messages[2].at) == f"messages.yaml:{line_of(MESSAGES, 'page-of-2001')}"


def test_the_document_is_the_casebook(book: Casebook) -> None:
    again = from_document(book.document)
    assert again == book
    assert again.document == book.document
    assert json.loads(book.document)["claims"][0]["id"] == 1


def test_passages_are_cut_from_the_mail_by_their_place(book: Casebook) -> None:
    words = [
        BODIES[place.message][place.start : place.stop]
        for claim in book.claims
        for place in claim.places
        if place.is_known
    ]
    assert words[0] == "Sharing a page is only safe while nobody pins it."
    assert words[-1] == "That is not so"


@pytest.mark.parametrize(
    ("part", "old", "new", "line", "said"),
    [
        ("casebook", "title:", "titel:", 3, "unknown key titel; did you mean title?"),
        ("casebook", "title: Does a pin", "titel: Does a pin", 1, "'title' is missing"),
        ("casebook", "format: 1", "format: 2", 1, "format: 2 is not 1"),
        ("casebook", "2024-05-06", "2024-02-31", 11, "no time 2024-02-31"),
        ("casebook", "2024-05-06", "soon", 11, "date: soon is not a day"),
        ("casebook", "thread: root@", "thread: rot@", 10, "no mail rot@example.org"),
        ("casebook", "commit: 0123456789ab", "commit: 0123456789ac", 8, "not among the commits"),
        ("casebook", "facts/commits.jsonl", "facts/none.jsonl", 14, "none.jsonl: no such file"),
        ("casebook", "facts/commits.jsonl", "people.yaml", 14, "facts are in .jsonl files"),
        ("casebook", "coverage: [Both mails are covered.]", "coverage: []", 12, "coverage: empty"),
        ("people", "key: bo", "key: ann", 2, "person ann comes twice"),
        ("people", "key: bo", "key: Bo", 2, "key: Bo is not small letters"),
        ("people", "name: Ann Example", "name: 007", 1, 'YAML 1.1 takes 007 for a number: write "007"'),
        ("people", "name: Ann Example", "name: 7", 1, 'name: 7 is not text: write "7"'),
        ("people", "name: Ann Example", "name: Ann, name: Anna", 1, "name comes twice; first in line 1"),
        ("people", "key: ann, ", "key: &ann ann, ", 1, "an anchor"),
        ("people", "key: ann, ", "key: !!str ann, ", 1, "a tag"),
        ("people", "Ann Example", "[Ann]", 1, "name: a list is not text"),
        ("messages", "by: bo", "by: by", 2, "no person by"),
        ("messages", "T10:00", "T25:00", 2, "no time 2024-05-01T25:00:00Z"),
        ("messages", "parent: null", "parent: answer@example.org", 1, "answers itself in a circle"),
        ("messages", "parent: root@example.org", "parent: r", 2, "no mail r in messages.yaml"),
        ("messages", "in: thread}", "in: thread, seen: no}", 1, "YAML 1.1 takes no for true or false"),
        ("messages", "id: answer@example.org", "id: <answer@example.org>", 2, "is not a Message-ID"),
        ("messages", "id: null, key: page-of-2001", "id: null", 3, "'key' is missing"),
        ("messages", "why: where it began, ", "", 3, "needs 'why'"),
        ("messages", 'seen: false,\n   url: "https://example.org/2001"', "seen: false", 3, "needs 'url'"),
        ("questions", "key: sharing", "key: share", 1, ""),
        ("questions", '{url: "https', '{message: root@example.org, url: "https', 4,
         "needs exactly one of commit, message, url"),
        ("claims", "by: ann", "by: anne", 2, "no person anne; did you mean ann?"),
        ("claims", "by: ann", "by: bo", 2, "bo speaks in a mail by ann"),
        ("claims", "in: thread", "in: after", 6, "after: its mail is of thread"),
        ("claims", "message: root@example.org", "message: r@x", 3, "no mail r@x in messages.yaml"),
        ("claims", "start: 0", "start: 49", 3, "ends at 49, before it begins at 49"),
        ("claims", "start: 0, ", "", 3, "'start' is missing"),
        ("claims", "start: 0", "start: -1", 3, "start: -1 is out of bounds"),
        ("claims", "start: 0", "unseen: lost, start: 0", 3, "start: goes not together with"),
        ("claims", "gist: A page", f"gist: {'long ' * 40}", 7, "where 160 are the most"),
        ("claims", "kind: mechanism", "kind: mechanics", 8, "did you mean mechanism?"),
        ("claims", "question: sharing", "question: pins", 9, "no question pins"),
        ("claims", 'stand: "no"', "stand: no", 10, 'takes no for true or false: write "no"'),
        ("claims", "status: contested", "status: todo", 11, "status: still to be written (todo)"),
        ("claims", f"commit: {COMMIT}", "commit: 765432a", 14, "commit 765432a: not among"),
        ("claims", f"commit: {COMMIT}", "commit: 1234567", 14, 'commit: 1234567 is not text: write "1234567"'),
        ("claims", "regression: a device", "regression: no device", 16, "did you mean a device writes"),
        ("claims", "scenario: S4", "scenario: s4", 18, "scenario s4 is written S4"),
        ("claims", "scenario: S4", "scenario: S400", 18, "S400: no such scenario"),
        ("claims", "refcount_nofork: Always", "refcount_nofrok: Always", 20, "did you mean refcount_nofork"),
        ("claims", "refcount_nofork: Always", "F0: Always", 20, "era F0 is written refcount_nofork"),
        ("claims", "refcount_nofork: Always", "refcount_nofork: always", 20, "did you mean Always?"),
        ("claims", "attacks: 1", "attacks: 7", 0, "attacks claim 7, which is not there"),
        ("claims", "attacks: 1", "attacks: 2", 0, "claim 2 attacks itself"),
        ("claims", "attacks: 1", "attacks: 1, supports: 3", 0, "needs exactly one of supports"),
        ("claims", "attacks: 1", "atacks: 1", 0, "unknown key atacks; did you mean attacks or asks?"),
        ("claims", "lock_waits: 0..1", "lock_waits: 2..1", 0, "lock_waits: 2 is more than 1"),
        ("claims", "lock_waits: 0..1", "lock_waits: few", 0, "few is not a count"),
        ("claims", "id: 3", "id: 2", 0, "claim 2 comes twice"),
        ("claims", "not_modelled: an opinion", "not_modelled: no, why: no reason", 0, "goes not together"),
        ("claims", "- {not_modelled: an opinion}", "- {not_modelled: x}\n    - {not_modelled: y}", 0,
         "'not_modelled' stands alone"),
        ("claims", 'unseen: on a page of the web, url: "https://example.org/2001"', "unseen: lost", 0,
         "needs 'unseen' and 'url'"),
        ("claims", "{not_modelled: an opinion}", "*opinion", 0, "an alias"),
        ("casebook", "name: pins", 'name: "pins\\n"', 2, "is not small letters"),
        ("casebook", "title: Does a pin keep", 'title: "Does it?\\n"  # ', 3, "is not one line"),
        ("claims", "lock_waits: 0..1", 'lock_waits: "0..1\\n"', 0, "is not a count"),
        ("messages", "- {id: null, key: page-of-2001", "- {id: page-of-2001, date: null, in: thread}\n"
         "- {id: null, key: page-of-2001", 4, "mail page-of-2001 comes twice"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_its_line(
    tmp_path: Path, part: str, old: str, new: str, line: int, said: str
) -> None:
    found = problems(write(tmp_path, **{part: (old, new)}))
    name = "claims/01.yaml" if part == "claims" else f"{part}.yaml"
    if not said:  # a question of another name: every claim says so
        assert len(found) == 3
        return
    where = f"{name}:{line}: " if line else f"{name}:"
    assert any(one.startswith(where) and said in one for one in found), found


def test_all_is_said_at_once_in_the_order_of_the_files(tmp_path: Path) -> None:
    found = problems(
        write(
            tmp_path,
            casebook=("thread: root@", "thread: rot@"),
            people=("Ann Example", "yes"),
            messages=("parent: root@", "parent: rot@"),
            claims=('stand: "no"', "stand: perhaps"),
        )
    )
    assert [one.partition(":")[0] for one in found] == [
        "casebook.yaml", "people.yaml", "messages.yaml", "claims/01.yaml",
    ]  # fmt: skip


def test_a_todo_is_told_from_a_mistake(tmp_path: Path) -> None:
    write(tmp_path, claims=("why: answer@example.org says otherwise", 'why: "todo: say it"'))
    with pytest.raises(CasebookError) as caught:
        load(tmp_path)
    (only,) = caught.value.problems
    assert only.is_todo
    assert only.at.line == line_of(CLAIMS, "why: answer@example.org")
    assert str(caught.value).startswith("casebook " + tmp_path.name + ": 1 still to be written\n")


def test_what_a_broken_claim_defines_still_counts(tmp_path: Path) -> None:
    (found,) = problems(write(tmp_path, claims=('stand: "no"', "stand: perhaps")))
    assert "perhaps" in found  # and claim 2, which attacks it, dangles not


@pytest.mark.parametrize(
    "name", ["casebook.yaml", "people.yaml", "messages.yaml", "questions.yaml"]
)
def test_a_missing_file_is_the_only_problem(tmp_path: Path, name: str) -> None:
    (write(tmp_path) / name).unlink()
    assert problems(tmp_path) == [f"{name}:1: no such file"]


def test_files_that_are_none(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "people.yaml").write_bytes(b"- {key: caf\xe9}\n")
    (tmp_path / "questions.yaml").write_text("- key: [open\n", encoding="utf-8")
    (tmp_path / "person.yml").write_text("", encoding="utf-8")
    (tmp_path / "claims" / "02.yaml").write_text("id: 9\n", encoding="utf-8")
    (tmp_path / "facts" / "commits.jsonl").write_text(json.dumps(FACTS) + "\n{", encoding="utf-8")
    found = problems(tmp_path)
    assert "people.yaml:1: not UTF-8 at byte 11" in found
    assert any(one.startswith("questions.yaml:2: not YAML") for one in found)
    assert any(one.startswith("person.yml:1: not read") for one in found)
    assert "claims/02.yaml:1: not a list" in found
    assert "facts/commits.jsonl:2: not JSON in UTF-8" in found


@pytest.mark.parametrize(
    "row",
    [
        '{"sha": "0123456", "subject": NaN}',
        '{"sha": "0123456", "subject": "\\ud800"}',
        "[" * 100_000,
        '{"sha": 1' + "0" * 5000 + "}",
    ],
)
def test_facts_that_no_database_can_hold(tmp_path: Path, row: str) -> None:
    (write(tmp_path) / "facts" / "commits.jsonl").write_text(json.dumps(FACTS) + "\n" + row)
    assert problems(tmp_path) == ["facts/commits.jsonl:2: not JSON in UTF-8"]


def test_a_subject_may_hold_what_other_readers_take_for_a_line_end(tmp_path: Path) -> None:
    facts = json.dumps({**FACTS, "subject": "mm:\u2028count\x85pins"}, ensure_ascii=False)
    (write(tmp_path) / "facts" / "commits.jsonl").write_text(facts + "\n", encoding="utf-8")
    assert load(tmp_path).commits[0]["subject"] == "mm:\u2028count\x85pins"


@pytest.mark.parametrize("name", ["claims/02.yml", "claims/old/03.yaml"])
def test_claims_that_would_be_overlooked(tmp_path: Path, name: str) -> None:
    path = write(tmp_path) / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("- {id: 9}\n", encoding="utf-8")
    assert problems(tmp_path) == [f"{name}:1: not read; claims are in claims/*.yaml"]


def test_a_file_that_breaks_off_is_only_said_to_do_so(tmp_path: Path) -> None:
    write(tmp_path, claims=("status: contested", "status: [contested"))
    (found,) = problems(tmp_path)
    assert found.startswith("claims/01.yaml:12: not YAML")


def test_the_name_of_a_file_cannot_write_to_the_terminal(tmp_path: Path) -> None:
    (write(tmp_path) / "claims" / "0\x1b[31m\n2.yaml").write_text("- {id: 1}\n", encoding="utf-8")
    found = problems(tmp_path)
    assert found
    assert not any(mark in one for one in found for mark in "\x1b\n")


def test_a_folder_without_claims(tmp_path: Path) -> None:
    (write(tmp_path) / "claims" / "01.yaml").unlink()
    assert problems(tmp_path) == ["claims:1: no file of claims (claims/*.yaml)"]


def test_claims_of_several_files_are_one_list(tmp_path: Path) -> None:
    write(tmp_path)
    more = CLAIMS.replace("- id: 1\n", "- id: 11\n").split("- id: 2")[0]
    (tmp_path / "claims" / "02.yaml").write_text(f"\n{more}", encoding="utf-8")
    book = load(tmp_path)
    assert [claim.id for claim in book.claims] == [1, 2, 3, 11]
    assert str(book.claims[3].at) == "claims/02.yaml:2"
    assert str(book.claims[3].model[0].at).startswith("claims/02.yaml:")
    assert str(book.claims[0].at) == "claims/01.yaml:1"


def test_a_question_with_too_many_claims(tmp_path: Path) -> None:
    write(tmp_path)
    one = CLAIMS.split("- id: 2")[0]
    many = "".join(one.replace("- id: 1\n", f"- id: {10 + n}\n") for n in range(30))
    (tmp_path / "claims" / "02.yaml").write_text(many, encoding="utf-8")
    line = line_of(QUESTIONS, "- key")
    assert problems(tmp_path) == [f"questions.yaml:{line}: 33 claims; a map shows 30: divide it"]


def test_too_large_a_file_is_not_read(tmp_path: Path) -> None:
    write(tmp_path)
    with (tmp_path / "people.yaml").open("r+b") as file:
        os.truncate(file.fileno(), 4_000_001)
    assert "people.yaml:1: more than 4,000,000 bytes" in problems(tmp_path)


def test_facts_that_are_not_named_are_not_asked_for(tmp_path: Path) -> None:
    facts = "facts: {commits: [facts/commits.jsonl], regressions: [facts/regressions.jsonl]}\n"
    book = load(write(tmp_path, casebook=(facts, "")))
    assert book.commits == ()


@pytest.mark.parametrize("path", sorted(shipped("casebooks").iterdir()), ids=lambda path: path.name)
def test_what_comes_with_threadkit_loads(path: Path) -> None:
    book = load(path)
    assert book.name == path.name
    assert from_document(book.document) == book


@pytest.mark.parametrize("path", sorted(shipped("casebooks").iterdir()), ids=lambda path: path.name)
def test_conceded_is_what_others_gave_in_to(path: Path) -> None:
    book = load(path)
    gave_in = {
        (one.by, stance.target)
        for one in book.claims
        for stance in one.stances
        if stance.kind == "concedes"
    }
    by = {one.id: one.by for one in book.claims}
    conceded = {one.id for one in book.claims if one.status == "conceded"}
    assert conceded <= {target for _, target in gave_in}
    assert [target for who, target in gave_in if by[target] == who] == []
