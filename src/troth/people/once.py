"""A request is done once, however often it comes: the network repeats, people press twice, programs try again.

The asker names the request; the name is kept first and by itself, then its row is held while the work is done, and the answer
is written beside the work, in the same transaction. So a process that dies on the way leaves either nothing of the work or
all of it with its answer. What went wrong on our side is not kept: it is tried again. A name is kept for seven days at least.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import OperationalError, connection, transaction
from psycopg.errors import LockNotAvailable

from troth.people.models import Once
from troth.people.planned import planned_once

KEPT = timedelta(days=7)
#: Each new name lets more of the old go than it adds, so the table holds a busy week at most.
_FORGOTTEN_AT_ONCE = 20


class StillAtIt(RuntimeError):
    """The same request is being done at this moment."""


class NameTaken(ValueError):
    """This name stands for another request."""


@dataclass(frozen=True)
class Answer:
    """What was answered; *body* is the answer's own bytes, or where a form leads."""

    status: int
    body: bytes
    #: It was given before, and the work was not done again.
    again: bool = False


def digest(*parts: str | bytes) -> str:
    """What tells one request from another."""
    whole = hashlib.sha256()
    for part in parts:
        told = part.encode() if isinstance(part, str) else part
        whole.update(len(told).to_bytes(8, "big") + told)
    return whole.hexdigest()


def once(
    *,
    actor: str,
    name: str,
    digest: str,
    work: Callable[[], Answer],
    keep: Callable[[Answer], bool] = lambda answer: answer.status < 500,
    wait: bool = False,
    now: datetime,
) -> Answer:
    """The answer of *work*, done now or given before under the same *name*.

    An answer of 400 and more undoes the work; one that *keep* does not want leaves the name for another try, as does
    an exception. Raises NameTaken where the name stands for another request, StillAtIt where the same one is being done
    (with *wait*: once it is done, its answer is given).
    """
    _keep_name(actor, name, digest, now=now)
    with transaction.atomic():
        row = _held(actor, name, wait=wait)
        if row is None:  # it was let go of between the two lines: the name is free, and this is another try
            row = Once.objects.create(actor=actor, name=name, digest=digest, at=now)
        if row.digest != digest:
            raise NameTaken("This name stands for another request.")
        if row.status is not None and row.body is not None:
            return Answer(row.status, bytes(row.body), again=True)
        with transaction.atomic():
            answer = work()
            if answer.status >= 400:
                transaction.set_rollback(True)
        if keep(answer):
            with planned_once():
                Once.objects.filter(pk=row.pk).update(status=answer.status, body=answer.body)
    return answer


def _keep_name(actor: str, name: str, digest: str, *, now: datetime) -> None:
    """By itself, and for good when this returns; old names go with it, but for this one if it is old itself."""
    with planned_once(), connection.cursor() as cursor:
        cursor.execute(_KEEP, [now - KEPT, actor, name, _FORGOTTEN_AT_ONCE, actor, name, digest, now])


@planned_once()
def _held(actor: str, name: str, *, wait: bool) -> Once | None:
    try:
        return Once.objects.select_for_update(nowait=not wait).filter(actor=actor, name=name).first()
    except OperationalError as error:
        if isinstance(error.__cause__, LockNotAvailable):
            raise StillAtIt("The same request is being done right now.") from error
        raise


def forget(*, now: datetime) -> int:
    """Let go of some requests that nobody repeats any more; how many. What is being done is left alone."""
    with connection.cursor() as cursor:
        cursor.execute(_FORGET, [now - KEPT, "", "", _FORGOTTEN_AT_ONCE])
        return int(cursor.rowcount)


_FORGET = """
DELETE FROM people_once WHERE id IN (
    SELECT id FROM people_once WHERE at < %s AND (actor, name) <> (%s, %s) ORDER BY at LIMIT %s FOR UPDATE SKIP LOCKED)
"""
_KEEP = f"""
WITH gone AS ({_FORGET})
INSERT INTO people_once (actor, name, digest, at) VALUES (%s, %s, %s, %s) ON CONFLICT (actor, name) DO NOTHING
"""  # noqa: S608 -- our own words
