"""What a message is: which way it went, what kind of thing it raises and how soon it wants an answer."""

from __future__ import annotations

from enum import StrEnum


class Direction(StrEnum):
    """Which way a message went."""

    INBOUND = "inbound"
    """From the customer to us."""
    OUTBOUND = "outbound"
    """From us to the customer."""
    NOTE = "note"
    """Among staff; nobody outside sees it."""


class Kind(StrEnum):
    """What a customer raises."""

    ENQUIRY = "enquiry"
    SUGGESTION = "suggestion"
    COMPLAINT = "complaint"
    """Any expression of dissatisfaction, oral or written, justified or not."""
    COMPLIMENT = "compliment"


class Urgency(StrEnum):
    """How soon a message wants an answer, least first."""

    LOW = "low"
    """Nothing is asked: thanks, a suggestion."""
    NORMAL = "normal"
    HIGH = "high"
    """The customer says that it is pressing, or gives a day."""
    CRITICAL = "critical"
    """Somebody's health, safety or data may be at stake."""
