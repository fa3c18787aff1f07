"""The header block, encoded words and parameters."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threadkit.mail.encoded_words import decode_words, header_text
from threadkit.mail.headers import REPEATS_MAX, parametrized, scan
from threadkit.mail.values import Defect


def scanned(raw: bytes) -> tuple[dict[str, list[str]], bytes, list[str]]:
    defects: list[Defect] = []
    fields, body = scan(raw, 0, len(raw), defects)
    clean = {name: [" ".join(value.split()) for value in values] for name, values in fields.items()}
    return clean, raw[body:], [defect.kind for defect in defects]


@pytest.mark.parametrize(
    ("raw", "fields", "body", "kinds"),
    [
        (b"Subject: a\n\nb", {"subject": ["a"]}, b"b", []),
        (b"Subject: a\r\n b\r\n\r\nb", {"subject": ["a b"]}, b"b", []),
        (b"Subject : a\n\nb", {"subject": ["a"]}, b"b", []),
        (b"SUBJECT:a\n\n", {"subject": ["a"]}, b"", []),
        (b"Subject: a", {"subject": ["a"]}, b"", []),
        (b"X-Other: a\nX-Gmail-Original-Message-ID: <x@y>\n\nb", {}, b"b", []),
        (b"\nSubject: a\n\nb", {}, b"Subject: a\n\nb", []),
        (b" a\nTo: b\n\nc", {}, b" a\nTo: b\n\nc", ["header-separator-missing"]),
        (b"\ta\nTo: b\n\nc", {}, b"\ta\nTo: b\n\nc", ["header-separator-missing"]),
        (b"Subject: a\nno field\n\nb", {"subject": ["a"]}, b"no field\n\nb", ["header-separator-missing"]),
        (b"From x@y Thu Jan  1 00:00:00 1970\nSubject: a\n\nb", {"subject": ["a"]}, b"b", []),
        (b"Subject: a\n>From x@y Thu Jan  1 00:00:00 1970\nTo: b\n\nc",
         {"subject": ["a"], "to": ["b"]}, b"c", ["header-malformed"]),
        (b">From the depths\nof history\n", {}, b">From the depths\nof history\n", ["header-separator-missing"]),
        (b"Subject: a\0b\n\nc", {"subject": ["a\xef\xbf\xbdb"]}, b"c", ["nul-in-header"]),
        (b"Subject: a\rTo: b\n\nc", {"subject": ["a To: b"]}, b"c", []),
        (b"Subject: a\r\r\n\r\r\nc", {"subject": ["a"]}, b"c", []),
        (b"Date: 1\nDate: 2\n\n", {"date": ["1", "2"]}, b"", ["header-duplicate"]),
        (b"Subject: a\n \n\tb\n\nc", {"subject": ["a b"]}, b"c", []),
    ],
)  # fmt: skip
def test_scan(raw: bytes, fields: dict[str, list[str]], body: bytes, kinds: list[str]) -> None:
    assert scanned(raw) == (fields, body, kinds)


def test_headers_alone_need_no_empty_line() -> None:
    assert scanned(b"Subject: a\nTo: b\n") == ({"subject": ["a"], "to": ["b"]}, b"", [])


def test_a_header_repeated_without_end_is_cut() -> None:
    fields, _, kinds = scanned(b"To: b\n" * 200_000)
    assert len(fields["to"]) == REPEATS_MAX
    assert set(kinds) == {"headers-too-many"}


def test_scan_of_a_part_stays_inside_it() -> None:
    raw = b"Subject: out\n\nTo: in\n\nbody"
    assert scan(raw, 14, 20, []) == ({"to": [" in"]}, 20)


FIELD = st.tuples(
    st.sampled_from(["Subject", "From", "X-Foo", "received", "TO", "List-Id"]),
    st.lists(st.text("abc:;<>@ ", min_size=1, max_size=9), min_size=1, max_size=3),
)


@given(st.lists(FIELD, min_size=1, max_size=8), st.binary(max_size=30))
def test_the_line_reader_and_the_fast_reader_agree(
    fields: list[tuple[str, list[str]]], body: bytes
) -> None:
    head = "".join(
        f"{name}: {chr(10).join(f' {line}' for line in lines)}\n" for name, lines in fields
    )
    raw = head.encode() + b"\n" + body
    nul = b"X-Nul: \0\n" + raw  # a NUL makes the careful reader take over
    fast, careful = scanned(raw), scanned(nul)
    assert fast[:2] == careful[:2]
    assert sorted([*fast[2], "nul-in-header"]) == sorted(careful[2])


@pytest.mark.parametrize(
    ("text", "decoded", "kinds"),
    [
        ("=?utf-8?q?caf=C3=A9?=", "café", []),
        ("=?UTF-8?B?Y2Fmw6k=?= au lait", "café au lait", []),
        ("=?utf-8?b?Y2Fmw6k?=", "café", []),
        ("=?utf-8?q?caf=C3?=\n =?utf-8?q?=A9?=", "café", []),
        ("=?utf-8?q?a?= =?iso-8859-1?q?=E9?=", "aé", []),
        ("=?utf-8?q?a?= b =?utf-8?q?c?=", "a b c", []),
        ("a=?utf-8?q?b?=c", "abc", []),
        ('"=?utf-8?q?Doe=2C_Jane?=" <j@x>', '"Doe, Jane" <j@x>', []),
        ("=?us-ascii*en?q?x?=", "x", []),
        ("=?utf-8?q?with space?=", "with space", []),
        ("=?utf-8?q?why?_not?=", "why? not", []),
        ("=?x-unknown?q?=E9?=", "é", ["encoded-word-damaged"]),
        ("=?utf-8?q?=E9?=", "é", ["encoded-word-damaged"]),
        ("=?iso-8859-1?q?=85?=", "…", ["encoded-word-damaged"]),
        ("=?utf-8?q?a=00b?=", "a\ufffdb", ["nul-in-header"]),
        ("=?utf-8?b?Y2F*m?=", "caf", ["encoded-word-damaged"]),
        ("=?utf-8?q?open", "=?utf-8?q?open", ["encoded-word-damaged"]),
        ("=?utf-8?q?open =?utf-8?q?b?=", "=?utf-8?q?open b", ["encoded-word-damaged"]),
        ("what =? that ?=", "what =? that ?=", []),
        ("=?", "=?", []),
        ("=?gb2312?B?xOO6ww==?=", "你好", []),
        ("=?iso-2022-jp?B?GyRCRnxLXBsoQg==?=", "日本", []),
    ],
)  # fmt: skip
def test_encoded_words(text: str, decoded: str, kinds: list[str]) -> None:
    defects: list[Defect] = []
    assert decode_words(text, defects) == decoded
    assert [defect.kind for defect in defects] == kinds


TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=40)


@given(TEXT, st.integers(1, 12))
def test_encoded_words_cut_anywhere_come_back(text: str, size: int) -> None:
    data = text.encode()
    pieces = [data[i : i + size] for i in range(0, len(data), size)]
    words = [f"=?utf-8?b?{base64.b64encode(piece).decode()}?=" for piece in pieces]
    assert decode_words("\n ".join(words), []) == text


@given(TEXT)
def test_what_holds_no_encoded_word_stays(text: str) -> None:
    if "=?" not in text:
        assert decode_words(text, []) == text


def test_raw_eight_bit_headers() -> None:
    defects: list[Defect] = []
    assert header_text("caf\xc3\xa9 \xc3\xa0", "subject", defects) == "café à"
    assert header_text("caf\xe9", "subject", defects) == "café"
    assert [defect.detail for defect in defects] == [
        "subject: taken as utf-8",
        "subject: taken as windows-1252",
    ]


@pytest.mark.parametrize(
    ("value", "main", "params"),
    [
        ("text/plain", "text/plain", {}),
        (" Text/Plain ; Charset = US-ASCII", "text/plain", {"charset": "US-ASCII"}),
        ('a/b; x="c; d=e"; y=f', "a/b", {"x": "c; d=e", "y": "f"}),
        ('a/b; x="say \\"hi\\""', "a/b", {"x": 'say "hi"'}),
        ("text/plain (comment); charset=utf-8 (really)", "text/plain", {"charset": "utf-8"}),
        ('a/b; name="=?utf-8?q?=C3=A9?=.txt"', "a/b", {"name": "é.txt"}),
        ("a/b; name*=utf-8'de'%C3%A9", "a/b", {"name": "é"}),
        ("a/b; name*1=b; name*0=a", "a/b", {"name": "ab"}),
        ("a/b; name*0*=utf-8''%C3; name*1*=%A9; name*2=100%25", "a/b", {"name": "é100%25"}),
        ("a/b; name*=plain", "a/b", {"name": "plain"}),
        ('a/b; x="open', "a/b", {"x": "open"}),
        ("a/b; x=1; x=2", "a/b", {"x": "1"}),
        ("a/b;;; x=1;", "a/b", {"x": "1"}),
        ("a/b; name*x=1; name*99999=2; y=3", "a/b", {"y": "3"}),
        ('a/b; x="folded\n in two"', "a/b", {"x": "folded in two"}),
    ],
)  # fmt: skip
def test_parameters(value: str, main: str, params: dict[str, str]) -> None:
    found = parametrized(value, [])
    assert (found.value, found.params) == (main, params)
