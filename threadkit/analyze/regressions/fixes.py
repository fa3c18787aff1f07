"""The fixes of a regression: what was named, posted and merged, each once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field

from threadkit.analyze.regressions.commit_names import CommitNames
from threadkit.analyze.regressions.facts import CommitFacts, MailLink, MailSignals
from threadkit.analyze.regressions.passages import is_trial
from threadkit.analyze.regressions.regression import Culprit, Event, Fix, days
from threadkit.analyze.regressions.reverts import Undoing, undoing
from threadkit.analyze.regressions.trees import is_in_tree
from threadkit.commits.releases import parse_release
from threadkit.commits.titles import title_key
from threadkit.mail.subject import parse_subject

_SURE = 0.6
_HINT = 0.55  # below it prose only mentions a patch
_LATE = "9999"
_PRIVATE_DAYS = 60  # a report may have been made in private before it was mailed
_PLACES = {"merged": 0, "committed": 1, "superseded": 3, "undone": 3}


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
        Message-ID of a patch to the hash of its commit, where there is one answer.
    undecided : mapping of str to sequence of str
        Message-ID of a patch to the hashes of several commits, each of which it may be.
    by_title : mapping of str to sequence of str
        Title in normal form to hashes; backports are left out.
    backports, reverts, fixing : mapping of str to sequence of str
        A commit's one name to the hashes of commits that bring it elsewhere, undo it, or
        name it in ``Fixes:``.
    mails : mapping of str to MailSignals
        By Message-ID.
    undoing : Undoing
        What reverts have done.
    """

    commits: Mapping[str, CommitFacts]
    names: CommitNames
    became: Mapping[str, str]
    by_title: Mapping[str, Sequence[str]]
    backports: Mapping[str, Sequence[str]]
    reverts: Mapping[str, Sequence[str]]
    fixing: Mapping[str, Sequence[str]]
    mails: Mapping[str, MailSignals] = field(default_factory=dict)
    undecided: Mapping[str, Sequence[str]] = field(default_factory=dict)
    undoing: Undoing = field(default_factory=Undoing)

    def candidates(self, fix: Fix) -> Sequence[str]:
        """Return the commits of which a fix may be any, as nothing tells which.

        Parameters
        ----------
        fix : Fix
            Any.

        Returns
        -------
        sequence of str
            Whole hashes; none for a fix whose commit is known, or wholly unknown.
        """
        if fix.sha is not None:
            return ()
        found = self.undecided.get(fix.message_id or "", ())
        return found or self.by_title.get(title_key(fix.title), ())


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
    became, undecided = _became(links, by_sha)
    undone = undoing(by_sha, {name: found for name, found in reverts.items() if name in by_sha})
    return Known(
        by_sha, names, became, by_title, backports, reverts, fixing, mails, undecided, undone
    )


