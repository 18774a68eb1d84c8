"""What staff are writing: one draft for each writer and case."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import connection, transaction
from django.db.models import QuerySet

from troth.cases.models import Case, Reply
from troth.people.models import Staff
from troth.people.queries import refuse_erased


class NothingWritten(ValueError):
    """The reply is empty."""


class WrittenElsewhere(RuntimeError):
    """The writer went on with this draft on another page; what is kept of it is in `draft`, as it was."""

    def __init__(self, draft: Reply) -> None:
        super().__init__("This was written further elsewhere. Say which words count.")
        self.draft = draft


@transaction.atomic
def save_draft(
    case: Case,
    *,
    staff: Staff,
    text: str,
    is_note: bool = False,
    over: Collection[str] | None = None,
    now: datetime,
) -> Reply | None:
    """Keep what is written so far; an empty text lets the draft go, and so do words that are on their way already.

    *over* are the words that the writer's page knows to be kept; None asks for nothing.
    Raises NobodyLeft, and WrittenElsewhere where other words are kept.
    """
    hold_to_write(case)  # two tabs of one writer make one draft
    mine = drafts(case, staff=staff, is_note=is_note)
    refuse_other_words(mine, text=text, over=over)
    held = Reply.objects.filter(case=case, staff=staff, state=Reply.State.HELD, text=text.strip())
    if not text.strip() or (not is_note and held.exists()):
        mine.delete()
        return None
    if mine.update(text=text, changed_at=now):
        return mine.first()
    return Reply.objects.create(
        case=case, staff=staff, is_note=is_note, state=Reply.State.DRAFT, text=text, changed_at=now
    )


def refuse_other_words(mine: QuerySet[Reply], *, text: str, over: Collection[str] | None) -> None:
    """Nobody's words give way to words that were written without having seen them; raises WrittenElsewhere.

    The words themselves are compared, and no count of them: a page that left has told the server more than it knows of.
    """
    if over is None:
        return
    known = {text.strip(), *(words.strip() for words in over)}
    if (kept := mine.first()) and kept.text.strip() not in known:
        raise WrittenElsewhere(kept)


def hold_to_write(case: Case) -> None:
    """Hold *case* until this transaction ends, so that its customer is not erased meanwhile; raises NobodyLeft where they were."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM cases_case WHERE id = %s FOR UPDATE", [case.pk])
        if cursor.fetchone() is None:
            raise Case.DoesNotExist("This case is gone.")
    refuse_erased(case.customer_id)


def drafts(case: Case, *, staff: Staff, is_note: bool = False) -> QuerySet[Reply]:
    """What this person is writing in this case: one row or none."""
    return Reply.objects.filter(
        case=case, staff=staff, is_note=is_note, state__in=[Reply.State.DRAFT, Reply.State.STOPPED]
    )
