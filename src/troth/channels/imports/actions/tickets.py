"""Tickets of another desk: a batch in one transaction, so that what is here is here whole, once, however often it is told.

What makes that so are names: a case is known by `zendesk:123` for ever, and everything said in it by `zendesk:123:456`. What was
told before changes nothing; what is told anew is added; what is older than what we know is let be.
"""

from __future__ import annotations

import hashlib
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection, transaction

from troth.cases import actions as cases
from troth.cases.actions.copying import copy_in, drafts_of
from troth.cases.models import Case, Message
from troth.cases.queries import known_sources
from troth.channels.imports.actions.conversations import IMPORTING
from troth.channels.imports.bodies import Body, body_of
from troth.channels.imports.models import Hook, Moved, Moving
from troth.channels.imports.rules.about import about
from troth.channels.imports.rules.ticket import NOBODY, Contact, Said, Ticket
from troth.clocks import queries as clocks
from troth.people import actions as people
from troth.people.models import Customer, Handle, Staff
from troth.people.queries import staff_choices
from troth.people.rules.addresses import NotAnAddress, email_address
from troth.words.messages import Direction
from troth.words.refs import ref

FILE_MOST = 25 * 1024 * 1024
_moved = drafts_of(Moved)


@dataclass
class Came:
    """What a batch came to."""

    new: int = 0
    #: Here already, and something was added or changed.
    added: int = 0
    #: Here already, and nothing changed.
    known: int = 0
    #: Of somebody who was forgotten here: they stay forgotten.
    forgotten: int = 0
    messages: int = 0
    notes: int = 0
    #: Numbers of the cases that are new or changed.
    cases: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class From:
    """Where a batch comes from."""

    source: str
    moving: Moving | None = None
    hook: Hook | None = None
    sample: bool = False


def key_of(source: str, ticket: Ticket) -> str:
    return f"{source}:{ticket.id}"


@transaction.atomic
def take_tickets(tickets: Sequence[Ticket], *, of: From, now: datetime) -> Came:
    """Take in what is not here yet of *tickets*, all of it or none. Safe to repeat and to run side by side.

    Raises IntegrityError where somebody else met one of the customers in the same moment: then do it again.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [IMPORTING])
    tickets = list({key_of(of.source, one): one for one in tickets}.values())
    keys = [key_of(of.source, one) for one in tickets]
    moved = {row.key: row for row in Moved.objects.select_related("case__customer").filter(key__in=keys)}
    elsewhere = set(Case.objects.filter(outside_id__in=keys).values_list("outside_id", flat=True))
    came = Came()
    staff = _staff()
    fresh = [one for key, one in zip(keys, tickets, strict=True) if key not in moved and key not in elsewhere]
    again = [(moved[key], one) for key, one in zip(keys, tickets, strict=True) if key in moved]
    came.known += len(tickets) - len(fresh) - len(again)
    _take_new(fresh, of=of, staff=staff, came=came, now=now)
    _take_more(again, of=of, staff=staff, came=came, now=now)
    return came


# New ones


def _take_new(tickets: Sequence[Ticket], *, of: From, staff: Mapping[str, Staff], came: Came, now: datetime) -> None:
    if not tickets:
        return
    last = Customer.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    who = _meet(tickets, of=of, now=now)
    past = [_past(one, of=of, who=who, staff=staff) for one in tickets]
    taken = cases.take_in_past(past, now=now)
    cases.say_imported([(case, len(messages), 0) for case, messages in taken], standing=past, now=now)
    copy_in(
        [
            _moved(
                case_id=case.pk,
                key=key_of(of.source, one),
                moving_id=of.moving.pk if of.moving else None,
                hook_id=of.hook.pk if of.hook else None,
                changed_at=one.changed_at,
                status=told.status,
                assignee_id=told.assignee_id,
                met=case.customer_id > last,
            )
            for (case, _messages), one, told in zip(taken, tickets, past, strict=True)
        ]
    )
    came.new += len(taken)
    came.cases += [case.pk for case, _messages in taken]
    for told in past:
        came.notes += sum(one.direction is Direction.NOTE for one in told.messages)
        came.messages += sum(one.direction is not Direction.NOTE for one in told.messages)


def _past(ticket: Ticket, *, of: From, who: _Who, staff: Mapping[str, Staff]) -> cases.PastConversation:
    customer, _handle = who.of(ticket.requester)
    assignee = _staff_of(ticket.assignee, staff)
    said = ticket.said or (Said(id="first", at=ticket.opened_at, ours=False, text=ticket.subject),)
    messages = [_message(one, ticket, of=of, who=who, staff=staff) for one in said]
    messages.sort(key=lambda one: one.at)
    return cases.PastConversation(
        outside_id=key_of(of.source, ticket),
        customer_id=customer.pk,
        subject=ticket.subject or messages[0].text[:80],
        channel=of.source,
        messages=[*messages, _about(ticket, of=of, known_staff=assignee, at=messages[-1].at)],
        status=ticket.stands.value,
        assignee_id=assignee.pk if assignee else None,
        team_id=assignee.team_id if assignee else None,
        status_at=ticket.changed_at,
    )


def _message(said: Said, ticket: Ticket, *, of: From, who: _Who, staff: Mapping[str, Staff]) -> cases.PastMessage:
    body: Body = body_of(said)
    direction = Direction.NOTE if said.private else Direction.OUTBOUND if said.ours else Direction.INBOUND
    return cases.PastMessage(
        direction=direction,
        at=said.at,
        text=body.text,
        html=body.html,
        staff=_staff_of(said.by, staff) if said.ours else None,
        handle=who.handle(_speaker(said, ticket)) if direction is Direction.INBOUND else None,
        message_id=said.message_id,
        automatic=said.automatic,
        source=f"{key_of(of.source, ticket)}:{said.id}",
        files=[
            cases.File(
                one.name or "attachment", one.content_type or "application/octet-stream", one.content, one.content_id
            )
            for one in said.enclosed
            if one.content is not None and len(one.content) <= FILE_MOST
        ],
    )


def _speaker(said: Said, ticket: Ticket) -> Contact:
    """Which customer said it: the ticket's own where nobody else is named."""
    return ticket.requester if said.by == NOBODY or said.by.is_staff else said.by


