"""What the customer asked and asked for, and whether a reply comes back to it.

A question counts as answered as soon as anything of it is taken up: better to miss one than to name one that was answered.
"""

from __future__ import annotations

import re

from troth.cases.rules import checks_words as said
from troth.cases.rules.checks_words import words
from troth.reading import Reading
from troth.reading.sentences import sentences
from troth.words.remedies import Remedy

REMEDY_WORDS = {
    Remedy.REFUND: words(
        r"refund\w*|re-?imburs\w+|money|credit(?:ed|ing)?|pa(?:y|id|ying)\s+(?:\w+\s+){0,4}back|repa(?:y|id)|charge\w*|amount|bank|card|payment|return\w*"
    ),
    Remedy.REPLACEMENT: words(
        r"replac\w+|another|new|re-?sen[dt]\w*|re-?ship\w*|exchang\w+|send\w*|sent|swap\w*|instead|spare"
    ),
    Remedy.REPAIR: words(
        r"repair\w*|fix\w*|mend\w*|correct\w*|restor\w+|engineer|technician|fitter|work(?:s|ing)|sort\w*|solv\w+|resolv\w+|right|look(?:ed|ing)?\s+(?:at|into)|check\w*|updat\w+|visit|try|reset|restart|troubleshoot\w*"
    ),
    Remedy.DELIVERY: words(
        r"deliver\w*|ship\w*|dispatch\w*|despatch\w*|sent|send\w*|courier|carrier|arriv\w+|way|track\w*|bring\w*|parcel|driver|depot|warehouse|stock|post\w*|order"
    ),
    Remedy.COMPENSATION: words(
        r"compensat\w+|goodwill|voucher|credit\w*|discount|refund\w*|waiv\w+|free|money|amount|points|miles|off\s+(?:your|the)"
    ),
    Remedy.CANCELLATION: words(
        r"cancel\w*|clos(?:e|ed|ing)|terminat\w+|end(?:ed|s)?|stop(?:ped|s)?|unsubscrib\w+|delet\w+|remov\w+|return\w*"
    ),
}  # fmt: skip

_ENDING = re.compile(r"(?<=\w{3})(?:ing|ed|es|s|ly)$")
_NAMED = re.compile(r"[@#]\w+|https?://\S+")
_WORD = re.compile(r"[a-zA-Z£$€]*\d[\w.,/-]*|[^\W\d_]{3,}")
_EVERYDAY = words(
    r"the|and|for|your?s?|are|was|were|has|have|had|can|could|will|would|shall|should|may|might|must|not|but|with|this|that|these|those|they|them",
    r"their|there|here|from|what|when|where|which|who|whom|whose|why|how|does|did|doing|done|been|being|any|some|all|ours?|out|about|into|just",
    r"like|get|got|getting|please|still|even|ever|yet|now|then|than|too|very|really|again|also|only|more|most|much|many|want|need|know|tell|let",
    r"say|said|see|think|made?|make|take|give|going|come|one|two|hello|thanks?|thank|time|way|things?|something|anything|someone|anyone|back|after",
    r"before|over|under|until|since|while|because|possible|actually|exactly|happened|happen|going|ago|today|soon|long",
)
_RHETORIC = words(
    r"(?:are|r)\s+you\s+(?:\w+\s+)?(?:kidding|serious|joking|mad|for\s+real)|seriously|really|how\s+(?:dare|hard|difficult|on\s+earth|can\s+(?:you|anyone|a\s+company|they))|"
    r"what\s+(?:kind|sort)\s+of|what\s+the|what\s+is\s+(?:wrong|the\s+(?:point|matter))|what's\s+(?:wrong|the\s+point)|who\s+(?:cares|do\s+you)|is\s+(?:this|that|it)\s+(?:a\s+joke|how|your|really|what|too\s+much|acceptable|normal)|"
    r"why\s+(?:do|should|would|am|are)\s+(?:i|we|you)\s+(?:even|have|bother|always|still|keep)|isn't\s+it|don't\s+you|do\s+you\s+(?:even|think|people|guys|realise|realize|understand|care)|how\s+many\s+(?:times|more)|"
    r"when\s+(?:will|are)\s+you\s+(?:people|guys|finally|learn|going\s+to\s+learn)|right|ok(?:ay)?|yeah"
)
_LAST = re.compile(r"(?:,\s*)?(?:right|ok|okay|yeah|no|yes)\s*\?+\s*$", re.IGNORECASE)


#: A longer answer says more than what it asks.
ASKS_ONLY_WORDS_MAX = 60
_YES = words(r"yes|no,|of\s+course|certainly")
_CLOSING = words(
    r"(?:any|more|further|other)\s+(?:\w+\s+)?questions?|(?:do\s+not|don't)\s+hesitate|(?:anything|something)\s+else|need\s+(?:any|more|further)"
)


def asks_back_only(reply: str, *, read: Reading) -> bool:
    """Does *reply* only ask the customer for what we need to go on? It is no answer yet, and owes little of one."""
    if len(reply.split()) > ASKS_ONLY_WORDS_MAX or said.DONE.search(reply) or said.REASON.search(reply):
        return False
    if any(not promise.condition and not said.ONLY_TOUCH.search(promise.what) for promise in read.promises):
        return False
    if _YES.search(reply):
        return False
    return any(
        (one.text.rstrip(" )\"'").endswith("?") or said.ASKING_BACK.search(one.text)) and not _CLOSING.search(one.text)
        for one in sentences(reply)
    )


def is_asked(question: str) -> bool:
    """Is it a question that somebody expects an answer to, with something in it by which the answer can be known?"""
    if _LAST.search(question) or len(question) > 400:
        return False
    start = " ".join(question.split()[:9])
    return not _RHETORIC.search(start) and len(_content(question)) >= 2


def is_answered(question: str, reply: str, *, read: Reading) -> bool:
    """Is anything in *reply* taken up from *question*, or of the kind it asks for?"""
    if _content(question) & _content(reply) or any(said.ONLY_TOUCH.search(one.what) for one in read.promises):
        return True  # taken up, or put off with a word that is to come
    asked = question.lower()
    if re.search(r"\bwhen\b|\bhow\s+(?:long|soon)\b|\bwhat\s+(?:time|date|day)\b", asked):
        return bool(read.promises) or bool(
            re.search(r"\d|\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|\btomorrow\b", reply, re.I)
        )
    if re.search(r"\bwhy\b|\bhow\s+come\b|\breason\b", asked):
        return bool(said.REASON.search(reply))
    if re.search(r"\bhow\s+much\b|\bcosts?\b|\bprice\b", asked):
        return bool(said.MONEY.search(reply))
    if re.search(r"\bhow\s+(?:do|can|should|would)\b", asked):
        return bool(re.search(r"https?://|www\.|\bplease\b|\byou\s+can\b|\bclick\b|\bopen\b|\bgo\s+to\b", reply, re.I))
    if re.search(r"\b(?:what|where|which|who)\b", asked):
        return False
    return bool(said.YES_OR_NO.search(reply))


def _content(text: str) -> set[str]:
    """The words that tell what it is about, cut to their stems."""
    return {_stem(word) for word in _WORD.findall(_NAMED.sub("", text)) if not _EVERYDAY.fullmatch(word)}


def _stem(word: str) -> str:
    word = word.lower().strip(".,/-")
    return word if any(sign.isdigit() for sign in word) else _ENDING.sub("", word)[:5]
