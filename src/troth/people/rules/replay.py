"""Customers, their handles and links, and keys, as their facts put them; pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from troth.ledger.rules.canonical import moment
from troth.ledger.rules.replay import Columns, Told, count


def customer_told(facts: Iterable[Told]) -> Columns:
    """When a customer was met, of which group they are, and who was merged into them, from their facts, oldest first."""
    columns: Columns = {"CustomerMet": 0}
    merges: list[Merged] = []
    made: list[datetime] = []
    undone: list[datetime] = []
    for fact in facts:
        if fact.kind == "CustomerMet":
            count(columns, "CustomerMet")
            columns["met_at"] = fact.happened_at
        elif fact.kind == "CustomerGrouped":
            fact.put(columns, group="after")
        elif fact.kind == "CustomersMerged":
            merges.append(Merged(fact.text("merged"), fact.recorded_at))
            made.append(fact.recorded_at)
        elif fact.kind == "CustomersUnmerged":
            _undo(merges, fact)
            undone.append(fact.recorded_at)
    columns["merge_times"] = _times(made, undone)
    if all(one.merged for one in merges):  # else they are erased, and the rows alone know with whom
        columns["merges"] = listed(merges)
    return columns


@dataclass(frozen=True)
class Merged:
    """Somebody who was merged into the customer, from when, and until when if that was undone."""

    merged: str
    at: datetime
    undone_at: datetime | None = None


def listed(merges: Iterable[Merged]) -> str:
    return "; ".join(
        f"{one.merged} from {moment(one.at)}{f' until {moment(one.undone_at)}' if one.undone_at else ''}"
        for one in merges
    )


def times(merges: Iterable[Merged]) -> str:
    """When there were merges, and when they were undone: what is proven also of those that were erased."""
    known = list(merges)
    return _times((one.at for one in known), (one.undone_at for one in known if one.undone_at))


def _times(made: Iterable[datetime], undone: Iterable[datetime]) -> str:
    return f"{', '.join(map(moment, sorted(made)))} undone {', '.join(map(moment, sorted(undone)))}"


def _undo(merges: list[Merged], fact: Told) -> None:
    for place in reversed(range(len(merges))):
        if merges[place].undone_at is None and merges[place].merged == fact.text("merged"):
            merges[place] = replace(merges[place], undone_at=fact.recorded_at)
            return


def handle_told(facts: Iterable[Told]) -> Columns:
    """Whether a handle is confirmed and whether letters to it come back, from its facts, oldest first."""
    columns: Columns = {"verified_at": None, "bounced_at": None}
    for fact in facts:
        columns["customer"] = fact.customer
        if fact.kind == "HandleConfirmed":
            columns |= {"verified_at": columns["verified_at"] or fact.recorded_at, "bounced_at": None}
        elif fact.kind == "HandleBounced":
            columns["bounced_at"] = fact.recorded_at
    return columns


def link_told(facts: Iterable[Told]) -> Columns:
    """Until when a link opens something, from its facts, oldest first."""
    columns: Columns = {"LinkIssued": 0, "revoked_at": None}
    for fact in facts:
        if fact.kind == "LinkIssued":
            columns |= {"LinkIssued": count(columns, "LinkIssued"), "customer": fact.customer}
            fact.put_at(columns, "expires_at")
            if (
                fact.said is None
            ):  # whoever is forgotten has no link that opens; one that had expired is ended without a fact
                del columns["revoked_at"]
        elif fact.kind == "LinkRevoked":
            columns["revoked_at"] = fact.recorded_at
    return columns


def key_told(facts: Iterable[Told]) -> Columns:
    """For whom a key acts and what it opens, from its facts, oldest first."""
    columns: Columns = {"KeyMade": 0, "revoked_at": None}
    for fact in facts:
        if fact.kind == "KeyMade":
            count(columns, "KeyMade")
            fact.put(columns, "staff", "scopes")
            fact.put_at(columns, "expires_at")
        elif fact.kind == "KeyRevoked":
            columns["revoked_at"] = fact.recorded_at
    return columns
