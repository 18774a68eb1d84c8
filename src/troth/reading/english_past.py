"""Is an English day one of the past: "the parcel you sent on Monday", "it was due on Friday"?

A sentence before a date is read backwards from it to the nearest past verb; if nothing between the two looks ahead
("you were told that it *will* come on Monday"), the date is over.
"""

from __future__ import annotations

from troth.reading.pieces import Piece, What, pattern

LOOK_BACK_CHARS = 80

_AUXILIARIES = "was were had did didn't didn’t wasn't wasn’t weren't weren’t".split()  # noqa: SIM905 a list of words
_OF_SOMEBODY = """
    ordered called phoned emailed e-mailed contacted visited bought purchased placed sent received arrived left happened
    started made paid raised reported requested returned posted dispatched shipped attempted tried told said met got
    signed booked cancelled canceled delivered missed moved changed opened closed joined launched
""".split()  # noqa: SIM905 a list of words
"""Only behind their subject; elsewhere they may be participles: "to be delivered on Monday"."""
_ALWAYS_PAST = "rang wrote spoke came went began saw turned".split()  # noqa: SIM905 a list of words
_WORDS = frozenset((*_AUXILIARIES, *_OF_SOMEBODY, *_ALWAYS_PAST, "thanks", "thank", "sorry"))
"""Without one of these nothing before a day says that it is over."""

_VERB = pattern(
    r"^.*(?:\b(?:" + "|".join((*_AUXILIARIES, *_ALWAYS_PAST)) + r")\b"
    r"|\b(?:thanks|thank\s+you)\s+for\b|\bsorry\s+(?:about|for|that)\b"
    r"|\b(?:you|we|i|he|she|they|it|who|which|that|team|colleague|courier|driver)\s+(?:\w+ly\s+)?"
    r"(?:" + "|".join(_OF_SOMEBODY) + r")\b)(?P<rest>[^.;,:!?]{0,45})$"
)
_AHEAD = pattern(r"\b(?:will|to|should|going|is|are|by|be)\b|[’']ll\b")
_LIMIT = pattern(r"(?:by|until|till?|before|within|no\s+later)\b")
_PERIOD = pattern(r"this\s|in\s+20\d\d\b|(?-i:in\s+[A-Z])")


def is_over(text: str, group: list[Piece]) -> bool:
    """Do the words before the pieces of *group* say that what they tell of has been?"""
    start = group[0].start
    if group[0].what is What.WHOLE and not _PERIOD.match(text, start):
        return False
    before = text[max(0, start - LOOK_BACK_CHARS) : start]
    if _WORDS.isdisjoint(before.lower().split()) or _LIMIT.match(text, start):
        return False
    verb = _VERB.search(before)
    return verb is not None and not _AHEAD.search(verb["rest"])
