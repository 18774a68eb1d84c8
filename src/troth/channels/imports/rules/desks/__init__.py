"""Other desks' exports, one module each: what an object of it is (`pieces`), and what a ticket comes to (`ticket`).

Everything here is pure: objects in, values out. How files are read stands in `imports.exported`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Protocol

from troth.channels.imports.rules.desks import chatwoot, freshdesk, helpscout, zammad, zendesk
from troth.channels.imports.rules.ticket import Contact, Piece, Plain, Ticket


class Desk(Protocol):
    """What each of the modules beside this one is."""

    SOURCE: str
    #: What is read of a person; the report names whatever else holds something.
    OF_PEOPLE: frozenset[str]

    def pieces(self, plain: Plain, hint: str) -> Iterator[Piece]: ...
    def person(self, plain: Plain) -> Contact: ...
    def ticket(
        self,
        plain: Plain,
        said: list[Plain],
        people: Mapping[str, Contact],
        names: Mapping[str, str],
        ratings: list[Plain],
        zone: str,
    ) -> Ticket: ...


DESKS: dict[str, Desk] = {one.SOURCE: one for one in (zendesk, freshdesk, helpscout, chatwoot, zammad)}
#: As their makers write them.
NAMES = {
    "zendesk": "Zendesk",
    "freshdesk": "Freshdesk",
    "helpscout": "Help Scout",
    "chatwoot": "Chatwoot",
    "zammad": "Zammad",
    "csv": "CSV",
}
