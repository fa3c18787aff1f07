"""Which mails a commit was made from, and where it was discussed; one commit at a time.

The mails are held in memory, the commits pass by: a log of any length is matched in the
memory that the mails need. Rules, the surest first:

1. ``Link``: a trailer names the mail. If it is that patch, the commit was made from it; if
   it is a cover letter, a report or another patch, it is discussion. ``Closes:`` always is.
2. ``Message-ID``: a program made the mail's name from the hash of this very commit.
3. ``patch-id``: the diffs are equal but for line numbers and white space.
4. ``subject+author``: the newest posting before the commit, at most two years before it.
5. ``author+date``: under another title, by the same author in the very second that ``git
   am`` takes from a mail.
6. ``subject``: the author differs; never more than a candidate.

Of several postings with equal right none is chosen: all are candidates. A backport to a
stable tree is made from the mail that posts the backport; the mail that posted the original
is its discussion, and the other way round.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Literal

from threadkit.analyze.days import day_number, shifted
from threadkit.analyze.posted import (
    KnownCommit,
    PostedMail,
    author_keys,
    named_by_git,
)
from threadkit.commits.titles import title_key

MatchKind = Literal["becomes", "discusses", "candidate"]
Rule = Literal[
    "Link", "Closes", "Message-ID", "patch-id", "subject+author", "author+date", "subject",
    "similar", "backport",
]  # fmt: skip

STRONG: frozenset[str] = frozenset({"Link", "Message-ID", "patch-id", "author+date"})
"""Rules that do not rest on a title."""

EXACT = 0.95
"""Title and author are equal, and the date is the very second that ``git am`` takes."""

MOST = 20
"""So many mails are listed for one commit by one rule, the newest first."""

_SLACK = timedelta(days=1)  # clocks are wrong, and a patch is sent while it is committed
_SOON_DAYS = 200  # most patches are taken within two releases
_LATEST_DAYS = 730  # one title of one author twice in so long may be two changes
_BEFORE_DAYS = 2
_AFTER_DAYS = 7  # who posts from a tree of their own wrote it days ago
SHORT = 12


@dataclass(frozen=True, slots=True)
class MailMatch:
    """A mail that has to do with a commit.

    Attributes
    ----------
    sha, message_id : str
        Of the commit and of the mail, which need not be here if a trailer names it.
    kind : {'becomes', 'discusses', 'candidate'}
        The commit was made from it; it stands in the commit's discussion; it may be either.
    rule : str
        The first of the rules that fired.
    score : float
        0 to 1: how sure that is.
    detail : str
        What else was seen, for people to read; may be empty.
    """

    sha: str
    message_id: str
    kind: MatchKind
    rule: Rule
    score: float
    detail: str = ""


class MailIndex:
    """Mails that commits are compared with.

    Parameters
    ----------
    mails : iterable of PostedMail
        Patches and cover letters.
    others : iterable of str
        Message-IDs of all further mails that are here: they can be discussion.
    aliases : mapping of str to str
        Further Message-IDs of mails, to the one that they go by.

    Examples
    --------
    >>> mail = PostedMail("1@example.org", "mm: x", frozenset({"ann@example.org"}),
    ...                   "2020-09-01T12:00:00Z")
    >>> commit = KnownCommit("0123" * 10, "mm: x", "", "Ann@example.org", None,
    ...                      "2020-09-03T00:00:00Z")
    >>> [(one.message_id, one.kind, one.rule) for one in MailIndex([mail]).match(commit)]
    [('1@example.org', 'becomes', 'subject+author')]
    """

    def __init__(
        self,
        mails: Iterable[PostedMail],
        others: Iterable[str] = (),
        aliases: Mapping[str, str] | None = None,
    ) -> None:
        self._posted: dict[str, PostedMail] = {}
        self._others = frozenset(others)
        self._aliases = aliases or {}
        self._by_title: defaultdict[str, list[PostedMail]] = defaultdict(list)
        self._by_patch: defaultdict[str, list[PostedMail]] = defaultdict(list)
        self._by_name: defaultdict[str, list[PostedMail]] = defaultdict(list)
        self._by_upstream: defaultdict[str, list[PostedMail]] = defaultdict(list)
        self._by_second: defaultdict[str, list[PostedMail]] = defaultdict(list)
        days: defaultdict[str, set[int]] = defaultdict(set)
        for mail in mails:
            self._posted[mail.message_id] = mail
            if mail.is_patch and (key := title_key(mail.title)):
                self._by_title[key].append(mail)
            if mail.patch_id:
                self._by_patch[mail.patch_id].append(mail)
            if mail.is_patch and (name := named_by_git(mail.message_id)):
                self._by_name[name[:SHORT]].append(mail)
            if mail.upstream:
                self._by_upstream[mail.upstream].append(mail)
            if mail.author_utc and mail.is_patch and not mail.is_notice:
                self._by_second[mail.author_utc].append(mail)
            if mail.patch_id and mail.author_utc:
                for who in mail.authors:
                    days[who].add(day_number(mail.author_utc[:10]))
        self._days = {who: sorted(some) for who, some in days.items()}
        self._upstream_digits = sorted({len(sha) for sha in self._by_upstream})

    def __len__(self) -> int:
        """Count the mails, of both kinds."""
        return len(self._posted) + len(self._others)

    @property
    def posted(self) -> Iterable[PostedMail]:
        """The patches and cover letters."""
        return self._posted.values()

    def asks_patch_id(self, commit: KnownCommit) -> bool:
        """Tell whether a commit is worth to compute its patch-id.

        Parameters
        ----------
        commit : KnownCommit
            Without one.

        Returns
        -------
        bool
            True if a patch has its title, or its author posted one up to a week later.
        """
        if commit.is_merge or commit.patch_id is not None:
            return False
        if title_key(commit.subject) in self._by_title:
            return True
        if commit.author_utc is None or not self._days:
            return False
        day = day_number(commit.author_utc[:10])
        for who in author_keys(commit.author_name, commit.author_email):
            if some := self._days.get(who):
                at = bisect_left(some, day - _BEFORE_DAYS)
                if at < len(some) and some[at] <= day + _AFTER_DAYS:
                    return True
        return False

    def match(self, commit: KnownCommit, *, absent: bool = True) -> list[MailMatch]:
        """Find the mails of one commit.

        Parameters
        ----------
        commit : KnownCommit
            Any commit.
        absent : bool
            Whether to list mails that trailers name and that are not here.

        Returns
        -------
        list of MailMatch
            One a mail, the surest first: what became the commit, then its discussion, then
            candidates.

        Notes
        -----
        A commit that no mail has to do with costs a few microseconds.
        """
        found: dict[str, MailMatch] = {}
        if commit.links:
            self._by_links(commit, found, absent=absent)
        if commit.sha[:SHORT] in self._by_name:
            self._by_hash(commit, found)
        if commit.patch_id and commit.patch_id in self._by_patch:
            self._by_diff(commit, found)
        if not commit.is_merge and (same := self._by_title.get(title_key(commit.subject))):
            self._by_subject(commit, same, found)
        if (commit.author_utc or "") in self._by_second and not commit.is_merge:
            self._by_date(commit, found)
        if self._upstream_digits:
            self._backports(commit, found)
        order = {"becomes": 0, "discusses": 1, "candidate": 2}
        return sorted(found.values(), key=lambda m: (order[m.kind], -m.score, m.message_id))

    def _by_links(self, commit: KnownCommit, found: dict[str, MailMatch], *, absent: bool) -> None:
        for label, written in commit.links:
            message_id = self._aliases.get(written, written)
            mail = self._posted.get(message_id)
            is_here = mail is not None or message_id in self._others
            if not is_here and not absent:
                continue
            if label == "closes":
                match = MailMatch(commit.sha, message_id, "discusses", "Closes", 1.0)
            elif mail is not None:
                match = _of_linked(commit, mail, label)
            elif is_here:
                match = MailMatch(commit.sha, message_id, "discusses", "Link", 1.0, "no patch")
            elif label == "provenance" and not commit.upstream:
                match = MailMatch(commit.sha, message_id, "becomes", "Link", 0.95)
            else:
                of = commit.upstream
                why = f"posting of {of[:SHORT]}" if of else "may be its posting"
                match = MailMatch(commit.sha, message_id, "discusses", "Link", 0.9, why)
            if not is_here:
                detail = "; ".join(filter(None, ["not here", match.detail]))
                match = replace(match, detail=detail)
            _add(found, match)

    def _by_hash(self, commit: KnownCommit, found: dict[str, MailMatch]) -> None:
        """Take mails whose name was made from the hash of this commit."""
        for mail in self._by_name[commit.sha[:SHORT]]:
            name = named_by_git(mail.message_id) or ""
            if commit.sha.startswith(name):
                _add(found, MailMatch(commit.sha, mail.message_id, "becomes", "Message-ID", 0.99))

    def _by_diff(self, commit: KnownCommit, found: dict[str, MailMatch]) -> None:
        """Take mails with the same diff; the newest that is not too late is the one."""
        some = self._by_patch[commit.patch_id or ""]
        own = [mail for mail in some if _is_of(commit, mail)]
        related = [mail for mail in own if _is_alike(commit, mail)]
        self._choose(commit, related, "patch-id", found)
        for mail in _newest(own)[:MOST]:
            if mail not in related:
                _add(found, MailMatch(commit.sha, mail.message_id, "candidate", "patch-id", 0.6,
                                      "another title and another author"))  # fmt: skip
        _add_foreign(commit, some, "patch-id", found)

    def _by_subject(
        self, commit: KnownCommit, same: Sequence[PostedMail], found: dict[str, MailMatch]
    ) -> None:
        who = author_keys(commit.author_name, commit.author_email)
        own = [mail for mail in same if who & mail.authors]
        self._choose(commit, [m for m in own if _is_of(commit, m)], "subject+author", found)
        _add_foreign(commit, own, "subject+author", found)
        if any(one.kind == "becomes" for one in found.values()):
            return
        others = [mail for mail in same if not who & mail.authors]
        for mail in _newest(others)[:MOST]:
            late = _is_late(commit, mail)
            detail = "another author" + ("; posted after the commit" if late else "")
            _add(found, MailMatch(commit.sha, mail.message_id, "candidate", "subject",
                                  0.2 if late else 0.4, detail))  # fmt: skip

    def _by_date(self, commit: KnownCommit, found: dict[str, MailMatch]) -> None:
        """Take the one patch that its author sent in the second that the commit bears."""
        who = author_keys(commit.author_name, commit.author_email)
        some = self._by_second[commit.author_utc or ""]
        own = [mail for mail in some if who & mail.authors and _is_of(commit, mail)]
        taken = any(one.kind == "becomes" for one in found.values())
        if len(own) != 1 or taken or own[0].message_id in _settled(found):
            return
        is_known = commit.patch_id is not None and own[0].patch_id is not None
        score = 0.8 if is_known else 0.85  # an equal diff would have been seen before
        _add(found, MailMatch(commit.sha, own[0].message_id, "becomes", "author+date", score,
                              _seen(commit, own[0])))  # fmt: skip

    def _choose(
        self, commit: KnownCommit, mails: Sequence[PostedMail], rule: Rule,
        found: dict[str, MailMatch],
    ) -> None:  # fmt: skip
        """Choose among postings of one patch by one author, or leave all as candidates."""
        mails = [mail for mail in mails if mail.message_id not in _settled(found)]
        for mail in _newest(mail for mail in mails if mail.is_notice)[:MOST]:
            _add(found, MailMatch(commit.sha, mail.message_id, "discusses", rule, 0.9,
                                  "notice of a tree"))  # fmt: skip
        mails = [mail for mail in mails if not mail.is_notice]
        early = [mail for mail in mails if not _is_late(commit, mail)]
        taken = any(one.kind == "becomes" for one in found.values())
        best, why_none = ([], "") if taken else _best(commit, early)
        chosen = best[0] if len(best) == 1 and not why_none else None
        score = _score(commit, chosen, rule) if chosen else 0.0
        for mail in _newest(mails)[:MOST]:
            detail = _seen(commit, mail)
            if mail is chosen:
                match = MailMatch(commit.sha, mail.message_id, "becomes", rule, score, detail)
            elif mail in best:
                detail = "; ".join(filter(None, [detail, why_none]))
                match = MailMatch(commit.sha, mail.message_id, "candidate", rule, 0.5, detail)
            elif taken or chosen:
                detail = "; ".join(["another posting", *filter(None, [detail])])
                match = MailMatch(commit.sha, mail.message_id, "discusses", rule, 0.8, detail)
            elif best:  # an older posting of what cannot be told apart
                match = MailMatch(commit.sha, mail.message_id, "candidate", rule, 0.4, detail)
            else:
                match = _of_late(commit, mail, rule, len(mails), detail)
            _add(found, match)

    def _backports(self, commit: KnownCommit, found: dict[str, MailMatch]) -> None:
        """List the mails that post this commit for another branch."""
        some = [
            mail
            for digits in self._upstream_digits
            for mail in self._by_upstream.get(commit.sha[:digits], ())
        ]
        for mail in _newest(some)[:MOST]:
            where = f" to {mail.branch}" if mail.branch else ""
            _add(found, MailMatch(commit.sha, mail.message_id, "discusses", "backport", 0.9,
                                  f"posts a backport{where}"))  # fmt: skip


def _settled(found: Mapping[str, MailMatch]) -> frozenset[str]:
    return frozenset(name for name, one in found.items() if one.kind != "candidate")


def _add(found: dict[str, MailMatch], match: MailMatch) -> None:
    """Keep the first rule's word of a mail; a later one confirms it, or beats a candidate."""
    old = found.get(match.message_id)
    if old is None or (old.kind == "candidate" and match.kind != "candidate"):
        found[match.message_id] = match


