"""Paths as users name them: folders of all kinds, pipes, and things that are no mail."""

from __future__ import annotations

import bz2
import gzip
import io
import os
import random
import sqlite3
import sys
import threading
from pathlib import Path

import pytest

from tests.fetch.boxes import kinds, mail, mbox, read_all
from threadkit.errors import SourceError
from threadkit.fetch import walk
from threadkit.fetch.files import open_sources
from threadkit.fetch.limits import Limits
from threadkit.fetch.sniff import sniff


def put(path: Path, data: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def refusal(*paths: Path | str) -> str:
    with pytest.raises(SourceError) as caught:
        read_all(*paths)
    assert str(caught.value) == f"{caught.value.uri}: {caught.value.why}"
    return caught.value.why


def test_one_mail_in_a_file(tmp_path: Path) -> None:
    for name, data in {
        "a.eml": mail(1),
        "bom": b"\xef\xbb\xbf" + mail(1),
        "blank": b"\r\n\n" + mail(1),
        "packed.txt": gzip.compress(mail(1)),
    }.items():
        mails, [source] = read_all(put(tmp_path / name, data))
        assert [one.data for one in mails] == [mail(1)]
        assert (source.kind, source.uri, source.problems) == ("eml", str(tmp_path / name), [])


def test_names_mean_nothing(tmp_path: Path) -> None:
    box = put(tmp_path / "photo.jpg", bz2.compress(mbox([mail(1), mail(2)])))
    mails, [source] = read_all(box)
    assert (source.kind, len(mails)) == ("mbox", 2)


def test_a_maildir(tmp_path: Path) -> None:
    box = tmp_path / "box"
    put(box / "cur/1600000002.M2.host:2,S", mail(2))
    put(box / "new/1600000010.M3.host", mail(3))
    put(box / "cur/999999999.M1.host:2,", mail(1))
    put(box / "tmp/1600000011.M4.host", mail(4))
    put(box / "cur/.hidden", mail(5))
    put(box / ".Sent/cur/1600000020.M6.host:2,S", gzip.compress(mail(6)))
    put(box / ".git/config", b"x")
    mails, sources = read_all(box)
    assert [one.data for one in mails] == [mail(1), mail(2), mail(3), mail(6)]
    assert mails[0].locator == "cur/999999999.M1.host:2,"
    assert [(one.kind, one.uri) for one in sources] == [
        ("maildir", str(box)),
        ("maildir", str(box / ".Sent")),
    ]


def test_an_empty_maildir_is_a_source_without_mails(tmp_path: Path) -> None:
    for part in ("cur", "new", "tmp"):
        (tmp_path / "box" / part).mkdir(parents=True)
    mails, [source] = read_all(tmp_path / "box")
    assert (mails, source.kind) == ([], "maildir")


def test_a_mail_that_moves_while_it_is_read_is_named(tmp_path: Path) -> None:
    first = put(tmp_path / "box/cur/1:2,", mail(1))
    put(tmp_path / "box/cur/2:2,", mail(2))
    [source] = open_sources([str(tmp_path / "box")])
    first.rename(tmp_path / "elsewhere")
    assert [one.data for one in source] == [mail(2)]
    assert kinds(source) == ["unreadable"]


def test_a_file_that_goes_away_while_its_folder_is_looked_through_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path / "a.eml", mail(1))
    second = put(tmp_path / "b.eml", mail(2))

    def sniff_and_lose(head: bytes) -> str | None:
        second.unlink(missing_ok=True)
        return sniff(head)

    monkeypatch.setattr(walk, "sniff", sniff_and_lose)
    mails, [source] = read_all(tmp_path)
    assert [one.data for one in mails] == [mail(1)]
    assert [(one.kind, one.detail) for one in source.problems] == [
        ("unreadable", "b.eml: No such file or directory")
    ]


