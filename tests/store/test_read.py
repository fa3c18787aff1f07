"""Reading: what was written comes back as values, ghosts and imposters included."""

from __future__ import annotations

import pytest

from threadkit.errors import NotFound
from threadkit.mail.block import Block
from threadkit.mail.message import Address, Attachment, Defect
from threadkit.store import parts, read
from threadkit.store.search import matching
from threadkit.store.stats import stats
from threadkit.store.threads import threads
from threadkit.store.values import StoredCitation, StoredQuote, StoredTrailer

TEXT = "On Monday, Ann wrote:\n> Is it safe?\n\nYes \N{EM DASH} é.\n"


def test_a_message_has_its_people_and_place(builder) -> None:
    first = builder.mail("first@example.org", subject="COW")
    second = builder.mail(
        "second@example.org", sender=("Bo", "bo@example.org"), parent=first,
        received="2020-09-01T12:00:07Z",
    )  # fmt: skip
    builder.execute("UPDATE person SET name = 'Bo Berg' WHERE name = 'Bo'")
    found = read.message(builder.conn, second)
    assert (found.message_id, found.parent, found.root) == (
        "second@example.org", "first@example.org", "first@example.org",
    )  # fmt: skip
    assert (found.from_name, found.from_email, found.person) == ("Bo", "bo@example.org", "Bo Berg")
    assert found.received_utc == "2020-09-01T12:00:07Z"
    assert not found.ghost
    assert read.message(builder.conn, first).parent is None


def test_what_a_mail_lacks_is_empty_and_not_an_error(builder) -> None:
    row = builder.mail("a@example.org", sender=None, date=None)
    builder.execute("UPDATE message SET subject = NULL")
    found = read.message(builder.conn, row)
    assert (found.subject, found.from_name, found.person, found.date_utc) == ("", "", "", None)


def test_an_unknown_row_is_not_found(builder) -> None:
    for function in (read.message, read.thread, read.raw):
        with pytest.raises(NotFound):
            function(builder.conn, 99)
    assert read.messages(builder.conn, [99]) == []


def test_several_messages_come_in_the_order_asked_for(builder) -> None:
    for name in "abc":
        builder.mail(f"{name}@example.org")
    found = read.messages(builder.conn, [3, 1, 9, 2])
    assert [each.message_id[0] for each in found] == ["c", "a", "b"]


def test_a_thread_is_the_same_from_each_of_its_messages(builder) -> None:
    ghost = builder.ghost("ghost@example.org", -1)
    first = builder.mail("first@example.org", parent=ghost)
    second = builder.mail("second@example.org", parent=first)
    loose = builder.mail("loose@example.org", parent=second)
    builder.execute("UPDATE message SET match = 'loose' WHERE id = ?", (loose,))
    builder.mail("other@example.org")
    found = [read.thread(builder.conn, row) for row in (ghost, first, second, loose)]
    assert found[0] == found[1] == found[2] == found[3]
    assert [(each.message_id, each.parent, each.root, each.match) for each in found[0]] == [
        ("ghost@example.org", None, "ghost@example.org", "strict"),
        ("first@example.org", "ghost@example.org", "ghost@example.org", "strict"),
        ("second@example.org", "first@example.org", "ghost@example.org", "strict"),
        ("loose@example.org", "second@example.org", "ghost@example.org", "loose"),
    ]
    assert [each.ghost for each in found[0]] == [True, False, False, False]


def test_a_thread_agrees_with_its_messages_one_by_one(builder) -> None:
    row = builder.mail("0@example.org")
    for number in range(1, 30):
        row = builder.mail(f"{number}@example.org", parent=max(1, row - number % 3))
    found = read.thread(builder.conn, row)
    assert found == read.messages(builder.conn, [each.id for each in found])


def test_raw_mail_comes_back_byte_for_byte_with_and_without_a_dictionary(builder) -> None:
    builder.add_dictionary(1)
    plain = builder.mail("plain@example.org", TEXT)
    small = builder.mail("small@example.org", TEXT, dictionary=1)
    for row, name in ((plain, "plain"), (small, "small")):
        mail = read.raw(builder.conn, row)
        assert mail.startswith(f"Message-ID: <{name}@example.org>\n".encode())
        assert mail.endswith(TEXT.encode())


def test_a_ghost_has_no_text(builder) -> None:
    row = builder.ghost("ghost@example.org")
    assert read.body(builder.conn, row) == ""
    assert parts.blocks(builder.conn, row) == []
    with pytest.raises(NotFound):
        read.raw(builder.conn, row)


@pytest.mark.parametrize("data", [b"", b"no zstd at all", b"\x28\xb5\x2f\xfd\x20\x03\x19\x00"])
def test_a_raw_mail_that_cannot_be_unpacked_says_so(data: bytes) -> None:
    with pytest.raises(read.Unreadable):
        read.decompress(data, None)


