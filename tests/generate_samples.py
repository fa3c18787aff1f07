"""Write the sample mail of ``data/samples``: a small made-up debate among example.org people.

Every kind of trouble that threadkit reads is in it once, so that the demo and the tests
have something to show. Run it to write the files anew; the same bytes come out on every
machine::

    python -m tests.generate_samples
"""

from __future__ import annotations

import base64
import quopri
from pathlib import Path

from tests.sample_argument import argument
from tests.sample_mail import PEOPLE, SUBJECT, head, mboxrd
from tests.sample_saga import facts, saga

DIFF = """\
diff --git a/pool/buffer.c b/pool/buffer.c
index 1111111..2222222 100644
--- a/pool/buffer.c
+++ b/pool/buffer.c
@@ -10,7 +10,7 @@ int pool_write(struct buffer *buf)
 {
 \tif (!buf)
 \t\treturn -1;
-\tif (buffer_users(buf) == 1)
+\tif (buffer_refs(buf) == 1)
 \t\treturn reuse(buf);
 \treturn copy(buf);
 }
"""
COVER = """\
A buffer that nobody else holds can be written in place. Today we look at
buffer_users(), which does not see readers that took a plain reference.

These two patches look at buffer_refs() instead and remove the lock that
was only there to keep buffer_users() stable.

Ada Example (2):
  pool: decide reuse by references, not by users
  pool: drop the lock around reuse

 pool/buffer.c | 4 ++--
 1 file changed, 2 insertions(+), 2 deletions(-)

-- 
2.39.0
"""
PATCH = f"""\
buffer_users() counts those who mapped the buffer. A reader that only took
a reference is invisible to it, so we may write below its feet.

Fixes: 0123456789ab ("pool: reuse a buffer with one user")
Reported-by: Cy Specimen <cy@lab.example.org>
Link: https://lore.kernel.org/r/report-1@lab.example.org
Signed-off-by: Ada Example <ada@example.org>
---
v2: say why the lock can go (Bo)

 pool/buffer.c | 2 +-
 1 file changed, 1 insertion(+), 1 deletion(-)

{DIFF}-- 
2.39.0
"""
BO = """\
On Mon, Mar 03, 2025 at 09:01:00AM +0000, Ada Example wrote:
> buffer_users() counts those who mapped the buffer. A reader that only took
> a reference is invisible to it, so we may write below its feet.

That is true, but the other way round is worse: buffer_refs() is raised by
anyone who only looks, and then we copy although nothing was shared. A
device that was told the old address keeps writing to the old buffer.

We had this in 2011, see commit fedcba987654 ("pool: trust users only") and
https://lore.kernel.org/lkml/history-7@example.org/

> -\tif (buffer_users(buf) == 1)
> +\tif (buffer_refs(buf) == 1)

NAK for this line until somebody shows that devices survive it.

Bo
-- 
Bo Sample, on the train
"""
ADA = """\
On Mon, Mar 03, 2025 at 10:15:00AM +0000, Bo Sample wrote:
> On Mon, Mar 03, 2025 at 09:01:00AM +0000, Ada Example wrote:
> > buffer_users() counts those who mapped the buffer. A reader that only took
> > a reference is invisible to it, so we may write below its feet.
>
> That is true, but the other way round is worse: buffer_refs() is raised by
> anyone who only looks, and then we copy although nothing was shared.

I concede on the looking: a plain reader should not force a copy.

[...]
> NAK for this line until somebody shows that devices survive it.

Devices have to pin the buffer first. Did you ever see one that did not?
"""
CY = """\
Ada Example <ada@example.org> writes:

> Devices have to pin the buffer first. Did you ever see one that
> did not?

I did, two weeks ago. It broke with 2.4.1 and works with 2.4.0.

AE> I concede on the looking: a plain reader should not force a copy.

Thank you. That was our main trouble.

-- >8 --
Subject: [PATCH] pool: pin buffers of old devices

Tested-by: Cy Specimen <cy@lab.example.org> # on two old devices
"""
DI = """\
On 3 Mar 2025, Cy Specimen wrote:
| I did, two weeks ago. It broke with 2.4.1 and works with 2.4.0.

Which device was it? If it is the one from bug
https://bugzilla.kernel.org/show_bug.cgi?id=999999 then pinning is enough.

Acked-by: Di Instance <di@example.org>
"""
ROBOT = """\
Hello Ada,

this patch makes a test fail:

  ./scripts/check says: > 0 copies expected, 1 seen

Reported-by: Build Robot <robot@ci.example.org>
Closes: https://lore.kernel.org/r/robot-1@ci.example.org
"""
FOOTER = """
_______________________________________________
Other mailing list -- other@lists.example.org
To unsubscribe send an email to other-leave@lists.example.org
"""


