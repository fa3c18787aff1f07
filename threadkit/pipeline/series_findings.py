"""Group the patches of a database into series, and tell what became of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from sqlite3 import Connection

from threadkit.analyze.series.announcements import announcements, is_worth_reading
from threadkit.analyze.series.earlier import earlier_revision
from threadkit.analyze.series.fates import Became, Said, fates, merged_patches
from threadkit.analyze.series.linking import link
from threadkit.analyze.series.revisions import group
from threadkit.analyze.series.values import (
    Earlier,
    Fate,
    Posting,
    Revision,
    Series,
    is_posting,
)
from threadkit.commits.titles import words_key
from threadkit.pipeline.relayed import own_address
from threadkit.store import series_input as stored
from threadkit.store.series import (
    CandidateRow,
    PatchRow,
    RevisionRow,
    SeriesRow,
    replace_series,
)


def find_series(conn: Connection, run_id: int, tell: Callable[[int, int], None]) -> tuple[int, int]:
    """Group all postings anew.

    Parameters
    ----------
    conn : sqlite3.Connection
        Open for writing, in a transaction.
    run_id : int
        Of this run.
    tell : callable
        Called with the replies read and their number.

    Returns
    -------
    read, found : int
        Postings, series.

    Notes
    -----
    Everything is grouped again, since one mail can join what stood apart; some ten
    seconds for 40,000 postings and as many replies.
    """
    parents = stored.parents(conn)
    rows = [row for row in stored.postings(conn) if is_posting(row.subject)]
    above = _above(parents, {row.id for row in rows})
    postings = list(_postings(conn, rows, parents, above))
    found = link(group(postings))
    said = _said(conn, postings, parents, above, tell)
    became: dict[int, list[Became]] = defaultdict(list)
    for row in stored.became(conn):
        became[row.message].append(Became(*row[1:]))
    _store(conn, run_id, found, became, said)
    return len(postings), len(found)


def _above(parents: Mapping[int, int], postings: set[int]) -> dict[int, int]:
    """Find for every mail the nearest posting above it; 0 if there is none."""
    found: dict[int, int] = {}
    for mail in parents:
        path: dict[int, None] = {}  # a list would be searched from end to end at each step
        at = mail
        while at not in found:
            path[at] = None
            parent = parents.get(at)
            if parent is None or parent in postings or parent in path:
                found[at] = parent if parent in postings and parent is not None else 0
            else:
                at = parent
        for one in path:
            found[one] = found[at]
    return found


def _postings(
    conn: Connection,
    rows: Sequence[stored.PostingRow],
    parents: Mapping[int, int],
    above: Mapping[int, int],
) -> Iterator[Posting]:
    """Put together what the database knows of each posting."""
    names = {row.id: row.message_id for row in rows}
    files: dict[int, set[str]] = defaultdict(set)
    for message, path in stored.files(conn):
        files[message].add(path)
    cites: dict[int, list[Earlier]] = defaultdict(list)
    for cited in stored.cited(conn):
        revision = earlier_revision(cited.before, cited.behind)
        cites[cited.message].append(Earlier(cited.message_id, revision))
    for row in rows:
        parent = parents.get(row.id)
        yield Posting(
            message=row.id,
            message_id=row.message_id,
            subject=row.subject,
            utc=row.utc,
            author=row.author,
            email=own_address(conn, row.id, row.written_name, row.email),
            person=str(row.person or row.email),
            parent="" if parent is None else names.get(parent, f"#{parent}"),
            above=names.get(above.get(row.id, 0), ""),
            root=row.root,
            change_id=row.change_id,
            patch_id=row.patch_id,
            files=frozenset(files.get(row.id, ())),
            cites=tuple(cites.get(row.id, ())),
        )


def _said(
    conn: Connection,
    postings: Sequence[Posting],
    parents: Mapping[int, int],
    above: Mapping[int, int],
    tell: Callable[[int, int], None],
) -> dict[int, list[Said]]:
    """Read the mails below postings, and those of robots, for what became of the postings."""
    posted = {posting.message for posting in postings}
    rows = {row: at for row, at in above.items() if at and row not in posted}
    wanted = sorted({*rows, *stored.robots(conn)})
    by_title = _by_title(postings)
    said: dict[int, list[Said]] = defaultdict(list)
    for count, mail in enumerate(stored.replies(conn, wanted), 1):
        if is_worth_reading(mail.body):
            ranges = stored.own_ranges(conn, mail.id)
            for one in announcements(mail.email, mail.body, ranges):
                about = by_title.get(words_key(one.title)) if one.title else None
                at = about(mail.utc) if about else rows.get(mail.id, 0)
                if at:
                    who = str(mail.person or mail.email)
                    direct = parents.get(mail.id) == at
                    said[at].append(Said(one, mail.message_id, who, mail.name, mail.utc, direct))
        if not count % 1000:
            tell(count, len(wanted))
    return said


def _by_title(postings: Iterable[Posting]) -> dict[str, Callable[[str], int]]:
    """Index postings by title: each key gives the newest before a time, of one sender only."""
    known: dict[str, list[Posting]] = defaultdict(list)
    for posting in postings:
        if posting.counter:
            known[posting.title_key].append(posting)

    def finder(found: list[Posting]) -> Callable[[str], int]:
        """Make the look-up of one title; titles of several senders find nothing."""

        def newest(utc: str) -> int:
            """Return the row id of the newest posting before a time, or 0."""
            if len({one.person for one in found}) > 1:
                return 0
            return max(((p.utc, p.message) for p in found if p.utc <= utc), default=("", 0))[1]

        return newest

    return {title: finder(found) for title, found in known.items() if title}


def _store(
    conn: Connection,
    run_id: int,
    found: Sequence[Series],
    became: Mapping[int, Sequence[Became]],
    said: Mapping[int, Sequence[Said]],
) -> None:
    """Turn values into rows, and write these."""
    ids = {one.key: number for number, one in enumerate(found, 1)}
    series: list[SeriesRow] = []
    revisions: list[RevisionRow] = []
    patches: list[PatchRow] = []
    for number, one in enumerate(found, 1):
        commits = merged_patches(one, became)
        of_revisions, of_series = fates(one, commits, said)
        series.append(_series_row(number, run_id, one, of_series))
        for place, (revision, fate) in enumerate(zip(one.revisions, of_revisions, strict=True)):
            revisions.append(_revision_row(number, place, revision, fate))
            for counter, posting in revision.patches.items():
                commit = commits.get(posting.message)
                sha = commit.sha if commit else None
                patches.append(PatchRow(posting.message, number, place, counter, sha))
    weak = [
        CandidateRow(ids[one.key], ids[other.earlier], other.rule, other.score)
        for one in found
        for other in one.candidates
    ]
    replace_series(conn, series, revisions, patches, weak)


def _series_row(number: int, run_id: int, series: Series, fate: Fate) -> SeriesRow:
    last = series.last
    return SeriesRow(
        number, run_id, series.key, last.title, last.head.author, last.head.email,
        series.change_id or None, fate.outcome, fate.why, fate.rule, fate.score,
        fate.sha or None, fate.release or None,
    )  # fmt: skip


def _revision_row(number: int, place: int, revision: Revision, fate: Fate) -> RevisionRow:
    numbers, head = revision.numbering, revision.head
    return RevisionRow(
        number, place, numbers.major, revision.label, revision.kind, revision.title,
        head.message_id, head.root, revision.utc or None, numbers.expected, revision.rule,
        revision.score, fate.outcome, fate.why, fate.rule, fate.score,
        fate.message_id or None, fate.start, fate.stop,
    )  # fmt: skip
