from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as some
from hypothesis.extra.django import TestCase
from psycopg.conninfo import make_conninfo
from tests.faces import Shop
from tests.people_and_things import NOW

from troth.people import limits
from troth.people.models import Allowance
from troth.people.rules import pace as rules

MINUTE = timedelta(minutes=1)
PACE = limits.Pace(3, 3 * MINUTE)


@pytest.mark.django_db
def test_each_has_their_own_and_each_thing_is_counted_by_itself() -> None:
    answers = [limits.take("form", who, PACE, now=NOW) for who in ("a", "a", "b", "a", "a")]

    assert answers == [None, None, None, None, MINUTE]
    assert limits.take("link", "a", PACE, now=NOW) is None
    assert limits.wait("form", "a", PACE, now=NOW) == MINUTE
    assert limits.wait("form", "b", PACE, now=NOW) == timedelta()


@pytest.mark.django_db
def test_taking_is_one_statement_and_the_table_says_nobodys_name() -> None:
    limits.take("form", "192.0.2.7", PACE, now=NOW)

    with CaptureQueriesContext(connection) as asked:
        limits.take("form", "192.0.2.7", PACE, now=NOW)

    assert len(asked) == 1
    assert "192.0.2.7" not in Allowance.objects.get().key


@pytest.mark.django_db
def test_who_may_have_everything_again_is_forgotten_when_somebody_new_comes() -> None:
    for number in range(30):
        limits.take("form", str(number), PACE, now=NOW)

    for number in range(2):
        limits.take("form", f"new {number}", PACE, now=NOW + 10 * MINUTE)

    assert Allowance.objects.count() == 2


class Sums(TestCase):
    """The statement counts as the rule does."""

    @settings(max_examples=25, deadline=None)
    @given(steps=some.lists(some.tuples(some.sampled_from("ab"), some.integers(0, 90)), max_size=25))
    def test_the_table_and_the_rule_say_the_same(self, steps: list[tuple[str, int]]) -> None:
        Allowance.objects.all().delete()
        now, kept = NOW, {"a": None, "b": None}
        for who, seconds in steps:
            now += timedelta(seconds=seconds)
            expected = rules.wait(kept[who], PACE, now=now)
            granted, kept[who] = rules.take(kept[who], PACE, now=now)

            assert limits.take("form", who, PACE, now=now) == (None if granted else expected)


KNOCK = """
    import django
    django.setup()
    from datetime import datetime, timedelta, timezone
    from troth.people import limits
    pace = limits.Pace(40, timedelta(hours=1))
    now = datetime(2026, 11, 11, 10, tzinfo=timezone.utc)
    print(sum(limits.take("form", "one", pace, now=now) is None for _ in range(50)))
"""


@pytest.mark.django_db(transaction=True)
def test_four_processes_together_grant_no_more_than_one_would() -> None:
    kept = connection.get_connection_params()
    address = make_conninfo(**{k: kept[k] for k in ("dbname", "user", "password", "host", "port") if kept.get(k)})
    four = [
        subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(KNOCK)],
            env=os.environ | {"DATABASE_URL": address},
            stdout=subprocess.PIPE,
            text=True,
        )
        for _process in range(4)
    ]

    granted = [int(process.communicate(timeout=120)[0]) for process in four]

    assert sum(granted) == 40


@pytest.mark.parametrize(
    ("address", "visitor"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::ffff", "2001:db8:1:2::/64"),
    ],
)
def test_a_household_is_one_visitor(address: str, visitor: str) -> None:
    assert limits.visitor(RequestFactory().get("/", REMOTE_ADDR=address)) == visitor


def test_beyond_the_pace_a_page_says_when_to_come_back(shop: Shop) -> None:
    @limits.at_pace("door", PACE)
    def door(request: HttpRequest) -> HttpResponse:
        return HttpResponse("in")

    ask = RequestFactory()
    answers = [door(ask.post("/", REMOTE_ADDR="192.0.2.7")) for _knock in range(4)]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert answers[-1].headers["Retry-After"] == "60"
    assert b"Wait a minute, then try again." in answers[-1].content  # type: ignore[attr-defined]
    assert door(ask.get("/", REMOTE_ADDR="192.0.2.7")).status_code == 200, "looking is not counted"
    assert door(ask.post("/", REMOTE_ADDR="192.0.2.8")).status_code == 200, "nobody else is kept waiting"
    with time_machine.travel(NOW + MINUTE, tick=False):
        assert door(ask.post("/", REMOTE_ADDR="192.0.2.7")).status_code == 200


def test_a_visitor_who_names_another_address_is_still_the_same_visitor(shop: Shop) -> None:
    """Without a proxy in front nobody's X-Forwarded-For is believed."""
    names = [f"203.0.113.{number}" for number in range(40)]

    answers = [Client(headers={"X-Forwarded-For": name}).get("/p/1.guess~x/").status_code for name in names]

    assert answers == [403] * 30 + [429] * 10
