"""The words by which a reply takes responsibility, repairs, explains; and those it had better not use. English only.

What ought to be there is looked for generously: a sentence overlooked becomes advice the writer did not need, and advice that is
wrong is switched off. What had better not be there is looked for narrowly, for the same reason. How well this goes is measured
on `corpus/reply-checks-en`.
"""

from __future__ import annotations

import re

APOSTROPHE = "[’']"


def words(*some: str) -> re.Pattern[str]:
    return re.compile(r"\b(?:" + "|".join(some).replace("'", APOSTROPHE) + r")\b", re.IGNORECASE)


_HAVE = r"(?:\s+have|'ve|\s+had|'d)?"
_VERY = r"(?:\s+(?:really|truly|clearly|also|simply|just|both|all|very\s+much|badly|certainly))?"

RESPONSIBILITY = words(
    r"(?<!not\s)(?<!n't\s)(?:my|our)\s+(?:own\s+)?(?:fault|mistake|error|oversight|doing|responsibility|failure|failing|slip|blunder|mix-?up)",
    rf"(?:we|i){_HAVE}{_VERY}\s+(?:made|make)\s+(?:a|an|this|that|the|another|two|some)\s+(?:\w+\s+){{0,3}}(?:mistake|error|mess)s?",
    rf"(?:we|i){_HAVE}{_VERY}\s+(?:got|get)\s+(?:this|that|it|your\s+\w+|things)\s+(?:so\s+|very\s+|all\s+|badly\s+)?wrong",
    rf"(?:we|i){_HAVE}{_VERY}\s+let\s+you(?:\s+all)?\s+down",
    rf"(?:we|i){_HAVE}{_VERY}\s+(?:failed|forgot|forgotten|overlooked|mislaid|mixed\s+up|messed\s+up|slipped\s+up|neglected|went\s+on|fell\s+short|fallen\s+short|dropped\s+the\s+ball)",
    rf"(?:we|i){_HAVE}{_VERY}\s+(?:did\s+not|didn't|have\s+not|haven't|never)\s+(?:keep|kept|answer|answered|reply|replied|send|sent|"
    r"deliver|delivered|tell|told|ring|rang|call|called|come|came|get|got|give|gave|act|check|checked|meet|met|handle|treat|turn)",
    rf"(?:we|i){_HAVE}{_VERY}\s+(?:lost|broke|sent\s+(?:you\s+)?the\s+wrong|charged\s+(?:you\s+)?(?:twice|too\s+much|wrongly)|"
    r"overcharged|missed\s+(?:it|this|that|your|the|our))",
    r"(?:we|i|(?:that|this|it|you|somebody|someone|one\s+of\s+us|he|she|they)(?:\s+\w+){0,3})\s+(?:really\s+|clearly\s+|certainly\s+)?"
    r"(?:should|ought\s+to)(?:n't|\s+not|\s+never)\s+have",
    r"(?:we|i|somebody|someone|one\s+of\s+us)\s+(?:really\s+|clearly\s+|certainly\s+)?(?:should|ought\s+to)\s+have",
    r"you\s+(?:should|ought\s+to)\s+have\s+(?:been|heard|had|received|got)",
    r"(?:take|takes|took|taking|accept|accepts|bear)\s+(?:the\s+|all\s+|full\s+|complete\s+)*(?:responsibility|blame)",
    r"(?:that|this|it)(?:\s+is|'s|\s+was)\s+(?:\w+\s+)?(?:on|down\s+to)\s+(?:us|me)",
    r"(?:mistake|error|fault|delay|problem|failure|mix-?up|slip)\s+(?:was\s+)?(?:on|at|from)\s+(?:our|my)\s+(?:side|end|part)",
    r"fault\s+(?:lies|lay|is|was)\s+(?:with\s+(?:us|me)|ours|mine)|(?:we|i)\s+(?:\w+\s+){1,3}(?:badly|wrongly|too\s+late)",
    r"(?:not|isn't|wasn't|nowhere\s+near)\s+(?:\w+\s+)?(?:good\s+enough|acceptable|the\s+(?:service|standard|care|experience)|"
    r"what\s+you\s+(?:should|ought|paid|were\s+promised|can\s+expect)|how\s+(?:we|it|this|you)|up\s+to)",
    r"(?:below|short\s+of)\s+(?:the|our|what)\s+\w+",
    r"(?:slip|mistake|error|fault|bug|failure|oversight|blunder|doing)\s+of\s+(?:ours|mine)|(?:we|i)\s+owed?\s+you",
    r"(?:sorry|apologi[sz]e|apologies)\s+(?:that|because)\s+(?:we|i)",
    r"(?:sorry|apologi[sz]e|apologies)\s+(?:sincerely\s+)?for\s+(?:my|our|having|not|keeping|letting|failing|missing|sending|losing|making|charging|overlooking)",
)

