"""Everything that can be wrong with a program's request, as RFC 9457 tells it; pure."""

from __future__ import annotations

from enum import Enum
from typing import Any

#: Where each kind is explained, by its name behind the `#`.
PAGE = "/api/reference"


class Kind(Enum):
    """A kind of problem: its name, the status it comes with, and what it says to a person."""

    UNREADABLE = ("unreadable", 400, "The request cannot be read.")
    NO_KEY = ("no-key", 401, "This needs a key that opens something.")
    NOT_ALLOWED = ("not-allowed", 403, "This key may not do that.")
    NOT_HERE = ("not-here", 404, "There is nothing here that this key may see.")
    NOT_THIS_WAY = ("not-this-way", 405, "This cannot be done here.")
    TOO_SLOW = ("too-slow", 408, "The request did not arrive in time.")
    SETTLED = ("settled", 409, "It was settled already.")
    CHANGED = ("changed", 409, "Something changed since you looked.")
    STILL_AT_IT = ("still-at-it", 409, "The same request is being done right now.")
    TOO_LARGE = ("too-large", 413, "The request is too large.")
    NOT_JSON = ("not-json", 415, "The request has to be JSON.")
    NOT_SOUND = ("not-sound", 422, "Something in the request is missing or wrong.")
    NAME_TAKEN = ("name-taken", 422, "This Idempotency-Key stands for another request.")
    GATE_SHUT = ("gate-shut", 422, "A promise in this answer needs a date, or your word that it is none.")
    TOO_FAST = ("too-fast", 429, "That is more than this key may ask in so short a time.")
    BROKEN = ("broken", 500, "Something went wrong on our side.")
    CLOSED = ("closed", 503, "This cannot be answered right now.")

    def __init__(self, slug: str, status: int, title: str) -> None:
        self.slug, self.status, self.title = slug, status, title


def kind_of(status: int) -> Kind:
    """The first kind that comes with *status*; an unknown status of the caller's making is an unreadable request."""
    for kind in Kind:
        if kind.status == status:
            return kind
    return Kind.BROKEN if status >= 500 else Kind.UNREADABLE


def plain(kind: Kind, detail: str = "", **more: Any) -> dict[str, Any]:
    """The problem as JSON tells it; *more* are the members that this kind brings."""
    told = {"type": f"{PAGE}#{kind.slug}", "title": kind.title, "status": kind.status}
    return {**told, **({"detail": detail} if detail else {}), **more}
