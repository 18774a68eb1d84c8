"""An import itself: begun, looked through, taken in, stopped, gone on with. Taking it back stands in `undoing`."""

from __future__ import annotations

import shutil
import time
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.models import F, Func, JSONField, TextField, Value

from troth.channels.imports.models import UNDER_WAY, Moving, Trouble
from troth.ledger.actions import append
from troth.people.models import Staff
from troth.words import facts
from troth.words.refs import ref

#: What was handed in through the page, and what could not be taken in, is let go of after this long.
KEPT = timedelta(days=30)
#: No export is read for longer; a folder in which one was put in order and nothing was written since is nobody's any more.
STAGED = timedelta(days=2)
#: Of the session that brings an import over, looks it through or takes it back; and of the one that changes what came from a desk.
BRINGING, CHANGING = 0x7207_1AA0, 0x7207_1AA1


class UnderWay(RuntimeError):
    """Something of the same desk is brought over, or taken back, by somebody else at this moment."""


@transaction.atomic
def begin(
    *,
    source: str,
    name: str,
    path: str,
    options: Mapping[str, Any],
    state: str,
    by: Staff | None,
    now: datetime,
    is_ours: bool = False,
) -> Moving:
    """An import that is looked through, or taken in, from now on."""
    made = Moving.objects.create(
        source=source, name=name, path=path, options=dict(options), state=state, by=by, made_at=now, is_ours=is_ours
    )
    if state == Moving.State.TO_TAKE:
        _say_started(made, by=by, now=now)
    return made


@transaction.atomic
def begin_or_go_on(source: str, path: Path, options: dict[str, Any], *, now: datetime) -> Moving:
    """The import that a terminal began with this path and that did not come to its end, from here on as asked; else a new one."""
    whole = str(path.absolute())
    left = Moving.objects.filter(source=source, path=whole, options__by_command=True, state=Moving.State.TO_TAKE)
    found = left.order_by("-pk").first()
    if found is None:
        state = Moving.State.TO_TAKE
        return begin(source=source, name=path.name, path=whole, options=options, state=state, by=None, now=now)
    Moving.objects.filter(pk=found.pk).update(options=options)
    found.options = options
    return found


@transaction.atomic
def take(moving: Moving, *, by: Staff | None, now: datetime) -> bool:
    """Have the worker take it in from here on, also where it was stopped; False where that is under way, done or past."""
    ready = Moving.objects.filter(pk=moving.pk, state__in=["looked", "stopped", "failed", "done"]).exclude(path="")
    # What was begun at a terminal and ended there is the worker's now.
    options = Func(
        F("options"),
        Value("by_command", TextField()),
        arg_joiner=" - ",
        template="(%(expressions)s)",
        output_field=JSONField(),
    )
    if ready.update(state=Moving.State.TO_TAKE, problem="", ended_at=None, progress={}, options=options) != 1:
        return False
    _say_started(moving, by=by, now=now)
    return True


def _say_started(moving: Moving, *, by: Staff | None, now: datetime) -> None:
    append(
        facts.ImportStarted(about=ref("import", moving.pk), source=moving.source, by=by.reference if by else ""),
        now=now,
    )


@transaction.atomic
def stop(moving: Moving, *, by: Staff | None, now: datetime) -> bool:
    """Let it end after the batch under way; False where nothing was under way. What is here stays."""
    row = Moving.objects.select_for_update(of=("self",)).filter(pk=moving.pk, state__in=UNDER_WAY).first()
    if row is None:
        return False
    Moving.objects.filter(pk=row.pk).update(state=Moving.State.STOPPED, ended_at=now)
    if row.state == Moving.State.TO_TAKE:
        _say_ended(row, outcome="stopped", account=row.account, by=by, now=now)
    return True


def moves(moving: Moving, *, progress: Mapping[str, Any], now: datetime, **values: Any) -> bool:
    """Note how far it is; False where somebody stopped it, whatever they began with it since."""
    mine = Moving.objects.filter(pk=moving.pk, state=moving.state)
    return mine.update(moved_at=now, progress=dict(progress), **values) == 1


def goes_on(moving: Moving, *, progress: Mapping[str, Any], account: Mapping[str, Any], now: datetime) -> bool:
    """The same, with what it came to so far."""
    return moves(moving, progress=progress, now=now, account=dict(account))


def begun(moving: Moving, *, now: datetime) -> None:
    Moving.objects.filter(pk=moving.pk).update(begun_at=now, moved_at=now)