REPAIR = words(
    r"refund(?:ed|ing|s)?",
    r"reimburs\w+",
    r"(?:pay|paid|paying|send|sent|transfer\w*|give|giving|gave)\s+(?:\w+\s+){0,4}back",
    r"money\s+back|(?:went|gone|goes|is|are|going)\s+(?:\w+\s+)?back\s+to\s+you|return(?:ed|ing)?\s+(?:the|your|it|them)",
    r"credit(?:ed|ing)?",
    r"(?:replac\w+|re-?sen[dt]|re-?ship\w*|re-?deliver\w*|re-?issu\w+|re-?book\w*|re-?instat\w+|restor\w+|revers\w+)",
    r"(?:a|another|the|your)\s+(?:new|fresh|second|corrected|right|correct)\s+(?:one|\w+)",
    r"(?:repair|fix|mend|solv|resolv|rectif|remed|correct)(?:ed|ing|ied|y|s|e|es)?(?!\w)",
    r"(?:put|set|make|made|making|putting)\s+(?:\w+\s+){1,3}(?:right|good|straight)",
    r"make\s+(?:it|this)\s+up\s+to\s+you",
    r"sort(?:ed|ing)?\s+(?:\w+\s+){0,3}out|get\s+(?:this|that|it)\s+sorted|sorted\s+(?:this|that|it)",
    r"compensat\w+|goodwill|voucher|discount",
    r"waiv(?:e|ed|ing)|free\s+of\s+charge|at\s+no\s+(?:extra\s+)?c(?:harge|ost)|(?:take|taken|took)\s+(?:the\s+|that\s+|it\s+)?(?:\w+\s+){0,2}off",
    r"(?:cancel|remov|delet)(?:led|ed|ling|ing|e)?\s+(?:the|that|this|it|your)",
    r"(?:have|has|'ve|having)\s+(?:now\s+|just\s+|already\s+|today\s+)?(?:arranged|booked|asked|ordered|sent|passed|told|changed|reset|updated|unlocked|spoken|moved)",
    r"(?:collect|pick)\s+(?:it|them|the\s+\w+|this)(?:\s+up)?",
    r"(?:engineer|technician|fitter|driver|courier|joiner|plumber|electrician)\s+(?:will|comes|is\s+coming|can)",
    r"instead|alternative(?:ly)?",
)
#: Staying in touch is not repair.
ONLY_TOUCH = words(
    r"(?:get|be|come)\s+(?:back\s+)?(?:in\s+touch|back\s+to\s+you)|let\s+you\s+know|keep\s+you|(?:ring|call|phone|write|reply|answer|contact|update|mail|email|message|reach\s+out|check|investigate|find\s+out|be\s+with\s+you)"
    r"|hear\s+(?:back\s+)?from|look\s+into|pass\s+(?:this|it|that|your)|touch|tell\s+you"
)
#: What is said not to be done is no repair.
REFUSED = words(
    r"(?:cannot|can't|can\s+not|could\s+not|couldn't|will\s+not|won't|does\s+not|doesn't|unable\s+to|not\s+able\s+to|not\s+possible|do\s+not|don't|no|not\s+eligible|not\s+entitled)"
)

