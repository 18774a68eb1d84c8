"""What a shop tells of its orders, and what that makes of the word that was given."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from troth.orders.rules.given import Given, NotAnOrder, Word, merged, word
from troth.orders.rules.table import Columns, NotATable, given_of, guessed, rows_of, text_of

NOW = datetime(2026, 11, 11, 10, tzinfo=UTC)
BEFORE, AFTER = NOW - timedelta(days=2), NOW + timedelta(days=2)


def order(**values: object) -> Given:
    return Given(**{"reference": "1001", "address": "ann@example.net", **values})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("reference", {"reference": ""}),
        ("reference", {"reference": "9" * 301}),
        ("address", {"address": ""}),
        ("product", {"product": "x" * 301}),
        ("quantity", {"quantity": 0}),
        ("quantity", {"quantity": 2**31}),
        ("amount", {"amount": Decimal("1.005"), "currency": "EUR"}),
        ("amount", {"amount": Decimal("-1"), "currency": "EUR"}),
        ("amount", {"amount": Decimal("NaN"), "currency": "EUR"}),
        ("amount", {"amount": Decimal("1e15"), "currency": "EUR"}),
        ("currency", {"amount": Decimal("1.00")}),
        ("currency", {"amount": Decimal("1.00"), "currency": "€"}),
        ("delivered_at", {"delivered_at": AFTER}),
        ("ordered_at", {"ordered_at": AFTER}),
        ("cancelled_by", {"cancelled_at": BEFORE}),
        ("cancelled_by", {"cancelled_by": "customer"}),
    ],
)
def test_what_cannot_be_so_is_refused_where_it_is_wrong(field: str, values: dict[str, object]) -> None:
    with pytest.raises(NotAnOrder) as refused:
        order(**values).checked(now=NOW)

    assert refused.value.field == field


def test_what_nothing_was_said_of_stays() -> None:
    known = {"product": "table", "place": "York", "delivered_at": None, "quantity": 2}

    assert merged(known | dict.fromkeys(("amount",)), order(place="Leeds", quantity=2)) == {"place": "Leeds"}


def test_of_every_state_it_is_said_what_becomes_of_the_word() -> None:
    """All combinations at once, against the sentences of the rule."""
    for has, promised, delivered, cancelled, by in product(
        (True, False),
        (None, BEFORE, AFTER),
        (None, BEFORE),
        (None, BEFORE - timedelta(hours=1), NOW),
        ("customer", "company"),
    ):
        becomes = word(
            has_promise=has, promised_for=promised, delivered_at=delivered, cancelled_at=cancelled,
            cancelled_by=by if cancelled else "", now=NOW,
        )  # fmt: skip
        if not has:
            is_to_come = promised is AFTER and delivered is None and cancelled is None
            assert becomes is (Word.MAKE if is_to_come else Word.NONE)
        elif delivered and (cancelled is None or delivered <= cancelled):
            assert becomes is Word.KEEP
        elif cancelled:
            assert becomes is (Word.RELEASE if by == "customer" else Word.BREAK)
        else:
            assert becomes is Word.STAYS


HEADING = "Order number;E-Mail;Product;Qty;Total;Currency;Order date;Estimated delivery;Delivered"


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_spreadsheet_of_any_program_is_read(coding: str) -> None:
    raw = f'{HEADING}\r\n1001;ann@example.net;"Tür; weiß";2;1.234,50;eur;03.11.2026;12.11.2026;\r\n\r\n'.encode(coding)

    (_first, heading), (line, cells) = rows_of(text_of(raw))
    found = given_of(cells, guessed(heading), zone="Europe/Berlin")

    assert line == 2
    assert found == order(
        product="Tür; weiß",
        quantity=2,
        amount=Decimal("1234.50"),
        currency="EUR",
        ordered_at=datetime(2026, 11, 2, 23, tzinfo=UTC),
        promised_for=datetime(2026, 11, 12, 22, 59, 59, tzinfo=UTC),  # the whole of that day, in Berlin
    )


@pytest.mark.parametrize(
    ("said", "amount"),
    [
        ("12", "12"),
        ("12,5", "12.5"),
        ("1,234.50", "1234.50"),
        ("1.234", "1234"),
        ("€ 1.234.567,89", "1234567.89"),
        ("-3.00", "-3.00"),
    ],
)
def test_an_amount_is_read_as_it_is_written(said: str, amount: str) -> None:
    assert given_of(["1", said], Columns({"reference": 0, "amount": 1}), zone="UTC").amount == Decimal(amount)


@pytest.mark.parametrize("day_first", [True, False])
def test_days_are_read_in_the_order_that_was_chosen(day_first: bool) -> None:
    found = given_of(["1", "3/4/2026"], Columns({"reference": 0, "ordered_at": 1}, day_first=day_first), zone="UTC")

    assert found.ordered_at == datetime(2026, 4, 3, tzinfo=UTC) if day_first else datetime(2026, 3, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    ("column", "said"), [("ordered_at", "soon"), ("amount", "a lot"), ("quantity", "1.5"), ("quantity", "1e999")]
)
def test_what_cannot_be_read_says_which_cell(column: str, said: str) -> None:
    with pytest.raises(NotAnOrder, match=said) as refused:
        given_of(["1", said], Columns({"reference": 0, column: 1}), zone="UTC")

    assert refused.value.field == column


@given(st.text(max_size=300), st.text(max_size=60))
def test_no_file_does_anything_but_be_read_or_refused(text: str, heading: str) -> None:
    try:
        rows = list(rows_of(f"order,{heading}\n{text}"))
    except NotATable:
        return
    how = guessed(rows[0][1]) if rows else Columns({})
    for _line, cells in rows:
        try:
            given_of(cells, how, zone="UTC").checked(now=NOW)
        except NotAnOrder:
            continue
