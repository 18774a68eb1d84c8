"""What a customer raises: is it a complaint, of what kind, for which cause and how pressing. A first form: by rules."""

from __future__ import annotations

import re
from itertools import islice

from troth.reading.found import Finding, Span
from troth.words.causes import Cause
from troth.words.emotions import Emotion
from troth.words.messages import Kind, Urgency


def _re(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_NOT = r"(?:not|never|n[’']t|nothing|no)\b"
_CAUSES: tuple[tuple[Cause, float, re.Pattern[str]], ...] = tuple(
    (cause, weight, _re(pattern))
    for cause, weight, pattern in (
        (
            Cause.SAFETY_OR_BREACH,
            4,
            r"\b(?:unsafe|dangerous|injur\w+|hospital|burn(?:t|ed|s)|caught\s+fire|on\s+fire|smoke|smoking|"
            r"electric\s+shock|gas\s+leak|"
            r"food\s+poisoning|allergic|choking|hazard|data\s+(?:breach|leak)|leaked|hacked|"
            r"my\s+(?:personal\s+)?data|privacy|identity\s+theft|fraud(?:ulent)?|"
            r"unauthori[sz]ed|someone\s+else[’']?s\s+(?:details|account|invoice|order)|glass\s+in)\b",
        ),
        (
            Cause.HIDDEN_FEE,
            3,
            r"\b(?:hidden|extra|unexpected|surprise|additional|undisclosed|unexplained)\s+(?:\w+\s+)?(?:fee|"
            r"fees|charge|charges|cost|costs)\b|"
            r"\b(?:over|double|wrongly|twice\s+)charged\b|\bcharged\s+(?:me\s+)?(?:twice|double|extra|more|"
            r"again|without)|\bnever\s+(?:told|mentioned)\s+(?:\w+\s+){0,4}(?:fee|charge)|"
            r"\bmore\s+than\s+(?:the\s+)?(?:price|quote|quoted|advertised|agreed)|\b(?:fee|surcharge)\b",
        ),
        (
            Cause.NEVER_DELIVERED,
            3,
            r"\b(?:never|not|n[’']t)\s+(?:been\s+|yet\s+|even\s+)?(?:arriv\w+|receiv\w+|deliver\w+|"
            r"turn(?:ed)?\s+up|show(?:ed)?\s+up|came|come|got)|"
            r"\b(?:says?|marked|shows?)\s+(?:as\s+|it\s+was\s+)?delivered\s+but|\bmissing\s+(?:parcel|package|"
            r"order|item)|\blost\s+(?:in\s+the\s+post|parcel|package|my\s+(?:order|parcel|bag|luggage))|"
            r"\b(?:parcel|package|order|item|luggage|bag)\s+(?:is|was|has\s+been|got)\s+(?:lost|missing)|"
            r"\bwhere\s+is\s+my\s+(?:order|parcel|package|refund|delivery|money)|\bno\s+sign\s+of",
        ),
        (
            Cause.LATE,
            2.5,
            r"\b(?:late|delay(?:ed|s)?|overdue|still\s+waiting|been\s+waiting|waited|days\s+ago|weeks\s+ago|"
            r"behind\s+schedule|slow|missed\s+(?:the|my|its)\s+(?:date|delivery|slot)|"
            r"supposed\s+to\s+(?:be\s+(?:here|delivered)|arrive|come)|was\s+promised|were\s+meant\s+to|"
            r"should\s+have\s+(?:arrived|been|come)|taking\s+(?:so|too|forever|ages)|hours\s+late|cancell?ed)\b",
        ),
        (
            Cause.NO_ACKNOWLEDGEMENT,
            2.5,
            r"\b(?:no|without|zero|n[’']t\s+(?:had|got|received|even)\s+(?:an?|any))\s+(?:\w+\s+)?(?:reply|"
            r"response|answer|acknowledg\w+|call\s*back|word|update|contact|explanation|apology)|"
            r"\bnobody\s+(?:has\s+)?(?:replied|answered|called|rang|responded|gets?\s+back|came\s+back|told)|"
            r"\bno\s*(?:-\s*)?one\s+(?:has\s+)?(?:replied|answer\w*|call\w*|rang|respond\w*|got\s+back|"
            r"gets?\s+back|told)|\bignor(?:ed|ing)|\bnever\s+(?:heard|replied|answered|called|rang|responded|"
            r"got\s+back)|"
            r"\b(?:haven[’']t|have\s+not|not)\s+heard|\bradio\s+silence|\bcan[’']?t\s+get\s+through|"
            r"\bon\s+hold\b|\bemailed\s+(?:you\s+)?(?:twice|\w+\s+times)",
        ),
        (
            Cause.NOT_AS_DESCRIBED,
            2.5,
            r"\bnot\s+(?:as|what|like|the\s+\w+)\s+(?:\w+\s+)?(?:described|advertised|ordered|shown|pictured|"
            r"expected|i\s+ordered)|\bwrong\s+(?:item|size|colou?r|product|order|model|one|part|thing)|"
            r"\bmislead(?:ing)?|\bfalse\s+advert\w+|\bdifferent\s+(?:from|to|than)\s+(?:the\s+)?(?:photo|"
            r"picture|description|website|advert)|\bsent\s+(?:me\s+)?(?:the\s+wrong|a\s+different)|\bfake\b|"
            r"\bcounterfeit",
        ),
        (
            Cause.POOR_QUALITY,
            2,
            r"\b(?:broken|broke|breaks|faulty|defective|damaged|poor\s+quality|bad\s+quality|cheap(?:ly)?|"
            r"fell\s+apart|cracked|leak(?:s|ing)|stopped\s+working|does(?:n[’']t|\s+not)\s+work|"
            r"not\s+working|won[’']t\s+(?:turn\s+on|charge|start|work|load|open)|crash(?:es|ed|ing)?|bug|buggy|"
            r"glitch\w*|freez(?:es|ing)|torn|scratched|mouldy|moldy|stale|rotten|dead\s+on\s+arrival|disgusting|"
            r"dirty|"
            r"rubbish|flimsy|keeps?\s+(?:crashing|breaking|failing|freezing|dropping)|down\s+again)\b",
        ),
        (
            Cause.TREATED_POORLY,
            3,
            r"\b(?:rude|rudely|impolite|disrespect\w*|dismissive|condescending|attitude|hung\s+up|shouted|"
            r"yelled|sworn?\s+at|lied|liars?|unprofessional|unhelpful|discriminat\w+|racis[tm]|humiliat\w+|bullied|"
            r"patroni[sz]ing|treated\s+(?:me\s+)?(?:like|badly|poorly|terribly|with)|laughed\s+at|did(?:n[’']t|"
            r"\s+not)\s+care|couldn[’']t\s+care|sarcastic)\b",
        ),
    )
)
_DISSATISFIED = _re(
    r"\b(?:complain\w*|disappoint\w+|unacceptable|terrible|awful|horrible|worst|appalling|disgrace\w*|"
    r"frustrat\w+|annoy\w+|ridiculous|pathetic|useless|poor\s+service|bad\s+service|unhappy|fed\s+up|angry|furious|"
    r"not\s+(?:good\s+enough|happy|impressed|acceptable|right|fair|satisfied)|refund\s+(?:me|my)|want\s+(?:a|"
    r"my)\s+(?:full\s+)?(?:refund|money)|money\s+back|let\s+down|joke|shambles|scam|ripped?\s*-?\s*off|"
    r"waste\s+of|never\s+again|shame\s+on|ombudsman|trading\s+standards|small\s+claims|solicitor|sick\s+of|"
    r"fail(?:ed|s|ing)?|wtf|sucks?|nightmare|still\s+(?:no|not|nothing|haven[’']t|hasn[’']t|waiting|down|broken)|"
    r"why\s+(?:is|are|do|does|did|has|have|can[’']?t|isn[’']t|won[’']t|don[’']t|doesn[’']t|would|the\s+hell)|"
    r"fix\s+(?:it|this|your)|sort\s+(?:it|this|your\w*)\s+out|can[’']?t\s+(?:log|access|use|get|connect|sign|"
    r"open|even)|"
    r"unable\s+to|charged\s+(?:me\s+)?(?:twice|double)|hung\s+up|third\s+time|second\s+time|yet\s+again)\b"
)
_SUGGESTS = _re(
    r"\b(?:(?:it\s+)?would\s+be\s+(?:\w+\s+)?(?:great|nice|good|lovely|useful|helpful|handy|better|"
    r"awesome)\s+(?:if|to)|(?:i|we)(?:[’']d|\s+would)\s+(?:love|like)\s+(?:it\s+)?(?:to\s+see|if\s+you)|"
    r"suggest(?:ion|ions|ed)?|feature\s+request|"
    r"please\s+(?:consider|add|bring\s+back|make)|(?:could|can|should|"
    r"why\s+don[’']t)\s+you\s+(?:guys\s+)?(?:please\s+)?(?:add|make|bring|offer|introduce|consider|support)|"
    r"have\s+you\s+(?:thought|considered)|you\s+should\s+(?:add|make|offer|bring)|"
    r"an?\s+idea|wish\s+(?:list|you\s+(?:had|would|sold|offered)))\b"
)
_ASKS = _re(
    r"\?|\b(?:can|could|would|will)\s+you\b|\bplease\b|\bhow\s+(?:do|can|long)\b|\b(?:when|where|what|"
    r"which)\s+(?:is|are|do|will|can)\b|\bi\s+(?:need|want|would\s+like)\b"
)
_CRITICAL = _re(
    r"\b(?:emergency|injur(?:ed|y)|hospital|ambulance|fire|gas\s+leak|smell\s+of\s+gas|electric\s+shock|"
    r"electrocuted|burning|smoke|allergic\s+reaction|anaphyla\w+|choking|food\s+poisoning|suicid\w+|"
    r"life[\s-]threatening|"
    r"data\s+breach|hacked|identity\s+theft|leaked|stolen\s+(?:card|identity|data)|fraud(?:ulent)?|unsafe|"
    r"dangerous|insulin|oxygen)\b"
)
_HIGH = _re(
    r"\b(?:urgent(?:ly)?|asap|as\s+soon\s+as\s+possible|immediately|right\s+now|straight\s+away|stranded|"
    r"locked\s+out|desperate(?:ly)?|(?:by|before|for)\s+(?:today|tonight|tomorrow|this\s+(?:morning|afternoon|"
    r"evening|weekend)|"
    r"monday|tuesday|wednesday|thursday|friday|saturday|sunday|\d{1,2}\s?(?:am|pm))|need\s+(?:it|this|"
    r"them)\s+(?:today|tomorrow|by|before)|wedding|funeral|flight\s+(?:is|leaves|in)|no\s+(?:heating|"
    r"hot\s+water|power|water|internet)|"
    r"solicitor|lawyer|legal\s+action|ombudsman|third\s+time|final\s+(?:warning|chance)|deadline|vulnerable|"
    r"elderly|newborn|baby)\b"
)


def causes_of(text: str) -> tuple[Finding[Cause], ...]:
    """The two causes the words point to most."""
    scores: list[tuple[float, Cause, tuple[Span, ...]]] = []
    for cause, weight, pattern in _CAUSES:
        spans = tuple(Span(*match.span()) for match in islice(pattern.finditer(text), 2))
        if spans:
            scores.append((weight * len(spans), cause, spans))
    scores.sort(key=lambda score: -score[0])
    total = sum(score for score, _, _ in scores)
    return tuple(Finding(cause, round(score / total, 2), spans) for score, cause, spans in scores[:2])


def complaint_in(text: str, emotions: tuple[Finding[Emotion], ...]) -> Finding[bool]:
    """Does this express dissatisfaction, justified or not? Strong words say so alone; weaker ones must meet."""
    emotion = emotions[0] if emotions else None
    score = 2.0 if _DISSATISFIED.search(text) else 0.0
    if emotion and emotion.value in {Emotion.ANGER, Emotion.SADNESS}:
        score += 2.0 if emotion.is_confident else 1.0
    if causes_of(text):
        score += 2.0
    score += min(len(_TROUBLE.findall(text)), 2) + (1.0 if _OURS.search(text) else 0.0)
    if emotion and emotion.value is Emotion.JOY:
        score -= 1.5 if emotion.is_confident else 0.5
    return Finding(score >= _COMPLAINT_FROM, 1.0)


_COMPLAINT_FROM = 2.0
_TROUBLE = _re(
    r"\b(?:wo|ca|do|does|did|is|are|was|were|has|have|had|would|could)n[’']?t\b|\b(?:cannot|unable|will\s+not|"
    r"no\s+longer)\b|"
    r"\bstill\b|\bkeeps?\s+\w+ing\b|\bno\s+(?:help|communication|stock|reason|way)\b|\b(?:locked\s+out|subpar|"
    r"lacking|badly|"
    r"missing|never|again|twice|stop\s+\w+ing|overpriced|forced|refus\w+|denied|charged|suspended|cancell?ed)\b|"
    r"\bonly\s+to\b|"
    r"\?!|!\?|\bwhat(?:[’']s|\s+is)\s+going\s+on\b|\bwhat\s+happened\b|\bevery\s+time\b|\bmultiple\s+(?:times|"
    r"emails|calls)\b|"
    r"\bbad\s*(?:service|product|customer)?|\b(?:issues?|problems?|errors?|trouble|fault)\b"
)
"""Each of these points to trouble; alone it may be a question."""
_OURS = _re(
    r"\b(?:you|your|you[’']re|refund|customer\s+service|support|help|service|store|delivery|app|website|site|"
    r"order|paid|paying|bought|purchase[d]?|account)\b"
)
"""The trouble is one with us."""


def kind_of(text: str, emotions: tuple[Finding[Emotion], ...], *, complaint: bool) -> Finding[Kind]:
    """What is raised. A suggestion that complains is a complaint; thanks that ask for something are an enquiry."""
    if complaint:
        return Finding(Kind.COMPLAINT, 1.0)
    if _SUGGESTS.search(text):
        return Finding(Kind.SUGGESTION, 1.0)
    if emotions and emotions[0].value is Emotion.JOY and not _ASKS.search(text):
        return Finding(Kind.COMPLIMENT, 1.0)
    return Finding(Kind.ENQUIRY, 1.0)


def urgency_of(text: str, kind: Kind) -> Finding[Urgency]:
    """How soon the message wants an answer."""
    for urgency, pattern in ((Urgency.CRITICAL, _CRITICAL), (Urgency.HIGH, _HIGH)):
        if match := pattern.search(text):
            return Finding(urgency, 1.0, (Span(*match.span()),))
    return Finding(Urgency.LOW if kind in {Kind.COMPLIMENT, Kind.SUGGESTION} else Urgency.NORMAL, 1.0)
