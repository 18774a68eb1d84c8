"""What went wrong and concerns the customer who reads: what they were told of it, and when they hear next. Never anybody else."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from django.utils.translation import gettext as _

from troth.incidents.models import Entry, Incident, State
from troth.incidents.queries import Line, concerning
from troth.incidents.queries_prevention import Word, words_for_customer
from troth.portal.doors import Reader

#: As the page says it to whom it hit.
KINDS = {
    Entry.Kind.BEGAN: lambda: _("What happened"),
    Entry.Kind.UPDATE: lambda: _("How it stands"),
    Entry.Kind.ENDED: lambda: _("It is over"),
    Entry.Kind.PREVENTED: lambda: _("What keeps it from happening again"),
    Entry.Kind.HELD: lambda: _("It has not come back"),
    Entry.Kind.RECURRED: lambda: _("It has come back"),
}


def told_of_incidents(reader: Reader) -> list[dict[str, Any]]:
    """Each incident they were told of, the newest first, with the newest line first."""
    found = list(concerning(reader.ids))
    words = words_for_customer(reader.ids) if found else []
    return [
        {
            "id": str(one.incident.public_id),
            "title": one.incident.title,
            "status_words": _status(one.incident),
            "is_open": one.incident.state == State.OPEN,
            "next_word": _next_word(one.incident),
            "lines": [_line(line) for line in reversed(one.lines)],
            "promised": [_promised(word) for word in words if word.incident.pk == one.incident.pk],
        }
        for one in found
    ]


def _promised(word: Word) -> dict[str, Any]:
    return {"words": word.promise.what, "due": word.promise.due, "state": word.promise.state}


def _status(incident: Incident) -> str:
    return _("Going on") if incident.state == State.OPEN else _("Over")


def _next_word(incident: Incident) -> Any:
    return incident.next_word.due if incident.state == State.OPEN and incident.next_word else None


def _line(line: Line) -> dict[str, Any]:
    return {
        "title": KINDS[Entry.Kind(line.now.kind)](),
        "words": line.now.words,
        "happened_at": line.now.happened_at,
        "said_at": line.said_at,
        "before": [{"words": old.words, "until": new.said_at} for old, new in pairwise([*line.before, line.now])],
    }
