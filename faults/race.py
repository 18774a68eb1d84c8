"""R10: several workers at the same promises and letters, and several at the same mailbox, all at once: each thing is done once."""

from __future__ import annotations

import mmap
import sys
import time
from dataclasses import replace
from datetime import timedelta

from django.db import connection, transaction
from django.test import override_settings
from tests.lab.mail import MailLab

from faults.flows import HEADS_UP, TAKE_IN, WARN, facts_of, tally
from faults.processes import Process
from faults.registry import Outcome
from faults.scene import LANES, Scene, scene
from troth.ledger.actions import append_all
from troth.people.actions import Stranger, meet_all
from troth.promises.actions import made, unsaved
from troth.promises.models import Promise
from troth.words.hours import round_the_clock

WORKERS = 4
#: Of a letter that lies there; an acknowledgement is no part of it, for only so many leave in a minute.
KEPT = replace(TAKE_IN, effects={name: TAKE_IN.effects[name] for name in ("arrival", "message", "case")})
#: What the watcher does for our own people.
FACTS = {"warning": "StaffWarned", "escalation": "StaffEscalated", "judged": "PromiseLate"}
SEEN = replace(WARN, effects={name: facts_of(kind) for name, kind in FACTS.items()})
SECONDS_MOST = 2400.0


def everything(lab: MailLab) -> Outcome:
    return race(lab, promises=10_000, letters=500)


def race(lab: MailLab, *, promises: int, letters: int) -> Outcome:
    """Let *promises* come to their heads-up at one moment while *letters* lie in the mailbox; judge them when all is at rest.

    Their owner is warned of each, the lead hears of each, and each customer gets a letter. Two of the workers receive from the
    mailbox too, past the lock that otherwise lets one of them watch it.
    """
    with scene(lab) as here, override_settings(TROTH_MAIL_ARCHIVE=""):
        rows = _promised(here, promises)
        _letters_lie_there(here, letters)
        here.clock.to(max(row.heads_up_at for row in rows if row.heads_up_at))
        began = time.monotonic()
        enough = _at_once(here, letters=letters)
        seconds = time.monotonic() - began
        here.clock.to(max(row.due for row in rows if row.due))
        enough = _at_once(here, letters=letters) and enough
        wrong = here.findings()
        warned = tally(here, SEEN, [row.pk for row in rows], letters_too=False)
        heard = tally(here, HEADS_UP, [row.pk for row in rows])
        kept = tally(here, KEPT, [here.message_id(number) for number in range(letters)], letters_too=False)
    for one in (*wrong, *warned.wrong[:20], *heard.wrong[:20], *kept.wrong[:20]):
        print(one, file=sys.stderr)
    return Outcome(
        points=promises + letters,
        lost=warned.lost + heard.lost + kept.lost,
        doubled=warned.doubled + heard.doubled + kept.doubled,
        stuck=len(wrong) + (not enough),
        notes=f"{promises:,} letters and {letters:,} messages in {seconds:.0f} s",
    )


def _promised(here: Scene, count: int) -> list[Promise]:
    """Made just now to as many customers, all for the same hour."""
    now, hours = here.clock(), round_the_clock("Europe/London")
    with transaction.atomic():
        met = meet_all(
            [Stranger(kind="email", address=here.address(number), name="C", met_at=now) for number in range(count)],
            channel="email", now=now,
        )  # fmt: skip
        rows = Promise.objects.bulk_create(
            unsaved(
                customer=customer,
                what="ring you",
                due=now + timedelta(hours=8),
                said_at=now,
                hours=hours,
                owner=here.sam,
            )
            for customer, _handle in met.values()
        )
        append_all([made(row) for row in rows], now=now)
    return rows


def _letters_lie_there(here: Scene, count: int) -> None:
    with here.lab.imap("support@troth.test") as mailbox:
        for number in range(count):
            mailbox.append("INBOX", "", "", here.letter_in(number))


def _at_once(here: Scene, *, letters: int) -> bool:
    """Every worker, round after round, until nothing is left to do; False when that takes too long."""
    over = mmap.mmap(-1, 1)

    def work(receives: bool) -> None:
        lanes = (here.receive, *LANES) if receives else LANES
        while over[0] == 0:
            for lane in lanes:
                lane()

    workers = [Process(lambda receives=number < 2: work(receives)) for number in range(WORKERS)]  # type: ignore[misc]
    until = time.monotonic() + SECONDS_MOST
    while not (here.has_received(letters) and here.is_at_rest()) and time.monotonic() < until:
        connection.close()
        time.sleep(1)
        here.clock.forward(timedelta(seconds=1))  # a worker that met another's lock comes back to it after its lease
    over[0] = 1
    ended = [one.ended() for one in workers]
    return all(one.whole for one in ended) and time.monotonic() < until