def _of_linked(commit: KnownCommit, mail: PostedMail, label: str) -> MailMatch:
    """Judge a trailer that names a posting, which may be that of another patch."""
    sha, name = commit.sha, mail.message_id
    if mail.is_notice or not mail.is_patch:
        why = "notice of a tree" if mail.is_notice else "cover letter"
        return MailMatch(sha, name, "discusses", "Link", 1.0, why)
    same_diff = mail.patch_id is not None and mail.patch_id == commit.patch_id
    same_title = title_key(mail.title) == title_key(commit.subject)
    same_author = bool(mail.authors & author_keys(commit.author_name, commit.author_email))
    same_date = mail.author_utc is not None and mail.author_utc == commit.author_utc
    is_patch = same_diff or same_title or (same_author and same_date)
    if not _is_of(commit, mail):
        why = f"posting of {commit.upstream[:SHORT]}" if commit.upstream else "posts a backport"
        return MailMatch(sha, name, "discusses", "Link", 1.0, why)
    if is_patch:
        return MailMatch(sha, name, "becomes", "Link", 1.0, _seen(commit, mail))
    if label == "provenance" and same_author:
        return MailMatch(sha, name, "becomes", "Link", 0.9, "another title")
    return MailMatch(sha, name, "discusses", "Link", 1.0, "another patch")


