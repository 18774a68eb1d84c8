"""What a complaint is about: at most two causes, surest first, and none where nothing points to one."""

from __future__ import annotations

from troth.reading.found import Finding
from troth.reading.linear import Evidence, scorer
from troth.words.causes import Cause

NONE = "none"
"""What the scorer calls a complaint that names no cause ("I'm not happy with this")."""
SHOWN = 2
"""A person picks from two more quickly than from nine, and the right one is rarely the third."""
SHOWN_FROM = 0.15
"""A cause less likely than this is not worth showing."""


def causes_of(evidence: Evidence) -> tuple[Finding[Cause], ...]:
    """The likeliest causes; none if likeliest is that none is named.

    `Finding.is_confident` says whether the first may be filled in.
    """
    model = scorer("cause")
    shares = model.probabilities(evidence)
    likeliest = sorted(shares, key=lambda cause: -shares[cause])[:SHOWN]
    if likeliest[0] == NONE:
        return ()
    return tuple(
        Finding(Cause(cause), round(shares[cause], 2), model.why(evidence, cause))
        for cause in likeliest
        if cause != NONE and shares[cause] >= SHOWN_FROM
    )
