"""Orders for staff: found, looked at, and brought in by file."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from troth.orders import actions, queries
from troth.orders.models import Order, Upload
from troth.orders.rules.given import NotAnOrder
from troth.orders.rules.table import KNOWN, Columns, NotATable, given_of, guessed, rows_of, text_of
from troth.people.doors import staff_door
from troth.people.queries import hours_of
from troth.people.rules.roles import May
from troth.people.shell import desk_values, local_time, page_of, staff_of, typed
from troth.words.refs import ref

PAGE = 50
#: A file of this size has half a million rows; a larger one is told in parts, or through the API.
FILE_MOST = 64 * 1024 * 1024
SHOWN_ROWS = 8
SHOWN_REFUSALS = 50


@staff_door(May.READ)
def orders_list(request: HttpRequest) -> HttpResponse:
    """Orders by filter, the newest first."""
    now = timezone.now()
    chosen = {name: typed(request.GET, name).strip() for name in ("search", "standing")}
    rows = list(
        queries.found(chosen["search"])
        .filter(queries.standing(chosen["standing"], now=now), _older_than(typed(request.GET, "older")))
        .select_related("customer")
        .order_by("-ordered_at", "-pk")[: PAGE + 1]
    )
    page, kept = reverse("orders:list"), {name: value for name, value in chosen.items() if value}
    older = f"{rows[PAGE - 1].ordered_at.isoformat()}~{rows[PAGE - 1].pk}" if len(rows) > PAGE else ""
    values = desk_values(
        request,
        now=now,
        filters=chosen,
        filtered=bool(kept),
        standings=[("", _("All")), *_standings()],
        orders=[shown(order, now=now) for order in rows[:PAGE]],
        uploads=[_upload_shown(one) for one in Upload.objects.defer("raw").exclude(state="done").order_by("-pk")[:5]],
        pages={
            "words": "",
            "newer": f"{page}?{urlencode(kept)}" if request.GET.get("older") else None,
            "older": f"{page}?{urlencode({**kept, 'older': older})}" if older else None,
        }
        if older or request.GET.get("older")
        else None,
    )
    return render(request, "orders/list.html", values)


def _standings() -> list[tuple[str, str]]:
    return [
        ("out", _("Still out")),
        ("overdue", _("Out, behind the date")),
        ("late", _("Came late")),
        ("delivered", _("Delivered")),
        ("cancelled", _("Cancelled")),
    ]


def _older_than(mark: str) -> Q:
    """Keyset paging: what was ordered before the last row shown."""
    at, _sep, number = mark.partition("~")
    ordered_at = local_time(at, "UTC")
    if ordered_at is None or not number.isdecimal():
        return Q()
    return Q(ordered_at__lt=ordered_at) | Q(ordered_at=ordered_at, pk__lt=int(number[:18]))


def shown(order: Order, *, now: datetime) -> dict[str, Any]:
    """An order as a row has it."""
    words, tone = _state(order, now=now)
    return {
        "id": order.pk,
        "href": page_of(ref("order", order.pk)),
        "reference": order.reference,
        "customer": order.customer.name or _("A customer"),
        "product": " · ".join(part for part in (order.product, order.variant) if part),
        "place": order.place,
        "ordered_at": order.ordered_at,
        "promised_for": order.promised_for,
        "words": words,
        "tone": tone,
    }


def _state(order: Order, *, now: datetime) -> tuple[str, str | None]:
    if order.cancelled_at:
        return (_("Cancelled"), None)
    late = order.promised_for is not None and (order.delivered_at or now) > order.promised_for
    if order.delivered_at:
        return (_("Came late"), "warn") if late else (_("Delivered"), "good")
    return (_("Behind its date"), "alarm") if late else (_("Still out"), "calm")


@staff_door(May.READ)
def order_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One order, and the promise of its delivery."""
    now = timezone.now()
    order = get_object_or_404(Order.objects.select_related("customer", "promise"), pk=pk)
    promise = order.promise
    values = desk_values(
        request,
        now=now,
        o={
            **shown(order, now=now),
            "customer_href": page_of(ref("customer", order.customer_id)),
            "quantity": order.quantity,
            "amount": order.amount,
            "currency": order.currency,
            "delivered_at": order.delivered_at,
            "cancelled_at": order.cancelled_at,
            "by_customer": order.cancelled_by == "customer",
            "changed_at": order.changed_at,
        },
        promise={
            "href": page_of(ref("promise", promise.pk)),
            "words": promise.what,
            "quote": None,
            "state": promise.state,
            "due": promise.due,
            "settled": not promise.is_owed,
            # The shop knows better by now, and the customer does not know it.
            "differs": promise.is_owed and order.promised_for != promise.due,
        }
        if promise
        else None,
    )
    return render(request, "orders/order.html", values)


