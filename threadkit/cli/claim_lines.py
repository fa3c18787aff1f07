"""One claim for reading: its passage in its place, and all that bears on it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from textwrap import wrap
from typing import TYPE_CHECKING

from threadkit.cli.claims_list import LOOKS
from threadkit.cli.pieces import joined
from threadkit.pipeline.claims_view import marked
from threadkit.pipeline.display import cut, one_line, printable

if TYPE_CHECKING:
    from threadkit.cli.console import Console
    from threadkit.pipeline.claim_view import Bearing, ClaimDetail, InPlace

_LABEL = 12
_NARROW = 40
_SAID = {
    "support": "supports", "attack": "attacks", "undercut": "undercuts", "answer": "answers",
    "ask": "asks about", "agree": "agrees with", "concede": "concedes to",
}  # fmt: skip


def detail(console: Console, one: ClaimDetail) -> Iterator[str]:
    """Set one claim for reading.

    Parameters
    ----------
    console : Console
        For its colours and width.
    one : ClaimDetail
        To be shown.

    Yields
    ------
    str
        Lines without ends; the passage is folded, what bears on it is cut.
    """
    room = console.columns or 80
    facts = one.claim.facts
    yield joined(
        console,
        (facts.id, {"bold": True}),
        (facts.status, {"fg": LOOKS.get(facts.status), "bold": True}),
        (facts.kind, {}),
        (marked(facts), {"dim": True}),
        room=room,
    )
    yield from _facts(console, one, room)
    yield ""
    yield from _passage(console, one.in_place, room)
    for title, some, towards in (
        ("It", one.answers, True),
        ("On it", one.answered_by, False),
        ("Evidence for it", one.evidence, False),
    ):
        yield from _bearings(console, title, some, room, towards=towards)
    yield from _others(console, one, room)


def _facts(console: Console, one: ClaimDetail, room: int) -> Iterator[str]:
    """Say who, where, how it stands and why, and what found it."""
    facts = one.claim.facts
    when = (facts.utc or "no date").replace("T", " ").replace("Z", " UTC")
    mail = (
        f"<{facts.message_id}> {facts.start}-{facts.stop}" if facts.message_id else "added by hand"
    )
    rows = [("Gist", facts.gist), ("Said by", f"{facts.person}, {when}")]
    rows += [("Whose view", facts.holder), ("In", mail), ("Subject", one.subject)]
    rows += [("Stands", facts.why), ("Answer", _answer(one))]
    rows += [("Found by", f"{facts.rule} ({facts.score:.2f}); {one.analyzer} {one.version}")]
    rows += [
        (
            "Also said",
            f"{(p.utc or '')[:10]} {p.person} <{p.message_id}> ({p.rule} {p.score:.2f}): {text}",
        )
        for p, text in one.places[1:]
    ]
    yield from _rows(console, rows, room)


def _answer(one: ClaimDetail) -> str:
    """Say whether anybody answered it, and where."""
    outcome = one.claim.outcome
    mails = [(f"{r.person}, {(r.utc or '')[:10]} <{r.message_id}>", r.how) for r in one.replies]
    who = "; ".join(mail if how in ("own", "elsewhere") else f"{mail} {how}" for mail, how in mails)
    if outcome == "taken up":
        return f"no direct reply; taken up by {who}"
    if outcome == "own":
        return f"no direct reply; its author comes back to it: {who}"
    return f"{outcome} by {who}" if who else outcome


def _rows(console: Console, rows: Sequence[tuple[str, str]], room: int) -> Iterator[str]:
    last = ""
    narrow = room < _NARROW  # labels on lines of their own
    for label, value in rows:
        if not value:
            continue
        name = "" if label == last else f"{label}:"
        last = label
        left = 2 if narrow else _LABEL + 1
        if narrow and name:
            yield console.style(cut(name, room), bold=True)
        for text in wrap(one_line(value), max(4, room - left), break_on_hyphens=False):
            head = "  " if narrow else console.style(name.ljust(_LABEL), bold=True) + " "
            yield head + cut(text, room - left)
            name = ""


def _passage(console: Console, place: InPlace, room: int) -> Iterator[str]:
    """Set the passage among its neighbours; what is quoted keeps its marks."""
    for line in place.quoted.split("\n") if place.quoted else ():
        yield console.style("    " + cut(printable(line), room - 4), fg="cyan")
    if place.quoted:
        yield ""
    if place.is_apart:
        yield "    [...]"
    marked_text = place.before + "\0" + place.passage + "\1" + place.after
    inside = False
    for line in marked_text.split("\n"):
        text = line.replace("\0", "").replace("\1", "")
        starts, stops = line.find("\0"), line.find("\1")
        here = inside or starts >= 0
        inside = (inside or starts >= 0) and stops < 0
        mark = "  » " if here and text.strip() else "    "
        for folded in wrap(printable(text), max(4, room - 4)) or [""]:
            yield (console.style(mark + folded, bold=True) if here else mark + folded).rstrip()


def _bearings(
    console: Console, title: str, some: Sequence[Bearing], room: int, *, towards: bool
) -> Iterator[str]:
    """List what bears on it, or what it bears on, two lines each."""
    if not some:
        return
    yield ""
    yield console.style(title, bold=True)
    for one in some:
        unit = one.unit
        name = f"{one.claim} " if one.claim else ""
        said = _SAID.get(one.kind, one.kind)
        target = f"{name}{unit.person}, {(unit.utc or '')[:10]}"
        head = f"{said} {target}" if towards else f"{target} {said} it"
        sure = (
            one.state if one.state in ("accepted", "rejected") else f"{one.state} {one.score:.2f}"
        )
        yield cut(one_line(f"  {head} ({unit.label}, {one.rule}, {sure})"), room)
        cited = "".join(f" [{name[:12]}]" for name in one.commits)
        yield cut(one_line(f"      {one.text}{cited}"), room)
        yield console.style(cut(one_line(f"      <{unit.message_id}>"), room), dim=True)


def _others(console: Console, one: ClaimDetail, room: int) -> Iterator[str]:
    """List scenarios of the model, and what people said of the claim."""
    rows = []
    for tested in one.scenarios:
        sure = "" if tested.origin == "curated" else f" {tested.score:.2f}"
        what = f"{tested.scenario}: {tested.stance} ({tested.origin}{sure})"
        rows.append(("Scenario", f"{what}, {tested.why}" if tested.why else what))
        rows.append(("Scenario", f"  threadkit cow run {tested.scenario}"))
    for said in one.corrections:
        text = f"{said.field} = {said.value} by {said.person}, {said.utc[:10]} ({said.origin})"
        text += f": {said.note}" if said.note else ""
        unmet = one.unmet.get((said.target, said.field))
        rows.append(("Corrected", f"{text}; changes nothing: {unmet}" if unmet else text))
    if rows:
        yield ""
        yield from _rows(console, rows, room)
