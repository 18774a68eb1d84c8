"""R9: everybody is told, whatever fails: workers and PostgreSQL killed again and again, and a mail server that fails in every way.

python -m faults.telling --runs 20 --people 10000 --seed 1

Each run has its own people, cohort and notice, and its own order of blows, from its seed. Two workers tell; meanwhile people join
late, some are left out and taken back in, the notice is paused and resumed. When everything has come to rest the told set is compared
three times: by the product's own checks, by replaying its ledger, and with what the mail server took.

The workers' clock runs sixty times as fast, so that an hour of waiting for the next try takes a minute.
"""

from __future__ import annotations

import argparse
import mmap
import os
import random
import signal
import struct
import sys
import threading
import time
import traceback
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.lab import smtp

SPEED = 60
#: No run takes longer before it counts as stuck.
SECONDS_MOST = 240.0
DOMAINS = 40


class Clock:
    """Runs *SPEED* times as fast as the wall's, and faster where nothing is left but waiting; processes made by fork share it."""

    def __init__(self) -> None:
        self.began, self.real = datetime.now(UTC), time.monotonic()
        self._ahead = mmap.mmap(-1, 8)

    def __call__(self) -> datetime:
        (ahead,) = struct.unpack("d", self._ahead[:8])
        return self.began + timedelta(seconds=(time.monotonic() - self.real) * SPEED + ahead)

    def forward(self, span: timedelta) -> None:
        (ahead,) = struct.unpack("d", self._ahead[:8])
        self._ahead[:8] = struct.pack("d", ahead + span.total_seconds())


@dataclass
class Took:
    """A letter that the sink answered for, or kept without its sender knowing."""

    address: str
    message_id: str
    answered: bool


class Sink(smtp.SmtpServer):
    """Takes letters, and fails at random while it is told to; what an address does is written in its name."""

    def __init__(self, seed: int) -> None:
        super().__init__()
        self.chance = random.Random(seed)
        self.fails = False
        self.took: list[Took] = []
        self.greeted: dict[str, int] = {}
        self.lock = threading.Lock()
        self.faults: Counter[str] = Counter()

    def next_fault(self) -> smtp.Fault:
        roll = self.chance.random()
        if self.fails and roll < 0.15:
            self.faults["421"] += 1
            return smtp.Fault.BANNER_421
        if self.fails and roll < 0.2:
            self.faults["no banner"] += 1
            return smtp.Fault.TARPIT
        return smtp.Fault.NORMAL

    def pause(self) -> None:
        self._stopped.wait(1.2)

    def rcpt_reply(self, recipient: str) -> str:
        if "-dead" in recipient:
            return "550 5.1.1 nobody lives here"
        if "-grey" in recipient and self.greeted.setdefault(recipient, len(self.took)) == len(self.took):
            self.faults["greylisted"] += 1
            return "450 4.7.1 greylisted, come again"
        return "250 welcome"

    def keep(self, letter: smtp.Letter) -> str:
        roll = self.chance.random() if self.fails else 1.0
        if roll < 0.002:
            self.faults["452 after the dot"] += 1
            return "452 4.3.1 no room now"
        if roll < 0.004:
            self.faults["cut after the dot, lost"] += 1
            raise smtp._Cut
        took = Took(letter.recipients[0], _message_id(letter.text), answered=roll >= 0.008)
        with self.lock:
            self.took.append(took)
        if roll < 0.006:
            self.faults["cut after the dot, kept"] += 1
            raise smtp._Cut
        if roll < 0.008:
            self.faults["taken, then silence"] += 1
            self.pause()
            raise smtp._Cut
        return "250 kept"


def _message_id(text: bytes) -> str:
    head = text.partition(b"\r\n\r\n")[0]
    return next(
        line.partition(b":")[2].strip().decode()
        for line in head.split(b"\r\n")
        if line.lower().startswith(b"message-id:")
    )


