"""Which clauses that say "will" promise: one small rule for each kind of subject.

"We'll check" promises and "we'll miss you" does not; "your refund will be paid" promises and "your account will be
locked" announces; "you won't be charged" promises because it was feared.
"""

from __future__ import annotations

import re
from enum import Enum

from troth.reading import verbs
from troth.reading.clauses import Clause, Who
from troth.reading.form import pattern


class Answer(Enum):
    """Does a clause promise?"""

    NO = "no"
    IF_TIMED = "if timed"
    """Only if it says by when, or at least "soon"."""
    YES = "yes"


def answer(clause: Clause) -> Answer:
    """Does this clause promise something?"""
    none = clause.subject.lower() == "there" and clause.rest.startswith("no ")
    if clause.negative or none or clause.who is Who.NOBODY:
        return Answer.YES if _spares_the_reader(clause) else Answer.NO
    if clause.be == "being" and _WILLING.match(clause.rest):
        return Answer.NO
    if clause.verb == "have" and _HAVE_DONE.match(clause.rest):
        return Answer.NO if clause.who is Who.YOU else Answer.IF_TIMED
    return _RULES[clause.who](clause)


_WILLING = pattern(
    r"(?:(?:more|very|so|only|too|most|always|quite)\s+){0,2}(?:than\s+)?"
    r"(?:happy|glad|pleased|delighted|available|here|waiting|unable|willing|honou?red|thrilled|fine|ok|okay|great|"
    r"worth|sure(?!\s+to)|sorry|interested|keen)\b"
)
_HAVE_DONE = pattern(r"(?:been(?!\s+(?:in|a|an|the)\b)|gone|had|done|sent|paid|heard|made|found|\w{3,}ed(?<!need))\b")
_WITH_YOU = pattern(
    r"(?:all\s+over\s+(?:it|this)|on\s+top\s+of|straight\s+(?:on|over|back|round)|on\s+to\s+(?:it|them|the|this)|your\s+(?:point\s+of\s+)?contact|"
    r"the\s+(?:one|ones|person)\s+(?:\w+ing|to|who)|back(?!\s+(?:in\s+the\s+office|at\s+work))|in\s+(?:touch|contact)|with\s+you|on\s+(?:it|the\s+(?:case|phone))|"
    r"right\s+(?:with|back)|sure\s+to|there\s+(?:to\s+help|for\s+you))\b"
)
_THERE = pattern(
    r"(?:there|round|over|ready|live|available|open|online|up(?:\s+and\s+running)?|complete|on\s+(?:site|its|their|the)|"
    r"in\s+(?:your|stock|place|store)|out(?!\s+of)|at\s+your|good\s+to\s+go|on\s+sale|back|fully|able)\b"
)
_OPEN = pattern(r"(?:open|available|online|live|out|on\s+(?:the|our))\b")
"""Hours of business, where we are."""
_OUR_HARM = pattern(
    r"(?:ever\s+)?(?:let|allow|stop|rest|give\s+up|repeat|keep\s+you\s+waiting|disappoint|drop|leave\s+you|ignore|"
    r"close\s+your|make\s+(?:you|that\s+mistake|the\s+same)|hold\s+you)\b"
)
_AGAIN = pattern(r"\bagain\b|\bany\s*more\s*(?:[.!,;]|$)")
_YOU_FEARED = pattern(
    r"(?:pay|lose|owe|out\s+of\s+pocket|left|without|worse\s+off|(?:need|have)\s+to\s+(?:pay|be\s+charged|lose|owe|wait|do\s+a)|"
    r"(?:receive|get|see|have)\s+(?:[\w’'-]+\s+){0,4}?(?:calls?|e-?mails|letters?|texts|messages|marketing|reminders?|bills?|"
    r"invoices?|charges?|fees?|charged))\b"
)
_MORE = pattern(r"(?:another|more|any\s+(?:more|further))\b")
_THE_THING = pattern(
    r"(?:the|your|this|that|these|those|it|them|out|off|up|down|a|an|any|all|both|our\s+investigation)\b"
)


def _spares_the_reader(clause: Clause) -> bool:
    """Denied is promised where the reader feared it: "you won't be charged", "this won't happen again"."""
    if _AGAIN.search(clause.said[:80]):
        return True
    if clause.who is Who.SELF:
        harms = _OUR_HARM.match(f"{clause.verb} {clause.rest}") or clause.verb in verbs.HARMING - _FACTS
        return not clause.be and bool(harms)
    if clause.who is Who.YOU:
        return bool(_YOU_FEARED.match(clause.rest if clause.be == "being" else f"{clause.verb} {clause.rest}")) or (
            clause.be == "done" and (clause.verb in verbs.HARMING or bool(_MORE.match(clause.rest)))
        )
    if clause.subject.lower() == "there":
        return bool(_A_CHARGE.match(clause.rest))
    if clause.verb == "cost":
        return clause.rest.startswith("you")
    return clause.verb in {"happen", "occur"} or (clause.be == "done" and clause.verb in verbs.HARMING)


