"""A breach as its facts put it; pure."""

from __future__ import annotations

from collections.abc import Iterable

from troth.ledger.rules.replay import Columns, Told, count


def breach_told(facts: Iterable[Told]) -> Columns:
    """The columns of a breach, from its facts, oldest first."""
    columns: Columns = {
        "BreachAware": 0, "RiskDecided": 0, "ExemptionClaimed": 0, "AuthorityReported": 0, "BreachDocumented": 0,
        "PeopleTold": 0, "BreachAwareCorrected": 0, "reported_at": None, "high_since": None, "told_at": None,
        "follows_by": None, "missed_at": None, "controller_told_at": None, "closed_at": None,
    }  # fmt: skip
    for fact in facts:
        if fact.kind in columns:
            count(columns, fact.kind)
        _put(columns, fact)
    return columns


def _put(columns: Columns, fact: Told) -> None:
    at = fact.happened_at
    match fact.kind:
        case "BreachAware":
            columns["aware_at"] = at
            fact.put(columns, "incident", "party")
            fact.put_at(columns, "report_by")
        case "BreachAwareCorrected":
            columns["missed_at"] = None
            fact.put_at(columns, "report_by", aware_at="after")
            after = fact.at("after")
            columns[f"aware {after.isoformat() if after else ''} words_digest"] = fact.text("words_digest")
        case "BreachDocumented":
            columns[f"{fact.text('version_of')} words_digest"] = fact.text("words_digest")
        case "RiskDecided":
            name = fact.text("decision")
            fact.put(columns, **{f"{name} level": "level", f"{name} words_digest": "words_digest"})
            columns["high_since"] = (columns["high_since"] or at) if fact.text("level") == "high" else None
        case "ExemptionClaimed":
            name = fact.text("exemption")
            fact.put(columns, **{f"{name} sort": "sort", f"{name} words_digest": "words_digest"})
            columns[f"{name} taken_back_at"] = None
        case "ExemptionTakenBack":
            columns[f"{fact.text('exemption')} taken_back_at"] = at
        case "AuthorityReported":
            name = fact.text("report")
            fact.put(columns, **{f"{name} phase": "phase", f"{name} words_digest": "words_digest"})
            fact.put_at(columns, "follows_by")
            columns |= {f"{name} sent_at": at, f"{name} acknowledged": False}
            columns["reported_at"] = columns["reported_at"] or at
        case "AuthorityAcknowledged":
            columns[f"{fact.text('report')} acknowledged"] = True
        case "BreachDeadlineMissed" if fact.text("what") == "report":
            columns["missed_at"] = at
        case "PeopleTold":
            columns[f"{fact.text('notice')} told_at"] = at
            columns["told_at"] = columns["told_at"] or at
        case "ControllerTold":
            columns["controller_told_at"] = at
        case "BreachClosed":
            columns["closed_at"] = at
        case "BreachReopened":
            columns["closed_at"] = None
