"""The 72 hours, what must be said, and what is still asked: decided without a database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from troth.breaches.rules import clock, contents, standing
from troth.breaches.rules.clock import Follow, Moment, Watch
from troth.breaches.rules.contents import CAN_FOLLOW, Draft, Field, Lack, Part
from troth.breaches.rules.standing import Duty, Facts, Stands
from troth.breaches.rules.words import Level

NOW = datetime(2026, 3, 27, 16, tzinfo=UTC)  # a Friday; clocks change on Sunday
HOUR = timedelta(hours=1)


def watch(**values: object) -> Watch:
    given: dict[str, object] = {"aware_at": NOW, "is_answered": False, "said": 0, "follows_by": None, "follow_said": 0}
    return Watch(**{**given, **values})  # type: ignore[arg-type]


def test_72_hours_run_over_a_weekend_and_a_change_of_clocks() -> None:
    aware = datetime(2026, 3, 27, 17, tzinfo=ZoneInfo("Europe/Berlin"))

    by = clock.report_by(aware.astimezone(UTC))

    assert by - aware.astimezone(UTC) == 72 * HOUR
    assert by.astimezone(ZoneInfo("Europe/Berlin")).strftime("%a %H:%M") == "Mon 18:00"  # an hour was left out


@given(
    st.integers(0, 4),
    st.integers(0, 2),
    st.one_of(st.none(), st.integers(-50, 200)),
    st.integers(0, 200),
    st.booleans(),
)
def test_a_watcher_that_comes_late_says_the_latest_moment_once_and_nothing_is_left_unsaid(
    said: int, follow_said: int, follows: int | None, hours: int, is_answered: bool
) -> None:
    by = None if follows is None else NOW + follows * HOUR
    stands = watch(said=said, follow_said=follow_said, follows_by=by, is_answered=is_answered)
    now = NOW + hours * HOUR

    moment, follow = clock.due_now(stands, now=now)

    after = watch(said=moment or said, follow_said=follow or follow_said, follows_by=by, is_answered=is_answered)
    assert clock.due_now(after, now=now) == (None, None)
    again = clock.look_again_at(after)
    assert again is None or again > now
    assert (moment is Moment.MISSED) == (not is_answered and said < 4 and hours >= 72)
    assert (follow is Follow.MISSED) == (by is not None and follow_said < 2 and now >= by)


WHOLE: dict[Field, str | int | None] = {
    **{field: "words" for field in Field if field not in contents.NUMBERS},
    Field.PEOPLE_COUNT: 0,
    Field.RECORDS_COUNT: 12,
}


def draft(**values: object) -> Draft:
    given: dict[str, object] = {
        "phase": 1, "values": WHOLE, "to_follow": [], "follows_by": None, "reason_for_delay": "", "has_authority": True,
        "how": "By its form.",
    }  # fmt: skip
    return Draft(**{**given, **values})  # type: ignore[arg-type]


@pytest.mark.parametrize("field", Field)
def test_each_thing_the_law_asks_for_is_said_or_follows_or_the_report_stays(field: Field) -> None:
    empty = draft(values={**WHOLE, field: None if field in contents.NUMBERS else " \n"})
    follows = draft(values=empty.values, to_follow=[field], follows_by=NOW + HOUR)

    assert contents.missing(draft(), aware_at=NOW, now=NOW) == []
    assert contents.missing(empty, aware_at=NOW, now=NOW) == [field]
    assert contents.missing(follows, aware_at=NOW, now=NOW) == ([] if field in CAN_FOLLOW else [field])


@pytest.mark.parametrize(
    ("values", "hours", "lacks"),
    [
        ({"to_follow": ["measures"]}, 1, [Lack.FOLLOWS_BY]),
        ({"to_follow": ["measures"], "follows_by": NOW}, 1, [Lack.FOLLOWS_BY]),
        ({}, 72, []),
        ({}, 72.001, [Lack.REASON_FOR_DELAY]),
        ({"reason_for_delay": "The mail was found on Monday."}, 80, []),
        ({"phase": 2}, 400, []),
        ({"has_authority": False, "how": " "}, 1, [Lack.AUTHORITY, Lack.HOW]),
    ],
)
def test_what_a_report_cannot_leave_without(values: dict[str, object], hours: float, lacks: list[Lack]) -> None:
    assert contents.missing(draft(**values), aware_at=NOW, now=NOW + hours * HOUR) == lacks


LETTER = dict.fromkeys(Part, "Words enough to say something.")


@pytest.mark.parametrize("part", Part)
def test_the_people_concerned_are_told_everything_in_every_language_begun(part: Part) -> None:
    assert contents.missing_parts({"en": LETTER, "de": {}}) == []
    assert contents.missing_parts({"en": LETTER, "de": {**LETTER, part: " "}}) == [("de", part)]
    assert contents.missing_parts({"en": {**LETTER, part: ""}}) == [("en", part)]
    assert len(contents.missing_parts({"en": {}})) == len(Part)


def breach(**values: object) -> Facts:
    given: dict[str, object] = {
        "report_by": NOW, "is_processor": False, "controller_told_at": None, "level": None, "is_exempt_from_report": False,
        "is_exempt_from_telling": False, "reported_at": None, "follows_by": None, "told_at": None, "is_documented": True,
    }  # fmt: skip
    return Facts(**{**given, **values})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("values", "open_"),
    [
        ({}, {Duty.DECIDE: Stands.OPEN, Duty.REPORT: Stands.OPEN}),
        ({"level": Level.NONE}, {Duty.REPORT: Stands.OPEN}),
        ({"level": Level.NONE, "is_exempt_from_report": True}, {}),
        # The exemption falls with the risk it rested on.
        ({"level": Level.RISK, "is_exempt_from_report": True}, {Duty.REPORT: Stands.OPEN}),
        ({"level": Level.HIGH, "reported_at": NOW}, {Duty.TELL: Stands.OPEN}),
        ({"level": Level.HIGH, "reported_at": NOW, "is_exempt_from_telling": True}, {}),
        ({"level": Level.HIGH, "reported_at": NOW, "told_at": NOW}, {}),
        ({"level": Level.RISK, "reported_at": NOW, "follows_by": NOW}, {Duty.FOLLOW: Stands.OPEN}),
        ({"is_documented": False, "is_processor": True}, {Duty.CONTROLLER: Stands.OPEN, Duty.DOCUMENT: Stands.OPEN}),
    ],
)
def test_what_a_breach_still_asks(values: dict[str, object], open_: dict[Duty, Stands]) -> None:
    stands = breach(**values)
    before = NOW - HOUR

    asks = {step.duty: step.stands for step in standing.steps(stands, now=before)}

    assert {duty: how for duty, how in asks.items() if how in {Stands.OPEN, Stands.LATE}} == open_
    assert standing.is_settled(stands, now=before) == (not open_)
    late = {step.duty for step in standing.steps(stands, now=NOW) if step.stands is Stands.LATE}
    assert late == set(open_) & {Duty.REPORT, Duty.FOLLOW}