# Files


@staff_door(May.LEAD)
def new_upload(request: HttpRequest) -> HttpResponse:
    """Hand in a file; it is looked through first."""
    problem = ""
    if request.method == "POST":
        handed = request.FILES.get("file")
        try:
            upload = _looked_at(request, handed)
        except NotATable as error:
            problem = str(error)
        else:
            return redirect("orders:upload", upload.pk)
    values = desk_values(
        request,
        problem=problem,
        errors=[{"id": "id_file", "words": problem}] if problem else [],
        kept_names=list(KNOWN),
    )
    return render(request, "orders/new.html", values, status=422 if problem else 200)


def _looked_at(request: HttpRequest, handed: UploadedFile[bytes] | None) -> Upload:
    if handed is None or not handed.size:
        raise NotATable(_("Choose a file that has something in it."))
    if handed.size > FILE_MOST:
        raise NotATable(_("That file is larger than 64 MB. Part it, or tell of the orders through the API."))
    raw = handed.read()
    if raw.startswith(b"PK\x03\x04"):
        raise NotATable(_("That is a workbook or a zip. Save the sheet as CSV, and bring that."))
    rows = rows_of(text_of(raw))
    heading = next(rows, None)
    if heading is None or len(heading[1]) < 2:
        raise NotATable(
            _("No table was found in it. The first line names the columns, with commas, semicolons or tabs between.")
        )
    how, count = guessed(heading[1]), sum(1 for _row in rows)
    return actions.keep_file(
        name=(handed.name or "orders.csv")[-100:],
        raw=raw,
        columns=how.to_plain(),
        rows=count,
        by=staff_of(request),
        now=timezone.now(),
    )


@staff_door(May.LEAD)
def upload_page(request: HttpRequest, pk: int) -> HttpResponse:
    """What a file would bring, and which column holds what; afterwards, what it brought."""
    upload = get_object_or_404(Upload.objects.select_related("by"), pk=pk)
    found = _tried(upload) if upload.state == Upload.State.LOOKED_AT else {}
    return render(request, "orders/upload.html", desk_values(request, u=_upload_shown(upload), **found))


