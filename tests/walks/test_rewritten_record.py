"""Somebody who owns the machine takes an entry out of the ledger and has the log built and signed anew with its real key.

The whole product runs as at a host's; a witness and an auditor are processes of their own that know of it only its address and
its public key. Inside, everything fits afterwards. Outside, everybody who looked before says so.
"""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import LOG_KEY
from django.db import connection, transaction
from django.utils import timezone
from psycopg.conninfo import make_conninfo
from tlog_scales.signing import Vkey
from tlog_scales.tlog import Checkpoint as ForeignCheckpoint

from tests.faces import Shop, signed_in
from tests.lab import servers
from tests.lab.product import wait_until
from troth.ledger import actions as ledger
from troth.ledger import queries
from troth.ledger.rules.checkpoint import Checkpoint
from troth.ledger.rules.note import Note, Signer, Verifier
from troth.record.models import WitnessState
from troth.words.facts import CustomerMet

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300), pytest.mark.django_db(transaction=True)]

KEY = Signer.from_text(LOG_KEY)
#: Each before what it leans on.
TREE = ("ledger_cosignature", "ledger_checkpoint", "ledger_tile", "ledger_seal", "ledger_unsealed")

#: An entry goes, and with it everything that would tell; what is left waits to be sealed as if it were new.
REWRITE = (
    "SET CONSTRAINTS ALL IMMEDIATE",
    *(f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in (*TREE, "ledger_entry")),
    *(f"DELETE FROM {table}" for table in TREE),  # noqa: S608 -- names of ours
    "DELETE FROM ledger_entry WHERE id = (SELECT id FROM ledger_entry ORDER BY id OFFSET 2 LIMIT 1)",
    "INSERT INTO ledger_unsealed (entry_id) SELECT id FROM ledger_entry",
    *(f"ALTER TABLE {table} ENABLE TRIGGER USER" for table in (*TREE, "ledger_entry")),
    "NOTIFY troth",
)


