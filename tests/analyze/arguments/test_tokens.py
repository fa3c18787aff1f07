"""Names of kernel mail are one token each, with and without spaCy."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threadkit.analyze.arguments.tokens import keep_whole, nlp, words

WHOLE = (
    ("do_wp_page()", "call"), ("page->mapping", "ident"), ("FOLL_FORCE", "ident"),
    ("__GFP_ACCOUNT", "ident"), ("i915", "ident"), ("copyMm", "ident"),
    ("09854ba94c6a", "sha"), ("09854ba94c6aad7886996bfbee2530b3d8a7f4f4", "sha"),
    ("v5.9-rc1", "version"), ("5.10.4", "version"), ("6.1-rc", "version"), ("5.9.x", "version"),
    ("https://example.org/a_b?c=d&e=%20f", "url"), ("ann@example.org", "email"),
    ("<20200901.1234-1-x=y@mail.example.org>", "msgid"), ("mm/memory.c", "path"),
    ("/sys/fs/btrfs/discard", "path"), ("--no-merges", "option"), ("[2]", "reference"),
)  # fmt: skip


@pytest.mark.parametrize(("text", "kind"), WHOLE)
def test_a_name_is_one_token_of_its_kind(text: str, kind: str) -> None:
    assert [(one.norm, one.kind) for one in words(text)] == [(text.lower(), kind)]


@pytest.mark.parametrize("around", ["{}", "see {}.", "({})", "is {}, or", "{}?", "with\n{}\nit"])
@pytest.mark.parametrize("text", [text for text, _ in WHOLE])
def test_a_name_is_whole_within_a_sentence(text: str, around: str) -> None:
    said = around.format(text)
    assert text.lower() in [one.norm for one in words(said)]
    assert text in [token.text for token in nlp()(said)]


@pytest.mark.parametrize(
    ("text", "norms"),
    [
        ("I *really* don't know.", ["i", "*", "really", "*", "don't", "know", "."]),
        ("It isn\u2019t so", ["it", "isn't", "so"]),
        ("_this_ one", ["_", "this", "_", "one"]),
        ("a well-known bug", ["a", "well-known", "bug"]),
        ("wait... what?!", ["wait", "...", "what", "?!"]),
        ("a == b && c", ["a", "==", "b", "&&", "c"]),
        ("fast^H^H^H^Hslow", ["fast", "^h^h^h^h", "slow"]),
        ("0x1f and 10% of 6GB", ["0x1f", "and", "10%", "of", "6gb"]),
        ("fine :)", ["fine", ":)"]),
        ("decade added", ["decade", "added"]),
    ],
)
def test_words_are_parted(text: str, norms: list[str]) -> None:
    assert [one.norm for one in words(text)] == norms


@pytest.mark.parametrize("text", ["*really*", "_really_", "fast^H^H^H^H"])
def test_marked_words_are_whole_in_the_pipeline(text: str) -> None:
    assert text in [token.text for token in nlp()(f"It is {text} so.")]


@given(st.text(max_size=300))
def test_tokens_hold_all_that_is_not_white_space(text: str) -> None:
    last = 0
    for one in words(text):
        assert last <= one.start < one.stop <= len(text)
        assert not text[last : one.start].strip()
        last = one.stop
    assert not text[last:].strip()


@given(st.text(max_size=200))
def test_the_pipeline_takes_any_text(text: str) -> None:
    doc = nlp()(text)
    assert doc.text == text
    assert len(list(doc.sents)) >= bool(text)


def test_the_pipeline_parts_sentences_of_mail() -> None:
    doc = nlp()("It broke, e.g. in v5.9. I saw:\n- one thing\n- another. Really.\n")
    assert [sentence.text.strip() for sentence in doc.sents] == [
        "It broke, e.g. in v5.9.",
        "I saw:",
        "- one thing",
        "- another.",
        "Really.",
    ]


def test_a_strange_tokenizer_is_left_as_it_is() -> None:
    import spacy
    from spacy.tokens import Doc

    blank = spacy.blank("en")
    blank.tokenizer = lambda text: Doc(blank.vocab, text.split())
    assert [token.text for token in keep_whole(blank)("(do_wp_page())")] == ["(do_wp_page())"]


def test_words_need_no_spacy() -> None:
    code = (
        "import sys; from threadkit.analyze.arguments.tokens import words;"
        "words('a b'); sys.exit('spacy' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
