"""Incidents for other programs: listed, read, begun, told of, ended."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query
from pydantic import Field

from troth.cases.models import Case
from troth.incidents import actions, queries
from troth.incidents.models import Entry, Incident, Severity, Sort, State
from troth.notices.actions.cohorts import NobodyIsAffected
from troth.notices.actions.telling import NothingToSay, NotNow
from troth.people.models import Staff
from troth.people.operations import (
    Asked,
    Id,
    Instant,
    Number,
    Operations,
    Page,
    Told,
    maybe_text,
    not_sound,
    page_of_rows,
    staff_of,
    text,
)
from troth.people.problems import Problem
from troth.people.queries import within_sight
from troth.people.rules.keys import Scope
from troth.people.rules.problems import Kind
from troth.promises.actions import DateAlreadyPassed
from troth.words.causes import Cause

router = Operations(tags=["incidents"])
CASES_MOST = 500

IncidentSort = Literal["outage", "late", "quality", "fees", "safety", "capacity", "data", "other"]
IncidentSeverity = Literal["minor", "major", "critical"]
IncidentState = Literal["open", "watching", "ended"]


class IncidentsAsked(Page):
    state: IncidentState | None = None


class LineTold(Told):
    """A line as it reads now; `before` are the wordings it had, oldest first."""

    id: int
    kind: str
    words: str
    happened_at: Instant
    said_at: Annotated[Instant, Field(description="When it was first said.")]
    changed_at: Annotated[Instant | None, Field(description="When it was last put otherwise.")]
    in_public: bool
    notices: Annotated[list[int], Field(description="In which those affected were told.")]
    before: list[str]


class IncidentTold(Told):
    id: int
    title: str
    sort: IncidentSort
    severity: IncidentSeverity
    state: IncidentState
    cause: str
    product: str
    place: str
    components: list[str]
    is_public: bool
    happened_at: Instant
    aware_at: Instant
    first_signal_at: Annotated[Instant | None, Field(description="When the first complaint about it came.")]
    said_at: Annotated[Instant | None, Field(description="When we first said so to anybody outside.")]
    next_word_at: Annotated[Instant | None, Field(description="By when the next word is promised, while it goes on.")]
    ended_at: Instant | None
    end_said_at: Instant | None
    owner: int | None
    cohorts: Annotated[list[int], Field(description="Who is affected: what can be told.")]


class IncidentWhole(IncidentTold):
    lines: list[LineTold]


class Incidents(Told):
    items: list[IncidentTold]
    next: Annotated[str | None, Field(description="The `cursor` of the next page; null at the end.")]


class IncidentAsked(Asked):
    title: Annotated[str, text(200)]
    sort: IncidentSort
    severity: IncidentSeverity = "major"
    cause: Cause | None = None
    product: Annotated[str, maybe_text(300)] = ""
    place: Annotated[str, maybe_text(300)] = ""
    components: Annotated[list[Annotated[str, text(200)]], Field(max_length=50)] = []
    is_public: bool = False
    happened_at: Instant
    next_word_at: Annotated[Instant, Field(description="A promise: broken where nothing is said by then.")]
    cases: Annotated[list[Number], Field(max_length=CASES_MOST, description="Cases that are about it.")] = []


class SaidAsked(Asked):
    words: Annotated[str, text(20_000)]
    subject: Annotated[str, maybe_text(200)] = ""
    language: Annotated[str, Field(pattern=r"^[a-z]{2}$", description="Of the words.")] = "en"
    happened_at: Annotated[Instant, Field(description="When it was so; when it is said is noted by itself.")]
    in_public: bool = False
    cohorts: Annotated[list[Number], Field(max_length=50, description="Those of the incident who are told.")] = []
    untold: Annotated[str, maybe_text(2000)] = ""


class WordAsked(SaidAsked):
    kind: Literal["began", "update", "note"] = "update"
    next_word_at: Instant | None = None


@router.reads(
    "/incidents", scope=Scope.INCIDENTS_READ, gives=Incidents, name="list_incidents", summary="List incidents"
)
def list_incidents(request: HttpRequest, asked: Query[IncidentsAsked]) -> Incidents:
    rows = queries.seen_by(staff_of(request)).select_related("next_word")
    if asked.state:
        rows = rows.filter(state=asked.state)
    found, on = page_of_rows(rows, by="aware_at", page=asked, newest_first=True)
    cohorts = queries.cohorts_of([row.ref for row in found])
    return Incidents(items=[_told(row, cohorts.get(row.ref, [])) for row in found], next=on)


@router.reads(
    "/incidents/{number}",
    scope=Scope.INCIDENTS_READ,
    gives=IncidentWhole,
    name="read_incident",
    summary="Read an incident and its timeline",
)
def read_incident(request: HttpRequest, number: Id) -> IncidentWhole:
    return _whole(queries.incident_for(staff_of(request), number))


@router.does(
    "/incidents",
    scope=Scope.INCIDENTS_WRITE,
    gives=IncidentWhole,
    status=201,
    name="begin_incident",
    summary="Begin an incident",
)
def begin_incident(request: HttpRequest, asked: IncidentAsked) -> IncidentWhole:
    """Nobody outside hears of it by this; its next word is promised with it."""
    staff = staff_of(request)
    try:
        incident = actions.begin(
            title=asked.title,
            sort=Sort(asked.sort),
            severity=Severity(asked.severity),
            cause=asked.cause or "",
            product=asked.product,
            place=asked.place,
            components=asked.components,
            is_public=asked.is_public,
            happened_at=asked.happened_at,
            next_word_at=asked.next_word_at,
            linked=list(Case.objects.filter(within_sight(staff), pk__in=asked.cases).order_by("pk")),
            by=staff,
            now=timezone.now(),
        )
    except actions.NotYetSo as error:
        raise not_sound("body", "happened_at", str(error)) from error
    except DateAlreadyPassed as error:
        raise not_sound("body", "next_word_at", str(error)) from error
    return _whole(incident)


@router.does(
    "/incidents/{number}/say",
    scope=Scope.INCIDENTS_WRITE,
    gives=IncidentWhole,
    name="say_of_incident",
    summary="Say how it stands",
)
def say_of_incident(request: HttpRequest, number: Id, asked: WordAsked) -> IncidentWhole:
    """In public, to those affected, or both, in one act; it keeps the promise of the next word and makes the next one."""
    return _say(staff_of(request), number, asked, kind=asked.kind, next_word_at=asked.next_word_at)


@router.does(
    "/incidents/{number}/end",
    scope=Scope.INCIDENTS_WRITE,
    gives=IncidentWhole,
    name="end_incident",
    summary="Say that it is over",
)
def end_incident(request: HttpRequest, number: Id, asked: SaidAsked) -> IncidentWhole:
    """To everybody who was told that it began."""
    return _say(staff_of(request), number, asked, kind=Entry.Kind.ENDED, next_word_at=None)


def _say(staff: Staff, number: int, asked: SaidAsked, *, kind: str, next_word_at: Instant | None) -> IncidentWhole:
    incident, now = queries.incident_for(staff, number), timezone.now()
    leaves = "cohorts" if asked.cohorts else "in_public" if asked.in_public else ""
    if staff.team and staff.team.notices_want_second and leaves and kind != Entry.Kind.NOTE:
        raise not_sound("body", leaves, "A colleague has to read it before it leaves: propose it in the editor.")
    try:
        if kind == Entry.Kind.NOTE:
            actions.say(incident, kind=kind, words=asked.words, happened_at=asked.happened_at, by=staff, now=now)
        else:
            actions.tell(
                incident,
                kind=kind,
                texts={asked.language: (asked.subject or incident.title, asked.words)},
                cohorts=asked.cohorts,
                happened_at=asked.happened_at,
                next_word_at=next_word_at,
                in_public=asked.in_public,
                untold=asked.untold,
                written_by=staff,
                now=now,
            )
    except actions.NotOpen as error:
        raise Problem(Kind.SETTLED, str(error)) from error
    except actions.NotYetSo as error:
        raise not_sound("body", "happened_at", str(error)) from error
    except (actions.NoNextWord, DateAlreadyPassed) as error:
        raise not_sound("body", "next_word_at", str(error)) from error
    except (actions.ToldToNobody, actions.EndNotTold, NotNow, NobodyIsAffected) as error:
        raise not_sound("body", "cohorts", str(error)) from error
    except (actions.EmptyWords, NothingToSay) as error:
        raise not_sound("body", "words", str(error)) from error
    return _whole(queries.incident_for(staff, number))


def _told(row: Incident, cohorts: list[int]) -> IncidentTold:
    return IncidentTold(**_values(row, cohorts))


def _values(row: Incident, cohorts: list[int]) -> dict[str, Any]:
    same = {name: getattr(row, name) for name in IncidentTold.model_fields if hasattr(row, name)}
    next_word_at = row.next_word.due if row.next_word and row.state == State.OPEN else None
    return {**same, "next_word_at": next_word_at, "owner": row.owner_id, "cohorts": cohorts}


def _whole(row: Incident) -> IncidentWhole:
    lines = [
        LineTold(
            id=line.now.pk,
            kind=line.now.kind,
            words=line.now.words,
            happened_at=line.now.happened_at,
            said_at=line.said_at,
            changed_at=line.now.said_at if line.before else None,
            in_public=line.now.in_public,
            notices=line.now.notices,
            before=[old.words for old in line.before],
        )
        for line in queries.timeline(row)
    ]
    cohorts = queries.cohorts_of([row.ref]).get(row.ref, [])
    return IncidentWhole(lines=lines, **_values(row, cohorts))
