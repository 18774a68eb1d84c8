"""Taking in conversations from before Troth: a batch in one transaction, so that what is here is here whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection, transaction

from troth.cases import actions as cases
from troth.cases import reader
from troth.cases.models import Case, Message
from troth.cases.queries import known_outside_ids
from troth.channels.imports.rules import evidence
from troth.channels.imports.rules.conversation import Conversation, Person, Stated, Turn
from troth.people import actions as people
from troth.people.models import Customer, Handle, Staff
from troth.people.queries import hours_of, staff_choices
from troth.promises import actions as promises
from troth.reading import FoundPromise
from troth.words.hours import Hours
from troth.words.messages import Direction
from troth.words.promises import Sort, Speaker, State
from troth.words.refs import ref

#: Advisory lock of the one batch that is being written: two imports of one file take turns.
IMPORTING = 0x7207_1A9F

Met = Mapping[people.Stranger, tuple[Customer, Handle | None]]


@dataclass
class Taken:
    """What a batch came to."""

    new: int = 0
    #: Here already; nothing was changed.
    known: int = 0
    messages: int = 0
    promises: Counter[str] = field(default_factory=Counter)


@transaction.atomic
def take_batch(conversations: Sequence[Conversation], *, now: datetime, sample: bool = False) -> Taken:
    """Take in those of *conversations* that are not here yet, all of them or none. Safe to repeat."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [IMPORTING])
    known = known_outside_ids([conversation.id for conversation in conversations])
    fresh = {conversation.id: conversation for conversation in reversed(conversations) if conversation.id not in known}
    new = list(reversed(fresh.values()))
    if not new:
        return Taken(known=len(conversations))
    met = people.meet_all(
        dict.fromkeys(stranger for one in new for stranger in _strangers(one)), channel="import", now=now, sample=sample
    )
    hours, staff = hours_of(), _staff_by_name()
    past = [_past(one, met=met, staff=staff) for one in new]
    cases_taken = cases.take_in_past(past, now=now)
    found = [
        _promises(one, said.messages, case=case, messages=messages, hours=hours)
        for one, said, (case, messages) in zip(new, past, cases_taken, strict=True)
    ]
    promises.record_past([promise for of_one in found for promise in of_one], now=now)
    cases.say_imported(
        [(case, len(messages), len(of_one)) for (case, messages), of_one in zip(cases_taken, found, strict=True)],
        now=now,
    )
    return Taken(
        new=len(new),
        known=len(conversations) - len(new),
        messages=sum(len(messages) for _, messages in cases_taken),
        promises=Counter(promise.state.value for of_one in found for promise in of_one),
    )


def _strangers(conversation: Conversation) -> list[people.Stranger]:
    first = conversation.turns[0].at
    others = [_stranger(turn.person, met_at=turn.at) for turn in conversation.turns if turn.person]
    return [_own(conversation, met_at=first), *others]


def _own(conversation: Conversation, *, met_at: datetime) -> people.Stranger:
    return _stranger(conversation.customer, met_at=met_at)


def _stranger(person: Person, *, met_at: datetime) -> people.Stranger:
    return people.Stranger(kind=person.kind, address=person.address, name=person.name, met_at=met_at)


def _staff_by_name() -> dict[str, Staff]:
    """Staff by name and by address, so that what they said before is theirs."""
    return {key.casefold(): staff for staff in staff_choices() for key in (staff.name, staff.email)}


def _past(conversation: Conversation, *, met: Met, staff: Mapping[str, Staff]) -> cases.PastConversation:
    customer, own_handle = met[_own(conversation, met_at=conversation.turns[0].at)]
    return cases.PastConversation(
        outside_id=conversation.id,
        customer_id=customer.pk,
        subject=conversation.subject,
        channel=conversation.channel,
        messages=[
            cases.PastMessage(
                direction=_direction(turn),
                at=turn.at,
                text=turn.text,
                read=reader.read(turn.text, at=turn.at, direction=_direction(turn)),
                handle=met[_stranger(turn.person, met_at=turn.at)][1] if turn.person else own_handle,
                staff=staff.get(turn.by.casefold()) if turn.by else None,
                quoted=turn.quoted,
                html=turn.html,
                message_id=turn.message_id,
                automatic=turn.automatic,
                files=[cases.File(file.name, file.content_type, file.content) for file in turn.attached],
            )
            for turn in conversation.turns
        ],
    )


