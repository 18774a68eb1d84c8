"""Promises in what the company writes.

A sentence is searched for the forms in which promises are made; each form then says what makes it one and what does
not. "We'll call you" is a promise; "we'll be happy to check" is an offer, "so we can look into this" implies one,
"we won't be able to" refuses, "will you call?" asks. English only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from typing import NamedTuple

from troth.reading import forms
from troth.reading.due import find_dues
from troth.reading.found import FoundDue, FoundPromise
from troth.reading.sentences import Sentence, own_words, sentences
from troth.words.hours import Hours
from troth.words.promises import Strength

CLAIMS_MAX = 8
"""No sentence promises more often; what does is hostile, and is not worth the time."""


def find_promises(text: str, *, at: datetime, hours: Hours) -> tuple[FoundPromise, ...]:
    """The promises in a text written by us at the instant *at*, in order."""
    found: list[FoundPromise] = []
    before: Sentence | None = None
    for sentence in sentences(own_words(text)):
        for claim, due in _claims(sentence, before, at, hours):
            quote = text[sentence.start : sentence.end]
            what = _what(sentence.text, claim, due)
            condition = _condition(sentence.text, claim, before)
            found.append(
                FoundPromise(
                    who=claim.who,
                    what=what,
                    quote=quote,
                    start=sentence.start,
                    end=sentence.end,
                    strength=_strength(sentence.text, claim),
                    condition=condition,
                    due=due.due if due else None,
                )
            )
        before = sentence
    return tuple(found)


# --- finding them ----------------------------------------------------------------------------------------------------


class _Claim(NamedTuple):
    """One place in a sentence where something is promised; offsets into the sentence."""

    who: str
    subject_start: int
    verb_start: int
    """Where the thing to do begins: after the modal and its adverbs."""
    strength: Strength
    needs_due: bool = False
    or_soon: bool = False
    asked_before: bool = False


def _claims(
    sentence: Sentence, before: Sentence | None, at: datetime, hours: Hours
) -> Iterator[tuple[_Claim, FoundDue | None]]:
    """The promises of one sentence, each with its own deadline: the one said between it and the next promise."""
    text = sentence.text
    if not forms.MAYBE.search(text):
        return
    claims = sorted(_candidates(text), key=lambda claim: claim.verb_start)
    if not claims:
        return
    dues = find_dues(text, at=at, hours=hours)
    kept: list[tuple[_Claim, FoundDue | None]] = []
    for n, claim in enumerate(claims):
        following = claims[n + 1].subject_start if n + 1 < len(claims) else len(text)
        due = _due_of(claim, following, text, dues, alone=len(claims) == 1)
        if claim.needs_due and due is None and not (claim.or_soon and _SOON.search(text, claim.verb_start)):
            continue
        if claim.asked_before and not (_asks(text[: claim.subject_start]) or (before and _asks(before.text))):
            continue
        if kept and claim.verb_start - kept[-1][0].verb_start < 4:
            continue
        if kept and due is None and kept[-1][0].who == claim.who and claim.subject_start < kept[-1][0].verb_start:
            continue
        kept.append((claim, due))
    yield from kept


_SOON = forms.pattern(r"\b(?:soon|shortly|momentarily|any\s+(?:minute|moment))\b")


def _candidates(text: str) -> Iterator[_Claim]:
    seen: list[int] = []
    for match in islice(forms.MODAL.finditer(text), CLAIMS_MAX):
        claim = _said(text, match)
        if claim is not None:
            seen.append(claim.verb_start)
            yield claim
    lower = text.lower()
    for form in forms.FORMS:
        if not any(hint in lower for hint in form.hints):
            continue
        for match in islice(form.pattern.finditer(text), CLAIMS_MAX):
            claim = _formed(text, form, match)
            # "I promise we'll" is one promise, and _strength sees the other word.
            if claim is not None and all(abs(claim.verb_start - start) >= 12 for start in seen):
                seen.append(claim.verb_start)
                yield claim


def _formed(text: str, form: forms.Form, match: re.Match[str]) -> _Claim | None:
    before = text[: match.start()]
    if forms.REFUSAL.match(text, match.end()) and not forms.NEVER_AGAIN.match(text, match.end()):
        return None
    if forms.DOUBT.search(before) or _is_question(text, match.start(), ""):
        return None
    groups = match.groupdict()
    subject = groups.get("subject") or groups.get("subject2") or ""
    who, start = form.who or _who(subject or "we"), match.start()
    if who == "third" and subject.lower() not in {"i", "we"}:
        start = _phrase_start(text, match.end())
    if form.strength is Strength.EXPECT and forms.BAD_NEWS.search(text[start : match.end() + 12]):
        return None
    return _Claim(who, start, match.end(), form.strength, form.needs_due, form.or_soon, form.asked_before)


def _said(text: str, modal: re.Match[str]) -> _Claim | None:
    """The promise made with this "will", if it makes one."""
    start, subject, lead = _subject(text[: modal.start()])
    rest_at = modal.end()
    never = bool(forms.NEVER_AGAIN.match(text, rest_at))
    if forms.DOUBT.search(lead) or _is_question(text, modal.start(), subject):
        return None
    if subject.lower() == "you" and forms.YOU_CAN.match(text, rest_at):
        return _third(start, rest_at, needs_due=True)
    if forms.OFFER.match(text, rest_at) or (forms.REFUSAL.match(text, rest_at) and not never):
        return None
    word = subject.lower()
    if word in {"i", "we", ""}:
        if not never and forms.STATIVE.match(text, rest_at):
            return None
        return _Claim(_who(word), start, rest_at, Strength.PROMISE)
    if word in {"you", "u"}:
        surely = bool(forms.YOU_GET.match(text, rest_at))
        return (
            _third(start, rest_at, needs_due=not surely) if forms.YOU_MAY_GET.match(text, rest_at) or surely else None
        )
    if forms.MISHAP.match(text, rest_at) or forms.NONE_OF_IT.match(subject):
        return None
    if word in {"which", "who", "what", "there"}:
        return _third(start, rest_at, needs_due=True)
    if forms.PEOPLE.search(subject) or (lead and _NAME.match(subject)):
        return None if forms.STATIVE.match(text, rest_at) else _third(start, rest_at, needs_due=False)
    return _third(start, rest_at, needs_due=not (never or forms.HAPPENS.match(text, rest_at)))


_NAME = re.compile(r"[A-Z][a-z]+$")


def _third(start: int, verb_start: int, *, needs_due: bool) -> _Claim:
    return _Claim("third", start, verb_start, Strength.PROMISE, needs_due)


def _subject(before: str) -> tuple[int, str, str]:
    """Where the subject of the clause starts, the subject, and what was said before it."""
    pronoun = forms.SUBJECT.search(before[-40:])
    if pronoun:
        at = max(0, len(before) - 40) + pronoun.start("subject")
        return at, pronoun["subject"], before[:at]
    cut = 0
    for match in forms.CLAUSE_START.finditer(before):
        cut = match.end()
    phrase = before[cut:].strip(" .'\"’")
    if phrase:
        return cut, phrase, before[:cut]
    earlier = None
    for match in forms.EARLIER_SUBJECT.finditer(before):  # "We're looking into it and will ..."
        earlier = match
    if earlier is not None:
        return len(before), earlier["subject"], before[: earlier.start()]
    people = forms.PEOPLE.search(before)
    return len(before), people[0] if people else "", before


def _phrase_start(text: str, end: int) -> int:
    """Where the clause that *end* lies in begins."""
    cut = 0
    for match in forms.CLAUSE_START.finditer(text, 0, end):
        if text[match.end() : end].strip():
            cut = match.end()
    return cut


def _is_question(text: str, modal_start: int, subject: str) -> bool:
    """Is this "will" asked rather than said? The sentence ends with a question mark and the subject comes after."""
    if not text.endswith(("?", "?)", '?"', "?’", "?”")):
        return False
    lead = text[:modal_start]
    if forms.COORDINATE.search(lead) and subject.lower() in {"i", "we"}:
        return False  # "Can you tell us your number and we'll look?"
    return not subject or bool(forms.QUESTION_LEAD.search(lead)) or bool(forms.ASKING.match(text))


def _due_of(claim: _Claim, following: int, text: str, dues: tuple[FoundDue, ...], *, alone: bool) -> FoundDue | None:
    after = [due for due in dues if claim.verb_start - 12 <= due.start < following]
    if after:
        return _latest(claim, text, after)
    ahead = [due for due in dues if due.end <= claim.verb_start and not due.due.words.lower().startswith("until")]
    if not ahead:
        return None
    due = ahead[-1]
    between = text[due.end : claim.subject_start]
    if len(between) >= 40 or _PAST.search(text[: due.start]) or _CONDITIONAL.search(text[: due.start]):
        return None  # "if it has not come by Friday, we'll ...": Friday is not our date
    return due if alone or not _OTHER_CLAUSE.search(between) else None


def _latest(claim: _Claim, text: str, dues: list[FoundDue]) -> FoundDue | None:
    """The last date of this clause: what is promised is done when its last part is."""
    chosen = dues[0]
    if _CONDITIONAL.search(text[claim.verb_start : chosen.start]):
        return None
    for due in dues[1:]:
        if _OTHER_CLAUSE.search(text[chosen.end : due.start]):
            break
        refines = chosen.due.at.date() == due.due.at.date() and not chosen.due.date_only
        if due.due.at >= chosen.due.at and not refines:
            chosen = due
    return chosen


_OTHER_CLAUSE = forms.pattern(r"\b(?:so|since|as|because|which|if|when|once|before|after|although|unless|while)\b")
_CONDITIONAL = forms.pattern(r"\b(?:if|unless|once|when|after\s+you|until\s+you|before\s+you)\b[^,;:]*$")
_PAST = forms.pattern(r"\b(?:was|were|had|did|haven[’']t|hasn[’']t|declined|reported|received|sent|called)\b")

# --- condition, strength and words -----------------------------------------------------------------------------------

_REQUEST_VERBS = (
    r"(?:dm|pm|direct\s+message|message|send|email|e-mail|mail|call|ring|contact|reply|respond|let\s+(?:us|"
    r"me)\s+(?:know|have)|tell|provide|share|"
    r"shoot|drop|give|confirm|fill|follow|click|go|report|tweet|select|connect|join|meet|check|"
    r"get\s+(?:in\s+touch|started|back)|reach|"
    r"visit|complete|submit|return|attach|include|supply|advise|pop|hit|touch\s+base|write|post|upload|fill|"
    r"quote|feel\s+free)"
)
_REQUEST = forms.pattern(
    r"(?:^|[.!?,;:—–-]\s*|\b(?:so|then|and)\s+)(?P<words>(?:(?:please|pls|plz|kindly|just|simply|also|now)\s+|"
    r"(?:can|could|would|will|if)\s+you\s+|you\s+can\s+|go\s+ahead\s+and\s+|mind\s+(?=\w+ing\b)){0,3}"
    r"(?:" + _REQUEST_VERBS + r"|(?<=mind )\w+ing)\b|(?:please|pls|plz|kindly)\s+\w+)"
)
_PLEASE = forms.pattern(
    r"\b(?:please|pls|plz|kindly)\b(?!\s+(?:allow|accept|note|be\s+assured|bear|rest|know|expect|see|find|"
    r"don[’']t|do\s+not|give\s+us)\b)"
)
_ASKS_YOU = forms.pattern(r"\b(?:can|could|would|will|do|are|have|may|what|which|when|where|mind)\b[^?]{0,200}\?")
_IF = forms.pattern(
    r"(?<!see )(?<!check )(?<!know )(?<!ask )(?<!sure )(?<!wonder )(?<!look )(?<!looking )"
    r"\b(?P<words>(?:if|once|when|whenever|after|unless|as\s+soon\s+as|provided(?:\s+that)?|as\s+long\s+as|upon|"
    r"on\s+receipt\s+of)\s+[^,;.!?]{3,120})"
)
_NOT_A_CONDITION = forms.pattern(
    r"^(?:as\s+soon\s+as\s+(?:possible|we|i|they|it|there|he|she|the|our)|after\s+(?:that|this|all)|when\s+ready|"
    r"if\s+(?:possible|needed|necessary)|once\s+(?:again|more)|as\s+long\s+as\s+possible)"
)


def _asks(text: str) -> bool:
    """Does this ask the customer to do something?"""
    return bool(_PLEASE.search(text) or _ASKS_YOU.search(text) or _request_in(text))


def _request_in(text: str) -> re.Match[str] | None:
    for match in _REQUEST.finditer(text):
        if not _NO_REQUEST.match(match["words"]):
            return match
    return None


_NO_REQUEST = forms.pattern(
    r"(?:please|pls|plz|kindly)\s+(?:allow|accept|note|be|bear|rest|know|expect|see|find|don|do\s+not|give\s+us|"
    r"and)\b"
)


def _condition(text: str, claim: _Claim, before: Sentence | None) -> str:
    """The words on which the promise hangs: an if-clause, or what the customer is asked to do first."""
    clause = _IF.search(text)
    if clause and not _NOT_A_CONDITION.match(clause["words"]):
        return _if_words(text, clause, claim)
    lead = text[: claim.subject_start]
    request = _request_in(lead)
    if request is not None:
        return _AND_SO.sub("", lead[request.start("words") :]).strip(" ,;:.!—–-")
    if before is not None and _asks(before.text) and not _THANKS_FOR.match(before.text):
        return before.text.strip(" ,;:.!")
    return ""


def _if_words(text: str, clause: re.Match[str], claim: _Claim) -> str:
    if clause.start() > claim.subject_start:
        return clause["words"].strip(" ,;")
    words = text[clause.start() : claim.subject_start]
    return _AND_SO.sub("", re.split(r"[,;]", words)[0]).strip(" ,;")


_AND_SO = forms.pattern(r"[\s,;:—–-]*(?:\b(?:and|then|so|while)\b[\s,]*){0,3}$")
_THANKS_FOR = forms.pattern(r"\W*(?:hi\b|hey\b|hello\b)?[^.!?]{0,20}\b(?:thanks|thank\s+you|sorry|apologies)\b")
_GUARANTEED = forms.pattern(
    r"\b(?:promise|guarantee[ds]?|without\s+fail|rest\s+assured|you\s+have\s+(?:my|our)\s+word|"
    r"no\s+matter\s+what|I\s+assure\s+you)\b"
)
_NO_PROMISES = forms.pattern(
    r"\b(?:can[’']?t|cannot|can\s+not|not|no|never)\s+(?:\w+\s+){0,3}(?:promises?|"
    r"guarantees?d?)\b"
)
_AIMED = forms.pattern(
    r"\b(?:try|hope|aim|hopefully|do\s+(?:my|our)\s+(?:best|utmost)|see\s+what|endeavou?r|attempt|work\s+on|"
    r"as\s+\w+\s+as\s+we\s+can)\b"
)
_EXPECTED = forms.pattern(
    r"\b(?:should|expect(?:ed)?|estimated|probably|likely|usually|normally|typically|up\s+to|around|"
    r"approximately|roughly)\b"
)


def _strength(text: str, claim: _Claim) -> Strength:
    said = text[max(0, claim.subject_start - 40) :]
    if _NO_PROMISES.search(text):
        return Strength.PROMISE if claim.strength is Strength.GUARANTEE else claim.strength
    if _GUARANTEED.search(said) and claim.strength is not Strength.AIM:
        return Strength.GUARANTEE
    if claim.strength is Strength.PROMISE:
        near = text[claim.verb_start : claim.verb_start + 40]
        if _AIMED.match(near):
            return Strength.AIM
        if _EXPECTED.search(text[claim.subject_start : claim.verb_start]):
            return Strength.EXPECT
    return claim.strength


def _who(subject: str) -> str:
    word = subject.lower()
    return "I" if word in {"i", "me", "my"} else "we" if word in {"we", "us", "our", ""} else "third"


_WHAT_ENDS = forms.pattern(
    r"\s*(?:[.!?;]+(?:\s|$|-)|\s/[A-Z]{2}\b|,\s+(?:please|keep|let|just|thank|thanks|sorry|feel)\b|,\s+\w+$|"
    r"\s\^|\s\*[A-Z]|\bURL\b|https?://|\s[-–—]\s|,\s+(?:but|and|so|which|as|if|once)\b|"
    r"\b(?:if|once|when|unless|because|so\s+that)\b|"
    r"\band\s+(?:we|I|our|they|you|will)\b|\bso\s+(?:we|I|you|they)\b)"
)
_DANGLING = forms.pattern(
    r"[\s,;:]*(?:\b(?:by|on|at|within|in|the|before|and|or|no\s+later\s+than|for|again\s+by|every|"
    r"up\s+to|until)\b[\s,]*)+$"
)


_SPAN_VERB = forms.pattern(r"\b(?:takes?|taking|give\s+us|give\s+me)\s+(?:up\s+to\s+|around\s+|about\s+)?$")


def _what(text: str, claim: _Claim, due: FoundDue | None) -> str:
    """A clause short enough for a list: what is to be done, without its time and its reasons."""
    start = claim.verb_start if claim.who in {"we", "I"} else claim.subject_start
    end = len(text)
    ends = _WHAT_ENDS.search(text, claim.verb_start)
    if ends is not None:
        end = ends.start()
    if due is not None and claim.verb_start < due.start < end and not _SPAN_VERB.search(text[: due.start]):
        end = due.start
    clause = text[start:end].strip(" ,;:.!?()-–—")
    clause = _DANGLING.sub("", clause).strip(" ,;:")
    if len(clause) > 90:
        clause = clause[:90].rsplit(" ", 1)[0] + "…"
    return clause or text[start : start + 90].strip()
