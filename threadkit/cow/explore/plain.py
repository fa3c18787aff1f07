"""Outcomes and what tells them apart, as plain values for JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from threadkit.cow.explore.parting import OutcomeDiff, Parting
from threadkit.cow.litmus.format import format_formula
from threadkit.cow.outcome import Checked, FinalState, Harm, Outcome
from threadkit.cow.views import Step, Trace


def outcome_dict(outcome: Outcome) -> dict[str, Any]:
    """Return an outcome as plain values.

    Parameters
    ----------
    outcome : Outcome
        Of one scenario under one era.

    Returns
    -------
    dict
        Keys in a fixed order; ``counts_are`` says what counts are not.
    """
    litmus = outcome.run.litmus
    return {
        "scenario": outcome.scenario,
        "question": outcome.question,
        "era": outcome.era,
        "condition": f"{litmus.condition.quantifier} ({format_formula(litmus.condition.formula)})",
        "verdict": outcome.verdict,
        "ok": outcome.ok,
        "positive": outcome.positive,
        "negative": outcome.negative,
        "deterministic": outcome.deterministic,
        "finals": [_final(final) for final in outcome.finals],
        "harms": [_harm(harm) for harm in outcome.harms],
        "costs": {name: list(ends) for name, ends in outcome.costs.items()},
        "counts_are": "neither time nor probability",
        "coverage": asdict(outcome.coverage),
        "witness": _trace(outcome.witness),
        "counter": _trace(outcome.counter),
        "notes": list(outcome.notes),
        "absent": [asdict(one) for one in outcome.absent],
        "would_be": outcome.would_be,
        "needs": list(outcome.needs),
        "beside": list(litmus.beside),
        "expectations": [_checked(checked) for checked in outcome.expectations],
        "model": outcome.model,
    }


def diff_dict(diff: OutcomeDiff) -> dict[str, Any]:
    """Return what tells two outcomes apart as plain values.

    Parameters
    ----------
    diff : OutcomeDiff
        Of one scenario under two eras.

    Returns
    -------
    dict
        Keys in a fixed order.
    """
    return {
        "scenario": diff.left.scenario,
        "eras": [diff.left.era, diff.right.era],
        "same": diff.same,
        "verdicts": [diff.left.verdict, diff.right.verdict],
        "would_be": [diff.left.would_be, diff.right.would_be],
        "finals": [
            [_final(final) for final in finals] for finals in (diff.only_left, diff.only_right)
        ],
        "harms": [[list(m) for m in marks] for marks in (diff.harms_left, diff.harms_right)],
        "costs": {name: [list(left), list(right)] for name, left, right in diff.costs},
        "parting": None if diff.parting is None else _parting(diff.parting),
    }


def _final(final: FinalState) -> dict[str, Any]:
    return {
        "values": dict(final.values),
        "satisfies": final.satisfies,
        "harms": list(final.harms),
    }


def _harm(harm: Harm) -> dict[str, Any]:
    return {
        "kind": harm.kind,
        "invariant": harm.invariant,
        "always": harm.always,
        "trace": _trace(harm.trace),
    }


def _checked(checked: Checked) -> dict[str, Any]:
    expected = checked.expectation
    return {
        "verdict": expected.verdict,
        "agrees": checked.agrees,
        "status": expected.status,
        "source": expected.source,
    }


def _trace(trace: Trace | None) -> dict[str, Any] | None:
    if trace is None:
        return None
    return {"why": trace.why, "steps": [_step(step) for step in trace.steps]}


def _step(step: Step) -> dict[str, Any]:
    return {
        "actor": step.actor,
        "op": step.op,
        "index": step.index,
        "function": step.function,
        "says": step.says,
        "ends": step.ends,
    }


def _parting(parting: Parting) -> dict[str, Any]:
    return {
        "schedule": parting.schedule,
        "actor": parting.actor,
        "op": parting.op,
        "index": parting.index,
        "steps": [[_step(step) for step in steps] for steps in (parting.left, parting.right)],
    }
