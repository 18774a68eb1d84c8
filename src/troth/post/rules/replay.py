"""A letter as its facts put it: its bytes, what it was about, how it ended; pure."""

from __future__ import annotations

from collections.abc import Iterable

from troth.ledger.rules.replay import Columns, Told, count

#: How a letter ended, by the fact that told of it. Whoever sends again what was refused or unclear leaves no fact.
ENDS = {
    "LetterDelivered": "sent",
    "LetterRefused": "refused",
    "LetterUnclear": "unclear",
    "LetterTakenBack": "taken_back",
}


def letter_told(facts: Iterable[Told]) -> Columns:
    """The columns of a letter, from its facts, oldest first."""
    columns: Columns = {"LetterQueued": 0, "delivered_at": None, "is_verified": False, "bounced_at": None}
    columns |= {"ended": "", "is_sent": False, "is_taken_back": False, "enclosed": None}
    for fact in facts:
        if fact.kind == "LetterQueued":
            columns |= {"LetterQueued": count(columns, "LetterQueued"), "customer": fact.customer}
            fact.put(columns, "because", "digest", is_automatic="automatic")
        elif fact.kind == "ReceiptsEnclosed":
            fact.put(columns, "digest", enclosed="receipts")
        elif fact.kind == "ReceiptsLeftOut":
            columns["enclosed"] = 0
        elif fact.kind == "LetterBounced":
            columns["bounced_at"] = fact.recorded_at
        elif fact.kind in ENDS:
            _ended(columns, fact)
    return columns


def _ended(columns: Columns, fact: Told) -> None:
    end = ENDS[fact.kind]
    columns |= {"ended": end, "is_sent": end == "sent", "is_taken_back": end == "taken_back"}
    columns.pop("last_code", None)
    if end == "refused":
        fact.put(columns, last_code="code")
    elif end == "sent":
        fact.put(columns, is_verified="verified")
        fact.put_at(columns, "delivered_at")
