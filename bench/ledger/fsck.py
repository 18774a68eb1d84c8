"""`troth fsck` over kept promises: how many entries it looks at a second, and whether its memory grows with them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta

from django.db import connection

from troth.ledger import queries, sealing
from troth.people.actions import Stranger, meet_all
from troth.promises import actions as promises
from troth.words.promises import State

BATCH = 5_000
NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)


def filled_to(size: int) -> None:
    """Kept promises to as many customers, each with three facts, sealed in tens of thousands."""
    while (have := queries.count()) < size:
        many = min(BATCH, -(-(size - have) // 3))
        strangers = [Stranger("email", f"c{have + at}@example.net", "C", NOW) for at in range(many)]
        met = meet_all(strangers, channel="import", now=NOW)
        promises.record_past(
            [
                promises.Past(
                    customer_id=customer.pk, what="ring you", said_at=NOW, state=State.KEPT, due=NOW + timedelta(days=9),
                    done_at=NOW + timedelta(days=1), settled_at=NOW + timedelta(days=1),
                )
                for customer, _handle in met.values()
            ],
            now=NOW,
        )  # fmt: skip
        while sealing.seal(now=datetime.now(UTC)):
            pass
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def measured(size: int) -> dict[str, str]:
    """In a process of its own, as at the command line."""
    filled_to(size)
    command = [sys.executable, "-c", "from troth.site.cli import main; main()", "fsck", "--json"]
    child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=os.environ)
    assert child.stdout is not None
    said = json.loads(child.stdout.read())
    _pid, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    assert (child.returncode, said["count"]) == (0, 0), said
    looked_at = f"{said['entries']:,} entries, {said['rows']:,} rows"
    cpu = used.ru_utime + used.ru_stime
    return {
        "looked at": looked_at,
        "entries a second, their rows and facts replayed": f"{said['entries'] / said['seconds']:,.0f}",
        "processor time of each entry, the database's apart": f"{cpu / said['entries'] * 1e6:.0f} µs",
        "memory": f"{used.ru_maxrss / 1024:.0f} MB",
    }