def test_a_mailbox_that_goes_away_while_its_folder_is_read_is_named(tmp_path: Path) -> None:
    for name in ("a", "b", "c"):
        put(tmp_path / name, mbox([mail(ord(name))]))
    mails: list[bytes] = []
    problems: list[str] = []
    for source in open_sources([str(tmp_path)]):
        mails += [one.data for one in source]
        problems += kinds(source)
        (tmp_path / "b").unlink(missing_ok=True)
    assert mails == [mail(ord("a")), mail(ord("c"))]
    assert problems == ["unreadable"]


def test_progress_counts_what_was_read(tmp_path: Path) -> None:
    one = put(tmp_path / "one.eml", mail(1))
    for n in (1, 2):
        put(tmp_path / "mh" / str(n), mail(n))
    page = put(tmp_path / "page", b"From: Ada\nDate: x\t[thread overview]\n\nhello\n")
    for path, size in ((one, len(mail(1))), (tmp_path / "mh", len(mail(1) + mail(2))), (page, 43)):
        _, [source] = read_all(path)
        assert source.position_bytes() == size
        assert source.size_bytes in (None, size)


def test_a_single_mail_loses_the_envelope_above_its_header(tmp_path: Path) -> None:
    for envelope in (b"From ada 2020\n", b">From ada@example.org Tue Sep  1 07:01:35 2020\n"):
        mails, [source] = read_all(put(tmp_path / "a.eml", envelope + mail(1)))
        assert ([one.data for one in mails], source.kind) == ([mail(1)], "eml")


def test_an_mh_folder_is_read_in_its_numbers_order(tmp_path: Path) -> None:
    for n in (10, 9, 1):
        put(tmp_path / "inbox" / str(n), mail(n))
    put(tmp_path / "inbox/.mh_sequences", b"unseen: 1\n")
    mails, [source] = read_all(tmp_path / "inbox")
    assert [one.locator for one in mails] == ["1", "9", "10"]
    assert source.kind == "mh"


def test_a_folder_of_numbers_and_other_names_is_no_mh_folder(tmp_path: Path) -> None:
    for name in ("10", "9", "a.eml"):
        put(tmp_path / "box" / name, mail(len(name)))
    mails, [source] = read_all(tmp_path / "box")
    assert (source.kind, [one.locator for one in mails]) == ("eml", ["10", "9", "a.eml"])


def test_subfolders_are_read_in_the_order_of_their_names(tmp_path: Path) -> None:
    for n, name in enumerate(("c", "a", "b/x", "b/a")):
        put(tmp_path / name / "a.eml", mail(n))
    _, sources = read_all(tmp_path)
    names = [str(Path(source.uri).relative_to(tmp_path)) for source in sources]
    assert names == ["a", "b/a", "b/x", "c"]


def test_nested_folders_are_read_sorted_and_once(tmp_path: Path) -> None:
    top = tmp_path / "top"
    put(top / "b.eml", mail(2))
    put(top / "a.eml", mail(1))
    put(top / "c.mbox", mbox([mail(3), mail(4)]))
    put(top / "sub/deeper/e.eml", mail(6))
    put(top / "sub/d.mbox.gz", gzip.compress(mbox([mail(5)])))
    put(top / ".hidden/x.eml", mail(9))
    (top / "sub/loop").symlink_to(top)
    (top / "again").symlink_to(top / "sub/deeper")
    (top / "broken").symlink_to(top / "nowhere")
    mails, sources = read_all(top)
    assert sorted(one.data for one in mails) == [mail(n) for n in range(1, 7)]
    assert [one.data for one in mails][:4] == [mail(n) for n in range(1, 5)]
    assert sum(not source.problems for source in sources) == len(sources)


