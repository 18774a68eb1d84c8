"""The whole product as it runs at a host's: `troth run` and more workers beside it, each under the real supervisor.

Nothing of it runs in our own process, so it may be killed, cut off and starved as any program may; its tables are read over
a plain connection of our own.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg

from tests.lab import servers
from troth.site.postgres import Cluster

ROOT = Path(__file__).resolve().parents[2]

MORE_WORKERS = """
import sys
from troth.site.supervise import Child, Supervisor
Supervisor([Child(f"worker-{n}", [sys.executable, "-m", "troth.site.cli", "worker"]) for n in range(2, COUNT + 2)]).run()
"""

FURNISH = """
import json, sys
import django
django.setup()
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.conf import settings
from django.utils import timezone
from troth.channels.email import actions as email
from troth.people.models import Calendar, Company, Staff
from troth.words.hours import round_the_clock
given = json.load(sys.stdin)
calendar = Calendar.objects.create(name="Always", plain=round_the_clock("Europe/London").to_plain())
Company.objects.create(pk=1, name="Fernhill", calendar=calendar)
sam = Staff.objects.create_user("sam@troth.test", "a long way to Tipperary", name="Sam Okoro", zone="Europe/London")
for name, host, port in given["mailboxes"]:
    address = f"{name}@troth.test"
    email.add_mailbox(name=name, address=address, host=host, port=port, tls="none", user=address, folder="INBOX",
        password=given["password"], is_archive=name == "archive", trusted_authserv_id="", now=timezone.now())
