"""The watcher of clocks: warns, escalates, and says what ran out; each once.

What it says is shown on Today, where everybody looks; the customer who was told a time has a promise, and its watcher writes
the letters. A look is set-based: a statement to find, one to write, one for the facts.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from troth.clocks.actions import look_again_at, save
from troth.clocks.models import Clock
from troth.clocks.queries import as_rule
from troth.ledger.actions import append_past
from troth.ledger.away import AWAY
from troth.people.queries import leads
from troth.words import facts
from troth.words.refs import ref

log = logging.getLogger(__name__)

#: A clock that could not be looked at is looked at again after this long; the others do not wait for it.
PUT_OFF = timedelta(minutes=1)


def look_ahead(*, now: datetime, most: int = 2000) -> int:
    """Say of every clock what is to be said by *now*; how many were looked at. Safe to repeat and to run side by side.

    One transaction a batch; rows another worker holds are skipped. Repeat until 0. One that cannot be looked at stops no other.
    """
    due = Clock.objects.filter(look_again_at__lte=now).order_by("look_again_at", "pk")
    try:
        return _look_at(due[:most], now=now)
    except AWAY:
        raise
    except Exception:
        log.exception("A look at the clocks failed; each is looked at by itself.")
    return sum(_look_at_one(pk, now=now) for pk in list(due.values_list("pk", flat=True)[:most]))


def _look_at_one(pk: int, *, now: datetime) -> int:
    waiting = Clock.objects.filter(pk=pk, look_again_at__lte=now)
    try:
        return _look_at(waiting, now=now)
    except AWAY:
        raise
    except Exception:
        log.exception("Clock %s could not be looked at; it is tried again in a minute.", pk)
        return waiting.update(look_again_at=now + PUT_OFF)


@transaction.atomic
def _look_at(due: QuerySet[Clock], *, now: datetime) -> int:
    rows = list(due.select_for_update(skip_locked=True, of=("self",)).select_related("terms"))
    if not rows:
        return 0
    told = [fact for row in rows for fact in _look(row, now=now)]
    append_past(_with_leads(told), now=now)
    save(rows)
    return len(rows)


#: When it was so, what is said, and of which row.
Said = tuple[datetime, type[facts.Fact], Clock]


def _look(row: Clock, *, now: datetime) -> list[Said]:
    """What is to be said of *row*, which is changed by it."""
    clock, said = as_rule(row), list[Said]()
    is_over = row.due <= now
    warn_at = clock.terms.warn_at(due=clock.due, early=clock.early_at)
    if row.warned_at is None and warn_at <= now and not is_over:
        row.warned_at = now
        said.append((now, facts.StaffWarned, row))
    if row.escalated_at is None and (is_over or clock.terms.escalate_at(due=clock.due) <= now):
        row.escalated_at = now
        said.append((now, facts.StaffEscalated, row))
    if is_over and row.missed_at is None:
        row.missed_at = row.due
        said.append((row.due, facts.ClockMissed, row))
    row.look_again_at = look_again_at(as_rule(row), is_warned=bool(row.warned_at), is_escalated=bool(row.escalated_at))
    return said


def _with_leads(said: Sequence[Said]) -> list[tuple[datetime, facts.Fact]]:
    escalated = {row.team_id for _at, kind, row in said if kind is facts.StaffEscalated}
    of_team = {team_id: ",".join(lead.reference for lead in leads(team_id)) for team_id in escalated}
    return [(at, _fact(kind, row, leads=of_team.get(row.team_id, ""))) for at, kind, row in said]


def _fact(kind: type[facts.Fact], row: Clock, *, leads: str) -> facts.Fact:
    about, customer = ref("clock", row.pk), ref("customer", row.customer_id)
    if kind is facts.StaffEscalated:
        return facts.StaffEscalated(about=about, customer=customer, due=row.due, warned=leads)
    if kind is facts.StaffWarned:
        return facts.StaffWarned(about=about, customer=customer, due=row.due, warned="")
    return facts.ClockMissed(about=about, customer=customer, due=row.due)