REASON = words(
    r"because|due\s+to|caused\s+by|owing\s+to|thanks\s+to\s+a|as\s+a\s+result|result(?:ed|ing)?\s+(?:of|from|in)|led\s+to",
    r"the\s+(?:reason|cause)|reasons?\s+(?:for|why|is|was)|root\s+cause|that(?:'s|\s+is|\s+was)\s+why|which\s+is\s+why|this\s+is\s+why",
    r"it\s+(?:turns|turned)\s+out|what\s+(?:had\s+|has\s+)?(?:happened|went\s+wrong)|(?:this|that|it)\s+(?:has\s+|had\s+)?happen(?:ed|s)\s+(?:when|as|after|since)",
    r"(?:had|has|was|were|got|is|are)\s+(?:\w+\s+)?(?:stuck|held\s+up|delayed|damaged|broken|broke\s+down|mislabel\w+|misrouted|out\s+of\s+stock|ill|short\s+of|short-staffed|understaffed)",
    r"(?:broke\s+down|ran\s+out|fell\s+ill|went\s+(?:to|out\s+to)\s+the\s+wrong|sent\s+to\s+the\s+wrong|was\s+never\s+(?:passed|sent|booked|entered|put))",
    r"(?:outage|backlog|strike|shortage|fault\s+in|bug|system\s+(?:error|failure|fault)|mix-?up)",
    # Something or somebody did something: in an answer to a complaint that is told as the reason.
    r"(?:the|our|your|an?|it|that|one|two|somebody|someone|nobody|no\s+one)\s+(?:\w+\s+){0,3}(?:sent|broke|put|sat|lay|fell|ran|lost|cut|took|left|"
    r"failed|stopped|timed|crashed|jammed|slipped|closed|mixed|typed|booked|printed|loaded|skipped|entered|missed|forgot|passed|confirmed|read|"
    r"had\s+(?:a|an|no|the|been)|chokes)",
    r"since\s+(?:the|our|we|it|your|a)|so\s+(?:the|it|your)\s+(?:\w+\s+){1,3}(?:was|did|could|never)",
)

NEVER_AGAIN = words(
    r"(?:will\s+not|won't|never|not|doesn't|cannot|can't|no\s+longer)\s+(?:be\s+)?(?:happen|occur|recur|repeat)\w*|not\s+be\s+repeated|(?:happen|occur)\w*\s+again",
    r"(?:no\s+one|nobody|no\s+customer|none|never|cannot|can't|won't|not)\b[^.!?]{0,60}\b(?:again|any\s*more|anyone\s+else|anybody\s+else|next\s+time)",
    r"(?:prevent|avoid)\w*\s+(?:this|that|it|such|a\s+repeat|the\s+same|anything|similar)|(?:stop|keep)\w*\s+(?:this|it|that)\s+(?:from\s+)?(?:happening|recurring)",
    r"from\s+now\s+on|in\s+(?:the\s+)?future|going\s+forward|next\s+time",
    r"(?:we|i)(?:\s+have|'ve|\s+are|'re)?\s+(?:now\s+|since\s+|also\s+|already\s+)?(?:chang(?:ed|ing)|train(?:ed|ing)|introduc(?:ed|ing)|tighten(?:ed|ing)|review(?:ed|ing)\s+(?:how|our|the)|add(?:ed|ing)\s+(?:a|an)\s+(?:check|step|second))",
    r"learn(?:ed|t|ing)?\s+from|(?:make|made|making)\s+sure\s+(?:that\s+)?(?:this|it|that|nobody|no\s+one|every)",
)

FORGIVENESS = words(
    r"forgive(?:\s+(?:us|me|our|my))|(?:your|for)\s+forgiveness|(?:can|will|could|would|may)\s+you\s+(?:ever\s+)?forgive|you\s+(?:can|will|could|might)\s+forgive"
)

