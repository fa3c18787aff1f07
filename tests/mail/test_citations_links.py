"""URLs: the many addresses of one mail, commit or bug have one value."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threadkit.mail.links import Link, parse_link

SHA = "09854ba94c6aad7886996bfbee2530b3d8a7f4f4"


@pytest.mark.parametrize(
    "url",
    [
        "https://lore.kernel.org/linux-mm/a+1=2@example.org/",
        "https://lore.kernel.org/all/a+1=2@example.org/raw",
        "https://lore.kernel.org/r/a%2B1%3D2%40example.org",
        "http://lkml.kernel.org/r/a+1=2@example.org",
        "https://lore.kernel.org/lkml/a+1=2@example.org/t/#u",
        "https://lore.kernel.org/lkml/a+1=2@example.org/T/#m0123456789",
        "https://lore.kernel.org/lkml/a+1=2@example.org/t.mbox.gz",
        "https://lore.kernel.org/a+1=2@example.org",
        "https://patch.msgid.link/a+1=2@example.org",
        "https://msgid.link/a+1=2@example.org",
        "https://patchwork.kernel.org/project/x/patch/a+1=2@example.org/",
        "https://groups.google.com/d/msgid/list/a%2B1%3D2%40example.org",
        "https://lore.kernel.org/r/%3Ca+1=2@example.org%3E/",
        "https://marc.info/?i=a%2B1=2@example.org",
        "https://www.mail-archive.com/search?l=mid&q=a%2B1=2@example.org",
    ],
)
def test_all_addresses_of_a_mail_have_its_message_id(url):
    assert parse_link(url) == Link("message", "a+1=2@example.org")


@pytest.mark.parametrize(
    ("url", "message_id"),
    [
        ("https://lore.kernel.org/all/X/3Y@example.org/", "X/3Y@example.org"),
        ("https://lore.kernel.org/lkml/Y/+n1/4X@nz.example.org/T/#u", "Y/+n1/4X@nz.example.org"),
        ("https://lkml.kernel.org/r/a/b@example.org", "a/b@example.org"),
        ("https://lore.kernel.org/linux-mm/a@example.org/b@example.org", "a@example.org"),
        ("https://patchwork.kernel.org/project/x/patch/3Y@example.org/", "3Y@example.org"),
    ],
)
def test_a_slash_that_nobody_escaped_belongs_to_the_message_id(url, message_id):
    assert parse_link(url) == Link("message", message_id)


@pytest.mark.parametrize(
    "url",
    [
        f"https://git.kernel.org/pub/scm/linux/kernel/git/torvalds/linux.git/commit/?id={SHA}",
        f"https://git.kernel.org/x.git/commit/mm/memory.c?h=v5.9&id={SHA}#n3",
        f"https://git.kernel.org/linus/{SHA}",
        f"https://git.kernel.org/stable/c/{SHA}",
        f"https://github.com/torvalds/linux/commit/{SHA.upper()}",
        f"https://github.com/torvalds/linux/commit/{SHA}.patch",
        f"https://gitlab.com/x/y/-/commit/{SHA}",
        f"https://git.example.org/?p=linux.git;a=commit;h={SHA}",
        "https://eu1.safelinks.protection.outlook.com/?url="
        + quote(f"https://git.kernel.org/linus/{SHA}", safe="")
        + "&data=1",
    ],
)
def test_all_addresses_of_a_commit_have_its_hash(url):
    assert parse_link(url) == Link("commit", SHA)


@pytest.mark.parametrize(
    ("url", "value"),
    [
        ("https://bugzilla.example.org/12#c3", "https://bugzilla.example.org/show_bug.cgi?id=12"),
        (
            "https://bugs.launchpad.net/ubuntu/+source/linux/+bug/19",
            "https://bugs.launchpad.net/bugs/19",
        ),
        ("https://bugs.debian.org/cgi-bin/bugreport.cgi?bug=99", "https://bugs.debian.org/99"),
        ("https://bugs.debian.org/99", "https://bugs.debian.org/99"),
        ("https://crbug.com/5", "https://crbug.com/5"),
        ("https://github.com/a/b/issues/7#issuecomment-1", "https://github.com/a/b/issues/7"),
        ("https://gitlab.com/a/b/-/issues/7", "https://gitlab.com/a/b/-/issues/7"),
    ],
)
def test_bugs_have_one_url_each(url, value):
    assert parse_link(url) == Link("bug", value)
    assert parse_link(value) == Link("bug", value)


@pytest.mark.parametrize(
    "url",
    [
        "https://lore.kernel.org/linux-mm/",
        "https://lkml.org/lkml/2020/9/1/20",
        "https://www.mail-archive.com/list@example.org/msg01.html",
        "https://photos.example.org/44066293@N08/1/",
        "https://patchwork.kernel.org/patch/1154833/",
        "https://git.kernel.org/x.git/tree/mm/memory.c?id=" + SHA,
        "https://bugs.debian.org/",
        "https://bugzilla.kernel.org",
        "https://syzkaller.appspot.com/x/log.txt?x=10ae0aa6a80000",
        "https://example.org",
        "https://lore.kernel.org/@list/?q=1",
        "https://lore.kernel.org/a@b@c/x@/",
        "https://",
        "ftp://example.org/a@b",
        "",
    ],
)
def test_other_pages_stay_what_they_are(url):
    assert parse_link(url) == Link("url", url)


def test_syzbot_reports():
    url = "https://syzkaller.appspot.com/bug?extid=0123456789abcdef0123"
    assert parse_link(url) == Link("syzbot", "0123456789abcdef0123")


LOCAL = st.text("abcXYZ019.+=-_$%/~*!", min_size=1, max_size=30).filter(lambda s: s[0] != "@")


@given(
    LOCAL, st.sampled_from(["all", "r", "linux-mm", "T", "0"]), st.sampled_from(["", "/", "/t/#u"])
)
def test_any_message_id_survives_the_way_into_a_url_and_back(local, inbox, rest):
    message_id = f"{local}@mail.example.org"
    escaped = quote(message_id, safe="-._~!$&'()*+,;=:@")
    found = parse_link(f"https://lore.kernel.org/{inbox}/{escaped}{rest}")
    assert found == Link("message", message_id)


@given(st.text(max_size=50), st.text(max_size=20))
def test_any_text_can_be_asked(text, host):
    for url in (text, "https://" + text, f"https://{host}.kernel.org/{text}"):
        assert parse_link(url).value or url == ""
