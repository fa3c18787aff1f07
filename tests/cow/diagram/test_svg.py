"""The files that come out: well-formed, self-contained, the same every time, readable."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
from hypothesis import given

from tests.cow.diagram.states import entry, fork_pin_write, page, state, states
from threadkit.cow.diagram import html_page, state_svg, trace_html, trace_svg
from threadkit.cow.diagram.shapes import Box, Drawing, Text, svg_element
from threadkit.cow.diagram.style import DARK, LIGHT, PAPER
from threadkit.cow.diagram.words import describe

SVG = "{http://www.w3.org/2000/svg}"


def linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4


def channels(colour: str) -> list[float]:
    digits = colour.lstrip("#")
    wide = digits if len(digits) == 6 else "".join(d * 2 for d in digits)
    return [int(wide[at : at + 2], 16) / 255 for at in (0, 2, 4)]


def contrast(one: list[float], other: list[float]) -> float:
    lights = []
    for colour in (one, other):
        red, green, blue = map(linear, colour)
        lights.append(0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)
    return max(lights) / min(lights)


def mixed(one: list[float], share: float, other: list[float]) -> list[float]:
    return [a * share + b * (1 - share) for a, b in zip(one, other, strict=True)]


@pytest.mark.parametrize("colours", [LIGHT, DARK, PAPER])
@pytest.mark.parametrize("ground", ["ground", "card"])
@pytest.mark.parametrize("ink", ["ink", "mute", "hot"])
def test_our_own_colours_have_enough_contrast(colours, ground, ink):
    assert contrast(channels(colours[ink]), channels(colours[ground])) >= 4.5


@pytest.mark.parametrize(
    ("ink", "ground"), [("#000", "#fff"), ("#fff", "#111"), ("#ddd", "#1e1e1e")]
)
def test_colours_made_of_the_text_colour_around_have_enough_contrast(ink, ground):
    text, paper = channels(ink), channels(ground)
    card = mixed(text, 0.05, paper)
    rules = trace_html(fork_pin_write(reuse=True))
    share = int(re.search(r"currentColor (\d+)%,#(\w+)\)", rules)[1]) / 100
    hot = mixed(text, share, channels(re.search(r"currentColor \d+%,#(\w+)\)", rules)[1]))
    mute = mixed(text, 0.72, card)
    assert "currentColor 72%,transparent" in rules
    for colour in (hot, mute):
        assert contrast(colour, card) >= 4.5


@given(states())
def test_a_state_is_well_formed_self_contained_and_says_its_facts(view):
    text = state_svg(view, title='<S4> & "more"')
    root = ElementTree.fromstring(text)
    assert root.tag == f"{SVG}svg"
    assert root.get("role") == "img"
    assert root[0].text == '<S4> & "more"'
    assert root[1].text == " ".join(describe(view))
    assert not any(child.get("id") for child in root.iter())
    outside = text.replace('xmlns="http://www.w3.org/2000/svg"', "")
    assert not re.search(r"https?:|url\(|<script|href|@import|on\w+=", outside)
    assert state_svg(view, title='<S4> & "more"') == text


@given(states())
def test_no_text_is_smaller_than_eleven_pixels_on_a_phone(view):
    root = ElementTree.fromstring(state_svg(view))
    width = float(root.get("viewBox").split()[2])
    sizes = [float(element.get("font-size", 13)) for element in root.iter(f"{SVG}text")]
    assert all(size * 358 / width >= 11 for size in sizes)


def test_a_picture_alone_follows_the_system_and_paper():
    text = state_svg(state({"parent": "alive"}, [entry()], [page()]))
    assert "@media(prefers-color-scheme:dark)" in text
    assert "@media print" in text
    assert DARK["ink"] in text
    assert LIGHT["card"] in text


def test_a_trace_for_a_notebook_does_not_ask_the_system():
    assert "prefers-color-scheme" not in trace_html(fork_pin_write(reuse=True))


def test_the_accent_frames_the_card():
    view = state({"parent": "alive"}, [entry()], [page()])
    plain, framed = state_svg(view), state_svg(view, accent=True)
    assert framed.count("s-hot") == plain.count("s-hot") + 1


def test_without_style_rules_colours_are_still_there():
    drawing = Drawing(20, 20, (Box(1, 1, 5, 5, ink="hot"), Text(2, 15, "a<b", ink="mute")))
    bare = re.sub(r' class="[^"]*"', "", svg_element(drawing, "t", "w"))
    root = ElementTree.fromstring(bare)
    assert re.fullmatch(r"#\w{6}", root.find(f".//{SVG}rect").get("stroke"))
    assert root.find(f".//{SVG}text").get("fill") == "currentColor"
    assert root.find(f".//{SVG}text").text == "a<b"


def test_a_trace_as_one_file_has_a_card_a_statement():
    trace = fork_pin_write(reuse=False)
    for columns in (1, 2, 9):
        root = ElementTree.fromstring(trace_svg(trace, columns=columns))
        cards = [r for r in root.iter(f"{SVG}rect") if r.get("class") == "f-card"]
        assert len(cards) == 5
        assert len({card.get("x") for card in cards}) == min(columns, 5)
        rows = {}
        for card in cards:
            rows.setdefault(card.get("y"), set()).add(card.get("height"))
        assert all(len(heights) == 1 for heights in rows.values())
    assert "Refcount is 1025, so the page is copied." in root[1].text


def test_a_document_escapes_its_title_and_has_both_schemes():
    text = html_page("<b>", "<p>in</p>")
    assert "<title>&lt;b&gt;</title>" in text
    assert "color-scheme:light dark" in text
    assert "<p>in</p>" in text
    assert 'lang="en"' in text


def test_a_document_has_the_rules_of_its_parts_in_its_head_once():
    trace = fork_pin_write(reuse=True)
    text = html_page("t", trace_html(trace) + trace_html(trace) + trace_svg(trace))
    head, body = text.split("</head>")
    assert head.count(".tkc-steps{") == 1
    assert ".tkc-steps{" not in body
    assert body.count("<style>") == 1
    assert ".tkc-alone{" in body
