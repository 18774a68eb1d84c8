"""What every desk's export comes to: people, tickets and what was said in them; nothing looked up yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

Plain = dict[str, Any]


class Sort(StrEnum):
    """What a piece of an export is."""

    TICKET = "ticket"
    SAID = "said"
    PERSON = "person"
    RATING = "rating"
    #: A name that others point to by number: a group, an inbox, a state.
    NAME = "name"


class Stands(StrEnum):
    """How a ticket stands, in words of ours."""

    OPEN = "open"
    WAITING = "waiting"
    RESOLVED = "resolved"


class NotATicket(ValueError):
    """This cannot be taken in; the message says why, for whoever made the export."""


@dataclass(frozen=True)
class Piece:
    """One object of an export: what it is, its id there, and the ticket it belongs to."""

    sort: Sort
    id: str
    plain: Plain
    ticket: str = ""


@dataclass(frozen=True)
class Contact:
    """Somebody as the other desk knows them."""

    id: str = ""
    name: str = ""
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    #: They work there.
    is_staff: bool = False

    @property
    def email(self) -> str:
        return self.emails[0] if self.emails else ""


NOBODY = Contact()


def somebody(people: Mapping[str, Contact], own: str) -> Contact:
    """Who has this number; known by it alone where the export does not say more."""
    return people.get(own) or (Contact(id=own) if own else NOBODY)


@dataclass(frozen=True)
class Enclosed:
    """A file that came with something said; its bytes where the export has them."""

    name: str
    content_type: str = ""
    url: str = ""
    content: bytes | None = None
    #: What the HTML around it calls it, where it stands in its words.
    content_id: str = ""


@dataclass(frozen=True, kw_only=True)
class Said:
    """One thing said in a ticket."""

    id: str
    at: datetime
    #: Staff said it (else the customer).
    ours: bool
    #: For staff only.
    private: bool = False
    by: Contact = NOBODY
    text: str = ""
    html: str = ""
    message_id: str = ""
    #: A machine wrote it: a trigger, a greeting, a bot.
    automatic: bool = False
    enclosed: tuple[Enclosed, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Ticket:
    """A ticket whole, as its desk gives it."""

    id: str
    subject: str
    #: In the other desk's own word.
    status: str
    stands: Stands
    opened_at: datetime
    changed_at: datetime
    requester: Contact
    channel: str = ""
    solved_at: datetime | None = None
    assignee: Contact = NOBODY
    said: tuple[Said, ...] = ()
    tags: tuple[str, ...] = ()
    #: Told in the note about where it came from: name, value.
    noted: tuple[tuple[str, str], ...] = ()
    #: What nobody knows where to put, by its path; it is told in the note as well.
    unmapped: tuple[tuple[str, str], ...] = ()
    #: What is odd about it, though it is taken in.
    remarks: tuple[str, ...] = field(default=())
    #: Names of what holds something and has no use here; it stays behind, and the report says so.
    left: tuple[str, ...] = field(default=())
