"""The table of kernels and two scenarios, for the first page of a site that has both."""

from __future__ import annotations

from typing import TYPE_CHECKING

from threadkit.site.values import Site

if TYPE_CHECKING:
    from threadkit.cow.suite.front import Front


def front(site: Site) -> Front | None:
    """Return the table, if the site has its scenarios.

    Parameters
    ----------
    site : Site
        What is shown.

    Returns
    -------
    Front or None
        None for a conversation that has to do with something else.
    """
    if not site.scenarios:
        return None
    from threadkit.cow.suite.front import ASKED
    from threadkit.cow.suite.front import front as table

    if any(one.scenario not in site.scenarios for one in ASKED):
        return None
    return table()
