"""Cases from before there were clocks get theirs: from when the customer waits, and due when it was due."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, TextField, Value
from django.db.models.functions import Cast, Concat

from troth.cases.actions.clocking import of
from troth.cases.models import Case, Message
from troth.clocks import actions as clocks
from troth.clocks.models import Clock


@transaction.atomic
def give_clocks(*, now: datetime, most: int = 200) -> int:
    """Start the clocks of cases that wait for an answer and have none; how many cases. Safe to repeat and side by side."""
    theirs = Clock.objects.filter(about=Concat(Value("case:"), Cast(OuterRef("pk"), TextField())))
    said = Message.objects.filter(case=OuterRef("pk"), direction=Message.Direction.OUTBOUND)
    waiting = (
        Case.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("customer")
        .filter(~Exists(theirs), unanswered_since__isnull=False, answer_by__isnull=False, imported=False)
        .annotate(was_answered=Exists(said))
        .order_by("answer_by", "pk")
    )
    rows = list(waiting[:most])
    for case in rows:
        assert case.unanswered_since
        clock = clocks.customer_spoke(of(case), at=case.unanswered_since, answered_before=case.was_answered, now=now)
        Case.objects.filter(pk=case.pk).update(answer_by=clock.due if clock else None)
    return len(rows)
