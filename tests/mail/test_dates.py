"""Date for display, Received for order, defects for nonsense."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime, mktime_tz, parsedate_tz

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threadkit.mail.dates import moment, received, sent
from threadkit.mail.values import Defect


@pytest.mark.parametrize(
    ("value", "utc", "offset", "kinds"),
    [
        ("Tue, 1 Sep 2020 19:05:12 -0700", "2020-09-02T02:05:12Z", -420, []),
        ("Tue, 01 Sep 2020 19:05:12 +0000 (UTC)", "2020-09-01T19:05:12Z", 0, []),
        ("1 Sep 2020 19:05:12 +0530", "2020-09-01T13:35:12Z", 330, []),
        ("Tue, 1 Sep 2020 19:05 +0200", "2020-09-01T17:05:00Z", 120, []),
        ("Tue,1 Sep 2020 19:05:12 +02:00", "2020-09-01T17:05:12Z", 120, []),
        ("Tue, 1 Sep 2020 19:05:12 -0000", "2020-09-01T19:05:12Z", None, []),
        ("Tue, 1 Sep 2020 19:05:12 GMT", "2020-09-01T19:05:12Z", 0, []),
        ("Tue, 1 Sep 2020 19:05:12 PDT", "2020-09-02T02:05:12Z", -420, []),
        ("Tue, 1 Sep 2020 19:05:12 CEST", "2020-09-01T17:05:12Z", 120, []),
        ("Tue Sep  1 19:05:12 2020", "2020-09-01T19:05:12Z", None, ["date-zone-missing"]),
        ("Tue Sep  1 19:05:12 EDT 2020", "2020-09-01T23:05:12Z", -240, []),
        ("Tue Sep  1 19:05:12 2020 +0200", "2020-09-01T17:05:12Z", 120, []),
        ("2020-09-01 19:05:12 +0200", "2020-09-01T17:05:12Z", 120, []),
        ("2020-09-01T19:05:12Z", "2020-09-01T19:05:12Z", 0, []),
        ("2020-09-01T19:05:12.123+02:00", "2020-09-01T17:05:12Z", 120, []),
        ("Tue, 1 Sep 2020 7:05:12 PM +0200", "2020-09-01T17:05:12Z", 120, []),
        ("Sat, 31 Dec 2016 23:59:60 +0000", "2016-12-31T23:59:59Z", 0, []),
        ("Tue, 1 Sep 2020 19:05:12 FOO", "2020-09-01T19:05:12Z", None, ["date-zone-unknown"]),
        ("Tue, 1 Sep 2020 19:05:12 +2359", "2020-08-31T19:06:12Z", 1439, []),
        ("Tue, 1 Sep 2020 19:05:12 +2400", "2020-09-01T19:05:12Z", None, ["date-zone-malformed"]),
        ("Tue, 1 Sep 2020 19:05:12 -9900", "2020-09-01T19:05:12Z", None, ["date-zone-malformed"]),
        ("Tue, 1 Sep 2020 19:05:12 +0560", "2020-09-01T19:05:12Z", None, ["date-zone-malformed"]),
        ("Tue, 1 Sep 2020 19:05:12 +-100", "2020-09-01T19:05:12Z", None, ["date-zone-malformed"]),
        ("Tue, 1 Sep 2020 19:05:12", "2020-09-01T19:05:12Z", None, ["date-zone-missing"]),
        ("Mon, 1 Sep 03 19:05:12 +0000", "2003-09-01T19:05:12Z", 0, ["date-obsolete"]),
        ("Wed, 1 Sep 99 19:05:12 +0000", "1999-09-01T19:05:12Z", 0, ["date-obsolete"]),
        ("Fri, 1 Sep 100 19:05:12 +0000", "2000-09-01T19:05:12Z", 0, ["date-obsolete"]),
        ("Thu, 1 Jan 1970 00:00:00 +0000", "1970-01-01T00:00:00Z", 0, ["date-implausible"]),
        ("Fri, 1 Jan 2100 00:00:00 +0000", "2100-01-01T00:00:00Z", 0, ["date-implausible"]),
        ("Di, 1 Sept 2020 19.05.12 +0200", "2020-09-01T17:05:12Z", 120, []),
        ("=?utf-8?q?Tue=2C_1_Sep_2020_19=3A05=3A12_+0000?=", "2020-09-01T19:05:12Z", 0, []),
        ("??, 27 6 2001 15:23:36", "2001-06-27T15:23:36Z", None, ["date-zone-missing"]),
        ("2020 Sep 01 19:05:12 +0000", "2020-09-01T19:05:12Z", 0, []),
        ("1 Sep 2020 19:05:12 + 0200", "2020-09-01T17:05:12Z", 120, []),
        ("Tue, 1 Sep 2020 19:05:12 - 0000", "2020-09-01T19:05:12Z", None, []),
        ("Tue, 1 Sep 2020 12:05:12 AM +0000", "2020-09-01T00:05:12Z", 0, []),
        ("Tue, 1 Sep 2020 12:05:12 pm +0000", "2020-09-01T12:05:12Z", 0, []),
        ("Thu, 1 Sep 49 19:05:12 +0000", "2049-09-01T19:05:12Z", 0, ["date-obsolete"]),
        ("Thu, 1 Sep 50 19:05:12 +0000", "1950-09-01T19:05:12Z", 0, ["date-obsolete", "date-implausible"]),
        ("Mon, 31 Dec 1979 23:59:59 +0000", "1979-12-31T23:59:59Z", 0, ["date-implausible"]),
        ("Tue, 1 Jan 1980 00:00:00 +0000", "1980-01-01T00:00:00Z", 0, []),
        ("Tue 19:05:12 Sep 1 2020", "2020-09-01T19:05:12Z", None, ["date-zone-missing"]),
        ("19:05:12 +0000 Tue", None, None, ["date-malformed"]),
        ("", None, None, ["date-missing"]),
        ("bogus", None, None, ["date-malformed"]),
        ("Tue, 41 Sep 2020 19:05:12 +0000", None, None, ["date-malformed"]),
        ("Tue, 1 Sep 2020 25:05:12 +0000", None, None, ["date-malformed"]),
        ("Tue, 1 Sep 0000 19:05:12 +0000", None, None, ["date-malformed"]),
        ("Mon, 1 Jan 0001 00:00:00 +0100", "0001-01-01T00:00:00Z", None, ["date-zone-malformed", "date-implausible"]),
        ("12:30:00", None, None, ["date-malformed"]),
        ("\xc4\xe3, \xba\xc3", None, None, ["date-malformed"]),
    ],
)  # fmt: skip
def test_sent(value: str, utc: str | None, offset: int | None, kinds: list[str]) -> None:
    defects: list[Defect] = []
    assert sent([f" {value}"], defects) == (utc, offset)
    assert [defect.kind for defect in defects] == kinds


def test_the_first_date_that_can_be_read_counts() -> None:
    defects: list[Defect] = []
    assert sent([" bogus", " Tue, 1 Sep 2020 19:05:12 +0000"], defects) == (
        "2020-09-01T19:05:12Z",
        0,
    )
    assert [defect.kind for defect in defects] == ["date-malformed"]


HOP = " from a by b with SMTP id 7;\n\tTue, 1 Sep 2020 19:05:12 +0200 (CEST)"
OLD = " from a by b; Thu, 1 Jan 1970 00:00:00 +0000"
FAR = " from a by b; Fri, 1 Jan 2038 00:00:00 +0000"


@pytest.mark.parametrize(
    ("hops", "date", "utc", "kinds"),
    [
        ([HOP], None, "2020-09-01T17:05:12Z", []),
        ([OLD, HOP], "2020-09-01T17:00:00Z", "2020-09-01T17:05:12Z", []),
        ([HOP], "2010-01-01T00:00:00Z", "2020-09-01T17:05:12Z", []),
        ([HOP], "2009-12-31T00:00:00Z", "2020-09-01T17:05:12Z", ["date-implausible"]),
        ([" no semicolon", " rubbish; rubbish", HOP], None, "2020-09-01T17:05:12Z", []),
        ([FAR, HOP], "2020-09-01T17:00:00Z", "2020-09-01T17:05:12Z", []),
        ([FAR, HOP], "1970-01-01T00:00:00Z", "2038-01-01T00:00:00Z", []),
        ([FAR], "2020-09-01T17:00:00Z", "2038-01-01T00:00:00Z", ["date-implausible"]),
        ([OLD, " x"], None, None, ["received-malformed"]),
        ([], None, None, []),
    ],
)
def test_received(hops: list[str], date: str | None, utc: str | None, kinds: list[str]) -> None:
    defects: list[Defect] = []
    assert received(hops, date, defects) == utc
    assert [defect.kind for defect in defects] == kinds


WHEN = st.datetimes(datetime(1981, 1, 1), datetime(2098, 1, 1))  # noqa: DTZ001
OFFSET = st.integers(-14 * 60, 14 * 60)


@given(WHEN, OFFSET)
def test_what_the_standard_library_writes_is_read_back(naive: datetime, offset: int) -> None:
    when = naive.replace(microsecond=0, tzinfo=timezone(timedelta(minutes=offset)))
    defects: list[Defect] = []
    utc, found = sent([format_datetime(when)], defects)
    assert utc == when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert found == (offset or (0 if "+0000" in format_datetime(when) else None))
    assert defects == []


@given(WHEN, OFFSET)
def test_the_fast_and_the_lenient_reader_agree(naive: datetime, offset: int) -> None:
    when = naive.replace(microsecond=0, tzinfo=timezone(timedelta(minutes=offset)))
    quick = format_datetime(when)
    slow = quick.replace(" ", "  ").replace(f" {when.year} ", f"-{when.year} ")
    first, second = moment(quick), moment(slow)
    assert first is not None
    assert second is not None
    assert (first.utc, first.offset_min or 0) == (second.utc, second.offset_min or 0)


@given(st.text("0123456789:+-. ,TZaJnSepGMT()", max_size=40))
def test_any_text_is_a_time_or_none(text: str) -> None:
    found = moment(text)
    if found is not None:
        datetime.strptime(found.utc, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)


@given(st.integers(1, 28), st.sampled_from(["Jan", "Jun", "Dec"]), st.integers(1990, 2030))
def test_plain_forms_equal_the_standard_library(day: int, month: str, year: int) -> None:
    for text in (f"{day} {month} {year} 10:11:12 EST", f"Mon, {day} {month} {year} 10:11 +0130"):
        parsed = parsedate_tz(text)
        found = moment(text)
        assert parsed is not None
        assert found is not None
        seconds = mktime_tz(parsed)
        assert found.utc == datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
