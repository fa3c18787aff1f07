"""The second half of the sample mail: how the debate went on, and what broke.

A change is posted three times, warned of, merged; it breaks what somebody said it would,
its fix breaks something else. All people, commits, mails and releases are made up.
"""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from email.utils import parseaddr

from tests.sample_mail import PEOPLE, START, SUBJECT, head, named

LOCK = "pool: drop the lock around reuse"
PINNED = "pool: copy pinned buffers at once when forking"
CHEAP = "pool: look for pins only where there are some"
DAY = 24 * 60
LORE = "https://lore.kernel.org/r/"
PROVENANCE = "https://patch.msgid.link/"


def sha(title: str) -> str:
    """Return the made-up hash of a made-up commit."""
    known = {
        "pool: reuse a buffer with one user": "0123456789ab",
        "pool: trust users only": "fedcba987654",
    }
    digits = hashlib.sha1(title.encode()).hexdigest()
    return known.get(title, "") + digits[len(known.get(title, "")) :]


def cite(title: str) -> str:
    """Cite a commit as trailers do."""
    return f'{sha(title)[:12]} ("{title}")'


def moment(minute: int) -> str:
    """Return a time in UTC, by minutes after the debate began."""
    return f"{START + timedelta(minutes=minute):%Y-%m-%dT%H:%M:%SZ}"


OLD = "pool: reuse a buffer with one user"
TRUST = "pool: trust users only"
USERS = "\tif (buffer_users(buf) == 1)"
CACHED = """\
\t/* The cache holds one reference of its own. */
\tif (buffer_refs(buf) == 1 + buffer_cached(buf))"""


def diff(before: str, after: str, line: int = 10) -> str:
    """Return a diff of one place, with its statistics."""
    new = after.split("\n")
    return "\n".join(
        [
            f" pool/buffer.c | {len(new) + 1} {'+' * len(new)}-",
            f" 1 file changed, {len(new)} insertion{'s' * (len(new) > 1)}(+), 1 deletion(-)",
            "",
            "diff --git a/pool/buffer.c b/pool/buffer.c",
            "index 1111111..2222222 100644",
            "--- a/pool/buffer.c",
            "+++ b/pool/buffer.c",
            f"@@ -{line},7 +{line},{6 + len(new)} @@ int pool_write(struct buffer *buf)",
            " {",
            " \tif (!buf)",
            " \t\treturn -1;",
            f"-{before}",
            *(f"+{one}" for one in new),
            " \t\treturn reuse(buf);",
            " \treturn copy(buf);",
            " }",
            "-- ",
            "2.39.0",
            "",
        ]
    )


COVER = """\
A buffer that nobody else holds can be written in place. Who holds one is
told by buffer_users() today, which does not see plain references.
{changes}
Ada Example (2):
  {title}
  pool: drop the lock around reuse

 pool/buffer.c | 4 ++--
 1 file changed, 2 insertions(+), 2 deletions(-)

-- 
2.39.0
"""
WHY = f"""\
buffer_users() counts those who mapped the buffer. A reader that only took
a reference is invisible to it, so we may write below its feet.

Fixes: {cite(OLD)}
Reported-by: Cy Specimen <cy@lab.example.org>
Closes: {LORE}report-1@lab.example.org
Signed-off-by: Ada Example <ada@example.org>
---
"""
WHY_LOCK = """\
The lock was only there to keep buffer_users() stable.

Signed-off-by: Ada Example <ada@example.org>
---
"""


