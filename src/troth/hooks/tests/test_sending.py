from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import Min
from tests.people_and_things import letters

from troth.hooks import actions, queue
from troth.hooks.door import Answer
from troth.hooks.models import Delivery, Endpoint
from troth.hooks.sending import Sender
from troth.hooks.tests.receiver import eventually
from troth.hooks.tests.world import DOWN, OK, World, kept, opened, states, url_of
from troth.ledger import actions as ledger
from troth.ledger import queries as ledger_queries
from troth.ledger.models import Entry
from troth.words.facts import PromiseVoided

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Iterator[World]:
    found = World()
    yield found
    found.sender.close()


# Nothing is forgotten


def test_each_endpoint_hears_once_of_what_it_wants_and_in_one_order(world: World) -> None:
    world.happens(3)  # before there was anybody to hear
    everything, cases = world.endpoint("all"), world.endpoint("cases", ("CaseOpened",))

    world.happens(4, opened)
    world.happens(4, kept)
    world.settle()
    world.settle()

    assert [states(everything), states(cases)] == [{"taken": 8}, {"taken": 4}]
    assert (world.other_side.count(everything.url), world.other_side.count(cases.url)) == (8, 4)
    ids = [message_id for url, message_id in world.other_side.heard if url == cases.url]
    assert set(ids) == {f"evt_{bytes(leaf).hex()[:32]}" for leaf in leaves("CaseOpened")}


def leaves(kind: str) -> list[bytes]:
    return list(Entry.objects.filter(kind=kind).values_list("leaf_hash", flat=True))


@pytest.mark.django_db(transaction=True)
def test_a_fact_committed_late_is_not_passed_over(world: World) -> None:
    """The first to be written is the last to be committed; by numbers alone it would be skipped."""
    endpoint = world.endpoint()
    written, go_on = threading.Event(), threading.Event()

    def late() -> None:
        with transaction.atomic():
            ledger.append(PromiseVoided(about="promise:1", reason="late", by=""), now=world.clock())
            written.set()
            assert go_on.wait(30)
        connection.close()

    thread = threading.Thread(target=late)
    thread.start()
    assert written.wait(30)
    world.happens(2)
    world.settle()
    before = states(endpoint)
    go_on.set()
    thread.join(30)
    ledger.seal(now=world.clock())
    world.settle()

    assert (before, states(endpoint)) == ({"taken": 2}, {"taken": 3})
    assert len(set(world.other_side.heard)) == 3


def test_queueing_stops_for_an_endpoint_that_has_enough_and_goes_on_later(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue, "WAITING_MOST", 5)
    endpoint = world.endpoint()
    world.happens(12)

    queue.fan_out(now=world.clock(), most=3)
    queue.fan_out(now=world.clock(), most=3)
    queue.fan_out(now=world.clock(), most=3)
    assert states(endpoint) == {"waiting": 6}

    world.settle()
    assert states(endpoint) == {"taken": 12}


def test_queueing_is_all_or_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    endpoint = world.endpoint()
    world.happens(2)

    def broken(*_words: object, **_values: object) -> None:
        raise DatabaseError("the line broke")

    with monkeypatch.context() as patch:
        patch.setattr(type(Delivery.objects.all()), "bulk_create", broken)
        with pytest.raises(DatabaseError):
            queue.fan_out(now=world.clock())
    assert Endpoint.objects.get(pk=endpoint.pk).position < ledger_queries.head()

    world.settle()
    assert states(endpoint) == {"taken": 2}


def test_another_worker_gets_none_of_what_is_claimed_until_its_lease_ends(world: World) -> None:
    world.endpoint()
    world.happens(3)
    queue.fan_out(now=world.clock())

    first = queue.claim(under_way={}, troubled_under_way=0, now=world.clock())
    beside = queue.claim(under_way={}, troubled_under_way=0, now=world.clock())
    after = queue.claim(under_way={}, troubled_under_way=0, now=world.clock() + queue.LEASE)

    assert [len(first), len(beside), len(after)] == [3, 0, 3]
    assert {request.message_id for request in first} == {request.message_id for request in after}


