"""The public page while PostgreSQL is stopped under the running product, and while it is there again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import suppress

from tests.lab import servers
from tests.lab.product import wait_until

from faults.registry import Outcome
from troth.site.postgres import Cluster

PAGES = ("", "feed.atom", "planned.ics", "status.json", "history/")
#: A copy this old says that it is one (status.door.FRESH_SECONDS), and the lane looks every five.
OLD_SECONDS, BACK_SECONDS = 30, 60
SAYS_SO = b"This is a copy."


def database_stopped() -> Outcome:
    """Every page is answered at once when it stops, still half a minute later, and from the tables once it is back."""
    place = servers.place("standing")
    cluster = Cluster(place / "postgres", fast=True)
    (port,) = servers.free_ports(1)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("TROTH_", "DATABASE_URL"))}
    data = place / "data"
    settings = {"DATABASE_URL": cluster.start(), "TROTH_DATA": str(data), "TROTH_SAMPLE": "no", "PORT": str(port)}
    with (place / "log").open("wb") as log:
        words = [sys.executable, "-m", "troth.site.cli", "run"]
        product = subprocess.Popen(words, env=kept | settings, stdout=log, stderr=log, start_new_session=True)
    try:
        copy = data / "status/current/manifest.json"
        wait_until(copy.exists, seconds=300, what="the first copy", hint=(place / "log").read_text)
        wait_until(lambda: answer(port, "")[0] == 200, seconds=60, what="the page")
        etags = {path: answer(port, path)[1] for path in PAGES}
        cluster.stop()
        at_once = [answer(port, path)[0] for path in PAGES]
        time.sleep(OLD_SECONDS)
        later = {path: answer(port, path) for path in PAGES}
        silent = [path for path, (status, *_rest) in later.items() if status != 200] + [s for s in at_once if s != 200]
        unsaid = [] if SAYS_SO in later[""][2] else ["it does not say that it is a copy"]
        changed = [path for path in ("feed.atom", "planned.ics") if later[path][1] != etags[path]]
        cluster.start()
        seconds = wait_until(
            lambda: answer(port, "")[0] == 200 and SAYS_SO not in answer(port, "")[2],
            seconds=BACK_SECONDS,
            what="it back",
        )
        return Outcome(
            points=2 * len(PAGES),
            lost=len(silent),
            stuck=len(unsaid) + len(changed),
            notes=f"back after {seconds:.0f} s",
        )
    finally:
        with suppress(ProcessLookupError):
            os.killpg(product.pid, signal.SIGTERM)
        product.wait(60)
        cluster.stop()


def answer(port: int, path: str) -> tuple[int, str, bytes]:
    """Status, ETag and body; 0 where nobody answers."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/status/{path}", timeout=20) as line:
            return line.status, line.headers.get("ETag", ""), line.read()
    except urllib.error.HTTPError as error:
        return error.code, "", error.read()
    except OSError:
        return 0, "", b""
