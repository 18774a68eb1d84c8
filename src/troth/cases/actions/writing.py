"""What staff are writing: one draft for each writer and case."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from troth.cases.models import Case, Reply
from troth.people.models import Staff
from troth.people.queries import refuse_erased


class NothingWritten(ValueError):
    """The reply is empty."""


@transaction.atomic
def save_draft(case: Case, *, staff: Staff, text: str, is_note: bool = False, now: datetime) -> Reply | None:
    """Keep what is written so far; an empty text lets the draft go, and so do words that are on their way already.

    Raises NobodyLeft.
    """
    hold_to_write(case)  # two tabs of one writer make one draft
    mine = drafts(case, staff=staff, is_note=is_note)
    held = Reply.objects.filter(case=case, staff=staff, state=Reply.State.HELD, text=text.strip())
    if not text.strip() or (not is_note and held.exists()):
        mine.delete()
        return None
    if mine.update(text=text, changed_at=now):
        return mine.first()
    return Reply.objects.create(
        case=case, staff=staff, is_note=is_note, state=Reply.State.DRAFT, text=text, changed_at=now
    )


def hold_to_write(case: Case) -> None:
    """Hold *case* until this transaction ends, so that its customer is not erased meanwhile; raises NobodyLeft where they were."""
    Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
    refuse_erased(case.customer_id)


def drafts(case: Case, *, staff: Staff, is_note: bool = False) -> QuerySet[Reply]:
    """What this person is writing in this case: one row or none."""
    return Reply.objects.filter(
        case=case, staff=staff, is_note=is_note, state__in=[Reply.State.DRAFT, Reply.State.STOPPED]
    )
