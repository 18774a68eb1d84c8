"""More complaints than usual: seldom by chance, never from a few, and told with the form to begin an incident filled in."""

from __future__ import annotations

from datetime import timedelta
from math import isclose

import pytest
from django.core.cache import caches
from hypothesis import given
from hypothesis import strategies as st
from tests.faces import Shop, page, signed_in
from tests.people_and_things import DAY, HOUR, NOW, handle

from troth.cases.models import Case
from troth.incidents import spikes as looked
from troth.incidents.rules.spike import CHANCE, DAYS_LEAST, LEAST, Count, spikes, tail
from troth.orders.models import Order

few, days = st.integers(0, 60), st.integers(DAYS_LEAST, 28)


def counted(now: int, before: int = 28, in_days: int = 28, *, product: str = "", hours: int = 8) -> Count:
    return Count("late", product, "", hours, now, before, in_days, NOW, tuple(range(now)))


@given(few, st.integers(0, 300), days)
def test_the_tail_is_a_probability_that_falls_with_the_count_and_rises_with_the_usual(
    n: int, before: int, span: int
) -> None:
    chance = tail(n, before=before, days=span)

    assert 0 <= chance <= 1
    assert tail(n + 1, before=before, days=span) <= chance + 1e-12
    assert tail(n, before=before + 1, days=span) >= chance - 1e-9
    assert tail(0, before=before, days=span) == 1


@given(st.integers(0, 40), days)
def test_the_probabilities_of_all_counts_make_one(before: int, span: int) -> None:
    each = [tail(n, before=before, days=span) - tail(n + 1, before=before, days=span) for n in range(400)]

    assert isclose(sum(each), 1, abs_tol=1e-6)
    # The mean of the negative binomial is the usual rate, but for the half that was added for not knowing.
    assert isclose(sum(n * one for n, one in enumerate(each)), (before + 0.5) / span, rel_tol=1e-3)


@given(st.integers(0, 80), st.integers(0, 400), st.integers(1, 28))
def test_no_spike_is_few_or_near_the_usual_or_without_a_usual(now: int, before: int, span: int) -> None:
    for spike in spikes([counted(now, before, span)]):
        assert now >= LEAST
        assert now * span >= 2 * before
        assert span >= DAYS_LEAST
        assert spike.chance < CHANCE


def test_nine_where_one_is_usual_is_a_spike_and_what_explains_it_is_named() -> None:
    assert [spike.usual for spike in spikes([counted(9)])] == [1.0]
    assert spikes([counted(3)]) == []
    assert spikes([counted(9, before=28 * 8)]) == []
    named = spikes([counted(9), counted(8, before=0, product="Oak table"), counted(9, hours=24)])
    assert [spike.count.product for spike in named] == ["Oak table"]
    assert [spike.count.product for spike in spikes([counted(9), counted(4, before=0, product="Oak table")])] == [""]


def complain(shop: Shop, number: int, *, ago: timedelta, product: str = "") -> Case:
    who = handle(f"c{number}@example.net", name=f"Customer {number}")
    if product:
        times = {"ordered_at": NOW - 20 * DAY, "noted_at": NOW, "changed_at": NOW}
        Order.objects.create(reference=f"o{number}", customer=who.customer, product=product, place="Hull", **times)
    case = shop.case(who)
    Case.objects.filter(pk=case.pk).update(kind="complaint", cause="late", opened_at=NOW - ago)
    return case


@pytest.mark.django_db
def test_the_list_points_at_it_and_the_form_is_filled_in(shop: Shop) -> None:
    caches["process"].clear()
    for day in range(1, 20):
        complain(shop, 100 + day, ago=day * DAY + HOUR)
    here = [complain(shop, number, ago=timedelta(minutes=10 * number), product="Oak table") for number in range(1, 10)]
    sam = signed_in(shop.sam)

    shown = page(sam, "/incidents/")

    assert "9 complaints about" in shown
    assert "Oak table" in shown
    assert "since 08:30; usually" in shown
    href = looked.shown(shop.sam, now=NOW)[0]["href"]
    filled = page(sam, href)
    assert 'value="Oak table"' in filled
    assert "9 cases are part of it" in filled
    assert 'value="2026-11-11T08:30"' in filled
    Case.objects.filter(pk__in=[case.pk for case in here]).update(incident="incident:1")
    caches["process"].clear()
    assert "complaints about" not in page(sam, "/incidents/")