def _became(
    links: Iterable[MailLink], commits: Mapping[str, CommitFacts]
) -> tuple[dict[str, str], dict[str, Sequence[str]]]:
    """Say what each patch became: by the best link, of equal ones that into the mainline."""
    found: dict[str, dict[str, float]] = defaultdict(dict)
    for link in links:
        if link.kind == "becomes":
            scores = found[link.message_id]
            scores[link.sha] = max(link.score, scores.get(link.sha, 0.0))
    became: dict[str, str] = {}
    undecided: dict[str, Sequence[str]] = {}
    for message_id, scores in found.items():
        best = sorted(sha for sha, score in scores.items() if score == max(scores.values()))
        known = [commits[sha] for sha in best if sha in commits]
        upstream = [one.sha for one in known if one.mainline == "yes"]
        if len(best) == 1 or len(upstream) == 1:
            became[message_id] = (upstream if len(best) > 1 else best)[0]
        else:
            undecided[message_id] = tuple(best)
    return became, undecided


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
        Those that close it first, of these the merged; then by date. Last what was undone
        or replaced.
    """
    found: dict[str, _Found] = {}
    titles = {_passage(one): one.value for one in events if one.detail == "title"}
    causes = causes_of(culprits, known)
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
        _gather(event, found, known, titles, causes)
    found = _joined(found, known)
    commands = [e for e in events if e.kind == "fix" and e.source == "command"]
    last = commands[-1] if commands else None
    landed = {one.message_id or "" for one in events if one.kind == "landed"}
    reported = [e.utc for e in events if e.kind in ("report", "tracked") and e.utc]
    begin = min(reported, default=None)
    made = [
        _fix(one, culprits, known, last, landed, begin, tracked=tracked) for one in found.values()
    ]
    aimed = _aimed(events, culprits, known)
    return sorted(
        made,
        key=lambda one: (
            _PLACES.get(one.status, 2) == _PLACES["undone"], not one.closes,
            _PLACES.get(one.status, 2), one.message_id not in aimed,
            one.posted_utc or one.merged_utc or _LATE, one.name,
        ),
    )  # fmt: skip


def causes_of(culprits: Iterable[Culprit], known: Known) -> list[CommitFacts]:
    """Return the commits that are held to have caused it, as far as they are known here.

    Parameters
    ----------
    culprits : iterable of Culprit
        Of one regression.
    known : Known
        Commits.
    """
    return [known.commits[one.sha] for one in culprits if one.sha and one.sha in known.commits]


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
    """Tell whether a named commit was released, or applied, before every culprit."""
    sha = known.names.resolve(event.value).sha if event.detail == "commit" else None
    made = [known.commits.get(name or "") for name in (sha, *(one.sha for one in culprits))]
    fix, *causes = made
    return bool(fix and causes) and all(fix and one and _came_first(fix, one) for one in causes)


def _came_first(one: CommitFacts, other: CommitFacts) -> bool:
    """Tell whether a commit was there before another; False if nobody knows."""
    mine, theirs = parse_release(one.release or ""), parse_release(other.release or "")
    if mine is not None and theirs is not None and mine != theirs:
        return mine < theirs
    return (one.committer_utc or _LATE) < (other.committer_utc or "")


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
    causes: Sequence[CommitFacts],
) -> None:
    """Add what an event names to the fix that it is; one passage may give hash and title.

    Each commit is a fix by itself, as one that was undone may be applied anew.
    """
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
        if len(shas) > 1:  # the one that is where it is wanted
            shas = [one for one in shas if is_in_tree(known.commits[one], causes)]
        sha = shas[0] if len(shas) == 1 else None
    commit = known.commits.get(sha or "")
    title = commit.subject if commit else title
    key = sha or (title_key(title) if title else known.names.key(event.value))
    one = found.setdefault(key, _Found())
    one.events.append(event)
    one.sha = one.sha or sha
    one.title = (commit.subject if commit else "") or one.title or parse_subject(title).title
    if event.detail == "commit":
        one.name = one.name or known.names.key(event.value)
    if event.detail == "mail":
        one.mails[event.value] = mail.date_utc if mail else event.utc


def _joined(found: dict[str, _Found], known: Known) -> dict[str, _Found]:
    """Join what is known by its title only to the commit with that title."""
    committed: dict[str, list[_Found]] = defaultdict(list)
    for one in found.values():
        if one.sha:
            committed[title_key(one.title)].append(one)
    left = {}
    for key, one in found.items():
        same = committed.get(title_key(one.title), []) if one.title and not one.sha else []
        if not same:
            left[key] = one
            continue
        first = min(same, key=lambda each: _applied(each, known))
        first.events += one.events
        first.mails.update(one.mails)
    return left


def _applied(one: _Found, known: Known) -> tuple[str, str]:
    commit = known.commits.get(one.sha or "")
    return (commit.committer_utc if commit else None) or _LATE, one.sha or ""


def _fix(
    one: _Found, culprits: Sequence[Culprit], known: Known, last: Event | None,
    landed: Set[str], begin: str | None, *, tracked: bool,
) -> Fix:  # fmt: skip
    """Make the value, and say how far the fix has come."""
    commit = known.commits.get(one.sha or "")
    posted = min(one.mails.items(), key=lambda row: (row[1] or _LATE, row[0]), default=None)
    final = sorted(mail for mail in one.mails if one.sha and known.became.get(mail) == one.sha)
    best = max(one.events, key=lambda event: (_weight(event), event.score, event.utc or ""))
    name = (commit.sha if commit else "") or one.sha or one.name
    name = name or (posted[0] if posted else one.title)
    causes = causes_of(culprits, known)
    commands = [event for event in one.events if event.source == "command"]
    status = "proposed" if one.mails else "named"
    if commit:
        in_tree = is_in_tree(commit, causes)
        undone = commit.sha in known.undoing.undone
        status = "undone" if undone else "merged" if in_tree else "committed"
    elif tracked and commands and last is not None and last not in one.events:
        status = "superseded"
    return Fix(
        name=name,
        sha=commit.sha if commit else None,
        message_id=final[-1] if final else posted[0] if posted else None,
        title=one.title,
        status=status,
        release=(commit.release or "") if commit else "",
        mainline=commit.mainline if commit else "",
        posted_utc=posted[1] if posted else None,
        merged_utc=commit.committer_utc if commit else None,
        closes=_closes(one.events, commit, culprits, known, landed, begin, tracked=tracked),
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
    known: Known, landed: Set[str], begin: str | None, *, tracked: bool,
) -> bool:  # fmt: skip
    """Tell a fix that ends the regression once it is merged from one that is only talked of.

    What names the report does, what a command or a curated fact names, and a commit that a
    mail names and says to be in a tree. For a
    regression that nobody tracks, prose that names the commit is enough, and a patch of
    the conversation that became a commit which names the culprit. A commit that was
    applied before the report was written cannot mean it, whatever it names.
    """
    causes = {known.names.key(one.name) for one in culprits}
    is_early = commit is not None and _is_before(commit.committer_utc, begin)
    for event in events:
        if event.source in ("command", "curated"):
            return True
        if is_early:
            continue
        if event.kind == "closes":
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


def _is_before(utc: str | None, begin: str | None) -> bool:
    """Tell whether one date is before another by more than mails may take."""
    return bool(utc and begin) and days(utc or "", begin or "") > _PRIVATE_DAYS
