"""What else becomes of a promise: let go, voided, given up, explained, judged by its customer, in other hands."""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.db import transaction

from troth.ledger.actions import append
from troth.people.models import Staff
from troth.promises.actions.keeping import late_by_now, locked, missed_due
from troth.promises.models import Promise
from troth.promises.telling import by_ref, customer_ref
from troth.words import facts
from troth.words.promises import MissReason, Sort, State
from troth.words.refs import ref


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@transaction.atomic(savepoint=False)
def own(promise: Promise, *, owner: Staff | None, by: Staff | None, now: datetime) -> bool:
    """Somebody becomes the owner; False if it was so already."""
    row = Promise.objects.select_for_update(of=("self",)).select_related("team").get(pk=promise.pk)
    if row.owner_id == (owner.pk if owner else None):
        return False
    before = ref("staff", row.owner_id) if row.owner_id else ""
    after = ref("staff", owner.pk) if owner else ""
    Promise.objects.filter(pk=row.pk).update(owner=owner, team_id=_team_after(row, owner))
    append(
        facts.PromiseOwned(
            about=ref("promise", row.pk), customer=customer_ref(row), before=before, owner=after, by=by_ref(by)
        ),
        now=now,
    )
    return True


def _team_after(row: Promise, owner: Staff | None) -> int | None:
    """The new owner's team; what a closed team looks after stays with it, whoever owns it."""
    stays = owner is None or (row.team is not None and row.team.is_closed)
    return row.team_id if stays or owner is None else owner.team_id


def follow(about: str, *, team_id: int | None) -> None:
    """Everything promised in *about* belongs to this team from now on, and is seen by whoever sees the team."""
    Promise.objects.filter(about=about).update(team_id=team_id)


def reason_of(reason: str) -> str:
    return MissReason(reason) if reason else ""


@transaction.atomic
def release(promise: Promise, *, reason: str, by: Staff | None, now: datetime) -> bool:
    """The customer let us off; False if it was settled already."""
    return _settle(
        promise,
        state=State.RELEASED,
        reason=reason,
        fact=facts.PromiseReleased(
            about=ref("promise", promise.pk), customer=customer_ref(promise), reason=digest(reason), by=by_ref(by)
        ),
        now=now,
    )


@transaction.atomic
def void(promise: Promise, *, reason: str, by: Staff | None, now: datetime) -> bool:
    """It was recorded by mistake, and the reason is kept; False if it was settled already."""
    return _settle(
        promise,
        state=State.VOID,
        reason=reason,
        fact=facts.PromiseVoided(
            about=ref("promise", promise.pk), customer=customer_ref(promise), reason=digest(reason), by=by_ref(by)
        ),
        now=now,
    )


@transaction.atomic
def give_up(promise: Promise, *, reason: str, by: Staff | None, now: datetime) -> bool:
    """Staff say it will not be done: broken, at once and openly. False if it was settled already."""
    row = locked(promise)
    if row is None or not row.is_owed or row.due is None:
        return False
    Promise.objects.filter(pk=row.pk).update(miss_reason=reason_of(reason))
    return _settle(
        row,
        state=State.BROKEN,
        reason="",
        fact=facts.PromiseBroken(
            about=ref("promise", row.pk), customer=customer_ref(row), due=row.due, reason="said_so"
        ),
        now=now,
    )


@transaction.atomic
def happened_again(promise: Promise, *, reason: str, by: Staff | None, now: datetime) -> bool:
    """What was not to happen again did, before the date: broken, at once. False if it was settled already.

    There is no being late with it: it could only be kept, or broken.
    """
    row = locked(promise)
    if row is None or not row.is_owed or row.due is None or row.sort != Sort.NOT_AGAIN:
        return False
    fact = facts.PromiseBroken(
        about=ref("promise", row.pk), customer=customer_ref(row), due=row.due, reason="happened_again"
    )
    if not _settle(row, state=State.BROKEN, reason="", fact=fact, now=now):
        return False
    if reason:
        explain(row, reason=MissReason(reason), by=by, now=now)
    return True


@transaction.atomic
def never_done(promise: Promise, *, now: datetime) -> bool:
    """Whom it was promised to was forgotten, and did not let us off: broken, now. False if it was settled already."""
    row = locked(promise)
    if row is None or not row.is_owed or row.due is None:
        return False
    if row.due <= now:
        late_by_now(row, now=now)
    fact = facts.PromiseBroken(
        about=ref("promise", row.pk), customer=customer_ref(row), due=missed_due(row), reason="erased"
    )
    return _settle(row, state=State.BROKEN, reason="", fact=fact, now=now)


def _settle(promise: Promise, *, state: State, reason: str, fact: facts.Fact, now: datetime) -> bool:
    owed = [State.PROPOSED, State.ARMED, State.OPEN, State.MOVED, State.LATE]
    changed = Promise.objects.filter(pk=promise.pk, state__in=owed, done_at=None).update(
        state=state, reason=reason.strip(), settled_at=now, look_again_at=None
    )
    if changed != 1:
        return False
    append(fact, now=now)
    return True


@transaction.atomic
def explain(promise: Promise, *, reason: MissReason, by: Staff | None, now: datetime) -> None:
    """Why it was missed; the latest reason counts, every one is in the ledger."""
    Promise.objects.filter(pk=promise.pk).update(miss_reason=reason)
    append(
        facts.MissExplained(
            about=ref("promise", promise.pk), customer=customer_ref(promise), reason=reason, by=by_ref(by)
        ),
        now=now,
    )


@transaction.atomic
def give_verdict(promise: Promise, *, kept: bool, now: datetime) -> bool:
    """The customer's own verdict, beside ours; it may change. False if it was the same already."""
    changed = (
        Promise.objects.filter(pk=promise.pk)
        .exclude(verdict=kept, verdict__isnull=False)
        .update(verdict=kept, verdict_at=now)
    )
    if not changed:
        return False
    append(facts.VerdictGiven(about=ref("promise", promise.pk), customer=customer_ref(promise), kept=kept), now=now)
    return True
