"""Names: whatever people paste finds the one mail it means, or says what comes close."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from threadkit.errors import Ambiguous, NotFound
from threadkit.store.lookup import find, message_ids_in

MESSAGE_ID = "CAHk-=wi/Ab+c%d~2_rw@mail.example.org"
ESCAPED = "CAHk-=wi%2FAb+c%25d~2_rw@mail.example.org"


@pytest.mark.parametrize(
    "name",
    [
        MESSAGE_ID,
        f"<{MESSAGE_ID}>",
        f"  <{MESSAGE_ID}>\n",
        f"Message-ID: <{MESSAGE_ID}>",
        f"Message-Id: {MESSAGE_ID}",
        f"mid:{MESSAGE_ID}",
        f"id:{MESSAGE_ID}",
        MESSAGE_ID[:12],
        f"<{MESSAGE_ID[:12]}",
        f"https://lore.kernel.org/linux-mm/{ESCAPED}/",
        f"https://lore.kernel.org/linux-mm/{ESCAPED}",
        f"http://lore.kernel.org/all/{ESCAPED}/raw",
        f"https://lore.kernel.org/r/{ESCAPED}/t/#u",
        f"https://lore.kernel.org/r/{ESCAPED}/T/#t",
        f"https://lore.kernel.org/lkml/{ESCAPED}/t.mbox.gz",
        f"https://lore.kernel.org/lkml/{ESCAPED}/?q=cow",
        f"https://lore.kernel.org/all/{MESSAGE_ID.replace('%', '%25')}/",
        f"https://lkml.kernel.org/r/{ESCAPED}",
        f"https://patch.msgid.link/{ESCAPED}",
        f"https://msgid.link/{ESCAPED}",
        f"https://inbox.example.org/one/two/{ESCAPED}/",
        f"lore.kernel.org/r/{ESCAPED}",
        f"https://lore.kernel.org/r/%3C{ESCAPED}%3E/",
        "#7",
    ],
)
def test_every_way_to_write_it_finds_the_mail(builder, name: str) -> None:
    builder.mail("another@example.org", row=3)
    builder.mail(MESSAGE_ID, row=7)
    assert find(builder.conn, name) == 7


def test_an_id_without_an_at_sign_is_found_in_a_url(builder) -> None:
    builder.mail("20200831-no-at-sign", row=7)
    for url in (
        "https://lore.kernel.org/r/20200831-no-at-sign",
        "https://lore.kernel.org/linux-mm/20200831-no-at-sign/T/#u",
        "https://patch.msgid.link/20200831-no-at-sign",
    ):
        assert find(builder.conn, url) == 7


def test_an_anchor_names_one_mail_of_a_thread_page(builder) -> None:
    first = builder.mail("first@example.org")
    second = builder.mail("second@example.org", parent=first)
    builder.mail("third@example.org", parent=second)
    sha1 = hashlib.sha1(b"second@example.org").hexdigest()
    url = "https://lore.kernel.org/linux-mm/first@example.org/T/#m"
    assert find(builder.conn, url + sha1) == second
    assert find(builder.conn, url + "0" * 40) == first


def test_an_exact_id_wins_over_longer_ones(builder) -> None:
    builder.mail("a@example.org.invalid", row=1)
    builder.mail("a@example.org", row=2)
    assert find(builder.conn, "a@example.org") == 2


def test_a_beginning_of_several_lists_them_in_order_of_arrival(builder) -> None:
    for row, name in enumerate(("z", "m", "a"), start=1):
        builder.mail(f"same-{name}@example.org", row=row)
    with pytest.raises(Ambiguous) as caught:
        find(builder.conn, "same-")
    assert caught.value.candidates == (
        "same-z@example.org", "same-m@example.org", "same-a@example.org",
    )  # fmt: skip


def test_a_beginning_of_very_many_lists_few(builder) -> None:
    for row in range(1, 40):
        builder.mail(f"same-{row}@example.org", row=row)
    with pytest.raises(Ambiguous) as caught:
        find(builder.conn, "same")
    assert len(caught.value.candidates) == 10


def test_imposters_do_not_make_a_name_ambiguous(builder) -> None:
    builder.mail("same@example.org", row=1)
    builder.mail("same@example.org", row=2, imposter=1)
    assert find(builder.conn, "same@example.org") == 1
    assert find(builder.conn, "same@") == 1
    assert find(builder.conn, "#2") == 2


def test_further_ids_of_a_mail_find_it(builder) -> None:
    builder.mail("first@example.org", row=5)
    builder.execute("INSERT INTO alias VALUES ('second@example.org', 5)")
    assert find(builder.conn, "second@example.org") == 5
    assert find(builder.conn, "sec") == 5


def test_a_ghost_answers_to_its_id_and_its_row(builder) -> None:
    row = builder.ghost("lost@example.org", -4)
    assert find(builder.conn, "lost@example.org") == row
    assert find(builder.conn, "#-4") == row


@pytest.mark.parametrize(
    "name", ["20200831134512.1234-2-ann@example.com", "2020083113451.1234-2-ann@example.org"]
)
def test_a_slip_of_the_pen_suggests_the_right_one(builder, name: str) -> None:
    builder.mail("20200831134512.1234-1-ann@example.org")
    builder.mail("20200831134512.1234-2-ann@example.org")
    with pytest.raises(NotFound) as caught:
        find(builder.conn, name)
    assert "20200831134512.1234-2-ann@example.org" in caught.value.near


def test_the_middle_of_an_id_suggests_it(builder) -> None:
    builder.mail("aaaa-20200831_1345%x@example.org")
    builder.mail("zzzz-20200831x1345-x@example.org")
    with pytest.raises(NotFound) as caught:
        find(builder.conn, "20200831_1345")
    assert caught.value.near == ("aaaa-20200831_1345%x@example.org",)


@pytest.mark.parametrize(
    "name", ["", " ", "<>", "#99", "#x", "https://", "https://lore.kernel.org/"]
)
def test_nothing_is_not_found(builder, name: str) -> None:
    builder.mail("a@example.org")
    with pytest.raises(NotFound):
        find(builder.conn, name)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=60) | st.from_regex(r"https?://[\w.]{1,9}/[ -~]{0,30}"))
def test_any_text_finds_or_is_not_found(builder, name: str) -> None:
    if not builder.rows:
        builder.mail("a@example.org")
    try:
        assert find(builder.conn, name) == 1
    except (NotFound, Ambiguous):
        assert name not in ("a@example.org", "<a@example.org>")


IDS = st.text(
    st.characters(min_codepoint=33, max_codepoint=126, exclude_characters="<>#"), min_size=1
).map(lambda text: text + "@example.org")


@given(IDS)
def test_an_id_comes_back_out_of_its_lore_url(message_id: str) -> None:
    from urllib.parse import quote

    safe = "-._~!$&'()*+,;=:@"
    url = f"https://lore.kernel.org/all/{quote(message_id, safe=safe)}/T/#u"
    assert message_ids_in(url)[0] == message_id


@pytest.mark.parametrize("count", [2, 3, 11])
def test_a_beginning_of_several_ids_is_never_one_of_them(builder, count: int) -> None:
    for number in range(count):
        builder.mail(f"same.{number:02}@example.org")
    with pytest.raises(Ambiguous) as caught:
        find(builder.conn, "same.")
    assert len(caught.value.candidates) == min(count, 10)
    assert find(builder.conn, "same.01") == 2
