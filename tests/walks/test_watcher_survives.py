"""The watcher under faults: workers killed in the middle, at every statement, and many side by side.

Whatever happens to a worker, each promise is warned about, escalated, told and judged once, in that order and before its date.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from faults.processes import killed_at, run
from psycopg.conninfo import make_conninfo

from tests.people_and_things import FRIDAY, company, handle, kinds, new_facts, promise, staff
from troth.people.models import Calendar, Company, Customer, Handle
from troth.post.models import Letter
from troth.promises import watcher
from troth.promises.actions import unsaved
from troth.promises.models import Promise, Telling
from troth.words.hours import round_the_clock
from troth.words.promises import Sort, State

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
ROOT = Path(__file__).resolve().parents[2]


# Killed at every boundary of a look


def sweep(act: Callable[[Promise], Any], check: Callable[[Promise], None], prepare: Callable[[], Promise]) -> int:
    """Kill *act* at boundary 1, 2, 3 ... until it ends by itself, each time on a fresh promise; do it again, and check."""
    number, killed = 0, True
    while killed:
        number += 1
        row = prepare()
        killed = run(partial(act, row), strike=killed_at(number)).killed
        act(row)
        check(row)
    return number


def test_killed_at_any_statement_before_the_date_nothing_is_lost_or_doubled() -> None:
    company()
    sam, lea = staff(), staff("lea@parcel.example", role="lead")
    ann = handle().customer

    def warned_and_told_once(row: Promise) -> None:
        told = new_facts(f"promise:{row.pk}", since=1)
        assert [kind for kind, _ in told] == ["StaffWarned", "StaffEscalated", "TellingSent"]
        assert (told[0][1]["warned"], told[1][1]["warned"]) == (f"staff:{sam.pk}", f"staff:{lea.pk}")
        letters = Letter.objects.filter(because=f"promise:{row.pk}").order_by("to_address")
        assert [letter.to_address for letter in letters] == [
            "ann@example.net",
            "lea@parcel.example",
            "sam@parcel.example",
        ]
        assert Telling.objects.get(promise=row).letter_id == letters[0].pk
        word = Promise.objects.get(because=row)
        assert [kind for kind, _ in new_facts(f"promise:{word.pk}")] == ["PromiseMade"]

    boundaries_seen = sweep(
        act=lambda row: watcher.look_ahead(now=row.heads_up_at),
        check=warned_and_told_once,
        prepare=lambda: promise(customer=ann, owner=sam),
    )

    assert boundaries_seen > 15
    assert kinds().count("StaffWarned") == boundaries_seen


def test_killed_at_any_statement_at_the_date_it_is_judged_once() -> None:
    company()
    ann = handle().customer

    def told_in_time() -> Promise:
        row = promise(customer=ann)
        watcher.look_ahead(now=row.heads_up_at)
        Promise.objects.filter(because=row).update(look_again_at=None)
        Letter.objects.filter(because=f"promise:{row.pk}").update(state="sent", delivered_at=row.told_by)
        return row

    def late_once(row: Promise) -> None:
        assert [kind for kind, _ in new_facts(f"promise:{row.pk}", since=4)] == ["CustomerTold", "PromiseLate"]
        assert new_facts(f"promise:{row.pk}")[-1][1]["told"] is True
        row = Promise.objects.get(pk=row.pk)
        assert (row.state, row.look_again_at, row.told_at) == (State.LATE, row.broken_at, row.told_by)

    assert sweep(act=lambda row: watcher.look_ahead(now=FRIDAY), check=late_once, prepare=told_in_time) > 10


# Many workers, one of them killed

COUNT = 1_000
#: A promise this long is warned about 30 s, escalated 28.5 s and told about 27 s before its date.
SPAN = timedelta(seconds=60)
FIRST, LAST = timedelta(seconds=38), timedelta(seconds=56)
#: In the middle of the warnings.
KILLED_AFTER = timedelta(seconds=17)


def fill(now: datetime) -> None:
    hours = round_the_clock("Europe/London")
    calendar = Calendar.objects.create(name="Always", plain=hours.to_plain())
    Company.objects.create(pk=1, name="Parcel & Co", calendar=calendar)
    staff("lea@parcel.example", role="lead")
    owners = [staff(f"sam{number}@parcel.example") for number in range(5)]
    people = Customer.objects.bulk_create(Customer(name="Ann", met_at=now) for _ in range(COUNT))
    Handle.objects.bulk_create(
        Handle(customer=person, kind="email", address=f"ann{person.pk}@example.net") for person in people
    )
    Promise.objects.bulk_create(
        unsaved(
            what="send the parcel again",
            due=now + FIRST + (LAST - FIRST) * number / COUNT,
            said_at=now + FIRST + (LAST - FIRST) * number / COUNT - SPAN,
            hours=hours,
            customer=person,
            owner=owners[number % 5],
        )
        for number, person in enumerate(people)
    )


def worker() -> subprocess.Popen[bytes]:
    url = make_conninfo(os.environ["DATABASE_URL"], dbname=connection.settings_dict["NAME"])
    return subprocess.Popen(
        [sys.executable, "-m", "tests.walks.watching"], cwd=ROOT, env={**os.environ, "DATABASE_URL": url}
    )


def counted(query: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchall()


@pytest.mark.timeout(240)
def test_every_promise_is_seen_through_once_though_a_worker_dies() -> None:
    now = datetime.now(UTC)
    fill(now)
    workers = [worker() for _ in range(3)]
    try:
        time.sleep(max(0.0, (now + KILLED_AFTER - datetime.now(UTC)).total_seconds()))
        workers[0].kill()
        deadline = now + timedelta(seconds=180)
        while Promise.objects.filter(sort=Sort.DEED).exclude(state=State.LATE).exists():
            assert datetime.now(UTC) < deadline, "some promise was never judged"
            time.sleep(0.25)
        assert [one.poll() for one in workers[1:]] == [None, None]
    finally:
        for one in workers:
            one.kill()
            one.wait()

    # Each kind of fact once for each promise, in order, and all but the judgement before the date.
    assert counted(
        """
        SELECT told, count(*) FROM (
            SELECT string_agg(entry.kind, ' ' ORDER BY entry.id) AS told
            FROM promises_promise AS promise
            LEFT JOIN ledger_entry AS entry ON entry.about = 'promise:' || promise.id
            WHERE promise.sort = 'deed' GROUP BY promise.id
        ) AS each GROUP BY told
        """
    ) == [("StaffWarned StaffEscalated TellingSent PromiseLate", COUNT)]
    assert counted(
        """
        SELECT count(*) FROM ledger_entry AS entry JOIN promises_promise AS promise
            ON entry.about = 'promise:' || promise.id
        WHERE promise.sort = 'deed' AND (
            (entry.kind = 'StaffWarned' AND entry.recorded_at NOT BETWEEN promise.warn_at AND promise.due)
            OR (entry.kind = 'StaffEscalated' AND entry.recorded_at NOT BETWEEN promise.escalate_at AND promise.due)
            OR (entry.kind = 'TellingSent' AND entry.recorded_at NOT BETWEEN promise.heads_up_at AND promise.due)
            OR (entry.kind = 'PromiseLate' AND entry.recorded_at < promise.due))
        """
    ) == [(0,)]
    # One heads-up, one letter with it, one next word, for each.
    assert counted(
        """
        SELECT count(*), count(DISTINCT telling.promise_id), count(DISTINCT letter.id), count(DISTINCT letter.to_address),
               (SELECT count(DISTINCT because_id) FROM promises_promise WHERE sort = 'next_word'),
               (SELECT count(*) FROM promises_promise WHERE sort = 'next_word'),
               (SELECT count(*) FROM post_letter WHERE customer_id IS NOT NULL)
        FROM promises_telling AS telling LEFT JOIN post_letter AS letter ON letter.id = telling.letter_id
        WHERE telling.kind = 'heads_up'
        """
    ) == [(COUNT,) * 7]
    # What was written is what stands in the rows.
    assert counted(
        """
        SELECT count(*) FROM promises_promise
        WHERE sort = 'deed' AND warned_at < escalated_at + interval '1 microsecond' AND escalated_at <= telling_at
              AND telling_at < due AND state = 'late' AND look_again_at = broken_at
        """
    ) == [(COUNT,)]
    [(late,)] = counted(
        """
        SELECT percentile_cont(0.99) WITHIN GROUP (ORDER BY extract(epoch FROM entry.recorded_at - promise.warn_at))
        FROM ledger_entry AS entry JOIN promises_promise AS promise ON entry.about = 'promise:' || promise.id
        WHERE entry.kind = 'StaffWarned' AND promise.sort = 'deed'
        """
    )
    sys.stdout.write(f"99 of 100 warnings were written within {late:.2f} s of their moment.\n")


def test_nothing_waits_for_a_worker_that_is_paused_in_its_look() -> None:
    """Its rows are skipped, and seen to when it wakes or dies; everybody else's are done."""
    import psycopg

    company()
    paused, other = promise(owner=staff()), promise()
    url = make_conninfo(os.environ["DATABASE_URL"], dbname=connection.settings_dict["NAME"])

    with psycopg.connect(url) as asleep:
        asleep.execute("SELECT 1 FROM promises_promise WHERE id = %s FOR UPDATE", [paused.pk])
        assert watcher.look_ahead(now=paused.warn_at) == 1
        asleep.rollback()

    assert watcher.look_ahead(now=paused.warn_at) == 1
    assert [new_facts(f"promise:{row.pk}")[-1][0] for row in (paused, other)] == ["StaffWarned"] * 2
