"""Remedies on pages: offered from a case, seen on the board, answered by the customer, proven one by one and by sheet."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.faces import Shop, page, signed_in, with_link
from tests.people_and_things import DAY, HOUR, NOW
from tests.programs import Program

from troth.cases import actions as cases
from troth.cases.models import Case
from troth.people.models import Team
from troth.remedies import actions, erasing, queries
from troth.remedies.models import Policy, Remedy
from troth.remedies.rules.money import money

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now() -> Any:
    queries.versions.drop()
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def lea(shop: Shop) -> Client:
    return signed_in(shop.lea)


def offered(shop: Shop, **values: Any) -> Remedy:
    case = shop.case()
    said: dict[str, Any] = {"sort": "refund", "money": money("5", "GBP"), "asks": False, "by": shop.lea, "now": NOW}
    return actions.offer(about=f"case:{case.pk}", customer=shop.ann.customer, team_id=None, **{**said, **values})


def test_an_offer_from_a_case_is_answered_by_its_customer_and_proven(shop: Shop, lea: Client) -> None:
    case = shop.case(text="I want my money back, please.")
    form = {"sort": "refund", "amount": "12,50", "currency": "gbp", "days": "5", "asks": "yes"}
    assert '<option value="refund" selected>' in page(lea, f"/cases/{case.pk}/")

    assert lea.post(f"/cases/{case.pk}/remedy/", form).status_code == 302

    row = Remedy.objects.get()
    assert "Refund of £12.50" in page(lea, f"/cases/{case.pk}/")
    ann, bob = with_link(shop.link()), with_link(shop.link(shop.bob))
    assert "Yes, I take it" in page(ann, "/my/")
    said = {"remedy": row.public_id, "answer": "yes"}
    assert bob.post("/my/remedy/", said).status_code == 404
    assert ann.post("/my/remedy/", said).status_code == 302
    assert "Yes, I take it" not in page(ann, "/my/")

    wrong = lea.post(f"/remedies/{row.pk}/give/", {"given_at": "2026-11-11T10:00", "reference": " "})
    assert (wrong.status_code, b"Write down what proves it" in wrong.content) == (422, True)
    assert (
        lea.post(f"/remedies/{row.pk}/give/", {"given_at": "2026-11-11T10:00", "reference": "BACS 7"}).status_code
        == 302
    )
    row.refresh_from_db()
    assert (row.state, row.proof_reference) == ("given", "BACS 7")
    assert "BACS 7" in page(ann, "/my/")


@pytest.mark.parametrize("wrong", [{"amount": "many"}, {"currency": "DEM"}, {"days": "0"}, {"sort": "gold"}])
def test_what_cannot_be_offered_is_said_with_what_was_typed(wrong: dict[str, str], shop: Shop, lea: Client) -> None:
    case = shop.case()
    form = {"sort": "refund", "amount": "12", "currency": "GBP", "days": "5", "asks": "yes", "what": "Kept words"}

    answer = lea.post(f"/cases/{case.pk}/remedy/", {**form, **wrong})

    assert (answer.status_code, Remedy.objects.count()) == (422, 0)
    assert b"Kept words" in answer.content


def test_the_board_counts_and_finds(shop: Shop, lea: Client) -> None:
    empty = page(lea, "/remedies/")
    offered(shop)
    offered(shop, money=money("7", "EUR"), asks=True)

    told = page(lea, "/remedies/")
    assert "No remedies yet" in empty
    assert "£5.00" in told
    assert "€7.00" in told
    assert "Refund of €7.00" not in page(lea, "/remedies/?state=owed")
    assert "No such remedy" in page(lea, "/remedies/?search=nobody")


def test_a_sheet_of_payments_is_looked_at_first(shop: Shop, lea: Client) -> None:
    one, two = offered(shop), offered(shop)
    sheet = lea.get("/remedies/given/?sheet=1").content.decode()
    assert sheet.splitlines()[1] == f"{one.pk},Refund of £5.00,5.00,GBP,2026-11-25,,"
    raw = (
        "remedy,amount,currency,given_at,reference\n"
        f"{one.pk},5.00,GBP,2026-11-11,BACS 1\n{two.pk},6.00,GBP,2026-11-11,BACS 2\n"
        f"{one.pk},,,2026-11-11,BACS 3\n999999,,,2026-11-11,x\n"
    )

    looked = lea.post("/remedies/given/", {"file": SimpleUploadedFile("paid.csv", raw.encode())}).content.decode()

    assert "1 can be given, 3 cannot" in looked
    assert "Another amount is owed: 5.00 GBP." in looked
    assert Remedy.objects.filter(state="given").count() == 0
    assert lea.post("/remedies/given/", {"raw": raw, "do": "give"}).status_code == 302
    assert list(Remedy.objects.filter(state="given").values_list("pk", "proof_reference")) == [(one.pk, "BACS 1")]


def test_a_policy_is_looked_at_and_then_put_in_force(shop: Shop, lea: Client) -> None:
    offered(shop, money=money("400", "GBP"))
    form = {
        "profile": "goodwill", "limits": "1", "role-0": "lead", "most-0": "100 GBP", "standards": "1",
        "standard_name-0": "Visit", "standard_on-0": "missed_appointment", "standard_sort-0": "compensation",
        "standard_amount-0": "40", "standard_currency-0": "GBP", "standard_days-0": "10", "standard_second-0": "40",
    }  # fmt: skip

    looked = lea.post("/remedies/policy/", {**form, "do": "look"}).content.decode()
    wrong = lea.post("/remedies/policy/", {**form, "most-0": "many GBP", "do": "save"})

    assert "Of 1 offers of the last 90 days 1 would have waited" in looked
    assert (wrong.status_code, Policy.objects.count()) == (422, 0)
    assert lea.post("/remedies/policy/", {**form, "do": "save"}).status_code == 302
    found, version = queries.in_force(NOW)
    assert (found.standards[0].name, str(found.standards[0].second), version) == (
        "Visit",
        "40.00 GBP",
        Policy.objects.get().pk,
    )
    assert "Visit" in page(lea, "/remedies/policy/?profile=nothing")
    assert "Missed appointment" in page(lea, "/remedies/policy/?profile=ofgem")


def test_who_is_beyond_their_limit_waits_for_a_lead(shop: Shop, lea: Client) -> None:
    row = offered(shop, by=shop.sam)
    sam = signed_in(shop.sam)

    assert "Authorise it" not in page(sam, f"/remedies/{row.pk}/")
    assert "Authorise it" in page(lea, f"/remedies/{row.pk}/")
    assert sam.post(f"/remedies/{row.pk}/authorise/").status_code == 302
    assert Remedy.objects.get().state == "waiting"
    assert lea.post(f"/remedies/{row.pk}/authorise/").status_code == 302
    assert Remedy.objects.get().state == "due"


def test_a_program_proves_what_was_paid(shop: Shop) -> None:
    row = offered(shop)
    program = Program(shop.lea, now=NOW)

    with time_machine.travel(NOW + DAY, tick=False):
        answer = program.post(f"/remedies/{row.pk}/give", {"given_at": (NOW + HOUR).isoformat(), "reference": "SEPA 9"})
    assert answer[0] == 200
    assert Remedy.objects.get().proof_reference == "SEPA 9"


def test_what_a_closed_team_makes_good_is_seen_by_its_own(shop: Shop, lea: Client) -> None:
    row, conduct = offered(shop), Team.objects.create(name="Conduct", is_closed=True)
    assert "Refund of £5.00" in page(lea, "/remedies/")

    cases.set_team(Case.objects.get(), team=conduct, by=shop.lea, now=NOW)

    page(lea, f"/remedies/{row.pk}/", status=404)
    assert "Refund of £5.00" not in page(lea, "/remedies/")


def test_a_no_may_say_why_and_answers_have_a_pace(shop: Shop, lea: Client) -> None:
    row, ann = offered(shop, asks=True), with_link(shop.link())
    assert "You need not say" in page(ann, "/my/")
    said = {"remedy": row.public_id, "answer": "no", "reason": "I want <it> mended."}

    assert ann.post("/my/remedy/", said).status_code == 302
    assert "I want &lt;it&gt; mended." in page(lea, f"/remedies/{row.pk}/")
    assert [ann.post("/my/remedy/", said).status_code for _ in range(30)].count(429) == 1
    erasing.erase([shop.ann.customer_id], now=NOW)
    assert Remedy.objects.get().reason == ""


def test_a_program_offers_within_the_authority_behind_its_key(shop: Shop) -> None:
    case = shop.case()
    body = {"sort": "refund", "amount": "5.00", "currency": "GBP", "asks": False}
    address = f"/cases/{case.pk}/remedies"

    owed, waits = Program(shop.lea, now=NOW).post(address, body), Program(shop.sam, now=NOW).post(address, body)
    wrong = Program(shop.lea, now=NOW).post(address, {**body, "currency": "XXX"})

    assert (owed[0], owed[1]["state"], owed[1]["amount"]) == (201, "due", "5.00")
    assert (waits[0], waits[1]["state"], waits[1]["promise"]) == (201, "waiting", None)
    assert wrong[0] == 422
    assert Remedy.objects.count() == 2
