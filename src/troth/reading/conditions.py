"""On what a promise hangs: an "if", or something the reader is asked to do first."""

from __future__ import annotations

import re
from collections.abc import Sequence

from troth.reading import verbs
from troth.reading.form import pattern
from troth.reading.sentences import Sentence


def condition_of(text: str, start: int, verb_start: int, end: int, before: Sequence[Sentence]) -> str:
    """The words on which a promise depends; empty if it is unconditional.

    The promise has its subject at *start* and its verb at *verb_start* of the sentence *text* and reaches to *end*,
    where the next one begins; *before* are the sentences before it, the nearest last.
    """
    clause = _if_in(text, start, verb_start, end)
    if clause is not None:
        return _if_words(text, clause, start)
    inverted = (
        _SHOULD_YOU.search(text, 0, start) or _EVENT.search(text, 0, start) or _EVENT.search(text, verb_start, end)
    )
    if inverted:
        return inverted["words"].strip(" ,;")
    lead = text[:start]
    request = _request_in(lead)
    if request is not None:
        return _AND_SO.sub("", lead[request.start("words") :]).strip(" ,;:.!—–-")
    told = _TOLD_TO.match(lead)
    if told and _AND_THEN.search(lead):
        return _AND_SO.sub("", lead).strip(" ,;:.!—–-")
    for sentence in reversed(before[-2:]):
        if asks(sentence.text) and not _THANKS_FOR.match(sentence.text):
            return sentence.text.strip(" ,;:.!")
        if not _PASSED_OVER.match(sentence.text):
            break
    if len(before) <= 1 and _GOES_ON.match((before[0] if before else Sentence(lead, 0, 0)).text):
        return (before[0].text if before else _AND_SO.sub("", lead)).strip(" ,;:.!")
    return ""


def asks(text: str) -> bool:
    """Does this ask the reader to do something?"""
    return bool(
        _PLEASE.search(text)
        or _ASKS_YOU.search(text)
        or text.endswith("?")
        or _WE_NEED.search(text)
        or _request_in(text)
    )


# --- ifs -------------------------------------------------------------------------------------------------------------

_IF = pattern(
    r"(?P<words>(?:(?<!see )(?<!check )(?<!know )(?<!ask )(?<!sure )(?<!wonder )(?<!look )(?<!looking )(?<!as )(?<!tell )(?<!even )"
    r"\b(?:if|when)|\b(?:once|whenever|(?<!look\s)(?<!looked\s)(?<!looking\s)after|unless|as\s+soon\s+as|the\s+(?:moment|minute|day)(?=\s+\w+\s+\w)|"
    r"provided(?:\s+that)?|providing|as\s+long\s+as|so\s+long\s+as|assuming|supposing|upon(?:\s+(?:verification|confirmation|approval))?|subject\s+to|on\s+receipt\s+of|on\s+condition|in\s+case|"
    r"should(?=\s+(?:you|it|that|this|anything|the)\b)|depending\s+on))\s+"
    r"[^,;.!?]{3,120})"
)
_SHOULD_YOU = pattern(r"^\W*(?P<words>(?:should|had|were)\s+(?:you|it|this|that|the|anything|your)\b[^,;]{3,100}),")
_EVENT = pattern(
    r"(?:^\W*|[,;:]\s*|(?<=\w)\s)(?P<words>in\s+the\s+event\s+(?:of|that)\s+[^,;.!?]{3,80}|(?:weather|traffic|stock|all)\s+permitting|"
    r"otherwise(?=,))"
)
_BUT = pattern(r"\bbut\b")
_RECEIVED = pattern(r"\w+(?:\s+\w+)?\s+(?:we|i)(?:[’']ve|\s+have)?\s+(?:received?|got|had|get)\b")
_NO_IF = pattern(
    r"^(?:(?:as\s+soon\s+as|once|when|after|the\s+(?:moment|minute))\s+(?:possible|we|i|they|he|she|our|my|this\s+is\s+over)\b(?![^,;]*\byou)|"
    r"as\s+soon\s+as\s+there|after\s+(?:that|this|all|\d|(?:the\s+|a\s+)?(?:\w+\s+){0,2}?(?:weekend|hours|lunch|noon|midday|\w*day|easter|christmas|holidays?|break))\b|"
    r"when\s+(?:(?:the|our)\s+)?(?:\w+\s+){0,2}opens?|when\s+the\s+\w+\s+(?:is|are|gets?)\s+\w+ed|when\s+(?:ready|needed)|"
    r"if\s+(?:possible|needed|necessary|at\s+all|need\s+be|that[’']s\s+(?:ok|okay|all\s+right|fine)|"
    r"you\s+have\s+any\s+(?:\w+\s+)?(?:questions?|concerns?|issues?|queries|problems)(?!.*\bwe))|"
    r"once\s+(?:again|more|and\s+for\s+all)|as\s+long\s+as\s+(?:possible|it\s+takes))"
)
_AND_SO = pattern(r"[\s,;:—–-]*(?:\b(?:and|then|so|while)\b[\s,]*){0,3}$")


def _if_in(text: str, start: int, verb_start: int, end: int) -> re.Match[str] | None:
    """The if-clause of this promise: before its subject, or between its verb and the next promise."""
    for clause in _IF.finditer(text, 0, end):
        words = clause["words"]
        if (
            start < clause.start() < verb_start
            or _BUT.search(text, clause.end(), max(start, clause.end()))
            or (_NO_IF.match(words) and not _RECEIVED.match(words))
        ):
            continue
        return clause
    return None


