"""What is about to be said: kept while it is typed, read by a colleague where that is wanted, and sent in one act."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from troth.incidents.actions.ending import end
from troth.incidents.actions.saying import EmptyWords, NeedsSecond, NotYetSo, say
from troth.incidents.models import Draft, Entry, Incident, State
from troth.incidents.rules.texts import spoken_texts
from troth.ledger.actions import one_stroke
from troth.notices.actions import telling
from troth.notices.models import Cohort, Notice
from troth.people.models import Staff

#: What a draft holds of what is typed.
KEPT = (
    "kind", "guided", "texts", "in_public", "cohorts", "untold", "happened_at", "next_word_at", "needs_second",
)  # fmt: skip


class GoneAlready(ValueError):
    """It was sent, or thrown away, meanwhile."""


@transaction.atomic
def keep_draft(incident: Incident, *, by: Staff, now: datetime, **values: Any) -> Draft:
    """What *by* is writing about it, as it stands now. Changed words have to be proposed anew."""
    unknown = set(values) - set(KEPT)
    if unknown:
        raise TypeError(f"A draft holds no {unknown}.")
    draft, _made = Draft.objects.select_for_update(of=("self",)).get_or_create(
        incident=incident, by=by, sent_at=None, defaults={**values, "changed_at": now}
    )
    if any(getattr(draft, name) != value for name, value in values.items()):
        for name, value in values.items():
            setattr(draft, name, value)
        draft.changed_at, draft.proposed_at = now, None
        draft.save(update_fields=[*values, "changed_at", "proposed_at"])
    return draft


@transaction.atomic
def propose_draft(draft: Draft, *, now: datetime) -> None:
    """It waits for a colleague who reads it."""
    Draft.objects.filter(pk=draft.pk, sent_at=None).update(proposed_at=now, needs_second=True, given_back="")


@transaction.atomic
def give_back(draft: Draft, *, words: str) -> bool:
    """The colleague would have it otherwise, and says how; False if it was sent meanwhile."""
    waiting = Draft.objects.filter(pk=draft.pk, sent_at=None, proposed_at__isnull=False)
    return waiting.update(proposed_at=None, given_back=words.strip()) == 1


@transaction.atomic
def throw_away(draft: Draft) -> bool:
    return Draft.objects.filter(pk=draft.pk, sent_at=None).delete()[0] == 1


def wants_second(draft: Draft) -> bool:
    """Whether a colleague has to read it: the writer asked for it, or their team always does."""
    return draft.needs_second or bool(draft.by.team and draft.by.team.notices_want_second)


@transaction.atomic
def send_draft(draft: Draft, *, by: Staff, now: datetime, zone: str) -> Entry:
    """Say it: the line, the notice to each cohort, and the promise of the next word, all or nothing.

    Who sends what somebody else proposed has read it. Raises NeedsSecond, GoneAlready, and what `say` and `end` raise.
    """
    row = (
        Draft.objects.select_for_update(of=("self",))
        .select_related("incident", "by__team")
        .filter(pk=draft.pk, sent_at=None)
        .first()
    )
    if row is None:
        raise GoneAlready(_("This was sent meanwhile, or thrown away."))
    second = wants_second(row)
    if second and row.by_id == by.pk:
        raise NeedsSecond(_("A colleague has to read it before it leaves: ask for that."))
    if row.happened_at is None:
        raise NotYetSo(_("Say since when it is so."))
    texts = spoken_texts(row.texts, guided=row.guided, next_word_at=_next(row), zone=zone)
    if not texts:
        raise EmptyWords(_("Write what is to be said."))
    entry = tell(
        row.incident, kind=row.kind, texts=texts, cohorts=row.cohorts, happened_at=row.happened_at, next_word_at=row.next_word_at,
        in_public=row.in_public, untold=row.untold, written_by=row.by, second=by if second else None, now=now,
    )  # fmt: skip
    Draft.objects.filter(pk=row.pk).update(sent_at=now, entry=entry)
    return entry


def _next(draft: Draft) -> datetime | None:
    """When they hear next; an end is the last word, and of what is over no next word is promised."""
    is_last = draft.kind == Entry.Kind.ENDED or draft.incident.state != State.OPEN
    return None if is_last else draft.next_word_at


@transaction.atomic
def tell(
    incident: Incident,
    *,
    kind: str,
    texts: Mapping[str, tuple[str, str]],
    cohorts: Sequence[int],
    happened_at: datetime,
    next_word_at: datetime | None,
    in_public: bool,
    untold: str,
    written_by: Staff,
    now: datetime,
    second: Staff | None = None,
) -> Entry:
    """A line, a notice with these words to each of the incident's *cohorts*, and the promise of the next word; in one act.

    *texts*: subject and words by language; the timeline has the first. Raises what `say`, `end` and `telling.write` raise.
    """
    if not texts:
        raise EmptyWords(_("Write what is to be said."))
    given: dict[str, Any] = {
        "words": next(iter(texts.values()))[1],
        "happened_at": happened_at,
        "by": written_by,
        "now": now,
    }
    with one_stroke():
        told = []
        for cohort in Cohort.objects.filter(pk__in=cohorts, about=incident.ref).order_by("pk"):
            notice: Notice = telling.write(
                about=incident.ref,
                cohort=cohort,
                sort=kind,
                texts=texts,
                happened_at=happened_at,
                by=written_by,
                now=now,
                needs_second=second is not None,
            )
            if second:
                telling.second(notice, by=second, now=now)
            telling.send(notice, by=second or written_by, now=now)
            told.append(notice.pk)
        given |= {"in_public": in_public, "notices": told, "untold": untold}
        if kind == Entry.Kind.ENDED:
            return end(incident, **given)
        return say(incident, kind=kind, next_word_at=next_word_at, **given)
