"""An incident begins, and how it is filed changes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from troth.cases import actions as cases
from troth.cases.models import Case
from troth.incidents.actions.linking import first_complaint
from troth.incidents.actions.promising import promise_next_word
from troth.incidents.actions.saying import NotYetSo
from troth.incidents.models import Entry, Incident, Severity, Sort
from troth.incidents.rules import digests
from troth.ledger.actions import append
from troth.ledger.rules import canonical
from troth.people.models import Staff
from troth.promises import actions as promises
from troth.words import facts
from troth.words.refs import ref


class SaidInPublic(ValueError):
    """It was said in public, and who read it there hears there how it ends."""


@transaction.atomic
def begin(
    *,
    title: str,
    sort: Sort | str,
    happened_at: datetime,
    next_word_at: datetime,
    by: Staff | None,
    now: datetime,
    severity: Severity | str = Severity.MAJOR,
    cause: str = "",
    product: str = "",
    place: str = "",
    components: Sequence[str] = (),
    is_public: bool = False,
    aware_at: datetime | None = None,
    owner: Staff | None = None,
    team_id: int | None = None,
    recurrence_of: Incident | None = None,
    linked: Sequence[Case] = (),
) -> Incident:
    """Something went wrong. Its next word is promised with it, and *linked* cases become part of it.

    Nobody outside hears of it by this: `say` tells. The first of the linked complaints is its first signal.
    Raises NotYetSo (it has not happened yet), promises.DateAlreadyPassed (the next word's date).
    """
    aware_at = aware_at or now
    if happened_at > now or aware_at > now:
        raise NotYetSo("What has not happened yet is not an incident yet.")
    owner = owner or by
    signal, signal_at = first_complaint([case.pk for case in linked])
    incident = Incident(
        pk=_number(),
        title=" ".join(title.split()),
        sort=Sort(sort),
        severity=Severity(severity),
        cause=cause,
        product=" ".join(product.split()),
        place=" ".join(place.split()),
        components=list(components),
        is_public=is_public,
        happened_at=happened_at,
        first_signal=signal,
        first_signal_at=signal_at,
        aware_at=aware_at,
        opened_by=by,
        owner=owner,
        team_id=team_id if team_id is not None else (owner.team_id if owner else None),
        recurrence_of=recurrence_of,
    )
    incident.next_word = promise_next_word(incident, due=next_word_at, now=now)
    incident.save(force_insert=True)
    append(_began(incident, by=by), now=now, happened_at=happened_at)
    if linked:
        cases.part_of(linked, incident=incident.ref, by=by, now=now)
    return incident


def _number() -> int:
    """The next incident's: its promise names it, and it cannot be there without its promise."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id'))", [Incident._meta.db_table])
        return int(cursor.fetchone()[0])


def _began(incident: Incident, *, by: Staff | None) -> facts.IncidentBegan:
    return facts.IncidentBegan(
        about=incident.ref,
        sort=incident.sort,
        severity=incident.severity,
        cause=incident.cause,
        words_digest=filing_digest(incident),
        is_public=incident.is_public,
        aware_at=incident.aware_at,
        first_signal=incident.first_signal,
        first_signal_at=incident.first_signal_at,
        next_word=ref("promise", incident.next_word_id or 0),
        owner=ref("staff", incident.owner_id) if incident.owner_id else "",
        recurrence_of=ref("incident", incident.recurrence_of_id) if incident.recurrence_of_id else "",
        by=by.reference if by else "",
    )


def filing_digest(incident: Incident) -> str:
    return digests.of_filing(title=incident.title, product=incident.product, place=incident.place)


#: What is words, and goes into the ledger as one digest.
_WORDS = ("title", "product", "place")


@transaction.atomic
def change(incident: Incident, *, by: Staff | None, now: datetime, **values: Any) -> list[str]:
    """File it otherwise: title, severity, cause, product, place, components, happened_at, is_public, owner, team; what changed.

    What was said stays said: the timeline is not touched. An ended incident may be filed better as well.
    Raises NotYetSo (it would have happened in the future, or after it was said), SaidInPublic (it would be hidden).
    """
    row = (
        Incident.objects.select_for_update(of=("self",))
        .select_related("owner", "team", "next_word")
        .get(pk=incident.pk)
    )
    before = _plain(row)
    for name, value in values.items():
        if name not in _CHANGEABLE:
            raise TypeError(f"{name} of an incident is not changed like this.")
        setattr(row, name, " ".join(value.split()) if name in _WORDS else value)
    row.severity = Severity(row.severity)
    if row.happened_at > min(now, row.said_at or now):
        raise NotYetSo("Nothing is said before it happened.")
    if (
        before["is_public"] == "yes"
        and not row.is_public
        and Entry.objects.filter(incident=row, in_public=True).exists()
    ):
        raise SaidInPublic(
            _("It was said in public, so it stays on the public page: say there how it goes on, or ends.")
        )
    after = _plain(row)
    changed = [name for name in after if after[name] != before[name]]
    if changed:
        row.save(update_fields=list(values))
        for name in changed:
            append(
                facts.IncidentChanged(
                    about=row.ref,
                    field=name,
                    before=before[name],
                    after=after[name],
                    by=by.reference if by else "",
                ),
                now=now,
            )
        if "owner" in changed and row.next_word:
            promises.own(row.next_word, owner=row.owner, by=by, now=now)
    for name in values:
        setattr(incident, name, getattr(row, name))
    return changed


_CHANGEABLE = frozenset({*_WORDS, "severity", "cause", "components", "happened_at", "is_public", "owner", "team"})


def _plain(incident: Incident) -> dict[str, str]:
    return {
        "words": filing_digest(incident),
        "severity": incident.severity,
        "cause": incident.cause,
        "happened_at": canonical.moment(incident.happened_at),
        "is_public": "yes" if incident.is_public else "no",
        "components": digests.of_words("\n".join(incident.components)) if incident.components else "",
        "owner": ref("staff", incident.owner_id) if incident.owner_id else "",
        "team": ref("team", incident.team_id) if incident.team_id else "",
    }
