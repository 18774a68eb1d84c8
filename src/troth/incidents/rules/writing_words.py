"""The words by which a notice owns up, and those behind which one hides, in English and German.

What ought to be there is looked for generously, what had better not be there narrowly, as in the reply check (cases.rules).
"""

from __future__ import annotations

import re

from troth.cases.rules import checks_words as en
from troth.cases.rules.checks_words import words

#: What happened: something is said to have been so.
HAPPENED = {
    "en": words(
        r"(?:since|on|from|between|yesterday|today|this\s+(?:morning|afternoon|week)|last\s+(?:night|week)|at\s+\d)",
        r"(?:did|does|do|is|are|was|were|has|have|had|can|could|will)\s*(?:not|n't)",
        r"(?:stopped|failed|broke|broken|lost|late|delayed|wrong|down|missing|damaged|slow|slower|short|ill|sick|charged|sent|ran\s+out|longer|works?\s+again|back|over|mended|fixed|repaired)",
    ),
    "de": words(
        r"(?:seit|am|ab|zwischen|gestern|heute|diese[rn]?\s+(?:woche|morgen)|letzte[rn]?\s+(?:nacht|woche)|um\s+\d)",
        r"(?:nicht|kein\w*)",
        r"(?:ausgefallen|gestört|verspätet|spät\w*|falsch\w*|kaputt|verloren|fehl\w+|beschädigt|langsam\w*|krank\w*|abgebucht|länger|wieder|vorbei|behoben|repariert)",
    ),
}
AFFECTED = {
    "en": words(
        r"(?:affect|concern|hit)(?:s|ed|ing)?",
        r"(?:everyone|everybody|anyone|anybody|all|those|customers?|people|orders?|parcels?|accounts?|cards?|appointments?)\s+(?:who|whose|that|with|in|from|placed|ordered|made|sent|due|between|since|to)",
        r"(?:your|you)\s+(?:\w+\s+){0,3}(?:order|parcel|account|card|delivery|appointment|payment|data|message|letter|question|answer|case)s?",
        r"you\s+(?:are|were|have|had|may|will)\b",
        r"(?:all|every|each|only|no)\s+(?:\w+\s+){0,2}(?:customers?|orders?|parcels?|accounts?|deliver(?:y|ies))",
    ),
    "de": words(
        r"(?:betroffen\w*|betrifft|betreffen)",
        r"(?:alle|jede[rsn]?|wer|diejenigen|kund\w+|bestellung\w*|paket\w*|sendung\w*|konto|konten|termin\w*|lieferung\w*)",
        r"(?:ihr|ihre[rnms]?|sie)\s+(?:\w+\s+){0,3}(?:bestellung|paket|konto|karte|lieferung|termin|zahlung|daten|nachricht|frage|antwort)\w*",
    ),
}
DOING = {
    "en": words(
        r"(?:we(?:\s+are|'re)|(?:our|the)\s+\w+(?:\s+\w+)?\s+(?:is|are))\s+(?:\w+\s+){0,2}\w+ing",
        r"we(?:\s+have|'ve)\s+(?:now\s+|already\s+|also\s+|just\s+|since\s+)?(?!had|been|not)\w+",
        r"we(?:\s+will|'ll)\s+\w+",
        r"we\s+(?:now|today|already|also)\s+\w+",
        r"(?:is|are)\s+on\s+(?:its|their|the)\s+way",
    ),
    "de": words(
        r"wir\s+(?!bedauern|hoffen|wissen|bitten|entschuldigen|verstehen|glauben|hätten|melden)\w+",
        r"(?:werden|haben|sind)\s+wir\s+\w+",
    ),
}
YOU_CAN = {
    "en": words(
        r"you\s+(?:can|could|may|might|need|do\s+not\s+(?:need|have)|don't\s+(?:need|have)|should|have\s+to|must|will\s+not\s+have)",
        r"(?:please|if\s+you|nothing\s+(?:you|to\s+do)|no\s+need|there\s+is\s+nothing)",
        r"(?:reply|write|call|ring|answer|tell)\s+(?:to\s+)?(?:us|this)",
    ),
    "de": words(
        r"(?:sie|du)\s+(?:können|müssen|brauchen|sollten|kannst|musst|brauchst)",
        r"(?:können|müssen|brauchen|sollten)\s+sie",
        r"(?:bitte|wenn\s+sie|falls\s+sie|nichts\s+(?:tun|zu\s+tun|weiter))",
        r"(?:antworten|schreiben|rufen)\s+sie",
    ),
}
NEXT = {
    "en": words(
        r"(?:next|again|another)\s+(?:word|update|news|message|mail|letter|notice|time|from\s+us)",
        r"(?:hear|write|tell|update|message|mail|let\s+you\s+know|be\s+in\s+touch|come\s+back)\b[^.!?]{0,60}\b(?:by|on|at|before|until|within|every|tomorrow|today|tonight|mon|tues|wednes|thurs|fri|satur|sun)\w*",
        r"(?:by|on|at|before)\b[^.!?]{0,60}\b(?:hear|write\s+to\s+you|tell\s+you|update\s+you|let\s+you\s+know)",
    ),
    "de": words(
        r"(?:nächste[nsr]?)\s+(?:nachricht|meldung|mal|stand|auskunft)",
        r"(?:hören|schreiben|melden|sagen|berichten|informieren)\b[^.!?]{0,60}\b(?:bis|am|um|vor|spätestens|morgen|heute|montag|dienstag|mittwoch|donnerstag|freitag)",
        r"(?:bis|am|um|spätestens|morgen|heute)\b[^.!?]{0,60}\b(?:hören\s+sie|schreiben\s+wir|melden\s+wir|sagen\s+wir|informieren\s+wir)",
    ),
}
SORRY = {
    "en": words(
        r"sorry", r"apologi[sz]e", r"apolog(?:y|ies)", r"regret(?:s|ted)?(?!\s+to\s+(?:inform|say|tell|advise))"
    ),
    "de": words(
        r"(?:es\s+)?tut\s+(?:es\s+)?uns\s+(?:\w+\s+){0,2}leid",
        r"entschuldig\w*",
        r"bitten\s+(?:\w+\s+){0,3}um\s+verzeihung",
        r"bedauern",
    ),
}
OWNS = {
    "en": en.RESPONSIBILITY,
    "de": words(
        r"(?:unser|unsere[rnms]?)\s+(?:eigene[rnms]?\s+)?(?:fehler|schuld|versehen|verantwortung|versäumnis)",
        r"wir\s+(?:haben|hatten)\b[^.!?]{0,60}\b(?:falsch|fehler|versäumt|vergessen|übersehen|verloren|versagt|enttäuscht|nicht\s+\w+|zu\s+(?:spät|wenig|viel))",
        r"(?:haben|hatten)\s+wir\b[^.!?]{0,60}\b(?:falsch|fehler|versäumt|vergessen|übersehen|verloren|nicht\s+\w+|zu\s+(?:spät|wenig|viel))",
        r"wir\s+hätten\b",
        r"(?:das|dies|es)\s+(?:liegt|lag)\s+an\s+uns",
        r"(?:übernehmen|tragen)\s+(?:wir\s+)?(?:dafür\s+)?die\s+(?:volle\s+)?verantwortung",
        r"(?:das\s+)?(?:ist|war)\s+nicht\s+(?:gut\s+genug|in\s+ordnung|akzeptabel|das,?\s+was\s+sie)",
    ),
}
#: Who did it? Nobody.
PASSIVE = {
    "en": words(
        r"mistakes?\s+(?:were|was|have\s+been|has\s+been)\s+made",
        r"(?:a|an|some)\s+(?:\w+\s+)?(?:error|mistake|oversight|issue|incident|problem|mix-?up)s?\s+(?:has\s+|have\s+)?(?:occurred|arose|arisen|was\s+made|has\s+been\s+made|took\s+place|were\s+experienced)",
        r"(?:inconvenience|disruption|delay|confusion|upset)s?\s+(?:\w+\s+)?(?:may|might|could)\s+(?:have\s+)?(?:been\s+caused|be\s+caused|been\s+experienced|be\s+experienced|have\s+arisen|arise)",
        r"(?:may|might)\s+have\s+(?:been\s+)?(?:caused|experienced|resulted|affected)\b",
        r"it\s+(?:has\s+)?(?:came|come|been\s+brought)\s+to\s+our\s+attention",
        r"due\s+to\s+(?:circumstances|reasons|factors)\s+(?:beyond|outside)\s+our\s+control",
    ),
    "de": words(
        r"(?:es\s+)?(?:wurden|sind)\s+fehler\s+(?:gemacht|passiert|unterlaufen)(?:\s+worden)?",
        r"(?:es\s+ist|ist\s+es|kam\s+es|es\s+kam)\s+(?:leider\s+)?zu\s+(?:einem|einer)\s+(?:\w+\s+)?(?:fehler|panne|missverständnis|problem|störung)",
        r"(?:ein|eine)\s+(?:\w+\s+)?(?:fehler|panne|missverständnis|problem)\s+(?:ist\s+)?(?:aufgetreten|passiert|unterlaufen)",
        r"unannehmlichkeiten\b[^.!?]{0,40}\b(?:entstanden\s+sein|verursacht\s+worden|geben)",
        r"(?:möglicherweise|eventuell)\s+entstanden\w*",
        r"aus\s+gründen,?\s+die\s+(?:wir\s+nicht|außerhalb)",
    ),
}
EMPTY = {
    "en": en.EMPTY_APOLOGY,
    "de": words(
        r"(?:entschuldig\w*|bedauern|bitten)\b[^.!?]{0,40}\b(?:etwaige|eventuelle|mögliche|die|diese|jegliche)?\s*unannehmlichkeit\w*",
        r"(?:entschuldig\w*|bedauern|leid)\b[^.!?]{0,20}\b(?:falls|wenn|sollte[n]?)\b",
    ),
}
VAGUE = {
    "en": en.VAGUE_TIME,
    "de": words(
        r"so\s+(?:bald|schnell|rasch)\s+(?:wie|als)\s+möglich",
        r"schnellstmöglich\w*",
        r"baldmöglichst",
        r"in\s+kürze",
        r"zeitnah",
        r"zu\s+gegebener\s+zeit",
        r"demnächst",
    ),
}
BLAME = {
    "en": en.BLAME,
    "de": words(
        r"(?:ihre|ihr)\s+eigene[rs]?\s+(?:schuld|fehler|verschulden)", r"sie\s+hätten\b[^.!?]{0,40}\b(?:müssen|sollen)"
    ),
}

