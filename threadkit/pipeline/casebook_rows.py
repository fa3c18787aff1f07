"""A casebook, and the verdicts of the model that it refers to, as rows of the database."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from threadkit.store.casebooks import (
    CasebookHead,
    CasebookRows,
    ClaimRow,
    EvidenceRow,
    MessageRow,
    ModelRow,
    PersonRow,
    PlaceRow,
    QuestionRow,
    StanceRow,
    document_hash,
)
from threadkit.store.verdicts import EraRow, ScenarioRow, VerdictRow

if TYPE_CHECKING:
    from threadkit.casebook.modelled import ModelEntry
    from threadkit.casebook.values import Casebook, Claim
    from threadkit.cow.eras import Era
    from threadkit.cow.library import Scenario

ENGINE = "model"
"""What runs scenarios without a kernel."""

NOT_MODELLED = "not modelled"


def head_of(casebook: Casebook, loaded_utc: str, tool_version: str) -> CasebookHead:
    """Tell what a casebook is.

    Parameters
    ----------
    casebook : Casebook
        With its document.
    loaded_utc, tool_version : str
        When, and by which threadkit.
    """
    return CasebookHead(
        casebook.name,
        casebook.title,
        casebook.question,
        casebook.about,
        casebook.outcome,
        casebook.thread,
        casebook.curated_by,
        casebook.curated_date,
        document_hash(casebook.document),
        loaded_utc,
        tool_version,
    )


def rows_of(casebook: Casebook) -> CasebookRows:
    """Turn a casebook into rows.

    Parameters
    ----------
    casebook : Casebook
        As it was loaded.
    """
    return CasebookRows(
        [PersonRow(p.key, p.name, _json(p.names), p.about) for p in casebook.people],
        [
            MessageRow(m.name, m.id, m.url, m.date_utc or None, m.by, m.parent, m.subject,
                       m.within, m.why, m.seen)
            for m in casebook.messages
        ],
        [QuestionRow(q.key, at, q.text, q.outcome) for at, q in enumerate(casebook.questions)],
        [_claim(one) for one in casebook.claims],
        [
            PlaceRow(one.id, at, p.message or "", p.url, p.start, p.stop, p.exact, p.loose, p.unseen)
            for one in casebook.claims
            for at, p in enumerate((one.said, *one.also))
        ],
        [row for one in casebook.claims for row in _stances(one)],
        [
            EvidenceRow(one.id, at, "commit" if e.commit else "message" if e.message else "url",
                        e.name, e.shows, e.whose)
            for one in casebook.claims
            for at, e in enumerate(one.evidence)
        ],
        [
            ModelRow(one.id, at, *row)
            for one in casebook.claims
            for at, row in enumerate(row for entry in one.model for row in _model(entry))
        ],
    )  # fmt: skip


def _claim(one: Claim) -> ClaimRow:
    decision, after = one.decision, one.afterwards
    what = {} if decision is None else {
        "what": decision.what, "commit": decision.commit, "message": decision.message,
        "note": decision.note,
    }  # fmt: skip
    came = {} if after is None else {
        "what": after.what, "regression": after.regression, "note": after.note,
    }  # fmt: skip
    return ClaimRow(
        one.id, one.by, one.within, one.gist, one.kind, one.question, one.stand, one.status,
        one.why, _json(what), _json(came), one.sure,
    )  # fmt: skip


def _stances(one: Claim) -> Iterator[StanceRow]:
    for at, stance in enumerate(one.stances):
        said = stance.said
        yield StanceRow(
            one.id, at, stance.kind, stance.target,
            *((said.message or "", said.start, said.stop, said.exact, said.loose)
              if said else ("", None, None, "", "")),
        )  # fmt: skip


def _model(entry: ModelEntry) -> Iterator[tuple[str, str, str, str, str, str]]:
    """Yield scenario, stance, era, verdict, costs and reason: one row for each era."""
    if not entry.scenario:
        yield "", NOT_MODELLED, "", "", "{}", entry.not_modelled
        return
    verdicts: dict[str, str] = dict(entry.verdicts)
    for era in entry.eras or ("",):
        costs = {one.name: [one.least, one.most] for one in entry.costs if one.era == era}
        yield (entry.scenario, str(entry.stance), era, verdicts.get(era, ""), _json(costs),
               entry.why)  # fmt: skip


def scenarios_of(casebook: Casebook) -> list[str]:
    """Name the scenarios that a casebook refers to, each once.

    Parameters
    ----------
    casebook : Casebook
        As it was loaded.
    """
    named = (entry.scenario for one in casebook.claims for entry in one.model)
    return sorted({name for name in named if name})


def era_rows(eras: Sequence[Era]) -> list[EraRow]:
    """Turn eras into rows.

    Parameters
    ----------
    eras : sequence of Era
        All of the model, in its order.
    """
    return [
        EraRow(one.key, at, one.letter, one.title, one.kernels, one.kind)
        for at, one in enumerate(eras)
    ]


def scenario_row(scenario: Scenario) -> ScenarioRow:
    """Turn a scenario into a row.

    Parameters
    ----------
    scenario : Scenario
        Of the model.

    Examples
    --------
    >>> from threadkit import cow
    >>> scenario_row(cow.scenario("S4"))[:2] == ("S4", cow.scenario("S4").question)
    True
    """
    digest = hashlib.sha256(str(scenario).encode()).hexdigest()
    return ScenarioRow(scenario.name, scenario.question, digest)


def verdict_rows(scenario: Scenario, eras: Iterable[Era]) -> list[VerdictRow]:
    """Run a scenario.

    Parameters
    ----------
    scenario : Scenario
        Of the model.
    eras : iterable of Era
        Under each of them.

    Examples
    --------
    >>> from threadkit import cow
    >>> [row] = verdict_rows(cow.scenario("S4"), [cow.era("refcount_nofork")])
    >>> row.verdict, row.harms, row.costs
    ('Always', '["wrong"]', '{"copies": [1, 1]}')
    """
    rows = []
    for era in eras:
        outcome = scenario.run(era, traces=False)
        costs = {name: list(both) for name, both in sorted(outcome.costs.items()) if any(both)}
        harms = sorted({harm.kind for harm in outcome.harms})
        rows.append(
            VerdictRow(
                scenario.name, era.key, ENGINE, outcome.verdict, outcome.positive,
                outcome.negative, _json(harms), _json(costs), outcome.model,
            )
        )  # fmt: skip
    return rows


def _json(value: Any) -> str:  # noqa: ANN401 - any plain value
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
