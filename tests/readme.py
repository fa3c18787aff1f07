"""Generated parts of the README: what the program says of itself, in Markdown.

The README calls these functions in cog blocks (``make docs`` rewrites them, ``make
docs-check`` compares). Nothing here depends on the machine, the clock or the terminal.
"""

from __future__ import annotations

import inspect
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Iterator, Mapping
from contextlib import chdir, closing, redirect_stdout
from copy import copy
from functools import cache
from io import StringIO
from pathlib import Path
from typing import get_args

import click

import threadkit.errors
from tests.eval.arguments.table import markdown, prose
from tests.sample_mail import PEOPLE, SUBJECT
from tests.sample_saga import CACHED, OLD, USERS
from threadkit.analyze import lexicon as words
from threadkit.analyze.quotes import METHODS
from threadkit.cli.app import COMMANDS, EPILOG, app
from threadkit.cli.options import global_options, list_options
from threadkit.cow.suite.front import front
from threadkit.errors import ThreadkitError
from threadkit.fetch.limits import MIB, Limits
from threadkit.fetch.problems import NOTES, PROBLEMS
from threadkit.fetch.web.manners import Manners
from threadkit.graph.evidence import EDGES, NODES
from threadkit.graph.people import KEPT_APART
from threadkit.graph.people import RULES as PEOPLE_RULES
from threadkit.graph.replies import RULES as PARENT_RULES
from threadkit.mail.block import BlockKind
from threadkit.mail.defects import DEFECT_KINDS
from threadkit.pipeline.shipped import shipped
from threadkit.store import search_syntax
from threadkit.store.connection import open_read, open_write
from threadkit.store.finding import FINDINGS

TRANSCRIBED = {"transcribed": "from a saved page, not the mail as it was sent"}
FIGURES = Path(__file__).parent / "eval" / "arguments" / "figures.json"
ENVIRONMENT = {
    "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
    "PYTHONUTF8": "1",
    "HOME": os.devnull,
}
QUESTION = """\
From: Ada Example <ada@example.org>
Subject: A question
Date: Mon, 06 Jan 2025 09:00:00 +0000
Message-ID: <question-1@example.org>

What did 09854ba94c6a ("mm: do_wp_page() simplification") break?
"""
PAGES = "All of it as web pages"
"""With this the demo begins to tell of its pages."""

SCENARIO = """\
COW mine

question "A child puts the parent's page into a pipe and unmaps it: what does the pipe give when
    the parent has written?"

{ x = anon rw 1 2; }

parent: fork child;
child: vmsplice v = x;
child: munmap x;
parent: write x[0] = 3;
child: r0 = pipe_read v[0];

exists (child:r0 = 3)
"""
LEXICA: Mapping[str, Mapping[str, str]] = {
    "parent rules": PARENT_RULES,
    "people rules": PEOPLE_RULES,
    "kept apart": KEPT_APART,
    "quote methods": METHODS,
    "defects": DEFECT_KINDS | TRANSCRIBED,
    "problems": {
        kind: f"{text} (costs no mail)" if kind in NOTES else text
        for kind, text in PROBLEMS.items()
    },
    "findings": FINDINGS,
    "citation roles": words.ROLES,
    "mails of a commit": words.MAIL_KINDS,
    "link rules": words.LINK_RULES,
    "fates": words.FATES,
    "revision kinds": words.REVISION_KINDS,
    "states": words.STATES,
    "signals": words.SIGNALS,
    "moods": words.MOODS,
    "outcomes": words.OUTCOMES,
    "languages": words.LANGUAGES,
    "labels": words.LABELS,
    "claim kinds": words.CLAIM_KINDS,
    "bearings": words.BEARINGS,
    "stances": words.STANCES,
    "statuses": words.STATUSES,
    "finding states": words.FINDING_STATES,
    "point kinds": words.POINT_KINDS,
    "point outcomes": words.POINT_OUTCOMES,
    "answers": words.ANSWERS,
    "decision kinds": words.DECISION_KINDS,
    "owed": words.OWED,
    "scenario stances": words.SCENARIO_STANCES,
    "corrected": words.CORRECTED,
    "nodes": {kind: text for kind, text in NODES.items() if kind not in ("claim", "scenario")},
    "edges": {kind: edge.meaning for kind, edge in EDGES.items()},
}
"""Closed lists of words that rows can hold, and what they mean."""


# -- what the program prints -----------------------------------------------------------


@cache
def _demo() -> tempfile.TemporaryDirectory[str]:
    folder = tempfile.TemporaryDirectory()
    prepare(Path(folder.name))
    return folder