session = SessionStore()
session[SESSION_KEY] = str(sam.pk)
session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
session[HASH_SESSION_KEY] = sam.get_session_auth_hash()
session.save()
print(session.session_key)
"""


class Product:
    """One installation in *place*, which is made where none is given; *settings* are added to its environment."""

    def __init__(self, *, settings: dict[str, str], workers: int = 1, place: Path | None = None) -> None:
        self.place = place or servers.place("product")
        self.data = self.place / "data"
        (self.port,) = servers.free_ports(1)
        self.workers = workers
        self.session = ""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("TROTH_", "DATABASE_URL"))}
        self.environment = kept | {
            "DJANGO_SETTINGS_MODULE": "troth.site.settings",
            "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
            "PORT": str(self.port),
            "TROTH_DATA": str(self.data),
            "TROTH_SAMPLE": "no",
            "TROTH_SECRET_KEY": "the-laboratory-signs-nothing-of-worth-with-fifty-characters",
            "TROTH_MAIL_FROM": "support@troth.test",
            **settings,
        }
        self._running: list[subprocess.Popen[bytes]] = []

    # Up and down

    def start(self) -> None:
        self.data.mkdir(parents=True, exist_ok=True)
        self._running = [self._launch("-m", "troth.site.cli", "run")]
        wait_until(self.answers, seconds=180, what="the product to answer", hint=self.log)
        self.environment["DATABASE_URL"] = Cluster(self.data / "postgres").url()
        if self.workers > 1:
            self._running.append(self._launch("-c", MORE_WORKERS.replace("COUNT", str(self.workers - 1))))

    def furnish(self, *, password: str, mailboxes: list[tuple[str, str, int]]) -> None:
        """A company, Sam who is signed in, and *mailboxes*, each its name at troth.test and where its IMAP is."""
        said = json.dumps({"password": password, "mailboxes": mailboxes})
        self.session = self.run("-c", FURNISH, given=said).strip()

    def stop(self) -> None:
        for process in self._running:
            process.terminate()
        for process in self._running:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(60)
            servers.end(process)
        self._running = []

    def remove(self) -> None:
        self.stop()
        Cluster(self.data / "postgres").stop()
        with contextlib.suppress(OSError):
            shutil.rmtree((self.data / "postgres").resolve(), ignore_errors=True)
        shutil.rmtree(self.place, ignore_errors=True)

    # What it says

    def run(self, *words: str, given: str = "") -> str:
        """What another Python beside it prints."""
        done = subprocess.run(
            [sys.executable, *words], input=given, capture_output=True, text=True, env=self.environment, check=False
        )
        if done.returncode != 0:
            raise AssertionError(
                f"{words[:3]} ended with {done.returncode}:\n{done.stdout[-3000:]}{done.stderr[-3000:]}"
            )
        return done.stdout

    def findings(self) -> list[dict[str, Any]]:
        """What `troth verify-state` finds wrong in it, mailboxes compared as well."""
        words = [sys.executable, "-m", "troth.site.cli", "verify-state", "--json", "--mailboxes"]
        done = subprocess.run(words, capture_output=True, text=True, env=self.environment, check=False)
        if done.returncode not in (0, 1):
            raise AssertionError(f"verify-state ended with {done.returncode}:\n{done.stderr[-3000:]}")
        found: list[dict[str, Any]] = json.loads(done.stdout)["findings"]
        return found

    def log(self) -> str:
        path = self.place / "log"
        return path.read_text(errors="replace")[-6000:] if path.exists() else ""

    def answers(self) -> bool:
        """Whether its pages and its database answer."""
        try:
            return self.ask("/healthz", seconds=5) == 200
        except (OSError, http.client.HTTPException):
            return False

    def ask(self, path: str, *, seconds: float = 30) -> int:
        """The status of one page, as Sam sees it."""
        return self.page(path, seconds=seconds)[0]

    def page(self, path: str, *, form: str | None = None, csrf: str = "", seconds: float = 30) -> tuple[int, str]:
        """Ask for a page, or send a form to it, as Sam. Raises OSError or HTTPException where nobody answers."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=seconds)
        headers = {"Cookie": f"sessionid={self.session}; csrftoken={csrf}", "Host": f"localhost:{self.port}"}
        try:
            if form is None:
                line.request("GET", path, headers=headers)
            else:
                headers |= {
                    "Content-Type": "application/x-www-form-urlencoded",
                    "Origin": f"http://localhost:{self.port}",
                }
                line.request("POST", path, body=form.encode(), headers=headers)
            answer = line.getresponse()
            return answer.status, answer.read().decode("utf-8", "replace")
        finally:
            line.close()

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.environment["DATABASE_URL"], connect_timeout=10) as line:
            return line.execute(query, values).fetchall()  # type: ignore[arg-type]

    def count(self, query: str, *values: Any) -> int:
        (row,) = self.rows(query, *values)
        return int(row[0])

    # Its processes

    def processes(self, kind: str) -> list[int]:
        """The process ids of its "web" or "worker" processes that live now."""
        wanted = f"troth.site.cli\0{kind}\0".encode()
        return [pid for pid, words in self._ours() if wanted in words]

    def postmaster(self) -> int | None:
        """The process id of its PostgreSQL, where it runs."""
        return Cluster(self.data / "postgres")._postmaster()

    def kill(self, pid: int, sign: signal.Signals = signal.SIGKILL) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, sign)

    def _ours(self) -> Iterator[tuple[int, bytes]]:
        mark = f"TROTH_DATA={self.data}\0".encode()
        for entry in Path("/proc").iterdir():
            if not entry.name.isdigit():
                continue
            with contextlib.suppress(OSError):
                words = (entry / "cmdline").read_bytes()
                if b"troth.site.cli" in words and mark in (entry / "environ").read_bytes():
                    yield int(entry.name), words

    def _launch(self, *words: str) -> subprocess.Popen[bytes]:
        environment = dict(self.environment)
        if words[-1] == "run":  # it has a database of its own, and is told of none
            environment.pop("DATABASE_URL", None)
        with (self.place / "log").open("ab") as out:
            return subprocess.Popen(
                [sys.executable, *words],
                stdin=subprocess.DEVNULL, stdout=out, stderr=out, env=environment, start_new_session=True,
            )  # fmt: skip


def wait_until(
    true: Callable[[], bool], *, seconds: float, what: str, every: float = 0.1, hint: Callable[[], str] = str
) -> float:
    """How long it took until *true*; AssertionError where it was not within *seconds*."""
    began = time.monotonic()
    while not true():
        if time.monotonic() - began > seconds:
            raise AssertionError(f"Waited {seconds:g} s for {what} in vain.\n{hint()}")
        time.sleep(every)
    return time.monotonic() - began
