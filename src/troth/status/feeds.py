"""The page for programs: news as Atom (RFC 4287), planned work as a calendar (RFC 5545), and all of it as JSON."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import NAMESPACE_URL, uuid5
from xml.etree import ElementTree  # written here, never read

from django.utils.translation import gettext as _

from troth.status import sayings
from troth.status.rules.snapshot import Planned, Snapshot
from troth.status.rules.standing import Standing

ATOM = "http://www.w3.org/2005/Atom"
#: A feed is for what is new; everything stands in the history.
LINES_MOST = 50
#: Signs that XML 1.0 has no way to write.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def plain(snapshot: Snapshot) -> dict[str, Any]:
    """What the page tells, for programs. Instants are RFC 3339 in UTC."""
    return {
        "company": snapshot.company,
        "url": f"{snapshot.url}/",
        "standing": snapshot.standing.value,
        "standings": {one.value: sayings.standing_words(one) for one in Standing},
        "changed_at": _instant(snapshot.changed_at),
        "components": [_part(one) | {"group": one.group} for one in snapshot.components],
        "places": [_part(one) for one in snapshot.places],
        "open": [_incident(one, snapshot) for one in snapshot.open],
        "lately": [_incident(one, snapshot) for one in snapshot.lately],
        "planned": [_planned(one, snapshot) for one in snapshot.planned],
    }


def _part(part: Any) -> dict[str, Any]:
    return {
        "name": part.name,
        "standing": part.standing.value,
        "undisturbed": {
            "share": round(part.share.share, 6),
            "incidents": part.share.incidents,
            "from": _instant(part.share.from_at),
            "until": _instant(part.share.until),
        }
        if part.share
        else None,
    }


def _incident(one: Any, snapshot: Snapshot) -> dict[str, Any]:
    return {
        "id": str(one.public_id),
        "url": f"{snapshot.url}/incidents/{one.public_id}/",
        "title": one.title,
        "sort": one.sort,
        "severity": one.severity,
        "state": one.state,
        "components": list(one.components),
        "places": list(one.places),
        "happened_at": _instant(one.happened_at),
        "first_complaint_at": _instant(one.first_signal_at),
        "said_at": _instant(one.said_at),
        "ended_at": None if one.is_open else _instant(one.ended_at),
        "next_word_at": _instant(one.next_word_at),
        "watched_until": _instant(one.watched_until),
        "said": [
            {
                "id": str(one.line_id(line)),
                "kind": line.kind,
                "words": line.words,
                "happened_at": _instant(line.happened_at),
                "said_at": _instant(line.said_at),
                "changed_at": _instant(line.changed_at),
                "before": [{"words": old.words, "said_at": _instant(old.said_at)} for old in line.before],
            }
            for line in one.lines
        ],
    }


def _planned(one: Planned, snapshot: Snapshot) -> dict[str, Any]:
    return {
        "id": str(one.public_id),
        "title": one.now.title,
        "words": one.now.words,
        "components": list(one.now.components),
        "places": list(one.now.places),
        "from": _instant(one.now.from_at),
        "until": _instant(one.now.until),
        "said_at": _instant(one.versions[0].said_at),
        "changed_at": _instant(one.changed_at) if one.sequence else None,
        "cancelled_at": _instant(one.cancelled_at),
        "is_under_way": one.is_under_way(snapshot.now),
        "versions": len(one.versions),
    }


def _instant(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z") if at else None


# Atom


def atom(snapshot: Snapshot) -> bytes:
    """The newest lines of every timeline and what was said of planned work. A line keeps its id whatever its words become."""
    ElementTree.register_namespace("", ATOM)
    feed = ElementTree.Element(f"{{{ATOM}}}feed")
    news = sorted(_news(snapshot), key=lambda one: one["published"], reverse=True)[:LINES_MOST]
    _put(feed, "id", uuid5(NAMESPACE_URL, f"{snapshot.url}/").urn)
    _put(feed, "title", _("%(company)s: how things stand") % {"company": snapshot.company})
    _put(feed, "updated", _instant(max([one["updated"] for one in news], default=EPOCH)))
    _put(_put(feed, "author"), "name", snapshot.company)
    _put(feed, "link", rel="self", type="application/atom+xml", href=f"{snapshot.url}/feed.atom")
    _put(feed, "link", rel="alternate", type="text/html", href=f"{snapshot.url}/")
    for one in news:
        entry = _put(feed, "entry")
        _put(entry, "id", one["id"].urn)
        _put(entry, "title", one["title"])
        _put(entry, "published", _instant(one["published"]))
        _put(entry, "updated", _instant(one["updated"]))
        _put(entry, "link", rel="alternate", type="text/html", href=one["href"])
        _put(entry, "content", one["words"], type="text")
    written: str = ElementTree.tostring(feed, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{written}\n'.encode()


def _put(parent: ElementTree.Element, name: str, words: str | None = None, **said: str) -> ElementTree.Element:
    child = ElementTree.SubElement(parent, f"{{{ATOM}}}{name}", said)
    child.text = _NOT_XML.sub("", words) if words is not None else None
    return child


def _news(snapshot: Snapshot) -> Iterator[dict[str, Any]]:
    zone = snapshot.zone
    for incident in snapshot.incidents:
        for line in incident.lines:
            so = _("So since: %(when)s") % {"when": sayings.moment(line.happened_at, zone)}
            said = _("Said: %(when)s") % {"when": sayings.moment(line.said_at, zone)}
            otherwise = []
            if line.changed_at:
                otherwise = [
                    _("Put otherwise: %(when)s. Before it read:") % {"when": sayings.moment(line.changed_at, zone)},
                    *(old.words for old in line.before),
                ]
            yield {
                "id": incident.line_id(line),
                "title": f"{incident.title}: {sayings.line_words(line.kind)}",
                "published": line.said_at,
                "updated": line.changed_at or line.said_at,
                "href": f"{snapshot.url}/incidents/{incident.public_id}/#said-{line.number}",
                "words": "\n\n".join([line.words, f"{so}\n{said}", *otherwise]),
            }
    for planned in snapshot.planned:
        when = _("From %(from)s to %(until)s") % {
            "from": sayings.moment(planned.now.from_at, zone),
            "until": sayings.moment(planned.now.until, zone),
        }
        cancelled = [_("It was called off.")] if planned.cancelled_at else []
        yield {
            "id": uuid5(planned.public_id, "planned"),
            "title": _("Planned work: %(title)s") % {"title": planned.now.title},
            "published": planned.versions[0].said_at,
            "updated": planned.changed_at,
            "href": f"{snapshot.url}/#planned-{planned.public_id}",
            "words": "\n\n".join([*cancelled, when, *([planned.now.words] if planned.now.words else [])]),
        }


# Calendar


def calendar(snapshot: Snapshot) -> bytes:
    """Planned work as a calendar one can subscribe to. What was called off stays in it, marked so (RFC 5545, 3.8.1.11)."""
    from icalendar import Calendar, Event  # slow to load

    book = Calendar()
    book.add("prodid", "-//Troth//Status//EN")
    book.add("version", "2.0")
    book.add("method", "PUBLISH")
    book.add("x-wr-calname", _("%(company)s: planned work") % {"company": snapshot.company})
    host = urlsplit(snapshot.url).hostname or "troth"
    for one in snapshot.planned:
        event = Event()
        event.add("uid", f"{one.public_id}@{host}")
        event.add("dtstamp", one.changed_at.astimezone(UTC))
        event.add("last-modified", one.changed_at.astimezone(UTC))
        event.add("created", one.versions[0].said_at.astimezone(UTC))
        event.add("dtstart", one.now.from_at.astimezone(UTC))
        event.add("dtend", one.now.until.astimezone(UTC))
        event.add("sequence", one.sequence)
        event.add("status", "CANCELLED" if one.cancelled_at else "CONFIRMED")
        event.add("transp", "TRANSPARENT")
        event.add("summary", f"{snapshot.company}: {one.now.title}")
        affects = ", ".join([*one.now.components, *one.now.places])
        words = [one.now.words] if one.now.words else []
        if affects:
            words.append(_("It touches: %(what)s") % {"what": affects})
        if words:
            event.add("description", "\n\n".join(words))
        if one.now.places:
            event.add("location", ", ".join(one.now.places))
        event.add("url", f"{snapshot.url}/#planned-{one.public_id}")
        book.add_component(event)
    return bytes(book.to_ical())
