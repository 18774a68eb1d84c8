"""A cohort and its members as their facts put them; pure."""

from __future__ import annotations

from collections.abc import Iterable

from troth.ledger.rules.replay import Columns, Told, count


def cohort_told(facts: Iterable[Told]) -> Columns:
    """How many were frozen, who they are in one digest, and how many joined since; nothing while it can still be changed."""
    columns: Columns = {"CohortFrozen": 0, "joined": 0}
    for fact in facts:
        if fact.kind == "CohortFrozen":
            count(columns, "CohortFrozen")
            columns["frozen_at"] = fact.happened_at
            fact.put(columns, "concerns", frozen="count", frozen_digest="digest", said_digest="digest")
        elif fact.kind == "MembersJoined" and fact.said is not None:
            columns["joined"] = int(columns["joined"] or 0) + int(fact.said["count"])  # type: ignore[arg-type]
    return columns


def member_told(facts: Iterable[Told]) -> Columns:
    """Whether they were left out; of a member nobody left out nothing is told."""
    is_excluded = False
    for fact in facts:
        if fact.kind in {"MemberExcluded", "MemberIncludedAgain"}:
            is_excluded = fact.kind == "MemberExcluded"
    return {"is_excluded": is_excluded}
