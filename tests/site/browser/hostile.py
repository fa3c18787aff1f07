"""A conversation whose every field tries to get out of its place; nobody wrote it.

The Message-IDs are as bad as the parser lets through, and what they are for the pages is the
site's business: no test here knows a file name by heart.
"""

from __future__ import annotations

from collections.abc import Iterator

from tests.pipeline.mails import mail, mbox

TRAP = "<script>window.trapped=1</script><img src=x onerror=window.trapped=1>"
"""Sets ``window.trapped`` in a page that lets it through."""

_RLO, _LRI, _ZWSP = "\u202e", "\u2066", "\u200b"
_LONG = "x" * 700

SUBJECTS = (
    TRAP,
    f"[PATCH] mm: {_RLO}gnp.exe{_LRI} does nothing",
    "</title></style></script>--><svg onload=window.trapped=1>",
    "{{ 7 * 7 }} {% raw %} ${7*7} %s %(x)s <%= 1 %>",
    _LONG,
    "=?utf-8?q?nul_=00_bell_=07_escape_=1b[31m_end?=",
    f"a{_ZWSP}b\u00adc \ufeff\ufffe e{chr(0x301) * 60}",
    "' onmouseover='window.trapped=1' \" autofocus onfocus=window.trapped=1 x=\"",
    "",
    "&lt;b&gt; &amp;amp; &#60;script&#62;",
)

NAMES = (
    f'"{TRAP}"',
    f'"Ada{_RLO}elpmaxE"',
    '"../../../etc/passwd"',
    '"index.html"',
    f'"{"W" * 300}"',
    '"javascript:window.trapped=1"',
    "=?utf-8?q?Nul=00_Example?=",
    '"CON"',
    '"."',
    '"</dd></dl></main>"',
)

IDS = (
    "../../../../tmp/escaped",
    "<\"'>&amp;@example.org",
    "a/b\\c:d*e?f|g@example.org",
    "%2e%2e%2fescaped@example.org",
    f"{'i' * 400}@example.org",
    "index.html",
    "..",
    "con.html",
    f"{_RLO}backwards@example.org",
    "javascript:window.trapped=1",
    "UPPER@example.org",
    "upper@example.org",
    "space inside@example.org",
    "#fragment?query=1@example.org",
)

ROOT = "../root'&amp;%2e@example.org"
"""What all mails answer."""

BODY = f"""On some day, {TRAP} wrote:
> {TRAP}
>> {_RLO}deeper{_LRI}
>>>>>>>>>>>>>>>>>>>> twenty deep

I disagree: {TRAP} is wrong, because counting {_RLO}pages{_LRI} breaks every fork.
Why should "</dd></dl></main>" ever copy a page that nobody shares?
It would be better to remove the page count, as {{{{ 7 * 7 }}}} shows.

Look at javascript:window.trapped=1 and data:text/html,{TRAP} first,
then at https://example.org/{TRAP}?a=1&b="2"#c and file:///etc/passwd,
http://example.org/..\\..\\x, //example.org/x, mailto:a@example.org?body=</textarea>
and https://example.org:99999/[::1]/ or https://[broken.example.org/ or http://{_RLO}example.org/
or https://user:secret@example.org/{"long" * 200} .

\x00 \x07 \x1b[31mred\x1b[0m \x7f \x85 \ufffe \u2028 \u2029 \f end of controls
{"unbroken" * 300}
{chr(0x1F600)} {"e" + chr(0x301) * 200} \u0627\u0644\u0639 \u05d0\u05d1 {_RLO}tail

diff --git a/../../etc/passwd b/{TRAP}
--- a/../../etc/passwd
+++ b/{TRAP}
@@ -1,1 +1,1 @@ {TRAP}
-{TRAP}
+{_RLO}{TRAP}

Fixes: 0123456789ab ("{TRAP}")
Reported-by: {TRAP} <a"b'c@example.org>
Link: javascript:window.trapped=1
Closes: https://example.org/{TRAP}
-- \u0020
{TRAP}
"""


def hostile_mbox() -> bytes:
    """Return the mails of one conversation, as an mbox."""
    return mbox(list(_mails()))


def deep_mbox(depth: int) -> bytes:
    """Return a conversation in which each mail answers the one before, as an mbox."""
    made = []
    for number in range(depth):
        before = f"deep-{number - 1}" if number else None
        made.append(mail(f"deep-{number}", to=before, minute=number, person=number))
    return mbox(made)


def _mails() -> Iterator[bytes]:
    yield _one(at=0, subject=SUBJECTS[0], name=NAMES[0], id=ROOT)
    for at, id in enumerate(IDS, start=1):
        answers = f"<{IDS[at - 2]}> <{ROOT}>" if at % 3 == 0 else f"<{ROOT}>"
        subject, name = SUBJECTS[at % len(SUBJECTS)], NAMES[at % len(NAMES)]
        yield _one(at=at, subject=subject, name=name, id=id, answers=answers)


def _one(*, at: int, subject: str, name: str, id: str, answers: str = "") -> bytes:
    fields = [
        f"From: {name} <person{at}@example.org>",
        "To: talk@example.org",
        f"Subject: {subject}",
        f"Date: Mon, 06 Jan 2020 09:{at:02}:00 +0000",
        f"Message-ID: <{id}>",
        'List-Id: "../../x" <talk.example.org>',
        "Content-Type: text/plain; charset=utf-8",
    ]
    if answers:
        fields.append(f"References: {answers}")
    return ("\n".join(fields) + "\n\n" + BODY).encode()
