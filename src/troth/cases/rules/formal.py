"""Does a letter say what the rules ask of it? The final response, holding reply and summary resolution of the UK's DISP 1; pure.

FCA Handbook: DISP 1.4.1R (fair, clear and not misleading), 1.5.4R (summary resolution communication), 1.6.2R (final response, and the
holding reply at eight weeks), 1.6.2AR (payment services: a holding reply within 15 business days, final response within 35), and
DISP 1 Annex 3R, whose wording about the time limits is offered as it stands.

Each point is found in the words, or was ticked by whoever writes: they know what stands in a file, and what no rule of ours reads.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from troth.cases.rules import checks_words
from troth.cases.rules import formal_words as said
from troth.cases.rules.blanks import blanks_in
from troth.clocks.rules.profiles import DISP, Profile
from troth.reading import find_dues
from troth.reading.sentences import own_words, sentences
from troth.words.formal import Decision, Formal, Point, Without
from troth.words.hours import Hours

#: The mean of plain letters is below this (Cutts, Oxford Guide to Plain English: 15 to 20), and none is longer than that.
WORDS_A_SENTENCE_MEAN_MAX = 25
WORDS_A_SENTENCE_MAX = 45
#: So much of its time is left when a holding reply is thought of.
NEAR = 0.25

_LATER = (Point.REFER, Point.LEAFLET, Point.WEBSITE)
_ALWAYS: Mapping[Formal, tuple[Point, ...]] = {
    Formal.FINAL: (Point.DECISION, *_LATER, Point.SIX_MONTHS, Point.WAIVER, Point.PLAIN_WORDS),
    Formal.HOLDING: (Point.WHY_LONGER, Point.BY_WHEN, *_LATER, Point.PLAIN_WORDS),
    Formal.SUMMARY: (Point.RESOLVED, Point.REFER, Point.SIX_MONTHS, Point.WAIVER, Point.WEBSITE, Point.MORE),
}
#: DISP 1.6.2AR asks of a holding reply about payments its reasons and its deadline; the ombudsman comes with the final response.
_OF_PAYMENTS = (Point.WHY_LONGER, Point.BY_WHEN, Point.PLAIN_WORDS)
_OF_DECISION: Mapping[Decision | None, tuple[Point, ...]] = {
    Decision.ACCEPTS: (Point.REDRESS,),
    Decision.OFFERS: (Point.REDRESS,),
    Decision.IN_PART: (Point.REDRESS, Point.REASONS),
    Decision.REJECTS: (Point.REASONS,),
}


@dataclass(frozen=True)
class Chosen:
    """What a writer says of a letter: which it is, which points it makes that we do not see, and why it leaves without the rest."""

    #: None: an answer like any other, which ends the matter.
    formal: Formal | None
    ticked: tuple[Point, ...] = ()
    without: Without | None = None

    def to_plain(self) -> dict[str, Any]:
        return {
            "formal": self.formal.value if self.formal else "",
            "ticked": [point.value for point in self.ticked],
            "without": self.without.value if self.without else "",
        }

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Chosen:
        """What `to_plain` wrote; raises ValueError where something in it is not known."""
        return cls(
            formal=Formal(plain["formal"]) if plain.get("formal") else None,
            ticked=tuple(Point(point) for point in dict.fromkeys(plain.get("ticked", ()))),
            without=Without(plain["without"]) if plain.get("without") else None,
        )


@dataclass(frozen=True)
class Stands:
    """How a letter stands with one point."""

    point: Point
    is_found: bool
    is_ticked: bool = False
    #: The words in which it was found, or what is not plain.
    quote: str = ""

    @property
    def is_there(self) -> bool:
        return self.is_found or self.is_ticked


@dataclass(frozen=True)
class Letter:
    """A letter held against what it must say."""

    formal: Formal
    points: tuple[Stands, ...]
    decision: Decision | None = None
    #: By when a holding reply says that the final response comes.
    until: datetime | None = None
    missing: tuple[Point, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "missing", tuple(one.point for one in self.points if not one.is_there))

    @property
    def found(self) -> tuple[Point, ...]:
        return tuple(one.point for one in self.points if one.is_found)

    @property
    def ticked(self) -> tuple[Point, ...]:
        """What only its writer says; a tick beside what we found ourselves says nothing more."""
        return tuple(one.point for one in self.points if one.is_ticked and not one.is_found)


def look(
    text: str,
    formal: Formal,
    *,
    of_payments: bool = False,
    enclosed: Iterable[str] = (),
    ticked: Collection[Point] = (),
    now: datetime,
    hours: Hours,
) -> Letter:
    """How *text* stands with each point that a letter of this sort must make. *enclosed* are the names of the files with it."""
    ready = _ready_sentences(text)
    until = _until(ready, now=now, hours=hours) if formal is Formal.HOLDING else None
    decision = decision_in(ready) if formal is Formal.FINAL else None
    asked: Sequence[Point] = _OF_PAYMENTS if formal is Formal.HOLDING and of_payments else _ALWAYS[formal]
    asked = [*asked, *_OF_DECISION.get(decision, ())]
    own = _Own(ready, names=tuple(enclosed), decision=decision, until=until)
    order = list(Point)
    points = []
    for point in sorted(asked, key=order.index):
        quote = _FIND[point](own)
        is_found = not quote if point is Point.PLAIN_WORDS else quote is not None
        points.append(Stands(point, is_found, point in ticked, _short(quote or "")))
    return Letter(formal, tuple(points), decision, until)


def decision_in(ready: Sequence[str]) -> Decision | None:
    """What these sentences decide; None where they do not say."""
    denies = (said.REJECTS, said.WITHOUT_ACCEPTING)
    accepts = any(said.ACCEPTS.search(one) and not any(no.search(one) for no in denies) for one in ready)
    rejects = any(said.REJECTS.search(one) for one in ready)
    offers = any(said.OFFERS.search(one) for one in ready)
    if any(said.IN_PART.search(one) for one in ready) or (accepts and rejects):
        return Decision.IN_PART
    if offers and not accepts:
        return Decision.OFFERS
    if rejects:
        return Decision.REJECTS
    return Decision.ACCEPTS if accepts else None


def offered(profile: str, *, is_early: bool, is_over: bool) -> tuple[Formal, ...]:
    """Which letters can be written in a complaint under *profile*: none where it is no profile of DISP's.

    *is_early*: its third business day is not over. *is_over*: its end is past, or was reached.
    """
    if profile not in DISP:
        return ()
    return (Formal.FINAL, *(() if is_over else (Formal.HOLDING,)), *((Formal.SUMMARY,) if is_early else ()))


def is_of_payments(profile: str) -> bool:
    return profile == Profile.FCA_DISP_PAYMENTS


def is_near(*, started_at: datetime, due: datetime, now: datetime) -> bool:
    """So little time is left that a holding reply is to be thought of."""
    return due > now >= due - (due - started_at) * NEAR


#: Stands for each character of a place that is still to be filled in.
_OPEN = "\ufffc"


class _Own:
    """The sentences of a letter that say something already, and what is known besides."""

    def __init__(
        self, ready: Sequence[str], *, names: Sequence[str], decision: Decision | None, until: datetime | None
    ) -> None:
        self.sentences, self.names, self.decision, self.until = ready, names, decision, until

    def first(self, *patterns: re.Pattern[str]) -> str | None:
        """The first sentence in which all of these are found."""
        return next((one for one in self.sentences if all(pattern.search(one) for pattern in patterns)), None)


def _ready_sentences(text: str) -> list[str]:
    for place in blanks_in(text):
        text = text.replace(place, _OPEN * len(place))
    return [one.text for one in sentences(own_words(text)) if _OPEN not in one.text]


def _until(ready: Sequence[str], *, now: datetime, hours: Hours) -> datetime | None:
    for one in ready:
        if said.OUR_ANSWER.search(one):
            for found in find_dues(one, at=now, hours=hours):
                if found.due.at > now:
                    return found.due.at
    return None


def _decided(own: _Own) -> str | None:
    if own.decision is None:
        return None
    return next(
        (
            one
            for one in own.sentences
            if any(pattern.search(one) for pattern in (said.ACCEPTS, said.REJECTS, said.OFFERS))
        ),
        "",
    )


def _resolved(own: _Own) -> str | None:
    return own.first(said.RESOLVED) if own.first(said.COMPLAINED) else None


def _why_longer(own: _Own) -> str | None:
    if own.first(said.NOT_YET) is None:
        return None
    return own.first(said.NOT_YET, said.WHY_LONGER) or own.first(said.WHY_LONGER)


def _by_when(own: _Own) -> str | None:
    return None if own.until is None else ""


def _refer(own: _Own) -> str | None:
    found = [
        one for one in own.sentences if said.OMBUDSMAN.search(one) and said.REFER.search(one) and said.YOU.search(one)
    ]
    return next((one for one in found if not said.NOT_TO.search(one)), None)


def _leaflet(own: _Own) -> str | None:
    if name := next((name for name in own.names if said.LEAFLET_FILE.search(name)), None):
        return name
    return own.first(said.LEAFLET_LINK)


def _not_plain(own: _Own) -> str | None:
    """What stands in the way of plain words: a word of lawyers, or a sentence nobody reads to its end."""
    for one in own.sentences:
        if match := said.LEGALESE.search(one):
            return match[0]
    counted = sorted(((len(one.split()), one) for one in own.sentences), reverse=True)
    if counted and counted[0][0] > WORDS_A_SENTENCE_MAX:
        return counted[0][1]
    if len(counted) > 1 and sum(count for count, _one in counted) / len(counted) > WORDS_A_SENTENCE_MEAN_MAX:
        return counted[0][1]
    return None


_FIND = {
    Point.RESOLVED: _resolved,
    Point.DECISION: _decided,
    Point.REDRESS: lambda own: own.first(said.REDRESS),
    Point.REASONS: lambda own: own.first(checks_words.REASON),
    Point.WHY_LONGER: _why_longer,
    Point.BY_WHEN: _by_when,
    Point.REFER: _refer,
    Point.SIX_MONTHS: lambda own: own.first(said.SIX_MONTHS),
    Point.WAIVER: lambda own: own.first(said.WAIVER),
    Point.LEAFLET: _leaflet,
    Point.WEBSITE: lambda own: own.first(said.WEBSITE),
    Point.MORE: lambda own: own.first(said.MORE),
    Point.PLAIN_WORDS: _not_plain,
}


def _short(quote: str) -> str:
    words = quote.split()
    return " ".join(words if len(words) <= 16 else [*words[:15], "…"])


def sentence_for(point: Point) -> str:
    """A sentence that makes this point, to put in; empty where there is none to offer.

    What the rules word themselves is theirs (DISP 1 Annex 3R, of a firm that does not consent to waive the six months).
    """
    return _SENTENCES.get(point, "")


_SENTENCES = {
    Point.RESOLVED: "You complained to us about [[what]]. We now consider your complaint to be resolved, as you told us.",
    Point.DECISION: "[[We accept your complaint. / We reject your complaint. / We offer this without accepting your complaint.]]",
    Point.REDRESS: "To put this right we will pay you [[how much]] by [[the day]].",
    Point.REASONS: "We decided this because [[the reasons]].",
    Point.WHY_LONGER: "We cannot give you our final response yet because [[the reason]].",
    Point.BY_WHEN: "You will have our final response by [[the day]].",
    Point.REFER: "If you are not satisfied, you may now refer your complaint to the Financial Ombudsman Service.",
    Point.SIX_MONTHS: (
        "You have the right to refer your complaint to the Financial Ombudsman Service, free of charge – but you must do so "
        "within six months of the date of this letter."
    ),
    Point.WAIVER: (
        "If you do not refer your complaint in time, the Ombudsman will not have our permission to consider your complaint and so "
        "will only be able to do so in very limited circumstances. For example, if the Ombudsman believes that the delay was as a "
        "result of exceptional circumstances."
    ),
    Point.LEAFLET: (
        "The leaflet of the Financial Ombudsman Service is here: https://www.financial-ombudsman.org.uk/consumer-leaflet"
    ),
    Point.WEBSITE: "The website of the Financial Ombudsman Service is www.financial-ombudsman.org.uk.",
    Point.MORE: "More information is on the website of the Financial Ombudsman Service.",
}
