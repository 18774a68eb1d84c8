"""metadate."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

from metadate import parse_date
from serve import Message, clock, end_of, place, serve


def answer(task: str, messages: list[Message]) -> list[Any]:
    return [dates(each) for each in messages]


def dates(message: Message) -> list[Any]:
    found = parse_date(message["text"], multi=True, reference_date=clock(message)) or []
    places = []
    for each in found:
        if spans := getattr(each, "spans", None):
            dues = [each.start_date, *end_of(each.end_date)]
            places.append(place(spans[0][0], spans[-1][1], dues, message))
    return places


serve(answer, version=version("metadate"))
