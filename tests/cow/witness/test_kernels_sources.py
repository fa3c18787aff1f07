"""The mirror is found in whatever style the system lists it; ours names suites, never hosts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threadkit.cow.witness.sources import (
    CODENAMES,
    Mirror,
    Source,
    find_mirror,
    own_list,
    parse_deb822,
    parse_one_line,
    system_sources,
)

DEB822 = """\
# the mirror
Types: deb deb-src
# a comment between fields
URIs: http://mirror.example/debian
Suites: bookworm bookworm-updates
Components: main
Signed-By: /usr/share/keyrings/one.gpg

Types: deb
URIs: http://mirror.example/debian-security
Suites: bookworm-security
Components: main

Enabled: no
Types: deb
URIs: http://off.example/debian
Suites: trixie
Components: main

Types: deb-src
URIs: http://source.example/debian
Suites: trixie
Components: main
"""
WORD = st.from_regex(r"[a-z][a-z0-9./:-]{0,12}", fullmatch=True)


def test_both_styles_of_a_system_are_read(tmp_path):
    parts = tmp_path / "etc/apt/sources.list.d"
    parts.mkdir(parents=True)
    (tmp_path / "etc/apt/sources.list").write_text("deb http://old.example/ubuntu jammy main\n")
    (parts / "other.list").write_text("deb https://apt.example nodistro main\n")
    (parts / "debian.sources").write_text(DEB822)
    (parts / "ignored.save").write_text("deb http://no.example/debian sid main\n")
    found = system_sources(tmp_path)
    assert [one.uri.split("/")[2] for one in found] == [
        "old.example",
        "apt.example",
        *["mirror.example"] * 3,
    ]
    mirror = find_mirror(found)
    assert mirror == Mirror(
        Source("http://mirror.example/debian", "bookworm", "/usr/share/keyrings/one.gpg"),
        Source("http://mirror.example/debian-security", "bookworm-security"),
    )


def test_no_apt_is_no_source(tmp_path):
    assert system_sources(tmp_path) == []
    assert find_mirror([]) is None


def test_switched_off_and_source_only_entries_are_left_out():
    assert {one.suite for one in parse_deb822(DEB822)} == {
        "bookworm",
        "bookworm-updates",
        "bookworm-security",
    }


def test_a_key_written_into_the_file_is_not_taken_for_a_path():
    text = "Types: deb\nURIs: http://m/debian\nSuites: sid\nSigned-By:\n -----BEGIN PGP\n .\n x\n"
    assert [one.signed_by for one in parse_deb822(text)] == [""]


@pytest.mark.parametrize(
    "line",
    [
        "deb http://m/debian bookworm main",
        "deb [arch=amd64 signed-by=/k.gpg] http://m/debian bookworm main contrib",
        "  deb [ trusted=yes ]   http://m/debian   bookworm/updates  main # here",
    ],
)
def test_one_line_style(line):
    (found,) = parse_one_line(line)
    assert found.uri == "http://m/debian"
    assert found.suite.startswith("bookworm")
    assert found.signed_by == ("/k.gpg" if "signed-by" in line else "")


@pytest.mark.parametrize("line", ["#deb http://m sid main", "deb-src http://m sid main", "deb", ""])
def test_other_lines_are_no_sources(line):
    assert list(parse_one_line(line)) == []


def test_own_list_has_every_suite_once_on_the_mirror_of_the_system():
    main, security = Source("http://m/debian", "sid", "/own"), Source("http://s/d", "sid-security")
    text = own_list(Mirror(main, security), "/all.gpg")
    suites = [one.suite for one in parse_one_line(text)]
    assert suites == [f"{name}{end}" for name in CODENAMES for end in ("", "-security")]
    assert {one.uri for one in parse_one_line(text)} == {"http://m/debian", "http://s/d"}
    assert {one.signed_by for one in parse_one_line(text)} == {"/all.gpg"}
    without = list(parse_one_line(own_list(Mirror(main, None))))
    assert [one.suite for one in without] == list(CODENAMES)
    assert {one.signed_by for one in without} == {"/own"}


@given(st.lists(st.tuples(WORD, WORD), min_size=1, max_size=5))
def test_styles_say_the_same(pairs):
    lines = "".join(f"deb {uri} {suite} main\n" for uri, suite in pairs)
    paragraphs = "\n".join(
        f"Types: deb\nURIs: {uri}\nSuites: {suite}\nComponents: main\n" for uri, suite in pairs
    )
    assert list(parse_one_line(lines)) == list(parse_deb822(paragraphs))


@given(st.text(max_size=300))
def test_any_text_is_read(text):
    assert all(one.uri and one.suite for one in parse_one_line(text))
    assert all(one.uri and one.suite for one in parse_deb822(text))
