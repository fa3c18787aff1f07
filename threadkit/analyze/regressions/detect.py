"""All detectors of regression tracking over one mail."""

from __future__ import annotations

from threadkit.analyze.mailtext import MailText
from threadkit.analyze.regressions import (
    bisection,
    predictions,
    prose,
    regzbot,
    robots,
    syzbot,
    tags,
)
from threadkit.analyze.regressions.retractions import weighed
from threadkit.analyze.regressions.values import Signal

DETECTORS = (
    regzbot.detect,
    syzbot.detect,
    bisection.detect,
    robots.detect,
    tags.detect,
    prose.detect,
    predictions.detect,
)


def signals(mail: MailText) -> list[Signal]:
    """Find everything in a mail that bears on a regression.

    Parameters
    ----------
    mail : MailText
        One mail.

    Returns
    -------
    list of Signal
        In the order of the text; those of the subject first.
    """
    found = [signal for detect in DETECTORS for signal in detect(mail)]
    found = weighed(mail, found)
    return sorted(found, key=lambda one: (one.start, one.stop, one.kind, one.rule, one.value))
