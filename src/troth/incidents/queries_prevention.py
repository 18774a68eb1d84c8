"""Reading what keeps an incident from happening again: causes, measures, watches, and what may be a second time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404

from troth.cases.models import Case
from troth.incidents.models import Audience, Entry, Incident, Measure, Recurrence, RootCause, Watch
from troth.notices.models import Cohort, Member, Standing, Text
from troth.people.models import Staff
from troth.people.queries import within_sight
from troth.people.rules.roles import May
from troth.promises.models import Promise
from troth.words.refs import NotAReference, number_of


def recurrence_for(staff: Staff, pk: int) -> Recurrence:
    """What may be a second time, if *staff* may see the incident; raises Http404."""
    rows = Recurrence.objects.select_related("watch__incident", "watch__promise", "decided_by")
    row = rows.filter(within_sight(staff, team="watch__incident__team"), pk=pk).first()
    if row is None or not staff.may(May.READ):
        raise Http404
    return row


def causes_of(incident: Incident) -> list[RootCause]:
    """Every version, the newest first."""
    return list(RootCause.objects.filter(incident=incident).select_related("by").order_by("-pk"))


def measures_of(incident: Incident) -> list[Measure]:
    rows = Measure.objects.filter(incident=incident).select_related("promise__owner", "promise__customer")
    return list(rows.order_by("promise__due", "pk"))


def watches_of(incident: Incident) -> list[Watch]:
    """Every watch, the newest first."""
    return list(Watch.objects.filter(incident=incident).select_related("promise").order_by("-pk"))


@dataclass(frozen=True)
class Seen:
    """What may be a second time, with its case where the reader may see that."""

    recurrence: Recurrence
    case: Case | None


def recurrences_of(incident: Incident, staff: Staff) -> list[Seen]:
    """What was found, what is to be decided first, the surest first; two statements."""
    rows = list(
        Recurrence.objects.filter(watch__incident=incident)
        .select_related("decided_by", "watch")
        .order_by("-is_strong", "-found_at", "-pk")
    )
    numbers = [number_of(row.case, "case") for row in rows]
    seen = Case.objects.filter(within_sight(staff), pk__in=numbers).select_related("customer").in_bulk()
    return [Seen(row, seen.get(number)) for row, number in zip(rows, numbers, strict=True)]


def watched_incidents(staff: Staff) -> QuerySet[Watch]:
    """What is watched now, as far as *staff* may see it: of which of these a case may be a second time."""
    rows = Watch.objects.filter(within_sight(staff, team="incident__team"), state=Watch.State.WATCHING)
    return rows.select_related("incident").order_by("-begun_at", "-pk")


def is_told_again(found: Recurrence) -> bool:
    """Those who were hurt before were told since it was confirmed."""
    return Entry.objects.filter(
        incident=found.watch.incident_id, kind=Entry.Kind.RECURRED, said_at__gte=found.decided_at
    ).exists()


def was_held_told(watch: Watch) -> bool:
    """It was said that it has not come back, since the watch ended."""
    lines = Entry.objects.filter(incident=watch.incident_id, kind=Entry.Kind.HELD)
    return watch.ended_at is not None and lines.filter(said_at__gte=watch.ended_at).exists()


def held_untold() -> QuerySet[Watch]:
    """Watches that held, and nobody has been told so."""
    lines = Entry.objects.filter(incident=OuterRef("incident"), kind=Entry.Kind.HELD, said_at__gte=OuterRef("ended_at"))
    rows = Watch.objects.filter(~Exists(lines), state=Watch.State.HELD)
    return rows.select_related("incident__team").order_by("ended_at", "pk")


def languages_told(cohort: Cohort) -> list[str]:
    """The languages in which a cohort was written to, in the order of the last notice."""
    texts = Text.objects.filter(notice__cohort=cohort, notice__sent_at__isnull=False)
    return list(dict.fromkeys(texts.order_by("-notice__sent_at", "pk").values_list("language", flat=True)))


@dataclass(frozen=True)
class Word:
    """A promise made to many: what is done, or that it does not happen again."""

    promise: Promise
    incident: Incident
    is_watch: bool


def words_for_customer(customer_ids: Sequence[int]) -> list[Word]:
    """What was promised to those who were told of the incidents that this person was told of; two statements.

    To nobody else: who was not hurt by something learns nothing of it here.
    """
    told = Member.objects.filter(
        customer__in=list(customer_ids), cohort__frozen_at__isnull=False, cohort__about__startswith="incident:"
    ).exclude(standing=Standing.EXCLUDED)
    return _words(told.values_list("cohort__about", flat=True), (Audience.HURT, Audience.PUBLIC))


def public_words(incidents: Sequence[int]) -> list[Word]:
    """What was promised to the public with these incidents; two statements."""
    return _words([f"incident:{number}" for number in incidents], (Audience.PUBLIC,))


def _words(about: Sequence[str] | QuerySet[Member, str], audiences: Sequence[str]) -> list[Word]:
    numbers = []
    for reference in set(about):
        try:
            numbers.append(number_of(reference, "incident"))
        except NotAReference:
            continue
    if not numbers:
        return []
    given = {"incident__in": numbers, "audience__in": list(audiences)}
    measures = Measure.objects.filter(**given).select_related("promise", "incident")
    watches = Watch.objects.filter(**given).select_related("promise", "incident")
    found = [Word(row.promise, row.incident, is_watch=False) for row in measures]
    found += [Word(row.promise, row.incident, is_watch=True) for row in watches]
    return sorted((one for one in found if one.promise.state != "void"), key=_newest_first)


def _newest_first(word: Word) -> tuple[float, int]:
    made: datetime = word.promise.made_at
    return -made.timestamp(), -word.promise.pk
