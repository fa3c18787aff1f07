"""A small site by hand: ten mails of example.org, claims, questions, commits, a regression."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256

from threadkit.mail.body import blocks
from threadkit.site.names import file_name
from threadkit.site.texts import Block, Mention, Source, Text
from threadkit.site.values import (
    Asked,
    Claim,
    Commit,
    Edge,
    Evidence,
    Mail,
    Person,
    Place,
    Provenance,
    Question,
    Regression,
    Report,
    Site,
    Tested,
)

BY_USERS = "17ab0c2d4e6f17ab0c2d4e6f17ab0c2d4e6f17ab"
BY_REFERENCES = "0912ba94c6a10912ba94c6a10912ba94c6a10912"
FIX = "a4ebf1b6ca1ea4ebf1b6ca1ea4ebf1b6ca1ea4eb"

PEOPLE = {
    "ada": Person("ada", "Ada Example", 1, 3, 1, "ada@example.org", "wrote the patches"),
    "bo": Person("bo", "Bo Sample", 2, 1, 1, "bo@example.org"),
    "cy": Person("cy", "Cy Specimen", 3, 1, 1, "cy@lab.example.org"),
    "di": Person("di", "Di Instance", 4, 1, 1, "di@example.org"),
    "eve": Person("eve", "Eve Placeholder", 0, 2, 1, "eve@example.org"),
    "finn": Person("finn", "Finn Fixture", 0, 1, 0, "finn@example.org"),
}

COVER = f"""Hello,

this series decides by references whether a page of the pool is reused.
It follows commit {BY_USERS[:12]} ("pool: count users under the lock").

Ada Example (1):
  pool: decide reuse by references, not by users

-- 
2.28.0
"""
PATCH = f"""Counting users needs the lock of the page, and waits for it. References
can be read without it.

Fixes: {BY_USERS[:12]} ("pool: count users under the lock")
Signed-off-by: Ada Example <ada@example.org>
---
 pool.c | 4 ++--
 1 file changed, 2 insertions(+), 2 deletions(-)

diff --git a/pool.c b/pool.c
--- a/pool.c
+++ b/pool.c
@@ -10,4 +10,4 @@ int reuse(struct page *page)
 {{
-\tif (users(page) == 1)
-\t\treturn 1;
+\tif (references(page) == 1)
+\t\treturn page->pinned ? 0 : 1;
 }}
"""
DOUBT = """On Mon, 3 Mar 2025 09:01:00 +0000, Ada Example wrote:
> Counting users needs the lock of the page, and waits for it. References
> can be read without it.

But a reference taken by a reader then forces a copy, and the writer loses
the page that a device still writes to.

Bo
"""
ANSWER = """Bo Sample wrote:
> On Mon, 3 Mar 2025 09:01:00 +0000, Ada Example wrote:
> > Counting users needs the lock of the page, and waits for it. References
> > can be read without it.
>
> But a reference taken by a reader then forces a copy, and the writer loses
> the page that a device still writes to.

A copy too many is slow, never wrong. Sharing a page too long lets a child
read what its parent writes.
"""
YES = f"""> A copy too many is slow, never wrong. Sharing a page too long lets a child
> read what its parent writes.

Right, I had not seen that. I take the point about the device, see
commit {BY_REFERENCES[:12]} and https://example.org/pool/notes for what I did.
"""
ASKS = """> +\tif (references(page) == 1)

What happens to a page that is pinned twice by the same task?
"""
BROKE = """Hi,

since v5.9 a device of ours gets stale data after a child was started. This is
what was said in https://lore.kernel.org/r/doubt@example.org to happen.

