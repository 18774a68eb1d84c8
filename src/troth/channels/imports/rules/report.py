"""What reading an export through found, counted as it goes; the same for the person who asks and for a program."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from troth.channels.imports.rules.ticket import Ticket

#: Of each list in the report; the counts go on.
SHOWN = 200
EXAMPLES = 3


@dataclass
class Report:
    """Counts and examples; no more than a screen of each, however large the export."""

    tickets: int = 0
    messages: int = 0
    notes: int = 0
    #: Whom the tickets are of.
    customers: int = 0
    #: Nobody can be reached by these: no address, no number.
    unreachable: int = 0
    known: int = 0
    passed_over: int = 0
    attachments: int = 0
    attachments_missing: int = 0
    ratings: int = 0
    due_dates: int = 0
    first_at: datetime | None = None
    last_at: datetime | None = None
    statuses: Counter[tuple[str, str]] = field(default_factory=Counter)
    channels: Counter[str] = field(default_factory=Counter)
    staff_found: Counter[str] = field(default_factory=Counter)
    staff_unknown: Counter[str] = field(default_factory=Counter)
    mapped: Counter[str] = field(default_factory=Counter)
    noted: Counter[str] = field(default_factory=Counter)
    unmapped: Counter[str] = field(default_factory=Counter)
    examples: dict[str, list[str]] = field(default_factory=dict)
    #: Fields of tickets and of what was said that have no use here, and fields of people.
    left: Counter[str] = field(default_factory=Counter)
    people_left: Counter[str] = field(default_factory=Counter)
    remarks: Counter[str] = field(default_factory=Counter)
    troubles: int = 0
    #: file, line, reason.
    trouble_shown: list[tuple[str, int, str]] = field(default_factory=list)
    reasons: Counter[str] = field(default_factory=Counter)
    #: Ticket, what was promised, by when: for a person to look at; nothing is recorded of it.
    promises: list[tuple[str, str, str]] = field(default_factory=list)
    promises_found: int = 0

    def saw(self, ticket: Ticket) -> None:
        self.tickets += 1
        self.statuses[ticket.status or "-", ticket.stands.value] += 1
        self.channels[ticket.channel or "-"] += 1
        for said in ticket.said:
            self.messages += not said.private
            self.notes += said.private
            missing = sum(one.content is None for one in said.enclosed)
            self.attachments_missing += missing
            self.attachments += len(said.enclosed) - missing
        moments = [ticket.opened_at, *(said.at for said in ticket.said)]
        self.first_at = min([*moments, *([self.first_at] if self.first_at else [])])
        self.last_at = max([*moments, *([self.last_at] if self.last_at else [])])
        for name, value in _mapped(ticket):
            self.mapped[name] += bool(value)
        for name, _value in ticket.noted:
            self.noted[name] += 1
            self.ratings += name == "rating"
            self.due_dates += "due" in name or "SLA" in name
        for name, _value in ticket.unmapped:
            self.unmapped[name] += 1
            shown = self.examples.setdefault(name, [])
            if len(shown) < EXAMPLES:
                shown.append(ticket.id)
        self.remarks.update(ticket.remarks)
        if any(not (said.text or said.html or said.enclosed) for said in ticket.said):
            self.remarks["something said in it is empty"] += 1
        self.left.update(set(ticket.left))

    def trouble(self, file: str, line: int, reason: str) -> None:
        self.troubles += 1
        self.reasons[_kind(reason)] += 1
        if len(self.trouble_shown) < SHOWN:
            self.trouble_shown.append((file, line, reason))

    def plain(self) -> dict[str, Any]:
        """As JSON, for `--json` and for the page."""
        return {
            "tickets": self.tickets,
            "messages": self.messages,
            "notes": self.notes,
            "customers": self.customers,
            "unreachable": self.unreachable,
            "here_already": self.known,
            "passed_over": self.passed_over,
            "attachments": self.attachments,
            "attachments_missing": self.attachments_missing,
            "ratings": self.ratings,
            "due_dates": self.due_dates,
            "from": self.first_at.isoformat() if self.first_at else None,
            "until": self.last_at.isoformat() if self.last_at else None,
            "statuses": [
                {"there": there, "here": here, "count": count}
                for (there, here), count in self.statuses.most_common(SHOWN)
            ],
            "channels": _listed(self.channels),
            "staff_found": _listed(self.staff_found),
            "staff_unknown": _listed(self.staff_unknown),
            "fields_mapped": _listed(self.mapped),
            "fields_in_note": _listed(self.noted),
            "fields_unmapped": [
                {"name": name, "count": count, "examples": self.examples.get(name, [])}
                for name, count in self.unmapped.most_common(SHOWN)
            ],
            "fields_left": _listed(self.left),
            "fields_of_people_left": _listed(self.people_left),
            "remarks": _listed(self.remarks),
            "problems": self.troubles,
            "problem_reasons": _listed(self.reasons),
            "problem_lines": [
                {"file": file, "line": line, "reason": reason} for file, line, reason in self.trouble_shown
            ],
            "promises_found": self.promises_found,
            "promises": [{"ticket": one, "what": what, "due": due} for one, what, due in self.promises],
        }


def _listed(counted: Counter[str]) -> list[dict[str, Any]]:
    return [{"name": name, "count": count} for name, count in counted.most_common(SHOWN) if count]


def _mapped(ticket: Ticket) -> Iterable[tuple[str, object]]:
    return (
        ("subject", ticket.subject),
        ("status", ticket.status),
        ("channel", ticket.channel),
        ("opened", ticket.opened_at),
        ("solved", ticket.solved_at),
        ("requester", ticket.requester.name or ticket.requester.emails),
        ("assignee", ticket.assignee.name or ticket.assignee.emails),
        ("tags", ticket.tags),
        ("messages", ticket.said),
    )


def _kind(reason: str) -> str:
    """The reason without what it quotes, so that alike are counted together."""
    parts = reason.split("'")
    return "…".join(parts[::2])[:120]
