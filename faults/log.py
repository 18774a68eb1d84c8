"""The log struck: whoever seals killed at every boundary; many who append and seal killed at random, and PostgreSQL with them.

A follower stands outside throughout, keeps every head that was ever handed out, and at the end holds each against the last one.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from faults.registry import Outcome
from troth.site.postgres import Cluster, ClusterError

if TYPE_CHECKING:
    from troth.ledger.rules.checkpoint import Checkpoint

APPENDERS, SEALERS = 3, 2
#: Facts in one transaction, at most.
AT_ONCE = 50


# Killed at every boundary of sealing


def sealing(_lab: object = None) -> Outcome:
    return sealing_killed(at=count(1))


def sealing_killed(*, at: Iterator[int] | list[int]) -> Outcome:
    """Append and seal anew for each number in *at*, killed at that boundary; the next who seals goes on. Needs Django set up."""
    from django.db import connection  # the settings must be in the environment first

    from faults.processes import killed_at, run
    from faults.scene import _empty
    from troth.ledger import outside, tasks

    _empty()
    outside.forget()
    heads: set[str] = set()
    points = lost = stuck = 0
    appended = 0
    for number in at:
        appended += _append(3, begin=appended)
        ended = run(tasks.seal, strike=killed_at(number))
        heads |= _handed_out()
        whole = run(tasks.seal).whole
        heads |= _handed_out()
        connection.close()
        said = wrong_with(heads=heads, acknowledged=appended)
        for one in said:
            print(f"sealing, boundary {number}: {one}", file=sys.stderr)
        lost, stuck = lost + sum("lost" in one for one in said), stuck + (not whole) + len(said)
        if not ended.killed:
            break
        points += 1
    return Outcome(points=points, lost=lost, stuck=stuck, notes=f"{len(heads)} heads handed out, all of one tree")


def _append(many: int, *, begin: int) -> int:
    from django.db import transaction  # the settings must be in the environment first

    from troth.ledger.actions import append_all
    from troth.words.facts import MessagesReread

    facts = [
        MessagesReread(about=f"round:{number}", reading="1", messages=1, changed=0)
        for number in range(begin + 1, begin + many + 1)
    ]
    with transaction.atomic():
        append_all(facts, now=datetime.now(UTC))
    return many


def _handed_out() -> set[str]:
    """The newest head, as anybody may have taken it from the table or from the file beside it."""
    from troth.ledger import outside, queries  # the settings must be in the environment first

    return {note for note in (queries.checkpoint(), outside.last_head_note()) if note}


def wrong_with(*, heads: set[str], acknowledged: int) -> list[str]:
    """What is wrong with the log once all is sealed: entries lost, gaps, heads that contradict the last, and what fsck finds."""
    from troth.ledger import outside, queries, sealing  # the settings must be in the environment first
    from troth.ledger.models import Entry, Unsealed
    from troth.ledger.rules.checkpoint import Checkpoint
    from troth.ledger.rules.note import Note
    from troth.site import fsck

    said = []
    last = Checkpoint.from_note(Note.from_text(queries.checkpoint() or ""))
    there = Entry.objects.count()
    if there < acknowledged or Unsealed.objects.exists() or not last.size == queries.head() == there:
        said.append(f"lost or without a place: {acknowledged} acknowledged, {there} there, {last.size} in the tree")
    for written in heads:
        note = Note.from_text(written)
        note.check(*(key.verifier for key in outside.read_keys()))
        seen = Checkpoint.from_note(note)
        if seen.size > last.size or sealing.root_at(seen.size) != seen.root:
            said.append(f"forked: the head of {seen.size} that was handed out is not of the tree of {last.size}")
    if outside.last_head_note() != queries.checkpoint():
        said.append("the head outside the database is not the last one")
    return said + [f"{found.reference} {found.wrong}" for found in fsck.look().divergences]


# Killed at random


def killed() -> Outcome:
    return killed_at_random(entries=100_000, kills=200, seed=3)


def killed_at_random(*, entries: int, kills: int, seed: int) -> Outcome:
    """*entries* appended by several processes while others seal, and any of them, or PostgreSQL, killed *kills* times.

    In a process that has not set up Django yet.
    """
    with place() as here:
        house = House(here, chance=random.Random(seed), wanted=entries)
        began = time.monotonic()
        house.begin()
        try:
            while not house.is_done():
                time.sleep(house.chance.uniform(0.05, 0.6))
                if house.kills < kills * house.share_done():
                    house.strike()
                house.keep_alive()
        finally:
            house.end()
        seconds = time.monotonic() - began
        said, heads, appended = house.judged()
    for one in said:
        print(one, file=sys.stderr)
    return Outcome(
        points=house.kills,
        lost=sum("lost" in one for one in said),
        doubled=sum("forked" in one for one in said),
        stuck=len(said),
        notes=f"{appended:,} entries in {seconds:.0f} s; {house.of_database} of the kills were PostgreSQL's; {heads:,} heads seen",
    )


@contextlib.contextmanager
def place() -> Iterator[Path]:
    """A folder that PostgreSQL may run in as another user."""
    here = Path(tempfile.mkdtemp(prefix="troth-log-", dir="/tmp"))
    here.chmod(0o755)
    try:
        yield here
    finally:
        shutil.rmtree(here, ignore_errors=True)


@dataclass
class House:
    """A database of its own, processes that append and seal, and a follower outside."""

    place: Path
    chance: random.Random
    wanted: int
    kills: int = 0
    of_database: int = 0
    cluster: Cluster = field(init=False)
    pids: dict[str, int] = field(default_factory=dict)

    def begin(self) -> None:
        self.cluster = Cluster(self.place / "postgres")
        data = self.place / "data"
        data.mkdir(mode=0o700)
        (data / "static").mkdir()  # WhiteNoise warns without it
        os.environ |= {
            "DATABASE_URL": self.cluster.start(),
            "DJANGO_SETTINGS_MODULE": "troth.site.settings",
            "TROTH_DATA": str(data),
            "TROTH_SECRET_KEY": "faults-sign-nothing-of-worth-and-need-fifty-characters",
            "TROTH_LOG_LEVEL": "ERROR",
        }
        _set_up()  # here, so that whoever is killed is there again at once; a connection is opened in children alone
        self._apart(_migrate, wait=True)
        for name in (
            *(f"append{number}" for number in range(APPENDERS)),
            *(f"seal{number}" for number in range(SEALERS)),
        ):
            self._start(name)
        self._start("follow")

    def _start(self, name: str) -> None:
        works: dict[str, Callable[[], None]] = {
            "append": lambda: append_for_ever(self.place, name=name, share=self.wanted // APPENDERS),
            "seal": seal_for_ever,
            "follow": lambda: follow_for_ever(self.place),
        }
        self.pids[name] = self._apart(works[name.rstrip("0123456789")])

    def _apart(self, act: Callable[[], object], *, wait: bool = False) -> int:
        """*act* in a process of its own, forked from this one."""
        pid = os.fork()
        if pid == 0:
            code = 1
            try:
                act()
                code = 0
            except BaseException as why:
                print(f"ended by {why!r}"[:300], file=sys.stderr)
            finally:
                os._exit(code)
        if wait:
            _pid, status = os.waitpid(pid, 0)
            assert status == 0, "the laboratory could not be set up"
        return pid

    def strike(self) -> None:
        """Kill one of them, whatever it is doing; every eighth time the whole database server."""
        self.kills += 1
        if self.kills % 8 == 3:
            self.of_database += 1
            postmaster = int((self.cluster.data / "postmaster.pid").read_text().split()[0])
            os.kill(postmaster, signal.SIGKILL)
            time.sleep(0.2)
            self._start_database()
            return
        victims = [name for name in self.pids if name != "follow"]
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pids[self.chance.choice(victims)], signal.SIGKILL)

    def _start_database(self) -> None:
        for _try in range(60):
            with contextlib.suppress(ClusterError, OSError):
                self.cluster.start()
                return
            time.sleep(0.5)
        raise AssertionError("PostgreSQL does not start again")

    def keep_alive(self) -> None:
        """Whoever was killed is started anew; who had appended their share has ended well and stays so."""
        for name, pid in list(self.pids.items()):
            ended, status = os.waitpid(pid, os.WNOHANG)
            if not ended:
                continue
            if name.startswith("append") and status == 0:
                del self.pids[name]
            else:
                self._start(name)

    def share_done(self) -> float:
        """How much of what is wanted is acknowledged, so that the kills are spread over all of it; the first ones come at once."""
        return 0.05 + len(_acknowledged(self.place)) / self.wanted

    def is_done(self) -> bool:
        return not any(name.startswith("append") for name in self.pids)

    def end(self) -> None:
        for pid in self.pids.values():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, 0)

    def judged(self) -> tuple[list[str], int, int]:
        """What is wrong after all, how many heads were seen, and how many entries were appended."""
        try:
            answer = self.place / "judged"
            self._apart(lambda: answer.write_text("\n".join(_judge(self.place))), wait=True)
            said = answer.read_text().splitlines()
        finally:
            self.cluster.stop()
        return said, len(_heads_seen(self.place)), len(_acknowledged(self.place))


def _set_up() -> None:
    import django  # the settings must be in the environment first

    django.setup()


def _migrate() -> None:
    from django.core.management import call_command  # the settings must be in the environment first

    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)


def append_for_ever(place: Path, *, name: str, share: int) -> None:
    """Append facts in transactions of one to fifty until *share* of them are acknowledged; each is written down once it is."""
    from django.db import connection, transaction  # the settings must be in the environment first

    from troth.ledger.actions import append_all
    from troth.words.facts import CustomerMet, MessagesReread

    chance = random.Random(os.getpid())
    done = place / f"{name}.acknowledged"
    with done.open("a") as book:
        while (known := done.read_text().count("\n")) < share:
            tries = f"{name}-{os.getpid()}-{known}"
            numbers = [f"{tries}-{number}" for number in range(chance.randint(1, AT_ONCE))]
            try:
                with transaction.atomic():
                    append_all(
                        [
                            MessagesReread(about=f"round:{number}", reading=number, messages=1, changed=0)
                            if chance.random() < 0.5
                            else CustomerMet(
                                about=f"met:{number}", customer=f"customer:{chance.randint(1, 500)}", channel="email"
                            )
                            for number in numbers
                        ],
                        now=datetime.now(UTC),
                    )
            except _away():
                connection.close()
                time.sleep(0.1)
                continue
            book.write("".join(f"{number}\n" for number in numbers))
            book.flush()


def seal_for_ever() -> None:
    from django.db import connection  # the settings must be in the environment first

    from troth.ledger import tasks

    while True:
        try:
            tasks.seal()
        except _away():
            connection.close()
        time.sleep(0.02)


def follow_for_ever(place: Path) -> None:
    """Take every head that is handed out, and see at once that it continues the one before."""
    from django.db import connection  # the settings must be in the environment first

    from troth.ledger.rules.checkpoint import Checkpoint
    from troth.ledger.rules.note import Note

    before: Checkpoint | None = None
    with (place / "heads").open("a") as book:
        while True:
            try:
                heads = _handed_out()
            except _away():
                connection.close()
                time.sleep(0.05)
                continue
            for written in sorted(heads - _known_heads):
                _known_heads.add(written)
                book.write(repr(written) + "\n")
                book.flush()
                head = Checkpoint.from_note(Note.from_text(written))
                if before and head.size > before.size and not _continues(before, head):
                    (place / "forks").open("a").write(f"forked: {head.size} does not continue {before.size}\n")
                before = head if before is None or head.size > before.size else before
            time.sleep(0.01)


_known_heads: set[str] = set()


def _continues(before: Checkpoint, head: Checkpoint) -> bool:
    """By the proof that anybody can ask for."""
    from troth.ledger import queries  # the settings must be in the environment first
    from troth.ledger.rules.tree import ProofWrong, check_consistency

    try:
        path = queries.consistency(before.size, head.size)
        check_consistency(old=before.size, new=head.size, old_root=before.root, new_root=head.root, path=path)
    except ProofWrong:
        return False
    except _away():
        return True  # nobody answers now; at the end every head is held against the last
    return True


def _away() -> tuple[type[BaseException], ...]:
    from troth.ledger.away import AWAY  # the settings must be in the environment first

    return AWAY


def _heads_seen(place: Path) -> set[str]:
    from ast import literal_eval

    return {literal_eval(line) for line in (place / "heads").read_text().splitlines() if line.endswith("'")}


def _acknowledged(place: Path) -> list[str]:
    return [line for book in place.glob("*.acknowledged") for line in book.read_text().splitlines()]


def _judge(place: Path) -> list[str]:
    """Seal the rest, then look at everything."""
    from django.db import connection  # the settings must be in the environment first

    from troth.ledger import tasks

    tasks.seal()
    acknowledged = _acknowledged(place)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), count(DISTINCT split_part(about, ':', 2)) FROM ledger_entry"
            " WHERE split_part(about, ':', 2) = ANY (%s)",
            [acknowledged],
        )
        rows, kinds = cursor.fetchone()
    said = wrong_with(heads=_heads_seen(place), acknowledged=len(acknowledged))
    forks = place / "forks"
    said += forks.read_text().splitlines() if forks.exists() else []
    if not rows == kinds == len(acknowledged):
        said.append(f"lost or doubled: {len(acknowledged)} acknowledged, {rows} there, {kinds} of them different")
    return said


if __name__ == "__main__":
    print(json.dumps(asdict(killed_at_random(entries=int(sys.argv[1]), kills=int(sys.argv[2]), seed=int(sys.argv[3])))))
