"""Mail that nobody would write: read in bounded work, left alone with a reason, nothing lost."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from types import FrameType

import pytest

from tests.pipeline.contents import table
from tests.pipeline.mails import mail, mbox
from threadkit.analyze.arguments import segments
from threadkit.analyze.arguments.segments import LONGEST_UNIT
from threadkit.pipeline.analysis import analyze
from threadkit.pipeline.importing import import_mail
from threadkit.pipeline.stages.arguments import findings_of
from threadkit.pipeline.stages.claims import conversation
from threadkit.store.connection import open_read
from threadkit.store.mailtexts import StoredText, texts

MOST = 50
SAYS = "I think that the page is copied too late. "
GERMAN = (
    "Ich glaube, das ist nicht so und wird auch nicht gehen. Warum sollte es auch anders sein?\n"
)


def quotation(count: int) -> str:
    return "".join(f"{'> ' * (1 + at % 30)}{SAYS}\n" for at in range(count))


def code(count: int) -> str:
    return "".join(
        f"\tif (count(page) != {at})\n\t\treturn -EBUSY; /* so */\n" for at in range(count)
    )


def lines_of_html(count: int) -> str:
    return "<html><body>" + "<p>I think <b>this</b> is wrong.</p>\n" * count + "</body></html>\n"


def answers(count: int) -> str:
    return "".join(f"> Is it slow in {at}?\nNo, it is not.\n" for at in range(count))


def items(count: int) -> str:
    return "".join(f"- the lock of {at} is held too long\n" for at in range(count))


def sentences(count: int) -> str:
    return "".join(f"It is slow because of {at}.\n" for at in range(count))


def marks(count: int) -> str:
    return "".join("?! " * 20 + "\n" for _ in range(count))


def damaged(count: int) -> str:
    return "I think \0 that \x07 is wrong, \ufffd \u202e and so on.\n" * count


def imported(folder: Path, *mails: bytes) -> Path:
    box, path = folder / "in.mbox", folder / "t.db"
    box.write_bytes(mbox(mails))
    import_mail(path, [str(box)], workers=0)
    return path


def stored(folder: Path, body: str) -> StoredText:
    """Store a mail and read it back as the stage does."""
    path = imported(folder, mail("a", body=body, extra="\nContent-Type: text/plain; charset=utf-8"))
    with closing(open_read(path)) as conn:
        return texts(conn, [row for (row,) in conn.execute("SELECT message FROM body")])[0]


def calls(work: Callable[[], object]) -> int:
    """Count the calls of functions, of Python and of C, that some work takes."""
    count = 0

    def told(frame: FrameType, event: str, arg: object) -> None:
        nonlocal count
        count += 1

    sys.setprofile(told)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize(
    "body", [quotation, code, lines_of_html, answers, items, sentences, marks, damaged]
)
def test_four_times_the_mail_is_four_times_the_work(
    tmp_path: Path, body: Callable[[int], str]
) -> None:
    spent = []
    for count in (75, 300):
        folder = tmp_path / str(count)
        folder.mkdir()
        one = stored(folder, body(count))
        findings_of(one)
        spent.append(calls(lambda one=one: findings_of(one)))
    assert spent[1] < 5 * spent[0]


@pytest.mark.parametrize("body", [answers, items, sentences])
def test_the_units_of_a_mail_are_bounded_and_it_is_said(
    tmp_path: Path, body: Callable[[int], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(segments, "MOST_UNITS", MOST)
    path = imported(tmp_path, mail("a", body=body(2 * MOST)))
    analyze(path, only=["arguments"])
    assert table(path, "SELECT count(*) FROM unit") == [(MOST,)]
    ((note,),) = table(path, "SELECT note FROM mail_reading")
    assert f"after {MOST} units were not read" in note


def test_a_megabyte_in_one_line_is_not_read_and_it_is_said(tmp_path: Path) -> None:
    body = "I think so, too.\n" + SAYS * 24_000 + "\nBut why is it slow?\n"
    path = imported(tmp_path, mail("a", body=body))
    analyze(path, only=["arguments", "claims"])
    ((note,),) = table(path, "SELECT note FROM mail_reading")
    assert note.startswith("1 line")
    assert "were not read" in note or "was not read" in note
    assert table(path, "SELECT count(*) FROM unit") == [(2,)]


def test_a_long_sentence_is_cut_and_nothing_of_it_is_lost(tmp_path: Path) -> None:
    body = " ".join(f"word{at}" for at in range(2000)) + "\n"
    path = imported(tmp_path, mail("a", body=body))
    analyze(path, only=["arguments"])
    spans = table(path, "SELECT start, stop FROM unit ORDER BY position")
    assert len(spans) > 1
    assert all(stop - start <= LONGEST_UNIT for start, stop in spans)
    assert "".join(body[start:stop] for start, stop in spans).replace(" ", "") == "".join(
        body.split()
    )


@pytest.mark.parametrize(
    ("body", "language", "note"),
    [
        (GERMAN * 5, "other", "not English (nearest: de): left alone"),
        (quotation(50), "none", ""),
        ("", "none", ""),
        (" \n\t\n", "none", ""),
        ("\0", "none", ""),
    ],
)
def test_what_holds_no_english_has_no_units(
    tmp_path: Path, body: str, language: str, note: str
) -> None:
    path = imported(tmp_path, mail("a", body=body))
    analyze(path, only=["arguments", "claims"])
    assert table(path, "SELECT language, note FROM mail_reading") == [(language, note)]
    if language == "other" or not body.strip("\0 \n\t") or body.startswith(">"):
        assert table(path, "SELECT count(*) FROM unit") == [(0,)]


@pytest.mark.parametrize(
    "body", [quotation, code, lines_of_html, answers, items, sentences, marks, damaged]
)
def test_units_lie_in_order_in_own_words(tmp_path: Path, body: Callable[[int], str]) -> None:
    one = stored(tmp_path, body(80) + "\nThat is wrong, I think.\n")
    found = findings_of(one)
    quoted = [block for block in one.blocks if block.depth]
    last = 0
    for unit in found.units:
        assert last <= unit.start < unit.stop <= len(one.body)
        assert not one.body[unit.start].isspace()
        assert not any(unit.start < q.stop and q.start < unit.stop for q in quoted)
        last = unit.stop
    assert found.units
    assert all(0 <= relation.unit < len(found.units) for relation in found.relations)


def chain(count: int) -> list[bytes]:
    """Make mails of which each quotes all that it answers, up to forty lines of it."""
    lines, some = ["I think that page 0 is copied too late."], []
    for at in range(count):
        if at:
            lines = [f"> {line}" for line in lines[-40:]]
            lines.append(f"No, I think that page {at} is right. Why is it {at}?")
        to = f"m{at - 1}" if at else None
        some.append(mail(f"m{at}", to=to, minute=at, person=at, body="\n".join(lines) + "\n"))
    return some


def test_a_long_chain_that_quotes_everything_is_put_together_in_linear_work(
    tmp_path: Path,
) -> None:
    from threadkit.analyze.debate.assemble import assemble

    spent = []
    for count in (25, 100):
        folder = tmp_path / str(count)
        folder.mkdir()
        path = imported(folder, *chain(count))
        analyze(path, only=["arguments"])
        with closing(open_read(path)) as conn:
            ((root,),) = conn.execute("SELECT DISTINCT root FROM message").fetchall()
            whole = conversation(conn, root)
        assert len(whole.mails) == count
        spent.append(calls(lambda whole=whole: assemble(whole, [])))
    assert spent[1] < 6 * spent[0]
