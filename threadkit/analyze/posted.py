r"""Patches as mails post them and commits as a log has them, ready to be compared.

``git am`` makes a commit of a mail: the title without its brackets, the author and the date
of the lines at the top of the body, where they are, else of the header. Maintainers then
change what they like, stable trees lose apostrophes, and people change addresses.

References
----------
git-am(1), git-mailinfo(1), git-format-patch(1) on ``From:`` lines in the body and on scissors.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from threadkit.commits.relations import upstream_of
from threadkit.graph.names import full_name, is_relayed, mailbox
from threadkit.mail.addresses import addresses
from threadkit.mail.dates import moment
from threadkit.mail.subject import parse_subject

_HEADER = re.compile(r"(From|Subject|Date):[ \t]+(\S[^\n]*(?:\n[ \t]+\S[^\n]*)*)\n", re.IGNORECASE)
_SCISSORS = re.compile(
    r"^(?=[^\n]*(?:>8|8<|>%|%<))[-\s>8<%]*(?:cut here[-\s>8<%]*)?\n", re.MULTILINE
)
_LEADING = re.compile(r"\s*")
_BRANCH = re.compile(r"v?(\d{1,2}\.\d{1,3}(?:\.\d{1,3})?)(?:[.-]?y|[.-]stable)?", re.IGNORECASE)
# What Andrew Morton's, the stable and the tip tree send when they take or drop a patch.
_NOTICE = re.compile(
    r"\.patch (?:added to|removed from) |has been added to the \S+ tree|patch .* (?:added to|removed from) \S+ queue",
    re.IGNORECASE,
)
_MERGED = re.compile(r"^Commit-ID: +[0-9a-f]{12,40}$", re.MULTILINE)
_HEAD = 600
_GIT_NAMED = re.compile(r"([0-9a-f]{40})\.\d|.*-v\d+-\d+-([0-9a-f]{12})@", re.DOTALL)


@dataclass(frozen=True, slots=True)
class InBody:
    """What the top of a body says of the author; ``start`` is where the text goes on.

    Everything is empty, or None, where it says nothing.
    """

    name: str
    email: str
    title: str
    date_utc: str | None
    start: int


@dataclass(frozen=True, slots=True)
class PostedMail:
    """A mail that posts a patch, or the cover letter of some.

    Attributes
    ----------
    message_id : str
        Without brackets.
    title : str
        The subject without reply marks and brackets; empty where it is not that of a patch.
    authors : frozenset of str
        Keys of :func:`author_keys`: of the ``From:`` in the body if there is one.
    date_utc : str or None
        When it was posted, ISO 8601 with Z.
    author_utc : str or None
        The date that ``git am`` gives to the commit.
    patch_id : str or None
        ``git patch-id --stable``.
    revision : int
        N of ``vN``.
    counter : int or None
        N of ``N/M``.
    is_patch : bool
        False for a cover letter.
    posting : str
        Message-ID of the first mail of its conversation.
    upstream : str or None
        The hash of the commit that it says it is a backport of.
    is_notice : bool
        A tree's maintainer or robot tells that it has, or had, the patch.
    branch : str
        The release that it is for, of a subject like ``[PATCH 5.10 1/3]``; or empty.
    """

    message_id: str
    title: str
    authors: frozenset[str]
    date_utc: str | None
    author_utc: str | None = None
    patch_id: str | None = None
    revision: int = 1
    counter: int | None = None
    is_patch: bool = True
    posting: str = ""
    upstream: str | None = None
    is_notice: bool = False
    branch: str = ""


@dataclass(frozen=True, slots=True)
class KnownCommit:
    """What is compared of a commit; ``links`` and ``upstream`` are read from its message.

    ``patch_id`` is None where it was not computed; ``release`` is the first that has it,
    or empty.
    """

    sha: str
    subject: str
    author_name: str
    author_email: str
    author_utc: str | None
    committer_utc: str | None
    patch_id: str | None = None
    links: tuple[tuple[str, str], ...] = ()
    upstream: str | None = None
    is_merge: bool = False
    release: str = ""


def posted_mail(
    message_id: str,
    subject: str,
    name: str,
    email: str,
    date_utc: str | None,
    body: str,
    *,
    patch_id: str | None,
    is_reply: bool = False,
    posting: str = "",
    other_emails: tuple[str, ...] = (),
) -> PostedMail:
    r"""Read a mail as a posting.

    Parameters
    ----------
    message_id, subject : str
        Of its header; the subject decoded.
    name, email : str
        The author of the mail.
    date_utc : str or None
        ISO 8601 with Z.
    body : str
        The decoded body.
    patch_id : str or None
        Of its diff; None for a cover letter.
    is_reply : bool
        Whether the subject is a reply's: then it is no title of a patch.
    posting : str
        Message-ID of the first mail of the conversation.
    other_emails : tuple of str
        Further addresses of the author of the mail.

    Examples
    --------
    >>> body = "From: Ann Li <ann@example.org>\n\nIt leaks.\n---\n"
    >>> mail = posted_mail("1@x.org", "[PATCH v2 5.10 1/2] mm: don't leak", "Bo Xu", "bo@x.org",
    ...                    "2020-09-01T12:00:00Z", body, patch_id="5e38")
    >>> mail.title, sorted(mail.authors), mail.revision, mail.branch
    ("mm: don't leak", ['ann li', 'ann@example.org'], 2, '5.10')
    """
    parsed = parse_subject(subject)
    inside = in_body(body)
    authors: frozenset[str]
    if inside.email or inside.name:
        authors = author_keys(inside.name, inside.email)
    else:
        authors = author_keys(name, email) | {mailbox(one) for one in other_emails if one}
    title = "" if is_reply or parsed.is_reply else parsed.title
    words = [*parsed.prefixes, *parsed.list_prefixes]
    branches = [found[1] for word in words if (found := _BRANCH.fullmatch(word))]
    return PostedMail(
        message_id=message_id,
        title=inside.title or title,
        authors=authors,
        date_utc=date_utc,
        author_utc=inside.date_utc or date_utc,
        patch_id=patch_id,
        revision=parsed.revision,
        counter=parsed.counter,
        is_patch=patch_id is not None or (parsed.counter != 0 and parsed.is_patch),
        posting=posting or message_id,
        upstream=upstream_of(body),
        is_notice=bool(_NOTICE.search(subject) or _MERGED.search(body[:_HEAD])),
        branch=branches[0] if branches else "",
    )


def in_body(body: str) -> InBody:
    r"""Read the headers that stand at the top of a body, or below scissors.

    Parameters
    ----------
    body : str
        The decoded body.

    Returns
    -------
    InBody
        ``title`` is without its brackets.

    Examples
    --------
    >>> in_body("From: Ann <ann@example.org>\nSubject: [PATCH] mm: x\n\nWhy.\n")
    InBody(name='Ann', email='ann@example.org', title='mm: x', date_utc=None, start=51)
    >>> in_body("As you say.\n-- >8 --\nSubject: mm: y\n\nWhy.\n").title
    'mm: y'
    """
    start = 0
    scissors = _SCISSORS.search(body) if "8<" in body or ">8" in body else None
    for at in (scissors.end(), 0) if scissors else (0,):
        start = _LEADING.match(body, at).end()  # type: ignore[union-attr]
        said: dict[str, str] = {}
        while match := _HEADER.match(body, start):
            if match[1].lower() in said:
                break
            said[match[1].lower()] = " ".join(match[2].split())
            start = match.end()
        if said:
            break
    else:
        return InBody("", "", "", None, 0)
    raw = said.get("from", "").encode("utf-8", "replace").decode("latin-1")
    found = addresses(raw, "from", []) if raw else ()
    name, email = (found[0].name, found[0].email) if found else ("", "")
    when = moment(said["date"]) if "date" in said else None
    title = parse_subject(said["subject"]).title if "subject" in said else ""
    return InBody(name, email, title, when.utc if when else None, start)


@lru_cache(maxsize=16384)
def author_keys(name: str, email: str) -> frozenset[str]:
    """Return what two spellings of one person share: the mailbox, and the full name.

    Parameters
    ----------
    name, email : str
        As written; may be empty.

    Returns
    -------
    frozenset of str
        Empty where nothing tells one person from another; the address of a list that sends
        for somebody is nobody's.

    Examples
    --------
    >>> sorted(author_keys("Jané Q. Doe", "JD+lists@example.org"))
    ['jane doe', 'jd@example.org']
    """
    keys = set()
    if "@" in email and not is_relayed(name, email):
        keys.add(mailbox(email))
    words = full_name(name)
    if words:
        keys.add(" ".join(words))
    return frozenset(keys)


def named_by_git(message_id: str) -> str | None:
    """Return the beginning of the commit's hash that a program made a Message-ID of.

    Parameters
    ----------
    message_id : str
        Without brackets.

    Returns
    -------
    str or None
        40 digits of ``git format-patch --thread``, 12 of b4; None for any other.

    Examples
    --------
    >>> named_by_git("0b095585b1c3511c1fab42b9c7bf4e018f8faeee.1577125789.git.jan@example.org")
    '0b095585b1c3511c1fab42b9c7bf4e018f8faeee'
    >>> named_by_git("20230101-fix-leak-v2-1-0123456789ab@example.org")
    '0123456789ab'
    """
    found = _GIT_NAMED.match(message_id)
    return (found[1] or found[2]) if found else None
