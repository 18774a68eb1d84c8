"""Every write: clocks are moved by what happens in a case, and another policy is put in force."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from django.db import connection, transaction

from troth.clocks.models import Clock, Policy, Terms
from troth.clocks.queries import as_rule, forget_policy, kept_terms, terms_of
from troth.clocks.rules import clock as rules
from troth.clocks.rules import policy
from troth.clocks.rules.clock import Did, Event, Moment, What
from troth.clocks.rules.length import worked
from troth.ledger.actions import append, append_past
from troth.people.models import Staff
from troth.people.queries import hours_of
from troth.words import facts
from troth.words.clocks import Sort, State
from troth.words.promises import MissReason
from troth.words.refs import ref

#: Facts of the caller's own, with when they happened, written in the same stroke as those of the clocks.
Beside = Sequence[tuple[datetime, facts.Fact]]
Key = tuple[Sort, int]


@dataclass(frozen=True, kw_only=True)
class Of:
    """The case whose clocks are meant, as far as they look at it."""

    about: str
    customer_id: int
    team_id: int | None
    matter: policy.Matter


class NotMissed(ValueError):
    """A clock that was met in time needs no reason."""


@dataclass(frozen=True)
class Begun:
    """The clocks of a case that is about to open, of which nothing is written yet: so its row can say at once what is due."""

    clocks: rules.Clocks
    events: Sequence[Event]

    @property
    def answering(self) -> rules.Clock | None:
        """The one that an answer would meet."""
        return rules.answering(self.clocks)


def begin(matter: policy.Matter, *, team_id: int | None, at: datetime, now: datetime) -> Begun:
    """What a customer's first words start."""
    terms = terms_of(matter, hours=hours_of(team_id), now=now)
    return Begun(*_lived({}, [Moment(what=What.SPOKE, at=at, terms=terms)]))


def case_opened(of: Of, begun: Begun, *, beside: Beside = (), now: datetime) -> None:
    """A customer's first words: its clocks start, and *beside* is said with them."""
    _write(_started(of, begun.events), begun.clocks, begun.events, beside=beside, now=now)


def customer_spoke(
    of: Of, *, at: datetime, answered_before: bool = False, beside: Beside = (), now: datetime
) -> rules.Clock | None:
    """The customer said something more, whichever way; the clock that an answer would meet."""
    return move(of, [Moment(what=What.SPOKE, at=at, answered_before=answered_before)], beside=beside, now=now)


def move(
    of: Of,
    moments: Sequence[Moment],
    *,
    is_new: bool = False,
    beside: Beside = (),
    by: Staff | None = None,
    now: datetime,
) -> rules.Clock | None:
    """Let these *moments* move the clocks of a case, in the caller's transaction; the clock that an answer would meet then.

    The rows, the facts and *beside* are written together: one statement for each. *is_new* spares looking for clocks.
    """
    rows = {} if is_new or not moments else _rows_of(of.about)
    terms = terms_of(of.matter, hours=hours_of(of.team_id), now=now)
    clocks, events = _lived(rows, [replace(moment, terms=terms) for moment in moments])
    _write({**rows, **_started(of, events)}, clocks, events, beside=beside, by=by, now=now)
    return rules.answering(clocks)


def _started(of: Of, events: Iterable[Event]) -> dict[Key, Clock]:
    return {
        (event.sort, event.number): Clock(
            about=of.about, customer_id=of.customer_id, team_id=of.team_id, sort=event.sort, number=event.number
        )
        for event in events
        if event.did is Did.STARTED
    }


def stop(about: str, *, now: datetime) -> None:
    """Nobody is left to be answered in this case: its clocks ask nothing any more."""
    rows = _rows_of(about)
    clocks, events = _lived(rows, [Moment(what=What.GONE, at=now)])
    _write(rows, clocks, events, now=now)


