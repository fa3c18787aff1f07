"""Over all real mail: the record equals what the standard library's parser gives.

The reference is ``email`` with its default policy (compat32), used with care: it finds the headers and
parts and undoes the transfer encodings. What it leaves to its caller (which part is the
text, wrong charsets, raw header bytes) is written here a second time, plainly and with
no thought of speed.
"""

from __future__ import annotations

import email
import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from email.header import decode_header
from email.message import Message as StdlibMessage
from email.utils import getaddresses, mktime_tz, parsedate_tz
from pathlib import Path

import pytest

from threadkit.mail.defects import DEFECT_KINDS
from threadkit.mail.message import parse

ALIASES = {
    "gb2312": "gb18030", "gbk": "gb18030", "big5": "big5hkscs", "ks_c_5601-1987": "cp949",
    "euc-kr": "cp949", "iso-2022-jp": "iso2022_jp_ext", "shift_jis": "cp932", "windows-874": "cp874",
    "cp-850": "cp850", "x-gbk": "gb18030",
}  # fmt: skip
NOT_CHARSETS = {"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined"}


def guess(data: bytes) -> str:
    for charset in ("utf-8", "cp1252"):
        try:
            return data.decode(charset)
        except ValueError:
            pass
    return data.decode("latin-1")


def to_text(data: bytes, charset: str | None) -> str:
    name = ALIASES.get((charset or "ascii").lower(), charset or "ascii")
    if name in NOT_CHARSETS:
        return guess(data)
    try:
        text = data.decode(name)
    except LookupError:
        return guess(data)
    except ValueError:
        text = guess(data)
        good_utf8 = text.encode("utf-8", "replace") == data
        if name not in ("ascii", "us-ascii") and charset and not good_utf8:
            repaired = data.decode(name, "replace")
            bad = repaired.count("\ufffd")
            if sum(c > "\x7f" for c in repaired) - bad > 2 * bad:
                text = repaired
        return text
    if name.lower() in ("iso-8859-1", "latin-1", "latin1") and any(
        "\x80" <= c <= "\x9f" for c in text
    ):
        text = guess(data)
    return "".join("\ufffd" if "\ud800" <= c <= "\udfff" else c for c in text)


def raw_values(mail: StdlibMessage, name: str) -> list[bytes]:
    return [
        value.encode("utf-8", "surrogateescape")
        for key, value in mail.raw_items()
        if key.strip().lower() == name.lower()
    ]


def header_string(value: bytes) -> str:
    return value.decode("ascii") if value.isascii() else guess(value)


def words(text: str) -> str:
    if "=?" not in text:
        return " ".join(text.split())
    out = []
    for piece, charset in decode_header(re.sub(r"\r?\n", "", text)):
        if isinstance(piece, str):
            out.append(piece)
        else:
            out.append(
                to_text(piece, charset)
                if charset
                else guess(piece.decode("raw_unicode_escape").encode())
            )
    return " ".join("".join(out).split())


def ids(values: list[bytes], own: bool = False) -> list[str]:
    text = " ".join(
        words(header_string(value)) if b"=?" in value else header_string(value) for value in values
    )
    found = ["".join(one.split()) for one in re.findall(r"<([^<>]*)>", text)]
    if not any(found):  # no brackets: words with an @; any word where it is the mail's own name
        found = [one.strip("<>") for one in text.split() if "@" in one or own]
    return list(dict.fromkeys(one[:244] for one in found if one and one.lower() not in ("y", "n")))


