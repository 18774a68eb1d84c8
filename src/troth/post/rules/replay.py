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
#: States in which a letter can be, whatever its last fact says, for it was sent once more or not yet ended.
UNDER_WAY = frozenset({"queued", "sending", "data"})


def letter_told(facts: Iterable[Told]) -> Columns:
    """The columns of a letter, from its facts, oldest first."""
    columns: Columns = {"LetterQueued": 0, "ended": "", "delivered_at": None, "is_verified": False, "bounced_at": None}
    for fact in facts:
        if fact.kind == "LetterQueued":
            columns |= {"LetterQueued": count(columns, "LetterQueued"), "customer": fact.customer}
            fact.put(columns, "because", "digest", is_automatic="automatic")
        elif fact.kind in ENDS:
            columns["ended"] = ENDS[fact.kind]
        if fact.kind == "LetterDelivered":
            fact.put(columns, is_verified="verified")
            fact.put_at(columns, "delivered_at")
        elif fact.kind == "LetterRefused":
            fact.put(columns, last_code="code")
        elif fact.kind == "LetterBounced":
            columns["bounced_at"] = fact.recorded_at
    return columns


def ended(state: str, *, told: str) -> str:
    """How a letter in this state ended, as far as its row tells; *told* is what its facts say, which a second try outlives."""
    if state in UNDER_WAY:
        return told if told in {"refused", "unclear"} else ""
    return state
