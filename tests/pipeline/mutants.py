"""Damage to mail: what gateways, clients, cut files and liars do, from a seeded generator.

Each mutation takes the mail to damage, all mails it may borrow from, and a random
generator, and returns other bytes. None knows anything of the parser.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from random import Random

Mutation = Callable[[bytes, Sequence[bytes], Random], bytes]

_FIELD = re.compile(rb"[^\n]*\n(?:[ \t][^\n]*\n)*")
_ID = re.compile(rb"(?im)^message-id:[^\n]*\n")
_BOUNDARY = re.compile(rb'boundary="?([^"\s;]+)')
_CHARSETS = (
    b"utf-8", b"utf-7", b"utf-16", b"iso-2022-jp", b"gb18030", b"koi8-r", b"cp1252", b"x-unknown",
    b"idna", b"rot13", b"zlib", b"unicode_escape", b"", b"utf-8; charset=latin-1", b"\xff\xfe",
)  # fmt: skip
_ENCODINGS = (b"base64", b"quoted-printable", b"8bit", b"x-uuencode", b"7bit", b"binary", b"")
_DIGITS = (b"0", b"-1", b"9" * 10, b"9" * 19, b"9" * 30, b"1" * 5000, b"007", b"4294967296")
_ODD = (
    b"\0", b"\r", b"\r\n", b"\n\n", b"\n ", b"\x80", b"\xff\xfe", b"\xed\xa0\x80", b"\xef\xbb\xbf",
    b"=?utf-8?q?=ed=a0=80?=", b"=?utf-8?b?AAAA?=", b"\xe2\x80\xa8", b"\xc2\x85", b"\x0b\x0c", b"<",
    b">", b"> ", b"> > ", b'"', b"(", b",", b";", b":", b"[", b"\nFrom ", b"\n>From ", b"\n-- \n",
    b"\n---\n", b"\n@@ -1,3 +1,3 @@\n", b"\ndiff --git a/x b/x\n", b"\n8<-----\n", b"\xf0\x9f\x98\x80",
)  # fmt: skip


def split(mail: bytes) -> tuple[list[bytes], bytes]:
    """Return the header fields with their continuation lines, and what follows them."""
    head, blank, body = mail.partition(b"\n\n")
    return _FIELD.findall(head + b"\n"), blank[1:] + body


def message_id(mail: bytes) -> bytes:
    """Return the first Message-ID as it is written, or one of nobody's."""
    found = re.search(rb"(?im)^message-id:[ \t]*(<[^\n>]*>)", mail)
    return found[1] if found else b"<nobody@example.org>"


def flip_bytes(mail: bytes, others: Sequence[bytes], rng: Random) -> bytes:
    """Replace some bytes anywhere by any others."""
    data = bytearray(mail)
    for _ in range(rng.choice((1, 2, 8, 64))):
        if data:
            data[rng.randrange(len(data))] = rng.randrange(256)
    return bytes(data)


def insert_odd(mail: bytes, others: Sequence[bytes], rng: Random) -> bytes:
    """Put in what parsers stumble over, more often in the header than in the text."""
    head = max(1, mail.find(b"\n\n"))
    for _ in range(rng.choice((1, 3, 10))):
        at = rng.randrange((head if rng.random() < 0.6 else len(mail)) + 1)
        mail = mail[:at] + rng.choice(_ODD) * rng.choice((1, 1, 1, 2, 400)) + mail[at:]
    return mail


def cut(mail: bytes, others: Sequence[bytes], rng: Random) -> bytes:
    """Leave the first or the second half, or take out the middle."""
    a, b = sorted((rng.randrange(len(mail) + 1), rng.randrange(len(mail) + 1)))
    return rng.choice((mail[:a], mail[b:], mail[:a] + mail[b:], mail[a:b]))


def splice(mail: bytes, others: Sequence[bytes], rng: Random) -> bytes:
    """Join the beginning of one mail with the end of another."""
    other = rng.choice(others)
    return mail[: rng.randrange(len(mail) + 1)] + other[rng.randrange(len(other) + 1) :]


def shuffle_fields(mail: bytes, others: Sequence[bytes], rng: Random) -> bytes:
    """Shuffle, double, drop, cut and refold header fields."""
    fields, body = split(mail)
    rng.shuffle(fields)
    for _ in range(rng.randrange(1, 5)):
        if not fields:
            break
        at = rng.randrange(len(fields))
        field = fields[at]
        fields[at : at + 1] = rng.choice(
            (
                [field, field],
                [],
                [field[: rng.randrange(len(field) + 1)] + b"\n"],
                [field.replace(b" ", b"\n\t")],
                [field.replace(b": ", b":", 1)],
                [field.replace(b":", b" :", 1)],
                [field.upper()],
                [field[:-1]],
            )
        )
    return b"".join(fields) + body


def borrow_fields(mail: bytes, others: Sequence[bytes], rng: Random) -> bytes:
    """Take over header fields of another mail, before or after one's own."""
    fields, body = split(mail)
    foreign = split(rng.choice(others))[0]
    some = rng.sample(foreign, min(len(foreign), rng.randrange(1, 4)))
    return b"".join(some + fields if rng.random() < 0.5 else fields + some) + body


