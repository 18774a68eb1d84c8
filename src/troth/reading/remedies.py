"""What a customer asks us to do about it: read from wishes, not from words alone ("I had my refund" seeks none)."""

from __future__ import annotations

import re
from itertools import islice

from troth.reading.found import Finding, Span
from troth.words.remedies import Remedy


def _re(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_WANTS = (
    r"(?:(?:i|we)(?:[’']d|\s+would|\s+do|\s+just|\s+really|\s+now|\s+only)?\s+(?:also\s+)?(?:want|need|demand|"
    r"expect|require|like|"
    r"appreciate|request|insist\s+on|deserve)|(?:please|pls|plz|kindly|just|either)(?:\s+can\s+you)?|(?:can|"
    r"could|may|will|would)\s+"
    r"(?:you|i|we|someone|somebody|u)(?:\s+please|\s+just|\s+at\s+least)?|(?:am|are|[’']m|[’']re)\s+(?:asking|"
    r"looking|waiting)\s+for|"
    r"give\s+(?:me|us)|how\s+(?:do|can)\s+(?:i|we)|when\s+(?:will|can|do)\s+(?:you|i|we|my)|owed|entitled\s+to|"
    r"where(?:[’']s|\s+is)|"
    r"i\s+think|should|what)"
)
_GAP = r"(?:\s+[\w’'£$€.,]+){0,6}?\s+"
_SOUGHT: dict[Remedy, str] = {
    Remedy.REFUND: r"refund(?:ed|s)?|reimburs\w+|money\s+(?:back|returned|refunded)|my\s+money|"
    r"return(?:ed)?\s+(?:the|my)\s+money|credit\s+back|"
    r"deposit\s+back|pay\s+(?:me\s+)?back|take\s+(?:it|the\s+charge|the\s+fee)\s+off",
    Remedy.REPLACEMENT: r"replac(?:e|ed|ement|ing)|exchang(?:e|ed)|swap(?:ped)?|(?:a|an|the)\s+new\s+one|"
    r"another\s+one|send\s+(?:me\s+)?"
    r"(?:the\s+(?:right|correct|missing|other)|another|a\s+new)|the\s+right\s+(?:one|size|colou?r|part)|resend|"
    r"the\s+other\s+(?:one|two)",
    Remedy.REPAIR: r"fix(?:ed)?|repair(?:ed)?|mend(?:ed)?|restore[d]?|sort(?:ed)?\s+(?:it|this|that|out|the|"
    r"your)|sort\s+\w+\s+out|"
    r"put\s+(?:it|this|that)\s+right|correct(?:ed)?\s+(?:the|my|it|this)|unlock|reinstate[d]?|"
    r"get\s+it\s+working|working\s+again",
    Remedy.DELIVERY: r"deliver(?:ed)?\s+(?:it|the|my|them|this|today|tomorrow|now)|send\s+(?:it|the|my|them|"
    r"me\s+my)|get\s+(?:it|my\s+\w+)\s+(?:here|to\s+me)|"
    r"dispatch\w*|bring\s+(?:it|my)|my\s+(?:order|parcel|package|medication|bag|luggage|delivery|tickets?)",
    Remedy.COMPENSATION: r"compensat\w+|goodwill|voucher|(?:a|some)\s+discount|make\s+(?:it\s+)?up\s+(?:for|to)|"
    r"make\s+good|for\s+(?:the|my)\s+(?:trouble|"
    r"inconvenience|time)|claim\s+(?:for|back)",
    Remedy.CANCELLATION: r"cancel(?:led|ed|lation)?\s+(?:it|this|the|my|our|that|please|order)|(?:order|booking|"
    r"subscription|contract|account)\s+cancel\w*|"
    r"close\s+(?:my|the|our)\s+account|out\s+of\s+(?:this|the|my)\s+contract|unsubscribe|take\s+me\s+off|"
    r"delete\s+my\s+account|cancel",
    Remedy.APOLOGY: r"apolog(?:y|ise|ize|ies)|say\s+sorry|a\s+sorry",
    Remedy.EXPLANATION: r"expla(?:in|nation)|know\s+(?:why|what|how\s+this)|tell\s+me\s+(?:why|what|where|when)|"
    r"an?\s+(?:update|answer)|account\s+for|the\s+reason|"
    r"update\s+(?:me|us)|let\s+(?:me|us)\s+know\s+(?:why|what|where|when)",
    Remedy.CONTACT: r"(?:call|ring|phone|contact|email|e-mail|reply|respond|answer|dm|message)(?:\s+(?:me|us|"
    r"back|to\s+(?:me|us|my|this)|my))|get\s+(?:back\s+to|in\s+touch)|"
    r"(?:speak|talk)\s+(?:to|with)\s+(?:a|an|someone|somebody|the|your)|a\s+(?:call\s*back|reply|response|"
    r"phone\s+call|call)|be\s+in\s+touch|"
    r"reply|respond",
    Remedy.CHANGE: r"(?:train|retrain|discipline|sack|fire)\s+(?:your|the|him|her|them)|"
    r"never\s+happens?\s+again|(?:does|do)(?:n[’']?t|\s+not)\s+happen\s+again|"
    r"stop\s+(?:doing|charging|sending|calling|\w+ing)|bring\s+back|change\s+(?:the|your|it)|take\s+(?:it|this)"
    r"\s+down|make\s+sure\s+(?:this|it)",
}
_WISHED = {remedy: _re(rf"\b{_WANTS}{_GAP}(?:{words})\b") for remedy, words in _SOUGHT.items()}
_BARE = {
    Remedy.REFUND: _re(
        r"\brefund\s+(?:me|my|us|the|please|now)\b|\bmoney\s+back\b|\bno\s+refund\b|\bstill\s+(?:no|"
        r"waiting\s+\w+\s+\w*)\s*refund\b"
    ),
    Remedy.REPAIR: _re(
        r"(?:^|[.!?\n]\s{0,3})(?:now\s+)?(?:fix|sort|mend|repair|restore)\s+(?:it|this|your|the|my|that)\b|"
        r"\bsort\s+(?:yourselves|it|this)\s+out\b"
    ),
    Remedy.CANCELLATION: _re(r"\bcancel\s+(?:it|this|my|the\s+(?:order|booking|contract))\b"),
    Remedy.CONTACT: _re(
        r"(?:^|[.!?\n]\s{0,3})(?:ring|call|phone|email|answer|contact)\s+(?:me|us)\b|\bsomebody\s+(?:ring|call|answer)\b"
    ),
    Remedy.APOLOGY: _re(r"\b(?:owed?|expect|want|demand)\s+(?:me\s+|us\s+)?an?\s+apology\b"),
    Remedy.EXPLANATION: _re(r"\b(?:what(?:[’']s|\s+is)\s+going\s+on|why\s+(?:is|was|are|has|have|did|do|does)\b)"),
    Remedy.CHANGE: _re(r"(?:^|[.!?\n]\s{0,3})(?:please\s+)?(?:stop\s+\w+ing|bring\s+back)\b"),
}
_HAD = _re(
    r"\b(?:thank(?:s|\s+you)|cheers)\s+(?:\w+\s+){0,4}$|\b(?:got|received|had|was\s+given)\s+(?:my|the|a)"
    r"\s+(?:\w+\s+)?$"
)
_SURE, _FAIRLY_SURE = 0.8, 0.65
_BEFORE_CHARS = 40
CHARS_MAX = 10_000


def remedies_sought(text: str) -> tuple[Finding[Remedy], ...]:
    """The remedies asked for, surest first and then in the order they are asked for."""
    text = text[:CHARS_MAX]
    found: dict[Remedy, Finding[Remedy]] = {}
    for patterns, confidence in ((_BARE, _FAIRLY_SURE), (_WISHED, _SURE)):
        for remedy, pattern in patterns.items():
            for match in islice(pattern.finditer(text), 3):
                if not _HAD.search(text[max(0, match.start() - _BEFORE_CHARS) : match.start()]):
                    found[remedy] = Finding(remedy, confidence, (Span(*match.span()),))
                    break
    return tuple(sorted(found.values(), key=lambda each: (-each.confidence, each.spans)))
