"""Hooks of other desks: made, switched, called; each call kept whole before it is read, and read once."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F

from troth.channels.imports.actions import tickets as taking
from troth.channels.imports.actions.tickets import From
from troth.channels.imports.gather import Staging
from troth.channels.imports.models import Call, Hook
from troth.channels.imports.rules.calls import objects_in
from troth.channels.imports.rules.ticket import NotATicket
from troth.ledger.actions import append
from troth.ledger.away import AWAY
from troth.people import seal
from troth.people.models import Staff
from troth.people.queries import hours_of
from troth.words.facts import DeskHookMade, DeskHookSwitched
from troth.words.refs import ref

log = logging.getLogger(__name__)

TRIES, LEASE = 5, timedelta(minutes=1)
KEPT = timedelta(days=30)


class NothingToKeepIn(ValueError):
    """A hook needs a name, and the secret the other desk signs with."""


@transaction.atomic
def make_hook(*, source: str, name: str, secret: str, by: Staff | None, now: datetime) -> Hook:
    """An address the other desk may call from now on; raises NothingToKeepIn."""
    name, secret = " ".join(name.split())[:80], secret.strip()
    if not name or len(secret) < 8:
        raise NothingToKeepIn("Give it a name, and the secret: at least eight characters.")
    hook = Hook.objects.create(source=source, name=name, made_by=by, made_at=now)
    seal.keep(hook, "secret", secret)
    append(DeskHookMade(about=ref("desk_hook", hook.pk), source=source, by=by.reference if by else ""), now=now)
    return hook


@transaction.atomic
def switch(hook: Hook, *, on: bool, by: Staff | None, now: datetime) -> bool:
    """Listen to it or not; False if it was so already. While it is off, calls are refused, and the other desk tries again."""
    if Hook.objects.filter(pk=hook.pk, is_on=not on).update(is_on=on) != 1:
        return False
    append(DeskHookSwitched(about=ref("desk_hook", hook.pk), is_on=on, by=by.reference if by else ""), now=now)
    return True


@transaction.atomic
def capture(hook: Hook, *, key: str, body: bytes, now: datetime) -> bool:
    """Keep a genuine call whole, once; False where it is here already."""
    Hook.objects.filter(pk=hook.pk).update(heard_at=now, heard=F("heard") + 1)
    _call, new = Call.objects.get_or_create(hook=hook, key=key, defaults={"body": body, "at": now, "next_try_at": now})
    return new


def refuse(hook: Hook, *, now: datetime) -> None:
    """Count one that was not genuine."""
    Hook.objects.filter(pk=hook.pk).update(refused_at=now, refused=F("refused") + 1)


@transaction.atomic
def claim(*, now: datetime) -> Call | None:
    """The next call to read; a try is counted before it begins, for it may end the worker."""
    due = Call.objects.filter(state=Call.State.WAITING, next_try_at__lte=now).order_by("next_try_at", "id")
    call = due.select_for_update(skip_locked=True, of=("self",)).select_related("hook").first()
    if call:
        Call.objects.filter(pk=call.pk).update(attempts=F("attempts") + 1, next_try_at=now + LEASE)
        call.attempts += 1
    return call


def read(call: Call, *, now: datetime) -> None:
    """Bring what it tells into its case. Read again after whatever ended the first try, it comes to the same."""
    if call.attempts > TRIES:
        _settle(call, Call.State.UNREADABLE, problem=call.problem or "Reading it ended the worker five times.")
        return
    try:
        _read(call, now=now)
    except NotATicket as reason:
        _settle(call, Call.State.UNREADABLE, problem=str(reason))
    except AWAY:
        Call.objects.filter(pk=call.pk).update(attempts=F("attempts") - 1, next_try_at=now)
        raise
    except Exception as error:
        log.exception("Call %s of hook %s could not be read.", call.pk, call.hook_id)
        Call.objects.filter(pk=call.pk).update(problem=f"{type(error).__name__}"[:500])


def _read(call: Call, *, now: datetime) -> None:
    source = call.hook.source
    found = objects_in(source, bytes(call.body), at=call.at)
    staging = Staging(None, source=source, zone=hours_of().zone)
    try:
        for plain in found:
            staging.add(plain)
        staging.ready()
        tickets = []
        for one in staging.tickets():
            if one.ticket is None:
                raise NotATicket(one.reason)
            tickets.append(one.ticket)
        if not tickets and any(True for _ in staging.orphans()):
            raise NotATicket("it does not say of which ticket it is")
    finally:
        staging.close()
    try:
        with transaction.atomic():
            came = taking.take_tickets(tickets, of=From(source, hook=call.hook), now=now)
            _settle(call, Call.State.TAKEN if came.cases else Call.State.NOTHING)
    except IntegrityError:  # somebody else met the same customer in the same moment
        with transaction.atomic():
            came = taking.take_tickets(tickets, of=From(source, hook=call.hook), now=now)
            _settle(call, Call.State.TAKEN if came.cases else Call.State.NOTHING)


def _settle(call: Call, state: str, *, problem: str = "") -> None:
    """What was read stands in its case, so that its words need not stand here."""
    values = {} if state == Call.State.UNREADABLE else {"body": b""}
    Call.objects.filter(pk=call.pk).update(state=state, problem=problem[:500], **values)


def let_go(*, now: datetime) -> int:
    return Call.objects.filter(at__lt=now - KEPT).exclude(state=Call.State.WAITING).delete()[0]
