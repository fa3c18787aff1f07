"""Signals, mails and commits for tests: made up, example.org people, every knob explicit."""

from __future__ import annotations

from threadkit.analyze.regressions.facts import CommitFacts, MailSignals, Relation
from threadkit.analyze.regressions.values import Mood, Signal, SignalKind

BAD = "1bad" * 10
WRONG = "2bad" * 10
FIX = "f1c5" * 10
SECOND_FIX = "f2c5" * 10
STABLE_FIX = "f3c5" * 10
LORE = "https://lore.kernel.org/all/"


def said(
    kind: SignalKind,
    value: str = "",
    detail: str = "",
    *,
    at: int = 0,
    rule: str | None = None,
    score: float = 0.9,
    mood: Mood = "said",
) -> Signal:
    """Return one passage of five characters."""
    return Signal(kind, value, detail, at, at + 5, rule or f"made-{kind}", score, mood)


def command(name: str, value: str = "", *, at: int = 0) -> Signal:
    """Return a command of regression tracking, its name as canonical."""
    return said("regzbot", value, name, at=at, rule=f"regzbot-{name}", score=1.0)


def mail(
    name: str,
    day: int,
    *signals: Signal,
    to: str = "",
    subject: str = "sound is gone",
    who: str = "ada",
    patch: bool = False,
    report: float = 0.0,
    mechanisms: frozenset[str] = frozenset(),
    root: str = "",
) -> MailSignals:
    """Return a mail ``name@example.org``, sent that many days after New Year 2024."""
    month, date = divmod(day - 1, 28)
    return MailSignals(
        message_id=f"{name}@example.org",
        root=f"{root or to or name}@example.org",
        parent=f"{to}@example.org" if to else None,
        date_utc=f"2024-{month + 1:02}-{date + 1:02}T09:00:00Z",
        person=who.title(),
        email=f"{who}@example.org",
        subject=subject,
        is_patch=patch,
        signals=signals,
        report=report,
        mechanisms=mechanisms,
    )


def report(
    name: str, day: int, *signals: Signal, culprit: str = "", **knobs: object
) -> MailSignals:
    """Return a mail that reports in its own voice, and may name the culprit."""
    found = [said("report", detail="broke"), *signals]
    if culprit:
        found.append(said("culprit", culprit, at=20, rule="bisected-to"))
    return mail(name, day, *found, **{"report": 0.9, **knobs})  # type: ignore[arg-type]


def patch(name: str, day: int, *signals: Signal, closes: str = "", **knobs: object) -> MailSignals:
    """Return a posted patch, which may link to a report."""
    found = [said("fix", f"{name}@example.org", "mail", rule="fixes-trailer"), *signals]
    if closes:
        url = f"{LORE}{closes}@example.org/"
        found.append(said("closes", url, "Closes", at=40, rule="trailer-closes"))
    subject = knobs.pop("subject", f"[PATCH] alsa: mend {name}")
    return mail(name, day, *found, subject=subject, patch=True, **knobs)  # type: ignore[arg-type]


def commit(
    sha: str,
    day: int,
    *relations: tuple[str, str],
    subject: str = "alsa: mend it",
    mainline: str = "yes",
    release: str | None = "v6.9-rc1",
) -> CommitFacts:
    """Return a commit applied that many days after New Year 2024."""
    month, date = divmod(day - 1, 28)
    utc = f"2024-{month + 1:02}-{date + 1:02}T12:00:00Z"
    said = tuple(Relation(kind, value, start=at * 10, stop=at * 10 + 9)
                 for at, (kind, value) in enumerate(relations))  # fmt: skip
    return CommitFacts(sha, subject, "Mo", utc, utc, release, mainline, said)


CULPRIT = commit(BAD, 1, subject="alsa: rework the mixer", release="v6.8-rc1")
