"""What keeps a story going, a mail server and a worker that is never late; and what is found once somebody tampers with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from django.db import transaction
from tests.owner import execute

from troth.cases import actions as cases
from troth.clocks import watcher as clocks
from troth.ledger import actions as ledger
from troth.post import sending
from troth.post.rules.carrier import Outcome, accepted, refused
from troth.promises import watcher
from troth.remedies import actions as remedies
from troth.site import verify

#: Invariant, word of the first thing concerned, and sentence.
Found = tuple[str, str, str]


class Taking:
    """A carrier to a server that takes everything but what goes to bob."""

    def open(self) -> None: ...

    def submit(self, letter: bytes, sender: str, recipients: Sequence[str], on_data: Callable[[], None]) -> Outcome:
        if recipients[0].startswith("bob"):
            return refused(550, "no such mailbox")
        on_data()
        return accepted()

    def was_kept(self, message_id: str) -> bool | None:
        return None

    def close(self) -> None: ...


def work(now: datetime) -> None:
    """Everything the worker would do by *now*."""
    watcher.settle_tellings(now=now)
    while watcher.look_ahead(now=now) or clocks.look_ahead(now=now):
        pass
    while remedies.look_ahead(now=now):
        pass
    cases.leave(now=now)
    ledger.seal(now=now)  # what letters enclose is there when they leave
    sending.sweep(carrier=Taking(), clock=lambda: now)
    watcher.settle_tellings(now=now)
    ledger.seal(now=now)


def tampered(statements: str, *, now: datetime) -> frozenset[Found]:
    """Everything found at *now* once these were done past every trigger; they are undone after it."""
    with transaction.atomic():
        execute(*statements.split(";"))
        found = verify.findings(now=now)
        transaction.set_rollback(True)
    return frozenset((one.invariant, one.refs[0].partition(":")[0], one.wrong) for one in found)
