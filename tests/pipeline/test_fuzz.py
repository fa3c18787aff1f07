"""Hostile and damaged mail through the whole import: nothing raised, lost or out of order.

A mail is damaged in the ways of :mod:`tests.pipeline.mutants`; a heap of such mails is
imported in random portions, orders and kinds of boxes, and every database must hold each
mail once, prove sound, and say the same.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random

import pytest

from tests.pipeline.contents import contents, table
from tests.pipeline.mails import mail, mbox
from tests.pipeline.mutants import population
from threadkit.fetch.files import open_sources
from threadkit.pipeline import importing
from threadkit.pipeline.importing import import_mail
from threadkit.store.connection import open_read
from threadkit.store.verify import verify

_PACKED = (b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd")


def as_stored(data: bytes) -> bytes:
    """Return what of a file of one mail is the mail: no mark, blank lines or envelope before it."""
    data = data.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n")
    return data[data.find(b"\n") + 1 :] if data.startswith((b"From ", b">From ")) else data


def put_maildir(mails: Sequence[bytes], folder: Path) -> str:
    """Deliver into a Maildir: each file is one mail, whatever is in it."""
    for part in ("cur", "new", "tmp"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    for number, one in enumerate(mails):
        (folder / "cur" / f"{number}.fuzz:2,S").write_bytes(one)
    return str(folder)


def put_mbox(mails: Sequence[bytes], folder: Path) -> str:
    folder.mkdir()
    (folder / "in.mbox").write_bytes(mbox(mails))
    return str(folder / "in.mbox")


def hashes(mails: Sequence[bytes]) -> set[str]:
    return {hashlib.sha256(one).hexdigest() for one in mails}


def prove(db: Path, want: set[str]) -> None:
    """Require each mail once and nothing that ``verify`` objects to."""
    rows = [row[0] for row in table(db, "SELECT sha256 FROM raw")]
    assert len(rows) == len(want)
    assert set(rows) == want
    conn = open_read(db)
    try:
        assert list(verify(conn)) == []
    finally:
        conn.close()


def portions(mails: Sequence[bytes], rng: Random) -> Iterator[list[bytes]]:
    """Yield the mails in another order, in one to five portions that overlap a little."""
    order = rng.sample(mails, len(mails))
    cuts = sorted(rng.sample(range(1, len(order)), rng.randrange(min(5, len(order)))))
    for start, stop in zip([0, *cuts], [*cuts, len(order)], strict=True):
        yield order[max(0, start - rng.choice((0, 0, 2))) : stop]


def check(mails: Sequence[bytes], folder: Path, rng: Random, *, workers: int = 0) -> None:
    """Import once, and in portions, and again; compare."""
    mails = [one for one in mails if as_stored(one) and not one.startswith(_PACKED)]
    want = hashes([as_stored(one) for one in mails])
    once, grown = folder / "once.db", folder / "grown.db"
    whole = put_maildir(mails, folder / "whole")
    report = import_mail(once, [whole], workers=workers)
    assert report.problems == []
    assert report.seen == len(mails)
    assert report.added + report.copies == len(want)
    prove(once, want)
    for number, portion in enumerate(portions(mails, rng)):
        box = put_maildir(portion, folder / f"part{number}")
        report = import_mail(grown, [box], workers=rng.choice((0, workers)))
        assert report.added + report.copies + report.known == report.seen == len(portion)
    prove(grown, want)
    assert contents(grown) == contents(once)
    before = once.read_bytes()
    report = import_mail(once, [whole], workers=workers)
    assert (report.added, report.copies, report.known) == (0, 0, len(mails))
    assert once.read_bytes() == before


def check_mbox(mails: Sequence[bytes], folder: Path) -> None:
    """Require of an mbox that what the reader finds in it is what is stored."""
    box = put_mbox(mails, folder / "box")
    want = hashes([one.data for source in open_sources([box]) for one in source])
    db = folder / "box.db"
    import_mail(db, [box], workers=0)
    prove(db, want)
    before = db.read_bytes()
    import_mail(db, [box], workers=0)
    assert db.read_bytes() == before


SEEDS = [
    mail("root", body="The page_count is wrong here.\n\nIt breaks users of pinned pages.\n"),
    mail(
        "one", to="root", references=["root"], subject="Re: A question about pages", minute=5,
        body="On Fri, Ada wrote:\n> The page_count is wrong here.\n\nNo, it is text.\n-- \nBo\n",
        person=1,
    ),
    mail(
        "two", to="one", references=["root", "one"], subject="Re: A question about pages", minute=9,
        body="> > The page_count is wrong here.\n> \n> No, it is text.\n\nBoth of you are right.\n",
        person=2, list_id="talk.linux.dev", received=11,
    ),
    mail("other", subject="[PATCH v2 1/2] pages: count", body="Text about pages.\n\nReviewed-by: "
         "Bo Sample <bo@example.org>\nLink: https://lore.kernel.org/r/root@example.org\n", minute=20),
    mail("late", to="gone", subject="Re: [PATCH v2 1/2] pages: count", minute=70, person=3,
         extra="Content-Type: text/plain; charset=utf-8; format=flowed\nCc: a@example.org, b",
         body="Some words \nthat flow \n> as one \n> paragraph\n"),
]  # fmt: skip


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a small import take the ways of a large one: workers, several batches, a dictionary."""
    monkeypatch.setattr(importing, "CHUNK_MAILS", 7)
    monkeypatch.setattr(importing, "BATCH_MAILS", 20)
    monkeypatch.setattr(importing, "SAMPLE_MAILS", 30)


@pytest.mark.parametrize("seed", range(24))
def test_damaged_mail_is_stored_once_and_sound_in_any_order(seed: int, tmp_path: Path) -> None:
    rng = Random(seed)
    check(population(SEEDS, 14, rng), tmp_path, rng)


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.usefixtures("small_batches")
def test_workers_and_batches_change_nothing(seed: int, tmp_path: Path) -> None:
    rng = Random(seed)
    check(population(SEEDS, 90, rng), tmp_path, rng, workers=2)


@pytest.mark.parametrize("seed", range(5))
def test_a_damaged_mailbox_gives_what_its_reader_finds(seed: int, tmp_path: Path) -> None:
    check_mbox(population(SEEDS, 12, Random(seed)), tmp_path)


def real_mails(corpora: Path) -> list[bytes]:
    """Return every mail of the corpora that a reader finds."""
    folders = [str(folder) for folder in sorted(corpora.iterdir()) if folder.is_dir()]
    return [one.data for source in open_sources(folders) for one in source]


@pytest.fixture(scope="module")
def real(corpora: Path) -> list[bytes]:
    return [one for one in real_mails(corpora) if len(one) < 60_000]


@pytest.mark.parametrize("seed", range(4))
def test_damaged_real_mail(seed: int, real: list[bytes], tmp_path: Path) -> None:
    rng = Random(seed)
    check(population(rng.sample(real, 12), 24, rng), tmp_path, rng)


@pytest.mark.parametrize("name", ["cow-thread", "oddities", "notmuch", "mailman"])
def test_a_corpus_in_portions_is_the_corpus(name: str, corpora: Path, tmp_path: Path) -> None:
    mails = [one.data for source in open_sources([str(corpora / name)]) for one in source]
    check(mails, tmp_path, Random(name))
