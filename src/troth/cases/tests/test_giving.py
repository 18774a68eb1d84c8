"""Giving cases: in turn, by load, to whoever is here; what a person decided stays; and handing over with a way back."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import close_old_connections, connection
from hypothesis import given
from hypothesis import strategies as st
from tests import people_and_things as things
from tests.faces import Shop, page, said, signed_in
from tests.people_and_things import DAY, FRIDAY, HOUR, NOW, new_facts

from troth.cases import actions
from troth.cases.actions import giving
from troth.cases.models import Case, HandOver
from troth.cases.rules.giving import Colleague, next_one
from troth.people.models import Staff, Team
from troth.people.rules.assigns import Assigns
from troth.promises.models import Promise

BACK = NOW + 5 * DAY


def orders(assigns: Assigns = Assigns.ROUND, **values: Any) -> tuple[Team, list[Staff]]:
    team = Team.objects.create(name="Orders", assigns=assigns, takes_new=True, **values)
    return team, [things.staff(f"{name}@parcel.example", team=team) for name in ("kim", "liv", "max")]


def owners(shop: Shop, count: int) -> list[str]:
    """Whose each of so many new cases is."""
    found = []
    for number in range(count):
        case = shop.case(subject=f"no. {number}", now=NOW + timedelta(minutes=number))
        case.refresh_from_db()
        found.append(case.assignee.name if case.assignee else "")
    return found


def given_facts(case: Case) -> list[dict[str, Any]]:
    return [values for kind, values in new_facts(f"case:{case.pk}") if kind == "CaseGiven"]


# The rule


@given(
    st.lists(
        st.builds(Colleague, st.integers(1, 9), st.none() | st.datetimes().map(lambda at: NOW), st.integers(0, 5)),
        unique_by=lambda one: one.staff,
    ),
    st.sampled_from(list(Assigns)),
    st.randoms(),
)
def test_the_same_one_is_chosen_in_whatever_order_they_come(found: list[Colleague], way: Assigns, dice: Any) -> None:
    chosen = next_one(way, found)
    dice.shuffle(found)

    assert next_one(way, found) == chosen
    assert (chosen is None) == (way is Assigns.HAND or not found)
    if way is Assigns.LOAD and found:
        assert next(one.load for one in found if one.staff == chosen) == min(one.load for one in found)


# In turn


def test_new_cases_go_round(shop: Shop) -> None:
    orders()

    assert owners(shop, 5) == ["Kim", "Liv", "Max", "Kim", "Liv"]
    case = Case.objects.earliest("pk")
    kim = f"staff:{case.assignee_id}"
    assert given_facts(case) == [{"before": "", "after": kim, "why": "round", "by": ""}]


def test_who_is_away_closed_or_only_reads_is_passed_over_and_is_next_once_when_back(shop: Shop) -> None:
    team, [kim, liv, _max] = orders()
    things.staff("aud2@parcel.example", role="auditor", team=team)
    Staff.objects.filter(pk=liv.pk).update(is_active=False)
    giving.set_away(kim, since=None, until=NOW + HOUR, now=NOW)
    assert owners(shop, 3) == ["Max", "Max", "Max"]

    cases = [shop.case(now=NOW + 2 * HOUR + timedelta(minutes=number)) for number in range(3)]

    for case in cases:
        case.refresh_from_db()
    assert [case.assignee.name for case in cases if case.assignee] == ["Kim", "Max", "Kim"]


def test_where_nobody_is_here_it_waits_for_somebody(shop: Shop) -> None:
    _team, everybody = orders()
    for one in everybody:
        giving.set_away(one, since=None, until=BACK, now=NOW)

    assert owners(shop, 1) == [""]


def test_a_team_that_gives_by_hand_gives_nothing(shop: Shop) -> None:
    orders(Assigns.HAND)

    assert owners(shop, 1) == [""]


def test_whoever_has_least_to_do_is_given_the_next(shop: Shop) -> None:
    team, [kim, liv, _max] = orders(Assigns.LOAD)
    for _number in range(2):
        Case.objects.filter(pk=shop.case(team_id=shop.team.pk).pk).update(assignee=kim)
    shop.promise(owner=liv, due=NOW + HOUR)
    shop.promise(owner=liv, due=NOW + 30 * DAY)  # far away: no work yet

    assert owners(shop, 4) == ["Max", "Liv", "Max", "Kim"]
    assert Case.objects.filter(team=team).count() == 4


def test_a_case_that_joins_a_team_is_given_there(shop: Shop) -> None:
    case = shop.case()
    team, [kim, *_others] = orders()

    actions.set_team(case, team=team, by=shop.lea, now=NOW)

    case.refresh_from_db()
    assert (case.assignee, case.given_by_rule) == (kim, True)


# What a person decided


def test_what_a_person_decided_stays(shop: Shop) -> None:
    team, [_kim, liv, _max] = orders()
    case = shop.case()
    actions.assign(case, assignee=shop.sam, by=shop.lea, now=NOW)

    actions.set_team(case, team=team, by=shop.lea, now=NOW)
    shop.message(case_id=case.pk, text="One word more.")

    case.refresh_from_db()
    assert (case.assignee, case.given_by_rule) == (shop.sam, False)
    assert len(given_facts(case)) == 1
    assert liv.given_at is None


@pytest.mark.parametrize(
    ("by_hand", "is_away", "whose"), [(False, False, "Kim"), (False, True, "Liv"), (True, True, "Kim")]
)
def test_a_reopened_case_is_its_owners_unless_they_are_away(
    shop: Shop, by_hand: bool, is_away: bool, whose: str
) -> None:
    _team, [kim, *_others] = orders()
    case = shop.case()
    if by_hand:
        actions.assign(case, assignee=None, by=shop.lea, now=NOW)
        actions.assign(case, assignee=kim, by=shop.lea, now=NOW)
    actions.set_status(case, status="resolved", by=shop.lea, now=NOW)
    if is_away:
        giving.set_away(kim, since=None, until=BACK, now=NOW)

    shop.message(case_id=case.pk, text="It broke again.", at=NOW + HOUR, now=NOW + HOUR)

    case.refresh_from_db()
    assert case.assignee is not None
    assert (case.status, case.assignee.name) == ("open", whose)


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_give_to_two() -> None:
    things.company()
    handle = things.handle()
    orders()
    ready = threading.Barrier(2)

    def open_cases() -> None:
        try:
            ready.wait(10)
            for _number in range(3):
                actions.open_or_join(handle=handle, text="Where is it?", at=NOW, now=NOW)
        finally:
            connection.close()

    workers = [threading.Thread(target=open_cases) for _number in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(30)
    close_old_connections()

    # One after the other: everybody once, and where the clock tells nobody apart the first among them.
    assert sorted(owner.cases.count() for owner in Staff.objects.all()) == [1, 1, 4]
    assert [len(given_facts(case)) for case in Case.objects.all()] == [1] * 6


# Away, and handing over


def test_one_says_that_one_is_away_and_a_lead_says_it_of_others(shop: Shop) -> None:
    sam, lea = signed_in(shop.sam), signed_in(shop.lea)

    assert "Noted" in said(sam.post("/away/", {"until": "2026-11-16T09:00"}))
    assert sam.post("/away/", {"staff": str(shop.lea.pk), "until": "2026-11-16T09:00"}).status_code == 403
    shop.sam.refresh_from_db()
    assert shop.sam.is_away(NOW)
    assert "Say until when" in said(sam.post("/away/", {"until": "2026-11-11T09:00"}))
    assert "here again" in said(lea.post("/away/", {"staff": str(shop.sam.pk), "back": "yes"}))
    shop.sam.refresh_from_db()
    assert (shop.sam.away_until, shop.lea.away_until) == (None, None)


def test_what_falls_due_is_shown_to_the_lead_handed_over_and_taken_back(shop: Shop) -> None:
    case = shop.case()
    actions.assign(case, assignee=shop.sam, by=shop.lea, now=NOW)
    due, later = shop.promise(due=FRIDAY, what="ring Ann"), shop.promise(due=NOW + 30 * DAY, what="write to Ann")
    giving.set_away(shop.sam, since=None, until=BACK, now=NOW)
    lea = signed_in(shop.lea)

    text = page(lea, "/away/")
    assert [words in text for words in (f"#{case.pk}", "ring Ann", "write to Ann")] == [True, True, False]
    assert "Handed over to Lea" in said(lea.post("/away/over/", {"staff": str(shop.sam.pk), "to": str(shop.lea.pk)}))

    def whose() -> list[str]:
        case.refresh_from_db()
        rows = Promise.objects.filter(pk__in=[due.pk, later.pk]).order_by("pk").select_related("owner")
        return [one.name if one else "" for one in (case.assignee, *(row.owner for row in rows))]

    assert whose() == ["Lea", "Lea", "Sam"]
    [handed] = HandOver.objects.all()
    assert "Taken back" in said(lea.post("/away/back/", {"handed": str(handed.pk)}))
    assert whose() == ["Sam", "Sam", "Sam"]
    assert giving.hand_back(handed, by=shop.lea, now=NOW) is None
    assert [values["why"] for values in given_facts(case)] == ["handed_over", "handed_back"]


def test_what_went_on_since_stays_where_it_went(shop: Shop) -> None:
    case = shop.case()
    actions.assign(case, assignee=shop.sam, by=shop.lea, now=NOW)
    giving.set_away(shop.sam, since=None, until=BACK, now=NOW)
    handed = giving.hand_over(shop.sam, to=shop.lea, by=shop.lea, now=NOW)
    assert handed
    other = things.staff("ada@parcel.example", role="admin")
    actions.assign(case, assignee=other, by=other, now=NOW)

    assert giving.hand_back(handed, by=shop.lea, now=NOW) == 0
    case.refresh_from_db()
    assert case.assignee == other


def test_nothing_of_a_closed_team_goes_to_whoever_does_not_see_it(shop: Shop) -> None:
    closed = Team.objects.create(name="Complaints about staff", is_closed=True)
    case = shop.case(team_id=closed.pk)
    kim = things.staff("kim@parcel.example", team=closed)
    actions.assign(case, assignee=kim, by=kim, now=NOW)
    giving.set_away(kim, since=None, until=BACK, now=NOW)
    ada = things.staff("ada@parcel.example", role="admin")

    assert giving.hand_over(kim, to=shop.sam, by=ada, now=NOW) is None
    assert giving.hand_over(kim, to=ada, by=shop.lea, now=NOW) is None
    assert f"#{case.pk}" not in page(signed_in(shop.lea), "/away/")
    handed = giving.hand_over(kim, to=ada, by=ada, now=NOW)
    assert handed
    assert "belongs to a closed team" in said(signed_in(shop.lea).post("/away/back/", {"handed": str(handed.pk)}))
    case.refresh_from_db()
    assert case.assignee == ada
    assert giving.hand_back(handed, by=ada, now=NOW) == 1
    with pytest.raises(giving.NothingToHandOver):
        giving.hand_over(shop.sam, to=ada, by=ada, now=NOW)


def test_a_team_is_told_how_it_gives_and_one_team_takes_what_is_new(shop: Shop) -> None:
    ada = signed_in(things.staff("ada@parcel.example", role="admin"))
    for name in ("Orders", "Repairs"):
        ada.post("/teams/", {"name": name, "sight": "open", "assigns": "load", "takes_new": "yes"})

    assert list(Team.objects.filter(takes_new=True).values_list("name", "assigns")) == [("Repairs", "load")]