Bisected to 0912ba94c6a1.
"""
LOOSE = """No reference to anything, but the subject says where this belongs.
"""


class _Draft:
    """What a mail of the example is made from."""

    def __init__(self, name: str, person: str, utc: str, parent: str | None, body: str) -> None:
        self.name, self.person, self.utc, self.parent, self.body = name, person, utc, parent, body


SUBJECT = "pool: decide reuse by references, not by users"
_DRAFTS = [
    _Draft("cover", "ada", "2025-03-03T09:00:00Z", None, COVER),
    _Draft("patch", "ada", "2025-03-03T09:01:00Z", "cover", PATCH),
    _Draft("doubt", "bo", "2025-03-03T11:30:00Z", "patch", DOUBT),
    _Draft("answer", "cy", "2025-03-03T12:10:00Z", "doubt", ANSWER),
    _Draft("yes", "ada", "2025-03-04T08:00:00Z", "answer", YES),
    _Draft("lost", "", "", "answer", ""),
    _Draft("broke", "eve", "2025-08-20T15:45:00Z", "lost", BROKE),
    _Draft("asks", "di", "2025-03-05T10:00:00Z", "patch", ASKS),
    _Draft("loose", "finn", "2025-03-06T10:00:00Z", None, LOOSE),
    _Draft("older", "eve", "2024-11-02T00:00:00Z", None, ""),
]
_CLAIMS_OF = {
    "doubt": ("1",),
    "answer": ("2", "2b"),
    "yes": ("3",),
    "asks": ("4",),
    "broke": ("5",),
}
_COMMITS_OF = {"cover": (BY_USERS,), "patch": (BY_USERS,), "yes": (BY_REFERENCES,)}


def named(name: str) -> str:
    """Return the Message-ID of a mail of the example."""
    return f"{name}@example.org"


def body_of(name: str) -> str:
    """Return the body of a mail of the example."""
    return next(draft.body for draft in _DRAFTS if draft.name == name)


def place(name: str, words: str) -> Place:
    """Return the place of some words of a mail, as an assembly would give it."""
    body = body_of(name)
    start = body.index(words)
    stop = start + len(words)
    return Place(
        named(name),
        start,
        stop,
        words,
        "matches",
        body[:start].rpartition("\n")[2],
        body[stop:].partition("\n")[0],
        body.count("\n", 0, start) + 1,
    )


def _subject(draft: _Draft) -> str:
    if draft.name == "cover":
        return f"[PATCH 0/1] {SUBJECT}"
    if draft.name == "older":
        return "pool: pages are shared too long"
    return ("" if draft.name == "patch" else "Re: ") + f"[PATCH 1/1] {SUBJECT}"


def _mail(order: int, draft: _Draft) -> Mail:
    seen = bool(draft.body)
    return Mail(
        named(draft.name),
        file_name(named(draft.name)),
        draft.person,
        draft.utc or None,
        _subject(draft) if draft.name != "lost" else "",
        named(draft.parent) if draft.parent else None,
        order,
        seen,
        draft.name == "lost",
        draft.name == "loose",
        "before" if draft.name == "older" else "thread",
        draft.body.split("\n\n")[-1].strip().replace("\n", " ")[:120] if seen else "",
        _CLAIMS_OF.get(draft.name, ()),
        _COMMITS_OF.get(draft.name, ()),
    )


MAILS = [_mail(order, draft) for order, draft in enumerate(_DRAFTS)]


def _headers(mail: Mail) -> list[tuple[str, str]]:
    who = PEOPLE[mail.person]
    found = [
        ("From", f"{who.name} <{who.address}>"),
        ("To", "Pool developers <pool@example.org>"),
        ("Cc", "Bo Sample <bo@example.org>, Cy Specimen <cy@lab.example.org>"),
        ("Subject", mail.subject),
        ("Date", mail.utc or ""),
        ("Message-ID", f"<{mail.message_id}>"),
    ]
    return [*found, ("In-Reply-To", f"<{mail.parent}>")] if mail.parent else found


def _sources(name: str) -> list[Source]:
    """Resolve the quotations of the example by hand."""
    if name == "doubt":
        here = place("doubt", "> Counting users")
        return [Source(here.start, body_of(name).index("\nBut"), named("patch"), 1)]
    if name == "yes":
        return [Source(0, body_of(name).index("\nRight"), named("answer"), 9)]
    if name == "asks":
        return [Source(0, body_of(name).index("\nWhat"), named("patch"), 17)]
    return []


def _mentions(name: str) -> list[Mention]:
    body = body_of(name)
    wanted = {
        "cover": [("commit", BY_USERS[:12], "pool: count users under the lock")],
        "patch": [("commit", BY_USERS[:12], "pool: count users under the lock")],
        "yes": [("commit", BY_REFERENCES[:12], ""), ("url", "https://example.org/pool/notes", "")],
        "broke": [
            ("message", named("doubt"), ""),
            ("commit", "0912ba94c6a1", ""),
        ],
    }.get(name, [])
    found = []
    for kind, value, title in wanted:
        written = f"https://lore.kernel.org/r/{value}" if kind == "message" else value
        start = body.index(written)
        found.append(Mention(start, start + len(written), kind, value, title))
    return found


def text_of(mail: Mail) -> Text | None:
    """Read the text of a mail of the example."""
    if not mail.seen or not mail.message_id.endswith("@example.org"):
        return None
    name = mail.message_id.removesuffix("@example.org")
    body = body_of(name)
    headers = _headers(mail)
    head = "".join(f"{key}: {value}\n" for key, value in headers)
    return Text(
        body,
        [Block(one.kind, one.depth, one.start, one.stop) for one in blocks(body)],
        headers,
        _sources(name),
        _mentions(name),
        [("charset", "bytes that are no UTF-8 were replaced")] if name == "broke" else [],
        [("dmesg.txt", "text/plain", 5120)] if name == "broke" else [],
        ["pool.example.org"],
        PEOPLE[mail.person].address,
        "pool@example.org, bo@example.org",
        (head + "\n" + body).encode("utf-8", "replace"),
    )


CLAIMS = [
    Claim(
        "1",
        "A reader's reference forces a copy, and the device goes on writing to the old page.",
        "bo",
        "2025-03-03T11:30:00Z",
        "mechanism",
        "upheld",
        why="Ada Example takes the point in the mail of 4 March",
        stand="no",
        question="references-or-users",
        places=[place("doubt", "a reference taken by a reader then forces a copy")],
        stances=[Edge("attacks", "2")],
        evidence=[Evidence("commit", FIX, "repairs what broke", "ours")],
        tested=[
            Tested(
                "S4",
                "depends",
                "Only one of the two rules loses the pinned page.",
                (
                    ("refcount_nofork", "Always", "Always"),
                    ("anon_exclusive", "Never", "Never"),
                ),
            )
        ],
        afterwards=[Evidence("word", "came true", "a driver got stale data in August")],
        found="casebook, 2026-11-23",
        sure="by mail that was read",
    ),
    Claim(
        "2",
        "A copy too many costs time, and is never wrong.",
        "cy",
        "2025-03-03T12:10:00Z",
        "guarantee",
        "contested",
        stand="yes",
        question="references-or-users",
        places=[place("answer", "A copy too many is slow, never wrong.")],
        stances=[Edge("attacks", "1", place("answer", "never wrong"))],
        tested=[Tested("", "not modelled", "what is slow has no measure in the model")],
        found="casebook, 2026-11-23",
        sure="by mail that was read",
    ),
    Claim(
        "2b",
        "A page that is shared too long leaks what its parent writes to a child.",
        "cy",
        "2025-03-03T12:10:00Z",
        "mechanism",
        "open",
        stand="yes",
        question="references-or-users",
        places=[
            place("answer", "Sharing a page too long lets a child\nread what its parent writes.")
        ],
        stances=[Edge("supports", "2")],
        found="casebook, 2026-11-23",
        sure="by mail that was read",
    ),
    Claim(
        "3",
        "The device's case has to be handled as well.",
        "ada",
        "2025-03-04T08:00:00Z",
        "proposal",
        "conceded",
        stand="depends",
        question="references-or-users",
        places=[place("yes", "I take the point about the device")],
        stances=[Edge("concedes", "1")],
        decision=[Evidence("commit", BY_REFERENCES, "merged", "ours")],
        found="casebook, 2026-11-23",
        sure="by mail that was read",
    ),
    Claim(
        "4",
        "Two pins of one task are told apart by nothing.",
        "di",
        "2025-03-05T10:00:00Z",
        "mechanism",
        "unanswered",
        stand="asks",
        question="pins",
        places=[place("asks", "What happens to a page that is pinned twice by the same task?")],
        stances=[Edge("asks", "3")],
        found="casebook, 2026-11-23",
        sure="by mail that was read",
    ),
    Claim(
        "5",
        "Stale data since the release is what was foretold.",
        "eve",
        "2025-08-20T15:45:00Z",
        "history",
        "upheld",
        stand="other",
        question="pins",
        where="after",
        places=[place("broke", "a device of ours gets stale data")],
        stances=[Edge("supports", "1")],
        evidence=[Evidence("message", named("doubt"), "said so before", "speaker")],
        found="casebook, 2026-11-23",
        sure="by mail that was read",
    ),
]

QUESTIONS = [
    Question(
        "references-or-users",
        "Is a page reused by references or by users?",
        "By references, and pinned pages are never shared.",
        (Evidence("commit", FIX, "settles it", "ours"),),
    ),
    Question("pins", "What may a pinned page still do?"),
]

COMMITS = [
    Commit(
        BY_USERS,
        "pool: count users under the lock",
        "Cy Specimen",
        "2024-10-01T10:00:00Z",
        "v5.8",
        (named("cover"), named("patch")),
        known_from="the conversation",
    ),
    Commit(
        BY_REFERENCES,
        SUBJECT,
        "Ada Example",
        "2025-03-20T10:00:00Z",
        "v5.9",
        (named("yes"), named("broke")),
        (BY_USERS,),
        (FIX,),
        (("Fixes", f'{BY_USERS[:12]} ("pool: count users under the lock")'),),
        (f"https://lore.kernel.org/r/{named('patch')}",),
        known_from="a kernel tree",
    ),
    Commit(
        FIX,
        "pool: never share a page that is pinned",
        "Bo Sample",
        "2025-09-02T10:00:00Z",
        "v5.11",
        fixes=(BY_REFERENCES,),
        known_from="a kernel tree",
        outside=True,
    ),
]

REGRESSIONS = [
    Regression(
        "stale-data",
        "A device reads stale data after a child was started",
        BY_REFERENCES,
        "fixed",
        [Report(named("broke"), "eve", "2025-08-20T15:45:00Z")],
        [FIX],
        days=12.8,
        why="the copy went to the parent, the device kept the old page",
        mechanisms=["copy on the wrong side"],
        foreseen=[named("doubt")],
        source="the conversation",
        certainty="the commit says so",
    )
]

ASKED = [
    Asked(
        "question",
        "di",
        place("asks", "What happens to a page that is pinned twice by the same task?"),
        "no direct reply",
        claim="4",
    )
]


def example_site() -> Site:
    """Return the example, all parts of it; ``dataclasses.replace`` makes others."""
    return Site(
        "pool-2025",
        "Reuse of pages in the pool",
        "When may a page of the pool be reused?",
        named("cover"),
        MAILS,
        PEOPLE,
        text_of,
        "A series of one patch, and what was said of it.",
        "References decide, and pinned pages are never shared.",
        (Evidence("commit", FIX, "settles it", "ours"),),
        CLAIMS,
        QUESTIONS,
        ASKED,
        COMMITS,
        REGRESSIONS,
        ("S4",),
        Provenance(
            [("pool.mbox", "mbox", "2026-11-23", sha256(COVER.encode()).hexdigest())],
            [("claims", "1", "6")],
            ["All ten mails were read."],
            ["The date of the older mail."],
            [("mails", "10")],
            "by hand, 2026-11-23",
        ),
        reviewed=True,
        updated_utc="2025-09-02T10:00:00Z",
        version="0.0",
    )


def bare_site() -> Site:
    """Return the example as an imported thread is: no casebook, nothing reviewed."""
    return replace(
        example_site(),
        question="",
        about="",
        outcome="",
        outcome_sources=(),
        claims=(),
        questions=(),
        scenarios=(),
        mails=[replace(mail, claims=()) for mail in MAILS],
        reviewed=False,
    )