_A_CHARGE = pattern(r"(?:no|any|an?)\s+(?:\w+\s+){0,2}?(?:charges?|fees?|costs?|bills?|interest)\b")
_FACTS = verbs.listed("affect cost expire lapse increase interrupt forget impact limit")


def _by_us(clause: Clause) -> Answer:
    verb, rest = clause.verb, clause.rest
    if clause.be == "being":
        there = _THERE.match(rest) and not _OPEN.match(rest)
        return Answer.YES if _WITH_YOU.match(rest) else Answer.IF_TIMED if there else Answer.NO
    if clause.be == "done":
        return Answer.NO if clause.subject else _done_to(clause)
    if verb in verbs.FEELING or (clause.be == "doing" and verb in {"close", "open", "run", "look"} and not rest):
        return Answer.NO
    special = _OURS.get(verb)
    if special is None or special.match(rest):
        return Answer.YES
    return Answer.IF_TIMED if verb == "have" and not _HAVE_TO.match(rest) else Answer.NO


_A_LOOK = pattern(r"an?\s+(?:\w+\s+)?(?:look|word|chat|check|read|think|go)\b")
_HAVE_TO = pattern(r"(?:to|until|no)\b")
_OURS = {
    "have": pattern(
        r"(?!to\b|until\b|no\b)(?:an?\s+(?:\w+\s+)?(?:look|word|chat|check|read|think|go)|"
        r"(?:someone|somebody|one\s+of|my|our|a|an|the|it|this|that|them|him|her|these|your|more|another|new)\b)"
    ),
    "see": pattern(r"(?:what|if|whether|to|that|about|how|it|this)\b"),
    "get": pattern(r"(?!there\b|used\b|to\s+know\b)\w"),
    "look": pattern(r"(?!forward|out\b|like|good|great)"),
    "keep": pattern(
        r"(?!an?\s+eye\s+out\s+for\s+your)(?:you|an?\s+(?:close\s+)?eye|\w+ing\b|on\b|in\s+(?:touch|contact)|them|everyone|this\s+(?:case|ticket|open)|"
        r"it\s+(?:open|for|on|safe)|the|your|looking|"
        r"(?:an?|one|some|it|that|this|these|those|\d+)\s+(?:\w+\s+){0,3}(?:for\s+you|until|till|aside|back))\b"
    ),
    "do": pattern(r"(?!$|[.,!?;:)-])"),
    "make": pattern(r"(?!money|do\b|love)"),
    "call": pattern(r"(?!it\b|that\b|this\b|ourselves)"),
    "ask": pattern(r"(?!you\b|that\b|for\s+your|if\s+you)"),
    "come": pattern(r"(?!running)"),
    "tell": pattern(r"(?!you\s+(?:what\b|something))"),
    "let": pattern(r"(?!that\b|it\b|this\b|me\b)"),
    "close": _THE_THING,
    "open": _THE_THING,
    "end": _THE_THING,
    "stop": pattern(r"(?!here\b|there\b|at\b|by\b)\w"),
    "stand": pattern(r"by\s+(?:that|this|our|the|your|it)\b"),
    "leave": pattern(r"(?!(?:it|that|this|you)\s+(?:there|at\s+that|to\b|here))\w"),
    "go": pattern(r"(?!(?:on\s+to\s+)?(?:up|down|bust|mad|wild|crazy|home)\b)"),
    "become": pattern(r"(?!)"),
    "find": pattern(r"(?!it\s+(?:hard|difficult))"),
    "cost": pattern(r"(?!)"),
    "charge": pattern(r"(?!you\b|a\s+fee)"),
    "bill": pattern(r"(?!you\b)"),
    "take": pattern(r"(?!that\s+as|it\s+as|place|a\s+(?:break|bow)|(?:the|your)\s+payment)"),
    "talk": pattern(r"(?!soon)"),
    "catch": pattern(r"(?!you|ya\b)"),
    "chat": pattern(r"(?!soon)"),
    "consider": pattern(r"(?!it\b|that\b|ourselves)"),
    "stay": pattern(r"(?:in\s+touch|on\s+(?:it|top|the\s+line)|with\s+you)\b"),
    "remain": pattern(r"(?:in\s+(?:touch|contact))\b"),
}
"""Verbs that commit us in one sense and not in another; what must follow for the sense that does."""


