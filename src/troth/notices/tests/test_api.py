"""Who is affected, as another program asks: counted, frozen, and read member by member."""

from __future__ import annotations

from tests.faces import Shop
from tests.programs import Program

from troth.notices.models import Cohort
from troth.people.rules.keys import Scope


def test_a_program_counts_freezes_and_reads(shop: Shop) -> None:
    pam = Program(shop.sam, Scope.NOTICES_READ, Scope.NOTICES_WRITE)
    case = shop.case(shop.ann, "The kettle leaks")
    conditions = {"all": [{"cases": {"words": ["kettle"]}}]}

    _ok, counted = pam.post("/cohorts/count", {"conditions": conditions})
    assert counted == {"count": 1, "sample": [{"customer": shop.ann.customer_id, "why": [f"case:{case.pk}"]}]}

    status, refused = pam.post("/cohorts/count", {"conditions": {"all": [{"cases": {"word": ["kettle"]}}]}})
    assert status == 422
    assert refused["errors"][0]["at"] == "conditions.all[0].cases.word"

    _ok, made = pam.post("/cohorts", {"about": "incident:3", "conditions": conditions})
    _ok, frozen = pam.post(f"/cohorts/{made['id']}/freeze", {})
    assert (frozen["count"], frozen["conditions"]) == (1, conditions)
    assert frozen["digest"] == Cohort.objects.get().digest
    assert pam.post(f"/cohorts/{made['id']}/freeze", {})[0] == 422
    _ok, told = pam.get(f"/cohorts/{made['id']}/members")
    assert [(one["customer"], one["why"], one["standing"]) for one in told["items"]] == [
        (shop.ann.customer_id, [f"case:{case.pk}"], "in")
    ]
    assert told["next"] is None
    assert pam.get(f"/cohorts/{made['id']}/members", cursor="x")[0] == 422
