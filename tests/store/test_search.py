"""Searching: what is found, in which order, and the line that shows why."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threadkit.errors import QueryError
from threadkit.store import search as search_module
from threadkit.store import search_sql
from threadkit.store.search import matching, search
from threadkit.store.search_syntax import And, Field, Node, Not, Or, Period, Text

NOW = datetime(2020, 9, 10, tzinfo=UTC)
HUGH = ("Hugh Example", "hugh@example.org")
BO = ("Bo Øst", "bo@sub.example.com")
LIST = ("", "linux-mm@example.net")


@pytest.fixture(scope="module")
def found(
    tmp_path_factory: pytest.TempPathFactory, fresh_database: Path, builder_class: Any
) -> Iterator[Callable[..., list[int]]]:
    """Search in six mails; gives row ids."""
    path = tmp_path_factory.mktemp("search") / "threadkit.db"
    shutil.copyfile(fresh_database, path)
    builder = builder_class(path)
    builder.mail(
        "one@example.org", "The page_count of a COW page.\nSee do_wp_page() in mm/memory.c\n",
        subject="[PATCH 1/2] mm: do_wp_page() simplification", sender=HUGH, to=(BO,), cc=(LIST,),
        date="2020-08-10T00:00:00Z", received="2020-08-10T00:00:05Z", list_id="linux-mm.kvack.org",
    )  # fmt: skip
    builder.mail(
        "two@example.org", "> The page_count of a COW page.\n\nForks happen; forking is fine.\n",
        subject="Re: [PATCH 1/2] mm: do_wp_page() simplification", sender=BO, to=(HUGH,),
        date="2020-08-31T23:59:59Z", parent=1,
    )  # fmt: skip
    builder.mail(
        "three@example.org", "Ünshåre naïvely, page count is 50% of_all\n", subject="unshare",
        sender=("Ann Lee", "ann@example.org"), date="2020-09-01T00:00:00Z",
    )  # fmt: skip
    builder.mail("four@example.org", "No date at all, cow\n", sender=None, date=None, subject="x")
    builder.mail(
        "five@example.org", "cow cow cow\n", subject="COW", sender=("Joanna", "jo@example.org"),
        date="2020-09-09T12:00:00Z", received="2021-01-01T00:00:00Z", cc=(HUGH,),
    )  # fmt: skip
    builder.ghost("ghost@example.org", -1)
    for statement in (
        "INSERT INTO trailer VALUES (2, 0, 'Reviewed-by', 'Bo Øst <bo@sub.example.com>',"
        " 'person', 1, '', 0, 5)",
        "INSERT INTO trailer VALUES (1, 0, 'Fixes', '09854ba94c6a (\"mm: x\")', 'reference',"
        " 0, '', 0, 5)",
        "INSERT INTO patch VALUES (1, 'PATCH', 1, 1, 2, '0123456789abcdef', NULL, NULL, 3, 1)",
        "INSERT INTO patch_file VALUES (1, 0, 'mm/memory.c', 3, 1)",
        "INSERT INTO citation VALUES (1, 0, 'commit', '09854ba94c6a', 'mm: x', 0, 5)",
        "INSERT INTO citation VALUES (3, 0, 'message', 'one@example.org', '', 0, 5)",
        "INSERT INTO attachment VALUES (3, 0, 'trace log.txt', 'text/plain', 5)",
        "INSERT INTO alias VALUES ('other@example.org', 3)",
        "UPDATE address SET person = (SELECT person FROM address WHERE email LIKE 'jo@%')"
        " WHERE email LIKE 'ann@%'",
    ):
        builder.execute(statement)
    builder.close()
    with closing(builder.read()) as conn:

        def run(query: str, **options: Any) -> Any:
            options.setdefault("now", NOW)
            if options.pop("whole", False):
                return search(conn, query, **options)
            return [hit.message.id for hit in search(conn, query, **options).hits]

        run.conn = conn  # type: ignore[attr-defined]
        yield run


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("cow", [5, 4, 2, 1]),
        ("COW page", [2, 1]),
        ("page_count", [2, 1]),
        ('"page count"', [3]),
        ("do_wp_page()", [2, 1]),
        ("mm/memory.c", [1]),
        ("fork", [2]),
        ("unshare", [3]),
        ("naive", [3]),
        ("nai*", [3]),
        ("nai", []),
        ("cow OR naive", [5, 4, 3, 2, 1]),
        ("cow -page", [5, 4]),
        ("page NOT cow", [3]),
        ("-cow", [3]),
        ("-cow -naive", []),
        ("cow (page OR date)", [4, 2, 1]),
        ("s:cow", [5]),
        ("s:do_wp_page", [2, 1]),
        ('s:"PATCH 1/2"', [2, 1]),
        ("nq:page_count", [1]),
        ("q:page_count", [2]),
        ("b:simplification", []),
        ("bs:simplification", [2, 1]),
        ("f:hugh", [1]),
        ("f:HUGH@example.org", [1]),
        ("f:example.org", [5, 3, 1]),
        ("f:øst", [2]),
        ("f:ØST", [2]),
        ("f:ann", [3]),
        ("f:an*", [3]),
        ("f:nobody", []),
        ('f:"Bo Øst"', [2]),
        ("f:%", []),
        ("-f:example.org", [4, 2]),
        ("person:ann", [5, 3]),
        ("t:bo", [1]),
        ("c:linux-mm", [1]),
        ("tc:hugh", [5, 2]),
        ("a:hugh", [5, 2, 1]),
        ("-a:hugh", [4, 3]),
        ("d:2020-08", [2, 1]),
        ("d:2020-08..2020-09", [5, 3, 2, 1]),
        ("d:2020-09-01", [3]),
        ("d:..2020-08-31", [2, 1]),
        ("d:2020-09-02..", [5]),
        ("d:last.week..", [5]),
        ("-d:2020-08", [5, 4, 3]),
        ("rt:2021..", [5]),
        ("rt:2020-08-10T00:00..2020-08-10T00:01", [1]),
        ("l:linux-mm.kvack.org", [1]),
        ("l:linux-mm", [1]),
        ("n:trace", [3]),
        ('n:"trace log.txt"', [3]),
        ("dfn:memory.c", [1]),
        ("dfn:mm/", [1]),
        ("dfn:emory", []),
        ("patchid:0123456789abcdef", [1]),
        ("patchid:012345", [1]),
        ("mid:one@example.org", [1]),
        ("mid:<one@example.org>", [1]),
        ("mid:t*", [3, 2]),
        ("mid:other@example.org", [3]),
        ("mid:ghost@example.org", []),
        ("cites:09854ba94c6a", [1]),
        ("cites:09854ba", [1]),
        ("cites:09854ba94c6af7717e0c8c8a8a0b2d5a0f6a7b8c", [1]),
        ("cites:<one@example.org>", [3]),
        ("cites:CVE-2020-1", []),
        ("reviewed-by:bo", [2]),
        ("Reviewed-by:bo", []),
        ("fixes:09854ba94c6a", [1]),
        ("acked-by:bo", []),
        ("f:hugh OR cow", [5, 4, 2, 1]),
        ("f:hugh cow", [1]),
        ("cow -f:hugh", [5, 4, 2]),
        ("cow d:2020-08", [2, 1]),
        ("cow (f:hugh OR d:2020-09)", [5, 1]),
        ("-(cow f:hugh)", [5, 4, 3, 2]),
        ("NEAR(cow page)", []),
        ("own : cow", []),
        ("50%", [3]),
    ],
)
def test_what_is_found_newest_first(found, query: str, rows: list[int]) -> None:
    assert found(query) == rows
    assert list(matching(found.conn, query, now=NOW)) == rows


@pytest.mark.parametrize(
    ("query", "line", "where", "marked"),
    [
        ("page_count", "The page_count of a COW page.", "own", ["page_count"]),
        ("memory.c do_wp_page", "See do_wp_page() in mm/memory.c", "own",
         ["do_wp_page", "memory.c"]),
        ("s:simplification", "[PATCH 1/2] mm: do_wp_page() simplification", "subject",
         ["simplification"]),
        ("f:hugh", "", "", []),
        ("cow -fork", "The page_count of a COW page.", "own", ["COW"]),
    ],
)  # fmt: skip
def test_the_line_that_shows_why(found, query: str, line: str, where: str, marked) -> None:
    hit = found(query, whole=True).hits[-1]
    assert (hit.line, hit.where) == (line, where)
    assert [hit.line[start:stop] for start, stop in hit.marks] == marked


def test_own_words_are_shown_before_quoted_ones(found) -> None:
    hits = found("page_count OR fork", whole=True).hits
    assert hits[0].line == "Forks happen; forking is fine."
    assert [hits[0].line[start:stop] for start, stop in hits[0].marks] == ["Forks", "forking"]
    assert found("page_count", whole=True).hits[0].where == "quoted"


def test_a_long_line_is_cut_around_its_match(builder) -> None:
    builder.mail("a@example.org", "x " * 5000 + "needle" + " y" * 5000 + "\n")
    (hit,) = search(builder.conn, "needle").hits
    assert len(hit.line) == search_module.LINE_LENGTH
    assert [hit.line[start:stop] for start, stop in hit.marks] == ["needle"]


def test_a_limit_says_whether_there_is_more(found) -> None:
    result = found("cow", whole=True, limit=3)
    assert [hit.message.id for hit in result.hits] == [5, 4, 2]
    assert result.more
    assert not found("cow", whole=True, limit=4).more


def test_ranked_search_prefers_subject_and_own_words(found) -> None:
    result = found("cow", whole=True, order="rank")
    assert result.hits[0].message.id == 5
    scores = [hit.score for hit in result.hits]
    assert scores == sorted(scores, reverse=True)
    assert not result.bounded
    order = [hit.message.id for hit in found("page_count", whole=True, order="rank").hits]
    assert order == [1, 2]


def test_ranked_search_with_conditions_scores_what_meets_them(found) -> None:
    assert found("cow f:hugh", order="rank") == [1]
    assert found("cow d:2020-09", order="rank") == [5]
    assert sorted(found("cow -f:hugh", order="rank")) == [2, 4, 5]
    assert found("f:example.org", order="rank") == [5, 3, 1]


def test_ranked_search_is_bounded_and_says_so(builder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_module, "RANKED", 3)
    builder.mail("best@example.org", "cow\n", subject="cow")
    for number in range(4):
        builder.mail(f"{number}@example.org", "a cow among many other words\n")
    bounded = search(builder.conn, "cow", order="rank")
    assert bounded.bounded
    assert {hit.message.id for hit in bounded.hits} == {3, 4, 5}
    exact = search(builder.conn, "cow", order="rank", exact=True)
    assert not exact.bounded
    assert exact.hits[0].message.message_id == "best@example.org"
    assert len(exact.hits) == 5


def test_a_common_condition_gives_what_a_rare_one_gives(
    found, monkeypatch: pytest.MonkeyPatch
) -> None:
    queries = ["f:example.org", "cow f:example.org", "reviewed-by:bo page", "mid:t* page", "d:2020"]
    usual = [found(query) for query in queries]
    monkeypatch.setattr(search_sql, "SMALL", 0)
    assert [found(query) for query in queries] == usual


def test_errors_come_before_the_first_hit(found) -> None:
    with pytest.raises(QueryError):
        matching(found.conn, "(")


def test_searching_while_reading_hits(found) -> None:
    hits = matching(found.conn, "cow", now=NOW)
    assert next(hits) == 5
    assert found("naive") == [3]
    assert list(hits) == [4, 2, 1]


# -- every tree finds what reading all mails would find ---------------------------------

VOCABULARY = ("ant", "bee", "cat", "do_x", "elk")
TEXTS = st.lists(
    st.tuples(
        st.lists(st.sampled_from(VOCABULARY), max_size=3),  # subject
        st.lists(st.sampled_from(VOCABULARY), max_size=4),  # own
        st.lists(st.sampled_from(VOCABULARY), max_size=3),  # quoted
        st.sampled_from([None, "ann@example.org", "bo@example.org"]),
        st.sampled_from([None, "2020-01-05T00:00:00Z", "2020-02-05T00:00:00Z"]),
    ),
    min_size=1,
    max_size=6,
)
COLUMNS = st.sampled_from(["", "s:", "b:", "nq:", "q:"])
LEAVES = st.one_of(
    st.builds(lambda column, word: column + word, COLUMNS, st.sampled_from(VOCABULARY)),
    st.builds(
        lambda column, one, two: f'{column}"{one} {two}"',
        COLUMNS, st.sampled_from(VOCABULARY), st.sampled_from(VOCABULARY),
    ),
    st.sampled_from(["f:ann", "f:example.org", "d:2020-01", "d:2020-02..", "d:..2020-01"]),
)  # fmt: skip
QUERIES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.builds("({} {})".format, inner, inner),
        st.builds("({} OR {})".format, inner, inner),
        st.builds("NOT {}".format, inner),
    ),
    max_leaves=7,
)


def holds(node: Node, mail: Any) -> bool:
    subject, own, quoted, sender, date = mail
    if isinstance(node, And):
        return all(holds(item, mail) for item in node.items)
    if isinstance(node, Or):
        return any(holds(item, mail) for item in node.items)
    if isinstance(node, Not):
        return not holds(node.item, mail)
    if isinstance(node, Period):
        return date is not None and (node.start or "") <= date < (node.stop or "9")
    if isinstance(node, Field):
        return sender is not None and node.value in sender
    assert isinstance(node, Text)
    columns = {"subject": subject, "own": own, "quoted": quoted}
    wanted = node.words.split()
    return any(
        columns[name][at : at + len(wanted)] == wanted
        for name in node.columns or tuple(columns)
        for at in range(len(columns[name]))
    )


@given(TEXTS, st.lists(QUERIES, min_size=1, max_size=8), st.booleans())
def test_search_agrees_with_reading_every_mail(
    builder_class: Any, mails: Any, queries: list[str], small: bool
) -> None:
    from threadkit.store.search_syntax import parse

    builder = builder_class.in_memory()
    with closing(builder.conn), pytest.MonkeyPatch.context() as patch:
        patch.setattr(search_sql, "SMALL", 2000 if small else 0)
        for row, (subject, own, quoted, sender, date) in enumerate(mails, start=1):
            text = " ".join(own) + "\n> " + " ".join(quoted) + "\n"
            builder.mail(
                f"{row}@example.org", text, subject=" ".join(subject), date=date,
                sender=("", sender) if sender else None,
            )  # fmt: skip
        for query in queries:
            tree = parse(query, NOW)
            wanted = [row for row, mail in enumerate(mails, start=1) if holds(tree, mail)][::-1]
            assert [hit.message.id for hit in search(builder.conn, query).hits] == wanted
            ranked = search(builder.conn, query, order="rank").hits
            assert sorted(hit.message.id for hit in ranked) == sorted(wanted)


PIECES = st.sampled_from(
    [
        "a", "OR", "AND", "NOT", "(", ")", "-", "+", '"', "s:", "f:x", "d:2020", "d:..2020", "*",
        "x*", "s:(", '"a b"', "NEAR(a b, 2)", "^a", "{own}", "own:", "a:b", "\\", "'", "%", "_",
        "mid:%", "cites:0123456", "dfn:/", "l:x", "t:'", "n:\"", "reviewed-by:x", "\x00", "\ufffe",
        "\U0001f404", "rt:2020", "person:*", "patchid:z", "x\x00y",
    ]
)  # fmt: skip


@given(st.lists(PIECES, max_size=10).map(" ".join) | st.text(max_size=60), st.booleans())
def test_no_query_makes_sqlite_complain(found, query: str, ranked: bool) -> None:
    try:
        found(query, order="rank" if ranked else "new")
    except QueryError as error:
        assert error.why  # noqa: PT017 - either outcome is right, any other error is not


@pytest.mark.parametrize("shape", ["(a OR (b ", "(-a (b OR ", "s:(a -(b "])
def test_the_deepest_query_that_parses_can_be_run(found, shape: str) -> None:
    depth = 12 // 2
    found(shape * depth + "c" + ")" * (2 * depth))


def test_the_longest_query_that_parses_can_be_run(found) -> None:
    assert found(" OR ".join(f"word{n}" for n in range(99)) + " OR cow") == [5, 4, 2, 1]
    assert found(" ".join(f"-word{n}" for n in range(99)) + " cow") == [5, 4, 2, 1]
    assert found(" ".join(f"-f:word{n}" for n in range(99)) + " cow") == [5, 4, 2, 1]
