"""Breaches of personal data for other programs: put one into the register, and read it."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any, Literal

from django.http import Http404, HttpRequest
from django.utils import timezone
from ninja import Query
from pydantic import Field

from troth.breaches import actions, papers, queries
from troth.breaches.models import Breach
from troth.people.operations import (
    Asked,
    Id,
    Instant,
    Operations,
    Page,
    Told,
    maybe_text,
    page_of_rows,
    staff_of,
    text,
)
from troth.people.problems import Problem
from troth.people.rules.keys import Scope
from troth.people.rules.problems import Kind

router = Operations(tags=["breaches"])
#: Until when the next word of its incident comes, where the program does not say.
NEXT_WORD = timedelta(hours=24)


class BreachTold(Told):
    id: int
    incident: Annotated[str, Field(description='"incident:3".')]
    title: str
    happened_at: Instant
    aware_at: Instant
    report_by: Annotated[Instant, Field(description="72 hours after we knew (GDPR 33(1)).")]
    party: Literal["controller", "processor"]
    risk: Annotated[Literal["none", "risk", "high"] | None, Field(description="As decided last; null: not decided.")]
    reported_at: Annotated[Instant | None, Field(description="When the first report left.")]
    follows_by: Annotated[Instant | None, Field(description="By when the next phase is to follow.")]
    told_at: Annotated[Instant | None, Field(description="When the people concerned were first told.")]
    missed_at: Instant | None
    closed_at: Instant | None


class ReportTold(Told):
    phase: int
    nature: str
    people: str
    people_count: int | None
    records: str
    records_count: int | None
    contact: str
    consequences: str
    measures: str
    to_follow: Annotated[list[str], Field(description="Which of these were not known yet.")]
    follows_by: Instant | None
    reason_for_delay: str
    authority: str
    how: str
    receipt: Annotated[str, Field(description="The authority's number for it.")]
    sent_at: Instant


class BreachWhole(BreachTold):
    facts: str
    effects: str
    remedial_action: str
    reports: Annotated[list[ReportTold], Field(description="Those sent, in their order.")]


class BreachesTold(Told):
    breaches: list[BreachTold]
    next: Annotated[str | None, Field(description="The cursor of the next page; null on the last.")]


class BreachAsked(Asked):
    title: Annotated[str, text(200), Field(description="In one line; name nobody.")]
    happened_at: Instant
    aware_at: Annotated[Instant, Field(description="From here the 72 hours run.")]
    next_word_at: Annotated[
        Instant | None, Field(description="Of its incident; a day from now where it is not said.")
    ] = None
    countries: Annotated[str, maybe_text(500)] = ""


@router.reads(
    "/breaches",
    scope=Scope.BREACHES_READ,
    gives=BreachesTold,
    name="list_breaches",
    summary="Read the register of breaches",
)
def list_breaches(request: HttpRequest, page: Query[Page]) -> BreachesTold:
    """Every breach of personal data, the newest first, also those of which nobody had to be told (GDPR 33(5))."""
    rows, after = page_of_rows(queries.seen_by(staff_of(request)), by="aware_at", page=page)
    return BreachesTold(breaches=[BreachTold(**_told(row)) for row in rows], next=after)


@router.reads(
    "/breaches/{number}",
    scope=Scope.BREACHES_READ,
    gives=BreachWhole,
    name="read_breach",
    summary="Read a breach and its reports",
)
def read_breach(request: HttpRequest, number: Id) -> BreachWhole:
    found = queries.seen_by(staff_of(request)).filter(pk=number).first()
    if found is None:
        raise Http404
    words = queries.newest_words(found)
    return BreachWhole(
        **_told(found),
        facts=words.facts if words else "",
        effects=words.effects if words else "",
        remedial_action=words.action if words else "",
        reports=[ReportTold(**papers.plain_report(one)) for one in queries.sent_reports(found)],
    )


@router.does(
    "/breaches",
    scope=Scope.BREACHES_WRITE,
    gives=BreachTold,
    status=201,
    name="report_breach",
    summary="Put a breach into the register",
)
def report_breach(request: HttpRequest, said: BreachAsked) -> BreachTold:
    """An incident begins with it, and the 72 hours run. Deciding, reporting and telling are for people."""
    now, staff = timezone.now(), staff_of(request)
    if not said.happened_at <= said.aware_at <= now or (said.next_word_at and said.next_word_at <= now):
        raise Problem(
            Kind.SETTLED, "It happened before we knew of it, we know of it now, and the next word lies ahead."
        )
    made = actions.begin_with_incident(
        title=said.title, happened_at=said.happened_at, aware_at=said.aware_at, countries=said.countries,
        next_word_at=said.next_word_at or now + NEXT_WORD, by=staff, now=now,
    )  # fmt: skip
    return BreachTold(**_told(queries.rows().get(pk=made.pk)))


def _told(row: Breach) -> dict[str, Any]:
    same = ("aware_at", "report_by", "party", "reported_at", "follows_by", "told_at", "missed_at", "closed_at")
    return {
        "id": row.pk,
        "incident": row.incident.ref,
        "title": row.incident.title,
        "happened_at": row.incident.happened_at,
        "risk": row.level,  # type: ignore[attr-defined]
        **{name: getattr(row, name) for name in same},
    }
