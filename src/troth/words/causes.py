"""What a customer can be unhappy about: a closed list, so that causes can be counted and compared."""

from __future__ import annotations

from enum import StrEnum


class Cause(StrEnum):
    """Why a customer complains. `OTHER` is a cause that was understood but is not listed; unknown is None."""

    LATE = "late"
    NEVER_DELIVERED = "never_delivered"
    POOR_QUALITY = "poor_quality"
    NOT_AS_DESCRIBED = "not_as_described"
    TREATED_POORLY = "treated_poorly"
    HIDDEN_FEE = "hidden_fee"
    NO_ACKNOWLEDGEMENT = "no_acknowledgement"
    SAFETY_OR_BREACH = "safety_or_breach"
    OTHER = "other"