@transaction.atomic
def ended(moving: Moving, *, state: str, now: datetime, by: Staff | None = None, **values: Any) -> None:
    """It came to its end, whichever; one that was stopped meanwhile stays so. *by* asked for it to be taken back, where it was."""
    row = Moving.objects.select_for_update(of=("self",)).filter(pk=moving.pk, state=moving.state).first()
    if row is None:
        return
    Moving.objects.filter(pk=row.pk).update(state=state, ended_at=now, moved_at=now, **values)
    account: Mapping[str, int] = values.get("account", row.account)
    if row.state == Moving.State.TO_TAKE:
        _say_ended(row, outcome="failed" if state == Moving.State.FAILED else "done", account=account, by=None, now=now)
    elif row.state == Moving.State.TO_UNDO and state != Moving.State.FAILED:
        append(
            facts.ImportUndone(
                about=ref("import", row.pk),
                gone=account.get("taken_back", 0),
                staying=account.get("staying", 0),
                by=by.reference if by else "",
            ),
            now=now,
        )


def _say_ended(moving: Moving, *, outcome: str, account: Mapping[str, int], by: Staff | None, now: datetime) -> None:
    """With what it came to as far as was counted: the batch in hand when it was stopped is told by its cases alone."""
    append(
        facts.ImportEnded(
            about=ref("import", moving.pk),
            outcome=outcome,
            new=account.get("new", 0),
            added=account.get("added", 0),
            rejected=account.get("rejected", 0),
            by=by.reference if by else "",
        ),
        now=now,
    )


def tell_troubles(moving: Moving, troubles: Iterable[tuple[str, int, str]]) -> None:
    """Keep what could not be taken in; told again, it is kept once."""
    Trouble.objects.bulk_create(
        (
            Trouble(moving=moving, file=file[:500], line=line, reason=reason[:1000])
            for file, line, reason in dict.fromkeys(troubles)
        ),
        ignore_conflicts=True,
        batch_size=1_000,
    )


@contextmanager
def held(moving: Moving) -> Iterator[bool]:
    """Whether nobody else has it in hand meanwhile; whoever holds it is alive."""
    with _locked(BRINGING, moving.pk) as is_ours:
        yield is_ours


@contextmanager
def alone(source: str, *, patience_seconds: float = 0.0) -> Iterator[None]:
    """Nobody else changes what came from this desk meanwhile; raises UnderWay where somebody still does after *patience_seconds*.

    One export can be handed in on the page and named at a terminal, so what is held is the desk, not the file. A process that was
    killed holds it until the database has ended its last statement: hence the patience.
    """
    with _locked(CHANGING, zlib.crc32(source.encode()) >> 1, patience_seconds=patience_seconds) as is_ours:
        if not is_ours:
            raise UnderWay(source)
        yield


@contextmanager
def _locked(sort: int, number: int, *, patience_seconds: float = 0.0) -> Iterator[bool]:
    is_ours, until = _tried(sort, number), time.monotonic() + patience_seconds
    while not is_ours and time.monotonic() < until:
        time.sleep(0.1)
        is_ours = _tried(sort, number)
    try:
        yield is_ours
    finally:
        if is_ours:
            with suppress(DatabaseError), connection.cursor() as cursor:  # without a session there is no lock
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [sort, number])


def _tried(sort: int, number: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [sort, number])
        return bool(cursor.fetchone() == (True,))


# Letting go


def let_go(*, now: datetime) -> int:
    """What was handed in through the page, and the list of what could not be taken in, after a month; how many."""
    old = Moving.objects.filter(made_at__lt=now - KEPT).exclude(state__in=UNDER_WAY)
    gone = 0
    for moving in old.filter(is_ours=True).exclude(path=""):
        shutil.rmtree(Path(moving.path).parent, ignore_errors=True)
        gone += Moving.objects.filter(pk=moving.pk).update(path="")
    gone += Trouble.objects.filter(moving__in=old).delete()[0]
    gone += old.exclude(report={}).update(report={})
    return gone + _let_go_of_leftovers(now=now)


def _let_go_of_leftovers(*, now: datetime) -> int:
    """Folders of ours whose process was killed: an export put in order for reading, or handed in and never begun."""
    place = Path(settings.TROTH_DATA) / "moving"
    used = {
        Path(path).parent
        for path in Moving.objects.filter(is_ours=True).exclude(path="").values_list("path", flat=True)
    }
    gone = 0
    for folder in place.iterdir() if place.is_dir() else ():
        kept = STAGED if folder.name.startswith("staged-") else KEPT
        if folder.name == "in" or folder in used or not folder.is_dir() or folder.is_symlink():
            continue
        with suppress(FileNotFoundError):
            if max(one.stat().st_mtime for one in (folder, *folder.iterdir())) < (now - kept).timestamp():
                shutil.rmtree(folder, ignore_errors=True)
                gone += 1
    return gone
