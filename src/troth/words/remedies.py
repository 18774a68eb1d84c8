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


class State(StrEnum):
    """Where a remedy stands."""

    SOUGHT = "sought"
    """The customer asks for it; nobody has offered anything."""
    WAITING = "waiting"
    """Somebody wants to offer it, and it takes a person with the authority to say yes first."""
    OFFERED = "offered"
    """The customer was offered it, and has not said yes or no."""
    ACCEPTED = "accepted"
    """The customer said yes: owed by its date."""
    DECLINED = "declined"
    """The customer said no, or let us off."""
    DUE = "due"
    """Owed by its date, without the customer having to say anything."""
    GIVEN = "given"
    """It was given, and there is proof of it."""
    WITHDRAWN = "withdrawn"
    """Taken back before the customer had said yes, with a reason."""
    MISSED = "missed"
    """Its date passed, and there is no proof that it was given. It is owed still."""


#: States in which the company owes it.
OWED = frozenset({State.ACCEPTED, State.DUE, State.MISSED})
#: States in which nothing is asked of anybody any more.
SETTLED = frozenset({State.DECLINED, State.GIVEN, State.WITHDRAWN})


class Occasion(StrEnum):
    """What a standard waits for: when this happens, it raises a remedy by itself."""

    MISSED_APPOINTMENT = "missed_appointment"
    """Nobody came in the time that was promised, or it was moved with less than a working day's warning."""
    LATE_DELIVERY = "late_delivery"
    """An order did not come by the day that was promised."""
    MISSED_REMEDY = "missed_remedy"
    """A remedy was not given by its date."""