def prepare(folder: Path) -> None:
    """Make what the README's commands work on: the sample mail, and what somebody may have."""
    run("threadkit demo --tour", folder)
    shutil.copyfile(shipped("samples") / "argument.mbox", folder / "list.mbox")
    (folder / "mine.litmus").write_text(SCENARIO, encoding="utf-8")
    (folder / "question.eml").write_text(QUESTION, encoding="utf-8")
    (folder / "pool" / "pool").mkdir(parents=True)
    run("git init -q -b main .", folder / "pool")
    for title, person, written, committed, test in (
        (OLD, "Bo Sample", "2024-11-12T09:00:00Z", "2024-11-15T09:00:00Z", USERS),
        (SUBJECT, "Ada Example", "2025-03-10T09:01:00Z", "2025-03-17T09:00:00Z", CACHED),
    ):
        lines = ("int pool_write(struct buffer *buf)", "{", "\tif (!buf)", "\t\treturn -1;", test,
                 "\t\treturn reuse(buf);", "\treturn copy(buf);", "}", "")  # fmt: skip
        (folder / "pool" / "pool" / "buffer.c").write_text("\n".join(lines), encoding="utf-8")
        email = PEOPLE[person.split(" ")[0].lower()].partition("<")[2].rstrip(">")
        run(
            f"git add . && GIT_AUTHOR_DATE={written} GIT_COMMITTER_DATE={committed}"
            f" git -c user.name={shlex.quote(person)} -c user.email={email}"
            f" commit -q -m {shlex.quote(title)}",
            folder / "pool",
        )