class World:
    """The product, web and worker, on the test's tables; and a witness of a friend's."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        (self.port, friend_port) = servers.free_ports(2)
        self.url = f"http://127.0.0.1:{self.port}/record"
        self.start("friend", "witness", "--state", place / "friend", "--name", "witness.example/w1",
                   "--port", str(friend_port), "--log", KEY.verifier.to_text())  # fmt: skip
        wait_until(lambda: "Listening" in self.log("friend"), seconds=60, what="the witness", hint=self.log)
        self.friend_key = Verifier.from_text(self.log("friend").splitlines()[0])
        self.environment = {
            "DATABASE_URL": make_conninfo(os.environ["DATABASE_URL"], dbname=connection.settings_dict["NAME"]),
            "PORT": str(self.port),
            "TROTH_DATA": str(place / "data"),
            "TROTH_LAST_CHECKPOINT": str(place / "last-checkpoint"),
            "TROTH_WITNESSES": f"{self.friend_key.to_text()} http://127.0.0.1:{friend_port}",
        }
        for word in ("web", "worker"):
            self.start(word, word)

    def start(self, name: str, *words: str | Path) -> None:
        with (self.place / f"{name}.log").open("wb") as out:
            self.processes[name] = subprocess.Popen(
                troth(*words), stdout=out, stderr=out, env=os.environ | getattr(self, "environment", {})
            )

    def log(self, *names: str) -> str:
        return "\n".join(
            (self.place / f"{name}.log").read_text(errors="replace")[-3000:] for name in names or ("friend", "worker")
        )

    def end(self) -> None:
        for process in self.processes.values():
            servers.end(process)

    def audit(self, state: str, *words: str | Path) -> tuple[int, list[str]]:
        """How `troth audit` ends, and what it found."""
        command = troth("audit", self.url, "--json", "--state", self.place / state, *words)
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        report: dict[str, Any] = json.loads(done.stdout)
        assert not report["not_checked"], report
        return done.returncode, [one["kind"] for one in report["found"]]

    def page(self, path: str, session: str = "") -> tuple[int, str]:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            line.request("GET", path, headers={"Cookie": f"sessionid={session}"})
            answer = line.getresponse()
            return answer.status, answer.read().decode()
        except OSError:
            return 0, ""
        finally:
            line.close()

    def head(self) -> Note | None:
        status, written = self.page("/record/checkpoint")
        return Note.from_text(written) if status == 200 else None

    def size(self) -> int:
        note = self.head()
        return Checkpoint.from_note(note).size if note else 0

    def is_cosigned(self) -> bool:
        note = self.head()
        return note is not None and any(map(self.friend_key.is_of, note.signatures))

    def rewrite(self) -> None:
        (self.place / "last-checkpoint").unlink()
        with transaction.atomic(), connection.cursor() as cursor:
            for statement in REWRITE:
                cursor.execute(statement)
        servers.end(self.processes["web"])  # it remembers what it gave out of the record
        self.start("web", "web")


def troth(*words: str | Path) -> list[str]:
    return [sys.executable, "-m", "troth.site.cli", *map(str, words)]


def put_on_record(count: int) -> None:
    with transaction.atomic():
        facts = [CustomerMet(about=f"customer:{number}", channel="email") for number in range(1, count + 1)]
        ledger.append_all(facts, now=timezone.now())


def ask_the_witness_now() -> None:
    """Not only once a minute."""
    WitnessState.objects.update(next_at=timezone.now())


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    found = World(tmp_path)
    try:
        yield found
    finally:
        found.end()


def test_a_record_built_anew_with_its_real_key_is_told_by_everybody_outside(
    world: World, shop: Shop, tmp_path: Path
) -> None:
    put_on_record(300)
    wait_until(lambda: world.size() >= 300, seconds=30, what="the entries to be sealed", hint=world.log)
    ask_the_witness_now()
    wait_until(world.is_cosigned, seconds=30, what="the witness to cosign", hint=world.log)

    # Others verify head and cosignature; an auditor reads all of it; a customer holds a proof.
    foreign = ForeignCheckpoint.from_text((world.head() or Note("", ())).to_text())
    for key in (KEY.verifier, world.friend_key):
        foreign.verify(Vkey.from_string(key.to_text()))
    assert world.audit(
        "ann", "--key", KEY.verifier.to_text(), "--entries", "--witness", world.friend_key.to_text()
    ) == (
        0,
        ["first", "cosigned", "entries-well"],
    )
    held = queries.proof(1)
    assert held
    (tmp_path / "held.txt").write_text(held.to_text())

    before = world.size()
    world.rewrite()
    put_on_record(5)
    wait_until(lambda: world.size() > before, seconds=30, what="the log to be built anew", hint=world.log)

    # Inside everything fits: the tree, the head and the real key. Who looks for the first time sees nothing.
    assert world.audit("newcomer", "--entries") == (0, ["key-trusted", "first", "entries-well"])

    # Who looked before sees it, and so does who holds a proof.
    assert world.audit("ann") == (1, ["rewritten"])
    assert world.audit("customer", "--receipt", tmp_path / "held.txt")[1] == ["key-trusted", "first", "receipt-refuted"]
    [evidence] = tmp_path.glob("evidence-*.json")
    judged = subprocess.run(troth("audit", "--evidence", evidence), capture_output=True, text=True, check=False)
    assert (judged.returncode, KEY.verifier.to_text() in judged.stdout) == (0, True)

    # The witness refuses, and staff read it on Today.
    session = signed_in(shop.sam).cookies["sessionid"].value
    ask_the_witness_now()
    wait_until(
        lambda: "says that our record is not the one it knew" in world.page("/today/", session)[1],
        seconds=60,
        what="Today to tell of it",
        hint=world.log,
    )
    assert "CONTRADICTS" in world.log("friend")
    assert not world.is_cosigned()