@dataclass
class Report:
    seed: int
    members: int = 0
    late: int = 0
    excluded: int = 0
    told: int = 0
    unreachable: int = 0
    unclear: int = 0
    letters: int = 0
    twice: int = 0
    kills: int = 0
    restarts: int = 0
    seconds: float = 0.0
    wrong: list[str] = field(default_factory=list)

    def line(self) -> str:
        return (
            f"run {self.seed}: {self.members} members ({self.late} late, {self.excluded} left out): {self.told} told,"
            f" {self.unreachable} unreachable, {self.unclear} unclear; {self.letters} letters taken, {self.twice} twice with one"
            f" Message-ID; {self.kills} workers and {self.restarts} databases killed; {self.seconds:.0f} s;"
            f" {'HOLDS' if not self.wrong else 'WRONG: ' + '; '.join(self.wrong)}"
        )


# One run


def run(number: int, *, people: int, cluster: Any, clock: Clock) -> Report:
    """Tell so many people while everything fails, and see who was told."""
    chance, sink, report = random.Random(number), Sink(number), Report(seed=number)
    began = time.monotonic()
    sink.start()
    try:
        with settings_for(sink):
            notice = prepare(number, people=people, chance=chance, now=clock())
            sink.fails = True
            with Workers(2) as workers:
                strike(notice, workers=workers, cluster=cluster, chance=chance, clock=clock, sink=sink, report=report)
                sink.fails = False
                finish(notice, report=report, clock=clock, workers=workers)
            again(lambda: judge(notice, sink=sink, report=report, now=clock()))
    finally:
        sink.stop()
    report.seconds = time.monotonic() - began
    print(f"   the sink: {dict(sink.faults)}", flush=True)
    return report


def prepare(number: int, *, people: int, chance: random.Random, now: datetime) -> int:
    """People with none, one or two addresses, good or bad; nine in ten of them in a cohort, and a notice to it on its way."""
    from troth.notices.actions import cohorts, telling
    from troth.notices.rules.conditions import Every
    from troth.people.models import Customer, Handle, Staff

    sam = Staff.objects.get()
    made = Customer.objects.bulk_create(
        [Customer(name=f"P{number}-{each}", met_at=now) for each in range(people)], batch_size=2_000
    )
    handles = []
    for each, one in enumerate(made):
        sorts = chance.choices(
            ([], ["good"], ["dead"], ["grey"], ["dead", "good"], ["good", "good"], ["dead", "grey"], ["back", "good"]),
            (1, 80, 1, 4, 5, 5, 2, 2),
        )[0]
        handles += [
            Handle(customer=one, kind="email", address=f"r{number}.{each}.{turn}-{sort}@d{each % DOMAINS}.example")
            for turn, sort in enumerate(sorts)
        ]
    Handle.objects.bulk_create(handles, batch_size=2_000)
    cohort = cohorts.draft(about=f"incident:{number}", conditions=Every(), by=sam, now=now)
    first = people * 9 // 10
    cohorts.add(cohort, customers=[one.pk for one in made[:first]], by=sam, now=now)
    notice = telling.write(
        about=f"incident:{number}", cohort=cohort, sort="began", happened_at=now, by=sam, now=now,
        texts={"en": ("Your order is late", "A belt broke on Monday. Yours leaves on Thursday.")},
        per_domain=chance.choice((0, 0, 3_000)),
    )  # fmt: skip
    return telling.send(notice, by=sam, now=now).pk


