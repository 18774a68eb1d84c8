"""What is settled, or about to be done: bookings, the present tense with a date, "let me", "more to follow"."""

from __future__ import annotations

from troth.reading.form import CLAUSE, DAY, DO, DOING, ON_A_DAY, Form, pattern
from troth.words.promises import Strength

SETTLED = (
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
            r"replaced|fitted|installed|ready|back|coming|arriving|going\s+(?:out|in|through|back|up|to|on)|shipping|posted|returned|restored|held|kept|reserved|"
            r"mended|swapped|repainted|leaving|departing|" + DOING + r")\s+[^.!?;]{0,40}?\b" + DAY + r")"
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
            r"(?=(?:ships|arrives|leaves|rings|calls|gets\s+to|takes\s+over|visits|collects|picks|fits|reopens|resumes|returns|follows|comes|lands|travels|takes\s+effect|goes)\s+AT)|"
            r"\b(?:work|service|cover|repairs?|\w+(?:er|ist|ian)s?)\s+(?=(?:starts?|begins?)\s+AT)|"
            r"\b(?:(?!(?:prices|fees|fares|rates|classes|has|was|is|as|us)\b)\w+s|they|these|people)\s+(?=(?:ship|arrive|leave|reopen|resume|return|follow|come|"
            r"land|take\s+effect|go)\s+AT))".replace("AT", r"(?:[\w’'-]+\s+){0,5}?" + ON_A_DAY)
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
            "ring",
            "call",
            "get",
            "take",
            "visit",
            "collect",
            "pick",
            "fit",
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
            + DO
            + r"\s+[^.!?]{0,60}?\b"
            + ON_A_DAY
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
            r"(?=(?:" + DOING + r"|(?:meeting|booking|posting|leaving|departing)\b|"
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
            r"(?=(?:asked|arranged|booked|requested|scheduled|instructed|organised|organized|reserved|(?:got\s+|put\s+)?you\s+(?:down|in|booked))\b)"
        ),
        Strength.PROMISE,
        (
            "asked",
            "arranged",
            "booked",
            "requested",
            "scheduled",
            "instructed",
            "organi",
            "reserved",
            "you down",
            "you in",
            "you booked",
        ),
        who="third",
        needs_due=True,
        examples=(
            "I've asked the depot to call you by 4pm today.",
            "We've booked an engineer for Monday.",
            "We have you down for Monday.",
        ),
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
            CLAUSE + r"(?:just\s+)?let\s+(?P<subject>me)\s+(?:just\s+|quickly\s+|go\s+ahead\s+and\s+)?"
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
            CLAUSE + r"(?:just\s+)?let\s+(?P<subject>me)\s+(?:just\s+|quickly\s+|go\s+ahead\s+and\s+)?"
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
            r"invoice|contract)\s+(?:to\s+(?:follow|come)|soon|shortly|asap|(?:coming|following)\s+(?:soon|shortly))\b)"
        ),
        Strength.PROMISE,
        ("to follow", "to come", "soon", "shortly", "asap"),
        who="we",
        examples=("Update to follow shortly.", "More details to follow.", "More news soon."),
        near_misses=("Here are the details to follow up on?", "The steps to follow are below."),
    ),
    Form(
        "your appointment is on Tuesday",
        pattern(
            r"\b(?:your|the|our)\s+(?:\w+\s+){0,2}?(?:appointment|visit|delivery|collection|call-?back|slot|installation|fitting|repair)\s+"
            r"(?=is\s+(?:now\s+)?(?:on|at|for|tomorrow|today|this|next|between)\b)"
        ),
        Strength.PROMISE,
        ("appointment", "visit", "delivery", "collection", "call", "slot", "install", "fitting", "repair"),
        who="third",
        needs_due=True,
        examples=("Your appointment is on Tuesday at 3.", "Your delivery slot is tomorrow between 8 and 12."),
        near_misses=("Your appointment was on Tuesday.", "Your delivery is free."),
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
