from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from troth.post import actions, queries, sending
from troth.post.models import Attempt, Letter, LetterState
from troth.post.rules.carrier import Outcome, refused, server_is_away, try_again, unclear
from troth.post.rules.letter import LetterNotSound
from troth.post.tests.carrier import Killed, MemoryCarrier
from troth.words.addresses import AddressNotSound

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def hand_over(key: str = "reply:57", **changes: Any) -> Letter:
    values: dict[str, Any] = {
        "key": key,
        "to_address": "ann@example.net",
        "to_name": "Ann",
        "subject": "Your parcel",
        "text": "It leaves on Tuesday.",
        "because": "case:3",
        "customer_id": 5,
        "automatic": False,
        "now": NOW,
    }
    return actions.hand_over(**{**values, **changes})


def sweep(carrier: MemoryCarrier, at: datetime = NOW) -> Letter:
    sending.sweep(carrier=carrier, clock=lambda: at)
    return Letter.objects.latest("id")


def test_one_intent_makes_one_letter() -> None:
    first = hand_over()

    second = hand_over(subject="Other words")

    assert first.pk == second.pk
    assert Letter.objects.count() == 1
    assert first.raw == second.raw


@pytest.mark.parametrize(
    "address", ["ann", "ann@example.net\r\nRCPT TO:<eve@example.com>", "ann@example.net, b@example.net"]
)
def test_no_letter_to_what_is_no_address(address: str) -> None:
    with pytest.raises(AddressNotSound):
        hand_over(to_address=address)
    with pytest.raises(LetterNotSound):
        hand_over(subject="Hello\nBcc: eve@example.com")

    assert Letter.objects.count() == 0


def test_automatic_letter_has_an_empty_envelope_sender() -> None:
    assert hand_over(automatic=True).envelope_from == ""


def test_bytes_are_fixed_by_the_database() -> None:
    letter = hand_over()

    for change in ({"raw": b"other"}, {"message_id": "<x@y>"}, {"to_address": "eve@example.com"}, {"raw": b""}):
        with pytest.raises(IntegrityError, match="is fixed"), transaction.atomic():
            Letter.objects.filter(pk=letter.pk).update(**change)


def test_no_state_but_the_known_ones() -> None:
    letter = hand_over()

    with pytest.raises(IntegrityError), transaction.atomic():
        Letter.objects.filter(pk=letter.pk).update(state="lost")


def test_letter_can_be_taken_back_until_it_leaves() -> None:
    letter = hand_over(leaves_at=NOW + MINUTE)
    carrier = MemoryCarrier()

    sweep(carrier)

    assert carrier.arrived == []
    assert actions.take_back(letter_id=letter.pk, now=NOW) is True
    assert actions.take_back(letter_id=letter.pk, now=NOW) is False
    assert sweep(carrier, NOW + MINUTE).state == LetterState.TAKEN_BACK
    assert carrier.arrived == []


def test_letter_whose_moment_has_come_is_not_taken_back() -> None:
    letter = hand_over(leaves_at=NOW + MINUTE)

    assert actions.take_back(letter_id=letter.pk, now=NOW + MINUTE) is False


def test_letter_leaves_once() -> None:
    hand_over()
    carrier = MemoryCarrier()

    letter = sweep(carrier)
    sweep(carrier, NOW + timedelta(days=1))

    assert (letter.state, letter.delivered_at, letter.verified) == (LetterState.SENT, NOW, False)
    assert carrier.arrived == [bytes(letter.raw)]
    assert [attempt.answer for attempt in Attempt.objects.all()] == ["accepted"]
    assert queries.due_exists(now=NOW + timedelta(days=9)) is False


def test_temporary_refusal_is_tried_again_on_the_schedule() -> None:
    hand_over()
    carrier = MemoryCarrier(*[try_again(450, "Later")] * 7)

    at, waits = NOW, []
    for _ in range(7):
        letter = sweep(carrier, at)
        assert letter.state == LetterState.QUEUED
        waits.append(letter.next_try_at - at)
        at = letter.next_try_at
    letter = sweep(carrier, at)

    assert waits == [timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 720, 1440)]
    assert letter.state == LetterState.SENT
    assert len(carrier.arrived) == 1


