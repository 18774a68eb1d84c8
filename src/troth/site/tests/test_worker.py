from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from tests import people_and_things as things

from troth.breaches import actions as breaches
from troth.breaches.models import Breach
from troth.cases import actions as cases
from troth.cases.models import Case, Message
from troth.channels.chat import actions as chat
from troth.channels.email.models import Mailbox
from troth.channels.email.tasks import stop_watching
from troth.channels.imports.actions import hooks as calls
from troth.channels.imports.models import Call, Moving
from troth.clocks.models import Clock
from troth.hooks import actions as hooks
from troth.hooks.models import Delivery
from troth.inbox import actions, tasks
from troth.inbox.models import Arrival
from troth.inbox.rules.incoming import Incoming
from troth.incidents import actions as incidents
from troth.incidents.models import Watch
from troth.ledger import actions as ledger
from troth.ledger.models import Unsealed
from troth.notices.actions import cohorts, telling
from troth.notices.rules.conditions import Every, OfCustomers
from troth.orders import actions as orders
from troth.orders.models import Order
from troth.orders.rules.table import Columns
from troth.people import actions as people
from troth.people.models import SecurityEvent
from troth.people.rules.security import SecurityKind
from troth.post import actions as post
from troth.post.models import Letter
from troth.privacy import actions as privacy
from troth.privacy.models import Erasure
from troth.promises.models import Promise
from troth.record.models import KindOfDay
from troth.remedies import actions as remedies
from troth.remedies.models import Remedy
from troth.search.models import Behind, Passage
from troth.site import beats
from troth.site.worker import Lane, lanes
from troth.status.models import Subscriber


def eventually(true: Callable[[], bool], *, seconds: float = 30) -> None:
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
        assert begun.wait(60)
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

    assert [lane.name for lane in reading] == ["inbox", "inbox-2", "inbox-slow"]


def test_every_lane_has_a_name_of_its_own() -> None:
    names = [lane.name for lane in lanes()]

    assert len(names) == len(set(names))


def run_lanes(*wanted: Lane) -> tuple[threading.Event, list[threading.Thread]]:
    stop = threading.Event()
    for lane in wanted:
        lane.start(stop)
    return stop, [lane.thread for lane in wanted if lane.thread]


def test_lanes_that_have_work_when_another_did_some_are_woken() -> None:
    letters, did = [], iter([0, 3, 0])
    post = Lane("post", lambda: letters.append(time.monotonic()) or 0, every_seconds=60)  # type: ignore[func-returns-value]
    seal = Lane("seal", lambda: next(did, 0), every_seconds=60, wakes=(post,))
    stop, threads = run_lanes(post, seal)
    try:
        eventually(lambda: len(letters) == 1)
        seal.wake.set()  # it does three things

        eventually(lambda: len(letters) == 2)
    finally:
        stop.set()
        for lane in (post, seal):
            lane.wake.set()
        for thread in threads:
            thread.join(10)

    [sealing] = [lane for lane in lanes() if lane.name == "seal"]
    assert [lane.name for lane in sealing.wakes] == ["post", "hooks"]


def test_a_lane_that_gathers_does_what_comes_together_once() -> None:
    looks: list[int] = []
    lane = Lane("seal", lambda: looks.append(1) or 0, every_seconds=60, gathers_seconds=0.3)  # type: ignore[func-returns-value]
    stop, threads = run_lanes(lane)
    try:
        eventually(lambda: len(looks) == 1)
        for _act in range(5):
            lane.wake.set()
            time.sleep(0.01)

        eventually(lambda: len(looks) == 2)
        assert not lane.wake.is_set()
    finally:
        stop.set()
        lane.wake.set()
        for thread in threads:
            thread.join(10)


# A lost NOTIFY

FORM = b'{"body": "Where is it?", "subject": "Parcel", "email": "ann@example.net", "name": "Ann"}'


def a_promise_to_look_at() -> Callable[[], bool]:
    row = things.promise(customer=things.handle().customer, owner=things.staff())
    Promise.objects.filter(pk=row.pk).update(look_again_at=timezone.now(), warn_at=timezone.now())
    return lambda: Promise.objects.get(pk=row.pk).look_again_at != row.look_again_at


def a_reply_to_send() -> Callable[[], bool]:
    case = cases.open_or_join(handle=things.handle(), text="Hi", subject="Hi", at=things.NOW, now=things.NOW).case
    reply = cases.send_reply(case, staff=things.staff(), text="It is at the depot.", now=things.NOW)
    return lambda: type(reply).objects.get(pk=reply.pk).state == "sent"


