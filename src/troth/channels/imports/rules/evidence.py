"""What became of a promise from before Troth, as far as the conversation itself tells; unknown is not kept.

The rules, the first that fits counts:
1. It waits for a condition: armed.
2. It has no date: proposed, for nobody can say what became of it.
3. A word was promised (an answer, a call back): our next message is that word; by the date it was kept, after it late.
4. The customer says plainly that it came: kept, or late by when they said so.
5. The customer says plainly, after the date, that it did not come: broken, unless they say later that it came (late).
6. Nothing of this: proposed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from troth.reading import FoundPromise
from troth.words.promises import Sort, State

#: Messages of ours this close together, with no customer between them, are one message in parts.
IN_PARTS = timedelta(minutes=5)

_WORD = re.compile(
    r"\b(?:call|ring|phone|e-?mail|write|repl(?:y|ies)|respond|answer|text|contact(?:ed|ing)?|update|let\s+you\s+know|"
    r"hear|follow(?:ing)?\s+up|reach\s+out|in\s+touch|get\s+back|come\s+back\s+to|be\s+back\s+(?:with|to)|"
    r"report\s+back|keep\s+you)\b",
    re.IGNORECASE,
)
_CAME = re.compile(
    r"\b(?:(?:it|they|parcel|package|order|delivery|refund|money|payment|replacement|card|book|part|item)\s+"
    r"(?:has\s+|have\s+|had\s+|just\s+|finally\s+|now\s+|all\s+){0,3}"
    r"(?:arrived|came|come\s+through|turned\s+up|been\s+delivered|been\s+refunded|been\s+paid|reached\s+me|"
    r"landed|got\s+here|is\s+here|are\s+here)|"
    r"(?:i|we)(?:[’']ve|\s+have)?\s+(?:now\s+|just\s+|finally\s+){0,2}(?:received|got)\s+"
    r"(?:it|them|the|my|our)\b)",
    re.IGNORECASE,
)
_NOTHING_CAME = re.compile(
    r"\bstill\s+(?:no\b|not\b|nothing|waiting|haven[’']?t|hasn[’']?t|have\s+not|has\s+not|isn[’']?t)|"
    r"\b(?:never|not|n[’']t)\s+(?:yet\s+|even\s+|ever\s+)?(?:arrived?|came|come|called|rung|rang|heard|received|"
    r"turned\s+up|showed\s+up|shown\s+up|been\s+(?:delivered|refunded|paid|called|contacted))\b|"
    r"\b(?:nobody|no[\s-]?one)\s+(?:has\s+|ever\s+|even\s+){0,2}(?:called|rang|rung|came|come|wrote|replied|answered|"
    r"got\s+back|contacted|turned\s+up|showed\s+up)|"
    r"\b(?:haven|hasn|didn|wasn)[’']?t\s+(?:yet\s+|even\s+|actually\s+){0,2}(?:heard|received|had\s+(?:a|any)|got|"
    r"arrived?|come|came|call(?:ed)?|happen(?:ed)?|been\s+(?:delivered|refunded|paid|called|contacted)|"
    r"turn(?:ed)?\s+up|show(?:n|ed)?\s+up)|"
    r"\bwhere(?:[’']s|\s+is|\s+are)\s+(?:my|our|the)\b|"
    r"\b(?:heard|received|got|had)\s+nothing\b|\bnothing\s+(?:has\s+)?(?:came|come|arrived|happened)\b",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[^.!?\n]+[.!?]*")


@dataclass(frozen=True)
class Said:
    """A message after the promise."""

    at: datetime
    ours: bool
    text: str
    automatic: bool = False


@dataclass(frozen=True)
class Ending:
    """What became of it, and how we know: when it was done, when it was seen."""

    state: State
    done_at: datetime | None = None
    seen_at: datetime | None = None


UNKNOWN = Ending(State.PROPOSED)


def sort_of(found: FoundPromise) -> Sort:
    """A word to come, or a deed."""
    return Sort.NEXT_WORD if _WORD.search(found.what) else Sort.DEED


def ending_of(found: FoundPromise, *, sort: Sort, said_at: datetime, after: Sequence[Said]) -> Ending:
    """How the promise ended; *after* are the messages after it, in order."""
    if found.condition:
        return Ending(State.ARMED)
    if found.due is None:
        return UNKNOWN
    due = found.due.at
    if sort == Sort.NEXT_WORD and found.who != "third":
        word = _next_word(after, said_at=said_at)
        if word is not None:
            state = State.KEPT if word.at <= due else State.LATE
            return Ending(state, done_at=word.at, seen_at=word.at)
    return _as_customer_says(due=due, after=after)


def _next_word(after: Sequence[Said], *, said_at: datetime) -> Said | None:
    """Our next message to a person, unless it is only the rest of the same one."""
    rest_until = said_at + IN_PARTS
    for said in after:
        if not said.ours:
            if not said.automatic:
                rest_until = said_at  # they spoke: what we say now is a new word
            continue
        if said.automatic:
            continue
        if said.at > rest_until:
            return said
        rest_until = said.at + IN_PARTS
    return None


def _as_customer_says(*, due: datetime, after: Sequence[Said]) -> Ending:
    missed = UNKNOWN
    for said in after:
        if said.ours or said.automatic:
            continue
        if it_came(said.text):
            state = State.KEPT if said.at <= due else State.LATE
            return Ending(state, done_at=said.at, seen_at=said.at)
        if said.at > due and missed is UNKNOWN and nothing_came(said.text):
            missed = Ending(State.BROKEN, seen_at=said.at)
    return missed


def nothing_came(text: str) -> bool:
    return bool(_NOTHING_CAME.search(text))


def it_came(text: str) -> bool:
    """Plainly and without a question or a denial in the same sentence."""
    return not nothing_came(text) and any(
        _CAME.search(sentence) and not sentence.endswith("?") and not _DOUBT.search(sentence)
        for sentence in _SENTENCE.findall(text)
    )


_DOUBT = re.compile(
    r"\b(?:not|never|if|when|until|once|unless|before|but|wrong|broken|damaged|hope|should|would|will)\b|n[’']t\b",
    re.IGNORECASE,
)
