"""syzbot, the fuzzer's robot: its reports, what it found out, and the commands given to it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

from threadkit.analyze.mailtext import MailText
from threadkit.analyze.regressions.bisection import shown_commit
from threadkit.analyze.regressions.values import Signal, SignalKind

_ROBOT = re.compile(r"syzbot(?:\+([0-9a-f]{12,40}))?@syzkaller\.appspotmail\.com", re.IGNORECASE)
_COMMAND = re.compile(r"^#syz[ \t]+([a-z-]+)(:?)(?=\s|\Z)", re.MULTILINE | re.IGNORECASE)
_ONE_LINE = re.compile(r"\s*([^\n]*)")
_TWO_WORDS = re.compile(r"\s*(\S+)(?:\s+(\S+))?")
_FOUND = re.compile(
    r"^(?:syzbot (?:found|hit) the following [^\n]*:"
    r"|syzbot has found a (reproducer) for the following [^\n]*:)[ \t]*$",
    re.MULTILINE,
)
_CONCLUDED = re.compile(
    r"^(?:(?P<culprit>syzbot has bisected this [^\n]*to:|The (?:issue|bug) was bisected to:)"
    r"|(?P<fix>syzbot suspects this [^\n]*was fixed by(?: commit)?:))[ \t]*\n{1,3}(?=commit [0-9a-f]{40})",
    re.MULTILINE,
)
_INCONCLUSIVE = re.compile(
    r"^(?:Bisection is inconclusive|syzbot bisection was inconclusive)[^\n]*$",
    re.MULTILINE | re.IGNORECASE,
)
_ANY_OF = re.compile(r"\s*((?:[0-9a-f]{7,40} [^\n]*(?:\n|\Z))+)")
_ONE_OF = re.compile(r"^([0-9a-f]{7,40}) ([^\n]*)", re.MULTILINE)
_TESTED = re.compile(
    r"^syzbot has tested the proposed patch (?P<ok>and the reproducer did not trigger"
    r"|but the reproducer is still triggering)[^\n]*(?:\n[^\n]+)?",
    re.MULTILINE,
)
_FIELD = re.compile(r"^(HEAD commit|commit):[ \t]+([0-9a-f]{7,40})\b([^\n]*)$", re.MULTILINE)
_REPORTED_BY = re.compile(
    r"^Reported(?P<tested>-and-tested)?-by: (?:[^<\n]*<)?(syzbot\+[0-9a-f]+@[^\s>]+)", re.MULTILINE
)

_WITH_TITLE = frozenset({"fix", "dup"})
_BARE = frozenset({"undup", "unfix", "invalid", "upstream", "uncc"})
_WITH_LINE = frozenset({"set", "unset"})
_NAMES = _WITH_TITLE | _BARE | _WITH_LINE | {"test", "test_5_arg_cmd"}


def detect(mail: MailText) -> list[Signal]:
    r"""Find what syzbot says, or what somebody tells it.

    Parameters
    ----------
    mail : MailText
        The mail.

    Returns
    -------
    list of Signal
        Of the robot's own mails ``report``, ``fails``, ``works``, ``culprit``, ``fix``,
        ``bisection``, ``recovered`` and ``role``; of others ``syz`` commands, with the
        ``fix`` that they name.

    Examples
    --------
    >>> from threadkit.mail.body import blocks
    >>> body = "Thanks!\n\n#syz fix: mm: hold the lock\n"
    >>> mail = MailText("a@example.org", "x", "Ann", "ann@example.org", None, True, False, None,
    ...                 "a@example.org", body, blocks(body), [], [])
    >>> [(signal.kind, signal.detail, signal.value) for signal in detect(mail)]
    [('syz', 'fix', 'mm: hold the lock'), ('fix', 'title', 'mm: hold the lock')]

    Notes
    -----
    The commands that the robot's own mails explain are examples and count for nothing.

    References
    ----------
    google/syzkaller docs/syzbot.md, "Communication with syzbot".
    """
    if is_robot(mail):
        return list(_reported(mail))
    return list(_told(mail)) if "#syz" in mail.body.lower() else []


def is_robot(mail: MailText) -> bool:
    """Tell whether syzbot itself wrote a mail."""
    return _ROBOT.fullmatch(mail.from_email) is not None


def _told(mail: MailText) -> Iterator[Signal]:
    """Read the commands in column 0 of the author's own words."""
    body = mail.body
    starts = [block.start for block in mail.blocks]
    in_its_thread = _in_its_thread(mail)
    for match in _COMMAND.finditer(body):
        if mail.blocks[bisect_right(starts, match.start()) - 1].depth:
            continue
        name = match[1].lower()
        # In prose the tag may begin a line by chance: '#syz fix command for ...'.
        if not match[2] and name not in _BARE and not in_its_thread:
            continue
        value, stop = _arguments(name, body, match.end())
        stop = max(stop, match.end())
        detail = name if name in _NAMES else "unhandled"
        value = value if name in _NAMES else f"{name} {value}".strip()
        rule = f"syz-{detail}"
        yield Signal("syz", value, detail, match.start(), stop, rule, 0.97)
        if name == "fix" and value:
            yield Signal("fix", value, "title", match.start(), stop, rule, 0.9)


