from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import Count
from tests import people_and_things as things

from troth.ledger.models import Entry
from troth.post import actions, bulk, checks, holding, queries
from troth.post.models import Attempt, Letter, LetterState
from troth.post.rules.carrier import Outcome, accepted, refused, server_is_away, try_again, unclear
from troth.post.rules.doubt import DOUBTS_MOST
from troth.post.rules.retry import SCHEDULE
from troth.post.tests.carrier import Killed, MemoryCarrier
from troth.site.verify import answer

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


# Leaving


def sweep(carrier: MemoryCarrier, at: datetime = NOW, **changes: Any) -> int:
    return bulk.sweep(carrier=carrier, clock=lambda: at, **changes)


def states() -> dict[str, int]:
    return dict(Letter.objects.order_by().values_list("state").annotate(Count("id")))


def arrived(carrier: MemoryCarrier) -> Counter[str]:
    return Counter(raw.partition(b"\r\n")[0].decode() for raw in carrier.arrived)


def test_all_leave_once_in_windows_each_with_its_attempt_and_its_fact(django_assert_max_num_queries: Any) -> None:
    letters = list(alike(95))
    letters[3].customer_id = things.handle("ann@example.net").customer.pk
    actions.hand_over_bulk(letters, now=NOW)
    carrier = MemoryCarrier()

    with django_assert_max_num_queries(40):  # however many letters, a dozen for each window
        assert sweep(carrier, size=40) == 95

    assert carrier.arrived == [letter.raw for letter in letters]
    assert states() == {"sent": 95}
    one = Letter.objects.get(pk=letters[3].pk)
    assert (one.attempts, one.delivered_at, one.left_at, one.last_code, one.verified) == (1, NOW, NOW, 250, False)
    assert set(Attempt.objects.values_list("answer", "left_at", "ended_at")) == {("accepted", NOW, NOW)}
    assert Attempt.objects.count() == Entry.objects.filter(kind="LetterDelivered").count() == 95
    assert Entry.objects.get(kind="LetterDelivered", about=one.reference).customer == one.customer
    assert sweep(carrier, NOW + timedelta(days=9)) == 0
    assert not locks()


def test_each_letter_gets_its_own_answer() -> None:
    made = list(hand_over(5).values())
    carrier = MemoryCarrier(accepted(), try_again(450, "Later"), refused(550, "No such\r\nperson"), unclear("cut"))

    sweep(carrier)

    rows = {letter.pk: letter for letter in Letter.objects.all()}
    assert [rows[pk].state for pk in made] == ["sent", "queued", "refused", "data", "sent"]
    assert [rows[pk].attempts for pk in made] == [1] * 5
    assert rows[made[1]].next_try_at == NOW + MINUTE
    assert (rows[made[2]].last_code, rows[made[2]].last_reply) == (550, "No such  person")
    assert Entry.objects.get(kind="LetterRefused").about == rows[made[2]].reference
    assert queries.failed() == []  # whoever wrote to so many follows each of them
    sweep(carrier, NOW + 2 * MINUTE)
    assert Letter.objects.get(pk=made[1]).state == LetterState.SENT
    assert not locks()


def test_a_mailbox_that_is_busy_for_days_is_tried_on_the_schedule_and_ends() -> None:
    hand_over(1)
    carrier = MemoryCarrier(*[try_again(450, "Later")] * 8)

    at, waits = NOW, []
    for _ in range(7):
        sweep(carrier, at)
        waits.append(Letter.objects.get().next_try_at - at)
        at = Letter.objects.get().next_try_at
    sweep(carrier, at)

    assert waits == list(SCHEDULE)
    assert states() == {"refused": 1}


def test_a_server_that_is_away_counts_against_no_letter() -> None:
    hand_over(30)
    carrier = MemoryCarrier(*[server_is_away(421, "Later")] * 2)

    assert sweep(carrier, size=10) == 1

    assert states() == {"queued": 30}
    assert set(Letter.objects.values_list("attempts", flat=True)) == {0}
    assert [attempt.code for attempt in Attempt.objects.all()] == [421]
    assert sweep(carrier, NOW + MINUTE) == 30
    assert states() == {"sent": 30}


def test_a_line_that_ends_after_some_letters_is_made_anew() -> None:
    hand_over(9)
    away = server_is_away(421, "Enough over this line")
    carrier = MemoryCarrier(accepted(), away, accepted(), accepted(), away, accepted())

    sweep(carrier)

    assert states() == {"sent": 9}
    assert set(Attempt.objects.values_list("answer", flat=True)) == {"accepted"}


@pytest.mark.parametrize("place", ["before data", "at data", "after dot"])
@pytest.mark.parametrize("archive", [True, False])
def test_killed_within_a_window_none_is_lost_and_who_may_have_it_twice_is_on_record(place: str, archive: bool) -> None:
    hand_over(7)
    carrier = MemoryCarrier(accepted(), accepted(), has_archive=archive)
    carrier.killed_at, carrier.killed_after = place, 2

    with pytest.raises(Killed):
        sweep(carrier, size=5)
    unlock_as_the_server_does()
    for minutes in range(1, 9):
        sweep(carrier, NOW + minutes * MINUTE, size=5)

    assert states() == {"sent": 7}
    copies = arrived(carrier)
    assert len(copies) == 7
    doubled = 0 if archive else 2 + (place == "after dot")
    assert sum(count - 1 for count in copies.values()) == doubled
    assert queries.perhaps_twice(because="notice:9") == (0 if archive else 5)
    assert not verify_letters(NOW + 9 * MINUTE)


