r"""What the message of a commit says of other commits, of mails, bugs and people.

``Fixes:`` and ``Link:`` are claims of whoever wrote the message: nothing is looked up here.
A hash stays as long or short as written, a link to a mail becomes its Message-ID, since two
links are equal when these are.

References
----------
Linux Documentation/process/submitting-patches.rst and stable-kernel-rules.rst; the
provenance links are those that b4 writes (``https://patch.msgid.link/``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from threadkit.mail.links import parse_link
from threadkit.mail.spans import Spans

RelationKind = Literal[
    "fixes", "reverts", "backports", "cherry-picks", "depends", "cites", "links_discussion",
    "links_provenance", "links", "closes", "bug", "stable", "reported_by", "bisected_by",
    "tested_by", "suggested_by", "reviewed_by", "acked_by", "nacked_by", "signed_by",
    "developed_by", "analyzed_by", "thanks_by",
]  # fmt: skip
Target = Literal["commit", "message", "bug", "cve", "syzbot", "release", "person", "url"]
TrailerRow = tuple[str, str, str, str, int, int]
"""Name, value, kind, remark, start, stop: as the database has them."""
CitationRow = tuple[str, str, str, int, int]
"""Kind, value, title, start, stop: as the database has them."""

PROVENANCE_HOST = "patch.msgid.link"
"""Links to this host say which mail a commit was made from, not where it was discussed."""

_LINKS = frozenset({"link", "closes", "buglink", "bug", "references", "discussion", "message-id"})
_HASH = r"(?<![\w.-])[0-9a-f]{6,64}(?![\w@-])"
_FIXED = re.compile(
    rf"(?:commit[: ]\s*)?<?({_HASH})>?[,:]?\s*"
    r"(\((?:[^()]|\([^()]*\))*\)|\"[^\n]*\"|'[^\n]*'|\([^\n]*|[^,\n(]*)",
    re.IGNORECASE,
)
_MORE_REVERTED = re.compile(
    rf"This reverts commits?:?\s+({_HASH}(?:[\s,]+(?:and\s+)?{_HASH})+)", re.IGNORECASE
)
_HASHES = re.compile(_HASH)
_REVERT_TITLE = re.compile(r"Revert[: ]\s*[\"“](.*)[\"”]\s*\Z", re.IGNORECASE | re.DOTALL)
_SENTENCES: dict[str, tuple[RelationKind, str]] = {
    "Upstream-commit": ("backports", "commit X upstream"),
    "X-upstream": ("backports", "X-Upstream:"),
    "Cherry-picked-from": ("cherry-picks", "cherry picked from"),
    "Reverts": ("reverts", "This reverts"),
}
_ADDRESS = re.compile(r"([^<\n]*)<\s*([^<>\s@]+@[^<>\s@]+)\s*>|()([^<>\s@,;()\"]+@[^<>\s@,;()\"]+)")
_SYZBOT = re.compile(r"syzbot\+([0-9a-f]{12,40})@syzkaller\.appspotmail\.com", re.IGNORECASE)
_CVE = re.compile(r"CVE-\d{4}-\d{4,}")
_ROLE_WORDS = re.compile(r"[-_&]+")
_ROLES: dict[str, RelationKind] = {
    "reported": "reported_by", "noticed": "reported_by", "spotted": "reported_by",
    "found": "reported_by", "bisected": "bisected_by", "tested": "tested_by",
    "verified": "tested_by", "suggested": "suggested_by", "requested": "suggested_by",
    "reviewed": "reviewed_by", "acked": "acked_by", "nacked": "nacked_by", "nak": "nacked_by",
    "naked": "nacked_by", "signed": "signed_by", "developed": "developed_by",
    "codeveloped": "developed_by", "authored": "developed_by", "debugged": "analyzed_by",
    "analyzed": "analyzed_by", "analysed": "analyzed_by", "diagnosed": "analyzed_by",
    "thanks": "thanks_by",
}  # fmt: skip
_STABLE = "stable@"
_LINE = re.compile(
    r"^[ \t]{0,3}(Link|Closes|BugLink|Bug|References|Discussion|Message-I[dD])"
    r":[ \t]*(?:<?(https?://[^\s<>\"]+)|<?([^\s<>@/:]+@[^\s<>@/]+)>?[ \t]*$)",
    re.IGNORECASE,
)
_UPSTREAM = re.compile(
    r"^[ \t]*(?:[Cc]ommit ([0-9a-f]{7,64}) [Uu]pstream\b"
    r"|\[\s*[Uu]pstream commit ([0-9a-f]{7,64})[^\n\]]*\]"
    r"|\(cherry[ -]picked from commit ([0-9a-f]{7,64})[^\n)]*\))",
    re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Relation:
    """One thing that the message of a commit says of something else.

    Attributes
    ----------
    kind : str
        ``fixes``, ``reverts``, ``backports``, ``cherry-picks``, ``depends`` and ``cites``
        are of commits; ``links_discussion`` and ``links_provenance`` of mails; ``closes``,
        ``bug`` and ``links`` of whatever ``target`` says; ``stable`` of the releases that
        need it; ``reported_by`` and the like of people.
    target : {'commit', 'message', 'bug', 'cve', 'syzbot', 'release', 'person', 'url'}
        What ``value`` names.
    value : str
        A hash as written, lower case; a Message-ID; the URL of a bug; an address, or a
        name where there is none; releases as written. Empty for a revert that gives but a
        title, and for a ``stable`` that names no release.
    title : str
        The title that was written with a commit, or the name with an address.
    rule : str
        What was read: the trailer's name with its colon, or the sentence.
    start, stop : int
        Characters of the message; 0, 0 for what only the subject says.
    """

    kind: RelationKind
    target: Target
    value: str
    title: str
    rule: str
    start: int
    stop: int


def relations(
    trailers: Sequence[TrailerRow],
    citations: Sequence[CitationRow] = (),
    subject: str = "",
    body: str = "",
) -> list[Relation]:
    r"""Say what a commit's trailers and citations mean.

    Parameters
    ----------
    trailers, citations : sequence of tuples
        Of its message, in the order of the text; they may be those of a mail as well.
    subject : str
        Its title, which may revert another one.
    body : str
        The message behind the title; only read for reverts of several commits.

    Returns
    -------
    list of Relation
        In the order of the text. What is said twice comes twice, with its own span.

    Examples
    --------
    >>> rows = [("Fixes", '54a4f0239f2e ("mm: x")', "reference", "", 0, 33),
    ...         ("Link", "https://lore.kernel.org/r/1@example.org", "reference", "", 34, 79),
    ...         ("Reported-and-tested-by", "Ann <ann@example.org>", "person", "", 80, 125)]
    >>> for one in relations(rows):
    ...     print(one.kind, one.target, one.value, one.title, sep="|")
    fixes|commit|54a4f0239f2e|mm: x
    links_discussion|message|1@example.org|
    reported_by|person|ann@example.org|Ann
    tested_by|person|ann@example.org|Ann

    Notes
    -----
    Sorts the rows, else linear. ``Fixes:`` says what a commit repairs; that this ends a
    regression it does not say.
    """
    found: list[Relation] = []
    for row in trailers:
        found += _of_trailer(row)
    spans = Spans((start, stop) for *_, start, stop in trailers)
    for match in _MORE_REVERTED.finditer(body):
        for sha in _HASHES.finditer(body, match.start(1), match.end(1)):
            if not spans.hold(match.start(), sha.end()):
                found.append(_commit("reverts", sha[0], "", "This reverts", *sha.span()))
    told = {(one.start, one.stop) for one in found}
    for kind, value, title, start, stop in citations:
        if not spans.hold(start, stop) and (start, stop) not in told:
            found += _of_citation(kind, value, title, start, stop)
    found = _once(found)
    said = _REVERT_TITLE.match(subject.strip())
    if said and not any(one.kind == "reverts" for one in found):
        found.insert(0, Relation("reverts", "commit", "", said[1].strip(), "subject", 0, 0))
    return found


def _once(found: list[Relation]) -> list[Relation]:
    """Sort by place, and drop a commit cited where a stronger word was said of it."""
    found.sort(key=lambda one: (one.start, one.stop))
    strong = {one.value[:12] for one in found if one.kind == "reverts"}
    return [
        one for one in found
        if not (one.kind == "cites" and one.value[:12] in strong)
    ]  # fmt: skip


def _of_trailer(row: TrailerRow) -> Iterator[Relation]:
    name, value, kind, extinfo, start, stop = row
    lower = name.lower()
    if name in _SENTENCES:
        of, rule = _SENTENCES[name]
        for sha in _HASHES.findall(value.lower()):
            yield _commit(of, sha, "", rule, start, stop)
    elif lower == "fixes":
        yield from _of_fixes(value, start, stop)
    elif lower in _LINKS:
        yield from _of_link(lower, name, value, start, stop)
    elif lower in ("depends-on", "based-on", "prerequisite-message-id"):
        yield from _of_dependence(name, value, start, stop)
    elif lower == "cc":
        if _STABLE in value:
            yield from _of_stable(extinfo, start, stop)
    elif kind == "person":
        yield from _of_person(lower, name, value, start, stop)
    elif lower.startswith("cve"):
        for cve in _CVE.findall(value):
            yield Relation("bug", "cve", cve, "", f"{name}:", start, stop)


def _commit(kind: RelationKind, sha: str, title: str, rule: str, start: int, stop: int) -> Relation:
    return Relation(kind, "commit", sha.lower(), title, rule, start, stop)


def _of_fixes(value: str, start: int, stop: int) -> Iterator[Relation]:
    """Read ``Fixes: HASH ("title")`` in all the ways it is written."""
    if "://" in value:
        target, name = _behind(value)
        yield Relation("fixes", target, name, "", "Fixes:", start, stop)
        return
    at, count = 0, 0
    while match := _FIXED.match(value, at):
        yield _commit("fixes", match[1], _title(match[2]), "Fixes:", start, stop)
        count += 1
        rest = value[match.end() :]
        at = match.end() + len(rest) - len(rest.lstrip(" ,;&"))
    if not count:
        for cve in _CVE.findall(value):
            yield Relation("fixes", "cve", cve, "", "Fixes:", start, stop)


def _title(written: str) -> str:
    """Take the parentheses and quotes from a title, once each."""
    text = " ".join(written.split())
    if text.startswith("("):
        text = text[1:].removesuffix(")").strip()
    for mark in ('"', "'"):
        if text.startswith(mark):
            return text[1:].removesuffix(mark).strip()
    return text.strip(" -")


def _of_link(lower: str, name: str, value: str, start: int, stop: int) -> Iterator[Relation]:
    words = value.split()
    if not words:
        return
    first = words[0].strip("<>")
    target: Target
    if lower == "message-id":
        target, first = _behind(first) if "://" in first else ("message", first)
        if target == "message" and "@" in first:
            yield Relation("links_provenance", "message", first, "", f"{name}:", start, stop)
        return
    if "://" not in first:
        for cve in _CVE.findall(value):
            yield Relation("bug", "cve", cve, "", f"{name}:", start, stop)
        return
    target, what = _behind(first)
    kind: RelationKind = "links"
    if lower == "closes":
        kind = "closes"
    elif target == "message":
        is_source = f"//{PROVENANCE_HOST}/" in first.lower()
        kind = "links_provenance" if is_source else "links_discussion"
    elif target in ("bug", "syzbot"):
        kind = "bug"
    yield Relation(kind, target, what, "", f"{name}:", start, stop)


def _behind(url: str) -> tuple[Target, str]:
    """Say what stands behind the first URL of a text."""
    written = next(word for word in url.split() if "://" in word).strip("<>()\"',;")
    link = parse_link(written)
    return link.kind, link.value


def _of_dependence(name: str, value: str, start: int, stop: int) -> Iterator[Relation]:
    rule = f"{name}:"
    if "://" in value:
        target, what = _behind(value)
        yield Relation("depends", target, what, "", rule, start, stop)
    elif match := _FIXED.match(value):
        yield _commit("depends", match[1], _title(match[2]), rule, start, stop)
    elif "@" in value:
        message_id = value.split()[0].strip("<>")
        yield Relation("depends", "message", message_id, "", rule, start, stop)


def _of_stable(remark: str, start: int, stop: int) -> Iterator[Relation]:
    """Read ``Cc: stable # 3.3.x: a1f84a3: title``: the releases, and what has to go before."""
    rule = "Cc: stable"
    remark = remark.split("\n")[0].strip()
    sha = _HASHES.search(remark.lower())
    releases = remark[: sha.start()].strip(" :,") if sha else remark
    yield Relation("stable", "release", releases, "", rule, start, stop)
    if sha:
        title = remark[sha.end() :].strip(" :,")
        yield _commit("depends", sha[0], title, rule, start, stop)


