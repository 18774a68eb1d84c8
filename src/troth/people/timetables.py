"""Opening hours written, changed and given to those who keep them. Clocks that run keep the hours they were started under."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import IntegrityError, transaction

from troth.people.actions import note_security
from troth.people.models import Calendar, Company, Staff, Team
from troth.people.queries import forget_firm
from troth.people.rules.addresses import shown_name
from troth.people.rules.security import SecurityKind
from troth.words.hours import Hours
from troth.words.refs import ref


class NoCalendarName(ValueError):
    """Opening hours need a name."""


class CalendarThereAlready(ValueError):
    """Other opening hours have this name."""


class StillKept(ValueError):
    """Somebody keeps these hours."""


@transaction.atomic
def save_calendar(
    calendar: Calendar | None,
    *,
    name: str,
    hours: Hours,
    of_company: bool,
    teams: Collection[int],
    by: Staff,
    origin: str = "",
    now: datetime,
) -> Calendar:
    """Opening hours as they are from now on, kept by these *teams* and, if *of_company*, by everybody else.

    A team that is taken from them keeps the company's. Raises NoCalendarName, CalendarThereAlready.
    """
    named = shown_name(name)
    if not named:
        raise NoCalendarName("Opening hours need a name.")
    try:
        with transaction.atomic():
            if calendar is None:
                saved = Calendar.objects.create(name=named, plain=hours.to_plain())
            else:
                saved = Calendar.objects.select_for_update().get(pk=calendar.pk)
                saved.name, saved.plain = named, hours.to_plain()
                saved.save()
    except IntegrityError as error:
        raise CalendarThereAlready(f"There are opening hours named {named} already.") from error
    Team.objects.filter(calendar=saved).exclude(pk__in=teams).update(calendar=None)
    Team.objects.filter(pk__in=teams).update(calendar=saved)
    if of_company:
        Company.objects.update(calendar=saved)
    _note(saved, how="hours made" if calendar is None else "hours changed", by=by, origin=origin, now=now)
    forget_firm()
    return saved


@transaction.atomic
def remove_calendar(calendar: Calendar, *, by: Staff, origin: str = "", now: datetime) -> None:
    """Nobody keeps them, and nobody can any more; raises StillKept."""
    if (
        Company.objects.select_for_update().filter(calendar=calendar).exists()
        or Team.objects.filter(calendar=calendar).exists()
    ):
        raise StillKept("Somebody keeps these hours; give them others first.")
    _note(calendar, how="hours removed", by=by, origin=origin, now=now)
    calendar.delete()


def _note(calendar: Calendar, *, how: str, by: Staff, origin: str, now: datetime) -> None:
    about = ref("calendar", calendar.pk)
    note_security(kind=SecurityKind.SETTINGS_CHANGED, staff=by, about=about, how=how, origin=origin, now=now)
