"""Mail that wants to break out of its page, or of the folder."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.pipeline.mails import mbox
from threadkit.pipeline.analysis import analyze
from threadkit.pipeline.archive import open
from threadkit.pipeline.importing import import_mail
from threadkit.pipeline.sites.write import Built
from threadkit.site.check import check

SCRIPT = "<script>alert(1)</script>"
BODY = f"""{SCRIPT} \u202egnp.exe\u202c &amp; ' " `
> quoted {SCRIPT}
javascript:alert(1) https://example.org/"onmouseover="x()
http://example.org/<b>x</b> data:text/html,{SCRIPT}
commit 0123456789ab ("{SCRIPT}")
"""
NAMES = ("../../up", "a/../b", "..", "CON", "a b", "x" * 300, "é\u202e", "%2e%2e%2f", '"><x', "'")


def raw(number: int, name: str, answer: str) -> bytes:
    return (
        f'From: "{SCRIPT}" <{SCRIPT}@example.org>\nTo: list@example.org\n'
        f"Subject: Re: =?utf-8?q?=3Cscript=3E=E2=80=AEx?= {SCRIPT} %00 #{number}\n"
        f"Date: Fri, 01 Mar 2024 09:{number:02}:00 +0000\nMessage-ID: <{name}>\n"
        + (f"In-Reply-To: <{answer}>\n" if answer else "")
        + "Content-Type: multipart/mixed; boundary=b\n\n--b\n"
        f"Content-Type: text/plain; charset=utf-8\n\n{BODY}\n--b\n"
        "Content-Type: application/x\nContent-Disposition: attachment;"
        f' filename="../../{SCRIPT}.sh"\n\nx\n--b--\n'
    ).encode()


@pytest.mark.parametrize("hide", [False, True])
def test_nothing_breaks_out(tmp_path: Path, hide: bool) -> None:
    root = "root@example.org"
    mails = [raw(0, root, ""), *(raw(n, name, root) for n, name in enumerate(NAMES, 1))]
    box = tmp_path / "in.mbox"
    box.write_bytes(mbox(mails))
    import_mail(tmp_path / "t.db", [str(box)], workers=0)
    with open(tmp_path / "t.db") as archive:
        view = archive.site(root, candidates=True, hide_addresses=hide)
        assert len(view.site.mails) > len(NAMES) // 2
        built = view.build(tmp_path / "out" / "site")
    assert list(map(str, check(built.out, built.files))) == []
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["site"]
    for path in built.files:
        assert ".." not in path.split("/")
        if path.endswith((".html", ".svg", ".atom")):
            text = (built.out / path).read_text()
            assert "alert(1)</script>" not in text, path
            assert "\u202e" not in text, path
            for start in ('href="javascript', "href='", 'href="data:', 'src="http'):
                assert start not in text, path


def plain_mail(name: str, answer: str, body: str, number: int, **more: str) -> bytes:
    given = {"From": "Ann Example <ann@example.org>", "Subject": "Re: pool", **more}
    lines = [f"{key}: {value}" for key, value in given.items() if value]
    lines += [f"Date: Fri, 01 Mar 2024 {number // 60:02}:{number % 60:02}:00 +0000"]
    lines += [f"Message-ID: <{name}>", *([f"In-Reply-To: <{answer}>"] if answer else [])]
    return ("\n".join(lines) + f"\n\n{body}\n").encode()


def site_of(tmp_path: Path, mails: list[bytes], **wanted: bool) -> Built:
    box = tmp_path / "in.mbox"
    box.write_bytes(mbox(mails))
    import_mail(tmp_path / "t.db", [str(box)], workers=0)
    analyze(tmp_path / "t.db")
    with open(tmp_path / "t.db") as archive:
        return archive.site("root@example.org", **wanted).build(tmp_path / "site")


def test_no_words_are_too_long_for_a_page(tmp_path: Path) -> None:
    cites = "".join(
        f'Fixes: {n:012x} ("pool: {"<t>" * 100}")\n' for n in range(1 << 40, 1 << 40 | 300)
    )
    long = {"From": f'"{"<N>" * 900}" <ann@example.org>', "Subject": "[PATCH] " + "a<b>& " * 9000}
    mails = [plain_mail("root@example.org", "", "Why is it slow?", 0, **long)]
    mails.append(plain_mail("a@example.org", "root@example.org", cites, 1))
    url = "https://lore.kernel.org/r/root@example.org/ "
    mails.append(
        plain_mail("b@example.org", "root@example.org", f"{url * 3000}\n{'<' * 200000}", 2)
    )
    mails += [
        plain_mail(f"r{n}@example.org", "root@example.org", "Why? I think it breaks.", n, **long)
        for n in range(3, 260)
    ]
    built = site_of(tmp_path, mails, candidates=True, database=False)
    assert list(map(str, check(built.out, built.files))) == []


def test_mails_of_one_name_keep_their_own_words(tmp_path: Path) -> None:
    mails = [plain_mail("root@example.org", "", "This is about the pool.", 0)]
    for number, words in enumerate(
        ("Does the pool need a lock?", "Is the first of these wrong?"), 1
    ):
        sender = f"Person{number} Example <p{number}@example.org>"
        body = f"{'Hello all.' * number}\n\n{words}"
        mails.append(plain_mail("a@example.org", "root@example.org", body, number, From=sender))
    built = site_of(tmp_path, mails, candidates=True, database=False)
    assert list(map(str, check(built.out, built.files))) == []
    asked = (built.out / "questions.html").read_text()
    assert re.search(r'href="m/a@example.org.html#L\d+">Does the pool', asked)
    assert re.search(r'href="m/a@example.org~i1.html#L\d+">Is the first', asked)


def test_no_part_of_an_address_is_left(tmp_path: Path) -> None:
    body = f"{'word ' * 28}secret.person@zztop.example.com wrote\nmailto:other%40zztop.example.com"
    mails = [
        plain_mail("root@example.org", "", body, 0, From="bare@zztop.example.com"),
        plain_mail("a@example.org", "root@example.org", "#regzbot title: x@zztop.example.com", 1),
    ]
    built = site_of(tmp_path, mails, hide_addresses=True)
    for path in built.files:
        text = (built.out / path).read_text(errors="replace")
        assert "zztop" not in text + path, path