def posted() -> list[str]:
    """Return the first report, and what was posted before and after the debate."""
    v1, v3 = -7 * DAY, 7 * DAY
    first = "pool: decide reuse by references"
    changes = f"""
v3: count the cache's own reference (Cy), say what the lock was for (Bo)
v2: {LORE}cover-2@example.org
v1: {LORE}v1-0@example.org
"""
    return [
        head("report-1@lab.example.org", "cy", -11 * DAY,
             "[BUG] pool: readers see half a write since 2.4") + REPORT_1,
        head("v1-0", "ada", v1, "[PATCH 0/2] pool: who may write in place")
        + COVER.format(changes="", title=first),
        head("v1-1", "ada", v1 + 1, f"[PATCH 1/2] {first}", "v1-0")
        + WHY + diff(USERS, "\tif (buffer_refs(buf) <= 1)"),
        head("v1-2", "ada", v1 + 2, f"[PATCH 2/2] {LOCK}", "v1-0")
        + WHY_LOCK + diff("\tlock(buf);", "\t/* no lock */", 30),
        head("bo-v1", "bo", v1 + 90, f"Re: [PATCH 2/2] {LOCK}", "v1-0", "v1-2") + BO_V1,
        head("v3-0", "ada", v3, "[PATCH v3 0/2] pool: who may write in place")
        + COVER.format(changes=changes, title=SUBJECT),
        head("v3-1", "ada", v3 + 1, f"[PATCH v3 1/2] {SUBJECT}", "v3-0")
        + WHY + diff(USERS, CACHED),
        head("v3-2", "ada", v3 + 2, f"[PATCH v3 2/2] {LOCK}", "v3-0")
        + WHY_LOCK + diff("\tlock(buf);", "\t/* buffer_refs() needs no lock */", 30),
        head("bo-v3", "bo", v3 + 75, f"Re: [PATCH v3 1/2] {SUBJECT}", "v3-0", "v3-1") + BO_V3,
        head("di-v3", "di", v3 + 100, f"Re: [PATCH v3 1/2] {SUBJECT}", "v3-0", "v3-1") + DI_V3,
        head("cy-v3", "cy", v3 + 130, f"Re: [PATCH v3 2/2] {LOCK}", "v3-0", "v3-2") + CY_V3,
        head("ada-v3", "ada", v3 + 180, f"Re: [PATCH v3 1/2] {SUBJECT}", "v3-0", "v3-1", "bo-v3")
        + ADA_V3,
        head("v3-2-again", "ada", v3 + 200, f"[PATCH v3.1 2/2] {LOCK}", "v3-0", "v3-2", "cy-v3")
        + WHY_LOCK + diff("\tlock(buf);", "\tread_barrier();\t/* pairs with put_buffer() */", 30),
        head("di-applied", "di", v3 + 7 * DAY, "Re: [PATCH v3 0/2] pool: who may write in place",
             "v3-0") + APPLIED,
    ]  # fmt: skip


REPORT_1 = f"""\
Hello,

our readers take a plain reference and then see half a write of somebody
else. This worked in 2.3.9 and fails in 2.4.

I bisected it to {sha(OLD)} ("{OLD}").

Cy
"""
BO_V1 = """\
On Mon, Feb 24, 2025 at 09:02:00AM +0000, Ada Example wrote:
> The lock was only there to keep buffer_users() stable.

Please say in the message why nobody else needs it.
"""
BO_V3 = """\
On Mon, Mar 10, 2025 at 09:01:00AM +0000, Ada Example wrote:
> buffer_users() counts those who mapped the buffer. A reader that only took
> a reference is invisible to it, so we may write below its feet.

The readers are fine now. But this will break devices that pin a buffer
whose owner forks: the owner's next write is copied, and the device goes on
writing to the old buffer.
"""
DI_V3 = """\
On Mon, Mar 10, 2025 at 09:01:00AM +0000, Ada Example wrote:
> a reference is invisible to it, so we may write below its feet.

I am worried that this is going to break swapping: after swap-in there is
always a second reference.
"""
CY_V3 = """\
On Mon, Mar 10, 2025 at 09:02:00AM +0000, Ada Example wrote:
> The lock was only there to keep buffer_users() stable.

Without a barrier this will lead to data corruption on our big machine.
"""
ADA_V3 = f"""\
On Mon, Mar 10, 2025 at 10:15:00AM +0000, Bo Sample wrote:
> The readers are fine now. But this will break devices that pin a buffer
> whose owner forks: the owner's next write is copied, and the device goes on
> writing to the old buffer.

They have lived with copies since {sha(OLD)[:12]} ("pool: reuse the buffers of
one user"), and nobody has complained. See also commit abcdef012345 ("pool:
trace what is copied"), which would show it.
"""
APPLIED = f"""\
On Mon, Mar 10, 2025 at 09:00:00AM +0000, Ada Example wrote:
> A buffer that nobody else holds can be written in place.

Applied to pool-next, thanks!

[1/2] {SUBJECT}
      commit: {sha(SUBJECT)}
[2/2] {LOCK}
      commit: {sha(LOCK)}

Di
"""


