"""What users of other desks reported of their clocks: one test for each, named after it.

Of zammad#1322 and frappe/helpdesk#2484 only the sort of fault is known here: time that pauses or an end give back, or take.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from troth.clocks.rules.clock import Clocks, Did, Moment, What, answering, step
from troth.clocks.rules.length import Length, working_days, working_time
from troth.clocks.rules.policy import Matter, Target, Terms
from troth.clocks.rules.profiles import Profile, ready
from troth.words.clocks import Sort, State
from troth.words.hours import Hours, Span, office

LONDON = office("Europe/London", "GB", "ENG")
SPLIT = Hours(zone="America/Sao_Paulo", week=((Span(time(8), time(12)), Span(time(13, 30), time(18))),) * 5 + ((), ()))
#: A Friday, with England's bank holiday on the Monday after it.
FRIDAY = datetime(2026, 8, 28, 14, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def by(hours: Hours = LONDON, **lengths: Length) -> dict[Sort, Terms]:
    return {Sort(sort): Terms(Target(length), hours) for sort, length in lengths.items()}


def lived(*moments: Moment) -> Clocks:
    clocks: Clocks = ()
    for moment in moments:
        clocks, _events = step(clocks, moment)
    return clocks


def states(clocks: Clocks) -> dict[str, State]:
    return {clock.sort.value: clock.state for clock in clocks}


def test_zammad_5177_a_shorter_update_never_overrules_the_first_answer() -> None:
    terms = by(first=working_time(hours=4), update=working_time(hours=1))

    opened = lived(Moment(what=What.SPOKE, at=FRIDAY, terms=terms))
    waiting = answering(opened)

    assert states(opened) == {"first": State.RUNNING}
    assert waiting is not None
    assert waiting.due == datetime(2026, 9, 1, 10, 0, tzinfo=UTC)


def test_zammad_3140_nothing_runs_out_once_staff_have_answered_and_the_customer_is_silent() -> None:
    terms = by(first=working_time(hours=4), next=working_time(hours=4), update=working_time(hours=4))

    clocks = lived(
        Moment(what=What.SPOKE, at=FRIDAY, terms=terms),
        Moment(what=What.ANSWERED, at=FRIDAY + HOUR, terms=terms, rests=True),
        Moment(what=What.WAITS, at=FRIDAY + HOUR),
    )
    _after, said = step(clocks, Moment(what=What.PASSED, at=FRIDAY + timedelta(days=90)))

    assert states(clocks) == {"first": State.MET}
    assert said == ()


def test_zammad_1322_what_was_closed_and_opened_again_goes_on_with_what_was_left() -> None:
    terms = by(resolution=working_time(hours=8))

    clocks = lived(
        Moment(what=What.SPOKE, at=FRIDAY, terms=terms),
        Moment(what=What.RESOLVED, at=FRIDAY + HOUR),
        Moment(what=What.REOPENED, at=FRIDAY + timedelta(days=7)),
    )

    [end] = clocks
    assert (end.started_at, end.state, end.met_at) == (FRIDAY, State.RUNNING, None)
    assert end.due == LONDON.add_working_time(FRIDAY + timedelta(days=7), 7 * HOUR)


def test_chatwoot_13392_no_breach_is_said_outside_of_working_hours() -> None:
    clocks = lived(Moment(what=What.SPOKE, at=FRIDAY, terms=by(first=working_time(hours=4))))

    _after, by_monday = step(clocks, Moment(what=What.PASSED, at=datetime(2026, 8, 31, 23, 0, tzinfo=UTC)))
    _after, in_time = step(clocks, Moment(what=What.ANSWERED, at=clocks[0].due))
    _after, later = step(clocks, Moment(what=What.PASSED, at=clocks[0].due))

    assert by_monday == ()
    assert [event.did for event in in_time] == [Did.MET]
    assert [event.did for event in later] == [Did.MISSED]


def test_chatwoot_14009_a_day_has_as_many_spans_as_it_has() -> None:
    half_past_twelve = datetime(2026, 8, 26, 15, 30, tzinfo=UTC)

    [first] = lived(Moment(what=What.SPOKE, at=half_past_twelve, terms=by(SPLIT, first=working_time(hours=1))))

    assert first.due == datetime(2026, 8, 26, 17, 30, tzinfo=UTC)  # 14:30 there, an hour after the break


def test_frappe_helpdesk_2484_time_on_hold_is_no_working_time_wherever_it_falls() -> None:
    """Adding the time on hold to the beginning goes wrong over nights and holidays (as its pull request 2449 tells)."""
    terms = by(resolution=working_time(hours=8))

    [end] = lived(
        Moment(what=What.SPOKE, at=FRIDAY, terms=terms),  # one hour is counted, until 16:00 in London
        Moment(what=What.WAITS, at=FRIDAY + HOUR),
        Moment(what=What.SPOKE, at=datetime(2026, 9, 3, 8, 0, tzinfo=UTC), terms=terms),  # 9:00 on Thursday
    )

    assert end.due == datetime(2026, 9, 3, 15, 0, tzinfo=UTC)


def test_freescout_5378_thanks_from_the_customer_loses_no_date() -> None:
    terms = by(first=working_time(hours=4), next=working_time(hours=4), resolution=working_days(10))
    opened = lived(
        Moment(what=What.SPOKE, at=FRIDAY, terms=terms),
        Moment(what=What.ANSWERED, at=FRIDAY + HOUR, terms=terms, rests=True),
        Moment(what=What.WAITS, at=FRIDAY + HOUR),
    )
    thanked, _events = step(opened, Moment(what=What.SPOKE, at=FRIDAY + 2 * HOUR, terms=terms))

    end = {clock.sort: clock for clock in thanked}[Sort.RESOLUTION]
    assert (end.state, end.started_at) == (State.RUNNING, FRIDAY)
    assert end.due == {clock.sort: clock for clock in opened}[Sort.RESOLUTION].due


def test_disp_is_counted_in_business_days_of_england() -> None:
    """DISP 1.5.1R, 1.6.2R and 1.6.2AR, of a complaint received on a Friday before a bank holiday."""
    matter = Matter(kind="complaint", channel="email")
    plain = ready(Profile.FCA_DISP).targets(matter)[Sort.RESOLUTION]
    payments = ready(Profile.FCA_DISP_PAYMENTS).targets(matter)[Sort.RESOLUTION]

    early = Terms(plain, LONDON).early(started_at=FRIDAY)
    fifteen = Terms(payments, LONDON).due(started_at=FRIDAY)
    assert payments.extended
    longer = Terms(Target(payments.extended), LONDON).due(started_at=FRIDAY)

    assert early is not None
    assert [LONDON.day_of(at) for at in (early, fifteen, longer)] == [
        date(2026, 9, 3), date(2026, 9, 21), date(2026, 10, 19),
    ]  # fmt: skip
    assert Terms(plain, LONDON).due(started_at=FRIDAY) == FRIDAY + timedelta(weeks=8)


def test_targets_are_those_they_were() -> None:
    policy = ready(Profile.PLAIN)
    hours = {
        (kind, urgency): policy.targets(Matter(kind=kind, channel="email", urgency=urgency))[Sort.FIRST].length.amount
        / 3600
        for kind in ("complaint", "enquiry", "suggestion", "compliment", "other")
        for urgency in ("low", "critical")
    }

    assert list(hours.values()) == [4, 2, 8, 4, 16, 8, 16, 8, 8, 4]
