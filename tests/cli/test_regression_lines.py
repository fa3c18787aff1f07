"""One regression as text: the way to it, what is not said twice, nothing lost at the edge."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.analyze.regressions.made import BAD, CULPRIT, FIX, SECOND_FIX, commit, report
from threadkit.analyze.regressions.assemble import assemble
from threadkit.analyze.regressions.regression import Regression
from threadkit.analyze.regressions.stories import Story, chains
from threadkit.cli.console import Console
from threadkit.cli.regression_lines import detail, stories

COMMITS = [
    CULPRIT,
    commit(FIX, 20, ("fixes", BAD[:12]), ("closes", "a@example.org"), subject="alsa: first"),
    commit(SECOND_FIX, 60, ("fixes", FIX[:12]), ("closes", "b@example.org"), subject="alsa: last"),
    commit("f4c5" * 10, 80, ("fixes", BAD[:12]), ("closes", "c@example.org"), subject="alsa: aside"),
]  # fmt: skip


@pytest.fixture
def known() -> tuple[list[Regression], list[Story]]:
    mails = [
        report("a", 10, culprit=BAD[:12]),
        report("b", 50, culprit=FIX[:12], who="bo", subject="still gone"),
        report("c", 70, culprit=BAD[:12], who="cy", subject="something else is gone"),
    ]
    found = assemble(mails, COMMITS)
    return found, chains(found, COMMITS)


def shown(one: Regression, known: list[Story] | None = None) -> str:
    return "\n".join(detail(Console(), one, known or ()))


def test_only_the_way_to_it_is_told_of_a_story(
    known: tuple[list[Regression], list[Story]],
) -> None:
    found, told = known
    assert len(told) == 1
    [second] = [one for one in found if one.key == "b@example.org"]
    text = shown(second, told)
    story = text[text.index("alsa: rework the mixer", text.index("\n\n", text.index("\n\n") + 2)) :]
    assert "alsa: first" in story
    assert "still gone" in story
    assert "alsa: last" in story
    assert "something else" not in story
    assert text.endswith("--chains tells what else came of it.")
    assert "something else" in "\n".join(stories(Console(), told))


def test_that_nobody_tracks_it_is_said_once(known: tuple[list[Regression], list[Story]]) -> None:
    assert shown(known[0][0]).count("not tracked") == 1


def test_what_was_written_down_as_another_is_not_maybe_the_same(
    known: tuple[list[Regression], list[Story]],
) -> None:
    maybe = [("x", "same culprit; written down as two")]
    maybe += [(f"{n}@example.org", "same culprit") for n in range(5)]
    text = shown(replace(known[0][0], maybe_same=tuple(maybe)))
    assert "written down" not in text
    assert "2@example.org: same culprit" in text
    assert "3@example.org" not in text
    assert "and 2 more" in text


@pytest.mark.parametrize("columns", [30, 60, 100])
def test_a_story_loses_nothing_at_the_edge_of_a_terminal(
    known: tuple[list[Regression], list[Story]], monkeypatch: pytest.MonkeyPatch, columns: int
) -> None:
    whole = " ".join("\n".join(stories(Console(), known[1])).split())
    monkeypatch.setattr(Console, "columns", property(lambda self: columns))
    lines = list(stories(Console(), known[1]))
    assert max(map(len, lines)) <= columns
    assert " ".join(" ".join(lines).split()) == whole
