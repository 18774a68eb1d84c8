"""Nothing that opens something elsewhere can be read in a copy of the database: no dump and no file of it holds a planted secret."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from django.conf import settings
from django.db import connection

from tests.faces import signed_in
from tests.people_and_things import company, staff
from troth.hooks.models import Endpoint
from troth.people import seal
from troth.site import commands
from troth.site.postgres import Cluster
from troth.site.tests.test_factors import with_app

HOST = ("--address", "s@parcel.example", "--host", "imap.parcel.example")


def planted(number: int) -> str:
    return f"planted-{number:02d}-c0ffee"


def run(command: click.Command, *words: str, password: str) -> None:
    """A command of the host's, without starting a database around it."""
    inside = getattr(command.callback, "__wrapped__", command.callback)
    bare = click.Command("bare", params=command.params, callback=inside)
    done = CliRunner(env={"TROTH_MAILBOX_PASSWORD": password}).invoke(bare, words, catch_exceptions=False)
    assert done.exit_code == 0, done.output


def by_mailboxes() -> list[str]:
    """Passwords given, changed, and sealed anew with another key."""
    for number in range(4):
        run(commands.add_mailbox, f"Box {number}", *HOST, "--user", str(number), password=planted(number))
    for number in range(4):
        run(commands.change_mailbox, f"Box {number}", "--password", password=planted(number + 4))
    return [planted(number) for number in range(8)]


def by_webhooks() -> list[str]:
    """Secrets made here and shown once, the last of them exchanged for another."""
    ada = signed_in(staff("ada@parcel.example", role="admin"))
    shown = [ada.post("/webhooks/new/", {"name": n, "url": "https://8.8.8.8/", "once": n}).content for n in ("a", "b")]
    endpoint = Endpoint.objects.get(name="b")
    made_at = endpoint.secret_made_at.isoformat()
    shown.append(ada.post(f"/webhooks/{endpoint.pk}/secret/", {"made_at": made_at}).content)
    return [secret.decode() for page in shown for secret in re.findall(rb">whsec_([^<]+)<", page)]


def by_second_factors() -> list[str]:
    """What an authenticator app is set up with."""
    secret, _codes = with_app(signed_in(staff("tim@parcel.example")))
    return [secret]


DOORS: list[tuple[Callable[[], list[str]], int]] = [(by_mailboxes, 8), (by_webhooks, 3), (by_second_factors, 1)]


@pytest.fixture
def cluster() -> Cluster:
    found = Cluster(Path(settings.TROTH_DATA).parent / "postgres")
    if not found.data.exists():
        pytest.skip("the tests run on a database of yours, whose files are yours to read")
    return found


@pytest.mark.django_db(transaction=True)
def test_no_copy_of_the_database_holds_a_secret(cluster: Cluster, tmp_path: Path, settings) -> None:
    keys = tmp_path / "seal-key"
    keys.write_text(seal.sealing.written(os.urandom(32)))
    settings.TROTH_SEAL_KEY_FILE = str(keys)
    company()

    secrets = []
    for door, count in DOORS:
        planted_here = door()
        assert len(set(planted_here)) == count
        secrets += planted_here
    seal.make_newest()
    assert seal.reseal() == 9  # with what the recovery codes are made of

    # "Parcel & Co" stands there in plain: it shows that the looking finds what is there.
    for copy in (dumped(cluster), files(cluster)):
        assert [word for word in [*secrets, "Parcel & Co"] if word.encode() in copy] == ["Parcel & Co"]
    assert [word for word in secrets if word in keys.read_text()] == []


def dumped(cluster: Cluster) -> bytes:
    parts = connection.get_connection_params()
    where = ["-h", parts["host"], "-p", str(parts.get("port", 5432)), "-U", parts["user"], parts["dbname"]]
    env = {**os.environ, "PGPASSWORD": parts["password"]}
    done = subprocess.run([cluster.program("pg_dump"), *where], env=env, capture_output=True, check=True)
    return done.stdout


def files(cluster: Cluster) -> bytes:
    """Every byte below the data directory: tables, indexes, and what has not left the write-ahead log yet."""
    with cluster._connect("postgres") as superuser:
        superuser.execute("CHECKPOINT")
    return b"\0".join(path.read_bytes() for path in cluster.data.rglob("*") if path.is_file())
