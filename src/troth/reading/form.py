"""What a form of promise is, and the groups of words that many forms share.

Every pattern is a plain alternation with bounded repetition, so matching takes time in proportion to the sentence.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from troth.reading import verbs
from troth.words.promises import Strength


def pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE)


class Form(NamedTuple):
    """A form of promise. What is promised begins where the pattern ends."""

    name: str
    pattern: re.Pattern[str]
    strength: Strength
    hints: tuple[str, ...]
    """Lower-case letters without one of which the pattern cannot match: a cheap first look."""
    who: str = ""
    """Who is to act, if it is not the pattern's ``subject``."""
    needs_due: bool = False
    """A promise only if it carries a date."""
    or_soon: bool = False
    """“Soon” is as good as a date."""
    asked_before: bool = False
    """A promise only if the customer is asked for something first."""
    examples: tuple[str, ...] = ()
    """Sentences with this form, each one promise."""
    near_misses: tuple[str, ...] = ()
    """Sentences that come near it and promise nothing."""


OURS = (
    r"\b(?P<subject>I|we|they|(?:our|the|my|your)\s+(?:\w+\s+){0,3}?"
    r"(?:team|staff|engineers?|technicians?|colleagues?|manager|driver|fitter|surveyor|people))\b"
)
BE = (
    r"\s*(?:[’'](?:m|re|s)\s+|\bam\s+|\bare\s+|\bis\s+|\bwill\s+|\bshall\s+|[’']ll\s+)?"
    r"(?:\w+ly\s+|all\s+|always\s+|now\s+|still\s+|also\s+)?"
)
MUCH = r"(?:(?:more\s+than|very|only\s+too|so|always)\s+)?"
DAY = (
    r"(?:today|tomorrow|tonight|this\s|next\s|later\s+today|mon|tue|wed|thu|fri|sat|sun|\d|jan|feb|mar|apr|may\s+\d|jun|jul|"
    r"aug|sep|oct|nov|dec|within|the\s+(?:same|following|next|\d))"
)
LONG = r"(?:days?|weeks?|months?|hours?|hrs|business|working|wks)\b"
NUMBER = r"(?:\d+|an?|one|two|three|four|five|six|seven|eight|nine|ten|couple|few|several|fourteen|twelve)"
SPAN = r"(?:\w+\s+|up\s+to\s+|about\s+|around\s+){0,3}" + NUMBER + r"\b[\s\w–-]{0,20}?\b" + LONG
ON_A_DAY = (
    r"(?:today|tonight|tomorrow|this\s+(?:morning|afternoon|evening|week)|next\s+(?:week|month)|later\s+today|"
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day\b(?!s)|(?:on|by)\s+(?:the\s+)?\d|with\s+the\s+\d|the\s+same\s+day|"
    r"(?:jan|febr)uary|march|april|may\s+\d|june|july|august|(?:sept|nov|dec)ember|october)"
)
DOING = (
    r"(?:"
    + "|".join(
        sorted(
            verbs.ing(verb)
            for verb in (verbs.SERVING | verbs.ARRIVING)
            - verbs.LOOKING
            - verbs.listed("work monitor process run meet book build read test write list post file mail")
        )
    )
    + r"|pushing)\b"
)
DO = (
    r"(?:"
    + "|".join(
        sorted(
            verbs.SERVING
            - verbs.listed(
                """
                open process reply respond answer work look keep help include ensure go get come do make act consider see
                find ask advise finish request recommend explain offer
                """
            )
        )
    )
    + r"|overnight|bring)\b"
)
CLAUSE = r"(?:^\W*|[,;:!.—–]\s*|\b(?:and|but|so|then|please|kindly)\s+)"
