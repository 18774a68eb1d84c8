from __future__ import annotations

from datetime import timedelta

import pytest
from tests.faces import Shop, page, signed_in, statements
from tests.people_and_things import NOW

from troth.cases import actions as cases
from troth.cases.models import Case, Reply
from troth.cases.rules.checks import Check
from troth.learning.outcomes import went
from troth.learning.rules.measure import Share
from troth.learning.rules.outcomes import goes_with
from troth.people.models import Team
from troth.promises.models import Promise

ANGRY = "I am furious: my parcel is three weeks late. This is not acceptable!"
OWNED = "I am sorry, this was our mistake: the van broke down. I have sent a new one today, and we changed the route."
BARE = "Your parcel left the depot this morning and the driver has it now."


def answered(shop: Shop, text: str, *, days: int, then: str = "", resolved: bool = False) -> Case:
    """A case from first word to what the customer says next."""
    at = NOW + timedelta(days=days)
    message = shop.message(text=ANGRY, at=at, now=at)
    status = Case.Status.RESOLVED if resolved else Case.Status.WAITING
    case = message.case
    cases.send_reply(case, staff=shop.sam, text=text, status_after=status, now=at)
    assert cases.leave(now=at + timedelta(minutes=1)) == 1
    if then:
        later = at + timedelta(hours=5)
        cases.open_or_join(handle=shop.ann, text=then, subject="Parcel", at=later, now=later, case_id=case.pk)
    return case


def test_without_an_answer_the_page_says_when_there_will_be_something(shop: Shop) -> None:
    assert "No answer was checked yet" in page(signed_in(shop.lea), "/reading/checks/")


def test_how_answers_went_on_is_counted_by_how_they_stood(shop: Shop) -> None:
    first = answered(shop, OWNED, days=0, then="Thank you so much, that is lovely!", resolved=True)
    answered(shop, BARE, days=1, then="I am still furious, this is outrageous!")
    promise = shop.promise(case=first)
    Promise.objects.filter(pk=promise.pk).update(verdict=True, verdict_at=NOW + timedelta(days=2))

    found = went(shop.lea)
    took, left = found[Check.RESPONSIBILITY, True], found[Check.RESPONSIBILITY, False]

    assert (took.sent, left.sent) == (1, 1)
    assert (took.kept, left.kept) == (Share(1, 1), Share(0, 0))
    assert (took.back, left.back) == (Share(1, 1), Share(0, 0))
    assert (took.better, left.better) == (Share(1, 1), Share(0, 1))
    text = page(signed_in(shop.lea), "/reading/checks/")
    assert "Responsibility is taken" in text
    assert "associated with" not in text


def test_what_a_closed_team_answers_its_own_people_count(shop: Shop) -> None:
    case = answered(shop, BARE, days=0)
    Case.objects.filter(pk=case.pk).update(team=Team.objects.create(name="Conduct", is_closed=True))

    assert went(shop.lea) == {}


def test_what_was_sent_before_there_were_checks_is_not_counted(shop: Shop) -> None:
    answered(shop, BARE, days=0)
    Reply.objects.update(checks=None)

    assert went(shop.lea) == {}


def test_the_page_takes_the_same_statements_with_more_answers(shop: Shop) -> None:
    lea = signed_in(shop.lea)
    answered(shop, BARE, days=0)
    one = statements(lea, "/reading/checks/")
    answered(shop, OWNED, days=1)

    assert statements(lea, "/reading/checks/") == one


@pytest.mark.parametrize(
    ("one", "other", "way"),
    [
        (Share(90, 100), Share(60, 100), 1),
        (Share(60, 100), Share(90, 100), -1),
        (Share(9, 10), Share(7, 10), 0),
        (Share(3, 3), Share(0, 0), 0),
        (Share(0, 40), Share(40, 40), -1),
    ],
)
def test_only_what_chance_would_hardly_make_is_named(one: Share, other: Share, way: int) -> None:
    assert goes_with(one, other) == way