def broken() -> list[str]:
    """Return what was reported after the merge, and what was done about it."""
    april, may, june = 49 * DAY, 77 * DAY, 98 * DAY
    lost = "[REGRESSION] pool: a capture card's data is lost after fork"
    return [
        head("eve-1", "eve", april, lost) + REPORT_2,
        head("ada-eve", "ada", april + 300, f"Re: {lost}", "eve-1") + ADA_EVE,
        head("finn-1", "finn", april + 2 * DAY, "pool: stale frames with 2.5, bisected")
        + REPORT_3,
        head("pin-1", "ada", april + 4 * DAY, f"[PATCH] {PINNED}") + fixing(
            SUBJECT, "A device pins a buffer, its owner forks, the owner's next write is copied:\n"
            "the device goes on with the old buffer. Copy for the child at once instead.",
            ("eve", "eve-1"), ("finn", "finn-1"),
        ) + diff("\tshare(buf, child);", "\tif (buffer_pinned(buf))\n\t\tcopy_for(child, buf);", 50),
        head("bo-pin", "bo", april + 4 * DAY + 60, f"Re: [PATCH] {PINNED}", "pin-1")
        + "Told you. That is the right place for it.\n\nReviewed-by: Bo Sample <bo@example.org>\n",
        head("eve-pin", "eve", april + 5 * DAY, f"Re: [PATCH] {PINNED}", "pin-1")
        + "It works again, thank you.\n\nTested-by: Eve Placeholder <eve@example.org>\n",
        head("robot-2", "robot", may, "[pool]  " + sha(PINNED)[:10]
             + ": fork-bench.ops -38.1% regression") + ROBOT,
        head("cheap-1", "ada", may + 3 * DAY, f"[PATCH] {CHEAP}") + fixing(
            PINNED, "Every fork walks all buffers now, which makes it slow. Keep a flag for\n"
            "address spaces that ever pinned one.", ("robot", "robot-2"),
        ) + diff("\tif (buffer_pinned(buf))", "\tif (has_pins && buffer_pinned(buf))", 50),
        head("di-cheap", "di", may + 3 * DAY + 45, f"Re: [PATCH] {CHEAP}", "cheap-1") + DI_CHEAP,
        head("di-sleep", "di", june, "[REGRESSION] pool: resume takes ten seconds since 2.6-rc2")
        + OPEN,
    ]  # fmt: skip


def fixing(culprit: str, text: str, *reports: tuple[str, str]) -> str:
    """Return the message of a patch that fixes a commit."""
    lines = [text, "", f"Fixes: {cite(culprit)}"]
    for person, report in reports:
        lines += [f"Reported-by: {PEOPLE[person]}", f"Closes: {LORE}{named(report)}"]
    return "\n".join([*lines, f"Signed-off-by: {PEOPLE['ada']}", "---", ""])


GOOD, BAD = sha("pool 2.4.9"), sha("pool 2.5")
REPORT_2 = f"""\
Hi,

our capture card pins its buffers. It worked in 2.4.9 and fails in 2.5: after
the daemon forks, what the device writes is lost. Bisected:

git bisect start
# good: [{GOOD}] pool 2.4.9
git bisect good {GOOD}
# bad: [{BAD}] pool 2.5
git bisect bad {BAD}
# bad: [{sha(LOCK)}] {LOCK}
git bisect bad {sha(LOCK)}
# bad: [{sha(SUBJECT)}] {SUBJECT}
git bisect bad {sha(SUBJECT)}
# first bad commit: [{sha(SUBJECT)}] {SUBJECT}

#regzbot introduced: {sha(SUBJECT)[:12]}

Eve
"""
ADA_EVE = f"""\
On Mon, Apr 21, 2025 at 09:00:00AM +0000, Eve Placeholder wrote:
> our capture card pins its buffers. It worked in 2.4.9 and fails in 2.5

Bo said so in {LORE}bo-v3@example.org and I did
not believe him. Sorry. I will copy pinned buffers at fork.
"""
REPORT_3 = f"""\
Hello,

since 2.5 our frame grabber shows stale frames: its buffers are pinned for
DMA, and our program forks a helper. 2.4.9 works. I bisected this to

  commit {sha(SUBJECT)}
  {SUBJECT}

Finn
"""
ROBOT = f"""\
Hello,

Build Robot noticed a -38.1% regression of fork-bench.ops on:

commit: {sha(PINNED)} ("{PINNED}")

The machine forks 4096 processes with a large pool; throughput is 38% lower.

If you fix the issue, kindly add the following tags:
| Reported-by: Build Robot <robot@ci.example.org>
| Closes: {LORE}robot-2@example.org
"""
DI_CHEAP = """\
On Thu, May 22, 2025 at 09:00:00AM +0000, Ada Example wrote:
> Every fork walks all buffers now, which makes it slow. Keep a flag for
> address spaces that ever pinned one.

That is going to break userfaultfd: it moves buffers between address spaces,
and the flag stays behind.
"""
OPEN = """\
Waking up from suspend takes ten seconds with 2.6-rc2. It worked in 2.5, and
I have not bisected it yet.

#regzbot introduced: v2.5..v2.6-rc2

Di
"""


