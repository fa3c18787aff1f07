"""Other programs that import mail, each as a function that imports into a new folder."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.bench.generate import LIST
from tests.bench.measure import Run, run

_PUBLIC_INBOX = """
use PublicInbox::Config; use PublicInbox::InboxWritable;
my $inbox = PublicInbox::Config->new->lookup_name("bench") or die "no inbox";
PublicInbox::InboxWritable->new($inbox)->import_mbox(\\*STDIN, "mboxrd");
"""


@dataclass(frozen=True, slots=True)
class Peer:
    """A program to compare with: what it needs, and how it imports.

    ``work`` gets the mbox, a Maildir of the same mails and a new folder.
    """

    name: str
    program: str
    work: Callable[[Path, Path, Path], Run]

    def installed(self) -> bool:
        """Tell whether the program is there."""
        return shutil.which(self.program) is not None


def _notmuch(mbox: Path, maildir: Path, folder: Path) -> Run:
    config = folder / "config"
    config.write_text(
        f"[database]\npath={folder / 'index'}\nmail_root={maildir}\n"
        "[user]\nname=Ada Example\nprimary_email=ada@example.org\n[new]\ntags=\n"
    )
    (folder / "index").mkdir()
    return run(["notmuch", f"--config={config}", "new", "--quiet", "--no-hooks"])


def _mu(mbox: Path, maildir: Path, folder: Path) -> Run:
    home = folder / "mu"
    run(["mu", "init", "--quiet", f"--muhome={home}", f"--maildir={maildir}"])
    return run(["mu", "index", "--quiet", f"--muhome={home}"])


def _public_inbox(mbox: Path, maildir: Path, folder: Path) -> Run:
    env = {"HOME": str(folder), "PI_CONFIG": str(folder / "config")}
    inbox = folder / "inbox"
    run(["public-inbox-init", "-V2", "-L", "basic", "bench", inbox, "http://example.org/", LIST],
        env=env)  # fmt: skip
    return run(["perl", "-e", _PUBLIC_INBOX], stdin=mbox, env=env)


PEERS = (
    Peer("notmuch new", "notmuch", _notmuch),
    Peer("mu index", "mu", _mu),
    Peer("public-inbox -L basic", "public-inbox-init", _public_inbox),
)
