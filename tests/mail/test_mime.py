"""Which parts are the text, what is attached, and what damage does to them."""

from __future__ import annotations

import base64
from email.mime.multipart import MIMEMultipart
from email.mime.nonmultipart import MIMENonMultipart
from email.mime.text import MIMEText

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threadkit.mail import transfer
from threadkit.mail.charsets import codec_name, decode, guess
from threadkit.mail.message import Attachment, Message, parse
from threadkit.mail.mime import DEPTH_MAX, PARTS_MAX
from threadkit.mail.values import Defect

HEAD = b"From: j@example.org\nDate: Tue, 1 Sep 2020 19:05:12 +0000\nMessage-ID: <1@example.org>\n"


def mail(head: str, body: bytes) -> Message:
    return parse(HEAD + head.encode() + b"\n" + body)


def kinds(message: Message) -> list[str]:
    return [defect.kind for defect in message.defects]


def multipart(kind: str, *parts: bytes) -> Message:
    body = b"".join(b"--b\n" + part + b"\n" for part in parts) + b"--b--\nepilogue\n"
    return mail(f"Content-Type: multipart/{kind}; boundary=b\n", b"preamble\n" + body)


PLAIN = b"Content-Type: text/plain\n\nplain\n"
HTML = b"Content-Type: text/html\n\n<p>html</p>\n"
PATCH = b'Content-Type: text/x-patch; name="a.patch"\nContent-Disposition: attachment\n\n+x\n'
IMAGE = b"Content-Type: image/png; name=a.png\nContent-Transfer-Encoding: base64\n\naGVsbG8=\n"
A_PNG = Attachment("a.png", "image/png", 5)


@pytest.mark.parametrize(
    ("kind", "parts", "body", "attachments"),
    [
        ("mixed", [PLAIN], "plain\n", ()),
        ("mixed", [PLAIN, PLAIN], "plain\n\nplain\n", ()),
        ("mixed", [b"\nno header"], "no header", ()),
        ("mixed", [PLAIN, IMAGE], "plain\n", (A_PNG,)),
        ("mixed", [HTML], "html\n", ()),
        ("mixed", [HTML, PLAIN], "html\n\nplain\n", ()),
        ("mixed", [PLAIN, PATCH], "plain\n", (Attachment("a.patch", "text/x-patch", 3),)),
        ("alternative", [PLAIN, HTML], "plain\n", ()),
        ("alternative", [HTML, PLAIN], "plain\n", ()),
        ("alternative", [HTML], "html\n", ()),
        ("alternative", [b"Content-Type: text/plain\n\n \n", HTML], "html\n", ()),
        ("alternative", [b"Content-Type: text/plain\n\n \n"], " \n", ()),
        ("alternative", [IMAGE], "", (A_PNG,)),
        ("signed", [PLAIN, b"Content-Type: application/pgp-signature; name=s.asc\n\nsig"], "plain\n",
         (Attachment("s.asc", "application/pgp-signature", 3),)),
        ("mixed", [b"Content-Type: message/rfc822\n\nSubject: inner\n\ntext"], "",
         (Attachment("", "message/rfc822", 20),)),
        ("digest", [b"\nSubject: inner\n\ntext"], "", (Attachment("", "message/rfc822", 20),)),
        ("mixed", [b"Content-Disposition: inline; filename=p.txt\n\nhi"], "hi", ()),
        ("mixed", [b"Content-Disposition: attachment; filename*=utf-8''%C3%A9.txt\n\nhi"], "",
         (Attachment("é.txt", "text/plain", 2),)),
        ("mixed", [b"Content-Type: multipart/alternative; boundary=c\n\n--c\n" + PLAIN + b"\n--c\n" + HTML + b"\n--c--",
                   IMAGE], "plain\n", (A_PNG,)),
        ("mixed", [], "preamble\n--b--\nepilogue\n", None),
    ],
)  # fmt: skip
def test_structures(
    kind: str, parts: list[bytes], body: str, attachments: tuple[Attachment, ...] | None
) -> None:
    found = multipart(kind, *parts)
    if attachments is None:
        assert found.defects[0].kind == "boundary-not-found"
    else:
        assert (found.attachments, found.defects) == (attachments, ())
    assert found.body == body


def test_a_single_text_part_is_the_body_whatever_it_says() -> None:
    head = "Content-Type: text/x-patch; name=a.patch\nContent-Disposition: attachment\n"
    assert mail(head, b"+x\n").body == "+x\n"
    alone = mail("Content-Type: application/pdf; name=a.pdf\n", b"%PDF")
    assert (alone.body, alone.attachments) == ("", (Attachment("a.pdf", "application/pdf", 4),))