def _tried(upload: Upload) -> dict[str, Any]:
    """The whole file read as it would be, without anything being noted."""
    how, zone, now = Columns.from_plain(upload.columns), hours_of().zone, timezone.now()
    rows = rows_of(text_of(bytes(upload.raw)))
    _line, heading = next(rows)
    sample: list[dict[str, Any]] = []
    refusals: list[dict[str, Any]] = []
    seen: set[str] = set()
    sound = refused = promised = again = 0
    for line, cells in rows:
        try:
            given = given_of(cells, how, zone=zone).checked(now=now)
        except NotAnOrder as error:
            refused += 1
            if len(refusals) < SHOWN_REFUSALS:
                refusals.append({"line": line, "words": str(error), "field": _names()[error.field]})
            continue
        sound += 1
        again += given.reference in seen
        seen.add(given.reference)
        promised += bool(
            given.promised_for and given.promised_for > now and not (given.delivered_at or given.cancelled_at)
        )
        if len(sample) < SHOWN_ROWS:
            sample.append({name: getattr(given, name) for name in KNOWN})
    there = sum(Order.objects.filter(reference__in=part).count() for part in _parts(sorted(seen), 5_000))
    return {
        "heading": [
            ("", _("not in this file")),
            *((str(place), name or str(place + 1)) for place, name in enumerate(heading)),
        ],
        "fields": [
            (name, words, str(how.places.get(name, ""))) for name, words in _names().items() if name != "customer"
        ],
        "day_first": how.day_first,
        "cancelled_by": how.cancelled_by,
        "used": [(name, words) for name, words in _names().items() if name in how.places],
        "sample": sample,
        "refusals": refusals,
        "counts": {
            "sound": sound,
            "refused": refused,
            "new": len(seen) - there,
            "known": there,
            "again": again,
            "promised": promised,
        },
    }


def _parts(some: list[str], size: int) -> list[list[str]]:
    return [some[start : start + size] for start in range(0, len(some), size)]


def _names() -> dict[str, str]:
    return {
        "reference": _("Order number"),
        "address": _("Customer’s mail address or phone"),
        "name": _("Customer’s name"),
        "product": _("Product"),
        "variant": _("Variant"),
        "place": _("Place"),
        "quantity": _("Quantity"),
        "amount": _("Amount"),
        "currency": _("Currency"),
        "ordered_at": _("Ordered"),
        "promised_for": _("Promised for"),
        "delivered_at": _("Delivered"),
        "cancelled_at": _("Cancelled"),
        "cancelled_by": _("Cancelled by"),
        "customer": _("Customer"),
    }


def _upload_shown(upload: Upload) -> dict[str, Any]:
    return {
        "id": upload.pk,
        "name": upload.name,
        "by": upload.by.name if upload.by else "",
        "made_at": upload.made_at,
        "state": upload.state,
        "rows": upload.rows,
        "done": upload.done,
        "share": 100 * upload.done // max(upload.rows, 1),
        "new": upload.new,
        "changed": upload.changed,
        "same": upload.done - upload.new - upload.changed - upload.refused,
        "refused": upload.refused,
        "refusals": [{"line": line, "words": words} for line, words in upload.refusals[:SHOWN_REFUSALS]],
        "by_itself": upload.by_itself,
    }


@require_POST
@staff_door(May.LEAD)
def columns(request: HttpRequest, pk: int) -> HttpResponse:
    """Say which column holds what, and look through the file anew."""
    upload = get_object_or_404(Upload.objects.defer("raw"), pk=pk)
    places = {name: int(place) for name in KNOWN if (place := typed(request.POST, name)).isdecimal() and len(place) < 4}
    who = typed(request.POST, "who_cancelled")
    how = Columns(places, typed(request.POST, "days") != "month", who if who in {"customer", "company"} else "company")
    is_so = actions.choose_columns(
        upload, columns=how.to_plain(), by_itself=typed(request.POST, "by_itself") == "yes", rows=upload.rows
    )
    if not is_so:
        messages.info(request, _("It is being brought in already."))
    return redirect("orders:upload", pk)


@require_POST
@staff_door(May.LEAD)
def bring(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the worker bring it in."""
    if not actions.bring_in(get_object_or_404(Upload.objects.defer("raw"), pk=pk)):
        messages.info(request, _("It is being brought in already."))
    return redirect("orders:upload", pk)


@require_POST
@staff_door(May.LEAD)
def throw_away(request: HttpRequest, pk: int) -> HttpResponse:
    """Let go of a file without bringing it in."""
    if not actions.throw_away(get_object_or_404(Upload.objects.defer("raw"), pk=pk)):
        messages.info(request, _("It is being brought in already, and stays."))
        return redirect("orders:upload", pk)
    return redirect("orders:list")
