"""The board: remedies by state, the newest first, with what they come to in each currency."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from troth.people.doors import staff_door
from troth.people.rules.roles import May
from troth.people.shell import desk_values, local_time, staff_of, typed
from troth.remedies import queries
from troth.remedies.desk.saying import shown
from troth.remedies.models import Remedy
from troth.remedies.sayings import money_words, sort_choices, state_words
from troth.words.remedies import OWED, State
from troth.words.remedies import Remedy as Sort

PAGE = 50
FILTERS = ("state", "sort", "how", "search")
#: Chips, in the order of a remedy's life; "owed" is what is accepted, due or missed.
CHIPS = ("", "sought", "waiting", "offered", "owed", "missed", "given", "declined", "withdrawn")


@staff_door(May.READ)
def board(request: HttpRequest) -> HttpResponse:
    now, staff = timezone.now(), staff_of(request)
    chosen = {name: typed(request.GET, name).strip() for name in FILTERS}
    rows = queries.seen_by(staff).filter(_only(chosen))
    page = rows.filter(_state(chosen["state"]), _older_than(typed(request.GET, "older")))
    found = list(page.select_related("customer", "promise").order_by("-made_at", "-pk")[: PAGE + 1])
    counted: list[Any] = list(rows.order_by().values("state", "currency").annotate(n=Count("pk"), sum=Sum("amount")))
    values = desk_values(
        request,
        now=now,
        chips=_chips(chosen, counted),
        totals=_totals(counted),
        remedies=[shown(row) for row in found[:PAGE]],
        filters=chosen,
        filtered=any(chosen.values()),
        sorts=[("", _("Any sort")), *sort_choices()],
        hows=[("", _("However it came")), ("standard", _("Raised by a standard")), ("staff", _("Offered by staff"))],
        pages=_pages(found, chosen, paged=bool(request.GET.get("older"))),
    )
    return render(request, "remedies/board.html", values)


def _only(chosen: dict[str, str]) -> Q:
    only = Q()
    if chosen["sort"] in set(Sort):
        only &= Q(sort=chosen["sort"])
    if chosen["how"] == "standard":
        only &= ~Q(standard="")
    elif chosen["how"] == "staff":
        only &= Q(standard="")
    if words := chosen["search"][:100]:
        only &= Q(what__icontains=words) | Q(customer__name__icontains=words) | Q(proof_reference=words)
    return only


def _state(state: str) -> Q:
    if state == "owed":
        return Q(state__in=sorted(OWED))
    return Q(state=state) if state in set(State) else Q()


def _older_than(mark: str) -> Q:
    """Keyset paging: what was made before the last row shown."""
    at, _sep, number = mark.partition("~")
    made_at = local_time(at, "UTC")
    if made_at is None or not number.isdecimal():
        return Q()
    return Q(made_at__lt=made_at) | Q(made_at=made_at, pk__lt=int(number[:18]))


def _pages(rows: list[Remedy], chosen: dict[str, str], *, paged: bool) -> dict[str, Any] | None:
    older = len(rows) > PAGE
    if not older and not paged:
        return None
    kept = {name: value for name, value in chosen.items() if value}
    last = rows[PAGE - 1] if older else None
    return {
        "words": "",
        "newer": _href(kept) if paged else None,
        "older": _href({**kept, "older": f"{last.made_at.isoformat()}~{last.pk}"}) if last else None,
    }


def _href(kept: dict[str, str]) -> str:
    return f"{reverse('remedies:board')}?{urlencode(kept)}"


def _chips(chosen: dict[str, str], counted: list[Any]) -> list[dict[str, Any]]:
    rest = {name: value for name, value in chosen.items() if value and name != "state"}
    return [
        {
            "words": _("All") if not state else _("Owed") if state == "owed" else state_words(state),
            "href": _href({**rest, **({"state": state} if state else {})}),
            "here": chosen["state"] == state,
            "count": sum(one["n"] for one in counted if _is_of(one["state"], state)),
        }
        for state in CHIPS
    ]


def _is_of(state: str, chip: str) -> bool:
    return chip in {"", state} or (chip == "owed" and state in OWED)


#: What is told beside each other in one currency.
SUMS = {
    "offered": frozenset({State.OFFERED}),
    "owed": OWED,
    "missed": frozenset({State.MISSED}),
    "given": frozenset({State.GIVEN}),
}


def _totals(counted: list[Any]) -> list[dict[str, Any]]:
    """Money alone: for each currency what is on offer, owed, missed and given, with how many that are."""
    lines = []
    for currency in sorted({one["currency"] for one in counted} - {""}):
        line: dict[str, Any] = {"currency": currency}
        for name, states in SUMS.items():
            some = [one for one in counted if one["currency"] == currency and one["state"] in states]
            total = sum((one["sum"] for one in some), Decimal(0))
            line[name] = money_words(total, currency) if some else ""
            line[f"{name}_n"] = sum(one["n"] for one in some)
        lines.append(line)
    return lines