def steal_id(mail: bytes, others: Sequence[bytes], rng: Random) -> bytes:
    """Go by the Message-ID of another mail: an imposter."""
    stolen = b"Message-ID: " + message_id(rng.choice(others)) + b"\n"
    changed = _ID.sub(lambda _: stolen, mail, count=rng.choice((0, 1)))
    return changed if changed != mail else stolen + mail


def drop_id(mail: bytes, others: Sequence[bytes], rng: Random) -> bytes:
    """Have no Message-ID, or a damaged one, or two."""
    new = rng.choice((b"", b"Message-ID:\n", b"Message-ID: <>\n", b"Message-ID: <a b@example.org\n",
                      b"Message-ID: <one@example.org> <two@example.org>\n"))  # fmt: skip
    return _ID.sub(lambda _: new, mail)


def refer(mail: bytes, others: Sequence[bytes], rng: Random) -> bytes:
    """Point References and In-Reply-To anywhere: forwards, at itself, in circles, at ghosts."""
    fields, body = split(mail)
    fields = [f for f in fields if not f.lower().startswith((b"references", b"in-reply-to"))]
    ids = [message_id(rng.choice(others)) for _ in range(rng.choice((0, 1, 2, 5, 40)))]
    ids += [message_id(mail)] * rng.choice((0, 0, 1))
    ids += [b"<ghost%d@example.org>" % rng.randrange(4)] * rng.choice((0, 1, 2))
    rng.shuffle(ids)
    fields.append(b"References: " + rng.choice((b" ", b"\n\t", b",", b"")).join(ids) + b"\n")
    if rng.random() < 0.5:
        fields.append(b"In-Reply-To: " + (rng.choice(ids) if ids else b"your mail") + b"\n")
    return b"".join(fields) + body


def crowd(mail: bytes, others: Sequence[bytes], rng: Random) -> bytes:
    """Have a thousand references, recipients or header fields."""
    count = rng.choice((100, 1000))
    many = {
        b"References": (b"\n\t", [b"<r%d@example.org>" % k for k in range(count)]),
        b"Cc": (b",\n\t", [b"Name %d <n%d@example.org>" % (k, k % 50) for k in range(count)]),
        b"X-Many": (b"\nX-Many: ", [b"%d" % k for k in range(count)]),
        b"Received": (b"\nReceived: ", [b"from a by b; Fri, 1 Mar 2024 09:00:00 +0000"] * count),
    }
    name = rng.choice(sorted(many))
    join, values = many[name]
    return name + b": " + join.join(values) + b"\n" + mail


def change_charset(mail: bytes, others: Sequence[bytes], rng: Random) -> bytes:
    """Claim another charset or transfer encoding than the text has."""
    if rng.random() < 0.5:
        changed = re.sub(rb'(?i)charset="?[^"\s;]*"?', b"charset=" + rng.choice(_CHARSETS), mail)
    else:
        encoding = b"Content-Transfer-Encoding: " + rng.choice(_ENCODINGS)
        changed = re.sub(rb"(?i)content-transfer-encoding:[^\n]*", lambda _: encoding, mail)
    if changed != mail:
        return changed
    claim = b"Content-Type: text/plain; charset=" + rng.choice(_CHARSETS) + b"\n"
    return claim + b"Content-Transfer-Encoding: " + rng.choice(_ENCODINGS) + b"\n" + mail


def wrap_parts(mail: bytes, others: Sequence[bytes], rng: Random) -> bytes:
    """Become parts of a multipart whose boundaries are swapped, nested or never closed."""
    found = _BOUNDARY.findall(mail)
    if found and rng.random() < 0.5:
        return mail.replace(rng.choice(found), rng.choice((b"x", rng.choice(found), b"", b"--")), 1)
    fields, body = split(mail)
    fields = [f for f in fields if not f.lower().startswith(b"content-")]
    kind = rng.choice((b"mixed", b"alternative", b"digest", b"signed", b"related", b""))
    depth = rng.choice((1, 1, 2, 60))
    opening = b"".join(
        b"--b%d\nContent-Type: multipart/%s; boundary=b%d\n\n" % (k, kind, k + 1)
        for k in range(depth - 1)
    )
    inner = rng.choice(
        (
            b"\n" + body,
            b"Content-Type: text/html\n\n<p>Some <b>text</b> of a page." + body,
            b"Content-Type: message/rfc822\n\n" + rng.choice(others),
            b'Content-Disposition: attachment; filename="=?x?q?a?=/../b"\n\n' + body,
        )
    )
    last = b"--b%d\n" % (depth - 1)
    closing = rng.choice((b"", b"\n--b%d--\n" % (depth - 1), b"\n--b0--\n--b0--\n"))
    head = b"".join(fields) + b"Content-Type: multipart/%s; boundary=b0\n" % kind
    return head + b"\n" + opening + last + inner + closing


