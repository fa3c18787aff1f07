"""Write mail of the shape that real lists have: ``python -m tests.bench.generate N OUT``.

Made-up people of example.org debate made-up patches. The shapes are measured ones: 40% of
the conversations are patch series, few are very long, replies quote what they answer
(trimmed, nested, or whole), 4% of them name a parent that is not there, 3% have only
In-Reply-To and 1% neither; headers are as long as those of lists; a mail has 4 kB.

Equal seeds give equal bytes, and the first N mails are the same whatever comes after.
Mails come in the order of arrival; memory does not grow with their number.
"""

from __future__ import annotations

import argparse
import binascii
import heapq
import re
from base64 import b64encode
from collections.abc import Iterable, Iterator
from pathlib import Path
from random import Random
from typing import BinaryIO, NamedTuple

from tests.bench.words import Person, Prose, prose_of

FIRST_S = 978_307_200
"""The first mail is of 2001-01-01."""
SECONDS_A_MAIL = 600
MAILS_A_THREAD = 7.3
LONGEST_THREAD = 2000
MOST_REFERENCES = 20
LIST = "debate@lists.example.org"

_DAYS = ("Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_FROM_LINE = re.compile(rb"^(>*From )", re.MULTILINE)


class Mail(NamedTuple):
    """One mail of a conversation while it is being made: what replies to it need."""

    message_id: str
    sender: Person
    when_s: int
    lines: list[str]
    raw: bytes


class Plan(NamedTuple):
    """Who answers whom in one conversation: parents by index, -1 for the root."""

    parents: list[int]
    patches: int


def plan(random: Random) -> Plan:
    """Draw the shape of one conversation.

    Parameters
    ----------
    random : Random
        Where chance comes from.

    Returns
    -------
    Plan
        Parents come before their children. The first ``patches`` mails after the root
        are the patches of a series.
    """
    patches = 0
    if random.random() < 0.4:
        patches = min(200, 1 + int(random.expovariate(1 / 6)))
        replies = int(random.lognormvariate(0.8, 1.1))
    else:
        replies = int(random.lognormvariate(0.7, 1.25))
    parents = [-1] + [0] * patches
    for _ in range(min(replies, LONGEST_THREAD)):
        count = len(parents)
        if random.random() < 0.45:
            parents.append(random.randrange(count))
        elif random.random() < 0.5:
            parents.append(count - 1)
        else:
            parents.append(max(0, count - 1 - int(random.expovariate(0.3))))
    return Plan(parents, patches)


def generate(count: int, seed: int = 1) -> Iterator[bytes]:
    """Yield mails in the order of arrival.

    Parameters
    ----------
    count : int
        How many mails.
    seed : int
        Equal seeds give equal mails.

    Yields
    ------
    bytes
        One raw mail, with bare line feeds.
    """
    prose = prose_of(seed)
    clock = Random(seed)
    waiting: list[tuple[int, int, int, bytes]] = []
    start = FIRST_S
    number = 0
    while count:
        thread = Thread(prose, Random(seed * 1_000_003 + number), number, start)
        for index, mail in enumerate(thread.mails()):
            heapq.heappush(waiting, (mail.when_s, number, index, mail.raw))
        start += int(clock.expovariate(1 / (SECONDS_A_MAIL * MAILS_A_THREAD)))
        number += 1
        while count and waiting and waiting[0][0] <= start:
            yield heapq.heappop(waiting)[-1]
            count -= 1


def debate(count: int, seed: int = 1) -> Iterator[bytes]:
    """Yield the mails of one conversation of a given size, parents before replies.

    Parameters
    ----------
    count : int
        How many mails.
    seed : int
        Equal seeds give equal mails.

    Yields
    ------
    bytes
        One raw mail, with bare line feeds.
    """
    chance = Random(seed)
    parents = [-1]
    while len(parents) < count:
        near = chance.random() < 0.6
        back = int(chance.expovariate(0.3)) if near else chance.randrange(len(parents))
        parents.append(max(0, len(parents) - 1 - back))
    thread = Thread(prose_of(seed), chance, 0, FIRST_S, Plan(parents, 0))
    for mail in thread.mails():
        yield mail.raw


class Thread:
    """One conversation: its mails in an order in which parents come before replies."""

    def __init__(
        self, prose: Prose, random: Random, number: int, start_s: int, shape: Plan | None = None
    ) -> None:
        self._prose = prose
        self._random = random
        self._number = number
        self._start_s = start_s
        self._shape = shape
        self._area = prose.words(random, 1)
        self._subject = f"{self._area}: {prose.words(random, 3 + number % 4)}"
        self._revision = 1 + int(random.expovariate(1.2))

    def mails(self) -> Iterator[Mail]:
        """Make the mails."""
        shape = self._shape or plan(self._random)
        done: list[Mail] = []
        subjects: list[str] = []
        author = self._prose.person(self._random)
        for index, up in enumerate(shape.parents):
            series = index <= shape.patches and shape.patches
            sender = author if series else self._prose.person(self._random)
            if up < 0 or series:
                subject = self._topic(index, shape.patches)
            else:
                subject = subjects[up] if subjects[up].startswith("Re: ") else "Re: " + subjects[up]
            subjects.append(subject)
            if series:
                lines = self._patch(sender, index, shape.patches, subject)
            elif up < 0:
                lines = self._opening(sender)
            else:
                lines = self._reply(sender, done[up])
            mail = self._mail(index, sender, subject, lines, done, shape)
            done.append(mail)
            yield mail

    # -- text --------------------------------------------------------------------------

    def _topic(self, index: int, patches: int) -> str:
        if not patches:
            return self._subject
        version = f" v{self._revision}" if self._revision > 1 else ""
        title = (
            self._subject if not index else f"{self._area}: {self._prose.words(self._random, 4)}"
        )
        width = len(str(patches))
        return f"[PATCH{version} {index:0{width}}/{patches}] {title}"

    def _talk(self, most: int) -> list[str]:
        """Return a few paragraphs, an empty line after each."""
        random = self._random
        lines: list[str] = []
        at = self._prose.place(random)
        for _ in range(1 + int(random.random() * most)):
            count = 1 + int(random.random() * 8)
            lines += self._prose.paragraph(at, count)
            at += 13 * count
            chance = random.random()
            if chance < 0.04:
                words = self._prose.words(random, 4)
                lines.append(f'See commit {random.getrandbits(48):012x} ("{self._area}: {words}")')
            elif chance < 0.06:
                lines.append(f"https://lists.example.org/r/{random.getrandbits(60):x}@example.org/")
            lines.append("")
        return lines

    def _end(self, sender: Person) -> list[str]:
        name = sender.name.split()[0]
        if sender.signs:
            return [name, "-- ", f"{sender.name} | {sender.email.partition('@')[2]}"]
        return [name] if self._random.random() < 0.5 else []

    def _opening(self, sender: Person) -> list[str]:
        return ["Hi,", "", *self._talk(8), *self._end(sender)]

    def _patch(self, sender: Person, index: int, patches: int, subject: str) -> list[str]:
        random, prose = self._random, self._prose
        if not index:
            titles = [f"  {self._area}: {prose.words(random, 4)}" for _ in range(patches)]
            return [*self._talk(5), f"{sender.name} ({patches}):", *titles, "", "-- ", "2.39.0"]
        lines = self._talk(4)
        if random.random() < 0.2:
            words = prose.words(random, 3)
            lines.append(f'Fixes: {random.getrandbits(48):012x} ("{self._area}: {words}")')
        for kind in ("Reported-by", "Acked-by", "Reviewed-by", "Cc"):
            if random.random() < 0.2:
                other = prose.person(random)
                lines.append(f"{kind}: {other.name} <{other.email}>")
        lines += [f"Signed-off-by: {sender.name} <{sender.email}>", "---"]
        stat: list[str] = []
        diffs: list[str] = []
        totals = [0, 0]
        for _ in range(1 + int(random.expovariate(1.5))):
            path = prose.path(random)
            diff, added, removed = prose.diff(random, path)
            diffs += diff
            totals[0] += added
            totals[1] += removed
            marks = "+" * min(added, 30) + "-" * min(removed, 30)
            stat.append(f" {path:32} | {added + removed:3} {marks}")
        files = f"{len(stat)} file{'s' * (len(stat) > 1)} changed"
        stat.append(f" {files}, {totals[0]} insertions(+), {totals[1]} deletions(-)")
        return [*lines, *stat, "", *diffs, "-- ", "2.39.0"]

    def _reply(self, sender: Person, parent: Mail) -> list[str]:
        """Answer a mail below what is quoted of it: a passage, several, or all."""
        random = self._random
        shown = _quotable(parent.lines)
        lines = [
            f"On {_date(parent.when_s, parent.sender.offset_min)}, {parent.sender.name} wrote:"
        ]
        kind = random.random()
        if kind < 0.03:
            lines = self._talk(3)
        elif kind < 0.2 or len(shown) < 4:
            lines += [*_quoted(shown[:90]), "", *self._talk(2)]
        elif kind < 0.25:  # the answer on top, all of it below
            lines = [*self._talk(2), *self._end(sender), "", *lines, *_quoted(shown[:60])]
            return lines
        else:
            at = int(random.random() * len(shown) / 3)
            if at and random.random() < 0.3:
                lines.append(random.choice(("[...]", "> [...]", "> ...", "[snip]")))
            for _ in range(1 + int(random.expovariate(0.7))):
                stop = at + 4 + int(random.expovariate(0.09))
                lines += [*_quoted(shown[at:stop]), "", *self._talk(3)]
                at = stop + int(random.expovariate(0.3))
                if at >= len(shown):
                    break
        if random.random() < 0.08:
            kind_ = random.choice(("Reviewed-by", "Acked-by", "Tested-by"))
            lines += [f"{kind_}: {sender.name} <{sender.email}>", ""]
        return [*lines, *self._end(sender)]

    # -- the mail ----------------------------------------------------------------------

    def _mail(
        self, index: int, sender: Person, subject: str, lines: list[str],
        done: list[Mail], shape: Plan,
    ) -> Mail:  # fmt: skip
        random = self._random
        up = shape.parents[index]
        when_s = self._start_s + index
        if index > shape.patches:
            delay = random.expovariate(1 / 20_000)
            wrong_clock = random.random() < 0.03
            when_s = done[up].when_s + (-int(delay / 30) if wrong_clock else 60 + int(delay))
        number = random.getrandbits(60)
        message_id = f"{number:015x}.{self._number}.{index}@{sender.email.partition('@')[2]}"
        head = self._hops(sender, when_s)
        to = LIST if up < 0 else done[up].sender.header
        copies = [self._prose.person(random).header for _ in range(int(random.expovariate(0.28)))]
        head += [
            f"From: {sender.header}",
            f"To: {to}",
            *(["Cc: " + ",\n\t".join([LIST, *copies])] if up >= 0 or copies else []),
            f"Subject: {subject}",
            f"Date: {_date(when_s, sender.offset_min)}",
            f"Message-ID: <{message_id}>",
            *self._references(up, done, shape.parents),
        ]
        kind, body = _body(random, lines)
        head += [
            *kind,
            "X-Spam-Status: No, score=-6.8 required=3.0 tests=BAYES_00,DKIM_SIGNED,\n"
            "\tDKIM_VALID,HEADER_FROM_DIFFERENT_DOMAINS,INCLUDES_PATCH,MAILING_LIST_MULTI,\n"
            "\tSIGNED_OFF_BY,SPF_HELO_NONE,SPF_PASS autolearn=ham autolearn_force=no",
            "X-Spam-Level: ",
            "Precedence: bulk",
            f"List-ID: <{LIST.replace('@', '.')}>",
            f"X-Mailing-List: {LIST}",
            f"List-Subscribe: <mailto:{LIST.replace('@', '+subscribe@')}>",
            f"List-Unsubscribe: <mailto:{LIST.replace('@', '+unsubscribe@')}>",
        ]
        raw = "\n".join(head).encode() + b"\n\n" + body
        return Mail(message_id, sender, when_s, lines, raw)

    def _references(self, up: int, done: list[Mail], parents: list[int]) -> list[str]:
        chain: list[str] = []
        while up >= 0 and len(chain) < MOST_REFERENCES:
            chain.append(f"<{done[up].message_id}>")
            up = parents[up]
        if not chain:
            return []
        chance = self._random.random()
        if chance < 0.04:
            chain[0] = f"<{self._random.getrandbits(60):x}.lost@gone.example.org>"
        elif chance < 0.05:
            return []
        answers = f"In-Reply-To: {chain[0]}"
        if 0.05 <= chance < 0.08:
            return [answers]
        return [answers, "References: " + "\n\t".join(reversed(chain))]

    def _hops(self, sender: Person, when_s: int) -> list[str]:
        """Return what servers put on top of a mail: hops, checks, a signature."""
        random = self._random
        domain = sender.email.partition("@")[2]
        address = ".".join(str(octet) for octet in random.randbytes(2))
        date = _date(when_s + 2, 0)
        head = [
            "Return-Path: <debate-owner@lists.example.org>",
            f"Received: (majordomo@lists.example.org) by lists.example.org via listexpand\n"
            f"\tid S{random.getrandbits(32):010d}AbX ({_date(when_s + 4, 0)})",
            f"Received: from mx.{domain} ([192.0.{address}]:{random.getrandbits(15)}"
            f' "EHLO\n\tmx.{domain}" rhost-flags-OK-OK-OK-OK) by lists.example.org with ESMTP\n'
            f"\tid S{random.getrandbits(32):010d}AbY ({date})",
            f"Received: from host{random.getrandbits(12)}.{domain} (host.{domain} [198.51.{address}])\n"
            f"\t(using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits))\n"
            f"\tby mx.{domain} (Postfix) with ESMTPS id {random.getrandbits(60):X}\n"
            f"\tfor <{LIST}>; {_date(when_s, 0)}",
        ]
        head.append(
            f"Authentication-Results: lists.example.org; dkim={'pass' if sender.dkim else 'none'}\n"
            f"\theader.d={domain} header.i=@{domain}; spf=pass smtp.mailfrom={sender.email};\n"
            f"\tdmarc=pass (policy=none) header.from={domain}"
        )
        if sender.dkim:
            sign = b64encode(random.randbytes(129)).decode()
            head.append(
                f"DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d={domain}; s=mail;\n"
                f"\tt={when_s}; h=from:subject:date:message-id:to:cc:mime-version:content-type;\n"
                f"\tbh={b64encode(random.randbytes(32)).decode()};\n"
                f"\tb={sign[:66]}\n\t {sign[66:132]}\n\t {sign[132:]}"
            )
        return head


def _body(random: Random, lines: list[str]) -> tuple[list[str], bytes]:
    """Encode a body in one of the ways that programs do; return its headers and bytes."""
    text = "\n".join(lines) + "\n"
    data = text.encode()
    way = random.random()
    agent = "User-Agent: Muttlike/1.10 (2018-07-13)"
    if way < 0.06:
        return _mime("text/plain", "utf-8", "quoted-printable"), binascii.b2a_qp(data)
    if way < 0.08:
        packed = b64encode(data)
        folded = b"\n".join([packed[i : i + 76] for i in range(0, len(packed), 76)])
        return _mime("text/plain", "utf-8", "base64"), folded + b"\n"
    if way < 0.11:
        return _mime("text/plain; format=flowed", "utf-8", "8bit"), data
    if way < 0.13:
        border = f"=-{random.getrandbits(60):x}"
        head = ["MIME-Version: 1.0", f'Content-Type: multipart/signed; boundary="{border}"']
        sign = b64encode(random.randbytes(96))
        return head, (
            b"--%(b)b\nContent-Type: text/plain; charset=utf-8\n\n%(d)b\n--%(b)b\n"
            b"Content-Type: application/pgp-signature; name=signature.asc\n\n"
            b"-----BEGIN PGP SIGNATURE-----\n\n%(s)b\n-----END PGP SIGNATURE-----\n\n--%(b)b--\n"
            % {b"b": border.encode(), b"d": data, b"s": sign}
        )
    if way < 0.14:
        border = f"_{random.getrandbits(60):x}"
        head = ["MIME-Version: 1.0", f'Content-Type: multipart/alternative; boundary="{border}"']
        marked = data.replace(b"&", b"&amp;").replace(b"<", b"&lt;").replace(b"\n", b"<br>\n")
        return head, (
            b"--%(b)b\nContent-Type: text/plain; charset=utf-8\n\n%(d)b\n--%(b)b\n"
            b"Content-Type: text/html; charset=utf-8\n\n<html><body>%(h)b</body></html>\n--%(b)b--\n"
            % {b"b": border.encode(), b"d": data, b"h": marked}
        )
    if text.isascii():
        return [*_mime("text/plain", "us-ascii", "7bit"), agent], data
    return [*_mime("text/plain", "utf-8", "8bit"), agent], data


def _mime(kind: str, charset: str, encoding: str) -> list[str]:
    return [
        "MIME-Version: 1.0",
        f"Content-Type: {kind}; charset={charset}",
        f"Content-Transfer-Encoding: {encoding}",
    ]


def _quotable(lines: list[str]) -> list[str]:
    """Leave out what programs do not quote: the signature, and quotes three deep."""
    if "-- " in lines:
        lines = lines[: lines.index("-- ")]
    return [line for line in lines if not line.startswith("> > >")]


def _quoted(lines: list[str]) -> list[str]:
    return ["> " + line if line else ">" for line in lines]


_day_names: dict[int, str] = {}


def _date(when_s: int, offset_min: int) -> str:
    """Format a time as mail does; the standard library's takes ten times as long."""
    day, second = divmod(when_s + offset_min * 60, 86400)
    name = _day_names.get(day)
    if name is None:
        name = _day_names[day] = _day_name(day)
    minute, second = divmod(second, 60)
    zone = (abs(offset_min) // 60) * 100 + abs(offset_min) % 60
    sign = "-" if offset_min < 0 else "+"
    return f"{name} {minute // 60:02}:{minute % 60:02}:{second:02} {sign}{zone:04}"


def _day_name(day: int) -> str:
    from datetime import date

    when = date.fromordinal(date(1970, 1, 1).toordinal() + day)
    return f"{_DAYS[day % 7]}, {when.day:02} {_MONTHS[when.month - 1]} {when.year}"


def mbox_entry(raw: bytes) -> bytes:
    """Return a mail as it stands in an mboxrd."""
    if b"From " in raw:
        raw = _FROM_LINE.sub(rb">\1", raw)
    return b"From mboxrd@z Thu Jan  1 00:00:00 1970\n" + raw + b"\n"


def write_maildir(mails: Iterable[bytes], folder: Path) -> None:
    """Write a Maildir of read mails."""
    for part in ("cur", "new", "tmp"):
        (folder / part).mkdir(parents=True)
    for number, raw in enumerate(mails):
        (folder / "cur" / f"{1_300_000_000 + number}.{number:07}.bench:2,S").write_bytes(raw)


def write_fast_import(mails: Iterable[bytes], out: BinaryIO) -> None:
    """Write the commands that make a public-inbox v2 epoch (``git fast-import``)."""
    for number, raw in enumerate(mails):
        who = b"Ada Example <ada@example.org> %d +0000" % (FIRST_S + number)
        start = b"reset refs/heads/master\n" if not number else b""
        out.write(
            start + b"commit refs/heads/master\nauthor %(w)b\ncommitter %(w)b\ndata 5\nmail\n"
            b"M 100644 inline m\ndata %(n)d\n%(r)b\n" % {b"w": who, b"n": len(raw), b"r": raw}
        )


def main() -> None:
    """Write mail to a file, or to standard output."""
    parser = argparse.ArgumentParser(description="Generate mail of real shape.")
    parser.add_argument("count", type=int, help="how many mails")
    parser.add_argument("out", help="an mboxrd to write; - for standard output")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    mails = generate(options.count, options.seed)
    with Path("/dev/stdout" if options.out == "-" else options.out).open("wb", 1 << 20) as out:
        for raw in mails:
            out.write(mbox_entry(raw))


if __name__ == "__main__":
    main()
