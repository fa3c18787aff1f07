"""The tables of verdicts and of witnesses."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from threadkit.cow.diagram.matrix import (
    SYMBOLS,
    _drawing,
    cell_words,
    matrix_html,
    matrix_svg,
    matrix_text,
)
from threadkit.cow.diagram.shapes import overlapping
from threadkit.cow.diagram.tables import (
    Cell,
    Column,
    Matrix,
    Row,
    WitnessCell,
    WitnessKernel,
    WitnessRow,
)
from threadkit.cow.diagram.witness import witness_html, witness_text

LOST = Cell("Always", ("wrong",), (("copies", 1, 1),), "Always", "confirmed")
LEAK = Cell("Sometimes", ("missed", "unnecessary"), (), "Never", "unverified")
NEVER = Cell("Never", (), (), "Never", "derived")
COLUMNS = (
    Column("mapcount_locked", "C", "2.6.29..4.8"),
    Column("refcount_nofork", "F0"),
    Column("hugh_2020", "", "", "proposal"),
)
MATRIX = Matrix(
    COLUMNS,
    (
        Row("S4", "Does the device miss the write?", (NEVER, LOST, None)),
        Row("S5<b>", "Does the child read & leak?", (LEAK, NEVER, Cell("unknown"))),
    ),
)

cells = st.one_of(
    st.none(),
    st.builds(
        Cell,
        st.sampled_from(sorted(SYMBOLS)),
        st.lists(st.sampled_from(["missed", "wrong", "broken"]), unique=True).map(tuple),
        st.just(()),
        st.sampled_from([None, "Never", "Always"]),
        st.sampled_from(["confirmed", "derived"]),
    ),
)


@st.composite
def matrices(draw):
    kinds = draw(st.lists(st.sampled_from(["base", "stable", "proposal"]), min_size=1, max_size=12))
    letters = st.sampled_from(["", "A", "B", "C2"])
    columns = tuple(Column(f"era_{n}", draw(letters), "", k) for n, k in enumerate(sorted(kinds)))
    names = draw(st.lists(st.text("Sab-019", min_size=1, max_size=30), unique=True, max_size=3))
    rows = tuple(Row(n, "Why?", tuple(draw(cells) for _ in columns)) for n in names)
    return Matrix(columns, rows)


def test_a_terminal_shows_verdict_harm_and_difference():
    lines = matrix_text(MATRIX)
    assert lines[0].split() == ["C", "F0", "3"]
    assert lines[1].split() == ["S4", "·", "Aw"]
    assert lines[2].split() == ["S5<b>", "Sm!", "·", "?"]
    assert "C mapcount_locked 2.6.29..4.8" in lines
    assert matrix_text(MATRIX, ascii_only=True)[1].split() == ["S4", ".", "Aw"]


@given(matrices(), st.integers(30, 200))
def test_a_terminal_of_any_width_shows_every_cell_once(matrix, width):
    lines = matrix_text(matrix, width, ascii_only=True)
    assert "\n".join(lines).isascii()
    labels = matrix.labels()
    assert len(set(labels)) == len(labels)
    known = sum(cell is not None for row in matrix.rows for cell in row.cells)
    names = max((len(row.name) for row in matrix.rows), default=0)
    blocks = lines[: -len(labels) - 5]
    heads = [line for line in blocks if line and not line.strip(" ").startswith("S")]
    body = [line[names:] for line in blocks if line.strip() and line[:names].strip()]
    assert sum(len(line.split()) for line in body) == known or names == 0
    assert heads or not labels
    room = max(width, names + 5)
    assert all(len(line) <= room for line in blocks)


def test_html_has_headings_words_and_no_colour_alone():
    html = matrix_html(MATRIX, caption="Verdicts & harms")
    root = ElementTree.fromstring(html)
    assert len(root.findall(".//tbody/tr")) == 2
    assert len(root.findall(".//tbody/tr/td")) == 6
    assert [th.get("colspan") for th in root.findall(".//th[@scope='colgroup']")] == ["2", "1"]
    lost = root.findall(".//tbody/tr/td")[1]
    assert "".join(lost.itertext()) == "●Always wrong"
    assert lost.get("title") == "Always: wrong COW; 1 copy; as a source says"
    assert root.findall(".//tbody/tr/td")[3].get("class") == "tkc-hot tkc-differs"
    assert "S5&lt;b&gt;" in html
    assert "Verdicts &amp; harms" in html
    assert not re.search(r"<script|https?:| id=", html)


def test_cells_in_words():
    assert cell_words(None) == "not run"
    costs = (("copies", 0, 0), ("reuses", 0, 2))
    assert cell_words(Cell("Never", costs=costs)) == "Never; 0 to 2 pages reused"
    assert cell_words(LEAK) == (
        "Sometimes: missed COW, unnecessary COW; a source says Never (unverified)"
    )
    assert cell_words(NEVER) == "Never; as a source says (derived)"


def test_always_is_a_full_square_sometimes_a_half_one_and_never_a_dot():
    for verdict, width in (("Always", 10), ("Sometimes", 5), ("Never", 4)):
        matrix = Matrix((Column("mm_id", "J"),), (Row("S1", "?", (Cell(verdict),)),))
        filled = [box for box in _drawing(matrix, "t").boxes("mark") if box.filled]
        assert [box.width for box in filled if box.height > 1] == [width]


@given(matrices())
def test_svg_fits_and_says_what_is_not_never(matrix):
    drawing = _drawing(matrix, "A title")
    assert overlapping([text.box() for text in drawing.texts()]) == []
    for text in drawing.texts():
        box = text.box()
        assert box.x >= 0
        assert box.right <= drawing.width
        assert box.bottom <= drawing.height
    svg = matrix_svg(matrix, title="A title")
    root = ElementTree.fromstring(svg)
    said = root[1].text or ""
    for row in matrix.rows:
        for cell, column in zip(row.cells, matrix.columns, strict=True):
            if cell is not None and cell.verdict != "Never":
                assert f"{column.key} {cell_words(cell)}" in said
    assert matrix_svg(matrix, title="A title") == svg


KERNELS = (
    WitnessKernel("host", "6.18.5", "stable_6_18", "2026-11-23T07:00:00Z"),
    WitnessKernel("5.10", "5.10.223-1", "stable_5_10"),
)
SEEN = WitnessCell("agrees", "device:r0=3", ("device:r0=3",))
ODD = WitnessCell("differs", "device:r0=1", ("device:r0=3", "device:r0=4"))
LEFT = WitnessCell("skipped", why="no userfaultfd here")
WITNESSES = (
    WitnessRow("S4", "Lost?", (SEEN, ODD)),
    WitnessRow("S12", "Event?", (LEFT, LEFT)),
    WitnessRow("S13", "None?", (WitnessCell("not run"), LEFT)),
)


def test_witnesses_for_a_terminal_with_totals_and_reasons():
    lines = witness_text(KERNELS, WITNESSES)
    assert lines[1].split() == ["S4", "ok", "DIFF"]
    assert lines[2].split() == ["S12", "skip", "skip"]
    assert lines[3].split() == ["S13", "skip"]
    text = "\n".join(lines)
    assert (
        "host (6.18.5, stable_6_18, 2026-11-23T07:00:00Z): 1 scenario ran, 1 agree, 0 differ,"
        " 1 skipped" in text
    )
    assert "S4 on 5.10: saw device:r0=1, allowed device:r0=3 or device:r0=4" in text
    assert "every kernel skips S12: no userfaultfd here." in text
    assert "5.10 skips S13: no userfaultfd here." in text
    assert "skips" not in "\n".join(witness_text(KERNELS, WITNESSES, reasons=False))


def test_witnesses_as_html():
    html = witness_html(KERNELS, WITNESSES, caption="Real kernels")
    root = ElementTree.fromstring(html)
    found = root.findall(".//tbody/tr/td")
    assert [" ".join("".join(td.itertext()).split()) for td in found] == [
        "ok",
        "≠ differsdevice:r0=1",
        "-skipped",
        "-skipped",
        "",
        "-skipped",
    ]
    assert found[0].get("title", "").startswith("saw device:r0=3")
    assert found[2].get("title") == "no userfaultfd here"
    assert len(root.findall(".//ul/li")) == 2 + 3


def test_a_witness_answers_the_question_and_long_names_are_numbers() -> None:
    kernels = (WitnessKernel("host"), WitnessKernel("built_mapcount_forkcopy"))
    cells = (WitnessCell("agrees", "r0=3", answer="yes"), WitnessCell("differs", answer="no"))
    lines = witness_text(kernels, (WitnessRow("S4", "Lost?", cells),))
    assert lines[0].split() == ["scenario", "host", "(2)"]
    assert lines[1].split() == ["S4", "yes", "DIFF"]
    assert any(line.startswith("(2) is built_mapcount_forkcopy: ") for line in lines)
    root = ElementTree.fromstring(witness_html(kernels, (WitnessRow("S4", "Lost?", cells),)))
    found = root.findall(".//tbody/tr/td")
    assert ["".join(td.itertext()) for td in found] == ["yes", "≠ no"]
    assert [td.get("class") for td in found] == ["tkc-yes", "tkc-hot tkc-differs"]


def test_what_is_open_is_told_apart_from_what_agrees() -> None:
    kernels = (WitnessKernel("5.10"), WitnessKernel("6.1"))
    rows = (
        WitnessRow("A", "?", (WitnessCell("agrees", "r0=3", answer="no"),) * 2),
        WitnessRow("B", "?", (WitnessCell("unanswered", "r0=3"),) * 2),
        WitnessRow(
            "C", "?", (WitnessCell("allowed", "r0=3", answer="no", unseen=("yes: r0=1",)),) * 2
        ),
        WitnessRow(
            "D",
            "?",
            (
                WitnessCell("agrees", "r0=3", answer="yes", dropped=("d[0]", "d[1]")),
                WitnessCell("not run", why="the scenario has changed since"),
            ),
        ),
    )
    lines = witness_text(kernels, rows)
    assert [line.split() for line in lines[1:5]] == [
        ["A", "no", "no"],
        ["B", "ok", "ok"],
        ["C", "no*", "no*"],
        ["D", "yes", "old"],
    ]
    text = "\n".join(lines)
    assert (
        "5.10: 4 scenarios ran, 2 agree, 1 agree with the question unanswered,"
        " 1 allowed, with outcomes not seen, 0 differ, 0 skipped"
    ) in text
    assert "0 skipped, 1 changed since" in text
    assert "C on every kernel: allowed and not seen: yes: r0=1" in lines
    assert "D on 5.10: nobody can see there: d[0], d[1]" in lines
    assert "6.1, not run: D: the scenario has changed since." in lines
    starts = ("ok: ", "*: ", "old: ")
    assert [[line[:4] for line in lines if line.startswith(one)] for one in starts] == [
        ["ok: "],
        ["*: s"],
        ["old:"],
    ]
    assert not any(
        line.startswith(("DIFF", "skip", *starts)) for line in witness_text(kernels, rows[:1])
    )
    root = ElementTree.fromstring(witness_html(kernels, rows))
    cells = ["".join(td.itertext()) for td in root.iter("td")]
    assert cells == ["no", "no", "ok", "ok", "no*", "no*", "yes", "-old"]
