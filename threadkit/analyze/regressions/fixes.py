"""The fixes of a regression: what was named, posted and merged, each once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field

from threadkit.analyze.regressions.commit_names import CommitNames
from threadkit.analyze.regressions.facts import CommitFacts, MailLink, MailSignals
from threadkit.analyze.regressions.passages import is_trial
from threadkit.analyze.regressions.regression import Culprit, Event, Fix
from threadkit.analyze.regressions.regzbot_states import Tree
from threadkit.commits.releases import parse_release
from threadkit.mail.subject import parse_subject

_SURE = 0.6
_HINT = 0.55  # below it prose only mentions a patch
_LATE = "9999"


@dataclass(frozen=True)
class Known:
    """What there is to look fixes up in.

    Attributes
    ----------
    commits : mapping of str to CommitFacts
        By whole hash.
    names : CommitNames
        To bring hashes to one name.
    became : mapping of str to str
        Message-ID of a patch to the hash of its commit.
    by_title : mapping of str to sequence of str
        Title in normal form to hashes; backports are left out.
    backports, reverts, fixing : mapping of str to sequence of str
        A commit's one name to the hashes of commits that bring it elsewhere, undo it, or
        name it in ``Fixes:``.
    mails : mapping of str to MailSignals
        By Message-ID.
    """

    commits: Mapping[str, CommitFacts]
    names: CommitNames
    became: Mapping[str, str]
    by_title: Mapping[str, Sequence[str]]
    backports: Mapping[str, Sequence[str]]
    reverts: Mapping[str, Sequence[str]]
    fixing: Mapping[str, Sequence[str]]
    mails: Mapping[str, MailSignals] = field(default_factory=dict)


def known(
    commits: Iterable[CommitFacts],
    names: CommitNames,
    links: Iterable[MailLink],
    mails: Mapping[str, MailSignals],
) -> Known:
    """Prepare looking fixes up.

    Parameters
    ----------
    commits : iterable of CommitFacts
        All that are known.
    names : CommitNames
        To bring hashes to one name.
    links : iterable of MailLink
        Which mails became which commits.
    mails : mapping of str to MailSignals
        By Message-ID.
    """
    by_sha = {one.sha: one for one in sorted(commits, key=lambda one: one.sha)}
    by_title: dict[str, list[str]] = defaultdict(list)
    backports: dict[str, list[str]] = defaultdict(list)
    reverts: dict[str, list[str]] = defaultdict(list)
    fixing: dict[str, list[str]] = defaultdict(list)
    for commit in by_sha.values():
        originals = commit.values("backports")
        for name in originals:
            backports[names.key(name)].append(commit.sha)
        for name in commit.values("reverts"):
            reverts[names.key(name)].append(commit.sha)
        if not originals:
            by_title[title_key(commit.subject)].append(commit.sha)
            for key in dict.fromkeys(map(names.key, commit.values("fixes"))):
                fixing[key].append(commit.sha)
    became = {one.message_id: one.sha for one in links if one.kind == "becomes"}
    return Known(by_sha, names, became, by_title, backports, reverts, fixing, mails)


def title_key(title: str) -> str:
    """Bring a title to the form in which it is compared.

    Examples
    --------
    >>> title_key("Re: [PATCH v2] mm: Don't  move") == title_key("mm: dont move")
    True
    """
    return " ".join(parse_subject(title).title.lower().replace("'", "").split())


@dataclass
class _Found:
    """A fix while its mentions are gathered."""

    events: list[Event] = field(default_factory=list)
    sha: str | None = None
    name: str = ""
    title: str = ""
    mails: dict[str, str | None] = field(default_factory=dict)


def fixes_of(
    events: Sequence[Event], culprits: Sequence[Culprit], known: Known, *, tracked: bool
) -> list[Fix]:
    """Gather the fixes that events name.

    Parameters
    ----------
    events : sequence of Event
        Of one regression, in order of time.
    culprits : sequence of Culprit
        Of the same.
    known : Known
        Commits and mails.
    tracked : bool
        Then the newest command that names a fix takes the place of those before.

    Returns
    -------
    list of Fix
        Those that close it first, then by date.
    """
    found: dict[str, _Found] = {}
    titles = {_passage(one): one.value for one in events if one.detail == "title"}
    blamed = {known.names.key(one.value) for one in events if one.kind == "culprit"}
    for event in events:
        if event.kind not in ("fix", "closes") or not event.value:
            continue
        if event.source == "prose" and (
            event.score < _HINT or known.names.key(event.value) in blamed
        ):
            continue  # "reverting X fixes it" names the cause
        if event.source == "prose" and _is_older(event, culprits, known):
            continue  # it fixed what the culprit broke again
        if event.detail == "mail" and _is_only_tried(event.value, known):
            continue
        _gather(event, found, known, titles)
    commands = [e for e in events if e.kind == "fix" and e.source == "command"]
    last = commands[-1] if commands else None
    landed = {one.message_id or "" for one in events if one.kind == "landed"}
    made = [_fix(one, culprits, known, last, landed, tracked=tracked) for one in found.values()]
    aimed = _aimed(events, culprits, known)
    return sorted(
        made,
        key=lambda one: (
            not one.closes, one.message_id not in aimed,
            one.posted_utc or one.merged_utc or _LATE, one.name,
        ),
    )  # fmt: skip


def _aimed(events: Iterable[Event], culprits: Sequence[Culprit], known: Known) -> set[str]:
    """Return the patches whose trailers name the culprit."""
    causes = {known.names.key(one.name) for one in culprits}
    return {
        one.message_id
        for one in events
        if one.kind == "culprit" and one.source == "trailer" and one.message_id
        and known.names.key(one.value) in causes
    }  # fmt: skip


def _is_older(event: Event, culprits: Sequence[Culprit], known: Known) -> bool:
    """Tell whether a named commit was released before every culprit."""
    sha = known.names.resolve(event.value).sha if event.detail == "commit" else None
    made = [known.commits.get(name or "") for name in (sha, *(one.sha for one in culprits))]
    fix, *causes = [parse_release(one.release or "") if one else None for one in made]
    return bool(fix and causes) and all(bool(fix and one and fix < one) for one in causes)


def _passage(event: Event) -> tuple[str | None, int, int]:
    return event.message_id, event.start, event.stop


def _is_only_tried(message_id: str, known: Known) -> bool:
    """Tell an answer, with a diff to be tried or without, from a patch that is posted."""
    mail = known.mails.get(message_id)
    return mail is not None and (not mail.is_patch or is_trial(mail))


def _gather(
    event: Event,
    found: dict[str, _Found],
    known: Known,
    titles: Mapping[tuple[str | None, int, int], str],
) -> None:
    """Add what an event names to the fix that it is; one passage may give hash and title."""
    sha, title, mail = None, "", None
    if event.detail == "commit":
        sha = known.names.resolve(event.value).sha
        title = titles.get(_passage(event), "")
    elif event.detail == "mail":
        mail = known.mails.get(event.value)
        sha = known.became.get(event.value)
        title = mail.subject if mail else ""
    else:
        title = event.value
        shas = known.by_title.get(title_key(title), ())
        sha = shas[0] if len(shas) == 1 else None
    commit = known.commits.get(sha or "")
    title = commit.subject if commit else title
    key = title_key(title) if title else (sha or known.names.key(event.value))
    one = found.setdefault(key, _Found())
    one.events.append(event)
    one.sha = one.sha or sha
    one.title = (commit.subject if commit else "") or one.title or parse_subject(title).title
    if event.detail == "commit":
        one.name = one.name or known.names.key(event.value)
    if event.detail == "mail":
        one.mails[event.value] = mail.date_utc if mail else event.utc


def _fix(
    one: _Found, culprits: Sequence[Culprit], known: Known, last: Event | None,
    landed: Set[str], *, tracked: bool,
) -> Fix:  # fmt: skip
    """Make the value, and say how far the fix has come."""
    commit = known.commits.get(one.sha or "")
    posted = min(one.mails.items(), key=lambda row: (row[1] or _LATE, row[0]), default=None)
    best = max(one.events, key=lambda event: (_weight(event), event.score, event.utc or ""))
    name = (commit.sha if commit else "") or one.sha or one.name
    name = name or (posted[0] if posted else one.title)
    undone = any(known.commits[sha].mainline != "no" for sha in known.reverts.get(name, ()))
    commands = [event for event in one.events if event.source == "command"]
    status = "proposed" if one.mails else "named"
    if commit:
        in_tree = is_in_tree(commit, culprits, known)
        status = "undone" if undone else "merged" if in_tree else "committed"
    elif tracked and commands and last is not None and last not in one.events:
        status = "superseded"
    return Fix(
        name=name,
        sha=commit.sha if commit else None,
        message_id=posted[0] if posted else None,
        title=one.title,
        status=status,
        release=(commit.release or "") if commit else "",
        mainline=commit.mainline if commit else "",
        posted_utc=posted[1] if posted else None,
        merged_utc=commit.committer_utc if commit else None,
        closes=_closes(one.events, commit, culprits, known, landed, tracked=tracked),
        rule=best.rule,
        score=best.score,
        backports=tuple(known.backports.get(name, ())),
    )


def _weight(event: Event) -> int:
    """Order what names a fix by how much it says."""
    if event.kind == "closes":
        return 4 if event.sha else 3
    return {"command": 2, "curated": 2, "trailer": 1}.get(event.source, 0)


def _closes(
    events: Iterable[Event], commit: CommitFacts | None, culprits: Sequence[Culprit],
    known: Known, landed: Set[str], *, tracked: bool,
) -> bool:  # fmt: skip
    """Tell a fix that ends the regression once it is merged from one that is only talked of.

    What names the report does, what a command or a curated fact names, and a commit that a
    mail names and says to be in a tree. For a
    regression that nobody tracks, prose that names the commit is enough, and a patch of
    the conversation that became a commit which names the culprit.
    """
    causes = {known.names.key(one.name) for one in culprits}
    for event in events:
        if event.kind == "closes" or event.source in ("command", "curated"):
            return True
        if event.detail == "commit" and event.message_id in landed and event.score >= _SURE:
            return True
        if tracked:
            continue
        if event.detail == "commit" and event.score >= _SURE:
            return True
        if commit and causes & {known.names.key(x) for x in commit.values("fixes", "reverts")}:
            return True
    return False


def is_in_tree(commit: CommitFacts, culprits: Sequence[Culprit], known: Known) -> bool:
    """Tell whether a commit is known to be in the tree that has the culprit.

    Parameters
    ----------
    commit : CommitFacts
        The fix.
    culprits : sequence of Culprit
        What it fixes.
    known : Known
        Commits.

    Notes
    -----
    The culprit of a stable branch that is no mainline commit is fixed there, by a commit of
    the same branch; any other is fixed by a commit of the mainline.
    """
    causes = [known.commits[one.sha] for one in culprits if one.sha and one.sha in known.commits]
    if not causes or any(tree_of(x.mainline, x.release or "") != "stable" for x in causes):
        return commit.mainline == "yes"
    branches = {branch_of(one.release) for one in causes}
    return commit.mainline == "no" and branch_of(commit.release) in branches - {None}


def tree_of(mainline: str, release: str) -> Tree:
    """Say in which tree a commit is.

    Parameters
    ----------
    mainline : str
        yes, no, not checked.
    release : str
        The first release that has it; may be empty.

    Returns
    -------
    {'', 'next', 'mainline', 'stable'}
        ``next`` for a commit that is not in mainline nor in a release; empty if it was not
        looked up.

    Examples
    --------
    >>> tree_of("yes", "v5.9"), tree_of("no", "v5.9.3"), tree_of("not checked", "")
    ('mainline', 'stable', '')
    """
    if mainline == "yes":
        return "mainline"
    if mainline != "no":
        return ""
    return "stable" if release else "next"


def branch_of(release: str | None) -> tuple[int, ...] | None:
    """Return the numbers of the stable branch that a release is of; None for the mainline.

    Examples
    --------
    >>> branch_of("v5.15.12"), branch_of("v5.15")
    ((5, 15), None)
    """
    parsed = parse_release(release) if release else None
    return None if parsed is None or parsed.is_mainline_name else parsed.numbers[:-1]
