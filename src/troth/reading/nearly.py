"""What comes near a promise and is none: offers, and deeds that are only implied.

A customer may rely on "we can look into this for you", or on "DM us so that we can help". Whoever writes it is shown
that they have promised nothing, or more than they thought.
"""

from __future__ import annotations

from collections.abc import Sequence

from troth.reading import verbs
from troth.reading.forms import pattern
from troth.reading.found import FoundPromise, NearKind, NearPromise
from troth.reading.sentences import own_words, sentences


def find_near_promises(text: str, promises: Sequence[FoundPromise] = ()) -> tuple[NearPromise, ...]:
    """The sentences of a text that offer or imply something; those in which one of *promises* stands are left out."""
    taken = {promise.start for promise in promises}
    found = []
    for sentence in sentences(own_words(text)):
        if sentence.start in taken:
            continue
        kind = _kind_of(sentence.text)
        if kind is not None:
            found.append(NearPromise(kind, text[sentence.start : sentence.end], sentence.start, sentence.end))
    return tuple(found)


_DOING = "(?:" + "|".join(sorted(verbs.SERVING | verbs.LOOKING, key=lambda verb: (-len(verb), verb))) + r")\b"
_GLAD = (
    r"(?:(?:more\s+than|very|only\s+too|so|always|absolutely|really)\s+){0,2}(?:happy|glad|pleased|delighted|willing)\s+to\s+"
    r"(?!hear|see|know|learn|announce|say\b)\w+"
)
_SURELY = (
    r"(?:(?:certainly|definitely|absolutely|of\s+course|also|always|then|gladly|happily|try\s+(?:to|and)|try)\s+){0,2}"
)

_OFFER = pattern(
    r"\b(?:I|we|they|(?:our|the|my)\s+[\w\s]{1,30})(?:[’'](?:d|ll|m|re)|\s+(?:would|will|shall|am|are|is))(?:\s+be)?\s+"
    + _GLAD
    + r"|"
    r"(?:^\W*|[.!?,;:–—-]\s*)" + _GLAD + r"|"
    r"\b(?<!how )(?<!what )(?<!so )(?<!that )(?:I|we|someone|(?:our|the|my)\s+\w+\s+team)\s+(?:can|could|may\s+be\s+able\s+to)\s+"
    + _SURELY
    + _DOING
    + r"|"
    r"\bwould\s+you\s+like\s+(?:me|us)\s+to\b|\bdo\s+you\s+want\s+(?:me|us)\s+to\b|(?:^\W*|[,;]\s*)(?:shall|should)\s+(?:I|we)\s+"
    + _DOING
    + r"|"
    r"\blet\s+(?:me|us)\s+know\s+(?:if|whether|when)\s+(?:you(?:[’']d|\s+would)?\s+(?:like|want|need|prefer)\s+(?:me|us)\s+to|(?:I|we)\s+(?:can|should|may))\b"
)
_IMPLIED = pattern(
    r"\bso\s+(?:that\s+)?(?:I|we|they|someone|somebody|one\s+of|an?|our|the|my)\b(?:\s+(?!can\b|could\b|may\b|might\b|will\b)[\w’'-]+){0,6}?\s*"
    r"(?:can|could|may|might|are\s+able\s+to)\b(?!\s*(?:not|n[’']t))|"
    r"\b(?:in\s+order\s+)?for\s+(?:us|me|our\s+\w+|one\s+of\s+us)\s+to\s+" + _SURELY + _DOING + r"|"
    r"\b(?:in\s+order\s+to|to)\s+help\s+(?:us|me)\s+(?:to\s+)?\w+|"
    r"(?:^\W*|[.!?,;:–—-]\s*|\b(?:and|but|so|please)\s+)let\s+me\s+(?:just\s+|quickly\s+|try\s+(?:to|and)\s+)?"
    + _DOING
    + r"|"
    r"\b(?:I|we)(?:[’']ve|\s+have)\s+(?:\w+\s+)?(?:asked|told|instructed|requested)\s+(?:[\w’'-]+\s+){1,5}?to\s+"
    + _DOING
)


def _kind_of(sentence: str) -> NearKind | None:
    if _IMPLIED.search(sentence):
        return NearKind.IMPLIED
    return NearKind.OFFER if _OFFER.search(sentence) else None
