"""Finding: a question understood in every language that is read here, its newest and best places, and their words in context.

However many passages hold a common word, a bounded number is looked at: spans of time are gone through from the newest back
until enough was found, and only what was found last is ranked. A count beyond that is not taken; "more than" is said.
"""

from __future__ import annotations

from troth.search.queries.places import RANKED, Found, Narrowed, Place, before, found, promised, walk
from troth.search.queries.question import Question, understood
from troth.search.queries.shown import (
    HIT_FROM,
    HIT_TO,
    CaseFound,
    CustomerFound,
    Excerpt,
    Shown,
    customer_name,
    customers,
    shown,
)

__all__ = [
    "HIT_FROM",
    "HIT_TO",
    "RANKED",
    "CaseFound",
    "CustomerFound",
    "Excerpt",
    "Found",
    "Narrowed",
    "Place",
    "Question",
    "Shown",
    "before",
    "customer_name",
    "customers",
    "found",
    "promised",
    "shown",
    "understood",
    "walk",
]