def strike(
    pk: int, *, workers: Workers, cluster: Any, chance: random.Random, clock: Clock, sink: Sink, report: Report
) -> None:
    """Blow after blow, until nine in ten were taken by the sink."""
    from troth.notices.models import Notice, Recipient

    acts = [late, leave_out, leave_out, take_back_in, pause, returned, returned]
    chance.shuffle(acts)
    goal = again(lambda: Notice.objects.get(pk=pk).cohort.count) * 9 // 10
    until = time.monotonic() + SECONDS_MOST / 2
    while time.monotonic() < until and len(sink.took) < goal:
        time.sleep(chance.uniform(0.1, 0.7))
        roll = chance.random()
        if roll < 0.45:
            workers.kill(chance.randrange(len(workers.pids)))
            report.kills += 1
        elif roll < 0.6:
            restart(cluster, chance)
            report.restarts += 1
        elif acts:
            act = acts.pop()
            again(lambda act=act: act(pk, chance=chance, now=clock(), sink=sink))  # type: ignore[misc]
    for act in acts:
        again(lambda act=act: act(pk, chance=chance, now=clock(), sink=sink))  # type: ignore[misc]
    assert again(lambda: Recipient.objects.filter(notice=pk).count())


def finish(pk: int, *, report: Report, clock: Clock, workers: Workers) -> None:
    """Until nobody waits any more."""
    from troth.notices.models import Member, Notice, Recipient
    from troth.post.models import UNDER_WAY, Letter

    def at_rest() -> bool:
        notice = Notice.objects.get(pk=pk)
        if Member.objects.filter(cohort=notice.cohort_id, pk__gt=notice.made_up_to).exists():
            return False
        waiting = Recipient.objects.filter(notice=pk, state__in=("waiting", "queued")).exists()
        return not waiting and not Letter.objects.filter(because=f"notice:{pk}", state__in=UNDER_WAY).exists()

    until = time.monotonic() + SECONDS_MOST
    while not again(at_rest):
        workers.keep_alive()
        if time.monotonic() > until:
            report.wrong.append("it does not come to rest")
            return
        clock.forward(timedelta(seconds=30))
        time.sleep(0.2)


def judge(pk: int, *, sink: Sink, report: Report, now: datetime) -> None:
    """The told set, by the product's checks, by the replay of its ledger, and by what the sink took."""
    from troth.ledger.replay import of_all
    from troth.notices.checks import checks
    from troth.notices.models import Member, Notice, Recipient
    from troth.notices.things import RECIPIENT
    from troth.post.models import Attempt
    from troth.site.verify import answer

    report.wrong += [
        f"{found.wrong} {found.refs[:3]}"
        for check in checks()
        for found in answer(check, now=now + timedelta(minutes=10))
    ]
    report.wrong += [f"the ledger says otherwise of {one.reference}" for one in of_all(RECIPIENT)][:3]
    cohort = Notice.objects.get(pk=pk).cohort_id
    members = {one.pk: one for one in Member.objects.filter(cohort=cohort).select_related("customer")}
    rows = {one.member_id: one for one in Recipient.objects.filter(notice=pk)}
    took: dict[str, list[Took]] = defaultdict(list)
    for one in sink.took:
        took[one.address].append(one)
    by_person: dict[str, set[str]] = defaultdict(set)
    for address, ones in took.items():
        by_person[address.partition(".")[0] + "." + address.split(".")[1]].add(address)
        if len({one.message_id for one in ones}) > 1:
            report.wrong.append(f"{address} has letters with different Message-IDs")
        report.twice += len(ones) - 1
    unanswered = Attempt.objects.filter(letter__because=f"notice:{pk}", answer__in=("", "unclear")).count()
    if report.twice > unanswered:
        report.wrong.append(f"{report.twice} doubles, and {unanswered} attempts without an answer")
    names = {f"r{one.customer.name[1:].replace('-', '.')}": one for one in members.values() if one.customer}
    strangers = by_person.keys() - names.keys()
    if strangers:
        report.wrong.append(f"letters to {len(strangers)} who are no members")
    for name, member in names.items():
        row, addresses = rows.get(member.pk), by_person.get(name, set())
        if member.standing == "excluded":
            report.excluded += 1
            if addresses:
                report.wrong.append(f"{name} was left out and written to")
        elif row is None:
            report.wrong.append(f"{name} was passed by")
        elif row.state == "accepted" and row.address not in addresses:
            report.wrong.append(f"{name} counts as told and was not")
        elif row.state == "unreachable" and any("-good" in one or "-grey" in one for one in addresses):
            report.wrong.append(f"{name} counts as unreachable and was told")
        elif row.state not in {"accepted", "unreachable", "unclear"}:
            report.wrong.append(f"{name} is {row.state}")
    states = Counter(row.state for row in rows.values())
    report.members, report.late = len(members), sum(one.standing == "late" for one in members.values())
    report.told, report.unreachable, report.unclear = states["accepted"], states["unreachable"], states["unclear"]
    report.letters = len(sink.took)
    del report.wrong[5:]


