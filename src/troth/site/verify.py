"""The one checker: every room's checks over one picture of the tables, and the mailboxes where they can be reached.

It only reads, and may run beside a working system: the picture is of one moment. Tests of faults and hosts use the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.utils.translation import gettext as _

from troth.breaches import checks as breaches
from troth.cases import checks as cases
from troth.channels.chat import checks as chat
from troth.channels.email import checks as email
from troth.clocks import checks as clocks
from troth.inbox import checks as inbox
from troth.incidents import checks as incidents
from troth.ledger import checks as ledger
from troth.ledger import tree_checks
from troth.ledger.tree_checks import Outside
from troth.notices import checks as notices
from troth.post import checks as post
from troth.promises import checks as promises
from troth.record import checks as record
from troth.remedies import checks as remedies
from troth.status import checks as status
from troth.words.findings import SHOWN_MOST, Check, Finding

#: What is asked fact by fact, for the tables alone cannot open one.
STREAMS = (promises.compared_with_facts, ledger.changed_bodies)


@dataclass(frozen=True)
class Report:
    findings: tuple[Finding, ...]
    #: What could not be compared, as sentences.
    skipped: tuple[str, ...]


def findings(*, now: datetime) -> list[Finding]:
    """Everything that is not as it must be at *now*; mailboxes that cannot be reached are passed over."""
    return list(report(now=now).findings)


def report(*, now: datetime, with_mailboxes: bool | None = None) -> Report:
    """Everything that is not as it must be. *with_mailboxes*: None compares those that can be reached, True insists."""
    found: list[Finding] = []
    skipped: list[str] = []
    outside = Outside.now()
    with one_picture():
        for check in checks():
            found += answer(check, now=now)
        for stream in STREAMS:
            found += stream()
        found += tree_checks.findings(outside, now=now)
    for one in email.mailboxes(now=now) if with_mailboxes is not False else ():
        if isinstance(one, Finding):
            found.append(one)
            continue
        said = _("The mailbox %(name)s could not be compared: %(problem)s") % vars(one)
        if with_mailboxes:
            mend = _("Find out with `troth mailbox check`.")
            found.append(Finding(invariant="I1", wrong=said, mend=mend, refs=(), count=1))
        else:
            skipped.append(said)
    found.sort(key=lambda one: int(one.invariant.removeprefix("I")))
    return Report(tuple(found), tuple(skipped))


def checks() -> Iterator[Check]:
    """Every question to the tables."""
    for room in (
        inbox,
        cases,
        breaches,
        status,
        incidents,
        chat,
        clocks,
        remedies,
        notices,
        post,
        promises,
        ledger,
        record,
    ):
        yield from room.checks()


def answer(check: Check, *, now: datetime) -> Iterator[Finding]:
    """What one question finds: nothing, or one finding."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT reference, count(*) OVER () FROM ({check.refs}) AS wrong (reference) LIMIT {SHOWN_MOST}",  # noqa: S608 -- the rooms' own questions
            {"now": now, **check.values},
        )
        rows = cursor.fetchall()
    if rows:
        refs = tuple(reference for reference, _count in rows)
        yield Finding(invariant=check.invariant, wrong=check.wrong, mend=check.mend, refs=refs, count=rows[0][1])


@contextmanager
def one_picture() -> Iterator[None]:
    """Every question sees the tables as they were at one moment; inside a transaction, as that one sees them."""
    if connection.in_atomic_block:
        yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            cursor.execute("SET LOCAL work_mem = '128MB'")  # the questions are few and large
        yield
