"""The README names everything that there is, and what it tells one to type works."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import click
import pytest

import threadkit as tk
from tests import readme
from tests.sample_mail import PEOPLE
from tests.servers.letters import ENGINE
from tests.servers.loreservers import PublicInbox
from threadkit.cli.app import COMMANDS, app
from threadkit.pipeline.samples import sample_threads
from threadkit.store.search_syntax import DATE_PREFIXES, FIELD_PREFIXES, TEXT_PREFIXES

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
CHANGELOG = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
NOTEBOOK = (ROOT / "notebooks" / "01_read_a_thread.ipynb").read_text(encoding="utf-8")
TYPED = re.findall(r"^\$ (threadkit .*)$", README, re.MULTILINE)


def all_commands() -> list[str]:
    context = click.Context(app)
    found = []
    for name in COMMANDS:
        command = app.get_command(context, name)
        found.append(name)
        if isinstance(command, click.Group):
            found += [f"{name} {part}" for part in command.commands]
    return found


def all_options() -> list[tuple[str, str]]:
    context = click.Context(app)
    return [
        (name, option)
        for name in COMMANDS
        for param in app.get_command(context, name).params
        for option in param.opts
        if option.startswith("--")
    ]


# -- what is there is named ------------------------------------------------------------


@pytest.mark.parametrize("name", all_commands())
def test_every_command_has_its_help(name: str) -> None:
    assert f"Usage: threadkit {name} " in README


def test_every_option_is_there() -> None:
    assert not [pair for pair in all_options() if pair[1] not in README]


@pytest.mark.parametrize("name", [name for name, _ in readme.schema()])
def test_every_table_and_view_is_described(name: str) -> None:
    assert re.search(rf"^(#### `{name}`|\| `{name}` \|)", README, re.MULTILINE)


def test_every_table_says_what_it_is_and_every_column_is_listed() -> None:
    for name, sql in readme.schema():
        if not sql.startswith("CREATE TABLE"):
            continue
        section = README.partition(f"#### `{name}`\n")[2].partition("\n#")[0]
        assert re.match(r"\n\S.*\n\n\| columns", section), name
        with readme.closing(readme.open_write(":memory:").conn) as conn:
            columns = [row[1] for row in conn.execute(f"PRAGMA table_info({name})")]
        described = re.findall(r"`(\w+)` \(", section)
        assert described == columns, name


@pytest.mark.parametrize("cls", readme.error_classes(), ids=lambda cls: cls.__name__)
def test_every_error_has_its_exit_code(cls: type[tk.ThreadkitError]) -> None:
    assert f"| `{cls.__name__}` | {cls.exit_code} |" in README


@pytest.mark.parametrize("lexicon", readme.LEXICA)
def test_every_word_that_a_row_can_hold_is_explained(lexicon: str) -> None:
    for word, text in readme.LEXICA[lexicon].items():
        assert f"| `{word}` | " in README, word
        assert " ".join(text.split())[:20].replace("<", "&lt;") in README, word


def test_what_the_samples_hold_is_explained(tmp_path: Path) -> None:
    with tk.open(tmp_path / "t.db", create=True) as archive:
        archive.import_mail(tk.samples())
        found = archive.stats()
        for word in (*found.defects, *found.blocks, *found.quotes, *found.parent_rules):
            assert f"`{word}`" in README, word
        assert len(sample_threads(archive)) == found.threads
        for row in archive.query("SELECT kind FROM source"):
            assert f"`{row['kind']}`" in README


@pytest.mark.parametrize("prefix", sorted({*TEXT_PREFIXES, *FIELD_PREFIXES, *DATE_PREFIXES}))
def test_every_prefix_of_a_search_is_there(prefix: str) -> None:
    assert f"`{prefix}:" in README or prefix == "m"  # a short form of mid:


@pytest.mark.parametrize("code", [0, 1, 2, 3, 4, 5, 130])
def test_every_exit_code_is_there(code: int) -> None:
    assert re.search(rf"^\| {code} \| \w", README, re.MULTILINE)


@pytest.mark.parametrize("name", ["open", "import_mail", "samples"])
def test_the_functions_of_the_package_are_there(name: str) -> None:
    assert name in tk.__all__
    assert f"tk.{name}(" in README


# -- what it tells one to type works ---------------------------------------------------


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("readme")
    readme.prepare(path)
    return path


@pytest.fixture(scope="module")
def changing(folder: Path) -> dict[str, str]:
    """What the commands print that use a database of their own: one changes what the next sees."""
    return {one: readme.run(one, folder) for one in TYPED if " --db " in one}


def test_there_is_something_to_type() -> None:
    assert len(TYPED) > 5


@pytest.mark.parametrize("command", TYPED)
def test_every_command_line_works(
    command: str, folder: Path, request: pytest.FixtureRequest
) -> None:
    if " --db " in command:
        printed = request.getfixturevalue("changing")[command]
    else:
        printed = readme.run(command, folder)
    first = next(line for line in printed.split("\n") if line)
    assert f"$ {command}\n{first}".rstrip() in README


def test_the_commands_for_a_lore_link_work(lore: PublicInbox, tmp_path: Path) -> None:
    section = README.partition("### I have a lore link\n")[2].partition("### ")[0]
    commands = section.partition("```console\n")[2].partition("```")[0].splitlines()
    assert len(commands) == 5
    for command in commands:
        named = command.replace("MESSAGE-ID", ENGINE[0])
        nothing = " || test $? -eq 1" if "claims" in command or "regressions" in command else ""
        readme.run(named + nothing, tmp_path, THREADKIT_LORE=lore.url)
    pages = (tmp_path / "pages" / "thread.html").read_text(encoding="utf-8")
    assert "engine: cards" in pages


def test_the_shell_finds_every_script_and_make_target() -> None:
    targets = set(re.findall(r"`make ([\w-]+)`|^make ([\w-]+)$", README, re.MULTILINE))
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in {one or other for one, other in targets}:
        assert target == "help" or re.search(rf"^{target}:.*#-", makefile, re.MULTILINE), target
    assert re.search(r"^help:", makefile, re.MULTILINE)


def test_links_lead_to_files_that_are_there() -> None:
    for target in re.findall(r"\]\((?!http)([^)#]+)\)", README):
        assert (ROOT / target).exists(), target
    assert (ROOT / "notebooks" / "01_read_a_thread.ipynb").exists()


def test_nothing_of_this_machine_is_in_it() -> None:
    for word in (str(ROOT), str(Path.home()), "/tmp/", "site-packages"):
        assert word not in README or word == "/"
    assert not re.search(r"0x[0-9a-f]{6,}", README)


def test_the_generated_parts_are_marked() -> None:
    assert README.count("[[[cog") == README.count("[[[end]]]") > 15


# -- the rest --------------------------------------------------------------------------


def test_mail_in_the_documents_comes_from_nobody() -> None:
    known = {address.partition("<")[2].rstrip(">") for address in PEOPLE.values()}
    facts = {one.id for one in tk.open_casebook("cow-2020").messages}  # Message-IDs are none
    for address in re.findall(r"[\w.-]+@[\w.-]*\w", README + NOTEBOOK + CHANGELOG):
        made_up = address.endswith(("@example.org", ".example.org"))
        assert made_up or address in known | facts, address


def test_the_changelog_has_this_version_and_its_verdicts() -> None:
    heads = re.findall(r"^## \[([^]]+)\]", CHANGELOG, re.MULTILINE)
    assert heads[0] == "Unreleased"
    assert tk.__version__ in heads
    sections = re.split(r"^## ", CHANGELOG, flags=re.MULTILINE)[1:]
    assert all("### Changed verdicts" in section for section in sections)


def test_a_command_that_fails_is_not_shown(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="no such database"):
        readme.run("threadkit threads", tmp_path)


def test_make_help_names_every_target() -> None:
    done = subprocess.run(
        ["make", "-s", "help"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    for target in ("demo", "test", "check", "docs", "notebooks", "bench"):
        assert re.search(rf"^  {target} +\S", done.stdout, re.MULTILINE)
