"""Customers for staff: who they are, and one customer's whole story in time order."""

from __future__ import annotations

from datetime import datetime
from itertools import groupby
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from troth.cases.models import Message
from troth.desk import queries, whole
from troth.people import actions as people
from troth.people.doors import staff_door
from troth.people.models import Customer, Merge, Staff
from troth.people.queries import family, zone_of
from troth.people.rules.roles import May
from troth.people.shell import desk_values, local_time, origin_of, page_of, staff_of, typed
from troth.promises.models import Promise
from troth.promises.rules.rates import tallied
from troth.promises.sayings import percent, told_apart
from troth.words.refs import ref

PAGE = 50
#: How long the name of a group may be.
GROUP_MOST = 120


@staff_door(May.READ)
def customers(request: HttpRequest) -> HttpResponse:
    search = typed(request.GET, "search").strip()
    rows = queries.customer_rows(
        staff_of(request), search=search, before=_mark(request.GET.get("older", "")), most=PAGE + 1
    )
    page = reverse("desk:customers")
    older = None
    if len(rows) > PAGE:
        last = rows[PAGE - 1]
        mark = f"{last['met_at'].isoformat()}~{last['id']}"
        older = f"{page}?{urlencode({'search': search, 'older': mark})}"
    shown = [
        {
            **row,
            "href": page_of(ref("customer", row["id"])),
            "last_at": row["last_at"] or row["met_at"],
            "word": _("%(kept)s of %(decided)s kept") % row if row["decided"] else _("nothing decided yet"),
        }
        for row in rows[:PAGE]
    ]
    paged = bool(request.GET.get("older"))
    pages = (
        {"words": "", "newer": f"{page}?{urlencode({'search': search})}" if paged else None, "older": older}
        if older or paged
        else None
    )
    return render(request, "desk/customers.html", desk_values(request, search=search, customers=shown, pages=pages))


def _mark(text: str) -> tuple[datetime, int] | None:
    at, _sep, number = text.partition("~")
    met_at = local_time(at, "UTC")
    return (met_at, int(number[:18])) if met_at and number.isdecimal() else None


def customer_for(pk: int) -> Customer:
    """The customer in front of the family *pk* belongs to; raises Http404."""
    found = Customer.objects.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found if found.root_pk == found.pk else Customer.objects.get(pk=found.root_pk)