def test_a_letter_that_is_never_answered_for_is_shown_as_such_in_the_end() -> None:
    hand_over(1)
    carrier = MemoryCarrier(*[unclear("cut")] * 9, has_archive=False)

    for minutes in range(60):
        sweep(carrier, NOW + minutes * MINUTE)

    assert states() == {"unclear": 1}
    assert Attempt.objects.count() == DOUBTS_MOST
    assert Entry.objects.filter(kind="LetterUnclear").count() == 1


def test_while_the_archive_is_out_of_reach_nothing_is_sent_twice_for_an_hour() -> None:
    hand_over(2)
    carrier = MemoryCarrier(unclear("cut"), unclear("cut"))
    carrier.out_of_reach, carrier.keeps_unclear = True, True

    for minutes in range(59):
        sweep(carrier, NOW + minutes * MINUTE)
    assert (states(), len(carrier.arrived)) == ({"data": 2}, 2)
    carrier.out_of_reach = False
    sweep(carrier, NOW + 61 * MINUTE)

    assert states() == {"sent": 2}
    assert set(Letter.objects.values_list("verified", "delivered_at")) == {(True, NOW)}
    assert len(carrier.arrived) == 2


@pytest.mark.parametrize("state", ["queued", "data"])
def test_another_worker_leaves_alone_what_a_paused_one_holds(state: str) -> None:
    made = list(hand_over(4).values())
    if state == "data":
        held = [letter.pk for letter in actions.turn((), size=2, now=NOW)]
        unlock_as_the_server_does()
    else:
        held = made[:2]
    other = connection.copy()
    try:
        with other.cursor() as cursor:  # the paused worker's connection still holds its locks
            cursor.execute("SELECT pg_try_advisory_lock(%s, id) FROM unnest(%s) AS id", [actions.LOCK_KIND, held])
        carrier = MemoryCarrier()
        for minutes in range(12):
            sweep(carrier, NOW + minutes * MINUTE)

        assert set(Letter.objects.filter(state=LetterState.SENT).values_list("pk", flat=True)) == set(made) - set(held)
        assert len(carrier.arrived) == 2
    finally:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock_all()")
        other.close()

    for minutes in range(12, 15):
        sweep(carrier, NOW + minutes * MINUTE)
    assert (states(), len(carrier.arrived)) == ({"sent": 4}, 4)


def test_what_has_not_begun_when_its_window_closes_goes_back_as_if_it_had_never_been_tried() -> None:
    hand_over(6)
    carrier, at = MemoryCarrier(), NOW
    submit = carrier.submit

    def slow(*told: Any) -> Outcome:
        nonlocal at
        at += 25 * timedelta(seconds=1)
        return submit(*told)

    carrier.submit = slow  # type: ignore[method-assign]
    said = actions.turn((), size=6, now=at)
    left, answers = bulk.let_leave(said, carrier=carrier, clock=lambda: at, closes_at=NOW + MINUTE)
    actions.turn(left, size=0, now=at)

    assert ([outcome is not None for _, outcome in left], answers) == ([True] * 3 + [False] * 3, True)
    back = Letter.objects.filter(state=LetterState.QUEUED)
    assert set(back.values_list("attempts", "left_at", "next_try_at")) == {(0, None, at)}
    assert Attempt.objects.count() == 3


def test_a_carrier_that_breaks_stops_nobody_behind() -> None:
    hand_over(3)
    carrier = MemoryCarrier()
    carrier.answers = [None]  # type: ignore[list-item]

    sweep(carrier)

    assert states() == {"data": 1, "sent": 2}


def test_what_waits_is_taken_back_and_what_leaves_is_not() -> None:
    hand_over(5)
    leaving = [letter.pk for letter in actions.turn((), size=2, now=NOW)]

    assert holding.take_back(because="notice:9", now=NOW) == 3

    assert set(Letter.objects.filter(state=LetterState.DATA).values_list("pk", flat=True)) == set(leaving)
    assert states() == {"data": 2, "taken_back": 3}


def test_the_checker_sees_a_lane_that_stands_still_and_not_one_that_has_much_to_do() -> None:
    hand_over(30)
    later = NOW + timedelta(minutes=20)
    assert [one.wrong[:22] for one in verify_letters(later)] == ["Letters to very many w"]

    sweep(MemoryCarrier(), later, limit=10)

    assert not verify_letters(later)


def locks() -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT objid FROM pg_locks WHERE locktype = 'advisory' AND classid = %s", [actions.LOCK_KIND])
        return cursor.fetchall()


def unlock_as_the_server_does() -> None:
    """When a connection ends."""
    actions.unlock_all()


def verify_letters(at: datetime) -> list[Any]:
    return [found for check in checks.checks() for found in answer(check, now=at)]
