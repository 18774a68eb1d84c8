"""The customer's pages: the link, what was promised, the cases, the verdict, and a word back."""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from troth.cases import actions as cases
from troth.cases.files import download
from troth.cases.models import Case, Message
from troth.cases.queries import attachment_of, case_of, cases_shown_to, thread
from troth.people import actions as people
from troth.people import limits
from troth.people.erasing import LINK_IN_SESSION
from troth.people.queries import NoSuchLink, address_of, company_name, open_link
from troth.people.shell import typed
from troth.portal.doors import GUESSES, Reader, customer_door, enter, gone, values_for
from troth.portal.incidents import told_of_incidents
from troth.portal.receipts import of_promises
from troth.portal.remedies import remedies_of
from troth.promises import actions as promises
from troth.promises.history import histories
from troth.promises.letters import spoken
from troth.promises.models import Promise
from troth.promises.queries import Window, promise_of, tally, to_customer
from troth.promises.sayings import told_apart
from troth.words.promises import Sort, State
from troth.words.refs import ref


@require_http_methods(["GET", "HEAD", "POST"])
def open_page(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows a button and changes nothing, as mail gateways follow links by themselves; POST opens the page."""
    now = timezone.now()
    if left := limits.wait("links", limits.visitor(request), GUESSES, now=now):
        return limits.refuse(request, left)
    try:
        link = open_link(token, now=now)
    except NoSuchLink:
        limits.take("links", limits.visitor(request), GUESSES, now=now)
        return gone(request)
    if request.method == "POST":
        enter(request, link)
        people.link_opened(link, now=now)
        return redirect("portal:mine")
    values = {
        "company": company_name(),
        "company_url": urlsplit(settings.TROTH_URL).netloc,
        "post_to": request.path,
        "zone": None,
        "now": now,
    }
    return render(request, "portal/open.html", values)


open_page.door = "link"  # type: ignore[attr-defined]


@customer_door
def mine(request: HttpRequest, reader: Reader) -> HttpResponse:
    """Every promise to this customer and its state, and their cases."""
    now = timezone.now()
    shown = [
        promise
        for promise in to_customer(reader.ids)
        .select_related("owner")
        .prefetch_related("tellings")
        .exclude(sort=Sort.NEXT_WORD, done_at__isnull=False)
        if promise.state not in {State.PROPOSED, State.VOID}
    ]
    ahead = [promise for promise in shown if promise.is_owed or promise.state == State.ARMED]
    behind = [promise for promise in shown if promise not in ahead]
    behind.sort(key=lambda promise: promise.settled_at or promise.made_at, reverse=True)
    told = promises_words([*ahead, *behind[:100]], reader, now=now)
    values = values_for(
        reader,
        ahead=told[: len(ahead)],
        behind=told[len(ahead) :],
        remedies=remedies_of(reader),
        cases=[_case_line(case) for case in cases_shown_to(reader.ids)[:50]],
        incidents=told_of_incidents(reader),
        sum=_sum(reader, now=now),
        receipts_href=reverse("portal:receipts") if told else None,
        write_href=reverse("webform:form"),
        portal_nav=True,
    )
    return render(request, "portal/mine.html", values)


def _sum(reader: Reader, *, now: datetime) -> dict[str, str] | None:
    counted = tally(Window(since=None, until=now), now=now, only=Q(customer_id__in=reader.ids))
    if not counted.decided:
        return None
    times = ngettext(
        "One promise to you has come to its day.", "%(n)s promises to you have come to their day.", counted.decided
    ) % {"n": counted.decided}
    parts = [
        _("Kept %(n)s") % {"n": counted.kept},
        _("moved in time %(n)s") % {"n": counted.moved} if counted.moved else "",
        _("late %(n)s") % {"n": counted.late} if counted.late else "",
        _("broken %(n)s") % {"n": counted.broken} if counted.broken else "",
    ]
    return {"words": f"{times} {', '.join(part for part in parts if part)}."}


def promises_words(made: Sequence[Promise], reader: Reader, *, now: datetime) -> list[dict[str, Any]]:
    """Promises as their customer reads them."""
    told = histories([ref("promise", promise.pk) for promise in made], zone=reader.zone, for_customer=True)
    kept = of_promises(made)
    words = []
    for promise in made:
        about = ref("promise", promise.pk)
        said = _promise_words(promise, reader, events=told[about], now=now)
        words.append({**said, "receipts": kept[about], "receipt_href": kept[about][0]["href"] if kept[about] else None})
    return told_apart(words)


def _promise_words(promise: Promise, reader: Reader, *, events: list[dict[str, Any]], now: datetime) -> dict[str, Any]:
    decided = (
        promise.done_at is not None
        or promise.settled_at is not None
        or (promise.due is not None and promise.due <= now)
    )
    return {
        "id": str(promise.public_id),
        "quote": promise.source_quote or None,
        "words": promise.what,
        "state": promise.state,
        "state_words": _state_words(promise),
        "by": promise.owner.name if promise.owner else reader.company,
        "says": _says(promise),
        "due": promise.due if promise.is_owed else None,
        "moved_words": _moved_words(promise, zone=reader.zone),
        "events": events,
        "asks": decided and promise.verdict is None and promise.state not in {State.RELEASED, State.ARMED},
        "verdict_words": _verdict_words(promise),
        "calendar_href": reverse("portal:calendar", args=[promise.public_id])
        if promise.is_owed and promise.due and promise.due > now
        else None,
    }


def _state_words(promise: Promise) -> str | None:
    if promise.state == State.OPEN:
        return _("On its way")
    if promise.state == State.ARMED:
        return _("Waits for you")
    if promise.state == State.MOVED:
        return _("Moved, and done") if promise.done_at else _("Moved")
    if promise.state == State.LATE:
        return _("Done late") if promise.done_at else _("Late")
    return None


def _says(promise: Promise) -> str:
    if promise.state == State.ARMED:
        return _("As soon as: %(condition)s") % {"condition": promise.condition} if promise.condition else ""
    if promise.state == State.LATE and not promise.done_at:
        return _("This is late. It was due by")
    if promise.is_owed:
        return _("You have our word for it, by")
    return {
        State.KEPT: _("Done by the day we gave."),
        State.MOVED: _("Done by the new day we gave you."),
        State.LATE: _("Done, but after the day we gave. We are sorry."),
        State.BROKEN: _("We did not do it. We are sorry."),
        State.RELEASED: _("You let us off. Thank you."),
    }.get(State(promise.state), "")


def _moved_words(promise: Promise, *, zone: str) -> str | None:
    if not promise.moves or promise.first_due is None:
        return None
    words = _("We first said %(first)s.") % {"first": spoken(promise.first_due, zone)}
    told = min((telling.delivered_at for telling in promise.tellings.all() if telling.delivered_at), default=None)
    if told:
        words += " " + _("We told you on %(told)s that it would be later.") % {"told": spoken(told, zone)}
    return words


def _verdict_words(promise: Promise) -> str | None:
    if promise.verdict is None:
        return None
    return _("You told us that we kept it.") if promise.verdict else _("You told us that we did not keep it.")


def _status_words(case: Case) -> str:
    return {
        "open": _("With us"),
        "waiting": _("We wait for your answer"),
        "resolved": _("Resolved"),
    }[case.status]


def _case_line(case: Case) -> dict[str, Any]:
    return {
        "number": case.pk,
        "href": reverse("portal:case", args=[case.pk]),
        "subject": str(case),
        "words": _("You wrote last; we have not answered yet.") if case.unanswered_since else _("We wrote last."),
        "status_words": _status_words(case),
        "last_at": case.last_message_at,
    }


@customer_door
def case(request: HttpRequest, reader: Reader, number: int) -> HttpResponse:
    return _case_page(request, reader, case_of(reader.ids, number))


def _case_page(
    request: HttpRequest,
    reader: Reader,
    found: Case,
    *,
    body: str = "",
    errors: list[dict[str, str]] | None = None,
    status: int = 200,
) -> HttpResponse:
    now = timezone.now()
    made = [
        promise
        for promise in to_customer(reader.ids)
        .filter(about=ref("case", found.pk))
        .select_related("owner")
        .prefetch_related("tellings")
        if promise.state not in {State.PROPOSED, State.VOID} and not (promise.sort != Sort.DEED and promise.done_at)
    ]
    values = values_for(
        reader,
        case={
            "number": found.pk,
            "subject": str(found),
            "status_words": _status_words(found),
            "closed": found.status == Case.Status.RESOLVED,
        },
        messages=[_message(message, company=reader.company) for message in thread(found, notes=False)],
        promises=promises_words(made, reader, now=now),
        reply={"body": body, "errors": errors or [], "says": None, "once": secrets.token_urlsafe(16)},
    )
    return render(request, "portal/case.html", values, status=status)


def _message(message: Message, *, company: str) -> dict[str, Any]:
    inbound = message.direction == Message.Direction.INBOUND
    return {
        "id": message.pk,
        "way": "in" if inbound else "out",
        "who": _("You") if inbound else (message.staff.name if message.staff else company),
        "at": message.at,
        "body": message.text or message.quoted,
        "attachments": [
            {
                "name": attachment.name,
                "size": filesizeformat(attachment.size),
                "href": reverse("portal:attachment", args=[attachment.pk]),
            }
            for attachment in message.attachments.all()
        ],
    }


@customer_door
def attachment(request: HttpRequest, reader: Reader, pk: int) -> HttpResponse:
    found = attachment_of(reader.ids, pk)
    return download(found.name, bytes(found.blob.content))


@require_POST
@customer_door
def reply(request: HttpRequest, reader: Reader, number: int) -> HttpResponse:
    """A word back joins the case, exactly as a mail would."""
    found = case_of(reader.ids, number)
    body = typed(request.POST, "body").strip()
    once = request.POST.get("once", "")
    handle = address_of(reader.customer.pk) or reader.customer.handles.first()
    if not body or len(body) > BODY_MOST or handle is None:
        words = _("Write something first.") if not body else _("This is too long to send in one go.")
        return _case_page(request, reader, found, body=body, errors=[{"id": "id_body", "words": words}], status=422)
    now = timezone.now()
    if left := limits.take("replies", str(reader.customer.root_pk), REPLIES, now=now):
        words = _("A great deal came from you just now. Please send this once more in a minute.")
        answer = _case_page(request, reader, found, body=body, errors=[{"id": "id_body", "words": words}], status=429)
        return limits.retry_after(answer, left)
    cases.open_or_join(
        handle=handle,
        case_id=found.pk,
        text=body,
        channel="webform",
        source=f"page:{found.pk}:{once}" if ONCE.fullmatch(once) else "",
        at=now,
        verified=True,
        now=now,
    )
    messages.success(request, _("It has arrived."))
    return redirect("portal:case", found.pk)


BODY_MOST = 50_000
#: What one customer may write and judge, more than a person does.
REPLIES = limits.Pace(20, timedelta(minutes=10))
VERDICTS = limits.Pace(60, timedelta(minutes=10))
#: What makes one form one message, however often its button is pressed.
ONCE = re.compile(r"[\w-]{16,40}", re.ASCII)


@require_POST
@customer_door
def verdict(request: HttpRequest, reader: Reader) -> HttpResponse:
    """“You kept it” or “you didn't”: the customer's own verdict, beside ours."""
    if left := limits.take("verdicts", str(reader.customer.root_pk), VERDICTS, now=timezone.now()):
        return limits.refuse(request, left)
    promise = promise_of(reader.ids, request.POST.get("promise", ""))
    said = request.POST.get("verdict")
    if said in {"kept", "not_kept"}:
        promises.give_verdict(promise, kept=said == "kept", now=timezone.now())
        messages.success(request, _("Thank you. Your word stands beside ours."))
    return redirect("portal:mine")


@customer_door
def calendar(request: HttpRequest, reader: Reader, public_id: str) -> HttpResponse:
    """The promise as a calendar entry (RFC 5545)."""
    from icalendar import Calendar, Event  # slow to load, and rarely asked for

    promise = promise_of(reader.ids, public_id)
    if promise.due is None:
        raise Http404
    entry = Event()
    entry.add("uid", f"{promise.public_id}@troth")
    entry.add("dtstamp", timezone.now())
    entry.add("dtstart", promise.due)
    entry.add("summary", _("Promised by %(company)s: %(what)s") % {"company": reader.company, "what": promise.what})
    book = Calendar()
    book.add("prodid", "-//Troth//EN")
    book.add("version", "2.0")
    book.add_component(entry)
    response = HttpResponse(book.to_ical(), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="promise.ics"'
    return response


@require_POST
@customer_door
def leave(request: HttpRequest, reader: Reader) -> HttpResponse:
    """Close the page in this browser; the link stands."""
    request.session.pop(LINK_IN_SESSION, None)
    return gone(request, closed=True)
