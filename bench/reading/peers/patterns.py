"""Ten regular expressions: what one writes in an afternoon."""

from __future__ import annotations

import re
from typing import Any

from serve import Message, serve

PROMISES = [
    r"\b(?:we|i)(?:'|’)ll\b(?!\s+(?:need|have\s+to|be\s+able))",
    r"\b(?:we|i|our\s+\w+|someone|an?\s+\w+|the\s+\w+)\s+(?:will|shall)\b(?!\s+(?:need|not\s+be\s+able))",
    r"\byou(?:'|’)ll\s+(?:receive|hear|get|have)\b|\byou\s+will\s+(?:receive|hear|get|have)\b",
    r"\b(?:will|should)\s+be\s+(?:\w+ed|sent|paid|with\s+you|back|there)\b",
    r"\b(?:am|are|is|'re|’re|'m|’m)\s+going\s+to\b",
    r"\b(?:is|are)\s+(?:scheduled|due|expected|booked)\s+(?:to|for|on)\b",
    r"\bexpect\s+(?:an?|your|the|to\s+hear)\b",
    r"\b(?:allow|takes?)\s+(?:up\s+to\s+)?\d+(?:\s*(?:-|–|to)\s*\d+)?\s+(?:working\s+|business\s+)?(?:hours|days|weeks)\b",
    r"\bwe\s+(?:aim|hope|promise|guarantee)\b",
    r"\bwithin\s+(?:the\s+next\s+)?\w+\s+(?:working\s+|business\s+)?(?:hours?|days?|weeks?)\b",
]
PROMISE = re.compile("|".join(PROMISES), re.IGNORECASE)
NEGATIVE = re.compile(r"\?\s*$|\b(?:if\s+you|can|could|would|happy\s+to|unable|not\s+able)\b", re.IGNORECASE)
SENTENCE = re.compile(r"[^.!?\n]+[.!?]*")


def answer(task: str, messages: list[Message]) -> list[Any]:
    return [
        [
            [sentence.start(), sentence.end(), None, "promise"]
            for sentence in SENTENCE.finditer(each["text"])
            if (found := PROMISE.search(sentence[0])) and not NEGATIVE.search(sentence[0], 0, found.start())
        ]
        for each in messages
    ]


serve(answer, version="ten regular expressions")
