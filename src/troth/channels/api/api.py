"""Hand in what a customer said elsewhere."""

from __future__ import annotations

import json
import logging
import secrets
from typing import Annotated, Literal

from django.http import Http404, HttpRequest
from django.utils import timezone
from pydantic import Field

from troth.cases.models import Message
from troth.cases.queries import case_for
from troth.channels.api.reader import read
from troth.inbox import actions as inbox
from troth.inbox.models import Arrival
from troth.people.operations import (
    Asked,
    Instant,
    Number,
    Operations,
    Told,
    key_of,
    maybe_text,
    not_sound,
    staff_of,
    text,
)
from troth.people.problems import Problem
from troth.people.rules.addresses import NotAnAddress, email_address, shown_name
from troth.people.rules.keys import Scope
from troth.people.rules.problems import Kind
from troth.words.refs import NotAReference, number_of

log = logging.getLogger(__name__)
router = Operations(tags=["messages"])


class MessageAsked(Asked):
    address: Annotated[str, text(254), Field(description="The customer's e-mail address.")]
    name: Annotated[str, maybe_text(120)] = ""
    subject: Annotated[str, text(200)]
    text: Annotated[str, text(50_000)]
    vouched: Annotated[
        bool,
        Field(
            strict=True,
            description="You know that it is them: they are signed in with you. Needs messages:vouch. Else the case is marked.",
        ),
    ] = False
    case: Annotated[
        Number | None,
        Field(description="The case it belongs to. It joins only if vouched for, and its own customer's."),
    ] = None
    outside_id: Annotated[
        str, maybe_text(200), Field(description="Its name with you: the same name is taken once for ever.")
    ] = ""
    public: Annotated[
        bool,
        Field(strict=True, description="They said it where others can read it: such a case has targets of its own."),
    ] = False
    said_at: Annotated[Instant | None, Field(description="When the customer said it; now where left out.")] = None


class MessageTaken(Told):
    state: Annotated[
        Literal["message", "waiting"],
        Field(description="waiting: it is kept, and read within a minute or shown to staff"),
    ]
    arrival: int
    message: int | None
    case: int | None


@router.does(
    "/messages",
    scope=Scope.MESSAGES_WRITE,
    gives=MessageTaken,
    status=201,
    name="hand_in_message",
    summary="Hand in what a customer said",
)
def hand_in_message(request: HttpRequest, asked: MessageAsked) -> MessageTaken:
    """It is kept, read, put into its case and acknowledged as a message of any other channel is."""
    if asked.vouched and Scope.MESSAGES_VOUCH not in key_of(request).scopes:
        raise Problem(Kind.NOT_ALLOWED, f"To vouch needs the scope {Scope.MESSAGES_VOUCH}.", scope=Scope.MESSAGES_VOUCH)
    now = timezone.now()
    try:
        address = email_address(asked.address)
    except NotAnAddress as error:
        raise not_sound("body", "address", str(error)) from error
    if asked.said_at and asked.said_at > now:
        raise not_sound("body", "said_at", "That has not been said yet.")
    if asked.case:
        _may_see(request, asked.case)
    said = {
        "address": address,
        "name": shown_name(asked.name),
        "subject": asked.subject,
        "text": asked.text,
        "vouched": asked.vouched,
        "case": asked.case,
        "public": asked.public,
    }
    arrival = inbox.capture(
        channel="api",
        outside_id=f"{key_of(request).reference} {asked.outside_id or secrets.token_urlsafe(16)}",
        source=json.dumps(said).encode(),
        received_at=asked.said_at,
        now=now,
    )
    try:
        message = inbox.take_in(arrival, read(arrival), now=now)
    except Exception:
        log.exception("A message from a program is read later, by the worker.")
        message = None
    return _said(arrival.pk, message) if message else _taken(arrival.pk)


def _may_see(request: HttpRequest, number: int) -> None:
    try:
        case_for(staff_of(request), number)
    except Http404 as error:
        raise not_sound("body", "case", "There is no such case.") from error


def _taken(number: int) -> MessageTaken:
    arrival = Arrival.objects.defer("source").get(pk=number)
    try:
        message = Message.objects.filter(pk=number_of(arrival.message_ref, "message")).first()
    except NotAReference:
        message = None
    if message is None:
        return MessageTaken(state="waiting", arrival=arrival.pk, message=None, case=None)
    return _said(arrival.pk, message)


def _said(arrival: int, message: Message) -> MessageTaken:
    return MessageTaken(state="message", arrival=arrival, message=message.pk, case=message.case_id)