def debate() -> list[bytes]:
    """Return the mails of the main thread, in the order they arrived."""
    reply = f"Re: [PATCH v2 1/2] {SUBJECT}"
    way = ("cover-2", "patch-2-1", "bo-1", "ada-1", "cy-1")
    texts = [
        head("cover-2", "ada", 0, "[PATCH v2 0/2] pool: who may write in place") + COVER,
        head("patch-2-1", "ada", 1, f"[PATCH v2 1/2] {SUBJECT}", way[0]) + PATCH,
        head("patch-2-2", "ada", 2, "[PATCH v2 2/2] pool: drop the lock around reuse", way[0])
        + PATCH.replace("users(buf)", "lock(buf)").replace("refs(buf)", "unlocked(buf)"),
        head("bo-1", "bo", 75, reply, *way[:2]) + BO,
        head("ada-1", "ada", 120, reply, *way[:3]) + ADA,
        head("cy-1", "cy", 200, reply, *way[:4]) + CY,
        head("di-1", "di", 260, reply, *way[:5]) + DI,
        # The mail that this one answers never came: it stays a ghost.
        head("ada-2", "ada-home", 420, reply, *way[:3], "lost-1")
        + "> You cannot mean that.\n\nI do. From home, with no quotes at hand.\n",
        head("robot-1", "robot", 500, reply, *way[:2]) + ROBOT + FOOTER,
        # An answer whose program kept neither References nor In-Reply-To.
        head("di-2", "di", 1500, reply) + "Any news of the old device?\n",
    ]
    return [text.encode() for text in texts]


def copies() -> list[bytes]:
    """Return the same mail through another list, and an imposter with its Message-ID."""
    again = head("bo-1", "bo", 75, f"[other] Re: [PATCH v2 1/2] {SUBJECT}", "cover-2", "patch-2-1",
                 received=80, list_id="other.lists.example.org")  # fmt: skip
    other = head("bo-1", "di", 900, "Holidays", received=901)
    return [(again + BO + FOOTER).encode(), (other + "I am away until Monday.\n").encode()]


