"""Under DISP a complainant is told, with the acknowledgement, by when the final response comes at the latest."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from tests.faces import Shop
from tests.people_and_things import NOW, text_of

from troth.cases import actions
from troth.clocks import actions as clocks
from troth.clocks import queries
from troth.clocks.models import Clock
from troth.clocks.rules.profiles import Profile, ready
from troth.post.models import Letter
from troth.promises.models import Promise

COMPLAINT = "I am very unhappy: you charged me twice, and nobody tells me why."


@pytest.fixture(autouse=True)
def _under_disp(shop: Shop) -> Iterator[None]:
    clocks.set_policy(ready(Profile.FCA_DISP), from_at=NOW, by=shop.lea, now=NOW)
    yield
    queries.forget_policy()


def test_the_acknowledgement_of_a_complaint_promises_the_final_response(shop: Shop) -> None:
    message = shop.message(text=COMPLAINT)
    assert message.case.kind == "complaint"
    actions.acknowledge(message, now=NOW)
    actions.acknowledge(message, now=NOW)  # safe to repeat

    clock = Clock.objects.get(sort="resolution")
    answer, final = Promise.objects.order_by("pk")
    said = text_of(Letter.objects.get())
    assert clock.due == NOW + timedelta(weeks=8)
    assert (answer.sort, final.sort, final.due) == ("answer", "deed", clock.due)
    assert "You will have our final response to your complaint by " in said
    assert "Where it can be settled at once" in said


def test_an_enquiry_is_told_of_no_final_response(shop: Shop) -> None:
    actions.acknowledge(shop.message(text="Do you have it in green?"), now=NOW)

    assert [promise.sort for promise in Promise.objects.all()] == ["answer"]


def test_elsewhere_a_complaint_is_told_of_none(shop: Shop) -> None:
    clocks.set_policy(ready(Profile.ISO_10002), from_at=NOW, by=shop.lea, now=NOW)
    actions.acknowledge(shop.message(text=COMPLAINT), now=NOW)

    assert [promise.sort for promise in Promise.objects.all()] == ["answer"]