def test_parts_come_back_as_they_were_written(builder) -> None:
    source = builder.mail("source@example.org", "Is it safe?\n")
    row = builder.mail(
        "a@example.org", TEXT, parent=source, list_id="linux-mm.kvack.org",
        to=(("Bo", "bo@example.org"), ("Cy", "cy@example.org")), cc=(("", "list@example.org"),),
    )  # fmt: skip
    for statement in (
        "INSERT INTO quote VALUES (2, 1, 0, 24, 35, 1, 0, 11, 'verbatim', 1.0)",
        "INSERT INTO quote VALUES (2, 1, 1, 35, 36, NULL, NULL, NULL, 'not-found:snip', 0.0)",
        "INSERT INTO trailer VALUES (2, 0, 'Acked-by', 'Bo', 'person', 1, '# x', 38, 41)",
        "INSERT INTO citation VALUES (2, 0, 'commit', '09854ba94c6a', 'mm: x', 38, 41)",
        "INSERT INTO attachment VALUES (2, 0, 'a.png', 'image/png', 12)",
        "INSERT INTO defect (source, raw, kind, detail) VALUES (1, 2, 'date-missing', '')",
        "INSERT INTO message_reference VALUES (2, 0, 'old@example.org')",
        "INSERT INTO message_reference VALUES (2, 1, 'source@example.org')",
        "INSERT INTO message_reference VALUES (2, -1, 'source@example.org')",
        "INSERT INTO message_reference VALUES (2, -2, 'second@example.org')",
    ):
        builder.execute(statement)
    builder.raw(77, b"the same through another list", message=row, list_id="lkml")
    conn = builder.conn
    assert read.body(conn, row) == TEXT
    assert parts.blocks(conn, row) == [
        Block("reply", 0, 0, 22), Block("quote", 1, 22, 36), Block("reply", 0, 36, len(TEXT)),
    ]  # fmt: skip
    assert parts.quotes(conn, row) == [
        StoredQuote(1, 0, 24, 35, "source@example.org", source, 0, 11, "verbatim", 1.0),
        StoredQuote(1, 1, 35, 36, None, None, None, None, "not-found:snip", 0.0),
    ]
    assert parts.trailers(conn, row) == [
        StoredTrailer("Acked-by", "Bo", "person", True, "# x", 38, 41)
    ]
    assert parts.citations(conn, row) == [StoredCitation("commit", "09854ba94c6a", "mm: x", 38, 41)]
    assert parts.attachments(conn, row) == [Attachment("a.png", "image/png", 12)]
    assert parts.defects(conn, row) == [Defect("date-missing")]
    assert parts.references(conn, row) == (
        ("source@example.org", "second@example.org"), ("old@example.org", "source@example.org"),
    )  # fmt: skip
    assert parts.recipients(conn, row) == [
        ("to", Address("Bo", "bo@example.org")),
        ("to", Address("Cy", "cy@example.org")),
        ("cc", Address("", "list@example.org")),
    ]
    copies = parts.copies(conn, row)
    assert [(each.list_id, each.preferred) for each in copies] == [
        ("linux-mm.kvack.org", True), ("lkml", False),
    ]  # fmt: skip
    assert copies[0].source == "/mail/one.mbox"


def test_threads_come_with_the_newest_mail_first(builder) -> None:
    old = builder.mail("old@example.org", subject="Old", date="2020-01-01T00:00:00Z")
    new = builder.mail("new@example.org", subject="New", date="2020-02-01T00:00:00Z")
    builder.mail("late@example.org", parent=old, sender=("Bo", "bo@example.org"),
                 date="2020-03-01T00:00:00Z")  # fmt: skip
    builder.ghost("ghost@example.org", -1)
    found = threads(builder.conn)
    assert [(each.id, each.root, each.subject) for each in found] == [
        (old, "old@example.org", "Old"), (new, "new@example.org", "New"),
    ]  # fmt: skip
    assert (found[0].message_count, found[0].people) == (2, ("Ann Lee", "Bo"))
    assert (found[0].first_utc, found[0].last_utc) == (
        "2020-01-01T00:00:00Z", "2020-03-01T00:00:00Z",
    )  # fmt: skip
    assert [each.id for each in threads(builder.conn, limit=1)] == [old]
    assert threads(builder.conn, limit=0) == []


def test_a_thread_under_a_ghost_has_the_subject_of_its_first_mail(builder) -> None:
    ghost = builder.ghost("ghost@example.org", -1)
    builder.mail("a@example.org", subject="Re: COW", parent=ghost)
    (found,) = threads(builder.conn, limit=None)
    assert (found.root, found.subject, found.message_count, found.ghost_count) == (
        "ghost@example.org", "Re: COW", 1, 1,
    )  # fmt: skip


def test_threads_of_a_search_are_listed_once_each(builder) -> None:
    one = builder.mail("one@example.org", "cow\n")
    two = builder.mail("two@example.org", "cow\n")
    builder.mail("three@example.org", "cow again\n", parent=one)
    builder.mail("four@example.org", "pig\n")
    found = threads(builder.conn, matching(builder.conn, "cow"), limit=None)
    assert [each.id for each in found] == [one, two]


def test_stats_count_everything(builder) -> None:
    first = builder.mail("a@example.org", TEXT, to=(("Bo", "bo@example.org"),))
    builder.mail("b@example.org", parent=first, date="2099-01-01T00:00:00Z")
    builder.mail("b@example.org", imposter=1, date="2020-09-02T00:00:00Z")
    builder.ghost("c@example.org", -1)
    builder.raw(50, b"a copy", message=first)
    builder.execute("INSERT INTO defect (source, kind, detail) VALUES (1, 'cut-off', '')")
    found = stats(builder.conn)
    assert (found.mails, found.ghosts, found.imposters, found.copies) == (3, 1, 1, 1)
    assert (found.threads, found.people, found.sources) == (3, 2, 1)
    assert found.blocks == {"reply": 4, "quote": 1}
    assert found.defects == {"cut-off": 1}
    assert found.parent_rules == {"none": 2, "": 1, "references": 1}
    assert (found.first_utc, found.last_utc) == ("2020-09-01T12:00:00Z", "2020-09-02T00:00:00Z")
    assert found.database_bytes > found.stored_bytes > 0
