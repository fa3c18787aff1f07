"""What is told first of a site: chosen by rules, from its values alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.site.example_site import bare_site, example_site
from threadkit.site.highlights import Highlight, highlights
from threadkit.site.values import Claim, Evidence, Report, Site, Tested

CAME = (Evidence("word", "came true", ""), Evidence("regression", "stale-data", ""))
REFUTES = Tested("S4", "refutes", "", (("refcount_nofork", "Always", "Always"),))
SUPPORTS = REFUTES._replace(stance="supports")


def changed(site: Site, key: str, **values: object) -> Site:
    """Return the site with one claim changed."""
    claims = [replace(one, **values) if one.id == key else one for one in site.claims]  # type: ignore[arg-type]
    return replace(site, claims=claims)


def titled(site: Site, part: str) -> Highlight | None:
    return next((one for one in highlights(site) if part in one.title), None)


def claim(site: Site, key: str) -> Claim:
    return next(one for one in site.claims if one.id == key)


@pytest.fixture
def site() -> Site:
    return changed(example_site(), "1", afterwards=CAME)


def test_a_warning_is_told_with_its_report_and_the_days_between(site: Site) -> None:
    found = titled(site, "came true")
    assert found is not None
    assert found.title == "A warning came true 170 days later"  # 3 March 11:30, 20 August 15:45
    assert found.lines[0] == f"3 Mar 2025, Bo Sample: {claim(site, '1').gist}"
    assert found.lines[1].startswith("20 Aug 2025, Eve Placeholder: A device reads stale data")
    assert found.lines[2] == "It is fixed after 13 days, by 1 commit."
    assert found.lines[3].startswith("In the model (S4): ")
    assert found.lines[3].endswith("Yes in 5.9-rc4..5.9-rc6, no in 6.0..6.1.")
    assert found.commands == (("casebook", "show", "pool-2025", "1"), ("cow", "run", "S4"))


@pytest.mark.parametrize(
    "values",
    [
        {"afterwards": CAME[:1]},  # no regression is named
        {"afterwards": (Evidence("word", "did not happen", ""), CAME[1])},
        {"where": "after"},
        {"utc": "2025-08-21T00:00:00Z"},  # said when it was known
        {"utc": None},
        {"gist": ""},
        {"state": "automatic"},
    ],
)
def test_what_did_not_come_true_as_foretold_is_not_told(
    site: Site, values: dict[str, object]
) -> None:
    assert titled(changed(site, "1", **values), "came true") is None


def test_the_earliest_warning_is_told_and_of_one_mail_the_soonest(site: Site) -> None:
    other = replace(
        site.regressions[0],
        key="other",
        title="Something else broke",
        reports=[Report("", "finn", "2025-03-05T00:00:00Z")],
    )
    afterwards = (*CAME, Evidence("regression", "Something else broke", ""))
    more = replace(site, regressions=[*site.regressions, other])
    found = titled(changed(more, "1", afterwards=afterwards), "came true")
    assert found is not None
    assert found.title.endswith(" 1 day later")
    assert "Finn Fixture: Something else broke" in found.lines[1]
    later = changed(more, "3", afterwards=afterwards)  # of 4 March
    found = titled(later, "came true")
    assert found is not None
    assert "Bo Sample" in found.lines[0]


def test_what_is_unanswered_is_counted_and_what_the_model_bears_out_is_shown(site: Site) -> None:
    found = titled(site, "no direct reply")
    assert found is not None
    assert found.title == "1 of 6 claims had no direct reply"
    assert found.lines == (
        "The model bears out none of them.", "5 Mar 2025, Di Instance: Two pins of one task are told apart by"
        " nothing.",
    )  # fmt: skip
    borne = changed(changed(site, "3", status="unanswered", tested=[SUPPORTS]), "4", tested=[])
    found = titled(borne, "no direct reply")
    assert found is not None
    assert found.lines[0] == "The model bears out 1 of them."
    assert found.commands == (("casebook", "show", "pool-2025", "3"),)


def test_what_the_model_refutes_is_told_by_how_much_of_it_does(site: Site) -> None:
    assert titled(site, "refutes") is None
    once = changed(site, "3", tested=[REFUTES])
    twice = changed(once, "2", tested=[REFUTES, REFUTES._replace(scenario="S5")])
    found = titled(twice, "refutes")
    assert found is not None
    assert found.title == "The model refutes 2 claims of 2 people"
    assert "Cy Specimen" in found.lines[1]
    assert found.lines[2] == "Refuted by 2 scenarios; contested."
    both = changed(twice, "2", tested=[REFUTES, SUPPORTS])  # that depends on the kernel
    found = titled(both, "refutes")
    assert found is not None
    assert found.title == "The model refutes 1 claim of 1 person"
    assert "2 hold under the rules of some kernels only" in found.lines[0]


def test_real_kernels_are_told_of_where_their_scenarios_are(site: Site) -> None:
    assert titled(site, "real kernels") is None
    found = titled(replace(site, scenarios=("S4", "S5", "S7b")), "real kernels")
    assert found is not None
    assert "leaks on 5.10 with the mapcount rule; safe on 5.10 as it is and 6.1" in found.lines[0]
    assert found.lines[1].partition(": ")[2].startswith("lost on 5.10 as it is; coherent on")
    assert found.commands == (("cow", "witness", "S5", "S7b"),)


def test_what_is_open_is_told_with_regressions_that_nobody_fixed(site: Site) -> None:
    found = titled(site, "open still")
    assert found is not None
    assert found.title == "1 claim is open still, the newest of 3 Mar 2025"
    assert len(found.lines) == 1
    broken = replace(site, regressions=[replace(site.regressions[0], state="open")])
    found = titled(changed(broken, "4", status="open"), "open still")
    assert found is not None
    assert found.title == "2 claims are open still, the newest of 5 Mar 2025"
    assert found.lines[1] == "And nothing says that 1 of 1 regression is fixed."


def test_of_a_thread_without_claims_nothing_is_told() -> None:
    assert highlights(bare_site()) == []
