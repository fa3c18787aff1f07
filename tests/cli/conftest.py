"""A small archive of generated mail, made through the command line itself."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from threadkit.cli.app import app

MAILS = (
    ("root@example.org", "", "Ann Example <ann@example.org>", "[PATCH 0/1] mm: count pages",
     "Mon, 06 Jan 2020 09:00:00 +0000", "Count page_count once.\n\nTwo processes share one page here.\n"),
    ("first@example.org", "root@example.org", "Bob Sample <bob@example.org>",
     "Re: [PATCH 0/1] mm: count pages", "Tue, 07 Jan 2020 10:00:00 +0000",
     "On Mon, Ann Example wrote:\n> Two processes share one page here.\n\nWhich lock holds that?\n"),
    ("second@example.org", "first@example.org", "Ann Example <ann@example.org>",
     "Re: [PATCH 0/1] mm: count pages", "Wed, 08 Jan 2020 11:00:00 +0000",
     "On Tue, Bob Sample wrote:\n> Which lock holds that?\n\nThe page lock.\n"),
    ("side@example.org", "root@example.org", "Chiyo 千代 <chiyo@example.org>",
     "Re: [PATCH 0/1] mm: count pages", "Wed, 08 Jan 2020 12:00:00 +0000",
     "A side remark: \x1b[31mred\x07 and \u202eback\u202c.\n"),
    ("late@example.org", "lost@example.org", "Dora Example <dora@example.org>",
     "Re: [PATCH 0/1] mm: count pages", "Thu, 09 Jan 2020 13:00:00 +0000", "I answer a lost mail.\n"),
    ("other@example.org", "", "Bob Sample <bob@example.org>", "日本語 \x1b]0;title\x07 subject",
     "Fri, 10 Jan 2020 14:00:00 +0000", "Unrelated words about swapcache.\n"),
)  # fmt: skip


def mail_bytes(mail: tuple[str, ...]) -> bytes:
    message_id, parent, sender, subject, date, body = mail
    reply = f"In-Reply-To: <{parent}>\nReferences: <{parent}>\n" if parent else ""
    return (
        f"From: {sender}\nTo: list@example.org\nSubject: {subject}\nDate: {date}\n"
        f"Message-ID: <{message_id}>\n{reply}List-Id: <list.example.org>\n"
        f"Content-Type: text/plain; charset=utf-8\n\n{body}"
    ).encode()


def mbox_bytes(mails: tuple[tuple[str, ...], ...] = MAILS) -> bytes:
    return b"".join(b"From x Mon Jan  6 09:00:00 2020\n" + mail_bytes(m) + b"\n" for m in mails)


@pytest.fixture(scope="session")
def raw_mails() -> dict[str, bytes]:
    """The mails as they went in, by Message-ID."""
    return {mail[0]: mail_bytes(mail) for mail in MAILS}


@pytest.fixture(scope="session")
def mbox(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("mail") / "list.mbox"
    path.write_bytes(mbox_bytes())
    return path


@pytest.fixture(scope="session")
def _imported(tmp_path_factory: pytest.TempPathFactory, mbox: Path) -> Path:
    path = tmp_path_factory.mktemp("archive") / "threadkit.db"
    result = CliRunner().invoke(app, ["--db", str(path), "import", "--workers", "0", str(mbox)])
    assert result.exit_code == 0, result.output
    return path


@pytest.fixture
def archive(_imported: Path, tmp_path: Path) -> Path:
    """A copy of the archive that a test may damage."""
    return Path(shutil.copy(_imported, tmp_path / "threadkit.db"))


@pytest.fixture
def run(archive: Path) -> Callable[..., Result]:
    """Run a command on the archive, as in a pipe."""

    def invoke(*args: str, stdin: str | bytes | None = None) -> Result:
        return CliRunner().invoke(app, ["--db", str(archive), *args], input=stdin)

    return invoke
