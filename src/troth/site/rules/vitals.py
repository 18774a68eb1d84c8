"""Whether the system itself keeps its promises: what was seen of it is judged here, and nowhere else; pure.

Each sign has a bound. A bound is far beyond what a healthy system needs, so that a sign that fails means something, and well
within what a promise can bear, so that it can still be mended in time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum


class Sign(StrEnum):
    """What is looked at, the gravest first."""

    DATABASE = "database"
    """It answers."""
    MIGRATIONS = "migrations"
    """The tables have this version's shape."""
    WORKER = "worker"
    """Some worker was seen."""
    MAILBOXES = "mailboxes"
    """Every mailbox answered."""
    INBOX = "inbox"
    """What arrived is read."""
    WATCHER = "watcher"
    """Promises are looked at when their moment comes."""
    REPLIES = "replies"
    """Answers leave when their few seconds are over."""
    OUTBOX = "outbox"
    """Letters that are due are tried."""
    CARRIER = "carrier"
    """The mail server takes letters."""
    HISTORY = "history"
    """What witnesses cosigned is still in our log."""
    SEAL = "seal"
    """Entries of the ledger get their place."""
    WITNESSES = "witnesses"
    """Witnesses cosign."""
    DISK = "disk"
    """There is room left."""


#: A worker writes every five seconds.
WORKER_SEEN = timedelta(seconds=60)
#: A mailbox answers every two minutes at the latest.
MAILBOX_HEARD = timedelta(minutes=10)
#: A letter in is read in a moment; one that cannot be is tried for three minutes before a person gets it.
INBOX_READ = timedelta(minutes=2)
WATCHER_LATE = timedelta(seconds=60)
REPLIES_HELD = timedelta(seconds=60)
#: Long enough for ten thousand letters at once.
OUTBOX_WAITS = timedelta(minutes=5)
#: A mail server that restarts is back sooner.
CARRIER_AWAY = timedelta(minutes=10)
SEAL_WAITS = timedelta(seconds=60)
#: They are asked once a minute; one that is being updated is back sooner.
WITNESSES_SILENT = timedelta(hours=1)

BOUNDS = {
    Sign.WORKER: WORKER_SEEN,
    Sign.MAILBOXES: MAILBOX_HEARD,
    Sign.INBOX: INBOX_READ,
    Sign.WATCHER: WATCHER_LATE,
    Sign.REPLIES: REPLIES_HELD,
    Sign.OUTBOX: OUTBOX_WAITS,
    Sign.CARRIER: CARRIER_AWAY,
    Sign.SEAL: SEAL_WAITS,
    Sign.WITNESSES: WITNESSES_SILENT,
}


DONE_BY_WORKERS = {
    *(Sign.MAILBOXES, Sign.INBOX, Sign.WATCHER, Sign.REPLIES, Sign.OUTBOX, Sign.CARRIER, Sign.SEAL, Sign.WITNESSES),
}


@dataclass(frozen=True)
class Heard:
    """A mailbox, and when it last answered or began to be watched."""

    name: str
    at: datetime | None
    problem: str = ""


@dataclass(frozen=True)
class Doubt:
    """A witness that does not cosign our log: since when, and why."""

    name: str
    since: datetime
    problem: str = ""
    #: It cosigned what is not in our log any more.
    contradicts: bool = False


@dataclass(frozen=True)
class Seen:
    """What was seen of the system. A moment is since when something waits; None: nothing does."""

    worker_at: datetime | None = None
    mailboxes: Sequence[Heard] = ()
    unread_since: datetime | None = None
    unlooked_since: datetime | None = None
    held_since: datetime | None = None
    untried_since: datetime | None = None
    #: Since when every letter that was tried has failed for now.
    away_since: datetime | None = None
    unsealed_since: datetime | None = None
    #: Why nothing can be sealed, as a sentence; empty where it can.
    unsealed_because: str = ""
    doubts: Sequence[Doubt] = ()
    migrations_missing: int = 0
    disk_free_mb: int | None = None
    disk_low_mb: int = 0
    database_answers: bool = True


@dataclass(frozen=True)
class Finding:
    """How it stands with one sign."""

    sign: Sign
    failing: bool
    #: Since when, where it is a matter of time.
    since: datetime | None = None
    #: How long that is, in seconds; or how many are missing, or megabytes left.
    figure: float | None = None
    bound: float | None = None
    #: Which of several, by the names staff gave them.
    names: tuple[str, ...] = ()
    #: What the other side said.
    problem: str = ""