def _if_words(text: str, clause: re.Match[str], start: int) -> str:
    if clause.start() > start:
        return clause["words"].strip(" ,;")
    words = text[clause.start() : start]
    return _AND_SO.sub("", re.split(r"[,;]", words)[0]).strip(" ,;")


# --- requests --------------------------------------------------------------------------------------------------------

_TOLD_TO = pattern(
    r"\W*(?:(?:please|just|simply|now|then|so)\s+)?(?:"
    + "|".join(sorted(verbs.SERVING | verbs.LOOKING | verbs.TOLD))
    + r")\b(?!\s+(?:is|are|was|has|will|of)\b)"
)
"""A sentence that starts by telling the reader what to do: "bring it in and we'll look"."""
_AND_THEN = pattern(r"\b(?:and|then|&)\W*$")
_REQUEST_VERBS = (
    r"(?:dm|pm|direct\s+message|message|send|email|e-mail|mail|call|ring|phone|text|contact|reply|respond|let\s+(?:us|"
    r"me)\s+(?:know|have)|tell|provide|share|shoot|drop|give|confirm|fill|follow|click|tap|go|head|report|tweet|select|"
    r"choose|pick|connect|join|meet|check|get\s+(?:in\s+touch|started|back)|reach|raise|open|order|book|scan|sign|log|"
    r"visit|complete|submit|return|attach|include|supply|advise|pop|hit|touch\s+base|write|post|upload|enter|bring|"
    r"leave|forward|answer|start|quote|ping|feel\s+free|speak|chat|use|say|ask|hold|keep|shout|holler|"
    r"(?!(?:it|this|that|which|let|told|gave|sent|sorry|for|with|of|to|from|at|on|by|helps?|makes?|gets?|about)\b)\w+\s+(?:us|me)\s+(?:an?|the|your|any|some|those|"
    r"these|through|over|via|on|at|in)\b)"
)
_REQUEST = pattern(
    r"(?:^|[.!?,;:—–-]\s*|^[:;]-?[DP()]+\s+|\b(?:so(?!\s+you\s+can\b)|then|and|is\s+to)\s+)(?P<words>(?:can|may|could)\s+(?:I|we)\s+(?:please\s+|just\s+|also\s+)?(?:ask|have|take|get)\b|(?:(?:please|pls|plz|kindly|just|simply|also|now)\s+|"
    r"(?:can|could|would|will|if)\s+you\s+(?:be\s+able\s+to\s+|please\s+)?|are\s+you\s+able\s+to\s+|you\s+(?:can|may|could)\s+(?:also\s+)?|go\s+ahead\s+and\s+|mind\s+(?=\w+ing\b)){0,3}"
    r"(?:"
    + _REQUEST_VERBS
    + r"(?!s\b|ed\b|ing\b)|(?<=mind )\w+ing)\b(?!\s+(?:is|are|was|has|will)\b)|(?:please|pls|plz|kindly)\s+\w+)"
)
_PLEASE = pattern(
    r"\b(?:please|pls|plz|kindly)\b(?!\s+(?:allow|accept|note|be\s+assured|be\s+aware|bear|rest|know|expect|see|find|"
    r"don[’']t|do\s+not|give\s+us|excuse|forgive|be\s+patient|ignore)\b)"
)
_NO_REQUEST = pattern(
    r"(?:please|pls|plz|kindly)\s+(?:allow|accept|note|be|bear|rest|know|expect|see|find|don|do\s+not|give\s+us|excuse|"
    r"forgive|ignore|and)\b|leave\s+(?:it|this|that)\s+with|(?:keep|hold|open|use|say|ask|start|leave|order|book|check|answer|raise|sign|return|log|report|"
    r"text|mail|email|post|message|contact|phone|call|give|follow|chat)\s+(?:with|of|in|for|from|has|is|are|was|at)\b"
)
_ASKS_YOU = pattern(
    r"\b(?:can|could|would|will|do|did|are|is|have|has|may|what|which|when|where|mind|"
    r"(?:have|has|did|do|does|is|are|was|were)n[’']t)\b[^?]{0,200}\?"
)
_WE_NEED = pattern(
    r"\b(?:I|we)(?:[’'](?:ll|d)|\s+will|\s+would|\s+do)?\s+(?:just\s+|only\s+|also\s+|first\s+|still\s+){0,2}need\s+"
    r"(?:your|the|an?|you|some|more|one|to\s+(?:know|have))\b"
)
_THANKS_FOR = pattern(r"\W*(?:hi\b|hey\b|hello\b)?[^.!?]{0,20}\b(?:thanks|thank\s+you|sorry|apologies)\b")
_PASSED_OVER = pattern(
    r"(?:.{0,12}$|(?:thanks|thank\s+you|ty|cheers)\b.{0,40}$|(?:https?://|URL\b)|(?:just|simply|then)\b|with\s+(?:that|this)\b|"
    r".{0,80}\bwe[’']ll\b)"
)
"""What may stand between a request and the promise that depends on it."""
_GOES_ON = re.compile(r"[a-z][^.!?]*\b(?:your|number|address|e-?mail|name|postcode|details)\b")
"""The second half of a message in two parts, which goes on with what we need from the reader."""


def _request_in(text: str) -> re.Match[str] | None:
    for match in _REQUEST.finditer(text):
        if not _NO_REQUEST.match(text, match.start("words")):
            return match
    return None
