"""A customer's part of this room: what they sought, were offered and given, in our words, and what proves it.

What was sought or offered comes to its end with them. What was owed follows its promise (promises/erasing.py): where they asked
to be forgotten themselves we were let off, else it is missed, for it never will be given. Sort, state, amounts and times stay,
so that what we owed and gave stays counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Case, Q, Value, When

from troth.ledger.actions import append_all
from troth.promises.queries import erased_words
from troth.remedies.actions import facts_of
from troth.remedies.models import Remedy
from troth.words import facts
from troth.words.remedies import State


def holds(customers: Sequence[int]) -> dict[str, int]:
    """How many of what."""
    return {"remedies": Remedy.objects.filter(customer_id__in=customers).count()}


def left() -> set[int]:
    """Who was forgotten and has words here (again)."""
    emptied = Q(what=erased_words(), words_salt=b"", reason="", proof_note="", proof_reference__in=["", erased_words()])
    rows = Remedy.objects.filter(customer__erased_at__isnull=False).exclude(emptied)
    return set(rows.values_list("customer_id", flat=True))


def erase(customers: Sequence[int], *, now: datetime) -> None:
    """End what is only asked for or offered, and empty the words."""
    theirs = Remedy.objects.filter(customer_id__in=customers)
    open_ones = list(theirs.filter(state__in=[State.SOUGHT, State.WAITING]).select_for_update().order_by("pk"))
    Remedy.objects.filter(pk__in=[row.pk for row in open_ones]).update(state=State.WITHDRAWN, ended_at=now)
    append_all([facts.RemedyWithdrawn(by="", **facts_of.of(row)) for row in open_ones], now=now)
    # That something proves it stays; what it is goes.
    proof = Case(When(Q(state=State.GIVEN), then=Value(erased_words())), default=Value(""))
    theirs.update(what=erased_words(), words_salt=b"", reason="", proof_note="", proof_reference=proof)
