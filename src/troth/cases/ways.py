"""How an answer reaches the customer: by letter, or in the talk they are having with us at this moment.

A channel in which people talk is resolved late, by its name: `cases` knows none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from typing import Any, Protocol, cast

from django.conf import settings

from troth.cases.models import Case, Message
from troth.people.models import Handle
from troth.people.queries import address_of

CHANNELS = frozenset({"chat"})


@dataclass(frozen=True)
class Way:
    """The way of an answer that leaves now."""

    #: Said in the talk itself, without a letter.
    in_talk: bool
    #: Where a letter goes, else.
    handle: Handle | None
    undo_seconds: int
    #: What was said in the talk and not seen: the letter begins with it.
    unseen: str = ""


@dataclass(frozen=True)
class Shown:
    """What the page of a case says of its talk."""

    #: The customer has it open.
    is_here: bool
    #: Which way an answer goes, as words.
    words: str
    undo_seconds: int
    #: How each of our messages fared: words and tone, by the message's number.
    fared: Mapping[int, Mapping[str, Any]]


class Channel(Protocol):
    """What `troth.channels.<name>.way` does."""

    def way(self, case: Case, *, hold: bool, now: datetime) -> Way | None:
        """The way of an answer in this case, None where its talk has ended. *hold*: it stays so until the transaction ends."""
        ...

    def said(self, message: Message, *, letter: int | None, now: datetime) -> None:
        """An answer was given: in the talk, or by this letter, which began with what was unseen."""
        ...

    def shown(self, case: Case, *, now: datetime) -> Shown | None: ...

    def writing(self, case: Case) -> None:
        """Somebody writes an answer at this moment."""
        ...


def channel_of(case: Case) -> Channel | None:
    if case.channel not in CHANNELS:
        return None
    return cast("Channel", import_module(f"troth.channels.{case.channel}.way"))


def way_of(case: Case, *, hold: bool = False, now: datetime) -> Way:
    channel = channel_of(case)
    way = channel.way(case, hold=hold, now=now) if channel else None
    return way or Way(in_talk=False, handle=address_of(case.customer_id), undo_seconds=settings.TROTH_UNDO_SECONDS)


def said(message: Message, *, letter: int | None, now: datetime) -> None:
    if channel := channel_of(message.case):
        channel.said(message, letter=letter, now=now)


def shown(case: Case, *, now: datetime) -> Shown | None:
    channel = channel_of(case)
    return channel.shown(case, now=now) if channel else None


def writing(case: Case) -> None:
    if channel := channel_of(case):
        channel.writing(case)