# What happens meanwhile


def late(pk: int, *, chance: random.Random, now: datetime, sink: Sink) -> None:
    """Who was not there yet joins."""
    from troth.notices.actions import cohorts
    from troth.notices.models import Notice
    from troth.people.models import Customer

    notice = Notice.objects.select_related("cohort").get(pk=pk)
    number = notice.about.partition(":")[2]
    missing = Customer.objects.filter(name__startswith=f"P{number}-").exclude(
        pk__in=notice.cohort.members.values("customer")
    )
    cohorts.add(notice.cohort, customers=list(missing.values_list("pk", flat=True)), by=None, now=now)


def leave_out(pk: int, *, chance: random.Random, now: datetime, sink: Sink) -> None:
    """A few are left out, where no letter is on its way to them yet."""
    from troth.notices.actions import cohorts
    from troth.notices.models import Member, Notice
    from troth.people.models import Staff

    theirs = Member.objects.filter(cohort__notices=pk)
    for member in theirs.filter(pk__in=chance.sample(list(theirs.values_list("pk", flat=True)), 40)):
        with suppress(cohorts.AlreadyTold):
            cohorts.exclude(member, reason="Theirs came after all.", by=Staff.objects.get(), now=now)
    assert Notice.objects.filter(pk=pk).exists()


def take_back_in(pk: int, *, chance: random.Random, now: datetime, sink: Sink) -> None:
    from troth.notices.actions import cohorts
    from troth.notices.models import Member
    from troth.people.models import Staff

    for member in Member.objects.filter(cohort__notices=pk, standing="excluded")[:10]:
        cohorts.take_back_exclusion(member, by=Staff.objects.get(), now=now)


def pause(pk: int, *, chance: random.Random, now: datetime, sink: Sink) -> None:
    """Paused, nothing more leaves than what a window held."""
    from troth.notices.actions import telling
    from troth.notices.models import Notice
    from troth.people.models import Staff

    notice, sam = Notice.objects.get(pk=pk), Staff.objects.get()
    with suppress(telling.NotNow):
        telling.pause(notice, by=sam, now=now)
    time.sleep(0.3)
    with suppress(telling.NotNow):
        telling.resume(notice, by=sam, now=now)


def returned(pk: int, *, chance: random.Random, now: datetime, sink: Sink) -> None:
    """Letters that were taken come back."""
    from troth.post import actions as post
    from troth.post.models import Letter

    ids = [one.message_id for one in list(sink.took) if "-back" in one.address]
    for letter in Letter.objects.filter(message_id__in=ids, state="sent", bounced_at=None).defer("raw"):
        post.mark_bounced(letter_id=letter.pk, arrival="arrival:1", reason="550 5.1.1", now=now)


# Workers, and what is done to them


class Workers:
    """Processes that run the lanes of telling and of the post, and are begun anew when they are killed."""

    def __init__(self, number: int) -> None:
        self.pids: list[int] = []
        self.number = number

    def __enter__(self) -> Workers:
        self.pids = [_fork() for _each in range(self.number)]
        return self

    def __exit__(self, *_error: object) -> None:
        for pid in self.pids:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)

    def kill(self, place: int) -> None:
        os.kill(self.pids[place], signal.SIGKILL)
        os.waitpid(self.pids[place], 0)
        self.pids[place] = _fork()

    def keep_alive(self) -> None:
        """A worker that ended by itself is begun anew, as the supervisor does."""
        for place, pid in enumerate(self.pids):
            gone, _status = os.waitpid(pid, os.WNOHANG)
            if gone:
                self.pids[place] = _fork()