def _to_you(clause: Clause) -> Answer:
    verb, rest = clause.verb, clause.rest
    if clause.be == "done":
        return Answer.NO if verb in verbs.MECHANICAL | verbs.HARMING | verbs.LEADING else Answer.YES
    if clause.be == "being":
        return Answer.YES if _WELL_OFF.match(rest) else Answer.IF_TIMED if _THERE.match(rest) else Answer.NO
    if verb == "find":
        return Answer.IF_TIMED
    if verb == "receive" or (verb == "hear" and _FROM_US.match(rest)):
        return Answer.YES
    if verb in {"have", "get", "see"} and not _YOUR_PART.match(rest):
        return Answer.YES if verb == "get" or _A_GIFT.match(rest) else Answer.IF_TIMED
    return Answer.NO


_WELL_OFF = pattern(
    r"(?:the\s+first\s+to|first\s+(?:in|on)|(?:our|my)\s+(?:top\s+)?priority|in\s+(?:good|safe)\s+hands|back\s+(?:up|on|in|online|to)|"
    r"up\s+and\s+running|sorted|all\s+set|on\s+your\s+way|our\s+guests?|at\s+the\s+(?:top|front))\b"
)
_FROM_US = pattern(r"(?:back|from|more|about|our|the\s+(?:outcome|result|decision))\b")
_YOUR_PART = pattern(
    r"(?:to|until|used|through|into|there|around|\w+ed|better|\d+\s+\w+\s+to|(?:the\s+|an?\s+)?(?:\w+\s+)?(?:option|chance|choice|pop-?up|"
    r"prompt|error|warning|screen|message|code|list|icon|button|menu|page|notification|light)|a\s+(?:green|red|blue))\b"
)
_A_GIFT = pattern(
    r"(?:[\w’'-]+\s+){0,4}?(?:refund|answer|reply|update|call|email|e-mail|confirmation|replacement|credit|decision|"
    r"response|money|order|parcel|invoice|quote|letter|news|new\s+one|another\s+one|voucher|compensation|discount|"
    r"payment|appointment|ticket|tickets|report|copy|back)\b"
)


def is_of_anybody(subject: str) -> bool:
    """Is this a rule for everybody: "orders placed before noon", "any abuse"?"""
    return bool(_ANYBODY.match(subject))


def _by_people(clause: Clause) -> Answer:
    verb, rest = clause.verb, clause.rest
    if is_of_anybody(clause.subject):
        return Answer.NO
    if clause.be == "being":
        return Answer.YES if _WITH_YOU.match(rest) else Answer.IF_TIMED if _THERE.match(rest) else Answer.NO
    if verb in verbs.FEELING and verb not in {"apologise", "apologize"}:
        return Answer.NO
    if clause.be == "done":
        return Answer.NO if verb in verbs.MECHANICAL else Answer.YES if verb in verbs.SERVING else Answer.IF_TIMED
    special = _OURS.get(verb)
    if verb == "have":
        return Answer.YES if _A_LOOK.match(rest) else Answer.IF_TIMED
    if special is not None:
        return Answer.YES if special.match(rest) else Answer.NO
    if not _ANY_OF_THEM.search(clause.subject) or (verb in verbs.SERVING | _PAYING and verb != "work"):
        return Answer.YES
    return Answer.IF_TIMED


_ANY_OF_THEM = pattern(
    r"\b(?:they|he|she|who|people|seller|store|shop|branch|company|bank|carrier|provider|landlord|buyer|manufacturer|members?)$"
)
"""Subjects that may be nobody of ours."""


def _of_a_thing(clause: Clause) -> Answer:
    verb, rest = clause.verb, clause.rest
    named = _NAME_FIRST.fullmatch(clause.subject) and not clause.lead.strip() and clause.subject.lower() not in _IT
    if named and verb in verbs.SERVING and not clause.be and _SOMETHING.match(rest):
        return Answer.YES  # "Priya will send you a new one"
    if clause.subject in {"which", "this", "that", "This", "That"} and not clause.be:
        return Answer.IF_TIMED
    if _SCREEN.search(clause.subject):
        return Answer.NO
    if is_of_anybody(clause.subject) or clause.subject.lower() == "what":
        return Answer.NO
    if clause.be == "being":
        return Answer.YES if _REACHING_YOU.match(rest) else Answer.IF_TIMED if _THERE.match(rest) else Answer.NO
    if clause.be == "done":
        return _done_to(clause)
    if clause.be == "doing" and verb in {"run", "work"} and _AS_BEFORE.search(rest):
        return Answer.IF_TIMED
    if verb in verbs.ENDING | verbs.HARMING | verbs.FEELING | verbs.RUNNING:
        return Answer.NO
    if verb in {"take", "require"} or (verb == "go" and _UP.match(rest)):
        return Answer.NO  # "it will take three days": see the forms
    if clause.be == "doing":
        return Answer.YES if verb in verbs.SERVING | verbs.ARRIVING else Answer.IF_TIMED
    if _YOURS.match(clause.subject) and verb in {"apply", "continue", "follow", "resume", "return"}:
        return Answer.YES
    if verb in _PAYING and clause.subject.lower() not in _IT:
        return Answer.YES
    if verb in {"stay", "remain", "carry"} and _YOURS.match(clause.subject):
        return Answer.YES
    if verb in verbs.ARRIVING and _reaches(verb, rest):
        return Answer.YES
    return Answer.IF_TIMED if verb in verbs.SERVING | verbs.ARRIVING | verbs.HAPPENING else Answer.NO


