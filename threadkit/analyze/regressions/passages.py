"""What the passages of a mail say of a regression, as events; commands with their pointers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from threadkit.analyze.regressions.commit_names import is_hash
from threadkit.analyze.regressions.facts import MailSignals
from threadkit.analyze.regressions.regression import Event, Source
from threadkit.analyze.regressions.values import Signal
from threadkit.mail.links import parse_link
from threadkit.mail.subject import parse_subject

_POINTERS = ("^", "/", "~")
_CREATES = "introduced"


def target(value: str) -> tuple[str, str]:
    """Say what a pointer or link is about: a message, a bug, or just a page.

    Parameters
    ----------
    value : str
        A URL or a Message-ID.

    Returns
    -------
    (str, str)
        ``message``, ``bug``, ``commit``, ``syzbot`` or ``url``, and its normal form.

    Examples
    --------
    >>> target("https://lore.kernel.org/all/a@example.org/#t")
    ('message', 'a@example.org')
    >>> target("a@example.org")
    ('message', 'a@example.org')
    """
    if "://" in value:
        link = parse_link(value)
        return link.kind, link.value
    return ("message", value.strip("<>")) if "@" in value else ("url", value)


def in_mail(signal: Signal) -> tuple[int, int, int]:
    """Order signals as tracking runs commands: introduced first, poke last.

    Parameters
    ----------
    signal : Signal
        Of one mail.

    Returns
    -------
    tuple of int
        To sort by.
    """
    name = signal.detail if signal.kind == "regzbot" else ""
    return {_CREATES: 0, "poke": 2}.get(name, 1), signal.start, signal.stop


def introduced(mail: MailSignals) -> Iterator[tuple[Signal, str]]:
    """Give the commands of a mail that create, each with what it points at.

    Parameters
    ----------
    mail : MailSignals
        Any.

    Yields
    ------
    (Signal, str)
        The command; its first pointer, or that of the ``use`` before it, or nothing.
    """
    used = ""
    for signal in sorted(mail.signals, key=lambda one: one.start):
        if signal.kind != "regzbot":
            continue
        words = signal.value.split()
        if signal.detail == "use":
            used = words[0] if words else used
        elif signal.detail == _CREATES:
            yield signal, next((word for word in words[1:] if _is_pointer(word)), used)


def _is_pointer(word: str) -> bool:
    return word in _POINTERS or "://" in word


def pointed(mail: MailSignals, pointer: str) -> tuple[str, str]:
    """Return what a command points at.

    Parameters
    ----------
    mail : MailSignals
        Where the command stands.
    pointer : str
        As :func:`introduced` gives it.

    Returns
    -------
    (str, str)
        ``message`` and its Message-ID, or ``bug`` and its URL, as from :func:`target`.
    """
    if pointer == "^":
        return "message", mail.parent or mail.message_id
    if pointer in ("/", "~"):
        return "message", mail.root
    return target(pointer) if pointer else ("message", mail.message_id)


def is_echo(signal: Signal) -> bool:
    """Tell what merely repeats a command in other words.

    Parameters
    ----------
    signal : Signal
        Any.
    """
    return signal.kind not in ("regzbot", "syz") and signal.rule.startswith("regzbot-")


def has_bisected(mail: MailSignals) -> bool:
    """Tell a mail whose author bisected: where the report is missing, it stands for that.

    Parameters
    ----------
    mail : MailSignals
        Any.
    """
    return not mail.is_patch and any(
        one.kind in ("culprit", "bisection") and one.mood == "said" and is_hash(one.value)
        and source_of(one) == "bisection" and not one.rule.endswith("quoted")
        for one in mail.signals
    )  # fmt: skip


def bugs_of(signal: Signal) -> set[str]:
    """Return the bug that a command links: it is the same report elsewhere.

    Parameters
    ----------
    signal : Signal
        Any.

    Returns
    -------
    set of str
        One URL, or none.
    """
    if signal.kind == "regzbot" and signal.detail in ("relate", "relatebrief", "duplicate"):
        kind, value = target((signal.value.split() or [""])[0])
        return {value} if kind == "bug" else set()
    return set()


_COMMANDS: Mapping[str, str] = {
    "introduced": "culprit", "fix": "fix", "resolve": "resolve", "inconclusive": "inconclusive",
    "duplicate": "duplicate", "summary": "title", "from": "role", "relate": "link",
    "relatebrief": "link", "unrelate": "unlink", "backburn": "backburner",
    "unbackburn": "unbackburner", "poke": "poke", "note": "note",
}  # fmt: skip
_SYZ: Mapping[str, str] = {"fix": "fix", "dup": "duplicate", "invalid": "resolve"}


def events_of(mail: MailSignals, signal: Signal, title: str = "") -> list[Event]:
    """Turn a passage into what it says of the case of its mail.

    Parameters
    ----------
    mail : MailSignals
        Where it stands.
    signal : Signal
        Any of it but links, which name their case themselves.
    title : str, optional
        Of the commit that a command names.

    Returns
    -------
    list of Event
        Empty for what changes nothing: supposed, asked, or of no weight.
    """
    if signal.kind in ("regzbot", "syz"):
        return _commanded(mail, signal, title)
    if signal.mood == "negated" and signal.kind == "culprit":
        return [event_of(mail, signal, "not_culprit", signal.value, signal.detail, "prose")]
    if signal.mood != "said":
        return []
    source = source_of(signal)
    if signal.kind == "bisection":
        rest = [event_of(mail, signal, "note", signal.value, signal.detail, "bisection")]
        if signal.value:
            rest.append(event_of(mail, signal, "culprit", signal.value, "", "bisection"))
            rest.append(
                event_of(mail, signal, "role", mail.email or mail.person, "bisector", source)
            )
        return rest
    if signal.kind == "fix" and signal.value == mail.message_id and not mail.is_patch:
        return []
    if signal.kind == "fix" and signal.value == mail.message_id and is_trial(mail):
        return [event_of(mail, signal, "trial", signal.value, signal.detail, source)]
    if signal.kind in ("works", "fails", "culprit", "fix", "role", "recovered", "landed"):
        return [event_of(mail, signal, signal.kind, signal.value, signal.detail, source)]
    return []


def is_trial(mail: MailSignals) -> bool:
    """Tell a diff in an answer, to be tried, from a patch that is posted to be applied.

    Parameters
    ----------
    mail : MailSignals
        With a diff.
    """
    fixes = any(one.kind == "closes" or one.rule.startswith("fixes") for one in mail.signals)
    return not fixes and not parse_subject(mail.subject).is_patch


def source_of(signal: Signal) -> Source:
    """Say by what way a passage tells.

    Parameters
    ----------
    signal : Signal
        No command.
    """
    if "trailer" in signal.rule or signal.kind == "closes":
        return "trailer"
    if signal.kind == "bisection" or "bisect" in signal.rule or "first-bad" in signal.rule:
        return "bisection"
    return "prose"


def _commanded(mail: MailSignals, signal: Signal, title: str) -> list[Event]:
    """Turn a command into an event."""
    names = _COMMANDS if signal.kind == "regzbot" else _SYZ
    kind = names.get(signal.detail)
    words = signal.value.split()
    if kind is None:
        return []
    if kind in ("culprit", "link", "unlink", "duplicate") and signal.kind == "regzbot" and words:
        return [
            event_of(mail, signal, kind, word, title or signal.detail, "command")
            for word in (words if kind == "duplicate" else words[:1])
        ]
    detail = signal.detail
    value = signal.value
    if kind == "role":
        detail = "reporter"
    if kind == "fix":
        detail, value = fix_of(signal.value)
    return [event_of(mail, signal, kind, value, detail, "command")]


def fix_of(value: str) -> tuple[str, str]:
    """Take a fix command apart: a hash with or without its title, or a title alone.

    Parameters
    ----------
    value : str
        Of the command.

    Returns
    -------
    (str, str)
        ``commit`` or ``title``, and which.

    Examples
    --------
    >>> fix_of('0123456789ab ("mm: x")'), fix_of('("mm: x")')
    (('commit', '0123456789ab'), ('title', 'mm: x'))
    """
    first = (value.split() or [""])[0]
    if is_hash(first):
        return "commit", first
    return "title", value.strip("\"'() ")


def event_of(
    mail: MailSignals, signal: Signal, kind: str, value: str, detail: str, source: Source
) -> Event:
    """Make the event of a passage.

    Parameters
    ----------
    mail : MailSignals
        Who says it, and when.
    signal : Signal
        The passage.
    kind, value, detail : str
        As in :class:`~threadkit.analyze.regressions.regression.Event`.
    source : Source
        By what way it is known.
    """
    return Event(
        mail.date_utc, kind, mail.message_id, None, mail.person or mail.email, value, detail,
        signal.start, signal.stop, signal.rule, signal.score, source,
    )  # fmt: skip
