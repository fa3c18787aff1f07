"""Where everything of a site comes from: sources, runs of analyzers, coverage."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import PurePath
from sqlite3 import Connection

from threadkit.pipeline.display import counted
from threadkit.site.values import Claim, Mail, Site
from threadkit.store.claim_list import coverage
from threadkit.store.origins import all_runs, sources_of


def public_name(uri: str) -> str:
    """Return the name of a source that may be published: no path of somebody's computer.

    Parameters
    ----------
    uri : str
        A URL, or a path.

    Examples
    --------
    >>> public_name("/home/ann/mail/fork.mbox"), public_name("https://lore.kernel.org/all/x")
    ('fork.mbox', 'https://lore.kernel.org/all/x')
    >>> public_name("facts shipped with threadkit")
    'facts shipped with threadkit'
    """
    if "://" in uri and not uri.startswith("file:"):
        return uri
    return PurePath(uri.replace("\\", "/").rstrip("/")).name


def sources(conn: Connection, ids: Iterable[int]) -> list[tuple[str, str, str, str]]:
    """List the sources that the mails of a site came from.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    ids : iterable of int
        ``message.id`` of its mails.

    Returns
    -------
    list of (str, str, str, str)
        Address, kind, date, hash; each once.
    """
    found = (
        (public_name(uri), kind, fetched or "", sha256 or "")
        for uri, kind, fetched, sha256 in sources_of(conn, ids)
    )
    return sorted(set(found))


def runs(conn: Connection) -> list[tuple[str, str, str]]:
    """List the analyzers whose findings may be shown: name, version, findings.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    """
    return [(name, version, str(found)) for name, version, found in all_runs(conn)]


def covered(
    conn: Connection, root: int | None, mails: Iterable[Mail], claims: Sequence[Claim]
) -> list[str]:
    """Say how much of a conversation is covered.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    root : int or None
        ``message.root``; None if no mail of it is here.
    mails : iterable of Mail
        Of the site.
    claims : sequence of Claim
        Those that are shown.

    Returns
    -------
    list of str
        Sentences.
    """
    rows = list(mails)
    inside = [mail for mail in rows if mail.where == "thread"]
    wrote = {mail.person for mail in inside if mail.person}
    here = sum(mail.seen for mail in inside)
    said = [f"The text of {here} of {counted(len(inside), 'message')} of the conversation is here."]
    if len(rows) > len(inside):
        said.append(f"{counted(len(rows) - len(inside), 'message')} before or after it belong too.")
    if claims:
        speakers = {one.person for one in claims if one.person}
        others = len(speakers - wrote)
        more = f", and of {counted(others, 'other')}" if others else ""
        said.append(
            f"{counted(len(claims), 'claim')}, of {len(speakers & wrote)} of the {len(wrote)} people"
            f" who wrote in it{more}."
        )
    if root is not None:
        said.append(f"Automatic reading: {coverage(conn, root)}.")
    return said


def counts(site: Site) -> list[tuple[str, str]]:
    """Count what a site shows.

    Parameters
    ----------
    site : Site
        All but its provenance.

    Returns
    -------
    list of (str, str)
        What, and how many; nothing that there is none of.
    """
    found = [
        ("messages", len(site.mails)),
        ("of these with text", sum(mail.seen for mail in site.mails)),
        ("people who wrote", len({mail.person for mail in site.mails if mail.person})),
        ("claims", len(site.claims)),
        ("claims that the model tests", sum(_is_tested(one) for one in site.claims)),
        ("scenarios", len(site.scenarios)),
        ("questions", len(site.questions)),
        ("points that call for an answer", len(site.asked)),
        ("commits", len(site.commits)),
        ("regressions", len(site.regressions)),
    ]
    return [(what, f"{many:,}") for what, many in found if many]


def _is_tested(one: Claim) -> bool:
    return any(tested.scenario for tested in one.tested)
