"""By which words a final response, a holding reply or a summary resolution says what it must; English, as the rules are the UK's.

What must be there is looked for narrowly: a point that is overlooked costs its writer one tick, one that is wrongly seen costs
the customer what they had to be told. A sentence with a place still to fill in says nothing yet.
"""

from __future__ import annotations

import re

from troth.cases.rules.checks_words import words

COMPLAINT = r"(?:your|the|this|that|these|those|all\s+of\s+your|every\s+part\s+of\s+your)\s+(?:\w+\s+){0,2}?(?:complaint|concern)s?"
_PART = r"(?:in\s+part|partly|partially|part\s+of)"

ACCEPTS = words(
    rf"(?:accept|uphold|upheld|agree\s+with|agreed\s+with)(?:ing|ed)?\s+(?:{_PART}\s+)?{COMPLAINT}",
    rf"{COMPLAINT}\s+(?:is|has\s+been|was)\s+(?:\w+\s+)?(?:upheld|accepted|justified)",
    rf"{COMPLAINT}\s+(?:is|are|was|were)\s+(?:\w+\s+)?(?:right|justified)",
)
REJECTS = words(
    rf"(?:reject|dismiss|decline)(?:ed|s|ing)?\s+(?:to\s+(?:accept|uphold)\s+)?{COMPLAINT}",
    rf"{COMPLAINT}\s+(?:is|has\s+been|was)\s+(?:rejected|dismissed|declined)",
    rf"(?:do\s+not|don't|did\s+not|didn't|cannot|can't|can\s+not|could\s+not|will\s+not|won't|have\s+not|haven't|not\s+to|unable\s+to|not\s+able\s+to)"
    rf"\s+(?:accept|uphold|upheld|agree\s+with|accepted)\s+{COMPLAINT}",
    rf"not\s+upholding\s+{COMPLAINT}|{COMPLAINT}\s+(?:is|has|was)\s+not\s+(?:been\s+)?(?:upheld|accepted|justified)",
)
WITHOUT_ACCEPTING = words(r"without\s+(?:accepting|admitting|any\s+admission|upholding)")
#: Redress although nothing is accepted: DISP 1.6.2R(1)(b).
OFFERS = words(
    WITHOUT_ACCEPTING.pattern,
    r"(?:as|by\s+way\s+of)\s+(?:a\s+)?(?:gesture\s+of\s+)?goodwill|goodwill\s+(?:payment|gesture)",
)
IN_PART = words(
    rf"(?:uphold|upheld|accept|accepted)\s+(?:\w+\s+){{0,4}}{_PART}",
    rf"{_PART}\s+(?:uphold|upheld|accept)(?:ed|ing)?|{COMPLAINT}\s+{_PART}",
)
#: What is offered, or that nothing is.
REDRESS = words(
    r"(?:we|i)(?:\s+(?:will|shall|have|can|would\s+like\s+to|want\s+to|are|am)|'ll|'ve|'re|'m)?\s+(?:\w+\s+){0,2}?"
    r"(?:pay|paid|paying|refund|refunded|refunding|reimburse|reimbursed|credit|credited|compensate|replace|replaced|repair|repaired|"
    r"correct|corrected|restore|restored|cancel|cancelled|remove|removed|offer|offered|offering|waive|waived)",
    r"(?:compensation|payment|refund|redress)\s+of\s+[£€$]?\d",
    r"(?:no|not)\s+(?:\w+\s+){0,3}(?:redress|compensation|remedial\s+action|payment|refund)\s+(?:is|are|seems?)\s+(?:due|appropriate|needed|owed)",
    r"(?:do\s+not|don't|cannot|are\s+not)\s+(?:offer|offering|pay|paying)\s+(?:you\s+)?(?:\w+\s+){0,2}(?:redress|compensation|refund|payment)",
)
RESOLVED = words(
    r"(?:we|i)\s+(?:now\s+)?(?:consider|regard|treat|take)\s+(?:\w+\s+){0,3}(?:complaint|matter|it|this)\s+(?:\w+\s+){0,3}(?:resolved|settled)",
    rf"{COMPLAINT}\s+(?:is|has\s+(?:now\s+)?been|has\s+now\s+been|as)\s+(?:now\s+)?(?:resolved|settled)",
)
COMPLAINED = words(r"complaint|complained")
WHY_LONGER = words(
    r"because|since|as\s+we|due\s+to|the\s+reason|reasons?\s+(?:for|why|is|are)|we\s+(?:still|are\s+still|are\s+waiting|await|need)|waiting\s+for|owing\s+to",
)
#: Of which it is said that it is not there yet.
NOT_YET = words(
    r"(?:not|unable|cannot|can't|haven't|isn't|aren't)\b[^.!?]{0,80}\b(?:final\s+response|respon[ds]\w*|decision|decide[d]?|answer|conclu\w+|complet\w+|finish\w*|resolve[d]?)",
    r"(?:takes?|taking|need|needs)\s+(?:us\s+)?(?:\w+\s+){0,2}(?:longer|more\s+time)",
    r"(?:still|yet\s+to)\s+(?:\w+\s+){0,3}(?:investigat\w+|look\w*|decid\w+|answer\w*|respon\w+|wait\w*|await\w*)",
)
#: Sentences in which a date is the one of our answer.
OUR_ANSWER = words(r"response|decision|decide|answer|hear\s+from\s+us|outcome|conclusion|write\s+to\s+you")
OMBUDSMAN = words(r"ombudsman", r"financial\s+ombudsman\s+service")
REFER = words(r"refer|referred|take|bring|go\s+to|contact|complain\s+to|ask")
YOU = words(r"you|your")
NOT_TO = words(r"(?:not|never|cannot|can't|no\s+right\s+to)\s+(?:\w+\s+)?(?:refer|take|bring|go)")
SIX_MONTHS = words(r"(?:six|6)[\s-]+months?")
WAIVER = words(
    r"(?:will|would)\s+not\s+have\s+our\s+(?:permission|consent)",
    r"(?:we|i)\s+(?:\w+\s+){0,3}(?:consent|agree|object)\b[^.!?]{0,120}\b(?:ombudsman|time\s+limits?|late|out\s+of\s+time|six\s+months)",
    r"(?:waive|waiving)\b[^.!?]{0,60}\btime\s+limits?",
    r"(?:ombudsman)\b[^.!?]{0,120}\bwith\s+our\s+(?:permission|consent)",
)
LEAFLET = words(r"leaflet")
#: Its name, as files are called that hold it.
LEAFLET_FILE = re.compile(r"ombudsman|leaflet|\bfos\b|complaint[\s_-]+further", re.IGNORECASE)
SITE = r"(?:www\.)?financial-ombudsman\.org\.uk"
WEBSITE = re.compile(rf"(?<![@\w.-]){SITE}(?![\w.-]*@)(?!/\S*leaflet)", re.IGNORECASE)
LEAFLET_LINK = re.compile(rf"(?<![@\w.-]){SITE}/\S*leaflet", re.IGNORECASE)
MORE = words(r"(?:more|further)\s+(?:information|details)", r"find\s+out\s+more|read\s+more|learn\s+more")
#: Words of lawyers that have plain ones in their place.
LEGALESE = words(
    r"hereinafter|hereby|herewith|hereto|heretofore|aforementioned|aforesaid|notwithstanding|pursuant\s+to|inter\s+alia|forthwith|"
    r"thereof|therein|wherein|whereas|mutatis\s+mutandis|prima\s+facie|ex\s+gratia|without\s+prejudice|in\s+respect\s+whereof|"
    r"in\s+full\s+and\s+final\s+settlement|save\s+that|be\s+that\s+as\s+it\s+may|commence(?:d|s|ment)?\s+proceedings|undersigned"
)
