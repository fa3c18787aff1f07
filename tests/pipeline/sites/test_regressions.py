"""Regressions of a site: who reported, what answered, and who had foreseen it."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from tests.site.example_site import example_site
from threadkit.pipeline.shipped import shipped
from threadkit.pipeline.sites import commits, regressions
from threadkit.pipeline.sites.casebook import _foreseen, _mended_alone
from threadkit.pipeline.sites.people import Known, People
from threadkit.site.strip import strip
from threadkit.site.values import Claim, Evidence, Place, Regression, Report, Site

FORCED, COUNTED, EARLY, MARKED = (
    "17839856fd58", "09854ba94c6a", "70e806e4e645", "6c287605fd56",
)  # fmt: skip

EDGES = (
    ("", "", "c475a8ab625d"),
    ("", "", "c475a8ab625d"),
    ("", "Michael S. Tsirkin", ""),
    ("4ceb5db9757a", "", "f33ea7f404e5"),
    ("", "Yingchao Zhou", "ab967d86015a"),
    ("", "Andrea Arcangeli", ""),
    ("f33ea7f404e5", "Phil Oester", "19be0eaffa3a"),
    ("", "", "a8f97366452e"),
    ("6d0a07edd17c", "Jann Horn", "c444eb564fb1"),
    ("c475a8ab625d", "Jann Horn", FORCED),
    (FORCED, "Peter Xu", f"{COUNTED} a308c71bf1e6"),
    (FORCED, "Mikulas Patocka", f"{COUNTED} a308c71bf1e6"),
    (FORCED, "Matthew Wilcox", ""),
    ("9bbd42e79720", "Ben Hutchings", "0c29640bdeca 6fbb8383884f"),
    (COUNTED, "Jason Gunthorpe", f"008cfe4418b3 {EARLY} 7a4830c380f3 d042035eaf5f"),
    (COUNTED, "Alex Shi, Qian Cai", "be068f29034f"),
    (COUNTED, "Martin Raiber", "feb889fb40fa"),
    (COUNTED, "Andrea Arcangeli, Nadav Amit, Yu Zhao", "29a951dfb3c3 6ce64428d620 9348b73c2e1b"),
    (COUNTED, "Huang Ying", "f4c4a3f48480"),
    (COUNTED, "Oded Gabbay", "80d47f5de5e3"),
    (COUNTED, "Andrea Arcangeli, David Hildenbrand", "3bff7e3f1f16 c145e0b47c77"),
    (COUNTED, "Andrea Arcangeli", f"1493a1913e34 {MARKED}"),
    (EARLY, "Aneesh Kumar", "f3c64eda3e50"),
    ("f3c64eda3e50", "Jason Gunthorpe", "57efa1fe5957"),
    ("57efa1fe5957", "kernel test robot", "2e3025434a6b"),
    (EARLY, "Gal Pressman", "4eae4efa2c29"),
    (EARLY, "Yuanzheng Song", "935a8b620210"),
    ("a308c71bf1e6", "kernel test robot", ""),
    ("c145e0b47c77", "Qun-wei Lin", "6dca4ac6fc91"),
    (MARKED, "Alejandro Sierra Guiza", "1118234e4bc2"),
    (MARKED, "Yu Zhao", "3d2f78f08cd8"),
    (MARKED, "David Hildenbrand", "088b8aa537c2"),
    ("9ae0f87d009c", "David Hildenbrand", "5535be309971"),
    ("", "David Hildenbrand", ""),
    ("", "", "a7e689dd1c06"),
    ("1da190f4d0a6", "Kairui Song", "4b7c0857f87a"),
    ("1da190f4d0a6", "syzbot", "8bdea2fce980"),
)
"""Cause, who reported it, what answered it: as commits and mails of 2005 to 2025 tell."""

LINKED = (
    ("answered", "c41149a8-211e-390b-af1d-d5eee690fecb@linux.alibaba.com", "be068f29034f"),
    (
        "answered",
        "alpine.LRH.2.02.2009031328040.6929@file01.intranet.prod.int.rdu2.redhat.com",
        "b25d1dc9474e",
    ),
)
"""What a commit says that it answers, besides: a second report, and that of a merge."""


@pytest.fixture(scope="module")
def facts() -> list[dict[str, Any]]:
    """The regressions that come with threadkit."""
    text = (shipped("regressions") / "cow-2020.jsonl").read_text("utf-8")
    return [json.loads(line) for line in text.splitlines()]


@pytest.fixture(scope="module")
def shown(facts: list[dict[str, Any]]) -> tuple[Site, People]:
    """A site of nothing but what comes with threadkit."""
    people = People([])
    broken = [regressions.of_fact(fact, people, {}) for fact in facts]
    text = (shipped("commits") / "cow-2020.jsonl").read_text("utf-8")
    made = [commits.of_fact(json.loads(line)) for line in text.splitlines()]
    site = replace(
        example_site(), mails=[], commits=made, regressions=broken, claims=[], root="none"
    )
    return site, people


def named(people: People, keys: set[str]) -> str:
    return ", ".join(sorted(people._names[key] for key in keys if key))


def test_who_reported_what_and_which_commits_answered(shown: tuple[Site, People]) -> None:
    site, people = shown
    found = [
        (
            one.culprit[:12],
            named(people, {report.person for report in one.reports} | set(one.also)),
            " ".join(sorted(sha[:12] for sha in one.fixes)),
        )
        for one in site.regressions
    ]
    assert Counter(found) == Counter(EDGES)
    assert len({one.key for one in site.regressions}) == len(site.regressions)


def test_the_strip_has_these_edges_and_no_others(shown: tuple[Site, People]) -> None:
    site, _ = shown
    drawn = strip(site)
    assert drawn is not None
    of = {one.number: one for one in drawn.events}
    found = Counter(
        (line.kind, of[line.start].key, of[line.stop].key)
        for one in drawn.events
        for line in drawn.before(one.number)
        if line.kind != "became"
    )
    wanted: Counter[tuple[str, str, str]] = Counter()
    for one in site.regressions:
        told = [each.message_id or f"{one.key} {n}" for n, each in enumerate(one.reports)]
        cause = one.culprit[:12]
        wanted.update(("broke", cause, name) for name in told if cause)
        begin = told[0] if told else cause
        wanted.update(("answered", begin, sha[:12]) for sha in one.fixes if begin)
    assert found == Counter({*wanted, *LINKED})
    assert sum(kind == "broke" for kind, *_ in found) > 25


def test_a_mail_has_the_reporter_that_the_fact_gives_it() -> None:
    people = People([Known("al", "Al Example", ())])
    fact = {
        "title": "t", "reports": ["a@example.org", "b@example.org"], "reported_utc": "2024-01-01",
        "reporter": "Bo Example, Al Example, Cy Example", "fixes": [],
        "by": {"a@example.org": "Al Example", "b@example.org": "Bo Example"},
    }  # fmt: skip
    one = regressions.of_fact(fact, people, {})
    assert one.reports == [
        Report("a@example.org", "al", "2024-01-01"),
        Report("b@example.org", "bo-example", None),
    ]
    assert one.also == ("cy-example",)
    bare = regressions.of_fact({**fact, "by": {}}, people, {})
    assert [report.person for report in bare.reports] == ["", ""]
    assert len(bare.also) == 3


def test_what_came_by_no_mail_names_its_reporter() -> None:
    people = People([])
    one = regressions.of_fact({"title": "t", "reporter": "Bo Example"}, people, {})
    assert one.reports == [Report("", "bo-example", None)]
    assert regressions.of_fact({"title": "t"}, people, {}).reports == []


def claim(utc: str, what: str, value: str = "r") -> Claim:
    came = [Evidence("word", what, "noted"), Evidence("regression", value, "")]
    return Claim(
        "1", "g", "bo", utc, "prediction", "upheld", places=[Place("w@example.org", 0, 1)],
        afterwards=came,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("utc", "what", "foreseen"),
    [
        ("2024-02-28T00:00:00Z", "came true", True),
        ("2024-03-02T00:00:00Z", "came true", False),
        ("2024-02-28T00:00:00Z", "came another way", False),
        ("2024-02-28T00:00:00Z", "did not happen", False),
    ],
)
def test_only_what_was_said_before_and_came_true_foresaw(
    utc: str, what: str, foreseen: bool
) -> None:
    broken = Regression("r", "t", "", "fixed", [Report("m@example.org", "al", "2024-03-01")])
    [one] = _foreseen([broken], [claim(utc, what)])
    assert bool(one.foreseen) is foreseen
    assert one.warnings == ((("1", "noted"),) if foreseen else ())


def test_a_hash_names_the_one_regression_that_it_mends_and_that_it_did_not_cause() -> None:
    broken = [
        Regression("one", "t", "", "fixed", fixes=["aa" * 20]),
        Regression("two", "t", "", "fixed", fixes=["bb" * 20, "cc" * 20]),
        Regression("three", "t", "bb" * 20, "fixed", fixes=["cc" * 20]),
    ]
    assert _mended_alone(broken) == {("aa" * 20)[:12]: "one"}
