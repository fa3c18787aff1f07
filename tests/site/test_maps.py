"""Maps: all text fits, lines end where they should, every copy of Graphviz agrees."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.site.example_site import bare_site, example_site
from tests.site.reading import Read, whole
from tests.site.test_argument import argument_of, graphs, site_of
from threadkit.cow.diagram.measure import text_width
from threadkit.site import maps, placing
from threadkit.site.argument import SIGNS, argument
from threadkit.site.boxes import SIZE, WIDTH, Box, balanced, claim_box, question_box
from threadkit.site.drawing import Drawing
from threadkit.site.placing import Laid, Run, Spot, place, placers
from threadkit.site.values import Question, Site
from threadkit.site.writer import SiteError

needs_graphviz = pytest.mark.skipif(not placers(), reason="no Graphviz: neither dot nor pygraphviz")
needs_both = pytest.mark.skipif(
    len(placers()) < 2, reason="needs both dot and pygraphviz, to compare them"
)
few = settings(max_examples=15, deadline=None)
HOSTILE = "<script>\"&'\u202e</svg>"


def by_rows(text: str) -> str:
    """Place boxes as Graphviz would write it, but all in one row: for tests without it."""
    sizes = re.findall(r"(n\d+) \[width=([\d.]+), height=([\d.]+)\]", text)
    rows = [f"graph 1 {4 * len(sizes)} 3"]
    rows += [
        f'node {name} {4 * number + 2} 1.5 {width} {height} "" solid box black lightgrey'
        for number, (name, width, height) in enumerate(sizes)
    ]
    at = {name: 4 * number + 2 for number, (name, _, _) in enumerate(sizes)}
    for source, target in re.findall(r"(n\d+) -> (n\d+)", text):
        ways = f"{at[source]} 1.5 {at[source]} 1 {at[target]} 1 {at[target]} 1.5"
        rows.append(f"edge {source} {target} 4 {ways} solid black")
    return "\n".join([*rows, "stop"])


def drawing_of(site: Site, run: Run = by_rows) -> Drawing:
    return maps.map_of(site, argument_of(site), run).drawing


def picture_of(site: Site) -> ET.Element:
    """Return the picture of a site's first map; it has to be XML."""
    found = {page.path: page for page in maps.pages(site)}
    path = site.questions[0].map_page.replace(".html", ".svg")
    return ET.fromstring(whole(found[path]).encode("utf-8", "backslashreplace"))


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["C", "Z"]) | st.just(" ")))
def test_nothing_is_cut_off_and_every_line_fits(text: str) -> None:
    lines = balanced(text)
    assert "".join(lines).replace(" ", "") == "".join(text.split())
    assert all(text_width(line, SIZE) <= WIDTH - 20 for line in lines)


@given(st.lists(st.text("abcdefgh_()", min_size=1, max_size=14), min_size=1, max_size=25))
def test_lines_are_as_few_as_they_can_be_and_about_as_long(words: list[str]) -> None:
    from threadkit.cow.diagram.measure import wrap_text

    text = " ".join(words)
    lines = balanced(text)
    assert len(lines) == len(wrap_text(text, WIDTH - 20, SIZE))
    greedy = [text_width(line, SIZE) for line in wrap_text(text, WIDTH - 20, SIZE)]
    assert max(text_width(line, SIZE) for line in lines) <= max(greedy)


def test_a_text_that_does_not_fit_fails_the_build_and_names_the_claims() -> None:
    site = site_of(("1", "yes", []), ("2", "no", []), ("3", "no", []))
    long = " ".join(["unforeseeable"] * 20)
    site = replace(
        site, claims=[replace(one, gist=long) if one.id != "2" else one for one in site.claims]
    )
    with pytest.raises(SiteError, match=r"map-q\.svg: text of more than 6 lines: 1, 3$"):
        drawing_of(site)
    with pytest.raises(SiteError, match="the question"):
        drawing_of(replace(site_of(("1", "yes", [])), questions=[Question("q", long)]))


def test_the_line_about_a_claim_names_person_id_and_what_is_left_open() -> None:
    site = example_site()
    assert claim_box(site, site.claims[4]).head == "Di Instance · 4 · unanswered"
    people = {**site.people, "di": site.people["di"]._replace(name="Di " * 40)}
    head = claim_box(replace(site, people=people), site.claims[4]).head
    assert head.endswith("… · 4 · unanswered")
    assert text_width(head, SIZE - 0.5) <= WIDTH - 34


def test_boxes_have_whole_heights_by_their_lines() -> None:
    one, five = question_box("Why?"), Box("1", "head", ("a",) * 5, 109)
    assert isinstance(one.height, int)
    assert 0 < one.first < one.height
    assert five.first + 15 * 4 < five.height


