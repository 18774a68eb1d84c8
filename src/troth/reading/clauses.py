"""The clauses of a sentence that say "will", taken apart: who is to do what, affirmed or denied, stated or asked.

"Shall", "'ll", "won't" and "going to" say the same. Whether such a clause promises is for `troth.reading.pledges`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum
from itertools import islice
from typing import NamedTuple

from troth.reading import verbs
from troth.reading.form import pattern

CLAUSES_MAX = 8
"""No sentence promises more often; what does is hostile, and is not worth the time."""


class Who(Enum):
    """The kinds of subject a clause can have."""

    SELF = "I or we"
    YOU = "you"
    PEOPLE = "colleagues, teams, they"
    THING = "everything else"
    NOBODY = "no, none, nothing"


class Clause(NamedTuple):
    """One "will" in a sentence, taken apart; offsets into the sentence."""

    start: int
    """Where its subject starts."""
    subject: str
    who: Who
    lead: str
    """What was said before the subject."""
    verb_start: int
    """Where the thing to do begins, after the modal and its adverbs."""
    shown_from: int
    """Where its words begin for a list: *verb_start*, or the "never" before it."""
    verb: str
    """The verb that counts, in its base form: of "be sent" it is "send"."""
    be: str
    """Of a clause with "be": ``doing`` ("be sending"), ``done`` ("be sent") or ``being`` ("be there")."""
    rest: str
    """What follows the verb (after "be": what follows "be")."""
    said: str
    """All that follows the modal, from *shown_from* on."""
    negative: bool


def clauses_in(text: str) -> Iterator[Clause]:
    """The stated clauses of a sentence that say "will"; what is asked, doubted or only reported is left out."""
    for modal in islice(_MODAL.finditer(text), CLAUSES_MAX):
        start, subject, lead = _subject(text, modal.start())
        if _NOUN.search(text, max(0, modal.start() - 12), modal.start()):
            continue
        if (is_doubted(lead) and not SUPPOSED.search(lead)) or (
            subject.lower() in _ASKED_AFTER and _WHO_KNOWS.search(lead)
        ):
            continue
        if is_asked(text, modal.start(), subject):
            continue
        clause = _taken_apart(text, modal, start, subject, lead)
        if clause is not None:
            yield clause


# --- taking a clause apart -------------------------------------------------------------------------------------------

_MODAL = pattern(
    r"(?:[’']ll\b|\bshall\b|\bwill\b(?!\s+power)|(?P<not>\bwo(?:n|n[’'])t\b|\bshan[’']?t\b)|"
    r"(?:\b(?:am|are|is)|[’'](?:m|re|s))\s+(?P<not2>not\s+)?(?:going\s+to|gonna)\b|(?:^\W*|[.!,;]\s*|\band\s+)(?:going\s+to|gonna)\b)"
)
_NOUN = pattern(r"\b(?:the|free|good|your|my|his|her|their|god[’']s|of|mr|dr|hi|hey|hello|dear|thanks)\.?\s+$")
"""Before these, "will" is a testament, or Will is a name."""
_ASKED_AFTER = frozenset({"who", "which", "what"})
_WHO_KNOWS = pattern(r"\b(?:is|about|know|knows|see|decide|decided|of|on|say|tell\s+you)\s*$")
_WORD = re.compile(r"[\s,]*([A-Za-z]+(?:[’'-][A-Za-z]+)*)")
_NEGATIONS = verbs.listed("not never n't neither nor")
_ADVERBS = verbs.listed(
    """
    also then again now just always still surely only both all first next soon therefore either each ourselves myself
    today tomorrow tonight ever too even once straight straightaway asap instead though however so indeed certainly
    meanwhile anyway auto
    """
)
_NO_ADVERBS = verbs.listed("reply apply supply rely fly comply multiply family imply")
_TWO_WORDS = {"of": "course", "at": "once", "straight": "away", "right": "away", "in": "turn"}
_PRONOUNS = verbs.listed("i we you he she it they the your our this that my")
"""After "will" they ask ("will you"), or Will is a name."""
_LOOK_BACK = 40


def _taken_apart(text: str, modal: re.Match[str], start: int, subject: str, lead: str) -> Clause | None:
    negative, shown = bool(modal["not"] or modal["not2"]), len(text)
    at, verb_start, verb = modal.end(), modal.end(), ""
    for _ in range(6):
        word = _WORD.match(text, at)
        if word is None:
            return None
        verb, verb_start, at = word[1].lower(), word.start(1), word.end()
        if word[1].istitle() and modal[0].lower().endswith("to"):
            return None  # "I'm going to London"
        if verb in _NEGATIONS:
            negative, shown = True, min(shown, verb_start)
        elif verb == "no":
            negative, shown, at = True, min(shown, verb_start), at + len(" longer")
        elif verb in _TWO_WORDS and text[at + 1 : at + 9].lower().startswith(_TWO_WORDS[verb]):
            at += 1 + len(_TWO_WORDS[verb])
        elif not (verb in _ADVERBS or (verb.endswith("ly") and verb not in _NO_ADVERBS)):
            break
    else:
        return None
    who, be = _kind_of(subject, lead), ""
    rest = text[at:]
    if verb == "be":
        verb, be, at = _after_be(text, at)
        rest = text[at:] if be != "being" else rest
    return (
        None
        if verb in _PRONOUNS and not be
        else Clause(
            start,
            subject,
            who,
            lead,
            verb_start,
            min(shown, verb_start),
            verb,
            be,
            rest.lstrip(),
            text[min(shown, verb_start) :],
            negative,
        )
    )


def _after_be(text: str, at: int) -> tuple[str, str, int]:
    """What "be" leads to: the verb, whether it is being done or has been, and where the rest begins."""
    for _ in range(4):
        word = _WORD.match(text, at)
        if word is None:
            return "", "being", at
        form = word[1].lower()
        if form.endswith("ing") and len(form) > 4 and form not in {"nothing", "something", "anything", "during"}:
            return verbs.lemma(form), "doing", word.end()
        if verbs.is_participle(form):
            return verbs.lemma(form), "done", word.end()
        if form not in _ADVERBS and not (form.endswith("ly") and form not in _NO_ADVERBS):
            return form, "being", at
        at = word.end()
    return "", "being", at


def _subject(text: str, modal_start: int) -> tuple[int, str, str]:
    """Where the subject of the clause starts, the subject, and what was said before it."""
    pronoun = _PRONOUN.search(text[max(0, modal_start - _LOOK_BACK) : modal_start])
    if pronoun:
        at = max(0, modal_start - _LOOK_BACK) + pronoun.start("subject")
        return at, pronoun["subject"], text[:at]
    before = text[:modal_start]
    cut = phrase_start(before, modal_start)
    phrase = before[cut:].strip(" .'\"’")
    if phrase and not _GREETING.fullmatch(phrase):
        relative = _RELATIVE.search(phrase)
        if relative and relative[1].lower() != "who":
            return cut, "which", before[:cut]
        return cut, _RELATIVE.sub("", phrase), before[:cut]
    earlier = None
    for match in islice(_EARLIER_SUBJECT.finditer(before), CLAUSES_MAX):  # "We're looking into it and will ..."
        earlier = match
    return modal_start, earlier["subject"] if earlier else "", before[: earlier.start()] if earlier else before


def phrase_start(text: str, end: int) -> int:
    """Where the clause that *end* lies in begins."""
    cut = 0
    for match in CLAUSE_START.finditer(text, max(0, end - 400), end):
        if text[match.end() : end].strip(" .'\"’") or match.end() >= end - 1:
            cut = match.end()
    return cut


def _kind_of(subject: str, lead: str) -> Who:
    word = subject.lower()
    if word in {"i", "we", ""}:
        return Who.SELF
    if word in {"you", "u", "ye", "y'all"}:
        return Who.YOU
    if _NONE_OF_IT.match(subject):
        return Who.NOBODY
    if word == "who" or PEOPLE.search(subject) or (_OUR_OWN.match(subject) and not _TOOLS.search(subject)):
        return Who.PEOPLE
    return (
        Who.PEOPLE if _NAME.fullmatch(subject) and lead.strip() and not lead.endswith(("the ", "The ")) else Who.THING
    )


_PRONOUN = pattern(
    r"(?:^|[\s,;:!?(\"“‘.—–/-])(?P<subject>I|we|you|they|it|he|she|this|that|these|those|there|which|who|what|ye|u)"
    r"\s*(?:both\s+|all\s+|also\s+|then\s+|certainly\s+|definitely\s+|absolutely\s+|now\s+|"
    r"(?:will|shall|do)\s+and\s+)?$"
)
CLAUSE_START = pattern(
    r"[,;:!?(\"“—–|]|\s[-/]\s|https?://\S+|\bURL\b|"
    r"\b(?:and|but|so|as|because|since|that|then|or|if|when|once|while|though|although|until|which|whether|where|how|why|confirm|sure)\b"
)
_EARLIER_SUBJECT = pattern(
    r"(?:^|[\s,;:.!?—–-])(?P<subject>I|we|(?:you|they|he|she|it)(?=[’'](?:re|ve|s)\b|\s+(?:have|has|are|is|was|were|should|can)\b)|"
    r"(?:your|the|our|an?|this|one\s+of\s+our)\s+(?:\w+\s+){0,3}?\w+(?=\s+(?:is|are|was|has|have|had|been)\b))"
    r"(?=[’'\s])"
)
_RELATIVE = pattern(r"\s+(who|which|that)$")
_GREETING = pattern(r"(?:hi|hey|hello|dear|thanks|thank\s+you|ok|okay|sure|yes|no\s+problem|great)(?:\s+\w+)?")
_FULL_NAME = re.compile(
    r"(?:M(?:r|rs|s|iss)\.?\s+[A-Z]\w+|[A-Z][a-z]+\s+[A-Z][a-z]+(?:\s+(?:from|in|at|of)\s+[\w\s]{2,30})?|[A-Z][a-z]+\s+(?:from|in|at|of)\s+[\w\s]{2,30})"
)
_NAME = re.compile(r"[A-Z][a-z]+(?:\s+[A-Z][a-z]+)?")
_NONE_OF_IT = pattern(r"^\W*(?:no|none|neither|nothing|nobody|not\s+a|no\s+one)\b")
_OUR_OWN = pattern(
    r"^\W*(?:(?:our|one\s+of\s+our)\s+(?:\w+\s+){0,4}?\w+|(?:my|one\s+of|an?)\s+(?:\w+\s+){0,4}?\w+(?:er|or|ist|ian|man|men|woman|women|ee)s?)$"
)
_TOOLS = pattern(
    r"\b(?:order|parcel|letter|number|transfer|voucher|router|error|water|power|computer|folder|charger|printer|offer|"
    r"answer|door|floor|monitor|colou?r|sensor|server|browser|player|controller|user|customer|passenger|timer|"
    r"tracker|reminder|sticker|paper|newsletter|banner|boiler|meter|cover|cent(?:er|re)|matter|buyer|filter|"
    r"container|layer|freezer|cooker|trailer|timetable|summer|winter|quarter|september|october|november|december|"
    r"weather|fee|guarantee|refund|counter|header|locker|scooter|remainder|mirror|motor|elevator|item|barrier|system|"
    r"site|app|software|policy|policie|price|service|page|product|tool|network|record|hour|term|programme|program|"
    r"platform|website|data|deal|sale|stock|rate|range|menu|fare|line|opening|event|course|class|show|door)s?$"
)
PEOPLE = pattern(
    r"\b(?:someone|somebody|one\s+of\s+(?:us|them)|members?|teams?|specialists?|colleagues?|managers?|agents?|engineers?|technicians?|driver|"
    r"courier|carrier|warehouse|experts?|staff|dept|department|folks|devs?|developers|supervisor|advis[eo]rs?|"
    r"representatives?|reps?|they|he|she|office|store|shop|branch|support|care|depot|company|bank|accounts|finance|"
    r"billing|desk|crew|seller|supplier|people|guys|partners?|mechanics?|lawyers?|plumbers?|electricians?|fitters?|"
    r"surveyors?|handlers?|officers?|consultants?|doctor|nurse|chef|clerk|boss|owner|landlord|director|assistant)\b"
)

# --- what is not stated ----------------------------------------------------------------------------------------------

_DOUBT = pattern(
    r"(?:\b(?:hopefully|fingers\s+crossed|maybe|perhaps)[\s,]*|"
    r"\b(?:whether|what|how|why|who|where|in\s+case|until|before|if|unless|while|when|(?:on|in|for|to)\s+which|"
    r"what\s+\w+)\s*|"
    r"(?<!soon as I )(?<!soon as we )(?<!minute I )(?<!minute we )(?<!moment I )(?<!moment we )(?<!once I )(?<!once we )"
    r"(?<!when I )(?<!when we )\b(?:confident|sure|hope|hoping|think|believe|know|bet|imagine|wish|guess|doubt|afraid|unsure|wonder|"
    r"hear|saw|see|claim|claims|say|says|states?|means?)\s*(?:that\s*)?|"
    r"\b(?:told|asked|said|thought|wrote|promised)\s+(?:\w+\s+)?(?:that\s+)?|"
    r"\bexplain\w*\s*(?:that\s*)?|\bto\s+(?:ensure|make\s+sure)\s*(?:that\s*)?)$"
)
_MADE_SURE = pattern(
    r"(?<!\bto )\b(?:make|making|be|rest)\s+(?:\w+\s+)?sure\s*(?:that)?\s*$|\bas\s+(?:I|we)\s+(?:said|promised)\W*$"
)
SUPPOSED = pattern(
    r"\b(?<!n’t )(?<!n't )(?:I|we)\s+(?:should\s+|would\s+)?(?:think|believe|reckon|imagine|suspect)\s*(?:that\s*)?$"
)
"""What we believe will be is expected, if we say when."""
_NO_WORD = pattern(
    r"\b(?:can(?:no|[’'])?t|can\s+not|not|no|never|n[’']t|un(?:able|sure|certain)|without)\b[^,;:!?]{0,30}"
    r"\b(?:promises?|guarantees?|say|confirm|tell|told|know|idea|sure|certain|date|eta|word|news|mean)\b"
    r"(?:\s+(?:you|us|yet|on|as|to|for|at))*\s*(?:that|when|if|whether|which|what\s+time|how\s+\w+)?\s*$"
)


def is_doubted(lead: str) -> bool:
    """Is what follows hoped, asked, reported or denied, rather than stated?"""
    lead = lead[-80:]
    return bool((_DOUBT.search(lead) and not _MADE_SURE.search(lead)) or _NO_WORD.search(lead))


_ENDS_ASKING = ("?", "?)", '?"', "?’", "?”", "?!")
_TURNED = pattern(r"(?:^|[,;:!.—–]\s*|\b(?:and|but|so|or|when|what|how|where|who|which|why)\s+)$")
_ASKING = pattern(
    r"^(?:hi|hey|hello|oh|yes|no|ok|okay|great|sure|thanks|so|and)?[\s,!.]*(?:can|could|would|will|do|did|does|is|are|"
    r"have|has|may|shall|which|what|when|where|who|how|why)\b"
)
_AND_WE = pattern(r"\b(?:and|then|so)\s+(?:then\s+)?(?:i|we)\s*$")


def is_asked(text: str, at: int, subject: str) -> bool:
    """Is this asked rather than said? The sentence ends with a question mark and the subject comes after the verb."""
    if not text.endswith(_ENDS_ASKING):
        return False
    lead = text[:at]
    if subject.lower() in {"i", "we"} and _AND_WE.search(lead):
        return False  # "Can you tell us your number and we'll look?"
    return not subject or bool(_TURNED.search(lead)) or bool(_ASKING.match(text))
