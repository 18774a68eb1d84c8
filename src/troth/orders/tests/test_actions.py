"""Orders in the tables: noted, changed, their dates as promises, files brought in, and forgotten."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from tests.people_and_things import DAY, HOUR, NOW, company, handle, new_facts, staff

from troth.ledger.replay import of_all
from troth.orders import actions, erasing, tasks, things
from troth.orders.models import Order, Upload
from troth.orders.rules.given import Given, NotAnOrder
from troth.orders.rules.table import Columns
from troth.people.models import Customer
from troth.promises.models import Promise
from troth.words.promises import State

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _company() -> None:
    company()


def told(**values: Any) -> Given:
    given: dict[str, Any] = {
        "reference": "1001", "address": "ann@example.net", "name": "Ann", "product": "oak table", "place": "York",
        "ordered_at": NOW - DAY, "promised_for": NOW + 3 * DAY,
    }  # fmt: skip
    return Given(**{**given, **values})


def noted(at: Any = NOW, **values: Any) -> Order:
    order = actions.note(told(**values), by=None, now=at).order
    assert order
    return Order.objects.select_related("promise").get(pk=order.pk)


def test_the_date_of_an_order_is_a_promise() -> None:
    order = noted()

    assert order.promise
    assert (order.promise.state, order.promise.due, order.promise.about) == ("open", NOW + 3 * DAY, f"order:{order.pk}")
    assert order.promise.what == "Your order 1001, oak table, is delivered."
    assert order.promise.customer_id == order.customer_id
    assert order.promise.look_again_at == order.promise.warn_at
    assert not order.promise.by_itself
    assert [kind for kind, _values in new_facts(f"order:{order.pk}")] == ["OrderNoted"]
    assert [kind for kind, _values in new_facts(f"promise:{order.promise_id}")] == ["PromiseMade"]


@pytest.mark.parametrize(
    ("values", "state"),
    [
        ({"delivered_at": NOW + 2 * DAY}, State.KEPT),
        ({"delivered_at": NOW + 3 * DAY + HOUR}, State.LATE),
        ({"cancelled_at": NOW + DAY, "cancelled_by": "customer"}, State.RELEASED),
        ({"cancelled_at": NOW + DAY, "cancelled_by": "company"}, State.BROKEN),
        ({"product": "another table"}, State.OPEN),
    ],
)
def test_what_the_shop_says_later_settles_the_promise(values: dict[str, Any], state: State) -> None:
    noted()

    order = noted(NOW + 4 * DAY, **values)

    assert order.promise
    assert order.promise.state == state
    assert len(Promise.objects.all()) == 1
    assert [kind for kind, _values in new_facts(f"order:{order.pk}")] == ["OrderNoted", "OrderChanged"]


def test_another_date_of_the_shop_moves_no_promise() -> None:
    """It counts as moved once the customer was told; until then the date they were given stands."""
    noted()

    order = noted(NOW + HOUR, promised_for=NOW + 9 * DAY)

    assert order.promised_for == NOW + 9 * DAY
    assert order.promise
    assert (order.promise.due, order.promise.first_due) == (NOW + 3 * DAY, NOW + 3 * DAY)


def test_saying_the_same_again_changes_nothing() -> None:
    order = noted()
    before = new_facts(f"order:{order.pk}")

    assert not actions.note(told(), by=None, now=NOW + DAY).is_changed
    assert new_facts(f"order:{order.pk}") == before


def test_many_are_noted_in_few_statements_and_one_that_is_wrong_hinders_none(
    django_assert_max_num_queries: Any,
) -> None:
    handle("ann@example.net")
    givens = [told(reference=str(number), address=f"c{number % 7}@example.net") for number in range(60)]
    givens[5] = told(reference="", address="x@example.net")
    givens[6] = told(reference="7", customer=10**9, address="")
    givens.append(told(reference="0", address="c0@example.net", place="Leeds"))

    with django_assert_max_num_queries(25):
        found = actions.note_all(givens, by=None, now=NOW)

    assert sum(one.is_new for one in found) == 58
    assert {one.problem.field for one in found if one.problem} == {"reference", "customer"}
    assert Order.objects.get(reference="0").place == "Leeds"  # the later of the two
    assert Order.objects.count() == Promise.objects.count() == 58
    assert Customer.objects.count() == 1 + 7


def test_nobody_takes_somebody_elses_order() -> None:
    noted()

    with pytest.raises(NotAnOrder, match="somebody else"):
        actions.note(told(address="ben@example.net"), by=None, now=NOW)


def test_the_ledger_tells_the_same_as_the_table() -> None:
    order = noted()
    noted(NOW + 4 * DAY, delivered_at=NOW + DAY)
    assert [*of_all(*things.THINGS)] == []

    Order.objects.filter(pk=order.pk).update(delivered_at=NOW + 2 * DAY)

    (found,) = of_all(*things.THINGS)
    assert "delivered_at" in str(found)


def an_upload(lines: str, **values: Any) -> Upload:
    columns = Columns({"reference": 0, "address": 1, "product": 2, "amount": 3, "currency": 4})
    given = {
        "name": "o.csv",
        "raw": lines.encode(),
        "columns": columns.to_plain(),
        "rows": lines.count("\n"),
        "by": staff(),
    }
    return actions.keep_file(**given, now=NOW, **values)


def test_a_file_is_brought_in_once_and_says_what_it_could_not_take() -> None:
    upload = an_upload(
        "order,email,product,total,currency\n1,ann@example.net,table,12.50,EUR\n2,,chair,,\n3,ben@example.net,lamp,dear,EUR\n"
    )
    assert actions.bring_in(upload)
    assert not actions.bring_in(upload)

    assert tasks.bring() == 3
    assert tasks.bring() == 0

    upload.refresh_from_db()
    assert (upload.state, upload.new, upload.refused, bytes(upload.raw)) == ("done", 1, 2, b"")
    assert [line for line, _words in upload.refusals] == [3, 4]
    assert Order.objects.get().amount == Decimal("12.50")


def test_a_batch_that_another_worker_did_is_not_done_again() -> None:
    upload = an_upload("order,email,product,total,currency\n1,ann@example.net,table,,\n")
    actions.bring_in(upload)
    row = (2, Given(reference="1", address="ann@example.net"))

    assert actions.note_rows(upload.pk, [row], dealt_with=0, now=NOW)
    assert not actions.note_rows(upload.pk, [row], dealt_with=0, now=NOW)

    assert Upload.objects.get().done == 1


def test_who_is_forgotten_leaves_no_words_in_an_order() -> None:
    order = noted(amount=Decimal("9.00"), currency="EUR", variant="oiled")
    kept = noted(reference="1002", address="ben@example.net")
    an_upload("order,email\n1,ann@example.net\n")
    Customer.objects.filter(pk=order.customer_id).update(erased_at=NOW)
    assert erasing.left() == {order.customer_id}

    erasing.erase([order.customer_id])

    order.refresh_from_db()
    kept.refresh_from_db()
    assert (order.reference, order.product, order.variant, order.place, order.amount) == (
        f"gone:{order.pk}",
        "",
        "",
        "",
        None,
    )
    assert order.promised_for == NOW + timedelta(days=3)
    assert kept.reference == "1002"
    assert not Upload.objects.exists()
    assert erasing.left() == set()
