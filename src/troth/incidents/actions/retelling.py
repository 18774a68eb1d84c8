"""An end that did not reach them is told again: what was taken back leaves after all, what was stopped is written anew."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from troth.incidents.actions.saying import line, locked, said
from troth.incidents.models import Entry, Incident, State
from troth.incidents.queries import GOING_ON, end_unheard_by
from troth.ledger.actions import one_stroke
from troth.notices.actions import telling
from troth.notices.models import Cohort, Notice, Sort
from troth.notices.models import State as Stands
from troth.people.models import Staff


@transaction.atomic
def tell_end_again(incident: Incident, *, by: Staff, now: datetime) -> list[Notice]:
    """To every cohort that was told that it began, and not that it is over; the notices, one each.

    In the words of the end as it was told before. Where the team wants a second reader they wait for one, and are sent from there.
    """
    row = locked(incident)
    if row.state == State.OPEN:
        return []
    notices = list(Notice.objects.filter(about=row.ref).order_by("pk"))
    with one_stroke():
        ends = {pk: _unsent(notices, pk) for pk in end_unheard_by(notices)}
        fresh = [pk for pk, end in ends.items() if end is None]
        if fresh:
            _say_anew(row, anew := {pk: _anew(row, pk, notices, by=by, now=now) for pk in fresh}, by=by, now=now)
            ends |= anew
        return [_sent(end, by=by, now=now) for end in ends.values() if end]


def _unsent(notices: list[Notice], cohort: int) -> Notice | None:
    """An end that was taken back, or waits for its second reader, and is the last that was written to them."""
    last = [one for one in notices if one.cohort_id == cohort and one.sort in {*GOING_ON, Sort.ENDED}][-1]
    return last if last.sort == Sort.ENDED and last.state in {Stands.DRAFT, Stands.PROPOSED} else None


def _anew(row: Incident, cohort: int, notices: list[Notice], *, by: Staff, now: datetime) -> Notice:
    """The end in the words that these were to read, or in those of the timeline where none was written to them."""
    before = [one for one in notices if one.cohort_id == cohort and one.sort == Sort.ENDED]
    texts = {text.language: (text.subject, text.words) for text in before[-1].texts.order_by("pk")} if before else {}
    assert row.ended_at is not None
    return telling.write(
        about=row.ref,
        cohort=Cohort.objects.get(pk=cohort),
        sort=Sort.ENDED,
        texts=texts or {"en": (row.title, _end_of(row).words)},
        happened_at=row.ended_at,
        by=by,
        now=now,
    )


def _say_anew(row: Incident, anew: dict[int, Notice], *, by: Staff, now: datetime) -> None:
    """A line of the timeline, so that what they are sent stands on their page."""
    before, told = _end_of(row), [notice.pk for notice in anew.values()]
    entry = line(row, Entry.Kind.ENDED, before.words, before.happened_at, False, told, "", by=by, now=now)
    entry.save(force_insert=True)
    said(row, entry, next_word=None, by=by, now=now)


def _end_of(row: Incident) -> Entry:
    """The end as it reads now."""
    return row.entries.filter(kind=Entry.Kind.ENDED).latest("pk")


def _sent(notice: Notice, *, by: Staff, now: datetime) -> Notice:
    if not notice.needs_second or notice.second_at:
        return telling.send(notice, by=by, now=now)
    return notice if notice.state == Stands.PROPOSED else telling.propose(notice, by=by, now=now)
