"""What the engine's docstrings say of commits and releases is what the eras say."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest

import threadkit.cow.kernel
from threadkit.cow import policy
from threadkit.cow.eras.commits import COMMITS
from threadkit.cow.eras.release import Release, release_named
from threadkit.cow.eras.timeline import MAINLINE
from threadkit.cow.kernel.compile import START
from threadkit.cow.kernel.steps import FUNCTION, NUMBER, STEPS

HASH = re.compile(r"\b(?=[0-9]*[a-f])(?=[a-f]*[0-9])[0-9a-f]{7,40}\b")
SAYS = re.compile(
    r"""(?P<sha>\b[0-9a-f]{12}\b)
    (?:\s\("(?P<subject>[^"]+)"\)?)?
    (?:,\s|\s\()?
    (?P<release>\b\d\.\d+(?:\.\d+)?(?:-rc\d+)?\b)?""",
    re.VERBOSE,
)
NO_FUNCTION = {"user access", "device"}
FOLDER = Path(threadkit.cow.kernel.__file__).parent
MODULES = (*sorted(FOLDER.glob("*.py")), Path(policy.__file__))
Owner = ast.Module | ast.FunctionDef | ast.ClassDef


def docstrings(path: Path) -> Iterator[tuple[str, str]]:
    """Give the names of what has a docstring in a module, and the docstrings on one line."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, Owner):
            text = ast.get_docstring(node)
            name = "" if isinstance(node, ast.Module) else node.name
            if text:
                yield f"{path.stem}.{name}", " ".join(text.split())


TEXTS = [one for path in MODULES for one in docstrings(path)]
NAMED = [(where, found) for where, text in TEXTS for found in SAYS.finditer(text)]
CHANGED_BY = {
    field: {
        commit.sha for one in MAINLINE if one.value(field) is not None for commit in one.commits
    }
    for field in (one.name for one in fields(policy.Policy))
}


def first_with(sha: str) -> Release:
    """Return the first release of the mainline that has a commit."""
    named = [one.release for one in MAINLINE if any(sha == c.sha for c in one.commits)]
    return min(map(release_named, named))


def test_docstrings_name_commits_by_twelve_digits() -> None:
    """A shorter or longer id is a slip of the pen; there are dozens of them."""
    ids = [(where, found[0]) for where, text in TEXTS for found in HASH.finditer(text)]
    assert [one for one in ids if len(one[1]) != 12] == []
    assert len(ids) > 40


def test_docstrings_name_commits_that_the_eras_know() -> None:
    """Each is in the table, with its subject, its date and how it was checked."""
    assert [(where, found["sha"]) for where, found in NAMED if found["sha"] not in COMMITS] == []


@pytest.mark.parametrize(
    ("where", "sha", "release"),
    [
        (where, one["sha"], one["release"])
        for where, one in NAMED
        if one["release"] and any(one["sha"] in shas for shas in CHANGED_BY.values())
    ],
)
def test_a_release_behind_a_commit_is_the_first_that_has_it(
    where: str, sha: str, release: str
) -> None:
    """``5.9`` stands for any candidate of 5.9, ``5.9-rc7`` for itself."""
    said, true = release_named(release), first_with(sha)
    assert said.series == true.series, where
    assert "-rc" not in release or said == true, where


@pytest.mark.parametrize(
    ("where", "sha", "subject"),
    [(where, one["sha"], one["subject"]) for where, one in NAMED if one["subject"]],
)
def test_a_subject_behind_a_commit_is_its_own(where: str, sha: str, subject: str) -> None:
    """Word for word, as in the table of commits."""
    assert subject == COMMITS[sha].subject, where


@pytest.mark.parametrize("field", [name for name, shas in CHANGED_BY.items() if shas])
def test_every_decision_names_a_commit_where_it_is_done(field: str) -> None:
    """Whoever reads the rule finds the commit that changed it, in the engine itself."""
    here = {found["sha"] for where, found in NAMED if not where.startswith("policy.")}
    assert here & CHANGED_BY[field]


def test_every_micro_step_names_its_kernel_function_and_says_what_it_does() -> None:
    """Traces show the function; the docstring is what a reader of the rule reads."""
    assert set(START.values()) <= set(NUMBER)
    names = {name: FUNCTION[number] for name, number in NUMBER.items()}
    odd = {name for name, function in names.items() if not function.isidentifier()}
    assert {names[name] for name in odd} <= NO_FUNCTION
    assert [one.__name__ for one in STEPS if one is not None and not one.__doc__] == []
