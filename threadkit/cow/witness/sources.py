"""Where the system gets Debian packages from, and a list of our own for more suites there.

Only names are taken from the system: the mirror, and the keyring that signs it. Kernels of
neighbouring releases are on the same mirror, in suites that the system does not list.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

CODENAMES = ("bullseye", "bookworm", "trixie")
"""Releases that ship the kernels of the witness: 5.10, 6.1, 6.12; oldest first."""

KEYRING = "usr/share/keyrings/debian-archive-keyring.gpg"
"""Of the package debian-archive-keyring, below the root."""

_KNOWN = frozenset(
    {*CODENAMES, "buster", "forky", "duke", "sid"}
    | {"oldoldstable", "oldstable", "stable", "testing", "unstable"}
)
_ONE_LINE = re.compile(r"deb\s+(?:\[(?P<options>[^]]*)\]\s+)?(?P<uri>\S+)\s+(?P<suite>\S+)\s+\S")
_SIGNED_BY = re.compile(r"(?:^|\s)signed-by=(\S+)", re.IGNORECASE)
_SECURITY = re.compile(r"(?P<name>[a-z]+)(?:-security|/updates)")


@dataclass(frozen=True, slots=True)
class Source:
    """One suite on one mirror. ``signed_by`` is a keyring, or empty: apt's own."""

    uri: str
    suite: str
    signed_by: str = ""


@dataclass(frozen=True, slots=True)
class Mirror:
    """Where the system gets Debian from; ``security`` is None where it names no such source."""

    main: Source
    security: Source | None


def parse_one_line(text: str) -> Iterator[Source]:
    r"""Read a list of sources in the old style, one a line.

    Parameters
    ----------
    text : str
        Of ``sources.list``.

    Yields
    ------
    Source
        Of binary packages, in order.

    Examples
    --------
    >>> list(parse_one_line("# deb http://a x y\ndeb [signed-by=/k] http://m/debian sid main\n"))
    [Source(uri='http://m/debian', suite='sid', signed_by='/k')]

    References
    ----------
    sources.list(5), "ONE-LINE-STYLE FORMAT".
    """
    for line in text.splitlines():
        if found := _ONE_LINE.match(line.partition("#")[0].strip() + " "):
            key = _SIGNED_BY.search(found["options"] or "")
            yield Source(found["uri"], found["suite"], key[1] if key else "")


def parse_deb822(text: str) -> Iterator[Source]:
    r"""Read a list of sources in the new style: paragraphs of fields.

    Parameters
    ----------
    text : str
        Of a ``.sources`` file.

    Yields
    ------
    Source
        Of binary packages, in order; a key that stands in the file itself is left out.

    Examples
    --------
    >>> text = "Types: deb\nURIs: http://m/debian\nSuites: sid\n experimental\nSigned-By: /k\n"
    >>> [(one.suite, one.signed_by) for one in parse_deb822(text)]
    [('sid', '/k'), ('experimental', '/k')]

    References
    ----------
    sources.list(5), "DEB822-STYLE FORMAT".
    """
    for paragraph in re.split(r"\n[ \t]*\n", text):
        fields = _fields(paragraph)
        if "deb" not in fields.get("types", "").split() or _is_off(fields):
            continue
        key = fields.get("signed-by", "").strip()
        for uri in fields.get("uris", "").split():
            for suite in fields.get("suites", "").split():
                yield Source(uri, suite, key if key.startswith("/") else "")


def _fields(paragraph: str) -> dict[str, str]:
    fields: dict[str, str] = {}
    name = ""
    for line in paragraph.splitlines():
        if line.startswith("#"):
            continue
        if line[:1] in (" ", "\t"):
            if name:
                fields[name] += "\n" + line
        elif ":" in line:
            name, _, value = line.partition(":")
            name = name.strip().lower()
            fields[name] = value.strip()
    return fields


def _is_off(fields: dict[str, str]) -> bool:
    return fields.get("enabled", "yes").strip().lower() in ("no", "false", "0", "off", "without")


def system_sources(root: Path = Path("/")) -> list[Source]:
    """Return what the system's own lists name; empty where there is no apt.

    Parameters
    ----------
    root : Path
        Of the system.
    """
    apt = root / "etc/apt"
    parts = apt / "sources.list.d"
    found: list[Source] = []
    for path in (apt / "sources.list", *sorted(parts.glob("*.list"))):
        found += parse_one_line(_text(path))
    for path in sorted(parts.glob("*.sources")):
        found += parse_deb822(_text(path))
    return found


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8", "replace")
    except OSError:  # not there, or not for us
        return ""


def find_mirror(sources: Iterable[Source]) -> Mirror | None:
    """Find the mirror of Debian among all sources of a system.

    Parameters
    ----------
    sources : iterable of Source
        In the order of the system's lists.

    Returns
    -------
    Mirror or None
        None where no source is one of Debian.

    Examples
    --------
    >>> own = Source("http://m/debian", "bookworm-updates"), Source("http://s", "stable-security")
    >>> mirror = find_mirror(own)
    >>> mirror.main.uri, mirror.security.uri
    ('http://m/debian', 'http://s')
    >>> find_mirror([Source("https://example.org/apt", "nodistro")]) is None
    True
    """
    main: Source | None = None
    security: Source | None = None
    for one in sources:
        if found := _SECURITY.fullmatch(one.suite):
            if found["name"] in _KNOWN:
                security = security or one
        elif one.suite.partition("-")[0] in _KNOWN:
            main = main or one
    return Mirror(main, security) if main else None


def own_list(mirror: Mirror, keyring: str = "") -> str:
    """Write the list of the suites that ship the witness's kernels.

    Parameters
    ----------
    mirror : Mirror
        The system's.
    keyring : str
        A file with the keys of all releases; the system's entry may name one of its own
        release only. Empty: as the system's entry says.

    Returns
    -------
    str
        One-line style; only the indexes of packages, no translations or icons.

    Examples
    --------
    >>> print(own_list(Mirror(Source("http://m/debian", "sid"), None), "/k").splitlines()[0])
    deb [arch=amd64 target=Packages signed-by=/k] http://m/debian bullseye main
    """
    lines = []
    for name in CODENAMES:
        lines.append(_line(mirror.main, name, keyring))
        if mirror.security:
            lines.append(_line(mirror.security, f"{name}-security", keyring))
    return "".join(lines)


def _line(source: Source, suite: str, keyring: str) -> str:
    key = keyring or source.signed_by
    signed = f" signed-by={key}" if key else ""
    return f"deb [arch=amd64 target=Packages{signed}] {source.uri} {suite} main\n"
