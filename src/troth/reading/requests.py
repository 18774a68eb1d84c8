"""What a customer asks, and asks for, sentence by sentence."""

from __future__ import annotations

import re
from collections.abc import Iterable

from troth.reading.found import Request, Span
from troth.reading.linear import Evidence, scorer

REQUEST_FROM = 0.5
SENTENCES_MAX = 60
"""So many sentences are weighed; nobody answers a longer list at once."""

_QUESTION = re.compile(
    r"\?[\s\"'”’)!?]*$|^\W*(?:(?:hi|hello|hey|and|so|but|also|please)\W+)*(?:what(?!\s+an?\b)|when|where|who|whom|whose|"
    r"which|how|why|can|could|may|"
    r"is\s+(?:there|it|this|that|my|the|anyone)|are\s+(?:there|you|we|they)|do\s+(?:you|i|we)|does|did\s+(?:you|"
    r"it|my)|any\s+(?:chance|idea|"
    r"news|update|plans?)|will\s+(?:you|it|there|the|my)|would\s+(?:you|it)|has\s+(?:my|the|anyone)|have\s+you|"
    r"am\s+i|should\s+i)\b",
    re.IGNORECASE,
)
_ASKED_FOR = re.compile(
    r"\b(?:can|could|would|will)\s+(?:you|u|someone|somebody|anyone)\b|\b(?:please|pls|plz|kindly)\b|"
    r"\b(?:i|we)(?:[’']d|\s+would|\s+really|\s+just|\s+do)?\s+(?:like|need|want|demand|expect|request|require|"
    r"insist)\b|\blet\s+(?:me|us)\s+know\b|"
    r"\b(?:can|could|may)\s+(?:i|we)\s+(?:have|get|please|ask)\b|^\W*(?:send|call|ring|tell|give|refund|fix|"
    r"sort|cancel|help|reply|answer|"
    r"stop|explain|remove|delete|add|bring|put|check|confirm|advise|contact)\b",
    re.IGNORECASE,
)
_THANKS = re.compile(r"\b(?:please\s+(?:pass|thank|accept|find|see)|please\s+(?:note|be\s+aware))\b", re.IGNORECASE)
_CHARS_MAX = 600


def requests_in(text: str, sentences: Iterable[Span]) -> tuple[Request, ...]:
    """The sentences that ask: a question wants to know, any other wants something done."""
    found = []
    for at, (start, end) in enumerate(sentences):
        if at == SENTENCES_MAX:
            break
        sentence = text[start : min(end, start + _CHARS_MAX)]
        asks_for = bool(_ASKED_FOR.search(sentence)) and not _THANKS.search(sentence)
        is_question = bool(_QUESTION.search(sentence))
        if asks_for or is_question or _is_likely(sentence):
            found.append(Request(is_question=is_question and not asks_for, quote=text[start:end], start=start, end=end))
    return tuple(found)


def _is_likely(sentence: str) -> bool:
    return scorer("request").probabilities(Evidence(sentence))["request"] >= REQUEST_FROM
