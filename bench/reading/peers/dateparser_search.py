"""dateparser.search."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

from dateparser.search import search_dates
from serve import Message, clock, place, serve


def answer(task: str, messages: list[Message]) -> list[Any]:
    return [dates(each) for each in messages]


def dates(message: Message) -> list[Any]:
    order = "MDY" if message["tz"].startswith("America") else "DMY"
    settings = {"RELATIVE_BASE": clock(message), "PREFER_DATES_FROM": "future", "DATE_ORDER": order}
    places, end = [], 0
    for words, due in search_dates(message["text"], languages=["en"], settings=settings) or []:
        start = max(message["text"].find(words, end), 0)
        end = start + len(words)
        places.append(place(start, end, due, message))
    return places


serve(answer, version=version("dateparser"))
