"""Import: what goes in is stored once, whole, and the same whatever the order."""

from __future__ import annotations

import itertools
import random
from pathlib import Path

import pytest

from tests.pipeline.contents import contents, table
from tests.pipeline.mails import mail, mbox
from threadkit.errors import SourceError
from threadkit.pipeline import importing
from threadkit.pipeline.importing import import_mail
from threadkit.store.arrival import slot
from threadkit.store.connection import open_read
from threadkit.store.verify import verify

THREAD = [
    mail("root", body="The page_count is wrong here.\n\nIt breaks users of pinned pages.\n"),
    mail(
        "one",
        to="root",
        references=["root"],
        subject="Re: A question about pages",
        body="On Fri, Ada wrote:\n> The page_count is wrong here.\n\nNo, it is text.\n",
        minute=5,
        person=1,
    ),
    mail(
        "two",
        to="one",
        references=["root", "one"],
        subject="Re: A question about pages",
        body="> > The page_count is wrong here.\n> \n> No, it is text.\n\nBoth of you are right.\n",
        minute=9,
        person=2,
    ),
]


@pytest.fixture
def db(tmp_path: Path) -> Path:
    return tmp_path / "t.db"


def put(tmp_path: Path, mails: list[bytes], name: str = "in.mbox") -> str:
    path = tmp_path / name
    path.write_bytes(mbox(mails))
    return str(path)


def test_a_thread_is_stored_whole(tmp_path: Path, db: Path) -> None:
    report = import_mail(db, [put(tmp_path, THREAD)])
    assert (report.seen, report.added, report.known, report.ghosts) == (3, 3, 0, 0)
    parents = table(db, "SELECT message_id, parent, root FROM mail ORDER BY id")
    assert parents == [
        ("root@example.org", None, "root@example.org"),
        ("one@example.org", "root@example.org", "root@example.org"),
        ("two@example.org", "one@example.org", "root@example.org"),
    ]


def test_quotes_point_at_the_words_of_their_author(tmp_path: Path, db: Path) -> None:
    import_mail(db, [put(tmp_path, THREAD)])
    rows = table(
        db,
        "SELECT m.message_id, s.message_id, substr(b.text, q.source_start + 1,"
        " q.source_stop - q.source_start) FROM quote q JOIN message m ON m.id = q.message"
        " JOIN message s ON s.id = q.source JOIN body b ON b.message = s.id"
        " ORDER BY m.id, q.block, q.part",
    )
    words = [(child, source, text.strip()) for child, source, text in rows]
    assert words == [
        ("one@example.org", "root@example.org", "The page_count is wrong here."),
        ("two@example.org", "root@example.org", "The page_count is wrong here."),
        ("two@example.org", "one@example.org", "No, it is text."),
    ]


@pytest.mark.parametrize("end", ["\nIt is.\n", "|\n"])
def test_quotes_below_marks_that_are_a_guess_are_proven(tmp_path: Path, db: Path, end: str) -> None:
    """A guess takes marks off that belong to the quoted text; the words are its own still."""
    said = f"Some introduction of a mail.\n| \n| > > The page_count is wrong here.\n{end}"
    marked = "".join(f"AE> {line}\n" for line in said.splitlines())
    answer = mail("answer", to="root", references=["root"], body=f"{marked}\nNo.\n", minute=9)
    import_mail(db, [put(tmp_path, [mail("root", body=said), answer])])
    assert table(db, "SELECT method FROM quote") == [("verbatim",)]
    conn = open_read(db)
    try:
        assert list(verify(conn)) == []
    finally:
        conn.close()


def test_importing_again_adds_nothing_and_writes_nothing(tmp_path: Path, db: Path) -> None:
    source = put(tmp_path, THREAD)
    import_mail(db, [source])
    before = db.read_bytes()
    report = import_mail(db, [source])
    assert (report.seen, report.known, report.added, report.copies) == (3, 3, 0, 0)
    assert db.read_bytes() == before
    assert not Path(f"{db}-wal").exists()


