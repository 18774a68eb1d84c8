"""Ourselves, as one peer among others."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from serve import Message, place, serve

from troth import reading
from troth.words.hours import Hours, office
from troth.words.messages import Direction

OFFICES: dict[tuple[str, str], Hours] = {}


def answer(task: str, messages: list[Message]) -> list[Any]:
    direction = Direction.OUTBOUND if task in ("promises", "due") else Direction.INBOUND
    readings = reading.read_many(
        [(each["text"], datetime.fromisoformat(each["at"]), office_of(each), direction) for each in messages]
    )
    return [TASKS[task](found, each) for found, each in zip(readings, messages, strict=True)]


def office_of(message: Message) -> Hours:
    where = (message["tz"], message.get("country", ""))
    if where not in OFFICES:
        OFFICES[where] = office(*where)
    return OFFICES[where]


def promises(found: reading.Reading, message: Message) -> list[Any]:
    return [
        place(each.start, each.end, each.due.at if each.due else None, message, "promise") for each in found.promises
    ]


def dues(found: reading.Reading, message: Message) -> list[Any]:
    """Those of promises, and after them every deadline of the text: the judge needs it where a promise is not found."""
    at, hours = datetime.fromisoformat(message["at"]), office_of(message)
    deadlines = reading.find_dues(message["text"], at=at, hours=hours)
    return promises(found, message) + [
        place(each.start, each.end, each.due.at, message, "deadline") for each in deadlines
    ]


TASKS: dict[str, Any] = {
    "promises": promises,
    "due": dues,
    "emotion": lambda found, _: [[each.value, each.confidence] for each in found.emotions],
    "cause": lambda found, _: [[each.value, each.confidence] for each in found.causes],
    "complaint": lambda found, _: [["yes", found.complaint.confidence]] if found.is_complaint else [],
    "request": lambda found, _: [["yes", 1.0]] if found.requests else [],
    "language": lambda found, _: found.language,
}

serve(answer, version=reading.VERSION)
