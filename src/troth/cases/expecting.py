"""By when a customer may expect an answer: from what was measured lately, else by our own target (capability A3)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from troth.cases.models import Case, Expected
from troth.clocks.queries import terms_of
from troth.clocks.rules import expect
from troth.clocks.rules.expect import Basis, Circle, Expectation, Measured, Pace
from troth.clocks.rules.policy import Matter
from troth.people.kept import Kept
from troth.people.queries import hours_of
from troth.words.clocks import Sort
from troth.words.hours import Hours
from troth.words.messages import Kind

#: The newest of so many first answers, and of so many that are still waited for.
MEASURED_MOST = 20_000
#: What was measured is read again after so long.
KEPT_SECONDS = 60

_ANSWERED = """
SELECT k.kind, k.urgency, k.is_public, c.started_at, c.met_at, c.spent FROM clocks_clock c
  JOIN cases_case k ON k.id = substring(c.about FROM 6)::bigint
 WHERE c.sort = 'first' AND c.met_at >= %(since)s AND c.met_at <= %(now)s AND c.about LIKE 'case:%%'
 ORDER BY c.met_at DESC LIMIT %(most)s
"""
_WAITING = """
SELECT k.kind, k.urgency, k.is_public, c.started_at, NULL::timestamptz, NULL::interval FROM clocks_clock c
  JOIN cases_case k ON k.id = substring(c.about FROM 6)::bigint
 WHERE c.sort = 'first' AND c.state = 'running' AND c.started_at >= %(since)s AND c.about LIKE 'case:%%'
 ORDER BY c.due DESC LIMIT %(most)s
"""


@dataclass(frozen=True)
class Told:
    """A time to tell, and what it was drawn from."""

    by: datetime
    expectation: Expectation

    def to_plain(self) -> dict[str, Any]:
        found = self.expectation
        return {"by": self.by.isoformat(), "n": found.n, "basis": found.basis.value, "pace": found.pace}


def told_for(case: Case, *, now: datetime) -> Told | None:
    """What the customer of a case that waits for an answer may be told; None where nobody waits, or it is late already."""
    if case.answer_by is None or case.answer_by <= now:
        return None
    pace = expect.pace_of(urgency=case.urgency, is_public=case.is_public)
    return _told(case.kind, pace, hours=hours_of(case.team_id), at=now, target=case.answer_by)


def expected_answer(case: Case | None = None, *, team_id: int | None = None, now: datetime) -> datetime | None:
    """By when a person answers: of a *case* that waits; without one, of an enquiry that came *now*."""
    if case is not None:
        told = told_for(case, now=now)
        return told.by if told else None
    hours = hours_of(team_id)
    terms = terms_of(Matter(kind=Kind.ENQUIRY, channel="chat"), hours=hours, now=now).get(Sort.FIRST)
    return _told(Kind.ENQUIRY, Pace.PLAIN, hours=hours, at=now, target=terms.due(started_at=now)).by if terms else None


def _told(kind: str, pace: Pace, *, hours: Hours, at: datetime, target: datetime) -> Told:
    """Never later than *target*, the end of the clock: whatever others waited, by then we owe it."""
    found = expect.expected(kind, pace=pace, at=at, hours=hours, known=known(), target=timedelta(0))
    if found.basis is Basis.TARGET:
        return Told(by=target, expectation=found)
    by = expect.told(at, found, hours=hours)
    return (
        Told(by=by, expectation=found)
        if by <= target
        else Told(by=target, expectation=replace(found, basis=Basis.OWED))
    )


def forget() -> None:
    """It was just measured here."""
    known.forget()


def _known() -> dict[Circle, Expectation]:
    rows = Expected.objects.values_list("kind", "pace", "part", "span", "n")
    return {
        (circle := expect.circle(kind, pace, part)): expect.expectation(circle, span=span, n=n)
        for kind, pace, part, span, n in rows
    }


#: What was measured last, at most a minute old.
known = Kept(_known, seconds=KEPT_SECONDS)


def measured(*, now: datetime) -> Iterator[Measured]:
    """The first answers of the last weeks, and who waits for one."""
    hours = hours_of()
    values: dict[str, datetime | int] = {
        "since": now - timedelta(weeks=expect.WEEKS),
        "now": now,
        "most": MEASURED_MOST,
    }
    with connection.cursor() as cursor:
        for statement in (_ANSWERED, _WAITING):
            cursor.execute(statement, values)
            for kind, urgency, is_public, started_at, met_at, spent in cursor.fetchall():
                yield Measured(
                    kind=kind,
                    pace=expect.pace_of(urgency=urgency, is_public=is_public),
                    part=expect.part_of_day(started_at, hours),
                    span=spent or hours.working_time_between(started_at, met_at or now),
                    waits=met_at is None,
                )
