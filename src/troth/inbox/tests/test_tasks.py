from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import OperationalError
from django.utils import timezone

from troth.inbox import actions, tasks
from troth.inbox.models import Arrival
from troth.inbox.rules.incoming import TOO_SLOW, Incoming, Unreadable

pytestmark = pytest.mark.django_db

Read = Callable[[Arrival], Incoming]


def capture(outside_id: str) -> Arrival:
    return actions.capture(channel="email", outside_id=outside_id, source=outside_id.encode(), now=timezone.now())


def use(monkeypatch: pytest.MonkeyPatch, read: Read) -> None:
    monkeypatch.setattr(tasks, "reader_of", lambda channel: read)


def good(arrival: Arrival) -> Incoming:
    return Incoming(text="Hello", message_id=f"<{arrival.pk}@x>", from_address="ann@example.net", from_is_sound=True)


def make_due() -> None:
    Arrival.objects.update(next_try_at=timezone.now())


def test_everything_that_waits_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(3):
        capture(str(number))
    use(monkeypatch, good)

    assert tasks.read_waiting() == 3
    assert tasks.read_waiting() == 0
    assert set(Arrival.objects.values_list("state", flat=True)) == {"message"}


def test_poison_does_not_hold_up_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    poison = capture("poison")
    capture("good")

    def read(arrival: Arrival) -> Incoming:
        if arrival.pk == poison.pk:
            raise Unreadable("It has more than 200 parts.", code="beyond_a_limit")
        return good(arrival)

    use(monkeypatch, read)
    tasks.read_waiting()

    assert sorted(Arrival.objects.values_list("state", flat=True)) == ["message", "quarantined"]


def test_what_takes_long_is_left_to_the_lane_that_has_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    slow = [capture(f"slow {number}").pk for number in range(3)]
    capture("good")
    tries = []

    def read(arrival: Arrival) -> Incoming:
        if arrival.pk not in slow:
            return good(arrival)
        tries.append((arrival.pk, arrival.is_slow))
        if arrival.is_slow and arrival.pk != slow[2]:
            return good(arrival)
        raise Unreadable("It took too long.", code=TOO_SLOW)

    use(monkeypatch, read)

    assert tasks.read_waiting() == 4
    assert [row.state for row in Arrival.objects.order_by("pk")] == ["waiting", "waiting", "waiting", "message"]
    assert tasks.read_waiting() == 0, "nobody waits for them any more"
    assert tasks.read_slow() == 3
    assert [row.state for row in Arrival.objects.order_by("pk")] == ["message", "message", "quarantined", "message"]
    assert tries == [(pk, False) for pk in slow] + [(pk, True) for pk in slow], "each once briefly, once at leisure"


def test_fault_of_our_own_is_tried_three_times_and_then_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    capture("1")

    def read(arrival: Arrival) -> Incoming:
        raise RuntimeError("our own fault")

    use(monkeypatch, read)
    states = []
    for _ in range(4):
        make_due()
        tasks.read_waiting()
        states.append(Arrival.objects.get().state)

    assert states == ["waiting", "waiting", "waiting", "quarantined"]
    assert Arrival.objects.get().problem == "RuntimeError: our own fault"


def test_database_that_fails_however_often_leaves_it_waiting_and_counts_no_try(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    capture("1")

    def read(arrival: Arrival) -> Incoming:
        raise OperationalError("no space left on device")

    use(monkeypatch, read)
    for _ in range(actions.TRIES + 2):
        with pytest.raises(OperationalError):
            tasks.read_waiting()

    assert Arrival.objects.values_list("state", "attempts").get() == ("waiting", 0)
    use(monkeypatch, good)
    assert tasks.read_waiting() == 1
    assert Arrival.objects.get().state == "message"


def test_channel_names_its_reader() -> None:
    assert tasks.reader_of("email").__module__ == "troth.channels.email.reader"
