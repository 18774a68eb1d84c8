"""The pages of orders, as the values they ask for."""

# ruff: noqa: E501  a row reads best on its line
from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any


def pages(given: dict[str, Any], *, at: Callable[..., datetime]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Name, template and values of each page."""

    def order(id: int, customer: str, product: str, words: str, tone: str | None, **rest: Any) -> dict[str, Any]:
        return {
            "id": id, "href": "#", "reference": f"HP-{id}", "customer": customer, "product": product, "place": "York", "ordered_at": at(days=-9),
            "promised_for": at(days=2), "words": words, "tone": tone, **rest,
        }  # fmt: skip

    rows = [
        order(20418, "Ann Marlowe", "Oak table · oiled", "Still out", "calm"),
        order(20411, "The Hon. Wilhelmina Featherstonehaugh-Cholmondeley", "Wardrobe with four doors and a mirror inside each of them · walnut", "Behind its date", "alarm", promised_for=at(days=-1)),
        order(20377, "Tomasz Wilk", "", "Came late", "warn", place="", promised_for=at(days=-3)),
        order(20301, "Priya Raghunathan", "Corner bench", "Delivered", "good", promised_for=None),
    ]  # fmt: skip
    kept: dict[str, Any] = {
        "filters": {"search": "", "standing": ""}, "filtered": False, "standings": [("", "All"), ("out", "Still out")], "uploads": [], "pages": None,
    }  # fmt: skip
    waiting = {"id": 3, "name": "orders of November.csv", "state": "bringing", "share": 41}
    yield "orders", "orders/list.html", {**given, **kept, "orders": rows, "uploads": [waiting]}
    yield "orders-nothing", "orders/list.html", {**given, **kept, "orders": []}
    one = {
        **rows[1], "customer_href": "#", "quantity": 2, "amount": Decimal("1890.00"), "currency": "GBP", "delivered_at": None, "cancelled_at": None,
        "by_customer": False, "changed_at": at(hours=-2), "promised_for": at(days=4),
    }  # fmt: skip
    word = {"href": "#", "quote": None, "words": "Your order HP-20411, Wardrobe, is delivered.", "state": "open", "due": at(days=-1), "settled": False, "differs": True}  # fmt: skip
    yield "order", "orders/order.html", {**given, "o": one, "promise": word}
    wrong = "No table was found in it. The first line names the columns, with commas, semicolons or tabs between."
    yield "orders-new", "orders/new.html", {**given, "problem": wrong, "errors": [{"id": "id_file", "words": wrong}]}
    upload = {
        "id": 3, "name": "orders of November.csv", "by": "Sam Okafor", "made_at": at(minutes=-3), "state": "looked_at", "rows": 812, "done": 0, "share": 0, "new": 0,
        "changed": 0, "same": 0, "refused": 0, "refusals": [], "by_itself": False,
    }  # fmt: skip
    looked: dict[str, Any] = {
        "heading": [("", "not in this file"), ("0", "Name"), ("1", "Email"), ("2", "Lineitem name")],
        "fields": [("reference", "Order number", "0"), ("address", "Customer’s mail address or phone", "1"), ("product", "Product", "2"), ("place", "Place", "")],
        "day_first": True, "cancelled_by": "company", "used": [("reference", "Order number"), ("address", "Customer’s mail address or phone"), ("promised_for", "Promised for")],
        "sample": [{"reference": "HP-20418", "address": "ann@example.net", "promised_for": at(days=2)}, {"reference": "HP-20419", "address": "tomasz@example.net", "promised_for": None}],
        "refusals": [{"line": 17, "field": "Amount", "words": "“on account” is no amount of money."}],
        "counts": {"sound": 811, "refused": 1, "new": 790, "known": 20, "again": 1, "promised": 402},
    }  # fmt: skip
    yield "orders-file", "orders/upload.html", {**given, "u": upload, **looked}
    done = {**upload, "state": "done", "done": 812, "new": 790, "changed": 14, "same": 7, "refused": 1, "refusals": [{"line": 17, "words": "“on account” is no amount of money."}]}  # fmt: skip
    yield "orders-file-done", "orders/upload.html", {**given, "u": done}
