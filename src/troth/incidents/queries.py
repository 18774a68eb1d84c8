"""Reading incidents: the door to one, lists, what the timeline says, and what concerns a case or a customer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import F, QuerySet
from django.http import Http404

from troth.incidents.models import Entry, Incident, State
from troth.notices.models import Cohort, Notice, Recipient, Sort, Standing, Told
from troth.notices.models import State as Stands
from troth.people.models import Staff
from troth.people.queries import within_sight
from troth.people.rules.roles import May
from troth.words.refs import number_of


def seen_by(staff: Staff) -> QuerySet[Incident]:
    """Every incident that *staff* may see."""
    return Incident.objects.filter(within_sight(staff))


def incident_for(staff: Staff, pk: int) -> Incident:
    """The incident, if *staff* may see it; raises Http404."""
    row = (
        seen_by(staff).select_related("owner", "team", "next_word", "recurrence_of", "opened_by").filter(pk=pk).first()
    )
    if row is None or not staff.may(May.READ):
        raise Http404
    return row


def incident_of(public_id: str | UUID) -> Incident | None:
    """By the name it has outside; the caller asks whether it may be shown."""
    try:
        return Incident.objects.filter(public_id=UUID(str(public_id))).first()
    except ValueError:
        return None


def named(reference: str) -> Incident | None:
    """ "incident:3"; None where there is none such."""
    return Incident.objects.filter(pk=number_of(reference, "incident")).first() if reference else None


@dataclass
class Line:
    """A line of the timeline as it reads now, with every wording before, oldest first."""

    now: Entry
    before: list[Entry] = field(default_factory=list)

    @property
    def said_at(self) -> datetime:
        """When it was first said."""
        return self.before[0].said_at if self.before else self.now.said_at

    @property
    def first(self) -> Entry:
        return self.before[0] if self.before else self.now


def timelines(incidents: Iterable[int], *, public: bool = False, notes: bool = True) -> dict[int, list[Line]]:
    """The lines of these incidents, each in the order in which they were first said; one statement.

    *public*: those that stand on the public page alone; *notes*: with what is for staff alone.
    """
    rows = Entry.objects.filter(incident__in=list(incidents)).select_related("by").order_by("said_at", "pk")
    if public:
        rows = rows.filter(in_public=True)
    if not notes:
        rows = rows.exclude(kind=Entry.Kind.NOTE)
    found: dict[int, list[Line]] = {}
    by_entry: dict[int, Line] = {}
    for entry in rows:
        if entry.changes_id and (line := by_entry.get(entry.changes_id)):
            line.before.append(line.now)
            line.now = entry
        else:
            line = Line(entry)
            found.setdefault(entry.incident_id, []).append(line)
        by_entry[entry.pk] = line
    return found


def newest_of(entry: Entry) -> Entry:
    """The same line as it reads now."""
    lines = timelines([entry.incident_id])[entry.incident_id]
    return next(line.now for line in lines if entry in (line.now, *line.before))


def timeline(incident: Incident, *, public: bool = False, notes: bool = True) -> list[Line]:
    return timelines([incident.pk], public=public, notes=notes).get(incident.pk, [])


def public_incidents() -> QuerySet[Incident]:
    """Those that stand on the public page, what is open first, then newest. Something was said of each in public."""
    return Incident.objects.filter(is_public=True, entries__in_public=True).distinct().order_by("-aware_at", "-pk")


def open_incidents() -> QuerySet[Incident]:
    """What is going on, the next word that is due first."""
    open_now = Incident.objects.filter(state=State.OPEN).select_related("next_word", "owner", "team")
    return open_now.order_by(F("next_word__due").asc(nulls_last=True), "pk")


def cohorts_told(incident: Incident) -> set[int]:
    """Which cohorts were sent a notice about it."""
    sent = Notice.objects.filter(about=incident.ref, sent_at__isnull=False)
    return set(sent.values_list("cohort_id", flat=True))


#: What is told of an incident while it goes on: who was sent one of these is told that it is over.
GOING_ON = frozenset({Sort.BEGAN, Sort.UPDATE, Sort.RECURRED})
#: The same as `end_unheard_by` asks, in SQL, of the incident `i`: somebody was told that it began, and not that it is over.
END_UNHEARD = """i.state <> 'open' AND EXISTS (SELECT FROM notices_notice told
    WHERE told.about = 'incident:' || i.id AND told.sent_at IS NOT NULL AND told.sort IN ('began', 'update', 'recurred')
    AND NOT EXISTS (SELECT FROM notices_notice ended WHERE ended.about = told.about AND ended.cohort_id = told.cohort_id
        AND ended.sort = 'ended' AND ended.sent_at IS NOT NULL AND ended.state <> 'stopped' AND ended.id > told.id))"""


def end_unheard_by(notices: Iterable[Notice]) -> list[int]:
    """Which cohorts were told that it began and not, after that, that it is over; of one incident's *notices*, oldest first.

    What was taken back was not told, and what was stopped did not reach everybody.
    """
    waiting: dict[int, bool] = {}
    for notice in notices:
        if notice.sent_at and notice.sort in GOING_ON:
            waiting[notice.cohort_id] = True
        elif notice.sent_at and notice.sort == Sort.ENDED and notice.state != Stands.STOPPED:
            waiting[notice.cohort_id] = False
    return [cohort for cohort, waits in waiting.items() if waits]


def last_told(incidents: Sequence[int]) -> dict[int, Entry]:
    """The last line of each that was told outside, as it reads now; one statement."""
    return {
        pk: told[-1].now
        for pk, lines in timelines(incidents, notes=False).items()
        if (told := [one for one in lines if one.now.is_told])
    }


def cohorts_of(references: Sequence[str]) -> dict[str, list[int]]:
    """The cohorts of each of these things, by their numbers; one statement."""
    found: dict[str, list[int]] = {}
    for about, pk in Cohort.objects.filter(about__in=references).order_by("pk").values_list("about", "pk"):
        found.setdefault(about, []).append(pk)
    return found


@dataclass(frozen=True)
class Concerns:
    """An incident of which a customer was told, and what they were told of it."""

    incident: Incident
    lines: list[Line]


def concerning(customer_ids: Sequence[int]) -> list[Concerns]:
    """What was told to this person, and how it stands: of each incident the lines that they were sent, and the public ones.

    Not what was paused or stopped before it reached them: its words may be wrong, and that is why.
    """
    notices = set(
        Recipient.objects.filter(member__customer__in=customer_ids, notice__about__startswith="incident:")
        .exclude(member__standing=Standing.EXCLUDED)
        .exclude(notice__state__in=[Stands.PAUSED, Stands.STOPPED], state__in=[Told.WAITING, Told.QUEUED])
        .values_list("notice_id", "notice__about")
    )
    if not notices:
        return []
    theirs = {pk for pk, _about in notices}
    numbers = {number_of(about, "incident") for _pk, about in notices}
    rows = Incident.objects.filter(pk__in=numbers).select_related("next_word").order_by("-aware_at", "-pk")
    lines = timelines(numbers, notes=False)
    return [
        Concerns(row, seen)
        for row in rows
        if (
            seen := [
                line for line in lines.get(row.pk, []) if line.now.in_public or theirs.intersection(line.now.notices)
            ]
        )
    ]
