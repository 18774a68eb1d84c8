"""A file that names people: which of its columns do, and what each line says; pure.

A line names somebody by our number, by a mail address, by another way they reach us, or by an order of theirs. The columns are known
by their headings; a file without one, such as a bare list of addresses, is read by its first column.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from troth.people.rules.addresses import NotAnAddress, email_address, shown_name

#: By which headings a column is known: lower case, letters and digits alone.
HEADINGS: dict[str, tuple[str, ...]] = {
    "customer": ("customer", "customerid", "customernumber", "kunde", "kundennummer"),
    "address": ("email", "mail", "emailaddress", "address", "handle", "phone", "telephone", "contact", "adresse"),
    "order": ("order", "orderid", "ordernumber", "orderreference", "reference", "bestellung", "bestellnummer"),
    "name": ("name", "customername", "fullname"),
}
LINES_MOST = 1_000_000
SAID_MOST = 300


class Names(StrEnum):
    """By what a line names somebody."""

    CUSTOMER = "customer"
    MAIL = "mail"
    HANDLE = "handle"
    ORDER = "order"


class Problem(StrEnum):
    """Why a line is nobody's. The words for people stand with the pages."""

    EMPTY = "empty"
    NO_SUCH_CUSTOMER = "no_such_customer"
    NO_SUCH_ORDER = "no_such_order"
    NO_SUCH_HANDLE = "no_such_handle"
    NOT_AN_ADDRESS = "not_an_address"
    #: Our own mark for mail whose sender could not be told.
    NOBODY = "nobody"
    FORGOTTEN = "forgotten"


@dataclass(frozen=True)
class Said:
    """What a line says: *by* is empty where it says nothing that could name somebody."""

    line: int
    by: Names | None
    #: The number, the address in its one spelling, or the reference.
    value: str
    name: str
    #: As it stood there.
    text: str
    problem: Problem | None = None


def said_in(rows: Iterator[tuple[int, list[str]]]) -> Iterator[Said]:
    """What each line says, in their order; a line of headings is none."""
    places: dict[str, int] | None = None
    for line, cells in rows:
        if places is None:
            places = _places(cells)
            if places:
                continue
            places = {"any": 0}
        yield _said(line, cells, places)


def _places(cells: Sequence[str]) -> dict[str, int]:
    plain = ["".join(sign for sign in cell.lower() if sign.isalnum()) for cell in cells]
    found: dict[str, int] = {}
    for what, names in HEADINGS.items():
        place = next((nth for nth, cell in enumerate(plain) if cell in names), None)
        if place is not None:
            found[what] = place
    return found if found.keys() - {"name"} else {}


def _said(line: int, cells: Sequence[str], places: dict[str, int]) -> Said:
    told = {what: cells[place] for what, place in places.items() if place < len(cells) and cells[place]}
    name, text = shown_name(told.pop("name", "")), " ".join(told.values())[:SAID_MOST]
    if number := told.get("customer", ""):
        digits = number.removeprefix("customer:").removeprefix("#")
        if digits.isascii() and digits.isdecimal() and len(digits) <= 18 and int(digits):
            return Said(line, Names.CUSTOMER, str(int(digits)), name, text)
        told = {"any": number, **told}
    if address := told.get("address", "") or told.get("any", ""):
        return _address(line, address, name, text, is_sure="address" in told)
    if order := told.get("order", ""):
        return Said(line, Names.ORDER, order, name, text)
    return Said(line, None, "", name, text, Problem.EMPTY)


def _address(line: int, text: str, name: str, said: str, *, is_sure: bool) -> Said:
    """An address, or another way to reach somebody; in a column without a heading also a number of ours, or an order."""
    if "@" in text.lstrip("@"):
        try:
            return Said(line, Names.MAIL, email_address(text), name, said)
        except NotAnAddress:
            return Said(line, Names.MAIL, text[:SAID_MOST], name, said, Problem.NOT_AN_ADDRESS)
    digits = text.removeprefix("customer:").removeprefix("#")
    if not is_sure and digits.isascii() and digits.isdecimal() and len(digits) <= 18 and int(digits):
        return Said(line, Names.CUSTOMER, str(int(digits)), name, said)
    return Said(line, Names.HANDLE if is_sure else Names.ORDER, text[:SAID_MOST], name, said)
