"""Orders out of a spreadsheet's file: which column holds what, and each row read or refused with a sentence; pure."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from troth.orders.rules.given import Given, NotAnOrder

#: What a column may hold, and by which names its heading is known (lower case, letters and digits alone).
KNOWN: Mapping[str, tuple[str, ...]] = {
    "reference": ("reference", "order", "orderid", "ordernumber", "orderno", "name", "number", "id", "bestellnummer"),
    "address": ("email", "mail", "customeremail", "emailaddress", "billingemail", "customer", "address", "phone"),
    "name": ("customername", "billingname", "shippingname", "buyer", "kunde"),
    "product": ("product", "item", "lineitemname", "productname", "title", "artikel", "produkt"),
    "variant": ("variant", "lineitemvariant", "size", "colour", "color", "batch", "variante"),
    "place": ("place", "shop", "store", "city", "shippingcity", "region", "area", "ort"),
    "quantity": ("quantity", "qty", "lineitemquantity", "menge", "anzahl"),
    "amount": ("amount", "total", "price", "ordertotal", "betrag", "summe"),
    "currency": ("currency", "currencycode", "waehrung", "whrung"),
    "ordered_at": ("orderedat", "createdat", "orderdate", "date", "created", "bestelldatum"),
    "promised_for": (
        "promisedfor", "promiseddate", "deliveryby", "estimateddelivery", "estimateddeliverydate", "expecteddelivery", "duedate",
        "ordersestimateddeliverydate", "lieferdatum",
    ),
    "delivered_at": ("deliveredat", "delivered", "deliverydate", "fulfilledat", "delivereddate", "geliefert"),
    "cancelled_at": ("cancelledat", "canceledat", "cancelled", "canceled", "storniert"),
    "cancelled_by": ("cancelledby", "canceledby", "cancelreason"),
}  # fmt: skip
TIMES = frozenset({"ordered_at", "promised_for", "delivered_at", "cancelled_at"})
COLUMNS_MOST, CELL_MOST = 200, 10_000
_FORMATS = ("%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M", "%d.%m.%Y", "%Y-%m-%d %H:%M:%S %z", "%Y/%m/%d %H:%M:%S", "%Y/%m/%d")
_DAY_FIRST = ("%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M", "%d/%m/%Y")
_MONTH_FIRST = ("%m/%d/%Y %H:%M:%S", "%m/%d/%Y %H:%M", "%m/%d/%Y")


class NotATable(ValueError):
    """The file is no table of orders; the words say what to do."""


@dataclass(frozen=True)
class Columns:
    """Which column holds what, by its place from 0, and how its days are written."""

    places: Mapping[str, int]
    #: 3/4 is the third of April rather than the fourth of March.
    day_first: bool = True
    #: Who cancelled, where no column says it.
    cancelled_by: str = "company"

    def to_plain(self) -> dict[str, object]:
        return {"places": dict(self.places), "day_first": self.day_first, "cancelled_by": self.cancelled_by}

    @classmethod
    def from_plain(cls, plain: Mapping[str, object]) -> Columns:
        places = plain["places"]
        assert isinstance(places, dict)
        return cls(
            {str(name): int(place) for name, place in places.items()},
            bool(plain["day_first"]),
            str(plain["cancelled_by"]),
        )


def text_of(raw: bytes) -> str:
    """The file's text, whatever wrote it: UTF-8 or UTF-16 by its mark, else UTF-8, else Windows'."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16", "replace")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")


def rows_of(text: str) -> Iterator[tuple[int, list[str]]]:
    """Every row that holds anything, with its line; the first is the heading. Raises NotATable where the quoting breaks."""
    reader = csv.reader(io.StringIO(text.replace("\x00", ""), newline=""), delimiter=_delimiter(text))
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                yield reader.line_num, [cell.strip()[:CELL_MOST] for cell in row[:COLUMNS_MOST]]
    except csv.Error as error:
        raise NotATable(f"Line {reader.line_num} cannot be read: {error}.") from None


def _delimiter(text: str) -> str:
    """The sign that parts most of the first line outside of quotes."""
    first = re.sub(r'"[^"]*"', "", text.lstrip().partition("\n")[0])
    return max(",;\t|", key=first.count)


def guessed(heading: Sequence[str]) -> Columns:
    """Which column seems to hold what, by its heading; each column once."""
    plain = ["".join(sign for sign in name.lower() if sign.isalnum()) for name in heading]
    places: dict[str, int] = {}
    for what, names in KNOWN.items():
        for name in names:
            if name in plain and (place := plain.index(name)) not in places.values():
                places[what] = place
                break
    return Columns(places)


def given_of(cells: Sequence[str], how: Columns, *, zone: str) -> Given:
    """The order in a row; a time without a zone is of *zone*. Raises NotAnOrder."""
    said = {what: cells[place] for what, place in how.places.items() if place < len(cells) and cells[place]}
    times: dict[str, Any] = {what: _time(what, said[what], how, zone=zone) for what in TIMES & said.keys()}
    address = said.get("address", "")
    cancelled = times.get("cancelled_at") is not None
    return Given(
        reference=said.get("reference", ""),
        kind="email" if "@" in address or not address else "phone",
        address=address,
        name=said.get("name", ""),
        product=said.get("product"),
        variant=said.get("variant"),
        place=said.get("place"),
        quantity=_whole(said["quantity"]) if "quantity" in said else None,
        amount=_amount(said["amount"]) if "amount" in said else None,
        currency=said["currency"].upper() if "currency" in said else None,
        cancelled_by=_who_cancelled(said.get("cancelled_by", ""), how) if cancelled else None,
        **times,
    )


def _who_cancelled(said: str, how: Columns) -> str:
    return said.lower() if said.lower() in {"customer", "company"} else how.cancelled_by


def _whole(said: str) -> int:
    try:
        number = Decimal(said)
        if abs(number) < 2**31 and number == int(number):
            return int(number)
    except (InvalidOperation, ValueError):
        pass
    raise NotAnOrder("quantity", f"“{said[:40]}” is no number of things.")


def _amount(said: str) -> Decimal:
    """1,234.50 and 1.234,50 and 12,5 alike: the last of the two signs parts the cents, where two signs at most follow it."""
    digits = re.sub(r"[^\d,.\-]", "", said)
    last = max(digits.rfind(","), digits.rfind("."))
    if last >= 0 and len(digits) - last <= 3:
        digits = re.sub(r"[,.]", "", digits[:last]) + "." + digits[last + 1 :]
    else:
        digits = re.sub(r"[,.]", "", digits)
    try:
        return Decimal(digits)
    except InvalidOperation:
        raise NotAnOrder("amount", f"“{said[:40]}” is no amount of money.") from None


def _time(what: str, said: str, how: Columns, *, zone: str) -> datetime:
    """A time as it is written; a day alone is its end where something was promised for it, and its beginning else."""
    found = _read(said, day_first=how.day_first)
    if found is None or not 1900 <= found.year <= 2200:
        raise NotAnOrder(what, f"“{said[:40]}” is no time.")
    if what == "promised_for" and not re.search(r"\d:\d", said):
        found = datetime.combine(found.date(), time(23, 59, 59))
    return (found if found.tzinfo else found.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC)


def _read(said: str, *, day_first: bool) -> datetime | None:
    try:
        return datetime.fromisoformat(said)
    except ValueError:
        pass
    for format_ in (*_FORMATS, *(_DAY_FIRST if day_first else _MONTH_FIRST)):
        try:
            return datetime.strptime(said, format_)  # noqa: DTZ007 -- the caller puts the zone
        except ValueError:
            continue
    return None
