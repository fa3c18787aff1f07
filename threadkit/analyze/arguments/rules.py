"""Units whose label a rule tells: those that are right at least 19 times of 20 in labelled mail."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from threadkit.analyze.arguments.features import Read
from threadkit.analyze.arguments.phrases import Phrases
from threadkit.analyze.arguments.segments import Segment
from threadkit.analyze.arguments.values import Label
from threadkit.analyze.mailtext import MailText

SCORE: Final = 0.97
"""Of what a rule tells."""

_GIVEN = ("acked-by", "reviewed-by", "tested-by")
_THANKS = frozenset(("thanks", "thank", "thx", "cheers"))
_SHORTEST = 4
_SHORT = 14
AGREED: Final = Phrases(
    {
        "agreed": (
            "^ agreed|agree", "^ i agree", "^ i fully|completely|totally|wholeheartedly agree",
            "^ sounds good|reasonable|fine", "^ makes sense", "^ looks good|fine|reasonable",
        )
    }
)  # fmt: skip
"""What short answers that agree begin with."""

CONCEDED: Final = Phrases(
    {
        "conceded": (
            "^ i stand corrected", "^ i concede", "^ my bad|fault|mistake", "^ mea culpa",
            "^ i be wrong", "^ i .. take that|it|this back", "^ i miss|missed|overlooked that",
        )
    }
)  # fmt: skip
"""What short words of somebody who gives in begin with."""

_BY_SHAPE: Final[Mapping[str, Label]] = {"greeting": "social", "signoff": "social"}


class Ruled(NamedTuple):
    """A label and the rule that tells it."""

    label: Label
    rule: str


def ruled(mail: MailText, unit: Segment, read: Read) -> Ruled | None:
    """Tell the label of a unit by a rule.

    Parameters
    ----------
    mail : MailText
        The mail.
    unit : Segment
        Of its own words.
    read : Read
        The words of the unit.

    Returns
    -------
    Ruled or None
        None where no rule is sure: greetings and sign-offs, trailers of a patch, thanks and
        nothing else are ``social``; an Acked-by, Reviewed-by or Tested-by given in an answer,
        and a short *Agreed* or *Makes sense*, are ``agreement``; a short *I stand corrected* or
        *My bad* is ``concession``. Longer words that begin so go on to say what is not given in
        to: the model judges them.
    """
    if unit.shape in _BY_SHAPE:
        return Ruled(_BY_SHAPE[unit.shape], unit.shape)
    if unit.shape == "trailer" and mail.is_patch:
        return Ruled("social", "trailer of a patch")
    if mail.is_reply and not mail.is_patch and read.text.lower().startswith(_GIVEN):
        return Ruled("agreement", "trailer given")
    plain = [one.word for one in read.pieces if one.word[:1].isalnum() or one.word[:1] == "<"]
    if plain and len(plain) <= _SHORTEST and plain[0] in _THANKS:
        return Ruled("social", "thanks")
    if len(plain) <= _SHORT and AGREED.find(read.pieces):
        return Ruled("agreement", "agreed")
    asks = read.text.rstrip().endswith("?")
    if len(plain) <= _SHORT and not asks and CONCEDED.find(read.pieces):
        return Ruled("concession", "conceded")
    return None
