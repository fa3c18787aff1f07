"""Everything that a notebook gets draws itself: in a line, and as HTML that suits any theme."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

import threadkit as tk

DRAWN: dict[str, Callable[[tk.Archive], Any]] = {
    "archive": lambda a: a,
    "imported": lambda a: a.import_mail(tk.samples()),
    "threads": lambda a: a.threads(),
    "people": lambda a: a.people(),
    "thread": lambda a: a.thread("wake-1@example.org"),
    "tree": lambda a: a.thread("wake-1@example.org").tree(),
    "message": lambda a: a.message("bo-1@example.org"),
    "hits": lambda a: a.search("f:bo device"),
    "table": lambda a: a.query("SELECT * FROM mail"),
    "claims": lambda a: a.claims("wake-1@example.org"),
    "claim": lambda a: a.claims("wake-1@example.org")[0],
    "detail": lambda a: a.claim(a.claims("wake-1@example.org")[1].id),
    "questions": lambda a: a.questions("wake-1@example.org"),
    "question": lambda a: a.questions("wake-1@example.org")[0],
    "positions": lambda a: a.positions("wake-1@example.org"),
    "decisions": lambda a: a.decisions(),
    "brief": lambda a: a.brief("wake-1@example.org", "2025-07-03"),
    "owed": lambda a: a.owed("wake-1@example.org"),
    "standings": lambda a: a.standings("wake-1@example.org"),
    "commits": lambda a: a.commits(),
    "commit": lambda a: a.commits()[0],
    "fetched commit": lambda a: a.commit("602ce925db6f"),
    "discussion": lambda a: a.discussion("602ce925db6f"),
    "regressions": lambda a: a.regressions(),
    "regression": lambda a: a.regressions()[1],
    "predictions": lambda a: a.predictions(),
    "prediction": lambda a: a.predictions()[0],
    "series": lambda a: a.series(),
    "one series": lambda a: a.one_series("v3-0@example.org"),
    "range-diff": lambda a: a.one_series("v3-0@example.org").range_diff("v1", "v3"),
    "regressions graph": lambda a: a.graph(kind="regressions"),
    "replies graph": lambda a: a.graph("bo-1@example.org", "replies"),
    "evidence graph": lambda a: a.graph(),
    "people graph": lambda a: a.graph(kind="people"),
    "casebook": lambda a: tk.open_casebook("cow-2020"),
    "casebook claims": lambda a: tk.open_casebook("cow-2020").claims,
    "casebook claim": lambda a: tk.open_casebook("cow-2020").claim(14),
    "casebook run": lambda a: tk.open_casebook("cow-2020").claim(25).run(),
    "casebook check": lambda a: tk.open_casebook("sample").check(a),
    "casebook loaded": lambda a: a.load_casebook("sample"),
    "site": lambda a: a.site("wake-1@example.org"),
    "scenario": lambda a: tk.cow.scenario("S4"),
    "era": lambda a: tk.cow.era("refcount_nofork"),
    "outcome": lambda a: tk.cow.scenario("S5").run("mapcount_ksm"),
    "state": lambda a: tk.cow.scenario("S4").trace("mm_id").start,
    "trace": lambda a: tk.cow.scenario("S5").trace("mapcount_ksm"),
    "diff": lambda a: tk.cow.scenario("S4").run("E").diff(tk.cow.scenario("S4").run("F0")),
    "matrix": lambda a: tk.cow.matrix_of([tk.cow.scenario("S4")], tk.cow.base_eras()),
    "witnesses": lambda a: tk.cow.witnessed([tk.cow.scenario("S5")]),
}
"""What has fields or a shape of its own."""

TOLD: dict[str, Callable[[tk.Archive], Any]] = {
    "stats": lambda a: a.stats(),
    "stored thread": lambda a: a.threads()[0],
    "stored person": lambda a: a.people()[0],
    "participant": lambda a: a.thread("wake-1@example.org").people[0],
    "ghost": lambda a: a.thread("bo-1@example.org").ghosts[0],
    "hit": lambda a: a.search("f:bo device")[0],
    "matter": lambda a: next(iter(a.positions("wake-1@example.org"))),
    "decision": lambda a: a.decisions()[0],
    "argument graph": lambda a: a.argument_graph("wake-1@example.org"),
    "argument view": lambda a: a.argument_view("wake-1@example.org"),
    "story": lambda a: a.regressions().stories[0],
    "revision": lambda a: a.one_series("v3-0@example.org").revisions[0],
    "casebook facts": lambda a: tk.open_casebook("cow-2020").facts,
    "casebook person": lambda a: tk.open_casebook("cow-2020").people[0],
    "casebook question": lambda a: tk.open_casebook("cow-2020").questions[0],
    "casebook mail": lambda a: tk.open_casebook("cow-2020").messages[0],
    "step": lambda a: tk.cow.scenario("S4").trace("mm_id").steps[0],
}
"""What is a line and no more."""


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tk.Archive]:
    with tk.open(tmp_path_factory.mktemp("shown") / "t.db", create=True) as found:
        found.import_mail(tk.samples(), workers=0)
        found.analyze()
        yield found


class Balanced(HTMLParser):
    """Fails where tags do not match, and on anything that runs or is loaded."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_startendtag(tag, attrs)
        if tag != "br":
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag not in ("script", "img", "iframe", "link", "object", "embed")
        assert not [name for name, _ in attrs if name.startswith("on") or name == "src"]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize("name", [*DRAWN, *TOLD])
