"""Tickets as a table: the CSV exports of the desks, and anybody's with a mapping of its columns.

Each row is a ticket, or one thing said in a ticket whose id stands on several rows.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from troth.channels.imports.rules.ticket import NOBODY, Contact, NotATicket, Plain, Said, Stands, Ticket
from troth.channels.imports.rules.values import is_yes, left_over, line, moment, noted, number, text, words

#: What a column can be, and the headings it is known by in the exports of the desks; ours come first.
COLUMNS: dict[str, tuple[str, ...]] = {
    "id": ("id", "ticket id", "ticket number", "number", "#", "conversation #", "conversation id", "case", "display id"),
    "subject": ("subject", "title", "conversation subject"),
    "status": ("status", "state", "ticket status"),
    "channel": ("channel", "via", "source", "create article type", "inbox name"),
    "opened": ("created at", "created time", "created", "created_at", "opened", "opened at", "date created", "create date"),
    "changed": ("updated at", "last update time", "updated", "updated_at", "last updated", "modified"),
    "solved": ("solved at", "resolved time", "closed time", "closed", "close at", "solved", "resolved at", "date closed"),
    "customer": ("requester", "full name", "customer name", "customer", "requester name", "contact name", "name"),
    "customer email": ("requester email", "email", "customer email", "contact email", "customer_email", "from"),
    "customer phone": ("work phone", "mobile phone", "phone", "customer phone", "phone number", "contact phone"),
    "customer id": ("requester id", "contact id", "customer id"),
    "assignee": ("assignee", "agent", "owner", "assigned to", "user", "agent name", "assignee name"),
    "tags": ("tags", "labels", "tag"),
    "rating": ("satisfaction score", "survey results", "rating", "csat", "satisfaction rating"),
    "due": ("due date", "due by time", "due", "due by", "escalation at"),
    "text": ("description", "text", "body", "message", "content", "first message", "note"),
    "said at": ("message date", "said at", "message created at", "sent at"),
    "said by": ("author", "said by", "sender", "message author"),
    "said by staff": ("direction", "said by staff", "type of message", "is staff"),
    "private": ("private", "internal", "is private"),
    "message id": ("message id", "comment id", "article id"),
}  # fmt: skip
_STANDS = {
    "new": Stands.OPEN, "open": Stands.OPEN, "active": Stands.OPEN, "hold": Stands.OPEN, "on-hold": Stands.OPEN,
    "pending": Stands.WAITING, "waiting on customer": Stands.WAITING, "pending reminder": Stands.WAITING,
    "pending close": Stands.WAITING, "snoozed": Stands.WAITING, "waiting": Stands.WAITING, "on hold": Stands.OPEN,
    "waiting on third party": Stands.OPEN, "solved": Stands.RESOLVED, "closed": Stands.RESOLVED, "merged": Stands.RESOLVED,
    "resolved": Stands.RESOLVED, "removed": Stands.RESOLVED, "spam": Stands.RESOLVED, "done": Stands.RESOLVED,
}  # fmt: skip
_OURS = {"outbound", "outgoing", "agent", "staff", "out", "reply", "1", "true", "yes"}
_SPACES = re.compile(r"[\s_]+")


class NoSuchColumn(ValueError):
    """A mapping names a column that is not there, or a meaning we do not know."""


@dataclass(frozen=True)
class Columns:
    """Which heading means what: ours -> theirs."""

    known: Mapping[str, str]

    @property
    def kept(self) -> frozenset[str]:
        return frozenset(self.known.values())


def columns(headings: Sequence[str], mapping: Mapping[str, str]) -> Columns:
    """What the headings mean; *mapping* (ours -> theirs) goes before what is guessed. Raises NoSuchColumn."""
    plain = {_plain(heading): heading for heading in headings if heading.strip()}
    found: dict[str, str] = {}
    for ours, theirs in mapping.items():
        if ours not in COLUMNS:
            raise NoSuchColumn(f"{ours!r} is no column we know: write one of {', '.join(COLUMNS)}")
        if _plain(theirs) not in plain:
            raise NoSuchColumn(f"there is no column {theirs!r}: there are {', '.join(headings)[:300]}")
        found[ours] = plain[_plain(theirs)]
    for ours, theirs_all in COLUMNS.items():
        for theirs in theirs_all:
            if ours not in found and _plain(theirs) in plain and plain[_plain(theirs)] not in found.values():
                found[ours] = plain[_plain(theirs)]
    if "id" not in found:
        raise NoSuchColumn("no column holds the ticket's id: name it with --map 'id=HEADING'")
    return Columns(found)


def _plain(heading: str) -> str:
    return _SPACES.sub(" ", heading.strip().strip("\ufeff").casefold())


def row_id(row: Plain, of: Columns) -> str:
    return number(row, of.known["id"])


def ticket(rows: Sequence[Plain], of: Columns, *, zone: str) -> Ticket:
    """The ticket on these rows of one id, in the order of the file."""
    first = rows[0]
    get = of.known.get
    status = line(first, get("status", "")).lower()
    told = moment(first, get("opened", ""), get("said at", ""), zone=zone)
    if told is None:
        raise NotATicket("it does not say when it was opened: name the column with --map 'opened=HEADING'")
    email, phone = line(first, get("customer email", "")), line(first, get("customer phone", "")).lstrip("'")
    requester = Contact(
        id=number(first, get("customer id", "")),
        name=line(first, get("customer", "")),
        emails=(email,) if "@" in email else (),
        phones=(phone,) if phone else (),
    )
    assignee = line(first, get("assignee", ""))
    assignee = "" if assignee in {"-", "No Agent"} else assignee
    spoken = [said for place, row in enumerate(rows) if (said := _said(row, of, place, requester, told, zone))]
    return Ticket(
        id=row_id(first, of),
        subject=line(first, get("subject", "")),
        status=status,
        stands=_STANDS.get(status, Stands.OPEN if status else Stands.RESOLVED),
        opened_at=told,
        changed_at=moment(first, get("changed", ""), zone=zone) or told,
        solved_at=moment(first, get("solved", ""), zone=zone),
        requester=requester,
        assignee=Contact(name=assignee, emails=(assignee,) if "@" in assignee else (), is_staff=True)
        if assignee
        else NOBODY,
        channel=line(first, get("channel", "")).lower(),
        said=tuple({one.id: one for one in spoken}.values()),
        tags=words(first, get("tags", "")),
        noted=noted([("rating", line(first, get("rating", ""))), ("due", line(first, get("due", "")))]),
        unmapped=left_over(first, of.kept),
        remarks=(f"status {status}",) if status and status not in _STANDS else (),
    )


def _said(row: Plain, of: Columns, place: int, requester: Contact, opened: object, zone: str) -> Said | None:
    get = of.known.get
    words_ = text(row, get("text", ""))
    if not words_:
        return None
    by = line(row, get("said by", ""))
    ours = line(row, get("said by staff", "")).lower() in _OURS
    at = moment(row, get("said at", ""), zone=zone) or moment(row, get("opened", ""), zone=zone)
    if at is None:
        raise NotATicket("something said in it has no time")
    return Said(
        id=number(row, get("message id", "")) or ("first" if place == 0 else f"row-{place}"),
        at=at,
        ours=ours,
        private=is_yes(row.get(get("private", ""))),
        by=Contact(name=by, emails=(by,) if "@" in by else (), is_staff=True)
        if ours and by
        else requester
        if not ours
        else NOBODY,
        text=words_,
    )
