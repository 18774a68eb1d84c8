"""One case, with what was promised beside it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from troth.cases import queries
from troth.cases.checking import matter
from troth.cases.desk import files, formal, linked, remedies
from troth.cases.desk.again import again, first_time_first
from troth.cases.desk.clocks import clock_values, reason_choices
from troth.cases.desk.composer import Said, answers_of, composer, found_in
from troth.cases.desk.nearest import nearest
from troth.cases.desk.snoozing import snoozed
from troth.cases.desk.talking import talk_values
from troth.cases.desk.told import told_shown
from troth.cases.models import Case, Message, Reply
from troth.cases.read_sayings import choices, counts, felt_words, none_words, read_words
from troth.cases.rules.corrections import Field
from troth.cases.sayings import channel_words, delivery_words, kind_choices, reasons, status_choices
from troth.people.doors import staff_door
from troth.people.models import Staff
from troth.people.planned import planned_once
from troth.people.pressed import page_name
from troth.people.queries import company_name, family_and_address, hours_of, within_sight
from troth.people.rules.roles import May
from troth.people.shell import desk_values, page_of, staff_of
from troth.promises.models import Promise
from troth.promises.queries import to_customer
from troth.promises.sayings import strength_words, told_apart
from troth.words.promises import Strength
from troth.words.refs import ref

WAYS = {"inbound": "in", "outbound": "out", "note": "note"}


@staff_door(May.READ)
def case_page(request: HttpRequest, number: int) -> HttpResponse:
    case, of_customer = queries.with_count(staff_of(request), number)
    return show(request, case, of_customer=of_customer)


@staff_door(May.READ)
def message_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Where a message stands: its case, at the message."""
    message = queries.message_for(staff_of(request), pk)
    return redirect(f"{reverse('cases:case', args=[message.case_id])}#message-{message.pk}")


def show(
    request: HttpRequest, case: Case, *, of_customer: int | None = None, said: Said | None = None, status: int = 200
) -> HttpResponse:
    """The page of *case*, with what was typed into a form that was refused."""
    said = said or Said()
    now, staff = timezone.now(), staff_of(request)
    if of_customer is None:
        case, of_customer = queries.with_count(staff, case.pk)
    ids, address = family_and_address(case.customer_id)
    thread = queries.said_in(case)
    to_them = first_time_first(to_customer(ids).filter(within_sight(staff)), case)
    with planned_once():
        owed = list(to_them.select_related("owner")[:60])
    owners, templates = queries.choices_beside()
    replies = queries.under_way(case, staff)
    held = [reply for reply in replies if reply.state == Reply.State.HELD]
    held.sort(key=lambda reply: (reply.case_id != case.pk, -reply.pk))
    drafts = {draft.is_note: draft for draft in replies if draft.state != Reply.State.HELD}
    draft = drafts.get(False)
    text = said.text if said.text is not None else (draft.text if draft else "")
    hours = hours_of(case.team_id or staff.team_id)
    stopped = said.stopped or (draft.problem if draft and draft.state == Reply.State.STOPPED else "")
    shown = _messages(thread, case=case, owed=owed)
    asking = clock_values(case)
    values = desk_values(
        request,
        now=now,
        case=_shown(case, of_customer=of_customer),
        reasons=reasons(case),
        again=again(case, promises=owed),
        messages=shown,
        **talk_values(case, shown, now=now),
        last_message=max((s.message.pk for s in thread if s.message.direction == Message.Direction.INBOUND), default=0),
        promises=told_apart([_beside(promise) for promise in _live_first(owed)[:20]]),
        told=told_shown(case),
        staff=owners,
        owner_pk=case.assignee_id,
        kinds=kind_choices(),
        causes=[("", none_words(Field.CAUSES)), *choices(Field.CAUSES)],
        statuses=status_choices(),
        composer=composer(
            case,
            staff=staff,
            to=address,
            templates=templates,
            text=text,
            note=drafts.get(True),
            said=said,
            draft=draft,
            hours=hours,
            now=now,
        ),
        **found_in(
            text,
            staff=staff,
            hours=hours,
            matter=matter(case, thread=thread, made=owed, hours=hours, now=now),
            dismissed=queries.waved_off(draft),
            now=now,
            answers=said.answers or answers_of(draft),
            typed=said.typed,
        ),
        files=files.beside(case, staff=staff, files=case.files),  # type: ignore[attr-defined] # with_count annotates it
        felt=felt_words(thread),
        record=_record_form(said.record),
        errors=list(said.errors),
        stopped={"words": stopped, "theirs": said.theirs} if stopped else None,
        last_answer=getattr(case, "newest_answer", None) or 0,
        theirs=[_theirs(reply, now=now) for reply in held if reply.staff_id != staff.pk],
        undo=_undo(held, case=case, staff=staff, now=now),
        linked=linked.beside(case),
        snooze=snoozed(case, staff=staff, now=now),
        clocks=asking,
        **remedies.beside(case, thread, promises=owed, said=said.remedy),
        next=nearest(asking, owed, case=ref("case", case.pk), now=now),
        miss_reasons=reason_choices(),
        once=page_name(),
        may_answer=staff.may(May.ANSWER),
        drafts_on=bool(settings.TROTH_MODEL_URL),
        erased_at=case.customer.erased_at,
        refused=said.refused,
        **formal.beside(
            case,
            text,
            typed=said.typed,
            draft=draft,
            enclosed=[file["name"] for file in case.files],  # type: ignore[attr-defined] # the same
            hours=hours,
            zone=staff.zone,
            now=now,
        ),
        ends_without=said.ends_without,
    )
    return render(request, "cases/case.html", values, status=status)


