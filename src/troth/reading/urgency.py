"""How soon a message wants an answer: by what it says of danger, of days and of standing on the pavement."""

from __future__ import annotations

import re
from itertools import islice

from troth.reading.found import Finding, Span
from troth.words.messages import Kind, Urgency


def _re(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_CRITICAL = _re(
    r"\b(?:emergency|injur(?:ed|y|ies)|in\s+hospital|a&e|ambulance|(?:caught|on|catch)\s+(?:fire|light)|"
    r"burst\s+into\s+flames|"
    r"explod(?:ed|ing)|smok(?:e|ing)|melted|gas\s+leak|smell(?:s)?\s+of\s+gas|carbon\s+monoxide|"
    r"electric\s+shock|electrocuted|"
    r"(?:exposed|bare)\s+wir\w+|allergic\s+reaction|nut\s+allergy|epipen|anaphyla\w+|chok(?:ed|ing)|food\s+poisoning|"
    r"suicid\w+|life[\s-]threatening|data\s+breach|(?:been|got|was|account)\s+hacked|hacked\s+(?:my|into|again)|"
    r"hacker|"
    r"identity\s+theft|leaked|stolen\s+(?:card|identity|data)|fraud(?:ulent)?\s+(?:payment|transaction|charge)|"
    r"unauthori[sz]ed\s+(?:payment|transaction|charge|access)|unsafe|dangerous|insulin|oxygen|bleeding|burn(?:t|"
    r"ed)\s+(?:my|her|his|me)|"
    r"brakes?\s+failed|broken\s+(?:my\s+)?(?:wrist|arm|leg|tooth|hip)|(?:glass|metal)\s+in|(?:someone|somebody)"
    r"\s+(?:else\s+)?"
    r"(?:has\s+|is\s+)?(?:got|logged|logging)\s+(?:in|into))\b"
)
_HIGH = _re(
    r"\b(?:urgent(?:ly)?|asap|as\s+soon\s+as\s+possible|immediately|right\s+(?:now|away)|straight\s+away|stranded|"
    r"locked\s+(?:out|myself\s+out)|desperate(?:ly)?|by\s+(?:today|tonight|tomorrow|noon|this\s+(?:morning|"
    r"afternoon|evening|weekend)|"
    r"monday|tuesday|wednesday|thursday|friday|saturday|sunday|\d{1,2}\s?(?:am|pm))|before\s+(?:tomorrow|"
    r"tonight|noon|"
    r"monday|tuesday|wednesday|thursday|friday|saturday|sunday|\d{1,2}\s?(?:am|pm))|"
    r"need\s+(?:it|this|them|an?\s+\w+)\s+(?:today|tonight|tomorrow|by|before|now)|(?:today|tonight|tomorrow)"
    r"\s+(?:please|pls)|"
    r"(?:wedding|funeral|flight|train|exam|interview|operation|surgery)\s+(?:is|leaves|in|on|starts|today|tomorrow)|"
    r"no\s+(?:heating|hot\s+water|power|electricity|water)|running\s+out\s+of\s+(?:time|food|medication)|"
    r"out\s+of\s+medication|"
    r"solicitor|lawyer|legal\s+action|ombudsman|final\s+(?:warning|chance|notice)|deadline|vulnerable|"
    r"elderly|newborn|(?:my|the)\s+baby|disabled|pregnant)\b"
)
_CALM = _re(
    r"\b(?:no|not)\s+(?:rush|hurry|urgent|urgency)|\bwhen(?:ever)?\s+(?:you\s+have\s+(?:a\s+)?(?:moment|time|"
    r"minute)|convenient)\b"
)
_NEGATED = _re(r"\b(?:not|no|never|isn[’']t|without|if|in\s+case|what)\s+(?:\w+\s+){0,3}$")

_SURE = {Urgency.CRITICAL: 0.85, Urgency.HIGH: 0.8, Urgency.NORMAL: 0.85, Urgency.LOW: 0.9}
"""How often each is right, of the sentences that were held back."""
_BEFORE_CHARS = 30


def urgency_of(text: str, kind: Kind | None) -> Finding[Urgency]:
    """The most pressing thing said. What is only thought of ("what if it caught fire?") presses nobody."""
    for urgency, pattern in ((Urgency.CRITICAL, _CRITICAL), (Urgency.HIGH, _HIGH)):
        for match in islice(pattern.finditer(text), 5):
            if not _NEGATED.search(text[max(0, match.start() - _BEFORE_CHARS) : match.start()]):
                return Finding(urgency, _SURE[urgency], (Span(*match.span()),))
    if kind in {Kind.COMPLIMENT, Kind.SUGGESTION}:
        return Finding(Urgency.LOW, _SURE[Urgency.LOW])
    calm = _CALM.search(text) if kind is not Kind.COMPLAINT else None
    if calm:
        return Finding(Urgency.LOW, _SURE[Urgency.LOW], (Span(*calm.span()),))
    return Finding(Urgency.NORMAL, _SURE[Urgency.NORMAL])