def _of_person(lower: str, name: str, value: str, start: int, stop: int) -> Iterator[Relation]:
    """Read ``Reported-and-tested-by:``, which is two roles of one person."""
    if lower == "signed-off-by":
        words = ["signed"]
    elif lower in ("co-developed-by", "co-authored-by"):
        words = ["developed"]
    else:
        words = _ROLE_WORDS.split(lower)
    rule = f"{name}:"
    found = _ADDRESS.search(value)
    email = (found[2] or found[4]) if found else value
    person = (found[1] or "").strip().strip("\"'").strip() if found else ""
    for word in dict.fromkeys(words):
        if word in _ROLES:
            yield Relation(_ROLES[word], "person", email, person, rule, start, stop)
    if bug := _SYZBOT.search(value):
        yield Relation("bug", "syzbot", bug[1].lower(), "", rule, start, stop)


def _of_citation(kind: str, value: str, title: str, start: int, stop: int) -> Iterator[Relation]:
    if kind == "commit":
        yield _commit("cites", value, title, "prose", start, stop)
    elif kind == "message":
        yield Relation("links_discussion", "message", value, "", "prose", start, stop)
    elif kind == "bug":
        yield Relation("bug", "bug", value, "", "prose", start, stop)
    elif kind == "syzbot":
        yield Relation("bug", "syzbot", value, "", "prose", start, stop)
    elif kind == "cve":
        yield Relation("bug", "cve", value, "", "prose", start, stop)


