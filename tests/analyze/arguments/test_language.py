"""English is told from other languages; of few words nothing is said."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threadkit.analyze.arguments.language import Language, language_of

OTHERS = (
    ("de", "Ich habe das gestern getestet und es geht leider immer noch nicht. Kann das jemand"
           " bitte pr\u00fcfen?"),
    ("de", "Wir haben den Patch f\u00fcr den Kernel noch nicht eingebaut."),
    ("fr", "Je pense que ce patch n'est pas correct, parce que le verrou est pris dans la boucle."),
    ("es", "Creo que el parche no es correcto porque la p\u00e1gina ya est\u00e1 en la cach\u00e9."),
    ("pt", "Eu acho que isso n\u00e3o est\u00e1 certo, mas vou testar com o kernel novo quando puder."),
    ("it", "Non credo che questo sia giusto: la pagina \u00e8 ancora nella cache e il lock non c'\u00e8."),
    ("nl", "Ik denk dat dit niet klopt, want de pagina is nog steeds in het geheugen."),
    ("sv", "Jag tror inte att det h\u00e4r \u00e4r r\u00e4tt, men jag ska pr\u00f6va det i morgon."),
    ("pl", "Nie wiem czy to jest dobrze, ale po tej zmianie wszystko dzia\u0142a jak przedtem."),
    ("ru", "\u042f \u0434\u0443\u043c\u0430\u044e, \u0447\u0442\u043e \u044d\u0442\u043e"
           " \u043d\u0435\u0432\u0435\u0440\u043d\u043e."),
    ("zh", "\u6211\u8ba4\u4e3a\u8fd9\u4e2a\u8865\u4e01\u4e0d\u5bf9\uff0c"
           "\u9875\u9762\u5df2\u7ecf\u5728\u7f13\u5b58\u91cc\u4e86\u3002"),
    ("ja", "\u3053\u306e\u30d1\u30c3\u30c1\u306f\u6b63\u3057\u304f\u306a\u3044\u3068"
           "\u601d\u3044\u307e\u3059\u3002"),
    ("ko", "\uc774 \ud328\uce58\ub294 \ub9de\uc9c0 \uc54a\ub294 \uac83 \uac19\uc2b5\ub2c8\ub2e4."),
)  # fmt: skip
ENGLISH = (
    "I think that this is wrong.",
    "Works for me, thanks.",
    "Acked and applied to next, thanks Bo.",
    "NAK, this breaks the die() path and an old man page of les pages.",
    "Does la_fault() take de_lock in il_unlock()? I do not see where it is dropped.",
    "As Andr\u00e9 and J\u00fcrgen said, this is too slow on the M\u00fcnchen machine.",
    "Looks good. Gr\u00fc\u00dfe aus Berlin, Jan",
    "Why is die der das the name of this variable?",
    "Page tables of all the tasks get copied: see \u201ccopy_mm\u201d \u2014 it\u2019s slow.",
)


@pytest.mark.parametrize(("code", "text"), OTHERS)
def test_another_language_is_named(code: str, text: str) -> None:
    assert language_of(text) == Language("other", code)


@pytest.mark.parametrize("text", ENGLISH)
def test_english_is_english(text: str) -> None:
    assert language_of(text).verdict == "en"


@pytest.mark.parametrize(
    "text", ["", "Danke!", "Acked.", "+1", "\u0434\u0430", "do_wp_page() mm/memory.c", "Ann"]
)
def test_of_few_words_nothing_is_said(text: str) -> None:
    assert language_of(text) == Language("none", "")


@pytest.mark.parametrize(("code", "text"), OTHERS)
def test_a_mail_that_is_mostly_english_is_english(code: str, text: str) -> None:
    said = "I do not think that we should take this as it is, because the lock is not held there."
    assert language_of(f"{said} {said} {said} {text[:40]} {said}").verdict == "en"


@given(st.text(max_size=400))
def test_any_text_has_a_verdict(text: str) -> None:
    found = language_of(text)
    assert (found.verdict == "other") <= (found.code not in ("", "en"))
    assert (found.verdict == "none") == (found.code == "")


@given(st.sampled_from(OTHERS), st.integers(1, 5))
def test_saying_it_again_changes_nothing(other: tuple[str, str], times: int) -> None:
    assert language_of("\n".join([other[1]] * times)) == language_of(other[1])
