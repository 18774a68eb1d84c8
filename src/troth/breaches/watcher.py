"""The watcher of the 72 hours, and of what was left to a later phase: warns, escalates, says what was missed; each once.

A warning is shown on Today and written to its owner by mail, for 72 hours run over weekends; late ones go to the leads as well.
A warning is claimed before it is written: a worker that dies in between has written nothing, and the next one says it.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from troth.breaches.actions.rows import locked, put
from troth.breaches.actions.telling import settle_letters
from troth.breaches.models import Breach
from troth.breaches.queries import watch_of
from troth.breaches.rules import clock
from troth.breaches.rules.clock import Follow, Moment
from troth.ledger.actions import append
from troth.ledger.away import AWAY
from troth.people.models import Staff
from troth.people.queries import leads
from troth.people.shell import page_of
from troth.post.actions import hand_over
from troth.promises.letters import spoken
from troth.words import facts

log = logging.getLogger(__name__)

#: A breach that could not be looked at is looked at again after this long; the others do not wait for it.
PUT_OFF = timedelta(minutes=1)


def look_ahead(*, now: datetime, most: int = 100) -> int:
    """Say of every breach what is to be said by *now*; how many were looked at. Safe to repeat and to run side by side."""
    due = Breach.objects.filter(look_again_at__lte=now).order_by("look_again_at", "pk")
    return settle_letters(now=now) + sum(_look_at(pk, now=now) for pk in list(due.values_list("pk", flat=True)[:most]))


def _look_at(pk: int, *, now: datetime) -> int:
    try:
        return _look(pk, now=now)
    except AWAY:
        raise
    except Exception:
        log.exception("Breach %s could not be looked at; it is tried again in a minute.", pk)
        return Breach.objects.filter(pk=pk, look_again_at__lte=now).update(look_again_at=now + PUT_OFF)


@transaction.atomic
def _look(pk: int, *, now: datetime) -> int:
    waiting = Breach.objects.select_for_update(skip_locked=True).filter(pk=pk, look_again_at__lte=now).first()
    if waiting is None:
        return 0
    row = locked(waiting)
    moment, follow = clock.due_now(watch_of(row), now=now)
    if moment:
        _say_clock(row, moment, now=now)
    if follow:
        _say_follow(row, follow, now=now)
    put(
        row,
        said=moment or row.said,
        follow_said=follow or row.follow_said,
        missed_at=row.report_by if moment is Moment.MISSED else row.missed_at,
    )
    return 1


def _say_clock(row: Breach, moment: Moment, *, now: datetime) -> None:
    told = _told(row, with_leads=moment >= Moment.URGENT)
    names = ",".join(one.reference for one in told)
    _append(
        row, due=row.report_by, what="report", is_missed=moment is Moment.MISSED, number=moment, warned=names, now=now
    )
    subject = (
        _("The 72 hours are over: breach %(number)s was not reported")
        if moment is Moment.MISSED
        else _("Breach %(number)s: the authority must hear of it within %(hours)s hours")
    )
    hours = max(int((row.report_by - now) / timedelta(hours=1)), 0)
    for one in told:
        body = (
            _(
                "The authority was to be told by %(by)s and was not. Report it now, and say why it is late (GDPR 33(1)):\n\n"
                "%(link)s"
            )
            if moment is Moment.MISSED
            else _(
                "The authority must be told by %(by)s. What is not known yet can follow in a later phase; the report need not "
                "wait for it:\n\n%(link)s"
            )
        )
        values = {"number": row.pk, "hours": hours, "by": spoken(row.report_by, one.zone), "link": _link(row)}
        _write(
            row,
            one,
            key=f"clock-{row.report_by:%Y%m%d%H%M%S}-{moment}",
            subject=subject % values,
            body=body % values,
            now=now,
        )


def _say_follow(row: Breach, follow: Follow, *, now: datetime) -> None:
    assert row.follows_by is not None
    told = _told(row, with_leads=follow is Follow.MISSED)
    names = ",".join(one.reference for one in told)
    _append(
        row, due=row.follows_by, what="follow", is_missed=follow is Follow.MISSED, number=follow, warned=names, now=now
    )
    for one in told:
        values = {"number": row.pk, "by": spoken(row.follows_by, one.zone), "link": _link(row)}
        subject = _("Breach %(number)s: more was announced to the authority by %(by)s") % values
        body = _(
            "Our report said that more follows by %(by)s. Send the next phase, also where the answer is that nothing more is "
            "known:\n\n%(link)s"
        )
        _write(
            row, one, key=f"follow-{row.follows_by:%Y%m%d%H%M%S}-{follow}", subject=subject, body=body % values, now=now
        )


def _append(row: Breach, *, due: datetime, what: str, is_missed: bool, number: int, warned: str, now: datetime) -> None:
    if is_missed:
        missed = facts.BreachDeadlineMissed(about=row.ref, due=due, what=what, warned=warned)
        append(missed, now=now, happened_at=due)
    else:
        append(facts.BreachDeadlineNear(about=row.ref, due=due, what=what, number=int(number), warned=warned), now=now)


def _told(row: Breach, *, with_leads: bool) -> list[Staff]:
    """Its owner, and the leads where it is late or nobody owns it."""
    owner = [row.owner] if row.owner and row.owner.is_active else []
    more = leads(row.incident.team_id) if with_leads or not owner else []
    return owner + [one for one in more if one not in owner]


def _link(row: Breach) -> str:
    return f"{settings.TROTH_URL}{page_of(row.ref)}"


def _write(row: Breach, to: Staff, *, key: str, subject: str, body: str, now: datetime) -> None:
    hand_over(
        key=f"breach-{row.pk}-{key}-{to.pk}", to_address=to.email, to_name=to.name, subject=subject, text=body,
        because=row.ref, customer_id=None, automatic=True, now=now,
    )  # fmt: skip
