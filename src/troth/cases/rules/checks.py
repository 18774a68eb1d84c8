"""What to think of while answering, in the order in which it counts: responsibility, repair, then the feeling, the reason, and
that it will not happen again; asking forgiveness counts least (Lewicki, Polin & Lount 2016, experiments on 755 readers of apologies).
Then the date, then what had better not be said. It advises and never stops (A5); only the send gate stops.

Which of them apply depends on the case: a plain enquiry is owed no apology. What we read in English only is checked in English only;
dates are read in other languages, too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from troth.cases.rules import checks_asked, checks_dates
from troth.cases.rules import checks_words as said
from troth.cases.rules.acknowledging import acknowledges
from troth.reading import NearKind, Reading, find_dues
from troth.reading.sentences import own_words, sentences
from troth.words.emotions import HURT, Emotion
from troth.words.hours import Hours
from troth.words.remedies import Remedy

#: An answer of fewer words is not finished enough to be told what it lacks.
WORDS_FOR_ADVICE = 8


#: Days whose end is still to come, of which one speaks as of what was.
_SO_FAR = frozenset({"today", "this morning", "this week", "this month"})


_OF_MONEY = frozenset({Remedy.REFUND, Remedy.COMPENSATION})


class Check(StrEnum):
    """In the order in which they are told."""

    RESPONSIBILITY = "responsibility"
    REPAIR = "repair"
    REGRET = "regret"
    REASON = "reason"
    NEVER_AGAIN = "never_again"
    FORGIVENESS = "forgiveness"
    DATE = "date"
    BLAME = "blame"
    EMPTY_APOLOGY = "empty_apology"
    VAGUE_TIME = "vague_time"
    PASSIVE = "passive"
    POLICY = "policy"
    UNKEEPABLE = "unkeepable"
    QUESTION = "question"
    REMEDY = "remedy"
    #: What the customer may take for a promise.
    OFFER = "offer"


#: What had better not be in a reply; of the others it is better to have them.
FAULTS = frozenset(
    {
        Check.FORGIVENESS,
        Check.BLAME,
        Check.EMPTY_APOLOGY,
        Check.VAGUE_TIME,
        Check.PASSIVE,
        Check.POLICY,
        Check.UNKEEPABLE,
        Check.OFFER,
    }
)


@dataclass(frozen=True)
class About:
    """What the customer raised and nobody has answered yet, as far as it was read."""

    is_complaint: bool = False
    #: What they show in what nobody has answered yet.
    emotion: Emotion | None = None
    remedies: tuple[Remedy, ...] = ()
    questions: tuple[str, ...] = ()
    #: What we answered in this case before: who has owned up once need not do so in every letter.
    said_before: str = ""
    #: A promise with a date stands in the case already.
    has_date: bool = False


@dataclass(frozen=True)
class Looked:
    """How a reply stands with one check."""

    check: Check
    is_well: bool
    #: The words it is about: of the reply, or the customer's question.
    quote: str = ""
    #: The day on which it cannot be kept, or what it asks for.
    about: str = ""


def look(text: str, about: About, *, read: Reading, now: datetime, hours: Hours) -> tuple[Looked, ...]:
    """How *text* stands with each check that applies, in their order. *read* is the reading of the text as an answer of ours."""
    own = own_words(text)
    if not own.strip():
        return ()
    near = next(iter(read.near_promises), None)
    offer = Looked(Check.OFFER, near is None, near.quote if near else "", near.kind.value if near else "")
    found = [offer, *_dated(own, about, read=read, now=now, hours=hours)]
    if is_all_checked(read):
        found += [*_wanted(own, about, read), *_faults(own), *_asked(own, about, read)]
    order = list(Check)
    return tuple(sorted(found, key=lambda one: order.index(one.check)))


def is_all_checked(read: Reading) -> bool:
    """Is the text in the language that all of the checks know?"""
    return read.language not in {"de", "es", "fr"}


def plain(looked: Sequence[Looked], *, dismissed: Collection[str] = ()) -> dict[str, list[str]]:
    """What is kept beside a reply that leaves: which checks stood well, which did not, which were waved off; no words of it."""
    return {
        "well": [one.check.value for one in looked if one.is_well],
        "not_well": [one.check.value for one in looked if not one.is_well],
        "dismissed": sorted(one.check.value for one in looked if not one.is_well and one.check in dismissed),
    }


def advice(looked: Sequence[Looked], text: str) -> tuple[Looked, ...]:
    """What there is to say while the text is written: of what is missing nothing before there is a sentence or two."""
    begun = len(text.split()) < WORDS_FOR_ADVICE
    return tuple(one for one in looked if not one.is_well and not (begun and one.check not in FAULTS | {Check.REGRET}))


def _wanted(own: str, about: About, read: Reading) -> list[Looked]:
    all_of_it = f"{about.said_before}\n{own}"
    found = []
    is_answer = about.is_complaint and not checks_asked.asks_back_only(own, read=read)
    if about.emotion in HURT or about.emotion is Emotion.JOY or is_answer:
        found.append(
            Looked(Check.REGRET, acknowledges(own if about.emotion else all_of_it, about.emotion or Emotion.SADNESS))
        )
    if not is_answer:
        return found
    return [
        *found,
        Looked(Check.RESPONSIBILITY, bool(said.RESPONSIBILITY.search(all_of_it))),
        Looked(Check.REPAIR, _repairs(all_of_it, read, about)),
        Looked(Check.REASON, bool(said.REASON.search(all_of_it))),
        Looked(Check.NEVER_AGAIN, bool(said.NEVER_AGAIN.search(all_of_it))),
    ]


def _repairs(text: str, read: Reading, about: About) -> bool:
    deeds = [promise for promise in read.promises if not promise.negative and not promise.vague]
    if {Remedy.CONTACT, Remedy.EXPLANATION} & set(about.remedies) and deeds:
        return True  # to hear from us is what they want
    if any(not said.ONLY_TOUCH.search(promise.what) for promise in deeds):
        return True
    if any(near.kind is NearKind.OFFER and not said.ONLY_TOUCH.search(near.quote) for near in read.near_promises):
        return True
    return _puts_right(text)


def _puts_right(text: str) -> bool:
    return any(
        said.REPAIR.search(one.text) and not said.REFUSED.search(one.text) and not one.text.startswith("Please")
        for one in sentences(text)
    )


def _faults(own: str) -> list[Looked]:
    everything = [one.text for one in sentences(own)]
    owns_up = bool(said.RESPONSIBILITY.search(own))
    asked = said.FORGIVENESS.search(own)
    found = [
        Looked(Check.FORGIVENESS, not asked or (owns_up and _puts_right(own)), asked[0] if asked else ""),
        _without(Check.BLAME, own, said.BLAME),
        _without(Check.EMPTY_APOLOGY, own, said.EMPTY_APOLOGY),
        _in_sentences(Check.VAGUE_TIME, everything, said.VAGUE_TIME, lambda one: not said.ASKED_OF_THEM.search(one)),
        _in_sentences(Check.POLICY, everything, said.POLICY, lambda one: bool(said.REFUSING.search(one))),
    ]
    # Whoever owns up elsewhere evades nothing.
    found.append(Looked(Check.PASSIVE, True) if owns_up else _without(Check.PASSIVE, own, said.PASSIVE))
    return found


def _without(check: Check, text: str, pattern: re.Pattern[str]) -> Looked:
    match = pattern.search(text)
    return Looked(check, match is None, " ".join(match[0].split()) if match else "")


def _in_sentences(
    check: Check, everything: Sequence[str], pattern: re.Pattern[str], is_one: Callable[[str], bool]
) -> Looked:
    for sentence in everything:
        if (match := pattern.search(sentence)) and is_one(sentence):
            return Looked(check, False, " ".join(match[0].split()))
    return Looked(check, True)


def _dated(own: str, about: About, *, read: Reading, now: datetime, hours: Hours) -> list[Looked]:
    found = []
    if about.is_complaint and not (is_all_checked(read) and checks_asked.asks_back_only(own, read=read)):
        has_date = about.has_date or any(promise.due for promise in read.promises) or bool(said.DONE.search(own))
        has_date = has_date or _names_a_day(own, now=now, hours=hours)
        found.append(Looked(Check.DATE, has_date))
    if any(promise.due for promise in read.promises):
        wrong = checks_dates.cannot_be_kept(read.promises, now=now, hours=hours)
        found.append(Looked(Check.UNKEEPABLE, wrong is None, wrong.quote if wrong else "", wrong.why if wrong else ""))
    return found


def _names_a_day(own: str, *, now: datetime, hours: Hours) -> bool:
    """Is any moment to come named, be it in words that are not read as a promise?"""
    dues = find_dues(own, at=now, hours=hours)
    return any(found.due.at > now and found.due.words.lower() not in _SO_FAR for found in dues)


def _asked(own: str, about: About, read: Reading) -> list[Looked]:
    found: list[Looked] = []
    if checks_asked.asks_back_only(own, read=read):
        return found
    questions = [question for question in about.questions if checks_asked.is_asked(question)]
    if questions:
        open_ = [question for question in questions if not checks_asked.is_answered(question, own, read=read)]
        found.append(Looked(Check.QUESTION, not open_, open_[0] if open_ else ""))
    named = [remedy for remedy in about.remedies if remedy in checks_asked.REMEDY_WORDS]
    if named:
        missing = [remedy for remedy in named if not _comes_back_to(remedy, own)]
        found.append(Looked(Check.REMEDY, not missing, about=missing[0].value if missing else ""))
    return found


def _comes_back_to(remedy: Remedy, own: str) -> bool:
    """Is it named, refused, or is something done that comes near it? Sums of money tell of money."""
    if checks_asked.REMEDY_WORDS[remedy].search(own) or said.REFUSED.search(own):
        return True
    return bool(said.MONEY.search(own)) if remedy in _OF_MONEY else _puts_right(own)
