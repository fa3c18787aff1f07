"""What a server says of an inbox's repositories: read as agreed, refused in words otherwise."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fetch.boxes import Inbox, mail
from threadkit.errors import SourceError
from threadkit.fetch.mirror.manifest import (
    Advertised,
    Listed,
    fingerprint,
    parse_address,
    parse_advertisement,
    parse_manifest,
)

SHA = "e" * 40


@pytest.mark.parametrize(
    ("text", "inbox", "epoch"),
    [
        ("https://lore.example.org/box", "https://lore.example.org/box", None),
        (" https://lore.example.org/box// ", "https://lore.example.org/box", None),
        ("https://lore.example.org/box/manifest.js.gz", "https://lore.example.org/box", None),
        ("https://lore.example.org/box/12", "https://lore.example.org/box", 12),
        ("https://lore.example.org/box/12/", "https://lore.example.org/box", 12),
        ("https://lore.example.org/box/git/12.git", "https://lore.example.org/box", 12),
        ("https://lore.example.org/a/box/0", "https://lore.example.org/a/box", 0),
        ("https://lore.example.org/2020", "https://lore.example.org/2020", None),
        ("https://git.example.org/box.git", "https://git.example.org/box.git", None),
        ("http://127.0.0.1:8080/box/1", "http://127.0.0.1:8080/box", 1),
        ("http://[::1]/box", "http://[::1]/box", None),
    ],
)
def test_addresses(text: str, inbox: str, epoch: int | None) -> None:
    address = parse_address(text)
    assert (address.inbox, address.epoch) == (inbox, epoch)
    assert not address.url.endswith("/")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "linux-mm",
        "/srv/box",
        "ssh://git.example.org/box",
        "git://git.example.org/box",
        "ext::sh -c id",
        "file:///srv/box",
        "-uroot",
        "https://",
        "https://lore.example.org:x/box",
        "https://ada:secret@lore.example.org/box",
        "https://lore.example.org/b x",
        "https://lore.example.org/box\n--upload-pack=id",
        "https://lore.example.org/box/?q=x",
        "https://lore.example.org/box/#r",
        "http://lore.example.org/box",
        "http://127.example.org/box",
    ],
)
def test_what_is_no_address(text: str) -> None:
    with pytest.raises(SourceError) as raised:
        parse_address(text)
    assert "secret" not in str(raised.value)


@given(st.text(max_size=60) | st.from_regex(r"https?://[a-z0-9.@:\[\]]*/[ -~]{0,20}"))
def test_any_address_is_understood_or_refused(text: str) -> None:
    try:
        address = parse_address(text)
    except SourceError:
        return
    assert address.url.startswith(("https://", "http://"))
    assert address.url.isprintable()


def test_epochs_come_in_the_order_of_their_numbers() -> None:
    data = json.dumps({f"/box/git/{n}.git": {"fingerprint": f"f{n}"} for n in (10, 2, 0)})
    listed = parse_manifest(data.encode(), "https://lore.example.org/box")
    assert listed == tuple(Listed(n, f"f{n}", None) for n in (0, 2, 10))


def test_an_inbox_without_epochs_is_one_repository() -> None:
    listed = parse_manifest(b'{"/box": {"modified": 86400}}', "https://lore.example.org/box")
    assert listed == (Listed(None, None, "1970-01-02T00:00:00Z"),)


def test_among_several_inboxes_the_name_decides() -> None:
    data = b'{"/a/git/0.git": {}, "/box/git/0.git": {}, "/box/git/1.git": {}}'
    assert len(parse_manifest(data, "https://lore.example.org/box")) == 2
    assert len(parse_manifest(data, "https://lore.example.org/lists/box")) == 2
    with pytest.raises(ValueError, match="a server of 2 inboxes: name one of them"):
        parse_manifest(data, "https://lore.example.org")
    assert len(parse_manifest(b'{"/a/git/0.git": {}}', "https://lore.example.org/b")) == 1
    assert parse_manifest(b"{}", "https://lore.example.org/box") == ()


@pytest.mark.parametrize("modified", [1e300, -1e300, 10**30, "soon", None, [1]])
def test_a_date_that_is_none_is_not_known(modified: object) -> None:
    data = json.dumps({"/box/git/0.git": {"modified": modified, "fingerprint": 5}}).encode()
    assert parse_manifest(data, "x/box") == (Listed(0, None, None),)


@pytest.mark.parametrize("data", [b"", b"[]", b"<html>", b"\xff", b"[" * 100_000, b"1"])
def test_what_is_no_manifest(data: bytes) -> None:
    with pytest.raises(ValueError, match="cannot be read"):
        parse_manifest(data, "x/box")


JSON = st.recursive(
    st.none() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
)


@given(
    st.dictionaries(
        st.from_regex(r"/?[ab]?(/git/[0-9]{1,7}\.git)?", fullmatch=True) | st.text(), JSON
    )
)
def test_any_object_gives_numbers_in_order_or_a_reason(entries: dict[str, object]) -> None:
    try:
        listed = parse_manifest(json.dumps(entries).encode(), "https://lore.example.org/a")
    except ValueError:
        assert len(entries) > 1  # of several inboxes, none is named so
        return
    numbers = [one.number for one in listed if one.number is not None]
    assert numbers == sorted(set(numbers))
    assert bool(listed) == bool(entries)


def test_the_fingerprint_is_that_of_public_inbox(tmp_path: Path) -> None:
    inbox = Inbox(tmp_path / "box.git")
    tip = inbox.commit([Inbox.put("m", mail(1))])
    inbox.git("update-ref", "refs/heads/a", tip)
    summed = subprocess.run(
        ["sha1sum"], input=f"{inbox.git('show-ref')}\n".encode(), capture_output=True, check=True
    )
    refs = {"refs/heads/master": tip, "refs/heads/a": tip}
    assert fingerprint(refs) == summed.stdout.decode().split()[0]


def packet(text: str) -> bytes:
    data = text.encode()
    return b"%04x" % (len(data) + 4) + data


def advertisement(*lines: str) -> bytes:
    """Return what a smart server sends before it is asked for anything."""
    return packet("# service=git-upload-pack\n") + b"0000" + b"".join(map(packet, lines)) + b"0000"


WHOLE = advertisement(
    f"{SHA} HEAD\0shallow deepen-since deepen-relative symref=HEAD:refs/heads/main agent=git/2\n",
    f"{SHA} refs/heads/main\n",
    f"{'a' * 40} refs/heads/old\n",
    f"{'b' * 40} refs/tags/v1\n",
    f"{'c' * 40} refs/tags/v1^{{}}\n",
)


def test_a_smart_server() -> None:
    offered = parse_advertisement(WHOLE)
    assert (offered.branch, offered.tip) == ("refs/heads/main", SHA)
    assert (offered.in_pieces, offered.is_whole) == (True, True)
    assert sorted(offered.refs) == ["HEAD", "refs/heads/main", "refs/heads/old", "refs/tags/v1"]


def test_what_git_itself_sends(tmp_path: Path) -> None:
    inbox = Inbox(tmp_path / "box.git")
    tip = inbox.commit([Inbox.put("m", mail(1))])
    sent = subprocess.run(
        ["git", "upload-pack", "--http-backend-info-refs", str(inbox.path)],
        capture_output=True,
        check=True,
    )
    offered = parse_advertisement(packet("# service=git-upload-pack\n") + b"0000" + sent.stdout)
    assert (offered.branch, offered.tip, offered.in_pieces) == ("refs/heads/master", tip, True)


def test_an_empty_repository() -> None:
    empty = f"{'0' * 40} capabilities^{{}}\0shallow agent=git/2\n"
    assert parse_advertisement(advertisement(empty)).tip is None
    assert parse_advertisement(b"").tip is None


def test_a_server_that_is_shallow_itself() -> None:
    offered = parse_advertisement(advertisement(f"{SHA} refs/heads/master\0\n", f"shallow {SHA}\n"))
    assert not offered.is_whole


@pytest.mark.parametrize(
    ("refs", "branch"),
    [
        (["refs/heads/master", "refs/heads/a"], "refs/heads/master"),
        (["refs/heads/a"], "refs/heads/a"),
        (["refs/heads/a", "refs/heads/b"], None),
        (["refs/tags/a"], None),
        (["refs/heads/../../x"], None),
        (["refs/heads/a.lock"], None),
        (["refs/heads/a:b"], None),
        (["refs/heads/-a", "refs/heads/a b"], "refs/heads/-a"),
    ],
)
def test_the_branch_of_a_dumb_server(refs: list[str], branch: str | None) -> None:
    data = "".join(f"{SHA}\t{name}\n" for name in refs).encode()
    offered = parse_advertisement(data)
    assert (offered.branch, offered.in_pieces) == (branch, False)


@given(st.integers(0, len(WHOLE) - 1))
def test_a_cut_answer_is_never_taken(length: int) -> None:
    if length == 0:
        assert parse_advertisement(b"").branch is None
        return
    with pytest.raises(ValueError, match=r"ends early|not the answer"):
        parse_advertisement(WHOLE[:length])


@given(
    st.binary(max_size=80)
    | st.binary(max_size=80).map(lambda tail: packet("# service=git-upload-pack\n") + tail)
    | st.lists(st.text(max_size=50)).map(lambda lines: advertisement(*lines))
)
def test_any_answer_is_understood_or_refused(data: bytes) -> None:
    try:
        offered = parse_advertisement(data)
    except ValueError:
        return
    assert isinstance(offered, Advertised)
    assert offered.branch is None or offered.tip in offered.refs.values()
