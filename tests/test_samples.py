"""The bundled mail: the same bytes on every machine, every trouble and every finding shown."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

import threadkit as tk
from tests.generate_samples import write
from tests.sample_mail import PEOPLE
from tests.sample_saga import CHEAP, LOCK, OLD, PINNED, SUBJECT, facts, sha
from threadkit.pipeline.argument_graph import FORMATS
from threadkit.pipeline.importing import import_mail

DATA = Path(__file__).resolve().parents[1] / "data"
SAMPLES = DATA / "samples"
ARGUMENT = "wake-1@example.org"


def files(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_the_files_are_what_the_generator_writes(tmp_path: Path) -> None:
    write(tmp_path)
    assert files(tmp_path) == files(SAMPLES)
    assert (DATA / "commits" / "sample.jsonl").read_text("utf-8") == facts()


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> sqlite3.Connection:
    db = tmp_path_factory.mktemp("samples") / "t.db"
    report = import_mail(db, [str(SAMPLES)])
    assert not report.problems
    conn = sqlite3.connect(db)
    yield conn
    conn.close()


def test_the_samples_show_every_case(samples: sqlite3.Connection) -> None:
    def one(query: str) -> object:
        return samples.execute(query).fetchone()[0]

    assert one("SELECT count(*) FROM raw") == 61
    assert one("SELECT count(*) FROM message WHERE ghost") == 1
    assert one("SELECT count(*) FROM message WHERE imposter") == 1
    assert one("SELECT count(*) FROM (SELECT 1 FROM raw GROUP BY message HAVING count(*) > 1)") == 1
    assert one("SELECT count(*) FROM message WHERE match = 'loose'") == 1
    assert one("SELECT count(*) FROM message WHERE derived_id") == 1
    assert one("SELECT count(*) FROM message WHERE flowed") == 1
    assert one("SELECT count(*) FROM attachment") == 1
    assert one("SELECT count(*) FROM overview") == 3
    kinds = {row[0] for row in samples.execute("SELECT kind FROM defect")}
    assert kinds >= {
        "base64-damaged", "charset-wrong", "date-missing", "message-id-missing", "nul-in-text",
        "reference-self", "transcribed",
    }  # fmt: skip
    blocks = {row[0] for row in samples.execute("SELECT kind FROM block")}
    assert blocks == {
        "attribution", "diff", "diffstat", "footer", "quote", "reply", "scissors", "signature",
        "snip", "trailers",
    }  # fmt: skip


def test_readable_text_of_damaged_mail(samples: sqlite3.Connection) -> None:
    def body(name: str) -> str:
        query = "SELECT text FROM body JOIN message m ON m.id = message WHERE message_id = ?"
        return str(samples.execute(query, (f"{name}@example.org",)).fetchone()[0])

    assert body("umlaut").startswith("Grüße aus Köln")
    assert body("wrong").startswith("Grüße aus Köln")
    assert "> NAK for this line" in body("html")
    assert "I agree with Bo." in body("html")
    assert body("flowed").count("\n") == 1
    assert "\0" not in body("nul")


@pytest.fixture(scope="module")
def analyzed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tk.Archive]:
    with tk.open(tmp_path_factory.mktemp("saga") / "t.db", create=True) as archive:
        archive.import_mail(tk.samples())
        assert archive.analyze()
        yield archive


def test_a_merge_has_its_mails_by_link_or_by_subject(analyzed: tk.Archive) -> None:
    mails = {
        title: {mail.rule: mail.message_id for mail in analyzed.discussion(sha(title)).mails
                if mail.kind == "becomes"}
        for title in (SUBJECT, LOCK, PINNED)
    }  # fmt: skip
    assert mails == {
        SUBJECT: {"Link": "v3-1@example.org"},
        LOCK: {"subject+author": "v3-2-again@example.org"},
        PINNED: {"Link": "pin-1@example.org"},
    }


def test_three_posts_and_a_reroll_are_one_series(analyzed: tk.Archive) -> None:
    [debated] = [one for one in analyzed.series() if one.facts.key == "v1-0@example.org"]
    assert [one.facts.label for one in debated.revisions] == ["v1", "v2", "v3", "v3.1"]
    assert debated.revisions[-1].facts.kind == "reroll"
    assert debated.facts.fate == "merged"


def test_one_regression_is_open_and_one_has_two_reports(analyzed: tk.Archive) -> None:
    found = {one.key: one for one in analyzed.regressions()}
    assert {key: (one.state, len(one.reports)) for key, one in found.items()} == {
        "report-1@lab.example.org": ("fixed", 1),
        "eve-1@example.org": ("fixed", 2),
        "robot-2@example.org": ("fixed", 1),
        "di-sleep@example.org": ("open", 1),
    }
    culprits = [found[key].culprit.sha for key in list(found)[:3]]
    assert culprits == [sha(OLD), sha(SUBJECT), sha(PINNED)]
    assert {fix.sha for fix in found["robot-2@example.org"].fixes if fix.sha} == {sha(CHEAP)}


def test_of_four_warnings_one_came_true(analyzed: tk.Archive) -> None:
    assert {one.message_id: one.outcome for one in analyzed.predictions()} == {
        "bo-v3@example.org": "came true",
        "di-v3@example.org": "another way",
        "cy-v3@example.org": "cannot be told",  # of patch 2, of which no commit is known
        "di-cheap@example.org": "not seen",
    }


def test_a_wrong_title_and_an_unknown_commit_are_shown(analyzed: tk.Archive) -> None:
    cited = analyzed.commits("ada-v3@example.org")
    wrong = {one.name: one.other_titles for one in cited if one.facts}
    assert wrong[sha(OLD)] == ["pool: reuse the buffers of one user"]
    assert [one.name for one in cited if not one.facts] == ["abcdef012345"]


def test_what_is_found_draws_itself(analyzed: tk.Archive) -> None:
    shown = {
        "Finn Fixture": analyzed.regressions(),
        "another way": analyzed.predictions(),
        "pool: reuse the buffers of one user": analyzed.commits(),
        "subject+author": analyzed.discussion(sha(SUBJECT)),
        "v1, v2, v3, v3.1": analyzed.series(),
    }
    for words, found in shown.items():
        assert words in found._repr_html_()
        assert words not in repr(found)
    assert repr(analyzed.predictions()) == "<Predictions 4 predictions, 1 came true>"


def test_of_two_questions_one_was_never_answered(analyzed: tk.Archive) -> None:
    found = [(one.facts.message_id, one.facts.outcome) for one in analyzed.questions(ARGUMENT)]
    assert found == [
        ("bo-wake@example.org", "answered"),
        ("cy-wake@example.org", "no direct reply"),
    ]


def test_an_ironic_line_is_left_undecided(analyzed: tk.Archive) -> None:
    [told] = analyzed.query(
        "SELECT stance, rule FROM passage JOIN message m ON m.id = message WHERE message_id = :name",
        name="di-wake@example.org",
    )
    assert told == {"stance": "undecided", "rule": "irony"}


def test_the_argument_is_settled_and_said_twice(analyzed: tk.Archive) -> None:
    [applied] = [one for one in analyzed.decisions(ARGUMENT) if one.facts.kind == "applied"]
    assert (applied.facts.person, applied.facts.about) == ("Di Instance", "wake-2@example.org")
    claims = analyzed.claims(ARGUMENT)
    again = {one.facts.person for one in claims if one.facts.places > 1}
    assert "Bo Sample" in again
    assert any(one.attacked for one in claims)


@pytest.mark.parametrize("form", FORMATS)
def test_the_map_of_the_argument_for_other_tools(analyzed: tk.Archive, form: str) -> None:
    assert analyzed.argument_map(form, ARGUMENT).strip()


def test_its_people_are_nobody() -> None:
    assert all(text.rstrip(">").endswith("example.org") for text in PEOPLE.values())
