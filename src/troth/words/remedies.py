"""What a customer asks us to do about it: a closed list, so that sought, offered and given can be compared."""

from __future__ import annotations

from enum import StrEnum


class Remedy(StrEnum):
    """The remedy sought, offered or given."""

    REFUND = "refund"
    """Money back, all or part, also of a charge that should not have been."""
    REPLACEMENT = "replacement"
    """The thing again: another one, or the missing one sent."""
    REPAIR = "repair"
    """The fault mended, the service restored, the record corrected."""
    DELIVERY = "delivery"
    """What was ordered, now."""
    COMPENSATION = "compensation"
    """Something for the trouble, beyond the price."""
    CANCELLATION = "cancellation"
    """Out of the order, the contract or the account."""
    APOLOGY = "apology"
    EXPLANATION = "explanation"
    """Why it happened, or where the matter stands."""
    CONTACT = "contact"
    """That somebody answers, rings, or takes the matter on."""
    CHANGE = "change"
    """That it does not happen again: the practice, the product, or the person."""
    OTHER = "other"