def test_what_a_dead_worker_had_claimed_is_sent_by_the_next(world: World) -> None:
    endpoint = world.endpoint()
    world.happens(3)
    queue.fan_out(now=world.clock())
    queue.claim(under_way={}, troubled_under_way=0, now=world.clock())  # and then it died

    world.settle()
    assert states(endpoint) == {"waiting": 3}
    world.clock.on(seconds=31)
    world.settle()

    assert states(endpoint) == {"taken": 3}


def test_an_answer_that_comes_after_another_worker_was_quicker_changes_nothing(world: World) -> None:
    world.endpoint()
    world.happens(1)
    queue.fan_out(now=world.clock())
    [slow] = queue.claim(under_way={}, troubled_under_way=0, now=world.clock())
    [quick] = queue.claim(under_way={}, troubled_under_way=0, now=world.clock() + queue.LEASE)

    queue.record(quick, OK, now=world.clock(), chance=0)
    queue.record(slow, DOWN, now=world.clock(), chance=0)

    told = Delivery.objects.get()
    assert (told.state, told.attempts, told.last_status) == ("taken", 1, 200)


# Tried again


def test_a_delivery_is_tried_on_its_schedule_and_given_up_after_three_days(world: World) -> None:
    poison, sound = world.endpoint("poison"), world.endpoint("sound")
    world.other_side.says(poison.url, DOWN)
    world.happens(1)
    began = world.clock()
    world.settle()
    while waiting := Delivery.objects.filter(state="waiting").aggregate(at=Min("next_try_at"))["at"]:
        world.clock.now = waiting
        # Others are taken meanwhile, so the endpoint itself is well.
        Endpoint.objects.update(failures=0, failing_since=None, rest_until=None)
        world.settle()

    told = Delivery.objects.get(endpoint=poison)
    assert (told.state, told.attempts, told.last_status, told.last_said) == ("given_up", 10, 503, "not now")
    assert timedelta(days=3) < world.clock() - began < timedelta(days=4)
    assert {message_id for url, message_id in world.other_side.heard if url == poison.url} == {told.message_id}
    assert (world.other_side.count(poison.url), world.other_side.count(sound.url)) == (10, 1)


def test_an_endpoint_that_fails_rests_and_everything_waits_with_it(world: World) -> None:
    endpoint = world.endpoint()
    world.other_side.says(endpoint.url, Answer(429, "", 1, retry_after_seconds=600))
    world.happens(50)

    world.settle()
    first = world.other_side.count(endpoint.url)
    world.clock.on(seconds=599)
    world.settle()
    asked_to_wait = world.other_side.count(endpoint.url)
    world.other_side.says(endpoint.url, OK)
    world.clock.on(seconds=10)
    world.settle()

    assert first == asked_to_wait <= 4
    assert states(endpoint) == {"taken": 50}
    endpoint.refresh_from_db()
    assert (endpoint.failures, endpoint.failing_since, endpoint.rest_until) == (0, None, None)


