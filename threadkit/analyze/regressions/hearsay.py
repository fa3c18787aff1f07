"""How a regression stands as far as its mails say, where the commits themselves are not known.

A mail may say in what tree or release a fix is, that a posted fix works, or that the trouble
is gone. That is weaker than a commit that is here, and never contradicts one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from dataclasses import replace

from threadkit.analyze.regressions.facts import MailSignals
from threadkit.analyze.regressions.fixes import Known
from threadkit.analyze.regressions.passages import is_trial
from threadkit.analyze.regressions.regression import Event, Fix
from threadkit.analyze.regressions.regzbot_states import Step, Tracked
from threadkit.analyze.regressions.trees import tree_of
from threadkit.mail.subject import parse_subject

_SURE = 0.6
_FAILS_AGAIN = ("report", "tracked", "fails")


def this_patch(events: Iterable[Event], known: Known) -> list[Event]:
    """Name the culprit where a mail blames only *this patch*: what the patch above it became.

    Parameters
    ----------
    events : iterable of Event
        Of one case.
    known : Known
        Mails, and what patches became.

    Returns
    -------
    list of Event
        In the same order. A patch that is not known to have become a commit is named by its
        Message-ID; where none stands above, the culprit stays without a name.
    """
    return [
        _named(event, known) if event.kind == "culprit" and not event.value else event
        for event in events
    ]


def _named(event: Event, known: Known) -> Event:
    patch = _discussed(event.message_id or "", known)
    if patch is None:
        return event
    sha = known.became.get(patch.message_id, "")
    title = "" if sha else parse_subject(patch.subject).title
    return replace(event, value=sha or patch.message_id, detail=title)


def _discussed(message_id: str, known: Known) -> MailSignals | None:
    """Return the nearest patch above a mail; None if there is none."""
    seen = {message_id}
    mail = known.mails.get(message_id)
    while mail and mail.parent and mail.parent not in seen:
        seen.add(mail.parent)
        mail = known.mails.get(mail.parent)
        if mail is not None and mail.is_patch and not is_trial(mail):
            return mail
    return None


class Talk:
    """What the mails of one regression say, heard in order of time.

    Parameters
    ----------
    events : sequence of Event
        Of the regression.
    fixes : sequence of Fix
        Of the same.
    known : Known
        To look hashes up in.
    reporters : set of str
        Names: whose word counts for whether it works again.
    """

    def __init__(
        self, events: Sequence[Event], fixes: Sequence[Fix], known: Known, reporters: Set[str]
    ) -> None:
        self._known = known
        self._reporters = reporters
        self._fixes = {fix.sha: fix for fix in fixes if fix.sha}
        self._has_fixes = bool(fixes)
        told = {one.message_id for one in events if one.kind in ("report", "tracked")}
        self._proposed = {x.message_id for x in fixes if x.status == "proposed"} - told
        self._named: dict[str, str] = {}
        for event in events:
            if event.kind == "fix" and event.detail == "commit" and event.message_id:
                self._named.setdefault(event.message_id, event.value)
        self._works = {one.message_id for one in events if one.kind == "works"}
        self._posted: str = ""
        self._healed: Event | None = None
        self._last = _last_words(events)

    def landing(self, event: Event) -> Step | None:
        """Make the step of a mail that names a fix and says where it is.

        Parameters
        ----------
        event : Event
            Any.

        Returns
        -------
        Step or None
            None if the fix is not named in the same mail, or is known better.
        """
        name = self._named.get(event.message_id or "", "")
        if event.kind != "landed" or not name:
            return None
        sha = self._known.names.resolve(name).sha
        fix = self._fixes.get(sha or "")
        if fix is not None and tree_of(fix.mainline, fix.release):
            return None
        # Nobody has looked whether it is there: it is on its way, wherever it is said to be.
        return Step(event.utc, "commit", name, event.message_id or "", "")

    def heard(self, at: Tracked, event: Event) -> Tracked:
        """Take in one event of a regression that nobody tracks.

        Parameters
        ----------
        at : Tracked
            How it stands.
        event : Event
            The next.

        Returns
        -------
        Tracked
            ``to_be_fixed`` once a reporter says that it works and a fix is posted; that it
            works again, last of all, and nobody knows why, is only a reason to doubt.
        """
        if event.kind == "recovered" and event.score >= _SURE and self._counts(event):
            self._healed = event
        elif event.kind in _FAILS_AGAIN and event.message_id not in self._works:
            self._healed = None
        elif event.detail == "mail" and event.value in self._proposed:
            self._posted = event.value
        if at.state != "open" or self._healed is None:
            return at
        who = self._healed.person
        if self._posted:
            why = f"the fix {self._posted} is posted, and works for {who} (not tracked)"
            return replace(at, state="to_be_fixed", why=why)
        if not self._has_fixes and event is self._last:
            if self._is_tried(event):
                return replace(at, why=f"a diff works for {who}; nothing says that it is applied")
            return replace(at, why=f"it is said to work again for {who}; no fix is named")
        return at

    def _is_tried(self, event: Event) -> bool:
        """Tell that it works with a diff, which the mail answers, from that it works again.

        A robot that was asked to test says what came of a diff, too.
        """
        if event.rule.endswith("-tested"):
            return True
        mail = self._known.mails.get(event.message_id or "")
        answered = self._known.mails.get(mail.parent or "") if mail else None
        return answered is not None and answered.is_patch

    def _counts(self, event: Event) -> bool:
        """Tell the word of a reporter, or of whoever names a release that works."""
        return event.person in self._reporters or event.message_id in self._works


def _last_words(events: Iterable[Event]) -> Event | None:
    """Return the last event that says how it works, well or not."""
    kinds = (*_FAILS_AGAIN, "recovered")
    said = [one for one in events if one.kind in kinds and one.message_id]
    return said[-1] if said else None
