"""The part of ``show`` that shows a claim."""

from __future__ import annotations

import re

from threadkit.cli.analyzing import bring_up_to_date
from threadkit.cli.console import Console
from threadkit.cli.formats import envelope
from threadkit.cli.options import archive_of
from threadkit.errors import NotFound

_NAME = re.compile(r"c[1-9][0-9]{0,8}", re.IGNORECASE)


def show_claim(console: Console, name: str, *, as_json: bool) -> bool:
    """Write a claim, if there is one of this name.

    Parameters
    ----------
    console : Console
        Of this run.
    name : str
        What was typed.
    as_json : bool
        One object.

    Returns
    -------
    bool
        False if it is no name of a claim, or there is none.
    """
    if not is_claim_name(name):
        return False
    with archive_of(console) as archive:
        try:
            thread = archive.claim_thread(name)
        except NotFound:
            return False
    bring_up_to_date(console, arguments=True, thread=thread)
    from threadkit.cli.claim_lines import detail

    with archive_of(console) as archive:
        found = archive.claim(name)
    console.write([envelope(console, found.as_json())] if as_json else detail(console, found))
    return True


def is_claim_name(name: str) -> bool:
    """Tell whether a word looks like the name of a claim.

    Parameters
    ----------
    name : str
        What was typed.

    Examples
    --------
    >>> is_claim_name("c6"), is_claim_name("c0ffee")
    (True, False)
    """
    return _NAME.fullmatch(name) is not None