def extend(about: str, *, until: datetime | None = None, by: Staff, now: datetime) -> bool:
    """The customer was told why it takes longer: the clock of the case's end has the longer target its policy allows for that.

    *until*: what they were told, where the rule leaves it to us how much longer it takes. False where the policy allows for
    none, or the clock does not run any more.
    """
    with transaction.atomic():
        rows = _rows_of(about)
        clocks, events = _lived(rows, [Moment(what=What.EXTENDED, at=now, until=until)])
        _write(rows, clocks, events, by=by, now=now)
    return any(event.did is Did.CHANGED for event in events)


def _lived(rows: Mapping[Key, Clock], moments: Sequence[Moment]) -> tuple[rules.Clocks, list[Event]]:
    clocks: rules.Clocks = tuple(as_rule(row) for row in rows.values())
    events: list[Event] = []
    for moment in moments:
        clocks, done = rules.step(clocks, moment)
        events += done
    return clocks, events


def _rows_of(about: str) -> dict[Key, Clock]:
    found = Clock.objects.select_for_update(of=("self",)).select_related("terms").filter(about=about)
    return {(Sort(row.sort), row.number): row for row in found.order_by("pk")}


def _write(
    rows: Mapping[Key, Clock],
    clocks: rules.Clocks,
    events: Sequence[Event],
    *,
    beside: Beside = (),
    by: Staff | None = None,
    now: datetime,
) -> None:
    """*rows* as *clocks* say, with what they did and what the caller says beside it; in the caller's transaction."""
    touched = {(event.sort, event.number) for event in events}
    for clock in clocks:
        if (clock.sort, clock.number) in touched:
            _put(rows[clock.sort, clock.number], clock)
    for event in events:  # a version of the policy is no part of what a clock counts by
        if event.terms:
            rows[event.sort, event.number].policy_id = event.terms.policy
    if terms := [event.terms for event in events if event.terms]:
        _keep_terms(terms)
    Clock.objects.bulk_create(rows[key] for key in sorted(touched) if rows[key].pk is None)
    new = {(event.sort, event.number) for event in events if event.did is Did.STARTED}
    save([rows[key] for key in sorted(touched - new)])
    told = [(event.at, _fact(event, rows[event.sort, event.number], by=by)) for event in events]
    append_past([*beside, *told], now=now)


def _put(row: Clock, clock: rules.Clock) -> None:
    row.state, row.started_at, row.due, row.early_at = clock.state, clock.started_at, clock.due, clock.early_at
    row.terms_id = clock.terms.digest
    row.marks = [mark.astimezone(UTC).isoformat() for mark in clock.marks]
    row.paused_at, row.met_at, row.missed_at = clock.paused_at, clock.met_at, clock.missed_at
    row.stopped_at = clock.marks[-1] if clock.state is State.STOPPED else None
    if clock.marks:
        row.spent = worked(
            hours=clock.terms.hours, started_at=clock.started_at, marks=clock.marks, until=rules.last_mark(clock)
        )
    row.look_again_at = look_again_at(clock, is_warned=bool(row.warned_at), is_escalated=bool(row.escalated_at))


def look_again_at(clock: rules.Clock, *, is_warned: bool, is_escalated: bool) -> datetime | None:
    """When the watcher has something to say of it; None where it has not."""
    if clock.state is not State.RUNNING or clock.missed_at is not None:
        return None
    moments = [clock.due]
    if not is_warned:
        moments.append(clock.terms.warn_at(due=clock.due, early=clock.early_at))
    if not is_escalated:
        moments.append(clock.terms.escalate_at(due=clock.due))
    return min(moments)


_SAVED = {
    "state": "text", "started_at": "timestamptz", "terms_id": "text", "policy_id": "bigint", "due": "timestamptz",
    "early_at": "timestamptz",
    "marks": "jsonb", "paused_at": "timestamptz", "met_at": "timestamptz", "missed_at": "timestamptz",
    "stopped_at": "timestamptz", "spent": "interval", "warned_at": "timestamptz", "escalated_at": "timestamptz",
    "look_again_at": "timestamptz",
}  # fmt: skip
_FRESH = ", ".join(f"%s::{kind}[]" for kind in _SAVED.values())
_SAVE = f"""
UPDATE clocks_clock AS old SET {", ".join(f"{name} = fresh.{name}" for name in _SAVED)}
  FROM unnest(%s::bigint[], {_FRESH}) AS fresh(id, {", ".join(_SAVED)}) WHERE old.id = fresh.id
"""  # noqa: S608 -- names of our own columns


