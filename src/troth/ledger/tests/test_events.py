from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction
from tests.people_and_things import HOUR, NOW

from troth.ledger import actions, queries
from troth.ledger.models import Entry
from troth.words.facts import CustomerMet, Fact, PromiseKept, PromiseLate

pytestmark = pytest.mark.django_db

MET = CustomerMet(about="customer:7", customer="customer:7", channel="email")
KEPT = PromiseKept(about="promise:3", customer="customer:7", due=NOW + HOUR, done_at=NOW, by="staff:2")
LATE = PromiseLate(about="promise:4", customer="customer:8", due=NOW, told=False)


@transaction.atomic
def tell(*facts: Fact) -> list[int]:
    actions.append_all(facts, now=NOW + HOUR, happened_at=NOW)
    return list(Entry.objects.order_by("pk").values_list("pk", flat=True))


def test_an_event_says_what_the_fact_says() -> None:
    _met, kept = tell(MET, KEPT)
    actions.seal(now=NOW)

    assert queries.events(1, most=10)[0].to_plain() == {
        "id": f"entry:{kept}",
        "position": 2,
        "kind": "PromiseKept",
        "version": 1,
        "about": "promise:3",
        "customer": "customer:7",
        "happened_at": "2026-11-11T10:00:00.000000Z",
        "recorded_at": "2026-11-11T11:00:00.000000Z",
        "fields": {
            "due": "2026-11-11T11:00:00.000000Z",
            "done_at": "2026-11-11T10:00:00.000000Z",
            "by": "staff:2",
        },
    }


def test_events_come_in_their_sealed_order_and_no_sooner() -> None:
    tell(MET, KEPT)
    actions.seal(now=NOW)
    tell(LATE)

    assert [event.position for event in queries.events(0, most=10)] == [1, 2]
    assert [event.position for event in queries.events(0, most=1)] == [1]
    actions.seal(now=NOW + timedelta(seconds=1))
    assert [event.kind for event in queries.events(2, most=10)] == ["PromiseLate"]


def test_events_can_be_chosen_by_kind_thing_and_customer() -> None:
    tell(MET, KEPT, LATE)
    actions.seal(now=NOW)

    def found(**chosen: object) -> list[str]:
        return [event.about for event in queries.events(0, most=10, **chosen)]  # type: ignore[arg-type]

    assert found(kinds=["PromiseKept", "PromiseLate"]) == ["promise:3", "promise:4"]
    assert found(about="promise:4") == ["promise:4"]
    assert found(customer="customer:7") == ["customer:7", "promise:3"]
    assert found(kinds=["PromiseKept"], customer="customer:8") == []
