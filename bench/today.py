"""Today with a thousand and with a hundred thousand promises: statements, and milliseconds of this process for one page.

    python -m pytest -q -s bench/today.py

A database of its own, filled by SQL: what is owed is a tenth of what was ever promised, spread over a year around now.
"""

from __future__ import annotations

import statistics
import time

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests import people_and_things as things

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.timeout(600)]

TIMES = 20
GOAL = 6
PEOPLE = """
INSERT INTO people_customer (name, pseudonym, zone, met_at, is_sample)
SELECT 'Customer ' || n, gen_random_uuid(), '', now() - interval '400 days', false FROM generate_series(1, %(count)s) n;
UPDATE people_customer SET root_id = id;
"""
PROMISES = """
INSERT INTO promises_promise (public_id, customer_id, owner_id, sort, strength, speaker, state, what, condition, source_quote,
    source, about, made_at, said_at, first_due, due, zone, moves, by_itself, reason, miss_reason, imported, done_at, settled_at)
SELECT gen_random_uuid(), (SELECT min(id) FROM people_customer) + n %% %(people)s, %(staff)s, 'deed', 'promise', 'company',
       CASE WHEN n %% 10 = 1 THEN 'open' WHEN n %% 10 = 2 THEN 'late' ELSE 'kept' END, 'send it',
       '', 'We will send it by then.', '', '', due - interval '3 days', due - interval '3 days', due, due, 'UTC', 0, true, '', '',
       false, CASE WHEN n %% 10 <> 1 THEN due END, CASE WHEN n %% 10 <> 1 THEN due END
  FROM generate_series(1, %(count)s) n,
       LATERAL (SELECT now() + (n %% 3650 - 3000) * interval '0.1 day' * CASE WHEN n %% 10 = 1 THEN -0.02 ELSE 1 END AS due) d;
"""


def filled(count: int) -> Client:
    things.company()
    sam = things.staff("sam@parcel.example")
    people = max(count // 20, 1)
    with connection.cursor() as cursor:
        cursor.execute(PEOPLE, {"count": people})
        cursor.execute(PROMISES, {"count": count, "people": people, "staff": sam.pk})
        cursor.execute("ANALYZE people_customer, promises_promise")
    browser = Client()
    browser.force_login(sam)
    return browser


@pytest.mark.parametrize("count", [1, 3, 1_000, 100_000])
def test_today_asks_no_more_however_much_there_is(count: int) -> None:
    browser = filled(count)
    browser.get("/today/")

    with CaptureQueriesContext(connection) as asked:
        answer = browser.get("/today/")
    statements = len(asked)
    spent, waited = [], []
    for _time in range(TIMES):
        begun, clock = time.process_time(), time.perf_counter()
        browser.get("/today/")
        spent.append(time.process_time() - begun)
        waited.append(time.perf_counter() - clock)

    print(
        f"\nToday with {count:>7} promises: {statements} statements, {statistics.median(spent) * 1000:.1f} ms of CPU here,"
        f" {statistics.median(waited) * 1000:.1f} ms in all (median of {TIMES}), {len(answer.content) // 1024} KiB"
    )
    assert answer.status_code == 200
    assert statements <= GOAL