@needs_graphviz
@few
@given(graphs())
def test_boxes_never_overlap_and_lines_begin_and_end_at_boxes(site: Site) -> None:
    drawn = drawing_of(site, next(iter(placers().values())))
    rooms = [(one.x, one.y, one.x + WIDTH, one.y + one.box.height) for one in drawn.boxes]
    for a, b in combinations(rooms, 2):
        assert a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]
    assert all(x >= 0 and y >= 0 for x, y, _, _ in rooms)
    assert max(room[2] for room in rooms) <= drawn.width
    assert max(room[3] for room in rooms) <= drawn.height
    assert len(drawn.lines) == len(argument_of(site).bonds)
    for line in drawn.lines:
        begin = tuple(map(int, line.path[1:].split(" ")[0].split(",")))
        end = tuple(map(int, line.arrow.split(" ")[0].split(",")))
        for x, y in (begin, end):
            assert any(x in (room[0], room[2]) and room[1] <= y <= room[3] for room in rooms)
        assert not any(room[0] < line.x < room[2] and room[1] < line.y < room[3] for room in rooms)


@needs_graphviz
def test_what_a_claim_is_about_stands_left_of_it() -> None:
    site = site_of(("1", "yes", []), ("2", "no", [("attacks", "1")]), ("3", "no", [("asks", "2")]))
    drawn = drawing_of(site, next(iter(placers().values())))
    places = [one.x for one in drawn.boxes]
    assert places == sorted(set(places))
    assert drawn.boxes[0].claim is None


@needs_both
@pytest.mark.parametrize(
    "site",
    [
        example_site(),
        site_of(*((str(number), "yes", []) for number in range(9))),
        site_of(
            ("1", "yes", []), ("2", "", [("asks", "1")]), ("3", "", [("asks", "2"), ("asks", "1")])
        ),
        site_of(("1", "no", [("attacks", "2")]), ("2", "yes", [("attacks", "1")])),
    ],
)
def test_every_copy_of_graphviz_gives_the_same_places(site: Site) -> None:
    one, other = (drawing_of(site, run) for run in placers().values())
    assert one.boxes == other.boxes
    assert (one.width, one.height) == (other.width, other.height)
    assert [line[1:] for line in one.lines] == [line[1:] for line in other.lines]


@needs_both
@few
@given(graphs())
def test_every_copy_of_graphviz_gives_the_same_columns(site: Site) -> None:
    one, other = (drawing_of(site, run) for run in placers().values())
    assert [box.x for box in one.boxes] == [box.x for box in other.boxes]
    assert one.width == other.width


def test_lines_spread_at_a_box_and_their_signs_do_not_cover_each_other() -> None:
    site = site_of(*((str(number), "yes", []) for number in range(6)), ("6", "no", []))
    drawn = drawing_of(site)
    assert len({line.arrow for line in drawn.lines}) == 7
    many = site_of(
        ("1", "yes", []), ("2", "no", [("attacks", "1"), ("agrees", "1"), ("asks", "1")])
    )
    signs = [(line.x, line.y) for line in drawing_of(many).lines if line.kind != "says yes"]
    assert all(abs(a[1] - b[1]) >= 16 for a, b in combinations(signs, 2))


def test_signs_and_dashes_tell_what_colours_tell() -> None:
    site = site_of(
        ("1", "yes", []), ("2", "no", [("attacks", "1")]), ("3", "", [("concedes", "2")])
    )
    site = replace(
        site,
        claims=[replace(one, status="withdrawn") if one.id == "2" else one for one in site.claims],
    )
    drawn = drawing_of(site)
    assert {line.kind: (line.sign, line.hot, line.dashed) for line in drawn.lines} == {
        "says yes": ("+", False, False),
        "attacks": ("\N{MINUS SIGN}", True, True),
        "concedes": ("\N{CHECK MARK}", False, True),
    }
    assert [one.dashed for one in drawn.boxes] == [False, False, True, False]


def test_a_map_has_at_most_thirty_claims_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(maps, "placers", lambda: {"rows": by_rows})
    site = site_of(("0", "yes", []), *((str(n), "no", [("attacks", "0")]) for n in range(1, 40)))
    found = {page.path: page for page in maps.pages(site)}
    read = Read(whole(found["map-q.html"]))
    assert "The map has 30 of them, the outline all." in read.text("main")
    assert len(re.findall('class="bx p', whole(next(iter(maps.pages(site)))))) == 30
    assert sum(one.startswith("claim-") for one in read.ids) == 40


