"""One polite look at the real servers: only with ``pytest -m live``, by a person.

A handful of requests, with the pauses of the manners, for one thread and one commit.
Nothing of the answers is kept.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from threadkit.errors import NotOnServer
from threadkit.fetch.clone.cgit import Cgit
from threadkit.fetch.lore.lore import Lore
from threadkit.fetch.lore.names import parse_target
from threadkit.fetch.web.session import Session
from threadkit.mail.message import parse

pytestmark = pytest.mark.live

THREAD = "20200821234958.7896-1-peterx@redhat.com"
"""The patch that began a long debate: some hundred mails."""
COMMIT = "09854ba94c6aad7886996bfbee2530b3d8a7f4f4"


@pytest.fixture
def session() -> Iterator[Session]:
    with Session() as session:
        yield session


def test_lore_shows_the_overview_of_a_thread(session: Session) -> None:
    shown = Lore(session).overview(THREAD)
    assert THREAD in shown.message_ids
    assert shown.message_count
    assert shown.message_count >= len(shown.message_ids)


def test_lore_sends_a_thread_whole(session: Session) -> None:
    target = parse_target(f"https://lore.kernel.org/r/{THREAD}")
    with Lore(session).thread(target.name) as download:
        ids = {parse(mail.data).message_id for mail in download.source}
        assert download.settle().http_status == 200
    assert THREAD in ids


def test_lore_says_that_it_has_no_such_mail(session: Session) -> None:
    with pytest.raises(NotOnServer):
        Lore(session).overview("threadkit-never-sent-this@example.org")


def test_git_kernel_org_shows_a_commit(session: Session) -> None:
    target = parse_target(f"https://git.kernel.org/linus/{COMMIT}")
    assert target.origin
    found = Cgit(session, target.origin).resolve(target.name)
    assert found.state == "found"
    assert found.commit
    assert found.commit.sha == COMMIT
