"""What a customer's message says: what it raises, how it feels, what is wanted and how soon."""

from __future__ import annotations

from troth.reading.causes import causes_of
from troth.reading.complaint import complaint_in
from troth.reading.emotion import emotions_in
from troth.reading.found import Finding, Reading, Span
from troth.reading.kinds import kind_of
from troth.reading.linear import Evidence
from troth.reading.remedies import remedies_sought
from troth.reading.requests import requests_in
from troth.reading.sentences import sentences
from troth.reading.urgency import urgency_of
from troth.words.emotions import Emotion


def read_customer(text: str, emotions: tuple[Finding[Emotion], ...] | None = None) -> Reading:
    """Read the customer's own words, quoted mail already blanked, and the *emotions* they show, where they are already known.

    An empty text says nothing.
    """
    spans = tuple(Span(sentence.start, sentence.end) for sentence in sentences(text))
    if not spans:
        return Reading(language="")
    evidence = Evidence(text)
    complaint = complaint_in(evidence)
    kind = kind_of(evidence, complaint)
    return Reading(
        language="",
        sentences=spans,
        emotions=emotions_in(text) if emotions is None else emotions,
        complaint=complaint,
        kind=kind,
        causes=causes_of(evidence) if complaint.value else (),
        urgency=urgency_of(text, kind.value if kind else None),
        remedies=remedies_sought(text),
        requests=requests_in(text, spans),
    )
