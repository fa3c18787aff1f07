"""Mail that wants to break out of its page, or of the folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pipeline.mails import mbox
from threadkit.pipeline.archive import open
from threadkit.pipeline.importing import import_mail
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