def test_without_graphviz_outlines_stand_alone_and_say_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(maps, "placers", dict)
    found = {page.path: Read(whole(page)) for page in maps.pages(example_site())}
    assert set(found) == {"map-references-or-users.html", "map-pins.html"}
    read = found["map-references-or-users.html"]
    assert "There is no map: no Graphviz was found" in read.text("main")
    assert not any(tag == "svg" for tag, _ in read.elements)
    assert "claim-2b" in read.ids


def test_no_questions_no_maps() -> None:
    assert not list(maps.pages(bare_site()))


def test_a_question_without_claims_has_a_page_and_no_map() -> None:
    site = replace(example_site(), questions=[Question("none", "Does anybody ask?")])
    (page,) = maps.pages(site)
    assert "0 claims by 0 people" in Read(whole(page)).text("main")


def test_every_sign_is_drawn_and_none_is_a_letter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(maps, "placers", lambda: {"rows": by_rows})
    kinds = [kind for kind in SIGNS if kind not in {"says no", "depends", "is about"}]
    bonds = [(f"x{number}", "", [(kind, "1")]) for number, kind in enumerate(kinds)]
    stands = [("1", "yes", []), ("2", "no", []), ("3", "depends", []), ("4", "other", [])]
    groups = [
        one
        for one in picture_of(site_of(*stands, *bonds)).iter("{http://www.w3.org/2000/svg}g")
        if "sg" in (one.get("class") or "").split()
    ]
    assert len(groups) == len(stands) + len(bonds)
    assert all(len(one) == 2 and not "".join(one.itertext()).strip() for one in groups)


def test_pictures_alone_are_xml_with_links_and_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(maps, "placers", lambda: {"rows": by_rows})
    root = picture_of(example_site())
    space = "{http://www.w3.org/2000/svg}"
    assert [one.get("href") for one in root.iter(f"{space}a")] == [
        "c/1.html",
        "c/2.html",
        "c/2b.html",
        "c/3.html",
    ]
    words = "".join(root.itertext())
    assert "Is a page reused by references" in words
    assert "Ada Example · 3 · conceded" in words


def test_texts_of_strangers_stay_texts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(maps, "placers", lambda: {"rows": by_rows})
    site = site_of(("1", "yes", []))
    people = {key: one._replace(name=HOSTILE) for key, one in site.people.items()}
    claims = [replace(one, gist="", places=[]) for one in site.claims]
    hostile = replace(
        site,
        title=HOSTILE,
        people=people,
        claims=[replace(claims[0], gist=HOSTILE)],
        questions=[Question("q", HOSTILE, HOSTILE)],
    )
    for page in maps.pages(hostile):
        text = whole(page)
        assert "<script" not in text
        assert "\u202e" not in text
    Read(whole(next(iter(maps.pages(hostile)))))
    assert "<U+202E>" in "".join(picture_of(hostile).itertext())


def test_the_same_site_gives_the_same_bytes() -> None:
    one, other = ([whole(page) for page in maps.pages(example_site())] for _ in range(2))
    assert one == other


def test_places_are_read_from_the_top_left() -> None:
    laid = place({"a": (100, 50), "b": (72, 36)}, [("a", "b")], by_rows)
    assert laid == Laid(
        576,
        216,
        {"a": Spot(144, 108, 100, 50), "b": Spot(432, 108, 72, 36)},
        {("a", "b"): [[(144, 108), (144, 144), (432, 144), (432, 108)]]},
    )


def test_a_failing_graphviz_is_told_in_one_line() -> None:
    with pytest.raises(SiteError, match=r"^maps: /nowhere/dot failed: "):
        placing._by_program("/nowhere/dot", "digraph {}")


def test_the_program_is_preferred_to_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    def both(name: str) -> str:
        return f"/somewhere/{name}"

    for program, package, names in (
        (both, object(), ["dot", "pygraphviz"]),
        (lambda name: None, object(), ["pygraphviz"]),
        (both, None, ["dot"]),
        (lambda name: None, None, []),
    ):
        placers.cache_clear()
        monkeypatch.setattr(placing.shutil, "which", program)
        monkeypatch.setattr(placing, "find_spec", lambda name, found=package: found)
        assert list(placers()) == names
    placers.cache_clear()


def test_bonds_with_other_questions_are_folded_and_name_the_own_claim_by_its_number() -> None:
    site = example_site()
    crossing = [one for one in site.questions if argument(site, one).across]
    assert crossing
    pages = {page.path: "".join(page.content) for page in maps.pages(site)}  # type: ignore[arg-type]
    for question in crossing:
        _, _, bonds = pages[question.map_page].partition("<h2>Bonds with other questions</h2>")
        folded = bonds.partition("<details>")[2].partition("</details>")[0]
        for one in argument(site, question).across:
            own = one.source if one.source.question == question.key else one.target
            assert f'<a class="id" href="{own.page}"' in folded
