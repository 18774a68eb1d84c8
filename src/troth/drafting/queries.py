"""Reading drafts: the latest of a person in a case, what the model is told, and where it is."""

from __future__ import annotations

from django.conf import settings

from troth.cases.models import Case, Message
from troth.drafting.endpoint import Endpoint
from troth.drafting.models import Draft, Understood
from troth.drafting.rules.prompt import MESSAGES_MAX, Word
from troth.people.models import Staff


def endpoint() -> Endpoint | None:
    """Where drafts are written; none where the host named nothing."""
    if not settings.TROTH_MODEL_URL:
        return None
    return Endpoint(
        settings.TROTH_MODEL_URL, settings.TROTH_MODEL_KEY, settings.TROTH_MODEL_NAME, settings.TROTH_MODEL_SECONDS
    )


def latest(case: Case, staff: Staff) -> Draft | None:
    """The draft this person asked for last in this case."""
    return Draft.objects.filter(case=case, staff=staff).order_by("-pk").first()


def has_understood(staff: Staff, place: str) -> bool:
    return Understood.objects.filter(staff=staff, place=place).exists()


def said_in(case: Case) -> list[Word]:
    """What customer and company said in the case, oldest first; no notes."""
    rows = Message.objects.filter(case=case).exclude(direction=Message.Direction.NOTE).order_by("-at", "-pk")
    latest = rows.values_list("direction", "text")[:MESSAGES_MAX]
    return [Word(direction == Message.Direction.OUTBOUND, text) for direction, text in reversed(latest)]
