"""From mails to cases: each report, and the passages of its conversation that bear on it.

A case is a regression while it is being put together. A command of regression tracking
makes one for the report that it points at; other reports make one for each conversation.
What a mail says goes to the nearest report above it, else to the one case of its
conversation.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice, pairwise

from threadkit.analyze.regressions.facts import MailSignals
from threadkit.analyze.regressions.passages import (
    bugs_of,
    event_of,
    events_of,
    fix_of,
    has_bisected,
    in_mail,
    introduced,
    is_echo,
    pointed,
    target,
)
from threadkit.analyze.regressions.regression import Event, Report, days
from threadkit.analyze.regressions.regzbot_states import SILENCE_DAYS
from threadkit.analyze.regressions.values import Signal
from threadkit.commits.titles import title_key
from threadkit.mail.subject import parse_subject

REPORT = 0.5
"""The score from which a mail counts as a report."""

ME_TOO = "report.same"
"""The rule by which somebody has the same trouble as the mail that he answers tells of."""

QUOTED = "bisect-log-quoted"
"""The rule by which a quoted bisection stands for the mail that it comes from."""

_EVIDENCE = frozenset({"works", "fails", "culprit", "bisection"})
_HINT = 0.2  # a mail that may have reported something
_BISECTED = 0.6
_NEAR = 50  # mails up to the one in which somebody had told of it
_LATE = "9999"  # sorts what has no date behind everything that has one


@dataclass(slots=True)
class Case:
    """A regression while it is being put together.

    Attributes
    ----------
    reports : dict of str to Report
        By Message-ID.
    tracked : set of str
        Message-IDs of the reports that tracking commands name.
    roots : set of str
        First mails of its conversations.
    bugs : set of str
        URLs of bugs that are the same.
    events : list of Event
        In no order.
    mechanisms : set of str
        By what it breaks.
    score : float
        Of the best report.
    origin : str
        mail, commit, curated.
    last_utc : str or None
        Of the last mail of its conversations.
    """

    reports: dict[str, Report] = field(default_factory=dict)
    tracked: set[str] = field(default_factory=set)
    roots: set[str] = field(default_factory=set)
    bugs: set[str] = field(default_factory=set)
    events: list[Event] = field(default_factory=list)
    mechanisms: set[str] = field(default_factory=set)
    score: float = 0.0
    origin: str = "mail"
    last_utc: str | None = None
    _first: tuple[int, int, Report | None] | None = field(default=None, compare=False, repr=False)

    def add(self, other: Case) -> None:
        """Take in what another case has.

        Parameters
        ----------
        other : Case
            Of the same regression.
        """
        self.reports = {**other.reports, **self.reports}
        self.tracked |= other.tracked
        self.roots |= other.roots
        self.bugs |= other.bugs
        self.events += other.events
        self.mechanisms |= other.mechanisms
        self.score = max(self.score, other.score)
        self.origin = min(self.origin, other.origin, key=_ORIGINS.index)
        self.last_utc = max(filter(None, (self.last_utc, other.last_utc)), default=None)

    def values(self, *kinds: str) -> set[str]:
        """Return what the events of some kinds name."""
        return {event.value for event in self.events if event.kind in kinds and event.value}

    @property
    def first(self) -> Report | None:
        """The report that the case is known by: the oldest tracked one, else the oldest."""
        sizes = len(self.reports), len(self.tracked)  # neither ever loses any
        if self._first is None or self._first[:2] != sizes:
            found = min(
                self.reports.values(),
                key=lambda x: (x.message_id not in self.tracked, x.utc or _LATE, x.message_id),
                default=None,
            )
            self._first = (*sizes, found)
        return self._first[2]


_ORIGINS = ("mail", "commit", "curated")


class Conversations:
    """Mails by Message-ID, with what stands above each.

    Parameters
    ----------
    mails : iterable of MailSignals
        Whole conversations, in any order; of two with one Message-ID the first in
        order of date counts.
    """

    def __init__(self, mails: Iterable[MailSignals]) -> None:
        self.mails: dict[str, MailSignals] = {}
        for mail in sorted(mails, key=_order):
            self.mails.setdefault(mail.message_id, mail)
        self.dates: dict[str, list[str]] = {}
        self._ends: dict[str, list[str]] = {}
        for mail in self.mails.values():  # in order of date
            if mail.date_utc:
                self.dates.setdefault(mail.root, []).append(mail.date_utc)

    def above(self, message_id: str) -> Iterator[str]:
        """Walk from a mail to the first of its conversation; a mail stands above itself."""
        seen: set[str] = set()
        at: str | None = message_id
        while at and at not in seen:
            seen.add(at)
            yield at
            mail = self.mails.get(at)
            at = mail.parent if mail else None

    def nearest(
        self, message_id: str, wanted: Callable[[str], bool], known: dict[str, str | None]
    ) -> str | None:
        """Return the nearest mail from one upwards that is wanted.

        Parameters
        ----------
        message_id : str
            Where to begin.
        wanted : callable
            Takes a Message-ID.
        known : dict of str to str or None
            What was found so far, by where it was begun: no way is walked twice.
        """
        walked, found = [], None
        for at in self.above(message_id):
            if at in known:
                found = known[at]
                break
            walked.append(at)
            if wanted(at):
                found = at
                break
        known.update(dict.fromkeys(walked, found))
        return found

    def era(self, root: str, utc: str | None) -> int:
        """Return the number of the stretch between long silences that a date is in."""
        if root not in self._ends:
            dates = self.dates.get(root, [])
            ends = [one for one, other in pairwise(dates) if _is_long_before(one, other)]
            self._ends[root] = ends
        return bisect_left(self._ends[root], utc or "")

    def report(self, message_id: str) -> Report:
        """Return a mail as a report, whether it is here or not."""
        mail = self.mails.get(message_id)
        if mail is None:
            return Report(message_id, None, "", "", "", False)
        who = mail.person or mail.email
        return Report(message_id, mail.date_utc, who, mail.email, mail.subject, True)


def cases_of(talk: Conversations) -> list[Case]:
    """Find the cases in conversations, with all that their mails say.

    Parameters
    ----------
    talk : Conversations
        All mails.

    Returns
    -------
    list of Case
        By their first reports.
    """
    cases = _Cases(talk)
    for mail in talk.mails.values():
        for signal, pointer in introduced(mail):
            cases.track(mail, pointer, signal)
    for mail in talk.mails.values():
        if mail.report >= REPORT and not cases.agrees_to_nothing(mail):
            cases.report(mail)
    for mail in talk.mails.values():
        if cases.locate(mail) is None and has_bisected(mail):
            cases.report(mail)
    for mail in talk.mails.values():
        cases.monitor(mail)
    cases.expect()
    for mail in talk.mails.values():
        cases.read(mail)
    return cases.finished()


class _Cases:
    """Cases by their reports and conversations."""

    def __init__(self, talk: Conversations) -> None:
        self.talk = talk
        self.by_report: dict[str, Case] = {}
        self.by_root: dict[str, list[Case]] = {}
        self.by_bug: dict[str, dict[int, Case]] = {}
        self._emails: dict[int, set[str]] = {}
        self._reported: dict[str, str | None] = {}
        self._bearing: dict[str, str | None] = {}
        # By conversations: a report that comes in changes where those below it belong.
        self._located: dict[str, dict[str, str | None]] = {}
        self._ways: dict[str, frozenset[str]] = {}

    def agrees_to_nothing(self, mail: MailSignals) -> bool:
        """Tell a *me too* below mails that are here and report nothing, nor mend anything."""
        mails = self.talk.mails
        kinds = {one.kind for one in mail.signals if one.mood == "said"} & _EVIDENCE
        if kinds or mail.parent not in mails or all(s.rule != ME_TOO for s in mail.signals):
            return False
        return self.talk.nearest(mail.parent or "", self._bears, self._bearing) is None

    def _bears(self, message_id: str) -> bool:
        """Tell a mail that may report something or mends it."""
        one = self.talk.mails.get(message_id)
        return one is not None and bool(one.is_patch or one.report >= _HINT or one.signals)

    def _place(self, message_id: str, case: Case, root: str) -> None:
        """Let a mail, and those below it, belong to a case, unless it belongs to one."""
        if message_id not in self.by_report:
            self.by_report[message_id] = case
            self._located.pop(root, None)

    def _tie(self, case: Case, bugs: set[str]) -> None:
        """Say which bugs a case is about."""
        case.bugs |= bugs
        for bug in bugs:
            self.by_bug.setdefault(bug, {})[id(case)] = case

    def _open(self, report: str) -> Case:
        """Return the case of a report; a new one if it has none."""
        if report not in self.by_report:
            case = Case()
            case.reports[report] = first = self.talk.report(report)
            self._emails[id(case)] = {first.email.lower()}
            mail = self.talk.mails.get(report)
            root = mail.root if mail else report
            self._place(report, case, root)
            if mail is None:
                self._located.clear()  # it may be above mails of any conversation
            case.roots.add(root)
            case.mechanisms |= mail.mechanisms if mail else set()
            self.by_root.setdefault(root, []).append(case)
        return self.by_report[report]

    def track(self, mail: MailSignals, pointer: str, signal: Signal) -> None:
        """Open the case of a report that a command points at."""
        kind, report = pointed(mail, pointer)
        bugs = {report} if kind != "message" else set()
        if bugs or report == mail.message_id:
            # Without a pointer, or with one to a bug, the mail itself is the report; but
            # not where its conversation is tracked already, or has a report above it.
            known = self.locate(mail)
            report = next(iter(sorted(known.tracked)), "") if known else ""
            report = report or self._reported_above(mail)
        case = self._open(report)
        case.tracked.add(report)
        self._tie(case, bugs)
        case.score = max(case.score, signal.score)
        self._place(mail.message_id, case, mail.root)

    def _reported_above(self, mail: MailSignals) -> str:
        """Return the nearest report that a mail answers; itself if there is none."""
        found = self.talk.nearest(mail.message_id, self._reports, self._reported)
        return found or mail.message_id

    def _reports(self, message_id: str) -> bool:
        one = self.talk.mails.get(message_id)
        return one is not None and one.report >= REPORT

    def report(self, mail: MailSignals) -> None:
        """Add a report to the case of its conversation, or open one."""
        case = self.locate(mail)
        if case is None or self._is_anew(mail, case):
            case = self._open(self._told_before(mail) or mail.message_id)
        self._place(mail.message_id, case, mail.root)
        case.mechanisms |= mail.mechanisms
        case.score = max(case.score, mail.report, _BISECTED * has_bisected(mail))
        # Who has reported it and writes again reports nothing new.
        if (email := mail.email.lower()) not in self._emails[id(case)] or not email:
            self._emails[id(case)].add(email)
            case.reports[mail.message_id] = self.talk.report(mail.message_id)

    def _told_before(self, mail: MailSignals) -> str | None:
        """Return the mail in which who bisected it now had told of it, as robots do."""
        if _tells(mail) or not has_bisected(mail):
            return None
        who = _speakers(mail)
        for above in islice(self.talk.above(mail.message_id), 1, _NEAR):
            other = self.talk.mails.get(above)
            if other and who & _speakers(other) and _tells(other):
                return above
        return None

    def _is_anew(self, mail: MailSignals, case: Case) -> bool:
        """Tell a report that wakes an old conversation: it is of something else, or may be."""
        is_known = mail.email.lower() in self._emails[id(case)]
        if is_known or any(one.rule == ME_TOO for one in mail.signals):
            return False
        dates = self.talk.dates.get(mail.root, [])
        place = bisect_left(dates, mail.date_utc or "")
        return place > 0 and _is_long_before(dates[place - 1], mail.date_utc)

    def locate(self, mail: MailSignals) -> Case | None:
        """Find the case that a mail belongs to: of the nearest report above, or the only one."""
        memory = self._located.setdefault(mail.root, {})
        found = self.talk.nearest(mail.message_id, self.by_report.__contains__, memory)
        if found is not None:
            return self.by_report[found]
        known = self.by_root.get(mail.root, [])
        if len(known) == 1:
            first = known[0].first
            return None if first and _is_long_before(mail.date_utc, first.utc) else known[0]
        era = self.talk.era(mail.root, mail.date_utc)
        alike = [
            case for case in known
            if case.first and self.talk.era(mail.root, case.first.utc) == era
        ]  # fmt: skip
        return alike[0] if len(alike) == 1 else None

    def monitor(self, mail: MailSignals) -> None:
        """Follow the commands that add other conversations to a case, or take them out."""
        case = None
        for signal in sorted(mail.signals, key=in_mail):
            words = signal.value.split()
            if signal.kind != "regzbot" or not words:
                continue
            kind, value = target(words[0])
            case = case or self.locate(mail)
            if signal.detail == "use":
                case = self.by_report.get(pointed(mail, words[0])[1], case)
            elif signal.detail == "backmonitor" and value in self.by_report and mail.parent:
                self._place(mail.parent, self.by_report[value], mail.root)
            elif kind != "message" or case is None:
                continue
            elif signal.detail == "relate":
                self._place(value, case, mail.root)
                self._located.clear()
            elif signal.detail == "unrelate" and value not in case.reports:
                self._forget(value, case)

    def expect(self) -> None:
        """Give posted patches to the one case that a command expects their titles for."""
        expected: dict[str, dict[int, Case]] = {}
        for mail in self.talk.mails.values():
            named = [s for s in mail.signals if s.kind == "regzbot" and s.detail == "fix"]
            case = self.locate(mail) if named else None
            for signal in named if case else ():
                kind, title = fix_of(signal.value)
                if case and kind == "title" and title:
                    expected.setdefault(title_key(title), {})[id(case)] = case
        for mail in self.talk.mails.values() if expected else ():
            some = expected.get(title_key(mail.subject), {}) if mail.is_patch else {}
            if len(some) == 1 and parse_subject(mail.subject).is_patch and not self.locate(mail):
                self._place(mail.message_id, next(iter(some.values())), mail.root)

    def _forget(self, message_id: str, case: Case) -> None:
        """Take a conversation out of a case, if it is in that."""
        if self.by_report.get(message_id) is case:
            del self.by_report[message_id]
            self._located.clear()

    def read(self, mail: MailSignals) -> None:
        """Hand what a mail says to its case, and its links to the cases they name."""
        at_hand = self.locate(mail)
        if at_hand is not None:
            at_hand.last_utc = max(filter(None, (at_hand.last_utc, mail.date_utc)), default=None)
        titles = {s.start: s.detail for s in mail.signals if is_echo(s) and s.kind == "culprit"}
        for signal in sorted(mail.signals, key=in_mail):
            if signal.rule == QUOTED and mail.parent in self.talk.mails:
                continue  # it counts where it was written
            if signal.kind == "regzbot" and signal.detail == "use":
                _, named = pointed(mail, (signal.value.split() or [""])[0])
                at_hand = self.by_report.get(named, at_hand)
            elif signal.kind == "closes":
                self._close(mail, signal, at_hand)
            elif at_hand is not None and not is_echo(signal) and not self._precedes(mail, at_hand):
                at_hand.events += events_of(mail, signal, titles.get(signal.start, ""))
                self._tie(at_hand, bugs_of(signal))

    def _precedes(self, mail: MailSignals, case: Case) -> bool:
        """Tell a patch that a report answers, or that is older: it is no fix of that."""
        first = case.first
        if not mail.is_patch or first is None or mail.message_id in case.reports:
            return False
        mine = self.talk.mails.get(first.message_id)
        if mine and any(one.rule == ME_TOO for one in mine.signals):
            return False  # who has the same trouble as the patch mends
        older = (mail.date_utc or _LATE) < (first.utc or "")
        if first.message_id not in self._ways:
            self._ways[first.message_id] = frozenset(self.talk.above(first.message_id))
        return older or mail.message_id in self._ways[first.message_id]

    def _close(self, mail: MailSignals, signal: Signal, at_hand: Case | None) -> None:
        """Make a patch that links to a report a proposed fix of it."""
        kind, value = target(signal.value)
        case = self.by_report.get(value)
        if case is None and kind == "bug":
            found = self.by_bug.get(value, {})
            case = next(iter(found.values())) if len(found) == 1 else None
        if mail.is_patch and case is None and kind == "message" and signal.detail == "Closes":
            case = self._open(value)
        if mail.is_patch and case is not None:
            case.events.append(event_of(mail, signal, "closes", mail.message_id, "mail", "trailer"))
            for other in mail.signals:
                if other.kind == "culprit" and "trailer" in other.rule:
                    case.events += events_of(mail, other)
        elif at_hand is not None:
            at_hand.events.append(event_of(mail, signal, "link", value, kind, "trailer"))

    def finished(self) -> list[Case]:
        """Return all cases, each once, with an event for each report."""
        found = {id(case): case for case in self.by_report.values()}
        for case in found.values():
            case.events += [_reported(case, one, self.talk) for one in case.reports.values()]
        return sorted(found.values(), key=case_order)


def _speakers(mail: MailSignals) -> set[str]:
    """Return who writes, and for whom: a robot has one address for each bug."""
    roles = (one for one in mail.signals if one.kind == "role" and one.detail == "reporter")
    return {one for one in (mail.email.lower(), *(one.value.lower() for one in roles)) if one}


def _tells(mail: MailSignals) -> bool:
    """Tell a mail that says that something broke, even if not that it worked before."""
    said = (one for one in mail.signals if one.kind == "report" and one.mood == "said")
    return any(one.score >= REPORT for one in said)


def case_order(case: Case) -> tuple[str, str]:
    """Order cases by the date and name of their first reports."""
    first = case.first
    return (first.utc or _LATE, first.message_id) if first else (_LATE, "")


def _is_long_before(one: str | None, other: str | None) -> bool:
    """Tell whether between two dates a tracker would have given up waiting."""
    return bool(one and other) and days(one or "", other or "") > SILENCE_DAYS


def _reported(case: Case, report: Report, talk: Conversations) -> Event:
    mail = talk.mails.get(report.message_id)
    kinds = ("report", "culprit") if mail and mail.report < REPORT else ("report",)
    said = [s for s in mail.signals if s.kind in kinds and s.mood == "said"] if mail else []
    best = max(said, key=lambda one: (one.score, -one.start), default=None)
    kind = "tracked" if report.message_id in case.tracked else "report"
    start, stop, rule = (best.start, best.stop, best.rule) if best else (0, 0, "named")
    score = max(mail.report if mail else 0.0, best.score if best else 0.0)
    title = parse_subject(report.subject).title
    return Event(
        report.utc, kind, report.message_id, None, report.person, report.message_id, title,
        start, stop, rule, score or case.score, "command" if kind == "tracked" else "prose",
    )  # fmt: skip


def _order(mail: MailSignals) -> tuple[str, str]:
    return mail.date_utc or _LATE, mail.message_id
