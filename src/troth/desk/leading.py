"""What a lead looks at: how long answers take, what waits, what runs out, what went wrong and why.

Eight statements, however much there is, two of them `making_good`'s: the tables are counted where they lie. Of what hangs on
opening hours, which PostgreSQL does not know, it hands over the quarter of an hour something began in. Everything is within the
reader's sight, and of one team where one is chosen.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from math import log
from typing import Any

from django.db import connection
from django.db.models import Q

from troth.desk import leading_sql as sql
from troth.desk.rules.parity import Difference, difference, median_of, share_of, whole
from troth.desk.rules.spread import LEAST_SECONDS, STEP, Spread, bin_of
from troth.desk.rules.windows import Days
from troth.incidents.models import Incident
from troth.learning.rules.measure import Share
from troth.people.models import Staff
from troth.people.queries import firm, hours_of, sight_values, within_sight, within_sight_sql
from troth.reading import CONFIDENT
from troth.words.emotions import HURT, Emotion
from troth.words.hours import Hours, NeverOpen

#: What customers felt is looked up case by case: in the newest so many.
CASES_MOST = 20_000
#: So many sorts of waiting are told apart.
WAITING_MOST = 20_000
OLDEST_SHOWN, UNEXPLAINED_SHOWN = 10, 20
#: A case is so old at most; the last age has no end.
AGES = (timedelta(hours=4), timedelta(days=1), timedelta(days=3), timedelta(weeks=1))
#: Clocks that run out within so many working hours.
SOON, LATER = timedelta(hours=2), timedelta(hours=8)
#: Earlier readings called two emotions otherwise (cases.rules.kept).
HURT_WORDS = sorted({*HURT, "worry"})
PLEASED_WORDS = sorted({Emotion.JOY, "thanks"})


@dataclass
class Answers:
    """How long answers took to what was asked in a window, by sort and kind, by sort and hour, by sort and weekday."""

    by_kind: dict[tuple[str, str], Spread] = field(default_factory=lambda: defaultdict(Spread))
    by_hour: dict[tuple[str, int], Spread] = field(default_factory=lambda: defaultdict(Spread))
    by_day: dict[tuple[str, int], Spread] = field(default_factory=lambda: defaultdict(Spread))


@dataclass(frozen=True)
class Old:
    id: int
    subject: str
    since: datetime
    answer_by: datetime | None
    owner: str | None


@dataclass(frozen=True)
class OfDay:
    """How many waited for an answer at the end of a day, and how many began and ceased to on it."""

    day: date
    waiting: int
    asked: int
    ended: int


@dataclass(frozen=True)
class Backlog:
    #: By age (a place in AGES, or one beyond), how many wait for an answer and how many are open.
    unanswered: list[int]
    open: list[int]
    oldest: list[Old]
    days: list[OfDay]


@dataclass(frozen=True)
class AtRisk:
    sort: str
    team_id: int | None
    team: str | None
    owner_id: int | None
    owner: str | None
    over: int
    soon: int
    later: int
    nearest: datetime


@dataclass(frozen=True)
class Unexplained:
    """A miss for which nobody has given a reason, and where one can."""

    about: str
    words: str
    at: datetime
    sort: str


@dataclass(frozen=True)
class Misses:
    promises: dict[str, int]
    clocks: dict[str, int]
    unexplained: list[Unexplained]


@dataclass
class Side:
    """One of the two sides of a comparison, in one stratum."""

    spread: Spread = field(default_factory=Spread)
    kept: int = 0
    decided: int = 0
    cases: int = 0


@dataclass(frozen=True)
class Stratum:
    """Cases of one cause and urgency on both sides: public and private, or loud and quiet."""

    cause: str
    urgency: str
    one: Side
    other: Side
    time: Difference | None
    kept: Difference | None


@dataclass(frozen=True)
class Compared:
    strata: list[Stratum]
    one: Side
    other: Side
    time: Difference | None
    kept: Difference | None


@dataclass(frozen=True)
class Cared:
    """What customers felt before and after, and whether the loud and the public fare better."""

    #: (before, after): how many cases.
    felt: dict[tuple[str, str], int]
    public: Compared
    loud: Compared
    cases: int


@dataclass
class Acknowledged:
    """How long it took until we said that something was wrong, of the incidents of one sort."""

    #: From the first complaint until it was said; and until now, where it is not said yet.
    said: list[timedelta] = field(default_factory=list)
    unsaid: list[timedelta] = field(default_factory=list)
    #: So many were said before anybody had to complain.
    before: int = 0


@dataclass(frozen=True)
class Asked:
    """Who looks, at which days, of which team, and when."""

    staff: Staff
    days: Days
    team: int | None
    now: datetime

    def values(self, **more: Any) -> dict[str, Any]:
        return {
            "now": self.now,
            "since": self.days.since,
            "until": self.days.until,
            "zone": self.days.zone,
            "team": self.team,
            "least": LEAST_SECONDS,
            "step": log(STEP),
            **sight_values(self.staff),
            **more,
        }


def _rows(text: str, values: dict[str, Any], **parts: str) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql.written(text, **parts), values)
        return list(cursor.fetchall())


def _waited(now: datetime) -> Callable[[int | None, datetime, bool, timedelta | None], int]:
    """In which bin what still waits is: it has waited since the quarter of an hour, and *spent* before that."""
    known: dict[tuple[int | None, datetime], timedelta] = {}

    def waited(team_id: int | None, slot: datetime, paused: bool, spent: timedelta | None) -> int:
        if paused:
            return bin_of(spent or timedelta(0))
        if (team_id, slot) not in known:
            known[team_id, slot] = hours_of(team_id).working_time_between(min(slot, now), now)
        return bin_of((spent or timedelta(0)) + known[team_id, slot])

    return waited


def answers(asked: Asked) -> tuple[Answers, Answers]:
    """Those of the window, and those of the window before; one statement."""
    found = Answers(), Answers()
    waited = _waited(asked.now)
    values = asked.values(since_before=asked.days.before.since, waiting=WAITING_MOST)
    for before, sort, kind, hour, day, at, met, team_id, slot, paused, spent, count, late in _rows(sql.ANSWERS, values):
        of = found[1] if before else found[0]
        # What is decided is in time or late; what was never answered, and was not late, is neither.
        one = Spread(in_time=count - late if met else 0, late=late)
        if slot is None:
            one.ended[at] += count if met else 0
            one.waits[at] += 0 if met else count
        else:
            one.waits[waited(team_id, slot, paused, spent)] += count
        if kind is not None:
            of.by_kind[sort, kind].add(one)
        if hour is not None:
            of.by_hour[sort, hour].add(one)
        if day is not None:
            of.by_day[sort, day].add(one)
    return found


def backlog(asked: Asked) -> Backlog:
    """What waits now, and how many waited at the end of each day of the window; one statement."""
    ages_of = {
        "age_asked": sql.AGE_OF.format(at="k.unanswered_since"),
        "age_opened": sql.AGE_OF.format(at="k.opened_at"),
    }
    values = asked.values(ages=[age.total_seconds() for age in AGES], oldest=OLDEST_SHOWN)
    [(ages, oldest, live, by_day)] = _rows(sql.BACKLOG, values, **ages_of)
    counts = {(age, asks): count for age, asks, count in ages or []}
    return Backlog(
        unanswered=[counts.get((age, True), 0) for age in range(len(AGES) + 1)],
        open=[counts.get((age, False), 0) for age in range(len(AGES) + 1)],
        oldest=[
            Old(pk, subject, datetime.fromisoformat(since), datetime.fromisoformat(by) if by else None, owner)
            for pk, subject, since, by, owner in oldest or []
        ],
        days=_by_day(
            {date.fromisoformat(day): (began, ended) for day, began, ended in by_day or []}, live=live, days=asked.days
        ),
    )


def _by_day(moved: dict[date, tuple[int, int]], *, live: int, days: Days) -> list[OfDay]:
    """From those who wait now back to the first day: whoever began to wait on a day did not before it."""
    waiting = live - sum(began - ended for day, (began, ended) in moved.items() if day > days.last)
    found = []
    for day in reversed(days.each()):
        began, ended = moved.get(day, (0, 0))
        found.append(OfDay(day, waiting, began, ended))
        waiting -= began - ended
    return found[::-1]


def _in(span: timedelta, hours: Hours, now: datetime) -> datetime:
    try:
        return hours.add_working_time(now, span)
    except NeverOpen:
        return now + span


def at_risk(asked: Asked) -> list[AtRisk]:
    """Clocks that have run out, or do within the next working hours of their team; one statement."""
    ends = {
        team_id or 0: tuple(_in(span, hours, asked.now) for span in (SOON, LATER))
        for team_id, hours in firm().hours.items()
    }
    values = asked.values(
        teams=list(ends),
        soon=[soon for soon, _later in ends.values()],
        later=[later for _soon, later in ends.values()],
        latest=max(later for _soon, later in ends.values()),
    )
    return [AtRisk(*row) for row in _rows(sql.RISK, values)]


def misses(asked: Asked) -> Misses:
    """Promises whose first date, and clocks whose end, lay in the window and was missed; one statement."""
    of_promises = {
        "promise_sight": within_sight_sql("p.team_id"),
        "promise_team": sql.TEAM.format(team="p.team_id"),
    }
    [(counted, unexplained)] = _rows(sql.MISSES, asked.values(shown=UNEXPLAINED_SHOWN), **of_promises)
    of: dict[str, dict[str, int]] = {"promise": {}, "case": {}}
    for what, reason, count in counted or []:
        of[what][reason] = count
    return Misses(
        promises=of["promise"],
        clocks=of["case"],
        unexplained=[
            Unexplained(f"{what}:{number}", words, datetime.fromisoformat(at), sort)
            for what, number, words, at, sort in unexplained or []
        ],
    )


def acknowledged(asked: Asked) -> dict[str, Acknowledged]:
    """Incidents whose first complaint, or where there was none, whose first word lay in the window, by sort; one statement."""
    since, until = asked.days.since, asked.days.until
    rows = Incident.objects.filter(within_sight(asked.staff))
    rows = rows.filter(
        Q(first_signal_at__gte=since, first_signal_at__lt=until)
        | Q(first_signal_at=None, said_at__gte=since, said_at__lt=until)
    )
    if asked.team:
        rows = rows.filter(team=asked.team)
    found: dict[str, Acknowledged] = {}
    for sort, signal, said in rows.order_by("sort", "pk").values_list("sort", "first_signal_at", "said_at"):
        one = found.setdefault(sort, Acknowledged())
        if signal is None or (said and said <= signal):
            one.before += 1
        elif said:
            one.said.append(said - signal)
        else:
            one.unsaid.append(asked.now - signal)
    return found


def cared(asked: Asked) -> Cared:
    """Emotion before and after, and the parity of the loud and the public with the others; one statement."""
    values = asked.values(hurt=HURT_WORDS, pleased=PLEASED_WORDS, sure=CONFIDENT, most=CASES_MOST)
    waited = _waited(asked.now)
    felt: dict[tuple[str, str], int] = defaultdict(int)
    public: dict[tuple[str, str, bool], Side] = defaultdict(Side)
    loud: dict[tuple[str, str, bool], Side] = defaultdict(Side)
    cases = 0
    for row in _rows(sql.CARED, values, felt=sql.FELT):
        cause, urgency, is_public, before, after, at, team_id, slot, paused, spent, timed, count, kept, decided = row
        cases += count
        if before and after:
            felt[before, after] += count
        spread = Spread()
        if slot is not None:
            spread.waits[waited(team_id, slot, paused, spent)] += count
        elif timed and at is not None:
            spread.ended[at] += count
        sides = [public[cause, urgency, is_public]]
        if before:
            sides.append(loud[cause, urgency, before == "angry"])
        for side in sides:
            side.spread.add(spread)
            side.kept += int(kept)
            side.decided += int(decided)
            side.cases += count
    return Cared(felt=dict(felt), public=compared(public), loud=compared(loud), cases=cases)


def compared(sides: dict[tuple[str, str, bool], Side]) -> Compared:
    """Only what is there on both sides can be compared."""
    strata = []
    for cause, urgency in sorted({(cause, urgency) for cause, urgency, _is_one in sides}):
        one, other = sides.get((cause, urgency, True), Side()), sides.get((cause, urgency, False), Side())
        if one.cases and other.cases:
            strata.append(
                Stratum(
                    cause=cause,
                    urgency=urgency,
                    one=one,
                    other=other,
                    time=difference(median_of(one.spread), median_of(other.spread)),
                    kept=difference(share_of(Share(one.kept, one.decided)), share_of(Share(other.kept, other.decided))),
                )
            )
    return Compared(
        strata=strata,
        one=_all([side for (_cause, _urgency, is_one), side in sides.items() if is_one]),
        other=_all([side for (_cause, _urgency, is_one), side in sides.items() if not is_one]),
        time=whole(one.time for one in strata),
        kept=whole(one.kept for one in strata),
    )


def _all(sides: list[Side]) -> Side:
    found = Side()
    for side in sides:
        found.spread.add(side.spread)
        found.kept += side.kept
        found.decided += side.decided
        found.cases += side.cases
    return found
