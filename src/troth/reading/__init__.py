from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class FoundPromise:
    quote: str


@dataclass(frozen=True)
class Reading:
    pass


def read(text, *, at, hours, direction): ...