def _is_of(commit: KnownCommit, mail: PostedMail) -> bool:
    """Tell whether both are of the mainline, or both backports of one commit to one branch."""
    if mail.upstream and commit.upstream:
        digits = min(len(mail.upstream), len(commit.upstream))
        if mail.upstream[:digits] != commit.upstream[:digits]:
            return False
    elif mail.upstream or (commit.upstream and not mail.branch):
        return False
    if mail.branch and commit.release and commit.upstream:
        numbers = commit.release.removeprefix("v").partition("-")[0]
        return f"{numbers}.".startswith(f"{mail.branch}.")
    return True


def _is_alike(commit: KnownCommit, mail: PostedMail) -> bool:
    """Tell whether a mail with the same diff shares the title or the author."""
    if title_key(mail.title) == title_key(commit.subject):
        return True
    return bool(mail.authors & author_keys(commit.author_name, commit.author_email))


def _is_late(commit: KnownCommit, mail: PostedMail) -> bool:
    """Tell whether a mail came after the commit was made."""
    made, posted = commit.committer_utc or commit.author_utc, mail.date_utc
    return made is not None and posted is not None and posted > shifted(made, _SLACK)


def _best(commit: KnownCommit, mails: Sequence[PostedMail]) -> tuple[list[PostedMail], str]:
    """Return the posting that a commit was made from; or those that it may be, and why."""
    if not mails:
        return [], ""
    branches = {mail.branch for mail in mails if mail.branch}
    if commit.upstream and len(branches) > 1:
        return list(mails), "posted for several branches"
    key = title_key(commit.subject)
    mails = [mail for mail in mails if title_key(mail.title) == key] or mails
    exact = [mail for mail in mails if mail.author_utc and mail.author_utc == commit.author_utc]
    some = exact if len(exact) == 1 else _newest(mails)
    diffs = [mail for mail in some if mail.patch_id and mail.patch_id == commit.patch_id]
    if len(some) > 1 and commit.committer_utc is None and commit.author_utc is None:
        return (diffs, "") if len(diffs) == 1 else (some, "no date of the commit is known")
    first = some[0]
    days = _days_between(first, commit)
    if days is not None and days > _LATEST_DAYS and not exact and first not in diffs:
        return some, f"posted {days} days before the commit"
    equal = [mail for mail in some if mail is first or _is_beside(mail, first)]
    if len(equal) == 1:
        return equal, ""
    diffs = [mail for mail in equal if mail.patch_id and mail.patch_id == commit.patch_id]
    if len(diffs) == 1:
        return diffs, ""
    return equal, f"{len(equal)} of one posting have this title"