def _fork() -> int:
    from django.db import connections

    connections.close_all()
    pid = os.fork()
    if pid:
        return pid
    try:
        _work()
    except BaseException:
        traceback.print_exc()
        sys.stderr.flush()
    finally:
        os._exit(1)


def _work() -> None:
    """The lanes, one after the other, for ever."""
    from django.db import DatabaseError, InterfaceError, connection

    from troth.site import worker

    sweeps = [lane.sweep for lane in worker.lanes() if lane.name in {"telling", "bulk", "post"}]
    while True:
        done = 0
        for sweep in sweeps:
            try:
                done += sweep()
            except (DatabaseError, InterfaceError):
                connection.close()
                time.sleep(0.1)
        if not done:
            time.sleep(0.05)


def restart(cluster: Any, chance: random.Random) -> None:
    """PostgreSQL is killed, or stopped at once, and brought back."""
    pid = cluster._postmaster()
    os.kill(pid, chance.choice((signal.SIGKILL, signal.SIGQUIT)))
    while os.path.exists(f"/proc/{pid}") and not _is_zombie(pid):
        time.sleep(0.02)
    again(cluster.start)


def _is_zombie(pid: int) -> bool:
    from troth.site.postgres import is_zombie

    return is_zombie(pid)


def again(act: Any, *, seconds: float = 30.0) -> Any:
    """Do it until the database is there for it: what fails as a whole is done as a whole."""
    from django.db import DatabaseError, InterfaceError, connection

    from troth.site.postgres import ClusterError

    until = time.monotonic() + seconds
    while True:
        try:
            return act()
        except (DatabaseError, InterfaceError, ClusterError):
            if time.monotonic() > until:
                raise
            connection.close()
            time.sleep(0.1)


@contextmanager
def settings_for(sink: Sink) -> Iterator[None]:
    from django.test import override_settings

    said = {"TROTH_SMTP_HOST": sink.host, "TROTH_SMTP_PORT": sink.port, "TROTH_CARRIER": "faults.telling.impatient"}
    with override_settings(**said, TROTH_MAIL_FROM="support@troth.test", TROTH_MAIL_ARCHIVE=""):
        yield


def impatient() -> Any:
    """Our carrier, with less patience than it has for real servers."""
    from troth.channels.email.carrier import SmtpCarrier

    return SmtpCarrier(connect_seconds=0.5, command_seconds=0.6, after_dot_seconds=0.6)


# All runs


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m faults.telling", description=__doc__.partition("\n")[0])
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--people", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    from faults.stage import database

    with database(fast=False) as cluster:
        from django.utils import timezone

        from troth.people.models import Calendar, Company, Staff
        from troth.words.hours import round_the_clock

        calendar = Calendar.objects.create(name="Always", plain=round_the_clock("Europe/London").to_plain())
        Company.objects.create(pk=1, name="Parcel & Co", calendar=calendar)
        Staff.objects.create_user("sam@troth.test", name="Sam", role="lead", zone="Europe/London")
        clock = Clock()
        timezone.now = clock  # type: ignore[assignment]
        reports = []
        for number in range(given.seed, given.seed + given.runs):
            reports.append(run(number, people=given.people, cluster=cluster, clock=clock))
            print(reports[-1].line(), flush=True)
    wrong = sum(bool(one.wrong) for one in reports)
    print(
        f"{len(reports)} runs, {wrong} wrong; {sum(one.told for one in reports)} told,"
        f" {sum(one.twice for one in reports)} of {sum(one.letters for one in reports)} letters twice,"
        f" {sum(one.kills for one in reports)} workers and {sum(one.restarts for one in reports)} databases killed"
    )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
