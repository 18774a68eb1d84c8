"""Promises in what the company writes.

A sentence is searched for the forms in which promises are made; each form then says what makes it one and what does
not. "We'll call you" is a promise; "we'll be happy to check" is an offer, "so we can look into this" implies one,
"we won't be able to" refuses, "will you call?" asks. English only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from troth.reading.due import Due, FoundDue, find_dues
from troth.reading.sentences import Sentence, own_words, sentences
from troth.words.hours import Hours
from troth.words.promises import Strength


@dataclass(frozen=True)
class FoundPromise:
    """A promise found in a text; a person confirms it before it counts."""

    who: str
    """Who is to do it: ``we``, ``I`` or ``third`` (a colleague, a parcel, a refund)."""
    what: str
    """A short clause for display: "ring you back", "your refund will be paid"."""
    quote: str
    """The sentence, as written."""
    start: int
    """Where the sentence starts in the text."""
    end: int
    """Where it ends."""
    strength: Strength
    condition: str
    """The words on which it depends, such as "DM us"; empty if it is unconditional."""
    due: Due | None
    """By when; None if the text names no time, or only "soon"."""


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


# --- the forms -------------------------------------------------------------------------------------------------------


class _Claim(NamedTuple):
    """One place in a sentence where something is promised; offsets into the sentence."""

    who: str
    subject_start: int
    verb_start: int
    """Where the thing to do begins: after the modal and its adverbs."""
    strength: Strength
    needs_due: bool = False
    needs_vague: bool = False
    asked_before: bool = False
    """Counts only if the customer is asked for something first."""


def _re(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_MAYBE = _re(
    r"ll\b|will\b|shall\b|going\s+to|gonna|should|let\s+me|moment|promis|guarant|expect|allow|tak(?:e|es|ing)\b|"
    r"aim|plan|hope|"
    r"intend|sched|due\b|set\s+to|estimat|booked|confirmed|arriv|ship|can\b|bear\s+with|\w+ing\b|won[’']t|"
    r"until\b|asked|arranged"
    r"|requested|days\b|commit|strive|endeavou?r|my\s+word"
)
_ADVERBS = (
    r"(?:(?:also|then|certainly|definitely|absolutely|personally|gladly|again|now|just|always|immediately|"
    r"quickly|still|"
    r"straight\s+away|of\s+course|surely|really|only|both|all|first|next|probably|likely|soon|shortly|therefore|"
    r"either|each|ourselves|myself|automatically|usually|normally|typically|today|tomorrow|in\s+turn|be\s+sure\s+to|"
    r"make\s+sure\s+to|ensure\s+to|continue\s+to|have\s+to\s+wait)\s+){0,3}"
)
_MODAL = _re(
    r"(?P<ll>[’']ll\b|\bshall\b|\bwill\b(?!\s+power)|(?:\b(?:am|are|is)|[’'](?:m|re|s))\s+(?:going\s+to|"
    r"gonna)\b)\s*,?\s*" + _ADVERBS
)
_OFFER = _re(
    r"be\s+(?:(?:more|very|so|only|too|most)\s+)?(?:than\s+)?(?:happy|glad|pleased|delighted|able|available|"
    r"here|there|"
    r"waiting|open|closed|required|unable|willing|honou?red|thrilled|missed|charged|fine|ok|okay|great|worth|"
    r"sure|sorry|"
    r"interested|keen)\b"
)
_REFUSAL = _re(r"(?:not|never|no\s+longer|n[’']t|neither|nor|cannot)\b")
_NEVER_AGAIN = _re(
    r"(?:never|not)\s+(?:ever\s+)?(?:let|allow|happen|be\s+repeated|repeat|make\s+(?:this|that)|do\s+(?:this|that))"
)
_STATIVE = _re(
    r"(?:need|miss|love|hope|appreciate|enjoy|know|require|understand|want|wait|welcome|see\s+(?:you|y[’']all)|"
    r"like|prefer|"
    r"call\s+(?:it|that)|come\s+running|have\s+to|get\s+there|just\s+keep|keep\s+our|believe|agree|admit|say|never|"
    r"remember|be(?!\s+(?:\w+ing\b|in\s+(?:touch|contact)|back\b|with\s+you|sure\s+to|contacting|sent|told|paid|"
    r"on\s+(?:it|the)|"
    r"\w+ed\b))|zip|raise|wish|hate|struggle|apologi[sz]e|benefit|depend|assume|cherish|treasure|"
    r"\[|$|[.,!?;:)])"
)
_DOUBT = _re(
    r"(?:\bhopefully|\bfingers\s+crossed|\bmaybe|\bperhaps|\b(?:confident|sure|hope|hoping|think|believe|know|"
    r"bet|imagine|wish|guess|doubt|"
    r"afraid|unsure|wonder)\s*(?:that)?|\bwhether|\bwhat|\bhow|\bwhy|\bwho|\bin\s+case|\btold\s+(?:us|you|"
    r"me)\s+(?:that\s+)?|"
    r"\b(?:you|they|he|she)\s+(?:said|say|thought|wrote|told)\s+(?:that\s+)?|\bexplain\w*(?:\s+that)?)\s*$"
)
_SUBJECT = _re(
    r"(?:^|[\s,;:!?(\"“‘.—–/-])(?P<subject>(?:I|we|you|they|it|he|she|this|that|these|those|there|which|who|"
    r"what|ye|u))\s*"
    r"(?:both\s+|all\s+|also\s+|then\s+|certainly\s+|definitely\s+|absolutely\s+|now\s+)?$"
)
_CLAUSE_START = _re(
    r"[,;:!?(\"“—–|]|\s[-/]\s|https?://\S+|\bURL\b|\b(?:and|but|so|as|because|since|that|then|or|if|when|once|"
    r"while|though|although)\b"
)
_FIRST_VERB_SUBJECT = _re(r"\b(?P<subject>I|we)(?:\b|[’'])")
_PEOPLE = _re(
    r"\b(?:someone|somebody|member|team|teams|specialist|specialists|colleagues?|managers?|agents?|engineers?|"
    r"technicians?|driver|courier|"
    r"carrier|warehouse|expert|experts|staff|dept|department|folks|devs?|developers|supervisor|advis[eo]rs?|"
    r"representative|rep|reps|they|he|she|office|"
    r"store|shop|branch|support|care|depot|company|bank|accounts|finance|billing|desk|crew|seller|supplier|"
    r"people|guys|partner)\b"
)
_THINGS_HAPPEN = _re(
    r"(?:automatically\s+|then\s+|all\s+)?(?:be|get)\s+(?:(?:fully|automatically|now|also|all|then|back|"
    r"with\s+you|on\s+(?:its|their)\s+way|in\s+touch|"
    r"up\s+and\s+running|updating|shipping|following|contacting|sending)\b|"
    r"(?:sent|refunded|delivered|credited|replaced|dispatched|despatched|shipped|posted|emailed|repaired|fixed|"
    r"resolved|restored|"
    r"processed|paid|returned|issued|collected|contacted|called|updated|continued|passed|forwarded|reviewed|"
    r"investigated|"
    r"addressed|rung|reimbursed|cancelled|canceled|removed|corrected|completed|sorted|looked|shared|escalated|"
    r"released|honou?red|"
    r"redeposited|deposited|compensated|given|told|informed|notified|reopened|installed|answered|reinstated|"
    r"waived|applied|taken\s+care))"
    r"\b|(?:arrive|resume|reach\s+you|come\s+(?:back|out)|ring|call|phone|email|contact|write|reply|respond|visit|"
    r"follow\s+up|show\s+up|land\s+in|go\s+out|receive|hear|continue|reach\s+out|ship)\b"
)
_YOU_GET = _re(
    r"(?:also\s+)?(?:receive|hear\s+(?:back\s+)?from|hear\s+back|hear|be\s+(?:contacted|refunded|credited|"
    r"notified|reimbursed|called|paid|"
    r"emailed|informed|updated|sent|told)|(?:have|get|see|be\s+given)\s+(?:\w+\s+)?(?:\w+\s+)?(?:refund|answer|"
    r"reply|update|call|email|e-mail|"
    r"confirmation|replacement|credit|decision|response|money|order|parcel|invoice|quote|letter|news)\b)"
)
_YOU_MAY_GET = _re(r"(?:have|get|see|be)\b")


class _Form(NamedTuple):
    """A form of promise other than "subject will verb"."""

    pattern: re.Pattern[str]
    strength: Strength
    who: str = ""
    needs_due: bool = False
    needs_vague: bool = False
    asked_before: bool = False


_WE = (
    r"\b(?P<subject>I|we|(?:our|the|my)\s+(?:\w+\s+){0,3}?(?:team|staff|engineers?|technicians?|colleagues?|"
    r"manager)|they)\b"
)
_FORMS = (
    _Form(
        _re(
            r"\b(?P<subject>I|we)\s+(?:\w+\s+)?(?:promise|guarantee|swear|commit|undertake)(?:\s+(?:you|to|"
            r"that))+\s+(?=\w)"
        ),
        Strength.GUARANTEE,
    ),
    _Form(_re(r"\byou\s+have\s+(?P<subject>my|our)\s+word(?:\s+that)?\s*"), Strength.GUARANTEE),
    _Form(
        _re(r"\b(?P<subject>I|we)\s*[’']?(?:m|re|am|are)\s+(?:fully\s+|firmly\s+)?committed\s+to\s+"),
        Strength.PROMISE,
        needs_due=True,
    ),
    _Form(
        _re(
            _WE + r"\s*(?:[’'](?:m|re|s)\s+|am\s+|are\s+|is\s+)?(?:\w+\s+)?(?:aim|aims|aiming|intend|intends|plan|"
            r"plans|planning)"
            r"\s+(?:on|to)\s+(?:be\s+)?(?=\w)"
        ),
        Strength.AIM,
    ),
    _Form(
        _re(
            _WE + r"\s*(?:[’'](?:m|re|s)\s+|am\s+|are\s+|is\s+)?(?:\w+\s+)?(?:hope|hopes|hoping|try|trying|strive|"
            r"endeavou?r|working(?:\s+hard)?)\s+to\s+"
        ),
        Strength.AIM,
        needs_due=True,
    ),
    _Form(
        _re(_WE + r"\s*(?:[’'](?:re|m)\s+|am\s+|are\s+)?(?:\w+\s+)?(?:expect|expects|expecting|anticipate)\s+(?=\w)"),
        Strength.EXPECT,
        needs_due=True,
    ),
    _Form(
        _re(
            r"(?:^|[,;:!.]\s*|\byou\s+(?:can|should|may)\s+|\bplease\s+|\band\s+|"
            r"\bto\s+)expect\s+(?=(?:to\s+(?:hear|receive|get|see|have)|an?\b|your|our|"
            r"the|delivery|it|this|another|someone|us|me|news))"
        ),
        Strength.EXPECT,
        "we",
    ),
    _Form(
        _re(r"\b(?:please\s+|kindly\s+|do\s+)?allow\s+(?=[\w\s,]{0,40}(?:\d|day|week|hour|few|couple))"),
        Strength.EXPECT,
        "we",
        needs_due=True,
    ),
    _Form(_re(r"\bgive\s+(?:us|me|the\s+team)\s+"), Strength.PROMISE, "we", needs_due=True),
    _Form(
        _re(
            r"\b(?:should|may|can|might|could|will|[’']ll|usually|normally|typically|generally|it|this|that|"
            r"refunds?|process|these|which|and)\s+"
            r"(?:usually\s+|normally\s+|typically\s+|generally\s+|now\s+)?(?=takes?\b)"
        ),
        Strength.EXPECT,
        "third",
        needs_due=True,
    ),
    _Form(
        _re(
            r"\b(?P<thing>\w+)\s+should\s+(?:now\s+|then\s+|also\s+|all\s+)?(?=(?:be|arrive|receive|have|get|"
            r"hear|reach|see|ship|show|come|appear|go|land)\b)"
        ),
        Strength.EXPECT,
        "third",
        needs_due=True,
    ),
    _Form(
        _re(
            r"\b(?:is|are|be|been|[’']s|[’']re|now|currently|and)\s+(?:currently\s+|now\s+|all\s+|also\s+|"
            r"still\s+|already\s+)?"
            r"(?=(?:scheduled|due|set|expected|estimated|planned|booked|confirmed|slated|on\s+track|on\s+course|"
            r"guaranteed|arranged)\b)"
        ),
        Strength.EXPECT,
        "third",
        needs_due=True,
    ),
    _Form(
        _re(
            r"\b(?=(?:ships|arrives|leaves|opens|reopens|resumes|returns|starts|begins|goes\s+(?:live|"
            r"out))\s+(?:again\s+|back\s+|out\s+)?"
            r"(?:on\s+|by\s+|at\s+|in\s+)?(?:today|tomorrow|tonight|this|next|mon|tues|wed|thu|fri|sat|sun|\d))"
        ),
        Strength.EXPECT,
        "third",
        needs_due=True,
    ),
    _Form(
        _re(r"\bdeliver(?:s|y|ies)?\s+(?=(?:\w+\s+){0,3}(?:until|through\s+to|up\s+to|till)\b)"),
        Strength.EXPECT,
        "third",
        needs_due=True,
    ),
    _Form(
        _re(
            r"\b(?P<subject>I|we|they)\s*(?:[’'](?:m|re)|\s+am|\s+are)\s+(?:now\s+|also\s+|just\s+|"
            r"currently\s+)?(?=[a-z]{2,}ing\b(?!\s+to\b))"
            r"(?!(?:going|hoping|wondering|getting\s+reports|running|experiencing|having|waiting|seeing|missing|"
            r"looking\s+forward|closing\s+in))"
        ),
        Strength.PROMISE,
        needs_due=True,
    ),
    _Form(
        _re(
            r"\b(?P<subject>I|we)\s*(?:[’']ve|\s+have)\s+(?:\w+\s+)?(?=(?:asked|arranged|booked|requested|"
            r"scheduled|instructed|organised|organized)\b)"
        ),
        Strength.PROMISE,
        "third",
        needs_due=True,
    ),
    _Form(
        _re(
            r"\b(?:just\s+)?(?:one|a|1)\s+(?:quick\s+)?(?:moment|sec|second|minute)\s*(?:please)?[,.]?\s*(?:as|"
            r"while|and)\s+(?=(?P<subject>I|we)\b)"
        ),
        Strength.PROMISE,
        needs_vague=True,
    ),
    _Form(
        _re(
            r"\bbear\s+with\s+(?:me|us)\s+(?:\w+\s+)?(?:while|as|and)\s+(?=(?P<subject>I|"
            r"we)\b)"
        ),
        Strength.PROMISE,
    ),
    _Form(
        _re(
            r"(?:^|[,;:!.—–-]\s*|\bplease\s+|\band\s+)(?:just\s+)?let\s+(?P<subject>me|us)\s+(?:just\s+|"
            r"quickly\s+|go\s+ahead\s+and\s+)?(?=(?:look|check|find\s+out|see\s+what|get\b|pass|"
            r"ask|speak|chase|investigate|take\s+a|have\s+a|sort|talk\s+to|confirm|review|dig|forward|"
            r"raise)\b)(?!\s*know)"
        ),
        Strength.PROMISE,
    ),
    _Form(
        _re(r"\b(?:(?P<subject>we|I)\s+can\s+then|then\s+(?P<subject2>we|I)\s+can)\s+(?:also\s+)?(?=\w)"),
        Strength.PROMISE,
        asked_before=True,
    ),
    _Form(_re(r"\b(?:this|that|it)\s+(?:won[’']t|will\s+not|will\s+never)\s+(?=happen)"), Strength.PROMISE, "third"),
    _Form(
        _re(r"\b(?P<subject>we|I)\s+won[’']t\s+(?=let\s+(?:this|that|it|you)\b|stop\b|rest\b|give\s+up\b)"),
        Strength.PROMISE,
    ),
)
_VAGUE = _re(
    r"\b(?:soon|shortly|asap|as\s+soon\s+as|right\s+away|straight\s?away|immediately|momentarily|moment|"
    r"in\s+due\s+course|"
    r"before\s+long|quickly|at\s+the\s+earliest|promptly|minute|sec)\b"
)
_ASKING = _re(
    r"^(?:\W|\b(?:so|then|and|hi|hey|hello|oh|yes|no|ok|okay|great|sure|thanks|also|now|first|there|can|could|"
    r"would|will|do|did|does|is|are|have|has|"
    r"may|shall|if\s+not|which|what|when|where|who|how|why)\b\s*)+"
)
_QUESTION_AUX = _re(r"(?:^|[,;:!.—–]\s*|\b(?:and|but|so|or|when|what|how|where|who|which|why)\s+)$")


def _claims(
    sentence: Sentence, before: Sentence | None, at: datetime, hours: Hours
) -> Iterator[tuple[_Claim, FoundDue | None]]:
    """The promises of one sentence, each with its own deadline: the one said between it and the next promise."""
    text = sentence.text
    if not _MAYBE.search(text):
        return
    claims = sorted(_candidates(text), key=lambda claim: claim.verb_start)
    if not claims:
        return
    dues = find_dues(text, at=at, hours=hours)
    kept: list[tuple[_Claim, FoundDue | None]] = []
    for n, claim in enumerate(claims):
        following = claims[n + 1].subject_start if n + 1 < len(claims) else len(text)
        due = _due_of(claim, following, text, dues, alone=len(claims) == 1)
        if claim.needs_due and due is None:
            continue
        if claim.asked_before and not (_asks(text[: claim.subject_start]) or (before and _asks(before.text))):
            continue
        if kept and claim.verb_start - kept[-1][0].verb_start < 4:
            continue
        if kept and due is None and kept[-1][0].who == claim.who and claim.subject_start < kept[-1][0].verb_start:
            continue
        kept.append((claim, due))
    yield from kept


def _candidates(text: str) -> Iterator[_Claim]:
    seen: list[int] = []
    for match in _MODAL.finditer(text):
        claim = _said(text, match)
        if claim is not None:
            seen.append(claim.verb_start)
            yield claim
    for form in _FORMS:
        for match in form.pattern.finditer(text):
            if any(abs(match.end() - start) < 12 for start in seen):
                continue  # "I promise we'll": one promise, and _strength sees the word
            if _REFUSAL.match(text, match.end()) and not _NEVER_AGAIN.match(text, match.end()):
                continue
            if _DOUBT.search(text[: match.start()]) or _is_question(text, match.start()):
                continue
            groups = match.groupdict()
            who = form.who or _who(groups.get("subject") or groups.get("subject2") or "we")
            seen.append(match.end())
            yield _Claim(who, match.start(), match.end(), form.strength, form.needs_due, False, form.asked_before)


def _said(text: str, modal: re.Match[str]) -> _Claim | None:
    """The promise made with this "will", if it makes one."""
    before = text[: modal.start()]
    start, subject, lead = _subject(before)
    rest_at = modal.end()
    if _DOUBT.search(lead) or _is_question(text, modal.start(), subject):
        return None
    if _REFUSAL.match(text, rest_at) and not _NEVER_AGAIN.match(text, rest_at):
        return None
    never = bool(_NEVER_AGAIN.match(text, rest_at))
    if _OFFER.match(text, rest_at):
        return None
    word = subject.lower()
    if word in {"i", "we", ""}:
        if not never and _STATIVE.match(text, rest_at):
            return None
        return _Claim(_who(word or "we"), start, rest_at, Strength.PROMISE)
    if word in {"you", "u"}:
        if _YOU_GET.match(text, rest_at):
            return _Claim("third", start, rest_at, Strength.PROMISE)
        return _Claim("third", start, rest_at, Strength.PROMISE, True) if _YOU_MAY_GET.match(text, rest_at) else None
    if word in {"which", "who", "what", "there"}:
        return _Claim("third", start, rest_at, Strength.PROMISE, True)
    if _PEOPLE.search(subject):
        if _STATIVE.match(text, rest_at):
            return None
        return _Claim("third", start, rest_at, Strength.PROMISE)
    happens = bool(_THINGS_HAPPEN.match(text, rest_at)) or never
    return _Claim("third", start, rest_at, Strength.PROMISE, not happens)


def _subject(before: str) -> tuple[int, str, str]:
    """Where the subject of the clause starts, the subject, and what was said before it."""
    pronoun = _SUBJECT.search(before[-40:])
    if pronoun:
        at = max(0, len(before) - 40) + pronoun.start("subject")
        return at, pronoun["subject"], before[:at]
    cut = 0
    for match in _CLAUSE_START.finditer(before):
        cut = match.end()
    phrase = before[cut:].strip(" .'\"’")
    if phrase:
        return cut, phrase, before[:cut]
    earlier = None
    for match in _FIRST_VERB_SUBJECT.finditer(before):  # "We're looking into it and will ..."
        earlier = match
    if earlier is not None:
        return len(before), earlier["subject"], before[: earlier.start()]
    people = _PEOPLE.search(before)
    return len(before), people[0] if people else "", before


def _is_question(text: str, modal_start: int, subject: str = "") -> bool:
    """Is this "will" asked rather than said? The sentence ends with a question mark and the subject comes after."""
    if not text.rstrip(" )\"'’”").endswith("?"):
        return False
    lead = text[:modal_start]
    if _COORDINATE.search(lead) and subject.lower() in {"i", "we"}:
        return False  # "Can you tell us your number and we'll look?"
    return not subject or bool(_QUESTION_AUX.search(lead)) or bool(_ASKING.match(text))


_COORDINATE = _re(r"\b(?:and|then|so)\s+(?:then\s+)?(?:i|we)\s*$")


def _due_of(claim: _Claim, following: int, text: str, dues: tuple[FoundDue, ...], *, alone: bool) -> FoundDue | None:
    after = [due for due in dues if claim.verb_start - 12 <= due.start < following]
    if after:
        chosen = after[0]
        for due in after[1:]:
            if _OTHER_CLAUSE.search(text[chosen.end : due.start]):
                break
            if due.due.at >= chosen.due.at and not (
                chosen.due.at.date() == due.due.at.date() and not chosen.due.date_only
            ):
                chosen = due
        return chosen
    ahead = [due for due in dues if due.end <= claim.verb_start]
    if ahead and (alone or not _OTHER_CLAUSE.search(text[ahead[-1].end : claim.subject_start])):
        between = text[ahead[-1].end : claim.subject_start]
        return ahead[-1] if len(between) < 40 and not _PAST.search(text[: ahead[-1].start]) else None
    return None


_OTHER_CLAUSE = _re(r"\b(?:so|since|as|because|which|if|when|once|before|after|although|unless|while)\b")
_PAST = _re(r"\b(?:was|were|had|did|haven[’']t|hasn[’']t|declined|reported|received|sent|called)\b")

# --- condition, strength and words -----------------------------------------------------------------------------------

_REQUEST_VERBS = (
    r"(?:dm|pm|direct\s+message|message|send|email|e-mail|mail|call|ring|contact|reply|respond|let\s+(?:us|"
    r"me)\s+(?:know|have)|tell|provide|share|"
    r"shoot|drop|give|confirm|fill|follow|click|go|report|tweet|select|connect|join|meet|check|"
    r"get\s+(?:in\s+touch|started|back)|reach|"
    r"visit|complete|submit|return|attach|include|supply|advise|pop|hit|touch\s+base|write|post|upload|fill|"
    r"quote|feel\s+free)"
)
_REQUEST = _re(
    r"(?:^|[.!?,;:—–-]\s*|\b(?:please|pls|plz|kindly|just|so|then|and|to|help|you)\s+)(?:go\s+ahead\s+and\s+|"
    r"just\s+|can\s+you\s+|could\s+you\s+|simply\s+)?" + _REQUEST_VERBS + r"\b"
)
_PLEASE = _re(r"\b(?:please|pls|plz|kindly)\b")
_ASKS_YOU = _re(r"\b(?:can|could|would|will|do|are|have|may|what|which|when|where)\b[^?]{0,200}\?")
_IF = _re(
    r"\b(?P<words>(?:if|once|when|whenever|after|unless|as\s+soon\s+as|provided(?:\s+that)?|as\s+long\s+as|upon|"
    r"on\s+receipt\s+of|"
    r"until)\s+(?P<rest>[^,;.!?]{3,120}))"
)
_NOT_A_CONDITION = _re(
    r"^(?:as\s+soon\s+as\s+(?:possible|we|i|they|it|there|he|she|the|our)|after\s+(?:that|this|all)|until\b|"
    r"when\s+ready|if\s+possible|"
    r"once\s+(?:again|more)|if\s+needed|if\s+necessary|as\s+long\s+as\s+possible)"
)


def _asks(text: str) -> bool:
    """Does this ask the customer to do something?"""
    return bool(_PLEASE.search(text) or _ASKS_YOU.search(text) or _REQUEST.search(text))


def _condition(text: str, claim: _Claim, before: Sentence | None) -> str:
    """The words on which the promise hangs: an if-clause, or what the customer is asked to do first."""
    clause = _IF.search(text)
    if clause and not _NOT_A_CONDITION.match(clause["words"]):
        words = clause["words"]
        if clause.start() < claim.subject_start:
            words = text[clause.start() : claim.subject_start]
            words = (
                re.split(r"[,;]|\b(?:then|and)\s*$", words)[0]
                if "," in words
                else re.sub(r"\b(?:then|and)\s*$", "", words)
            )
        return words.strip(" ,;")
    lead = text[: claim.subject_start]
    request = _REQUEST.search(lead)
    if request is not None:
        words = re.sub(r"[\s,;:—–-]*(?:\b(?:and|then|so|while)\b[\s,]*)*$", "", lead[request.start() :])
        return words.strip(" ,;:.!—–-")
    if before is not None and _asks(before.text) and not _THANKS_FOR.match(before.text):
        return before.text.strip(" ,;:.!")
    return ""


_THANKS_FOR = _re(r"\W*(?:hi\b|hey\b|hello\b)?[^.!?]{0,20}\b(?:thanks|thank\s+you|sorry|apologies)\b")
_GUARANTEED = _re(
    r"\b(?:promise|guarantee[ds]?|without\s+fail|rest\s+assured|you\s+have\s+(?:my|our)\s+word|"
    r"no\s+matter\s+what|at\s+the\s+latest|I\s+assure\s+you)\b"
)
_NO_PROMISES = _re(r"\b(?:can[’']?t|cannot|can\s+not|not|no|never)\s+(?:\w+\s+){0,3}(?:promises?|guarantees?d?)\b")
_AIMED = _re(
    r"\b(?:try|hope|aim|hopefully|do\s+(?:my|our)\s+(?:best|utmost)|see\s+what|endeavou?r|attempt|work\s+on|"
    r"as\s+\w+\s+as\s+we\s+can)\b"
)
_EXPECTED = _re(
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


_WHAT_ENDS = _re(
    r"\s*(?:[.!?;]+(?:\s|$)|\s\^|\s\*[A-Z]|\bURL\b|https?://|\s[-–—]\s|,\s+(?:but|and|so|which|as|if|once)\b|"
    r"\b(?:if|once|when|unless|because|so\s+that)\b|"
    r"\band\s+(?:we|I|our|they|you|will)\b|\bso\s+(?:we|I|you|they)\b)"
)
_DANGLING = _re(
    r"[\s,;:]*(?:\b(?:by|on|at|within|in|the|before|and|or|no\s+later\s+than|to\s+you\s+by|for|again\s+by|every|"
    r"up\s+to|until)\b[\s,]*)+$"
)


def _what(text: str, claim: _Claim, due: FoundDue | None) -> str:
    """A clause short enough for a list: what is to be done, without its time and its reasons."""
    start = claim.verb_start if claim.who in {"we", "I"} else claim.subject_start
    end = len(text)
    ends = _WHAT_ENDS.search(text, claim.verb_start)
    if ends is not None:
        end = ends.start()
    if due is not None and claim.verb_start < due.start < end:
        end = due.start
    clause = text[start:end].strip(" ,;:.!?()-–—")
    clause = _DANGLING.sub("", clause).strip(" ,;:")
    if len(clause) > 90:
        clause = clause[:90].rsplit(" ", 1)[0] + "…"
    return clause or text[start : start + 90].strip()
