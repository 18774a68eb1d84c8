"""Is dissatisfaction expressed, justified or not?"""

from __future__ import annotations

from troth.reading.found import Finding
from troth.reading.linear import Evidence, scorer

COMPLAINT_FROM = 0.5
"""The probability is calibrated, so this is where as many are one as are none."""


def complaint_in(evidence: Evidence) -> Finding[bool]:
    """Yes or no, how sure, and the words that say so."""
    model = scorer("complaint")
    probability = model.probabilities(evidence)["complaint"]
    if probability >= COMPLAINT_FROM:
        return Finding(True, round(probability, 2), model.why(evidence, "complaint"))
    return Finding(False, round(1 - probability, 2), model.why(evidence, "complaint", against=True))