def odd() -> dict[str, bytes]:
    """Return single mails, each with one kind of trouble, by file name."""
    above = ("cover-2",)
    plain = "Content-Type: text/plain; charset="
    html = "<html><body><p>I <b>agree</b> with Bo.</p><blockquote>NAK for this line</blockquote>"
    word = "Grüße aus Köln: die Änderung ist gut.\n"
    soft = "This paragraph was written as one line \nand folded by the mail program.\n"
    parts = "\n".join(
        [
            "--xx",
            "Content-Type: text/plain; charset=us-ascii",
            "",
            "The trace is attached.",
            "--xx",
            'Content-Type: application/octet-stream; name="trace.bin"',
            "Content-Disposition: attachment; filename*=utf-8''tr%C3%A4ce.bin",
            "Content-Transfer-Encoding: base64",
            "",
            base64.b64encode(bytes(range(64))).decode(),
            "--xx--",
            "",
        ]
    )
    found = {
        "no-message-id.eml": head(None, "di", 10, "I have no Message-ID") + "Who am I?\n",
        "html-only.eml": head("html", "di", 20, "Only HTML", *above,
                              extra="Content-Type: text/html; charset=utf-8") + html,
        "flowed.eml": head("flowed", "cy", 40, "Flowed text", *above,
                           extra=plain + "utf-8; format=flowed") + soft,
        "attachment.eml": head("trace", "cy", 50, "A trace", *above,
                               extra='Content-Type: multipart/mixed; boundary="xx"') + parts,
        "nul.eml": head("nul", "cy", 60, "A NUL\tbyte", *above) + "one\x00two\n",
        "self.eml": head("self", "di", 70, "I answer myself", "self") + "Hello?\n",
        "loop-a.eml": head("loop-a", "di", 80, "Hen", "loop-b") + "After the egg.\n",
        "loop-b.eml": head("loop-b", "bo", 81, "Egg", "loop-a") + "After the hen.\n",
    }  # fmt: skip
    raw = {name: text.encode() for name, text in found.items()}
    encoded = quopri.encodestring(word.encode("latin-1"))
    headers = head("umlaut", "bo", 30, "=?iso-8859-1?q?Gr=FC=DFe?= =?utf-8?b?IGF1cyBLw7Zsbg==?=",
                   *above, extra=plain + "iso-8859-1\nContent-Transfer-Encoding: quoted-printable")  # fmt: skip
    raw["quoted-printable.eml"] = headers.encode() + encoded
    wrong = head(
        "wrong", "bo", 31, "Declared ASCII, sent Latin-1", *above, extra=plain + "us-ascii"
    )
    raw["wrong-charset.eml"] = wrong.encode() + word.encode("latin-1")
    broken = head("broken", "bo", 32, "Broken base64", *above,
                  extra=plain + "utf-8\nContent-Transfer-Encoding: base64")  # fmt: skip
    raw["broken-base64.eml"] = broken.encode() + base64.b64encode(word.encode())[:-3] + b"\n"
    undated = head("undated", "cy", 33, "No date", *above).encode()
    lines = [line for line in undated.split(b"\n") if not line.startswith((b"Date", b"Received"))]
    raw["no-date.eml"] = b"\n".join(lines) + b"Some day.\n"
    return raw


def page() -> str:
    """Return a saved page of an archive in its plain-text form."""
    return f"""\
pool.example.org archive mirror
 help / color / mirror / Atom feed
From: {PEOPLE["cy"]}
To: {PEOPLE["ada"]}
Cc: Pool developers <pool@example.org>
Subject: Re: [PATCH v2 0/2] pool: who may write in place
Date: Mon, 3 Mar 2025 13:40:00 +0000	[thread overview]
Message-ID: <cy-2@example.org> (raw)
In-Reply-To: <cover-2@example.org>

> Today we look at
> buffer_users(), which does not see readers that took a plain reference.

And that is why our readers saw half a write.

Cy

  parent reply	other threads:[~2025-03-03 13:40 UTC|newest]

Thread overview: 3+ messages / expand[flat|nested]  mbox.gz  Atom feed  top
2025-03-03  9:00 [PATCH v2 0/2] pool: who may write in place Ada Example
2025-03-03  9:01 ` [PATCH v2 1/2] {SUBJECT} Ada Example
2025-03-03 13:40 ` Cy Specimen [this message]

Reply instructions:

You may reply publicly to this message via plain-text email
"""


def write(folder: Path) -> None:
    """Write all sample files below ``folder``."""
    (folder / "odd").mkdir(parents=True, exist_ok=True)
    (folder / "other-list" / "new").mkdir(parents=True, exist_ok=True)
    (folder / "debate.mbox").write_bytes(mboxrd(debate()))
    (folder / "saga.mbox").write_bytes(mboxrd(saga()))
    (folder / "argument.mbox").write_bytes(mboxrd(argument()))
    (folder / "page.txt").write_text(page(), encoding="utf-8")
    for number, mail in enumerate(copies()):
        (folder / "other-list" / "new" / f"{1740992400 + number}.{number}.example").write_bytes(
            mail
        )
    for name, mail in odd().items():
        (folder / "odd" / name).write_bytes(mail)


if __name__ == "__main__":
    data = Path(__file__).resolve().parents[1] / "data"
    write(data / "samples")
    (data / "commits" / "sample.jsonl").write_text(facts(), encoding="utf-8")