def test_a_line_says_what_it_is(archive: tk.Archive, name: str) -> None:
    line = repr((DRAWN | TOLD)[name](archive))
    assert re.fullmatch(r"<\w+ .*>", line), line
    assert len(line) < 300


@pytest.mark.parametrize("name", DRAWN)
def test_html_is_small_sound_and_suits_a_light_and_a_dark_page(archive, name) -> None:
    shown = DRAWN[name](archive)
    html = shown._repr_html_()
    assert not hasattr(shown, "_repr_svg_"), "both would be shown"
    Balanced(html)
    assert len(html) < (26_000 if name in ("outcome", "trace") else 20_000)
    assert "prefers-color-scheme" not in html, "the notebook's theme is not the system's"
    html = re.sub(r"@media print\{.*?\}\}", "", html)  # paper has one theme
    grounds = re.findall(r"background(?:-color)?:\s*(#\w+|rgb[^;]*|white|black)", html)
    assert not grounds
    colours = set(re.findall(r"(?:fill|stroke|color)[:=]\"?(#\w+|white|black)", html))
    assert colours <= {"#c4521c"}, "the one accent, where style sheets are taken away"
    assert not re.search(r"""(?:url\(|@import)(?!#)""", html)


def test_a_casebook_that_is_begun_says_what_was_filled_in(archive, tmp_path: Path) -> None:
    begun = archive.new_casebook("wake-1@example.org", tmp_path / "book")
    assert f" {len(archive.claims('wake-1@example.org'))} claims" in repr(begun)
    assert "claims/01-finn-fixture.yaml" in begun._repr_html_()
    with pytest.raises(tk.ThreadkitError, match="still to be written"):
        tk.open_casebook(tmp_path / "book")


def test_a_site_that_is_built_says_what_it_left_out(archive, tmp_path: Path) -> None:
    built = archive.site("bo-1@example.org").build(tmp_path / "out")
    assert re.fullmatch(r"<Built .*: [0-9]+ pages, [0-9,]+ bytes>", repr(built))
    assert all(f"left out: {line}" in built._repr_html_() for line in built.left_out)
    assert built.left_out


def test_a_claim_runs_what_its_casebook_says() -> None:
    book = tk.open_casebook("cow-2020")
    rows = book.claim(10).run()
    assert {row["what"] for row in rows} == {"verdict", "lock_waits", "copies"}
    assert all(row["casebook"] == row["model"] for row in rows)
    assert len(book.claim(16).run()) == 0
    kinds = {(kind, one.id) for kind, one in book.claim(9).bearings()}
    assert {("attacks", 21), ("conceded by", 26), ("supported by", 25)} <= kinds


def test_claims_are_chosen() -> None:
    claims = tk.open_casebook("cow-2020").claims
    hugh = claims.where(by="hugh", within="thread")
    assert hugh
    assert {one.speaker for one in hugh} == {"Hugh Dickins"}
    assert len(claims.where()) == len(claims) == len(claims.table())
    assert repr(claims.where(by="nobody")) == "<Claims 0>"


def test_witnesses_of_kernels_stand_in_the_order_asked_for() -> None:
    found = tk.cow.witnessed([tk.cow.scenario("S5")], ["6.1", "built_mapcount_locked"])
    assert [one.name for one in found.kernels] == ["6.1", "built_mapcount_locked"]
    assert [cell.answer for cell in found.rows[0].cells] == ["no", "yes"]
    with pytest.raises(tk.ThreadkitError, match="no run on a kernel '7'"):
        tk.cow.witnessed([tk.cow.scenario("S5")], ["7"])
