"""Conversations of which a saved page tells more than the mails that are here."""

from __future__ import annotations

from pathlib import Path

from threadkit.pipeline.archive import open
from threadkit.pipeline.importing import import_mail
from threadkit.pipeline.samples import samples
from threadkit.site.check import check


def test_all_that_the_page_lists_is_in_the_site(tmp_path: Path) -> None:
    import_mail(tmp_path / "t.db", [str(samples() / "page.txt")], workers=0)
    with open(tmp_path / "t.db") as archive:
        thread = archive.thread(archive.threads()[0].root)
        assert thread.partial
        view = archive.site(thread.root.message_id)
        built = view.build(tmp_path / "out")
    mails = view.site.mails
    assert [mail.subject for mail in mails if not mail.seen] == [
        row.subject for row in thread.overview if row.message is None
    ]
    assert sum(mail.seen for mail in mails) == len(thread.messages) > 0
    assert len(mails) == len(thread.overview)
    names = {mail.message_id: depth for depth, mail in _depths(mails)}
    assert list(names.values()) == [row.depth for row in thread.overview]
    shown = {one.name: one.messages for one in view.site.people.values()}
    assert shown == {one.name: one.message_count for one in thread.voices}
    assert list(map(str, check(built.out, built.files))) == []


def _depths(mails):
    known: dict[str, int] = {}
    for mail in mails:
        depth = known[mail.message_id] = known[mail.parent] + 1 if mail.parent else 0
        yield depth, mail