def saga() -> list[bytes]:
    """Return all mails, in the order they arrived."""
    return [text.encode() for text in (*posted(), *broken())]


def facts() -> str:
    """Return the commits that the mails speak of, one JSON object a line."""
    days = {"v3": 7 * DAY, "pin": 53 * DAY, "cheap": 80 * DAY}
    link, more = f"Link: {PROVENANCE}", f"Link: {LORE}"
    report = "Reported-by: Cy Specimen <cy@lab.example.org>"
    signed = [f"Signed-off-by: {PEOPLE['ada']}"]
    pin = fixing(SUBJECT, "", ("eve", "eve-1"), ("finn", "finn-1")).split("\n")[2:-3]
    cheap = fixing(PINNED, "", ("robot", "robot-2")).split("\n")[2:-3]
    rows = [
        (sha(TRUST), TRUST, "di", -5000 * DAY, 0, "v1.2", []),
        (sha(OLD), OLD, "bo", -111 * DAY, 3, "v2.4", []),
        (GOOD, "pool 2.4.9", "di", -9 * DAY, 0, "v2.4.9", []),
        (BAD, "pool 2.5", "di", 34 * DAY, 0, "v2.5", []),
        (sha(SUBJECT), SUBJECT, "ada", days["v3"] + 1, 7, "v2.5-rc1",
         [f"Fixes: {cite(OLD)}", report, f"Closes: {LORE}report-1@lab.example.org",
          *signed, f"{link}v3-1@example.org", f"{more}bo-1@example.org"]),
        (sha(LOCK), LOCK, "ada", days["v3"] + 200, 7, "v2.5-rc1", signed),
        (sha(PINNED), PINNED, "ada", days["pin"], 2, "v2.6-rc1",
         [*pin, "Reviewed-by: Bo Sample <bo@example.org>",
          "Tested-by: Eve Placeholder <eve@example.org>", *signed, f"{link}pin-1@example.org"]),
        (sha(PINNED + " in 2.5"), PINNED, "ada", days["pin"], 9, "v2.5.3",
         [f"[ Upstream commit {sha(PINNED)} ]", *pin, *signed]),
        (sha(CHEAP), CHEAP, "ada", days["cheap"], 4, "v2.6-rc4",
         [*cheap, *signed, f"{link}cheap-1@example.org"]),
    ]  # fmt: skip
    return "".join(json.dumps(_fact(*row), ensure_ascii=False) + "\n" for row in rows)


def _signature(person: str) -> tuple[str, str]:
    name, email = parseaddr(PEOPLE[person])
    last, _, first = name.partition(", ")  # a name turned round is written so only in mail
    return (f"{first} {last}" if first else name), email


def _fact(
    name: str, title: str, person: str, written: int, waited: int, release: str, trailers: list[str]
) -> dict[str, object]:
    author, email = _signature(person)
    committer, address = _signature("di")
    stable = any(line.startswith("[ Upstream") for line in trailers)
    return {
        "sha": name,
        "subject": title,
        "release": release,
        "author": {"name": author, "email": email, "date_utc": moment(written)},
        "committer": {
            "name": committer,
            "email": address,
            "date_utc": moment(written + waited * DAY),
        },
        "mainline": "no" if stable else "yes",
        "trailers": trailers,
        "source": "made up, with the sample mail",
    }
