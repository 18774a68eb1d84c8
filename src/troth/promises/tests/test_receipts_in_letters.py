"""A letter that moves a promise, or makes one, carries its receipt, unless waiting for it could cost the date."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from tests.people_and_things import DAY, FRIDAY, HOUR, NOW, company, handle, promise, staff
from tests.receipts import FOR_LETTER

from troth.post.models import Letter
from troth.promises import actions as promises
from troth.promises import watcher
from troth.promises.models import Promise, Telling
from troth.promises.rules.due import can_wait
from troth.words.promises import Sort
from troth.words.refs import ref

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _receipts_go_along(settings: Any) -> None:
    settings.TROTH_ENCLOSURES = FOR_LETTER
    company()


def moved(row: Promise, *, now: Any, days: int = 7) -> Telling:
    row.refresh_from_db()
    assert row.due
    return promises.move(row, to=row.due + days * DAY, words="", reason="supplier", by=None, now=now)


def encloses(telling: Telling) -> list[str]:
    return Letter.objects.get(pk=telling.letter_id).encloses


def test_new_date_carries_the_receipt_of_the_promise() -> None:
    row = promise(customer=handle().customer)

    in_time = moved(row, now=NOW)
    row.refresh_from_db()
    assert row.due
    late = moved(row, now=row.due + HOUR)

    assert (in_time.kind, encloses(in_time)) == ("move", [ref("promise", row.pk)])
    assert (late.kind, encloses(late)) == ("new_date", [ref("promise", row.pk)])


def test_third_move_carries_the_receipt_of_the_promise_made_anew_too() -> None:
    row = promise(customer=handle().customer)
    moved(row, now=NOW)
    moved(row, now=NOW)

    third = moved(row, now=NOW)

    anew = Promise.objects.get(because=row)
    assert encloses(third) == [ref("promise", row.pk), ref("promise", anew.pk)]


def test_heads_up_carries_the_receipt_of_the_next_word_it_promises() -> None:
    row = promise(customer=handle().customer, owner=staff())
    assert row.heads_up_at

    watcher.look_ahead(now=row.heads_up_at)

    letters = dict(Letter.objects.values_list("key", "encloses"))
    word = Promise.objects.get(sort=Sort.NEXT_WORD)
    assert [found for key, found in letters.items() if key.startswith("heads_up:")] == [[ref("promise", word.pk)]]
    assert [found for key, found in letters.items() if not key.startswith("heads_up:")] == [[]] * (len(letters) - 1)


@pytest.mark.parametrize("moment", ["told_by", "due"])
def test_words_that_must_arrive_within_the_minute_wait_for_nothing(moment: str) -> None:
    row = promise(customer=handle().customer)
    at = getattr(row, moment)

    telling = moved(row, now=at - MINUTE)

    assert encloses(telling) == []


@pytest.mark.parametrize(
    ("now", "can"),
    [
        (FRIDAY - HOUR - MINUTE - timedelta(seconds=1), True),
        (FRIDAY - HOUR - MINUTE, False),
        (FRIDAY - HOUR - timedelta(seconds=1), False),
        (FRIDAY - HOUR, True),
        (FRIDAY - MINUTE, False),
        (FRIDAY, True),
    ],
)
def test_words_wait_where_no_date_is_near(now: Any, can: bool) -> None:
    assert can_wait(MINUTE, told_by=FRIDAY - HOUR, due=FRIDAY, now=now) is can


def test_customer_without_an_address_gets_no_letter_to_carry_anything() -> None:
    telling = moved(promise(), now=NOW)

    assert telling.letter_id is None
    assert Letter.objects.count() == 0