def _direction(turn: Turn) -> Direction:
    return Direction.OUTBOUND if turn.ours else Direction.INBOUND


def _promises(
    conversation: Conversation,
    said: Sequence[cases.PastMessage],
    *,
    case: Case,
    messages: Sequence[Message],
    hours: Hours,
) -> list[promises.Past]:
    """Every promise in what we said, with what the conversation or the file tells of its end."""
    after = [
        evidence.Said(at=turn.at, ours=turn.ours, text=turn.text, automatic=turn.automatic)
        for turn in conversation.turns
    ]
    told = list(conversation.stated)
    found = []
    for place, (message, turn) in enumerate(zip(messages, said, strict=True)):
        if turn.direction is not Direction.OUTBOUND or turn.automatic:
            continue
        for promise in turn.read.promises if turn.read else ():
            stated = _stated_of(promise, at=turn.at, told=told)
            sort = evidence.sort_of(promise)
            ending = evidence.ending_of(promise, sort=sort, said_at=turn.at, after=after[place + 1 :])
            if stated:
                told.remove(stated)
                if stated.outcome:
                    ending = _ending_told(
                        stated, due=promise.due.at if promise.due else None, last=case.last_message_at
                    )
            found.append(_past_promise(promise, ending, stated, sort=sort, case=case, message=message, hours=hours))
    return found + [_only_told(stated, case=case, messages=messages, hours=hours) for stated in told]


def _stated_of(promise: FoundPromise, *, at: datetime, told: Sequence[Stated]) -> Stated | None:
    """What the file says of this promise: the same words, and the same time where it gives one."""
    sentence = " ".join(promise.quote.casefold().split())
    for stated in told:
        words = " ".join(stated.what.casefold().split())
        if (words in sentence or sentence in words) and stated.said_at in {None, at}:
            return stated
    return None


def _ending_told(stated: Stated, *, due: datetime | None, last: datetime) -> evidence.Ending:
    assert stated.outcome is not None
    due = stated.due or due
    if stated.outcome in {State.LATE, State.BROKEN} and due is None:
        return evidence.UNKNOWN
    seen_at = stated.outcome_at or (max(due, last) if due and stated.outcome != State.KEPT else due) or last
    done_at = seen_at if stated.outcome in {State.KEPT, State.LATE} else None
    return evidence.Ending(stated.outcome, done_at=done_at, seen_at=seen_at)


def _past_promise(
    promise: FoundPromise,
    ending: evidence.Ending,
    stated: Stated | None,
    *,
    sort: Sort,
    case: Case,
    message: Message,
    hours: Hours,
) -> promises.Past:
    due = stated.due if stated and stated.due else promise.due.at if promise.due else None
    return promises.Past(
        customer_id=case.customer_id,
        what=promise.what,
        said_at=message.at,
        state=ending.state,
        due=due,
        window_start=promise.due.window_start if promise.due and due == promise.due.at else None,
        done_at=ending.done_at,
        settled_at=ending.seen_at,
        sort=sort,
        strength=promise.strength,
        speaker={"we": Speaker.COMPANY, "I": Speaker.PERSON}.get(promise.who, Speaker.THIRD),
        source=ref("message", message.pk),
        quote=promise.quote,
        about=ref("case", case.pk),
        condition=promise.condition,
        zone=hours.zone,
        owner_id=message.staff_id,
    )


def _only_told(stated: Stated, *, case: Case, messages: Sequence[Message], hours: Hours) -> promises.Past:
    """A promise the file names and the reading did not find."""
    said = [message for message in messages if message.direction == Message.Direction.OUTBOUND]
    message = next((one for one in said if one.at == stated.said_at), None)
    said_at = stated.said_at or (said[0].at if said else case.opened_at)
    ending = _ending_told(stated, due=None, last=case.last_message_at) if stated.outcome else evidence.UNKNOWN
    return promises.Past(
        customer_id=case.customer_id,
        what=stated.what,
        said_at=said_at,
        state=ending.state,
        due=stated.due,
        done_at=ending.done_at,
        settled_at=ending.seen_at,
        source=ref("message", message.pk) if message else "",
        quote=stated.what,
        about=ref("case", case.pk),
        zone=hours.zone,
        owner_id=message.staff_id if message else None,
    )