def _done_to(clause: Clause) -> Answer:
    lifted = clause.verb in {"cancel", "remove", "reverse", "waive", "delete", "close", "stop", "withdraw", "correct"}
    if lifted and _BURDEN.search(clause.subject):
        return Answer.YES
    if clause.verb in {"share", "take"} and _CARED_FOR.match(clause.rest):
        return Answer.YES
    if (
        clause.verb in {"add", "apply", "take", "collect", "keep", "retain"}
        and clause.subject.lower() not in _IT
        and _BURDEN.search(clause.subject)
    ):
        return Answer.NO
    if clause.verb in verbs.MECHANICAL or clause.verb in verbs.HARMING:
        return Answer.NO
    if clause.verb in {"cancel", "remove", "stop", "make", "see"}:
        return Answer.IF_TIMED if clause.verb == "make" else Answer.NO
    return Answer.YES


def _reaches(verb: str, rest: str) -> bool:
    """Does it reach the reader, where the verb alone does not say so? "The amount will show on your statement"."""
    needed = {"appear": _TO_YOU, "show": _TO_YOU, "go": _GO_OUT, "drop": _TO_YOU, "clear": _TO_YOU, "come": _GO_OUT,
              "call": _AT_YOU, "contact": _AT_YOU, "email": _AT_YOU, "phone": _AT_YOU, "ring": _AT_YOU,
              "receive": _AT_YOU, "reflect": _TO_YOU, "return": _TO_YOU, "continue": _TO_YOU, "hit": _TO_YOU}.get(verb)  # fmt: skip
    return needed is None or bool(needed.search(rest[:60]))


_PAYING = verbs.listed("bear pay refund reimburse compensate apologise apologize")
_IT = verbs.listed("it this that these those they there")
_NAME_FIRST = re.compile(r"[A-Z][a-z]+(?<!s)")
_AS_BEFORE = pattern(r"\b(?:again|normal|normally|usual)\b")
_SCREEN = pattern(
    r"\b(?:prompts?|codes?|pop-?ups?|screens?|pages?|icons?|options?|buttons?|menus?|windows?|box|boxes|notifications?|tabs?|lights?|"
    r"colou?rs?)$"
)
"""What a program shows."""
_SOMETHING = pattern(r"(?:you|your|the|an?|this|it|him|her|them|back|in\s+touch|over|round|out)\b")
_YOURS = pattern(r"\W*your\b")
_UP = pattern(r"(?:up|down|off|on\s+sale)\b")
_TO_YOU = pattern(r"\b(?:your|you|up|bank|account|statement|bill|billing|to\s+normal)\b")
_AT_YOU = pattern(r"^(?:you|back)\b")
_GO_OUT = pattern(
    r"^(?:out|to\s+(?:you|normal)|back\s+(?:(?:to|on|onto|into|in)\s+(?:you|your|normal)|out)|your|through|round|by|over|from|with)\b"
)
_REACHING_YOU = pattern(
    r"(?:back\b(?!\s+(?:in|on|up))|with\s+you\b|on\s+(?:its|their|the)\s+way\b|(?:in|on)\s+your\b|in\s+touch\b)"
)
_CARED_FOR = pattern(r"(?:with|care|up|into|to|over|forward|off)\b")
_BURDEN = pattern(
    r"\b(?:charges?|fees?|fines?|invoices?|bills?|penalt\w+|debts?|claim|amount|surcharge|interest|marker|default|"
    r"request|deposit|balance|error|reminder|lock|block|hold)\b|^(?:it|that|this|they)$"
)
_ANYBODY = pattern(
    r"\W*any\b|\W*(?:every|most|many|some)?\s*(?:customers?|passengers?|users?|people|orders?|anyone|everyone|those|guests?)"
    r"\s+(?:who|placed|that|made|received|arriving|travelling|traveling|with|in|on|ordering)\b"
)

_RULES = {Who.SELF: _by_us, Who.YOU: _to_you, Who.PEOPLE: _by_people, Who.THING: _of_a_thing}