def test_what_is_no_mail_is_named(tmp_path: Path) -> None:
    put(tmp_path / "a.eml", mail(1))
    for name in ("LICENSE", "facts.json", "picture.png", "x.py"):
        put(tmp_path / name, b"\x89 no mail here")
    put(tmp_path / "cut.gz", gzip.compress(mail(2))[:12])
    mails, [source] = read_all(tmp_path)
    assert len(mails) == 1
    assert sorted(kinds(source)) == ["compressed-truncated", "not-mail"]
    details = " ".join(problem.detail for problem in source.problems)
    assert "LICENSE, facts.json, picture.png and 1 more" in details
    assert "cut.gz" in details


def test_what_is_passed_over_is_said_of_the_folder_not_of_a_mailbox_in_it(tmp_path: Path) -> None:
    put(tmp_path / "box", mbox([mail(1)]))
    put(tmp_path / "sub/a.eml", mail(2))
    put(tmp_path / "LICENSE", b"\x89 no mail here")
    put(tmp_path / "sub/facts.json", b"\x89 no mail here")
    mails, sources = read_all(tmp_path)
    assert len(mails) == 2
    found = {source.uri: [problem.detail for problem in source.problems] for source in sources}
    assert found == {
        str(tmp_path / "box"): [],
        str(tmp_path / "sub"): [],
        str(tmp_path): ["LICENSE", "sub: facts.json"],
    }


def test_names_that_are_not_utf8_are_spelled(tmp_path: Path) -> None:
    folder = tmp_path / os.fsdecode(b"caf\xe9")
    try:
        put(folder / os.fsdecode(b"\xff.eml"), mail(1))
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    put(folder / os.fsdecode(b"\xfe.mbox"), mbox([mail(2)]))
    put(folder / os.fsdecode(b"\xfd"), b"\x89 no mail here")
    mails, sources = read_all(folder)
    assert [one.locator for one in mails] == [r"\xff.eml", "0"]
    assert [source.uri for source in sources] == [
        rf"{tmp_path}/caf\xe9",
        rf"{tmp_path}/caf\xe9/\xfe.mbox",
    ]
    assert [problem.detail for problem in sources[0].problems] == [r"\xfd"]


def test_a_file_that_the_system_cannot_read_is_named(tmp_path: Path) -> None:
    put(tmp_path / "a.eml", mail(1))
    (tmp_path / "b.eml").symlink_to("/proc/self/mem")  # opens, and fails at the first byte
    mails, [source] = read_all(tmp_path)
    assert len(mails) == 1
    assert kinds(source) == ["unreadable"]
    assert "b.eml" in source.problems[0].detail


def test_a_mail_over_the_limit_in_a_folder_is_named(tmp_path: Path) -> None:
    put(tmp_path / "a.eml", mail(1))
    put(tmp_path / "b.eml", mail(2, b"x" * 5000))
    mails, [source] = read_all(tmp_path, limits=Limits(max_mail_bytes=4000))
    assert len(mails) == 1
    assert [(one.kind, one.detail) for one in source.problems] == [
        ("mail-too-large", "b.eml: over 4000 bytes")
    ]


def test_a_cut_single_mail_is_not_given(tmp_path: Path) -> None:
    packed = gzip.compress(mail(1, random.Random(1).randbytes(3000).hex().encode()))
    mails, [source] = read_all(put(tmp_path / "a.eml.gz", packed[:-20]))
    assert mails == []
    assert kinds(source) == ["compressed-truncated", "mail-cut"]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "empty"),
        (b" \n\n", "holds only blanks"),
        (b"PK\x03\x04 whatever", "zip archive"),
        (b"\x7fELF\0\0\0", "binary data"),
        (b"name: threadkit\nversion: 1\n\n", "no header of a mail"),
        (b"import os\n\nprint(1)\n", "no header of a mail"),
        (b"<html><title>Making sure you&#39;re not a bot!</title><p>", "you are a bot"),
        (b"<html><title>&lt;x@example.org&gt; not found</title>", "missing message"),
        (b"<!DOCTYPE html><html><title>Shop</title>", "shows no mail ('Shop')"),
        (b"From the start it was prose.\n", "no header of a mail"),
        (b"Date: tomorrow\nPlace: here\n\nThe party.\n", "no header of a mail"),
        (b"# v2 of the plan\n\nIt changed.\n", "no header of a mail"),
        (gzip.compress(b"prose", mtime=0), "no header of a mail"),
        (gzip.compress(mail(1), mtime=0)[:11], "compressed-truncated"),
        (b"\0" * 257 + b"ustar", "tar archive"),
        (b"# v2 git bundle\nnonsense", "git bundle"),
    ],
)
def test_a_file_without_mail_says_what_it_is(tmp_path: Path, data: bytes, why: str) -> None:
    if data[257:262] == b"ustar":
        data = b"x" + data[1:]
    assert why in refusal(put(tmp_path / "file", data))


