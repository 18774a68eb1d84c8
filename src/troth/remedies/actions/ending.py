"""What becomes of an offer: accepted, declined, given with proof, withdrawn."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from troth.ledger.actions import append
from troth.people.models import Staff
from troth.people.queries import hours_of
from troth.promises import actions as promises
from troth.remedies.actions import facts_of
from troth.remedies.actions.offering import held, told
from troth.remedies.models import Remedy
from troth.remedies.rules.due import due_at, was_given_since
from troth.remedies.rules.life import Act, NotNow, can, step
from troth.words import facts
from troth.words.promises import State as Word
from troth.words.remedies import State


class NotGiven(ValueError):
    """It cannot have been given like this; *why* is no_proof, future or too_early."""

    def __init__(self, why: str) -> None:
        super().__init__(f"This cannot have been given: {why}.")
        self.why = why


@transaction.atomic
def accept(remedy: Remedy, *, by: Staff | None, now: datetime) -> bool:
    """The customer says yes, to *by* or on their own page: owed from now on. False if it is no longer on offer."""
    row = held(remedy)
    if row.state != State.OFFERED or row.promise is None:
        return False
    due = due_at(now, days=row.days, hours=hours_of(row.team_id), now=now)
    if not promises.open_up(row.promise, due=due, by=by or row.offered_by, now=now):
        return False
    row.state, row.accepted_at, row.due = step(State.OFFERED, Act.ACCEPT), now, due
    row.save(update_fields=["state", "accepted_at", "due"])
    append(facts.RemedyAccepted(due=due, by=facts_of.by_ref(by), **facts_of.of(row)), now=now)
    return True


@transaction.atomic
def decline(remedy: Remedy, *, reason: str = "", by: Staff | None, now: datetime) -> bool:
    """The customer says no; False if it is no longer on offer."""
    row = held(remedy)
    if row.state != State.OFFERED:
        return False
    if row.promise:
        promises.release(row.promise, reason=reason, by=by, now=now)
    _ends(row, act=Act.DECLINE, reason=reason, now=now)
    append(facts.RemedyDeclined(by=facts_of.by_ref(by), **facts_of.of(row)), now=now)
    return True


@transaction.atomic
def withdraw(remedy: Remedy, *, reason: str, by: Staff, now: datetime) -> bool:
    """Take it back, with a reason, before the customer said yes; False if it is too late for that. Raises NotNow without reason."""
    if not reason.strip():
        raise NotNow("Say why; it stays in the record.")
    row = held(remedy)
    if Act.WITHDRAW not in can(State(row.state)):
        return False
    if row.promise and row.promise.state == Word.ARMED:
        promises.void(row.promise, reason=reason, by=by, now=now)
    _ends(row, act=Act.WITHDRAW, reason=reason, now=now)
    append(facts.RemedyWithdrawn(by=by.reference, **facts_of.of(row)), now=now)
    return True


def _ends(row: Remedy, *, act: Act, reason: str, now: datetime) -> None:
    row.state, row.ended_at, row.reason = step(State(row.state), act), now, reason.strip()
    row.save(update_fields=["state", "ended_at", "reason"])


@transaction.atomic
def give(
    remedy: Remedy,
    *,
    given_at: datetime,
    reference: str,
    note: str = "",
    tell: bool = True,
    by: Staff | None,
    now: datetime,
) -> bool:
    """It was given outside, and this proves it; False if that was proven before. Raises NotGiven, NotNow.

    *reference*: by what whoever paid finds it again, such as the number of a transfer.
    """
    row = held(remedy)
    if row.state == State.GIVEN:
        return False
    after = step(State(row.state), Act.GIVE)
    if not reference.strip() and not note.strip():
        raise NotGiven("no_proof")
    if not was_given_since(given_at, made_at=row.made_at, now=now, hours=hours_of(row.team_id)):
        raise NotGiven("future" if given_at > now else "too_early")
    assert row.due
    row.state, row.given_at, row.proven_at, row.given_by = after, given_at, now, by
    row.proof_reference, row.proof_note = " ".join(reference.split()), note.strip()
    row.save(update_fields=["state", "given_at", "proven_at", "given_by", "proof_reference", "proof_note"])
    if row.promise:
        promises.keep(row.promise, by=by, now=now, done_at=given_at)
    append(
        facts.RemedyGiven(
            in_time=given_at <= row.due,
            proof_digest=facts_of.proof_digest(row),
            by=facts_of.by_ref(by),
            **facts_of.of(row),
        ),
        now=now,
        happened_at=given_at,
    )
    if tell:
        told(row, saying="given", now=now)
    return True
