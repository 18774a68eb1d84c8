"""Who is affected, as another program asks: counted, frozen, and read member by member."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from tests.faces import Shop
from tests.programs import Program

from troth.notices.actions import cohorts, making, telling
from troth.notices.models import Cohort
from troth.notices.rules.conditions import Every
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

    _ok, made = pam.post("/cohorts", {"about": "order:3", "conditions": conditions})
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


def test_a_program_follows_a_notice_and_keeps_it_in_hand(shop: Shop) -> None:
    pam = Program(shop.sam, Scope.NOTICES_READ, Scope.NOTICES_WRITE)
    past = timezone.now() - timedelta(minutes=1)
    cohort = cohorts.draft(about="order:1", conditions=Every(), by=shop.sam, now=past)
    cohorts.add(cohort, customers=[shop.ann.customer_id, shop.bob.customer_id], by=shop.sam, now=past)
    notice = telling.write(
        about="order:1", cohort=cohort, sort="began", texts={"en": ("Late", "Late.")}, happened_at=past,
        by=shop.sam, now=past,
    )  # fmt: skip
    telling.send(notice, by=shop.sam, now=past)
    at = f"/notices/{notice.pk}"

    assert pam.get(at)[1]["unmade"] == 2
    making.make(now=timezone.now())
    _ok, first = pam.get(f"{at}/recipients", limit="1")
    _ok, rest = pam.get(f"{at}/recipients", limit="1", cursor=first["next"])
    told = [*first["items"], *rest["items"]]

    assert [one["customer"] for one in told] == [shop.ann.customer_id, shop.bob.customer_id]
    assert rest["next"] is None
    assert pam.get(f"{at}/recipients", state="accepted")[1]["items"] == []
    assert pam.get(f"{at}/recipients", cursor="x")[0] == 422
    assert [pam.post(f"{at}/{act}", {})[1].get("state") for act in ("pause", "resume", "stop")] == [
        "paused", "sending", "stopped",
    ]  # fmt: skip
    status, refused = pam.post(f"{at}/resume", {})
    assert (status, refused["type"].rpartition("#")[2]) == (409, "changed")
    assert pam.get(at)[1]["progress"]["waiting"] == 2
