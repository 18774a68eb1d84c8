"""By when a customer may expect an answer: drawn from what was measured, and once told a promise."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from tests.faces import Shop, page, signed_in
from tests.people_and_things import NOW, text_of

from troth.cases import actions as cases
from troth.cases.expecting import expected_answer
from troth.cases.models import Case, Expected
from troth.clocks.models import Clock
from troth.people.queries import hours_of
from troth.post.models import Letter
from troth.promises.models import Promise

HOUR = timedelta(hours=1)
pytestmark = pytest.mark.django_db


def answered(shop: Shop, count: int, *, after: timedelta) -> None:
    """So many first answers of the last days, each after so much open time."""
    hours, like = hours_of(), first_clock(shop)
    for number in range(count):
        begun = hours.next_open(NOW - timedelta(days=3 + number % 14))
        like.pk, like.number, like.state = None, number + 10, "met"
        like.started_at, like.met_at, like.spent = begun, hours.add_working_time(begun, after), after
        like.save(force_insert=True)


def first_clock(shop: Shop) -> Clock:
    """Of a case that has no other."""
    about = f"case:{shop.case().pk}"
    clock = Clock.objects.get(about=about, sort="first")
    Clock.objects.filter(about=about).delete()
    return clock


def told(shop: Shop) -> tuple[Case, Promise]:
    message = shop.message(shop.ann, "Where is my parcel?", verified=True)
    assert cases.acknowledge(message, now=NOW)
    return Case.objects.get(pk=message.case_id), Promise.objects.get(about=f"case:{message.case_id}", sort="answer")


def test_a_customer_is_told_what_nearly_all_lately_had_and_it_is_a_promise(shop: Shop) -> None:
    answered(shop, 24, after=2 * HOUR)
    cases.measure_answers(now=NOW)

    case, promise = told(shop)

    expected = hours_of().add_working_time(NOW, 2 * HOUR)
    assert promise.due == expected != case.answer_by
    assert (datetime.fromisoformat(case.told["by"]), case.told["n"]) == (expected, 24)
    assert expected.strftime("%H:%M") in text_of(Letter.objects.get(because=f"case:{case.pk}"))
    assert "Of 24 cases of this kind" in page(signed_in(shop.sam), f"/cases/{case.pk}/")


def test_where_little_was_measured_our_own_target_is_told_and_staff_see_that(shop: Shop) -> None:
    answered(shop, 5, after=2 * HOUR)
    cases.measure_answers(now=NOW)

    case, promise = told(shop)

    assert promise.due == case.answer_by
    assert "it is our own target" in page(signed_in(shop.sam), f"/cases/{case.pk}/")


def test_who_waits_for_days_is_not_left_out(shop: Shop) -> None:
    answered(shop, 12, after=HOUR)
    cases.measure_answers(now=NOW)
    assert not Expected.objects.exists()
    for _ in range(12):
        waits = first_clock(shop)
        waits.pk, waits.started_at = None, NOW - timedelta(days=7)
        waits.save(force_insert=True)

    cases.measure_answers(now=NOW)

    assert Expected.objects.get(kind="", part=None).span > 30 * HOUR  # five office days, not one hour


def test_what_was_measured_takes_the_place_of_what_was_measured_before(shop: Shop) -> None:
    answered(shop, 24, after=2 * HOUR)
    cases.measure_answers(now=NOW)
    before = expected_answer(now=NOW)
    Clock.objects.update(spent=HOUR)

    cases.measure_answers(now=NOW)

    after = expected_answer(now=NOW)
    assert before
    assert after == before - HOUR
    assert set(Expected.objects.values_list("n", flat=True)) >= {24}


def test_nothing_measured_long_ago_counts(shop: Shop) -> None:
    answered(shop, 24, after=2 * HOUR)

    cases.measure_answers(now=NOW + timedelta(weeks=9))

    assert not Expected.objects.exists()


def test_an_urgent_case_is_told_what_urgent_ones_had(shop: Shop) -> None:
    answered(shop, 24, after=6 * HOUR)
    Case.objects.update(urgency="high")
    Clock.objects.filter(sort="first", state="met").update(spent=HOUR)
    answered(shop, 24, after=6 * HOUR)
    cases.measure_answers(now=NOW)

    plain, _ = told(shop)
    message = shop.message(shop.bob, "Where is my parcel?", verified=True)
    Case.objects.filter(pk=message.case_id).update(urgency="high")
    message.case.refresh_from_db()
    assert cases.acknowledge(message, now=NOW)
    urgent = Case.objects.get(pk=message.case_id)

    assert (urgent.told["pace"], urgent.told["n"], plain.told["pace"]) == ("urgent", 24, "plain")
    assert datetime.fromisoformat(urgent.told["by"]) == hours_of().add_working_time(NOW, HOUR)
    assert "Only urgent ones were counted." in page(signed_in(shop.sam), f"/cases/{urgent.pk}/")


def test_nobody_is_told_a_later_time_than_we_owe_them(shop: Shop) -> None:
    answered(shop, 24, after=12 * HOUR)
    cases.measure_answers(now=NOW)

    case, promise = told(shop)

    assert promise.due == case.answer_by
    assert case.told["basis"] == "owed"
    assert "fewer than nine in ten were answered by then" in page(signed_in(shop.sam), f"/cases/{case.pk}/")
