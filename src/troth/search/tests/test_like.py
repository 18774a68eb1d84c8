from __future__ import annotations

from datetime import timedelta

import pytest
from tests.faces import Shop, page, signed_in, statements
from tests.people_and_things import NOW, handle

from troth.cases import actions as cases
from troth.cases.models import Case, Message
from troth.people.models import Team
from troth.search.like import Like, like
from troth.search.rules.likeness import alike, likeness, shared, telling, weighed

HINGE = "The hinge of the cupboard door is broken and the screws do not hold any more."


def test_telling_words_are_those_that_few_passages_hold() -> None:
    shares = {"order": 0.5, "hing": 0.01, "door": 0.05}

    assert telling({"order": 3, "door": 1, "hing": 1, "4711": 2, "archer": 1}, shares) == ["hing", "door", "archer"]


def test_likeness_grows_with_each_thing_shared() -> None:
    none = likeness(meaning=0, shared=0, same_cause=False)
    some = likeness(meaning=0.5, shared=0, same_cause=False)
    more = likeness(meaning=0.5, shared=1, same_cause=False)

    assert none < some < more < likeness(meaning=0.5, shared=1, same_cause=True)
    assert shared(weighed({"a": 1, "b": 2}, {}), weighed({"a": 1, "b": 2}, {})) == pytest.approx(1)
    assert shared(weighed({"a": 1}, {}), weighed({"b": 1}, {})) == 0
    assert alike((1.0, 0.0), (1.0, 0.0)) == 1.0
    assert alike((1.0,), ()) == 0.0


def answered(
    shop: Shop, number: int, text: str = HINGE, reply: str = "Dear Ann,\n\nWe send you a new hinge. It fits."
) -> Case:
    who = handle(f"customer{number}@example.net", name=f"Customer {number}")
    case = shop.case(who, text, subject=f"Hinge {number}")
    Message.objects.create(case=case, direction="outbound", at=NOW, staff=shop.sam, text=reply)
    Case.objects.filter(pk=case.pk).update(unanswered_since=None)
    case.refresh_from_db()
    return case


def found(shop: Shop, case: Case) -> list[Like]:
    return like(shop.sam, case, now=NOW + timedelta(hours=1))


@pytest.mark.django_db
def test_what_was_promised_how_it_ended_and_how_the_answer_began(shop: Shop) -> None:
    past = answered(shop, 1)
    promise = shop.promise(case=past, what="send a hinge")
    cases.set_status(past, status="resolved", by=shop.sam, now=NOW + timedelta(hours=30))
    case = shop.case(text="One hinge of my cupboard is broken, and its screws are loose.")

    [one] = found(shop, case)

    assert (one.id, one.took, one.began) == (past.pk, timedelta(hours=30), "We send you a new hinge. It fits.")
    assert one.promises == [{"id": promise.pk, "state": "open", "what": "send a hinge"}]


@pytest.mark.django_db
def test_not_one_s_own_not_unanswered_not_out_of_sight_and_nobody_twice(shop: Shop) -> None:
    case = shop.case(text=HINGE)
    answered(shop, 1)
    twice = answered(shop, 1)
    shop.case(handle("waits@example.net", name="Waits"), HINGE)
    hidden = answered(shop, 2)
    Case.objects.filter(pk=hidden.pk).update(team=Team.objects.create(name="Closed", is_closed=True))
    own = shop.case(text=HINGE)
    Case.objects.filter(pk=own.pk).update(unanswered_since=None)

    assert [one.customer for one in found(shop, case)] == [twice.customer.name]


@pytest.mark.django_db
def test_nothing_like_it_is_said_so(shop: Shop) -> None:
    answered(shop, 1)
    case = shop.case(text="When do you open on Sundays?")
    empty = shop.case(text="")

    assert found(shop, case) == found(shop, empty) == []
    assert "like this one yet" in page(signed_in(shop.sam), f"/search/like/{case.pk}/")


@pytest.mark.django_db
def test_the_case_s_page_asks_for_them_and_does_not_wait(shop: Shop) -> None:
    case = shop.case(text=HINGE)
    answered(shop, 1)
    sam = signed_in(shop.sam)
    few = statements(sam, f"/search/like/{case.pk}/")
    for number in (2, 3, 4):
        answered(shop, number)

    assert f'hx-get="/search/like/{case.pk}/"' in page(sam, f"/cases/{case.pk}/")
    text = sam.get(f"/search/like/{case.pk}/", headers={"hx-request": "true"}).content.decode()
    assert text.count('data-begin="We send you a new hinge. It fits."') == 3
    assert "<html" not in text
    assert 'data-begin="' not in signed_in(shop.aud).get(f"/search/like/{case.pk}/").content.decode()
    assert statements(sam, f"/search/like/{case.pk}/") == few
