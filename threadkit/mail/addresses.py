"""Mailboxes of From, To and Cc, in all the forms that people and programs write."""

from __future__ import annotations

import re

from threadkit.mail.encoded_words import decode_words, from_raw
from threadkit.mail.values import Address, Defect

_SPECIAL = re.compile(r'\\.|[",()<>:;]', re.DOTALL)
_COMMENT = re.compile(r"\(((?:[^()\\]|\\.)*)\)")
_OBFUSCATED = re.compile(r"([^\s@<>]+) at ([^\s@<>]+\.[^\s@<>]+)")
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_CONTEXT = re.compile(r"[,;:\\]").search
_MAILBOX_MAX = 2000
_KNOWN_LENGTH = 200
_KNOWN_MAX = 16384

# Mailbox as written -> Address, for those without defects. The people of a list write to
# each other again and again: most headers are answered from here.
_known: dict[str, Address] = {}


def addresses(value: str, name: str, defects: list[Defect]) -> tuple[Address, ...]:
    """Read the mailboxes of a header value.

    Parameters
    ----------
    value : str
        Unfolded, one character a byte.
    name : str
        The header's name, for defects.
    defects : list of Defect
        Receives what is wrong.

    Returns
    -------
    tuple of Address
        In the order written; groups are replaced by their members; a mailbox without an
        address keeps its name and has an empty ``email``.

    Examples
    --------
    >>> addresses('"Doe, Jane" <Jane@Example.ORG>, joe at example.org (Joe)', "to", [])
    (Address(name='Doe, Jane', email='Jane@example.org'), Address(name='Joe', email='joe@example.org'))
    >>> addresses("undisclosed-recipients:;", "to", [])
    ()

    Notes
    -----
    Linear in the length of ``value``. Mailboxes repeat from mail to mail, so the common
    forms are remembered.

    References
    ----------
    RFC 5322 section 3.4, with the obsolete syntax of section 4.4.
    """
    text = value if value.isascii() else from_raw(value, name, defects)
    try:
        return tuple(map(_known.__getitem__, text.split(",")))
    except KeyError:
        pass
    found = []
    for piece in _split(text):
        address = _known.get(piece)
        if address is None:
            problems: list[Defect] = []  # its own: a log that is full takes no more
            address = _mailbox(piece[:_MAILBOX_MAX], problems)
            if address is None:
                continue
            for problem in problems:
                defects.append(problem)
            if not problems:
                _remember(piece, address)
        found.append(address)
    return tuple(found)


def _remember(piece: str, address: Address) -> None:
    """Keep a mailbox that means the same wherever it stands between commas."""
    if (
        len(piece) <= _KNOWN_LENGTH
        and piece.count('"') in (0, 2)
        and piece.count("(") == piece.count(")")
        and not _CONTEXT(piece)
    ):
        if len(_known) >= _KNOWN_MAX:
            _known.clear()
        _known[piece] = address


def _split(text: str) -> list[str]:
    """Cut at the commas that separate mailboxes; group names and marks vanish."""
    pieces = []
    start = depth = 0
    quoted = angle = False
    for match in _SPECIAL.finditer(text):
        mark = match[0]
        if quoted:
            quoted = mark != '"'
        elif mark == '"':
            quoted = depth == 0
        elif mark == "(":
            depth += 1
        elif mark == ")":
            depth = max(0, depth - 1)
        elif depth or mark[0] == "\\":
            continue
        elif mark == "<":
            angle = True
        elif mark == ">":
            angle = False
        elif mark == "," or (mark == ";" and not angle):
            pieces.append(text[start : match.start()])
            start, angle = match.end(), False
        elif mark == ":" and not angle:
            start = match.end()  # what stood before names a group
    if quoted or depth:
        # An open quote or comment would swallow all that follows: then commas decide.
        return text.split(",")
    pieces.append(text[start:])
    return pieces


def _mailbox(piece: str, defects: list[Defect]) -> Address | None:
    """Read one mailbox; None if there is nothing in it."""
    piece = " ".join(piece.split())
    if not piece:
        return None
    opening = piece.rfind("<")
    if opening >= 0:
        name, email = _angle(piece, opening)
    else:
        name, email = _bare(piece)
    name = _display(name, defects)
    email = _addr_spec(email)
    local, at, domain = email.rpartition("@")
    if not local or not domain:
        if not name and not email:
            return None
        defects.append(Defect("address-malformed", piece[:60]))
    return Address(name, f"{local}@{domain.lower()}" if at else email)


def _angle(piece: str, opening: int) -> tuple[str, str]:
    """``Name <local@domain>``, with or without comments and a closing bracket."""
    closing = piece.find(">", opening)
    stop = closing if closing >= 0 else len(piece)
    name = piece[:opening].rstrip()
    after = piece[stop + 1 :].strip()
    if after and not name:
        name = after
    return name, piece[opening + 1 : stop]


def _bare(piece: str) -> tuple[str, str]:
    """``local@domain``, ``local@domain (Name)``, or only a name."""
    comments = _COMMENT.findall(piece) if "(" in piece else []
    rest = _COMMENT.sub(" ", piece).strip() if comments else piece
    if "@" not in rest:
        hidden = _OBFUSCATED.fullmatch(rest)
        if hidden:
            return " ".join(comments), f"{hidden[1]}@{hidden[2]}"
        if " " in rest or rest[:1] == '"':
            return piece, ""
    elif " " in rest:
        # Broken senders forget the brackets: Jane Doe jane@example.org
        words = rest.split()
        spec = [word for word in words if "@" in word]
        if len(spec) == 1 and len(spec[0]) > 1 and spec[0][0] != "@" and spec[0][-1] != "@":
            names = [word for word in words if "@" not in word]
            return " ".join([*names, *comments]), spec[0]
    return " ".join(comments), rest


def _display(name: str, defects: list[Defect]) -> str:
    """Take quotes and encodings off a display name."""
    if '"' in name and ('"' in name[1:-1] or not name[:1] == '"' == name[-1:]):
        name = _ESCAPE.sub(lambda m: "\0" if m[1] == '"' else m[1], name)
        name = name.replace('"', "").replace("\0", '"')
    else:
        if name[:1] + name[-1:] in ('""', "()"):
            name = name[1:-1]
        if "\\" in name:
            name = _ESCAPE.sub(r"\1", name)
    if "=?" in name:
        name = decode_words(name, defects)
    if len(name) > 2 and name[0] == "'" == name[-1]:
        name = name[1:-1]  # Outlook writes 'jane@example.org' <jane@example.org>
    return " ".join(name.split())


def _addr_spec(email: str) -> str:
    """Take white space, comments and source routes off an address."""
    if "(" in email:
        email = _COMMENT.sub("", email)
    if '"' not in email and not email.isalnum():
        email = "".join(email.split()) if "@" in email else " ".join(email.split())
    if email[:1] == "@" and ":" in email:
        email = email.rpartition(":")[2]  # <@relay.example:user@example.org>
    if email[:7].lower() == "mailto:":
        email = email[7:]
    if "@" not in email:
        hidden = _OBFUSCATED.fullmatch(email)
        if hidden:
            return f"{hidden[1]}@{hidden[2]}"
    return email.strip(" '")
