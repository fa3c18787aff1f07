"""The third part of the sample mail: an argument about who is woken when a buffer is freed.

It has one of each: a claim that is attacked, given up, said again, upheld; a question that is
answered and one that is not; a proposal, a request that nobody takes up, a change of mind, a
line that may be meant otherwise than it says, a decision. All of it is made up.
"""

from __future__ import annotations

from tests.sample_mail import PEOPLE, head
from tests.sample_saga import DAY, diff

WAKE = "pool: wake one waiter only"
FIRST = 120 * DAY
"""Minutes from the first sample mail to this argument."""

V1 = f"""\
pool_free() wakes everybody who waits for a buffer. One of them gets it, and
all others go back to sleep. Wake one waiter only.

On a machine with 64 readers this takes the load from 30 percent to 4.

Signed-off-by: {PEOPLE["finn"]}
---
"""
BO_V1 = """\
On Tue, Jul 01, 2025 at 09:00:00AM +0000, Finn Fixture wrote:
> One of them gets it, and
> all others go back to sleep. Wake one waiter only.

I think waking one waiter only is not safe: a waiter may be killed before it
takes the buffer. Then all others sleep although a buffer is free.

Did you test this with readers that get signals?

Bo
"""
FINN_BO = """\
On Tue, Jul 01, 2025 at 10:30:00AM +0000, Bo Sample wrote:
> I think waking one waiter only is not safe: a waiter may be killed before it
> takes the buffer.

You are right, sorry. I missed that case. I will send a v2 in which a killed
waiter wakes the next one.

> Did you test this with readers that get signals?

Yes, for two days, with a timer that interrupts every reader each millisecond.
None of them was ever killed, though.
"""
CY_V1 = """\
On Tue, Jul 01, 2025 at 09:00:00AM +0000, Finn Fixture wrote:
> pool_free() wakes everybody who waits for a buffer. One of them gets it, and
> all others go back to sleep.

I do not think that this matters: waking a sleeper is cheap, and most pools
have only two or three readers. The patch makes the code more complex for
nothing.

> On a machine with 64 readers this takes the load from 30 percent to 4.

How many buffers does that machine free in a second?
"""
EVE_CY = """\
On Tue, Jul 01, 2025 at 11:00:00AM +0000, Cy Specimen wrote:
> I do not think that this matters: waking a sleeper is cheap, and most pools
> have only two or three readers.

No, it is not cheap when all of them want the same lock. I measured 40
microseconds for each wakeup with 64 readers, and 2 with one reader.
"""
CY_EVE = """\
On Tue, Jul 01, 2025 at 01:00:00PM +0000, Eve Placeholder wrote:
> No, it is not cheap when all of them want the same lock.

You are right, I was wrong: I did not think of the lock.
"""
DI_FINN = """\
On Tue, Jul 01, 2025 at 12:00:00PM +0000, Finn Fixture wrote:
> None of them was ever killed, though.

Yeah, right, and no machine of ours was ever short of memory ;-)

Please say in a comment who else calls pool_free().

Di
"""
V2 = f"""\
pool_free() wakes everybody who waits for a buffer. One of them gets it, and
all others go back to sleep. Wake one waiter only; a waiter that is killed
passes the wakeup on.

Signed-off-by: {PEOPLE["finn"]}
---
v2: a killed waiter wakes the next one (Bo)

"""
BO_V2 = """\
On Thu, Jul 03, 2025 at 09:00:00AM +0000, Finn Fixture wrote:
> Wake one waiter only; a waiter that is killed
> passes the wakeup on.

But waking one waiter only is still not safe: a waiter may run into its
timeout before it takes the buffer.
"""
FINN_BO_2 = """\
On Thu, Jul 03, 2025 at 10:30:00AM +0000, Bo Sample wrote:
> But waking one waiter only is still not safe: a waiter may run into its
> timeout before it takes the buffer.

That cannot happen: a waiter that runs into its timeout leaves pool_wait() by
the same path as one that is killed, and that path passes the wakeup on.
"""
BO_FINN_2 = f"""\
On Thu, Jul 03, 2025 at 12:00:00PM +0000, Finn Fixture wrote:
> That cannot happen: a waiter that runs into its timeout leaves pool_wait() by
> the same path as one that is killed, and that path passes the wakeup on.

You are right, I concede on the timeout: I missed that path.

Reviewed-by: {PEOPLE["bo"]}
"""
DI_V2 = """\
On Thu, Jul 03, 2025 at 09:00:00AM +0000, Finn Fixture wrote:
> Wake one waiter only; a waiter that is killed
> passes the wakeup on.

Applied to pool-next, thanks!

Di
"""


def argument() -> list[bytes]:
    """Return the mails of the argument, in the order they arrived."""
    again = FIRST + 2 * DAY
    first, second = f"Re: [PATCH] {WAKE}", f"Re: [PATCH v2] {WAKE}"
    all_of_them = "\twake_all(&buf->pool->waiters);"
    one_of_them = "\twake_one(&buf->pool->waiters);"
    passed_on = "\twake_one(&buf->pool->waiters);\t/* pool_wait() passes it on */"
    texts = [
        head("wake-1", "finn", FIRST, f"[PATCH] {WAKE}") + V1 + diff(all_of_them, one_of_them, 70),
        head("bo-wake", "bo", FIRST + 90, first, "wake-1") + BO_V1,
        head("cy-wake", "cy", FIRST + 120, first, "wake-1") + CY_V1,
        head("finn-wake", "finn", FIRST + 180, first, "wake-1", "bo-wake") + FINN_BO,
        head("eve-wake", "eve", FIRST + 240, first, "wake-1", "cy-wake") + EVE_CY,
        head("cy-wake-2", "cy", FIRST + 300, first, "wake-1", "cy-wake", "eve-wake") + CY_EVE,
        head("di-wake", "di", FIRST + 330, first, "wake-1", "bo-wake", "finn-wake") + DI_FINN,
        head("wake-2", "finn", again, f"[PATCH v2] {WAKE}", "wake-1") + V2
        + diff(all_of_them, passed_on, 70),
        head("bo-wake-2", "bo", again + 90, second, "wake-1", "wake-2") + BO_V2,
        head("finn-wake-2", "finn", again + 180, second, "wake-1", "wake-2", "bo-wake-2")
        + FINN_BO_2,
        head("bo-wake-3", "bo", again + 240, second, "wake-1", "wake-2", "bo-wake-2",
             "finn-wake-2") + BO_FINN_2,
        head("di-wake-2", "di", again + DAY, second, "wake-1", "wake-2") + DI_V2,
    ]  # fmt: skip
    return [text.encode() for text in texts]
