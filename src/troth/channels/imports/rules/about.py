"""The note in a case that came from another desk: everything that has no place of its own here."""

from __future__ import annotations

from datetime import UTC, datetime

from troth.channels.imports.rules.desks import NAMES
from troth.channels.imports.rules.ticket import Ticket


def about(ticket: Ticket, *, source: str, assignee_is_known: bool) -> str:
    """One line for each thing that is known, the same words for the same ticket, so that it is written once."""
    lines = [f"{NAMES.get(source, source)} {ticket.id}, {ticket.status or '-'} there."]
    if ticket.channel:
        lines.append(f"channel: {ticket.channel}")
    if ticket.solved_at:
        lines.append(f"solved: {_moment(ticket.solved_at)}")
    if not assignee_is_known and (ticket.assignee.name or ticket.assignee.emails):
        lines.append(f"assignee: {' '.join(part for part in (ticket.assignee.name, ticket.assignee.email) if part)}")
    if ticket.tags:
        lines.append(f"tags: {', '.join(ticket.tags)}")
    lines += [f"{name}: {value}" for name, value in (*ticket.noted, *ticket.unmapped)]
    return "\n".join(lines)


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