def a_letter_to_deliver() -> Callable[[], bool]:
    said = {"key": "one", "to_address": "ann@example.net", "subject": "Hello", "text": "Hello.", "because": "case:1"}
    letter = post.hand_over(**said, customer_id=None, automatic=False, now=timezone.now())
    return lambda: Letter.objects.get(pk=letter.pk).delivered_at is not None


def letters_to_very_many() -> Callable[[], bool]:
    alike = post.Alike(subject="Hello", text="Hello.", because="notice:1", now=timezone.now())
    made = [alike.to(f"c{number}@example.net", key=f"one:{number}", customer_id=None) for number in range(3)]
    post.hand_over_bulk(made, now=timezone.now())
    return lambda: Letter.objects.filter(delivered_at__isnull=False).count() == 3


def an_arrival_to_read() -> Callable[[], bool]:
    arrival = actions.capture(channel="webform", outside_id="1", source=FORM, now=timezone.now())
    return lambda: Arrival.objects.get(pk=arrival.pk).state == Arrival.State.MESSAGE


def a_slow_arrival_to_read() -> Callable[[], bool]:
    is_done = an_arrival_to_read()
    assert actions.take_time(arrival_id=Arrival.objects.get().pk, now=timezone.now())
    return is_done


def a_mailbox_to_watch() -> Callable[[], bool]:
    box = Mailbox.objects.create(name="Support", address="a@x.example", host="127.0.0.1", port=1, tls="none", user="a")
    return lambda: "Nothing answers" in Mailbox.objects.get(pk=box.pk).last_problem


def an_entry_to_seal() -> Callable[[], bool]:
    things.handle()
    assert Unsealed.objects.exists()
    return lambda: not Unsealed.objects.exists()


def an_entry_to_count() -> Callable[[], bool]:
    things.handle()
    assert ledger.seal(now=timezone.now())
    return lambda: KindOfDay.objects.exists()


def an_event_to_send() -> Callable[[], bool]:
    by = hooks.Who(staff=things.staff())
    hooks.make(name="crm", url="http://127.0.0.1:1/", kinds=(), once="crm", by=by, now=timezone.now())
    things.handle()
    assert ledger.seal(now=timezone.now())
    return lambda: Delivery.objects.exists()


def an_event_to_let_go() -> Callable[[], bool]:
    people.note_security(kind=SecurityKind.SIGNED_IN, now=timezone.now() - people.SECURITY_KEPT - things.DAY)
    return lambda: not SecurityEvent.objects.exists()


def somebody_to_forget() -> Callable[[], bool]:
    begun = privacy.begin(things.handle().customer, by=None, now=timezone.now())
    return lambda: Erasure.objects.get(pk=begun.pk).done_at is not None


def a_message_to_read_anew() -> Callable[[], bool]:
    message = cases.open_or_join(handle=things.handle(), text="Where is it?", at=things.NOW, now=things.NOW)
    version = message.reading["version"]
    Message.objects.filter(pk=message.pk).update(reading={"version": "rules-0"})
    return lambda: Message.objects.get(pk=message.pk).reading["version"] == version


def a_case_to_have_back() -> Callable[[], bool]:
    case = cases.open_or_join(handle=things.handle(), text="Where is it?", at=things.NOW, now=things.NOW).case
    cases.snooze(case, until=timezone.now() + things.HOUR, by=things.staff(), now=timezone.now())
    Case.objects.filter(pk=case.pk).update(snoozed_until=timezone.now())
    return lambda: Case.objects.get(pk=case.pk).snoozed_by_id is None


def a_case_to_put_into_the_search() -> Callable[[], bool]:
    case = cases.open_or_join(
        handle=things.handle(), text="Where is it?", subject="Parcel", at=things.NOW, now=things.NOW
    ).case
    Passage.objects.all().delete()
    Behind.objects.create(sort="case", below=case.pk + 1)
    return lambda: Passage.objects.filter(ref=f"case:{case.pk}").exists() and not Behind.objects.exists()


def cases_to_change_together() -> Callable[[], bool]:
    case = cases.open_or_join(handle=things.handle(), text="Where is it?", at=things.NOW, now=things.NOW).case
    cases.begin_bulk(staff=things.staff(), changes={"cause": "late"}, numbers=[case.pk], now=timezone.now())
    return lambda: Case.objects.get(pk=case.pk).cause == "late"


