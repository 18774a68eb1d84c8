"""What is tried at the door is counted once for all processes, and says nothing of who works here (reliability S9)."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import textwrap
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth import hashers
from django.core.cache import cache
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from psycopg.conninfo import make_conninfo
from tests import people_and_things as things
from tests.faces import Shop
from tests.people_and_things import NOW

from troth.people import seal
from troth.people.entering import PACE
from troth.people.models import Staff
from troth.portal.doors import GUESSES
from troth.site.settings import EMAIL_BACKEND as OUR_BACKEND  # pytest-django puts its own in the place of it

GOOD = "three words in a row"

#: One of four processes: it waits for the word to begin, then knocks at every door, and says how often it was answered.
KNOCK = """
    import json, sys
    import django
    from django.conf import settings
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    django.setup()
    import time_machine
    from datetime import datetime, timezone
    from django.test import Client

    def text(answer):
        return answer.content.decode()

    with time_machine.travel(datetime.fromisoformat(sys.argv[1]), tick=False):
        print("ready", flush=True)
        sys.stdin.readline()
        said = {}
        tries = [Client().post("/account/login/", {"login": "sam@parcel.example", "password": f"wrong{n}"}) for n in range(3)]
        said["sign in"] = sum("do not belong together" in text(answer) for answer in tries)
        known = Client()
        known.post("/account/login/", {"login": "ada@parcel.example", "password": "three words in a row"})
        tries = [known.post("/account/2fa/authenticate/", {"code": f"00000{n}"}) for n in range(3)]
        said["code"] = sum("That is not it" in text(answer) for answer in tries)
        tries = [Client().post("/account/password/reset/", {"email": "lea@parcel.example"}) for n in range(3)]
        said["reset"] = sum(answer.status_code == 302 for answer in tries)
        said["invite"] = sum(Client().get(f"/invite/1.guess~{n}/").status_code == 403 for n in range(6))
        said["link"] = sum(Client().get(f"/p/1.guess~{n}/").status_code == 403 for n in range(9))
    print(json.dumps(said))
"""


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_four_processes_together_let_nobody_try_more_often_than_one_would() -> None:
    shop = Shop()
    for staff in (shop.sam, shop.lea, ada := things.staff("ada@parcel.example", role="admin")):
        staff.set_password(GOOD)
        staff.save()
    ada.authenticator_set.create(type="totp", data={"secret": seal.seal("JBSWY3DPEHPK3PXP", place=seal.FACTORS)})
    kept = connection.get_connection_params()
    address = make_conninfo(**{k: kept[k] for k in ("dbname", "user", "password", "host", "port") if kept.get(k)})
    four = [
        subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(KNOCK), NOW.isoformat()],
            env=os.environ | {"DATABASE_URL": address},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _process in range(4)
    ]

    for process in four:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    said = [json.loads(process.communicate("now\n", timeout=150)[0]) for process in four]

    together = {name: sum(each[name] for each in said) for name in said[0]}
    # A process that cannot get at a count within a second answers as if it were used up: fewer, never more.
    assert 1 <= together["sign in"] <= 5
    assert 1 <= together["code"] <= 5
    assert 1 <= together["reset"] <= 5
    assert (together["invite"], together["link"]) == (PACE.most, GUESSES.most)


@pytest.fixture
def people(db: None, shop: Shop, settings: Any) -> Shop:
    settings.EMAIL_BACKEND = OUR_BACKEND
    cache.clear()
    for staff in (shop.sam, shop.lea):
        staff.set_password(GOOD)
        staff.save()
    Staff.objects.filter(pk=shop.lea.pk).update(is_active=False)
    return shop


def sign_in(address: str) -> HttpResponse:
    return Client().post("/account/login/", {"login": address, "password": "wrong"})  # type: ignore[return-value]


def reset(address: str) -> HttpResponse:
    return Client().post("/account/password/reset/", {"email": address})  # type: ignore[return-value]


ADDRESSES = ("sam@parcel.example", "lea@parcel.example", "nobody@parcel.example")
"""Who works here, who left, and nobody."""


@pytest.mark.parametrize("ask", [sign_in, reset])
def test_what_is_said_is_the_same_for_everybody(people: Shop, ask: Callable[[str], HttpResponse]) -> None:
    answers = [ask(address) for address in ADDRESSES]

    plain = {
        re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", answer.content.decode().replace(address, "ADDRESS"))
        for address, answer in zip(ADDRESSES, answers, strict=True)
    }
    assert len({(answer.status_code, answer.headers.get("Location")) for answer in answers}) == 1
    assert len(plain) == 1


@pytest.mark.parametrize("ask", [sign_in, reset])
def test_as_much_is_done_for_everybody(
    people: Shop, ask: Callable[[str], HttpResponse], monkeypatch: pytest.MonkeyPatch
) -> None:
    hashed: list[int] = []
    plain = hashers.MD5PasswordHasher.encode

    def counted(self: Any, *args: Any) -> str:
        hashed[-1] += 1
        return plain(self, *args)

    monkeypatch.setattr(hashers.MD5PasswordHasher, "encode", counted)
    statements = []

    for address in ADDRESSES:
        hashed.append(0)
        with CaptureQueriesContext(connection) as asked:
            ask(address)
        statements.append(len(asked))

    assert hashed == [1 if ask is sign_in else 0] * 3
    assert max(statements) - min(statements) <= 3, statements


def test_who_calls_us_by_another_name_has_no_further_tries(people: Shop) -> None:
    there = {"login": people.sam.email}
    for number in range(5):
        Client().post(
            "/account/login/", {**there, "password": f"wrong{number}"}, headers={"host": f"localhost:{number}"}
        )

    shut = Client().post("/account/login/", {**there, "password": GOOD}, headers={"host": "127.0.0.1:9999"})

    assert "Too many tries" in shut.content.decode()


@pytest.mark.parametrize("there", ["http://localhost/x", "//testserver/x", "//evil.example/", "/\\evil.example"])
def test_after_signing_in_nobody_is_led_elsewhere(people: Shop, there: str) -> None:
    answer = Client().post("/account/login/", {"login": people.sam.email, "password": GOOD, "next": there})

    assert answer.headers["Location"] == "/today/"
