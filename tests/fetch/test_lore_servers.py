"""The real servers that the tests stand on: that they are what they are taken for."""

from __future__ import annotations

import gzip
import http.client
from urllib.parse import quote

from tests.servers import letters
from tests.servers.loreservers import GITROOT, Cgit, PublicInbox
from tests.servers.repository import Facts


def get(server: Cgit | PublicInbox, path: str) -> tuple[int, dict[str, str], bytes]:
    """Return status, header and body of one plain request."""
    connection = http.client.HTTPConnection(server.url.removeprefix("http://"), timeout=20)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read()
    finally:
        connection.close()


def mbox_ids(server: PublicInbox, inbox: str, message_id: str) -> list[str]:
    """Return the Message-IDs of a thread in the order of the server."""
    status, _, body = get(server, f"/{inbox}/{quote(message_id, safe='')}/t.mbox.gz")
    assert status == 200
    lines = gzip.decompress(body).decode().splitlines()
    return [line[13:-1] for line in lines if line.startswith("Message-ID: <")]


def test_lore_has_both_copies_of_a_mail_in_all(lore: PublicInbox) -> None:
    assert sorted(mbox_ids(lore, "linux-mm", letters.ENGINE[0])) == sorted(
        [*letters.ENGINE, letters.LOOSE]
    )
    both = mbox_ids(lore, "all", letters.ENGINE[0])
    assert sorted(both) == sorted([*letters.ENGINE, letters.LOOSE] * 2)


def test_lore_redirects_an_id_alone_to_all(lore: PublicInbox) -> None:
    status, header, _ = get(lore, f"/{letters.BUG[0]}/")
    assert (status, header["location"]) == (302, f"{lore.url}/all/{letters.BUG[0]}/")


def test_lore_grows_while_it_serves(lore: PublicInbox) -> None:
    lore.grow("lkml", letters.chain("servers-grow", 2))
    assert len(mbox_ids(lore, "lkml", "servers-grow.0@example.org")) == 2
    lore.grow("lkml", letters.chain("servers-grow", 3, first=2))
    assert mbox_ids(lore, "lkml", "servers-grow.0@example.org") == [
        f"servers-grow.{number}@example.org" for number in range(5)
    ]
    assert len(mbox_ids(lore, "all", "servers-grow.4@example.org")) == 5


def test_gitweb_serves_commits_under_kernel_orgs_addresses(gitweb: Cgit, kernel: Facts) -> None:
    sha = kernel.commits["fix"]
    status, _, page = get(gitweb, f"{GITROOT}/torvalds/linux.git/commit/?id={sha}")
    assert status == 200
    assert sha.encode() in page
    for short in (f"/linus/{sha}", f"/torvalds/c/{sha}", f"/torvalds/linux/c/{sha}"):
        status, header, _ = get(gitweb, short)
        assert status == 302
        assert header["location"] == f"{GITROOT}/torvalds/linux.git/commit/?id={sha}"
    assert get(gitweb, f"/torvalds/p/{sha}")[1]["location"].endswith(f"/patch/?id={sha}")
