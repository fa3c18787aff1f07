"""The commands to regzbot, the tracker of the kernel's regressions, as mails give them.

Reading is as lenient as the tracker's own, and what its handbook and its program disagree
about is read either way and named, so that a mail means here what it meant there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from threadkit.analyze.mailtext import MailText
from threadkit.analyze.regressions.values import Signal
from threadkit.mail.links import parse_link

# A section: an empty line, a line that begins with the tag, all lines until an empty one.
_SECTION = re.compile(r"(?:\A|(?<=\n\n)|(?<=\A\n))#regzbot\b", re.IGNORECASE)
_END_OF_SECTION = re.compile(r"\n(?=\n|\Z)|\Z")
_COMMAND = re.compile(r"(?:\A|(?<=\n)|;\s+)#regzbot\s+", re.IGNORECASE)
_END_OF_COMMAND = re.compile(
    r"(?:;|(?<!\s))\s++(?=#regzbot)|;?(?:\n[ \t]*(?=\n|\Z)|\Z)", re.IGNORECASE
)
_PARTS = re.compile(r"([\^\w-]+)(?::?\s+)?(.*)", re.DOTALL)
_AFTER_HYPHEN = re.compile(r"-\n")
_FOLD = re.compile(r"[^\S\n]?\n")
_BRIEF = re.compile(r"link|relat(?:ed)?-?brief(?:ly)?")
_POINTER = re.compile(r"[\^/~]\Z|https?://", re.IGNORECASE)
_TITLE = re.compile(r"""\s*\((?:".*?"|[^()]*(?:\([^()]*\)[^()]*)*)\)""", re.DOTALL)
_HASH = re.compile(r"[0-9a-f]{7,40}", re.IGNORECASE)
_COMMITISH = re.compile(r"[0-9a-f]{7,40}|v?\d+\.\d+(?:\.\d+)*(?:-rc\d+)?|next-\d{8}", re.IGNORECASE)
_RELEASE = re.compile(r"v?(\d+\.\d+(?:\.\d+)*(?:-rc\d+)?)|next-\d{8}", re.IGNORECASE)

_ALIASES = {
    alias: canonical
    for canonical, aliases in {
        "introduced": "introduced",
        "use": "use report",
        "summary": "summary title subject",
        "from": "from",
        "relate": "relate related monitor",
        "unrelate": "unrelate unrelated unlink unmonitor",
        "duplicate": "duplicate duplicate-of dup dupof dup-of",
        "fix": "fix fixedby fixed-by",
        "resolve": "resolve resolved invalid",
        "inconclusive": "inconclusive",
        "backburn": "backburn backburner back-burner",
        "unbackburn": "unbackburn unback-burner",
        "poke": "poke",
        "note": "note",
        "ignore-activity": "ignore-activity activity-ignore",
        "backmonitor": "backmonitor",
    }.items()
    for alias in aliases.split()
}
_URL_FIRST = frozenset({"relate", "relatebrief", "unrelate", "backmonitor"})
_NO_TEXT = frozenset({"ignore-activity"})


@dataclass(frozen=True, slots=True)
class Command:
    """One command, as it was written.

    Attributes
    ----------
    name : str
        As written, without the colon (``^introduced``, ``dup-of``).
    canonical : str
        What it means: ``introduced``, ``use``, ``summary``, ``from``, ``relate``,
        ``relatebrief``, ``unrelate``, ``backmonitor``, ``duplicate``, ``fix``,
        ``resolve``, ``inconclusive``, ``backburn``, ``unbackburn``, ``poke``, ``note``,
        ``ignore-activity``; or ``unhandled``.
    params : str
        The rest, unfolded, without semicolons at the end.
    pointers : tuple of str
        Where else it applies, in order: ``^`` the mail answered, ``/`` or ``~`` the first
        mail of the conversation, or a URL.
    drift : str
        Where the tracker's handbook and its program disagree about this:
        ``documented-only`` (the program knows no such name), ``bare-colon`` (``poke:`` has
        the parameter ``:``), ``colon-without-space``; else ``""``.
    start, stop : int
        Characters of the body, from the ``#``; not compared.

    References
    ----------
    regzbot docs/reference.md; Linux Documentation/process/handling-regressions.rst.
    """

    name: str
    canonical: str
    params: str
    pointers: tuple[str, ...]
    drift: str
    start: int = field(default=0, compare=False)
    stop: int = field(default=0, compare=False)

    @property
    def value(self) -> str:
        r"""The parameters in normal form.

        Examples
        --------
        >>> [command] = commands('#regzbot ^introduced: 09854ba94c6a ("mm: simplify")\n')
        >>> command.value
        '09854ba94c6a ^'
        """
        spaced = self.drift not in ("bare-colon", "colon-without-space")
        text = self.params if spaced else self.params[1:]
        if self.canonical == "introduced":
            return " ".join([text.split(None, 1)[0] if text else "", *self.pointers]).strip()
        if self.canonical in ("use", "duplicate"):
            return " ".join(self.pointers)
        if self.canonical == "fix":
            first = text.split(None, 1)[0] if text else ""
            if len(first) >= 8 and _HASH.fullmatch(first):
                return first.lower()
            return _unquoted(text)
        if self.canonical == "unhandled":
            return f"{self.name} {text}".strip()
        return "" if self.canonical in _NO_TEXT else text

    @property
    def title(self) -> str:
        """The title of a commit that the parameters give behind its hash; often ``""``."""
        if self.canonical not in ("introduced", "fix"):
            return ""
        _, _, rest = self.params.partition(" ")
        if self.canonical == "introduced":
            match = _TITLE.match(rest)
            rest = match[0] if match else ""
        elif not _HASH.fullmatch(self.params[: len(self.params) - len(rest)].strip()):
            return ""
        return _unquoted(rest)


def commands(body: str) -> list[Command]:
    r"""Read the commands of a mail.

    Parameters
    ----------
    body : str
        The decoded body.

    Returns
    -------
    list of Command
        In the order of the text; names that mean nothing are kept as ``unhandled``.

    Examples
    --------
    >>> text = "Thanks!\n\n#regzbot introduced: a1b2c3d4..f5e6d7c8\n#regzbot title: x; y;\n"
    >>> [(command.canonical, command.params) for command in commands(text)]
    [('introduced', 'a1b2c3d4..f5e6d7c8'), ('summary', 'x; y')]
    >>> commands("See\n#regzbot poke\n")
    []

    Notes
    -----
    A paragraph that begins with ``#regzbot`` in column 0 is a section; in it commands
    begin on a new line or behind ``; ``, and lines may be wrapped. The tag anywhere else
    (quoted, indented, below other text) is none.

    References
    ----------
    regzbot docs/reference.md.
    """
    found: list[Command] = []
    at = 0
    while section := _SECTION.search(body, at):
        end = _END_OF_SECTION.search(body, section.end())
        at = end.start() if end else len(body)
        found += _of_section(body[section.start() : at], section.start())
    return found


def _of_section(text: str, offset: int) -> Iterator[Command]:
    at = 0
    while match := _COMMAND.search(text, at):
        end = _END_OF_COMMAND.search(text, match.end())
        at = end.start() if end else len(text)
        parameters = _FOLD.sub(" ", _AFTER_HYPHEN.sub("-", text[match.end() : at])).strip()
        while parameters.endswith(";"):
            parameters = parameters.rstrip("; ").rstrip()
        start = match.start() + match[0].index("#")
        if parameters:
            stop = match.end() + len(text[match.end() : at].rstrip())
            yield _command(parameters, offset + start, offset + stop)


def _command(text: str, start: int, stop: int) -> Command:
    """Take ``name: params`` apart."""
    parts = _PARTS.fullmatch(text)
    if parts is None:
        return Command("", "unhandled", text, (), "", start, stop)
    name, params = parts[1], parts[2].strip()
    lower = name.lower()
    caret = lower.startswith("^") or lower.endswith("^")
    bare = lower.strip("^")
    canonical = _canonical(bare)
    if caret and canonical not in ("introduced", "backmonitor"):
        canonical = "unhandled"
    drift = ""
    if bare in ("activity-ignore", "backmonitor"):
        drift = "documented-only"
    elif params.startswith(":") and parts.start(2) == len(name):
        drift = "bare-colon" if params == ":" else "colon-without-space"
    pointers = _pointers(canonical, params.removeprefix(":") if drift else params)
    if caret and canonical == "introduced":
        pointers = ("^", *pointers)
    return Command(name, canonical, params, pointers, drift, start, stop)


def _canonical(name: str) -> str:
    if name in _ALIASES:
        return _ALIASES[name]
    return "relatebrief" if _BRIEF.match(name) else "unhandled"


def _pointers(canonical: str, params: str) -> tuple[str, ...]:
    """Give the leading mails and URLs among the parameters, behind a commit if one is due."""
    if canonical == "introduced":
        _, _, params = params.partition(" ")
        title = _TITLE.match(params)
        params = params[title.end() :] if title else params
    elif canonical not in ("use", "duplicate") and canonical not in _URL_FIRST:
        return ()
    found: list[str] = []
    for word in params.split():
        if not _POINTER.match(word):
            break
        found.append(word)
        if canonical == "use" or canonical in _URL_FIRST:
            break
    return tuple(found)


def _unquoted(title: str) -> str:
    """Take the parentheses and quotes off that a title stands in."""
    title = title.strip()
    while len(title) > 1 and title[0] + title[-1] in ("()", '""', "''"):
        title = title[1:-1].strip()
    return title


def format_command(command: Command) -> str:
    """Write a command so that reading it gives the same command.

    Parameters
    ----------
    command : Command
        Its name and parameters are written; without line breaks.

    Returns
    -------
    str
        One line, without its end.

    Examples
    --------
    >>> format_command(Command("dup-of", "duplicate", "https://example.org/1", (), ""))
    '#regzbot dup-of: https://example.org/1'
    """
    between = ": " if command.name and command.params else ""
    if command.drift in ("bare-colon", "colon-without-space"):
        between = ""
    return f"#regzbot {command.name}{between}{command.params}"


def detect(mail: MailText) -> list[Signal]:
    r"""Find the commands of a mail, and what they say of commits and people.

    Parameters
    ----------
    mail : MailText
        The mail; quoted text never counts, signatures do.

    Returns
    -------
    list of Signal
        One ``regzbot`` for each command, followed by what it says: ``report`` (only if
        this mail begins a conversation and no pointer names another), ``culprit``, ``works``, ``fails``, ``fix``,
        ``role``.

    Examples
    --------
    >>> from threadkit.mail.body import blocks
    >>> body = "It broke.\n\n#regzbot introduced: v6.1..v6.2\n"
    >>> mail = MailText("a@example.org", "x", "Ann", "ann@example.org", None, False, False, None,
    ...                 "a@example.org", body, blocks(body), [], [])
    >>> [(signal.kind, signal.value) for signal in detect(mail)]  # doctest: +NORMALIZE_WHITESPACE
    [('regzbot', 'v6.1..v6.2'), ('report', ''), ('culprit', 'v6.1..v6.2'), ('works', '6.1'),
     ('fails', '6.2')]
    """
    if "#regzbot" not in mail.body.lower():
        return []
    quoted = [block for block in mail.blocks if block.depth]
    found: list[Signal] = []
    is_report = not mail.is_reply
    for command in commands(mail.body):
        if any(block.start <= command.start < block.stop for block in quoted):
            continue
        rule = f"regzbot-{command.canonical}"
        span = command.start, command.stop
        found.append(Signal("regzbot", command.value, command.canonical, *span, rule, 1.0))
        if command.canonical == "introduced":
            found += _introduced(command, is_report)
        elif command.canonical == "use":
            is_report = False
        elif command.canonical == "fix" and command.value:
            is_hash = _HASH.fullmatch(command.value) is not None
            how = "commit" if is_hash else "title"
            found.append(Signal("fix", command.value, how, *span, rule, 0.95))
        elif command.canonical == "from" and command.value:
            address = re.search(r"<([^<>\s]+@[^<>\s]+)>", command.value)
            who = address[1] if address else command.value
            found.append(Signal("role", who, "reporter", *span, rule, 0.95))
    return found


def _introduced(command: Command, is_report: bool) -> Iterator[Signal]:
    """Say what ``introduced`` says of this mail and of the commits."""
    span = command.start, command.stop
    rule = "regzbot-introduced"
    if is_report and not command.pointers:
        yield Signal("report", "", "introduced", *span, rule, 0.9)
    commit = command.value.split(" ", 1)[0]
    low, dots, high = commit.partition("..")
    if not _COMMITISH.fullmatch(low) or (high and not _COMMITISH.fullmatch(high)):
        return
    if dots or _HASH.fullmatch(commit):
        yield Signal("culprit", commit, command.title, *span, rule, 0.95)
    for kind, end in (("works", low if dots else ""), ("fails", high if dots else commit)):
        if release := _RELEASE.fullmatch(end):
            name = release[1] or release[0]
            yield Signal("works" if kind == "works" else "fails", name, "release", *span, rule, 0.9)


def message_of(pointer: str, parent: str | None, root: str) -> str | None:
    """Say which mail a pointer means.

    Parameters
    ----------
    pointer : str
        ``^``, ``/``, ``~`` or a URL.
    parent, root : str or None
        Message-IDs of the mail that the command's mail answers, and of the first one.

    Returns
    -------
    str or None
        A Message-ID; the URL in normal form if it names no mail; None for ``^`` in a mail
        that answers none.

    Examples
    --------
    >>> message_of("https://lore.kernel.org/r/a@example.org/T/#t", None, "r@example.org")
    'a@example.org'
    >>> message_of("^", "p@example.org", "r@example.org")
    'p@example.org'
    """
    if pointer == "^":
        return parent
    return root if pointer in ("/", "~") else parse_link(pointer).value