BLAME = words(
    r"you\s+(?:really\s+)?(?:should|ought\s+to)\s+have\s+(?:\w+ly\s+)?(?:read|checked|told|contacted|called|rung|known|noticed|asked|followed|waited|kept|reported|used|thought|provided|given|let\s+us|looked|backed|chosen|entered|realised|realized|said|informed|mentioned|returned|cancelled|complained|raised|come\s+to)",
    r"had\s+you\s+(?:only\s+|actually\s+|simply\s+|just\s+)?(?:read|checked|told|contacted|called|asked|followed|waited|reported|let\s+us|looked|given|provided)",
    r"if\s+you\s+had\s+(?:only\s+|actually\s+|simply\s+|just\s+)?(?:read|checked|told|contacted|called|asked|followed|waited|reported|let\s+us|looked|given|provided|bothered)",
    r"you\s+(?:\w+ly\s+)?(?:failed|neglected|omitted|forgot)\s+to",
    r"you\s+(?:have\s+)?(?:clearly\s+|obviously\s+|simply\s+|probably\s+)?(?:misunderst(?:ood|and)|misread|misused|mishandled|ignored)",
    r"you\s+(?:clearly\s+|obviously\s+|simply\s+|evidently\s+)?(?:did\s+not|didn't)\s+(?:bother|read|follow|check|listen|pay\s+attention|tell\s+us)",
    r"(?<!not\s)(?<!n't\s)(?<!never\s)(?<!nothing\s)(?:entirely\s+|purely\s+|in\s+fact\s+|actually\s+|a\s+)?(?:your|customer|user)(?:\s+own)?\s+(?:fault|negligence|misuse|carelessness|misunderstanding)",
    r"your\s+own\s+(?:mistake|error|doing|decision|choice)",
    r"as\s+(?:we|i)(?:\s+have|'ve)?\s+(?:already|clearly|repeatedly|previously)\s+(?:told|said|explained|stated|mentioned|informed|pointed)",
    r"as\s+(?:already|clearly|repeatedly|previously)\s+(?:told|said|explained|stated|mentioned|pointed\s+out)",
    r"(?:as|like)\s+i\s+(?:already\s+)?said\s+before|as\s+per\s+my\s+(?:last|previous|earlier)",
    r"you(?:'re|\s+are)\s+(?:simply\s+|just\s+|clearly\s+)?(?:wrong|mistaken|overreacting|being\s+(?:unreasonable|difficult|rude))",
    r"you\s+(?:claim|allege)(?:\s+(?:that|to|it|you|we))",
)

VAGUE_TIME = words(
    r"as\s+(?:soon|quickly|fast|early)\s+as\s+(?:possible|we\s+(?:possibly\s+)?can|i\s+(?:possibly\s+)?can)|asap",
    r"in\s+due\s+course|at\s+(?:the|our|my)\s+earliest(?:\s+(?:convenience|opportunity))?|in\s+a\s+timely\s+manner|in\s+the\s+near\s+future|when\s+(?:we|i)\s+get\s+(?:a\s+chance|round\s+to)",
)
#: Then it is the customer who is asked to be quick.
ASKED_OF_THEM = words(
    r"please|kindly|pls|plz|(?:can|could|would|will)\s+you|you\s+(?:can|could|should|may|need|must|might)|(?:dm|pm|message|contact|call|email|reply)\s+(?:us|me)|let\s+(?:us|me)\s+know|send\s+(?:us|me)|your\s+reply|hear\s+from\s+you"
)

EMPTY_APOLOGY = words(
    r"(?:sorry|apologi[sz]e|apologies|regret)\s+(?:\w+\s+){0,3}any\s+(?:possible\s+)?(?:inconvenience|trouble|upset|distress|disappointment|frustration)s?",
    r"(?:sorry|apologi[sz]e|apologies|regret)\s+(?:\w+\s+){0,3}(?:the|this)\s+inconveniences?",
    r"(?:sorry|apologi[sz]e|apologies)\s+(?:that\s+|if\s+)?you\s+(?:feel|felt)",
    r"(?:sorry|apologi[sz]e|apologies)\s+(?:for|about)\s+(?:how|the\s+way)\s+you\s+(?:feel|felt)",
    r"(?:sorry|apologi[sz]e|apologies)\s+if\s+(?:you|we|this|that|there|it|any|i|our|your|the)",
)

