"""The send gate (P9): no promise leaves without record, owner and a feasible date.

Every promise the reading finds in a reply needs an answer by the writer: a date, "armed" where it waits for the customer's part,
or "no promise". A dated promise is answered by its own date with one key; one without a date is asked for one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from troth.cases.rules.blanks import blanks_in
from troth.reading import FoundPromise
from troth.words.hours import Hours
from troth.words.promises import Sort, State

#: A sentence and which promise in it.
Key = tuple[str, int]


class Choice(StrEnum):
    """What the writer says of a found promise."""

    PROMISE = "promise"
    NEXT_WORD = "next_word"
    ARMED = "armed"
    NOT_A_PROMISE = "not_a_promise"


@dataclass(frozen=True)
class Answer:
    """The writer's answer about one sentence."""

    quote: str
    choice: Choice
    what: str
    due: datetime | None = None
    condition: str = ""
    #: Which promise of that sentence, from 0: one sentence may hold several.
    nth: int = 0

    @property
    def key(self) -> Key:
        return self.quote, self.nth

    @property
    def sort(self) -> Sort:
        return Sort.NEXT_WORD if self.choice == Choice.NEXT_WORD else Sort.DEED

    @property
    def state(self) -> State:
        return State.ARMED if self.choice == Choice.ARMED else State.OPEN

    def to_plain(self) -> dict[str, str]:
        return {
            "quote": self.quote,
            "choice": self.choice.value,
            "what": self.what,
            "due": self.due.isoformat() if self.due else "",
            "condition": self.condition,
            "nth": str(self.nth),
        }

    @classmethod
    def from_plain(cls, plain: dict[str, str]) -> Answer:
        return cls(
            quote=plain["quote"],
            choice=Choice(plain["choice"]),
            what=plain["what"],
            due=datetime.fromisoformat(plain["due"]) if plain.get("due") else None,
            condition=plain.get("condition", ""),
            nth=int(plain.get("nth") or 0),
        )


class Why(StrEnum):
    """Why the gate stays shut."""

    UNANSWERED = "unanswered"
    NO_DATE = "no_date"
    PASSED = "passed"
    NO_ONE_THERE = "no_one_there"
    #: A place that was to be filled in; `quote` is the place.
    BLANK = "blank"
    #: A machine wrote it, and no person has said that it is right.
    UNCONFIRMED = "unconfirmed"


@dataclass(frozen=True)
class Objection:
    quote: str
    why: Why


def keyed(found: Sequence[FoundPromise]) -> list[tuple[Key, FoundPromise]]:
    """Each found promise with its key."""
    seen: Counter[str] = Counter()
    pairs = []
    for promise in found:
        pairs.append(((promise.quote, seen[promise.quote]), promise))
        seen[promise.quote] += 1
    return pairs


def answers_by_themselves(found: Sequence[FoundPromise]) -> tuple[Answer, ...]:
    """What the sentences say plainly themselves: their own date, or their own condition."""
    return tuple(
        answer_by_itself(promise, nth=nth) for (_, nth), promise in keyed(found) if promise.due or promise.condition
    )


def answer_by_itself(promise: FoundPromise, *, nth: int) -> Answer:
    """What a sentence with a date or a condition of its own says."""
    return Answer(
        quote=promise.quote,
        choice=Choice.ARMED if promise.condition else Choice.PROMISE,
        what=promise.what,
        due=promise.due.at if promise.due else None,
        condition=promise.condition,
        nth=nth,
    )


def objections(
    found: Sequence[FoundPromise], answers: Sequence[Answer], *, now: datetime, hours: Hours
) -> tuple[Objection, ...]:
    """Why the reply may not leave yet; empty when it may."""
    answered = {answer.key for answer in answers}
    unanswered = [Objection(key[0], Why.UNANSWERED) for key, _promise in keyed(found) if key not in answered]
    return (*unanswered, *(objection for answer in answers if (objection := _objection(answer, now=now, hours=hours))))


def unconfirmed(
    found: Sequence[FoundPromise], given: Sequence[Answer], *, by_machines: Sequence[str]
) -> tuple[Objection, ...]:
    """The promises that stand in a machine's words as they stand here, and of which the writer has said nothing.

    A date in a sentence of one's own is one's word; in a machine's it is nobody's until a person says so.
    """
    theirs = [" ".join(words.split()) for words in by_machines]
    said = {answer.key for answer in given}
    return tuple(
        Objection(key[0], Why.UNCONFIRMED)
        for key, promise in keyed(found)
        if key not in said and any(" ".join(promise.quote.split()) in words for words in theirs)
    )


def left_blank(text: str) -> tuple[Objection, ...]:
    """The places in *text* that somebody still has to fill in: nothing leaves with one of them."""
    return tuple(Objection(place, Why.BLANK) for place in blanks_in(text))


def _objection(answer: Answer, *, now: datetime, hours: Hours) -> Objection | None:
    if answer.choice == Choice.NOT_A_PROMISE:
        return None
    if answer.due is None:
        return None if answer.choice == Choice.ARMED else Objection(answer.quote, Why.NO_DATE)
    if answer.due <= now:
        return Objection(answer.quote, Why.PASSED)
    if answer.choice != Choice.ARMED and not _somebody_is_there(now, answer.due, hours):
        return Objection(answer.quote, Why.NO_ONE_THERE)
    return None


def _somebody_is_there(now: datetime, due: datetime, hours: Hours) -> bool:
    """A promise that falls due before anybody is at work again cannot be kept."""
    return hours.is_open(now) or hours.next_open(now) < due
