"""Bad input, end to end: a clear error or a named problem, and nothing lost."""

from __future__ import annotations

import bz2
import gzip
import lzma
import os
import random
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tests.pipeline.contents import table
from tests.pipeline.mails import mail, mbox
from threadkit.errors import (
    NotAThreadkitStore,
    SchemaTooNew,
    SourceError,
    StoreMissing,
)
from threadkit.pipeline.importing import import_mail
from threadkit.store.connection import open_read, open_write

MAILS = [mail(f"n{k}", minute=k, body=f"Text number {k}.\n" * 40) for k in range(60)]


@pytest.fixture
def db(tmp_path: Path) -> Path:
    return tmp_path / "t.db"


def kinds(report: object) -> list[str]:
    return [defect.kind for _, defect in report.problems]


def stored(db: Path) -> int:
    return int(table(db, "SELECT count(*) FROM raw")[0][0])


def test_a_missing_file(db: Path) -> None:
    with pytest.raises(SourceError, match=r"/nowhere/in\.mbox: .*(no such|not exist|No such)"):
        import_mail(db, ["/nowhere/in.mbox"])


def test_a_directory_with_no_mail(tmp_path: Path, db: Path) -> None:
    (tmp_path / "empty" / "deep").mkdir(parents=True)
    (tmp_path / "empty" / "readme.txt").write_text("nothing of interest\n")
    with pytest.raises(SourceError, match="no mail"):
        import_mail(db, [str(tmp_path / "empty")])


def test_a_file_that_is_no_mail(tmp_path: Path, db: Path) -> None:
    (tmp_path / "x.bin").write_bytes(random.Random(1).randbytes(5000))
    with pytest.raises(SourceError):
        import_mail(db, [str(tmp_path / "x.bin")])
    assert list(tmp_path.iterdir()) == [tmp_path / "x.bin"]


