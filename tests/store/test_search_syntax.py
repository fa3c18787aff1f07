"""The language of searches: what each form means, and errors that say what is wrong."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threadkit.errors import QueryError
from threadkit.store.search_dates import span
from threadkit.store.search_syntax import (
    DATE_PREFIXES,
    FIELD_PREFIXES,
    MAX_DEPTH,
    MAX_TERMS,
    TEXT_PREFIXES,
    And,
    Field,
    Not,
    Or,
    Period,
    Text,
    parse,
)

NOW = datetime(2020, 9, 1, 12, 30, tzinfo=UTC)  # a Tuesday


def word(text: str, *columns: str, prefix: bool = False) -> Text:
    return Text(text, columns, prefix)


A, B, C = word("a"), word("b"), word("c")


@pytest.mark.parametrize(
    ("query", "tree"),
    [
        ("a", A),
        ("  a\tb\n", And((A, B))),
        ("a AND b", And((A, B))),
        ("a OR b c", Or((A, And((B, C))))),
        ("(a OR b) c", And((Or((A, B)), C))),
        ("a NOT b", And((A, Not(B)))),
        ("a AND NOT b", And((A, Not(B)))),
        ("a -b", And((A, Not(B)))),
        ("a +b", And((A, B))),
        ("-(a b)", Not(And((A, B)))),
        ("NOT NOT a", A),
        ("NOT -a", A),
        ('"a b"', word("a b")),
        ('"a b"*', word("a b", prefix=True)),
        ('"a b*"', word("a b", prefix=True)),
        ("unsh*", word("unsh", prefix=True)),
        ('-"a b"', Not(word("a b"))),
        ("page_count", word("page_count")),
        ("do_wp_page()", word("do_wp_page()")),
        ("(do_wp_page() OR a)", Or((word("do_wp_page()"), A))),
        ("fork(a, b)", And((word("fork(a,"), word("b)")))),
        ("mm/memory.c", word("mm/memory.c")),
        ("mm: fix", And((word("mm:"), word("fix")))),
        ("https://example.org/x", word("https://example.org/x")),
        ("--oneline", word("--oneline")),
        ("a - b", And((A, B))),
        ("a -> b", And((A, B))),
        ("a () b", And((A, B))),
        ("and or not", And((word("and"), word("or"), word("not")))),
        ("ORDER", word("ORDER")),
        ("s:a", word("a", "subject")),
        ("b:a", word("a", "own", "quoted")),
        ("nq:a", word("a", "own")),
        ("q:a", word("a", "quoted")),
        ("bs:a", word("a", "subject", "own", "quoted")),
        ('s:"a b"', word("a b", "subject")),
        ("s:(a OR b)", Or((word("a", "subject"), word("b", "subject")))),
        ("-s:a", Not(word("a", "subject"))),
        ("S:a", word("S:a")),
        ("f:hugh", Field("f", "hugh", False)),
        ('f:"Hugh Dickins"', Field("f", "Hugh Dickins", False)),
        ("t:linux-mm*", Field("t", "linux-mm", True)),
        ("f:(ann OR bo)", Or((Field("f", "ann", False), Field("f", "bo", False)))),
        ("mid:<a@example.org>", Field("mid", "<a@example.org>", False)),
        ("m:a@example.org", Field("mid", "a@example.org", False)),
        ("dfn:mm/memory.c", Field("dfn", "mm/memory.c", False)),
        ("reviewed-by:ann", Field("reviewed-by", "ann", False)),
        ("reported-and-tested-by:ann", Field("reported-and-tested-by", "ann", False)),
        ("fixes:09854ba94c6a", Field("fixes", "09854ba94c6a", False)),
        ("\N{CYRILLIC SMALL LETTER ZHE}", word("\N{CYRILLIC SMALL LETTER ZHE}")),
        ("a\x00b", word("a b")),
    ],
)
def test_what_a_query_means(query: str, tree: object) -> None:
    assert parse(query, NOW) == tree


@pytest.mark.parametrize(
    ("query", "why", "position"),
    [
        ("", "nothing to search for", 0),
        ("  ", "nothing to search for", 0),
        ("-> ()", "nothing to search for", 0),
        ('a "b', "quote is never closed", 2),
        ("a (b", "never closed", 2),
        ("a) b", "none open", 1),
        ("OR a", "OR needs something before", 0),
        ("a OR", "OR needs something after", 2),
        ("(a OR) b", "OR needs something after", 3),
        ("AND a", "AND needs something before", 0),
        ("a AND", "AND needs something after", 2),
        ("a NOT", "NOT needs something after", 2),
        ("f:", "needs a value", 0),
        ("a f: b", "needs a value", 2),
        ('s:""', "needs a value", 0),
        ("f:*", "needs a value", 0),
        ("d:", "needs a value", 0),
        ("d:..", "needs a date", 0),
        ("a d:soon", "needs dates such as", 2),
        ("d:2020-13", "month must be in", 0),
        ("d:2020-09..2020-08", "ends before", 0),
        ("d:2020-02-30", "day", 0),
        ("d:999999.years.ago..", "range", 0),
        ("d:999999.weeks.ago..", "range", 0),
        ("d:2.moons.ago..", "not a unit", 0),
        ("d:some.days.ago..", "not a number", 0),
        ('a f:"\x01"', "needs a value", 2),
        ("a \ud800", "not Unicode", 2),
        ("(" * (MAX_DEPTH + 1) + "a", "too deeply", MAX_DEPTH),
        ("a " * (MAX_TERMS + 1), "more than", 2 * MAX_TERMS),
        ("a" * 20_000, "longer than", None),
    ],
)
def test_what_is_wrong_and_where(query: str, why: str, position: int | None) -> None:
    with pytest.raises(QueryError, match=why) as caught:
        parse(query, NOW)
    assert caught.value.position == position
    assert caught.value.query == query


@pytest.mark.parametrize(
    ("value", "start", "stop"),
    [
        ("2020", "2020-01-01T00:00:00Z", "2021-01-01T00:00:00Z"),
        ("2020-02", "2020-02-01T00:00:00Z", "2020-03-01T00:00:00Z"),
        ("2020-12", "2020-12-01T00:00:00Z", "2021-01-01T00:00:00Z"),
        ("20200831", "2020-08-31T00:00:00Z", "2020-09-01T00:00:00Z"),
        ("2020-08..2020-09", "2020-08-01T00:00:00Z", "2020-10-01T00:00:00Z"),
        ("20200801..", "2020-08-01T00:00:00Z", None),
        ("..2020-09-01", None, "2020-09-02T00:00:00Z"),
        ("20200831143000..", "2020-08-31T14:30:00Z", None),
        ("2020-08-31T14:30", "2020-08-31T14:30:00Z", "2020-08-31T14:31:00Z"),
        ("last.week..", "2020-08-25T12:30:00Z", None),
        ("2.weeks.ago..", "2020-08-18T12:30:00Z", None),
        ("..2.days.ago", None, "2020-08-30T12:30:00Z"),
        ("2.weeks.ago..last.week", "2020-08-18T12:30:00Z", "2020-08-25T12:30:00Z"),
        ("2.days.ago", "2020-08-30T00:00:00Z", "2020-08-31T00:00:00Z"),
        ("yesterday", "2020-08-31T00:00:00Z", "2020-09-01T00:00:00Z"),
        ("today..", "2020-09-01T00:00:00Z", None),
        ("9999", "9999-01-01T00:00:00Z", None),
        ("9999-12", "9999-12-01T00:00:00Z", None),
        ("9999-12-31", "9999-12-31T00:00:00Z", None),
        ('"2 weeks ago.."', "2020-08-18T12:30:00Z", None),
    ],
)
def test_dates(value: str, start: str | None, stop: str | None) -> None:
    assert parse(f"d:{value}", NOW) == Period("date_utc", start, stop)
    assert parse(f"rt:{value}", NOW) == Period("received_utc", start, stop)


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("now", "2020-09-01T12:30:00"),
        ("ten.minutes.ago", "2020-09-01T12:20:00"),
        ("an.hour.ago", "2020-09-01T11:30:00"),
        ("last month", "2020-08-01T12:30:00"),
        ("3_months_ago", "2020-06-01T12:30:00"),
        ("last.year", "2019-09-01T12:30:00"),
        ("tuesday", "2020-08-25T00:00:00"),
        ("last.mon", "2020-08-31T00:00:00"),
        ("august", "2020-08-01T00:00:00"),
        ("september", "2020-09-01T00:00:00"),
        ("oct", "2019-10-01T00:00:00"),
        ("31.aug", "2020-08-31T00:00:00"),
        ("aug.31.2019", "2019-08-31T00:00:00"),
        ("march 2020", "2020-03-01T00:00:00"),
    ],
)
def test_dates_in_words(text: str, start: str) -> None:
    assert span(text, NOW)[0] == datetime.fromisoformat(start).replace(tzinfo=UTC)


def test_a_month_before_the_31st_of_march_is_the_end_of_february() -> None:
    moment = datetime(2020, 3, 31, tzinfo=UTC)
    assert span("last.month", moment)[0] == datetime(2020, 2, 29, tzinfo=UTC)


@pytest.mark.parametrize(
    "text", ["", "x", "ma", "1", "12 12 aug", "aug aug", "ago", "0000", "last"]
)
def test_what_is_no_date(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        span(text, NOW)


@given(st.datetimes(datetime(1, 1, 1), datetime(9999, 12, 30), timezones=st.just(UTC)))  # noqa: DTZ001
def test_the_day_of_a_moment_holds_it(moment: datetime) -> None:
    start, stop = span(moment.strftime("%Y-%m-%d").rjust(10, "0"), NOW)
    assert stop is not None
    assert start <= moment < stop
    assert stop - start == timedelta(days=1)


WORDS = st.sampled_from(
    [
        "a", "b", "OR", "AND", "NOT", "(", ")", "-", "+", '"', "s:a", "f:x", "d:2020", "d:..2020",
        "*", "x*", "s:(", '"a b"', "NEAR", "^a", "{a}", "a:b", "\\", "'", "%", "_",
    ]
)  # fmt: skip
QUERIES = st.lists(WORDS, max_size=12).map(" ".join) | st.text(max_size=80)


@given(QUERIES)
def test_any_text_is_a_query_or_a_query_error(query: str) -> None:
    try:
        parse(query, NOW)
    except QueryError as error:
        position = error.position or 0
    else:
        position = 0
    assert 0 <= position <= len(query)


@given(st.text(alphabet='abc_:()"*- \n', max_size=40))
def test_a_phrase_in_quotes_is_text_whatever_is_in_it(text: str) -> None:
    text = text.replace('"', "")
    quoted = f'"{text}" and'
    found = parse(quoted, NOW)
    words = found.items[0] if isinstance(found, And) else None
    plain = " ".join(text.removesuffix("*").split())
    if any(char in "abc_" for char in plain):
        assert words == Text(plain, (), text.endswith("*"))
    else:
        assert words is None


PHRASES = st.text("ab_ ()-:\u00e9", min_size=1, max_size=8).map(lambda text: f"w{text}".strip())
LEAVES = (
    st.builds(
        Text, PHRASES, st.sampled_from([(), *TEXT_PREFIXES.values()]),
        st.booleans(),
    )
    | st.builds(Field, st.sampled_from(sorted(FIELD_PREFIXES - {"m"})), PHRASES, st.booleans())
    | st.builds(
        lambda column, day, days: Period(
            column, f"{day}T00:00:00Z", f"{day + timedelta(days=days)}T00:00:00Z"
        ),
        st.sampled_from(sorted(DATE_PREFIXES.values())),
        st.dates(date(1990, 1, 1), date(2030, 1, 1)),
        st.integers(1, 400),
    )
)  # fmt: skip
TREES = st.recursive(
    LEAVES,
    lambda items: (
        st.builds(Not, items)
        | st.lists(items, min_size=2, max_size=3).map(lambda some: And(tuple(some)))
        | st.lists(items, min_size=2, max_size=3).map(lambda some: Or(tuple(some)))
    ),
    max_leaves=8,
)


def written(node: object) -> str:
    """Write a tree as a person could type it."""
    if isinstance(node, And | Or):
        joint = " AND " if isinstance(node, And) else " OR "
        return "(" + joint.join(map(written, node.items)) + ")"
    if isinstance(node, Not):
        return f"NOT ({written(node.item)})"
    if isinstance(node, Period):
        (name,) = (name for name, column in DATE_PREFIXES.items() if column == node.column)
        last = date.fromisoformat(str(node.stop)[:10]) - timedelta(days=1)
        return f"{name}:{str(node.start)[:10]}..{last}"
    star = "*" if node.prefix else ""
    if isinstance(node, Field):
        return f'{node.name}:"{node.value}"{star}'
    names = [name for name, columns in TEXT_PREFIXES.items() if columns == node.columns]
    return "".join(f"{name}:" for name in names) + f'"{node.words}"{star}'


def collapsed(node: object) -> object:
    """White space within a phrase is one blank, whatever was typed."""
    if isinstance(node, And | Or):
        return type(node)(tuple(map(collapsed, node.items)))
    if isinstance(node, Not):
        return Not(collapsed(node.item))
    if isinstance(node, Text):
        return Text(" ".join(node.words.split()), node.columns, node.prefix)
    if isinstance(node, Field):
        return Field(node.name, " ".join(node.value.split()), node.prefix)
    return node


@given(TREES)
def test_a_tree_that_is_written_out_is_read_back(tree: object) -> None:
    assert parse(written(tree), NOW) == collapsed(tree)
