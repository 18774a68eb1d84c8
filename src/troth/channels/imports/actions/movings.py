"""An import itself: begun, looked through, taken in, stopped, gone on with, taken back."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from troth.cases import actions as cases
from troth.cases.models import Case
from troth.channels.imports.models import Moved, Moving, Trouble
from troth.people.models import Staff
from troth.people.taking_back import take_back_customers

#: What was handed in through the page, and what could not be taken in, is let go of after this long.
KEPT = timedelta(days=30)
#: No export is read for longer; a folder in which one was put in order and nothing was written since is nobody's any more.
STAGED = timedelta(days=2)
#: Of the session that brings an import over, or takes it back.
BRINGING = 0x7207_1AA0
#: Of what stays when an import is taken back, so many are named.
SHOWN = 50


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
    return Moving.objects.create(
        source=source, name=name, path=path, options=dict(options), state=state, by=by, made_at=now, is_ours=is_ours
    )


def take(moving: Moving) -> bool:
    """Have it taken in from here on, also where it was stopped; False where that is under way, done or past."""
    ready = Moving.objects.filter(pk=moving.pk, state__in=["looked", "stopped", "failed", "done"]).exclude(path="")
    return ready.update(state=Moving.State.TO_TAKE, problem="", ended_at=None) == 1


def stop(moving: Moving, *, now: datetime) -> bool:
    """Let it end after the batch under way; False where nothing was under way. What is here stays."""
    under_way = Moving.objects.filter(pk=moving.pk, state__in=["to_look", "to_take"])
    return under_way.update(state=Moving.State.STOPPED, ended_at=now) == 1


def moves(moving: Moving, *, progress: Mapping[str, Any], now: datetime, **values: Any) -> bool:
    """Note how far it is; False where somebody stopped it."""
    mine = Moving.objects.filter(pk=moving.pk, state__in=["to_look", "to_take"])
    return mine.update(moved_at=now, progress=dict(progress), **values) == 1


def goes_on(moving: Moving, *, progress: Mapping[str, Any], account: Mapping[str, Any], now: datetime) -> bool:
    """The same, with what it came to so far."""
    return moves(moving, progress=progress, now=now, account=dict(account))


def begun(moving: Moving, *, now: datetime) -> None:
    Moving.objects.filter(pk=moving.pk).update(begun_at=now, moved_at=now)


def ended(moving: Moving, *, state: str, now: datetime, **values: Any) -> None:
    """It came to its end, whichever; one that was stopped meanwhile stays so."""
    rows = Moving.objects.filter(pk=moving.pk, state__in=["to_look", "to_take"])
    rows.update(state=state, ended_at=now, moved_at=now, **values)


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


# Taking back


def stays(moving: Moving) -> list[int]:
    """The cases of it that somebody here went on with: they stay when it is taken back."""
    with connection.cursor() as cursor:
        cursor.execute(_TOUCHED, {"moving": moving.pk, "prefix": f"{moving.source}:%"})
        return [row[0] for row in cursor.fetchall()]


_TOUCHED = """
    SELECT moved.case_id FROM imports_moved AS moved JOIN cases_case AS one ON one.id = moved.case_id
     WHERE moved.moving_id = %(moving)s AND (
        one.status <> moved.status OR one.assignee_id IS DISTINCT FROM moved.assignee_id OR one.kind_by_hand
        OR EXISTS (SELECT FROM cases_message AS said WHERE said.case_id = one.id AND said.source NOT LIKE %(prefix)s)
        OR EXISTS (SELECT FROM cases_reply AS reply WHERE reply.case_id = one.id)
        OR EXISTS (SELECT FROM cases_correction AS word JOIN cases_message AS said ON said.id = word.message_id
                    WHERE said.case_id = one.id)
        OR EXISTS (SELECT FROM cases_case AS other WHERE other.seems_to_be_id = one.id)
        OR EXISTS (SELECT FROM promises_promise AS promise WHERE promise.about = 'case:' || one.id)
        OR EXISTS (SELECT FROM post_letter AS letter WHERE letter.because = 'case:' || one.id)
        OR EXISTS (SELECT FROM people_customer AS who WHERE who.id = one.customer_id AND who.erased_at IS NOT NULL))
     ORDER BY moved.case_id
"""
_BATCH = 500


def undo(moving: Moving, *, by: Staff | None, now: datetime) -> tuple[int, int]:
    """Take everything back that this import brought and nobody went on with; how many cases went, and how many stay.

    In batches, each whole; stopped in between, it is gone on with by asking again. Customers it met go too, where nothing
    else is known of them.
    """
    if moving.state in {Moving.State.TO_LOOK, Moving.State.TO_TAKE}:
        raise StillUnderWay("Stop it first.")
    with held(moving) as is_ours:
        if not is_ours:  # stopped, and somebody still has its last tickets in hand
            raise StillUnderWay("Stop it first.")
        gone = 0
        while batch := _batch(moving):
            gone += _undo(moving, batch, by=by, now=now)
        staying = Moved.objects.filter(moving=moving).count()
        if not staying:
            Moving.objects.filter(pk=moving.pk).update(state=Moving.State.UNDONE, ended_at=now)
    return gone, staying


@contextmanager
def held(moving: Moving) -> Iterator[bool]:
    """Whether nobody else brings it over or takes it back meanwhile; whoever holds it is alive."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [BRINGING, moving.pk])
        is_ours = cursor.fetchone() == (True,)
        try:
            yield is_ours
        finally:
            if is_ours:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [BRINGING, moving.pk])


class StillUnderWay(ValueError):
    """It is being taken in, and cannot be taken back at once."""


def _batch(moving: Moving) -> list[int]:
    touched = stays(moving)
    rows = Moved.objects.filter(moving=moving).exclude(case__in=touched).order_by("case")
    return list(rows.values_list("case_id", flat=True)[:_BATCH])


@transaction.atomic
def _undo(moving: Moving, numbers: Sequence[int], *, by: Staff | None, now: datetime) -> int:
    list(Case.objects.select_for_update(of=("self",)).filter(pk__in=numbers).order_by("pk"))
    touched = set(stays(moving))  # asked again with the cases in hand
    going = [number for number in numbers if number not in touched]
    rows = Moved.objects.filter(case__in=going)
    customers = list(rows.filter(met=True).values_list("case__customer_id", flat=True))
    rows.delete()
    cases.take_back_cases(going, by=by, now=now)
    take_back_customers(sorted(set(customers)), by=by, now=now)
    return len(going)


# Letting go


def let_go(*, now: datetime) -> int:
    """What was handed in through the page, and the list of what could not be taken in, after a month; how many."""
    old = Moving.objects.filter(made_at__lt=now - KEPT).exclude(state__in=["to_look", "to_take"])
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