def test_an_sqlite_database_is_not_mail(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "some.db") as db:
        db.execute("create table t (a)")
    db.close()
    assert "SQLite" in refusal(tmp_path / "some.db")


def test_folders_without_mail(tmp_path: Path) -> None:
    assert refusal(tmp_path) == "holds no files"
    put(tmp_path / "README", b"hello")
    put(tmp_path / "sub/README", b"hello")
    assert refusal(tmp_path) == "no mail in its 2 files"


def test_a_folder_that_cannot_be_looked_into_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def closed(path: Path) -> object:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "scandir", closed)
    assert "Permission denied" in refusal(tmp_path)


def test_a_bad_path_stops_before_anything_is_read(tmp_path: Path) -> None:
    good = put(tmp_path / "a.eml", mail(1))
    with pytest.raises(SourceError, match="no such file"):
        open_sources([str(good), str(tmp_path / "missing")])
    with pytest.raises(SourceError, match="no path"):
        open_sources([""])
    with pytest.raises(SourceError, match="null"):
        open_sources(["a\0b"])


def test_a_path_closed_to_us_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    closed = put(tmp_path / "a.eml", mail(1))
    monkeypatch.setattr(os, "access", lambda path, mode: False)  # root may read anything
    assert refusal(closed) == "no permission to read it"


def test_a_folder_that_cannot_be_listed_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path / "a.eml", mail(1))
    (tmp_path / "closed").mkdir()
    scandir = os.scandir

    def guarded(path: Path) -> object:
        if Path(path).name == "closed":
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", guarded)
    mails, [source] = read_all(tmp_path)
    assert len(mails) == 1
    assert [(one.kind, one.detail) for one in source.problems] == [
        ("unreadable", "closed: Permission denied")
    ]


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_standard_input(monkeypatch: pytest.MonkeyPatch, pack: type[bytes]) -> None:
    class Stdin:
        buffer = io.BytesIO(pack(mbox([mail(1), mail(2)])))

    monkeypatch.setattr(sys, "stdin", Stdin)
    mails, [source] = read_all("-")
    assert [one.data for one in mails] == [mail(1), mail(2)]
    assert (source.uri, source.size_bytes) == ("-", None)


def test_a_named_pipe(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_bytes, args=(mbox([mail(1), mail(2)]),))
    writer.start()
    mails, [source] = read_all(pipe)
    writer.join()
    assert (len(mails), source.kind, source.size_bytes) == (2, "mbox", None)


def test_links_do_not_change_what_a_source_is_called(tmp_path: Path) -> None:
    box = put(tmp_path / "real/box", mbox([mail(1)]))
    (tmp_path / "link").symlink_to(box)
    _, [source] = read_all(tmp_path / "link")
    assert source.uri == str(box.resolve())


def test_all_corpora_are_read_without_losing_a_file(corpora: Path) -> None:
    mails, sources = read_all(corpora)
    by_kind = {kind: 0 for kind in ("mbox", "eml", "maildir", "public-inbox-v2", "lore-text")}
    assert set(by_kind) <= {source.kind for source in sources}
    lost = {kind for source in sources for kind in kinds(source)} - {"not-mail"}
    assert lost == set()
    assert len(mails) > 2900
