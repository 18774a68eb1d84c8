"""A recipient as its facts put it: whether the member was told, by which letter, and how often that failed; pure."""

from __future__ import annotations

from collections.abc import Iterable

from troth.ledger.rules.replay import Columns, Told, count


def recipient_told(facts: Iterable[Told]) -> Columns:
    """The columns of a recipient, from its facts, oldest first. While nothing is settled the state is ""."""
    columns: Columns = {"state": "", "told_at": None, "MemberMissed": 0}
    for fact in facts:
        if fact.kind == "MemberMissed":
            columns |= {"state": "", "told_at": None}
            columns.pop("letter", None)
            count(columns, "MemberMissed")
        elif fact.kind == "MemberTold":
            columns["state"] = "accepted"
            fact.put(columns, "letter")
            fact.put_at(columns, "told_at")
        elif fact.kind == "MemberUnreachable":
            columns |= {"state": "unreachable", "told_at": None}
        elif fact.kind == "MemberToldByHand":
            columns |= {"state": "by_hand", "told_at": fact.recorded_at}
        else:
            continue
        columns["customer"] = fact.customer
        fact.put(columns, "notice", "member")
    return columns