def run(command: str, folder: Path, **more: str) -> str:
    """Run a command line in a folder, with more in its environment; return what it prints."""
    env = {**ENVIRONMENT, **more}
    done = subprocess.run(
        command, shell=True, cwd=folder, env=env, capture_output=True, encoding="utf-8"
    )
    if done.returncode:
        raise RuntimeError(f"{command}: {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def shell(*commands: str, lines: int | None = None) -> str:
    """Show commands and their output over the sample mail; ``lines`` cuts it."""
    shown = []
    for command in commands:
        printed = run(command, Path(_demo().name)).rstrip("\n").split("\n")
        cut = [*printed[:lines], "..."] if lines and len(printed) > lines else printed
        shown.append("\n".join([f"$ {command}", *(line.rstrip() for line in cut)]))
    return _fenced("console", "\n\n".join(shown))


def python(*statements: str) -> str:
    """Show Python statements and their output over the sample mail."""
    shown, names = StringIO(), {}
    with chdir(_demo().name), redirect_stdout(shown):
        for statement in statements:
            first, *more = statement.split("\n")
            shown.writelines([f">>> {first}\n", *(f"... {line}\n" for line in more)])
            exec(compile(statement + "\n", "<README>", "single"), names)
        if "archive" in names:
            names["archive"].close()
    return _fenced("pycon", shown.getvalue().rstrip("\n"))


def demo_output() -> str:
    """Show what the demo tells, without where its pages are; it runs in a folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        printed = run("threadkit demo", Path(folder))
    return _fenced("console", f"$ make demo\n{printed.partition(PAGES)[0].rstrip()}\n...")


def how_well_arguments_are_read() -> str:
    """Name the two figures that one should know before one believes what was found."""
    sets = json.loads(FIGURES.read_text("utf-8"))["sets"]
    of = {one["name"]: one for one in sets["doubly labelled"]["figures"]}
    claims, attacks = of["claims found, F1"], of["attack, F1"]
    text = (
        f"Who argues what is found badly: F1 {claims['value']:.2f} for claims and"
        f" {attacks['value']:.2f} for attacks, where one reader measured by another has"
        f" {claims['readers']:.2f} and {attacks['readers']:.2f} ([all figures](#how-sure-it-is))."
        " That is why pages and articles have only what a person reviewed."
    )
    return textwrap.fill(text, 98, initial_indent="- ", subsequent_indent="  ",
                         break_on_hyphens=False, break_long_words=False) + "\n"  # fmt: skip


def claim_in(mail: str) -> str:
    """Name the first claim of a mail, as ``c6``: numbers change when a model is trained anew."""
    with closing(open_read(Path(_demo().name) / "threadkit.db")) as conn:
        (name,) = conn.execute(
            "SELECT c.id FROM claim c JOIN message m ON m.id = c.message"
            " WHERE m.message_id = ? AND c.state = 'automatic' ORDER BY c.start",
            (mail,),
        ).fetchone()
    return str(name)


def shipped_facts() -> str:
    """Count the facts that come with threadkit, without the made-up ones."""
    commits, regressions = (
        sum(len(path.read_text("utf-8").splitlines()) for path in shipped(name).glob("cow*.jsonl"))
        for name in ("commits", "regressions")
    )
    return (
        f"Facts of {commits} commits and of {regressions} regressions of copy-on-write come with"
        " threadkit, each with\nwhere it is known from (`data/commits`, `data/regressions`).\n"
    )


def both_right() -> str:
    """Return the table of kernels and two scenarios, as real kernels answered."""
    return front().markdown()


def argument_figures() -> str:
    """Return how well arguments are read, as ``make eval EVAL="--arguments --write"`` wrote it."""
    found = json.loads(FIGURES.read_text("utf-8"))
    return "\n".join([*prose(found), "", *markdown(found)]) + "\n"


def help_text() -> str:
    """Return the program's own help."""
    context = click.Context(app, info_name="threadkit", terminal_width=80, **app.context_settings)
    return _fenced("text", app.get_help(context))


def commands() -> str:
    """Return the help of every command, without the options that many share."""
    return "\n".join(_commands())


def shared_options() -> str:
    """Return the options of every command, and those of every command that lists."""
    parts = []
    for text, options in (
        ("Every command knows these; they may also stand before its name:", global_options),
        ("Every command that lists something knows these:", list_options(20)),
    ):
        command = click.Command("command", params=_params(options))
        parts += [text, "", _fenced("text", _options(command))]
    return "\n".join(parts)


def targets() -> str:
    """Return the targets of the Makefile."""
    makefile = Path(__file__).resolve().parents[1] / "Makefile"
    found = re.findall(r"^([\w-]+):.*?#- (.*)$", makefile.read_text("utf-8"), re.MULTILINE)
    return _table(("make", "what it does"), [(f"`{name}`", text) for name, text in found])


def exit_codes() -> str:
    """Return the table of exit codes."""
    found = re.findall(r"(\d+) ([^;.]+)", EPILOG.replace("\n", " "))
    return _table(("code", "meaning"), found)


def _commands() -> Iterator[str]:
    for name in COMMANDS:
        context = click.Context(app, info_name="threadkit")
        command = app.get_command(context, name)
        assert command is not None
        yield f"### `threadkit {name}`\n"
        yield _fenced("text", _help(command, context, name))
        if isinstance(command, click.Group):
            outer = click.Context(command, info_name=name, parent=context)
            for part in command.list_commands(outer):
                inner = command.get_command(outer, part)
                assert inner is not None
                yield _fenced("text", _help(inner, outer, part))


def _help(command: click.Command, parent: click.Context, name: str) -> str:
    shared = {param.name for param in (*_params(global_options), *_params(list_options()))}
    listing = any(param.name == "no_headers" for param in command.params)
    own = copy(command)
    own.add_help_option = False
    own.params = [
        param
        for param in command.params
        if param.name not in shared or (param.name == "format" and not listing)
    ]
    return own.get_help(click.Context(own, info_name=name, parent=parent, terminal_width=80))


def _options(command: click.Command) -> str:
    command.add_help_option = False
    context = click.Context(command, terminal_width=80)
    return command.get_help(context).partition("Options:\n")[2]


def _params(options: object) -> list[click.Parameter]:
    def empty(**kwargs: object) -> None:
        pass

    assert callable(options)
    return click.command(options(empty)).params


# -- what rows can hold ----------------------------------------------------------------


def lexicon(name: str) -> str:
    """Return one of :data:`LEXICA` as a table."""
    return _table(("word", "meaning"), [(f"`{word}`", text) for word, text in LEXICA[name].items()])


def block_kinds() -> str:
    """Name the kinds of blocks."""
    return ", ".join(f"`{kind}`" for kind in get_args(BlockKind)) + ".\n"


def errors() -> str:
    """Return every error class with its exit code and what it says."""
    return _table(
        ("error", "exit", "meaning"),
        [
            (f"`{cls.__name__}`", str(cls.exit_code), inspect.getdoc(cls).split("\n\n")[0])
            for cls in error_classes()
        ],
    )


def error_classes() -> list[type[ThreadkitError]]:
    """List the error classes in the order of their module."""
    members = vars(threadkit.errors).values()
    return [one for one in members if isinstance(one, type) and issubclass(one, ThreadkitError)]


def search_language() -> str:
    """Return the description of the search language."""
    text = inspect.getdoc(search_syntax).partition("\n\n")[2].replace("``", "`")
    shown = []
    for part in text.split("\n\n"):
        title, _, rest = part.partition("\n    ")
        shown.append(f"**{title}.** {_joined(rest)}" if rest else _joined(part))
    return "\n\n".join(shown) + "\n"


def manners() -> str:
    """Say how often and how long servers are asked."""
    own = Manners(user_agent="threadkit/VERSION (+CONTACT)")
    lines = (
        f"One connection to a host, and {own.pause_s:g} second between one answer and the next"
        f" question; the User-Agent is `{own.user_agent}`.",
        f"A failure is tried again, {own.attempts} times in all, with growing waits; after"
        f" {own.breaker_failures} failures in a row the host is left alone for"
        f" {own.breaker_s / 60:g} minutes.",
        f"`Retry-After` is waited for up to {own.retry_after_cap_s:g} seconds; a longer one ends"
        " the run politely.",
        f"An answer that is silent for {own.silence_s:g} seconds, or not whole after"
        f" {own.deadline_s / 60:g} minutes, is given up; one that wants proof of a person rests"
        f" its host for {own.challenge_s / 3600:g} hour.",
    )
    return "".join(
        textwrap.fill(line, 94, initial_indent="- ", subsequent_indent="  ", break_on_hyphens=False)
        + "\n"
        for line in lines
    )


def limits() -> str:
    """Return the caps on what a source may hold."""
    caps = Limits()
    return (
        f"- A mail larger than {caps.max_mail_bytes // MIB} MiB is skipped and named.\n"
        f"- A packed file that unpacks to over {caps.ratio_after_bytes // MIB} MiB and over"
        f" {caps.max_ratio} times its size is read no\n  further, nor is one of over"
        f" {caps.max_total_bytes // MIB // 1024:,} GiB unpacked.\n"
    )


# -- the database ----------------------------------------------------------------------


def tables() -> str:
    """Describe every table from its own schema."""
    return "\n".join(_describe(name, sql) for name, sql in schema() if sql.startswith("CREATE T"))


def views() -> str:
    """Describe every view, and the full-text index, from their own schema."""
    found = [(name, sql) for name, sql in schema() if not sql.startswith("CREATE T")]
    with closing(open_write(":memory:").conn) as conn:
        columns = {
            name: [row[1] for row in conn.execute(f"PRAGMA table_info({name})")]
            for name, _ in found
        }
    return _table(
        ("name", "what it is", "columns"),
        [
            (f"`{name}`", _comment(sql.split("\n")[0]) or "the full-text index (FTS5)",
             ", ".join(f"`{column}`" for column in columns[name]))
            for name, sql in found
        ],
    )  # fmt: skip


def schema() -> list[tuple[str, str]]:
    """List the tables and views of an empty database, in the order made."""
    with closing(open_write(":memory:").conn) as conn:
        return conn.execute(
            "SELECT name, sql FROM sqlite_schema WHERE type IN ('table', 'view')"
            " AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name NOT LIKE '\\_%' ESCAPE '\\'"
            " AND name NOT LIKE 'search\\__%' ESCAPE '\\' OR name = 'search_text' ORDER BY rowid"
        ).fetchall()


def _describe(name: str, sql: str) -> str:
    """Turn one CREATE TABLE into a heading and a table of its columns."""
    first, *lines = sql.split("\n")
    rows = []
    for line in lines:
        code, comment = line.partition("--")[0].strip().rstrip(","), _comment(line)
        if not code or code.startswith(")"):
            continue
        if code.startswith(("PRIMARY KEY", "UNIQUE")):
            rows.append((f"{code.lower()}", ""))
            continue
        rows.append((", ".join(map(_column, re.split(r", (?=\w+ [A-Z])", code))), comment))
    return f"#### `{name}`\n\n{_comment(first)}\n\n{_table(('columns', 'meaning'), rows)}"


def _column(code: str) -> str:
    """Show a column by name, with its type where that is not TEXT, and where it leads."""
    name, kind = code.split(" ")[:2]
    leads = re.search(r"REFERENCES (\w+)", code)
    shown = f"→ {leads[1]}" if leads else kind.lower()
    optional = "" if "NOT NULL" in code or "PRIMARY KEY" in code else " or NULL"
    return f"`{name}` ({shown}{optional})"


def _comment(line: str) -> str:
    return line.partition("--")[2].strip()


# -- Markdown --------------------------------------------------------------------------


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "".join("| " + " | ".join(_cell(c) for c in line) + " |\n" for line in lines)


def _cell(text: str) -> str:
    return _joined(text).replace("``", "`").replace("|", "\\|").replace("<", "&lt;")


def _joined(text: str) -> str:
    return " ".join(text.split())


def _fenced(language: str, text: str) -> str:
    return f"```{language}\n{text.rstrip()}\n```\n"
