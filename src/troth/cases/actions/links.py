"""One cause, many cases: each stays its own customer's, and all are linked to the case of the cause."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from troth.cases.actions.state import changed
from troth.cases.models import Case
from troth.cases.rules.bulk import Why
from troth.people.models import Staff
from troth.words.refs import ref


class NotToBeLinked(ValueError):
    """The two cannot be linked; *why* says what stands in the way."""

    def __init__(self, why: Why) -> None:
        super().__init__(WORDS[why])
        self.why = why


WORDS = {
    Why.ITSELF: "A case is not linked to itself.",
    Why.PARENT_IS_LINKED: "That case is linked to another itself: link to that one.",
    Why.HAS_CHILDREN: "Other cases are linked to this one: link those first.",
}


@transaction.atomic
def link(case: Case, *, parent: Case | None, by: Staff | None, now: datetime) -> bool:
    """*case* is one of those with the cause of *parent* (None: of none any more); raises NotToBeLinked.

    One level: a case that others are linked to is linked to none itself. Nothing of it reaches a customer.
    """
    held = {row.pk: row for row in _held([case.pk, *([parent.pk] if parent else [])])}
    row = held[case.pk]
    if row.parent_id == (parent.pk if parent else None):
        return False
    if parent is not None:
        if parent.pk == case.pk:
            raise NotToBeLinked(Why.ITSELF)
        if held[parent.pk].parent_id is not None:
            raise NotToBeLinked(Why.PARENT_IS_LINKED)
        if Case.objects.filter(parent=case.pk).exists():
            raise NotToBeLinked(Why.HAS_CHILDREN)
    Case.objects.filter(pk=case.pk).update(parent=parent)
    changed(
        case,
        field="parent",
        before=ref("case", row.parent_id) if row.parent_id else "",
        after=ref("case", parent.pk) if parent else "",
        by=by,
        now=now,
    )
    case.parent = parent
    return True


def _held(numbers: list[int]) -> list[Case]:
    """In their order, so that two who link crosswise wait for each other."""
    return list(Case.objects.select_for_update(of=("self",)).filter(pk__in=numbers).order_by("pk"))
