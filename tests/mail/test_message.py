"""``parse``: a record for any bytes, the same record for the same mail."""

from __future__ import annotations

import base64
import quopri

from hypothesis import example, given
from hypothesis import strategies as st

from threadkit.mail.defects import DEFECT_KINDS
from threadkit.mail.message import DEFECTS_MAX, Address, Message, parse

HEAD = (
    b"Received: from a.example.org by list.example.org;\n\tWed, 2 Sep 2020 10:00:05 +0200 (CEST)\n"
    b"Received: from home by a.example.org; Wed, 02 Sep 2020 09:59:58 +0200\n"
    b"From: Jane Doe <Jane@Example.ORG>\n"
    b"To: =?utf-8?q?J=C3=BCrgen?= <j@example.org>,\n\tlist@example.org\n"
    b'Cc: "Roe, Richard" <r@example.org>\n'
    b"Subject: Re: [PATCH]\n mm: keep\t it\n"
    b"Date: Wed, 2 Sep 2020 09:59:57 +0200\n"
    b"Message-ID: <2@example.org>\n"
    b"In-Reply-To: <1@example.org>\n"
    b"References: <0@example.org>\n <1@example.org>\n"
    b"List-Id: Linux MM <Linux-MM.example.org>\n"
)
MAIL = HEAD + b"\nHello,\n> quoted\nbye\n"


def kinds(mail: Message) -> list[str]:
    return [defect.kind for defect in mail.defects]


def test_a_whole_mail() -> None:
    mail = parse(MAIL)
    assert mail == Message(
        message_id=mail.message_id,
        message_ids=("2@example.org",),
        derived_id=False,
        in_reply_to=("1@example.org",),
        references=("0@example.org", "1@example.org"),
        subject="Re: [PATCH] mm: keep it",
        from_=(Address("Jane Doe", "Jane@example.org"),),
        to=(Address("Jürgen", "j@example.org"), Address("", "list@example.org")),
        cc=(Address("Roe, Richard", "r@example.org"),),
        date_utc="2020-09-02T07:59:57Z",
        date_offset_min=120,
        received_utc="2020-09-02T08:00:05Z",
        list_ids=("linux-mm.example.org",),
        body="Hello,\n> quoted\nbye\n",
        attachments=(),
        flowed=False,
        defects=(),
    )


def test_crlf_and_names_in_any_case_make_no_difference() -> None:
    assert parse(MAIL.replace(b"\n", b"\r\n")) == parse(MAIL)
    names = b"\n".join(
        line
        if line[:1] in b" \t"
        else line.partition(b":")[0].swapcase() + line[line.index(b":") :]
        for line in HEAD.rstrip().split(b"\n")
    )
    assert parse(names + MAIL[len(HEAD) - 1 :]) == parse(MAIL)


def test_the_empty_mail() -> None:
    mail = parse(b"")
    assert kinds(mail) == ["mail-empty", "from-missing", "date-missing", "message-id-missing"]
    assert mail.body == mail.subject == ""


def test_a_mail_of_headers_alone() -> None:
    mail = parse(HEAD)
    assert (mail.body, mail.subject, kinds(mail)) == ("", "Re: [PATCH] mm: keep it", [])


def test_the_derived_id_is_that_of_the_content_not_of_the_way() -> None:
    plain = MAIL.replace(b"Message-ID: <2@example.org>\n", b"")
    other_list = b"Received: by x; Thu, 3 Sep 2020 01:00:00 +0000\nList-Id: <b.example>\n" + plain
    assert parse(plain).derived_id
    assert kinds(parse(plain)) == ["message-id-missing"]
    assert parse(plain).message_id == parse(other_list).message_id
    assert parse(plain).message_id != parse(plain + b"more\n").message_id


def test_answers_to_oneself_and_to_addresses_are_dropped() -> None:
    mail = parse(
        HEAD.replace(b"In-Reply-To: <1@", b"In-Reply-To: <2@example.org> <Jane@") + b"\nhi\n"
    )
    assert mail.in_reply_to == ()
    assert kinds(mail) == ["reference-self", "reference-malformed"]


def test_duplicate_headers_are_named_and_the_first_counts() -> None:
    mail = parse(b"Subject: one\nSubject: two\n" + MAIL)
    assert (mail.subject, kinds(mail)) == ("one", ["header-duplicate"])
    senders = parse(b"From: first@example.org\n" + MAIL)
    assert [address.email for address in senders.from_] == ["first@example.org"]
    assert kinds(senders) == ["header-duplicate"]
    two = parse(MAIL.replace(b"To: ", b"To: a@example.org\nTo: "))
    assert [address.email for address in two.to][0:2] == ["a@example.org", "j@example.org"]


def test_a_hostile_mail_has_a_bounded_list_of_defects() -> None:
    mail = parse(b"To: " + b",".join(b"x%d y" % n for n in range(5000)) + b"\n\n")
    assert len(mail.defects) == DEFECTS_MAX + 4
    assert mail.defects[-1].kind == "message-id-missing"
    assert mail.defects[DEFECTS_MAX].kind == "defects-cut"
    assert len(mail.to) == 5000


def test_list_ids_lose_description_and_case() -> None:
    written = [
        b"Linux <MM.example.org>",
        b"mm.EXAMPLE.org",
        b"b.example.org <",
        b"x" * 400 + b" <c.d>",
    ]
    mail = parse(b"".join(b"List-Id: %b\n" % one for one in written) + MAIL)
    assert mail.list_ids == ("mm.example.org", "b.example.org<", "c.d", "linux-mm.example.org")
    assert parse(b"List-Id: " + written[3] + b"\n\n").list_ids == ("c.d",)
    assert parse(b"List-Id:\n\n").list_ids == ()