#: A sentence to begin with, for each point; what stands in [[…]] is filled in.
SENTENCES = {
    "en": {
        "sorry": "We are sorry. This is our mistake, and we should have noticed it before you did.",
        "happened": "Since [[when]], [[what does not work, or what went wrong]].",
        "affected": "It affects [[whose orders, which places, since when]]. If you get this letter, it affects you.",
        "doing": "We are [[what we do about it now]].",
        "you_can": "You do not need to do anything. If it cannot wait, answer this letter and we will [[what]].",
        "next": "You hear from us next by {at}, even if nothing is new by then.",
        "over": "It is over: since [[when]], [[what works again]].",
    },
    "de": {
        "sorry": "Es tut uns leid. Das ist unser Fehler, und wir hätten ihn vor Ihnen bemerken müssen.",
        "happened": "Seit [[wann]] [[was nicht geht oder schiefgegangen ist]].",
        "affected": "Betroffen sind [[welche Bestellungen, welche Orte, seit wann]]. Wer diesen Brief bekommt, ist betroffen.",
        "doing": "Wir [[was wir jetzt dagegen tun]].",
        "you_can": "Sie müssen nichts tun. Wenn es nicht warten kann, antworten Sie auf diesen Brief, und wir [[was]].",
        "next": "Sie hören spätestens am {at} wieder von uns, auch wenn es dann nichts Neues gibt.",
        "over": "Es ist vorbei: Seit [[wann]] [[was wieder geht]].",
    },
}  # fmt: skip
LANGUAGES = tuple(SENTENCES)
_DAYS = {
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "de": ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"),
}
_MONTHS = {
    "en": ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"),
    "de": ("Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember"),
}  # fmt: skip
#: What is still to be filled in.
BLANK = re.compile(r"\[\[[^\]]*\]\]")


def day_words(weekday: int, day: int, month: int, clock: str, zone: str, language: str) -> str:
    """A moment as a letter in *language* says it."""
    named = f"{_DAYS[language][weekday]}"
    if language == "de":
        return f"{named}, {day}. {_MONTHS['de'][month - 1]}, {clock} Uhr ({zone})"
    return f"{named} {day} {_MONTHS['en'][month - 1]}, {clock} ({zone})"
