r"""The generated mail that the lore of the tests serves; all people are example.org's.

Two inboxes, ``linux-mm`` and ``lkml``, that share some mail: each list has added a footer of
its own, so that ``/all/`` has two different copies. The threads are:

``ENGINE``
    A patch series of two in its first version, with replies, a ghost, and copies in both
    inboxes. Its title comes back in a mail of another thread (a loose Subject match).
``ENGINE_V2``
    The second version of that series, a thread of its own.
``ODD``
    Message-IDs that need escapes in a URL, or look as if they did.
``CITING``
    One mail that cites other threads by URL and in prose, and commits.
``BUG``
    A report in lkml alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from email.utils import formatdate

START = 1_598_918_400  # 2020-09-01T00:00:00Z
MINUTE = 60

ADA = "Ada Byron <ada@example.org>"
BEN = "Ben Crane <ben@example.org>"
CARL = '"Carl D . Emery" <carl@example.org>'
DORA = "Dörte Ölund <dora@example.org>"

ODD = (
    "odd+root@x.example.org",
    "a/b%25c+d=e@x.example.org",
    "CAHk-=plus+w4=mail-_2rw@mail.example.org",
    "!$&'*~;,:?#[]{}|^`\\\"@x.example.org",
    "(paren)@x.example.org",
    "50%@x.example.org",
)
ENGINE = (
    "engine.0@example.org",
    "engine.1@example.org",
    "engine.2@example.org",
    "engine.1.reply@example.org",
    "engine.1.reply.reply@example.org",
    "below-a-ghost@example.org",
)
GHOST = "ghost@example.org"
LOOSE = "engine.same-title@example.org"
ENGINE_V2 = ("engine.v2.0@example.org", "engine.v2.1@example.org", "engine.v2.2@example.org")
CITING = ("citing@example.org",)
UNKNOWN = "never-sent@example.org"
BUG = ("bug@example.org", "bug.reply@example.org")


def letter(
    message_id: str,
    subject: str,
    *,
    parents: Sequence[str] = (),
    minute: int = 0,
    sender: str = ADA,
    body: str = "Hello.\n",
    footer: str = "",
) -> bytes:
    r"""Return one mail.

    Parameters
    ----------
    message_id : str
        Without brackets.
    subject : str
        May hold any text.
    parents : sequence of str
        The ids of References, oldest first; the last is In-Reply-To, too.
    minute : int
        After the night of 2020-09-01, UTC.
    sender : str
        Name and address.
    body, footer : str
        What was written, and what the list has put below it.
    """
    fields = [
        f"From: {sender}",
        "To: linux-mm@example.org, lkml@example.org",
        f"Subject: {subject}",
        f"Date: {formatdate(START + minute * MINUTE)}",
        f"Message-ID: <{message_id}>",
    ]
    if parents:
        fields.append(f"In-Reply-To: <{parents[-1]}>")
        fields.append("References: " + "\n\t".join(f"<{parent}>" for parent in parents))
    fields += [
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: 8bit",
    ]
    return ("\n".join(fields) + "\n\n" + body + footer).encode()


def chain(name: str, count: int, first: int = 0, body: str = "Hello.\n") -> list[bytes]:
    """Return mails ``NAME.FIRST``... of a thread where each one answers the one before.

    Parameters
    ----------
    name : str
        Makes the ids (``NAME.N@example.org``) and the subject.
    count : int
        How many mails.
    first : int
        The number of the first: 0 is the root, more continue a thread.
    body : str
        Of every mail.
    """
    mails = []
    for number in range(first, first + count):
        parents = [f"{name}.{above}@example.org" for above in range(max(0, number - 5), number)]
        mails.append(
            letter(
                f"{name}.{number}@example.org",
                f"{'Re: ' if number else ''}about {name}",
                parents=parents,
                minute=number,
                sender=(ADA, BEN, CARL)[number % 3],
                body=body,
            )
        )
    return mails


def inboxes(commits: Sequence[str] = ()) -> dict[str, list[bytes]]:
    """Return the mails of each inbox in the order of their arrival.

    Parameters
    ----------
    commits : sequence of str
        Hashes that the citing mail names.
    """
    lists: dict[str, list[bytes]] = {}
    for name in ("linux-mm", "lkml"):
        footer = f"\n-- \nTo leave {name}, write to {name}+leave@example.org\n"
        lists[name] = [*_engine(footer), *_engine_v2(footer), *_citing(footer, commits)]
    lists["linux-mm"] += _odd()
    lists["lkml"] += _bug()
    return lists


def _engine(footer: str) -> list[bytes]:
    root, one, two, reply, answer, below = ENGINE
    title = "[PATCH 1/2] engine: punch every card"
    return [
        letter(root, "[PATCH 0/2] engine: cards", footer=footer),
        letter(one, title, parents=[root], minute=1, body=_PATCH, footer=footer),
        letter(
            two,
            "[PATCH 2/2] engine: count the cards",
            parents=[root],
            minute=2,
            body=_PATCH,
            footer=footer,
        ),
        letter(
            reply,
            f"Re: {title}",
            parents=[root, one],
            minute=61,
            sender=BEN,
            body="On Tue, Ada Byron wrote:\n> Punch every card.\n\nFrom here on I agree.\n"
            ">From the top it reads well.\n",
            footer=footer,
        ),
        letter(
            answer,
            f"Re: {title}",
            parents=[root, one, reply],
            minute=122,
            body="> From here on I agree.\n\nThanks.\n",
            footer=footer,
        ),
        letter(
            below,
            f"Re: {title}",
            parents=[root, one, GHOST],
            minute=183,
            sender=DORA,
            body="Grüße from below a mail that nobody kept.\n",
            footer=footer,
        ),
        letter(
            LOOSE,
            "[PATCH 0/2] engine: cards",
            minute=20_000,
            sender=CARL,
            body="The same title, another thread.\n",
            footer=footer,
        ),
    ]


def _engine_v2(footer: str) -> list[bytes]:
    root, one, two = ENGINE_V2
    return [
        letter(
            root,
            "[PATCH v2 0/2] engine: cards, again",
            minute=1500,
            body=f"Changes since v1 (https://lore.kernel.org/all/{ENGINE[0]}/): none.\n",
            footer=footer,
        ),
        letter(
            one,
            "[PATCH v2 1/2] engine: punch every card",
            parents=[root],
            minute=1501,
            body=_PATCH,
            footer=footer,
        ),
        letter(
            two,
            "[PATCH v2 2/2] engine: count the cards",
            parents=[root],
            minute=1502,
            body=_PATCH,
            footer=footer,
        ),
    ]


def _citing(footer: str, commits: Sequence[str]) -> list[bytes]:
    named = "".join(f'Commit {sha[:12]} ("engine: a commit") is one of them.\n' for sha in commits)
    body = (
        "The discussion began at\n"
        f"https://lore.kernel.org/linux-mm/{ENGINE[3]}/\n"
        "and the report is at https://lore.kernel.org/r/" + BUG[0] + "\n\n"
        f"See also\nMessage-ID: <{ODD[0]}>\nand Message-ID: <{UNKNOWN}>, which was never sent.\n\n"
        f"{named}"
    )
    return [letter(CITING[0], "where it began", minute=3000, sender=BEN, body=body, footer=footer)]


def _odd() -> list[bytes]:
    root, *others = ODD
    mails = [letter(root, "odd names", minute=4000)]
    for number, message_id in enumerate(others, 4001):
        mails.append(letter(message_id, "Re: odd names", parents=[root], minute=number, sender=BEN))
    return mails


def _bug() -> list[bytes]:
    root, reply = BUG
    return [
        letter(root, "[BUG] the engine stops", minute=2000, sender=CARL, body="It halts.\n"),
        letter(reply, "Re: [BUG] the engine stops", parents=[root], minute=2001, body="Where?\n"),
    ]


_PATCH = """\
Say what the engine does.

Signed-off-by: Ada Byron <ada@example.org>
---
 engine.c | 2 +-
 1 file changed, 1 insertion(+), 1 deletion(-)

diff --git a/engine.c b/engine.c
index 1111111..2222222 100644
--- a/engine.c
+++ b/engine.c
@@ -1,3 +1,3 @@
 int engine(void)
-{ return 0; }
+{ return 1; }
 /* end */
"""
