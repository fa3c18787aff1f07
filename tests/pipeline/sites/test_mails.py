"""Rows of a site's mails: their names differ, their first words are their author's."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from tests.pipeline.mails import mail, mbox
from threadkit.pipeline.archive import Archive
from threadkit.pipeline.importing import import_mail
from threadkit.pipeline.sites.mails import apart, page_name
from threadkit.site.values import Mail

IDS = st.lists(st.text("aAbB.@", min_size=1, max_size=4), unique=True, max_size=12)


@given(IDS)
def test_names_differ_where_large_and_small_letters_are_one(ids: list[str]) -> None:
    mails = [Mail(one, page_name(one), "", None, "", None) for one in ids]
    named = apart(mails)
    assert len({one.name.lower() for one in named}) == len(ids)
    assert [one.message_id for one in named] == ids
    assert apart(reversed(mails)) == list(reversed(named))


def test_the_author_of_a_patch_is_no_word_of_it(tmp_path: Path) -> None:
    body = "From: Eve Placeholder <eve@example.org>\n\nThe pool counts its users twice here.\n"
    box = tmp_path / "box"
    box.write_bytes(mbox([mail("a", subject="[PATCH] pool: count once", body=body)]))
    import_mail(tmp_path / "a.db", [str(box)], workers=0)
    with Archive(tmp_path / "a.db") as archive:
        (row,) = archive.site().site.mails
    assert row.excerpt == "The pool counts its users twice here."