def resend(mail: bytes, others: Sequence[bytes], rng: Random) -> bytes:
    """Come through another list: its tag, its id, its footer, another time of arrival."""
    fields, body = split(mail)
    drop = (b"list-id", b"received")
    fields = [f for f in fields if not f.lower().startswith(drop) or rng.random() < 0.3]
    name = rng.choice((b"talk.linux.dev", b"linux-mm.kvack.org", b"a.kernel.org", b"<", b""))
    fields.insert(0, b"List-Id: <" + name + b">\n")
    if rng.random() < 0.6:
        minute = rng.randrange(60)
        fields.insert(0, b"Received: from a by b; Fri, 1 Mar 2024 09:%02d:00 +0000\n" % minute)
    if rng.random() < 0.4:
        tagged = [re.sub(rb"(?i)^(subject: )", rb"\1[list] ", f) for f in fields]
        fields = tagged
    footer = b"\n" + b"_" * 47 + b"\nTalk mailing list\nTalk@lists.example.org\n"
    return b"".join(fields) + body + (footer if rng.random() < 0.5 else b"")


def quote_it(mail: bytes, others: Sequence[bytes], rng: Random) -> bytes:
    """Answer with the text of another mail below quote marks, rewrapped or cut."""
    other = rng.choice(others)
    text = split(other)[1]
    mark = rng.choice((b"> ", b">", b"| ", b"> > ", b"AE> ", b""))
    quoted = b"\n".join(mark + line for line in text.split(b"\n")[: rng.choice((2, 10, 500))])
    fields, body = split(mail)
    return b"".join(fields) + b"\nOn Fri, Ada wrote:\n" + quoted + b"\n" + body


def odd_numbers(mail: bytes, others: Sequence[bytes], rng: Random) -> bytes:
    """Have numbers nobody expects, in dates, subjects, diffs and parameters."""
    chance = rng.choice((0.05, 0.3))
    return re.sub(
        rb"\d+", lambda found: rng.choice(_DIGITS) if rng.random() < chance else found[0], mail
    )


def odd_dates(mail: bytes, others: Sequence[bytes], rng: Random) -> bytes:
    """Claim to be from another time, or from no time."""
    dates = (b"Thu, 1 Jan 1970 00:00:00 +0000", b"Fri, 31 Dec 9999 23:59:59 -2359", b"yesterday",
             b"Mon, 30 Feb 2024 25:61:61 +9999", b"1 Mar 24 09:00 EST", b"", b"1 Mar 0001 00:00 -0000",
             b"Fri, 1 Mar 2024 09:00:00 +0000")  # fmt: skip
    new = b"Date: " + rng.choice(dates) + b"\n"
    return re.sub(rb"(?im)^date:[^\n]*\n", lambda _: new, mail)


def line_ends(mail: bytes, others: Sequence[bytes], rng: Random) -> bytes:
    """Have other line ends, some of them or all."""
    new = rng.choice((b"\r\n", b"\r", b"\r\r\n", b"\n\r"))
    return mail.replace(b"\n", new, rng.choice((-1, 3)))


def add_patch(mail: bytes, others: Sequence[bytes], rng: Random) -> bytes:
    """Carry a patch whose numbers lie."""
    a, b = (rng.choice((b"1", b"3", b"0", b"9" * 12, b"9" * 25)) for _ in range(2))
    subject = b"Subject: [PATCH v%s %s/%s] pages: count them\n" % (a, b, a)
    diff = b"\n---\n a.c | %s +-\n\ndiff --git a/a.c b/a.c\n--- a/a.c\n+++ b/a.c\n" % a
    hunk = b"@@ -%s,%s +1,%s @@\n-old page\n+new page\n same\n" % (a, b, a)
    trailer = b'Signed-off-by: Ada Example <ada@example.org>\nFixes: 0123456789ab ("a page")\n'
    return subject + mail + trailer + diff + hunk * rng.choice((1, 3))


MUTATIONS: tuple[Mutation, ...] = (
    flip_bytes, insert_odd, cut, splice, shuffle_fields, borrow_fields, steal_id, drop_id, refer,
    crowd, change_charset, wrap_parts, resend, quote_it, odd_numbers, odd_dates, line_ends,
    add_patch,
)  # fmt: skip

_PLAIN = (steal_id, refer, resend, quote_it, shuffle_fields, odd_dates)
"""What makes mails meet; half of all damage, or most mails would be alone."""


def mutate(mail: bytes, others: Sequence[bytes], rng: Random) -> bytes:
    """Damage a mail once or a few times."""
    for _ in range(rng.choice((1, 1, 2, 3))):
        choice = rng.choice(_PLAIN) if rng.random() < 0.5 else rng.choice(MUTATIONS)
        mail = choice(mail, others, rng)
    return mail


def population(seeds: Sequence[bytes], count: int, rng: Random) -> list[bytes]:
    """Return ``count`` mails: seeds, damaged seeds, and damaged damage."""
    mails = [rng.choice(seeds) for _ in range(max(1, count // 4))]
    while len(mails) < count:
        mails.append(mutate(rng.choice(mails), mails, rng))
    return mails
