"""Messages read anew, after another version came or what was learned was switched on or off.

What is left to do is told by the messages themselves: each says what read it. So a round can be killed at any line, be
gone on with by anybody, and be done by several at once. What staff said is never touched, nor what they set in a case.
"""

from __future__ import annotations

import logging
from datetime import datetime
from itertools import chain

from django.db import transaction
from django.db.models import F, QuerySet

from troth.cases import reader
from troth.cases.actions.corrections import follow
from troth.cases.models import READ_BY, Case, Message, Rereading
from troth.cases.rules import kept
from troth.cases.rules.corrections import Field, shown
from troth.ledger.actions import append
from troth.words import facts
from troth.words.refs import ref

log = logging.getLogger(__name__)

#: So many are read in one transaction.
BATCH = 50


@transaction.atomic
def reread(*, most: int = BATCH, now: datetime) -> int:
    """Read up to *most* messages anew that something else has read; how many. Safe to repeat and to run side by side.

    Where something else is read now, the case follows if it is open; a case that is settled or from before stays as it is.
    The ledger is told once a round, for a fact a message would say nothing but that the version is another.
    """
    version = reader.version()
    waiting = [rows.select_for_update(skip_locked=True, of=("self",))[:most] for rows in read_by_others(version)]
    messages = list(chain.from_iterable(waiting))[:most]
    if not messages:
        under_way = Rereading.objects.filter(ended_at=None)
        if under_way.exists() and not left_to_reread(version):  # what another worker holds is left, too
            _end(under_way, now=now)
        return 0
    round_ = _round(version, now=now)
    changed = [message for message in messages if _read_anew(message, version)]
    Message.objects.bulk_update(messages, ["reading"])
    for message in _first_of_open_cases(changed):
        follow(message, by=None, now=now)
    Rereading.objects.filter(pk=round_.pk).update(read=F("read") + len(messages), changed=F("changed") + len(changed))
    return len(messages)


def left_to_reread(version: str) -> int:
    """How many messages of customers something else than *version* has read."""
    return sum(rows.count() for rows in read_by_others(version))


def read_by_others(version: str) -> tuple[QuerySet[Message], QuerySet[Message]]:
    """Messages that something else has read, in two parts that the index finds at once."""
    rows = Message.objects.filter(direction=Message.Direction.INBOUND).alias(read_by=READ_BY).order_by("read_by", "pk")
    return rows.filter(read_by__lt=version), rows.filter(read_by__gt=version)


def _round(version: str, *, now: datetime) -> Rereading:
    """The round that is under way; one for another version has ended by this one's beginning."""
    found = Rereading.objects.filter(version=version, ended_at=None).first()
    if found:
        return found
    _end(Rereading.objects.filter(ended_at=None), now=now)
    # Another worker may begin the same one now: the table holds one.
    Rereading.objects.bulk_create(
        [Rereading(version=version, total=left_to_reread(version), begun_at=now)], ignore_conflicts=True
    )
    return Rereading.objects.get(version=version, ended_at=None)


def _end(rounds: QuerySet[Rereading], *, now: datetime) -> None:
    for one in rounds.select_for_update():
        Rereading.objects.filter(pk=one.pk).update(ended_at=now)
        append(
            facts.MessagesReread(
                about=ref("rereading", one.pk), reading=one.version, messages=one.read, changed=one.changed
            ),
            now=now,
        )


def _read_anew(message: Message, version: str) -> bool:
    """Whether something else is read now than before."""
    try:
        read = reader.read(message.text, at=message.at)
    except Exception:
        log.exception("message:%s cannot be read anew, and keeps what was read before.", message.pk)
        message.reading = {**message.reading, "version": version}
        return False
    before = kept.from_plain(message.reading)
    message.reading = {**kept.plain(read), "version": version}
    return any(shown(before, field) != shown(read, field) for field in Field)


def _first_of_open_cases(messages: list[Message]) -> list[Message]:
    """A message of each case that is open, in the order of the cases, so that two workers hold them in the same."""
    of_case = {message.case_id: message for message in messages}
    open_ones = Case.objects.filter(pk__in=of_case, imported=False).exclude(status=Case.Status.RESOLVED)
    return [of_case[pk] for pk in sorted(open_ones.values_list("pk", flat=True))]
