"""The forms of promise other than "somebody will": each one entry, with sentences that have it and some that do not.

"Will" is read in `troth.reading.clauses`. Every pattern here is a plain alternation with bounded repetition, so
matching takes time in proportion to the sentence.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from troth.reading import verbs
from troth.words.promises import Strength


def pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE)


class Form(NamedTuple):
    """A form of promise. What is promised begins where the pattern ends."""

    name: str
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
    examples: tuple[str, ...] = ()
    """Sentences with this form, each one promise."""
    near_misses: tuple[str, ...] = ()
    """Sentences that come near it and promise nothing."""


_OURS = (
    r"\b(?P<subject>I|we|they|(?:our|the|my|your)\s+(?:\w+\s+){0,3}?"
    r"(?:team|staff|engineers?|technicians?|colleagues?|manager|driver|fitter|surveyor|people))\b"
)
_BE = (
    r"\s*(?:[’'](?:m|re|s)\s+|\bam\s+|\bare\s+|\bis\s+|\bwill\s+|\bshall\s+|[’']ll\s+)?"
    r"(?:\w+ly\s+|all\s+|always\s+|now\s+|still\s+|also\s+)?"
)
_MUCH = r"(?:(?:more\s+than|very|only\s+too|so|always)\s+)?"
_DAY = (
    r"(?:today|tomorrow|tonight|this\s|next\s|later\s+today|mon|tue|wed|thu|fri|sat|sun|\d|jan|feb|mar|apr|may\s+\d|jun|jul|"
    r"aug|sep|oct|nov|dec|within|the\s+(?:same|following|next|\d))"
)
_LONG = r"(?:days?|weeks?|months?|hours?|hrs|business|working|wks)\b"
_NUMBER = r"(?:\d+|an?|one|two|three|four|five|six|seven|eight|nine|ten|couple|few|several|fourteen|twelve)"
_SPAN = r"(?:\w+\s+|up\s+to\s+|about\s+|around\s+){0,3}" + _NUMBER + r"\b[\s\w–-]{0,20}?\b" + _LONG
_ON_A_DAY = (
    r"(?:today|tonight|tomorrow|this\s+(?:morning|afternoon|evening|week)|next\s+(?:week|month)|later\s+today|"
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day\b(?!s)|(?:on|by)\s+(?:the\s+)?\d|with\s+the\s+\d|the\s+same\s+day|"
    r"(?:jan|febr)uary|march|april|may\s+\d|june|july|august|(?:sept|nov|dec)ember|october)"
)
_DOING = (
    r"(?:"
    + "|".join(
        sorted(
            verbs.ing(verb)
            for verb in (verbs.SERVING | verbs.ARRIVING)
            - verbs.LOOKING
            - verbs.listed("work monitor process run meet book build read test write list post file mail")
        )
    )
    + r"|pushing)\b"
)
_DO = (
    r"(?:"
    + "|".join(
        sorted(
            verbs.SERVING
            - {
                "open",
                "process",
                "reply",
                "respond",
                "answer",
                "work",
                "look",
                "keep",
                "help",
                "include",
                "ensure",
                "go",
                "get",
                "come",
                "do",
                "make",
                "act",
                "consider",
                "see",
                "find",
            }
        )
    )
    + r"|overnight|bring)\b"
)
_CLAUSE = r"(?:^\W*|[,;:!.—–]\s*|\b(?:and|but|so|then|please|kindly)\s+)"

FORMS = (
    # --- our word ----------------------------------------------------------------------------------------------------
    Form(
        "we guarantee",
        pattern(
            r"\b(?P<subject>I|we)\s+(?:can\s+|do\s+|will\s+|\w+ly\s+|hereby\s+){0,2}(?:guarantee|assure|vow)(?:\s+(?:you|that))*\s+(?=\w)"
        ),
        Strength.GUARANTEE,
        ("guarantee", "assure", "vow"),
        examples=("We guarantee delivery by 12 May.", "I guarantee you a window seat on Friday."),
        near_misses=("We cannot guarantee delivery on Friday.", "Satisfaction guaranteed!"),
        needs_due=True,
    ),
    Form(
        "we promise",
        pattern(
            r"\b(?P<subject>I|we)\s+(?:can\s+|do\s+|will\s+|personally\s+|hereby\s+){0,2}(?:promise|swear|commit|undertake|pledge)"
            r"(?:\s+(?:you|to|that|not))+\s+(?=\w)"
        ),
        Strength.PROMISE,
        ("promise", "swear", "commit", "undertake", "pledge"),
        examples=("We promise to put this right.", "We commit to replacing every faulty lock."),
        near_misses=("I can't promise to find it.", "We promised to call on Monday."),
    ),
    Form(
        "we promise a thing",
        pattern(r"\b(?P<subject>I|we)\s+(?:can\s+|do\s+)?promise\s+(?:you\s+)?(?=(?:an?|your|the)\s)"),
        Strength.PROMISE,
        ("promise",),
        needs_due=True,
        examples=("We promise you an answer by Friday.",),
    ),
    Form(
        "you have our word",
        pattern(
            r"\b(?:you\s+have|(?:I|we)\s+(?:can\s+)?give\s+you)\s+(?P<subject>my|our)\s+(?:\w+\s+)?(?:word|promise|assurance|guarantee)(?:\s+that)?\s*"
        ),
        Strength.GUARANTEE,
        ("you have", "give you"),
        examples=("You have my word on it.", "I give you my word on that."),
        near_misses=("You have our number.",),
    ),
    Form(
        "guaranteed to",
        pattern(r"\b(?:is|are)\s+guaranteed\s+(?=to\s+(?:be|arrive|reach|receive|get)\b)"),
        Strength.GUARANTEE,
        ("guaranteed",),
        who="third",
        examples=("Your deposit is guaranteed to be paid out in full.",),
        near_misses=("Your fridge is guaranteed for two years.",),
    ),
    Form(
        "you can count on us",
        pattern(r"\byou\s+can\s+(?:count|rely|depend)\s+on\s+(?P<subject>us|me)\s+to\s+(?=\w)"),
        Strength.GUARANTEE,
        ("count on", "rely on", "depend on"),
        needs_due=True,
        examples=("You can count on us to have it ready by Friday.",),
        near_misses=("You can count on us!",),
    ),
    Form(
        "we are committed",
        pattern(
            r"\b(?P<subject>I|we)\s*(?:[’'](?:m|re|ve)|\s+(?:am|are|have))\s+(?:fully\s+|firmly\s+)?committed\s+to\s+(?=\w)"
        ),
        Strength.PROMISE,
        ("committed",),
        needs_due=True,
        examples=("We're committed to finishing the wall by Friday.",),
        near_misses=("We are committed to good service.",),
    ),
    Form(
        "glad to pay",
        pattern(
            r"\b(?P<subject>I|we)(?:[’'](?:d|ll)|\s+would|\s+will)\s+be\s+" + _MUCH + r"(?:glad|happy|pleased)\s+to\s+"
            r"(?=(?:credit|exchange|pay|refund|reimburse|replace|send|waive)\b)"
        ),
        Strength.PROMISE,
        ("glad to", "happy to", "pleased to"),
        needs_due=True,
        examples=("We'll be glad to refund you by Friday.",),
        near_misses=("We'll be glad to refund you.",),
    ),
    Form(
        "your money back",
        pattern(r"^\W*(?=your\s+money\s+back\b)"),
        Strength.PROMISE,
        ("money back",),
        who="third",
        needs_due=True,
        examples=("Your money back within 30 days.",),
        near_misses=("Your money back?",),
    ),
    # --- aims --------------------------------------------------------------------------------------------------------
    Form(
        "we aim to",
        pattern(
            _OURS + _BE + r"(?:aim|aims|aiming|intend|intends|intending|plan|plans|planning|endeavou?r|endeavou?rs|"
            r"endeavou?ring)\s+(?:on|to)\s+(?=\w)(?!please\b|be\s+(?:the|an?|as)\b|provide|create|offer|make|give\s+(?:the|our))"
        ),
        Strength.AIM,
        ("aim", "intend", "plan", "endeavo"),
        examples=("We aim to answer within a day.", "Our team intends to call you.", "We plan on mending it."),
        near_misses=("We aim to please.", "Do you plan to stay?"),
    ),
    Form(
        "we hope to",
        pattern(
            r"(?:"
            + _OURS
            + r"(?:"
            + _BE
            + r"(?:hope|hopes|hoping|try|tries|trying|strive|strives|striving|working(?:\s+\w+){0,3}|"
            r"would\s+like)|[’']d\s+like)|^\W*(?:hoping|aiming|trying|planning|working|intending))\s+to\s+(?=\w)"
        ),
        Strength.AIM,
        ("hop", "try", "tri", "striv", "working", "like to", "aiming", "planning", "intending"),
        needs_due=True,
        examples=(
            "We hope to have it back by Friday.",
            "We're working hard to restore it by 9pm.",
            "Hoping to have them in by Monday.",
            "I'd like to have this settled by Tuesday.",
        ),
        near_misses=("We hope to see you soon.", "We're working to improve this."),
    ),
    Form(
        "we are targeting",
        pattern(_OURS + _BE + r"(?:targeting|aiming\s+for|shooting\s+for|hoping\s+for|looking\s+at)\s+(?=\w)"),
        Strength.AIM,
        ("targeting", "aiming for", "shooting for", "hoping for", "looking at"),
        needs_due=True,
        examples=("We are targeting a release next month.",),
        near_misses=("We are looking at the fault.",),
    ),
    Form(
        "our aim is",
        pattern(
            r"\b(?:our|the|it\s+is\s+our|it[’']s\s+(?:my|our)|my)\s+(?:\w+\s+)?(?:target|aim|goal|intention|plan|hope)\s+(?:is\s+|remains\s+)?to\s+(?=\w)"
        ),
        Strength.AIM,
        ("target", "aim", "goal", "intention", "plan", "hope"),
        who="we",
        needs_due=True,
        examples=("Our target is to resolve it within 15 days.", "It is our intention to finish by Friday."),
        near_misses=("Our goal is to make you smile.",),
    ),
    # --- expectations ------------------------------------------------------------------------------------------------
    Form(
        "we expect to",
        pattern(
            _OURS + _BE + r"(?:(?:[’']d|would)\s+)?(?:expect|expects|expecting|anticipate|anticipates|"
            r"estimate|estimates)\s+(?=\w)(?!you\b)"
        ),
        Strength.EXPECT,
        ("expect", "anticipate", "estimate"),
        needs_due=True,
        examples=("We expect to have it by Wednesday.", "We anticipate a reply within two days."),
        near_misses=("We expect you to pay by Friday.", "We expect an increase in calls."),
    ),
    Form(
        "expect an update",
        pattern(
            r"(?:^\W*|[,;:!.]\s*|\byou\s+(?:can|should|may)\s+(?:now\s+)?|\bplease\s+|\band\s+|\bto\s+)expect\s+"
            r"(?=(?:to\s+(?:hear|receive|get|see|have)|an?|your|our|the|delivery|it|this|another|someone|us|me|"
            r"news|something)\b)"
        ),
        Strength.EXPECT,
        ("expect",),
        who="we",
        examples=("Expect an update before 5pm.", "You can expect a call from us."),
        near_misses=("What can I expect?", "We didn't expect the delay."),
    ),
    Form(
        "please allow",
        pattern(
            r"(?:^\W*|[,;:!.]\s*|\b(?:please|pls|kindly|do|and|should|to)\s+)(?=allow\s+(?:us\s+|for\s+)?"
            + _SPAN
            + r")"
        ),
        Strength.EXPECT,
        ("allow",),
        who="we",
        needs_due=True,
        examples=("Please allow 3-5 working days.", "Please allow up to two weeks for the cheque to come."),
        near_misses=("Please allow cookies.", "Please allow a minute for it to start."),
    ),
    Form(
        "give us a day",
        pattern(
            r"(?:^\W*|[,;:!.]\s*|\b(?:please|pls|just|if\s+you)\s+)(?=give\s+(?:us|me|the\s+team)\s+(?:until\b|till\b|"
            + _SPAN
            + "))"
        ),
        Strength.EXPECT,
        ("give us", "give me", "give the team"),
        who="we",
        needs_due=True,
        examples=("Please give us until Friday.", "Give me two days."),
        near_misses=("Please give us a call.", "Give us a minute."),
    ),
    Form(
        "it takes days",
        pattern(
            r"\b(?P<subject>(?!(?:I|we|you|to|please|also|only|usually|normally|generally|typically|not|[’']t|refunds|"
            r"deliveries|orders|claims|returns|transfers|repairs|cheques|checks)\b)\w+)\s+(?:(?:usually|normally|typically|generally|now|also|only)\s+)?"
            r"(?=(?:takes?|(?:will|can|may|might|could|should|shall)(?:\s+(?:usually|normally|probably))?\s+take)\s+"
            + _SPAN
            + ")"
        ),
        Strength.EXPECT,
        ("take",),
        who="third",
        needs_due=True,
        examples=(
            "The money takes 3 to 5 working days to reach you.",
            "It can take up to two weeks for the cheque to come.",
            "It will take about five days.",
        ),
        near_misses=(
            "Refunds usually take 5 days.",
            "It may take up to ten minutes to restart.",
            "It took three days.",
            "It will take some time.",
        ),
    ),
    Form(
        "it should arrive",
        pattern(
            r"\b(?P<subject>you)\s+should\s+(?:now\s+|then\s+|also\s+|all\s+|hopefully\s+|certainly\s+)?"
            r"(?=(?:be|receive|get|hear|see|find|have(?!\s+(?:been|\w+ed|told|sent|gone|done|come|said|rung|written)\b))\b)|"
            r"\b(?P<subject2>(?!(?:you|customers|passengers|travell?ers|users|members|guests)\b)\w+)\s+should\s+"
            r"(?:now\s+|then\s+|also\s+|all\s+|hopefully\s+|certainly\s+)?"
            r"(?=\w)(?!(?:the|it|you|your|this|that|there|any\w*)\b)(?!have\s+(?:been|\w+ed(?<!received)(?<!arrived)|told|sent|gone|done|come|said|rung|written)\b)"
        ),
        Strength.EXPECT,
        ("should",),
        needs_due=True,
        or_soon=True,
        examples=(
            "It should be with you by Friday.",
            "You should hear from us soon.",
            "We should have news tomorrow.",
            "The button should work again by tomorrow.",
        ),
        near_misses=(
            "That should do the trick.",
            "It should have been there on Friday.",
            "You should be able to log in.",
        ),
    ),
    Form(
        "it is expected",
        pattern(
            r"(?:\b(?:is|are|be|been|currently)|[’']s|[’']re)\s+(?:(?:currently|now|all|also|still|already|both)\s+)?"
            r"(?=(?:due|expected|estimated|likely|anticipated|projected|on\s+track|on\s+course)\b)"
        ),
        Strength.EXPECT,
        ("due", "expected", "estimated", "likely", "anticipated", "projected", "on track", "on course"),
        who="third",
        needs_due=True,
        examples=("Your refund is expected to reach you by 3 July.", "The part is due in on Thursday."),
        near_misses=("Your payment is due on Friday.", "Delays are expected until Friday."),
    ),
    Form(
        "our best estimate",
        pattern(
            r"\b(?:our|the|my|current)\s+(?:\w+\s+)?(?=(?:estimate|eta|forecast|expectation|best\s+guess)\b[^.!?]{0,60}\s(?:is|for|:))"
        ),
        Strength.EXPECT,
        ("estimate", "eta", "forecast", "expectation", "guess"),
        who="third",
        needs_due=True,
        examples=("Our best estimate for the power is 6pm tomorrow.", "The ETA is Friday."),
        near_misses=("We have no estimate yet.", "The estimate of 3 May was too high."),
    ),
    Form(
        "estimated delivery",
        pattern(
            r"^\W*(?=(?:your\s+|the\s+|new\s+)?(?:estimated|expected|eta|likely)\b[\w\s]{0,30}(?:[:–-]|\bis\b|\bwill\s+be\b)\s)"
        ),
        Strength.EXPECT,
        ("estimated", "expected", "eta", "likely"),
        who="third",
        needs_due=True,
        examples=("Estimated delivery: Friday.", "New ETA is Friday."),
        near_misses=("Estimated cost: 20 pounds.",),
    ),
    Form(
        "next update: tomorrow",
        pattern(
            r"(?:^\W*|[,;:.!—–]\s*)(?=(?:(?:next|scheduled|your|our|the)\s+){0,3}(?:delivery|arrival|update|collection|dispatch|refund|appointment|"
            r"visit|call-?back)(?:\s+(?:date|time|from\s+us|slot|window))?\s*(?::|-|–|will\s+be)\s)"
        ),
        Strength.PROMISE,
        ("deliver", "arrival", "update", "collection", "dispatch", "refund", "appointment", "visit", "call"),
        who="third",
        needs_due=True,
        examples=("Delivery: Thursday.", "Your next update: tomorrow at 10am."),
        near_misses=("Delivery: free.", "Delivery address: 3 May Street."),
    ),
    # --- settled things ----------------------------------------------------------------------------------------------
    Form(
        "it is booked",
        pattern(
            r"(?:\b(?:is|are|be|been|now|currently|and)|[’']s|[’']re)\s+(?:(?:currently|now|all|also|still|already|both)\s+)?"
            r"(?=(?:scheduled|set|planned|booked|confirmed|slated|slotted|arranged|rescheduled|rebooked|earmarked|pencilled\s+in|lined\s+up|in\s+the\s+diary)\b)"
        ),
        Strength.PROMISE,
        (
            "scheduled",
            "set",
            "planned",
            "booked",
            "confirmed",
            "slated",
            "arranged",
            "pencilled",
            "lined up",
            "slotted",
            "earmarked",
            "diary",
        ),
        who="third",
        needs_due=True,
        examples=("The engineer is booked for Monday.", "Your visit has been scheduled for 4 May at 10:30."),
        near_misses=("The fault was confirmed on Monday.", "Is the visit booked for Monday?"),
    ),
    Form(
        "it is sent on Friday",
        pattern(
            r"(?<!\bwe)(?<!\byou)(?:\s(?:is|are)|[’'](?:s|re))\s+(?:(?:then|being|now|also|both|all)\s+)?"
            r"(?=(?:paid|sent|delivered|processed|refunded|dispatched|shipped|issued|credited|answered|collected|repaired|"
            r"replaced|fitted|installed|coming|arriving|going\s+(?:out|in|through|back|up|to|on)|shipping|posted|returned|restored|"
            r"mended|swapped|repainted|leaving|departing|" + _DOING + r")\s+[^.!?;]{0,40}?\b" + _DAY + r")"
        ),
        Strength.PROMISE,
        ("is ", "are ", "'s ", "’s ", "'re ", "’re "),
        who="third",
        needs_due=True,
        examples=(
            "Your refund is paid on Friday.",
            "The parcel is coming tomorrow.",
            "A new one is going out on Monday.",
            "Our builders are pouring the floor and sending photos tomorrow.",
        ),
        near_misses=(
            "Your refund was paid on Friday.",
            "Your parcel is being looked for.",
            "It is made here and was sent on Friday.",
        ),
    ),
    Form(
        "it arrives on Saturday",
        pattern(
            r"(?:\b(?:(?!(?:I|we|you|to|who|that|please|and|or|not|sale|shop|store|offer|office|trial|event|season|show|promotion)\b)[\w’'-]+)\s+"
            r"(?=(?:ships|arrives|leaves|reopens|resumes|returns|follows|comes|lands|travels|takes\s+effect|goes)\s+AT)|"
            r"\b(?:work|service|cover|repairs?|\w+(?:er|ist|ian)s?)\s+(?=(?:starts?|begins?)\s+AT)|"
            r"\b(?:(?!(?:prices|fees|fares|rates|classes|has|was|is|as|us)\b)\w+s|they|these|people)\s+(?=(?:ship|arrive|leave|reopen|resume|return|follow|come|"
            r"land|take\s+effect|go)\s+AT))".replace("AT", r"(?:[\w’'-]+\s+){0,5}?" + _ON_A_DAY)
        ),
        Strength.PROMISE,
        (
            "ship",
            "arrive",
            "leave",
            "open",
            "resume",
            "return",
            "start",
            "begin",
            "follow",
            "come",
            "land",
            "travel",
            "effect",
            "go",
        ),
        who="third",
        needs_due=True,
        examples=(
            "Your parcel arrives on Saturday.",
            "The rest of your order follows next week.",
            "Your blinds ship tomorrow.",
            "Your case goes to the panel on Monday.",
            "The tiler starts on Monday.",
        ),
        near_misses=(
            "Your parcel arrived on Saturday.",
            "The shop opens on Mondays.",
            "The sale starts on Thursday.",
            "Fares go up on Monday.",
            "We're sorry about your travel on Monday.",
        ),
    ),
    Form(
        "we swap it on Monday",
        pattern(
            r"(?:^\W*|[,;:.!)—–]\s*|\band\s+)(?:then\s+|so\s+)?(?P<subject>we|I)\s+(?="
            + _DO
            + r"\s+[^.!?]{0,60}?\b"
            + _ON_A_DAY
            + r")"
        ),
        Strength.PROMISE,
        ("we ", "i "),
        needs_due=True,
        examples=("We swap the compressor on 4 June.", "We bring a spare one to you tonight."),
        near_misses=("We deliver on Mondays.", "When we call on Monday, be there."),
    ),
    Form(
        "tomorrow it comes",
        pattern(
            r"^\W*(?:today|tomorrow|tonight|next\s+\w+|on\s+\w+day|\w+day)[\w\s,]{0,20}?\s(?P<subject>(?:your|the|our|an?|my)\s+(?:\w+\s+){1,3}?)"
            r"(?=(?:ships|arrives|leaves|comes|goes|calls|collects|fits|visits|starts)\b)"
        ),
        Strength.PROMISE,
        ("ships", "arrives", "leaves", "comes", "goes", "calls", "collects", "fits", "visits", "starts"),
        who="third",
        needs_due=True,
        examples=("Tomorrow the fitter comes to change the meter.",),
        near_misses=("On Mondays the bin lorry comes early?",),
    ),
    Form(
        "deliveries continue until",
        pattern(r"\b(?=deliver(?:s|y|ies)?\s+(?:\w+\s+){0,3}(?:until|through\s+to|up\s+to|till)\b)"),
        Strength.EXPECT,
        ("deliver",),
        who="third",
        needs_due=True,
        examples=("Deliveries continue until 8pm.",),
        near_misses=("Delivery is free until further notice.",),
    ),
    Form(
        "we are refunding you",
        pattern(
            r"\b(?P<subject>I|we)\s*(?:[’'](?:m|re)|\s+am|\s+are)\s+(?:(?:now|also|just|both|therefore|of\s+course)\s+)?"
            r"(?=(?:refunding|crediting|reimbursing|compensating|replacing|waiving|sending\s+you|reversing|cancelling)\b)"
        ),
        Strength.PROMISE,
        (
            "refunding",
            "crediting",
            "reimbursing",
            "compensating",
            "replacing",
            "waiving",
            "sending you",
            "reversing",
            "cancelling",
        ),
        examples=("We are refunding the difference to your card.",),
        near_misses=("We were refunding customers.", "Are we refunding you?"),
    ),
    Form(
        "we are sending tomorrow",
        pattern(
            r"\b(?P<subject>I|we|they|he|she|(?:our|the|your|an?|one\s+of\s+our|two\s+of\s+our)\s+(?:\w+\s+){0,2}?"
            r"(?:engineers?|technicians?|drivers?|couriers?|colleagues?|managers?|plumbers?|electricians?|fitters?|teams?|"
            r"surveyors?|people|mechanics?|experts?|builders?))"
            r"\s*(?:[’'](?:m|re|s)|\s+am|\s+are|\s+is)\s+(?:(?:now|also|just|currently|both|already)\s+)?"
            r"(?=(?:" + _DOING + r"|(?:meeting|booking|posting|leaving|departing)\b|"
            r"having\s+(?!an?\b|some\b|trouble|issues|problems|difficult)\w+)"
            r"(?!\s+(?:to|for|on\s+(?:your|this|it)|(?:you\s+)?(?:(?:all\s+)?our\s+|lots\s+of\s+)?(?:best|love|hugs))\b))"
        ),
        Strength.PROMISE,
        ("ing",),
        needs_due=True,
        or_soon=True,
        examples=("We're sending a new one tomorrow.", "Our engineer is coming on Tuesday."),
        near_misses=(
            "We're looking into it today.",
            "We're experiencing delays today.",
            "We were sending it on Friday.",
        ),
    ),
    Form(
        "we have arranged",
        pattern(
            r"\b(?P<subject>I|we)\s*(?:[’']ve|\s+have)\s+(?:\w+\s+)?"
            r"(?=(?:asked|arranged|booked|requested|scheduled|instructed|organised|organized|reserved)\b)"
        ),
        Strength.PROMISE,
        ("asked", "arranged", "booked", "requested", "scheduled", "instructed", "organi", "reserved"),
        who="third",
        needs_due=True,
        examples=("I've asked the depot to call you by 4pm today.", "We've booked an engineer for Monday."),
        near_misses=("I've asked the depot to call you.",),
    ),
    # --- deeds about to be done --------------------------------------------------------------------------------------
    Form(
        "one moment while I look",
        pattern(
            r"\b(?:one|a|1|just\s+a)\s+(?:quick\s+)?(?:moment|sec|second|minute|mo|tick)\s*(?:please)?[,.]?\s*(?:as|while|and)\s+"
            r"(?P<subject>I|we)\s+(?=\w)"
        ),
        Strength.PROMISE,
        ("moment", "sec", "minute", " mo ", "tick"),
        examples=("One moment while I look.",),
        near_misses=("One moment, please.",),
    ),
    Form(
        "bear with me",
        pattern(
            r"\b(?:bear\s+with|hold\s+on\s+for|wait\s+for)\s+(?:me|us)\s+(?:[\w\s]{0,20}\s)?(?:while|as|and)\s+(?P<subject>I|we)\s+(?=\w)"
        ),
        Strength.PROMISE,
        ("bear with", "hold on", "wait for"),
        examples=("Bear with me while I find your invoice.",),
        near_misses=("Please bear with us.",),
    ),
    Form(
        "let me do that",
        pattern(
            _CLAUSE + r"(?:just\s+)?let\s+(?P<subject>me)\s+(?:just\s+|quickly\s+|go\s+ahead\s+and\s+)?"
            r"(?=(?:get\b(?!\s+to)|pass|chase|sort|forward|raise|report|refund|send|credit|fix|refer|escalate|arrange|book|call|ring|"
            r"order|replace)\b|[^.!?]{3,60}\band\s+(?:get|come|be|let|call|ring|report|update|write|send)\b)"
        ),
        Strength.PROMISE,
        ("let me",),
        examples=("Let me pass that to the depot.", "Let me check with the depot and come back to you."),
        near_misses=(
            "Let me know.",
            "Let me know if you need it checked.",
            "Please let me have your number.",
            "Let me check that.",
        ),
    ),
    Form(
        "let me look once you have told me",
        pattern(
            _CLAUSE + r"(?:just\s+)?let\s+(?P<subject>me)\s+(?:just\s+|quickly\s+|go\s+ahead\s+and\s+)?"
            r"(?=(?:look|check|find\s+out|see\s+what|ask|speak|investigate|take\s+a|have\s+a\s+(?:\w+\s+)?(?:look|word|chat|dig|check)|"
            r"talk\s+to|confirm|review|dig)\b)"
        ),
        Strength.PROMISE,
        ("let me",),
        asked_before=True,
        examples=("Please tell us your postcode and let me look.",),
        near_misses=("Let me look into that.",),
    ),
    Form(
        "then we can",
        pattern(r"\b(?:(?P<subject>we|I)\s+can\s+then|then\s+(?P<subject2>we|I)\s+can)\s+(?:also\s+)?(?=\w)"),
        Strength.PROMISE,
        ("can",),
        asked_before=True,
        examples=("Please tell us your postcode; we can then check.",),
        near_misses=("We can then check.",),
    ),
    Form(
        "more to follow",
        pattern(
            r"(?:^\W*|[,;:!.—–]\s*)(?=(?:\w+\s+){0,3}?(?:updates?|details|news|information|info|confirmation|letter|e?-?mail|refund|"
            r"invoice|contract)\s+to\s+follow\b)"
        ),
        Strength.PROMISE,
        ("to follow",),
        who="we",
        examples=("Update to follow shortly.", "More details to follow."),
        near_misses=("Here are the details to follow up on?", "The steps to follow are below."),
    ),
    Form(
        "back to you by 4",
        pattern(
            r"(?:^\W*|[,;:!.—–]\s*)(?:(?:I|we)[’'](?:m|re)\s+)?(?=(?:(?:back|speak|talk|reply|over)\s+(?:to|with)|with)\s+you\b[^.!?]{0,20}"
            r"(?:by|at|on|tomorrow|today|this|next|within|before|in|\w+day)\b)"
        ),
        Strength.PROMISE,
        ("to you", "with you"),
        who="we",
        needs_due=True,
        examples=("Back to you by 4pm.", "Speak to you at 2pm tomorrow, then.", "With you by 4pm."),
        near_misses=("Back to you!", "Speak to you soon."),
    ),
    Form(
        "refund within 48 hours",
        pattern(
            r"^\W*(?:(?:your|our|the|a|full|final|written|next|new|first)\s+){0,3}(?=(?:refund|reimbursement|order|parcel|payment|delivery|"
            r"replacement|repair|credit|decision|answer|reply|response|update|fix|results?|report|call(?:-?back)?|visit|collection|quote)"
            r"s?\s*[:–-]?\s+(?:(?:processed|sent|paid|dispatched|delivered|shipped|issued|completed)\s+)?"
            r"(?:by|within|before|tomorrow|today|(?:on|at)\s+(?:\w+day|\d+(?::\d+|[ap]m)?))\b(?![^.!?]*\b(?:was|were|had|did|has|have|is|are|if|when)\b))"
        ),
        Strength.PROMISE,
        ("by", "within", "before", "tomorrow", "today", "on ", "at "),
        who="third",
        needs_due=True,
        examples=("Refund processed within 48 hours.", "Decision by 31 October."),
        near_misses=("Refund paid yesterday.", "Your call on Monday was lost.", "Delivery by van."),
    ),
)

LET_ME_LOOK = next(form for form in FORMS if form.name == "let me look once you have told me")
