"""How a promise is worded: how firmly, to whom, with which vague time, and in short."""

from __future__ import annotations

from troth.reading.form import pattern
from troth.reading.found import FoundDue
from troth.words.promises import Strength

WHAT_CHARS_MAX = 90
"""A clause shown in a list is cut here."""


def strength_of(text: str, start: int, verb_start: int, strength: Strength) -> Strength:
    """How firmly it is said, given how firm its form is."""
    if strength in {Strength.AIM, Strength.EXPECT} or _NO_PROMISES.search(text):
        return Strength.PROMISE if strength is Strength.GUARANTEE else strength
    if _GUARANTEED.search(text[max(0, start - 40) :]):
        return Strength.GUARANTEE
    if strength is Strength.PROMISE:
        if _AIMED.match(text[verb_start : verb_start + 60]):
            return Strength.AIM
        if _EXPECTED.search(text[max(0, start - 24) : verb_start]):
            return Strength.EXPECT
    return strength


_GUARANTEED = pattern(
    r"\b(?:guarantee[ds]?|without\s+fail|(?:you\s+have|give\s+you)\s+(?:my|our)\s+(?:\w+\s+)?word|no\s+matter\s+what|"
    r"(?:I|we)(?:\s+can|\s+do)?\s+assure\s+you|no\s+ifs|or\s+your\s+money\s+back)\b|\b100\s?%"
)
_NO_PROMISES = pattern(r"\b(?:can[’']?t|cannot|can\s+not|not|no|never)\s+(?:\w+\s+){0,3}(?:promises?|guarantees?d?)\b")
_AIMED = pattern(
    r"(?:\w+\s+)?(?:try|tries|trying|hope|hoping|aim|aiming|hopefully|endeavou?r|attempt|strive|work\s+on|work(?:ing)?\s+(?:\w+\s+)?hard)\b|"
    r"(?:(?:be|keep|continue)\s+)?(?:try(?:ing)?|do(?:ing)?)\s+(?:(?:my|our|the)\s+(?:very\s+)?(?:best|utmost)|(?:everything|all|what(?:ever)?)\s+(?:I|we)\s+can|"
    r"everything\s+(?:in|possible))|make\s+(?:every|an?|our\s+best)\s+(?:\w+\s+)?efforts?\b"
)
_EXPECTED = pattern(
    r"\b(?:should|expect(?:ed)?|estimated?|probably|likely|all\s+being\s+well|with\s+(?:any|a\s+bit\s+of)\s+luck|usually|normally|typically|approximately|roughly|anticipate|"
    r"think|reckon)\b"
)


def vague_time(text: str, start: int, verb_start: int, end: int) -> str:
    """The words of this promise that name a time which is none, such as "shortly"; empty if there are none."""
    found = _VAGUE.search(text, verb_start, max(end, verb_start)) or _VAGUE.search(text, max(0, start - 40), verb_start)
    return found[0].strip(" ,") if found else ""


_VAGUE = pattern(
    r"\b(?:soon(?:er|est)?\b(?!\s+as\b)|shortly\b(?!\s+(?:before|after))|asap\b|momentarily\b|right\s+away\b|straight\s?away\b|"
    r"immediately\b(?!\s+(?:after|before))|promptly\b|presently\b|eventually\b|at\s+once\b|"
    r"as\s+(?:soon|quickly|fast|promptly|early)\s+as\s+(?:possible|(?:we|i|they|he|she|our|my|there)\b[^,;.!?]{0,60})|"
    r"(?:once|when|the\s+(?:moment|minute)|as\s+soon\s+as)\s+(?:we|i|they|he|she)\b[^,;.!?]{0,60}|"
    r"in\s+due\s+course|in\s+(?:no\s+time|good\s+time|the\s+fullness\s+of\s+time|short\s+order)|before\s+you\s+know\s+it|as\s+a\s+priority|as\s+(?:quick|fast|soon)\s+as\s+(?:you\s+like|I\s+can|we\s+can|humanly)|"
    r"(?:sharpish|double\s+quick|post-?haste|forthwith|swiftly|speedily|urgently|instantly|imminently|by\s+and\s+by|sooner\s+rather\s+than\s+later)\b|"
    r"(?:the\s+)?first\s+(?:chance|moment|opportunity)\s+(?:we|I)\s+(?:get|have)|when(?:ever)?\s+(?:we|I)\s+get\s+a\s+(?:chance|minute|moment|sec)|"
    r"(?:at\s+a\s+later\s+(?:date|stage|point)|down\s+the\s+(?:line|road)|over\s+the\s+(?:next|coming)\s+(?:while|days|weeks|months)|some\s*time\s+soon)\b|in\s+(?:a\s+few|several)\s+(?:moments|seconds)|as\s+(?:more|further|new|fresh)\s+[\w\s]{0,30}?\b(?:becomes?|comes?|arrives?|is|are)\b|in\s+(?:a|one|just\s+a)\s+(?:moment|minute|min|mo|tick|second|sec|bit|jiffy|while)\b(?:\s+or\s+so\b)?|any\s+(?:minute|moment|time|day)\s*(?:now)?\b|"
    r"(?:one|a|just\s+a)\s+(?:moment|sec|second|minute)\b|in\s+the\s+(?:near|next|coming|not\s+too\s+distant)\s+(?:future|\w+\s+while|weeks|months|days)|"
    r"before\s+(?:too\s+)?long|without\s+(?:undue\s+|further\s+)?delay|(?:with|over|in)\s+time\b(?!\s+for)|"
    r"(?:at\s+)?(?:our|the|my)\s+(?:very\s+)?earliest\s+(?:opportunity|convenience|possible)|later(?:\s+on)?\b(?!\s+(?:than|today|this|on\s+\w+day|in))|"
    r"as\s+a\s+(?:matter\s+of\s+urgency|priority)|at\s+(?:some\s+point|the\s+earliest)\b|(?:quick\s+smart|pronto)\b|"
    r"right\s+(?:with|back)\b|(?<!for )(?<!by )(?<!until )(?<!just )now(?=\s*(?:[.,!?;]|$))|quickly\b|quick\b)"
)