def _is_beside(mail: PostedMail, first: PostedMail) -> bool:
    """Tell another patch of one posting from the same patch sent again."""
    if mail.date_utc == first.date_utc:
        return True
    same = (mail.posting, mail.revision) == (first.posting, first.revision)
    return same and mail.counter != first.counter


def _score(commit: KnownCommit, mail: PostedMail, rule: Rule) -> float:
    if rule == "patch-id":
        return 0.98 if title_key(mail.title) == title_key(commit.subject) else 0.9
    score = 0.9
    if mail.author_utc is not None and mail.author_utc == commit.author_utc:
        score = EXACT
    elif commit.patch_id and mail.patch_id and commit.patch_id != mail.patch_id:
        score = 0.85
    days = _days_between(mail, commit)
    if score < EXACT and (days is None or days > _SOON_DAYS):
        score = 0.8
    return score


def _days_between(mail: PostedMail, commit: KnownCommit) -> int | None:
    """Count the days from a posting to the commit; None where a date is not known."""
    made = commit.committer_utc or commit.author_utc
    if made is None or mail.date_utc is None:
        return None
    return day_number(made[:10]) - day_number(mail.date_utc[:10])


def _seen(commit: KnownCommit, mail: PostedMail) -> str:
    """Say what tells a posting from others."""
    notes = [f"v{mail.revision}"] if mail.revision > 1 else []
    if commit.patch_id and mail.patch_id:
        notes.append("same diff" if commit.patch_id == mail.patch_id else "another diff")
    if title_key(mail.title) != title_key(commit.subject):
        notes.append("another title")
    return ", ".join(notes)


def _of_late(
    commit: KnownCommit, mail: PostedMail, rule: Rule, count: int, detail: str
) -> MailMatch:
    """Judge a posting after the commit: some commit first, and then post what they have."""
    note = "; ".join(filter(None, [detail, "posted after the commit"]))
    kind: MatchKind = "candidate"
    score = 0.5
    if rule == "patch-id" and count == 1:
        kind, score = "becomes", 0.9
    return MailMatch(commit.sha, mail.message_id, kind, rule, score, note)


def _add_foreign(
    commit: KnownCommit, mails: Sequence[PostedMail], rule: Rule, found: dict[str, MailMatch]
) -> None:
    """List postings of the same change for another branch: they are no source of it."""
    for mail in _newest([mail for mail in mails if not _is_of(commit, mail)])[:MOST]:
        if not mail.upstream and commit.upstream:
            detail = f"posting of {commit.upstream[:SHORT]}, of which this is a copy"
            _add(found, MailMatch(commit.sha, mail.message_id, "discusses", rule, 0.9, detail))


def _newest(mails: Iterable[PostedMail]) -> list[PostedMail]:
    return sorted(
        mails, key=lambda mail: (mail.date_utc or "", mail.revision, mail.message_id), reverse=True
    )
