"""What the public page is made of, and who is to be written to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings

from troth.incidents.models import Incident as IncidentRow
from troth.incidents.models import Watch
from troth.incidents.queries import Line, timelines
from troth.people.queries import company_name, hours_of
from troth.status import models
from troth.status.rules.snapshot import (
    LATELY,
    Incident,
    Part,
    Planned,
    Said,
    Snapshot,
    Version,
    Wording,
    matching,
)
from troth.status.rules.standing import Span, Standing, share_well, standing_at, strip


def snapshot(*, now: datetime) -> Snapshot:
    """All that is public, at *now*, in seven statements however much it is."""
    components = list(models.Component.objects.order_by("group", "order", "pk"))
    places = list(models.Place.objects.order_by("order", "pk"))
    planned = _planned(components, places)
    incidents = _incidents()
    zone = hours_of().zone
    rows = [*components, *places]
    return Snapshot(
        company=company_name(),
        zone=zone,
        url=f"{settings.TROTH_URL}/status",
        now=now,
        components=tuple(
            _part(row, "components", incidents, planned, zone=zone, now=now) for row in components if not row.retired_at
        ),
        places=tuple(
            _part(row, "places", incidents, planned, zone=zone, now=now) for row in places if not row.retired_at
        ),
        incidents=incidents,
        planned=tuple(
            sorted((one for one in planned if one.now.until > now - LATELY), key=lambda one: one.now.from_at)
        ),
        arranged_at=max((row.retired_at or row.made_at for row in rows), default=None),
    )


def _part(
    row: models.Component | models.Place,
    which: str,
    incidents: Sequence[Incident],
    planned: Sequence[Planned],
    *,
    zone: str,
    now: datetime,
) -> Part:
    names = (row.name, *row.former)
    theirs = tuple(one for one in incidents if matching(getattr(one, which), names))
    spans = [one.span for one in theirs]
    work = [
        Span(Standing.WORK, one.now.from_at, one.now.until)
        for one in planned
        if one.cancelled_at is None and matching(getattr(one.now, which), names)
    ]
    since = min([row.made_at, *(one.happened_at for one in theirs)])
    return Part(
        name=row.name,
        description=row.description,
        group=getattr(row, "group", ""),
        since=since,
        standing=standing_at([*spans, *work], now),
        days=strip([*spans, *work], since=since, now=now, zone=zone),
        share=share_well(spans, since=since, now=now),
        incidents=theirs,
    )


def _incidents() -> tuple[Incident, ...]:
    rows = list(IncidentRow.objects.filter(is_public=True).select_related("next_word").order_by("-happened_at", "-pk"))
    lines = timelines([row.pk for row in rows], public=True)
    watched = dict(
        Watch.objects.filter(incident__in=[row.pk for row in rows], state=Watch.State.WATCHING).values_list(
            "incident", "until"
        )
    )
    return tuple(
        Incident(
            number=row.pk,
            public_id=row.public_id,
            title=row.title,
            sort=row.sort,
            severity=row.severity,
            state=row.state,
            components=tuple(str(name) for name in row.components),
            places=(row.place,) if row.place else (),
            happened_at=row.happened_at,
            first_signal_at=row.first_signal_at,
            said_at=row.said_at,
            ended_at=row.ended_at,
            next_word_at=row.next_word.due if row.next_word and row.state == "open" else None,
            watched_until=watched.get(row.pk),
            lines=tuple(_said(number, line) for number, line in enumerate(lines[row.pk], start=1)),
        )
        for row in rows
        if row.pk in lines  # else nothing of it was said in public
    )


def _said(number: int, line: Line) -> Said:
    return Said(
        number=number,
        kind=line.now.kind,
        words=line.now.words,
        happened_at=line.now.happened_at,
        said_at=line.said_at,
        changed_at=line.now.said_at if line.before else None,
        before=tuple(Wording(one.words, one.said_at) for one in line.before),
    )


def _planned(components: Sequence[models.Component], places: Sequence[models.Place]) -> tuple[Planned, ...]:
    named = {row.pk: row.name for row in components}, {row.pk: row.name for row in places}
    versions: dict[int, list[Version]] = defaultdict(list)
    rows: dict[int, models.Planned] = {}
    for row in models.PlannedVersion.objects.select_related("planned").order_by("planned", "number"):
        rows[row.planned_id] = row.planned
        versions[row.planned_id].append(
            Version(
                title=row.title,
                words=row.words,
                from_at=row.from_at,
                until=row.until,
                said_at=row.said_at,
                components=tuple(named[0][pk] for pk in row.components if pk in named[0]),
                places=tuple(named[1][pk] for pk in row.places if pk in named[1]),
            )
        )
    return tuple(
        Planned(number=pk, public_id=row.public_id, versions=tuple(versions[pk]), cancelled_at=row.cancelled_at)
        for pk, row in rows.items()
    )


def choices(model: type[models.Component] | type[models.Place]) -> list[tuple[int, str]]:
    """What can be chosen: everything not retired, in the order of the page."""
    return list(model.objects.filter(retired_at=None).order_by("order", "pk").values_list("pk", "name"))


def component_names() -> list[str]:
    """For the form of incidents, which names them."""
    return [name for _pk, name in choices(models.Component)]


def unknown_names() -> list[dict[str, Any]]:
    """Open public incidents that name what is no component or place here: they turn nothing red."""
    known = {
        name.casefold()
        for model in (models.Component, models.Place)
        for row in model.objects.all()
        for name in (row.name, *row.former)
    }
    found = []
    for row in IncidentRow.objects.filter(is_public=True, state="open").order_by("pk"):
        found += [
            {"incident": row.pk, "title": row.title, "name": name}
            for name in (*row.components, *([row.place] if row.place else ()))
            if str(name).casefold() not in known
        ]
    return found
