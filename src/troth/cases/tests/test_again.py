"""The same customer, the same cause, soon: it is recognised, says what was promised the first time, and outranks all."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st
from tests.faces import Shop, page, signed_in, statements
from tests.people_and_things import DAY, HOUR, NOW, handle, new_facts

from troth.cases import actions
from troth.cases.actions import again
from troth.cases.models import Case
from troth.cases.rules.again import SOON, Earlier, first_time, may_be_again, soon, weight
from troth.cases.rules.corrections import Field
from troth.people import actions as people
from troth.people.models import Team
from troth.promises import actions as promises
from troth.words.causes import Cause

LATE = (
    "My parcel is late again. You said it would be here last week and it has still not come. This is not good enough."
)


def a_case(shop: Shop, *, ago: timedelta = timedelta(0), text: str = LATE, **values: Any) -> Case:
    case = shop.case(text=text, at=NOW - ago, now=NOW - ago, **values)
    case.refresh_from_db()
    return case


def told(case: Case) -> list[tuple[str, str, bool]]:
    """Before, after and whether somebody said so, of every word about it."""
    facts = new_facts(f"case:{case.pk}")
    return [
        (values["before"], values["after"], bool(values["by"]))
        for _kind, values in facts
        if values.get("field") == "again_of"
    ]


# What is again


def test_what_is_like_and_near_weighs_more() -> None:
    near, far = Earlier(1, 5 * DAY, 0.0), Earlier(2, 80 * DAY, 0.0)
    far_but_alike = Earlier(3, 20 * DAY, 1.0)

    assert first_time([near, far], cause="late") == 1
    assert first_time([near, far_but_alike], cause="late") == 3
    assert first_time([Earlier(4, SOON + DAY, 1.0)], cause="late") is None
    assert first_time([], cause="late") is None


@given(
    days=st.floats(0, 89), nearer=st.floats(0, 1), alike=st.floats(0, 1), more=st.floats(0, 1)
)  # what is nearer, or more alike, never weighs less
def test_weight_grows_with_likeness_and_nearness(days: float, nearer: float, alike: float, more: float) -> None:
    first = weight(Earlier(1, timedelta(days=days), alike * more), window=SOON)

    assert 0 <= first <= 1
    assert weight(Earlier(1, timedelta(days=days * nearer), alike * more), window=SOON) >= first - 1e-9
    assert weight(Earlier(1, timedelta(days=days), alike), window=SOON) >= first - 1e-9


def test_each_cause_has_its_window_and_some_have_none() -> None:
    assert {cause.value: soon(cause) for cause in Cause if soon(cause) != SOON} == {
        "poor_quality": 180 * DAY, "not_as_described": 180 * DAY, "safety_or_breach": 365 * DAY, "other": None,
    }  # fmt: skip
    assert soon("") is None
    assert not may_be_again(kind="compliment", cause="late", is_sure=True)
    assert not may_be_again(kind="complaint", cause="late", is_sure=False)


# When a case opens


def test_a_second_case_of_the_same_cause_is_the_first_again(shop: Shop) -> None:
    first = a_case(shop, ago=10 * DAY)

    second = a_case(shop)

    assert (first.cause, first.again_of_id) == ("late", None)
    assert second.again_of_id == first.pk
    assert told(second) == [("", f"case:{first.pk}", False)]


@pytest.mark.parametrize(
    ("ago", "text", "who"),
    [
        (100 * DAY, LATE, "ann"),
        (10 * DAY, "Where is your shop?", "ann"),
        (10 * DAY, "The table arrived broken and scratched, it is of very poor quality.", "ann"),
        (10 * DAY, LATE, "bob"),
    ],
    ids=["too long ago", "no cause", "another cause", "another customer"],
)
def test_what_is_not_again(shop: Shop, ago: timedelta, text: str, who: str) -> None:
    a_case(shop, ago=ago, text=text, who=getattr(shop, who))

    second = a_case(shop)

    assert second.again_of_id is None
    assert told(second) == []


def test_who_was_merged_is_one_customer(shop: Shop) -> None:
    other = handle("ann@work.example", name="Ann")
    first = a_case(shop, ago=10 * DAY, who=other)
    people.merge(front=shop.ann.customer, merged=other.customer, by=shop.lea, now=NOW)

    assert a_case(shop).again_of_id == first.pk


def test_it_is_near_by_the_last_word_of_the_first_time(shop: Shop) -> None:
    first = a_case(shop, ago=100 * DAY)
    shop.message(case_id=first.pk, text="Still nothing.", at=NOW - 5 * DAY, now=NOW - 5 * DAY)

    assert a_case(shop).again_of_id == first.pk


def test_nothing_is_said_where_nobody_knows_who_wrote(shop: Shop) -> None:
    first = a_case(shop, ago=10 * DAY)
    second = a_case(shop, unverified=True)
    assert second.again_of_id is None

    actions.accept_sender(second, by=shop.sam, now=NOW)

    second.refresh_from_db()
    assert second.again_of_id == first.pk


def test_it_costs_one_statement_where_it_is_the_first_time(shop: Shop) -> None:
    case = a_case(shop)

    with CaptureQueriesContext(connection) as asked:
        assert not again.look_again(case, now=NOW)

    assert len(asked) == 1
    Case.objects.filter(pk=case.pk).update(cause="")
    case.refresh_from_db()
    with CaptureQueriesContext(connection) as asked:
        assert not again.look_again(case, now=NOW)
    assert len(asked) == 0


# When its cause changes


def test_a_cause_that_is_corrected_or_set_is_looked_at_again(shop: Shop) -> None:
    first = a_case(shop, ago=10 * DAY)
    message = shop.message(text="Where is your shop?")
    second = message.case
    assert second.again_of_id is None

    actions.correct(message.pk, said={Field.CAUSES: ["late"]}, by=shop.sam, now=NOW)
    second.refresh_from_db()
    assert second.again_of_id == first.pk
    actions.set_cause(second, cause="hidden_fee", by=shop.sam, now=NOW)
    second.refresh_from_db()
    assert second.again_of_id is None
    actions.set_cause(second, cause="late", by=shop.sam, now=NOW)

    second.refresh_from_db()
    assert second.again_of_id == first.pk
    about = f"case:{first.pk}"
    assert told(second) == [("", about, True), (about, "", True), ("", about, True)]


def test_a_cause_set_by_hand_stays_whatever_is_read(shop: Shop) -> None:
    message = shop.message(text="Where is your shop?")
    actions.set_cause(message.case, cause="hidden_fee", by=shop.sam, now=NOW)

    actions.correct(message.pk, said={Field.CAUSES: ["late"]}, by=shop.sam, now=NOW)

    message.case.refresh_from_db()
    assert (message.case.cause, message.case.cause_by_hand) == ("hidden_fee", True)


# What staff say


def test_what_staff_deny_is_remembered_and_can_be_taken_back(shop: Shop) -> None:
    first, second = a_case(shop, ago=10 * DAY), a_case(shop)
    sam = signed_in(shop.sam)

    sam.post(f"/cases/{second.pk}/again/", {"same": "no"})
    actions.set_cause(second, cause="hidden_fee", by=shop.sam, now=NOW)
    actions.set_cause(second, cause="late", by=shop.sam, now=NOW)

    second.refresh_from_db()
    assert second.again_of_id is None  # nobody is told so twice
    assert f"Not the same as #{first.pk}" in page(sam, f"/cases/{second.pk}/")
    sam.post(f"/cases/{second.pk}/again/", {"same": "yes"})
    second.refresh_from_db()
    assert (second.again_of_id, second.not_again_of_id) == (first.pk, None)
    about = f"case:{first.pk}"
    assert told(second) == [("", about, False), (about, "", True), ("", about, True)]


def test_the_page_says_what_was_promised_and_whether_it_was_kept(shop: Shop) -> None:
    first = a_case(shop, ago=10 * DAY)
    kept = shop.promise(
        case=first, what="ring you at noon", due=NOW - 8 * DAY, said_at=NOW - 10 * DAY, now=NOW - 10 * DAY
    )
    promises.keep(kept, by=shop.sam, now=NOW - 9 * DAY)
    second = a_case(shop)
    sam = signed_in(shop.sam)

    text = page(sam, f"/cases/{second.pk}/")

    notice = text.partition("The second time: Late")[2].partition("</section>")[0]
    assert f'href="/cases/{first.pk}/"' in notice
    assert "ring you at noon" in notice
    assert "Kept" in notice
    assert "The second time" not in page(sam, f"/cases/{first.pk}/")
    assert statements(sam, f"/cases/{second.pk}/") == statements(sam, f"/cases/{first.pk}/")


def test_the_second_time_outranks_everything_on_today(shop: Shop) -> None:
    a_case(shop, ago=10 * DAY)
    actions.set_status(Case.objects.get(), status="resolved", by=shop.sam, now=NOW)
    overdue = shop.promise(shop.bob, due=NOW + HOUR, what="ring Bob")
    second = a_case(shop)
    Case.objects.filter(pk=second.pk).update(answer_by=NOW + 5 * DAY)

    text = page(signed_in(shop.sam), "/today/")

    assert text.index(f"row-case-{second.pk}") < text.index(f"row-promise-{overdue.pk}")
    assert "Second time" in text


def test_an_answer_that_was_promised_outranks_everything_too(shop: Shop) -> None:
    a_case(shop, ago=10 * DAY)
    shop.promise(shop.bob, due=NOW + HOUR, what="ring Bob")
    message = shop.message(text=LATE)
    assert actions.acknowledge(message, now=NOW)

    text = page(signed_in(shop.sam), "/today/")

    assert text.index('data-near="again"') < text.index("ring Bob")
    assert text.count("Second time") == 1


def test_nobody_hears_of_a_first_time_in_a_team_that_is_closed_to_them(shop: Shop) -> None:
    first = a_case(shop, ago=10 * DAY)
    closed = Team.objects.create(name="Complaints about staff", is_closed=True)
    Case.objects.filter(pk=first.pk).update(team=closed)
    second = a_case(shop)
    assert second.again_of_id == first.pk
    sam, aud = signed_in(shop.sam), signed_in(shop.aud)

    for path in (f"/cases/{second.pk}/", "/cases/", "/today/"):
        assert "econd time" not in page(sam, path), path
        assert "econd time" in page(aud, path), path