def test_importing_more_adds_only_what_is_new(tmp_path: Path, db: Path) -> None:
    import_mail(db, [put(tmp_path, THREAD[:2], "a.mbox")])
    report = import_mail(db, [put(tmp_path, THREAD, "b.mbox")])
    assert (report.seen, report.known, report.added) == (3, 2, 1)
    assert len(table(db, "SELECT 1 FROM message")) == 3


def test_two_mails_of_one_file_with_the_same_bytes_are_one(tmp_path: Path, db: Path) -> None:
    report = import_mail(db, [put(tmp_path, [THREAD[0], THREAD[0]])])
    assert (report.seen, report.known, report.added) == (2, 1, 1)


def test_a_missing_parent_is_a_ghost_until_it_comes(tmp_path: Path, db: Path) -> None:
    report = import_mail(db, [put(tmp_path, [THREAD[0], THREAD[2]], "a.mbox")])
    assert report.ghosts == 1
    ghost = table(db, "SELECT message_id, parent, match FROM mail WHERE ghost")
    assert ghost == [("one@example.org", "root@example.org", "strict")]
    assert report.quotes["not-found:no-parent"] == 1
    report = import_mail(db, [put(tmp_path, THREAD, "b.mbox")])
    assert report.ghosts == 0
    methods = table(db, "SELECT DISTINCT method FROM quote WHERE source IS NULL")
    assert methods == []


def test_a_copy_through_another_list_is_no_new_message(tmp_path: Path, db: Path) -> None:
    other = mail("root", body="The page_count is wrong here.\n\nIt breaks users of pinned pages.\n"
                 "\n_______________________________________________\nTalk mailing list\n"
                 "Talk@lists.example.org\nhttps://lists.example.org/talk\n",
                 list_id="other.linux.dev", subject="[other] A question about pages")  # fmt: skip
    report = import_mail(db, [put(tmp_path, [THREAD[0], other])])
    assert (report.added, report.copies, report.imposters) == (1, 1, 0)
    copies = table(db, "SELECT list_id, preferred FROM copy ORDER BY list_id")
    assert copies == [("other.linux.dev", 1), ("talk.example.org", 0)]
    assert table(db, "SELECT subject FROM message") == [("[other] A question about pages",)]


def test_another_mail_with_the_same_id_is_an_imposter(tmp_path: Path, db: Path) -> None:
    late = mail("root", body="Something else altogether.\n", minute=600, person=3)
    report = import_mail(db, [put(tmp_path, [late, *THREAD])])
    assert (report.added, report.imposters) == (4, 1)
    rows = table(db, "SELECT imposter, from_address IS NOT NULL FROM message"
                     " WHERE message_id = 'root@example.org' ORDER BY imposter")  # fmt: skip
    assert rows == [(0, 1), (1, 1)]
    real = table(db, "SELECT date_utc FROM message WHERE message_id = 'root@example.org'"
                     " AND imposter = 0")  # fmt: skip
    assert real == [("2024-03-01T09:00:00Z",)]


def test_a_reply_by_subject_alone_is_a_loose_match(tmp_path: Path, db: Path) -> None:
    lost = mail("lost", subject="Re: A question about pages", minute=60, person=3)
    import_mail(db, [put(tmp_path, [*THREAD, lost])])
    assert table(db, "SELECT root, match FROM mail WHERE message_id = 'lost@example.org'") == [
        ("root@example.org", "loose")
    ]


ODD = [
    *THREAD,
    mail("four", to="ghost", references=["root", "ghost"], body="> It breaks users of\n> pinned\n",
         minute=3, person=1),
    mail("lost", subject="Re: A question about pages", minute=60, person=3),
    mail("root", body="Something else altogether.\n", minute=600, person=3),
    mail("one", to="root", references=["root"], subject="[x] Re: A question about pages",
         body="On Fri, Ada wrote:\n> The page_count is wrong here.\n\nNo, it is text.\n", minute=5,
         person=1, list_id="other.linux.dev"),
    mail("loop1", to="loop2", body="a\n", minute=11),
    mail("loop2", to="loop1", body="b\n", minute=12),
]  # fmt: skip


