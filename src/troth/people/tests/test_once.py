"""Done once: the nine cases of repeated and concurrent requests that Zulip lists, each against a real PostgreSQL.

https://github.com/zulip/zulip/pull/36213 names them. Where requests meet, they meet in threads with connections of their own.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection, connections, transaction
from tests.faces import Shop
from tests.people_and_things import DAY, FRIDAY, NOW
from tests.programs import Program

from troth.people import once
from troth.people.models import Once
from troth.people.once import Answer, NameTaken
from troth.people.rules.keys import Scope
from troth.people.rules.problems import Kind
from troth.promises import forms
from troth.promises.models import Promise

pytestmark = pytest.mark.django_db(transaction=True)

WAITING = "FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
RING = {"what": "ring you", "due": FRIDAY.isoformat()}


@pytest.fixture
def program(shop: Shop) -> Program:
    return Program(shop.lea)


def ring(shop: Shop, **said: Any) -> dict[str, Any]:
    return {**RING, "customer": shop.ann.customer_id, **said}


def kind(told: dict[str, Any]) -> str:
    return str(told["type"]).rpartition("#")[2]


def in_a_thread(work: Callable[[], Any]) -> tuple[threading.Thread, list[Any]]:
    """*work* begun in a thread with a connection of its own, and where its result comes."""
    results: list[Any] = []

    def run() -> None:
        try:
            results.append(work())
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    return thread, results


def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 30
    while not true():
        assert time.monotonic() < end, "it did not come to that"
        time.sleep(0.01)


def somebody_waits() -> bool:
    """Whether a connection waits for a row that another one holds."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")  # else a transaction sees what it saw first
        cursor.execute(f"SELECT count(*) {WAITING}")
        return bool(cursor.fetchone()[0])


@contextmanager
def held(promise: Promise) -> Iterator[None]:
    """Somebody else is about this promise, so that an act on it waits in the middle."""
    with transaction.atomic():
        Promise.objects.select_for_update().get(pk=promise.pk)
        yield


# 1


def test_what_was_done_is_answered_alike_and_not_done_again(shop: Shop, program: Program) -> None:
    first = program.ask("POST", "/promises", ring(shop), idempotency_key="a")
    again = program.ask("POST", "/promises", ring(shop), idempotency_key="a")

    assert (first.status_code, again.status_code) == (201, 201)
    assert first.content == again.content
    assert first.headers["Content-Type"] == again.headers["Content-Type"] == "application/json"
    assert "Idempotency-Replayed" not in first.headers
    assert again.headers["Idempotency-Replayed"] == "true"
    assert Promise.objects.count() == 1


def test_without_a_name_each_request_is_one_of_its_own(shop: Shop, program: Program) -> None:
    for _ in range(2):
        assert program.post("/promises", ring(shop))[0] == 201

    assert Promise.objects.count() == 2


# 2


def test_what_was_never_begun_leaves_its_name_free(shop: Shop, program: Program) -> None:
    for _ in range(2):
        assert program.post("/promises", ring(shop, due="soon"), idempotency_key="a")[0] == 422

    assert program.post("/promises", ring(shop), idempotency_key="a")[0] == 201
    assert Promise.objects.count() == 1


# 3


def test_a_refusal_within_the_work_is_kept(shop: Shop, program: Program) -> None:
    promise = shop.promise()
    keep = f"/promises/{promise.pk}/keep"
    assert program.post(keep, {}, idempotency_key="a")[0] == 200

    refused = program.post(keep, {}, idempotency_key="b")

    assert (refused[0], kind(refused[1])) == (409, "settled")
    assert program.post(keep, {}, idempotency_key="b") == refused
    assert program.post(keep, {}, idempotency_key="a")[0] == 200


# 4


