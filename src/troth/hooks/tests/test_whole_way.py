"""From a fact in the ledger to a receiver that checks the signature, over HTTPS, with nothing stood in for."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone
from standardwebhooks import Webhook
from tests import people_and_things as things
from tests.faces import signed_in

from troth.hooks.models import Delivery, Endpoint
from troth.hooks.sending import Sender
from troth.hooks.tests.receiver import Handler, Receiver, eventually
from troth.hooks.tests.world import kept, states
from troth.ledger import actions as ledger
from troth.ledger.models import Entry
from troth.ledger.queries import events

SECRET = re.compile(r">(whsec_[^<]+)<")


def happen(count: int) -> None:
    with transaction.atomic():
        ledger.append_all([kept(number) for number in range(count)], now=timezone.now())
    while ledger.seal(now=timezone.now()):
        pass


def admin() -> Client:
    things.company()
    return signed_in(things.staff("ada@parcel.example", role="admin"))


def made(ada: Client, url: str) -> tuple[Endpoint, str]:
    """Through the page, as an admin makes one."""
    answer = ada.post("/webhooks/new/", {"name": "CRM", "url": url, "wants": "all", "once": url})
    [secret] = SECRET.findall(answer.content.decode())
    return Endpoint.objects.get(url=url), secret


@pytest.mark.django_db
def test_a_receiver_that_checks_everything_takes_every_event_once(https: Receiver) -> None:
    endpoint, secret = made(admin(), https.url("/scripted"))
    accepted: list[dict[str, object]] = []

    def check(handler: Handler) -> int:
        _path, headers, body = https.heard[-1]
        accepted.append(
            Webhook(secret).verify(body, headers)
        )  # raises, and the connection breaks, if anything is wrong
        return 200

    https.script = check
    happen(5)
    sender = Sender(clock=timezone.now)
    sender.sweep(seconds=60)
    sender.close()

    assert states(endpoint) == {"taken": 5}
    told = sorted((event["data"] for event in accepted), key=lambda data: data["position"])
    assert told == [event.to_plain() for event in events(0, most=100) if event.about != endpoint.reference]
    assert {event["type"] for event in accepted} == {"promise.kept"}
    assert all(headers["Content-Type"] == "application/json" for _path, headers, _body in https.heard)


@pytest.mark.django_db
def test_while_a_secret_is_exchanged_either_of_the_two_will_do(https: Receiver) -> None:
    ada = admin()
    endpoint, old = made(ada, https.url("/ok"))
    page = ada.get(f"/webhooks/{endpoint.pk}/").content.decode()
    [made_at] = re.findall(r'name="made_at" value="([^"]+)"', page)
    [new] = SECRET.findall(ada.post(f"/webhooks/{endpoint.pk}/secret/", {"made_at": made_at}).content.decode())

    ada.post(f"/webhooks/{endpoint.pk}/test/")
    Endpoint.objects.update(old_secret_until=timezone.now() - timedelta(seconds=1))
    ada.post(f"/webhooks/{endpoint.pk}/test/")

    (_, both, first), (_, one, second) = https.heard
    for secret in (old, new):
        assert Webhook(secret).verify(first, both)["type"] == "webhook.test"
    assert Webhook(new).verify(second, one)["type"] == "webhook.test"
    with pytest.raises(Exception, match="No matching signature"):
        Webhook(old).verify(second, one)


@pytest.mark.django_db
def test_what_is_sent_again_has_the_same_id_and_a_new_moment(https: Receiver) -> None:
    endpoint, secret = made(admin(), https.url("/scripted"))
    answers = iter([500, 429, 200])
    https.script = lambda _handler: next(answers)
    happen(1)
    sender = Sender(clock=timezone.now)
    for _try in range(3):
        sender.sweep(seconds=60)
        Delivery.objects.filter(state="waiting").update(next_try_at=timezone.now())
        Endpoint.objects.update(rest_until=None)
    sender.close()

    assert states(endpoint) == {"taken": 1}
    assert len({headers["webhook-id"] for _path, headers, _body in https.heard}) == 1
    assert len({body for _path, _headers, body in https.heard}) == 1
    for _path, headers, body in https.heard:
        Webhook(secret).verify(body, headers)


WORKER = """
import django; django.setup()
from troth.hooks import tasks
while True: tasks.send()
"""


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_workers_killed_in_the_middle_lose_nothing(https: Receiver) -> None:
    """Two real workers at once, one of them killed again and again: every event arrives, and is written down."""
    endpoint, secret = made(admin(), https.url("/scripted"))
    happen(60)
    # That it was made itself, it is not told.
    wanted = set(Entry.objects.exclude(about=endpoint.reference).values_list("leaf_hash", flat=True))
    env = {
        **os.environ,
        "DATABASE_URL": database_url(),
        "TROTH_HOOKS_ALLOW": f"127.0.0.1:{https.port}",
        "SSL_CERT_FILE": os.environ["SSL_CERT_FILE"],
    }
    workers = [start(env), start(env)]
    try:
        for heard_before_the_kill in (1, 9, 25):
            eventually(lambda count=heard_before_the_kill: len(https.heard) >= count, seconds=60)
            victim = workers.pop(0)
            victim.send_signal(signal.SIGKILL)
            victim.wait(60)
            Delivery.objects.filter(state="waiting").update(next_try_at=timezone.now())  # as if the leases had ended
            workers.append(start(env))
        eventually(lambda: states(endpoint) == {"taken": 60}, seconds=90)
    finally:
        for worker in workers:
            worker.kill()
            worker.wait(60)

    arrived = Counter(headers["webhook-id"] for _path, headers, _body in https.heard)
    assert set(arrived) == {f"evt_{bytes(leaf).hex()[:32]}" for leaf in wanted}
    for _path, headers, body in https.heard:
        Webhook(secret).verify(body, headers)


def start(env: dict[str, str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", WORKER], env=env)


def database_url() -> str:
    from psycopg.conninfo import make_conninfo  # for the one who starts others

    parts = connection.get_connection_params()
    return make_conninfo(
        "", **{name: parts[name] for name in ("dbname", "user", "password", "host", "port") if parts.get(name)}
    )
