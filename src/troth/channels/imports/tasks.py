"""What the worker does here: imports that were begun on the page, calls of hooks, and letting go. Thin, safe to repeat."""

from __future__ import annotations

import logging

from django.utils import timezone

from troth.channels.imports import bringing, exported
from troth.channels.imports.actions import hooks, movings, undoing
from troth.channels.imports.actions.tickets import From
from troth.channels.imports.bringing import Account, Wanted
from troth.channels.imports.models import UNDER_WAY, Moving
from troth.ledger.away import AWAY
from troth.people.models import Staff

log = logging.getLogger(__name__)


def read_calls() -> int:
    """Read every call that waits; how many."""
    done = 0
    while (call := hooks.claim(now=timezone.now())) is not None:
        hooks.read(call, now=timezone.now())
        done += 1
    return done


def bring() -> int:
    """Look through, take in and take back what was begun on the page, one after another; how many. Another worker's is left to it."""
    done = 0
    now = timezone.now()
    movings.let_go(now=now)
    hooks.let_go(now=now)
    for moving in Moving.objects.filter(state__in=UNDER_WAY).order_by("pk"):
        if moving.options.get("by_command") and moving.state != Moving.State.TO_UNDO:
            continue
        with movings.held(moving) as is_ours:
            if is_ours and Moving.objects.filter(pk=moving.pk, state=moving.state).exists():
                done += _bring(moving)
    return done


def _bring(moving: Moving) -> bool:
    """False where it waits for its turn."""
    wanted = Wanted.of(source=moving.source, path=moving.path, options=moving.options)
    try:
        if moving.state == Moving.State.TO_LOOK:
            movings.begun(moving, now=timezone.now())
            report = bringing.look(wanted, watch=lambda stage, done, whole: _watch(moving, stage, done, whole))
            movings.ended(moving, state=Moving.State.LOOKED, now=timezone.now(), report=report.plain())
            return True
        with movings.alone(moving.source):
            movings.begun(moving, now=timezone.now())
            if moving.state == Moving.State.TO_UNDO:
                _undo(moving)
            else:
                _take(moving, wanted)
    except movings.UnderWay:  # its turn comes; the page says what it waits for
        _watch(moving, "waits", 0, 0)
        return False
    except bringing.Stopped:
        pass
    except exported.NotAnExport as reason:
        movings.ended(moving, state=Moving.State.FAILED, now=timezone.now(), problem=str(reason))
    except OSError as error:
        movings.ended(moving, state=Moving.State.FAILED, now=timezone.now(), problem=str(error.strerror or error))
    except (bringing.Away, *AWAY):
        raise
    except Exception as error:  # one export that trips us keeps no other waiting
        log.exception("Import %s ended in what nobody expected.", moving.pk)
        words = f"something in it trips us ({type(error).__name__}); the log tells what"
        movings.ended(moving, state=Moving.State.FAILED, now=timezone.now(), problem=words)
    return True


def _take(moving: Moving, wanted: Wanted) -> None:
    troubles: list[tuple[str, int, str]] = []

    def tell(account: Account) -> bool:
        movings.tell_troubles(moving, troubles)
        troubles.clear()
        progress = {"stage": "tickets", "done": account.looked_at, "whole": account.whole}
        return movings.goes_on(moving, progress=progress, account=account.plain(), now=timezone.now())

    account = bringing.take(
        wanted,
        of=From(moving.source, moving=moving, sample=bool(moving.options.get("sample"))),
        watch=lambda stage, done, whole: _watch(moving, stage, done, whole),
        tell=tell,
        wrong=lambda file, line, reason: troubles.append((file, line, reason)),
    )
    movings.tell_troubles(moving, troubles)
    movings.ended(moving, state=Moving.State.DONE, now=timezone.now(), account=account.plain())


def _undo(moving: Moving) -> None:
    by = Staff.objects.filter(pk=moving.options.get("taken_back_by")).first()
    gone, staying = undoing.undo(
        moving, by=by, tell=lambda done, whole: _watch(moving, "cases", done, whole), now=timezone.now()
    )
    account = {**moving.account, "taken_back": moving.account.get("taken_back", 0) + gone, "staying": staying}
    state = Moving.State.DONE if staying else Moving.State.UNDONE
    movings.ended(moving, state=state, now=timezone.now(), by=by, account=account)


def _watch(moving: Moving, stage: str, done: int, whole: int) -> bool:
    return movings.moves(moving, progress={"stage": stage, "done": done, "whole": whole}, now=timezone.now())
