"""Which patch a mail is about: the nearest above it that posts one, however deep it stands."""

from __future__ import annotations

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from tests.analyze.debate.talks import Wrote, talk
from threadkit.analyze.debate.ground import Ground
from threadkit.analyze.debate.places import PATCH, Places
from threadkit.analyze.debate.values import Conversation, DebateMail, UnitName


def by_hand(mails: list[DebateMail], number: int) -> UnitName | None:
    """Walk up from a mail."""
    by_id = {mail.id: mail for mail in mails}
    mail = by_id[number]
    above: list[DebateMail] = []
    while (above[-1] if above else mail).parent is not None:
        above.append(by_id[(above[-1] if above else mail).parent or 0])
    chain = [
        *(one for one in (mail, *above) if one.is_patch and not one.subject.startswith("Re:")),
        *(one for one in (*above, mail) if one.is_patch),
        *(one for one in (above or [mail])[-1:] if any(u.label == "proposal" for u in one.units)),
    ]
    return UnitName(chain[0].id, PATCH) if chain else None


@st.composite
def talks(draw: st.DrawFn) -> Conversation:
    some = []
    for number in range(draw(st.integers(1, 8))):
        labels = {"Let": draw(st.sampled_from(["proposal", "claim"]))}
        some.append(
            Wrote(
                "Ann", "Let us drop it.\n", draw(st.integers(0, number - 1)) if number else None,
                labels, subject=draw(st.sampled_from(["drop it", "Re: drop it"])),
                is_patch=draw(st.booleans()),
            )
        )  # fmt: skip
    return talk(*some)


@given(talks(), st.randoms())
def test_the_nearest_patch_is_found_in_whatever_order_mails_are_asked(
    conversation: Conversation, random: Random
) -> None:
    places = Places(Ground(conversation))
    numbers = [mail.id for mail in conversation.mails]
    random.shuffle(numbers)
    for number in numbers:
        assert places.patch(number)[0] == by_hand(list(conversation.mails), number)


def test_a_thousand_mails_deep() -> None:
    chain = [Wrote("Ann", "", None, subject="drop it", is_patch=True)]
    chain += [Wrote("Ann", "", number) for number in range(1000)]
    places = Places(Ground(talk(*chain)))
    assert places.patch(1000) == (UnitName(0, PATCH), "")
