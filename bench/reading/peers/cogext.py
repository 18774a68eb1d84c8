"""cogext-primitive: the one installable extractor of commitments."""

from __future__ import annotations

from datetime import datetime
from importlib.metadata import version
from typing import Any

from cogext_primitive import extract_commitments
from serve import Message, place, serve


def answer(task: str, messages: list[Message]) -> list[Any]:
    found = [extract_commitments(each["text"], now=datetime.fromisoformat(each["at"])) for each in messages]
    return [
        [place(*where(one.promise_text, each["text"]), one.deadline, each, "promise") for one in commitments]
        for commitments, each in zip(found, messages, strict=True)
    ]


def where(quote: str, text: str) -> tuple[int, int]:
    start = text.find(quote)
    return (start, start + len(quote)) if start >= 0 else (0, len(text))


serve(answer, version=version("cogext-primitive"))