PASSIVE = words(
    r"mistakes\s+(?:were|have\s+been)\s+made",
    r"(?:a|an|some\s+kind\s+of\s+a?)\s+(?:error|mistake|oversight|mix-?up)\s+(?:has\s+)?(?:occurred|happened|was\s+made|has\s+been\s+made|took\s+place)",
    r"your\s+(?:\w+\s+){1,2}(?:was|were|has\s+been|have\s+been|got)\s+(?:accidentally\s+|unfortunately\s+|inadvertently\s+|somehow\s+)?(?:overlooked|missed|mishandled|forgotten|lost|misplaced|mislaid|misrouted|not\s+(?:processed|dealt|handled|passed))",
)

POLICY = words(
    r"(?:our|the|company|store|shop|standard|return|returns|refund|cancellation)\s+(?:\w+\s+){0,2}(?:policy|policies|procedures?|rules|terms(?:\s+and\s+conditions|\s+of\s+\w+)?|t&cs)",
)
REFUSING = words(
    r"unfortunately|regret(?:tably)?|afraid|cannot|can't|can\s+not|unable|not\s+able|not\s+possible|won't|will\s+not|don't|do\s+not|does\s+not|doesn't|not\s+(?:allow|permit|entitle|eligible)\w*|no\s+(?:refund|exception|return)s?"
)

#: Done already, so that no date is owed.
DONE = words(
    r"(?:we|i)(?:\s+have|'ve)\s+(?:now\s+|just\s+|already\s+|today\s+|also\s+|since\s+|immediately\s+)*\w+(?:ed|nt|id|ought|ne|en|et|ut)",
    r"(?:has|have)\s+(?:now\s+|just\s+|already\s+)?been\s+\w+(?:ed|nt|id|ought|ne|en)",
    r"(?:we|i)\s+(?:just\s+|already\s+)?(?:refunded|sent|credited|replaced|cancelled|canceled|fixed|repaired|corrected|removed|booked|arranged|paid|changed|reset|updated)",
    r"(?:is|are)\s+(?:on\s+(?:its|their|the)\s+way|now\s+(?:fixed|repaired|correct|working|resolved|back))",
)

#: What is asked of the customer before we can go on.
ASKING_BACK = words(
    r"(?:please|kindly|pls|plz|can\s+you|could\s+you|would\s+you(?:\s+mind)?|will\s+you|if\s+you\s+could|need\s+you\s+to|you\s+can|you\s+could)\s+(?:also\s+|just\s+|please\s+|kindly\s+|then\s+)*"
    r"(?:dm|pm|send|sending|share|provide|tell|reply|contact|call|ring|reach|connect|message|email|mail|give|visit|fill|follow|confirm|check|try|let\s+(?:us|me)\s+know(?!\s+if)|answer|use|click|describe|attach|direct)",
    r"(?:dm|pm|message|email|contact|call|join)\s+(?:us|me)(?!\s+if)|send\s+(?:us|me)|(?:connect|reach|in\s+touch|chat)\s+(?:\w+\s+){0,3}(?:with\s+us|here|at|via)|we(?:'d|\s+would)?\s+need\s+(?:your|to\s+know|more|a|the)|follow\s+(?:us|the\s+link)",
)

YES_OR_NO = words(
    r"yes|no|yep|nope|of\s+course|certainly|absolutely|correct|indeed|sure|not|\w+n't|you\s+(?:can|will|may)|there\s+(?:is|are)|that's|it's|available|we\s+(?:do|are|have|can|will)"
)
MONEY = re.compile(
    r"[£$€₹]|\b\d+(?:[.,]\d+)?\s?(?:pounds?|dollars?|euros?|rupees?|pence|p\b|eur|gbp|usd)|\bfree\b", re.IGNORECASE
)
