"""What the ledger tells of in this room: each remedy, each version of the policy, and what was offered to many."""

from __future__ import annotations

from collections.abc import Sequence

from troth.ledger.replay import EMPTIED, Thing
from troth.ledger.rules.replay import Columns
from troth.remedies.actions.facts_of import proof_digest, words_digest
from troth.remedies.models import Offering, Policy, Remedy
from troth.remedies.rules.money import plain
from troth.remedies.rules.policy import digest_of
from troth.remedies.rules.replay import offering_told, policy_told, remedy_told
from troth.words.refs import ref

#: Columns that have the names and values of what the facts say.
SAME = (
    "about", "sort", "state", "currency", "sought_at", "offered_at", "waited", "authorised_at", "accepted_at", "due",
    "missed_at", "given_at", "proven_at", "ended_at", "standard", "occasion", "occasion_at",
)  # fmt: skip


def remedies(numbers: Sequence[int]) -> dict[int, Columns]:
    """The columns of these remedies, as their facts would put them."""
    return {row.pk: _columns(row) for row in Remedy.objects.filter(pk__in=numbers)}


def _columns(row: Remedy) -> Columns:
    columns: Columns = {
        "begun": 1,
        **{name: getattr(row, name) for name in SAME},
        "customer": ref("customer", row.customer_id),
        "amount": plain(row.amount),
        "promise": ref("promise", row.promise_id) if row.promise_id else "",
        "second_of": ref("remedy", row.second_of_id) if row.second_of_id else "",
        "policy": ref("remedy_policy", row.policy_id) if row.policy_id else "",
        "words_digest": words_digest(row) if row.words_salt else EMPTIED,
    }
    if row.offered_at:
        columns |= {"asks": row.asks, "days": row.days}
    if row.given_at:
        columns["proof_digest"] = proof_digest(row) if row.words_salt else EMPTIED
    return columns


def policies(numbers: Sequence[int]) -> dict[int, Columns]:
    return {
        row.pk: {"RemedyPolicyChanged": 1, "from_at": row.from_at, "policy_digest": digest_of(row.plain)}
        for row in Policy.objects.filter(pk__in=numbers)
    }


def offerings(numbers: Sequence[int]) -> dict[int, Columns]:
    return {
        row.pk: {
            "RemediesOffered": 1,
            "about": row.about,
            "count": len(row.customers),
            "sort": row.sort,
            "amount": plain(row.amount),
            "currency": row.currency,
            "asks": row.asks,
            "policy": ref("remedy_policy", row.policy_id) if row.policy_id else "",
            "holds_until": row.holds_until,
            "taken_back_at": row.taken_back_at,
        }
        for row in Offering.objects.filter(pk__in=numbers)
    }


THINGS = (
    Thing(word="remedy", model=Remedy, rows=remedies, told=remedy_told),
    Thing(word="remedy_policy", model=Policy, rows=policies, told=policy_told),
    Thing(word="offering", model=Offering, rows=offerings, told=offering_told),
)