def a_clock_that_has_run_out() -> Callable[[], bool]:
    cases.open_or_join(handle=things.handle(), text="Where is it?", at=things.NOW, now=things.NOW)
    return lambda: Clock.objects.filter(missed_at__isnull=False).exists()


def an_answer_that_was_not_seen() -> Callable[[], bool]:
    sam, home = things.staff(), "https://shop.example"
    site = chat.make_site(name="Shop", lines=[home], team=None, by=sam, now=things.NOW)
    talk = chat.begin(site, origin=home, now=things.NOW)
    chat.say(talk, text="Where is it?", email="dora@example.net", once="message-1", now=things.NOW)
    talk.refresh_from_db()
    chat.here([talk.pk], now=things.NOW)
    assert talk.case
    cases.send_reply(talk.case, staff=sam, text="It is at the depot.", now=things.NOW)
    cases.leave(now=things.NOW + timedelta(seconds=11))
    return lambda: Letter.objects.filter(to_address="dora@example.net").exists()


def a_watch_that_held() -> Callable[[], bool]:
    times = {"happened_at": things.NOW, "next_word_at": things.NOW + things.DAY, "now": things.NOW}
    late = incidents.begin(title="Late", sort="late", by=None, **times)
    incidents.end(late, words="Over.", happened_at=things.NOW, untold="Nobody knew.", by=None, now=things.NOW)
    watch = incidents.begin_watch(late, until=things.NOW + things.HOUR, cause="late", by=None, now=things.NOW)
    ledger.seal(now=things.NOW)
    return lambda: Watch.objects.get(pk=watch.pk).state == Watch.State.HELD


def an_export_to_look_through() -> Callable[[], bool]:
    moving = Moving.objects.create(source="zendesk", name="gone.zip", path="/nowhere/gone.zip", made_at=things.NOW)
    return lambda: Moving.objects.get(pk=moving.pk).state == Moving.State.FAILED


def a_call_of_another_desk() -> Callable[[], bool]:
    made = calls.make_hook(source="zammad", name="Old desk", secret="a-secret-of-theirs", by=None, now=things.NOW)
    call = Call.objects.create(hook=made, key="1", body=b"{}", at=things.NOW, next_try_at=things.NOW)
    return lambda: Call.objects.get(pk=call.pk).state != Call.State.WAITING


def orders_to_bring_in() -> Callable[[], bool]:
    raw = b"order,email\n1001,ann@example.net\n"
    columns = Columns({"reference": 0, "address": 1}).to_plain()
    upload = orders.keep_file(name="orders.csv", raw=raw, columns=columns, rows=1, by=None, now=things.NOW)
    assert orders.bring_in(upload)
    return lambda: Order.objects.filter(reference="1001").exists()


def a_notice_to_tell() -> Callable[[], bool]:
    cohort = cohorts.draft(about="incident:1", conditions=Every(), by=None, now=things.NOW)
    cohorts.add(cohort, customers=[things.handle().customer_id], by=None, now=things.NOW)
    telling.send(
        telling.write(
            about="incident:1", cohort=cohort, sort="began", texts={"en": ("Late", "It is late.")}, happened_at=things.NOW,
            by=None, now=things.NOW,
        ),
        by=None, now=things.NOW,
    )  # fmt: skip
    return lambda: Letter.objects.filter(because__startswith="notice:").exists()


def somebody_who_joins_late() -> Callable[[], bool]:
    cohort = cohorts.draft(about="incident:1", conditions=OfCustomers(), by=None, now=things.NOW)
    cohorts.freeze(cohort, by=None, now=things.NOW, joins_until=things.NOW + timedelta(days=999))
    things.handle()
    return lambda: cohort.members.filter(standing="late").exists()


def a_remedy_that_was_not_given() -> Callable[[], bool]:
    lead, ann = things.staff(role="lead"), things.handle().customer
    remedies.offer(
        about="case:1", customer=ann, team_id=None, sort="apology", asks=False, days=1, by=lead, now=things.NOW
    )
    return lambda: Remedy.objects.filter(state="missed").exists()


def a_breach_to_warn_of() -> Callable[[], bool]:
    long_ago, soon = things.NOW - 30 * things.HOUR, timezone.now() + things.DAY
    breach = breaches.begin_with_incident(
        title="A list went astray",
        happened_at=long_ago,
        aware_at=long_ago,
        next_word_at=soon,
        by=None,
        now=timezone.now(),
    )
    return lambda: Breach.objects.get(pk=breach.pk).said > 0


