"""A whole search, for the page and for programs: what was found, gathered by case, a page of it with its words."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from troth.people.models import Staff
from troth.search import queries
from troth.search.models import PassageSort
from troth.search.queries import CaseFound, CustomerFound, Excerpt, Narrowed, Place
from troth.search.queries.shown import Choices
from troth.search.rules.asked import Asked

#: Cases on one page, and so many places of each with their words.
PAGE = 20
EACH_MOST = 3
#: Of what was found in one case each further place counts so much of the one before.
FURTHER = 0.25
#: A count is told up to here.
COUNTED_MOST = 1000


@dataclass(frozen=True)
class Group:
    """A case with what was found in it, or a promise that stands in none."""

    case: CaseFound | None
    excerpts: list[Excerpt]
    #: Places beyond those that are shown.
    more: int = 0


@dataclass(frozen=True)
class Results:
    groups: list[Group] = field(default_factory=list)
    customers: list[CustomerFound] = field(default_factory=list)
    #: The cases, and promises outside of any, in which the words stand, as far as was looked.
    count: int = 0
    #: There are more than that.
    is_cut: bool = False
    #: Where the next page begins: its number when ranked, a moment when the newest come first.
    next_page: int | None = None
    older_than: datetime | None = None
    #: Every word is one that stands everywhere, in some tongue.
    only_common: bool = False
    #: Whose cases can be asked for, where that was wanted.
    owners: Choices = field(default_factory=list)
    teams: Choices = field(default_factory=list)


def find(
    staff: Staff,
    asked: Asked,
    narrowed: Narrowed,
    *,
    newest_first: bool = False,
    page: int = 1,
    with_customers: bool = True,
    with_passages: bool = True,
    with_choices: bool = False,
    now: datetime,
) -> Results:
    """What *staff* may see of what answers *asked*, and with it whose cases can be asked for, in four statements at most."""
    question = queries.understood(asked) if with_passages else queries.Question("")
    found = queries.found(staff, question, narrowed, newest_first=newest_first, now=now)
    gathered = _gathered(found.places, newest_first=newest_first)
    shown = gathered[(page - 1) * PAGE : page * PAGE]
    first = page == 1 and not narrowed.is_narrow
    customers = queries.customers(staff, asked.names) if with_customers and first else []
    # The case that was asked for by its number, and the latest of who was asked for by name, stand before what holds the words.
    named = [asked.number] if asked.number and first else []
    named += [number for customer in customers[:2] for number in customer.cases]
    numbers = [places[0].case_id for places in shown if places[0].case_id is not None]
    told = queries.shown(
        staff,
        numbers=list(dict.fromkeys([*named, *numbers])),
        question=question,
        refs=[place.ref for places in shown for place in places[:EACH_MOST]],
        with_choices=with_choices,
    )
    rows = told.cases
    groups = [_group(places, rows, told.excerpts) for places in shown]
    before = [Group(rows[number], []) for number in dict.fromkeys(named) if number in rows and number not in numbers]
    more = len(gathered) > page * PAGE
    return Results(
        groups=[*before, *(group for group in groups if group.case or group.excerpts)],
        customers=customers,
        count=len(gathered) + len(before),
        is_cut=found.is_cut,
        next_page=page + 1 if more and not newest_first else None,
        older_than=shown[-1][0].at if shown and newest_first and (more or found.is_cut) else None,
        only_common=question.is_common,
        owners=told.owners,
        teams=told.teams,
    )


def _gathered(places: list[Place], *, newest_first: bool) -> list[list[Place]]:
    """The places of each case together, the cases in the order of what they hold."""
    together: dict[str, list[Place]] = {}
    for place in places:
        together.setdefault(f"case:{place.case_id}" if place.case_id else place.ref, []).append(place)
    groups = list(together.values())
    if newest_first:
        return groups
    return sorted(groups, key=_weight, reverse=True)


def _weight(places: list[Place]) -> float:
    best = sorted((place.score for place in places), reverse=True)[:4]
    return sum(score * FURTHER**nth for nth, score in enumerate(best))


def _group(places: list[Place], rows: dict[int, CaseFound], texts: dict[str, Excerpt]) -> Group:
    case = rows.get(places[0].case_id) if places[0].case_id else None
    excerpts = [texts[place.ref] for place in places[:EACH_MOST] if place.ref in texts]
    # Where the subject is all that was found it stands in the row's own title, marked there.
    return Group(case, excerpts, more=len(places) - len(excerpts))


def parts(text: str) -> list[tuple[str, bool]]:
    """An excerpt in pieces, each with whether it was found; so that a page escapes them one by one."""
    pieces: list[tuple[str, bool]] = []
    for nth, piece in enumerate(text.split(queries.HIT_FROM)):
        hit, _to, rest = piece.partition(queries.HIT_TO) if nth else ("", "", piece)
        pieces += [(hit, True), (rest, False)]
    return [(words, is_hit) for words, is_hit in pieces if words]


def sorts_of(where: str) -> tuple[PassageSort, ...]:
    """The passages looked through where only some things are; empty: all."""
    return {
        "messages": (PassageSort.MESSAGE, PassageSort.SUBJECT),
        "notes": (PassageSort.NOTE,),
        "promises": (PassageSort.PROMISE,),
    }.get(where, ())
