"""Drafts asked for, written, cancelled, taken. Nothing here sends anything to a customer."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from troth.cases import actions as cases
from troth.cases.actions.writing import hold_to_write
from troth.cases.models import Case
from troth.drafting import endpoint, queries
from troth.drafting.endpoint import Endpoint, GivenUp, NoDraft
from troth.drafting.models import Draft, Understood
from troth.drafting.rules.clean import cleaned
from troth.drafting.rules.prompt import prompt
from troth.ledger.actions import append
from troth.people.models import Staff
from troth.words.facts import DraftAsked
from troth.words.refs import ref

TRIES_MAX = 3
#: What a call may take beyond its own time before it counts as abandoned.
GRACE = timedelta(seconds=30)
GOING_ON = Q(state__in=[Draft.State.ASKED, Draft.State.WRITING])


class SwitchedOff(RuntimeError):
    """The host named no model."""


@transaction.atomic
def ask(case: Case, *, staff: Staff, now: datetime) -> Draft:
    """Ask for a draft; one that is on its way already is this one. Raises SwitchedOff, NobodyLeft."""
    to = queries.endpoint()
    if to is None:
        raise SwitchedOff
    hold_to_write(case)
    if going := Draft.objects.filter(GOING_ON, case=case, staff=staff).first():
        return going
    Understood.objects.get_or_create(staff=staff, place=to.place, defaults={"at": now})
    draft = Draft.objects.create(case=case, staff=staff, model=to.model, asked_at=now, not_before=now)
    append(
        DraftAsked(
            about=ref("draft", draft.pk),
            customer=ref("customer", case.customer_id),
            case=ref("case", case.pk),
            model=to.model,
            by=staff.reference,
        ),
        now=now,
    )
    return draft


def cancel(case: Case, *, staff: Staff, now: datetime) -> bool:
    """Wait for it no more; what still comes is thrown away."""
    mine = Draft.objects.filter(GOING_ON, case=case, staff=staff)
    return bool(mine.update(state=Draft.State.CANCELLED, ended_at=now))


@transaction.atomic
def take(case: Case, *, staff: Staff, pk: int, now: datetime) -> bool:
    """The person put the draft into their answer: from here on the gate asks them about each promise of it."""
    mine = Draft.objects.filter(pk=pk, case=case, staff=staff, state__in=[Draft.State.DONE, Draft.State.TAKEN])
    draft = mine.first()
    if draft is None:
        return False
    cases.doubt(case, staff=staff, text=draft.text, now=now)
    mine.update(state=Draft.State.TAKEN)
    return True


def write_next(now: datetime) -> bool:
    """Have the draft that waits longest written; False if none waits."""
    to = queries.endpoint()
    draft = _claim(to, now=now) if to else None
    if to is None or draft is None:
        return False
    mine = Draft.objects.filter(pk=draft.pk, state=Draft.State.WRITING, tries=draft.tries)
    fence = f"-----{secrets.token_hex(8)}-----"
    said = queries.said_in(draft.case)
    try:
        text = endpoint.write(to, prompt(said, fence=fence), heard=lambda chars: bool(mine.update(chars=chars)))
        text = cleaned(text, ours=[word.text for word in said if word.is_ours], fence=fence)
        if not text:
            raise NoDraft("The model wrote nothing that could be shown.")
    except GivenUp:
        return True
    except NoDraft as why:
        if why.again and draft.tries < TRIES_MAX:
            mine.update(state=Draft.State.ASKED, chars=0, not_before=timezone.now() + timedelta(seconds=2**draft.tries))
        else:
            mine.update(state=Draft.State.FAILED, problem=str(why), ended_at=timezone.now())
        return True
    with transaction.atomic():
        Case.objects.select_for_update(of=("self",)).get(
            pk=draft.case_id
        )  # who is erased meanwhile leaves nothing behind
        if mine.filter(case__customer__erased_at=None).update(
            state=Draft.State.DONE, text=text, chars=len(text), ended_at=timezone.now()
        ):
            return True
        mine.delete()
    return True


@transaction.atomic
def _claim(to: Endpoint, *, now: datetime) -> Draft | None:
    """One that is due, now ours; one whose writer has gone is due again, but not for ever."""
    due = Draft.objects.select_for_update(skip_locked=True, of=("self",)).select_related("case__customer")
    Draft.objects.filter(state=Draft.State.WRITING, not_before__lte=now, tries__gte=TRIES_MAX).update(
        state=Draft.State.FAILED, problem="It was begun too often.", ended_at=now
    )
    draft = due.filter(GOING_ON, not_before__lte=now).order_by("not_before", "pk").first()
    if draft is None:
        return None
    draft.state, draft.tries = Draft.State.WRITING, draft.tries + 1
    draft.not_before = now + timedelta(seconds=to.seconds) + GRACE
    draft.save(update_fields=["state", "tries", "not_before"])
    return draft
