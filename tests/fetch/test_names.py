"""What users paste when they want a thread, a commit or a list."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threadkit.errors import SourceError
from threadkit.fetch.lore.names import LORE, Target, escaped, message_url, parse_target

MID = "a/b%25c+d=e@x.example.org"
IN_URL = "a%2Fb%2525c+d=e@x.example.org"
SHA = "09854ba94c6aad7886996bfbee2530b3d8a7f4f4"
GITROOT = "/pub/scm/linux/kernel/git"

ids = st.from_regex(r"[^\s<>@/][^\s<>@]{0,40}@[^\s<>@]{1,40}", fullmatch=True).filter(
    lambda text: text.encode("utf-8", "ignore").decode() == text
)


@pytest.mark.parametrize(
    "text",
    [
        MID,
        f"<{MID}>",
        f"  <{MID}>\n",
        f"Message-ID: <{MID}>",
        f"id:{MID}",
        f"mid:{IN_URL}",
        f"https://lore.kernel.org/{IN_URL}/",
        f"https://lore.kernel.org/r/{IN_URL}",
        f"<https://lore.kernel.org/r/{IN_URL}>",
        f"HTTPS://Lore.Kernel.Org/r/{IN_URL}/",
        f"http://lore.kernel.org/r/{IN_URL}/T/#u",
        f"https://tor.lore.kernel.org/r/{IN_URL}/t.mbox.gz",
        f"lore.kernel.org/r/{IN_URL}",
        f"https://lkml.kernel.org/r/{IN_URL}",
        f"lkml.kernel.org/r/{IN_URL}",
        f"https://patch.msgid.link/{IN_URL}",
        f"https://msgid.link/{IN_URL}",
        f"msgid.link/{IN_URL}",
    ],
)
def test_every_address_without_a_list_is_the_message_id(text: str) -> None:
    assert parse_target(text) == Target("thread", MID)


@pytest.mark.parametrize(
    "rest",
    [
        "",
        "/",
        "/raw",
        "/t/",
        "/T/",
        "/T/#u",
        "/t.mbox.gz",
        "/t.atom",
        "/#R",
        "/d/",
        "/T/#mb57ae1a6c568e499ecd8",
        "/?q=1#t",
    ],
)
def test_a_page_of_a_list_is_the_thread_on_that_list(rest: str) -> None:
    url = f"https://lore.kernel.org/linux-mm/{IN_URL}{rest}"
    assert parse_target(url) == Target("thread", MID, "linux-mm")


def test_a_slash_that_somebody_did_not_escape_belongs_to_the_id() -> None:
    target = parse_target("https://lore.kernel.org/linux-mm/a/b@example.org/raw")
    assert target == Target("thread", "a/b@example.org", "linux-mm")


def test_an_old_id_without_at_is_known_by_its_place() -> None:
    url = "https://lore.kernel.org/lkml/Pine.LNX.4.10.1234/"
    assert parse_target(url) == Target("thread", "Pine.LNX.4.10.1234", "lkml")


def test_plus_is_plus_and_percent_in_a_bare_id_is_itself() -> None:
    assert parse_target("https://lore.kernel.org/r/CAHk-=a+b@x").name == "CAHk-=a+b@x"
    assert parse_target("a%2Fb@x").name == "a%2Fb@x"
    assert parse_target("id:a%2Fb@x").name == "a%2Fb@x"
    assert parse_target("mid:a%2Fb@x").name == "a/b@x"
    assert parse_target("a%2Fb%40x").name == "a/b@x"  # without @ it can only be out of a URL
    assert parse_target("<id:a@x>").name == "id:a@x"


@pytest.mark.parametrize(
    ("url", "inbox", "origin"),
    [
        ("https://inbox.example.org/gcc/a@x/", "gcc", "https://inbox.example.org"),
        ("https://example.org/lore/all/a@x/T/#u", "all", "https://example.org/lore"),
        ("http://127.0.0.1:8080/linux-mm/a@x/raw", "linux-mm", "http://127.0.0.1:8080"),
        ("https://Inbox.example.org/r/a@x", None, "https://inbox.example.org"),
        ("https://inbox.example.org/a@x/", None, "https://inbox.example.org"),
    ],
)
def test_another_archive_is_asked_itself(url: str, inbox: str | None, origin: str) -> None:
    assert parse_target(url) == Target("thread", "a@x", inbox, origin)


@pytest.mark.parametrize(
    "url",
    [
        "https://patchwork.kernel.org/project/linux-mm/patch/a@example.org/",
        "https://patchew.org/QEMU/a@example.org/",
        "https://www.mail-archive.com/search?l=mid&q=a@example.org",
        "https://marc.info/?i=a@example.org",
    ],
)
def test_an_archive_that_is_no_public_inbox_gives_the_id(url: str) -> None:
    assert parse_target(url) == Target("thread", "a@example.org")


@pytest.mark.parametrize(
    ("text", "name", "origin"),
    [
        (SHA, SHA, None),
        (SHA.upper(), SHA, None),
        ("09854ba", "09854ba", None),
        (f"https://github.com/torvalds/linux/commit/{SHA}", SHA, None),
        (f"github.com/torvalds/linux/commit/{SHA}", SHA, None),
        (f"https://git.kernel.org/linus/{SHA}", SHA, None),
        (f"https://git.kernel.org/torvalds/c/{SHA}", SHA, None),
        (f"git.kernel.org/stable/c/{SHA}", SHA, None),
        (f"git.kernel.org/next/linux-next/c/{SHA}", SHA, None),
        *(
            (f"{scheme}://git.kernel.org{GITROOT}/{usual}{end}/{page}/?id={SHA}", SHA, None)
            for usual in ("torvalds/linux", "stable/linux", "next/linux-next")
            for scheme, end, page in (("https", ".git", "commit"), ("http", "", "patch"))
        ),
        (
            f"https://git.kernel.org{GITROOT}/torvalds/linux-2.6.git/commit/?id={SHA}",
            SHA,
            f"https://git.kernel.org{GITROOT}/torvalds/linux-2.6.git",
        ),
        (
            f"https://git.example.org{GITROOT}/torvalds/linux.git/commit/?id={SHA}",
            SHA,
            f"https://git.example.org{GITROOT}/torvalds/linux.git",
        ),
        (
            f"https://git.kernel.org/akpm/mm/c/{SHA}",
            SHA,
            "https://git.kernel.org/pub/scm/linux/kernel/git/akpm/mm.git",
        ),
        (
            f"https://git.kernel.org/pub/scm/git/git.git/commit/mm?h=next&id={SHA[:12]}",
            SHA[:12],
            "https://git.kernel.org/pub/scm/git/git.git",
        ),
        (f"http://127.0.0.1:99/r.git/patch/?id={SHA}", SHA, "http://127.0.0.1:99/r.git"),
    ],
)
def test_a_commit_is_its_hash_and_the_repository_that_shows_it(
    text: str, name: str, origin: str | None
) -> None:
    assert parse_target(text) == Target("commit", name, None, origin)


@pytest.mark.parametrize(
    ("text", "name", "origin"),
    [
        ("https://lore.kernel.org/linux-mm/", "linux-mm", None),
        ("https://lore.kernel.org/linux-mm", "linux-mm", None),
        ("lore.kernel.org/all/", "all", None),
        ("https://lore.kernel.org/linux-mm/new.atom", "linux-mm", None),
        ("https://lore.kernel.org/linux-mm/?t=20200901000000", "linux-mm", None),
        ("https://lore.kernel.org/lkml/0", "lkml", None),
        ("https://lore.kernel.org/lkml/git/0.git", "lkml", None),
        ("https://lore.kernel.org/lkml/_/text/mirror/", "lkml", None),
        ("http://127.0.0.1:8080/linux-mm/", "linux-mm", "http://127.0.0.1:8080"),
        ("https://example.org/lore/9fans/", "9fans", "https://example.org/lore"),
    ],
)
def test_a_list_is_an_inbox(text: str, name: str, origin: str | None) -> None:
    assert parse_target(text) == Target("inbox", name, name, origin)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("", "Message-ID"),
        ("<>", "Message-ID"),
        ("linux-mm", "Message-ID"),
        ("two words@example.org", "Message-ID"),
        ("<a@x> <b@x>", "Message-ID"),
        ("deadbe", "Message-ID"),
        (SHA + "0", "Message-ID"),
        ("@", "Message-ID"),
        ("ftp://example.org/a@x/", "Message-ID"),
        ("https://", "Message-ID"),
        ("https://lore.kernel.org/", "which list"),
        ("https://lore.kernel.org/r/", "Message-ID"),
        ("https://lore.kernel.org/all/?q=dfn:mm", "--search"),
        ("https://lore.kernel.org/?q=dfn:mm", "which list"),
        ("https://lore.kernel.org/linux-mm/?x=m&q=a", "--search, with --list linux-mm"),
        ("https://lore.kernel.org/r/?q=a", "Message-ID"),
        ("https://inbox.example.org/gcc/?q=a", "--search"),
        ("https://lore.kernel.org/lkml/0123abcd/s/", "Message-ID"),
        ("https://patch.msgid.link/", "Message-ID"),
        ("https://[::1/a@x/", "not a URL"),
        ("https://example.org:port/a@x/", "not a URL"),
        ("https://me:secret@example.org/lkml/a@x/", "user name"),
        ("https://example.org/", "Message-ID"),
        ("https://example.org/page.html", "Message-ID"),
        ("https://lwn.net/Articles/849638/", "Message-ID"),
        ("https://marc.info/?l=linux-mm&m=1598918400", "no Message-ID"),
        ("https://bugzilla.kernel.org/show_bug.cgi?id=215616", "bug report"),
        ("https://lists.example.org/archives/list/dev@example.org/thread/ABCDEF/", "mbox"),
        (f"{'x' * 250}@example.org", "262 characters"),
        (f"https://lore.kernel.org/all/{'x' * 250}/", "250 characters"),
    ],
)
def test_anything_else_is_refused_with_a_hint(text: str, hint: str) -> None:
    with pytest.raises(SourceError, match=hint) as caught:
        parse_target(text)
    assert "secret" not in str(caught.value)
    assert str(caught.value).isprintable()


@given(ids, st.sampled_from([None, "linux-mm", "all"]), st.sampled_from(["", "raw", "T/#u"]))
def test_the_address_of_a_mail_leads_back_to_its_id(
    message_id: str, inbox: str | None, page: str
) -> None:
    expected = Target("thread", message_id, inbox or "all")
    assert parse_target(message_url(message_id, inbox) + page) == expected
    url = message_url(message_id, inbox, "http://127.0.0.1:8080/lore")
    assert url.isascii()
    own = Target("thread", message_id, inbox or "all", "http://127.0.0.1:8080/lore")
    assert parse_target(url + page) == own


@given(ids)
def test_an_id_in_brackets_is_taken_to_the_letter(message_id: str) -> None:
    assert parse_target(f"<{message_id}>").name == message_id
    assert parse_target(f"id:{message_id}").name == message_id
    assert parse_target(f"mid:{escaped(message_id)}").name == message_id
    assert parse_target(f"{LORE}/r/{escaped(message_id)}").name == message_id


@given(st.text() | st.text("ab@:/<>%.#?& 0\n").map(lambda text: f"https://lore.kernel.org/{text}"))
def test_any_text_is_a_target_or_refused_in_one_line(text: str) -> None:
    refused = ""
    try:
        target = parse_target(text)
    except SourceError as error:
        refused = str(error)
        target = None
    assert (target is None) == bool(refused)
    assert "\n" not in refused
    assert target is None or (target.name and not set(target.name) & set(" \n\t<>"))


@pytest.mark.parametrize(
    "host",
    [
        ".example",
        "a..example",
        "a" * 64 + ".example",
        "*.example",
        "a.b." + "c." * 150,
        "..",
        "a,b",
    ],
)
@pytest.mark.parametrize("path", ["inbox/a@x.org/", "inbox/", "r.git/commit/?id=0123456789ab"])
def test_what_no_request_could_be_sent_to_is_refused(host: str, path: str) -> None:
    with pytest.raises(SourceError) as caught:
        parse_target(f"http://{host}/{path}")
    assert caught.value.why


def test_a_name_that_is_not_utf_8_is_refused() -> None:
    with pytest.raises(SourceError, match="not UTF-8"):
        parse_target("a\udc80@example.org")