def test_a_refusal_after_the_work_undoes_it(shop: Shop, program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(promise: Promise) -> None:
        raise forms.not_sound("body", "what", "It is refused after it was written.")

    with monkeypatch.context() as patched:
        patched.setattr("troth.promises.api.told", refuse)
        refused = program.post("/promises", ring(shop), idempotency_key="a")

    assert refused[0] == 422
    assert Promise.objects.count() == 0
    assert program.post("/promises", ring(shop), idempotency_key="a") == refused


# 5


def test_another_request_does_not_take_the_name(shop: Shop, program: Program) -> None:
    other = Program(shop.lea)
    assert program.post("/promises", ring(shop), idempotency_key="a")[0] == 201

    taken = program.post("/promises", ring(shop, what="write to you"), idempotency_key="a")
    elsewhere = program.post(f"/promises/{Promise.objects.get().pk}/keep", {}, idempotency_key="a")

    assert [(status, kind(told)) for status, told in (taken, elsewhere)] == [(422, Kind.NAME_TAKEN.slug)] * 2
    assert other.post("/promises", ring(shop, what="write to you"), idempotency_key="a")[0] == 201
    assert sorted(Promise.objects.values_list("what", flat=True)) == ["ring you", "write to you"]


# 6


def test_what_was_refused_stays_refused_under_its_name(shop: Shop, program: Program) -> None:
    unknown = ring(shop, customer=shop.bob.customer_id + 1)
    assert program.post("/promises", unknown, idempotency_key="a")[0] == 422
    met = program.post("/customers", {"address": "cy@example.net"})[1]
    assert met["id"] == unknown["customer"]

    assert program.post("/promises", unknown, idempotency_key="a")[0] == 422
    assert program.post("/promises", unknown, idempotency_key="b")[0] == 201


def test_what_was_done_stays_done_but_the_door_is_asked_anew(shop: Shop, program: Program) -> None:
    done = program.post("/promises", ring(shop), idempotency_key="a")
    with time_machine.travel(FRIDAY + DAY, tick=False):  # the date has passed meanwhile
        assert program.post("/promises", ring(shop), idempotency_key="a") == done
        assert program.post("/promises", ring(shop), idempotency_key="b")[0] == 422

        program.key.scopes = [Scope.PROMISES_READ]
        program.key.save()
        assert program.post("/promises", ring(shop), idempotency_key="a")[0] == 403


# 7


def test_our_own_fault_leaves_nothing_and_the_name_free(
    shop: Shop, program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr("troth.promises.api.told", lambda promise: 1 / 0)
        for _ in range(2):
            broken = program.post("/promises", ring(shop), idempotency_key="a")
            assert (broken[0], kind(broken[1])) == (500, "broken")
    assert Promise.objects.count() == 0

    assert program.post("/promises", ring(shop), idempotency_key="a")[0] == 201
    assert Promise.objects.count() == 1


def test_a_process_that_dies_in_the_middle_leaves_nothing_and_the_name_free(shop: Shop, program: Program) -> None:
    promise = shop.promise()
    keep = f"/promises/{promise.pk}/keep"
    with held(promise):
        thread, answers = in_a_thread(lambda: program.post(keep, {}, idempotency_key="a"))
        until(somebody_waits)
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT pg_terminate_backend(pid) {WAITING}")
        thread.join(30)
    assert [(status, kind(told)) for status, told in answers] == [(503, "closed")]
    promise.refresh_from_db()
    assert promise.done_at is None

    assert program.post(keep, {}, idempotency_key="a")[0] == 200
    assert Once.objects.values_list("status", flat=True).get() == 200


# 8


def test_an_answer_that_never_arrived_is_given_again(shop: Shop, program: Program, live_server: Any) -> None:
    body = b'{"address": "cy@example.net", "name": "Cy"}'
    host, port = live_server.thread.host, live_server.thread.port
    with socket.create_connection((host, port)) as line:
        head = (
            f"POST /api/customers HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {program.secret}\r\n"
            f"Idempotency-Key: a\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        line.sendall(head.encode() + body)  # and away, before anything came back
    until(Once.objects.filter(status=200).exists)

    again = program.ask("POST", "/customers", body, idempotency_key="a")

    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.json()["name"] == "Cy"


# 9


def test_of_two_at_once_one_is_done_and_the_other_comes_back_later(shop: Shop, program: Program) -> None:
    promise = shop.promise()
    keep = f"/promises/{promise.pk}/keep"
    with held(promise):
        thread, answers = in_a_thread(lambda: program.post(keep, {}, idempotency_key="a"))
        until(somebody_waits)
        meanwhile = program.ask("POST", keep, {}, idempotency_key="a")
        assert (meanwhile.status_code, kind(meanwhile.json())) == (409, "still-at-it")
        assert meanwhile.headers["Retry-After"] == "1"
        assert answers == []
    thread.join(30)

    assert answers[0][0] == 200
    assert program.post(keep, {}, idempotency_key="a") == answers[0]


def test_of_many_at_once_exactly_one_is_done(shop: Shop, program: Program) -> None:
    gate = threading.Barrier(8)

    def press() -> int:
        gate.wait(30)
        return int(program.post("/promises", ring(shop), idempotency_key="a")[0])

    pressed = [in_a_thread(press) for _ in range(8)]
    for thread, _answers in pressed:
        thread.join(60)

    assert {status for _thread, (status,) in pressed} <= {201, 409}
    assert [status for _thread, (status,) in pressed].count(201) >= 1
    assert Promise.objects.count() == 1


# A form waits for its twin instead, and names are let go


def test_a_form_pressed_twice_at_once_lands_twice_on_the_same_result() -> None:
    begun, go_on = threading.Event(), threading.Event()
    done = []

    def work() -> Answer:
        done.append(1)
        begun.set()
        assert go_on.wait(30)
        return Answer(302, b"/cases/1/")

    def press() -> Answer:
        return once.once(actor="staff:1", name="a", digest="d", work=work, wait=True, now=NOW)

    first, first_answer = in_a_thread(press)
    assert begun.wait(30)
    second, second_answer = in_a_thread(press)
    until(somebody_waits)
    go_on.set()
    first.join(30)
    second.join(30)

    assert (first_answer[0].again, second_answer[0].again) == (False, True)
    assert first_answer[0].body == second_answer[0].body == b"/cases/1/"
    assert done == [1]


def test_a_name_is_free_again_after_a_week_and_not_while_it_is_in_use() -> None:
    def press(name: str) -> Answer:
        return once.once(actor="key:1", name=name, digest="d", work=lambda: Answer(200, b""), now=NOW)

    press("a")
    press("b")
    assert once.forget(now=NOW + once.KEPT) == 0
    with transaction.atomic():
        Once.objects.select_for_update().get(name="a")
        thread, forgotten = in_a_thread(lambda: once.forget(now=NOW + once.KEPT + timedelta(seconds=1)))
        thread.join(30)

    assert forgotten == [1]
    assert list(Once.objects.values_list("name", flat=True)) == ["a"]
    assert press("a").again
    assert not press("b").again


def test_what_is_not_to_be_kept_is_asked_again() -> None:
    def press(status: int) -> Answer:
        return once.once(
            actor="staff:1",
            name="a",
            digest="d",
            work=lambda: Answer(status, b""),
            keep=lambda answer: answer.status == 302,
            now=NOW,
        )

    assert [press(422).again, press(302).again, press(302).again] == [False, False, True]
    with pytest.raises(NameTaken):
        once.once(actor="staff:1", name="a", digest="other", work=lambda: Answer(200, b""), now=NOW)
