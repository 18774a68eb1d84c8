"""The list of promises: by filter, the newest date first, with the rates of the same choice above it."""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode

from django.core.cache import caches
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from troth.people.doors import staff_door
from troth.people.models import Staff
from troth.people.queries import sight_of, staff_choices, teams, within_sight
from troth.people.rules.roles import May
from troth.people.shell import desk_values, local_time, staff_of, typed
from troth.promises import queries
from troth.promises.desk.saying import figures, method, shown
from troth.promises.models import Promise
from troth.promises.rules.rates import Tally
from troth.promises.sayings import told_apart
from troth.words.promises import State

PAGE = 50
SPANS = {"week": timedelta(days=7), "month": timedelta(days=30), "quarter": timedelta(days=90)}


@staff_door(May.READ)
def promises_list(request: HttpRequest) -> HttpResponse:
    """Promises by filter, the newest date first, with the rates of the same choice above them."""
    now = timezone.now()
    chosen = {name: typed(request.GET, name) for name in ("state", "owner", "team", "due", "made", "search")}
    only = within_sight(staff_of(request)) & _only(staff_of(request), chosen, now=now)
    rows = list(
        Promise.objects.filter(only, _state(chosen["state"]), _older_than(request.GET.get("older", "")))
        .select_related("customer", "owner")
        .only(*SHOWN)
        .order_by("-made_at", "-pk")[: PAGE + 1]
    )
    tally = _tally(staff_of(request), chosen, only=only, now=now)
    values = desk_values(
        request,
        now=now,
        figures=figures(tally, window=_("last 90 days")),
        method=method(),
        states=_state_chips(chosen),
        filters=chosen,
        filtered=any(chosen.values()),
        owners=[("", _("Anyone")), ("none", _("Nobody yet")), *((s.pk, s.name) for s in staff_choices())],
        teams=[("", _("Any team")), *((team.pk, team.name) for team in teams())],
        dues=[
            ("", _("Any time")),
            ("past", _("In the past")),
            ("week", _("Within a week")),
            ("month", _("Within 30 days")),
        ],
        mades=[
            ("", _("Any time")),
            ("week", _("In the last week")),
            ("month", _("In the last 30 days")),
            ("quarter", _("In the last 90 days")),
        ],
        promises=told_apart([shown(promise) for promise in rows[:PAGE]]),
        pages=_pages(request, rows, chosen),
    )
    return render(request, "promises/list.html", values)


#: What a row shows; `shown` reads nothing else.
SHOWN = (
    "source_quote", "what", "due", "state", "done_at", "settled_at", "moves", "strength", "warned_at", "escalated_at", "telling_at",
    "made_at", "customer__name", "customer__erased_at", "owner__name",
)  # fmt: skip


def _tally(staff: Staff, chosen: dict[str, str], *, only: Q, now: datetime) -> Tally:
    """The rates of what was chosen, a minute old at most: they move slowly and are dear to count. The state plays no part."""
    chosen_but_state = {**chosen, "state": ""}
    key = f"promises.tally.{sha256(repr((sight_of(staff), chosen_but_state)).encode()).hexdigest()}"
    found: Tally | None = caches["process"].get(key)
    if found is None:
        found = queries.tally(queries.Window(since=now - SPANS["quarter"], until=now), now=now, only=only)
        caches["process"].set(key, found, 60)
    return found


#: What finds promises by their words, and customers by their names; it stands above this room and is looked up late.
FINDER = "troth.search.queries.promised"


def _only(staff: Staff, chosen: dict[str, str], *, now: datetime) -> Q:
    only = Q()
    if chosen["owner"] == "none":
        only &= Q(owner=None)
    elif chosen["owner"].isdecimal():
        only &= Q(owner_id=int(chosen["owner"][:18]))
    if chosen["team"].isdecimal():
        only &= Q(team_id=int(chosen["team"][:18]))
    if chosen["due"] == "past":
        only &= Q(due__lt=now)
    elif chosen["due"] in SPANS:
        only &= Q(due__gte=now, due__lt=now + SPANS[chosen["due"]])
    if chosen["made"] in SPANS:
        only &= Q(made_at__gte=now - SPANS[chosen["made"]])
    if search := chosen["search"].strip():
        held, whose = import_string(FINDER)(staff, search, now=now)
        only &= Q(pk__in=held) | Q(customer__in=whose)
    return only


def _state(state: str) -> Q:
    return Q(state=state) if state in set(State) else Q()


def _older_than(mark: str) -> Q:
    """Keyset paging: what was made before the last row shown."""
    at, _sep, number = mark.partition("~")
    made_at = local_time(at, "UTC")
    if made_at is None or not number.isdecimal():
        return Q()
    return Q(made_at__lt=made_at) | Q(made_at=made_at, pk__lt=int(number[:18]))


def _pages(request: HttpRequest, rows: list[Promise], chosen: dict[str, str]) -> dict[str, Any] | None:
    older = len(rows) > PAGE
    paged = bool(request.GET.get("older"))
    if not older and not paged:
        return None
    kept = {name: value for name, value in chosen.items() if value}
    page = reverse("promises:list")
    last = rows[PAGE - 1] if older else None
    return {
        "words": "",
        "newer": f"{page}?{urlencode(kept)}" if paged else None,
        "older": f"{page}?{urlencode({**kept, 'older': f'{last.made_at.isoformat()}~{last.pk}'})}" if last else None,
    }


def _state_chips(chosen: dict[str, str]) -> list[dict[str, Any]]:
    page = reverse("promises:list")
    rest = {name: value for name, value in chosen.items() if value and name != "state"}
    named = [
        ("", _("All")),
        ("open", _("Open")),
        ("armed", _("Armed")),
        ("kept", _("Kept")),
        ("moved", _("Moved")),
        ("late", _("Late")),
        ("broken", _("Broken")),
        ("proposed", _("Proposed")),
        ("released", _("Released")),
        ("void", _("Void")),
    ]
    return [
        {
            "words": words,
            "href": f"{page}?{urlencode({**rest, **({'state': state} if state else {})})}",
            "here": chosen["state"] == state,
            "state": state or None,
        }
        for state, words in named
    ]
