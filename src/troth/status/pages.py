"""Every public page and feed, made from one snapshot: by the views, and by the lane that keeps the last copy."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache, partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.formats import date_format

from troth import __version__
from troth.status import feeds, sayings
from troth.status.rules.snapshot import Incident, Planned, Snapshot
from troth.status.rules.standing import acknowledged

HTML = "text/html; charset=utf-8"
#: Stands in the copy for when it was checked last; whoever gives the copy out puts that there.
CHECKED = "@checked-at@"
#: No page of months goes further back.
MONTHS_MOST = 120
#: What tells how soon we speak is measured from incidents of so long.
SOON = timedelta(days=365)


@dataclass(frozen=True)
class Page:
    """One address of the public page, not made yet."""

    #: Below /status/, such as "history/2026-11/".
    path: str
    kind: str
    #: What it is made of: the same makes the same bytes.
    digest: str
    #: Its bytes; with True as they are given out while the database is away.
    make: Callable[[bool], bytes]
    #: Whether the copy says that it is one; feeds stay as they are, for whoever reads them takes every change for news.
    says_it_is_a_copy: bool = True
    #: What it is made with, where it is made with a template.
    template: str = ""
    values: dict[str, Any] = field(default_factory=dict)


def pages(snapshot: Snapshot) -> Iterator[Page]:
    """Every address there is, the front page first."""
    yield front(snapshot)
    yield _feed("feed.atom", "application/atom+xml; charset=utf-8", snapshot, feeds.atom)
    yield _feed("planned.ics", "text/calendar; charset=utf-8", snapshot, feeds.calendar)
    yield status_json(snapshot)
    for month in months(snapshot):
        yield history(snapshot, month)
    yield history(snapshot, None)
    for incident in snapshot.incidents:
        yield incident_page(snapshot, incident)


def front(snapshot: Snapshot) -> Page:
    values = {
        **_common(snapshot),
        "standing": _standing(snapshot),
        "groups": _groups(snapshot),
        "places": [_part(one) for one in snapshot.places],
        "open": [_incident(one, snapshot.zone) for one in snapshot.open],
        "lately": [_incident(one, snapshot.zone) for one in snapshot.lately],
        "planned": [_planned(one, snapshot) for one in snapshot.ahead],
        "soon": sayings.acknowledged_words(
            acknowledged(
                (one.first_signal_at, one.said_at)
                for one in snapshot.incidents
                if one.happened_at > snapshot.now - SOON
            )
        ),
        "history_href": reverse("status:history"),
    }
    return _page("", "status/front.html", values)


def history(snapshot: Snapshot, month: tuple[int, int] | None) -> Page:
    """One month; None for the newest, beneath the address of them all."""
    every = months(snapshot)
    shown = month or every[0]
    at, first = every.index(shown), date(shown[0], shown[1], 1)
    values = {
        **_common(snapshot),
        "month": first,
        "month_words": date_format(first, "F Y"),
        "incidents": [_incident(one, snapshot.zone) for one in snapshot.incidents if _touches(one, shown, snapshot)],
        "planned": [_planned(one, snapshot) for one in snapshot.planned if _month(one.now.from_at, snapshot) == shown],
        "newer": _month_href(every[at - 1]) if at else None,
        "older": _month_href(every[at + 1]) if at + 1 < len(every) else None,
    }
    return _page(f"history/{shown[0]}-{shown[1]:02}/" if month else "history/", "status/history.html", values)


def incident_page(snapshot: Snapshot, incident: Incident) -> Page:
    values = {**_common(snapshot), "incident": _incident(incident, snapshot.zone)}
    return _page(f"incidents/{incident.public_id}/", "status/incident.html", values)


def status_json(snapshot: Snapshot) -> Page:
    plain = feeds.plain(snapshot)

    def make(is_copy: bool) -> bytes:
        told = plain | ({"is_copy": True, "checked_at": CHECKED} if is_copy else {"is_copy": False})
        return json.dumps(told, indent=1, ensure_ascii=False).encode() + b"\n"

    return Page("status.json", "application/json", _digest(plain), make)


def months(snapshot: Snapshot) -> list[tuple[int, int]]:
    """From this month back to that of the first incident, without a gap."""
    now = _month(snapshot.now, snapshot)
    first = min([now, *(_month(one.happened_at, snapshot) for one in snapshot.incidents)])
    found: list[tuple[int, int]] = []
    year, month = now
    while (year, month) >= first and len(found) < MONTHS_MOST:
        found.append((year, month))
        year, month = (year, month - 1) if month > 1 else (year - 1, 12)
    return found


def _month(at: datetime, snapshot: Snapshot) -> tuple[int, int]:
    local = at.astimezone(ZoneInfo(snapshot.zone))
    return local.year, local.month


def _touches(incident: Incident, month: tuple[int, int], snapshot: Snapshot) -> bool:
    end = incident.ended_at or snapshot.now
    return _month(incident.happened_at, snapshot) <= month <= _month(end, snapshot)


def _month_href(month: tuple[int, int]) -> str:
    return reverse("status:month", args=[f"{month[0]}-{month[1]:02}"])


def _page(path: str, template: str, values: dict[str, Any]) -> Page:
    said = values | {"checked": None, "at": partial(sayings.marked, zone=values["zone"])}

    def make(is_copy: bool) -> bytes:
        return render_to_string(template, said | {"checked": CHECKED if is_copy else None}).encode()

    return Page(path, HTML, _digest(template, values), make, template=template, values=said)


def _feed(path: str, kind: str, snapshot: Snapshot, write: Callable[[Snapshot], bytes]) -> Page:
    content = write(snapshot)
    return Page(path, kind, hashlib.sha256(content).hexdigest(), lambda _is_copy: content, says_it_is_a_copy=False)


def _digest(*parts: Any) -> str:
    return hashlib.sha256(repr((__version__, _templates(), parts)).encode()).hexdigest()


@cache
def _templates() -> str:
    """What the pages look like: another look makes other bytes of the same values."""
    rooms = Path(__file__).parents[1]
    found = [*sorted((rooms / "status/jinja2").rglob("*.html")), *sorted((rooms / "site/jinja2/site").glob("*.html"))]
    return hashlib.sha256(b"\0".join(one.read_bytes() for one in found)).hexdigest()


# As the templates want it


def _common(snapshot: Snapshot) -> dict[str, Any]:
    return {"company": snapshot.company, "zone": snapshot.zone, "changed_at": snapshot.changed_at}


def _standing(snapshot: Snapshot) -> dict[str, str]:
    return {"value": snapshot.standing.value, "words": sayings.overall_words(snapshot.standing)}


def _groups(snapshot: Snapshot) -> list[dict[str, Any]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for one in snapshot.components:
        found.setdefault(one.group, []).append(_part(one))
    return [{"name": name, "parts": parts} for name, parts in found.items()]


def _part(part: Any) -> dict[str, Any]:
    return {
        "name": part.name,
        "description": part.description,
        "standing": part.standing.value,
        "words": sayings.standing_words(part.standing),
        "days": [day.worst.value if day.worst else "unknown" for day in part.days],
        "days_words": sayings.strip_words(part.days),
        "first_on": part.days[0].on,
        "last_on": part.days[-1].on,
        "share": sayings.share_words(part.share) if part.share else None,
    }


def _incident(incident: Incident, zone: str) -> dict[str, Any]:
    return {
        "href": reverse("status:incident", args=[incident.public_id]),
        "title": incident.title,
        "sort": sayings.sort_words(incident.sort),
        "severity": incident.severity,
        "severity_words": sayings.severity_words(incident.severity),
        "state": incident.state,
        "state_words": sayings.state_words(incident.state),
        "affects": [*incident.components, *incident.places],
        "happened_at": incident.happened_at,
        "said_at": incident.said_at,
        "first_signal_at": incident.first_signal_at,
        "ended_at": incident.ended_at if not incident.is_open else None,
        "took": sayings.span_words(incident.ended_at - incident.happened_at) if incident.ended_at else None,
        "next_word_at": incident.next_word_at,
        "watched_until": incident.watched_until,
        "lines": [
            {
                "id": f"said-{line.number}",
                "words": line.words,
                "kind": sayings.line_words(line.kind),
                "happened_at": line.happened_at,
                "said_at": line.said_at,
                "changed_at": line.changed_at,
                "before": [{"words": one.words, "said_at": one.said_at} for one in line.before],
            }
            for line in reversed(incident.lines)
        ],
    }


def _planned(planned: Planned, snapshot: Snapshot) -> dict[str, Any]:
    version = planned.now
    return {
        "id": f"planned-{planned.public_id}",
        "title": version.title,
        "words": version.words,
        "affects": [*version.components, *version.places],
        "from_at": version.from_at,
        "until": version.until,
        "said_at": planned.versions[0].said_at,
        "is_now": planned.is_under_way(snapshot.now),
        "cancelled_at": planned.cancelled_at,
        "changed_at": version.said_at if len(planned.versions) > 1 else None,
        "before": [
            {
                "title": one.title,
                "words": one.words,
                "from_at": one.from_at,
                "until": one.until,
                "said_at": one.said_at,
            }
            for one in planned.versions[:-1]
        ],
    }
