"""Remedies that raise themselves: what a standard says is owed, written for many at once and each exactly once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from troth.ledger.actions import append_all
from troth.people.models import Customer
from troth.people.queries import hours_of
from troth.post.actions import hand_over_all
from troth.promises import actions as promises
from troth.promises.letters import around
from troth.promises.models import Promise
from troth.promises.rules.words import fresh_salt
from troth.remedies import letters
from troth.remedies.actions import facts_of
from troth.remedies.models import Remedy
from troth.remedies.rules.due import due_at
from troth.remedies.rules.money import Money
from troth.remedies.rules.policy import Standard
from troth.remedies.sayings import what_words
from troth.words.remedies import Occasion, State


@dataclass(frozen=True, kw_only=True)
class Raised:
    """What a standard says is owed to one customer."""

    standard: Standard
    pays: Money
    #: The version of the policy that says so.
    version: int | None
    customer: Customer
    team_id: int | None
    #: What it is to make good.
    about: str
    #: What failed, and when.
    occasion: str
    occasion_at: datetime
    second_of: Remedy | None = None

    @property
    def saying(self) -> str:
        """Which letter tells of it."""
        return (Occasion.MISSED_REMEDY if self.second_of else self.standard.on).value

    @property
    def key(self) -> tuple[str, str, datetime | None]:
        """Once for each: an order is late once, whatever dates its shop tells of it later."""
        return self.standard.name, self.occasion, None if self.occasion.startswith("order:") else self.occasion_at


@transaction.atomic
def raise_all(found: Sequence[Raised], *, now: datetime) -> list[Remedy]:
    """What is owed by *found* and was not raised before, with its promise, its facts and its letter, each in one statement.

    The caller holds what they were found by, so that nobody raises the same beside it; the database would refuse it.
    """
    fresh = [one for one in _once(found) if one.customer.erased_at is None]
    if not fresh:
        return []
    rows = [_row(one, now=now) for one in fresh]
    made = [_promise(row, now=now) for row in rows]
    Promise.objects.bulk_create(made)
    for row, promise in zip(rows, made, strict=True):
        row.promise = promise
    Remedy.objects.bulk_create(rows)
    append_all([promises.made(promise) for promise in made], now=now)
    append_all([facts_of.owed(row, by=None) for row in rows], now=now)
    tell_all([(row, one.saying) for row, one in zip(rows, fresh, strict=True)], now=now)
    return rows


def _once(found: Sequence[Raised]) -> list[Raised]:
    """Those that are not there yet, and of each occasion of a standard one."""
    rows = Remedy.objects.filter(occasion__in=[one.occasion for one in found]).exclude(standard="")
    there: set[tuple[str, str, datetime | None]] = set()
    for standard, occasion, at in rows.values_list("standard", "occasion", "occasion_at"):
        there |= {(standard, occasion, at), (standard, occasion, None)}
    fresh: dict[tuple[str, str, datetime | None], Raised] = {}
    for one in found:
        if one.key not in there:
            fresh.setdefault(one.key, one)
    return list(fresh.values())


def _row(one: Raised, *, now: datetime) -> Remedy:
    hours = hours_of(one.team_id)
    return Remedy(
        about=one.about,
        customer=one.customer,
        team_id=one.team_id,
        sort=one.standard.sort,
        state=State.DUE,
        amount=one.pays.amount,
        currency=one.pays.currency,
        what=what_words(one.standard.sort, one.pays.amount, one.pays.currency),
        words_salt=fresh_salt(),
        made_at=now,
        days=one.standard.days,
        policy_id=one.version,
        due=due_at(one.occasion_at, days=one.standard.days, hours=hours, now=now),
        standard=one.standard.name,
        occasion=one.occasion,
        occasion_at=one.occasion_at,
        second_of=one.second_of,
    )


def _promise(row: Remedy, *, now: datetime) -> Promise:
    return promises.unsaved(
        customer=row.customer,
        what=row.what,
        due=row.due,
        said_at=now,
        team_id=row.team_id,
        about=row.about,
        hours=hours_of(row.team_id),
    )


def tell_all(said: Sequence[tuple[Remedy, str]], *, now: datetime) -> None:
    """A letter to each of their customers."""
    known = around(tell=[row.promise for row, _saying in said if row.promise], now=now)
    written = [letters.written(row, saying=saying, around=known, now=now) for row, saying in said]
    hand_over_all([letter for letter in written if letter], now=now)
