"""The watcher beside a million promises: an idle look, ten thousand due at once, and how late it is at a steady pace."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime, timedelta

import psycopg
from bench.spine.gauge import Gauge
from bench.spine.ground import Ground, started
from django.db import connection
from django.utils import timezone

#: Promises whose warnings come due from a moment on, this far apart.
DUE = """
INSERT INTO promises_promise (public_id, customer_id, sort, strength, speaker, state, what, condition, source_quote, source, about,
    made_at, said_at, first_due, due, zone, owner_id, moves, by_itself, warn_at, escalate_at, heads_up_at, told_by, broken_at,
    look_again_at, reason, miss_reason, imported)
SELECT gen_random_uuid(), customer.first + n %% customer.many, 'deed', 'promise', 'company', 'open', 'send it again, ' || n, '',
       'We will send it again.', '', '', at - interval '2 days', at - interval '2 days', at + interval '2 days',
       at + interval '2 days', 'Europe/London', staff.first + n %% 20, 0, true, at, at + interval '12 hours',
       at + interval '20 hours', at + interval '1 day', at + interval '6 days', at, '', '', false
  FROM generate_series(1, %(count)s) n, LATERAL (SELECT %(at)s::timestamptz + n * %(apart)s::interval AS at) t,
       (SELECT min(id) AS first, count(*) AS many FROM people_customer) customer, (SELECT min(id) AS first FROM people_staff) staff
"""


def insert_due(count: int, *, at: datetime, apart: timedelta) -> None:
    with connection.cursor() as cursor:
        cursor.execute(DUE, {"count": count, "at": at, "apart": apart})


def idle(*, rounds: int = 200) -> Gauge:
    """A look that finds nothing to do."""
    from troth.promises import watcher

    gauge = Gauge()
    for _round in range(rounds):
        with gauge.take():
            assert watcher.look_ahead(now=timezone.now()) == 0
    return gauge


def due_at_once(count: int = 10_000, *, rounds: int = 5) -> Gauge:
    """*count* promises whose warning is due, until the last of them is durably warned of."""
    from troth.promises import tasks
    from troth.promises.models import Promise

    gauge = Gauge()
    for _round in range(rounds):
        now = timezone.now()
        insert_due(count, at=now - timedelta(seconds=1), apart=timedelta(0))
        with gauge.take():
            looked = tasks.look_ahead()
        assert looked == count, looked
        assert Promise.objects.filter(warned_at__gte=now).count() == count
    return gauge


def lateness(ground: Ground, *, count: int = 1_000, workers: int = 3) -> list[float]:
    """Seconds from the moment of a warning until it was heard of in the database, at *count* a minute, the sooner first.

    What is heard is the notification of the transaction that warned: nothing is counted before it is durable.
    """
    with started([["-m", "troth.site.cli", "worker"]] * workers):
        time.sleep(15)
        begin = timezone.now() + timedelta(seconds=5)
        insert_due(count, at=begin, apart=timedelta(minutes=1) / count)
        with connection.cursor() as cursor:
            cursor.execute("SELECT id, warn_at FROM promises_promise WHERE warn_at > %s AND warned_at IS NULL", [begin])
            waiting: dict[int, datetime] = {
                pk: at for pk, at in cursor.fetchall() if at <= begin + timedelta(minutes=1, seconds=1)
            }
        late: list[float] = []
        with psycopg.connect(ground.url_of(connection.settings_dict["NAME"]), autocommit=True) as heard:
            heard.execute("LISTEN troth")
            until = time.monotonic() + 120
            while waiting and time.monotonic() < until:
                for note in heard.notifies(timeout=1.0):
                    now = datetime.now(UTC)
                    numbers = {int(number) for number in re.findall(r"\bpromise:(\d+)", note.payload)}
                    late += [(now - waiting.pop(number)).total_seconds() for number in numbers & waiting.keys()]
        with connection.cursor() as cursor:  # of more than fifty at once the notification names none
            cursor.execute("SELECT warned_at - warn_at FROM promises_promise WHERE id = ANY(%s)", [list(waiting)])
            late += [away.total_seconds() for (away,) in cursor.fetchall() if away is not None]
    assert len(late) == count, f"{len(late)} of {count} were warned"
    return sorted(late)
