"""Trailers: which lines count, what they say, and where exactly they stand."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threadkit.mail.block import Block
from threadkit.mail.trailers import Trailer, trailers


def of_reply(text: str) -> list[Trailer]:
    return trailers(text, [Block("reply", 0, 0, len(text))])


def of_run(text: str) -> list[Trailer]:
    return trailers(text, [Block("trailers", 0, 0, len(text))])


@pytest.mark.parametrize(
    ("line", "name", "email", "person"),
    [
        ("Signed-off-by: Ann Li <ann@example.org>", "Signed-off-by", "ann@example.org", "Ann Li"),
        ("REVIEWED-BY: Ann Li <ann@example.org>", "Reviewed-by", "ann@example.org", "Ann Li"),
        ('Acked-by: "Li, Ann" <ann@example.org>', "Acked-by", "ann@example.org", "Li, Ann"),
        ("Tested-by: ann@example.org", "Tested-by", "ann@example.org", ""),
        (
            "Reported-and-tested-by: A <a@example.org>",
            "Reported-and-tested-by",
            "a@example.org",
            "A",
        ),
        ("  Bisected-by: A <a@example.org>", "Bisected-by", "a@example.org", "A"),
        ("Reported-by: Ola Å <ola@example.org>", "Reported-by", "ola@example.org", "Ola Å"),
    ],
)
def test_tags_of_persons_count_in_a_reply(line, name, email, person):
    [found] = of_reply(f"Fine with me.\n\n{line}\n\nthanks\n")
    assert (found.name, found.kind, found.email, found.person) == (name, "person", email, person)


@pytest.mark.parametrize(
    "line",
    [
        "Reviewed-by: me",
        "Reviewed-by:",
        "Note: this is prose",
        "Subject: Reviewed-by lines",
        "Link: see the documentation",
        "Fixes: the build",
        "Cc: the list, please",
        "Überprüft-by: A <a@example.org>",
        "    Reviewed-by: A <a@example.org>",
        "> Reviewed-by: A <a@example.org>",
        "so Reviewed-by: A <a@example.org>",
        "Date: 12:30 <a@example.org>",
        "change-id: is a thing",
        "base-commit: of what?",
    ],
)
def test_what_only_looks_like_a_trailer_does_not_count_in_a_reply(line):
    assert of_reply(f"Hello,\n{line}\nbye\n") == []


def test_in_a_run_of_trailers_every_name_counts():
    found = of_run(
        "Reviewed-by: Ann\nX-Tested-on: two boards\nBug: 12\nLink: https://example.org/1\n"
        "Depends-on: <1@example.org>\nMessage-Id: <2@example.org>\n"
    )
    assert [(t.name, t.kind) for t in found] == [
        ("Reviewed-by", "person"),
        ("X-tested-on", "other"),
        ("Bug", "reference"),
        ("Link", "reference"),
        ("Depends-on", "utility"),
        ("Message-ID", "utility"),
    ]
    assert found[0].email is None
    assert found[0].person == "Ann"


def test_quotes_signatures_and_diffs_hold_no_trailers():
    line = "Acked-by: A <a@example.org>\n"
    for kind, depth in [("quote", 1), ("signature", 0), ("diff", 0), ("footer", 0), ("reply", 1)]:
        assert trailers(line, [Block(kind, depth, 0, len(line))]) == []


def test_a_block_is_read_from_its_first_character_to_its_last():
    line = "Acked-by: A <a@example.org>"
    text = f"> {line}\n{line}\n> {line}\n"
    blocks = [Block("quote", 1, 0, 30), Block("reply", 0, 30, 58), Block("quote", 1, 58, 88)]
    [found] = trailers(text, blocks)
    assert (found.start, found.stop) == (30, 57)


def test_a_comment_and_lines_in_brackets_belong_to_the_trailer():
    text = (
        "Signed-off-by: A <a@example.org>\n[b: fixed the typo]\n[b: and another]\n"
        "Signed-off-by: B <b@example.org>\n"
        "Cc: stable@example.org # 5.9+\n"
        "Link: https://example.org/r/1 [1]\n"
    )
    first, second, third, fourth = of_run(text)
    assert first.extinfo == "b: fixed the typo\nb: and another"
    assert text[first.start : first.stop].endswith("[b: and another]")
    assert second.extinfo == ""
    assert (third.value, third.extinfo) == ("stable@example.org", "5.9+")
    assert (fourth.value, fourth.extinfo) == ("https://example.org/r/1", "[1]")


def test_a_number_sign_in_a_title_is_no_comment():
    [found] = of_run('Fixes: 222fc0c8503d ("x86: work around erratum #1542419 # twice")  # 5.9\n')
    assert found.value == '222fc0c8503d ("x86: work around erratum #1542419 # twice")'
    assert found.extinfo == "5.9"
    [found] = of_run('Fixes: 222fc0c8503d ("x86: work around erratum # twice")\n')
    assert (found.value[-8:], found.extinfo) == (' twice")', "")


@pytest.mark.parametrize(
    "text",
    [
        'Fixes: 0123456789ab ("mm: a title that somebody\'s\nmail program has wrapped")\n',
        'Fixes: 0123456789ab ("mm: a title that\n  somebody\'s mail program\n  has wrapped")\n',
        "Fixes: commit 0123456789ab (mm: a title that somebody's\n mail program has wrapped)\n",
    ],
)
def test_a_wrapped_fixes_is_read_whole(text):
    [found] = of_reply(text + "Next line\n")
    assert "somebody's mail program has wrapped" in found.value
    assert found.stop == len(text) - 1


def test_an_open_bracket_does_not_swallow_what_follows():
    first, second = of_run('Fixes: 0123456789ab ("mm: cut\nAcked-by: A <a@example.org>\n')
    assert first.value == '0123456789ab ("mm: cut'
    assert second.name == "Acked-by"


def test_an_address_on_the_next_line_is_joined():
    [found] = of_reply("Reviewed-by: A. Person With A Long Name\n <a@example.org>\n")
    assert (found.person, found.email) == ("A. Person With A Long Name", "a@example.org")


def test_copies_in_prose_count_only_beside_other_trailers():
    names = [t.name for t in of_reply("Cc: A <a@example.org>\nCc: B <b@example.org>\n\nhi\n")]
    assert names == ["Cc", "Cc"]
    assert of_reply("hi\nCc: A <a@example.org>\nwho knows\n") == []
    assert len(of_reply("hi\nCc: <stable@example.org> # 5.9\nwho knows\n")) == 1


def test_a_folded_value_is_joined_in_a_run_of_trailers():
    text = "Link: https://example.org/a\n one\n\ttwo\n three\nAcked-by: A <a@example.org>\n"
    first, second = of_run(text)
    assert (first.value, second.name) == ("https://example.org/a one two three", "Acked-by")
    assert text[first.start : first.stop].endswith(" three")


def test_the_two_change_ids_are_told_apart():
    gerrit, b4 = of_run(f"Change-Id: I{'0a' * 20}\nchange-id: 20230101-topic-1234abcd\n")
    assert (gerrit.name, b4.name) == ("Change-Id", "change-id")


@pytest.mark.parametrize(
    ("sentence", "name"),
    [
        ("commit {sha} upstream.", "Upstream-commit"),
        ("Commit {sha} upstream", "Upstream-commit"),
        ("[ Upstream commit {sha} ]", "Upstream-commit"),
        ("(cherry picked from commit {sha})", "Cherry-picked-from"),
        ("(cherry-picked from commit {sha} mm-stable)", "Cherry-picked-from"),
        ("This reverts commit {sha}.", "Reverts"),
        ("This reverts commit {sha} as it broke things", "Reverts"),
    ],
)
@pytest.mark.parametrize("before", ["", "Some text\n\n", "Acked-by: A <a@example.org>\n"])
def test_backports_and_reverts_are_references(sentence, name, before):
    sha = "0123456789abcdef" * 2 + "01234567"
    text = before + sentence.format(sha=sha) + "\nmore\n"
    found = of_reply(text)[-1]
    assert (found.name, found.kind, found.value) == (name, "reference", sha)
    assert sha in text[found.start : found.stop]
    assert "\n" not in text[found.start : found.stop]


LINES = st.sampled_from(
    [
        *(
            "Acked-by: A <a@example.org>",
            "acked-by:",
            "Fixes: 0123456",
            'Fixes: 0123456 ("a',
            'b")',
        ),
        *("[x: y]", "[ Upstream commit 0123456789ab ]", "Cc: a@example.org # 5", " folded", ""),
        *("Link: https://example.org/ [1]", "# x", "(cherry picked from commit 0123456)", "word"),
        *("This reverts commit 0123456.", "-- ", "> Acked-by: A <a@example.org>", "\tTab: x"),
    ]
)
BODIES = st.lists(LINES, max_size=12).map("\n".join) | st.text(max_size=80)


@given(BODIES, st.sampled_from(["reply", "trailers"]), st.integers(0, 60))
def test_spans_are_ordered_disjoint_and_inside_their_block(text, kind, cut):
    cut = text.rfind("\n", 0, cut) + 1
    blocks = [Block("quote", 1, 0, cut), Block(kind, 0, cut, len(text))]
    end = cut
    for found in trailers(text, blocks):
        assert end <= found.start < found.stop <= len(text)
        end = found.stop
        written = " ".join(text[found.start : found.stop].split())
        assert " ".join(found.value.split()) in written
        assert not found.email or found.email in found.value


@pytest.mark.parametrize(
    "piece", ["\nA-by: a <", "\n[", "\nX-by: a\n[b]", '\nFixes: 1234567 ("a', "\n A-by: a@b\n  b"]
)
@pytest.mark.parametrize("kind", ["reply", "trailers"])
def test_hostile_text_ends(piece, kind):
    text = piece * 20_000
    assert all(t.stop <= len(text) for t in trailers(text, [Block(kind, 0, 0, len(text))]))


def test_counts_over_real_patch_mail(corpora: Path):
    """Tags of real patches: every Signed-off-by above a diff is found, with its address."""
    from threadkit.mail.body import blocks
    from threadkit.mail.message import parse

    total = 0
    for path in sorted((corpora / "commits" / "from-stable-mail").iterdir()):
        if path.suffix not in (".eml", ".mbox", ".txt", ".mail"):
            continue
        body = parse(path.read_bytes()).body
        message = body.split("\n---\n")[0]
        written = [line for line in message.split("\n") if line.startswith("Signed-off-by: ")]
        found = [t for t in trailers(body, blocks(body)) if t.name == "Signed-off-by"]
        assert len(found) >= len(written)
        assert all(t.email for t in found)
        total += len(found)
    assert total >= 30
