"""Where something said in the chat goes (inbox/talks.py): into the talk's own case, which its first message opens."""

from __future__ import annotations

import json
from datetime import datetime

from django.utils.translation import gettext as _

from troth.cases.expecting import expected_answer
from troth.cases.models import Case, Message
from troth.channels.chat import queries
from troth.channels.chat.models import Talk
from troth.inbox.models import Arrival
from troth.inbox.rules.incoming import Incoming
from troth.inbox.rules.sender import name_of
from troth.inbox.talks import Place
from troth.people import actions as people
from troth.people.models import Handle
from troth.people.rules.addresses import NotAnAddress
from troth.promises import actions as promises
from troth.words.promises import Sort
from troth.words.refs import ref


def place(arrival: Arrival, incoming: Incoming, *, now: datetime) -> Place:
    """The talk's case; None before its first message, and once it has gone on by mail with somebody who showed who they are."""
    number = int(json.loads(bytes(arrival.source))["talk"])
    # First the case, then the talk: an answer that leaves holds them in this order.
    list(Case.objects.select_for_update(of=("self",)).filter(pk__in=Talk.objects.filter(pk=number).values("case")))
    talk = Talk.objects.select_for_update(of=("self",)).select_related("site").get(pk=number)
    handle = reached_by(talk, address=incoming.from_address, name=incoming.from_name, now=now)
    goes_on = talk.case_id is not None and queries.moved_at(talk.case_id) is None
    return Place(
        talk=talk.pk,
        handle=handle,
        case=talk.case_id if goes_on else None,
        team=talk.site.team_id,
        before=None if goes_on else talk.case_id,
    )


def taken_in(place: Place, message: Message, *, now: datetime) -> None:
    """The case belongs to the talk from here on. By when somebody answers is told with it, and so is promised, once for a case."""
    if place.case is not None:
        return
    case = message.case
    told_by = expected_answer(case, now=now)
    if told_by is not None:
        promises.record(
            customer=case.customer,
            what=_("An answer from a person"),
            due=told_by,
            said_at=now,
            now=now,
            owner=case.assignee,
            team_id=case.team_id,
            sort=Sort.ANSWER,
            source=ref("message", message.pk),
            about=ref("case", case.pk),
        )
    Talk.objects.filter(pk=place.talk).update(case=case, customer=case.customer, told_by=told_by)


def reached_by(talk: Talk, *, address: str, name: str, now: datetime) -> Handle:
    """The handle of this visitor. A typed address is believed as little as a form's: it makes nobody a customer we know.

    Who gave none is somebody new; an address they give later becomes theirs unless somebody else is known by it, and then only
    letters go there.
    """
    known = Handle.objects.select_related("customer").filter(pk=talk.handle).first() if talk.handle else None
    if known is not None and (talk.has_address or not address):
        return known
    try:
        handle = _addressed(known, address=address, name=name, now=now)
    except NotAnAddress:
        handle = known or people.find_or_make_customer(
            address=_("visitor %(number)s") % {"number": talk.pk},
            name=name,
            kind=Handle.Kind.SOCIAL,
            channel="chat",
            now=now,
        )
    talk.handle, talk.has_address = handle.pk, handle.kind == Handle.Kind.EMAIL
    Talk.objects.filter(pk=talk.pk).update(handle=talk.handle, has_address=talk.has_address)
    return handle


def _addressed(known: Handle | None, *, address: str, name: str, now: datetime) -> Handle:
    if known is None:
        return people.find_or_make_customer(address=address, name=name_of(name, address), channel="chat", now=now)
    try:
        return people.reach_by(known.customer, address=address)
    except people.SomebodyElses as theirs:
        return theirs.handle
