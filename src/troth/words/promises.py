"""How strongly a promise is worded, and the states it can be in; the glossary's words."""

from __future__ import annotations

from enum import StrEnum


class Strength(StrEnum):
    """How strongly it was worded. Aims are listed, never scored."""

    AIM = "aim"
    EXPECT = "expect"
    PROMISE = "promise"
    GUARANTEE = "guarantee"


class State(StrEnum):
    """Where a promise stands."""

    #: Found in what was written; nobody has confirmed it.
    PROPOSED = "proposed"
    #: Waits for its condition, often the customer's own part.
    ARMED = "armed"
    OPEN = "open"
    KEPT = "kept"
    #: The customer was told before the date, and a new date was given.
    MOVED = "moved"
    #: The date passed (or was moved too late to count) with the thing not done.
    LATE = "late"
    #: Not done at all, or moved a third time.
    BROKEN = "broken"
    #: The customer let us off.
    RELEASED = "released"
    #: Recorded by mistake, with the reason.
    VOID = "void"


#: States in which the company still owes the thing, unless it is marked done.
OWED = frozenset({State.OPEN, State.MOVED, State.LATE})
#: States in which nothing is asked of anybody any more.
SETTLED = frozenset({State.KEPT, State.BROKEN, State.RELEASED, State.VOID})


class Sort(StrEnum):
    """What a promise is about; the notice and the letters differ by it."""

    DEED = "deed"
    #: An answer by a person, promised in the acknowledgement.
    ANSWER = "answer"
    #: Only the next word: "you will hear from us by ...".
    NEXT_WORD = "next_word"
    #: That something does not happen again until the date. Nothing is to be done for it by then, so nobody is warned; it is
    #: kept when the date has come, or broken at once when it happens.
    NOT_AGAIN = "not_again"


class Speaker(StrEnum):
    """Who is bound."""

    COMPANY = "company"
    PERSON = "person"
    THIRD = "third"


class MissReason(StrEnum):
    """Why a promise was missed; asked of the owner, shown as a Pareto."""

    OVER_PROMISED = "over_promised"
    WAITED = "waited"
    FORGOT = "forgot"
    NO_CAPACITY = "no_capacity"
    SUPPLIER = "supplier"
    UNFORESEEN = "unforeseen"
    OTHER = "other"
