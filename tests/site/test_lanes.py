"""Lanes: places on the scale, silence in words, dots that share a place."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.site.example_site import bare_site, example_site
from threadkit.site.lanes import Scale, Timeline, lanes
from threadkit.site.render import environment
from threadkit.site.values import Mail, Person, Site

DAY = 86400.0


def _site(*days: float, colours: int = 1) -> Site:
    start = datetime(2025, 1, 1, tzinfo=UTC)
    people = {
        f"p{n}": Person(f"p{n}", f"Person {n}", n + 1 if n < colours else 0) for n in range(3)
    }
    mails = [
        Mail(
            f"{n}@example.org",
            f"{n}@example.org",
            f"p{n % 3}",
            (start + timedelta(days=day)).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "subject",
            None,
            n,
        )
        for n, day in enumerate(days)
    ]
    return replace(bare_site(), mails=mails, people=people)


def test_silence_of_ten_days_cuts_the_scale_and_is_told() -> None:
    drawn = lanes(_site(0, 1, 2, 40, 41, 400))
    assert drawn is not None
    assert len(drawn.parts) == 3
    assert [one.words for one in drawn.gaps] == ["⋯ 38 days ⋯", "⋯ 12 months ⋯"]
    assert drawn.words == (
        "1 Jan 2025 \N{EN DASH} 5 Feb 2026; nothing for 38 days after 3 Jan 2025, 12 months after 11 Feb 2025"
    )


def test_nine_days_do_not_cut() -> None:
    drawn = lanes(_site(0, 9, 18))
    assert drawn is not None
    assert drawn.parts == ((0.0, 100.0),)
    assert drawn.gaps == ()


def test_the_width_of_a_part_is_half_messages_half_days() -> None:
    # 3 of 4 mails and 2 of 2.5 days (one mail alone counts for half a day)
    scale = Scale([0, DAY, 2 * DAY, 90 * DAY])
    (left, right), last = scale.parts
    room = 100 - (last[0] - right)
    assert abs((right - left) / room - (3 / 4 + 2 / 2.5) / 2) < 1e-9


def test_people_without_a_colour_share_a_lane() -> None:
    drawn = lanes(_site(0, 1, 2, 3, 4, 5))
    assert drawn is not None
    assert [(row.title, row.messages) for row in drawn.rows] == [("Person 0", 2), ("2 others", 4)]


def test_mails_at_one_moment_share_a_dot_that_counts_them() -> None:
    drawn = lanes(_site(0, 0, 0, 0, 5))
    assert drawn is not None
    first = drawn.rows[0].dots[0]
    assert first.title == "2 messages, 1 Jan 2025"
    assert first.page == "m/0@example.org.html"


def test_ten_thousand_mails_make_no_more_dots_than_asked_for() -> None:
    drawn = lanes(_site(*(n / 50 for n in range(10_000)), colours=3), most=150)
    assert drawn is not None
    assert 50 < sum(len(row.dots) for row in drawn.rows) <= 160
    assert sum(row.messages for row in drawn.rows) == 10_000


def test_one_person_is_drawn_on_the_scale_of_all() -> None:
    site = _site(0, 1, 2, 40, 41, 42)
    everybody, one = lanes(site), Timeline(site).person("p0")
    assert everybody is not None
    assert one is not None
    assert one.parts == everybody.parts
    assert one.rows[0].dots == everybody.rows[0].dots
    assert Timeline(site).person("nobody") is None


def test_a_site_without_dates_has_no_lanes() -> None:
    mails = [replace(mail, utc=None) for mail in bare_site().mails]
    assert lanes(replace(bare_site(), mails=mails)) is None


def test_mails_beside_the_thread_and_ghosts_have_no_dot() -> None:
    drawn = lanes(example_site())
    assert drawn is not None
    pages = {dot.page for row in drawn.rows for dot in row.dots}
    assert "m/older@example.org.html" not in pages
    assert not any("2024" in one.words for one in drawn.dates)


def test_dots_that_make_claims_are_big() -> None:
    drawn = lanes(example_site())
    assert drawn is not None
    dots = {dot.page: dot.big for row in drawn.rows for dot in row.dots}
    assert dots["m/doubt@example.org.html"] is True
    assert dots["m/loose@example.org.html"] is False


def test_names_are_escaped_and_dots_are_no_stops_of_the_keyboard() -> None:
    site = _site(0, 1)
    people = {**site.people, "p0": Person("p0", '<b>"\u202e', 1)}
    template = environment().from_string(
        '{% import "macros.html" as m %}{% import "lanes.html" as l with context %}'
        "{{ l.lanes(drawn) }}"
    )
    drawn = lanes(replace(site, people=people))
    html = template.render(root="../", drawn=drawn)
    assert "<b>" not in html
    assert "&lt;b&gt;&#34;&lt;U+202E&gt;" in html
    assert html.count('tabindex="-1"') == 2
    assert " style=" not in html


@given(st.lists(st.floats(0, 3e9), min_size=1, max_size=40))
def test_places_are_inside_and_in_the_order_of_time(moments: list[float]) -> None:
    scale = Scale(moments)
    places = [scale.place(moment) for moment in sorted(moments)]
    assert all(0 <= place <= 100 for place in places)
    assert places == sorted(places)
    assert abs(scale.parts[-1][1] - 100) < 1e-6
    assert len(scale.parts) <= 8
