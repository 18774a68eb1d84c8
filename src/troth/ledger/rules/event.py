"""A sealed entry as other programs are told of it: one form, for the API and for webhooks; pure.

It holds what the fact holds, references and times, and no person's words, name or address.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from troth.ledger.rules.canonical import moment
from troth.words.refs import ref

#: What every fact has; the rest are the fields of its kind.
COMMON = frozenset({"about", "customer", "kind", "v"})


@dataclass(frozen=True)
class Event:
    """One fact at its place in the one order."""

    position: int
    entry: int
    kind: str
    version: int
    about: str
    customer: str
    happened_at: datetime
    recorded_at: datetime
    #: The fields of this kind, as `words/facts/` explains them; instants are text.
    fields: dict[str, str | int | bool | None]
    #: What it said was erased together with its customer's key: version 0, no fields.
    erased: bool = False

    def to_plain(self) -> dict[str, Any]:
        """As JSON tells it; that nothing is left of it stands there only where it is so."""
        return {
            "id": ref("entry", self.entry),
            "position": self.position,
            "kind": self.kind,
            "version": self.version,
            "about": self.about,
            "customer": self.customer,
            "happened_at": moment(self.happened_at),
            "recorded_at": moment(self.recorded_at),
            "fields": self.fields,
            **({"erased": True} if self.erased else {}),
        }


def event_of(
    *,
    position: int,
    entry: int,
    kind: str,
    about: str,
    customer: str,
    happened_at: datetime,
    recorded_at: datetime,
    body: bytes | None,
) -> Event:
    """The event of a sealed entry, with the bytes that were sealed; None where they were erased."""
    fact: dict[str, Any] = json.loads(body) if body is not None else {}
    return Event(
        position=position,
        entry=entry,
        kind=kind,
        version=fact.get("v", 0),
        about=about,
        customer=customer,
        happened_at=happened_at,
        recorded_at=recorded_at,
        fields={name: value for name, value in fact.items() if name not in COMMON},
        erased=body is None,
    )