@staff_door(May.READ)
def customer(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole story: messages, notes, promises and what became of them, newest first."""
    now, staff = timezone.now(), staff_of(request)
    who = whole.whole(pk)
    if who.root_pk != pk:
        return redirect("desk:customer", who.root_pk)
    promises = whole.promises_to(pk, staff=staff)
    cases, handles = whole.cases_with(pk, staff=staff), who.handles_beside
    counted = tallied(promises, now=now)
    search = typed(request.GET, "merge").strip()
    status_words = {"open": _("open"), "waiting": _("waits for them"), "resolved": _("resolved")}
    values = desk_values(
        request,
        now=now,
        customer={
            "id": who.pk,
            "name": str(who),
            "since": who.met_at,
            "zone": zone_of(who).replace("_", " "),
            "group": who.group,
        },
        figures=[
            {
                "name": _("Kept"),
                "value": percent(counted.share(counted.kept)),
                "n": counted.decided,
                "window": _("all time"),
                "state": "kept",
            },
            {
                "name": _("Surprise rate"),
                "value": percent(counted.surprise_rate),
                "n": counted.decided,
                "window": _("all time"),
                "tone": "alarm" if counted.surprises else None,
            },
            {"name": _("Still owed"), "value": sum(p.is_owed for p in promises), "window": _("now")},
        ],
        handles=handles,
        promises=told_apart(
            [
                {
                    "href": page_of(ref("promise", promise.pk)),
                    "quote": promise.source_quote or None,
                    "words": promise.what,
                    "state": promise.state,
                    "due": promise.due,
                }
                for promise in promises
                if promise.is_owed or promise.state == "armed"
            ]
        ),
        cases=[
            {
                "href": page_of(ref("case", case.pk)),
                "number": case.pk,
                "subject": str(case),
                "status_words": status_words[case.status],
            }
            for case in cases
        ],
        talk_href=f"{reverse('cases:new')}?{urlencode({'customer': who.name, 'handle': handles[0]['value'] if handles else ''})}",
        story=_story(whole.messages_with(pk, staff=staff), promises, staff=staff),
        merged=[{"name": _name(one), "at": whole.moment(one["at"]), "merge": one["merge"]} for one in who.merges],
        merge={"search": search, "errors": [], "found": _like(who, search)},
        asked={name: whole.moment(at) for name, at in who.asked.items()} if who.asked else None,
        erased_at=who.erased_at,
        pages=None,
    )
    return render(request, "desk/customer.html", values)


def _name(merged: dict[str, Any]) -> str:
    return str(Customer(pk=merged["pk"], name=merged["name"], erased_at=merged["erased_at"]))


def _story(messages: list[Message], promises: list[Promise], *, staff: Staff) -> list[dict[str, Any]]:
    items = [_told(message) for message in messages]
    told = told_apart([{"quote": promise.source_quote, "words": promise.what} for promise in promises])
    for promise, which in zip(promises, told, strict=True):
        same = {
            "quote": promise.source_quote or None,
            "said": promise.what,
            "detail": which.get("part"),
            "href": page_of(ref("promise", promise.pk)),
        }
        items.append({"at": promise.made_at, "words": _("We gave our word"), "state": "open", **same})
        ended = promise.done_at or promise.settled_at
        if ended:
            items.append({"at": ended, "words": _ended(promise), "state": promise.state, **same})
    items.sort(key=lambda item: item["at"], reverse=True)
    local = ZoneInfo(staff.zone)
    by_day = groupby(items[: whole.STORY_MOST], key=lambda item: item["at"].astimezone(local).date())
    return [{"day": day, "items": list(part)} for day, part in by_day]


def _told(message: Message) -> dict[str, Any]:
    said = {
        "inbound": (_("They wrote"), "mail"),
        "outbound": (_("We answered"), "out"),
        "note": (_("A note"), "note"),
    }[message.direction]
    return {
        "at": message.at,
        "words": said[0],
        "sign": said[1],
        "who": message.staff.name if message.staff else None,
        "href": page_of(ref("message", message.pk)),
        "detail": message.text[:280] + ("…" if len(message.text) > 280 else ""),
    }


def _ended(promise: Any) -> str:
    return {
        "kept": _("Kept"),
        "moved": _("Done, by the date it was moved to"),
        "late": _("Done late"),
        "broken": _("Broken"),
        "released": _("They let us off"),
        "void": _("Recorded by mistake"),
    }.get(promise.state, _("Ended"))


def _like(who: Any, search: str) -> list[dict[str, Any]]:
    """Records that may be the same person: by what was searched for, else by the same name."""
    return [
        {
            "id": one["id"],
            "name": str(Customer(pk=one["id"], name=one["name"])),
            "handle": ", ".join(one["addresses"]),
            "why": "" if search else _("the same name"),
        }
        for one in (whole.found_like(who.ids, search) if search else who.like)
    ]


@require_POST
@staff_door(May.ANSWER)
def group(request: HttpRequest, pk: int) -> HttpResponse:
    """Which sort of customer they are; targets may depend on it, from the next clock on."""
    who = customer_for(pk)
    if who.erased_at:
        messages.info(request, _("This person was erased: nothing is said of them any more."))
    elif people.set_group(
        who, group=typed(request.POST, "group")[:GROUP_MOST], by=staff_of(request), now=timezone.now()
    ):
        messages.success(request, _("Kept. Clocks that run keep their targets; the next ones look at it."))
    return redirect("desk:customer", who.pk)


@require_POST
@staff_door(May.LEAD)
def merge(request: HttpRequest, pk: int) -> HttpResponse:
    who, number = customer_for(pk), request.POST.get("other", "")
    other = Customer.objects.filter(pk=int(number[:18])).first() if number.isdecimal() else None
    if other is None:
        raise Http404
    try:
        people.merge(front=who, merged=other, by=staff_of(request), now=timezone.now())
        messages.success(request, _("Merged. You can take them apart again at the foot of this page."))
    except people.Forgotten:
        messages.info(request, _("One of the two was erased: there is nobody left to merge."))
    except people.CannotMerge:
        messages.info(request, _("These two are one customer already."))
    return redirect("desk:customer", who.pk)


@require_POST
@staff_door(May.LEAD)
def revoke_links(request: HttpRequest, pk: int) -> HttpResponse:
    """Every link sent to this customer opens nothing from now on; the next letter brings a fresh one."""
    who = customer_for(pk)
    count = people.revoke_links(
        customer_ids=family(who.pk), by=staff_of(request), origin=origin_of(request), now=timezone.now()
    )
    if count:
        messages.success(request, _("Their links open nothing any more. The next letter brings a fresh one."))
    else:
        messages.info(request, _("No link of theirs stands open."))
    return redirect("desk:customer", who.pk)


@require_POST
@staff_door(May.LEAD)
def unmerge(request: HttpRequest, pk: int) -> HttpResponse:
    who, number = customer_for(pk), request.POST.get("merge", "")
    record = Merge.objects.filter(pk=int(number[:18]), front=who).first() if number.isdecimal() else None
    if record is None:
        raise Http404
    try:
        people.unmerge(record, by=staff_of(request), now=timezone.now())
        messages.success(request, _("They are two customers again."))
    except people.Forgotten:
        messages.info(request, _("They were erased together: there is nobody left to take apart."))
    return redirect("desk:customer", who.pk)
