from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests import people_and_things as things

from troth.ledger.models import Entry
from troth.post import actions, queries
from troth.post.models import Letter, LetterState

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def alike(count: int, *, first: int = 0, **changes: Any) -> Iterator[Letter]:
    said = {"subject": "Your parcel is late", "text": "It leaves on Tuesday.", "because": "notice:9", "now": NOW}
    many = actions.Alike(**{**said, **changes})
    for number in range(first, first + count):
        yield many.to(f"c{number}@example.net", key=f"notice:9:{number}", customer_id=None, to_name=f"C{number}")


def hand_over(count: int, *, first: int = 0, **changes: Any) -> dict[str, int]:
    return actions.hand_over_bulk(list(alike(count, first=first, **changes)), now=NOW)


# Handing over


def test_many_are_queued_with_few_statements_and_each_with_its_fact(django_assert_num_queries: Any) -> None:
    letters = list(alike(300))
    ann = things.handle("ann@example.net").customer.pk
    letters[7].customer_id = ann
    with django_assert_num_queries(4):
        made = actions.hand_over_bulk(letters, now=NOW)

    rows = {letter.key: letter for letter in Letter.objects.all()}
    assert made == {key: letter.pk for key, letter in rows.items()}
    assert [letter.pk for letter in letters] == list(made.values())
    row = rows["notice:9:7"]
    assert (row.to_address, row.subject, row.because, row.customer_id) == (
        "c7@example.net", "Your parcel is late", "notice:9", ann,
    )  # fmt: skip
    assert bytes(row.raw) == letters[7].raw
    assert (row.state, row.attempts, row.automatic, row.envelope_from) == ("queued", 0, True, "support@troth.example")
    assert (row.created_at, row.leaves_at, row.next_try_at, row.encloses) == (NOW, NOW, NOW, [])
    assert Entry.objects.filter(kind="LetterQueued").count() == 300
    assert Entry.objects.get(kind="LetterQueued", about=row.reference).customer == f"customer:{ann}"


def test_one_intent_makes_one_letter_however_often_it_is_handed_over() -> None:
    first = hand_over(3)

    again = hand_over(3, first=1)

    assert {key: again[key] for key in list(first)[1:]} == {key: first[key] for key in list(first)[1:]}
    assert Letter.objects.count() == Entry.objects.filter(kind="LetterQueued").count() == 4
    assert hand_over(3) == first


def test_ordinary_letters_never_wait_behind_those_in_bulk() -> None:
    hand_over(30)
    one = actions.hand_over(
        key="reply:1", to_address="ann@example.net", subject="Hello", text="Hello.", because="case:1", customer_id=None,
        automatic=False, now=NOW + MINUTE,
    )  # fmt: skip

    assert queries.bulk_due_exists(now=NOW)
    assert not queries.due_exists(now=NOW)
    assert actions.claim(now=NOW + MINUTE, limit=20) == [one.pk]
    assert queries.counts_by_state()[LetterState.QUEUED] == 1
