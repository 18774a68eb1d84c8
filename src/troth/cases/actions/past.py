"""Conversations from before Troth."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from troth import reading
from troth.cases.actions.arrivals import File, keep_files
from troth.cases.models import Case, Message
from troth.cases.rules import kept
from troth.cases.rules.filled import felt, felt_in_all, filled
from troth.ledger.actions import append_past
from troth.people.models import Handle, Staff
from troth.words import facts
from troth.words.messages import Direction
from troth.words.refs import ref


@dataclass(frozen=True, kw_only=True)
class PastMessage:
    """One thing said before Troth, read already."""

    direction: Direction
    at: datetime
    text: str
    read: reading.Reading
    handle: Handle | None = None
    staff: Staff | None = None
    quoted: str = ""
    html: str = ""
    message_id: str = ""
    automatic: bool = False
    files: Sequence[File] = ()


@dataclass(frozen=True, kw_only=True)
class PastConversation:
    """A whole conversation from before Troth; messages in the order of their times, at least one."""

    outside_id: str
    customer_id: int
    subject: str
    channel: str
    messages: Sequence[PastMessage]


@transaction.atomic
def take_in_past(conversations: Sequence[PastConversation], *, now: datetime) -> list[tuple[Case, list[Message]]]:
    """Take in conversations from before Troth, at their own times and silently: nothing waits for an answer.

    Raises IntegrityError where one is here already: ask `queries.known_outside_ids` first.
    """
    cases = Case.objects.bulk_create(_past_case(conversation) for conversation in conversations)
    rows = Message.objects.bulk_create(
        Message(
            case=case,
            direction=said.direction.value,
            channel=conversation.channel,
            at=said.at,
            staff=said.staff,
            handle=said.handle,
            text=said.text,
            quoted=said.quoted,
            html=said.html,
            message_id=said.message_id,
            automatic=said.automatic,
            reading=kept.plain(said.read),
        )
        for case, conversation in zip(cases, conversations, strict=True)
        for said in conversation.messages
    )
    waiting = iter(rows)
    taken = [
        (case, [next(waiting) for _said in conversation.messages])
        for case, conversation in zip(cases, conversations, strict=True)
    ]
    told: list[tuple[datetime, facts.Fact]] = []
    for (case, messages), conversation in zip(taken, conversations, strict=True):
        for message, said in zip(messages, conversation.messages, strict=True):
            keep_files(message, said.files)
            told += _past_facts(case, message, said, opens=message is messages[0])
    append_past(told, now=now)
    return taken


def _past_case(conversation: PastConversation) -> Case:
    inbound = [
        said.read for said in conversation.messages if said.direction is Direction.INBOUND and not said.automatic
    ]
    fills = filled(inbound[0]) if inbound else None
    return Case(
        customer_id=conversation.customer_id,
        subject=conversation.subject[:500],
        kind=fills.kind if fills else Case.Kind.ENQUIRY,
        cause=fills.cause if fills else "",
        emotion=felt_in_all(felt(read) for read in inbound),
        urgency=fills.urgency if fills else "",
        status=Case.Status.RESOLVED,
        channel=conversation.channel,
        opened_at=conversation.messages[0].at,
        last_message_at=conversation.messages[-1].at,
        imported=True,
        outside_id=conversation.outside_id,
    )


def _past_facts(case: Case, message: Message, said: PastMessage, *, opens: bool) -> list[tuple[datetime, facts.Fact]]:
    about, customer, spoken = ref("case", case.pk), ref("customer", case.customer_id), ref("message", message.pk)
    told: list[facts.Fact] = []
    if opens:
        told.append(facts.CaseOpened(about=about, customer=customer, channel=case.channel, message=spoken))
    if said.direction is Direction.OUTBOUND:
        by = ref("staff", said.staff.pk) if said.staff else ""
        told.append(facts.CaseAnswered(about=about, customer=customer, message=spoken, letter="", by=by))
    else:
        if not opens:
            told.append(facts.CaseJoined(about=about, customer=customer, message=spoken))
        fills = filled(said.read)
        told.append(
            facts.MessageRead(
                about=spoken,
                customer=customer,
                reading=said.read.version,
                kind_read=fills.kind if said.read.kind else "",
                cause=fills.cause,
                feeling=fills.emotion,
            )
        )
    return [(said.at, fact) for fact in told]


@transaction.atomic
def say_imported(imported: Sequence[tuple[Case, int, int]], *, now: datetime) -> None:
    """Each conversation is here whole: its case, how many messages, and how many promises were found in them."""
    append_past(
        (
            (
                now,
                facts.ConversationImported(
                    about=ref("case", case.pk),
                    customer=ref("customer", case.customer_id),
                    source=hashlib.sha256((case.outside_id or "").encode()).hexdigest(),
                    messages=messages,
                    promises=promised,
                ),
            )
            for case, messages, promised in imported
        ),
        now=now,
    )
