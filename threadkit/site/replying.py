"""How to answer a mail, and how to get it and its list: what an archive's page tells."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable
from typing import NamedTuple
from urllib.parse import quote, urlsplit

from threadkit.site.texts import Text
from threadkit.site.values import Mail, Site

_LIST_ID = re.compile(r"[A-Za-z0-9][\w-]*(?:\.[\w-]+)+", re.ASCII)
_MOST = 60  # addresses; who writes to more will not use a link
_RE = re.compile(r"\s*re:", re.IGNORECASE)


class Reply(NamedTuple):
    """Ways to answer: ``mailto`` is empty where addresses are left out."""

    mailto: str
    command: str


def reply(site: Site, mail: Mail, text: Text) -> Reply:
    """Tell how to answer a mail.

    Parameters
    ----------
    site : Site
        It says whether addresses are left out.
    mail : Mail
        To answer.
    text : Text
        Of it, with the addresses for a reply.

    Returns
    -------
    Reply
        A link for mail programs, and a command of git; all of strangers is quoted in both.

    References
    ----------
    RFC 6068 (mailto); git-send-email(1).
    """
    to, cc = ([], []) if site.hide_addresses else (_split(text.reply_to), _split(text.reply_cc))
    arguments = [f"--in-reply-to={shlex.quote(mail.message_id)}"]
    arguments += [f"--to={shlex.quote(one)}" for one in to]
    arguments += [f"--cc={shlex.quote(one)}" for one in cc]
    command = " \\\n  ".join(["git send-email", *arguments, "/path/to/YOUR_REPLY"])
    if not to:
        return Reply("", command)
    subject = mail.subject if _RE.match(mail.subject) else f"Re: {mail.subject}"
    fields = [("In-Reply-To", f"<{mail.message_id}>"), ("Cc", ",".join(cc)), ("Subject", subject)]
    query = "&".join(f"{name}={_quoted(value)}" for name, value in fields if value)
    return Reply(f"mailto:{_quoted(','.join(to), '@,')}?{query}", command)


def mirrors(site: Site, lists: Iterable[str]) -> list[tuple[str, str]]:
    """Tell how to mirror the lists through which a mail came.

    Parameters
    ----------
    site : Site
        It names the archive.
    lists : iterable of str
        List-IDs; what does not look like one is left out.

    Returns
    -------
    list of (str, str)
        Name of a list, and address of its archive; the archive is taken to name the list
        as the List-ID begins.

    Examples
    --------
    >>> site = Site("a", "", "", "", [], {}, lambda mail: None)
    >>> mirrors(site, ["pool.lists.example.org", "`rm -rf`"])
    [('pool', 'https://lore.kernel.org/pool')]
    """
    parts = urlsplit(site.lore)
    names = sorted({one.partition(".")[0] for one in lists if _LIST_ID.fullmatch(one)})
    return [(name, f"{parts.scheme}://{parts.netloc}/{name}") for name in names]


def fetch(message_id: str) -> str:
    """Write the command that gets a mail.

    Parameters
    ----------
    message_id : str
        Of a stranger; one that looks like an option stays a name.

    Examples
    --------
    >>> fetch("a@example.org"), fetch("-x;`id`@example.org")
    ('threadkit fetch a@example.org', "threadkit fetch -- '-x;`id`@example.org'")
    """
    name = shlex.quote(message_id)
    return f"threadkit fetch {'-- ' if message_id[:1] == '-' else ''}{name}"


def _split(addresses: str) -> list[str]:
    found = (one.strip() for one in addresses.split(","))
    return [one for one in found if one and one.isprintable()][:_MOST]


def _quoted(text: str, safe: str = "") -> str:
    return quote(text, safe=safe, errors="replace")