def save(rows: Sequence[Clock]) -> None:
    """Write *rows* as they stand, in one statement."""
    if not rows:
        return
    values = [[_plain(getattr(row, name)) for row in rows] for name in _SAVED]
    with connection.cursor() as cursor:
        cursor.execute(_SAVE, [[row.pk for row in rows], *values])


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return json.dumps(value)
    return str(value) if isinstance(value, str) else value


def _keep_terms(some: Sequence[policy.Terms]) -> None:
    there = kept_terms()
    fresh = {digest: terms for terms in some if (digest := terms.digest) not in there}
    if not fresh:
        return
    Terms.objects.bulk_create(
        (Terms(digest=digest, plain=terms.to_plain()) for digest, terms in sorted(fresh.items())), ignore_conflicts=True
    )
    kept_terms.forget()


def _fact(event: Event, row: Clock, *, by: Staff | None) -> facts.Fact:
    about: dict[str, Any] = {"about": ref("clock", row.pk), "customer": ref("customer", row.customer_id)}
    match event.did:
        case Did.STARTED:
            return facts.ClockStarted(
                case=row.about, sort=event.sort, number=event.number, **_terms_told(event), **about
            )
        case Did.CHANGED:
            return facts.ClockTargetChanged(by=by.reference if by else "", **_terms_told(event), **about)
        case Did.PAUSED:
            return facts.ClockPaused(**about)
        case Did.RESUMED:
            assert event.due
            return facts.ClockResumed(due=event.due, early_at=event.early_at, **about)
        case Did.MET:
            return facts.ClockMet(due=row.due, in_time=event.at <= row.due, **about)
        case Did.MISSED:
            return facts.ClockMissed(due=event.at, **about)
        case Did.STOPPED:
            return facts.ClockStopped(**about)
        case Did.EARLIER:
            assert event.due
            return facts.ClockBeganEarlier(due=event.due, early_at=event.early_at, **about)


def _terms_told(event: Event) -> Mapping[str, Any]:
    assert event.terms
    target = event.terms.target
    return {
        "due": event.due,
        "early_at": event.early_at,
        "policy": ref("policy", event.terms.policy) if event.terms.policy else "",
        "measure": target.length.measure,
        "amount": target.length.amount,
        "pauses": target.pauses,
        "terms": event.terms.digest,
    }


def follow(about: str, *, team_id: int | None) -> None:
    """The case is another team's; what it is due stays. Who sees it follows."""
    Clock.objects.filter(about=about).update(team_id=team_id)


@transaction.atomic
def set_policy(found: policy.Policy, *, from_at: datetime, by: Staff | None, now: datetime) -> Policy:
    """Put another policy in force from a moment on, now or later. Clocks that run keep the one they were started under."""
    plain = found.to_plain()
    version = Policy.objects.create(from_at=max(from_at, now), made_at=now, by=by, plain=plain)
    append(
        facts.PolicyChanged(
            about=ref("policy", version.pk),
            profile=found.profile,
            from_at=version.from_at,
            digest=policy.digest_of(plain),
            by=by.reference if by else "",
        ),
        now=now,
    )
    forget_policy()
    return version


@transaction.atomic
def explain_miss(clock_id: int, *, reason: str, by: Staff, now: datetime) -> bool:
    """Why it was missed; False if that was said already. Raises NotMissed."""
    row = Clock.objects.select_for_update(of=("self",)).select_related("terms").get(pk=clock_id)
    reason = MissReason(reason)
    if not as_rule(row).is_late:
        raise NotMissed("It was met in time: there is nothing to explain.")
    if row.miss_reason == reason:
        return False
    Clock.objects.filter(pk=row.pk).update(miss_reason=reason)
    append(
        facts.ClockMissExplained(
            about=ref("clock", row.pk),
            customer=ref("customer", row.customer_id),
            reason=reason,
            by=by.reference,
        ),
        now=now,
    )
    return True
