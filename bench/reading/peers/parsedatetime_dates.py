"""parsedatetime."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

import parsedatetime
from serve import Message, clock, place, serve

CALENDAR = parsedatetime.Calendar()


def answer(task: str, messages: list[Message]) -> list[Any]:
    return [
        [
            place(start, end, due, each)
            for due, _, start, end, _ in CALENDAR.nlp(each["text"], sourceTime=clock(each)) or ()
        ]
        for each in messages
    ]


serve(answer, version=version("parsedatetime"))