def unflowed(text: str, delsp: bool) -> str:
    result: list[str] = []
    joining = False
    depth_before = 0
    for line in (
        text.splitlines(keepends=True) if "\f" not in text else re.findall(r"[^\n]*\n|[^\n]+", text)
    ):
        end = "\n" if line.endswith("\n") else ""
        line = line.rstrip("\n")
        depth = len(line) - len(line.lstrip(">"))
        line = line[depth:]
        if line.startswith(" ") and not (depth == 0 and line.startswith(" >")):
            line = line[1:]
        soft = line.endswith(" ") and line != "-- " and line.strip() != ""
        if joining and depth == depth_before and line not in ("", "-- "):
            start = ""
        else:
            if joining:
                result.append("\n")
            start = ">" * depth + (" " if depth and (line or soft) else "")
        joining, depth_before = soft, depth
        if soft:
            result.append(start + (line[:-1] if delsp else line))
        else:
            result.append(start + line + end)
    return "".join(result) + ("\n" if joining and text.endswith("\n") else "")


def plain_address(text: str) -> str:
    text = re.sub(r"\r?\n", "", text)
    return text if "@" in text else re.sub(r"(\S+) at (\S+\.\S+)", r"\1@\2", text)


def texts(part: StdlibMessage, top: bool) -> list[StdlibMessage]:
    kind = part.get_content_type()
    if part.get_content_maintype() == "multipart" and part.is_multipart():
        branches = [texts(child, False) for child in part.get_payload()]
        if kind == "multipart/alternative":
            plain = [b for b in branches if any(t.get_content_type() != "text/html" for t in b)]
            said = [
                b
                for b in plain
                if any(
                    str(t.get_payload()).strip() and t.get_content_type() != "text/html" for t in b
                )
            ]
            html = [b for b in branches if any(t.get_content_type() == "text/html" for t in b)]
            return (said or html or plain or [[]])[0]
        return [text for branch in branches for text in branch]
    if part.is_multipart():
        return []
    if part.get_content_maintype() == "multipart":
        return [part] if part.get_payload() else []
    if top and (part.get_content_maintype() == "text" or kind == "application/pgp"):
        return [part]
    shown = part.get_content_disposition() != "attachment"
    named = part.get_filename() is not None
    if part.get_content_maintype() == "text" and shown and (kind == "text/plain" or not named):
        return [part]
    return []


def text_of(part: StdlibMessage) -> str | None:
    data = part.get_payload(decode=True)
    if part.get_content_maintype() == "multipart":
        data = str(part.get_payload()).encode("utf-8", "surrogateescape")
    assert isinstance(data, bytes)
    charset = part.get_param("charset")
    if isinstance(charset, tuple):
        charset = charset[2]
    text = to_text(data, charset)
    text = (
        text.replace("\r\r\n", "\n")
        .replace("\r\n", "\n")
        .replace("\r", "\n")
        .replace("\0", "\ufffd")
    )
    if part.get_content_type() == "text/html":
        return None
    if (
        str(part.get_param("format", "")).lower() == "flowed"
        and part.get_content_type() == "text/plain"
    ):
        return unflowed(text, str(part.get_param("delsp", "")).lower() == "yes")
    return text


def record(raw: bytes) -> dict:
    mail = email.message_from_bytes(raw)
    when = raw_values(mail, "date")
    parsed = parsedate_tz(header_string(when[0])) if when else None
    date = None
    if parsed:
        with suppress(ValueError, OverflowError):
            seconds = mktime_tz((*parsed[:9], parsed[9] or 0))
            date = datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    subject = raw_values(mail, "subject")
    sender = raw_values(mail, "from")
    bodies = [text_of(part) for part in texts(mail, True)]
    return {
        "message_id": ids(raw_values(mail, "message-id"), own=True),
        "references": ids(raw_values(mail, "references")),
        "in_reply_to": ids(raw_values(mail, "in-reply-to")),
        "subject": words(header_string(subject[0])) if subject else "",
        "from": [
            (
                words(name),
                address.rpartition("@")[0] + "@" + address.rpartition("@")[2].lower()
                if "@" in address
                else address,
            )
            for name, address in getaddresses([plain_address(header_string(sender[0]))])
        ]
        if sender
        else [],
        "date": date,
        "body": None if None in bodies else "\n".join(bodies),
    }


NOT_MAIL = {".json", ".html", ".md", ".py", ".bundle", ".gz", ".bz2", ".xz", ".zip"}

