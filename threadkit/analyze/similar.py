"""Postings whose titles lost or gained a word or two on their way to a commit.

A maintainer drops "Trial" or adds the name of a subsystem. Titles in which a word was
replaced are not taken for one: so do the patches of a series differ from each other.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta

from threadkit.analyze.days import shifted
from threadkit.analyze.linking import MailMatch
from threadkit.analyze.posted import KnownCommit, PostedMail, author_keys
from threadkit.commits.titles import title_key

SCORE = 0.45
"""Of two titles with the same words; less by the share of the words that only one has."""

MOST = 5
"""So many postings are listed for one commit, the most similar first."""

_WINDOW = timedelta(days=120)
_LEAST_SHARED = 3
_LEAST_SHARE = 0.6
_WORD = re.compile(r"\w+")


class SimilarTitles:
    """Postings by author and date, to be compared by the words of their titles.

    Parameters
    ----------
    mails : iterable of PostedMail
        Patches; what else is among them is left out.

    Examples
    --------
    >>> mail = PostedMail("1@example.org", "mm: Trial do_wp_page() simplification",
    ...                   frozenset({"ann@example.org"}), "2020-09-01T12:00:00Z")
    >>> commit = KnownCommit("0123" * 10, "mm: do_wp_page() simplification", "",
    ...                      "ann@example.org", None, "2020-09-03T00:00:00Z")
    >>> [(one.kind, one.rule, one.score) for one in SimilarTitles([mail]).match(commit)]
    [('candidate', 'similar', 0.34)]
    """

    def __init__(self, mails: Iterable[PostedMail]) -> None:
        some: defaultdict[str, list[tuple[str, str, PostedMail]]] = defaultdict(list)
        for mail in mails:
            if mail.is_patch and mail.title and mail.date_utc and not mail.is_notice:
                for who in mail.authors:
                    some[who].append((mail.date_utc, mail.message_id, mail))
        self._of = {
            who: sorted(mails, key=lambda one: (one[0], one[1])) for who, mails in some.items()
        }

    def match(self, commit: KnownCommit) -> list[MailMatch]:
        """Find postings by the author of a commit, of the months before it.

        Parameters
        ----------
        commit : KnownCommit
            One that no other rule gave a posting.

        Returns
        -------
        list of MailMatch
            Candidates, the most similar first.

        Notes
        -----
        Linear in the number of patches that its author posted in four months.
        """
        made = commit.committer_utc or commit.author_utc
        if commit.is_merge or made is None:
            return []
        words = _words(commit.subject)
        shares: dict[str, float] = {}
        for who in author_keys(commit.author_name, commit.author_email):
            some = self._of.get(who, [])
            low = bisect_left(some, shifted(made, -_WINDOW), key=_date)
            high = bisect_right(some, shifted(made, timedelta(days=1)), key=_date)
            for _, message_id, mail in some[low:high]:
                if mail.upstream is None and (share := _share(words, _words(mail.title))):
                    shares[message_id] = share
        best = sorted(shares, key=lambda message_id: (-shares[message_id], message_id))
        return [
            MailMatch(commit.sha, message_id, "candidate", "similar",
                      round(SCORE * shares[message_id], 2), "a title with nearly the same words")
            for message_id in best[:MOST]
        ]  # fmt: skip


def _date(one: tuple[str, str, PostedMail]) -> str:
    return one[0]


def _words(title: str) -> frozenset[str]:
    return frozenset(_WORD.findall(title_key(title)))


def _share(some: frozenset[str], others: frozenset[str]) -> float:
    """Return the share of common words; 0 where a word was replaced, or too few are common."""
    common = some & others
    if common not in (some, others) or len(common) < _LEAST_SHARED:
        return 0.0
    share = len(common) / len(some | others)
    is_revert = ("revert" in some) != ("revert" in others)
    return 0.0 if is_revert or share < _LEAST_SHARE else share