def test_boundaries_that_are_missing_wrong_or_open() -> None:
    none = mail("Content-Type: multipart/mixed\n", b"text\n")
    assert (none.body, kinds(none)) == ("text\n", ["boundary-missing"])
    wrong = mail("Content-Type: multipart/mixed; boundary=x\n", b"--y\n\ntext\n--y--\n")
    assert (wrong.body, kinds(wrong)) == ("--y\n\ntext\n--y--\n", ["boundary-not-found"])
    unclosed = mail("Content-Type: multipart/mixed; boundary=x\n", b"--x\n\ntext\n")
    assert (unclosed.body, kinds(unclosed)) == ("text\n", ["boundary-unclosed"])
    longer = mail("Content-Type: multipart/mixed; boundary=x\n", b"--x\n\na\n--xy\nb\n--x-- \n")
    assert (longer.body, kinds(longer)) == ("a\n--xy\nb", [])


def test_a_boundary_counts_only_as_a_line_of_its_own() -> None:
    body = b"a --b\n--b and more\n--bc\n --b--"
    assert multipart("mixed", b"\n" + body).body == body.decode()
    assert multipart("mixed", b"\na\n--b \t\n\nc").body == "a\nc"


@pytest.mark.parametrize("kind", ["application/pgp", "application/x-pgp-message", "message/news"])
def test_text_of_a_type_from_before_multiparts_is_the_body(kind: str) -> None:
    old = mail(f"Content-Type: {kind}; x-action=sign\n", b"-----BEGIN PGP\n")
    assert (old.body, old.attachments) == ("-----BEGIN PGP\n", ())


def test_crlf_parts_do_not_keep_the_last_cr() -> None:
    head = "Content-Type: multipart/mixed; boundary=x\n"
    raw = HEAD + head.encode() + b"\n--x\n\ntext\n--x--\n"
    assert parse(raw.replace(b"\n", b"\r\n")).body == parse(raw).body == "text"


def nested(levels: int) -> bytes:
    opening = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%dx\n\n--b%dx\n" % (n, n) for n in range(levels)
    )
    return HEAD + opening + PLAIN


def test_nesting_is_read_to_a_depth_and_named_beyond() -> None:
    assert parse(nested(DEPTH_MAX - 1)).body == "plain\n"
    deep = parse(nested(300))
    assert deep.body == ""
    assert "nesting-too-deep" in kinds(deep)
    assert deep.attachments[0].content_type == "multipart/mixed"


def test_parts_are_read_to_a_number_and_named_beyond() -> None:
    many = multipart("mixed", *[b"\nx"] * (PARTS_MAX + 5))
    assert "parts-too-many" in kinds(many)
    assert many.body.count("x") >= PARTS_MAX


@pytest.mark.parametrize(
    ("value", "body", "kinds_"),
    [
        ("text", "é\n", []),
        ("text/plain/x; charset=utf-8", "é\n", ["content-type-malformed"]),
        ("plain; charset=utf-8", "é\n", ["content-type-malformed"]),
        ("text/plain; charset=utf-8", "é\n", []),
        ("text/plain; charset=UTF8", "é\n", []),
        ("text/plain; charset='utf-8'", "é\n", []),
        ("text/plain; charset=us-ascii", "é\n", ["charset-wrong"]),
        ("text/plain", "é\n", ["charset-undeclared"]),
        ("text/plain; charset=x-unknown", "é\n", ["charset-unknown"]),
        ("text/plain; charset=idna", "é\n", ["charset-unknown"]),
        ("text/plain; charset=hex", "é\n", ["charset-unknown"]),
        ("text/plain; charset=iso-8859-1", "Ã©\n", []),
    ],
)
def test_charset_labels(value: str, body: str, kinds_: list[str]) -> None:
    found = mail(f"Content-Type: {value}\n", "é\n".encode())
    assert found.body == body
    expected = [kind for kind in kinds_ if value != "text"] or (
        ["charset-undeclared"] if value == "text" else []
    )
    assert kinds(found) == expected


@pytest.mark.parametrize(
    ("data", "label", "text", "kind"),
    [
        (b"it\x92s", "utf-8", "it\u2019s", "charset-wrong"),
        (b"it\x92s", "iso-8859-1", "it\u2019s", "charset-wrong"),
        (b"\x81\x92", "utf-8", "\x81\x92", "charset-wrong"),
        ("äöü".encode() + b"\xff" + "ß".encode(), "utf-8", "äöü\ufffdß", "charset-wrong"),
        ("你好".encode("gb18030"), "gb2312", "你好", ""),
        ("日本".encode("iso-2022-jp"), "iso-2022-jp", "日本", ""),
        ("é".encode("cp850"), "cp-850", "é", ""),
        (b"+2AA-x", "utf-7", "\ufffdx", "surrogate-in-text"),
        (b"+2D3eAA-", "utf-7", "\U0001f600", ""),
        ("é".encode("utf-16"), "utf-16", "é", ""),
    ],
)
def test_decode(data: bytes, label: str, text: str, kind: str) -> None:
    defects: list[Defect] = []
    assert decode(data, label, defects) == text
    assert [defect.kind for defect in defects] == [kind] * bool(kind)


