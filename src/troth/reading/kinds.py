"""What kind of thing is raised. A suggestion that complains is a complaint; thanks that ask for something are an enquiry."""

from __future__ import annotations

from troth.reading.found import Finding
from troth.reading.linear import Evidence, scorer
from troth.words.messages import Kind

NOTHING = "none"
"""What the scorer calls a text that raises nothing: small talk, an automatic answer."""


def kind_of(evidence: Evidence, complaint: Finding[bool]) -> Finding[Kind] | None:
    """The kind; never at odds with whether it is a complaint. None if nothing is raised."""
    if complaint.value:
        return Finding(Kind.COMPLAINT, complaint.confidence, complaint.spans)
    model = scorer("kind")
    shares = model.probabilities(evidence)
    likeliest = max(shares, key=lambda kind: shares[kind])
    if likeliest == NOTHING:
        return None
    confidence = round(shares[likeliest] * complaint.confidence, 2)
    return Finding(Kind(likeliest), confidence, model.why(evidence, likeliest))
