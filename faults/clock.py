"""R8: months on one clock that PostgreSQL and the worker both read: changes of summer time, a leap day, jumps, downtime.

The worker is the real one, in a process of its own. Quiet stretches are skipped; from half a minute before each moment at which
something is due the clock runs on, sixty or six hundred times as fast as it really does, until the worker has dealt with it.
"""

from __future__ import annotations

import contextlib
import json
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
from tests.lab import servers
from tests.lab.clock import ClockedCluster, SharedClock, environment
from tests.lab.smtp import FaultSmtp

from faults.registry import Outcome

#: Winter becomes summer in most of these, and summer winter in the rest, between a leap day and the end of April.
ZONES = (
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "America/Santiago",
    "Pacific/Auckland",
    "Africa/Cairo",
)
BEGIN, END = datetime(2028, 2, 25, 9, tzinfo=UTC), datetime(2028, 5, 5, 9, tzinfo=UTC)
#: The Sundays (and the Friday) of the changes, and the leap day: on each and the day after something is due.
DAYS = ("2028-02-29", "2028-03-12", "2028-03-26", "2028-04-02", "2028-04-28")

FILL = """
import json, sys
import django
django.setup()
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo
from django.utils import timezone
from troth.people.actions import find_or_make_customer
from troth.people.models import Calendar, Company, Staff, Team
from troth.promises import actions as promises
from troth.words.hours import office
given = json.load(sys.stdin)
now = timezone.now()
for number, zone in enumerate(given["zones"]):
    calendar = Calendar.objects.create(name=zone, plain=office(zone).to_plain())
    if number == 0:
        Company.objects.create(pk=1, name="Fernhill", calendar=calendar)
    team = Team.objects.create(name=zone, calendar=calendar)
    owner = Staff.objects.create_user(f"owner{number}@troth.test", name=zone, zone=zone, team=team)
    Staff.objects.create_user(f"lead{number}@troth.test", name=zone, zone=zone, team=team, role="lead")
    for day in given["days"]:
        for after, clock in given["moments"]:
            local = datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=ZoneInfo(zone)) + timedelta(days=after)
            customer = find_or_make_customer(address=f"c{number}-{day}-{after}-{clock[:2]}@example.test", name="Ann", now=now)
            promises.record(customer=customer.customer, owner=owner, team_id=team.pk, due=local, said_at=now, now=now,
                what=f"ring you on {day}, {after}, {clock}")
"""


def months(*, moments: int = 1) -> Outcome:
    """From a leap day to the end of April, in six zones: up all the while, but for a jump forward, one back, and one downtime."""
    with town(moments=moments) as here:
        here.live_until(BEGIN + timedelta(days=20))
        here.clock.to(here.clock.now() - timedelta(days=1))  # somebody sets the clock back
        here.live_until(BEGIN + timedelta(days=33))
        down = here.away_for(timedelta(days=3))
        here.live_until(END - timedelta(days=7))
        jumped = here.jump(timedelta(days=3))
        here.live_until(END)
        return here.outcome(surprises=[down, jumped])


