"""A breach begins: from an incident, or at once with one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from troth.breaches.actions.deciding import NoReason
from troth.breaches.actions.rows import correction_digest, locked, put, tidy, who
from troth.breaches.models import Breach
from troth.breaches.queries import reasons_for_delay
from troth.breaches.rules import clock
from troth.breaches.rules.words import Party
from troth.incidents import actions as incidents
from troth.incidents.models import Incident, Sort
from troth.ledger.actions import append
from troth.people.models import Staff
from troth.promises.rules.words import fresh_salt
from troth.words import facts
from troth.words.refs import ref


class BreachAlready(ValueError):
    """The incident is a breach already."""

    def __init__(self, breach: Breach) -> None:
        super().__init__(_("This incident is in the register of breaches already."))
        self.breach = breach


class NoReasonForDelay(NoReason):
    """The report is late, and nobody said why."""


class NotYetSo(ValueError):
    """A moment that has not come, or comes before what it follows from."""


@transaction.atomic
def begin(
    incident: Incident,
    *,
    aware_at: datetime,
    by: Staff | None,
    now: datetime,
    party: str = Party.CONTROLLER,
    controller: str = "",
    countries: str = "",
    got_out: bool = False,
    was_changed: bool = False,
    was_lost: bool = False,
    owner: Staff | None = None,
) -> Breach:
    """Personal data are concerned: from *aware_at* 72 hours run, however late it is written down.

    Raises BreachAlready, NotYetSo.
    """
    if aware_at > now:
        raise NotYetSo(_("Nobody can be aware of it in the future."))
    Incident.objects.select_for_update(of=("self",)).get(pk=incident.pk)
    if there := Breach.objects.filter(incident=incident).first():
        raise BreachAlready(there)
    breach = Breach.objects.create(
        incident=incident,
        aware_at=aware_at,
        report_by=clock.report_by(aware_at),
        party=Party(party),
        controller=tidy(controller),
        countries=tidy(countries),
        got_out=got_out,
        was_changed=was_changed,
        was_lost=was_lost,
        owner=owner or by,
        begun_by=by,
        begun_at=now,
    )
    fact = facts.BreachAware(
        about=breach.ref,
        incident=ref("incident", incident.pk),
        report_by=breach.report_by,
        party=breach.party,
        by=who(by),
    )
    append(fact, now=now, happened_at=aware_at)
    return put(breach)


@transaction.atomic
def begin_with_incident(
    *,
    title: str,
    happened_at: datetime,
    aware_at: datetime,
    next_word_at: datetime,
    by: Staff | None,
    now: datetime,
    team_id: int | None = None,
    **values: Any,
) -> Breach:
    """The incident and its breach in one stroke. Raises what `incidents.begin` and `begin` raise."""
    if aware_at > now or happened_at > aware_at:
        raise NotYetSo(_("It happened before we knew of it, and we know of it now."))
    incident = incidents.begin(
        title=title, sort=Sort.DATA, severity="critical", happened_at=happened_at, aware_at=aware_at,
        next_word_at=next_word_at, team_id=team_id, owner=values.get("owner"), by=by, now=now,
    )  # fmt: skip
    return begin(incident, aware_at=aware_at, by=by, now=now, **values)


@transaction.atomic
def correct_aware(
    breach: Breach, *, aware_at: datetime, reason: str, by: Staff, now: datetime, delay: str = ""
) -> Breach:
    """We knew at another moment than was written down; both stand in the ledger.

    Where the report is late by it, and gives no reason yet, *delay* is that reason (GDPR 33(1)).
    Raises NotYetSo, NoReason, NoReasonForDelay.
    """
    row = locked(breach)
    if not tidy(reason):
        raise NoReason(_("Say how it is known that the moment was another: the authority will ask."))
    if aware_at > now or (row.reported_at and aware_at > row.reported_at):
        raise NotYetSo(_("Nobody can be aware of it in the future, or after it was reported."))
    if aware_at == row.aware_at:
        return row
    salt, report_by = fresh_salt(), clock.report_by(aware_at)
    is_late = row.reported_at is not None and row.reported_at > report_by
    delay = tidy(delay) if is_late else ""
    if is_late and not delay and not reasons_for_delay(row):
        raise NoReasonForDelay(_("By this the report came after the 72 hours: say why it was late (Art. 33(1))."))
    fixed = row.corrections.create(
        before=row.aware_at, after=aware_at, reason=tidy(reason), delay=delay, by=by, at=now, salt=salt
    )
    fact = facts.BreachAwareCorrected(
        about=row.ref, before=row.aware_at, after=aware_at, report_by=report_by, by=who(by),
        words_digest=correction_digest(fixed),
    )  # fmt: skip
    append(fact, now=now)
    return put(breach, aware_at=aware_at, report_by=report_by, said=0, missed_at=None)


@transaction.atomic
def note_controller(breach: Breach, *, told_at: datetime, by: Staff, now: datetime) -> bool:
    """We process the data for another, and they were told (GDPR 33(2)); False where that is known. Raises NotYetSo."""
    row = locked(breach)
    if row.party != Party.PROCESSOR or row.controller_told_at:
        return False
    if not row.aware_at <= told_at <= now:
        raise NotYetSo(_("They were told after we knew of it, and before now."))
    append(facts.ControllerTold(about=row.ref, by=who(by)), now=now, happened_at=told_at)
    put(breach, controller_told_at=told_at)
    return True
