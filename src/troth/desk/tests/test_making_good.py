from __future__ import annotations

from typing import Any

import time_machine
from tests.faces import Shop, page, signed_in
from tests.people_and_things import DAY, HOUR, NOW

from troth.cases.models import Case
from troth.desk.tests.test_lead import LATER, flat, told
from troth.incidents import actions as incidents
from troth.incidents.models import Incident
from troth.orders import actions as orders
from troth.orders.rules.given import Given
from troth.people.models import Team
from troth.remedies import actions as remedies
from troth.remedies.models import Remedy


def test_how_long_making_good_takes_and_what_fails_by_product(shop: Shop) -> None:
    case, ann = shop.case(), shop.ann.customer
    about = f"case:{case.pk}"

    def owed(**values: Any) -> Remedy:
        given = {"about": about, "customer": ann, "team_id": None, "by": shop.lea, "now": NOW, **values}
        return remedies.offer(sort="apology", **given)

    for _ in range(5):
        row = owed(asks=False)
        remedies.give(row, given_at=NOW + 2 * HOUR, reference="letter", by=shop.lea, now=NOW + 3 * HOUR)
    late = owed(asks=False)
    assert late.due
    remedies.miss(now=late.due)
    sought = remedies.seek(about=about, customer=ann, team_id=None, sort="apology", by=None, now=NOW)
    remedies.decline(owed(sought=sought, now=NOW + HOUR), by=None, now=NOW + 3 * HOUR)
    orders.note(Given(reference="A1", customer=ann.pk, product="Oak bench", ordered_at=NOW - DAY), by=None, now=NOW)
    Case.objects.update(kind="complaint")
    for number in range(5):
        incidents.begin(
            title=f"No. {number}", sort="late", product="oak Bench", happened_at=NOW - HOUR, next_word_at=NOW + DAY,
            by=shop.sam, now=NOW,
        )  # fmt: skip

    with time_machine.travel(LATER, tick=False):
        [asked_for, answered, given] = told(shop, "remedies")[1:]
        products = told(shop, "products")[1:]
        text = flat(page(signed_in(shop.lea), "/lead/"))

    assert asked_for[1:] == ["", "", "1", "1", "0", "0", ""]
    assert answered[3:] == ["1", "0", "0", "1", ""]
    assert 120 <= float(given[1]) <= 123
    assert given[3:] == ["6", "5", "1", "0", "1"]
    [bench] = products
    assert bench[1:3] + bench[5:] == ["5", "0", "1"]
    assert "How long making good takes" in text
    closed = Team.objects.create(name="Conduct", is_closed=True)
    for rows in (Remedy.objects, Incident.objects, Case.objects):
        rows.update(team=closed)
    assert told(shop, "remedies")[1:] == told(shop, "products")[1:] == []
