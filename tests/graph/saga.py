"""A small story as rows: a patch, its commit, what that broke, two reports, fix and backport."""

from __future__ import annotations

from threadkit.graph.evidence import EvidenceRows

PATCH, FIX, BACKPORT, REVERT = "a1" * 20, "b2" * 20, "c3" * 20, "d4" * 20

PEOPLE = [
    (1, "Ann Example", "ann@example.org", "ann@example.org\tann@home.example.org"),
    (2, "Bob Sample", "bob@example.org", "bob@example.org"),
    (3, "Cho Tester", "cho@example.org", "cho@example.org"),
    (4, "Robot", "shared@example.org", "shared@example.org"),
    (5, "Dora Example", "shared@example.org", "shared@example.org"),
]
MESSAGES = [
    (1, "patch@x.org", 0, 0, "[PATCH] mm: count", 1, "2020-01-01T10:00:00Z", None, "root"),
    (2, "reply@x.org", 0, 0, "Re: [PATCH] mm: count", 2, "2020-01-01T12:00:00Z", 1, "references"),
    (3, "again@x.org", 0, 0, "Re: [PATCH] mm: count", 1, "2020-01-01T11:00:00Z", 2, "in-reply-to"),
    (4, "report@x.org", 0, 0, "fork hangs", 3, "2020-02-01T10:00:00Z", None, "root"),
    (5, "loose@x.org", 0, 0, "Re: fork hangs", 2, "2020-02-03T10:00:00Z", 4, "subject"),
    (6, "second@x.org", 0, 0, "fork hangs, too", 4, "2020-02-02T10:00:00Z", None, "root"),
    (-7, "lost@x.org", 0, 1, "", None, None, None, None),
    (8, "patch@x.org", 1, 0, "other mail", 2, None, 1, "imposter"),
    (9, "v2@x.org", 0, 0, "[PATCH v2] mm: count", 1, "2020-01-05T10:00:00Z", -7, "references"),
]
COMMITS = [
    (PATCH, "mm: count", "Ann Example", "ann@home.example.org", "2020-01-05T10:00:00Z",
     "2020-01-10T10:00:00Z", "v5.9", "yes"),
    (FIX, "mm: don't count twice", "Bob Sample", "bob@example.org", "2020-02-05T10:00:00Z",
     "2020-02-06T10:00:00Z", None, "not checked"),
    (BACKPORT, "mm: dont count twice", "Bob Sample", "bob@example.org", None, None, None, "no"),
    (REVERT, 'Revert "mm: count"', "Eve Unknown", "eve@example.org", None, None, None, "no"),
]  # fmt: skip


def saga() -> EvidenceRows:
    """Return the rows, each iterable good for one reading."""
    return EvidenceRows(
        messages=iter(MESSAGES),
        aliases=iter([("alias@x.org", 4)]),
        people=iter(PEOPLE),
        quotes=iter([(2, 1, 10, 40, "exact", 1.0), (2, 1, 50, 60, "words", 0.8)]),
        citations=iter(
            [
                (2, "commit", PATCH[:12], "mm: count", 5, 17, "", "blames"),
                (2, "commit", "feedfacefeed", "mm: gone", 20, 32, "", ""),
                (4, "message", "patch@x.org", "", 1, 9, "", ""),
                (4, "message", "never@x.org", "", 11, 19, "", ""),
                (4, "bug", "https://bugs.example.org/7", "", 20, 30, "", ""),
                (4, "cve", "CVE-2020-1", "", 31, 40, "", ""),
                (4, "release", "5.9", "", 41, 45, "", ""),
                (4, "syzbot", "ab" * 10, "", 46, 50, "", ""),
                (4, "url", "https://example.org/", "", 51, 60, "", ""),
                (9, "commit", PATCH[:12], "mm: counts pages", 5, 17, "Fixes", ""),
                (9, "commit", "dead", "", 20, 24, "", ""),
            ]
        ),
        credits=iter([(9, "Reported-and-tested-by", "Cho Tester <cho@example.org>", 70, 99)]),
        commits=iter(COMMITS),
        answers=iter(
            [
                (PATCH[:12], "found", PATCH, ""),
                ("dead", "ambiguous", None, "dead1 one\ndead2 two"),
                ("feedfacefeed", "unknown", None, ""),
            ]
        ),
        relations=iter(
            [
                (FIX, "fixes", "commit", PATCH[:12], "mm: count", 0, 30, "Fixes:", 1.0),
                (FIX, "closes", "message", "report@x.org", "", 31, 60, "Closes:", 1.0),
                (FIX, "links_discussion", "message", "fixmail@x.org", "", 61, 80, "Link:", 1.0),
                (FIX, "reported_by", "person", "cho@example.org", "Cho", 81, 99, "Reported-by:", 1.0),
                (FIX, "bug", "cve", "CVE-2020-1", "", 100, 110, "prose", 1.0),
                (FIX, "links", "url", "https://example.org/", "", 111, 120, "Link:", 1.0),
                (FIX, "signed_by", "person", "bob@example.org", "Bob", 121, 130, "x", 1.0),
                (BACKPORT, "backports", "commit", FIX, "", 0, 40, "commit X upstream", 1.0),
                (REVERT, "reverts", "commit", PATCH[:14], "", 0, 40, "This reverts", 1.0),
                ("99" * 20, "fixes", "commit", FIX, "", 0, 1, "Fixes:", 1.0),
            ]
        ),
        commit_mails=iter(
            [
                (PATCH, "v2@x.org", "becomes", "patch-id", 1.0),
                (PATCH, "patch@x.org", "discusses", "subject", 0.7),
                (PATCH, "reply@x.org", "candidate", "subject", 0.2),
                (FIX, "fixmail@x.org", "becomes", "link", 1.0),
            ]
        ),
        series=iter([(1, "patch@x.org", "mm: count", "Ann Example", "merged", PATCH, "v5.9")]),
        revisions=iter(
            [
                (1, 1, 2, "v2@x.org", "2020-01-05T10:00:00Z", "subject", 0.9),
                (1, 0, 1, "patch@x.org", "2020-01-01T10:00:00Z", "first", 1.0),
            ]
        ),
        members=iter([(1, 1, 1, None), (9, 1, 1, PATCH)]),
        regressions=iter(
            [
                (1, "report@x.org", "fork hangs", "fixed", "2020-02-01T10:00:00Z",
                 "2020-02-06T10:00:00Z", 0.9, "mail", "Bob Sample <bob@example.org>", "Nobody",
                 "second@x.org"),
                (2, "second@x.org", "fork hangs, too", "open", None, None, 0.5, "mail", "", "", ""),
            ]
        ),
        reports=iter(
            [
                (1, "report@x.org", "2020-02-01T10:00:00Z", "Cho", "cho@example.org", "fork hangs"),
                (2, "second@x.org", None, "Robot", "", ""),
            ]
        ),
        culprits=iter(
            [
                (1, PATCH[:12], PATCH, "mm: count", "bisection", 0.95),
                (2, "v5.8..v5.9", None, "", "prose", 0.5),
                (2, "feedfacefeed", None, "mm: gone", "prose", 0.5),
            ]
        ),
        fixes=iter(
            [
                (1, FIX, "fixmail@x.org", "merged", "Closes", 1.0),
                (2, None, "v2@x.org", "proposed", "prose", 0.5),
                (2, None, None, "named", "title", 0.5),
            ]
        ),
    )  # fmt: skip
