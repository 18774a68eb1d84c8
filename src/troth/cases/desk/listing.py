"""The list of cases."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from troth.cases import queries
from troth.cases.chosen import COLUMNS, COUNT_MOST, Mark, chosen, counts
from troth.cases.desk import bulk, filtering
from troth.cases.desk.snoozing import snooze_reasons
from troth.cases.queries import Beside
from troth.cases.rules.filters import BUILT_IN, Order, filters_from
from troth.cases.sayings import reasons
from troth.people.doors import staff_door
from troth.people.pressed import page_name
from troth.people.rules.roles import May
from troth.people.shell import desk_values, local_time, page_of, staff_of
from troth.words.refs import ref

PAGE = 50


@staff_door(May.READ)
def cases_list(request: HttpRequest) -> HttpResponse:
    staff, now = staff_of(request), timezone.now()
    beside = queries.beside_list(staff)
    saved = _saved(request, beside)
    filters = filtering.asked_for(request.GET, saved)
    after = _mark(request.GET.get("older", ""))
    found = queries.rows(staff, chosen(filters, staff=staff, now=now, after=after, most=PAGE + 1), most=PAGE + 1)
    number = saved.pk if saved else None
    here = filtering.address(filters, saved=number)
    older = f"{here}&older={_words_of(found[PAGE - 1], filters.order)}" if len(found) > PAGE else None

    def by(order: Order) -> str:
        return filtering.address(replace(filters, order=order), saved=number)

    explicit = filtering.is_explicit(request.GET)
    values = desk_values(
        request,
        now=now,
        views=views_shown(request, beside),
        counted=False,
        counts_href=f"{reverse('cases:view_counts')}?{request.GET.urlencode()}",
        view_name=saved.name if saved else None,
        saved=number,
        can_keep=bool(saved and explicit and filters_from(saved.plain) != replace(filters, search="")),
        may_share=staff.may(May.LEAD) and staff.team_id is not None,
        search=filters.search,
        chips=filtering.chips(filters, beside, saved=number),
        form=filtering.form(filters, beside),
        chosen=filtering.hidden(filters.to_plain()),
        kept=filtering.hidden(replace(filters, search="").to_plain()) if explicit else [],
        orders=[
            {"words": words, "href": by(Order(value)), "here": value == filters.order}
            for value, words in filtering.options("order")
        ],
        is_narrow=filters != BUILT_IN["open"],
        cases=[_row(case, filters.order, zone=staff.zone, now=now) for case in found[:PAGE]],
        once=page_name(),
        bulk=bulk.form(beside, staff=staff, now=now),
        back=request.GET.urlencode(),
        choice=urlencode(filters.to_plain(), doseq=True),
        done=bulk.done_words(request, staff=staff),
        pages={"words": "", "newer": here if after else None, "older": older} if older or after else None,
    )
    return render(request, "cases/list.html", values)


@staff_door(May.READ)
def view_counts(request: HttpRequest) -> HttpResponse:
    """The views again, each with how many cases it holds: asked for when the list stands, so that it waits for no count."""
    staff = staff_of(request)
    views = views_shown(request, queries.beside_list(staff))
    found = counts([view["filters"] for view in views], staff=staff, now=timezone.now())
    for view, count in zip(views, found, strict=True):
        view["count"] = f"{COUNT_MOST:,}+" if count > COUNT_MOST else str(count)
    return render(request, "cases/_views.html", {"views": views, "counted": True})


def views_shown(request: HttpRequest, beside: list[Beside]) -> list[dict[str, Any]]:
    """The views everybody has, one's own, and the team's; which one is shown, and the keys to the ones beside it."""
    page, saved = reverse("cases:list"), _saved(request, beside)
    named = request.GET.get("view", "open") if request.GET.get("view", "open") in BUILT_IN else "open"
    plain = saved is None and not filtering.is_explicit(request.GET) and not request.GET.get("search")
    views: list[dict[str, Any]] = [
        {"words": words, "href": f"{page}?view={key}", "here": plain and key == named, "filters": BUILT_IN[key]}
        for key, words in (
            ("open", _("Open")),
            ("mine", _("Mine")),
            ("unanswered", _("Unanswered")),
            ("waiting", _("Waiting for the customer")),
            ("snoozed", _("Snoozed")),
            ("resolved", _("Resolved")),
            ("all", _("All")),
        )
    ]
    views += [
        {
            "words": view.name,
            "href": f"{page}?saved={view.pk}",
            "here": saved is not None and saved.pk == view.pk,
            "filters": filters_from(view.plain),
            "shared": view.what == "shared",
        }
        for what in ("own", "shared")
        for view in beside
        if view.what == what
    ]
    here = next((index for index, view in enumerate(views) if view["here"]), None)
    if here is not None:
        views[here - 1]["key"] = "["
        views[(here + 1) % len(views)]["key"] = "]"
    return views


def _saved(request: HttpRequest, beside: list[Beside]) -> Beside | None:
    number = request.GET.get("saved", "")
    return next((one for one in beside if one.what in {"own", "shared"} and str(one.pk) == number), None)


def _mark(text: str) -> Mark | None:
    """Keyset paging: the last row shown."""
    at, sep, number = text.partition("~")
    last = local_time(at, "UTC")
    if not sep or not (number.isascii() and number.isdecimal()) or (at and last is None):
        return None
    return Mark(last, int(number[:18]))


def _words_of(case: queries.Row, order: Order) -> str:
    at: datetime | None = getattr(case, COLUMNS[order])
    return f"{at:%Y-%m-%dT%H:%M:%S.%fZ}~{case.pk}" if at else f"~{case.pk}"


def _row(case: queries.Row, order: Order, *, zone: str, now: datetime) -> dict[str, Any]:
    return {
        "id": case.pk,
        "href": page_of(ref("case", case.pk)),
        "number": case.pk,
        "customer": case.customer_name or f"Customer {case.customer_id}",
        "subject": case.subject or f"Case {case.pk}",
        "snippet": case.snippet or "",
        "kind": case.kind,
        "channel": case.channel,
        "owner": case.owner,
        "last_at": case.opened_at if order is Order.OLDEST else case.last_message_at,
        "due": None if case.imported or order is Order.OLDEST else case.answer_by,
        "unread": case.unanswered_since is not None and not case.imported,
        "reasons": [*reasons(case, again=case.again), *snooze_reasons(case, zone=zone, now=now)],
        "promises": case.promises or 0,
        "linked": case.parent,
    }
