"""What a visitor said, as a message for the inbox."""

from __future__ import annotations

import json

from troth.inbox.models import Arrival
from troth.inbox.rules.incoming import Incoming, Unreadable

#: So much of the first words names the case.
SUBJECT_MOST = 80


def read(arrival: Arrival) -> Incoming:
    """The words, and the name and address they gave with them; raises Unreadable. Nobody is verified by it."""
    try:
        said = json.loads(bytes(arrival.source))
        return Incoming(
            text=said["text"],
            subject=_first_words(said["text"]),
            from_address=said["email"],
            from_name=said["name"],
            from_is_sound=bool(said["email"]),
            sent_at=arrival.received_at,
        )
    except (ValueError, KeyError, TypeError) as error:
        raise Unreadable("What was said was kept in a shape that cannot be read.", code="chat_shape") from error


def _first_words(text: str) -> str:
    line = " ".join(text.split())
    if len(line) <= SUBJECT_MOST:
        return line
    return f"{line[:SUBJECT_MOST].rpartition(' ')[0] or line[:SUBJECT_MOST]}…"
