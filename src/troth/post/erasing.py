"""A customer's part of this room: letters to them, and letters to staff that name them.

A letter is evidence: its bytes are fixed, and the database lets it be emptied only once it is under way no more. So what
waits is taken back, and what is leaving at this moment is waited for.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from django.conf import settings
from django.db import connection
from django.db.models import Q, QuerySet
from django.utils.module_loading import import_string

from troth.ledger import actions as ledger
from troth.people.models import Customer
from troth.post.actions import LOCK_KIND, say_unclear
from troth.post.models import UNDER_WAY, Attempt, Letter, LetterState
from troth.words import facts

#: How the keys of letters begin that warn staff of a promise.
WARNINGS = ("warn:", "escalate:")


class Leaving(RuntimeError):
    """A letter is being handed over at this very moment; a minute later it is known what became of it."""


def theirs(
    customers: Sequence[int], *, about: Sequence[str], warned_at: Sequence[datetime], to: Sequence[str] = ()
) -> QuerySet[Letter]:
    """Letters to these customers or *to* these addresses, *about* one of these references, and warnings to staff of these moments."""
    warnings = Q(key__startswith=WARNINGS[0]) | Q(key__startswith=WARNINGS[1])
    return Letter.objects.filter(
        Q(customer_id__in=customers)
        | Q(to_address__in=to, customer_id__isnull=False)  # the last letter to them is nobody's
        | Q(because__in=about)
        | Q(warnings, automatic=True, customer_id=None, created_at__in=warned_at)
    )


def holds(letters: QuerySet[Letter]) -> dict[str, int]:
    """How many of what."""
    return {"letters": letters.count(), "letters_waiting": letters.filter(state__in=UNDER_WAY).count()}


def left() -> set[int]:
    """Who was forgotten and is written to in some letter here (again)."""
    forgotten = Customer.objects.filter(erased_at__isnull=False)
    full = Letter.objects.filter(customer_id__in=forgotten.values("pk")).exclude(to_address="")
    return {pk for pk in full.values_list("customer_id", flat=True) if pk}


def forget_copies(letters: QuerySet[Letter]) -> None:
    """The carrier's own copies of these, where it keeps some that it can let go of; safe to repeat."""
    forget: Callable[[Sequence[str]], object] | None = getattr(import_string(settings.TROTH_CARRIER), "forget", None)
    if forget:
        forget(list(letters.values_list("message_id", flat=True)))


def erase(letters: QuerySet[Letter], *, now: datetime) -> None:
    """Take back what waits, and empty what is left; raises Leaving while one is being handed over."""
    numbers = list(letters.order_by("pk").values_list("pk", flat=True))
    waiting = Letter.objects.filter(pk__in=numbers, state__in=UNDER_WAY).defer("raw")
    for letter in waiting.select_for_update().order_by("pk"):
        _stop(letter, now=now)
    Attempt.objects.filter(letter__in=numbers).exclude(reply="").update(reply="")
    empty(Letter.objects.filter(pk__in=numbers))


def empty(letters: QuerySet[Letter]) -> int:
    """Empty letters that are under way no more; how many. Their states, times and references stay."""
    full = letters.exclude(to_address="", subject="", last_reply="", bounce_reason="").exclude(state__in=UNDER_WAY)
    return full.update(raw=b"", to_address="", subject="", last_reply="", bounce_reason="")


def _stop(letter: Letter, *, now: datetime) -> None:
    if not _is_ours_alone(letter.pk):
        raise Leaving("A letter to them is leaving at this moment.")
    if letter.state == LetterState.DATA:
        say_unclear(letter_id=letter.pk, now=now)
        return
    Letter.objects.filter(pk=letter.pk).update(state=LetterState.TAKEN_BACK)
    ledger.append(
        facts.LetterTakenBack(about=letter.reference, customer=letter.customer, because=letter.because), now=now
    )


def _is_ours_alone(letter_id: int) -> bool:
    """Whether nobody hands it over: who does holds this lock on a connection of their own (post.actions.lock)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [LOCK_KIND, letter_id & 0x7FFFFFFF])
        row = cursor.fetchone()
    return bool(row and row[0])
