"""One promise, with its history and what can be done about it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from troth.people.doors import staff_door
from troth.people.queries import hours_of
from troth.people.rules.roles import May
from troth.people.shell import desk_values, page_of, staff_of
from troth.promises import queries
from troth.promises.desk.saying import reason_choices, shown
from troth.promises.history import history
from troth.promises.letters import spoken
from troth.promises.models import Promise
from troth.promises.rules.due import MOVES_MAX
from troth.promises.sayings import strength_words
from troth.reading.offer import three_dates
from troth.words.promises import Sort, State
from troth.words.refs import NotAReference, number_of, ref


@staff_door(May.READ)
def promise_page(request: HttpRequest, pk: int) -> HttpResponse:
    return shown_page(request, queries.promise_for(staff_of(request), pk))


def shown_page(request: HttpRequest, promise: Promise, *, status: int = 200, **said: dict[str, Any]) -> HttpResponse:
    """The page of one promise, with what was typed into a form that was refused."""
    now = timezone.now()
    staff = staff_of(request)
    forms: dict[str, Any] = {
        "move": {
            "errors": [],
            "due": "",
            "offer": "",
            "words": move_words(),
            "reason": "",
            "reasons": [("", _("No reason given")), *reason_choices()],
            "offers": _offers(promise, now=now, zone=staff.zone),
            "third": promise.moves + 1 >= MOVES_MAX and promise.state != State.LATE,
            "open": False,
        },
        "open_up": {
            "errors": [],
            "due": "",
            **_opening(promise, now=now, zone=staff.zone),
            "armed": promise.state == State.ARMED,
            "open": False,
        },
        "void": {"errors": [], "reason": "", "open": False},
        "release": {"errors": [], "words": "", "open": False},
    }
    for name, values in said.items():
        forms[name].update(values)
    values = desk_values(
        request,
        now=now,
        p=_whole(promise, zone=staff.zone),
        source=_source(promise),
        events=history(ref("promise", promise.pk), zone=staff.zone),
        can=can_do(promise, may_lead=staff.may(May.LEAD), may_answer=staff.may(May.ANSWER)),
        **forms,
    )
    values["p"]["mine"] = promise.owner_id == staff.pk
    return render(request, "promises/promise.html", values, status=status)


def _whole(promise: Promise, *, zone: str) -> dict[str, Any]:
    customer = promise.customer
    reasons_said = dict(reason_choices())
    return {
        **shown(promise),
        "first_due": promise.first_due,
        "strength": strength_words(promise.strength),
        "made_at": promise.made_at,
        "made_by": promise.owner.name if promise.owner else _("us"),
        "team": promise.team.name if promise.team else None,
        "condition": promise.condition or None,
        "calendar": promise.zone.replace("_", " "),
        "told_by": promise.told_by if promise.is_owed and promise.state != State.LATE else None,
        "notice": _("Words that arrive by then let a new date count as moved."),
        "miss_reason": reasons_said.get(promise.miss_reason) or promise.reason or None,
        "customer": {
            "name": str(customer) if customer else _("The public"),
            "href": page_of(ref("customer", customer.root_pk)) if customer else reverse("promises:list"),
        },
        "case": _case(promise),
        # What else it belongs to: an incident, an order; a page of its own.
        "about": None if promise.about.startswith("case:") else page_of(promise.about) or None,
    }


def _case(promise: Promise) -> dict[str, Any] | None:
    try:
        number = number_of(promise.about, "case")
    except NotAReference:
        return None
    return {"number": number, "href": page_of(promise.about)}


def _source(promise: Promise) -> dict[str, Any] | None:
    href = page_of(promise.source)
    if not href or not promise.source_quote:
        return None
    return {
        "before": "",
        "marked": promise.source_quote,
        "after": "",
        "href": href,
        "at": promise.said_at,
        "who": promise.owner.name if promise.owner else _("ours"),
    }


def can_do(promise: Promise, *, may_answer: bool, may_lead: bool) -> list[str]:
    if not may_answer or promise.done_at or promise.settled_at:
        return []
    if promise.sort == Sort.NOT_AGAIN:  # the watch it belongs to says what becomes of it
        return ["own"]
    waits = promise.state in {State.ARMED, State.PROPOSED}
    can = ["own", "release"]
    can += ["confirm"] if waits else ["keep", "move"]
    return [*can, "void"] if may_lead or promise.state == State.PROPOSED else can


def _offers(promise: Promise, *, now: datetime, zone: str) -> list[dict[str, str]]:
    """Dates to give with one key: later than the one they replace."""
    since = max(now, promise.due or now)
    offered = three_dates(since, hours_of(promise.team_id))
    return [_offer(offer.at, zone) for offer in offered if offer.at > since]


def _opening(promise: Promise, *, now: datetime, zone: str) -> dict[str, Any]:
    """By when it is owed from now on: its own date, chosen already, where it has one ahead, and three that can be kept."""
    if promise.state not in {State.ARMED, State.PROPOSED}:
        return {"offers": [], "offer": ""}
    own = [promise.due] if promise.due and promise.due > now else []
    offered = [offer.at for offer in three_dates(now, hours_of(promise.team_id))]
    offers = [_offer(at, zone) for at in [*own, *(at for at in offered if at not in own)]]
    return {"offers": offers, "offer": offers[0]["value"] if own else ""}


def _offer(at: datetime, zone: str) -> dict[str, str]:
    return {"value": at.isoformat(), "words": spoken(at, zone)}


def move_words() -> str:
    """How the letter begins; the writer finishes the sentence."""
    return _("We know you counted on it. What held us up: ")
