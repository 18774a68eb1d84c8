"""What the ledger tells of in this room: each promise, with the words about it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from troth.ledger.replay import EMPTIED, Thing
from troth.ledger.rules.replay import Columns
from troth.promises.models import Promise, Telling
from troth.promises.queries import erased_words
from troth.promises.rules.replay import told_of
from troth.promises.rules.words import digest, of_promise, of_telling
from troth.words.refs import ref

#: Columns that have the names and values of what the facts say.
SAME = (
    "state", "sort", "strength", "speaker", "source", "said_at", "first_due", "due", "moves", "warned_at", "escalated_at",
    "told_at", "done_at", "settled_at", "miss_reason", "verdict", "verdict_at",
)  # fmt: skip


def rows(numbers: Sequence[int]) -> dict[int, Columns]:
    """The columns of these promises and of the letters about them, as their facts would put them."""
    found = {promise.pk: _columns(promise) for promise in Promise.objects.filter(pk__in=numbers)}
    told: dict[int, list[Telling]] = {number: [] for number in found}
    for telling in Telling.objects.filter(promise__in=numbers, letter_id__isnull=False):
        told[telling.promise_id].append(telling)
    for number, tellings in told.items():
        found[number] |= _tellings(tellings)
    return found


def _columns(promise: Promise) -> Columns:
    columns: Columns = {"PromiseMade": 1, **{name: getattr(promise, name) for name in SAME}}
    columns["customer"] = ref("customer", promise.customer_id) if promise.customer_id else ""
    columns["owner"] = ref("staff", promise.owner_id) if promise.owner_id else ""
    if promise.imported:  # when it was settled, and when that was written down, are two things then
        del columns["settled_at"]
    return columns | _digests(promise)


def _digests(promise: Promise) -> Columns:
    """Of the words, as facts of either version have them."""
    is_emptied = not (promise.words_salt or promise.source_quote or promise.condition)
    if is_emptied and promise.what == erased_words():
        return {"quote_digest": EMPTIED, "words_digest": EMPTIED}
    words = of_promise(what=promise.what, condition=promise.condition, quote=promise.source_quote)
    return {
        "quote_digest": hashlib.sha256(promise.source_quote.encode()).hexdigest(),
        "words_digest": digest(words, salt=bytes(promise.words_salt)),
    }


def _tellings(tellings: Sequence[Telling]) -> Columns:
    columns: Columns = {
        "TellingSent": len(tellings),
        "CustomerTold": sum(telling.delivered_at is not None for telling in tellings),
        "tellings": " ".join(sorted(ref("letter", telling.letter_id or 0) for telling in tellings)),
    }
    for telling in tellings:
        letter = ref("letter", telling.letter_id or 0)
        words, salt = of_telling(telling.words), bytes(telling.words_salt)
        columns |= {
            f"{letter} words_digest": digest(words, salt=salt) if telling.words or salt else EMPTIED,
            f"{letter} telling": telling.kind,
            f"{letter} automatic": telling.by_id is None,
            f"{letter} due": telling.due,
            f"{letter} delivered_at": telling.delivered_at,
        }
    return columns


PROMISE = Thing(word="promise", model=Promise, rows=rows, told=told_of)
THINGS = (PROMISE,)