@given(st.binary(max_size=60), st.sampled_from(["", "utf-8", "us-ascii", "gb2312", "utf-7", "utf-16", "shift_jis",
                                                "iso-2022-jp", "x", "unicode_escape", "hz", "big5", "koi8-r"]))  # fmt: skip
def test_decode_is_total_and_clean(data: bytes, label: str) -> None:
    decode(data, label, []).encode("utf-8")


@given(st.binary(max_size=60))
def test_guess_loses_nothing(data: bytes) -> None:
    text, charset = guess(data)
    assert text.encode(codec_name(charset) or "") == data


@given(st.text(max_size=30))
def test_codec_name_is_total(label: str) -> None:
    name = codec_name(label)
    if name is not None:
        b"".decode(name)


@pytest.mark.parametrize(
    ("encoding", "data", "decoded", "kind"),
    [
        ("base64", b"aGVs\nbG8=\n", b"hello", ""),
        ("base64", b"", b"", ""),
        ("base64", b"aGVsbG8", b"hello", "base64-damaged"),
        ("base64", b"aGVs!bG8=", b"hello", "base64-damaged"),
        ("base64", b"aGVsbG8=\n-- \nlist footer\n", b"hello\n-- \nlist footer\n", "base64-damaged"),
        ("base64", b"aGk=\naGk=\n", b"hihi", "base64-damaged"),
        ("base64", b"a", b"", "base64-damaged"),
        # Damage inside is cut out; a footer behind is kept as it stands.
        ("base64", b"%b\n---\n%b\n" % (b"YWJj" * 18, b"YWJj" * 18), b"abc" * 36, "base64-damaged"),
        (
            "base64",
            b"plain text, really.\n",
            base64.b64decode(b"plaintextreally="),
            "base64-damaged",
        ),
        ("quoted-printable", b"a=20b=\nc=\r\nd", b"a bcd", ""),
        ("quoted-printable", b"a=XYb", b"a=XYb", "quoted-printable-damaged"),
        ("quoted-printable", b"x = y", b"x = y", "quoted-printable-damaged"),
        ("quoted-printable", b"soft at the end=", b"soft at the end", ""),
        ("x-uuencode", b"begin 644 f\n#0V%T\n`\nend\n", b"Cat", ""),
        ("x-uuencode", b"begin 644 f\n#0V\x01T\nend\n", b"", "uuencode-damaged"),
        ("x-uuencode", b"nothing", b"nothing", "uuencode-damaged"),
        ("8bit", b"\xff", b"\xff", ""),
        ("rot13", b"abc", b"abc", "transfer-encoding-unknown"),
    ],
)
def test_transfer_encodings(encoding: str, data: bytes, decoded: bytes, kind: str) -> None:
    defects: list[Defect] = []
    assert transfer.decode(data, encoding, defects) == decoded
    assert [defect.kind for defect in defects] == [kind] * bool(kind)


@given(st.binary(max_size=200), st.sampled_from(["base64", "quoted-printable", "x-uuencode", "y"]))
def test_transfer_decoding_is_total(data: bytes, encoding: str) -> None:
    transfer.decode(data, encoding, [])


def test_nul_and_line_ends() -> None:
    found = mail("", b"a\r\nb\rc\r\r\nd\0\n")
    assert found.body == "a\nb\nc\nd\ufffd\n"
    assert kinds(found) == ["nul-in-text"]


LEAF = st.one_of(
    st.text("ab c\n>", max_size=20).map(lambda text: MIMEText(text, "plain", "us-ascii")),
    st.just("x").map(lambda text: MIMENonMultipart("application", "octet-stream", name=text)),
)
TREE = st.recursive(
    LEAF,
    lambda parts: st.lists(parts, min_size=1, max_size=3).map(
        lambda some: MIMEMultipart("mixed", None, some)
    ),
    max_leaves=8,
)


@given(TREE)
def test_trees_that_the_standard_library_writes(
    tree: MIMEText | MIMENonMultipart | MIMEMultipart,
) -> None:
    found = parse(HEAD + tree.as_bytes())
    texts = [
        part.get_payload(decode=True).decode()  # type: ignore[union-attr]
        for part in tree.walk()
        if part.get_content_type() == "text/plain"
    ]
    attached = [p for p in tree.walk() if p.get_content_type() == "application/octet-stream"]
    assert found.body == "\n".join(texts)
    assert [attachment.filename for attachment in found.attachments] == ["x"] * len(attached)
    assert found.defects == ()
