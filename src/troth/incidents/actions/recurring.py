"""The second time: said by a person, taken back within seconds, or carried out; and that there was none.

Whoever confirms has ten seconds to take it back, as with an answer. After that one transaction breaks the promise, ends the watch,
opens the incident again and makes the case part of it. It is the same incident, not a new one: whoever was hurt before reads what
they were told then on the same page, and what was said of its end stands above what is said now.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from troth.cases import actions as cases
from troth.cases.models import Case
from troth.incidents.actions.again_words import begin_words
from troth.incidents.actions.prevention import NotWatched, owed, watched
from troth.incidents.actions.promising import promise_next_word
from troth.incidents.actions.saying import say
from troth.incidents.models import Entry, Incident, Recurrence, State, Watch
from troth.incidents.rules.recurring import Reason
from troth.ledger.actions import append
from troth.people.models import Staff
from troth.people.queries import hours_of
from troth.promises import actions as promises
from troth.words import facts
from troth.words.hours import NeverOpen
from troth.words.promises import MissReason
from troth.words.refs import number_of, ref

#: For so long a confirmation can be taken back: what follows it cannot be undone.
HELD_FOR = timedelta(seconds=10)
#: By when those who were hurt hear more, in time of work, where nobody says otherwise.
NEXT_WORD_AFTER = timedelta(hours=4)
#: Who wrote on the last day is read before it is said that it held.
READ_WITHIN = timedelta(minutes=15)


class AlreadyDecided(RuntimeError):
    """Somebody said already what this is."""


@transaction.atomic
def name_case(watch: Watch, case: Case, *, by: Staff | None, now: datetime) -> Recurrence:
    """A person says of a case that it is the same again: found by hand, and confirmed by that. Raises NotWatched, AlreadyDecided."""
    row = watched(watch)
    found, is_new = Recurrence.objects.get_or_create(
        watch=row,
        case=ref("case", case.pk),
        defaults={"why": Reason.HAND, "is_strong": True, "found_at": now},
    )
    if is_new:
        append(found_fact(found, by=by), now=now)
    elif found.state == Recurrence.State.DISMISSED:  # whoever says so now knows better than whoever said it is not
        Recurrence.objects.filter(pk=found.pk).update(state=Recurrence.State.FOUND, decided_by=None, decided_at=None)
        append(found_fact(found, by=by), now=now)
    return confirm(found, miss_reason="", by=by, now=now)


@transaction.atomic
def confirm(found: Recurrence, *, miss_reason: str, by: Staff | None, now: datetime) -> Recurrence:
    """A person says that it is. Carried out in ten seconds, unless it is taken back. Raises NotWatched, AlreadyDecided."""
    watched(found.watch)
    values = {
        "state": Recurrence.State.SAID,
        "miss_reason": MissReason(miss_reason).value if miss_reason else "",
        "decided_by": by,
        "decided_at": now,
    }
    if not Recurrence.objects.filter(pk=found.pk, state=Recurrence.State.FOUND).update(**values):
        raise AlreadyDecided(_("Somebody said already what this is."))
    found.refresh_from_db()
    return found


@transaction.atomic
def take_back(found: Recurrence, *, by: Staff | None, now: datetime) -> bool:
    """It was confirmed by mistake, and nothing has come of it yet; False once something has."""
    back = {"state": Recurrence.State.FOUND, "decided_by": None, "decided_at": None, "miss_reason": ""}
    return bool(Recurrence.objects.filter(pk=found.pk, state=Recurrence.State.SAID).update(**back))


@transaction.atomic
def dismiss(found: Recurrence, *, by: Staff | None, now: datetime) -> bool:
    """A person says that it is something else; it is not asked of this case again. False if somebody decided already."""
    values = {"state": Recurrence.State.DISMISSED, "decided_by": by, "decided_at": now}
    if not Recurrence.objects.filter(pk=found.pk, state=Recurrence.State.FOUND).update(**values):
        return False
    append(
        facts.RecurrenceDismissed(about=ref("recurrence", found.pk), by=by.reference if by else ""),
        now=now,
    )
    return True


@transaction.atomic
def carry_out(found: Recurrence, *, now: datetime) -> bool:
    """What was said is so: the promise is broken, the watch over, the incident open again; False if it was taken back.

    Safe to repeat and to run side by side. Where the watch ended meanwhile (another case broke it) the case becomes part of the
    incident all the same.
    """
    waiting = Recurrence.objects.select_for_update(of=("self",)).select_related("decided_by", "watch")
    row = waiting.filter(pk=found.pk, state=Recurrence.State.SAID).first()
    if row is None:
        return False
    by = row.decided_by
    held = Incident.objects.select_for_update(of=("self",)).select_related("owner", "next_word")
    incident = held.get(pk=row.watch.incident_id)
    Recurrence.objects.filter(pk=row.pk).update(state=Recurrence.State.CONFIRMED)
    by_ref = by.reference if by else ""
    append(
        facts.RecurrenceConfirmed(about=ref("recurrence", row.pk), incident=ref("incident", incident.pk), by=by_ref),
        now=now,
    )
    case = Case.objects.get(pk=number_of(row.case, "case"))
    try:
        watch = watched(row.watch)
    except NotWatched:
        cases.part_of([case], incident=ref("incident", incident.pk), by=by, now=now)
        return True
    # Its words are the first of the second time, not of the first: when we first knew and said so stays as it was.
    for promise in owed(incident.pk):
        promises.happened_again(promise, reason=row.miss_reason, by=by, now=now)
    Watch.objects.filter(pk=watch.pk).update(state=Watch.State.BROKEN, ended_at=now)
    append(facts.WatchBroken(about=ref("watch", watch.pk), recurrence=ref("recurrence", row.pk)), now=now)
    _reopen(incident, because=row, by=by, now=now)
    cases.part_of([case], incident=ref("incident", incident.pk), by=by, now=now)
    words = _("It happened again: case #%(number)s. The promise that it does not is broken.") % {"number": case.pk}
    say(incident, kind=Entry.Kind.NOTE, words=words, happened_at=now, by=by, now=now)
    begin_words(incident, by=by, now=now)
    return True


def _reopen(incident: Incident, *, because: Recurrence, by: Staff | None, now: datetime) -> None:
    """It goes on, so there is a promise of the next word again; when it ended before stands in its timeline."""
    incident.next_word = promise_next_word(incident, due=_next_word_at(incident, now=now), now=now)
    incident.state, incident.ended_at, incident.end_said_at = State.OPEN, None, None
    incident.save(update_fields=["next_word", "state", "ended_at", "end_said_at"])
    append(
        facts.IncidentReopened(
            about=ref("incident", incident.pk),
            recurrence=ref("recurrence", because.pk),
            next_word=ref("promise", incident.next_word.pk),
            by=by.reference if by else "",
        ),
        now=now,
    )


def _next_word_at(incident: Incident, *, now: datetime) -> datetime:
    try:
        return hours_of(incident.team_id).add_working_time(now, NEXT_WORD_AFTER)
    except NeverOpen:  # a calendar without working time must not silence us
        return now + NEXT_WORD_AFTER


def found_fact(found: Recurrence, *, by: Staff | None = None) -> facts.RecurrenceFound:
    return facts.RecurrenceFound(
        about=ref("recurrence", found.pk),
        watch=ref("watch", found.watch_id),
        case=found.case,
        why=found.why,
        is_strong=found.is_strong,
        by=by.reference if by else "",
    )


@transaction.atomic
def hold(watch: Watch, *, now: datetime) -> bool:
    """Its day has come and it has not come back: every promise of it is kept, at its day. False where a person must say first
    what a case is, or it is not over.

    An extended watch keeps its first promises at their days and goes on.
    """
    try:
        row = watched(watch)
    except NotWatched:
        return False
    undecided = Recurrence.objects.filter(watch=row, is_strong=True)
    if undecided.filter(state__in=[Recurrence.State.FOUND, Recurrence.State.SAID]).exists():
        return False
    kept = 0
    for promise in owed(row.incident_id):
        if promise.due is not None and promise.due <= now:
            kept += promises.keep(promise, by=None, done_at=promise.due, now=now)
    if row.until > now:
        return bool(kept)
    Watch.objects.filter(pk=row.pk).update(state=Watch.State.HELD, ended_at=now)
    Incident.objects.filter(pk=row.incident_id, state=State.WATCHING).update(state=State.ENDED)
    append(facts.WatchHeld(about=ref("watch", row.pk), until=row.until), now=now)
    return True
