"""What phrases of service mean that forum talk does not teach: rules that correct what the net found.

"Not happy" is no joy, nor is the "Thanks" under a request, and who asks for a price is not surprised.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import chain

from troth.reading.found import Finding, Span
from troth.words.emotions import Emotion

Findings = tuple[Finding[Emotion], ...]

SAID_CONFIDENCE = 0.75
"""Of an emotion said in so many words."""


def _re(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_NOT_PLEASED = _re(
    r"\b(?:not|never|hardly|isn[’']?t|aren[’']?t|wasn[’']?t|weren[’']?t|am\s?n[’']t)\s+(?:(?:at\s+all|very|too|so|really|"
    r"that|exactly|best|been|entirely|particularly)\s+){0,2}"
    r"(?:happy|pleased|satisfied|impressed|amused|thrilled|delighted|good\s+enough|acceptable)\b"
)
_IN_ADVANCE = _re(r"\b(?:many\s+thanks|thanks|thank\s+you)(?:\s+(?:so|very)\s+much)?\s+in\s+advance\b")
_FOR_NOTHING = _re(r"\b(?:great|nice|brilliant|lovely)[^.!?\w]{1,3}another\b|\bthanks\s+for\s+nothing\b")
_SIGNED_OFF = _re(
    r"\b(?:many\s+thanks|thanks|thank\s+you|thx|ta|cheers|kind\s+regards|best\s+(?:regards|wishes))"
    r"(?:[\s,.!]+(?:and\s+)?(?:kind\s+|best\s+)?regards)?[\s,.!–-]*(?:(?-i:[A-Z])\w{1,20}[\s.!]*){0,3}$"
)
_BEFORE_SIGNING_OFF = _re(
    r"\b(?:please|kindly|can\s+you|could\s+you|would\s+you|will\s+you|i\s+(?:need|want|would\s+like)|i[’']d\s+like|"
    r"(?:wrong|missing|broken|faulty|damaged|late|delayed|never|not|n[’']t|still|instead\s+of))\b"
)
_SERVICE = _re(
    r"\b(?:orders?|parcels?|packages?|deliver(?:y|ed|ies)|invoices?|bills?|refunds?|bookings?|reservations?|payments?|"
    r"subscriptions?|contracts?|quotes?|opening\s+(?:hours|times)|appointments?|ship(?:ping)?\s+to|in\s+stock|"
    r"customer\s+(?:service|number)|my\s+account|the\s+price|postage|vouchers?|warranty|engineer|claim)\b"
)
_SURPRISED = _re(
    r"\b(?:confus\w+|understand|wow|surpris\w+|shock\w+|strange|weird|odd|oddly|unexpected\w*|how\s+come|on\s+earth|"
    r"what\s+the|wtf|really\?|since\s+when|no\s+idea|reali[sz]e\w*|puzzl\w+|baffl\w+|makes?\s+no\s+sense|wonder\w*|"
    r"curious|wait,|huh|why|didn[’']?t\s+expect|did\s+not\s+expect|never\s+expected)\b|\?!|!\?|\?\?"
)


_JOYFUL = _re(
    r"\b(?:than[kx]\w*|ta|cheers|grateful|appreciat\w+|lov\w+|great\w*|good|happ\w+|glad\w*|pleas(?:ed|ure|ant)|nice\w*|"
    r"amazing|brilliant|fantastic|excellent|wonderful|awesome|perfect\w*|best|delight\w+|superb|thrilled|impress\w+|"
    r"enjoy\w*|fun\w*|lol|lmao|rofl|ha(?:ha)+h?|he(?:he)+|wow|yay\w*|congrat\w*|well\s+done|kudos|relie\w+|proud|cool|sweet|"
    r"beaut\w+|excit\w+|hilarious|laugh\w*|cute|smil\w+|win\w*|luck\w*|welcome|kind\w*|helpful|lovely|friend\w*|cheer\w*)\b|"
    r"[:;]-?[)d]|[\u2600-\u27bf\U0001f300-\U0001faff]"
)
_WISHES = _re(r"\bi\s+(?:want|need|hope)\b|\b(?:i[’']d|would)\s+like\b|\bhope\s+(?:you|this|all)\b|\bplease\b")
_SAID: tuple[tuple[Emotion, re.Pattern[str]], ...] = (
    (
        Emotion.ANGER,
        _re(
            r"\b(?:furious|livid|fuming|outraged|fed\s+up|sick\s+(?:and\s+tired\s+)?of|rip[\s-]?off|ripped\s+off|"
            r"unacceptable|disgraceful|appalling|appalled|had\s+enough|last\s+straw|how\s+dare|thanks\s+for\s+nothing|"
            r"worst\s+(?:customer\s+)?(?:service|company|experience|support)|joke\s+of\s+a\s+\w+|waste\s+of\s+(?:my\s+)?time|"
            r"(?:am|i[’']m|are|we[’']re|was|were|so|really|very)\s+(?:angry|annoyed|enraged|infuriated))\b|"
            r"[😡🤬😠]"
        ),
    ),
    (
        Emotion.DISGUST,
        _re(
            r"\b(?:revolting|repulsive|disgust(?:ing|ed)|filthy|vile|slimy|stank|stinks|stench|maggots?|cockroach(?:es)?|"
            r"mould\w*|sewage|vomit|threw\s+up)\b"
        ),
    ),
    (
        Emotion.FEAR,
        _re(
            r"\b(?:(?:am|i[’']m|are|we[’']re|was|were|so|really|very)\s+(?:worried|anxious|scared|afraid|frightened|terrified|nervous|"
            r"desperate|panicking|concerned\s+(?:that|about))|it\s+worries\s+me|i\s+fear)\b"
        ),
    ),
    (
        Emotion.SADNESS,
        _re(r"\b(?:disappointed|disappointing|gutted|heartbroken|let\s+(?:me|us|badly)?\s*down|let-down)\b"),
    ),
)
_NOT_BEFORE = _re(r"(?:\b(?:not?|never|without|hardly)|n[’']t)\s+(?:\w+\s+){0,2}$")


def corrected(text: str, found: Findings) -> Findings:
    """*found* in *text*, without what these phrases do not show, and with what they do."""
    by_emotion = {finding.value: finding for finding in found}
    unhappy = _NOT_PLEASED.search(text)
    if unhappy and not by_emotion.keys() & {Emotion.SADNESS, Emotion.ANGER}:
        by_emotion[Emotion.SADNESS] = _said(Emotion.SADNESS, unhappy)
    for emotion, pattern in _SAID:
        said = pattern.search(text)
        if said and not _NOT_BEFORE.search(text, max(0, said.start() - _BEFORE_CHARS), said.start()):
            was = by_emotion.get(emotion)
            if was is None or was.confidence < SAID_CONFIDENCE:
                by_emotion[emotion] = _said(emotion, said)
    joy = by_emotion.get(Emotion.JOY)
    if joy and (unhappy or _only_polite(text, joy) or (_WISHES.search(text) and not _JOYFUL.search(text))):
        del by_emotion[Emotion.JOY]
    if Emotion.SURPRISE in by_emotion and _SERVICE.search(text) and not _SURPRISED.search(text):
        del by_emotion[Emotion.SURPRISE]
    return tuple(sorted(by_emotion.values(), key=lambda finding: (-finding.confidence, finding.value)))


def _said(emotion: Emotion, match: re.Match[str]) -> Finding[Emotion]:
    return Finding(emotion, SAID_CONFIDENCE, (Span(*match.span()),))


def _only_polite(text: str, joy: Finding[Emotion]) -> bool:
    """All that shows joy is a phrase of politeness."""
    phrases = [match.span() for match in chain(_IN_ADVANCE.finditer(text), _FOR_NOTHING.finditer(text))]
    closing = _SIGNED_OFF.search(text, max(0, len(text.rstrip()) - _CLOSING_CHARS))
    if closing and _BEFORE_SIGNING_OFF.search(text, 0, closing.start()):
        phrases.append(closing.span())
    return bool(joy.spans) and all(_within(span, phrases) for span in joy.spans)


def _within(span: Span, phrases: Sequence[tuple[int, int]]) -> bool:
    return any(start <= span.start and span.end <= end for start, end in phrases)


_CLOSING_CHARS = 90
_BEFORE_CHARS = 40
