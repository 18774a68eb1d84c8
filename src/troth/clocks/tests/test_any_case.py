"""Clocks through any case: what is said when, however late it is told, under any policy, calendar and zone. No database."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from troth.clocks.rules.clock import Clock, Clocks, Did, Event, Moment, What, replay, step
from troth.clocks.rules.length import Length
from troth.clocks.rules.policy import Target, Terms
from troth.words.clocks import ANSWERS, LIVE, Measure, Sort, State
from troth.words.hours import MIDNIGHT, WEEKDAYS_9_TO_17, Hours, Span, round_the_clock

#: All that happens does so at multiples of this, so that the slow oracle can count grain by grain.
GRAIN = timedelta(minutes=15)
SPLIT = ((Span(time(8), time(12)), Span(time(13, 30), time(18))),) * 5 + ((Span(time(9), time(12)),), ())
#: Six hours of the night, among them each that is skipped or comes twice.
NIGHT = ((Span(time(0), time(6)), Span(time(22), MIDNIGHT)),) * 7

calendars = st.one_of(
    st.builds(
        lambda zone, week, closed: Hours(zone=zone, week=week, closed=frozenset(closed)),
        st.sampled_from(["Europe/London", "America/New_York", "Asia/Kolkata", "Pacific/Auckland", "Africa/Cairo"]),
        st.sampled_from([WEEKDAYS_9_TO_17, SPLIT, NIGHT]),
        st.sets(st.dates(date(2027, 3, 20), date(2027, 4, 20)), max_size=5),
    ),
    st.builds(round_the_clock, st.sampled_from(["UTC", "Europe/Berlin"])),
)
lengths = st.one_of(
    st.builds(lambda n: Length(Measure.WORKING_TIME, n * 900), st.integers(1, 64)),
    st.builds(lambda n: Length(Measure.WORKING_DAYS, n), st.integers(0, 4)),
    st.builds(lambda n: Length(Measure.CALENDAR, n * 900), st.integers(1, 300)),
)
targets = st.builds(Target, lengths, st.booleans(), early=st.none() | lengths, extended=st.none() | lengths)
policies = st.dictionaries(st.sampled_from(Sort), st.builds(Terms, targets, calendars), min_size=1)
#: By how much a moment is told after it happened, and how long after the one told before.
grains = st.integers(0, 400)


@dataclass(frozen=True)
class Told:
    what: What
    after: int
    late: int
    still: int
    rests: bool
    terms: int


told = st.builds(
    Told,
    st.sampled_from(What),
    st.one_of(st.integers(0, 40), grains),
    st.one_of(st.just(0), st.integers(0, 60)),
    st.integers(-40, 20),
    st.booleans(),
    st.integers(0, 2),
)
beginnings = st.datetimes(datetime(2027, 3, 20), datetime(2027, 4, 10)).map(  # noqa: DTZ001 -- made aware
    lambda naive: naive.replace(minute=0, second=0, microsecond=0, tzinfo=UTC)
)


def lived(
    story: Sequence[Told], some: Sequence[dict[Sort, Terms]], begins: datetime
) -> Iterator[tuple[Clocks, Moment, tuple[Event, ...], Clocks]]:
    """Each step: the clocks before, the moment, what was done, the clocks after."""
    clocks, now = (), begins
    for one in story:
        now += one.after * GRAIN
        at = now - one.late * GRAIN
        moment = Moment(
            what=one.what,
            at=at,
            terms=some[one.terms % len(some)],
            still_since=at + one.still * GRAIN if one.still > 0 else None,
            rests=one.rests,
            opened_at=begins,
        )
        after, events = step(clocks, moment)
        yield clocks, moment, events, after
        clocks = after


every_case = given(st.lists(told, max_size=14), st.lists(policies, min_size=1, max_size=3), beginnings)
quick = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@quick
@every_case
def test_events_alone_give_the_same_clocks(story: list[Told], some: list[dict[Sort, Terms]], begins: datetime) -> None:
    events: list[Event] = []
    clocks: Clocks = ()
    for _before, _moment, done, after in lived(story, some, begins):
        events, clocks = events + list(done), after

    assert replay(events) == clocks


@quick
@every_case
def test_nothing_runs_twice_and_only_people_meet_it(
    story: list[Told], some: list[dict[Sort, Terms]], begins: datetime
) -> None:
    missed: set[tuple[Sort, int]] = set()
    for _before, moment, done, clocks in lived(story, some, begins):
        live = [clock.sort for clock in clocks if clock.state in LIVE]
        firsts = [clock for clock in clocks if clock.sort is Sort.FIRST]
        over = {(event.sort, event.number) for event in done if event.did is Did.MISSED}

        assert len(live) == len(set(live))
        assert len(firsts) <= 1
        assert all((clock.paused_at is not None) == (clock.state is State.PAUSED) for clock in clocks)
        assert all(clock.met_at is not None for clock in clocks if clock.state is State.MET)
        assert not over & missed
        missed |= over
        for event in done:
            if event.did is Did.MET:
                assert moment.what is (What.RESOLVED if event.sort is Sort.RESOLUTION else What.ANSWERED)
        if moment.what is What.PASSED:
            assert {event.did for event in done} <= {Did.MISSED}


@quick
@every_case
def test_no_clock_is_moved_ahead_unless_somebody_says_so(
    story: list[Told], some: list[dict[Sort, Terms]], begins: datetime
) -> None:
    for before, _moment, done, clocks in lived(story, some, begins):
        changed = {(event.sort, event.number) for event in done if event.did in {Did.CHANGED, Did.EARLIER}}
        was = {(clock.sort, clock.number): clock for clock in before}
        for clock in clocks:
            earlier = was.get((clock.sort, clock.number))
            if earlier and (clock.sort, clock.number) not in changed:
                assert clock.due >= earlier.due
                assert clock.terms == earlier.terms
                assert clock.started_at == earlier.started_at


@quick
@every_case
def test_whoever_waits_is_waited_for_since_they_spoke(
    story: list[Told], some: list[dict[Sort, Terms]], begins: datetime
) -> None:
    """However late it is told that they did, and whatever ran by then."""
    for before, moment, done, clocks in lived(story, some, begins):
        running = [clock for clock in clocks if clock.is_live and clock.sort in {*ANSWERS, Sort.RESOLUTION}]
        if moment.what is What.SPOKE:
            assert all(clock.started_at <= moment.at for clock in running)
        was = {(clock.sort, clock.number): clock for clock in before}
        for event in done:
            if event.did is Did.EARLIER:
                assert moment.what is What.SPOKE
                assert event.at == moment.at < was[event.sort, event.number].started_at


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@every_case
def test_due_is_what_counting_every_quarter_of_an_hour_gives(
    story: list[Told], some: list[dict[Sort, Terms]], begins: datetime
) -> None:
    events: list[Event] = []
    clocks: Clocks = ()
    for _before, _moment, done, after in lived(story, some, begins):
        events, clocks = events + list(done), after

    for clock in clocks:
        assert clock.due == counted(clock, [e for e in events if (e.sort, e.number) == (clock.sort, clock.number)])


def counted(clock: Clock, events: Sequence[Event]) -> datetime:
    """When it is due, counted grain by grain while it runs, from the events and the wall clock alone."""
    pauses = list(paused(events))
    length, hours = clock.terms.target.length, clock.terms.hours
    at, left, zone = clock.started_at, length.amount, ZoneInfo(hours.zone)
    if length.measure is Measure.WORKING_DAYS:
        return end_of_day(at.astimezone(zone).date(), left, clock, pauses)
    while left > 0:
        if resumed := next((end for begin, end in pauses if begin <= at < end), None):
            at = resumed
            continue
        if length.measure is Measure.CALENDAR or is_open(hours, at.astimezone(zone)):
            left -= int(GRAIN.total_seconds())
        at += GRAIN
    return at


def end_of_day(day: date, days: int, clock: Clock, pauses: Sequence[tuple[datetime, datetime]]) -> datetime:
    hours, zone = clock.terms.hours, ZoneInfo(clock.terms.hours.zone)
    began = day
    while True:
        spans = () if day in hours.closed else hours.week[day.weekday()]
        if spans and day > began:
            midnight = first_after(datetime.combine(day, time.min, tzinfo=zone))
            days -= not any(begin <= midnight < end for begin, end in pauses)
        if spans and days <= 0:
            closes = spans[-1].end
            if closes == MIDNIGHT:
                end = first_after(datetime.combine(day + timedelta(days=1), time.min, tzinfo=zone)) - timedelta(
                    seconds=1
                )
            else:
                end = datetime.combine(day, closes, tzinfo=zone).astimezone(UTC)
            if end > clock.started_at and not any(begin <= end < over for begin, over in pauses):
                return end
        day += timedelta(days=1)


def first_after(there: datetime) -> datetime:
    """The instant of a wall-clock time; in the gap of spring, the change itself."""
    instant = there.astimezone(UTC)
    while instant.astimezone(there.tzinfo).date() == there.date() and (
        (instant - GRAIN).astimezone(there.tzinfo).date() == there.date()
    ):
        instant -= GRAIN
    return instant


def paused(events: Sequence[Event]) -> Iterator[tuple[datetime, datetime]]:
    """The stretches that are over in which it did not run."""
    since = None
    for event in events:
        if event.did in {Did.PAUSED, Did.MET, Did.STOPPED} and since is None:
            since = event.at
        elif event.did is Did.RESUMED and since is not None:
            yield since, event.at
            since = None


def is_open(hours: Hours, there: datetime) -> bool:
    if there.date() in hours.closed:
        return False
    clock = there.time().replace(tzinfo=None)
    return any(span.start <= clock < span.end for span in hours.week[there.weekday()])