def denies(clause: str) -> bool:
    """Does it say that something will not be: "we'll make sure that this never happens"?"""
    return bool(_NEVER.search(clause))


_NEVER = pattern(
    r"\b(?:never|not|no\s+longer|(?:does|wo|do|is|are)n[’']t)\s+(?:\w+\s+){0,2}(?:happens?|occurs?|charged|repeated|billed|taken)\b"
)
_EVERYBODY = pattern(
    r"\b(?:all|every|our|those|affected)\s+(?:\w+\s+){0,2}(?:customers?|users?|passengers?|members?|subscribers?|guests?|"
    r"travell?ers?|residents?|households?)\b|\b(?:everyone|everybody|customers|passengers|the\s+public)\b"
)
_SOMEBODY_ELSE = pattern(
    r"\byour\s+(?:wife|husband|partner|mother|mum|mom|father|dad|son|daughter|brother|sister|friend|landlord|neighbou?rs?|"
    r"employer|parents|tenants?)\b|\b(?:refund|pay|call|ring|send|tell|contact|email|write\s+to|reply\s+to|help)\s+(?:him|her)\b"
)


def to_whom(clause: str) -> str:
    """``you``, ``all`` or ``third``."""
    if _EVERYBODY.search(clause):
        return "all"
    return "third" if _SOMEBODY_ELSE.search(clause) else "you"


_WHAT_ENDS = pattern(
    r"\s*(?:[.!?;]+(?:\s|$|-)|\s/[A-Z]{2}\b|,\s+(?:please|keep|let|just|thank|thanks|sorry|feel)\b|,\s+\w+$|"
    r"\s\^|\s\*[A-Z]|\bURL\b|https?://|\s[-–—]\s|,\s+(?:but|and|so|which|as|if|once)\b|"
    r"\b(?:if|once|when|unless|because|so\s+that)\b|"
    r"\band\s+(?:we|I|our|they|you|will)\b|\bso\s+(?:we|I|you|they)\b)"
)
_DANGLING = pattern(
    r"[\s,;:]*(?:\b(?:by|on|at|within|in|the|before|and|or|no\s+later\s+than|for|again\s+by|every|"
    r"up\s+to|until)\b[\s,]*)+$"
)
_SPAN_VERB = pattern(r"\b(?:takes?|taking|give\s+us|give\s+me)\s+(?:up\s+to\s+|around\s+|about\s+)?$")


def what_of(text: str, start: int, verb_start: int, due: FoundDue | None) -> str:
    """A clause short enough for a list: what is to be done, without its time and its reasons."""
    end = len(text)
    ends = _WHAT_ENDS.search(text, verb_start)
    if ends is not None:
        end = ends.start()
    if due is not None and verb_start < due.start < end and not _SPAN_VERB.search(text[: due.start]):
        end = due.start
    clause = text[start:end].strip(" ,;:.!?()-–—")
    clause = _DANGLING.sub("", clause).strip(" ,;:")
    if len(clause) > WHAT_CHARS_MAX:
        clause = clause[:WHAT_CHARS_MAX].rsplit(" ", 1)[0] + "…"
    return clause or text[start : start + WHAT_CHARS_MAX].strip()
