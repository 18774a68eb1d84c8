"""What the ledger tells of that it does not happen again: causes, measures, watches, recurrences."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from troth.incidents.models import Measure, Recurrence, RootCause, Watch
from troth.incidents.rules import causes
from troth.incidents.rules.replay_prevention import measure_told, recurrence_told, rootcause_told, watch_told
from troth.ledger.replay import Thing
from troth.ledger.rules.replay import Columns
from troth.words.refs import ref

State = Recurrence.State
#: What was said and can be taken back is no fact yet.
DECIDED = {State.FOUND: "", State.SAID: "", State.CONFIRMED: "confirmed", State.DISMISSED: "dismissed"}


def root_causes(numbers: Sequence[int]) -> dict[int, Columns]:
    return {
        row.pk: {
            "RootCauseFound": 1,
            "incident": ref("incident", row.incident_id),
            "way": row.way,
            "by": ref("staff", row.by_id) if row.by_id else "",
            "words_digest": causes.digest(row.plain, row.words),
            "found_at": row.found_at,
        }
        for row in RootCause.objects.filter(pk__in=numbers)
    }


def measures(numbers: Sequence[int]) -> dict[int, Columns]:
    return {
        row.pk: {
            "MeasureTaken": 1,
            "incident": ref("incident", row.incident_id),
            "promise": ref("promise", row.promise_id),
            **{name: getattr(row, name) for name in ("sort", "audience", "made_at")},
        }
        for row in Measure.objects.filter(pk__in=numbers)
    }


def watches(numbers: Sequence[int]) -> dict[int, Columns]:
    same = ("state", "begun_at", "until", "audience", "cause", "ended_at")
    return {
        row.pk: {
            "WatchBegun": 1,
            "incident": ref("incident", row.incident_id),
            "promise": ref("promise", row.promise_id),
            "words_digest": causes.digest_of_watch(product=row.product, place=row.place),
            **({"reason_digest": hashlib.sha256(row.reason.encode()).hexdigest()} if row.reason else {}),
            **{name: getattr(row, name) for name in same},
        }
        for row in Watch.objects.filter(pk__in=numbers)
    }


def recurrences(numbers: Sequence[int]) -> dict[int, Columns]:
    return {
        row.pk: {
            "is_told": True,
            "watch": ref("watch", row.watch_id),
            "is_decided": DECIDED[State(row.state)],
            **{name: getattr(row, name) for name in ("case", "why", "is_strong", "found_at")},
        }
        for row in Recurrence.objects.filter(pk__in=numbers)
    }


THINGS = (
    Thing(word="rootcause", model=RootCause, rows=root_causes, told=rootcause_told),
    Thing(word="measure", model=Measure, rows=measures, told=measure_told),
    Thing(word="watch", model=Watch, rows=watches, told=watch_told),
    Thing(word="recurrence", model=Recurrence, rows=recurrences, told=recurrence_told),
)
