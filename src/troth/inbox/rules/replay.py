"""What arrived, as its facts put it; pure."""

from __future__ import annotations

from collections.abc import Iterable

from troth.ledger.rules.replay import Columns, Told, count


def arrival_told(facts: Iterable[Told]) -> Columns:
    """The columns of an arrival, from its facts, oldest first."""
    columns: Columns = {"MessageReceived": 0, "MailQuarantined": 0}
    for fact in facts:
        count(columns, fact.kind)
        if fact.kind == "MessageReceived":
            fact.put(columns, "channel")
            fact.put(columns, **{"salted_digest" if fact.fields.get("v") != 1 else "digest": "digest"})
    return columns
