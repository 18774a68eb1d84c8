from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest
from django.utils import timezone

from troth.inbox import actions, tasks
from troth.inbox.models import Arrival
from troth.inbox.rules.incoming import Incoming
from troth.site.worker import lanes


def eventually(true: Callable[[], bool], *, seconds: float = 5) -> None:
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until
        time.sleep(0.02)


@pytest.mark.django_db(transaction=True)
def test_letter_that_takes_its_time_holds_up_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("slow", "quick"):
        actions.capture(channel="email", outside_id=name, source=name.encode(), now=timezone.now())
    begun, go_on, stop = threading.Event(), threading.Event(), threading.Event()

    def read(arrival: Arrival) -> Incoming:
        if arrival.outside_id == "slow":
            begun.set()
            assert go_on.wait(30)
        return Incoming(text=arrival.outside_id, message_id=f"<{arrival.pk}@x>", from_address="ann@example.net")

    monkeypatch.setattr(tasks, "reader_of", lambda channel: read)
    reading = [lane for lane in lanes() if lane.name.startswith("inbox")]
    threads = [threading.Thread(target=lane.run, args=(stop,)) for lane in reading]
    states = Arrival.objects.order_by("pk").values_list("state", flat=True)
    try:
        for thread in threads:
            thread.start()
        assert begun.wait(5)
        eventually(lambda: list(states.all()) == ["waiting", "message"])
        go_on.set()
        eventually(lambda: list(states.all()) == ["message", "message"])
    finally:
        go_on.set()
        stop.set()
        for lane in reading:
            lane.wake.set()
        for thread in threads:
            thread.join(10)

    assert [lane.name for lane in reading] == ["inbox", "inbox-2"]


def test_every_lane_has_a_name_of_its_own() -> None:
    names = [lane.name for lane in lanes()]

    assert len(names) == len(set(names))
