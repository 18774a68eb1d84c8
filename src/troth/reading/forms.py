"""The forms in which English promises are made, and the words that unmake them.

`MODAL` is the commonest form ("we will"); what follows and precedes it decides. `FORMS` are the others. Every pattern
is a plain alternation with bounded repetition, so matching takes time in proportion to the sentence.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from troth.words.promises import Strength


def pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE)


MAYBE = pattern(
    r"ll\b|will\b|shall\b|going\s+to|gonna|should|let\s+me|moment|promis|guarant|expect|allow|tak(?:e|es|ing)\b|"
    r"aim|plan|hope|intend|sched|due\b|set\s+to|estimat|booked|confirmed|arriv|ship|can\b|bear\s+with|\w+ing\b|"
    r"won[’']t|until\b|asked|arranged|requested|days\b|commit|strive|endeavou?r|my\s+word|give\s+(?:us|me)|"
    r"(?:glad|happy|pleased)\s+to"
)
"""A sentence without any of these is not looked at further."""

_ADVERBS = (
    r"(?:(?:also|then|certainly|definitely|absolutely|personally|gladly|again|now|just|always|immediately|quickly|"
    r"still|straight\s+away|of\s+course|surely|really|only|both|all|first|next|probably|likely|soon|shortly|"
    r"therefore|"
    r"either|each|ourselves|myself|automatically|usually|normally|typically|today|tomorrow|in\s+turn|be\s+sure\s+to|"
    r"make\s+sure\s+to|ensure\s+to|continue\s+to)\s+){0,3}"
)
MODAL = pattern(
    r"(?P<ll>[’']ll\b|\bshall\b|\bwill\b(?!\s+power)|(?:\b(?:am|are|is)|[’'](?:m|re|s))\s+(?:going\s+to|gonna)\b)"
    r"\s*,?\s*" + _ADVERBS
)

# --- what may follow a modal -----------------------------------------------------------------------------------------

OFFER = pattern(
    r"be\s+(?:(?:more|very|so|only|too|most)\s+)?(?:than\s+)?"
    r"(?:happy|glad|pleased|delighted|able|available|here|there|waiting|open|closed|required|unable|willing|"
    r"honou?red|"
    r"thrilled|missed|charged|fine|ok|okay|great|worth|sure|sorry|interested|keen)\b"
)
REFUSAL = pattern(r"(?:not|never|no\s+longer|n[’']t|neither|nor|cannot)\b")
NEVER_AGAIN = pattern(
    r"(?:never|not)\s+(?:ever\s+)?(?:let|allow|happen|be\s+repeated|repeat|make\s+(?:this|that)|do\s+(?:this|that))"
)
STATIVE = pattern(
    r"(?:need|miss|love|hope|appreciate|enjoy|know|require|understand|want|wait|welcome|see\s+(?:you|y[’']all)|like|"
    r"prefer|call\s+(?:it|that)|come\s+running|have\s+to|get\s+there|just\s+keep|keep\s+our|believe|agree|admit|say|"
    r"never|remember|zip|raise|wish|hate|struggle|apologi[sz]e|benefit|depend|assume|cherish|treasure|end|close|"
    r"be(?!\s+(?:\w+ing\b|in\s+(?:touch|contact)|back\b|with\s+you|sure\s+to|sent|told|paid|on\s+(?:it|the)|"
    r"\w+ed\b))|"
    r"\[|$|[.,!?;:)])"
)
"""What somebody who acts can do without promising anything."""

HAPPENS = pattern(
    r"(?:automatically\s+|then\s+|all\s+)?(?:"
    r"(?:be|get)\s+(?:(?:fully|automatically|now|also|all|then)\s+)?(?:back|with\s+you|on\s+(?:its|their)\s+way|"
    r"in\s+touch|up\s+and\s+running|updating|shipping|following|contacting|sending|sent|refunded|delivered|credited|"
    r"replaced|dispatched|despatched|shipped|posted|emailed|repaired|fixed|resolved|restored|processed|paid|returned|"
    r"issued|collected|contacted|called|updated|continued|passed|forwarded|reviewed|investigated|addressed|rung|"
    r"reimbursed|cancelled|canceled|removed|corrected|completed|sorted|looked|shared|escalated|released|honou?red|"
    r"redeposited|deposited|compensated|given|told|informed|notified|reopened|installed|answered|reinstated|waived|"
    r"applied|taken\s+care)\b|"
    r"(?:arrive|resume|reach\s+you|come\s+(?:back|out)|ring|call|phone|email|contact|write|reply|respond|visit|"
    r"follow\s+up|show\s+up|land\s+in|go\s+out|receive|hear|continue|reach\s+out|ship)\b)"
)
"""What a thing (a parcel, a refund) can be promised to do without a date; with a date, anything else counts too."""

MISHAP = pattern(
    r"(?:be\s+)?(?:\w+ly\s+)?(?:end|expire|close|renew|cost|lapse|cease|increase|go\s+up|charged|closed|deducted|"
    r"debited|unavailable|down|offline|delayed|late|out\s+of|deleted|suspended|taken\s+from|rise|run\s+out)\b"
)
"""What is announced rather than promised: "your subscription will renew on Friday"."""

YOU_GET = pattern(
    r"(?:also\s+)?(?:receive|hear\s+(?:back\s+)?from|hear\s+back|hear|be\s+(?:contacted|refunded|credited|notified|"
    r"reimbursed|called|paid|emailed|informed|updated|sent|told)|(?:have|get|see|be\s+given)\s+(?:\w+\s+)?(?:\w+\s+)?"
    r"(?:refund|answer|reply|update|call|email|e-mail|confirmation|replacement|credit|decision|response|money|order|"
    r"parcel|invoice|quote|letter|news)\b)"
)
YOU_CAN = pattern(r"be\s+able\s+to\b")
BAD_NEWS = pattern(
    r"\b(?:delays?|delayed|disruptions?|problems?|queues?|outages?|closures?|cancell?ations?|payments?\s+(?:is|"
    r"are)\s+due|"
    r"instal\w+|balance|premium|rent)\b"
)
"""What is announced, or what the customer owes: nobody promises it."""
YOU_MAY_GET = pattern(r"(?:have|get|see|be)\b")
NONE_OF_IT = pattern(r"^\W*(?:no|none|neither|nothing|nobody|any)\b")

# --- what may stand before it ----------------------------------------------------------------------------------------

DOUBT = pattern(
    r"(?:\bhopefully|\bfingers\s+crossed|\bmaybe|\bperhaps|\bwhether|\bwhat|\bhow|\bwhy|\bwho|\bin\s+case|"
    r"\b(?:confident|sure|hope|hoping|think|believe|know|bet|imagine|wish|guess|doubt|afraid|unsure|"
    r"wonder)\s*(?:that)?|"
    r"\btold\s+(?:\w+\s+)?(?:that\s+)?|\b(?:you|they|he|she|we|i)\s+(?:said|say|thought|wrote|told|"
    r"promised)\s+(?:that\s+)?|"
    r"\bexplain\w*(?:\s+that)?|\bif)\s*$"
)
SUBJECT = pattern(
    r"(?:^|[\s,;:!?(\"“‘.—–/-])(?P<subject>I|we|you|they|it|he|she|this|that|these|those|there|which|who|what|"
    r"ye|u)\s*"
    r"(?:both\s+|all\s+|also\s+|then\s+|certainly\s+|definitely\s+|absolutely\s+|now\s+)?$"
)
CLAUSE_START = pattern(
    r"[,;:!?(\"“—–|]|\s[-/]\s|https?://\S+|\bURL\b|"
    r"\b(?:and|but|so|as|because|since|that|then|or|if|when|once|while|though|although)\b"
)
EARLIER_SUBJECT = pattern(r"\b(?P<subject>I|we)(?:\b|[’'])")
PEOPLE = pattern(
    r"\b(?:someone|somebody|member|team|teams|specialist|specialists|colleagues?|managers?|agents?|engineers?|"
    r"technicians?|driver|courier|carrier|warehouse|expert|experts|staff|dept|department|folks|devs?|developers|"
    r"supervisor|advis[eo]rs?|representative|rep|reps|they|he|she|office|store|shop|branch|support|care|depot|"
    r"company|"
    r"bank|accounts|finance|billing|desk|crew|seller|supplier|people|guys|partner)\b"
)
QUESTION_LEAD = pattern(r"(?:^|[,;:!.—–]\s*|\b(?:and|but|so|or|when|what|how|where|who|which|why)\s+)$")
ASKING = pattern(
    r"^(?:hi|hey|hello|oh|yes|no|ok|okay|great|sure|thanks|so|and)?[\s,!.]*(?:can|could|would|will|do|did|does|"
    r"is|are|have|has|"
    r"may|shall|which|what|when|where|who|how|why)\b"
)
COORDINATE = pattern(r"\b(?:and|then|so)\s+(?:then\s+)?(?:i|we)\s*$")


# --- the other forms -------------------------------------------------------------------------------------------------


class Form(NamedTuple):
    """A form of promise other than "subject will verb". What is promised begins where the pattern ends."""

    pattern: re.Pattern[str]
    strength: Strength
    hints: tuple[str, ...]
    """Lower-case letters without one of which the pattern cannot match: a cheap first look."""
    who: str = ""
    """Who is to act, if it is not the pattern's ``subject``."""
    needs_due: bool = False
    """A promise only if it carries a date."""
    or_soon: bool = False
    """“Soon” is as good as a date."""
    asked_before: bool = False
    """A promise only if the customer is asked for something first."""


