"""What the ledger tells of cohorts: who was frozen, made into a digest again from the rows, who joined, and who was left out."""

from __future__ import annotations

from collections.abc import Sequence

from troth.ledger.replay import Thing
from troth.ledger.rules.replay import Columns
from troth.notices.members import frozen_digest
from troth.notices.models import Cohort, Member, Standing
from troth.notices.rules.replay_cohorts import cohort_told, member_told
from troth.words.refs import ref


def cohorts(numbers: Sequence[int]) -> dict[int, Columns]:
    """The columns of these cohorts, as their facts would put them."""
    return {row.pk: _columns(row) for row in Cohort.objects.filter(pk__in=numbers)}


def _columns(row: Cohort) -> Columns:
    if row.frozen_at is None:
        return {"CohortFrozen": 0, "joined": 0}
    members = Member.objects.filter(cohort=row)
    frozen = members.filter(pk__lte=row.frozen_to).count()
    return {
        "CohortFrozen": 1,
        "concerns": row.about,
        "frozen_at": row.frozen_at,
        # What the row says and what its members are must be the same.
        "frozen": frozen if frozen == row.count else -1,
        "frozen_digest": frozen_digest(row),
        "said_digest": row.digest,
        "joined": members.filter(pk__gt=row.frozen_to).count(),
    }


def members(numbers: Sequence[int]) -> dict[int, Columns]:
    found = Member.objects.filter(pk__in=numbers).values_list("pk", "standing", "customer_id")
    return {
        pk: {"is_excluded": standing == Standing.EXCLUDED, "customer": ref("customer", customer) if customer else ""}
        for pk, standing, customer in found
    }


THINGS = (
    Thing(word="cohort", model=Cohort, rows=cohorts, told=cohort_told),
    Thing(word="member", model=Member, rows=members, told=member_told),
)