COMMENT = "a comment stays where it stood in the name"
NO_MAIL = "not a mail: compat32 takes a first line 'From ...' or a leading blank for headers"
ZONE = "a zone of 30 hours is a defect, not an offset"
DIFFERENT = {
    ("body", "git-t5100/t5100/0001mboxrd#0"): NO_MAIL,
    ("body", "git-t5100/t5100/0002mboxrd"): NO_MAIL,
    ("body", "hyperkitty/unicode_issue.txt#0"): "compat32 loses the bytes of a part it cannot open",
    ("from", "git-t5100/t5100/comment.in#0"): COMMENT,
    ("from", "git-t5100/t5100/sample.mbox#0"): COMMENT,
    ("from", "git-t5100/t5100/sample.mbox#12"): "a name behind the address is kept",
    ("from", "git-t5100/t5100/msg0015--no-inbody-headers"): "a name without an address is kept",
    ("date", "hyperkitty/bad_date_tz.txt#0"): ZONE,
    ("date", "hyperkitty/bad_folding.txt#0"): ZONE,
    ("date", "hyperkitty/non-ascii-date-header.txt#0"): "a month may be a number",
}


def mails(corpora: Path) -> Iterator[tuple[str, bytes]]:
    """Yield all mails of the corpora with a name: mboxes are cut as mboxrd."""
    for file in sorted(corpora.rglob("*")):
        if not file.is_file() or file.suffix in NOT_MAIL:
            continue
        name, data = str(file.relative_to(corpora)), file.read_bytes()
        if file.suffix != ".mbox" and not data.startswith(b"From "):
            yield name, data
            continue
        for number, piece in enumerate((b"\n" + data).split(b"\nFrom ")[1:]):
            mail = re.sub(rb"(?m)^>(>*From )", rb"\1", piece.partition(b"\n")[2])
            yield f"{name}#{number}", mail


def test_records_equal_the_standard_library(corpora: Path) -> None:
    different: dict[tuple[str, str], tuple[object, object]] = {}
    count = 0
    for name, raw in mails(corpora):
        count += 1
        mail, wanted = parse(raw), record(raw)
        own_ids = set(mail.message_ids)
        found = {
            "message_id": [] if mail.derived_id else list(mail.message_ids),
            "references": list(mail.references),
            "in_reply_to": list(mail.in_reply_to),
            "subject": mail.subject,
            "from": [(a.name, a.email) for a in mail.from_],
            "date": mail.date_utc,
            "body": mail.body,
        }
        for refs in ("references", "in_reply_to"):  # self references are dropped on purpose
            wanted[refs] = [one for one in wanted[refs] if one not in own_ids]
        for field, value in found.items():
            if wanted[field] != value and (field, wanted[field]) != ("body", None):  # HTML
                different[field, name] = (value, wanted[field])
    assert count > 2400
    assert different.keys() == DIFFERENT.keys(), {
        key: value for key, value in different.items() if key not in DIFFERENT
    }


def test_every_mail_keeps_the_promises_of_the_record(corpora: Path) -> None:
    for name, raw in mails(corpora):
        mail = parse(raw)
        assert {defect.kind for defect in mail.defects} <= DEFECT_KINDS.keys(), name
        assert mail.message_id == mail.message_ids[0], name
        assert not set("\r\0") & set(mail.body), name
        mail.body.encode("utf-8")
        for text in (mail.subject, *(a.name + a.email for a in (*mail.from_, *mail.to, *mail.cc))):
            assert not re.search(r"[\r\n\0]|  ", text), (name, text)


@pytest.mark.parametrize("file", ["cow-thread/cow-thread.mbox", "cow-thread/related.mbox"])
def test_the_flagship_thread_has_no_defect_but_self_made_ones(corpora: Path, file: str) -> None:
    raws = [raw for name, raw in mails(corpora / "cow-thread") if name.startswith(Path(file).name)]
    defects = [defect.kind for raw in raws for defect in parse(raw).defects]
    assert len(raws) in (97, 17)
    assert defects == []
