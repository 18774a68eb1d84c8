"""Exports made up for measuring, in the desks' documented shapes, and what must be in the tables once they were taken in.

What is expected is a count and a sum over the rows: each row counts as sixty bits of the MD5 of its words, so that one that is
missing, doubled or changed shows. PostgreSQL sums the same.
"""

from __future__ import annotations

import hashlib
import json
import random
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from troth.channels.imports.tests.exports import BEN, zendesk_comment, zendesk_ticket, zendesk_user

#: Customers write again: so many tickets to one of them.
TICKETS_EACH = 4
TEXT = (
    "the lamp parcel came broken again please tell when where order number blue green kitchen shop refund Friday thanks and for my"
    " we you have not with it is in on a of to"
)
STATUSES = {"open": "open", "solved": "resolved", "closed": "resolved", "pending": "waiting"}


@dataclass
class Sum:
    """So many rows, and what they sum up to."""

    rows: int = 0
    sum: int = 0

    def add(self, *words: str) -> None:
        self.rows += 1
        self.sum += int(hashlib.md5("|".join(words).encode(), usedforsecurity=False).hexdigest()[:15], 16)


#: How PostgreSQL comes to the same.
SUMMED = "count(*), coalesce(sum(('x' || substr(md5(concat_ws('|', {})), 1, 15))::bit(60)::bigint), 0)"


@dataclass
class Export:
    """One export, and what it holds."""

    source: str
    path: Path
    tickets: int
    cases: Sum = field(default_factory=Sum)
    messages: Sum = field(default_factory=Sum)
    handles: Sum = field(default_factory=Sum)
    attachments: Sum = field(default_factory=Sum)

    @property
    def mib(self) -> float:
        files = [self.path] if self.path.is_file() else list(self.path.iterdir())
        return sum(one.stat().st_size for one in files) / 2**20


def zendesk(path: Path, *, tickets: int, seed: int) -> Export:
    """The account's JSON export, an object a line: in every third ticket a private one of staff, in every fifth a file."""
    chance, made = random.Random(seed), Export("zendesk", path, tickets)
    with path.open("w") as file:
        file.write(json.dumps(BEN) + "\n")
        for number in range(tickets // TICKETS_EACH + 1):
            address = f"ann{number}@quill.example"
            made.handles.add("email", address)
            file.write(json.dumps(zendesk_user(10_000 + number, f"Ann {number}", address)) + "\n")
        for number in range(1, tickets + 1):
            file.write(json.dumps(_zendesk_ticket(number, chance, made)) + "\n")
    return made


def _zendesk_ticket(number: int, chance: random.Random, made: Export) -> dict[str, Any]:
    requester, said = 10_000 + number // TICKETS_EACH, []
    for place, direction in enumerate(("inbound", "outbound", "note" if number % 3 == 0 else "inbound")):
        own, words = number * 10 + place, _words(chance)
        comment = zendesk_comment(
            own, requester if direction == "inbound" else 9100, _at(place), words, public=direction != "note"
        )
        if number % 5 == 0 and place == 0:
            comment["attachments"] = [
                {"id": own, "file_name": f"lamp-{number}.png", "content_url": "https://files.example/1"}
            ]
            words = f"{words}\n\n[lamp-{number}.png]"
        said.append(comment)
        made.messages.add(f"zendesk:{number}:{own}", direction, words)
    status = chance.choice(list(STATUSES))
    made.cases.add(f"zendesk:{number}", STATUSES[status])
    return zendesk_ticket(number, requester=requester, said=said, status=status)


def zammad(folder: Path, *, tickets: int, seed: int) -> Export:
    """Tickets, articles and users of its REST API, a list a file; each ticket with a file whose bytes are there, some the same."""
    folder.mkdir()
    chance, made = random.Random(seed), Export("zammad", folder, tickets)
    people = [
        {"id": 10_000 + number, "firstname": "Bob", "lastname": str(number), "email": f"bob{number}@quill.example", "role_ids": [3]}
        for number in range(tickets // TICKETS_EACH + 1)
    ]  # fmt: skip
    for one in people:
        made.handles.add("email", str(one["email"]))
    _listed(folder / "users.json", iter(people))
    _listed(folder / "tickets.json", (_zammad_ticket(number, made) for number in range(1, tickets + 1)))
    _listed(folder / "ticket_articles.json", _zammad_articles(tickets, chance, made))
    return made


def _zammad_ticket(number: int, made: Export) -> dict[str, Any]:
    made.cases.add(f"zammad:{number}", "resolved")
    return {
        "id": number, "number": f"31{number:06}", "title": "The blue lamp", "group_id": 1, "state_id": 4, "priority_id": 2,
        "customer_id": 10_000 + number // TICKETS_EACH, "owner_id": 1, "created_at": _at(0), "updated_at": _at(2),
    }  # fmt: skip


def _zammad_articles(tickets: int, chance: random.Random, made: Export) -> Iterator[dict[str, Any]]:
    for number in range(1, tickets + 1):
        customer = 10_000 + number // TICKETS_EACH
        for place, sender in enumerate(("Customer", "Agent")):
            own, words = number * 10 + place, _words(chance)
            article = {
                "id": own, "ticket_id": number, "type": "email", "sender": sender, "body": words, "content_type": "text/plain",
                "internal": False, "created_at": _at(place), "created_by_id": customer if sender == "Customer" else 21,
            }  # fmt: skip
            if sender == "Customer":
                content = f"form {number % 50}".encode()
                article["attachments"] = [
                    {"id": own, "filename": f"form-{number}.txt", "data": b64encode(content).decode()}
                ]
                made.attachments.add(
                    f"zammad:{number}:{own}", f"form-{number}.txt", hashlib.sha256(content).hexdigest()
                )
            made.messages.add(f"zammad:{number}:{own}", "inbound" if sender == "Customer" else "outbound", words)
            yield article


def _listed(path: Path, rows: Iterator[dict[str, Any]]) -> None:
    with path.open("w") as file:
        file.write("[")
        for place, row in enumerate(rows):
            file.write((",\n" if place else "\n") + json.dumps(row))
        file.write("\n]\n")


def _words(chance: random.Random) -> str:
    return " ".join(chance.choices(TEXT.split(), k=60))


def _at(place: int) -> str:
    return f"2026-03-0{place + 2}T1{place}:00:00Z"
