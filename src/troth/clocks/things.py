"""What the ledger tells of in this room: each clock, and each version of the policy."""

from __future__ import annotations

from collections.abc import Sequence

from troth.clocks.models import Clock, Policy
from troth.clocks.rules import policy
from troth.clocks.rules.replay import clock_told, policy_told
from troth.ledger.replay import Thing
from troth.ledger.rules.replay import Columns
from troth.words.refs import ref

#: Columns that have the names and values of what the facts say.
SAME = (
    "sort", "number", "state", "started_at", "due", "early_at", "paused_at", "met_at", "missed_at", "stopped_at",
    "warned_at", "escalated_at", "miss_reason", "about",
)  # fmt: skip


def clocks(numbers: Sequence[int]) -> dict[int, Columns]:
    """The columns of these clocks, as their facts would put them."""
    return {
        row.pk: {
            "ClockStarted": 1,
            "customer": ref("customer", row.customer_id),
            "policy": ref("policy", row.policy_id) if row.policy_id else "",
            "terms": row.terms_id,
            "marks": " ".join(row.marks),
            **{name: getattr(row, name) for name in SAME},
        }
        for row in Clock.objects.filter(pk__in=numbers)
    }


def policies(numbers: Sequence[int]) -> dict[int, Columns]:
    return {
        row.pk: {"PolicyChanged": 1, "from_at": row.from_at, "policy_digest": policy.digest_of(row.plain)}
        for row in Policy.objects.filter(pk__in=numbers)
    }


THINGS = (
    Thing(word="clock", model=Clock, rows=clocks, told=clock_told),
    Thing(word="policy", model=Policy, rows=policies, told=policy_told),
)
