"""How mails begin, and where they came from."""

from __future__ import annotations

from pathlib import Path

from tests.pipeline.mails import mail, mbox
from threadkit.pipeline.importing import import_mail
from threadkit.store.beginnings import beginnings
from threadkit.store.connection import open_read
from threadkit.store.origins import other_conversations, rows_named, sources_of


def test_own_words_come_in_order_and_cut(tmp_path: Path) -> None:
    body = "Hello.\n> theirs\nMine, and more of it.\n> theirs\nNext.\n"
    box = tmp_path / "in.mbox"
    box.write_bytes(mbox([mail("a", body=body), mail("q", body="> only\n> theirs\n")]))
    import_mail(tmp_path / "t.db", [str(box)], workers=0)
    conn = open_read(tmp_path / "t.db")
    first, other = rows_named(conn, ["a@example.org", "q@example.org", "no@example.org"])
    found = [text for id_, text in beginnings(conn, [first], most=9)]
    assert found[0] == "Hello.\n"
    assert found[1] == "Mine, and"
    assert not list(beginnings(conn, [other]))
    assert sources_of(conn, [first]) == [(str(box), "mbox", None, None)]
    assert other_conversations(conn, [first]) == 1
    assert other_conversations(conn, [first, other]) == 0
    conn.close()
