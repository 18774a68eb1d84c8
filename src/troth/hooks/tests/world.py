"""What the tests of sending stand on: endpoints, facts, a clock that is set, and another side whose answers are written down."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction
from tests import people_and_things as things
from tests.people_and_things import NOW

from troth.hooks import actions
from troth.hooks.actions import Who
from troth.hooks.door import Answer
from troth.hooks.models import Delivery, Endpoint
from troth.hooks.queue import Request
from troth.hooks.sending import Sender
from troth.ledger import actions as ledger
from troth.ledger import queries
from troth.people.models import Staff
from troth.words.facts import CaseOpened, Fact, PromiseKept, PromiseVoided

OK, DOWN = Answer(200, "thanks", 5), Answer(503, "not now", 5)


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def on(self, **span: float) -> datetime:
        self.now += timedelta(**span)
        return self.now


class OtherSide:
    """Answers as it is told, by the address; remembers what it heard, and how much of it at once."""

    def __init__(self) -> None:
        self.answers: dict[str, Callable[[Request], Answer]] = {}
        self.heard: list[tuple[str, str]] = []
        self.at_once: Counter[str] = Counter()
        self.at_once_most: Counter[str] = Counter()
        self._lock = threading.Lock()

    def says(self, url: str, answer: Answer) -> None:
        self.answers[url] = lambda _request: answer

    def __call__(self, request: Request, now: datetime) -> Answer:
        with self._lock:
            self.heard.append((request.url, request.message_id))
            self.at_once[request.url] += 1
            self.at_once_most[request.url] = max(self.at_once_most[request.url], self.at_once[request.url])
        try:
            return self.answers.get(request.url, lambda _request: OK)(request)
        finally:
            with self._lock:
                self.at_once[request.url] -= 1

    def count(self, url: str) -> int:
        return sum(heard == url for heard, _id in self.heard)


class World:
    def __init__(self) -> None:
        self.clock = Clock()
        self.other_side = OtherSide()
        self.sender = Sender(clock=self.clock, post=self.other_side)
        self.admin: Staff = things.staff("ada@parcel.example", role="admin")

    @property
    def who(self) -> Who:
        return Who(self.admin, "203.0.113.77")

    def endpoint(self, name: str = "crm", kinds: tuple[str, ...] = ()) -> Endpoint:
        """At an address that is public, and to which nothing real is sent here. The others have heard of it already."""
        head = queries.head()
        found, _secret = actions.make(
            name=name, url=url_of(name), kinds=kinds, once=name, by=self.who, now=self.clock()
        )
        while ledger.seal(now=self.clock()):
            pass
        Endpoint.objects.filter(position__gte=head).update(position=queries.head())
        found.refresh_from_db()
        return found

    def happens(self, count: int = 1, fact: Callable[[int], Fact] | None = None) -> None:
        make = fact or (lambda number: PromiseVoided(about=f"promise:{number}", reason="x", by="staff:1"))
        with transaction.atomic():
            ledger.append_all([make(number) for number in range(count)], now=self.clock())
        while ledger.seal(now=self.clock()):
            pass

    def settle(self) -> int:
        """Send until nothing is due and nothing under way."""
        tries = self.sender.sweep(seconds=60)
        assert not self.sender.under_way
        return tries


def url_of(name: str) -> str:
    return f"https://8.8.8.8/{name}"


def opened(number: int) -> Fact:
    return CaseOpened(about=f"case:{number}", channel="email", message=f"message:{number}")


def kept(number: int) -> Fact:
    return PromiseKept(about=f"promise:{number}", due=None, done_at=NOW, by="staff:1")


def states(endpoint: Endpoint) -> dict[str, int]:
    return dict(Counter(Delivery.objects.filter(endpoint=endpoint).values_list("state", flat=True)))