def _in_its_thread(mail: MailText) -> bool:
    """Tell whether a mail stands in a conversation that the robot began."""
    begun = [mail.root, mail.parent or ""]
    return (
        any(one.endswith("@google.com") and one[:8].isalnum() for one in begun)
        or "[syzbot]" in mail.subject
        or "syzbot+" in mail.body
    )


def _arguments(name: str, body: str, at: int) -> tuple[str, int]:
    """Read what a command takes: nothing, a line that may begin on the next, or two words."""
    if name in _BARE:
        return "", at
    if name == "test":
        two = _TWO_WORDS.match(body, at)
        return (" ".join(filter(None, two.groups())), two.end()) if two else ("", at)
    line = _ONE_LINE.match(body, at)
    if line is None:
        return "", at
    return " ".join(line[1].split()), line.start(1) + len(line[1].rstrip())


def _reported(mail: MailText) -> Iterator[Signal]:
    """Read a mail of the robot."""
    body = mail.body
    if found := _FOUND.search(body):
        rule, score = ("syzbot-reproducer", 0.4) if found[1] else ("syzbot-report", 0.9)
        yield Signal("report", "", "syzbot", *found.span(), rule, score)
        yield from _commit(body, "HEAD commit", "fails", rule)
    for match in _CONCLUDED.finditer(body):
        if commit := shown_commit(body, match.end()):
            span = match.start(), commit[2]
            if match["fix"]:
                yield Signal("fix", commit[0], "commit", *span, "syzbot-suspects-fix", 0.6)
            else:
                yield Signal("culprit", commit[0], commit[1], *span, "syzbot-bisection", 0.6)
    yield from _inconclusive(body)
    if tested := _TESTED.search(body):
        fine = tested["ok"].startswith("and")
        rule = "syzbot-tested" if fine else "syzbot-still-triggers"
        if fine:
            yield Signal("recovered", "", "syzbot", *tested.span(), rule, 0.8)
        yield from _commit(body, "commit", "works" if fine else "fails", rule)
    if who := _REPORTED_BY.search(body):
        span = who.start(2), who.end(2)
        yield Signal("role", who[2], "reporter", *span, "syzbot-address", 0.98)


def _commit(body: str, name: str, kind: SignalKind, rule: str) -> Iterator[Signal]:
    for match in _FIELD.finditer(body):
        if match[1] == name:
            yield Signal(kind, match[2], "commit", match.start(), match.end(), rule, 0.9)
            return


def _inconclusive(body: str) -> Iterator[Signal]:
    """Give a bisection without result, and the commits that it leaves, if it names any."""
    match = _INCONCLUSIVE.search(body)
    if match is None:
        return
    rule = "syzbot-inconclusive"
    yield Signal("bisection", "", "good=0 bad=0 skip=0", *match.span(), rule, 0.9)
    listed = _ANY_OF.match(body, match.end())
    left = list(_ONE_OF.finditer(body, listed.start(1), listed.end(1))) if listed else []
    for one in left:
        share = max(0.1, round(0.6 / len(left), 2))
        yield Signal("culprit", one[1], one[2].strip(), one.start(), one.end(), rule, share)
