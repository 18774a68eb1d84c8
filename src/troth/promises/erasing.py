"""A customer's part of this room: what was promised to them and what was told about it.

The promise stays, with its states and times, for what became of our word is counted; its words go. What is still owed is
settled, so that nothing more is sent, and so that forgetting somebody makes no figure better (docs/use/privacy.md):
what is past its date is broken, for it never will be done. What is still to come only its customer can let us off: it
is released where they asked to be forgotten, and broken where the company decided so.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from troth.ledger.models import Entry
from troth.promises import actions
from troth.promises.models import Promise, Telling
from troth.promises.queries import OWED, erased_words
from troth.words.promises import State
from troth.words.refs import ref


def theirs(customers: Sequence[int], cases: Sequence[int]) -> QuerySet[Promise]:
    """What was promised to these, or in these cases."""
    about = [ref("case", pk) for pk in cases]
    return Promise.objects.filter(Q(customer_id__in=customers) | Q(about__in=about))


def holds(customers: Sequence[int], cases: Sequence[int]) -> dict[str, int]:
    """How many of what."""
    promises = theirs(customers, cases)
    return {
        "promises": promises.count(),
        "owed": promises.filter(OWED).count(),
        "tellings": Telling.objects.filter(promise__in=promises).count(),
    }


def left() -> set[int]:
    """Who was forgotten and has words here (again), or something that could still be sent."""
    forgotten = Promise.objects.filter(customer__erased_at__isnull=False)
    emptied = Q(source_quote="", condition="", reason="", what=erased_words(), look_again_at=None)
    told = Telling.objects.filter(promise__customer__erased_at__isnull=False).exclude(words="")
    return {
        *forgotten.exclude(emptied).values_list("customer_id", flat=True),
        *told.values_list("promise__customer_id", flat=True),
    }


def erase(customers: Sequence[int], cases: Sequence[int], *, asked: bool, now: datetime) -> None:
    """Settle what is owed, and empty the words. *asked*: they asked to be forgotten themselves."""
    rows = list(theirs(customers, cases).select_for_update(of=("self",)).order_by("pk"))
    for promise in rows:
        if promise.is_owed or promise.state in {State.ARMED, State.PROPOSED}:
            _settle(promise, asked=asked, now=now)
    numbers = [promise.pk for promise in rows]
    # With the words go the salts, without which the ledger's digests of them tell nothing.
    Telling.objects.filter(promise__in=numbers).update(
        words="", words_salt=b"", settled_at=Coalesce(F("settled_at"), Value(now))
    )
    Promise.objects.filter(pk__in=numbers).update(
        what=erased_words(),
        condition="",
        source_quote="",
        reason="",
        words_salt=b"",
        by_itself=False,
        look_again_at=None,
    )


def _settle(promise: Promise, *, asked: bool, now: datetime) -> None:
    is_past = promise.state == State.LATE or (promise.due is not None and promise.due <= now)
    if promise.state == State.PROPOSED:
        actions.void(promise, reason="", by=None, now=now)
    elif promise.state == State.ARMED or (asked and not is_past):
        actions.release(promise, reason="", by=None, now=now)
    else:
        actions.never_done(promise, now=now)


def warned_at(numbers: Sequence[int]) -> list[datetime]:
    """When staff were warned of these promises: the letters of those moments name the customer."""
    told = Entry.objects.filter(
        about__in=[ref("promise", pk) for pk in numbers], kind__in=["StaffWarned", "StaffEscalated"]
    )
    return list(told.values_list("recorded_at", flat=True).distinct())
