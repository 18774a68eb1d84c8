"""Putting a case aside: what holds meanwhile, and what brings it back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st
from tests.faces import Shop, page, said, signed_in
from tests.people_and_things import DAY, HOUR, NOW, new_facts

from troth import reading
from troth.cases import actions, tasks
from troth.cases.models import Case
from troth.cases.rules.snooze import Offer, asks_something, offers
from troth.words.hours import Hours, office, round_the_clock
from troth.words.messages import Direction

MONDAY_NINE = datetime(2026, 11, 16, 9, tzinfo=UTC)


def put_aside(shop: Shop, until: datetime | None = MONDAY_NINE, **values: object) -> Case:
    case = shop.case(**values)
    Case.objects.filter(pk=case.pk).update(unanswered_since=None, answer_by=None, status="waiting")
    assert actions.snooze(case, until=until, by=shop.sam, now=NOW)
    case.refresh_from_db()
    return case


def aside_until(case: Case) -> datetime | None:
    case.refresh_from_db()
    return case.snoozed_until if case.snoozed_by_id else NOW


def facts_of(case: Case) -> list[tuple[str, str]]:
    told = new_facts(f"case:{case.pk}")
    return [(kind, values.get("why", "")) for kind, values in told if kind in {"CaseSnoozed", "CaseWoken"}]


# The offers


def test_offers_lie_in_working_hours_on_the_clock_of_whoever_asks() -> None:
    there = {one.offer: one.at for one in offers(NOW, hours=office("Europe/London"), zone="America/New_York")}

    # Five in the morning in New York: the office there is not open in three hours, and opens at nine of its own day.
    assert there == {
        Offer.NEXT_DAY: datetime(2026, 11, 12, 14, tzinfo=UTC),
        Offer.MONDAY: datetime(2026, 11, 16, 14, tzinfo=UTC),
        Offer.NEXT_WEEK: datetime(2026, 11, 18, 14, tzinfo=UTC),
    }


def test_later_today_is_offered_only_while_somebody_is_there() -> None:
    hours = office("Europe/London")

    def first(at: datetime) -> Offer:
        return offers(at, hours=hours, zone="Europe/London")[0].offer

    assert [first(NOW), first(NOW + 5 * HOUR)] == [Offer.LATER_TODAY, Offer.NEXT_DAY]
    friday = offers(NOW + 2 * DAY, hours=hours, zone="Europe/London")
    assert [(one.offer, one.at) for one in friday] == [
        (Offer.LATER_TODAY, NOW + 2 * DAY + 3 * HOUR),
        (Offer.NEXT_DAY, MONDAY_NINE),
        (Offer.NEXT_WEEK, MONDAY_NINE + 4 * DAY),
    ]


def test_a_morning_is_no_midnight_where_work_never_ends() -> None:
    found = offers(NOW, hours=round_the_clock("Europe/London"), zone="Europe/London")

    assert [one.at.hour for one in found if one.offer is not Offer.LATER_TODAY] == [8, 8, 8]


@given(
    minutes=st.integers(0, 3 * 365 * 24 * 60),
    zone=st.sampled_from(["Europe/London", "America/New_York", "Asia/Kathmandu", "Pacific/Apia"]),
    hours=st.sampled_from([office("Europe/London", "GB", "ENG"), round_the_clock("UTC")]),
)
def test_every_offer_is_ahead_of_now_open_and_told_once(minutes: int, zone: str, hours: Hours) -> None:
    at = NOW + timedelta(minutes=minutes)
    found = [one.at for one in offers(at, hours=hours, zone=zone)]

    assert found == sorted(set(found))
    assert all(one > at for one in found)
    there = Hours(zone=zone, week=hours.week, country=hours.country, subdivision=hours.subdivision)
    assert all(there.is_open(one) for one in found)


@pytest.mark.parametrize(
    ("words", "asks"),
    [
        ("Thanks!", False),
        ("Thank you so much, that is great.", False),
        ("Thanks. When does it come?", True),
        ("Please send me a new one.", True),
        ("This is unacceptable, it is broken again.", True),
        ("", False),
    ],
)
def test_what_asks_something_of_us_is_told_from_thanks(words: str, asks: bool) -> None:
    read = reading.read(words, at=NOW, calendar=office("Europe/London"), direction=Direction.INBOUND)

    assert asks_something(read, words) is asks


# What holds meanwhile


def test_freescout_5378_thanks_does_not_lose_the_date(shop: Shop) -> None:
    case = put_aside(shop)
    owed = shop.promise(case=case)

    shop.message(case_id=case.pk, text="Thanks!", at=NOW + HOUR, now=NOW + HOUR)

    assert aside_until(case) == MONDAY_NINE
    assert facts_of(case) == [("CaseSnoozed", "")]
    sam = signed_in(shop.sam)
    assert "Parcel</span>" in page(sam, "/cases/")  # what came is shown
    text = page(sam, "/today/")
    assert f"row-promise-{owed.pk}" in text
    assert f"row-case-{case.pk}" in text
    actions.set_status(case, status="waiting", by=shop.sam, now=NOW + HOUR)  # nothing to answer: it stays aside
    assert "Parcel</span>" not in page(sam, "/cases/?view=waiting")
    with time_machine.travel(MONDAY_NINE, tick=False):
        assert tasks.wake() == 1
        assert "Parcel</span>" in page(sam, "/cases/?view=waiting")
    assert facts_of(case) == [("CaseSnoozed", ""), ("CaseWoken", "time")]


def test_a_question_ends_it(shop: Shop) -> None:
    case = put_aside(shop)

    shop.message(case_id=case.pk, text="Thanks. When will it come?", at=NOW + HOUR, now=NOW + HOUR)

    assert aside_until(case) == NOW
    assert facts_of(case) == [("CaseSnoozed", ""), ("CaseWoken", "customer")]


def test_any_word_ends_what_waits_for_one_and_an_automatic_one_does_not(shop: Shop) -> None:
    case = put_aside(shop, until=None)

    shop.message(case_id=case.pk, text="I am out of office.", automatic=True, at=NOW + HOUR, now=NOW + HOUR)
    assert facts_of(case) == [("CaseSnoozed", "")]
    shop.message(case_id=case.pk, text="Thanks!", at=NOW + HOUR, now=NOW + HOUR)

    assert facts_of(case) == [("CaseSnoozed", ""), ("CaseWoken", "customer")]


def test_a_talk_is_a_word_of_the_customer_too(shop: Shop) -> None:
    case = put_aside(shop, until=None)

    actions.note_talk(
        handle=shop.ann, case=case, staff=shop.sam, channel="phone", subject="", text="She rang.", at=NOW, now=NOW
    )

    assert facts_of(case) == [("CaseSnoozed", ""), ("CaseWoken", "customer")]


def test_what_is_put_aside_is_in_no_list_and_every_promise_stays_on_today(shop: Shop) -> None:
    case = put_aside(shop)
    owed = shop.promise(case=case)
    sam = signed_in(shop.sam)

    listed = [
        view
        for view in ("open", "mine", "waiting", "snoozed", "all")
        if "Parcel</span>" in page(sam, f"/cases/?view={view}")
    ]

    assert listed == ["snoozed", "all"]
    assert f"row-promise-{owed.pk}" in page(sam, "/today/")
    assert owed.due == type(owed).objects.get(pk=owed.pk).due


def test_a_list_needs_no_worker_to_show_what_is_due_again(shop: Shop) -> None:
    put_aside(shop)
    sam = signed_in(shop.sam)

    with time_machine.travel(MONDAY_NINE, tick=False):
        assert "Parcel</span>" in page(sam, "/cases/?view=waiting")
        assert "Parcel</span>" not in page(sam, "/cases/?view=snoozed")


def test_resolving_ends_it(shop: Shop) -> None:
    case = put_aside(shop)

    actions.set_status(case, status="resolved", by=shop.sam, now=NOW)

    assert facts_of(case) == [("CaseSnoozed", ""), ("CaseWoken", "resolved")]
    with pytest.raises(actions.NothingToSnooze):
        actions.snooze(case, until=MONDAY_NINE, by=shop.sam, now=NOW)


def test_the_worker_has_back_what_is_due_once(shop: Shop) -> None:
    due = [put_aside(shop), put_aside(shop, who=shop.bob)]
    later = put_aside(shop, until=MONDAY_NINE + timedelta(seconds=1))

    done = [actions.wake_due(now=MONDAY_NINE), actions.wake_due(now=MONDAY_NINE)]

    assert done == [2, 0]
    assert [facts_of(case)[-1] for case in (*due, later)] == [("CaseWoken", "time")] * 2 + [("CaseSnoozed", "")]


# The page


def test_it_is_put_aside_and_taken_back_on_its_page(shop: Shop) -> None:
    case = shop.case()
    sam = signed_in(shop.sam)

    answer = sam.post(f"/cases/{case.pk}/snooze/", {"until": MONDAY_NINE.isoformat()})

    assert "It comes back" in said(answer)
    assert aside_until(case) == MONDAY_NINE
    assert "Snoozed until" in page(sam, f"/cases/{case.pk}/")
    assert "back in the lists" in said(sam.post(f"/cases/{case.pk}/wake/"))
    assert facts_of(case) == [("CaseSnoozed", ""), ("CaseWoken", "staff")]


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({}, "Say until when"),
        ({"own": "nonsense"}, "Say until when"),
        ({"own": "2026-11-11T09:00"}, "has passed already"),
    ],
)
def test_a_time_that_is_none_or_past_is_said_and_nothing_happens(shop: Shop, form: dict[str, str], words: str) -> None:
    case = shop.case()

    assert words in said(signed_in(shop.sam).post(f"/cases/{case.pk}/snooze/", form))
    assert facts_of(case) == []


def test_an_own_time_is_in_the_zone_of_whoever_types_it(shop: Shop) -> None:
    case = shop.case()
    shop.sam.zone = "America/New_York"
    shop.sam.save()

    signed_in(shop.sam).post(f"/cases/{case.pk}/snooze/", {"own": "2026-11-16T09:00"})

    assert aside_until(case) == MONDAY_NINE + 5 * HOUR
