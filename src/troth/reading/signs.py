"""Words that point somewhere: each sign is a pattern with a name, and a scorer learns how much each of them says.

A sign is evidence a person would accept and point to. None decides alone: "late" in "How late are you open?" is the sign
of a delay that the rest of the sentence outweighs. Every pattern is linear on any input: no repetition within another.
"""

from __future__ import annotations

import re
from itertools import islice

from troth.reading.found import Span
from troth.words.causes import Cause


def _sign(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


OF_CAUSES: dict[Cause, re.Pattern[str]] = {
    Cause.SAFETY_OR_BREACH: _sign(
        r"\b(?:unsafe|dangerous|injur\w+|hospital|a&e|burn(?:t|ed|s|ing)|blister\w*|caught\s+(?:fire|light|alight)|"
        r"on\s+fire|smoke|smoking|melted|explod\w+|sparks?|electric\s+shock|electrocut\w+|bare\s+wires?|"
        r"exposed\s+wir\w+|"
        r"gas\s+leak|smell\s+of\s+gas|carbon\s+monoxide|food\s+poisoning|allerg\w+|epipen|chok(?:ed|ing)|hazard|"
        r"slipped|mice|rats?|brakes?\s+failed|data\s+(?:breach|leak)|(?:got|been|was|were|account)\s+hacked|"
        r"hack(?:ed|er|ers|ing)|"
        r"compromised|my\s+(?:personal\s+)?data|privacy|identity\s+theft|fraud\w*|phishing|scammers?|unauthori[sz]ed|"
        r"without\s+my\s+(?:permission|consent)|(?:someone|somebody|another\s+customer|another\s+patient|"
        r"a\s+stranger)"
        r"(?:[’']s|\s+else[’']?s)\s+\w+|(?:glass|metal|plastic|a\s+screw)\s+in\s+(?:my|the)|"
        r"someone\s+(?:has\s+)?(?:got|logged|"
        r"keeps?\s+\w+ing)\s+(?:in|into))\b"
    ),
    Cause.HIDDEN_FEE: _sign(
        r"\b(?:(?:hidden|extra|unexpected|surprise|additional|undisclosed|unexplained|admin|booking|handling|"
        r"cleaning|"
        r"service|late|exit|convenience)\s+(?:\w+\s+)?(?:fees?|charges?|costs?)|over-?\s?charg\w+|charg(?:ed|"
        r"ing|es)\b|"
        r"billed|bill(?:ing)?\s+(?:error|shock)|double\s+(?:payment|charge\w*|billed)|taken\s+(?:from|off|"
        r"out\s+of)\s+my|"
        r"took\s+(?:a\s+|my\s+|out\s+)?(?:payment|money|\W?\d+)|money\s+(?:has\s+)?(?:gone|left|taken)|"
        r"never\s+told\s+(?:\w+\s+){0,3}(?:fee|charge)|"
        r"more\s+than\s+(?:the\s+)?(?:price|quote[d]?|advertised|agreed)|fees?|surcharges?|auto-?\s?renew\w*|"
        r"ripp?(?:ed|ing)?\s*-?\s*off|direct\s+debit|price\s+(?:has\s+)?(?:changed|gone\s+up|hike|increase)|"
        r"overpriced)\b"
    ),
    Cause.NEVER_DELIVERED: _sign(
        r"\b(?:(?:never|not|n[’']t|nt)\s+(?:been\s+|yet\s+|even\s+|actually\s+)?(?:arriv\w+|receiv\w+|deliver\w+|"
        r"turn(?:ed)?\s+up|show(?:ed|n)?\s+up|came|come|got|get|appear\w*|reach\w*|credited)|"
        r"yet\s+to\s+(?:receive|arrive|get)|"
        r"(?:says?|marked|shows?)\s+(?:as\s+|it\s+was\s+|it[’']s\s+)?(?:been\s+)?delivered|missing|disappeared|"
        r"vanished|"
        r"lost\s+(?:in\s+the\s+post|parcel|package|my\s+(?:order|parcel|bag|luggage|case|suitcase))|"
        r"lost\s+(?:bag|luggage|baggage)|"
        r"(?:parcel|package|order|item|luggage|bag|suitcase)\s+(?:is|was|has\s+been|got)\s+(?:lost|missing|stolen)|"
        r"where(?:[’']s|\s+is|\s+are)\s+my|no\s+sign\s+of|no\s+(?:refund|delivery|parcel|order|confirmation|"
        r"tickets?)|"
        r"no\s+one\s+(?:came|showed)|nobody\s+(?:came|showed)|no[\s-]?show)\b"
    ),
    Cause.LATE: _sign(
        r"\b(?:late|delay(?:ed|s|ing)?|overdue|still\s+waiting|been\s+waiting|waited|waiting|(?:days|weeks|"
        r"months|hours)\s+"
        r"(?:ago|late|now|later)|behind\s+schedule|slow(?:ly)?|missed\s+(?:the|my|its|his|our)\s+(?:date|"
        r"delivery|slot|connection|"
        r"flight|window)|supposed\s+to\s+(?:be\s+(?:here|delivered)|arrive|come|land|leave)|promised|(?:was|"
        r"were)\s+meant\s+to|"
        r"was\s+due|should\s+have\s+(?:arrived|been|come)|taking\s+(?:so|too|forever|ages)|"
        r"how\s+(?:much\s+)?long(?:er)?|"
        r"cancell?ed|postponed|pushed\s+back|rescheduled|queue[ds]?|stuck|stranded|tarmac|sitting\s+(?:on|here|at))\b"
    ),
    Cause.NO_ACKNOWLEDGEMENT: _sign(
        r"\b(?:(?:no|without|zero|n[’']t\s+(?:had|got|received|even)\s+(?:an?|any))\s+(?:\w+\s+)?(?:reply|replies|"
        r"response|answer|acknowledg\w+|call\s*back|word|updates?|contact|explanation|apology|communication|info\w*)|"
        r"no\s?(?:-\s?)?(?:one|body)\s+(?:\w+\s+)?(?:repl\w+|answer\w*|call\w*|rings?|rang|responds?|responded|"
        r"gets?\s+back|got\s+back|"
        r"came\s+back|told|tells|contacted|picks?\s+up)|ignor(?:ed|es|ing)|never\s+(?:heard|replied|answered|"
        r"called|rang|responded|"
        r"got\s+back|hear)|(?:n[’']t|not|yet\s+to)\s+(?:\w+\s+)?hear(?:d)?|radio\s+silence|"
        r"can[’']?t\s+(?:get\s+(?:through|hold)|"
        r"reach|contact|speak)|on\s+hold|hold\s+for|(?:emailed|called|rang|messaged|written|phoned|tweeted)"
        r"\s+(?:you\s+)?(?:twice|"
        r"\w+\s+times)|(?:please|pls|plz)\s+(?:reply|respond|answer)|anyone\s+there|unanswered|(?:hangs?|hung|"
        r"cut)\s+(?:me\s+)?(?:up|off)|"
        r"(?:n[’']t|not)\s+(?:responding|replying|answering|replied|answered|responded|respond|reply|answer))\b"
    ),
    Cause.NOT_AS_DESCRIBED: _sign(
        r"\b(?:not\s+(?:as|what|like|the\s+\w+)\s+(?:\w+\s+)?(?:described|advertised|ordered|shown|pictured|"
        r"expected|i\s+ordered|in\s+the)|wrong|mislead(?:ing)?|misled|false\s+advert\w+|nothing\s+like|"
        r"different\s+(?:from|to|than|model|colou?r|size)|sent\s+(?:me\s+)?(?:the\s+wrong|a\s+different|"
        r"somebody|someone)|fake|"
        r"counterfeit|advert(?:ised?)?|described|description|substitut\w+|instead\s+of|sold\s+(?:as|me)|swapped|"
        r"turn(?:ed|s)\s+out|supposed\s+to\s+be|promised\s+(?:me\s+)?an?)\b"
    ),
    Cause.POOR_QUALITY: _sign(
        r"\b(?:broken?|breaks|faulty|defective|damaged|quality|cheap(?:ly)?|fell\s+(?:apart|off)|"
        r"came\s+(?:apart|off)|cracked|"
        r"leak(?:s|ed|ing)|stopped\s+working|(?:does|do|did|is|are|was)(?:n[’']?t|\s+not)\s+(?:even\s+)?work\w*|"
        r"not\s+working|"
        r"no\s+longer\s+works|won[’']?t\s+\w+|crash(?:es|ed|ing)?|bugs?|buggy|bugged|glitch\w*|freez(?:es|ing)|"
        r"froze|lag(?:s|gy|ging)?|"
        r"torn|ripped|scratch\w*|mould|mouldy|moldy|stale|rotten|cold\s+food|(?:stone|freezing)\s+cold|dead|"
        r"disgusting|dirty|filthy|"
        r"rubbish|flimsy|keeps?\s+\w+ing|down|error|fault|outage|offline|drops?|dropped|can[’']?t\s+(?:log|"
        r"access|use|connect|sign|"
        r"open|load|play|download|update|watch|see)|unable\s+to|fail(?:s|ed|ing|ure)?|out\s+of\s+order|"
        r"power\s+cut|no\s+(?:power|"
        r"internet|signal|water|heating|electricity|hot\s+water|wi-?fi|service|connection))\b"
    ),
    Cause.TREATED_POORLY: _sign(
        r"\b(?:rude(?:ly|ness)?|impolite|disrespect\w*|dismissive|condescending|attitude|hung\s+up|shout(?:ed|ing)|"
        r"yell(?:ed|ing)|swor(?:e|n)|lied|lying|liars?|unprofessional|unhelpful|discriminat\w+|racis[tm]|"
        r"humiliat\w+|bull(?:ied|y)|"
        r"patroni[sz]ing|treat(?:ed|s|ing|ment)?|laughed|(?:did|do|does)(?:n[’']?t|\s+not)\s+care|"
        r"couldn[’']?t\s+care|could\s+not\s+care|"
        r"sarcastic|snapped|glared|insult\w*|accused|aggressive|threaten\w*|nasty|"
        r"(?:awful|terrible|horrible|poor|bad|worst|appalling|shocking|dreadful|pathetic|lousy)"
        r"\s+(?:customer\s+)?(?:service|staff|support)|"
        r"customer\s+service|manager|supervisor|agents?|staff)\b"
    ),
}
"""What points to a cause, as far as words do."""

PLAINLY: dict[Cause, re.Pattern[str]] = {
    Cause.LATE: _sign(
        r"\b(?:(?:hours?|hrs?|days?|weeks?|months?|mins?|minutes)\s+late|(?:is|was|are|were|so|arrived|came|"
        r"running|again)\s+late\b|"
        r"late\s+again|delay(?:s|ed)?|overdue|still\s+waiting|been\s+waiting|(?:flight|train|bus|service)"
        r"\s+(?:\w+\s+){0,2}cancell?ed|"
        r"cancell?ed\s+(?:my|our|the)\s+(?:flight|train|appointment)|(?:on|at)\s+the\s+(?:runway|tarmac)|"
        r"missed\s+(?:my|our|the)\s+"
        r"(?:connect\w+|flight|train)|take[sn]?\s+(?:so|too|far\s+too|forever))\b"
    ),
    Cause.NEVER_DELIVERED: _sign(
        r"\b(?:never\s+(?:\w+\s+)?(?:arrived|came|received|got\s+(?:my|the|it|any)|turned|showed|appeared)|"
        r"(?:n[’']?t|not)\s+(?:\w+\s+)?"
        r"(?:arrived|received|receive|delivered|turned\s+up|shown\s+up|get\s+(?:my|the|it))|"
        r"lost\s+(?:\w+\s+)?(?:bags?|luggage|baggage|suitcase|"
        r"parcel|package)|missing\s+(?:bags?|luggage|items?|parcel|package|order)|(?:bags?|luggage|parcel|"
        r"package|order)\s+(?:\w+\s+)?"
        r"(?:missing|lost|never)|says\s+(?:it\s+(?:was|is)\s+)?delivered|still\s+no\s+(?:refund|parcel|order|"
        r"bags?|luggage))\b"
    ),
    Cause.POOR_QUALITY: _sign(
        r"\b(?:broken|broke|faulty|defective|damaged|crash(?:es|ed|ing)|stopped\s+working|not\s+working|(?:does|"
        r"is|are)(?:n[’']?t|\s+not)\s+work\w*|"
        r"won[’']?t\s+(?:load|open|work|start|turn|charge|connect|let)|error|bugs?|buggy|glitch\w*|(?:is|are|"
        r"went|goes|been)\s+(?:down|out|off)|"
        r"cold\s+food|filthy|dirty|mould\w*|fell\s+apart|poor\s+quality)\b"
    ),
    Cause.NOT_AS_DESCRIBED: _sign(
        r"\b(?:wrong\s+(?:item|size|colou?r|product|order|model|one|part|thing|food|meal)|not\s+(?:as|what)"
        r"\s+\w+|mislead\w*|false\s+advert\w*|"
        r"(?:nothing|not)\s+like\s+the|fake|counterfeit|advertised|instead\s+of\s+the)\b"
    ),
    Cause.TREATED_POORLY: _sign(
        r"\b(?:rude\w*|hung\s+up|yelled|shouted|swore|lied\s+to|unprofessional|attitude|condescending|"
        r"patroni[sz]ing|unhelpful|disrespect\w*|"
        r"treated|(?:terrible|worst|awful|horrible|poor|bad)\s+(?:customer\s+)?(?:service|staff)|does(?:n[’']?t|"
        r"\s+not)\s+care|don[’']?t\s+care)\b"
    ),
    Cause.HIDDEN_FEE: _sign(
        r"\b(?:charg(?:ed|ing)\s+(?:me|us|my|twice|double|for|\W?\d+)|overcharged|(?:hidden|extra|unexpected|"
        r"surprise)\s+(?:\w+\s+)?(?:fees?|charges?|"
        r"costs?)|(?:a|the|\w+)\s+fee|billed\s+(?:me|us|for|twice)|took\s+(?:money|\W?\d+|payment)|"
        r"double\s+charged)\b"
    ),
    Cause.NO_ACKNOWLEDGEMENT: _sign(
        r"\b(?:on\s+hold|no\s+(?:reply|response|answer)|(?:nobody|no\s?one)\s+(?:\w+\s+)?(?:answer\w*|repl\w+|"
        r"call\w*|respond\w*|picks)|ignor(?:ed|ing)|"
        r"(?:not|n[’']?t|never)\s+(?:\w+\s+)?(?:repl\w+|respond\w*|answer\w*|hear\w*|call\w*\s+back)|"
        r"can[’']?t\s+(?:get\s+through|reach)|"
        r"hang(?:s|ing)?\s+up\s+on|please\s+(?:reply|respond))\b"
    ),
}
"""The same, said so plainly that little else can be meant."""

OF_MOOD: dict[str, re.Pattern[str]] = {
    "dissatisfied": _sign(
        r"\b(?:complain\w*|disappoint\w+|unacceptable|terrible|awful|horrible|worst|appalling|disgrace\w*|"
        r"frustrat\w+|annoy\w+|ridiculous|pathetic|useless|unhappy|fed\s+up|angry|furious|livid|hate|"
        r"not\s+(?:good\s+enough|happy|impressed|acceptable|right|fair|satisfied|amused|cool|ok|okay)|"
        r"let\s+down|joke|shambles|scam|"
        r"waste\s+of|wast(?:ed|ing)|never\s+again|shame|ashamed|sick\s+of|tired\s+of|sucks?|nightmare|crap|"
        r"garbage|trash|bullshit|"
        r"bs|wtf|what\s+the\s+(?:hell|heck|fuck)|ffs|smh|absurd|outrageous|disgusting|fail|lousy|dreadful|poor)\b"
    ),
    "still": _sign(
        r"\b(?:still|yet\s+again|once\s+again|again|(?:second|third|fourth|2nd|3rd|4th)\s+time|every\s+(?:time|"
        r"day)|always|keeps?)\b"
    ),
    "why": _sign(
        r"\b(?:why|how\s+come)\s+(?:is|are|do|does|did|has|have|can[’']?t|isn[’']?t|won[’']?t|don[’']?t|"
        r"doesn[’']?t|would|"
        r"the\s+\w+|am|not|was|were|cant|wont)\b|\bwhat(?:[’']s|\s+is)\s+(?:going\s+on|wrong|up\s+with|"
        r"happening|the\s+(?:problem|"
        r"issue|deal|point))\b"
    ),
    "fix": _sign(
        r"\b(?:fix|sort)\s+(?:it|this|your|the|ur)\b|\bsort\w*\s+(?:\w+\s+)?out\b|\bget\s+(?:your|ur|it)"
        r"\s+(?:act|shit|\w+)\s+together\b"
    ),
    "cannot": _sign(
        r"\b(?:wo|ca|do|does|did|is|are|was|were|has|have|had|would|could)n[’']?t\b|\b(?:cannot|unable|will\s+not|"
        r"no\s+longer|refus\w+|impossible)\b"
    ),
    "trouble": _sign(r"\b(?:issues?|problems?|errors?|trouble|fault|glitch|struggling|concern\w*)\b"),
    "nothing": _sign(r"\b(?:no|nothing|nobody|none|never|without)\b"),
    "only to": _sign(r"\b(?:only\s+to|even\s+though|despite|supposed\s+to|should\s+(?:have|be)|meant\s+to)\b"),
    "authority": _sign(
        r"\b(?:ombudsman|trading\s+standards|small\s+claims|solicitor|lawyer|legal\s+action|sue|bbb|refund)\b"
    ),
    "leaving": _sign(
        r"\b(?:cancel(?:l?ing)?\s+my|switch(?:ing)?\s+to|moving\s+to|going\s+elsewhere|last\s+time|lost\s+(?:a|"
        r"me\s+as\s+a)\s+customer|"
        r"won[’']?t\s+be\s+(?:using|back|buying|flying|returning)|never\s+\w+\s+(?:again|you)|done\s+with)\b"
    ),
    "ours": _sign(
        r"\b(?:you|your|you[’']re|ur|guys|customer|service|support|store|shop|delivery|app|website|site|order|"
        r"account)\b"
    ),
    "mine": _sign(r"\b(?:i|i[’']ve|i[’']m|my|we|our|we[’']ve|me|us)\b"),
    "bought": _sign(r"\b(?:order(?:ed|s)?|paid|paying|bought|purchase[ds]?|booked|subscri\w+|customer)\b"),
    "asks": _sign(
        r"\?|\b(?:can|could|would|will)\s+(?:you|i|we|u)\b|\b(?:please|pls|plz)\b|\bhow\s+(?:do|can|long|to)\b|"
        r"\b(?:when|where|what|"
        r"which)\s+(?:is|are|do|will|can)\b|\b(?:i|we)\s+(?:need|want|would\s+like)\b|\bhelp\b"
    ),
    "wonders": _sign(
        r"\b(?:is\s+there|are\s+there|do\s+you|does\s+(?:it|the|this)|any\s+(?:idea|chance|way|plans?|news|"
        r"update)|(?:is|was)\s+it\s+possible)\b"
    ),
    "suggests": _sign(
        r"\b(?:(?:it[’']?d|it\s+would|would)\s+be\s+(?:\w+\s+)?(?:great|nice|good|lovely|useful|helpful|handy|"
        r"better|cool|awesome)\s*"
        r"(?:if|to|for)?|(?:i|we)(?:[’']d|\s+would)\s+(?:love|like)\s+(?:it\s+)?(?:to\s+see|if\s+you|an?)|"
        r"suggest\w*|feature\s+request|"
        r"(?:please|pls|plz)\s+(?:consider|add|bring|make|let|allow|put)|(?:could|can|should|why\s+don[’']t)"
        r"\s+you\s+(?:guys\s+)?"
        r"(?:please\s+)?(?:add|make|bring|offer|introduce|consider|support|do|put)|have\s+you\s+(?:thought|"
        r"considered)|"
        r"you\s+(?:guys\s+)?(?:should|could|need\s+to)|ideas?|wish|how\s+about|would\s+love|might\s+be\s+worth)\b"
    ),
    "thanks": _sign(
        r"\b(?:thanks?|thank\s*you|thx|ty|cheers|appreciat\w+|grateful|kudos|well\s+done|shout\s?out|hats\s+off|"
        r"bravo)\b"
    ),
    "praise": _sign(
        r"\b(?:love(?:d|ly|s)?|amazing|brilliant|fantastic|excellent|wonderful|perfect|awesome|great|best|"
        r"superb|outstanding|"
        r"impressed|delighted|helpful|kind|friendly|happy|pleased|enjoy\w*|legends?|stars?|thrilled|smooth|"
        r"quick|delicious)\b|[❤😍😊🙌👏🥰💕👍]"
    ),
    "rolls eyes": _sign(
        r"[🙄😒😡🤬😠😤😑🤦👎🖕😩😫😭💩]|:[-']?[(/]|\b(?:yeah\s+right|oh\s+(?:good|great)|thanks\s+for\s+nothing|sarcasm|"
        r"slow\s+clap)\b"
    ),
    "shouts": _sign(r"\?!|!\?|!!|\?\?"),
    "to a desk": _sign(r"@\w*(?:help|support|care|service|serv|cares|team|customer)\w*"),
    "to others": _sign(r"^\s*(?:@\w+\s+){2}|\brt\b|#\w+\s+#\w+"),
    "news": _sign(
        r"\b(?:win|giveaway|retweet|coupon|% off|sign\s+up\s+now|learn\s+more|join\s+us|check\s+out|live\s+now|"
        r"hiring)\b|…\s*https?:"
    ),
    "settled": _sign(
        r"\b(?:(?:working|fixed|sorted|solved|resolved|arrived|back)\s+(?:now|out)|all\s+(?:good|sorted|fine)|"
        r"never\s*mind|no\s+worries|dm\s+sent|"
        r"sent\s+(?:you\s+)?(?:a\s+)?(?:dm|pm|message|an\s+email)|got\s+it)\b"
    ),
}
"""How the customer stands to it: put out, pleased, asking, suggesting."""

SIGNS: dict[str, re.Pattern[str]] = {
    **{str(cause): sign for cause, sign in OF_CAUSES.items()},
    **{f"{cause} plainly": sign for cause, sign in PLAINLY.items()},
    **OF_MOOD,
}
"""All of them by name; the weights are stored under these names."""

_TIMES_MAX = 2
CHARS_MAX = 10_000
"""Signs are looked for this far into a text."""


def signs_in(text: str) -> dict[str, tuple[Span, ...]]:
    """The signs that *text* shows, each with its first two places."""
    text = text[:CHARS_MAX]
    found = {}
    for name, sign in SIGNS.items():
        places = tuple(Span(*match.span()) for match in islice(sign.finditer(text), _TIMES_MAX))
        if places:
            found[name] = places
    return found