class Town:
    """Six teams, what they promised, and the one worker that looks after it."""

    def __init__(self, clock: SharedClock, url: str, known: dict[str, str], sink: FaultSmtp) -> None:
        self.clock = clock
        self.url = url
        self.known = known
        self.sink = sink
        self.skips = 0
        self._worker: subprocess.Popen[bytes] | None = None

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.url) as line:
            return line.execute(query, values).fetchall()  # type: ignore[arg-type]

    def run(self, *words: str, given: str = "", fails: tuple[int, ...] = (0,)) -> str:
        done = subprocess.run(
            [sys.executable, *words], input=given, capture_output=True, text=True, env=self.known, check=False
        )
        assert done.returncode in fails, done.stderr[-3000:]
        return done.stdout

    def start(self) -> None:
        words = [sys.executable, "-m", "troth.site.cli", "worker"]
        self._worker = subprocess.Popen(words, env=self.known, start_new_session=True)

    def stop(self) -> None:
        if self._worker:
            servers.end(self._worker)
            self._worker = None

    # Time

    def live_until(self, end: datetime) -> None:
        """The system is up all the while: whatever is due is dealt with as its moment comes."""
        while (moment := self._next_moment()) is not None and moment < end:
            self._skip_to(moment - timedelta(seconds=30))
            self.clock.run(max(moment - self.clock.now(), timedelta(seconds=1)), times=600)
            self._let_it_act()
        self._skip_to(end)

    def away_for(self, span: timedelta) -> tuple[datetime, datetime]:
        """Nobody runs the worker for a while; the span in which nothing could be done."""
        began = self.clock.now()
        self.stop()
        self.clock.to(began + span)
        self.start()
        self._let_it_act()
        return began, self.clock.now()

    def jump(self, span: timedelta) -> tuple[datetime, datetime]:
        """The clock is set forward under a system that runs; the span that never was."""
        began = self.clock.now()
        self.clock.to(began + span)
        self._let_it_act()
        return began, self.clock.now()

    def _skip_to(self, moment: datetime) -> None:
        if moment > self.clock.now():
            self.skips += 1
            self.clock.to(moment)

    def _next_moment(self) -> datetime | None:
        (found,) = self.rows(
            """
            SELECT least((SELECT min(look_again_at) FROM promises_promise WHERE look_again_at IS NOT NULL),
                (SELECT min(next_try_at) FROM post_letter WHERE state IN ('queued', 'sending', 'data')))
            """
        )[0]
        return None if found is None else found.astimezone(UTC)

    def _let_it_act(self) -> None:
        """Until nothing is due; real seconds pass, and as many on the shared clock."""
        until = time.monotonic() + 60
        while (moment := self._next_moment()) is not None and moment <= self.clock.now():
            assert time.monotonic() < until, f"Something due at {moment} was not dealt with at {self.clock.now()}."
            time.sleep(0.05)

    # Afterwards

    def outcome(self, *, surprises: list[tuple[datetime, datetime]]) -> Outcome:
        """Warned and told before the date where the system was up, judged rightly where it was not, and nothing twice."""
        wrong = doubled = 0
        judged = self.rows(
            """
            SELECT promise.id, promise.due, promise.state, promise.told_at,
                array_agg(entry.kind ORDER BY entry.id), array_agg(entry.happened_at ORDER BY entry.id)
            FROM promises_promise AS promise JOIN ledger_entry AS entry ON entry.about = 'promise:' || promise.id
            WHERE promise.sort = 'deed' GROUP BY promise.id ORDER BY promise.id
            """
        )
        for _pk, due, state, told_at, kinds, times in judged:
            at = dict(zip(kinds, times, strict=True))
            doubled += len(kinds) - len(set(kinds))
            surprised = any(began <= due <= back for began, back in surprises)
            touched = any(at["PromiseMade"] < began < due for began, _back in surprises)
            wrong += state not in ("late", "broken")
            wrong += "PromiseLate" not in at or at["PromiseLate"] < due
            wrong += "StaffWarned" in at and at["StaffWarned"] >= due
            if not (surprised or touched):
                wrong += "StaffWarned" not in at or told_at is None or told_at >= due
        copies = Counter(
            line
            for letter in self.sink.accepted
            for line in letter.text.splitlines()
            if line.lower().startswith(b"message-id:")
        )
        doubled += sum(count - 1 for count in copies.values())
        said = self.run("-m", "troth.site.cli", "verify-state", "--json", "--no-mailboxes", fails=(0, 1))
        found = json.loads(said)["findings"]
        notes = [
            f"{len(judged)} promises in {len(ZONES)} zones over {(END - BEGIN).days} days, {len(copies)} letters",
            *(f"{one['invariant']} {one['wrong']} {one['refs']}" for one in found),
        ]
        return Outcome(points=self.skips, lost=wrong, doubled=doubled, stuck=len(found), notes="; ".join(notes))


@contextmanager
def town(*, moments: int) -> Iterator[Town]:
    place = servers.place("clock")
    data = place / "data"
    data.mkdir(mode=0o700)
    (data / "static").mkdir()
    clock = SharedClock(place, now=BEGIN)
    cluster, sink = ClockedCluster(place / "postgres", clock), FaultSmtp()
    here: Town | None = None
    try:
        sink.start()
        url = cluster.start()
        post = {
            "TROTH_SMTP_HOST": sink.host,
            "TROTH_SMTP_PORT": str(sink.port),
            "TROTH_MAIL_FROM": "support@troth.test",
        }
        here = Town(clock, url, environment(clock, cluster, data, **post), sink)
        here.run("-m", "troth.site.cli", "migrate")
        times = [(0, "12:30"), (1, "17:00"), (0, "02:30")][:moments]
        here.run("-c", FILL, given=json.dumps({"zones": ZONES, "days": DAYS, "moments": times}))
        here.start()
        yield here
    finally:
        if here:
            here.stop()
        sink.stop()
        cluster.stop()
        with contextlib.suppress(OSError):
            shutil.rmtree(cluster.home, ignore_errors=True)
        shutil.rmtree(place, ignore_errors=True)
