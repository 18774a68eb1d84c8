"""The moments of a promise, and what the watcher does at each of them; no database, no clock."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from troth.promises.rules import due as rules
from troth.promises.rules.due import Plan, Standing, Step
from troth.words.hours import Hours, Span, office, round_the_clock
from troth.words.promises import SETTLED, Sort, State

LONDON = office("Europe/London", "GB", "ENG")
ZONES = ["UTC", "Europe/London", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "Pacific/Apia"]
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def planned(made_at: str, due: str, hours: Hours = LONDON) -> Plan:
    return rules.plan(made_at=at(made_at), due=at(due), hours=hours)


def standing(plan: Plan, **changes: object) -> Standing:
    fresh = Standing(
        state=State.OPEN,
        sort=Sort.DEED,
        plan=plan,
        warned=False,
        escalated=False,
        telling=False,
        by_itself=True,
        done=False,
    )
    return replace(fresh, **changes)  # type: ignore[arg-type]


# Moments


@pytest.mark.parametrize(
    ("made_at", "due", "told_by"),
    [
        # A working day before, at the same wall-clock time, where that is the shorter notice.
        ("2026-11-02T09:00+00:00", "2026-11-13T17:00+00:00", "2026-11-12T17:00+00:00"),
        ("2026-11-02T09:00+00:00", "2026-11-16T17:00+00:00", "2026-11-13T17:00+00:00"),  # over a weekend
        ("2026-12-01T09:00+00:00", "2026-12-29T12:00+00:00", "2026-12-24T12:00+00:00"),  # over Christmas
        # A quarter of the span where that is shorter.
        ("2026-11-11T09:00+00:00", "2026-11-11T17:00+00:00", "2026-11-11T15:00+00:00"),
        ("2026-11-13T16:00+00:00", "2026-11-16T16:00+00:00", "2026-11-15T22:00+00:00"),
        # The same wall-clock time on both sides of a change: 24 hours are 25, and 23.
        ("2026-10-05T09:00+01:00", "2026-10-26T16:00+00:00", "2026-10-23T16:00+01:00"),
        ("2026-03-09T09:00+00:00", "2026-03-30T16:00+01:00", "2026-03-27T16:00+00:00"),
    ],
)
def test_customer_is_told_by_the_later_of_a_working_day_and_a_quarter(made_at: str, due: str, told_by: str) -> None:
    assert planned(made_at, due).told_by == at(told_by)


def test_wall_clock_times_of_one_zone_give_the_same_plan_as_utc() -> None:
    zone = ZoneInfo("Europe/London")
    made_at, due = datetime(2026, 3, 28, 22, tzinfo=zone), datetime(2026, 3, 29, 10, tzinfo=zone)

    plan = rules.plan(made_at=made_at, due=due, hours=round_the_clock("Europe/London"))

    assert plan == rules.plan(
        made_at=made_at.astimezone(UTC), due=due.astimezone(UTC), hours=round_the_clock("Europe/London")
    )
    assert plan.told_by == due - timedelta(hours=11) / 4  # eleven hours passed, though the clocks say twelve
    assert plan.broken_at.tzinfo is UTC


def test_same_day_promise_warns_half_way_and_speaks_before_the_last_quarter() -> None:
    plan = planned("2026-11-11T09:00+00:00", "2026-11-11T17:00+00:00")

    assert plan == Plan(
        warn_at=at("2026-11-11T13:00+00:00"),
        escalate_at=at("2026-11-11T13:45+00:00"),
        heads_up_at=at("2026-11-11T14:30+00:00"),
        told_by=at("2026-11-11T15:00+00:00"),
        due=at("2026-11-11T17:00+00:00"),
        broken_at=at("2026-11-12T17:00+00:00"),
    )


@pytest.mark.parametrize(
    ("moment", "found_at"),
    [
        ("2026-11-11T10:00+00:00", "2026-11-11T10:00+00:00"),  # open: as it is
        ("2026-11-11T22:00+00:00", "2026-11-11T16:00+00:00"),  # in the evening: before they went home
        ("2026-11-15T12:00+00:00", "2026-11-13T16:00+00:00"),  # on Sunday: Friday
        ("2026-12-26T12:00+00:00", "2026-12-24T16:00+00:00"),  # Boxing Day: Christmas Eve
    ],
)
def test_warning_finds_somebody_at_work(moment: str, found_at: str) -> None:
    assert rules.at_work(at(moment), LONDON, not_before=at("2026-01-01T00:00+00:00")) == at(found_at)


def test_warning_in_a_lunch_break_comes_before_it() -> None:
    split = Hours(zone="UTC", week=((Span(_t(8), _t(12)), Span(_t(14), _t(18))),) * 5 + ((), ()))

    assert rules.at_work(at("2026-11-11T13:00+00:00"), split, not_before=at("2026-11-01T00:00+00:00")) == at(
        "2026-11-11T11:00+00:00"
    )


def _t(hour: int):  # type: ignore[no-untyped-def]
    return datetime(2026, 1, 1, hour).time()  # noqa: DTZ001 -- only its clock is wanted


@pytest.mark.parametrize(
    ("span", "grace"),
    [(timedelta(minutes=5), DAY), (3 * DAY, 3 * DAY), (90 * DAY, 14 * DAY)],
)
def test_late_becomes_broken_after_the_span_again_within_a_day_and_two_weeks(span: timedelta, grace: timedelta) -> None:
    assert rules.grace(span) == grace


@st.composite
def calendars(draw: st.DrawFn) -> Hours:
    zone = draw(st.sampled_from(ZONES))
    closed = draw(st.frozensets(st.dates(date(2026, 1, 1), date(2027, 12, 31)), max_size=5))
    kind = draw(st.sampled_from([office(zone), round_the_clock(zone), Hours(zone=zone, week=((),) * 7)]))
    return replace(kind, closed=closed)


instants = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
spans = st.one_of(
    st.timedeltas(timedelta(seconds=1), timedelta(hours=2)),
    st.timedeltas(timedelta(hours=2), timedelta(days=7)),
    st.timedeltas(timedelta(days=7), timedelta(days=200)),
)


@st.composite
def plans(draw: st.DrawFn) -> tuple[datetime, Plan, Hours]:
    made_at, span, hours = draw(instants), draw(spans), draw(calendars())
    return made_at, rules.plan(made_at=made_at, due=made_at + span, hours=hours), hours


@given(plans())
def test_moments_stand_in_order_after_the_promise_was_made(case: tuple[datetime, Plan, Hours]) -> None:
    made_at, plan, _hours = case

    moments = [plan.warn_at, plan.escalate_at, plan.heads_up_at, plan.told_by, plan.due, plan.broken_at]

    assert moments == sorted(moments)
    assert made_at <= plan.warn_at
    assert plan.told_by < plan.due < plan.broken_at
    assert plan.due - plan.told_by <= (plan.due - made_at) / 4 + timedelta(microseconds=1)


@given(plans(), st.timedeltas(timedelta(0), timedelta(days=30)))
def test_next_word_comes_after_the_date_and_not_before_an_hour(
    case: tuple[datetime, Plan, Hours], later: timedelta
) -> None:
    made_at, plan, hours = case
    now = plan.heads_up_at + later

    heard_at = rules.next_word_at(now=now, due=plan.due, made_at=made_at, hours=hours)

    assert heard_at >= max(now, plan.due) + HOUR


# Steps


@given(plans(), st.booleans(), st.sampled_from([sort for sort in Sort if sort != Sort.NOT_AGAIN]), st.booleans())
def test_jumping_from_look_to_look_does_each_step_once_and_in_order(
    case: tuple[datetime, Plan, Hours], by_itself: bool, sort: Sort, told_by_a_person: bool
) -> None:
    _made_at, plan, _hours = case
    promise = standing(plan, by_itself=by_itself, sort=sort, telling=told_by_a_person)
    done: list[Step] = []

    while (moment := rules.look_again(promise)) is not None:
        assert rules.next_step(promise, now=moment - timedelta(microseconds=1)) in {Step.WAIT} or done
        steps, promise = rules.steps_at(promise, now=moment)
        assert steps, "a look that finds nothing to do would be repeated for ever"
        done += steps

    own_words = [Step.TELL] if by_itself and sort != Sort.NEXT_WORD and not told_by_a_person else []
    escalated = [] if told_by_a_person else [Step.ESCALATE]
    expected = [Step.WARN, *escalated, *own_words, Step.MARK_LATE, Step.MARK_BROKEN]
    # Where the moments of a very short promise fall together with the date, the date has passed and warns nobody.
    passed = [step for step in expected if step in done]
    assert done == passed
    if plan.heads_up_at < plan.due:
        assert done == expected
    assert promise.state == State.BROKEN


@given(plans(), st.timedeltas(timedelta(0), timedelta(days=400)))
def test_of_what_is_not_to_happen_again_the_watcher_says_nothing(
    case: tuple[datetime, Plan, Hours], later: timedelta
) -> None:
    _made_at, plan, _hours = case
    promise = standing(plan, sort=Sort.NOT_AGAIN)

    assert rules.look_again(promise) is None
    assert rules.next_step(promise, now=plan.warn_at + later) is Step.WAIT


@given(plans(), st.lists(st.timedeltas(timedelta(0), timedelta(days=40)), min_size=1, max_size=8))
def test_after_any_downtime_it_catches_up_without_repeating(
    case: tuple[datetime, Plan, Hours], pauses: list[timedelta]
) -> None:
    made_at, plan, _hours = case
    promise, now, done = standing(plan), made_at, []

    for pause in pauses:
        now += pause
        again = rules.look_again(promise)
        if again is None or again > now:
            continue
        steps, promise = rules.steps_at(promise, now=now)
        done += steps

    assert len(done) == len(set(done))
    assert done == sorted(done, key=list(rules.AFTER).index)
    assert (promise.state == State.OPEN) == (now < plan.due)
    assert (promise.state == State.BROKEN) == (now >= plan.broken_at)
    if now >= plan.warn_at and now < plan.due:
        assert Step.WARN in done


def test_nothing_is_warned_about_a_date_that_passed_while_we_slept() -> None:
    plan = planned("2026-11-11T09:00+00:00", "2026-11-11T17:00+00:00")

    assert rules.steps_at(standing(plan), now=plan.due)[0] == [Step.MARK_LATE]
    assert rules.steps_at(standing(plan), now=plan.broken_at)[0] == [Step.MARK_LATE, Step.MARK_BROKEN]


def test_next_word_has_no_heads_up_of_its_own() -> None:
    plan = planned("2026-11-11T09:00+00:00", "2026-11-11T17:00+00:00")
    word = standing(plan, sort=Sort.NEXT_WORD, warned=True, escalated=True)

    assert rules.next_step(word, now=plan.told_by) is Step.WAIT
    assert rules.look_again(word) == plan.due


def test_team_that_speaks_for_itself_is_warned_but_nothing_goes_out() -> None:
    plan = planned("2026-11-11T09:00+00:00", "2026-11-11T17:00+00:00")

    assert rules.steps_at(standing(plan, by_itself=False), now=plan.told_by)[0] == [Step.WARN, Step.ESCALATE]


def test_nobody_is_escalated_once_the_customer_was_told() -> None:
    plan = planned("2026-11-11T09:00+00:00", "2026-11-11T17:00+00:00")
    told = standing(plan, warned=True, telling=True)

    assert rules.next_step(told, now=plan.told_by) is Step.WAIT
    assert rules.look_again(told) == plan.due


@pytest.mark.parametrize("state", [*SETTLED, State.PROPOSED, State.ARMED])
def test_what_is_settled_or_not_yet_owed_asks_nothing(state: State) -> None:
    plan = planned("2026-11-11T09:00+00:00", "2026-11-11T17:00+00:00")
    promise = standing(plan, state=state)

    assert rules.next_step(promise, now=plan.broken_at) is Step.WAIT
    assert rules.look_again(promise) is None


@pytest.mark.parametrize("state", [State.OPEN, State.MOVED, State.LATE])
def test_what_is_done_asks_nothing(state: State) -> None:
    plan = planned("2026-11-11T09:00+00:00", "2026-11-11T17:00+00:00")
    promise = standing(plan, state=state, done=True)

    assert rules.next_step(promise, now=plan.broken_at) is Step.WAIT
    assert rules.look_again(promise) is None


def test_moved_promise_is_watched_like_a_new_one() -> None:
    plan = planned("2026-11-11T09:00+00:00", "2026-11-11T17:00+00:00")

    assert rules.steps_at(standing(plan, state=State.MOVED), now=plan.warn_at)[0] == [Step.WARN]


def test_words_delivered_at_the_very_moment_still_count() -> None:
    told_by = at("2026-11-11T15:00+00:00")

    assert rules.counts_as_moved(delivered_at=told_by, told_by=told_by)
    assert not rules.counts_as_moved(delivered_at=told_by + timedelta(microseconds=1), told_by=told_by)


def test_third_move_is_the_one_that_breaks() -> None:
    assert rules.MOVES_MAX == 3