def test_the_order_and_the_number_of_imports_do_not_matter(tmp_path: Path) -> None:
    once = tmp_path / "once.db"
    import_mail(once, [put(tmp_path, ODD)])
    want = contents(once)
    rng = random.Random(7)
    for trial in range(12):
        order = rng.sample(ODD, len(ODD))
        cuts = sorted(rng.sample(range(len(ODD) + 1), rng.randrange(4)))
        other = tmp_path / f"{trial}.db"
        for k, (start, stop) in enumerate(itertools.pairwise([0, *cuts, len(ODD)])):
            if start < stop:
                import_mail(other, [put(tmp_path, order[start:stop], f"{trial}-{k}.mbox")])
        assert contents(other) == want, order


def many(count: int) -> list[bytes]:
    """Threads of eight, in a shuffled order, with ids that say where they belong."""
    mails = []
    for k in range(count):
        thread, n = divmod(k, 8)
        root = f"t{thread}-0"
        to = f"t{thread}-{(n - 1) // 2}" if n else None
        mails.append(
            mail(f"t{thread}-{n}", to=to, references=[root, to] if to else [],
                 subject=("Re: " if n else "") + f"Subject number {thread} of many",
                 body=f"> text {k // 3}\n\nSome text of mail {k} about pages.\n" * (1 + k % 3),
                 minute=thread * 7 + n, person=k)
        )  # fmt: skip
    random.Random(3).shuffle(mails)
    return mails


def test_workers_change_nothing(tmp_path: Path) -> None:
    source = put(tmp_path, many(4300))
    alone, crew = tmp_path / "alone.db", tmp_path / "crew.db"
    first = import_mail(alone, [source], workers=0)
    steps = []
    second = import_mail(crew, [source], workers=2, progress=steps.append)
    assert first.added == second.added == 4300
    assert contents(alone) == contents(crew)
    assert [step.stored for step in steps][-1] == 4300
    assert len(steps) > 1


def test_ids_grow_with_time_of_arrival(tmp_path: Path, db: Path) -> None:
    mails = many(400)
    import_mail(db, [put(tmp_path, mails[:200], "a.mbox")])
    import_mail(db, [put(tmp_path, mails[200:], "b.mbox")])
    dates = [row[0] for row in table(db, "SELECT date_utc FROM message WHERE id > 0 ORDER BY id")]
    assert dates == sorted(dates)


def test_many_mails_of_one_instant_have_ids_of_their_own(tmp_path: Path, db: Path) -> None:
    import_mail(db, [put(tmp_path, [mail(f"n{k}") for k in range(300)])])
    assert table(db, "SELECT count(DISTINCT id) FROM message") == [(300,)]


def test_ids_stay_close_however_many_imports_bring_mails_of_one_instant(
    tmp_path: Path, db: Path
) -> None:
    for number in range(80):
        mails = [mail(f"n{number}").replace(b"\nDate:", b"\nX-Date:"), mail(f"m{number}")]
        import_mail(db, [put(tmp_path, mails)])
    at = slot("2024-03-01T09:00:00Z")
    assert table(db, "SELECT id FROM message ORDER BY id") == [
        (row,) for row in (*range(1, 81), *range(at, at + 80))
    ]


def test_one_person_behind_two_addresses(tmp_path: Path, db: Path) -> None:
    mails = [
        mail("x", extra="Cc: Ada Example <ada@other.example.com>, Bo Sample <bo@example.org>"),
        mail("y", minute=1, person=1),
    ]
    import_mail(db, [put(tmp_path, mails)])
    names = table(db, "SELECT name FROM person ORDER BY name")
    assert ("Ada Example",) in names
    assert names.count(("Ada Example",)) == 1
    rules = table(db, "SELECT rule FROM person_merge")
    assert rules == [("name-and-local-part",)]


def test_a_mailmap_wins_and_is_remembered(tmp_path: Path, db: Path) -> None:
    mailmap = tmp_path / "mailmap"
    mailmap.write_text("Bo Sample <bo@example.org> Cy Specimen <cy@example.org>\n")
    import_mail(db, [put(tmp_path, [mail("x", person=1), mail("y", person=2)])], mailmap=mailmap)
    query = (
        "SELECT count(DISTINCT person) FROM address WHERE email LIKE 'bo@%' OR email LIKE 'cy@%'"
    )
    assert table(db, query) == [(1,)]
    import_mail(db, [put(tmp_path, [mail("z", person=3)], "b.mbox")])
    assert table(db, query) == [(1,)]


