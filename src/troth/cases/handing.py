"""What is held of a person here, as it is handed out to them (docs/formats/export.md)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import QuerySet

from troth.cases.files import harmless
from troth.cases.models import Attachment, Blob, Case, Message
from troth.cases.queries import SHOWN

#: So many rows are read with one statement.
PAGE = 200


def cases(ids: Sequence[int], *, whole: bool) -> QuerySet[Case]:
    """Of these customers; without *whole* those only that are theirs to see."""
    found = Case.objects.filter(customer_id__in=ids).order_by("pk")
    return found if whole else found.filter(SHOWN)


def messages(ids: Sequence[int], *, whole: bool) -> QuerySet[Message]:
    """The same of messages; notes of staff are no part of what a customer sees."""
    found = Message.objects.filter(case__in=cases(ids, whole=whole).order_by()).order_by("pk")
    return found if whole else found.exclude(direction=Message.Direction.NOTE)


def told_cases(ids: Sequence[int], *, whole: bool) -> Iterator[dict[str, Any]]:
    for one in cases(ids, whole=whole).iterator(PAGE):
        yield {
            "case": one.pk,
            "customer": one.customer_id,
            "subject": one.subject,
            "kind": one.kind,
            "cause": one.cause,
            "status": one.status,
            "channel": one.channel,
            "emotion": one.emotion,
            "urgency": one.urgency,
            "opened_at": one.opened_at,
            "last_message_at": one.last_message_at,
            "unverified": one.unverified,
            "for_staff_only": one.for_staff_only,
            "imported": one.imported,
            "outside_id": one.outside_id,
        }


def told_messages(ids: Sequence[int], *, whole: bool) -> Iterator[dict[str, Any]]:
    rows = messages(ids, whole=whole).select_related("staff", "handle").prefetch_related("corrections", "attachments")
    for one in rows.iterator(PAGE):
        yield {
            "message": one.pk,
            "case": one.case_id,
            "direction": one.direction,
            "channel": one.channel,
            "at": one.at,
            "by": one.staff.name if one.staff else None,
            "address": one.handle.address if one.handle else None,
            "text": one.text,
            "quoted": one.quoted,
            "html": one.html,
            "message_id": one.message_id,
            "source": one.source,
            "verified": one.verified,
            "automatic": one.automatic,
            "reading": one.reading,
            "corrections": [
                {"field": said.field, "said": said.said, "at": said.at, "until": said.until}
                for said in sorted(one.corrections.all(), key=lambda said: said.pk)
            ],
            "attachments": [
                {"name": file.name, "content_type": file.content_type, "size": file.size, "file": path(file)}
                for file in sorted(one.attachments.all(), key=lambda file: file.pk)
            ],
        }


def path(file: Attachment) -> str:
    """Where it lies in what is handed out."""
    return f"attachments/{file.pk}-{harmless(file.name)}"


def files(ids: Sequence[int], *, whole: bool) -> Iterator[tuple[str, bytes]]:
    """Each attachment's place and bytes, one at a time."""
    attached = Attachment.objects.filter(message__in=messages(ids, whole=whole).order_by()).order_by("pk")
    for file in attached.iterator(PAGE):
        yield path(file), bytes(Blob.objects.values_list("content", flat=True).get(pk=file.blob_id))
