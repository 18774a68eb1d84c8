"""Where a list goes on: the last row's place, as an opaque text; pure.

It names nothing that is not in the row before it, so it needs no signature: whatever is written into it, the list it goes on
with is asked through the same door.
"""

from __future__ import annotations

import base64
import binascii
from datetime import UTC, datetime

NUMBER_MOST = 2**63 - 1


class NotACursor(ValueError):
    """A text that no list of ours gave out."""


def to_cursor(at: datetime, number: int) -> str:
    """The place of a row that is found by a moment and, among equals, by its number."""
    written = f"{at.astimezone(UTC).isoformat()}~{number}".encode()
    return base64.urlsafe_b64encode(written).decode().rstrip("=")


def from_cursor(text: str) -> tuple[datetime, int]:
    """The place; raises NotACursor."""
    try:
        padded = text + "=" * (-len(text) % 4)
        written = base64.b64decode(padded, altchars=b"-_", validate=True).decode("ascii")
        moment, _, number = written.partition("~")
        at, last = datetime.fromisoformat(moment), int(number)
        # Each place has one spelling; anything else was not given out by us.
        sound = at.tzinfo is not None and 0 < last <= NUMBER_MOST and to_cursor(at, last) == text
    except (binascii.Error, ValueError, OverflowError) as error:
        raise NotACursor("This cursor is none of ours.") from error
    if not sound:
        raise NotACursor("This cursor is none of ours.")
    return at, last