_WE = (
    r"\b(?P<subject>I|we|(?:our|the|my)\s+(?:\w+\s+){0,3}?"
    r"(?:team|staff|engineers?|technicians?|colleagues?|manager)|they)\b"
)
_BE = r"\s*(?:[’'](?:m|re|s)\s+|\bam\s+|\bare\s+|\bis\s+)?(?:\w+\s+)?"
_SOON_DAY = r"(?:today|tomorrow|tonight|this|next|mon|tues|wed|thu|fri|sat|sun|\d)"

FORMS = (
    Form(
        pattern(
            r"\b(?P<subject>I|we)\s+(?:\w+\s+)?(?:promise|guarantee|swear|commit|undertake)(?:\s+(?:you|to|that))+"
            r"\s+(?=\w)"
        ),
        Strength.GUARANTEE,
        ("promise", "guarantee", "swear", "commit", "undertake"),
    ),
    Form(
        pattern(
            r"(?:\b(?P<subject>I|we)\s+(?:\w+\s+)?(?:promise|guarantee|commit\s+to)|\byou\s+can\s+(?:count|"
            r"rely)\s+on\s+(?P<subject2>us|me)\s+to)\s+(?=\w)"
        ),
        Strength.GUARANTEE,
        ("promise", "guarantee", "commit", "count on", "rely on"),
        needs_due=True,
    ),
    Form(
        pattern(
            r"\b(?P<subject>I|we)(?:[’'](?:d|ll)|\s+would|\s+will)\s+be\s+(?:(?:more\s+than|very|only\s+too)\s+)?"
            r"(?:glad|happy|pleased)\s+to\s+(?=(?:credit|exchange|pay|refund|reimburse|replace|send|waive)\b)"
        ),
        Strength.PROMISE,
        ("glad to", "happy to", "pleased to"),
        needs_due=True,
    ),
    Form(
        pattern(r"^\W*(?=your\s+money\s+back\b)"),
        Strength.PROMISE,
        ("money back",),
        who="third",
        needs_due=True,
    ),
    Form(
        pattern(r"\byou\s+have\s+(?P<subject>my|our)\s+word(?:\s+that)?\s*"),
        Strength.GUARANTEE,
        (" word",),
    ),
    Form(
        pattern(r"\b(?P<subject>I|we)\s*[’']?(?:m|re|am|are)\s+(?:fully\s+|firmly\s+)?committed\s+to\s+"),
        Strength.PROMISE,
        ("committed",),
        needs_due=True,
    ),
    Form(
        pattern(
            _WE + _BE + r"(?:aim|aims|aiming|intend|intends|plan|plans|planning)\s+(?:on|to)\s+(?:be\s+)?(?=\w)",
        ),
        Strength.AIM,
        ("aim", "intend", "plan"),
    ),
    Form(
        pattern(_WE + _BE + r"(?:hope|hopes|hoping|try|trying|strive|endeavou?r|working(?:\s+hard)?)\s+to\s+"),
        Strength.AIM,
        ("hop", "try", "strive", "endeavo", "working"),
        needs_due=True,
    ),
    Form(
        pattern(_WE + _BE + r"(?:(?:[’']d|would)\s+)?(?:expect|expects|expecting|anticipate)\s+(?=\w)"),
        Strength.EXPECT,
        ("expect", "anticipate"),
        needs_due=True,
    ),
    Form(
        pattern(
            r"(?:^|[,;:!.]\s*|\byou\s+(?:can|should|may)\s+|\bplease\s+|\band\s+|\bto\s+)expect\s+"
            r"(?=(?:to\s+(?:hear|receive|get|see|have)|an?|your|our|the|delivery|it|this|another|someone|us|me|"
            r"news)\b)"
        ),
        Strength.EXPECT,
        ("expect",),
        who="we",
    ),
    Form(
        pattern(r"\b(?:please\s+|kindly\s+|do\s+)?(?=allow\s+[\w\s,]{0,40}(?:\d|day|week|hour|few|couple))"),
        Strength.EXPECT,
        ("allow",),
        who="we",
        needs_due=True,
    ),
    Form(
        pattern(r"(?=\bgive\s+(?:us|me|the\s+team)\s)"),
        Strength.PROMISE,
        ("give us", "give me", "give the team"),
        who="we",
        needs_due=True,
    ),
    Form(
        pattern(r"\b(?P<subject>(?!(?:I|we|you|to|please|also)\b)\w+)\s+(?=takes?\b)"),
        Strength.EXPECT,
        ("take",),
        who="third",
        needs_due=True,
    ),
    Form(
        pattern(
            r"\b(?P<subject>\w+)\s+should\s+(?:now\s+|then\s+|also\s+|all\s+)?"
            r"(?=(?:be|arrive|receive|get|hear|reach|see|ship|show|come|appear|go|land|"
            r"have(?!\s+(?:been|\w+ed(?<!received)(?<!arrived)|told|sent|gone|done|come|said|rung|written)\b))\b)"
        ),
        Strength.EXPECT,
        ("should",),
        needs_due=True,
        or_soon=True,
    ),
    Form(
        pattern(
            r"(?:\b(?:is|are|be|been|now|currently|and)|[’']s|[’']re)\s+"
            r"(?:currently\s+|now\s+|all\s+|also\s+|still\s+|already\s+)?(?=(?:scheduled|due|set|expected|estimated|"
            r"planned|booked|confirmed|slated|on\s+track|on\s+course|guaranteed|arranged)\b)"
        ),
        Strength.EXPECT,
        (
            "scheduled",
            "due",
            "set",
            "expected",
            "estimated",
            "planned",
            "booked",
            "confirmed",
            "slated",
            "on track",
            "on course",
            "guaranteed",
            "arranged",
        ),
        who="third",
        needs_due=True,
    ),
    Form(
        pattern(
            r"\b(?:is|are)\s+(?:usually\s+|normally\s+|then\s+)?"
            r"(?=(?:made|paid|sent|delivered|processed|refunded|dispatched|shipped|issued|credited|answered)\b)"
        ),
        Strength.EXPECT,
        ("is ", "are "),
        who="third",
        needs_due=True,
    ),
    Form(
        pattern(
            r"\b(?=(?:ships|arrives|leaves|opens|reopens|resumes|returns|starts|begins|goes\s+(?:live|out))\s+"
            r"(?:again\s+|back\s+|out\s+)?(?:on\s+|by\s+|at\s+|in\s+)?" + _SOON_DAY + r")"
        ),
        Strength.EXPECT,
        ("ships", "arrives", "leaves", "opens", "resumes", "returns", "starts", "begins", "goes"),
        who="third",
        needs_due=True,
    ),
    Form(
        pattern(r"\b(?=deliver(?:s|y|ies)?\s+(?:\w+\s+){0,3}(?:until|through\s+to|up\s+to|till)\b)"),
        Strength.EXPECT,
        ("deliver",),
        who="third",
        needs_due=True,
    ),
    Form(
        pattern(
            r"\b(?P<subject>I|we|they)\s*(?:[’'](?:m|re)|\s+am|\s+are)\s+(?:now\s+|also\s+|just\s+|currently\s+)?"
            r"(?=[a-z]{2,}ing\b(?!\s+to\b))(?!going|hoping|wondering|getting\s+reports|running|experiencing|"
            r"having|waiting|"
            r"seeing|missing|looking\s+forward|closing)"
        ),
        Strength.PROMISE,
        ("ing",),
        needs_due=True,
    ),
    Form(
        pattern(
            r"\b(?P<subject>engineer|technician|driver|courier|colleague|manager|plumber|electrician|fitter|"
            r"team|surveyor)\s+"
            r"(?:is|are)\s+(?:now\s+|also\s+)?(?=(?:coming|calling|visiting|ringing|collecting|delivering|"
            r"bringing|fitting|"
            r"sending|arriving|returning|attending)\b)"
        ),
        Strength.PROMISE,
        (" is ", " are "),
        who="third",
        needs_due=True,
    ),
    Form(
        pattern(
            r"\b(?P<subject>I|we)\s*(?:[’']ve|\s+have)\s+(?:\w+\s+)?"
            r"(?=(?:asked|arranged|booked|requested|scheduled|instructed|organised|organized)\b)"
        ),
        Strength.PROMISE,
        ("asked", "arranged", "booked", "requested", "scheduled", "instructed", "organi"),
        who="third",
        needs_due=True,
    ),
    Form(
        pattern(
            r"\b(?:one|a|1)\s+(?:quick\s+)?(?:moment|sec|second|minute)\s*(?:please)?[,.]?\s*(?:as|while|and)\s+"
            r"(?P<subject>I|we)\s+(?=\w)"
        ),
        Strength.PROMISE,
        ("moment", "sec", "minute"),
    ),
    Form(
        pattern(r"\bbear\s+with\s+(?:me|us)\s+(?:\w+\s+)?(?:while|as|and)\s+(?P<subject>I|we)\s+(?=\w)"),
        Strength.PROMISE,
        ("bear with",),
    ),
    Form(
        pattern(
            r"(?:^|[,;:!.—–-]\s*|\bplease\s+|\band\s+)(?:just\s+)?let\s+(?P<subject>me)\s+"
            r"(?:just\s+|quickly\s+|go\s+ahead\s+and\s+)?(?=(?:look|check|find\s+out|see\s+what|get\b(?!\s+to)|"
            r"pass|ask|"
            r"speak|chase|investigate|take\s+a|have\s+a\s+(?:\w+\s+)?(?:look|word|chat|dig|check)|sort|"
            r"talk\s+to|confirm|"
            r"review|dig|forward|raise)\b)"
        ),
        Strength.PROMISE,
        ("let me",),
    ),
    Form(
        pattern(r"\b(?:(?P<subject>we|I)\s+can\s+then|then\s+(?P<subject2>we|I)\s+can)\s+(?:also\s+)?(?=\w)"),
        Strength.PROMISE,
        ("can",),
        asked_before=True,
    ),
    Form(
        pattern(r"\b(?:this|that|it)\s+(?=won[’']t\s+(?:ever\s+)?happen)"),
        Strength.PROMISE,
        ("won",),
        who="third",
    ),
    Form(
        pattern(
            r"\b(?P<subject>we|I)\s+(?=won[’']t\s+(?:ever\s+)?(?:let\s+(?:this|that|it|you)|stop|rest|"
            r"give\s+up)\b)"
        ),
        Strength.PROMISE,
        ("won",),
    ),
)
