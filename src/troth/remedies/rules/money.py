"""Money: an amount with its currency, exactly as it was said; pure.

The list of currencies is that of Unicode CLDR, by way of Babel: those that are legal tender somewhere today (ISO 4217). How many
decimals one has is known there too, and an amount with more of them is none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache

from babel import Locale, UnknownLocaleError
from babel.core import get_global
from babel.numbers import format_currency, get_currency_precision

#: What numeric(14, 2) holds.
MOST = Decimal("999999999999.99")


class NotMoney(ValueError):
    """This is no amount of money: the message says why."""


@dataclass(frozen=True)
class Money:
    amount: Decimal
    #: ISO 4217.
    currency: str

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}"


@cache
def currencies() -> frozenset[str]:
    """The codes of what people pay with today."""
    territories = get_global("territory_currencies").values()
    return frozenset(code for known in territories for code, _since, until, tender in known if tender and until is None)


def money(amount: str | Decimal, currency: str) -> Money:
    """What was said, if it is money. Raises NotMoney."""
    code = currency.strip().upper()
    if code not in currencies():
        raise NotMoney("Write the currency in its three letters, such as GBP or EUR.")
    return Money(_amount(str(amount), code), code)


def _amount(said: str, code: str) -> Decimal:
    text = re.sub(r"\s", "", said)
    # A comma is a decimal one where it is the only sign and stands before one or two digits: 12,50.
    text = re.sub(r",(\d{1,2})\Z", r".\1", text) if text.count(",") == 1 and "." not in text else text
    text = re.sub(r",(?=\d{3}(?:[,.]|\Z))", "", text)
    if not re.fullmatch(r"[0-9]{1,15}(\.[0-9]+)?", text):
        raise NotMoney("Write the amount in digits, such as 25 or 12.50.")
    try:
        amount = Decimal(text)
    except InvalidOperation as why:  # pragma: no cover -- the pattern lets none through
        raise NotMoney("Write the amount in digits, such as 25 or 12.50.") from why
    places = min(get_currency_precision(code), 2)
    if amount != round(amount, places):
        raise NotMoney(f"{code} has {places} decimals.")
    if not 0 < amount <= MOST:
        raise NotMoney("Write an amount above nothing.")
    return amount.quantize(Decimal("0.01"))


def plain(amount: Decimal | None) -> str:
    """As a fact, a sheet and a program have it: `12.50`; empty where it is not money."""
    return "" if amount is None else f"{amount:.2f}"


def shown(amount: Decimal | None, currency: str, *, language: str = "en") -> str:
    """As people read it in their language: `£12.50`, `12,50 €`."""
    return "" if amount is None else format_currency(amount, currency, locale=_locale(language))


@cache
def _locale(language: str) -> Locale:
    try:
        return Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale("en", "GB")
