"""Pages of the model: what scenarios and eras say, and where rules part."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache

import pytest

from tests.site.example_site import bare_site, example_site
from threadkit.cow import base_eras, era, scenario
from threadkit.cow.eras.find import UnknownEra
from threadkit.cow.library import UnknownScenario
from threadkit.cow.suite.front import ASKED
from threadkit.site import steps
from threadkit.site.front import front
from threadkit.site.model import era_page, pages
from threadkit.site.steps import Runs, answer
from threadkit.site.values import Site, Tested

HOSTILE = '<script>alert(1)</script>"\u202e'


def _text(content: object) -> str:
    return content if isinstance(content, str) else "".join(content)  # type: ignore[arg-type]


def _pages(site: Site) -> dict[str, str]:
    return {page.path: _text(page.content) for page in pages(site)}


@cache
def _example() -> dict[str, str]:
    return _pages(example_site())


def _with(*tested: Tested, scenarios: tuple[str, ...] = ("S4",)) -> Site:
    claim = replace(example_site().claims[0], tested=tested)
    return replace(example_site(), claims=[claim], scenarios=scenarios)


def test_scenario_and_every_era_have_pages_and_all_links_lead_to_files() -> None:
    made = _example()
    assert {"model.html", "model/S4.html", "model.css"} <= set(made)
    assert {era_page(one.key) for one in base_eras()} <= set(made)
    for path, html in made.items():
        for link in re.findall(r'href="((?:model/|\.\./model/|model)[^"#]*)', html):
            target = link.removeprefix("../") if path.startswith("model/") else link
            assert target in made, (path, link)


def test_the_matrix_says_what_the_model_says() -> None:
    html = _example()["model.html"]
    row = html.partition('href="model/S4.html"')[2].partition("</tr>")[0]
    cells = re.findall(r"<td[^>]*>(.*?)</td>", row)
    assert len(cells) == len(base_eras())
    place = [one.key for one in base_eras()].index("refcount_nofork")
    assert cells[place] == "always<br>wrong"
    assert cells[-1] == "never"
    assert row.count('class="hot"') == sum(cell.endswith("wrong") for cell in cells)


def test_what_kernels_lack_stands_in_brackets() -> None:
    html = _pages(replace(example_site(), scenarios=("S5t",), claims=()))["model.html"]
    row = html.partition('href="model/S5t.html"')[2].partition("</tr>")[0]
    assert re.findall(r"<td[^>]*>(.*?)</td>", row)[0].startswith("<i>(")


def test_shared_steps_stand_once_and_the_rules_part_side_by_side() -> None:
    html = _example()["model/S4.html"]
    assert "forced_gup_cow (5.8..5.9-rc3) beside refcount_nofork (5.9-rc4..5.9-rc6)" in html
    assert "Step 4: the rules part" in html
    assert html.count('class="tkc-part"') == 2 * html.count(": the rules part")
    assert "threadkit cow diff forced_gup_cow refcount_nofork S4" in html


def test_pages_hold_no_style_and_no_script() -> None:
    for path, html in _example().items():
        if path.endswith(".html"):
            assert "<style" not in html, path
            assert " style=" not in html, path
            assert "<script" not in html, path


def test_the_style_of_the_pictures_is_a_file_that_their_pages_load() -> None:
    made = _example()
    assert ".tkc-steps" in made["model.css"]
    assert 'href="../model.css"' in made["model/S4.html"]
    assert all("model.css" not in html for path, html in made.items() if "model" not in path)


def test_a_claim_says_on_the_page_of_its_scenario_how_it_fared() -> None:
    html = _example()["model/S4.html"]
    assert 'href="../c/1.html"' in html
    assert "depends on the era" in html
    assert "refcount_nofork: Always" in html


def test_real_kernels_are_told_with_version_and_what_was_seen() -> None:
    html = _example()["model/S4.html"].partition('id="kernels"')[2]
    assert "built refcount nofork" in html
    assert "5.10.262-1" in html
    assert "device:r0=1" in html
    assert 'href="../model/era-stable_6_1.html"' in html


def test_the_litmus_text_and_the_command_are_there() -> None:
    html = _example()["model/S4.html"]
    assert "threadkit cow run S4" in html
    assert "COW S4" in html


def test_an_era_tells_each_decision_with_its_commits_and_what_changed() -> None:
    html = _example()["model/era-refcount_nofork.html"]
    assert all(f"<code>{row.field}</code>" in html for row in era("F0").fields())
    assert "What changed from forced_gup_cow" in html
    assert "09854ba94c6a" in html
    assert "What changed" not in _example()["model/era-refcount_2612.html"]


def test_proposals_that_claims_speak_of_get_pages_and_pictures() -> None:
    made = _pages(_with(Tested("S4", "supports", "", (("jason_2020", "Never", "Never"),))))
    assert "model/era-jason_2020.html" in made
    assert "beside jason_2020" in made["model/S4.html"]
    assert "proposal that was never merged" in made["model/era-jason_2020.html"]


def test_words_of_a_casebook_are_escaped() -> None:
    made = _pages(_with(Tested("S4", "supports", HOSTILE, (("F0", HOSTILE, HOSTILE),))))
    assert "<script" not in made["model/S4.html"]
    assert "\u202e" not in made["model/S4.html"]


def test_what_the_model_does_not_have_is_said_in_a_line() -> None:
    with pytest.raises(UnknownScenario, match="S4x"):
        list(pages(replace(example_site(), scenarios=("S4x",))))
    with pytest.raises(UnknownScenario):
        list(pages(replace(example_site(), scenarios=("data/litmus/S4.litmus",))))
    with pytest.raises(UnknownEra, match="nonesuch"):
        list(pages(_with(Tested("S4", "supports", "", (("nonesuch", "Never", "Never"),)))))


def test_a_site_without_scenarios_has_no_model() -> None:
    assert _pages(bare_site()) == {}


def test_two_builds_give_the_same_bytes() -> None:
    assert _pages(example_site()) == _example()


def test_each_scenario_is_run_once_under_each_era() -> None:
    runs, one = Runs(), scenario("S4")
    runs.alike(one, base_eras())
    before = runs.count
    runs.alike(one, base_eras())
    assert before == runs.count == len(base_eras())


def test_eras_that_come_out_alike_stand_together_and_none_is_left_out() -> None:
    groups = Runs().alike(scenario("S5t"), base_eras())
    assert sorted(one.key for group in groups for one in group.eras) == sorted(
        one.key for one in base_eras()
    )
    for group in groups:
        for one in group.eras:
            outcome = scenario("S5t").run(one)
            assert (group.answer, group.would_be) == (answer(outcome), outcome.would_be)
            for name, least, most in group.costs:
                low, high = outcome.costs.get(name, (0, 0))
                assert least <= low <= high <= most


def test_pairs_have_different_answers_and_prefer_what_is_spoken_of() -> None:
    spoken = {"refcount_2612", "mapcount_trylock"}
    found = Runs().pairs(scenario("S4"), base_eras(), spoken=spoken)
    assert {found[0].left.key, found[0].right.key} == spoken
    assert len(found) == steps.PAIRS
    assert all(pair.before != pair.after and pair.drawn for pair in found)


def test_where_all_eras_agree_one_run_is_drawn() -> None:
    html = _pages(replace(example_site(), scenarios=("S1",), claims=()))["model/S1.html"]
    assert "the rules part" not in html
    assert f"Step by step under {base_eras()[-1].key}" in html


def test_the_table_of_both_sides_is_for_sites_that_have_its_scenarios() -> None:
    assert front(example_site()) is None
    assert front(bare_site()) is None
    both = replace(example_site(), scenarios=tuple(one.scenario for one in ASKED))
    assert front(both) is not None
