"""A kept form as a message for the inbox."""

from __future__ import annotations

import json

from troth.inbox.models import Arrival
from troth.inbox.rules.incoming import Incoming, Unreadable


def read(arrival: Arrival) -> Incoming:
    """What the visitor wrote; raises Unreadable. The address is only typed, so nobody is verified by it."""
    try:
        typed = json.loads(bytes(arrival.source))
        order = f"\n\n{typed['order']}" if typed.get("order") else ""
        return Incoming(
            text=typed["body"] + order,
            reply_text=typed["body"] + order,
            subject=typed["subject"],
            from_address=typed["email"],
            from_name=typed["name"],
            from_is_sound=True,
            sent_at=arrival.received_at,
        )
    except (ValueError, KeyError, TypeError) as error:
        raise Unreadable("The form was kept in a shape that cannot be read.", code="form_shape") from error