def test_a_person_goes_by_the_address_used_most_after_any_number_of_imports(
    tmp_path: Path, db: Path
) -> None:
    both = "Cc: Bo Sample <bo.sample@example.com>"
    import_mail(db, [put(tmp_path, [mail("x", person=1, extra=both)])])
    query = "SELECT email FROM person WHERE name = 'Bo Sample'"
    assert table(db, query) == [("bo@example.org",)]
    late = [mail(f"y{k}", person=1).replace(b"bo@example.org", b"bo.sample@example.com")
            for k in range(2)]  # fmt: skip
    import_mail(db, [put(tmp_path, late, "b.mbox")])  # brings no address that is new
    assert table(db, query) == [("bo.sample@example.com",)]


def test_an_address_that_only_a_replaced_copy_named_is_gone(tmp_path: Path, db: Path) -> None:
    shouted = mail("x", person=1, extra="Cc: Cy Specimen <cy@example.org>")
    shouted = shouted.replace(b"Bo Sample", b"BO SAMPLE (by way of Talk)")
    better = mail("x", person=1, list_id="talk.linux.dev")
    import_mail(db, [put(tmp_path, [shouted, mail("y", person=0)])])
    report = import_mail(db, [put(tmp_path, [better], "b.mbox")])
    assert report.copies == 1
    assert table(db, "SELECT name FROM address ORDER BY name") == [
        ("",), ("Ada Example",), ("Bo Sample",)
    ]  # fmt: skip
    assert table(db, "SELECT count(*) FROM person") == [(3,)]


def test_persons_of_an_import_that_was_stopped_are_merged_by_the_next(
    tmp_path: Path, db: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    two = mail("x", person=1, extra="Cc: Bo Sample <bo.sample@example.com>")
    source = put(tmp_path, [two])

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(importing, "merge_people", stop)
        with pytest.raises(KeyboardInterrupt):
            import_mail(db, [source])
    query = "SELECT count(*) FROM person WHERE name = 'Bo Sample'"
    assert table(db, query) == [(2,)]
    assert import_mail(db, [source]).added == 0
    assert table(db, query) == [(1,)]


def test_the_same_mailmap_again_writes_nothing(tmp_path: Path, db: Path) -> None:
    mailmap = tmp_path / "mailmap"
    mailmap.write_text("Bo Sample <bo@example.org> Cy Specimen <cy@example.org>\n")
    source = put(tmp_path, [mail("x", person=1), mail("y", person=2)])
    import_mail(db, [source], mailmap=mailmap)
    before = db.read_bytes()
    import_mail(db, [source], mailmap=mailmap)
    assert db.read_bytes() == before


def test_a_missing_mailmap_stops_before_anything_is_made(tmp_path: Path, db: Path) -> None:
    with pytest.raises(SourceError, match="No such file"):
        import_mail(db, [put(tmp_path, THREAD)], mailmap=tmp_path / "none")
    assert not db.exists()


def test_a_quote_is_looked_for_again_when_a_ghost_above_it_finds_its_place(
    tmp_path: Path, db: Path
) -> None:
    """A mail that is not new, below a ghost that a new mail hangs below the source."""
    said = "The counter never comes back to zero after the child has gone.\n"
    source = mail("source", body=said)
    quoting = mail(
        "quoting", references=["lost"], subject="Re: Something else", minute=9,
        body=f"> > {said}> Why not?\n\nBecause of the pin.\n",
    )  # fmt: skip
    witness = mail("witness", references=["source", "lost"], body="I see.\n", minute=10)
    query = (
        "SELECT s.message_id FROM quote q JOIN message m ON m.id = q.message"
        " JOIN message s ON s.id = q.source WHERE m.message_id = 'quoting@example.org'"
    )
    import_mail(db, [put(tmp_path, [source, quoting])], workers=0)
    assert table(db, query) == []
    import_mail(db, [put(tmp_path, [witness], "later.mbox")], workers=0)
    assert table(db, query) == [("source@example.org",)]
