"""What a customer's message says: what it raises, how it feels, what is wanted and how soon."""

from __future__ import annotations

from troth.reading.complaint import causes_of, complaint_in, kind_of, urgency_of
from troth.reading.emotion import emotions_in
from troth.reading.found import Finding, Reading
from troth.words.emotions import Emotion


def read_customer(text: str, emotions: tuple[Finding[Emotion], ...] | None = None) -> Reading:
    """Read the customer's own words, quoted mail already blanked, and the *emotions* they show, where they are already known."""
    emotions = emotions_in(text) if emotions is None else emotions
    complaint = complaint_in(text, emotions)
    kind = kind_of(text, emotions, complaint=complaint.value)
    return Reading(
        language="",
        emotions=emotions,
        complaint=complaint,
        kind=kind,
        causes=causes_of(text) if complaint.value else (),
        urgency=urgency_of(text, kind.value),
    )
