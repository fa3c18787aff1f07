"""Texts of mails, read one at a time."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from tests.pipeline.mails import mail, mbox
from threadkit.pipeline.archive import Archive, open
from threadkit.pipeline.importing import import_mail
from threadkit.pipeline.sites.addresses import Hidden
from threadkit.site.texts import Block, Mention, Text


def archive_of(folder: Path, *mails: bytes) -> Archive:
    box = folder / "in.mbox"
    box.write_bytes(mbox(mails))
    import_mail(folder / "m.db", [str(box)], workers=0)
    return open(folder / "m.db")


def test_a_text_has_all_that_its_page_needs(sampled: Archive) -> None:
    site = sampled.site("sample").site
    for one in site.mails:
        text = site.text(one)
        if not one.seen:
            assert text is None
            continue
        assert text is not None
        stored = sampled.message(one.message_id)
        assert text.body == stored.body
        assert text.raw == stored.raw
        ends = [0, *(block.stop for block in text.blocks)]
        assert ends[:-1] == [block.start for block in text.blocks]
        assert ends[-1] == len(text.body)
        names = [name for name, _ in text.headers]
        assert names[0] == "From"
        assert names[-1] == "Message-ID"
        assert text.reply_to == stored.from_email
        assert stored.from_email not in text.reply_cc


def test_quotations_lead_to_the_line_that_they_come_from(sampled: Archive) -> None:
    site = sampled.site("sample").site
    texts = {one.message_id: site.text(one) for one in site.mails}
    found = 0
    for text in texts.values():
        for one in text.sources if text else ():
            source = texts[one.message_id]
            assert source is not None
            line = source.body.split("\n")[one.line - 1]
            first = text.body[one.start : one.stop].split("\n")[0]
            if line.strip().startswith(first.strip().lstrip("> ")):
                found += 1
            assert 1 <= one.line <= source.body.count("\n") + 1
    assert found > 10


def test_a_mail_costs_a_handful_of_statements(sampled: Archive) -> None:
    site = sampled.site("sample").site
    said: list[str] = []
    sampled.connection.set_trace_callback(said.append)
    mail_of = next(one for one in site.mails if one.message_id == "bo-1@example.org")
    assert site.text(mail_of)
    sampled.connection.set_trace_callback(None)
    assert 0 < len(said) <= 12


def test_without_addresses_none_is_left_and_no_span_moves(tmp_path: Path) -> None:
    body = (
        "On Friday, Ada Example <ada@example.org> wrote:\n> Ask bo@lab.example.org.\n\n"
        'See https://lore.kernel.org/r/a@example.org and commit 0123456789abc ("mm: x").\n'
        "Cc: Cy <cy@example.org>\n"
    )
    mails = (mail("a", body="Ask bo@lab.example.org.\n"), mail("b", to="a", person=1, body=body))
    with archive_of(tmp_path, *mails) as archive:
        shown = archive.site("b@example.org").site
        site = archive.site("b@example.org", hide_addresses=True).site
        for before, one in zip(shown.mails, site.mails, strict=True):
            plain, text = shown.text(before), site.text(one)
            assert plain
            assert text
            assert len(text.body) == len(plain.body)
            assert (text.blocks, text.mentions, text.sources) == (
                plain.blocks, plain.mentions, plain.sources,
            )  # fmt: skip
            assert (text.raw, text.reply_to, text.reply_cc) == (b"", "", "")
            told = text.body + "".join(value for _, value in text.headers[:-1])
            for address in ("ada@", "bo@", "cy@", "talk@"):
                assert address not in told
        answer = site.text(site.mails[1])
        assert answer
        assert "lore.kernel.org/r/a@example.org" in answer.body
        assert dict(answer.headers)["From"] == "Bo Sample"
        assert not any(one.address for one in site.people.values())
        assert "@" not in site.mails[0].excerpt


@given(st.text("ab.@<>-:é \n", max_size=80))
def test_hiding_keeps_every_length(body: str) -> None:
    hidden = Hidden(["a@b.ab"]).line(body)
    assert len(hidden) == len(body)
    assert [one for one in hidden if one in "\n <>"] == [one for one in body if one in "\n <>"]


@given(st.from_regex(r"[a-z.]{1,9}@([a-z-]{1,5}\.){1,3}[a-z]{2,4}", fullmatch=True))
def test_no_address_is_left(address: str) -> None:
    text = Text(f"by {address}, yes", [Block("reply", 0, 0, 8)], [("From", f"Ann <{address}>")])
    assert "@" not in Hidden([]).text(text).body
    assert Hidden([]).text(text).headers == [("From", "Ann")]
    cited = Text(address, (), (), mentions=[Mention(0, 1, "message", address, "")])
    assert Hidden([]).text(cited).body == address
    assert "@" not in Hidden([]).name(address)
