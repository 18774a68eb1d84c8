"""Letters that rules lay down, at the desk: which can be chosen, what one lacks, what was sent, and when to think of one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from troth.cases.formal_sayings import (
    about_words,
    decision_words,
    formal_words,
    point_words,
    without_choices,
    without_words,
)
from troth.cases.models import Case, Reply
from troth.cases.rules import formal
from troth.cases.rules.formal import Chosen, Stands
from troth.clocks.queries import Beside
from troth.promises.letters import spoken
from troth.words.clocks import LIVE, Sort
from troth.words.formal import Decision, Formal, Point, Without
from troth.words.hours import Hours

TICK = "tick-"


def chosen_in(posted: Mapping[str, str]) -> Chosen | None:
    """What a form says of the letter that its answer is; None where that is nothing."""
    which, without = posted.get("formal", ""), posted.get("without", "")
    ticked = tuple(Point(point) for point in Point if posted.get(f"{TICK}{point.value}"))
    return chosen_of({"formal": which, "without": without, "ticked": ticked})


def chosen_of(plain: Mapping[str, Any] | None) -> Chosen | None:
    """The same as it was kept; what is not known is left out."""
    if not plain:
        return None
    which = plain.get("formal") if plain.get("formal") in set(Formal) else ""
    without = plain.get("without") if plain.get("without") in set(Without) else ""
    ticked = [point for point in plain.get("ticked", ()) if point in set(Point)]
    return Chosen.from_plain({"formal": which, "without": without, "ticked": ticked}) if which or without else None


def profile_in(clocks: Iterable[Beside], case: Case) -> tuple[str, Beside | None]:
    """The profile of DISP's under which the end of this complaint is awaited, and its clock; ("", None) where none is."""
    live = [clock for clock in clocks if clock.sort is Sort.RESOLUTION and clock.state in LIVE]
    clock = live[0] if live and case.kind == Case.Kind.COMPLAINT else None
    profile = (clock.profile or "") if clock else ""
    return (profile, clock) if formal.offered(profile, is_early=False, is_over=True) else ("", None)


def beside(
    case: Case,
    text: str,
    *,
    typed: Mapping[str, str],
    draft: Reply | None,
    enclosed: Iterable[str],
    hours: Hours,
    zone: str,
    now: datetime,
) -> dict[str, Any]:
    """The values of the case's page; *case* comes with its clocks and letters (queries.with_count)."""
    profile, clock = profile_in([Beside.from_plain(plain) for plain in case.clocks], case)  # type: ignore[attr-defined]
    chosen = chosen_in(typed) if typed else chosen_of(draft.formal if draft else None)
    sent = [_sent(plain, zone=zone) for plain in case.formal]  # type: ignore[attr-defined] # the same
    if clock is None:
        return {"formal": None, "formal_letter": None, "formal_sent": sent}
    over = clock.missed_at is not None or clock.due <= now or not _may_wait(clock, profile)
    early = clock.early_at is not None and clock.early_at > now
    offers = formal.offered(profile, is_early=early, is_over=over)
    has_holding = any(one["formal"] == Formal.HOLDING for one in sent)
    near = formal.is_near(started_at=clock.started_at, due=clock.due, now=now)
    return {
        "formal": {
            "value": chosen.formal.value if chosen and chosen.formal else "",
            "offers": [(one.value, formal_words(one)) for one in offers],
            "due": clock.due,
            "near": near and Formal.HOLDING in offers,
            "told": has_holding,
            "without": without_choices(),
        },
        "formal_letter": letter_values(text, chosen, profile=profile, enclosed=enclosed, hours=hours, now=now),
        "formal_sent": sent,
    }


def _may_wait(clock: Beside, profile: str) -> bool:
    """Whether a holding reply still gives time: for payments once, elsewhere as often as there is a reason."""
    return clock.can_be_longer or not formal.is_of_payments(profile)


def letter_values(
    text: str, chosen: Chosen | None, *, profile: str, enclosed: Iterable[str], hours: Hours, now: datetime
) -> dict[str, Any] | None:
    """The values of `cases/_formal.html`; None where the answer is no such letter."""
    if chosen is None or chosen.formal is None or not profile:
        return None
    of_payments = formal.is_of_payments(profile)
    letter = formal.look(
        text,
        chosen.formal,
        of_payments=of_payments,
        enclosed=enclosed,
        ticked=chosen.ticked,
        now=now,
        hours=hours,
    )
    points = sorted((_point(one) for one in letter.points), key=lambda point: point["there"])
    return {
        "words": formal_words(chosen.formal),
        "about": about_words(chosen.formal, of_payments=of_payments),
        "decision": decision_words(letter.decision) if letter.decision else None,
        "points": points,
        "missing": len(letter.missing),
        "all": "\n\n".join(point["suggestion"] for point in points if not point["there"] and point["suggestion"]),
        "without": without_choices(),
        "chosen_without": chosen.without.value if chosen.without else "",
    }


def _point(one: Stands) -> dict[str, Any]:
    return {
        "name": f"{TICK}{one.point.value}",
        "words": point_words(one.point),
        "there": one.is_there,
        "found": one.is_found,
        "ticked": one.is_ticked,
        "quote": one.quote,
        "suggestion": "" if one.is_found else formal.sentence_for(one.point),
    }


def _sent(plain: Mapping[str, Any], *, zone: str) -> dict[str, Any]:
    """A letter that was sent, or why the complaint ended without one."""
    points = [Point(point) for point in f"{plain['found']} {plain['ticked']}".split()]
    until = datetime.fromisoformat(plain["until"]) if plain["until"] else None
    return {
        "formal": plain["formal"],
        "words": formal_words(Formal(plain["formal"])) if plain["formal"] else "",
        "decision": decision_words(Decision(plain["decision"])) if plain["decision"] else None,
        "message": plain["message"],
        "who": plain["who"],
        "at": datetime.fromisoformat(plain["at"]),
        "made": len(points),
        "of": len(points) + len(plain["missing"].split()),
        "ticked": [point_words(Point(point)) for point in plain["ticked"].split()],
        "missing": [point_words(Point(point)) for point in plain["missing"].split()],
        "without": without_words(Without(plain["without"])) if plain["without"] else None,
        "until": spoken(until, zone) if until else None,
    }