def _shown(case: Case, *, of_customer: int) -> dict[str, Any]:
    return {
        "number": case.pk,
        "subject": str(case),
        "incident": case.incident,
        "status": case.status,
        "kind": case.kind,
        "cause": case.cause,
        "owner": case.owner_name,  # type: ignore[attr-defined] # with_count annotates it
        "channel_words": channel_words(case.channel),
        "opened_at": case.opened_at,
        "public": case.is_public,
        "unverified": case.unverified,
        "for_staff_only": case.for_staff_only,
        "by_chat": case.channel == "chat",
        "seems_to_be": case.seems_to_be_id,
        "customer": {
            "name": str(case.customer),
            "href": page_of(ref("customer", case.customer.root_pk)),
            "since": case.customer.met_at,
            "cases": of_customer,
        },
    }


def _live_first(owed: list[Promise]) -> list[Promise]:
    return sorted(owed, key=lambda promise: (not promise.is_owed and promise.state != "armed", promise.due is None))


def _beside(promise: Promise) -> dict[str, Any]:
    return {
        "id": promise.pk,
        "href": page_of(ref("promise", promise.pk)),
        "quote": promise.source_quote or None,
        "words": promise.what,
        "state": promise.state,
        "due": promise.due,
        "settled": bool(promise.done_at or promise.settled_at),
        "owner": promise.owner.name if promise.owner else None,
    }


def _messages(thread: list[queries.Said], *, case: Case, owed: list[Promise]) -> list[dict[str, Any]]:
    made: dict[str, list[dict[str, Any]]] = {}
    for promise in owed:
        made.setdefault(promise.source, []).append(_beside(promise))
    return [_said(said, case=case, made=made) for said in thread]


def _said(said: queries.Said, *, case: Case, made: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    message = said.message
    return {
        "id": message.pk,
        "way": WAYS[message.direction],
        "who": _who(message, case),
        "channel": message.channel,
        "at": message.at,
        "body": message.text or message.quoted,
        "original_href": reverse("cases:body", args=[message.pk]) if message.html else None,
        "attachments": files.attached(said.attachments),
        "address": message.handle.address if message.handle and message.direction != "note" else None,
        "delivery": delivery_words(said.letter),
        **_read(said),
        "promises": told_apart(made.get(ref("message", message.pk), [])),
    }


def _read(said: queries.Said) -> dict[str, Any]:
    """What was read in a customer's message, in few words, and where to look at it and correct it."""
    if said.message.direction != Message.Direction.INBOUND:
        return {"reading": [], "reading_href": None}
    return {
        "reading": read_words(counts(said), said=set(said.corrections)),
        "reading_href": reverse("cases:reading", args=[said.message.pk]),
    }


def _who(message: Message, case: Case) -> str:
    if message.direction == Message.Direction.INBOUND:
        # A name is what anybody says of themselves; where nobody vouched for the sender, only the address counts.
        return (not case.unverified and case.customer.name) or str(message.handle or case.customer)
    return message.staff.name if message.staff else company_name()


def _record_form(record: dict[str, Any] | None) -> dict[str, Any]:
    blank = {"errors": [], "quote": "", "due": "", "strength": Strength.PROMISE, "open": False}
    strengths = [(strength.value, strength_words(strength)) for strength in Strength]
    return {**blank, "strengths": strengths, **(record or {})}


def _theirs(reply: Reply, *, now: datetime) -> dict[str, Any]:
    """A colleague's answer that leaves within seconds."""
    seconds = max(1, round((reply.leaves_at - now).total_seconds())) if reply.leaves_at else 1
    return {"who": reply.staff.name, "words": reply.text, "seconds": seconds}


def _undo(held: list[Reply], *, case: Case, staff: Staff, now: datetime) -> dict[str, Any] | None:
    mine = next((reply for reply in held if reply.staff_id == staff.pk and reply.leaves_at), None)
    if mine is None or mine.leaves_at is None:
        return None
    seconds = max(1, round((mine.leaves_at - now).total_seconds()))
    if mine.case_id != case.pk:
        words = _("Your answer in case #%(number)s leaves in a moment.") % {"number": mine.case_id}
        return {"seconds": seconds, "words": words, "number": mine.case_id}
    return {"seconds": seconds, "words": _("Your answer leaves in a moment.")}
