"""A remedy as its facts put it; pure."""

from __future__ import annotations

from collections.abc import Iterable

from troth.ledger.rules.replay import Columns, Told, count
from troth.words.remedies import State

_BEGINS: Columns = {
    "sought_at": None, "offered_at": None, "authorised_at": None, "accepted_at": None, "due": None, "missed_at": None,
    "given_at": None, "proven_at": None, "ended_at": None, "promise": "", "standard": "", "occasion": "", "occasion_at": None,
    "second_of": "", "waited": False,
}  # fmt: skip
_WHAT = {"about": "matter", "sort": "sort", "amount": "amount", "currency": "currency", "words_digest": "words_digest"}
_ENDS = {"RemedyDeclined": State.DECLINED, "RemedyWithdrawn": State.WITHDRAWN}


def remedy_told(facts: Iterable[Told]) -> Columns:
    """The columns of a remedy, from its facts, oldest first."""
    columns: Columns = {"begun": 0}
    for fact in facts:
        if columns["begun"] == 0:
            columns = {"begun": 1, "customer": fact.customer, **_BEGINS}
        at = fact.recorded_at
        if fact.kind == "RemedySought":
            columns.update(state=State.SOUGHT.value, sought_at=at)
            fact.put(columns, **_WHAT)
        elif fact.kind == "RemedyOffered":
            columns["offered_at"] = at
            fact.put(columns, "policy", "promise", "asks", "days", waited="waits", **_WHAT)
            if fact.said is None:
                columns.pop("state", None)
            else:
                columns["state"] = (State.WAITING if fact.fields.get("waits") else State.OFFERED).value
        elif fact.kind == "RemedyAuthorised":
            columns.update(state=State.OFFERED.value, authorised_at=at)
            fact.put(columns, "promise")
        elif fact.kind == "RemedyRefused":
            fact.put(columns, "state")
            columns.pop("waited", None)
            if columns.get("state") == State.WITHDRAWN:
                columns["ended_at"] = at
            elif columns.get("state") == State.SOUGHT:
                columns["offered_at"] = None
            else:
                columns.pop("ended_at", None)
                columns.pop("offered_at", None)
        elif fact.kind == "RemedyAccepted":
            columns.update(state=State.ACCEPTED.value, accepted_at=at)
            fact.put_at(columns, "due")
        elif fact.kind == "RemedyDue":
            columns["state"] = State.DUE.value
            fact.put(columns, "policy", "promise", "standard", "occasion", "second_of", **_WHAT)
            fact.put_at(columns, "due", "occasion_at")
            if fact.said is None:
                columns.pop("offered_at", None)
            elif fact.text("by") and columns.get("offered_at") is None:  # somebody gave their word, and no standard did
                columns.update(offered_at=at, asks=False)
        elif fact.kind == "RemedyMissed":
            columns.update(state=State.MISSED.value, missed_at=at)
        elif fact.kind == "RemedyGiven":
            columns.update(state=State.GIVEN.value, given_at=fact.happened_at, proven_at=at)
            fact.put(columns, "proof_digest")
        elif fact.kind in _ENDS:
            columns.update(state=_ENDS[fact.kind].value, ended_at=at)
    return columns


def policy_told(facts: Iterable[Told]) -> Columns:
    """A version of the policy, from its facts."""
    columns: Columns = {"RemedyPolicyChanged": 0}
    for fact in facts:
        count(columns, "RemedyPolicyChanged")
        fact.put(columns, policy_digest="digest")
        fact.put_at(columns, "from_at")
    return columns


def offering_told(facts: Iterable[Told]) -> Columns:
    """What was offered to many, from its facts."""
    columns: Columns = {"RemediesOffered": 0, "taken_back_at": None}
    for fact in facts:
        if fact.kind == "RemediesOffered":
            count(columns, "RemediesOffered")
            fact.put(columns, "count", "sort", "amount", "currency", "asks", "policy", about="matter")
            fact.put_at(columns, holds_until="until")
        elif fact.kind == "OfferingTakenBack":
            columns["taken_back_at"] = fact.recorded_at
    return columns
