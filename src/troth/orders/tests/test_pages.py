"""Orders as staff and programs see them: a file looked through and brought in, the list, one order, the API."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.faces import signed_in
from tests.people_and_things import DAY, NOW, company, handle, staff
from tests.programs import Program

from troth.orders import actions, tasks
from troth.orders.models import Order, Upload
from troth.orders.rules.given import Given
from troth.people.rules.keys import Scope

pytestmark = pytest.mark.django_db
FILE = (
    "Bestellung;Email;Artikel;Lieferdatum;Gesamt\n"
    "1001;ann@example.net;Tisch;24.12.2199;12,50\n"
    "1002;ben@example.net;Stuhl;bald;\n"
    ";kim@example.net;Lampe;;\n"
)


@pytest.fixture
def lea() -> Client:
    company()
    return signed_in(staff("lea@parcel.example", role="lead"))


def handed(browser: Client, raw: bytes, name: str = "orders.csv") -> Any:
    return browser.post("/orders/files/new/", {"file": SimpleUploadedFile(name, raw, "text/csv")})


def test_a_file_is_looked_through_its_columns_chosen_and_brought_in(lea: Client) -> None:
    looked = handed(lea, FILE.encode()).headers["Location"]

    page = lea.get(looked).content.decode()
    assert "Bring in" not in page  # no column is known as the order's number
    assert not Order.objects.exists()

    chosen = {"reference": "0", "address": "1", "product": "2", "promised_for": "3", "by_itself": "yes", "days": "day"}
    lea.post(f"{looked}columns/", chosen)
    page = lea.get(looked).content.decode()
    assert "Bring in one order" in page
    assert "line 3" in page
    assert "“bald” is no time." in page

    lea.post(f"{looked}bring/")
    assert tasks.bring() == 3
    order = Order.objects.get()
    assert (order.reference, order.product) == ("1001", "Tisch")
    assert order.promise
    assert order.promise.by_itself
    page = lea.get(looked).content.decode()
    assert "Brought in" in page
    assert "An order is known by" in page


@pytest.mark.parametrize(
    ("raw", "words"),
    [(b"", "something in it"), (b"PK\x03\x04", "Save the sheet as CSV"), (b"hello", "No table"), (b'a,b\n"1', "")],
)
def test_what_is_no_table_is_refused_with_what_to_do(lea: Client, raw: bytes, words: str) -> None:
    answer = handed(lea, raw)

    assert words in answer.content.decode()
    assert answer.status_code == (422 if words else 302)


def test_a_file_may_be_thrown_away_until_it_is_brought_in(lea: Client) -> None:
    first, second = (handed(lea, FILE.encode()).headers["Location"] for _time in range(2))

    lea.post(f"{first}throw-away/")
    lea.post(f"{second}bring/")
    lea.post(f"{second}throw-away/")

    assert [upload.state for upload in Upload.objects.all()] == ["bringing"]


def test_orders_are_found_by_how_they_stand(lea: Client, django_assert_max_num_queries: Any) -> None:
    ann = handle().customer_id
    for number in range(60):
        actions.note(
            Given(reference=f"no-{number}", customer=ann, place="York", ordered_at=NOW - number * DAY), by=None, now=NOW
        )
    late = Given(reference="late", customer=ann, promised_for=NOW - DAY, delivered_at=NOW, ordered_at=NOW - 9 * DAY)
    order = actions.note(late, by=None, now=NOW).order

    with django_assert_max_num_queries(8):
        page = lea.get("/orders/").content.decode()
    assert page.count("<tr data-row>") == 50
    older = page.split('href="/orders/?older=')[1].split('"')[0]
    assert lea.get(f"/orders/?older={older}").content.decode().count("<tr data-row>") == 11
    assert lea.get("/orders/", {"standing": "late"}).content.decode().count("<tr data-row>") == 1
    assert lea.get("/orders/", {"search": "york"}).content.decode().count("<tr data-row>") == 50
    assert "Came late" in lea.get(f"/orders/{order.pk if order else 0}/").content.decode()


def test_a_program_tells_of_orders_one_and_many() -> None:
    company()
    shop = Program(staff("pam@parcel.example"), Scope.ORDERS_READ, Scope.ORDERS_WRITE)
    one = {"reference": "7", "address": "ann@example.net", "amount": "12.50", "currency": "EUR"}

    _status, told = shop.post("/orders", one)
    assert (told["amount"], told["cancelled_by"]) == ("12.50", "")
    assert [shop.post("/orders", {**one, "amount": amount})[0] for amount in ("12.505", 12.5, "-1", "1e3")] == [422] * 4
    again = {"reference": "9", "customer": told["customer"], "by_itself": True}
    many = [one, {**one, "product": "lamp"}, {"reference": "8"}, again]
    _status, answer = shop.post("/orders/many", {"orders": many})
    assert (answer["new"], answer["changed"], answer["same"]) == (1, 1, 1)
    assert [(one["place"], one["at"]) for one in answer["refused"]] == [(2, "address")]
    assert [one["reference"] for one in shop.get("/orders", product="lamp")[1]["items"]] == ["7"]
    assert shop.get(f"/orders/{told['id']}")[1]["product"] == "lamp"
