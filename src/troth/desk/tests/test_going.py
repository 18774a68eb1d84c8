from __future__ import annotations

from django.test import Client
from tests.faces import Shop, signed_in, statements

from troth.cases.models import Case
from troth.people.models import Team


def found(browser: Client, typed: str) -> list[tuple[str, str]]:
    answer = browser.get("/going/", {"q": typed})
    assert answer.status_code == 200
    return [(one["sort"], one["href"]) for one in answer.json()["found"]]


def test_cases_and_customers_are_found_by_what_is_typed(shop: Shop) -> None:
    case = shop.case(subject="Bent spoke")
    sam = signed_in(shop.sam)

    assert found(sam, "spoke") == [("cases", f"/cases/{case.pk}/")]
    assert found(sam, f"#{case.pk}") == [("cases", f"/cases/{case.pk}/")]
    assert ("customers", f"/customers/{shop.ann.customer_id}/") in found(sam, "ann arch")
    assert found(sam, " # ") == found(sam, "") == []
    assert found(sam, "x%_\\" * 80) == []


def test_what_a_closed_team_looks_after_is_not_found(shop: Shop) -> None:
    case = shop.case(subject="Bent spoke")
    closed = Team.objects.create(name="Conduct", is_closed=True)
    Case.objects.filter(pk=case.pk).update(team=closed)

    assert found(signed_in(shop.sam), "spoke") == []
    assert found(signed_in(shop.sam), str(case.pk)) == []


def test_it_takes_few_statements(shop: Shop) -> None:
    sam = signed_in(shop.sam)
    for number in range(3):
        shop.case(subject=f"Spoke {number}")

    assert statements(sam, "/going/?q=spoke") == 4
