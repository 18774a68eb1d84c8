"""A customer's part of this room: cases, what was said in them, what came with it, and replies on their way.

Rows stay, emptied, where facts of the ledger name them; what nothing names goes.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from troth.cases.actions import set_status
from troth.cases.actions.enclosing import drop_bytes
from troth.cases.models import (
    Attachment,
    BulkReply,
    Case,
    Correction,
    Dismissal,
    MachineWords,
    Mention,
    Message,
    Reply,
    ReplyFile,
)
from troth.clocks import actions as clocks
from troth.people.models import Staff
from troth.words.refs import ref

#: What a message holds of a person's.
_WORDS = ~Q(text="") | ~Q(quoted="") | ~Q(html="") | ~Q(message_id="") | Q(handle__isnull=False)


def cases_of(customers: Sequence[int]) -> list[int]:
    return list(Case.objects.filter(customer_id__in=customers).order_by("pk").values_list("pk", flat=True))


def holds(cases: Sequence[int]) -> dict[str, int]:
    """How many of what."""
    attached = Attachment.objects.filter(message__case__in=cases)
    messages = Message.objects.filter(case__in=cases)
    return {
        "cases": len(cases),
        "messages": messages.exclude(direction=Message.Direction.NOTE).count(),
        "notes": messages.filter(direction=Message.Direction.NOTE).count(),
        "attachments": attached.count() + ReplyFile.objects.filter(case__in=cases).count(),
        "replies": Reply.objects.filter(case__in=cases).exclude(state=Reply.State.SENT).count(),
        "corrections": Correction.objects.filter(message__case__in=cases).count(),
    }


def seem_to_be(cases: Sequence[int], *, but: Sequence[int]) -> QuerySet[Case]:
    """Cases of others whose sender nobody vouched for and which seem to belong to one of these."""
    others = Case.objects.filter(seems_to_be__in=cases).exclude(customer_id__in=but)
    return others.select_related("customer").order_by("pk")


def left() -> set[int]:
    """Who was forgotten and has words here (again): written in the moment in which the rest went, or restored."""
    forgotten = Case.objects.filter(customer__erased_at__isnull=False)
    found = [
        forgotten.exclude(subject=""),
        forgotten.filter(Exists(Message.objects.filter(_WORDS, case=OuterRef("pk")))),
        forgotten.filter(Exists(Attachment.objects.filter(message__case=OuterRef("pk")))),
        forgotten.filter(Exists(ReplyFile.objects.filter(case=OuterRef("pk")))),
        forgotten.filter(Exists(Reply.objects.filter(case=OuterRef("pk")).exclude(text=""))),
        forgotten.filter(Exists(BulkReply.objects.filter(case=OuterRef("pk")).exclude(text="", about=""))),
    ]
    return {pk for rows in found for pk in rows.values_list("customer_id", flat=True)}


def erase(cases: Sequence[int], *, by: Staff | None, now: datetime) -> None:
    """Words, files and drafts go; cases that are not resolved are, for there is nobody left to answer."""
    # Held from here on: whatever joins one of them waits, and finds it forgotten.
    rows = list(Case.objects.select_for_update(of=("self",)).filter(pk__in=cases).order_by("pk"))
    for case in rows:
        # Nobody is left to be answered: nothing of it was met, and nothing will be missed.
        clocks.stop(ref("case", case.pk), now=now)
        if case.status != Case.Status.RESOLVED:
            set_status(case, status=Case.Status.RESOLVED, asks=False, by=by, now=now)
    Case.objects.filter(pk__in=cases).update(subject="", emotion="", urgency="", outside_id=None)
    BulkReply.objects.filter(case__in=cases, state__in=[BulkReply.State.READY, BulkReply.State.WAITING]).update(
        state=BulkReply.State.REFUSED, reason="erased"
    )
    BulkReply.objects.filter(case__in=cases).update(text="", about="")
    _drop_files(cases)
    Mention.objects.filter(case__in=cases).delete()
    Reply.objects.filter(case__in=cases).exclude(state=Reply.State.SENT).delete()
    Dismissal.objects.filter(case__in=cases).delete()
    MachineWords.objects.filter(case__in=cases).delete()
    Reply.objects.filter(case__in=cases).update(text="", answers=[], problem="")
    with connection.cursor() as cursor:
        # Which version read it stays, so that it is not read anew for ever.
        cursor.execute(
            "UPDATE cases_message SET text = '', quoted = '', html = '', message_id = '', handle_id = NULL,"
            " reading = CASE WHEN direction = 'inbound'"
            " THEN jsonb_build_object('version', coalesce(reading ->> 'version', '')) ELSE '{}' END"
            " WHERE case_id = ANY (%s)",
            [list(cases)],
        )


def part_with(customers: Sequence[int]) -> None:
    """In cases of others, where they spoke or somebody wrote under their address, it is nobody's any more."""
    Message.objects.filter(handle__customer_id__in=customers).update(handle=None)


def _drop_files(cases: Sequence[int]) -> None:
    """What came and went, and what was to go; of their bytes those that nobody else was sent."""
    attached = Attachment.objects.filter(message__case__in=cases)
    digests: list[Any] = list(attached.values_list("blob_id", flat=True).distinct())
    waiting = ReplyFile.objects.filter(case__in=cases)
    digests += waiting.values_list("blob_id", flat=True).distinct()
    attached.delete()
    waiting.delete()
    drop_bytes(digests)