def test_endless_temporary_refusal_ends_before_staff() -> None:
    hand_over()
    carrier = MemoryCarrier(*[try_again(421, "Later")] * 8)

    at = NOW
    for _ in range(8):
        at = sweep(carrier, at).next_try_at

    assert queries.failed()[0].last_code == 421
    assert Letter.objects.get().state == LetterState.REFUSED


def test_server_that_is_away_counts_against_no_letter() -> None:
    for number in range(3):
        hand_over(key=f"reply:{number}")
    carrier = MemoryCarrier(*[server_is_away(421, "Later")] * 30)

    for minutes in range(30):
        sending.sweep(carrier=carrier, clock=lambda: NOW + minutes * MINUTE)  # noqa: B023 - used before it changes
    assert set(Letter.objects.values_list("state", "attempts")) == {("queued", 0)}

    sending.sweep(carrier=carrier, clock=lambda: NOW + 31 * MINUTE)
    assert set(Letter.objects.values_list("state", flat=True)) == {"sent"}


def test_server_that_stays_away_is_shown_in_the_end() -> None:
    hand_over()

    letter = sweep(MemoryCarrier(server_is_away(421, "Later")), NOW + timedelta(hours=42))

    assert letter.state == LetterState.REFUSED


def test_refused_letter_is_shown_and_may_be_sent_again_by_a_person() -> None:
    letter = hand_over()
    carrier = MemoryCarrier(refused(550, "No such\r\nperson"))

    assert sweep(carrier).state == LetterState.REFUSED
    assert [shown.last_reply for shown in queries.failed()] == ["No such  person"]
    assert actions.send_again(letter_id=letter.pk, now=NOW + MINUTE) is True
    assert sweep(carrier, NOW + MINUTE).state == LetterState.SENT


def test_one_refused_letter_does_not_hold_up_the_others() -> None:
    for number in range(5):
        hand_over(key=f"reply:{number}")
    carrier = MemoryCarrier(try_again(450, "Later"))

    sending.sweep(carrier=carrier, clock=lambda: NOW)

    assert sorted(Letter.objects.values_list("state", flat=True)) == ["queued", "sent", "sent", "sent", "sent"]


@pytest.mark.parametrize("kept", [True, False])
def test_unclear_send_is_settled_by_the_archive(kept: bool) -> None:
    hand_over()
    carrier = MemoryCarrier(unclear("cut"))
    carrier.keeps_unclear = kept

    letter = sweep(carrier)
    for minutes in range(1, 8):
        letter = sweep(carrier, NOW + minutes * MINUTE)

    assert letter.state == LetterState.SENT
    assert letter.verified is kept
    assert len(carrier.arrived) == 1
    assert Attempt.objects.count() == (1 if kept else 2)


def test_without_an_archive_nobody_claims_to_know() -> None:
    hand_over()

    letter = sweep(MemoryCarrier(unclear("cut"), has_archive=False))

    assert letter.state == LetterState.UNCLEAR
    assert [shown.pk for shown in queries.failed()] == [letter.pk]


def test_archive_out_of_reach_says_nothing_for_an_hour() -> None:
    hand_over()
    carrier = MemoryCarrier(unclear("cut"))
    carrier.out_of_reach = True

    assert sweep(carrier).state == LetterState.DATA
    assert sweep(carrier, NOW + 59 * MINUTE).state == LetterState.DATA
    assert sweep(carrier, NOW + 61 * MINUTE).state == LetterState.UNCLEAR
    assert carrier.arrived == []


