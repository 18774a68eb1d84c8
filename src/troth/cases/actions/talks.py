"""Notes, and talks that staff write down."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from troth.cases.actions.arrivals import one_line
from troth.cases.actions.mentions import call_named, seen
from troth.cases.actions.snoozing import customer_spoke
from troth.cases.actions.state import answered, set_kind
from troth.cases.actions.writing import NothingWritten, drafts, hold_to_write, refuse_other_words
from troth.cases.models import Case, Message
from troth.ledger.actions import append
from troth.people import actions as people
from troth.people.models import Handle, Staff
from troth.promises import actions as promises
from troth.words import facts
from troth.words.refs import ref


@transaction.atomic
def write_note(
    case: Case,
    *,
    staff: Staff,
    text: str,
    keeps_draft: bool = False,
    over: Collection[str] | None = None,
    now: datetime,
) -> Message:
    """An internal note; never shown to the customer. *keeps_draft*: what they are writing here themselves is another.

    Whom it names by @ is called. *over* is as in `save_draft`. Raises NothingWritten, WrittenElsewhere, NobodyLeft.
    """
    message = _note(case, staff=staff, text=text, channel="notes", at=now, now=now)
    # What a program writes for somebody leaves what they are writing themselves.
    if staff.through_key is None and not keeps_draft:
        mine = drafts(case, staff=staff, is_note=True)
        refuse_other_words(mine, text=text, over=over)
        mine.delete()
    seen(case, staff=staff, now=now)
    call_named(message, by=staff, now=now)
    return message


@transaction.atomic
def note_talk(
    *,
    handle: Handle,
    case: Case | None,
    staff: Staff,
    channel: str,
    subject: str,
    text: str,
    at: datetime,
    now: datetime,
) -> Message:
    """What was said on the phone or face to face, written down by staff; the customer was answered by being talked to."""
    if not text.strip():
        raise NothingWritten("Write down what was said.")
    opened = case is None
    if case is None:
        case = Case.objects.create(
            customer=handle.customer, subject=one_line(subject), channel=channel, opened_at=at, last_message_at=at
        )
    message = _note(case, staff=staff, text=text, channel=channel, at=at, now=now, handle=handle)
    if opened:
        append(
            facts.CaseOpened(
                about=ref("case", case.pk),
                customer=ref("customer", handle.customer_id),
                channel=channel,
                message=ref("message", message.pk),
            ),
            now=now,
            happened_at=at,
        )
    # Whom we waited for has spoken: it is our turn again.
    then = Case.Status.OPEN if case.status == Case.Status.WAITING else None
    answered(case, staff=staff, at=at, then=then, opened=opened, now=now)
    customer_spoke(case, asks=False, now=now)
    return message


@dataclass(frozen=True)
class Talked:
    """With whom somebody talked: a name, and an address or number where there is one."""

    name: str
    kind: str
    address: str


@transaction.atomic
def open_by_talk(
    talked: Talked,
    *,
    staff: Staff,
    channel: str,
    subject: str,
    text: str,
    kind: str,
    promised: str = "",
    due: datetime | None = None,
    at: datetime,
    now: datetime,
) -> Message:
    """A talk opens a case, and what was promised in it is on record; raises NotAnAddress, NothingWritten, DateAlreadyPassed."""
    handle = people.find_or_make_customer(
        address=talked.address, name=talked.name, kind=talked.kind, channel=channel, now=now
    )
    message = note_talk(
        handle=handle, case=None, staff=staff, channel=channel, subject=subject, text=text, at=at, now=now
    )
    set_kind(message.case, kind=kind, by=staff, now=now)
    if promised:
        promises.record(
            customer=handle.customer,
            what=promised,
            quote=promised,
            due=due,
            said_at=at,
            now=now,
            owner=staff,
            source=ref("message", message.pk),
            about=ref("case", message.case_id),
        )
    return message


def _note(
    case: Case, *, staff: Staff, text: str, channel: str, at: datetime, now: datetime, handle: Handle | None = None
) -> Message:
    if not text.strip():
        raise NothingWritten("Write something first.")
    hold_to_write(case)
    message = Message.objects.create(
        case=case,
        direction=Message.Direction.NOTE,
        channel=channel,
        at=at,
        staff=staff,
        handle=handle,
        text=text.strip(),
    )
    append(
        facts.NoteWritten(
            about=ref("case", case.pk),
            customer=ref("customer", case.customer_id),
            message=ref("message", message.pk),
            by=staff.reference,
        ),
        now=now,
    )
    return message
