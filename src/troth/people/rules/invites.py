"""How an invitation stands: open until it is taken, withdrawn or too old."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

#: A letter is read within a few days or not at all, and an old one lies in mailboxes that change hands.
INVITE_LIFE = timedelta(hours=72)
SET_UP_LIFE = timedelta(hours=24)


class InviteState(StrEnum):
    OPEN = "open"
    TAKEN = "taken"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    REPLACED = "replaced"
    """It was sent again, and only the newer letter counts."""


def invite_state(
    *, taken_at: datetime | None, withdrawn_at: datetime | None, expires_at: datetime, now: datetime
) -> InviteState:
    """What became of it, the most final first."""
    if taken_at is not None:
        return InviteState.TAKEN
    if withdrawn_at is not None:
        return InviteState.WITHDRAWN
    if expires_at <= now:
        return InviteState.EXPIRED
    return InviteState.OPEN
