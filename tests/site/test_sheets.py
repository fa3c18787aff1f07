"""Long mails on several pages: every line on one, none too large, every anchor somewhere."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from threadkit.site.body import Line
from threadkit.site.sheets import BUDGET, Sheet, sheets
from threadkit.site.values import LINES, Mail

MAIL = Mail("a@example.org", "a@example.org", "", None, "", None)


def _sheets(lines: list[Line]) -> list[Sheet]:
    return list(sheets(MAIL, iter(lines)))


def _leads(found: list[Sheet], number: int) -> bool:
    """Say whether the page that a link to a line names shows it, or tells where it is."""
    path = MAIL.at(number).partition("#")[0]
    page = next(one for one in found if one.path == path)
    shown = {line.number for line in page.lines}
    return number in shown or any(first <= number <= last for _, first, last in page.moved)


def test_a_short_mail_is_one_page_even_without_a_line() -> None:
    assert [(one.path, one.first, one.last) for one in _sheets([])] == [(MAIL.page, 0, 0)]
    found = _sheets([Line(1, "a"), Line(2, "b")])
    assert [(one.path, one.first, one.last) for one in found] == [(MAIL.page, 1, 2)]


def test_a_thousand_lines_are_a_page() -> None:
    found = _sheets([Line(n, "x") for n in range(1, 2 * LINES + 2)])
    assert [(one.first, one.last) for one in found] == [(1, 1000), (1001, 2000), (2001, 2001)]
    assert [one.path for one in found] == [
        "m/a@example.org.html",
        "m/a@example.org~p2.html",
        "m/a@example.org~p3.html",
    ]


@given(
    st.lists(st.tuples(st.integers(0, 60_000), st.booleans()), max_size=12), st.integers(1, 3000)
)
def test_no_page_is_large_and_every_line_is_found(
    sizes: list[tuple[int, bool]], begin: int
) -> None:
    lines, number = [Line(n, "x") for n in range(1, begin)], max(1, begin - 1)
    for size, same in sizes:
        number += not same
        lines.append(Line(number, "é" * size))
    found = _sheets(lines)
    assert [line for one in found for line in one.lines] == lines
    assert len({one.path for one in found}) == len(found)
    for one in found:
        size = sum(len(line.html.encode()) for line in one.lines)
        assert size <= BUDGET or len(one.lines) == 1
    assert all(_leads(found, line.number) for line in lines)
