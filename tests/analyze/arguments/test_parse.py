"""What a full pipeline tells of a unit, and which pipeline it was."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest
import spacy
from spacy.tokens import Doc

from threadkit.analyze.arguments import parse
from threadkit.analyze.arguments.parse import Parse, PipelineUnusable, described, parse_of, parses

NAME = "threadkit_made_pipeline"
# word, tag, head, dependency; made by hand
YOU_THINK = (
    ("You", "PRP", 1, "nsubj"), ("think", "VBP", 1, "ROOT"), ("that", "IN", 5, "mark"),
    ("it", "PRP", 5, "nsubj"), ("is", "VBZ", 5, "cop"), ("wrong", "JJ", 1, "ccomp"),
)  # fmt: skip
I_DO_NOT = (
    ("I", "PRP", 3, "nsubj"), ("do", "VBP", 3, "aux"), ("n't", "RB", 3, "neg"),
    ("think", "VB", 3, "ROOT"), ("so", "RB", 3, "advmod"),
)  # fmt: skip
IF_YOU = (
    ("If", "IN", 2, "mark"), ("you", "PRP", 2, "nsubj"), ("think", "VBP", 5, "advcl"),
    ("so", "RB", 2, "ccomp"), (",", ",", 5, "punct"), ("say", "VB", 5, "ROOT"),
)  # fmt: skip
PLEASE = (("Please", "UH", 1, "intj"), ("drop", "VB", 1, "ROOT"), ("it", "PRP", 1, "dobj"))
DO_NOT = (
    ("Do", "VB", 2, "aux"), ("not", "RB", 2, "neg"), ("apply", "VB", 2, "ROOT"),
    ("it", "PRP", 2, "dobj"),
)  # fmt: skip
IT_CAN_NOT = (
    ("It", "PRP", 3, "nsubj"), ("ca", "MD", 3, "aux"), ("n't", "RB", 3, "neg"),
    ("work", "VB", 3, "ROOT"),
)  # fmt: skip
YOU_MAY = (("You", "PRP", 2, "nsubj"), ("may", "MD", 2, "aux"), ("be", "VB", 2, "ROOT"))
WE_SAY = (
    ("We", "PRP", 1, "nsubj"), ("say", "VBP", 1, "ROOT"), ("it", "PRP", 3, "nsubj"),
    ("is", "VBZ", 1, "ccomp"),
)  # fmt: skip


def annotated(words: tuple[tuple[str, str, int, str], ...]) -> Doc:
    return Doc(
        spacy.blank("en").vocab,
        [word for word, _, _, _ in words],
        tags=[tag for _, tag, _, _ in words],
        heads=[head for _, _, head, _ in words],
        deps=[dep for _, _, _, dep in words],
    )


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (YOU_THINK, Parse("think", "VBP", "second", "", False, False, True)),
        (IF_YOU, Parse("say", "VB", "", "", False, True, False)),
        (I_DO_NOT, Parse("think", "VB", "first", "", True, False, False)),
        (PLEASE, Parse("drop", "VB", "", "", False, True, False)),
        (DO_NOT, Parse("apply", "VB", "", "", True, True, False)),
        (IT_CAN_NOT, Parse("work", "VB", "third", "can", True, False, False)),
        (YOU_MAY, Parse("be", "VB", "second", "may", False, False, False)),
        (WE_SAY, Parse("say", "VBP", "first", "", False, False, False)),
    ],
)
def test_the_grammar_of_a_unit_is_read(
    words: tuple[tuple[str, str, int, str], ...], expected: Parse
) -> None:
    assert parse_of(annotated(words)) == expected


def test_nothing_is_read_of_an_empty_text() -> None:
    assert parse_of(spacy.blank("en")("")) == Parse("", "", "", "", False, False, False)


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A package with a pipeline that calls each first word the root."""
    package = tmp_path / NAME
    package.mkdir()
    (package / "__init__.py").write_text(
        textwrap.dedent("""
        import spacy
        from spacy.language import Language

        @Language.component("made_tagger")
        def made_tagger(doc):
            for token in doc:
                token.tag_ = "VB"
            return doc

        @Language.component("made_parser")
        def made_parser(doc):
            for token in doc:
                token.head, token.dep_ = doc[0], "ROOT" if token.i == 0 else "dep"
            return doc

        def load(exclude=(), **rest):
            nlp = spacy.blank("en")
            nlp.add_pipe("made_tagger", name="tagger")
            nlp.add_pipe("made_parser", name="parser")
            nlp.meta["version"] = "1.2.3"
            return nlp
        """)
    )
    info = tmp_path / f"{NAME}-1.2.3.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {NAME}\nVersion: 1.2.3\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    parse._load.cache_clear()
    yield NAME
    parse._load.cache_clear()
    sys.modules.pop(NAME, None)


def test_an_installed_pipeline_is_used_and_named(installed: str) -> None:
    found = parse.pipeline(installed)
    assert found is not None
    assert (found.name, found.version, len(found.digest)) == (installed, "1.2.3", 64)
    assert parse.pipeline(installed) is found
    [one] = parses(["Drop do_wp_page(), please."], found)
    assert (one.root, one.tag) == ("drop", "VB")
    assert "do_wp_page()" in [token.text for token in found.nlp("Drop do_wp_page().")]


def test_the_hash_is_that_of_the_files(installed: str, tmp_path: Path) -> None:
    first = parse.pipeline(installed)
    assert first is not None
    parse._load.cache_clear()
    again = parse.pipeline(installed)
    assert again is not None
    assert again.digest == first.digest
    parse._load.cache_clear()
    (tmp_path / NAME / "weights").write_bytes(b"other")
    changed = parse.pipeline(installed)
    assert changed is not None
    assert changed.digest != first.digest


def test_the_first_known_pipeline_is_found(installed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parse, "NAMES", ("threadkit_not_installed", installed))
    found = parse.pipeline()
    assert found is not None
    assert found.name == installed


def test_without_an_installed_one_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parse, "NAMES", ("threadkit_not_installed",))
    assert parse.pipeline() is None


def test_one_that_is_asked_for_must_be_there() -> None:
    with pytest.raises(PipelineUnusable, match="no spaCy pipeline 'threadkit_not_installed'"):
        parse.pipeline("threadkit_not_installed")


def test_one_that_cannot_be_loaded_is_told(tmp_path: Path, installed: str) -> None:
    (tmp_path / NAME / "__init__.py").write_text(
        "def load(**rest):\n    raise OSError('no such model')\n"
    )
    with pytest.raises(PipelineUnusable, match="cannot be loaded: no such model"):
        parse.pipeline(installed)


def test_one_without_a_parser_is_of_no_use() -> None:
    blank = spacy.blank("en")
    blank.add_pipe("tagger")
    with pytest.raises(PipelineUnusable, match="'made' has no parser"):
        described(blank, "made", "")


def test_long_units_are_read_in_part(installed: str) -> None:
    found = parse.pipeline(installed)
    assert found is not None
    assert [one.root for one in parses(["wrong " * 100_000, "Yes."], found)] == ["wrong", "yes"]
