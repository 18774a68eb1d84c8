"""Looking whether the system keeps its own promises: a few quick questions to the tables, asked by each process for itself.

What was seen is kept in the process's memory for a few seconds, so that a page asks nothing, and whoever asks often costs little.
"""

from __future__ import annotations

import logging
import shutil
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.db import DatabaseError, InterfaceError, ProgrammingError, close_old_connections, connection
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from troth.cases.queries import held_since
from troth.channels.email.queries import heard
from troth.inbox.queries import unread_since
from troth.ledger import sealing
from troth.ledger.queries import unsealed_since
from troth.post.queries import away_since, untried_since
from troth.promises.queries import unlooked_since
from troth.record import witnesses
from troth.site.beats import last_moves
from troth.site.rules.vitals import SEAL_WAITS, Doubt, Heard, Seen, Sign, Verdict, judge

log = logging.getLogger(__name__)

#: How long a look is good for.
FRESH_SECONDS = 5.0


def look() -> Verdict:
    """How it stands now. Asks each room one indexed question; never raises for a database that is silent."""
    now = timezone.now()
    try:
        return judge(see(), now=now)
    except (DatabaseError, InterfaceError):
        log.warning("The database does not answer.", exc_info=True)
        connection.close()
        return judge(Seen(database_answers=False), now=now)


def see() -> Seen:
    missing = migrations_missing()
    if missing:  # questions to tables of another shape would fail
        return Seen(migrations_missing=missing)
    waits = unsealed_since()
    now = timezone.now()
    return Seen(
        worker_at=max(last_moves().values(), default=None),
        mailboxes=[Heard(name, at, problem) for name, at, problem in heard()],
        unread_since=unread_since(),
        unlooked_since=unlooked_since(),
        held_since=held_since(),
        untried_since=untried_since(),
        away_since=away_since(),
        unsealed_since=waits,
        # The keys may lie on another machine, where the worker is: they are asked for only when nothing is sealed.
        unsealed_because=sealing.problem(now=now, with_keys=waits is not None and now - waits > SEAL_WAITS),
        doubts=[Doubt(one.name, one.since, one.problem, one.contradicts) for one in witnesses.troubles()],
        disk_free_mb=disk_free_mb(),
        disk_low_mb=settings.TROTH_DISK_LOW_MB,
    )


def disk_free_mb() -> int | None:
    """Megabytes free where there is least: the data, and the embedded database, which may lie on another disk."""
    places = [place for place in (settings.TROTH_DATA, settings.TROTH_DATA / "postgres") if place.exists()]
    return min((shutil.disk_usage(place).free // 2**20 for place in places), default=None)


def migrations_missing() -> int:
    """How many of this version's migrations the database has not seen; those of a newer version do no harm."""
    global _ours
    if _ours is None:
        loader = MigrationLoader(None, ignore_no_migrations=True)
        _ours = frozenset(loader.disk_migrations)
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT app, name FROM django_migrations")
            return len(_ours - set(cursor.fetchall()))
    except ProgrammingError:  # a database nobody has touched yet
        return len(_ours)


_ours: frozenset[tuple[str, str]] | None = None


# Kept for a while


@dataclass
class _Kept:
    verdict: Verdict | None = None
    until: float = 0.0


_kept = _Kept()
_one_at_a_time = threading.Lock()


def recent() -> Verdict:
    """What was seen a few seconds ago at most; whoever comes while somebody looks waits for them."""
    with _one_at_a_time:
        if _kept.verdict is None or time.monotonic() >= _kept.until:
            keep(look())
        assert _kept.verdict
        return _kept.verdict


def keep(verdict: Verdict | None) -> None:
    """What is known from now on; None: nothing."""
    _kept.verdict, _kept.until = verdict, time.monotonic() + FRESH_SECONDS


def keep_looking(tell: Callable[[], None]) -> threading.Event:
    """In a thread of its own, until the event is set: look, keep what was seen, and *tell* when a sign turns."""
    stop = threading.Event()
    threading.Thread(target=_look_on, args=(tell, stop), name="vitals", daemon=True).start()
    return stop


def _look_on(tell: Callable[[], None], stop: threading.Event) -> None:
    before: tuple[Sign, ...] | None = None
    while not stop.is_set():
        try:
            close_old_connections()
            verdict = look()
            keep(verdict)
            failing = tuple(finding.sign for finding in verdict.failing)
            if before is not None and failing != before:
                tell()
            before = failing
        except Exception:
            log.exception("Looking how the system fares failed; it is tried again.")
        stop.wait(FRESH_SECONDS)
    connection.close()


def known() -> Verdict | None:
    """What this process knows already, without asking anybody."""
    return _kept.verdict