@pytest.mark.parametrize("place", ["before data", "at data", "after dot"])
def test_killed_worker_neither_loses_nor_doubles(place: str) -> None:
    hand_over()
    carrier = MemoryCarrier()
    carrier.killed_at = place

    with pytest.raises(Killed):
        sweep(carrier)
    for minutes in range(1, 9):
        sweep(carrier, NOW + minutes * MINUTE)

    assert Letter.objects.get().state == LetterState.SENT
    assert len(carrier.arrived) == 1


def test_carrier_that_breaks_does_not_stop_the_letters_behind() -> None:
    hand_over()
    hand_over(key="reply:58")
    carrier = MemoryCarrier()
    carrier.answers = [None]  # type: ignore[list-item]

    sending.sweep(carrier=carrier, clock=lambda: NOW)

    assert sorted(Letter.objects.values_list("state", flat=True)) == ["queued", "sent"]


def test_letter_is_not_sent_without_its_lock() -> None:
    letter = hand_over()
    attempt_id = actions.begin(letter_id=letter.pk, now=NOW)
    assert attempt_id is not None

    with pytest.raises(actions.LockLost):
        actions.begin_to_leave(letter_id=letter.pk, attempt_id=attempt_id, now=NOW)

    assert Letter.objects.get().state == LetterState.SENDING


def test_second_worker_does_not_touch_a_letter_whose_sender_is_paused() -> None:
    letter = hand_over()
    carrier = MemoryCarrier()
    held = connection.copy()
    try:
        with held.cursor() as cursor:  # the paused worker's connection still holds the lock
            cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [actions.LOCK_KIND, letter.pk])

        sending.sweep(carrier=carrier, clock=lambda: NOW)
        assert carrier.arrived == []
    finally:
        with held.cursor() as cursor:  # closing would free it too, but only soon
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [actions.LOCK_KIND, letter.pk])
        held.close()

    sending.sweep(carrier=carrier, clock=lambda: NOW + MINUTE)
    assert len(carrier.arrived) == 1


def test_lost_database_stops_the_sweep_before_the_bytes_leave(monkeypatch: pytest.MonkeyPatch) -> None:
    hand_over()
    carrier = MemoryCarrier()

    def lost(**_: object) -> None:
        raise DatabaseError("gone")

    monkeypatch.setattr(actions, "begin_to_leave", lost)
    with pytest.raises(DatabaseError):
        sweep(carrier)

    assert carrier.arrived == []


def test_letter_that_came_back_is_shown_once() -> None:
    letter = hand_over()
    sweep(MemoryCarrier())

    assert actions.mark_bounced(letter_id=letter.pk, arrival="arrival:7", reason="5.1.1", now=NOW) is True
    assert actions.mark_bounced(letter_id=letter.pk, arrival="arrival:8", reason="5.1.1", now=NOW) is False

    assert [shown.pk for shown in queries.failed()] == [letter.pk]


class Envelopes(MemoryCarrier):
    """It remembers whom each letter went to."""

    def __init__(self, *answers: Outcome) -> None:
        super().__init__(*answers)
        self.to: list[str] = []

    def submit(
        self, letter: bytes, envelope_from: str, recipients: Sequence[str], on_data: Callable[[], None]
    ) -> Outcome:
        self.to += recipients
        return super().submit(letter, envelope_from, recipients, on_data)


@pytest.mark.parametrize(
    ("key", "to"),
    [("reply:57", ["ann@example.net", "archive@troth.test"]), ("account:0af1", ["ann@example.net"])],
)
def test_whoever_reads_the_archive_finds_no_link_that_opens_an_account(settings: Any, key: str, to: list[str]) -> None:
    settings.TROTH_MAIL_ARCHIVE = "archive@troth.test"
    hand_over(key)
    carrier = Envelopes()

    sweep(carrier)

    assert carrier.to == to


def test_of_a_letter_that_is_not_archived_nobody_asks_the_archive() -> None:
    hand_over("account:0af1")

    letter = sweep(MemoryCarrier(unclear("The line broke.")))

    assert letter.state == LetterState.UNCLEAR
