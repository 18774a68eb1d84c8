"""An order as a shop tells of it, and what that makes of what was told before; pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum

#: A clock of theirs may be ahead of ours by so much.
AHEAD_MOST = timedelta(days=1)
WORDS_MOST = 300
AMOUNT_MOST = Decimal("999999999999.99")
#: What is told anew of an order that is known; whose it is and what the shop calls it stays.
CHANGES = (
    "product", "variant", "place", "quantity", "amount", "currency", "ordered_at", "promised_for", "delivered_at",
    "cancelled_at", "cancelled_by",
)  # fmt: skip


class NotAnOrder(ValueError):
    """What is told cannot be so; *field* is what is wrong with it."""

    def __init__(self, field: str, words: str) -> None:
        super().__init__(words)
        self.field = field


@dataclass(frozen=True, kw_only=True)
class Given:
    """What is told of one order; None is what nothing was said of, and leaves what was known."""

    reference: str
    #: Whose it is: a customer's number, or how they are reached.
    customer: int | None = None
    kind: str = "email"
    address: str = ""
    name: str = ""
    product: str | None = None
    variant: str | None = None
    place: str | None = None
    quantity: int | None = None
    amount: Decimal | None = None
    #: ISO 4217.
    currency: str | None = None
    #: Instants are aware.
    ordered_at: datetime | None = None
    promised_for: datetime | None = None
    delivered_at: datetime | None = None
    cancelled_at: datetime | None = None
    cancelled_by: str | None = None

    def checked(self, *, now: datetime) -> Given:
        """Itself, where it can be so at *now*; raises NotAnOrder."""
        if not self.reference or len(self.reference) > WORDS_MOST:
            raise NotAnOrder("reference", "An order is known by the shop's own number: say it.")
        if self.customer is None and not self.address:
            raise NotAnOrder("address", "Nothing says whose order it is.")
        for field in ("product", "variant", "place"):
            if len(getattr(self, field) or "") > WORDS_MOST:
                raise NotAnOrder(field, f"That is longer than {WORDS_MOST} characters.")
        if self.quantity is not None and not 0 < self.quantity < 2**31:
            raise NotAnOrder("quantity", "At least one thing was ordered.")
        if self.amount is not None:
            self._check_money(self.amount)
        for field in ("ordered_at", "delivered_at", "cancelled_at"):
            at = getattr(self, field)
            if at is not None and at > now + AHEAD_MOST:
                raise NotAnOrder(field, "That has not happened yet.")
        if (self.cancelled_at is None) != (not self.cancelled_by):
            raise NotAnOrder(
                "cancelled_by", "Say of a cancelled order when that was, and whether customer or company did."
            )
        return self

    def _check_money(self, amount: Decimal) -> None:
        if not amount.is_finite() or not 0 <= amount <= AMOUNT_MOST or amount != round(amount, 2):
            raise NotAnOrder("amount", "An amount has two places behind the point, and is not below nothing.")
        if not (self.currency and len(self.currency) == 3 and self.currency.isascii() and self.currency.isupper()):
            raise NotAnOrder("currency", "An amount needs its currency, such as EUR (ISO 4217).")

    def told(self) -> dict[str, object]:
        """What it says of the order itself."""
        return {name: value for name in CHANGES if (value := getattr(self, name)) is not None}


def merged(known: Mapping[str, object], given: Given) -> dict[str, object]:
    """What changes of what is *known*; empty where nothing does."""
    return {name: value for name, value in given.told().items() if known[name] != value}


class Word(StrEnum):
    """What becomes of the promise of its delivery."""

    #: There is none, and none is made: no date, or one that has passed.
    NONE = "none"
    MAKE = "make"
    #: As it was. Also where the shop says another date: it counts as moved only once the customer was told.
    STAYS = "stays"
    KEEP = "keep"
    #: The customer called the order off: they let us off.
    RELEASE = "release"
    #: The company did.
    BREAK = "break"


def word(
    *,
    has_promise: bool,
    promised_for: datetime | None,
    delivered_at: datetime | None,
    cancelled_at: datetime | None,
    cancelled_by: str,
    now: datetime,
) -> Word:
    """What becomes of the promise of an order of which this is known at *now*. What was delivered first and called off later was
    delivered."""
    if has_promise:
        if delivered_at is not None and (cancelled_at is None or delivered_at <= cancelled_at):
            return Word.KEEP
        if cancelled_at is not None:
            return Word.RELEASE if cancelled_by == "customer" else Word.BREAK
        return Word.STAYS
    if promised_for is None or promised_for <= now or delivered_at is not None or cancelled_at is not None:
        return Word.NONE
    return Word.MAKE


FIELDS = tuple(field.name for field in fields(Given))
