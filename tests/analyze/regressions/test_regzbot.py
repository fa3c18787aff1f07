"""The grammar of commands to regzbot: conventions' vectors, drifts, and round trips."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.analyze.regressions.mailed import brief, corpus, mail
from threadkit.analyze.regressions.regzbot import (
    Command,
    commands,
    detect,
    format_command,
    message_of,
)


def read(body: str) -> list[tuple[str, str]]:
    return [(one.canonical, one.params) for one in commands(body)]


@pytest.mark.parametrize(
    ("body", "found"),
    [
        # A line below the section belongs to it: no empty line, no end.
        ("#regzbot introduced: a..b\nbye", [("introduced", "a..b bye")]),
        ("text\n#regzbot introduced: a..b\n", []),
        ("text\n\n#regzbot introduced: a..b\n\nbye\n", [("introduced", "a..b")]),
        ("\n#regzbot introduced:abcdef12\n", [("introduced", ":abcdef12")]),
        (
            "#regzbot introduced foo; #regzbot title: bar;\n",
            [("introduced", "foo"), ("summary", "bar")],
        ),
        ("#regzbot title: one\n#regzbot poke\n", [("summary", "one"), ("poke", "")]),
        ("#regzbot title: one\n\n#regzbot poke\n", [("summary", "one"), ("poke", "")]),
        # Wrapped lines: a hyphen joins without a space.
        ("#regzbot title: over-\nflow in \nmm\n", [("summary", "over-flow in mm")]),
        ("#regzbot monitor:\nhttps://example.org/x\n", [("relate", "https://example.org/x")]),
        ("> #regzbot poke\n", []),
        (" #regzbot poke\n", []),
        ("\n\n   #regzbot poke\n", []),
        ("so\n\n#REGZBOT Title: X\n", [("summary", "X")]),
        # Text before the tag on its line: only '; ' parts commands.
        ("#regzbot fix: a #regzbot poke\n", [("fix", "a")]),
        ("#regzbot title: a;#regzbot poke\n", [("summary", "a;#regzbot poke")]),
        # A line of blanks ends a command, not the section.
        ("#regzbot title: a\n  \n#regzbot poke\n", [("summary", "a"), ("poke", "")]),
        ("#regzbot frobnicate: now\n", [("unhandled", "now")]),
        ('#regzbot "title" x\n', [("unhandled", '"title" x')]),
        ("#regzbot\n", []),
        ("", []),
    ],
)
def test_vectors(body: str, found: list[tuple[str, str]]) -> None:
    assert read(body) == found


@pytest.mark.parametrize(
    ("name", "canonical"),
    [
        *((name, "introduced") for name in ("introduced", "^introduced", "introduced^")),
        *((name, "use") for name in ("use", "report")),
        *((name, "summary") for name in ("title", "subject", "summary")),
        *((name, "relate") for name in ("monitor", "related", "relate")),
        *((name, "relatebrief") for name in ("link", "related-brief", "related-briefly")),
        *((name, "relatebrief") for name in ("relatbrief", "links")),
        *((name, "unrelate") for name in ("unlink", "unmonitor", "unrelated", "unrelate")),
        *((name, "duplicate") for name in ("dup", "dupof", "dup-of", "duplicate-of", "duplicate")),
        *((name, "fix") for name in ("fix", "fixedby", "fixed-by")),
        *((name, "resolve") for name in ("resolve", "resolved", "invalid")),
        *((name, "backburn") for name in ("backburn", "backburner", "back-burner")),
        *((name, "unbackburn") for name in ("unbackburn", "unback-burner")),
        *((name, name) for name in ("from", "inconclusive", "poke", "note", "ignore-activity")),
        *((name, "unhandled") for name in ("^poke", "fixes", "introduce", "unlinked")),
    ],
)
def test_names(name: str, canonical: str) -> None:
    for written in (name, name.upper(), name.title()):
        [command] = commands(f"#regzbot {written}: x\n")
        assert (command.canonical, command.name, command.params) == (canonical, written, "x")


@pytest.mark.parametrize(
    ("text", "pointers", "value"),
    [
        ("^introduced 63a7cb13071842", ("^",), "63a7cb13071842 ^"),
        ("introduced^: v6.1..v6.2", ("^",), "v6.1..v6.2 ^"),
        ("introduced: a1b2c3d4..", (), "a1b2c3d4.."),
        ('introduced: cf68fffb66d6 ("mm: a (b) / c")', (), "cf68fffb66d6"),
        ('introduced: cf68fffb66d6 ("mm: a") ~', ("~",), "cf68fffb66d6 ~"),
        ("introduced: cf68fffb66d6 mm: a / c", (), "cf68fffb66d6"),
        (
            "introduced cf68fffb66d6 / https://lore.kernel.org/r/a@example.org",
            ("/", "https://lore.kernel.org/r/a@example.org"),
            "cf68fffb66d6 / https://lore.kernel.org/r/a@example.org",
        ),
        ("use: ^", ("^",), "^"),
        ("report https://example.org/1 title", ("https://example.org/1",), "https://example.org/1"),
        ("dup: https://e.org/1 https://e.org/2", ("https://e.org/1", "https://e.org/2"),
         "https://e.org/1 https://e.org/2"),
        ("link: https://example.org/1 a title", ("https://example.org/1",),
         "https://example.org/1 a title"),
        ('fix: e433110eb5bf ("PCI: x()")', (), "e433110eb5bf"),
        ('fix: ("mm: fix x()")', (), "mm: fix x()"),
        ("fix: 'mm: fix x()'", (), "mm: fix x()"),
        ("fix: mm: fix x()", (), "mm: fix x()"),
        ("fix: deadbee", (), "deadbee"),  # seven digits are a title to the tracker
        ("ignore-activity: whatever", (), ""),
        ("frobnicate: now", (), "frobnicate now"),
    ],
)  # fmt: skip
def test_values(text: str, pointers: tuple[str, ...], value: str) -> None:
    [command] = commands(f"#regzbot {text}\n")
    assert command.pointers == pointers
    assert command.value == value


@pytest.mark.parametrize(
    ("text", "canonical", "params", "drift", "value"),
    [
        ("activity-ignore", "ignore-activity", "", "documented-only", ""),
        ("^backmonitor: https://e.org/1", "backmonitor", "https://e.org/1", "documented-only",
         "https://e.org/1"),
        ("poke:", "poke", ":", "bare-colon", ""),
        ("introduced:abcdef12", "introduced", ":abcdef12", "colon-without-space", "abcdef12"),
        ("title :x", "summary", ":x", "", ":x"),
        ("poke", "poke", "", "", ""),
    ],
)  # fmt: skip
def test_drifts_are_tolerated_and_named(
    text: str, canonical: str, params: str, drift: str, value: str
) -> None:
    [command] = commands(f"#regzbot {text}\n")
    assert (command.canonical, command.params, command.drift) == (canonical, params, drift)
    assert command.value == value


WORDS = st.lists(
    st.sampled_from(
        [*"ab1;:^/~-#.()\"' ", "\n", "\n\n", "; ", " #regzbot ", "\u00a0", "\t", ' ("x") ']
    ),
    max_size=14,
).map("".join)
NAMES = st.sampled_from(
    ["introduced", "^introduced", "fix:", "dup-of", "link", "poke:", "x", "title:", "", "use"]
)


@given(st.lists(st.tuples(NAMES, WORDS), max_size=4))
def test_what_is_written_is_read_back(parts: list[tuple[str, str]]) -> None:
    body = "".join(f"\n\n#regzbot {name} {rest}" for name, rest in parts)
    for command in commands(body):
        line = format_command(command)
        assert "\n" not in line
        assert commands(line) == [command]
        assert commands(f"Hello,\n\n{line}\n\nbye\n") == [command]


@given(st.lists(st.tuples(NAMES, WORDS), max_size=4))
def test_spans_begin_with_the_tag_and_stay_apart(parts: list[tuple[str, str]]) -> None:
    body = "Hi\n" + "".join(f"\n\n#regzbot {name} {rest}" for name, rest in parts)
    at = 0
    for command in commands(body):
        assert at <= command.start < command.stop <= len(body)
        text = body[command.start : command.stop]
        assert text.lower().startswith("#regzbot")
        assert text == text.rstrip()
        assert command.name in text
        at = command.stop


@given(st.text(st.sampled_from("#regzbot title:;\n ^"), max_size=60))
def test_quoted_and_indented_never_count(text: str) -> None:
    assert commands("".join(f"> {line}\n" for line in text.split("\n"))) == []
    assert commands("".join(f" {line}\n" for line in text.split("\n"))) == []


def test_long_runs_of_blanks_take_no_time() -> None:
    body = "#regzbot title: a" + " " * 200_000 + "b\n"
    assert [command.canonical for command in commands(body)] == ["summary"]


def test_equality_is_of_what_is_said_not_of_where() -> None:
    assert Command("poke", "poke", "", (), "", 5, 9) == Command("poke", "poke", "", (), "")


def test_signals_of_a_report() -> None:
    body = 'It broke.\n\n#regzbot introduced: 09854ba94c6a ("mm: simplify")\n#regzbot from: Bo <b@example.org>\n'
    found = detect(mail(body))
    assert brief(found) == [
        ("regzbot", "09854ba94c6a", "introduced"),
        ("report", "", "introduced"),
        ("culprit", "09854ba94c6a", "mm: simplify"),
        ("regzbot", "Bo <b@example.org>", "from"),
        ("role", "b@example.org", "reporter"),
    ]
    assert {signal.rule for signal in found} == {"regzbot-introduced", "regzbot-from"}
    assert body[found[0].start : found[0].stop] == (
        '#regzbot introduced: 09854ba94c6a ("mm: simplify")'
    )


def test_a_pointer_or_a_reply_makes_no_report_of_this_mail() -> None:
    body = "Tracking.\n\n#regzbot ^introduced v6.1..v6.2-rc1\n"
    found = brief(detect(mail(body, parent="p@example.org")))
    assert ("culprit", "v6.1..v6.2-rc1", "") in found
    assert ("works", "6.1", "release") in found
    assert ("fails", "6.2-rc1", "release") in found
    assert all(kind != "report" for kind, _, _ in found)
    told = "#regzbot report: https://lore.kernel.org/r/a@example.org\n#regzbot introduced: 09854ba94c6a\n"
    assert all(kind != "report" for kind, _, _ in brief(detect(mail(told))))


@pytest.mark.parametrize("name", ["the", "latest", "v6", "5.x..6.x"])
def test_what_is_no_commit_is_no_culprit(name: str) -> None:
    kinds = {signal.kind for signal in detect(mail(f"#regzbot introduced: {name} kernel\n"))}
    assert kinds == {"regzbot", "report"}


def test_one_release_fails_and_is_no_culprit() -> None:
    found = brief(detect(mail("#regzbot introduced: v6.2\n")))
    assert ("fails", "6.2", "release") in found
    assert all(kind != "culprit" for kind, _, _ in found)


def test_a_fix_is_a_commit_or_a_title() -> None:
    found = brief(detect(mail("#regzbot fix: E433110EB5BF\n#regzbot fix: mm: hold it\n")))
    assert [one for one in found if one[0] == "fix"] == [
        ("fix", "e433110eb5bf", "commit"),
        ("fix", "mm: hold it", "title"),
    ]


def test_an_unmarked_quote_does_not_count_and_a_signature_does() -> None:
    body = "Thanks!\n\n-- \nAnn\n\n#regzbot poke\n"
    assert [signal.detail for signal in detect(mail(body))] == ["poke"]
    quoted = "I agree.\n\n> It broke.\n>\n> #regzbot poke\n"
    assert detect(mail(quoted)) == []


@pytest.mark.parametrize(
    ("pointer", "message"),
    [
        ("^", "p@example.org"),
        ("/", "r@example.org"),
        ("~", "r@example.org"),
        ("https://lore.kernel.org/all/x%2By@example.org/", "x+y@example.org"),
        ("https://bugzilla.kernel.org/show_bug.cgi?id=7#c1",
         "https://bugzilla.kernel.org/show_bug.cgi?id=7"),
    ],
)  # fmt: skip
def test_pointers(pointer: str, message: str) -> None:
    assert message_of(pointer, "p@example.org", "r@example.org") == message


def test_every_command_of_the_corpus_is_read(corpora: Path) -> None:
    read_lines = written = 0
    unhandled = []
    for path in sorted(corpora.glob("kernel-threads/*/*.mbox")):
        for one in corpus(path):
            lines = [line for line in one.body.split("\n") if line.startswith("#regzbot ")]
            found = commands(one.body)
            written += len(lines)
            read_lines += len(found)
            unhandled += [command for command in found if command.canonical == "unhandled"]
            for command in found:
                assert commands(format_command(command)) == [command]
    assert (read_lines, unhandled) == (written, [])
    assert written == 74
