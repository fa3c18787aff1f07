"""Which tracked regression a command, a mail or a commit belongs to, and what is a duplicate."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from threadkit.analyze.regressions.regzbot import message_of
from threadkit.analyze.regressions.regzbot_states import Step, Tracked, Tree, apply

QUIET = frozenset({"poke", "ignore-activity", "backmonitor"})
"""Commands whose mail is no activity."""

_ANYWHERE = frozenset({"introduced", "duplicate", "use", "backmonitor"})
_ORDER: Mapping[str, int] = {"backmonitor": 0, "introduced": 1, "poke": 3}
_HASH = re.compile(r"[0-9a-f]{7,40}")


@dataclass(frozen=True, slots=True)
class TrackedMail:
    """A mail as the tracker needs it.

    Attributes
    ----------
    message_id : str
        Without brackets.
    parent : str or None
        What it answers.
    root : str
        The first mail of its conversation.
    utc : str or None
        ISO 8601 with Z.
    subject : str
        Decoded.
    commands : sequence of (str, str)
        Canonical names and values in normal form, in the order of the text.
    closes : sequence of str
        What its ``Closes:`` and ``Link:`` trailers name: Message-IDs.
    mentions : sequence of str
        Message-IDs that it links in passing.
    """

    message_id: str
    parent: str | None
    root: str
    utc: str | None
    subject: str = ""
    commands: Sequence[tuple[str, str]] = ()
    closes: Sequence[str] = ()
    mentions: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class TrackedCommit:
    """A commit as the tracker needs it: ``closes`` are Message-IDs, ``fixes`` hashes."""

    sha: str
    subject: str
    utc: str | None
    tree: Tree
    closes: Sequence[str] = ()
    fixes: Sequence[str] = ()


class Tracker:
    """All tracked regressions; mails and commits are taken in order of time.

    Parameters
    ----------
    dates : mapping of str to str
        Dates of reports by Message-ID, for those that commands name before they are seen.

    Examples
    --------
    >>> tracker = Tracker({})
    >>> commands = [("introduced", "v6.1..v6.2"), ("poke", "")]
    >>> tracker.take(TrackedMail("a@example.org", None, "a@example.org", None, "", commands))
    >>> tracker["a@example.org"].introduced
    'v6.1..v6.2'
    """

    def __init__(self, dates: Mapping[str, str]) -> None:
        self.ignored: list[tuple[TrackedMail, str]] = []
        self._dates = dict(dates)
        self._tracked: dict[str, Tracked] = {}
        self._owner: dict[str, str] = {}  # report or monitored mail: the report
        self._parent: dict[str, str | None] = {}

    def __getitem__(self, report: str) -> Tracked:
        return self._tracked[report]

    def __iter__(self) -> Iterator[Tracked]:
        return iter(self._tracked.values())

    def head(self, report: str) -> str:
        """Follow duplicates to the oldest report.

        Parameters
        ----------
        report : str
            One that is tracked.

        Returns
        -------
        str
            Itself if it is no duplicate.
        """
        while older := self._tracked[report].duplicate_of:
            report = older
        return report

    def owner(self, message_id: str, root: str = "") -> str | None:
        """Say which report a mail belongs to.

        Parameters
        ----------
        message_id, root : str
            The mail and the first one of its conversation, for where mails between the two
            are missing.

        Returns
        -------
        str or None
            The nearest report or monitored mail above decides.
        """
        at: str | None = message_id
        seen = set()
        while at is not None and at not in seen:
            if at in self._owner:
                return self._owner[at]
            seen.add(at)
            at = self._parent.get(at)
        return self._owner.get(root)

    def take(self, mail: TrackedMail) -> None:
        """Run the commands of a mail, and note it where it belongs.

        Parameters
        ----------
        mail : TrackedMail
            Not older than those taken before. Of its commands ``introduced`` is run first
            and ``poke`` last; commands outside a tracked conversation are kept in
            ``ignored``.
        """
        self._parent[mail.message_id] = mail.parent
        if mail.utc:
            self._dates.setdefault(mail.message_id, mail.utc)
        for name, value, target in sorted(_aimed(mail), key=lambda one: _ORDER.get(one[0], 2)):
            self._run(mail, name, value, target)
        self._connect(mail)
        names = {name for name, _ in mail.commands}
        report = self.owner(mail.message_id, mail.root)
        if report and not names & QUIET and "#forregzbot" not in mail.subject:
            self._step(report, Step(mail.utc, "activity"))

    def _run(self, mail: TrackedMail, name: str, value: str, target: str | None) -> None:
        at = target or mail.message_id
        report = self.owner(at, mail.root if at == mail.message_id else "")
        if name == "backmonitor":
            report = self._named(value, mail)
            if report is None:
                self.ignored.append((mail, "backmonitor: nothing known is named"))
            elif mail.parent:
                self._owner.setdefault(mail.parent, report)
            return
        if report is None and name in _ANYWHERE:
            report = self._open(at)
        if report is None:
            self.ignored.append((mail, f"{name}: the conversation is not tracked"))
        elif name == "duplicate":
            for pointer in value.split():
                self._duplicate(report, pointer, mail)
        elif name != "use":
            self._step(report, Step(mail.utc, name, value, mail.message_id))
            if name == "introduced":
                # The report is a page elsewhere; this conversation is about it, too.
                if "://" in "".join(value.split()[1:2]):
                    self._owner.setdefault(mail.message_id, report)
                for pointer in value.split()[2:]:
                    self._duplicate(report, pointer, mail)

    def _named(self, pointer: str, mail: TrackedMail) -> str | None:
        target = message_of(pointer.split(" ", 1)[0], mail.parent, mail.root) if pointer else None
        return self.owner(target) if target else None

    def _open(self, report: str) -> str:
        """Begin to track a report."""
        when = self._dates.get(report)
        self._tracked[report] = apply(Tracked(report, when), Step(when, "report", source=report))
        self._owner[report] = report
        return report

    def _step(self, report: str, step: Step) -> None:
        before = self._tracked[report]
        after = self._tracked[report] = apply(before, step)
        for gone in set(before.monitored) - set(after.monitored):
            self._owner.pop(gone, None)
        for new in after.monitored:
            self._owner.setdefault(new, report)

    def _duplicate(self, report: str, pointer: str, mail: TrackedMail) -> None:
        """Join two reports; whatever the direction, the older one stays."""
        target = message_of(pointer, mail.parent, mail.root)
        if target is None:
            self.ignored.append((mail, f"duplicate: {pointer} names no mail"))
            return
        other = self.owner(target) or self._open(target)
        one, two = self.head(report), self.head(other)
        if one == two:
            return
        # What has no date here is taken as older, as the command says it was there before.
        old, young = sorted(
            (two, one), key=lambda key: (self._tracked[key].reported_utc or "", key)
        )
        known = self._tracked[old].reported_utc is not None
        why = f"duplicate: {old} is {'the older report' if known else 'not dated here'}"
        self._step(young, Step(mail.utc, "duplicate", old, mail.message_id, why=why))

    def _connect(self, mail: TrackedMail) -> None:
        """Monitor what closes a report or has the expected title; note what mentions one."""
        if self.owner(mail.message_id, mail.root) is None:
            closed = next((one for one in mail.closes if one in self._owner), None)
            report = self._owner[closed] if closed else self._expecting(mail.subject)
            if report is not None:
                why = "a trailer names the report" if closed else "it has the expected title"
                this = mail.message_id
                self._step(report, Step(mail.utc, "relate", this, this, why=why))
        for mention in mail.mentions:
            report = self._owner.get(mention)
            if report is not None and report != self.owner(mail.message_id, mail.root):
                self._step(report, Step(mail.utc, "note", "", mail.message_id, why="mentioned"))

    def _expecting(self, subject: str) -> str | None:
        for one in self._tracked.values():
            if one.fix and one.state == "to_be_fixed" and subject.endswith(f"] {one.fix}"):
                return one.report
        return None

    def take_commit(self, commit: TrackedCommit) -> None:
        """See which regressions a commit closes, or is only noted with.

        Parameters
        ----------
        commit : TrackedCommit
            One that is new in its tree. It counts if it links the report, or is the
            expected one by its hash or its exact title; its ``Fixes:`` alone never closes.
        """
        linked = {self._owner[one] for one in commit.closes if self._owner.get(one) == one}
        for one in list(self._tracked.values()):
            expected = one.fix and (_is_prefix(one.fix, commit.sha) or one.fix == commit.subject)
            if one.report in linked or expected:
                name, why = "commit", ""
            elif any(_names_same(one.introduced, fixed) for fixed in commit.fixes):
                name, why = "note-commit", "Fixes: names the culprit, which closes nothing"
            else:
                continue
            step = Step(commit.utc, name, commit.sha, commit.sha, commit.tree, why=why)
            self._step(one.report, step)


def _aimed(mail: TrackedMail) -> Iterator[tuple[str, str, str | None]]:
    """Give each command with the report it is aimed at, None for that of the mail itself."""
    used: str | None = None
    for name, value in mail.commands:
        words = value.split()
        pointer = words[1:2] if name == "introduced" else words[:1] if name == "use" else []
        if pointer:
            used = message_of(pointer[0], mail.parent, mail.root)
        yield name, value, used


def _is_prefix(name: str, sha: str) -> bool:
    return _HASH.fullmatch(name) is not None and sha.startswith(name)


def _names_same(one: str, two: str) -> bool:
    """Tell whether two hashes, abbreviated or not, are of one commit."""
    if not (_HASH.fullmatch(one) and _HASH.fullmatch(two)):
        return False
    return one.startswith(two) or two.startswith(one)