def a_subscriber_to_forget() -> Callable[[], bool]:
    """Who never said that they want to be written to."""
    Subscriber.objects.create(address="dora@example.net", nonce="n", asked_at=timezone.now() - timedelta(days=8))
    return lambda: not Subscriber.objects.exists()


#: Lanes for which nothing ever waits: one measures now and then, one has nothing to do in an installation that begins today.
OF_THEIR_OWN = {"beats", "expect", "old-cases"}
WAITING = {
    "breaches": a_breach_to_warn_of,
    "clocks": a_clock_that_has_run_out,
    "chat": an_answer_that_was_not_seen,
    "moving-in": an_export_to_look_through,
    "calls": a_call_of_another_desk,
    "orders": orders_to_bring_in,
    "remedies": a_remedy_that_was_not_given,
    "search": a_case_to_put_into_the_search,
    "many": cases_to_change_together,
    "telling": a_notice_to_tell,
    "joining": somebody_who_joins_late,
    "snoozes": a_case_to_have_back,
    "reread": a_message_to_read_anew,
    "let-go": an_event_to_let_go,
    "forget": somebody_to_forget,
    "hooks": an_event_to_send,
    "watcher": a_promise_to_look_at,
    "watches": a_watch_that_held,
    "replies": a_reply_to_send,
    "post": a_letter_to_deliver,
    "bulk": letters_to_very_many,
    "inbox": an_arrival_to_read,
    "inbox-2": an_arrival_to_read,
    "inbox-slow": a_slow_arrival_to_read,
    "mailboxes": a_mailbox_to_watch,
    "seal": an_entry_to_seal,
    "status": a_subscriber_to_forget,
    "record": an_entry_to_count,
}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", [lane.name for lane in lanes() if lane.name not in OF_THEIR_OWN])
def test_a_lane_that_nobody_wakes_finds_by_itself_what_waits(name: str, settings: Any) -> None:
    settings.TROTH_HOOKS_ALLOW = frozenset({"127.0.0.1:1"})
    [lane] = [lane for lane in lanes() if lane.name == name]
    assert lane.every_seconds <= 15
    lane.every_seconds = min(lane.every_seconds, 1.0)  # the test need not wait the fifteen
    things.company()
    stop, rounds = threading.Event(), []
    sweep = lane.sweep
    lane.sweep = lambda: rounds.append(sweep()) or 0  # type: ignore[func-returns-value]
    lane.start(stop)
    try:
        eventually(lambda: rounds != [])  # it looked, and nothing waited

        is_done = WAITING[name]()

        eventually(is_done, seconds=30)
    finally:
        stop.set()
        lane.wake.set()
        assert lane.thread is not None
        lane.thread.join(10)
        stop_watching()


# Signs of life


def test_a_lane_hangs_when_neither_its_rounds_nor_its_statements_come() -> None:
    lane = Lane("watcher", lambda: 0, patience_seconds=60)
    assert not lane.hangs

    lane.moved -= 61

    assert lane.hangs


def test_a_lane_hangs_with_the_stillest_of_its_threads() -> None:
    moved = time.monotonic() - 61
    lane = Lane("mailboxes", lambda: 0, patience_seconds=60, threads_moved=lambda: moved)

    assert lane.hangs
    assert lane.still_seconds >= 61


@pytest.mark.django_db(transaction=True)
def test_a_long_piece_of_work_moves_as_long_as_it_asks_the_database() -> None:
    stop, seen = threading.Event(), []

    def sweep() -> int:
        for _round in range(3):
            lane.moved = 0.0
            Letter.objects.exists()
            seen.append(lane.hangs)
        stop.set()
        return 0

    lane = Lane("post", sweep, patience_seconds=60)
    lane.start(stop)
    assert lane.thread is not None
    lane.wake.set()
    lane.thread.join(10)

    assert seen == [False, False, False]


@pytest.mark.django_db
def test_workers_leave_signs_of_life_lane_by_lane() -> None:
    quick, slow = Lane("watcher", lambda: 0), Lane("post", lambda: 0)
    slow.moved -= 100

    beats.note([quick, slow], worker="one")
    beats.note([slow], worker="two")
    slow.moved += 50
    beats.note([slow], worker="two")

    now = timezone.now()
    moves = beats.last_moves()
    ages = {lane: round((now - at).total_seconds() / 10) for lane, at in moves.items()}
    assert ages == {"watcher": 0, "post": 5}
    beats.Beat.objects.filter(worker="one").update(moved_at=now - beats.KEPT - things.HOUR)
    beats.note([slow], worker="two")
    assert set(beats.last_moves()) == {"post"}
