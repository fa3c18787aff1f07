"""The bundled mail: the same bytes on every machine, and every trouble shown once."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from tests.generate_samples import write
from threadkit.pipeline.importing import import_mail

SAMPLES = Path(__file__).resolve().parents[1] / "data" / "samples"


def files(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_the_files_are_what_the_generator_writes(tmp_path: Path) -> None:
    write(tmp_path)
    assert files(tmp_path) == files(SAMPLES)


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

    assert one("SELECT count(*) FROM raw") == 25
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
