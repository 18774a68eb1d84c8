"""An incident ends by its end being told, to everybody who was told that it began."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from troth.incidents.actions.promising import keep_next_word
from troth.incidents.actions.saying import NotOpen, copy_to, line, locked, said
from troth.incidents.models import Entry, Incident, State
from troth.incidents.queries import cohorts_told
from troth.ledger.actions import append
from troth.notices.actions import telling
from troth.notices.models import Notice, Sort
from troth.notices.models import State as Stands
from troth.notices.rules.matters import overtaking
from troth.people.models import Staff
from troth.words import facts
from troth.words.refs import ref


class EndNotTold(ValueError):
    """Somebody was told that it began, and would not be told that it is over."""


@transaction.atomic
def end(
    incident: Incident,
    *,
    words: str,
    happened_at: datetime,
    by: Staff | None,
    now: datetime,
    in_public: bool = False,
    notices: Sequence[int] = (),
    untold: str = "",
) -> Entry:
    """It was over at *happened_at*, and this tells it: the last word that was promised. It is ended, and may be watched.

    Who was told that it began is told that it ended: *notices* go to every cohort that had one, and what stood in public
    ends in public. What was written of it and not sent is stopped: nobody hears of a beginning after the end.
    Raises EndNotTold, NotOpen, and what `say` raises.
    """
    row = locked(incident)
    if row.state != State.OPEN:
        raise NotOpen(_("This incident has ended already."))
    entry = line(row, Entry.Kind.ENDED, words.strip(), happened_at, in_public, notices, untold, by=by, now=now)
    _stop_what_is_unsent(row, notices, by=by, now=now)
    _is_told_to_all(row, in_public=in_public, notices=notices)
    keep_next_word(row, by=by, now=now)
    entry.save(force_insert=True)
    said(row, entry, next_word=None, by=by, now=now)
    row.state, row.ended_at, row.end_said_at = State.ENDED, happened_at, now
    row.save(update_fields=["state", "ended_at", "end_said_at"])
    append(
        facts.IncidentEnded(about=row.ref, said=ref("said", entry.pk), by=by.reference if by else ""),
        now=now,
        happened_at=happened_at,
    )
    copy_to(incident, row)
    return entry


def _stop_what_is_unsent(row: Incident, notices: Sequence[int], *, by: Staff | None, now: datetime) -> None:
    """What the end overtakes, held first: what is sent in this moment counts as told, and is not stopped."""
    overtaken = [older for newer, older in overtaking() if newer == Sort.ENDED]
    unsent = Notice.objects.filter(about=row.ref, sort__in=overtaken, state__in=[Stands.DRAFT, Stands.PROPOSED])
    for notice in unsent.exclude(pk__in=notices).order_by("pk").select_for_update():
        telling.stop(notice, by=by, now=now)


def _is_told_to_all(row: Incident, *, in_public: bool, notices: Sequence[int]) -> None:
    telling = set(Notice.objects.filter(pk__in=notices).values_list("cohort_id", flat=True))
    if cohorts_told(row) - telling:
        raise EndNotTold(_("Who was told that it began is told that it is over: send the end to all of them."))
    if not in_public and Entry.objects.filter(incident=row, in_public=True).exists():
        raise EndNotTold(_("It stood on the public page, so its end does too."))
