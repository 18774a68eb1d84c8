"""Cases that an import brought by mistake, and nobody went on with: taken back, and the ledger told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from troth.cases.actions.enclosing import drop_bytes
from troth.cases.models import Attachment, Case, Message
from troth.ledger.actions import append_past
from troth.people.models import Staff
from troth.words.facts import TakenBack
from troth.words.refs import ref


@transaction.atomic
def take_back_cases(numbers: Sequence[int], *, by: Staff | None, now: datetime) -> int:
    """Let these cases and all in them go; how many. What was said of them in the ledger stays, and that they went is added."""
    cases = list(Case.objects.filter(pk__in=numbers, imported=True))
    pks = [case.pk for case in cases]
    attached = Attachment.objects.filter(message__case__in=pks)
    digests = list(attached.values_list("blob_id", flat=True).distinct())
    attached.delete()
    drop_bytes(digests)
    Message.objects.filter(case__in=pks)._raw_delete(using="default")
    Case.objects.filter(pk__in=pks)._raw_delete(using="default")
    who = by.reference if by else ""
    append_past(
        (
            (now, TakenBack(about=ref("case", case.pk), customer=ref("customer", case.customer_id), by=who))
            for case in cases
        ),
        now=now,
    )
    return len(pks)