def _about(ticket: Ticket, *, of: From, known_staff: Staff | None, at: datetime) -> cases.PastMessage:
    """What has no place of its own here stands in a note, in the case it is of."""
    text = about(ticket, source=of.source, assignee_is_known=known_staff is not None)
    digest = hashlib.sha256(text.encode()).hexdigest()[:12]
    return cases.PastMessage(
        direction=Direction.NOTE,
        at=max(at, ticket.opened_at),
        text=text,
        automatic=True,
        source=f"{key_of(of.source, ticket)}:about:{digest}",
    )


# Known ones


def _take_more(
    again: Sequence[tuple[Moved, Ticket]], *, of: From, staff: Mapping[str, Staff], came: Came, now: datetime
) -> None:
    said_by_hook = _texts_of_hooks([row.case_id for row, _one in again])
    living = [(row, one) for row, one in again if row.case.customer.erased_at is None]
    came.forgotten += len(again) - len(living)
    if not living:
        return
    names = [f"{row.key}:{said.id}" for row, one in living for said in one.said]
    known = set(known_sources(names))
    more = [
        (
            row,
            one,
            [
                said
                for said in one.said
                if f"{row.key}:{said.id}" not in known
                and (row.case_id, " ".join(body_of(said).text.split())) not in said_by_hook
            ],
        )
        for row, one in living
    ]
    news = [(row, one, said) for row, one, said in more if said or one.changed_at > row.changed_at]
    came.known += len(living) - len(news)
    if not news:
        return
    held = _held([row for row, _one, _said in news])
    news = [(held[row.pk], one, said) for row, one, said in news if row.pk in held]
    # Of a case that is here the customer is known; a hook tells them by no more than their number there.
    who = _meet([one for _row, one, _said in news], of=of, now=now, by_number=False)
    additions = [(row, one, _more(row, one, said, of=of, who=who, staff=staff)) for row, one, said in news]
    abouts = known_sources([messages[-1].source for _row, _one, messages in additions])
    adding = [
        (row.case, [message for message in messages if message.source not in abouts])
        for row, _one, messages in additions
    ]
    cases.join_past([(case, messages) for case, messages in adding if messages], now=now)
    ours = set(clocks.live(ref("case", row.case_id) for row, _one, _said in news).values_list("about", flat=True))
    standings = [standing for row, one, _said in news if (standing := _follows(row, one, staff=staff, ours=ours))]
    cases.follow_past(standings, now=now)
    for row, one, _said in news:
        row.changed_at = max(row.changed_at, one.changed_at)
    Moved.objects.bulk_update([row for row, _one, _said in news], ["changed_at", "status", "assignee"])
    changed = {case.pk for case, messages in adding if messages} | {standing.case.pk for standing in standings}
    came.added += len(changed)
    came.known += len(news) - len(changed)
    came.cases += sorted(changed)
    for _case, messages in adding:
        came.notes += sum(one.direction is Direction.NOTE for one in messages)
        came.messages += sum(one.direction is not Direction.NOTE for one in messages)


def _held(rows: Sequence[Moved]) -> dict[int, Moved]:
    """These as they stand now, and nobody changes them or their cases meanwhile; what an export only repeats is not held."""
    again = Moved.objects.select_related("case__customer").filter(pk__in=[row.pk for row in rows])
    return {row.pk: row for row in again.select_for_update(of=("self", "case"))}


def _texts_of_hooks(numbers: Sequence[int]) -> set[tuple[int, str]]:
    """What hooks told without any number of its own; an export has it under one."""
    rows = Message.objects.filter(case__in=numbers, source__contains=":hook-").values_list("case_id", "text")
    return {(case, " ".join(text.split())) for case, text in rows}


