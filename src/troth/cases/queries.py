"""Reading cases: the doors to one, the latest, their messages, and replies that wait to leave."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Prefetch, Q, QuerySet
from django.http import Http404

from troth.cases.models import Attachment, Case, Message, Reply, Template
from troth.people.models import Staff
from troth.people.queries import within_sight
from troth.people.rules.roles import May


def case_for(staff: Staff, number: int) -> Case:
    """The case, if *staff* may see it; raises Http404."""
    case = Case.objects.select_related("customer", "assignee", "team").filter(within_sight(staff), pk=number).first()
    if case is None or not staff.may(May.READ):
        raise Http404
    return case


#: What a customer may see of what is theirs: nothing of a sender nobody vouched for, nothing that lets somebody sign in.
SHOWN = Q(unverified=False, for_staff_only=False)


def case_of(customer_ids: Sequence[int], number: int) -> Case:
    """The case, if it is this customer's own and theirs to see; raises Http404."""
    case = Case.objects.select_related("customer").filter(SHOWN, pk=number, customer_id__in=customer_ids).first()
    if case is None:
        raise Http404
    return case


def cases_of(customer_ids: Sequence[int]) -> QuerySet[Case]:
    return Case.objects.filter(customer_id__in=customer_ids).order_by("-last_message_at", "-pk")


def cases_shown_to(customer_ids: Sequence[int]) -> QuerySet[Case]:
    """Of these, what stands on the customer's own page."""
    return cases_of(customer_ids).filter(SHOWN)


def attachment_of(customer_ids: Sequence[int], pk: int) -> Attachment:
    """The attachment, if it came with something the customer may see; raises Http404."""
    found = (
        Attachment.objects.select_related("blob", "message")
        .filter(pk=pk, message__case__in=cases_shown_to(customer_ids).order_by())
        .exclude(message__direction=Message.Direction.NOTE)
        .first()
    )
    if found is None:
        raise Http404
    return found


def thread(case: Case, *, notes: bool) -> list[Message]:
    """Everything said in the case, oldest first; notes only where *notes*."""
    rows = Message.objects.filter(case=case)
    if not notes:
        rows = rows.exclude(direction=Message.Direction.NOTE)
    attachments = Attachment.objects.only("message_id", "name", "content_type", "size")
    return list(
        rows.select_related("staff", "handle")
        .prefetch_related(Prefetch("attachments", attachments))
        .order_by("at", "pk")
    )


def message_for(staff: Staff, pk: int) -> Message:
    message = Message.objects.select_related("case").filter(within_sight(staff, team="case__team"), pk=pk).first()
    if message is None or not staff.may(May.READ):
        raise Http404
    return message


def attachment_for(staff: Staff, pk: int) -> Attachment:
    attachments = Attachment.objects.select_related("blob", "message")
    attachment = attachments.filter(within_sight(staff, team="message__case__team"), pk=pk).first()
    if attachment is None or not staff.may(May.READ):
        raise Http404
    return attachment


def drafts_of(case: Case, staff: Staff) -> list[Reply]:
    """What this person is writing here: an answer, a note, or nothing."""
    return list(
        Reply.objects.filter(case=case, staff=staff, state__in=[Reply.State.DRAFT, Reply.State.STOPPED]).order_by("pk")
    )


def held_in(case: Case) -> list[Reply]:
    """Replies that leave within seconds."""
    return list(Reply.objects.filter(case=case, state=Reply.State.HELD).select_related("staff").order_by("pk"))


def known_outside_ids(outside_ids: Sequence[str]) -> set[str]:
    """Which of these conversations from elsewhere are here already."""
    known = Case.objects.filter(outside_id__in=outside_ids).values_list("outside_id", flat=True)
    return {outside_id for outside_id in known if outside_id}


def templates() -> list[Template]:
    return list(Template.objects.order_by("name"))


def reply_for(staff: Staff, pk: int) -> Reply:
    """An answer of theirs, wherever it stands on its way; raises Http404. What others are writing is their own."""
    reply = Reply.objects.filter(pk=pk, staff=staff, is_note=False).first()
    if reply is None:
        raise Http404
    case_for(staff, reply.case_id)
    return reply


def held_since() -> datetime | None:
    """When the reply that is held longest was to leave."""
    return (
        Reply.objects.filter(state=Reply.State.HELD).order_by("leaves_at").values_list("leaves_at", flat=True).first()
    )
