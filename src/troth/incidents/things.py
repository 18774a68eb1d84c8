"""What the ledger tells of in this room: each incident, with the lines of its timeline."""

from __future__ import annotations

from collections.abc import Sequence

from troth.incidents import things_prevention as prevention
from troth.incidents.models import Entry, Incident, State
from troth.incidents.rules import digests
from troth.incidents.rules.replay import incident_told
from troth.ledger.replay import Thing
from troth.ledger.rules.replay import Columns
from troth.words.refs import ref

#: Columns that have the names and values of what the facts say.
SAME = (
    "sort", "severity", "cause", "is_public", "happened_at", "first_signal", "first_signal_at", "aware_at", "said_at",
    "state", "ended_at", "end_said_at",
)  # fmt: skip


def incidents(numbers: Sequence[int]) -> dict[int, Columns]:
    """The columns of these incidents and of their lines, as their facts would put them."""
    found = {row.pk: _columns(row) for row in Incident.objects.filter(pk__in=numbers)}
    lines: dict[int, list[str]] = {number: [] for number in found}
    for entry in Entry.objects.filter(incident__in=numbers):
        said = ref("said", entry.pk)
        lines[entry.incident_id].append(said)
        found[entry.incident_id] |= {
            f"{said} kind": entry.kind,
            f"{said} happened_at": entry.happened_at,
            f"{said} said_at": entry.said_at,
            f"{said} words_digest": digests.of_words(entry.words),
            f"{said} changes": ref("said", entry.changes_id) if entry.changes_id else "",
        }
    for number, said_here in lines.items():
        found[number]["lines"] = " ".join(sorted(said_here))
    return found


def _columns(row: Incident) -> Columns:
    return {
        "IncidentBegan": 1,
        "words_digest": digests.of_filing(title=row.title, product=row.product, place=row.place),
        "owner": ref("staff", row.owner_id) if row.owner_id else "",
        "next_word": ref("promise", row.next_word_id) if row.next_word_id else "",
        "recurrence_of": ref("incident", row.recurrence_of_id) if row.recurrence_of_id else "",
        **{name: getattr(row, name) for name in SAME},
        # That an ended one is watched is told by its watch.
        "state": State.OPEN if row.state == State.OPEN else State.ENDED,
    }


THINGS = (Thing(word="incident", model=Incident, rows=incidents, told=incident_told), *prevention.THINGS)