def test_a_line_of_ten_megabytes() -> None:
    long = b"x" * 10_000_000
    assert len(parse(b"Subject: " + long + b"\n\nhi\n").subject) == 10_000_000
    assert len(parse(b"Subject: s\n\n" + long).body) == 10_000_000


def test_hostile_headers_cost_one_pass() -> None:
    """Each of these is quadratic for a careless reader; the suite would hang."""
    for value in (
        b"=?x?q?" * 50_000,
        b"<" * 125_000,
        b'"' * 125_001,
        b"(" * 125_000,
        b"\\" * 50_000,
        b"=?utf-8?q?a " * 25_000 + b"?=",
        b"\n " * 75_000,
        b":;" * 50_000,
        b"<a@b> " * 25_000,
    ):
        for name in (
            b"Subject",
            b"From",
            b"References",
            b"Message-ID",
            b"Date",
            b"Content-Type",
            b"Received",
        ):
            parse(name + b": " + value + b"\n\nbody")


@given(st.binary(max_size=2000))
@example(b"\0")
@example(b"\n")
@example(b"\r\n\r\n")
@example(b":")
@example(b" folded first\nSubject: x\n\n")
@example(b"From: =?idna?q?x?=\n\n")
@example(b"Subject: =?utf-7?q?+2AA-?=\n\n")
@example(b"Content-Type: text/plain; charset=idna\n\n\xff")
@example(b"Content-Type: text/plain; charset=a\0b\n\n\xff")
@example(b"Content-Type: text/plain; charset=utf-7\n\n+2AA-")
@example(b"Date: Mon, 1 Jan 0001 00:00:00 +0100\n\n")
@example(b"Date: Fri, 31 Dec 9999 23:00:00 -0200\n\n")
def test_any_bytes_give_a_record(raw: bytes) -> None:
    check_promises(parse(raw))


@given(
    st.lists(
        st.tuples(st.integers(0, len(MAIL) - 1), st.binary(max_size=4), st.integers(0, 40)),
        max_size=12,
    )
)
def test_damaged_mails_give_a_record(cuts: list[tuple[int, bytes, int]]) -> None:
    raw = MAIL
    for start, new, length in cuts:
        raw = raw[:start] + new + raw[start + length :]
    check_promises(parse(raw))


TOKENS = st.sampled_from(
    [b"Content-Type: ", b"multipart/mixed", b"multipart/alternative", b"text/html", b"text/plain", b"; boundary=",
     b'"b"', b"b", b"\n\n", b"\n", b"--b", b"--b--", b"\r\n", b"; charset=", b"utf-16", b"gb2312", b"iso-2022-jp",
     b"Content-Transfer-Encoding: ", b"base64", b"quoted-printable", b"x-uuencode", b"aGk=", b"=E9", b"<p>", b"<![x",
     b"<!--", b"\xe9", b"\0", b"; format=flowed; delsp=yes", b"> a \n> b", b"Content-Disposition: attachment",
     b"; filename*0*=utf-8''%e9", b"message/rfc822", b"begin 644 x\n", b"From: ", b"a@b", b"<", b">", b"Date: 1"]
)  # fmt: skip


@given(st.lists(TOKENS, max_size=30).map(b"".join))
def test_mime_shaped_noise_gives_a_record(raw: bytes) -> None:
    check_promises(parse(raw))


def check_promises(mail: Message) -> None:
    assert {defect.kind for defect in mail.defects} <= DEFECT_KINDS.keys()
    assert mail.message_id == mail.message_ids[0] != ""
    assert len(set(mail.message_ids)) == len(mail.message_ids)
    assert not set("\r\0") & set(mail.body)
    texts = [mail.body, mail.subject, mail.message_id, *mail.references, *mail.in_reply_to]
    texts += [address.name + address.email for address in (*mail.from_, *mail.to, *mail.cc)]
    texts += [attachment.filename for attachment in mail.attachments]
    texts += [defect.detail for defect in mail.defects]
    for text in texts:
        text.encode("utf-8")  # no lone surrogates: SQLite refuses them
    assert mail.subject == " ".join(mail.subject.split())
    assert not set(mail.references) & set(mail.message_ids)
    assert len(set(mail.references)) == len(mail.references)
    assert mail.derived_id == ("message-id-missing" in kinds(mail)) or "defects-cut" in kinds(mail)


BODIES = st.text(st.characters(exclude_characters="\r\0", exclude_categories=["Cs"]), max_size=300)


@given(BODIES, st.sampled_from(["8bit", "base64", "quoted-printable"]))
def test_the_body_comes_back_through_every_transfer_encoding(body: str, encoding: str) -> None:
    data = body.encode("utf-8")
    if encoding == "base64":
        data = base64.encodebytes(data)
    elif encoding == "quoted-printable":
        data = quopri.encodestring(data)
    head = f"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: {encoding}\n"
    mail = parse(HEAD + head.encode() + b"\n" + data)
    assert (mail.body, mail.defects) == (body, ())
    part = head.encode() + b"\n" + data
    outer = b"Content-Type: multipart/mixed; boundary=unlikely-0\n\n--unlikely-0\n"
    several = parse(HEAD + outer + part + b"\n--unlikely-0--\n")
    assert several.body == body


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=80))
def test_a_raw_utf8_subject_comes_back_with_its_white_space_collapsed(subject: str) -> None:
    mail = parse(b"Subject: " + subject.encode() + b"\n\n")
    if "=?" not in subject:
        assert mail.subject == " ".join(subject.split())