def message_links(body: str) -> tuple[tuple[str, str], ...]:
    r"""Find the mails that the trailers of a message link to, quickly.

    Parameters
    ----------
    body : str
        The message of a commit.

    Returns
    -------
    tuple of (str, str)
        ``provenance``, ``link`` or ``closes``, and a Message-ID; each pair once, in order.

    Examples
    --------
    >>> message_links("Why.\n\nLink: https://patch.msgid.link/1@example.org\n"
    ...               "Closes: https://lore.kernel.org/all/2@example.org/T/#u\n")
    (('provenance', '1@example.org'), ('closes', '2@example.org'))

    Notes
    -----
    For whole histories: the same mails as the relations of kind ``links_provenance``,
    ``links_discussion`` and ``closes`` that come from trailers.
    """
    if "@" not in body and "%40" not in body:
        return ()
    found: dict[tuple[str, str], None] = {}
    for line in body.split("\n"):  # far faster than a search of the whole
        match = _LINE.match(line) if "@" in line or "%40" in line else None
        if match is None:
            continue
        label, url, written = match[1].lower(), match[2], match[3]
        if written is not None:
            if label == "message-id":
                found["provenance", written] = None
            continue
        if "@" not in url and "%40" not in url:
            continue
        link = parse_link(url.rstrip("'),;"))
        if link.kind != "message":
            continue
        if label == "closes":
            found["closes", link.value] = None
        elif label == "message-id" or f"//{PROVENANCE_HOST}/" in url.lower():
            found["provenance", link.value] = None
        else:
            found["link", link.value] = None
    return tuple(found)


def upstream_of(body: str) -> str | None:
    r"""Return the hash of the commit that a message says it is a copy of.

    Parameters
    ----------
    body : str
        The message of a commit, or a mail that posts one.

    Returns
    -------
    str or None
        As written; the first, if there are several.

    Examples
    --------
    >>> upstream_of("commit 54a4f0239f2e98bc0842818f611a4cf73bb7dd35 upstream.\n\nWhy.")
    '54a4f0239f2e98bc0842818f611a4cf73bb7dd35'
    >>> upstream_of("See commit 54a4f0239f2e upstream.") is None
    True
    """
    if "pstream" not in body and "cherry" not in body:
        return None
    found = _UPSTREAM.search(body)
    return next(filter(None, found.groups())) if found else None
