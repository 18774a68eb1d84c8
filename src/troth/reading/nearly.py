"""What comes near a promise and is none: offers, and deeds that are only implied.

A customer may rely on "we can look into this for you", or on "DM us so that we can help". Whoever writes it is shown
that they have promised nothing, or more than they thought.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from troth.reading import verbs
from troth.reading.form import pattern
from troth.reading.found import FoundPromise, NearKind, NearPromise
from troth.reading.sentences import own_words, sentences


def find_near_promises(text: str, promises: Sequence[FoundPromise] = ()) -> tuple[NearPromise, ...]:
    """The sentences of a text that offer or imply something; those in which one of *promises* stands are left out."""
    taken = {promise.start for promise in promises}
    found = []
    for sentence in sentences(own_words(text)):
        if sentence.start in taken:
            continue
        kind = next((near.kind for near in _NEAR if near.pattern.search(sentence.text)), None)
        if kind is not None:
            found.append(NearPromise(kind, text[sentence.start : sentence.end], sentence.start, sentence.end))
    return tuple(found)


class _Near(NamedTuple):
    """A form that comes near a promise."""

    kind: NearKind
    pattern: re.Pattern[str]


def _one_of(words: frozenset[str]) -> str:
    return "(?:" + "|".join(sorted(words, key=lambda word: (-len(word), word))) + r")\b"


_DO = _one_of((verbs.SERVING | verbs.LOOKING | {"pop", "shift"}) - {"confirm", "see"})
_WE = r"\b(?:I|we)"
_US = r"(?:us|me|our\s+\w+|one\s+of\s+us)"
_GLAD = (
    r"(?:(?:more\s+than|very|only\s+too|so|always|absolutely|really)\s+){0,2}(?:happy|glad|pleased|delighted|willing)\s+"
    r"to\s+(?!hear|see|know|learn|announce|say\b)\w+"
)
_SURELY = (
    r"(?:(?:certainly|definitely|absolutely|easily|probably|of\s+course|also|always|then|gladly|happily|"
    r"try\s+(?:to|and)|try)\s+){0,2}"
)
_START = r"(?:^\W*|[,;]\s*)"
_OUR_PEOPLE = r"(?:team|nurse|advis[eo]r|engineer|manager|colleagues?|agents?|designers?|staff|support|specialists?)"


def _implied(text: str) -> _Near:
    return _Near(NearKind.IMPLIED, pattern(text))


def _offer(text: str) -> _Near:
    return _Near(NearKind.OFFER, pattern(text))


_NEAR = (
    # "Send us a photo so that we can trace it."
    _implied(
        r"\bso\s+(?:that\s+)?(?:I|we|they|someone|somebody|one\s+of|an?|our|the|my|support)\b"
        r"(?:\s+(?!can\b|could\b|may\b|might\b|will\b)[\w’'-]+){0,6}?\s*(?:can|could|may|might|are\s+able\s+to)\b"
        r"(?!\s*(?:not|n?[’']t|see\b))"
    ),
    # "We need a signed letter in order to close it."  "To close it we need a letter."
    _implied(r"\bneed\b[^.!?]{0,80}\bin\s+order\s+(?:to|that)\b"),
    _implied(
        r"^\W*to\s+(?:be\s+able\s+to\s+)?"
        + _DO
        + r"[^.!?]{0,80}"
        + _WE
        + r"(?:[’'](?:d|ll)|\s+would|\s+will)?\s+need\b"
    ),
    # "For us to check, please send the bill."  "Kindly send it for our further action."
    _implied(r"\bfor\s+" + _US + r"\s+to\s+" + _SURELY + _DO),
    _implied(r"\bfor\s+(?:our|my)\s+(?:\w+\s+)?(?:action|review|investigation|checks)\b"),
    # "To help us find it, tell us the number."
    _implied(r"\bto\s+help\s+(?:us|me)\s+(?:to\s+)?\w+"),
    # "Let me check."  "Let's see if we can stretch them."
    _implied(
        r"(?:^\W*|[.!?,;:–—-]\s*|\b(?:and|but|so|please)\s+)let\s+me\s+(?:\w+ly\s+|just\s+|try\s+(?:to|and)\s+)?" + _DO
    ),
    _implied(
        r"\blet\s+us\s+(?:take\s+a\s+(?:closer\s+)?look|look\s+into)\b|\blet[’']s\s+see\s+(?:if|what)\s+we\s+can\b"
    ),
    # "I've asked the depot to call you."  "I've put in a request for a supervisor to contact you."
    _implied(
        _WE + r"(?:[’']ve|\s+have)\s+(?:\w+\s+)?(?:asked|told|instructed|requested|passed|flagged|sent|put|raised|"
        r"e-?mailed|messaged|left|logged)\s[^.!?]{0,60}?\bto\s+" + _DO
    ),
    # "I'd be happy to arrange a call."  "Happy to check."
    _offer(
        r"\b(?:I|we|they|(?:our|the|my)\s+\w+(?:\s+\w+){0,2})(?:[’'](?:d|ll|m|re)|\s+(?:would|will|shall|am|are|is))"
        r"(?:\s+be)?\s+" + _GLAD
    ),
    _offer(r"(?:^\W*|[.!?,;:–—-]\s*)(?:(?:keen|ready)\s+to\s+\w+|" + _GLAD + ")"),
    # "I can look into this."  "The nurse can ring you."  "Can I get you a taxi?"
    _offer(
        r"(?<!how )(?<!what )(?<!so )(?<!that )(?<!better )"
        + _WE
        + r"\s+(?:can|could|may\s+be\s+able\s+to)\s+"
        + _SURELY
        + _DO
    ),
    _offer(
        r"\b" + _OUR_PEOPLE + r"\s+can\s+" + _SURELY + _DO + r"|\b\w+\s+can\s+(?:ring|call|help|send|show|give)\s+you\b"
    ),
    _offer(_START + r"can\s+(?:I|we)\s+(?:get|offer|send|book|bring|arrange|call|ring)\s+you\b"),
    # "We're ready to step in."  "We'd welcome the chance to put this right."
    _offer(
        _WE
        + r"(?:[’'](?:m|re)|\s+(?:am|are))\s+(?:always\s+|all\s+|just\s+)?(?:ready|keen|open|prepared|able)\s+(?:to|for)"
        r"\s+(?:offer\s+you\b|\w+)"
    ),
    _offer(
        _WE + r"(?:[’']d|\s+would)\s+(?:love|welcome|like)\s+(?:the\s+(?:chance|opportunity)\s+)?to\s+"
        r"(?!know|hear|see\b|help\b|assist\b|have\s+\w+|recommend|suggest)|" + _WE + r"[’']d\s+gladly\b"
    ),
    _offer(r"\b(?:our|my)\s+pleasure\s+to\b|\byou(?:[’']re|\s+are)\s+(?:more\s+than\s+)?welcome\s+to\s+(?!the\b)\w+"),
    # "Would you like me to send a new one?"  "Shall I book it?"  "Would Tuesday be any good?"
    _offer(
        r"(?<!what )\b(?:would\s+you\s+like|do\s+you\s+want)\s+(?:me|us)\s+to\b|\bwould\s+you\s+be\s+(?:open|interested)\b"
    ),
    _offer(_START + r"(?:(?:shall|should)\s+(?:I|we)\s+" + _DO + r"|(?:fancy|how\s+about|what\s+if\s+(?:I|we))\b)"),
    _offer(r"\bwould\s+(?:an?|the|it)\s+[\w\s]{2,50}\b(?:help|suit|be\s+(?:any\s+)?(?:good|useful|ok|okay))\b[^.!]*\?"),
    _offer(r"\bit\s+would\s+(?:also\s+)?be\s+possible\s+to\b|\bno\s+(?:problem|trouble)\s+for\s+us\s+to\b"),
    # "Let me know if you want me to call you."
    _offer(
        r"\blet\s+(?:me|us)\s+know\s+(?:if|whether|when)\s+(?:you(?:[’']d|\s+would)?\s+(?:like|want|need|prefer)\s+(?:me|us)\s+to|"
        r"(?:I|we)\s+(?:can|should|may)\s+(?!be\b))"
    ),
)
"""In this order: what implies a deed says more than a willingness beside it."""
