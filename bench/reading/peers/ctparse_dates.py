"""ctparse: one date a text, the likeliest."""

from __future__ import annotations

import logging
from importlib.metadata import version
from typing import Any

from ctparse import ctparse
from serve import Message, clock, place, serve

logging.disable()


def answer(task: str, messages: list[Message]) -> list[Any]:
    return [dates(each) for each in messages]


def dates(message: Message) -> list[Any]:
    found = ctparse(message["text"], ts=clock(message), timeout=1.0)
    if found is None:
        return []
    resolved = getattr(found.resolution, "t_to", None) or getattr(found.resolution, "t_from", None) or found.resolution
    try:
        due = resolved.dt
    except (AttributeError, TypeError, ValueError):  # a duration, a time of day: no moment
        return []
    return [place(found.resolution.mstart, found.resolution.mend, due, message)]


serve(answer, version=version("ctparse"))
