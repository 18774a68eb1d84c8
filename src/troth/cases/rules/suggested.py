"""Sentences to begin from, put together from what the case knows; what it does not know stays a blank to be filled in.

They are the letter's words and so in the letter's language, English, whatever language the writer's pages are in. Nothing in them is
guessed: a promise is told as it was recorded, a day is one on which somebody is there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from troth.cases.rules.blanks import blank
from troth.cases.rules.checks import Check, Looked
from troth.words.causes import Cause
from troth.words.emotions import Emotion
from troth.words.hours import Hours
from troth.words.remedies import Remedy


@dataclass(frozen=True)
class Missed:
    """What was promised in this case and not kept."""

    #: The sentence as it was written, or what was to be done.
    words: str
    first_due: datetime


@dataclass(frozen=True)
class Known:
    """What a case knows that a sentence may say."""

    hours: Hours
    #: A day that can be kept.
    soon: datetime
    name: str = ""
    cause: Cause | None = None
    emotion: Emotion | None = None
    remedies: tuple[Remedy, ...] = field(default_factory=tuple)
    missed: Missed | None = None


def suggested(looked: Looked, known: Known) -> str:
    """A sentence for what *looked* says is missing, or to put in a fault's place; empty where there is none to offer."""
    make = _SENTENCES.get(looked.check)
    return make(looked, known) if make else ""


def day_words(at: datetime, hours: Hours) -> str:
    """A day as a letter says it: “Friday 27 November”."""
    there = hours.local(at)
    return f"{there:%A} {there.day} {there:%B}"


_WRONG = {
    Cause.LATE: "this took far longer than it should have",
    Cause.NEVER_DELIVERED: "it never reached you",
    Cause.POOR_QUALITY: "what you received was not as good as it should be",
    Cause.NOT_AS_DESCRIBED: "what you received is not what we described",
    Cause.TREATED_POORLY: "you were not treated as you should have been",
    Cause.HIDDEN_FEE: "you were charged something you had not been told of",
    Cause.NO_ACKNOWLEDGEMENT: "you were left without an answer",
}


def _wrong(known: Known) -> str:
    return _WRONG.get(known.cause, "") if known.cause else ""


def _responsibility(_looked: Looked, known: Known) -> str:
    if known.missed:
        due = day_words(known.missed.first_due, known.hours)
        return f"We told you: “{known.missed.words}” That was due on {due}, and we did not keep it. The fault is ours."
    wrong = _wrong(known) or blank("what went wrong")
    return f"It is our responsibility that {wrong}."


def _repair(_looked: Looked, known: Known) -> str:
    by = f"by {day_words(known.soon, known.hours)}"
    what = {
        Remedy.REFUND: f"I will refund you {blank('how much')} {by}.",
        Remedy.REPLACEMENT: f"I will send you a replacement {by}.",
        Remedy.REPAIR: f"I will have {blank('what is to be mended')} put right {by}.",
        Remedy.DELIVERY: f"I will see to it that {blank('what was ordered')} reaches you {by}.",
        Remedy.COMPENSATION: f"I will credit you {blank('how much')} {by}.",
        Remedy.CANCELLATION: f"I will cancel {blank('what is to be cancelled')} {by}.",
    }
    return next((what[one] for one in known.remedies if one in what), f"I will {blank('what you will do')} {by}.")


def _regret(_looked: Looked, known: Known) -> str:
    if known.emotion is Emotion.JOY:
        return "Thank you for your kind words."
    sorry = f"I am sorry, {known.name}" if known.name else "I am sorry"
    felt = {
        Emotion.ANGER: "I understand that this has made you angry",
        Emotion.SADNESS: "I understand that this has disappointed you",
        Emotion.FEAR: "I understand that this worries you",
        Emotion.DISGUST: "that must have been unpleasant",
    }
    if known.emotion in felt:
        return f"{sorry}: {felt[known.emotion]}."
    return f"{sorry} that {_wrong(known) or blank('what went wrong')}."


def _reason(_looked: Looked, _known: Known) -> str:
    return f"It happened because {blank('the reason, as far as you know it')}."


def _never_again(_looked: Looked, _known: Known) -> str:
    return f"So that it does not happen again, {blank('what you have changed')}."


def _date(_looked: Looked, known: Known) -> str:
    return f"You will hear from me by {day_words(known.soon, known.hours)}."


def _empty_apology(_looked: Looked, known: Known) -> str:
    return f"I am sorry that {_wrong(known) or blank('what went wrong')}."


def _passive(_looked: Looked, _known: Known) -> str:
    return f"We {blank('what we did wrong')}."


def _policy(_looked: Looked, _known: Known) -> str:
    return f"What I can do instead is {blank('what you can do')}."


def _question(looked: Looked, _known: Known) -> str:
    asked = " ".join(looked.quote.split())
    return f"You asked: “{asked}” {blank('the answer')}"


_SOUGHT = {
    Remedy.REFUND: "for a refund",
    Remedy.REPLACEMENT: "for a replacement",
    Remedy.REPAIR: "to have it put right",
    Remedy.DELIVERY: "to have it delivered",
    Remedy.COMPENSATION: "to be compensated",
    Remedy.CANCELLATION: "to cancel",
}


def _remedy(looked: Looked, _known: Known) -> str:
    return f"You asked {_SOUGHT[Remedy(looked.about)]}: {blank('yes or no, and why')}."


_SENTENCES: dict[Check, Callable[[Looked, Known], str]] = {
    Check.RESPONSIBILITY: _responsibility,
    Check.REPAIR: _repair,
    Check.REGRET: _regret,
    Check.REASON: _reason,
    Check.NEVER_AGAIN: _never_again,
    Check.DATE: _date,
    Check.EMPTY_APOLOGY: _empty_apology,
    Check.VAGUE_TIME: _date,
    Check.PASSIVE: _passive,
    Check.POLICY: _policy,
    Check.UNKEEPABLE: _date,
    Check.QUESTION: _question,
    Check.REMEDY: _remedy,
}
