from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from troth.cases.rules.gate import Answer, Choice, Objection, Why, answers_by_themselves, keyed, objections
from troth.reading import Due, FoundPromise
from troth.words.hours import office
from troth.words.promises import Sort, State, Strength

HOURS = office("Europe/London", "GB", "ENG")
NOW = datetime(2026, 11, 11, 10, tzinfo=UTC)  # a Wednesday
FRIDAY = datetime(2026, 11, 13, 17, tzinfo=UTC)


def found(quote: str = "We'll ring you.", *, due: datetime | None = None, condition: str = "") -> FoundPromise:
    said = Due(at=due, window_start=None, words="by Friday", ambiguous=False, date_only=True) if due else None
    return FoundPromise(
        who="we",
        what="ring you",
        quote=quote,
        start=0,
        end=len(quote),
        strength=Strength.PROMISE,
        condition=condition,
        due=said,
    )


def answer(choice: Choice = Choice.PROMISE, *, due: datetime | None = FRIDAY, nth: int = 0) -> Answer:
    return Answer(quote="We'll ring you.", choice=choice, what="ring you", due=due, nth=nth)


def shut(answers: list[Answer], *, promises: list[FoundPromise] | None = None, now: datetime = NOW) -> list[Why]:
    every = objections([found()] if promises is None else promises, answers, now=now, hours=HOURS)
    return [objection.why for objection in every]


@pytest.mark.parametrize(
    ("answers", "whys"),
    [
        ([], [Why.UNANSWERED]),
        ([answer()], []),
        ([answer(Choice.NOT_A_PROMISE, due=None)], []),
        ([answer(Choice.NEXT_WORD)], []),
        ([answer(Choice.NEXT_WORD, due=None)], [Why.NO_DATE]),
        ([answer(due=None)], [Why.NO_DATE]),
        ([answer(due=NOW)], [Why.PASSED]),
        ([answer(Choice.ARMED, due=None)], []),
        ([answer(Choice.ARMED, due=NOW - timedelta(days=1))], [Why.PASSED]),
        ([answer(nth=1)], [Why.UNANSWERED]),
    ],
)
def test_gate_opens_for_a_promise_with_a_feasible_date_only(answers: list[Answer], whys: list[Why]) -> None:
    assert shut(answers) == whys


def test_reply_without_a_promise_leaves() -> None:
    assert shut([], promises=[]) == []


@pytest.mark.parametrize(
    ("now", "due", "whys"),
    [
        ("2026-11-13T18:00", "2026-11-16T08:00", [Why.NO_ONE_THERE]),  # said on Friday evening, for before Monday
        ("2026-11-13T18:00", "2026-11-16T12:00", []),
        ("2026-11-13T16:59", "2026-11-14T12:00", []),  # somebody is there now
        ("2026-12-24T18:00", "2026-12-28T12:00", [Why.NO_ONE_THERE]),  # Boxing Day's substitute
    ],
)
def test_nothing_is_promised_for_when_nobody_is_there(now: str, due: str, whys: list[Why]) -> None:
    moments = [datetime.fromisoformat(text).replace(tzinfo=UTC) for text in (now, due)]

    assert shut([answer(due=moments[1])], now=moments[0]) == whys


def test_armed_promise_may_wait_for_the_customer_over_a_weekend() -> None:
    friday_evening = datetime(2026, 11, 13, 18, tzinfo=UTC)

    assert shut([answer(Choice.ARMED, due=datetime(2026, 11, 15, 12, tzinfo=UTC))], now=friday_evening) == []


def test_two_promises_in_one_sentence_need_two_answers() -> None:
    both = [found(), found()]

    assert objections(both, [answer()], now=NOW, hours=HOURS) == (Objection("We'll ring you.", Why.UNANSWERED),)
    assert shut([answer(), answer(nth=1)], promises=both) == []
    assert [key for key, _ in keyed(both)] == [("We'll ring you.", 0), ("We'll ring you.", 1)]


def test_sentences_that_say_their_date_or_condition_answer_themselves() -> None:
    dated, armed, bare = found("A.", due=FRIDAY), found("B.", condition="DM us"), found("C.")

    assert answers_by_themselves([dated, armed, bare]) == (
        Answer(quote="A.", choice=Choice.PROMISE, what="ring you", due=FRIDAY),
        Answer(quote="B.", choice=Choice.ARMED, what="ring you", condition="DM us"),
    )


@pytest.mark.parametrize(
    ("choice", "sort", "state"),
    [
        (Choice.PROMISE, Sort.DEED, State.OPEN),
        (Choice.NEXT_WORD, Sort.NEXT_WORD, State.OPEN),
        (Choice.ARMED, Sort.DEED, State.ARMED),
    ],
)
def test_answer_says_what_is_recorded(choice: Choice, sort: Sort, state: State) -> None:
    assert (answer(choice).sort, answer(choice).state) == (sort, state)


@given(
    st.builds(
        Answer,
        quote=st.text(),
        choice=st.sampled_from(Choice),
        what=st.text(),
        due=st.none() | st.datetimes(timezones=st.just(UTC)),
        condition=st.text(),
        nth=st.integers(0, 9),
    )
)
def test_answer_survives_being_written_down(answer: Answer) -> None:
    assert Answer.from_plain(answer.to_plain()) == answer


@given(st.lists(st.sampled_from(["A.", "B."]), max_size=5), st.sets(st.integers(0, 4)))
def test_gate_is_shut_exactly_while_a_promise_has_no_answer(quotes: list[str], left_out: set[int]) -> None:
    promises = [found(quote) for quote in quotes]
    answers = [
        Answer(quote=key[0], choice=Choice.PROMISE, what="x", due=FRIDAY, nth=key[1])
        for place, (key, _) in enumerate(keyed(promises))
        if place not in left_out
    ]

    assert bool(objections(promises, answers, now=NOW, hours=HOURS)) == (len(answers) < len(promises))