def test_what_was_forgotten_is_given_up(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    endpoint = world.endpoint()
    world.happens(1)
    queue.fan_out(now=world.clock())
    monkeypatch.setattr(ledger_queries, "events_at", lambda _positions: {})
    sender = Sender(clock=world.clock)  # the real way out, which is never reached

    sender.sweep(seconds=60)
    sender.close()

    told = Delivery.objects.get(endpoint=endpoint)
    assert (told.state, told.last_said) == ("given_up", "What it was has been forgotten.")


# Fair


def test_slow_endpoints_do_not_hold_up_a_sound_one(world: World) -> None:
    slow = [world.endpoint(f"slow{number}") for number in range(6)]
    sound = world.endpoint("sound")
    over = threading.Event()

    def dawdle(_request: object) -> Answer:
        over.wait(30)
        return DOWN

    for endpoint in slow:
        world.other_side.answers[endpoint.url] = dawdle
    Endpoint.objects.filter(pk__in=[endpoint.pk for endpoint in slow]).update(failures=1, failing_since=world.clock())
    world.happens(40)
    try:
        for _round in range(100):
            world.sender.sweep(seconds=0.2)
            if states(sound) == {"taken": 40}:
                break
        assert states(sound) == {"taken": 40}
        assert [states(endpoint) for endpoint in slow] == [{"waiting": 40}] * 6
        assert world.other_side.at_once_most[sound.url] <= 4
        assert all(world.other_side.at_once_most[endpoint.url] <= 1 for endpoint in slow)
    finally:
        over.set()
        eventually(lambda: all(future.done() for future in world.sender.under_way))


def test_a_fault_of_ours_is_written_down_and_stops_nobody_else(world: World) -> None:
    bad, sound = world.endpoint("bad"), world.endpoint("sound")

    def fail(_request: object) -> Answer:
        raise RuntimeError("a fault of ours")

    world.other_side.answers[bad.url] = fail
    world.happens(1)
    world.settle()

    assert Delivery.objects.get(endpoint=bad).last_said == "It could not be sent: RuntimeError."
    assert states(sound) == {"taken": 1}


# Switched off by itself


def test_gone_switches_off_at_once_and_the_admins_hear_of_it(world: World) -> None:
    endpoint = world.endpoint()
    world.other_side.says(endpoint.url, Answer(410, "", 1))
    world.happens(3)

    world.settle()
    world.clock.on(days=1)
    world.settle()

    endpoint.refresh_from_db()
    assert (endpoint.off_because, endpoint.off_at is not None) == ("gone", True)
    assert world.other_side.count(endpoint.url) <= 3
    assert letters() == [("ada@parcel.example", "The webhook crm was switched off")]


def test_three_days_without_one_taken_switch_off_and_nothing_is_lost(world: World) -> None:
    endpoint = world.endpoint(kinds=("PromiseVoided",))
    world.other_side.says(endpoint.url, DOWN)
    for _hour in range(80):
        world.happens(1)
        world.settle()
        world.clock.on(hours=1)

    endpoint.refresh_from_db()
    assert endpoint.off_because == "failing"
    assert letters() == [("ada@parcel.example", "The webhook crm was switched off")]
    assert endpoint.off_at is not None
    assert timedelta(days=3) <= endpoint.off_at - endpoint.made_at < timedelta(days=3, hours=2)

    world.other_side.says(endpoint.url, OK)
    assert actions.switch_on(endpoint, from_now=False, by=world.who, now=world.clock())
    world.settle()
    assert states(endpoint) == {"taken": 80}


def test_an_endpoint_that_was_once_taken_from_is_not_switched_off(world: World) -> None:
    endpoint = world.endpoint()
    for hour in range(80):
        world.other_side.says(endpoint.url, OK if hour == 40 else DOWN)
        world.happens(1)
        world.settle()
        world.clock.on(hours=1)

    endpoint.refresh_from_db()
    assert (endpoint.off_because, letters()) == ("", [])


# Cleared away


def test_what_is_done_with_is_forgotten_after_a_month_and_what_waits_never(world: World) -> None:
    endpoint, down = world.endpoint(), world.endpoint("down")
    world.happens(2)
    world.other_side.says(down.url, DOWN)
    world.settle()
    Endpoint.objects.filter(pk=down.pk).update(off_because="staff", off_at=world.clock())

    world.clock.on(days=31)
    world.settle()

    assert (states(endpoint), states(down)) == ({}, {"waiting": 2})


def test_idle_lane_asks_little(world: World, django_assert_max_num_queries) -> None:
    world.endpoint()
    world.happens(1)
    world.settle()

    with django_assert_max_num_queries(8):  # of which four begin and end transactions
        assert world.settle() == 0


def test_many_facts_are_queued_in_few_statements(world: World, django_assert_max_num_queries) -> None:
    for number in range(3):
        world.endpoint(str(number))
    world.happens(500)

    with django_assert_max_num_queries(20):
        assert queue.fan_out(now=world.clock()) == 1500


def test_url_of_a_test_is_one_that_may_be_sent_to() -> None:
    from troth.hooks.rules.address import target  # beside its one use

    assert target(url_of("x")).host == "8.8.8.8"