@dataclass(frozen=True)
class Verdict:
    """Everything that was looked at."""

    at: datetime
    findings: tuple[Finding, ...] = field(default_factory=tuple)

    @property
    def ready(self) -> bool:
        return not self.failing

    @property
    def failing(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.failing)


def judge(seen: Seen, *, now: datetime) -> Verdict:
    """How it stands with every sign at *now*; where the database is silent, or of another shape, nothing else is known."""
    if not seen.database_answers:
        return Verdict(at=now, findings=(Finding(Sign.DATABASE, failing=True),))
    missing, low = seen.migrations_missing, seen.disk_low_mb
    room = seen.disk_free_mb
    if missing:
        shape = Finding(Sign.MIGRATIONS, failing=True, figure=missing, bound=0)
        return Verdict(at=now, findings=(Finding(Sign.DATABASE, failing=False), shape))
    return Verdict(
        at=now,
        findings=(
            Finding(Sign.DATABASE, failing=False),
            Finding(Sign.MIGRATIONS, failing=False, figure=0, bound=0),
            _worker(seen.worker_at, now=now),
            _mailboxes(seen.mailboxes, now=now),
            _waits(Sign.INBOX, seen.unread_since, now=now),
            _waits(Sign.WATCHER, seen.unlooked_since, now=now),
            _waits(Sign.REPLIES, seen.held_since, now=now),
            _waits(Sign.OUTBOX, seen.untried_since, now=now),
            _waits(Sign.CARRIER, seen.away_since, now=now),
            _history(seen.doubts),
            _seal(seen, now=now),
            _witnesses(seen.doubts, now=now),
            Finding(Sign.DISK, failing=room is not None and room < low, figure=room, bound=low),
        ),
    )


def roots(failing: Sequence[Finding]) -> list[Finding]:
    """What people have to be told of: where no worker works, all that it would do stands still, and says nothing new."""
    if any(finding.sign is Sign.WORKER for finding in failing):
        return [finding for finding in failing if finding.sign not in DONE_BY_WORKERS]
    return list(failing)


def _waits(sign: Sign, since: datetime | None, *, now: datetime) -> Finding:
    bound = BOUNDS[sign]
    age = max(now - since, timedelta(0)) if since else timedelta(0)
    return Finding(sign, age > bound, since if age else None, age.total_seconds(), bound.total_seconds())


def _seal(seen: Seen, *, now: datetime) -> Finding:
    """A log that stands still is told at once: waiting mends nothing, and nothing that happens is put on record meanwhile."""
    waits = _waits(Sign.SEAL, seen.unsealed_since, now=now)
    problem = seen.unsealed_because
    return replace(waits, failing=waits.failing or bool(problem), problem=problem)


def _history(doubts: Sequence[Doubt]) -> Finding:
    """One witness that contradicts us is enough, and no time heals it."""
    against = [one for one in doubts if one.contradicts]
    return Finding(
        Sign.HISTORY,
        failing=bool(against),
        since=min((one.since for one in against), default=None),
        figure=len(against),
        bound=0,
        names=tuple(one.name for one in against),
        problem=against[0].problem if against else "",
    )


def _witnesses(doubts: Sequence[Doubt], *, now: datetime) -> Finding:
    silent = [one for one in doubts if not one.contradicts]
    waits = _waits(Sign.WITNESSES, min((one.since for one in silent), default=None), now=now)
    late = [one for one in silent if now - one.since > WITNESSES_SILENT]
    return replace(waits, names=tuple(one.name for one in late), problem=late[0].problem if late else "")


def _worker(at: datetime | None, *, now: datetime) -> Finding:
    bound = WORKER_SEEN.total_seconds()
    if at is None:
        return Finding(Sign.WORKER, failing=True, bound=bound)
    return _waits(Sign.WORKER, at, now=now)


def _mailboxes(mailboxes: Sequence[Heard], *, now: datetime) -> Finding:
    """One that was never heard and never begun is silent, too; the one silent for longest says since when."""
    bound = MAILBOX_HEARD.total_seconds()
    silent = [box for box in mailboxes if box.at is None or now - box.at > MAILBOX_HEARD]
    heard = [box.at for box in (silent or mailboxes) if box.at]
    since = min(heard, default=None)
    problem = next((box.problem for box in silent if box.problem), "")
    return Finding(
        Sign.MAILBOXES,
        failing=bool(silent),
        since=since if silent else None,
        figure=(now - since).total_seconds() if since else None,
        bound=bound,
        names=tuple(box.name for box in silent),
        problem=problem,
    )
