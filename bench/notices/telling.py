"""The whole of it, as it runs at yours: everybody hit is frozen as evidence, written to and followed, by worker and web server."""

from __future__ import annotations

import os
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import psycopg
from bench.notices.handing import TEXT, Sink
from bench.spine.gauge import pss_mib, quantile
from bench.spine.ground import Ground, started
from bench.spine.live import wait_for
from bench.spine.pages import browser
from django.db import connection
from django.utils import timezone
from tests import people_and_things
from tests.lab.servers import free_ports

PEOPLE = """
INSERT INTO people_customer (id, name, pseudonym, zone, met_at, is_sample)
SELECT n, 'Customer ' || n, gen_random_uuid(), '', now(), false FROM generate_series(1, %(count)s) n;
INSERT INTO people_handle (id, customer_id, kind, address, verified_at)
SELECT id, id, 'email', 'customer' || id || '@example.net', met_at FROM people_customer;
SELECT setval(pg_get_serial_sequence('people_customer', 'id'), %(count)s),
       setval(pg_get_serial_sequence('people_handle', 'id'), %(count)s)
"""
#: Longer than this nothing takes.
SECONDS_MOST = 4 * 3600


@dataclass
class Told:
    """What came of it."""

    frozen_seconds: float = 0.0
    #: From the first letter that was written to the last that was taken and noted beside its reader.
    seconds: float = 0.0
    #: Of one page of Today, each half second meanwhile, in milliseconds; and before anything was sent.
    today: list[float] = field(default_factory=list)
    today_before: list[float] = field(default_factory=list)
    #: Processor seconds of the worker, of all of PostgreSQL's processes but the pages', and of the mail server.
    cpu: dict[str, float] = field(default_factory=dict)
    #: Memory of the worker, MiB, each half second.
    memory: list[float] = field(default_factory=list)


def told(here: Ground, sink: Sink, count: int) -> Told:
    """*count* customers are told of one thing, by the product's own processes."""
    from troth.notices.actions import cohorts, making, telling
    from troth.notices.models import Notice, State
    from troth.notices.rules.conditions import OfHandles

    here.fresh(f"notices_{count}")
    with psycopg.connect(here.url_of(f"notices_{count}"), cursor_factory=psycopg.ClientCursor) as made:
        made.execute(PEOPLE, {"count": count})
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    people_and_things.company()
    people_and_things.staff("staff20@parcel.example", role="lead")
    found, port, cookie = Told(), free_ports(1)[0], browser().cookies
    cohort = cohorts.draft(about="incident:1", conditions=OfHandles(kinds=("email",)), by=None, now=timezone.now())
    began = time.perf_counter()
    cohorts.freeze(cohort, by=None, now=timezone.now())
    found.frozen_seconds = time.perf_counter() - began
    assert cohort.count == count
    mail = {
        "TROTH_SMTP_HOST": "127.0.0.1",
        "TROTH_SMTP_PORT": str(sink.port),
        "TROTH_CARRIER": "troth.channels.email.carrier.SmtpCarrier",
    }
    with started([["-m", "troth.site.cli", "web"]], PORT=str(port)):
        page = f"http://127.0.0.1:{port}/today/"
        wait_for(f"http://127.0.0.1:{port}/healthz")
        found.today_before = [_asked(page, cookie) for _ in range(10)]
        with started([["-m", "troth.site.cli", "worker"]], **mail) as [worker]:
            time.sleep(5)  # it has begun, and rests
            notice = telling.write(
                about="incident:1",
                cohort=cohort,
                sort="began",
                texts={"en": ("Your parcel is late", TEXT)},
                happened_at=timezone.now() - timedelta(hours=1),
                by=None,
                now=timezone.now(),
            )
            telling.send(notice, by=None, now=timezone.now())
            time.sleep(making.HOLD.total_seconds() - 0.5)
            before, began = _cpu(worker.pid, sink), time.perf_counter()
            for _look in _every(0.5):
                found.today.append(_asked(page, cookie))
                found.memory.append(pss_mib(worker.pid))
                if Notice.objects.filter(pk=notice.pk, state=State.DONE).exists():
                    break
            found.seconds = time.perf_counter() - began
            after = _cpu(worker.pid, sink)
    found.cpu = {name: after[name] - before[name] for name in before}
    _all_were_told(notice.pk, count)
    return found


def _all_were_told(notice: int, count: int) -> None:
    """Everybody, and each once: by the recipients, the letters and the attempts."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT count(*) FROM notices_recipient WHERE notice_id = %s AND state = 'accepted'),"
            " (SELECT count(*) FROM post_letter WHERE bulk AND state = 'sent'),"
            " (SELECT count(*) FROM post_attempt WHERE answer = 'accepted')",
            [notice],
        )
        assert cursor.fetchone() == (count, count, count)


def _every(seconds: float) -> Iterator[int]:
    until = time.monotonic() + SECONDS_MOST
    look = 0
    while time.monotonic() < until:
        yield look
        look += 1
        time.sleep(seconds)
    raise TimeoutError("It does not come to an end.")


def _asked(page: str, cookie: str) -> float:
    began = time.perf_counter()
    asked = urllib.request.Request(page, headers={"Cookie": cookie})  # noqa: S310 -- our own server
    with urllib.request.urlopen(asked, timeout=60) as answer:  # noqa: S310
        assert answer.status == 200
        answer.read()
    return (time.perf_counter() - began) * 1000


def _cpu(worker: int, sink: Sink) -> dict[str, float]:
    """Processor seconds so far."""
    tick = os.sysconf("SC_CLK_TCK")
    database = 0
    for process in Path("/proc").glob("[0-9]*"):
        try:
            words = (process / "cmdline").read_bytes()
            fields = (process / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if words.startswith(b"postgres:"):
            database += int(fields[11]) + int(fields[12])
    fields = Path(f"/proc/{worker}/stat").read_text().rpartition(")")[2].split()
    return {
        "worker": (int(fields[11]) + int(fields[12])) / tick,
        "PostgreSQL": database / tick,
        "mail server": sink.cpu_ms / 1000,
    }


def slowest(milliseconds: list[float]) -> str:
    return f"{quantile(milliseconds, 0.5):.0f} ms, {quantile(milliseconds, 0.95):.0f} ms"
