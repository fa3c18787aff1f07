"""What nobody would see is made visible, and XML can hold the rest."""

from __future__ import annotations

from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st
from markupsafe import escape

from threadkit.site.render import plain


@given(st.text())
def test_whatever_is_left_xml_can_hold(text: str) -> None:
    read = ElementTree.fromstring(f"<a>{escape(plain(text))}</a>").text
    assert (read or "") == plain(text)


def test_what_is_no_character_is_told() -> None:
    for code in (0xFDD0, 0xFFFE, 0xFFFF, 0x1FFFE, 0x10FFFF, 0x202E, 0):
        assert plain(f"a{chr(code)}b") == f"a<U+{code:04X}>b"
