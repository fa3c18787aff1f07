"""A folder of YAML files as a casebook, or everything that is wrong with it.

``casebook.yaml``, ``people.yaml``, ``messages.yaml``, ``questions.yaml``, and the claims in
any number of files in ``claims/``. Facts of commits and regressions are JSON lines that
``casebook.yaml`` names.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from threadkit.casebook.build import build
from threadkit.casebook.problems import CasebookError, Problem
from threadkit.casebook.references import reference_problems
from threadkit.casebook.schema import schema_problems
from threadkit.casebook.unwritten import NOTHING, Waiting, waiting, without
from threadkit.casebook.values import At, Casebook, Unwritten
from threadkit.casebook.yamltext import SIZE_MOST, read_yaml
from threadkit.casebook.yamltext import Path as TreePath
from threadkit.errors import printable

FILES = {"casebook": "casebook.yaml", "people": "people.yaml", "messages": "messages.yaml",
         "questions": "questions.yaml"}  # fmt: skip
"""Part of the document, and its file."""

CLAIMS = "claims"
"""The folder of the claims."""

FILES_MOST = 500
"""Files of claims."""

_FACTS = (("commits", "sha"), ("regressions", "title"))


def load(folder: Path, *, is_draft: bool = False) -> Casebook:
    """Read a casebook.

    Parameters
    ----------
    folder : Path
        With ``casebook.yaml`` in it.
    is_draft : bool, optional
        What is still to be written is no problem: where it is, the values say ``todo``.

    Returns
    -------
    Casebook
        In which nothing dangles. Claims without a gist and questions that only they answer are
        left out and counted in ``unwritten``, unless it is a draft.

    Raises
    ------
    CasebookError
        With everything that is wrong, in the order of the files.

    Examples
    --------
    >>> from threadkit.pipeline.shipped import shipped
    >>> load(shipped("casebooks") / "sample").thread
    'cover-2@example.org'
    """
    reading = _Reading(folder)
    reading.read()
    reading.check()
    left = NOTHING if is_draft else reading.waiting()
    problems = [
        one for path, one in reading.found if not (one.is_todo and (is_draft or left.has(path)))
    ]
    unwritten = reading.unwritten(left)
    if problems:
        told = tuple(sorted(problems, key=reading.order))
        raise CasebookError(folder.name, told, unwritten)
    document, path_of = without(reading.document, left)
    book = build(document, lambda path: reading.where(path_of(path)))
    return replace(book, unwritten=unwritten)


class _Reading:
    """The files of one folder, put together."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.document: dict[str, Any] = {"casebook": {}, "people": [], "messages": [],
                                         "questions": [], "claims": []}  # fmt: skip
        self.found: list[tuple[TreePath, Problem]] = []
        self._cut: set[str] = set()  # files read in part: what is left out would look missing
        self._lines: dict[TreePath, At] = {}
        self._files: list[str] = []

    def where(self, path: TreePath) -> At:
        """Tell where a part stands; of one that is not there, where it would be."""
        for end in range(len(path), 0, -1):
            if path[:end] in self._lines:
                return self._lines[path[:end]]
        return At(FILES.get(str(path[0]) if path else "", CLAIMS), 1)

    def order(self, one: Problem) -> tuple[int, int, str]:
        """Return what problems are sorted by."""
        place = self._files.index(one.at.file) if one.at.file in self._files else -1
        return place, one.at.line, one.message

    def waiting(self) -> Waiting:
        """Find what nobody put into words yet; of files read in part nothing is left out."""
        return NOTHING if self._cut else waiting(self.document)

    def unwritten(self, left: Waiting) -> tuple[Unwritten, ...]:
        """Name what is left out, in the order of the files."""
        return tuple(
            Unwritten(what, self.where((section, place)))
            for what, section, places in (("claim", "claims", left.claims),
                                          ("question", "questions", left.questions))
            for place in sorted(places)
        )  # fmt: skip

    def problem(self, file: str, line: int, message: str) -> None:
        """Note what is wrong."""
        self.found.append(((), Problem(At(file, line), message)))

    def read(self) -> None:
        """Read all files."""
        for part, name in FILES.items():
            self._take(part, name, self._tree(name))
        claims = sorted((self.folder / CLAIMS).glob("*.yaml"))
        if not claims:
            self.problem(CLAIMS, 1, "no file of claims (claims/*.yaml)")
        for path in claims[:FILES_MOST]:
            name = f"{CLAIMS}/{path.name}"
            self._take(CLAIMS, name, self._tree(name))
        if len(claims) > FILES_MOST:
            self.problem(CLAIMS, 1, f"more than {FILES_MOST} files")
        self._not_read(claims)
        for part, key in _FACTS:
            self._facts(part, key)

    def _not_read(self, claims: list[Path]) -> None:
        """Name files that look as if they belonged to it, lest what they say is lost silently."""
        for path in sorted(self.folder.glob("*.y*ml")):
            if path.name not in FILES.values():
                self.problem(path.name, 1, f"not read; a casebook has {', '.join(FILES.values())}")
        for path in sorted((self.folder / CLAIMS).rglob("*.y*ml")):
            if path not in claims:
                name = path.relative_to(self.folder).as_posix()
                self.problem(name, 1, f"not read; claims are in {CLAIMS}/*.yaml")

    def check(self) -> None:
        """Compare with the schema, and look for what is referred to."""
        broken = []
        for path, message, is_todo in schema_problems(self.document):
            broken.append(path)
            at = self.where(path)
            if at.file not in self._cut:
                self.found.append((path, Problem(at, message, is_todo)))
        if self._cut:
            return
        for path, message in reference_problems(self.document, broken):
            at = self.where(path)
            self.problem(at.file, at.line, message)

    def _tree(self, name: str) -> tuple[Any, dict[TreePath, int]] | None:
        """Read one file; None if there is nothing to work on."""
        self._files.append(name)
        try:
            text = _text(self.folder / name)
        except (OSError, ValueError) as error:
            self.problem(name, 1, _reason(error))
            self._cut.add(name)
            return None
        tree = read_yaml(text)
        for line, message in tree.problems:
            self.problem(name, line, message)
        if not tree.is_whole:
            self._cut.add(name)
        return tree.value, tree.lines

    def _take(self, part: str, name: str, found: tuple[Any, dict[TreePath, int]] | None) -> None:
        """Put one file into the document, with the places of what is in it."""
        if found is None:
            return
        value, lines = found
        whole = self.document[part]
        wanted = dict if part == "casebook" else list
        if not isinstance(value, wanted):
            kind = "a mapping" if wanted is dict else "a list"
            if name not in self._cut:
                self.problem(name, lines.get((), 1), f"not {kind}")
            self._cut.add(name)
            return
        first = len(whole)
        if isinstance(whole, list):
            whole.extend(value)
        else:
            whole.update(value)
        for path, line in lines.items():
            if path and isinstance(path[0], int):
                path = (path[0] + first, *path[1:])
            self._lines[(part, *path)] = At(name, line)

    def _facts(self, part: str, key: str) -> None:
        """Read the files of facts that the casebook names."""
        rows = self.document[part] = []
        facts = self.document["casebook"].get("facts")
        names = facts.get(part) if isinstance(facts, Mapping) else None
        for place, name in enumerate(names if isinstance(names, list) else ()):
            at = self.where(("casebook", "facts", part, place))
            path = self.folder / str(name)
            if path.suffix != ".jsonl" or Path(str(name)).is_absolute():
                self.problem(
                    at.file, at.line, f"{printable(str(name))}: facts are in .jsonl files beside it"
                )
                continue
            try:
                text = _text(path)
            except (OSError, ValueError) as error:
                self.problem(at.file, at.line, f"{printable(name)}: {_reason(error)}")
                continue
            for number, line in enumerate(text.split("\n"), 1):
                if line.strip():
                    row, wrong = _row(line, key)
                    rows += row
                    if wrong:
                        self.problem(str(name), number, wrong)


def _text(path: Path) -> str:
    if not path.is_file():
        raise ValueError("no such file")
    if path.stat().st_size > SIZE_MOST:
        raise ValueError(f"more than {SIZE_MOST:,} bytes")
    return path.read_text("utf-8-sig")


def _reason(error: OSError | ValueError) -> str:
    if isinstance(error, UnicodeDecodeError):
        return f"not UTF-8 at byte {error.start}"
    return (error.strerror or "cannot be read") if isinstance(error, OSError) else str(error)


def _row(line: str, key: str) -> tuple[list[dict[str, Any]], str]:
    """Read one line of JSON that has a key; or say what is wrong."""
    try:
        row = json.loads(line, parse_constant=_no_number)
        json.dumps(row, ensure_ascii=False).encode()  # half a surrogate pair is in no database
    except (ValueError, RecursionError):
        return [], "not JSON in UTF-8"
    if not isinstance(row, dict) or not isinstance(row.get(key), str):
        return [], f"no object with '{key}'"
    return [row], ""


def _no_number(word: str) -> None:
    raise ValueError(word)
