"""Channels in which people talk: who it is, and in which case, shows a token of the channel's own; nothing is guessed from words.

Such a channel is resolved late, by its name, as its reader is: `inbox` knows none.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from typing import Protocol, cast

from troth.cases import actions as cases
from troth.cases.models import Message
from troth.inbox.models import Arrival
from troth.inbox.rules.incoming import Incoming
from troth.people.models import Handle

CHANNELS = frozenset({"chat"})


@dataclass(frozen=True)
class Place:
    """Where something said in a talk goes. `case` is None for a case of its own."""

    talk: int
    handle: Handle
    case: int | None
    team: int | None = None
    #: The case it would have joined, had it not gone on by mail meanwhile.
    before: int | None = None


class Channel(Protocol):
    """What `troth.channels.<name>.talk` does."""

    def place(self, arrival: Arrival, incoming: Incoming, *, now: datetime) -> Place:
        """Where it goes; the talk is held from here to the end of the transaction."""
        ...

    def taken_in(self, place: Place, message: Message, *, now: datetime) -> None:
        """It stands in its case; in the same transaction."""
        ...


def say(arrival: Arrival, incoming: Incoming, *, now: datetime) -> Message:
    """Take it into the talk's own case; whoever says who they are is believed nothing of it, as with a form."""
    channel = cast("Channel", import_module(f"troth.channels.{arrival.channel}.talk"))
    place = channel.place(arrival, incoming, now=now)
    message = cases.open_or_join(
        handle=place.handle,
        case_id=place.case,
        subject=incoming.subject,
        text=incoming.text,
        channel=arrival.channel,
        source=arrival.reference,
        at=arrival.received_at,
        unverified=place.case is None,
        seems_to_be=place.before,
        team_id=place.team,
        now=now,
    )
    channel.taken_in(place, message, now=now)
    return message