def _more(
    row: Moved, ticket: Ticket, said: Sequence[Said], *, of: From, who: _Who, staff: Mapping[str, Staff]
) -> list[cases.PastMessage]:
    """What was said since, in its order, and the note anew: it is kept once for each thing it says."""
    messages = [_message(one, ticket, of=of, who=who, staff=staff) for one in said]
    messages.sort(key=lambda one: one.at)
    at = max([ticket.changed_at, *(one.at for one in messages)])
    assignee = _staff_of(ticket.assignee, staff)
    return [*messages, _about(ticket, of=of, known_staff=assignee, at=at)]


def _follows(
    row: Moved, ticket: Ticket, *, staff: Mapping[str, Staff], ours: Container[str]
) -> cases.PastStanding | None:
    """How the case is to stand: as there, where that is newer and nobody here has set it otherwise; None as it does.

    Of *ours* clocks run: their customer wrote here, and what is done there answers nobody here.
    """
    if ticket.changed_at <= row.changed_at:
        return None
    case, assignee = row.case, _staff_of(ticket.assignee, staff)
    status, with_whom = case.status, case.assignee_id
    if case.status == row.status and ref("case", case.pk) not in ours:
        row.status = status = ticket.stands.value
    if case.assignee_id == row.assignee_id:
        row.assignee_id = with_whom = assignee.pk if assignee else None
    if (status, with_whom) == (case.status, case.assignee_id):
        return None
    return cases.PastStanding(case=case, status=status, assignee_id=with_whom, at=ticket.changed_at)


# People


class _Who:
    """The customer behind each contact of a batch, and the handle they are reached by."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._met: dict[tuple[str, str], tuple[Customer, Handle | None]] = {}
        self._chosen: dict[Contact, people.Stranger] = {}
        self.found: Mapping[people.Stranger, tuple[Customer, Handle | None]] = {}

    def choose(self, contact: Contact, *, known: Mapping[tuple[str, str], int], met_at: datetime) -> people.Stranger:
        """The address to meet them by: one that is known here, else their first."""
        if contact not in self._chosen:
            ways = ways_of(contact, source=self._source)
            kind, address = next((way for way in ways if way in known), ways[0] if ways else ("email", ""))
            self._chosen[contact] = people.Stranger(kind=kind, address=address, name=contact.name, met_at=met_at)
        return self._chosen[contact]

    def handle(self, contact: Contact) -> Handle | None:
        """None for somebody who was not met: by nothing but a number of the other desk's."""
        return self.of(contact)[1] if contact in self._chosen else None

    def of(self, contact: Contact) -> tuple[Customer, Handle | None]:
        return self.found[self._chosen[contact]]

    @property
    def contacts(self) -> Iterable[tuple[Contact, people.Stranger]]:
        return self._chosen.items()


def ways_of(contact: Contact, *, source: str) -> list[tuple[str, str]]:
    """How somebody is reached: addresses that are sound, numbers, else the name the other desk has for them."""
    ways: list[tuple[str, str]] = []
    for one in contact.emails:
        try:
            ways.append((Handle.Kind.EMAIL.value, email_address(one)))
        except NotAnAddress:
            continue
    ways += [(Handle.Kind.PHONE.value, " ".join(one.split())) for one in contact.phones]
    if not ways and contact.id:
        ways = [(Handle.Kind.SOCIAL.value, f"{source}:{contact.id}")]
    return list(dict.fromkeys(ways))


def _meet(tickets: Sequence[Ticket], *, of: From, now: datetime, by_number: bool = True) -> _Who:
    contacts: dict[Contact, datetime] = {}
    for ticket in tickets:
        contacts.setdefault(ticket.requester, ticket.opened_at)
        for said in ticket.said:
            if not said.ours and not said.private:
                contacts.setdefault(_speaker(said, ticket), said.at)
    if not by_number:
        contacts = {one: at for one, at in contacts.items() if one.emails or one.phones}
    ways = {contact: ways_of(contact, source=of.source) for contact in contacts}
    addresses = {address for found in ways.values() for _kind, address in found}
    known = {
        (kind, address): customer
        for kind, address, customer in Handle.objects.filter(address__in=addresses).values_list(
            "kind", "address", "customer_id"
        )
    }
    who = _Who(of.source)
    strangers = [who.choose(contact, known=known, met_at=met_at) for contact, met_at in contacts.items()]
    who.found = people.meet_all(dict.fromkeys(strangers), channel="import", now=now, sample=of.sample)
    more = [
        (who.of(contact)[0].pk, kind, address)
        for contact, found in ways.items()
        for kind, address in found
        if (kind, address) not in known and address != who.choose(contact, known=known, met_at=now).address
    ]
    people.also_reached_at(more)
    return who


def _staff() -> dict[str, Staff]:
    """Staff by address and by name, so that what they said before is theirs; an address goes before a name."""
    choices = staff_choices()
    return {one.name.casefold(): one for one in choices} | {one.email.casefold(): one for one in choices}


def _staff_of(contact: Contact, staff: Mapping[str, Staff]) -> Staff | None:
    """Who this is here: by address; by name only where the other desk gives no address."""
    for email in contact.emails:
        if found := staff.get(email.casefold()):
            return found
    return staff.get(contact.name.casefold()) if contact.name and not contact.emails else None
