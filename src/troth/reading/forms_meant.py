"""What we say of our own will: our word, our aims, and what we expect."""

from __future__ import annotations

from troth.reading.form import BE, MUCH, OURS, SPAN, Form, pattern
from troth.words.promises import Strength

MEANT = (
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
            r"\b(?P<subject>I|we)(?:[’'](?:d|ll)|\s+would|\s+will)\s+be\s+" + MUCH + r"(?:glad|happy|pleased)\s+to\s+"
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
            OURS + BE + r"(?:aim|aims|aiming|intend|intends|intending|plan|plans|planning|endeavou?r|endeavou?rs|"
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
            + OURS
            + r"(?:"
            + BE
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
        pattern(OURS + BE + r"(?:targeting|aiming\s+for|shooting\s+for|hoping\s+for|looking\s+at)\s+(?=\w)"),
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
            OURS + BE + r"(?:(?:[’']d|would)\s+)?(?:expect|expects|expecting|anticipate|anticipates|"
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
            r"(?:^\W*|[,;:!.]\s*|\b(?:please|pls|kindly|do|and|should|to)\s+)(?=allow\s+(?:us\s+|for\s+)?" + SPAN + r")"
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
            r"(?:^\W*|[,;:!.]\s*|\b(?:please|pls|just|kindly|if\s+you)\s+)(?=give\s+(?:us|me|the\s+team)\s+(?:until\b|till\b|"
            + SPAN
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
            + SPAN
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
)
