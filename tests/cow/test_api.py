"""``tk.cow``: its names, what it loads and when, and how its objects show themselves."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import threadkit as tk
from tests.cow.kernel.worlds import litmuses
from threadkit.cow.diagram.tables import Matrix
from threadkit.cow.library import scenario_names
from threadkit.cow.litmus.errors import LitmusError
from threadkit.cow.litmus.format import format_litmus
from threadkit.cow.suite import check, promote
from threadkit.cow.suite.golden import NoFile

MINE = """COW mine question "Does the child see a later <write>?"
{ x = anon rw 1 2; }
parent: fork child;
parent: write x[0] = 3;
exists (child:x[0] = 3)"""

PROBE = """
import json, sys
before = set(sys.modules)
{program}
print(json.dumps(sorted(set(sys.modules) - before)), file=sys.stderr)
"""

USE = """
import threadkit as tk
scenario = tk.cow.scenario("S4")
one, other = scenario.run("refcount_nofork"), scenario.run("forced_gup_cow")
diff = one.diff(other)
matrix = tk.cow.matrix_of([scenario, tk.cow.parse(str(scenario))], tk.cow.base_eras())
for shown in (one, diff, matrix):
    assert "text/html" in shown._repr_mimebundle_()
scenario.trace("mm_id")
"""


def loaded(program: str) -> set[str]:
    """Return the modules that a program adds to what Python itself has loaded."""
    done = subprocess.run(
        [sys.executable, "-c", PROBE.format(program=program)],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return set(json.loads(done.stderr))


def ours(modules: set[str]) -> set[str]:
    return {name for name in modules if name.partition(".")[0] == "threadkit"}


def foreign(modules: set[str]) -> set[str]:
    tops = {name.partition(".")[0] for name in modules}
    return tops - sys.stdlib_module_names - {"threadkit"}


def test_every_public_name_is_there_and_documented() -> None:
    assert len(set(tk.cow.__all__)) == len(tk.cow.__all__)
    for name in tk.cow.__all__:
        found = getattr(tk.cow, name)
        assert name == "MODEL_VERSION" or found.__doc__
    assert dir(tk.cow) == sorted(tk.cow.__all__)
    assert tk.cow.scenario is tk.cow.scenario


def test_names_of_the_door_are_those_that_type_checkers_see() -> None:
    """What is loaded on first use and what is imported for types must not drift apart."""
    tree = ast.parse(Path(str(tk.cow.__file__)).read_text(encoding="utf-8"))
    typed = {
        alias.asname or alias.name: (str(node.module), alias.name)
        for block in tree.body
        if isinstance(block, ast.If)
        for node in block.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert set(typed) == set(tk.cow.__all__)
    for name, (module, attribute) in typed.items():
        home = __import__(module, fromlist=[attribute])
        assert getattr(tk.cow, name) is getattr(home, attribute)


def test_an_unknown_name_is_named() -> None:
    with pytest.raises(AttributeError, match=r"'threadkit\.cow' has no attribute 'scenarioo'"):
        tk.cow.scenarioo  # noqa: B018


def test_the_model_is_loaded_when_it_is_used_and_not_before() -> None:
    assert ours(loaded("import threadkit")) == {"threadkit", "threadkit.errors"}
    door = {"threadkit", "threadkit.errors", "threadkit.cow"}
    assert ours(loaded("import threadkit; dir(threadkit.cow)")) == door
    eras = ours(loaded("import threadkit; threadkit.cow.base_eras()"))
    engine = ("threadkit.cow.kernel", "threadkit.cow.explore", "threadkit.cow.diagram")
    assert not {name for name in eras if name.startswith(engine)}


def test_running_and_drawing_needs_the_standard_library_alone() -> None:
    modules = loaded(USE)
    assert foreign(modules) == set()
    others = {name for name in ours(modules) if not name.startswith("threadkit.cow")}
    assert others == {"threadkit", "threadkit.errors"}
    assert not modules & {"sqlite3", "socket", "ssl", "subprocess", "multiprocessing", "asyncio"}


def test_no_module_of_the_model_needs_more() -> None:
    modules = loaded(
        "import threadkit.cow, pkgutil, importlib\n"
        "for one in pkgutil.walk_packages(threadkit.cow.__path__, 'threadkit.cow.'):\n"
        "    importlib.import_module(one.name)"
    )
    assert "threadkit.cow.witness.qemu" in modules
    assert foreign(modules) == set()
    others = {name for name in ours(modules) if not name.startswith("threadkit.cow")}
    assert others == {"threadkit", "threadkit.errors"}


def test_objects_show_themselves_where_there_is_no_ipython() -> None:
    blocked = "sys.modules['IPython'] = None\n"
    assert "threadkit.cow.diagram.trace" in loaded(blocked + USE)


def test_an_outcome_is_pictures_and_text() -> None:
    outcome = tk.cow.scenario("S4").run("refcount_nofork")
    bundle = outcome._repr_mimebundle_(include=None, exclude=None)
    assert bundle == {"text/plain": str(outcome), "text/html": outcome._repr_html_()}
    assert bundle["text/plain"].startswith("Test S4 Allowed\n")
    assert "<svg" in bundle["text/html"]
    assert "<script" not in bundle["text/html"]


def test_a_difference_is_the_steps_where_two_part_and_text() -> None:
    scenario = tk.cow.scenario("S4")
    diff = scenario.run("forced_gup_cow").diff(scenario.run("refcount_nofork"))
    bundle = diff._repr_mimebundle_()
    assert bundle["text/plain"] == str(diff)
    assert "They part at statement 4" in bundle["text/plain"]
    assert "<svg" in bundle["text/html"]


def test_a_matrix_is_a_table_in_html_and_in_text() -> None:
    mine = tk.cow.parse(MINE)
    matrix = tk.cow.matrix_of([mine, tk.cow.scenario("S4")], tk.cow.base_eras()[-3:])
    bundle = matrix._repr_mimebundle_()
    assert bundle == {"text/plain": str(matrix), "text/html": matrix._repr_html_()}
    html = bundle["text/html"]
    assert "a later &lt;write&gt;?" in html
    assert html.count('scope="row"') >= 2
    assert html.count("<td") == 1 + 2 * 3, "the corner, and a cell for each"
    assert [line.split()[0] for line in str(matrix).splitlines()[1:3]] == ["mine", "S4"]


def test_a_matrix_of_nothing_shows_itself() -> None:
    empty = Matrix((), ())
    assert "<table" in empty._repr_html_()
    assert "m missed" in str(empty)


def test_text_is_a_scenario() -> None:
    mine = tk.cow.parse(MINE)
    assert (mine.name, mine.path) == ("mine", None)
    assert mine.run("mm_id").verdict == "Never"
    assert mine.run("mm_id").diff(mine.run("refcount_nofork")).left.scenario == "mine"


def test_text_that_is_none_is_refused_where_it_goes_wrong() -> None:
    with pytest.raises(LitmusError, match=r"^<text>:3:9: .*did you mean 'fork'"):
        tk.cow.parse(MINE.replace("fork", "fokr"))
    with pytest.raises(LitmusError, match=r"^cell 7:3:9: "):
        tk.cow.parse(MINE.replace("fork", "fokr"), "cell 7")


def test_text_has_no_golden_file() -> None:
    mine = tk.cow.parse(MINE)
    with pytest.raises(NoFile, match="mine was given as text: write it to a file"):
        list(check([mine], tk.cow.base_eras()[:1]))
    with pytest.raises(tk.ThreadkitError):
        list(promote([mine], tk.cow.base_eras()[:1]))


@given(litmuses(5))
def test_a_scenario_as_a_string_is_the_scenario(litmus) -> None:
    one = tk.cow.parse(format_litmus(litmus))
    assert one.litmus == litmus
    assert tk.cow.parse(str(one)) == one


@given(st.sampled_from(tk.cow.scenarios()))
def test_shipped_scenarios_print_as_text_that_is_read_again(scenario) -> None:
    assert tk.cow.parse(str(scenario)).litmus == scenario.litmus
    assert scenario._repr_mimebundle_()["text/plain"] == str(scenario)


def test_names_are_those_of_the_scenarios() -> None:
    assert scenario_names() == tuple(one.name for one in tk.cow.scenarios())


def test_an_outcome_of_text_is_that_of_the_file() -> None:
    shipped = tk.cow.scenario("S7")
    copy = tk.cow.parse(str(shipped))
    for era in tk.cow.base_eras():
        assert copy.run(era).to_dict() == shipped.run(era).to_dict()


def test_what_the_notebook_says_of_six_scenarios_is_so() -> None:
    """Each of them shows something; every kernel up to 5.18 does, and none after it."""
    names = ("S4", "S4b", "S5", "S5s", "S7", "S8")
    eras = tk.cow.base_eras()
    matrix = tk.cow.matrix_of([tk.cow.scenario(name) for name in names], eras)
    shows = [[cell is not None and cell.verdict != "Never" for cell in row.cells]
             for row in matrix.rows]  # fmt: skip
    assert all(any(row) for row in shows)
    last = [era.key for era in eras].index("refcount_swapaware")
    assert [any(column) for column in zip(*shows, strict=True)] == [
        at <= last for at in range(len(eras))
    ]