def test_what_another_import_stored_meanwhile_is_not_removed(
    tmp_path: Path, db: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both find no database; the other one fills it before this one finds no mail."""
    from threadkit.pipeline import importing

    good = tmp_path / "good.mbox"
    good.write_bytes(mbox(MAILS[:3]))
    (tmp_path / "no-mail").mkdir()
    real = importing.open_write

    def slow(path: Path) -> object:
        monkeypatch.setattr(importing, "open_write", real)
        import_mail(db, [str(good)])
        return real(path)

    monkeypatch.setattr(importing, "open_write", slow)
    with pytest.raises(SourceError, match="holds no files"):
        import_mail(db, [str(tmp_path / "no-mail")])
    assert stored(db) == 3


def test_a_folder_without_mail_does_not_stop_the_others(tmp_path: Path, db: Path) -> None:
    good, better = tmp_path / "good.mbox", tmp_path / "better.mbox"
    good.write_bytes(mbox(MAILS[:3]))
    better.write_bytes(mbox(MAILS[3:5]))
    (tmp_path / "no-mail").mkdir()
    report = import_mail(db, [str(good), str(tmp_path / "no-mail"), str(better)])
    assert stored(db) == report.added == 5
    assert kinds(report) == ["unreadable"]


def test_a_missing_file_among_others_stops_before_anything_is_read(
    tmp_path: Path, db: Path
) -> None:
    good = tmp_path / "good.mbox"
    good.write_bytes(mbox(MAILS[:3]))
    with pytest.raises(SourceError, match="no such file"):
        import_mail(db, [str(good), str(tmp_path / "typo.mbox")])
    assert not db.exists()


@pytest.mark.parametrize(
    ("ending", "pack"), [("gz", gzip.compress), ("xz", lzma.compress), ("bz2", bz2.compress)]
)
def test_a_truncated_archive(tmp_path: Path, db: Path, ending: str, pack: object) -> None:
    # Incompressible bodies, so that a cut archive still holds whole mails.
    mails = [
        mail(f"n{k}", minute=k, body=random.Random(k).randbytes(3000).hex() + "\n")
        for k in range(400)
    ]
    packed = pack(mbox(mails))
    path = tmp_path / f"cut.mbox.{ending}"
    path.write_bytes(packed[: len(packed) * 3 // 4])
    report = import_mail(db, [str(path)])
    assert "compressed-truncated" in kinds(report)
    assert stored(db) == report.added > 0
    named = table(db, "SELECT kind FROM defect WHERE raw IS NULL")
    assert ("compressed-truncated",) in named
    path.write_bytes(packed)
    assert import_mail(db, [str(path)]).problems == []
    assert stored(db) == 400
    assert table(db, "SELECT 1 FROM defect WHERE raw IS NULL") == []


def test_a_decompression_bomb(tmp_path: Path, db: Path) -> None:
    bomb = tmp_path / "bomb.gz"
    with gzip.open(bomb, "wb", compresslevel=9) as file:
        file.write(mbox(MAILS[:2]))
        file.write(b"From mboxrd@z Thu Jan  1 00:00:00 1970\n" + mail("big") + b"\n")
        for _ in range(400):
            file.write(b"\0" * 1_000_000)
    report = import_mail(db, [str(bomb)])
    assert any("bomb" in kind or "large" in kind or "ratio" in kind for kind in kinds(report))
    assert stored(db) >= 2


@pytest.mark.slow
def test_a_mail_of_200_megabytes(tmp_path: Path, db: Path) -> None:
    line = b"some words of a very long text that goes on about pages\n"
    head = mail("big", body="")
    path = tmp_path / "big.eml"
    with path.open("wb") as file:
        file.write(head)
        for _ in range(200):
            file.write(line * (1_000_000 // len(line)))
    size = path.stat().st_size
    assert size > 199_000_000
    report = import_mail(db, [str(path)])
    assert (report.added, report.problems) == (1, [])
    assert table(db, "SELECT size_bytes FROM raw") == [(size,)]
    conn = open_read(db)
    hits = conn.execute("SELECT count(*) FROM search WHERE search MATCH 'pages'").fetchone()
    conn.close()
    assert hits == (1,)


def test_a_mail_over_the_cap_is_named_and_the_others_stay(tmp_path: Path, db: Path) -> None:
    path = tmp_path / "huge.mbox"
    huge = mail("huge", body="x" * 79 + "\n")
    with path.open("wb") as file:
        file.write(mbox(MAILS[:1]))
        file.write(b"From mboxrd@z Thu Jan  1 00:00:00 1970\n" + huge)
        for _ in range(257):
            file.write(b"y" * 79 + b"\n" + (b"z" * 79 + b"\n") * 13107)
        file.write(b"\n" + mbox(MAILS[1:3]))
    report = import_mail(db, [str(path)])
    assert report.added == 3
    assert len(report.problems) == 1
    assert "large" in kinds(report)[0] or "cap" in kinds(report)[0]


def test_nul_bytes(tmp_path: Path, db: Path) -> None:
    path = tmp_path / "nul.mbox"
    raw = mail("nul", subject="NUL \0 here", body="a\0b\n")
    path.write_bytes(mbox([raw, MAILS[0]]))
    report = import_mail(db, [str(path)])
    assert report.added == 2
    assert report.defects["nul-in-text"] == 1
    subject, text = table(db, "SELECT subject, text FROM message m JOIN body b ON b.message = m.id"
                              " WHERE message_id = 'nul@example.org'")[0]  # fmt: skip
    assert "\0" not in subject
    assert text == "a\ufffdb\n"


def test_a_database_that_is_not_sqlite(tmp_path: Path, db: Path) -> None:
    db.write_bytes(b"Dear diary, " * 1000)
    box = tmp_path / "in.mbox"
    box.write_bytes(mbox(MAILS[:2]))
    with pytest.raises(NotAThreadkitStore):
        import_mail(db, [str(box)])
    assert db.read_bytes() == b"Dear diary, " * 1000


def test_the_database_of_another_program(tmp_path: Path, db: Path) -> None:
    conn = sqlite3.connect(db)
    conn.execute("CREATE TABLE message (id INTEGER)")
    conn.commit()
    conn.close()
    before = db.read_bytes()
    box = tmp_path / "in.mbox"
    box.write_bytes(mbox(MAILS[:2]))
    with pytest.raises(NotAThreadkitStore, match="another program"):
        import_mail(db, [str(box)])
    assert db.read_bytes() == before


def test_a_database_of_a_newer_threadkit(tmp_path: Path, db: Path) -> None:
    opened = open_write(db)
    opened.execute(
        "INSERT INTO _sqlite_migrations (migration_set, name, applied_at)"
        " VALUES ('threadkit', 'm999_later', '2030-01-01')"
    )
    opened.conn.commit()
    opened.close()
    box = tmp_path / "in.mbox"
    box.write_bytes(mbox(MAILS[:2]))
    with pytest.raises(SchemaTooNew, match="m999_later"):
        import_mail(db, [str(box)])


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    box = tmp_path / "in.mbox"
    box.write_bytes(mbox(MAILS[:2]))
    with pytest.raises(StoreMissing, match="folder"):
        import_mail(tmp_path / "none" / "t.db", [str(box)])


def test_a_read_only_database(tmp_path: Path, db: Path) -> None:
    """As another user if this one may write everywhere."""
    box = tmp_path / "in.mbox"
    box.write_bytes(mbox(MAILS[:2]))
    import_mail(db, [str(box)])
    db.chmod(0o444)
    tmp_path.chmod(0o555)
    code = (
        "import os, sys, sqlite_utils\n"
        "from threadkit.errors import StoreReadOnly\n"
        "from threadkit.pipeline.importing import import_mail\n"
        "from threadkit.store import migrations\n"
        "if os.getuid() == 0: os.setgid(65534); os.setuid(65534)\n"
        "try: import_mail(sys.argv[1], [sys.argv[2]])\n"
        "except StoreReadOnly as error: print('read-only:', error)\n"
    )
    for parent in tmp_path.parents:
        if parent.stat().st_uid == os.getuid() and parent != Path("/"):
            parent.chmod(parent.stat().st_mode | 0o055)
    try:
        done = subprocess.run(
            [sys.executable, "-c", code, str(db), str(box)],
            capture_output=True,
            text=True,
            check=False,
        )
    finally:
        tmp_path.chmod(0o755)
    assert done.stdout.startswith("read-only:"), done.stderr
