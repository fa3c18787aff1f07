"""All mails of a site in one mailbox file."""

from __future__ import annotations

import re
from collections.abc import Iterator

from threadkit.site.values import Mail, Page, Site

PATH = "thread.mbox"
"""Where the mailbox lies, from the top of the site."""

_FROM = re.compile(rb"^(>*From )", re.MULTILINE)
_ENVELOPE = b"From mboxrd@z Thu Jan  1 00:00:00 1970\n"


def pages(site: Site) -> Iterator[Page]:
    """Make the mailbox of a site.

    Parameters
    ----------
    site : Site
        What is shown.

    Yields
    ------
    Page
        One, read mail by mail as it is written; none where addresses are left out (mails as
        they came are full of them).
    """
    if offered(site):
        yield Page(PATH, _mails(site))


def offered(site: Site) -> bool:
    """Say whether mails are given as they came.

    Parameters
    ----------
    site : Site
        Not if it leaves addresses out, and not if no text is here.
    """
    return not site.hide_addresses and any(mail.seen for mail in site.mails)


def boxed(raw: bytes) -> bytes:
    r"""Write a mail as an mboxrd file holds it.

    Parameters
    ----------
    raw : bytes
        As it came.

    Returns
    -------
    bytes
        With an envelope line, lines that look like one marked, and a blank line.

    Examples
    --------
    >>> boxed(b"Subject: a\n\n>From here")[39:]
    b'Subject: a\n\n>>From here\n\n'

    References
    ----------
    public-inbox writes the same envelope lines.
    """
    end = b"\n" if raw.endswith(b"\n") else b"\n\n"
    return _ENVELOPE + _FROM.sub(rb">\1", raw) + end


def raw_of(site: Site, mail: Mail) -> bytes | None:
    """Read a mail as it came.

    Parameters
    ----------
    site : Site
        It knows how.
    mail : Mail
        Which.

    Returns
    -------
    bytes or None
        None if it is not here.
    """
    if site.raw is not None:
        return site.raw(mail) or None
    text = site.text(mail) if mail.seen else None
    return text.raw if text is not None and text.raw else None


def _mails(site: Site) -> Iterator[bytes]:
    for mail in site.mails:
        raw = raw_of(site, mail)
        if raw is not None:
            yield boxed(raw)
