"""Webhooks for whoever runs the installation: who is told, of what, and whether it arrived."""

from __future__ import annotations

import secrets
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from troth.hooks import actions, queries
from troth.hooks.actions import Who
from troth.hooks.forms import Typed, groups
from troth.hooks.models import Delivery, DeliveryState, Endpoint
from troth.hooks.rules.address import NotAllowed
from troth.hooks.rules.message import TEST, type_of
from troth.hooks.rules.schedule import Why
from troth.hooks.sending import try_out
from troth.people.doors import staff_door
from troth.people.rules.roles import May
from troth.people.shell import desk_values, local_time, origin_of, staff_of
from troth.words.facts import kinds as known_kinds

PAGE = 50
STATES = {"waiting": DeliveryState.WAITING, "taken": DeliveryState.TAKEN, "given-up": DeliveryState.GIVEN_UP}


@staff_door(May.RUN)
def endpoints(request: HttpRequest) -> HttpResponse:
    """All webhooks."""
    rows = [_endpoint_shown(endpoint) for endpoint in queries.endpoints()]
    return render(request, "hooks/list.html", desk_values(request, endpoints=rows))


@never_cache
@staff_door(May.RUN)
def new(request: HttpRequest) -> HttpResponse:
    """Make one, and show its secret this once."""
    form = Typed.of(request.POST) if request.method == "POST" else Typed("", "", "all", (), secrets.token_urlsafe(16))
    problems = form.problems() if request.method == "POST" else {}
    if request.method == "POST" and not problems:
        try:
            endpoint, secret = actions.make(
                name=form.name, url=form.url, kinds=form.chosen, once=form.once or secrets.token_urlsafe(16),
                by=_who(request), now=timezone.now(),
            )  # fmt: skip
            return _secret_page(request, endpoint, secret, is_new=True)
        except actions.MadeAlready as there:
            messages.info(
                request, _("It was made already. Its secret was shown then; make a new one if it is not at hand.")
            )
            return redirect("hooks:endpoint", there.endpoint.pk)
        except NotAllowed as error:
            problems = {"url": str(error)}
    return _form_page(request, form, problems, endpoint=None)


@staff_door(May.RUN)
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Another name, address or choice of events."""
    endpoint = get_object_or_404(Endpoint, pk=pk)
    form = Typed.of(request.POST) if request.method == "POST" else Typed.standing(endpoint)
    problems = form.problems() if request.method == "POST" else {}
    if request.method == "POST" and not problems:
        try:
            changed = actions.change(
                endpoint, name=form.name, url=form.url, kinds=form.chosen, by=_who(request), now=timezone.now()
            )
            messages.success(request, _("Changed.") if changed else _("Nothing was changed."))
            return redirect("hooks:endpoint", pk)
        except NotAllowed as error:
            problems = {"url": str(error)}
    return _form_page(request, form, problems, endpoint=endpoint)


@staff_door(May.RUN)
def endpoint(request: HttpRequest, pk: int) -> HttpResponse:
    """One webhook and what was sent to it, the newest first."""
    found = get_object_or_404(queries.endpoints().select_related("made_by"), pk=pk)
    view, older = request.GET.get("view", ""), request.GET.get("older", "")
    kind = request.GET.get("kind", "") if request.GET.get("kind", "") in known_kinds() else ""
    states = [STATES[view]] if view in STATES else []
    rest = queries.deliveries(found, states=states, kind=kind, older=int(older[:18]) if older.isdecimal() else None)
    rows = list(rest[: PAGE + 1])
    page = reverse("hooks:endpoint", args=[pk])
    query = f"{page}?view={view if states else ''}&kind={kind}"
    values = desk_values(
        request,
        e=_endpoint_shown(found) | {"made_by": found.made_by.name if found.made_by else "", "made_at": found.made_at},
        types=[type_of(kind) for kind in found.kinds],
        secret_made_at=found.secret_made_at.isoformat(),
        both_until=found.old_secret_until if found.old_secret_until and found.old_secret_until > timezone.now() else None,
        views=[
            {"words": words, "href": f"{page}?view={key}&kind={kind}", "here": key == view}
            for key, words in (
                ("", _("Everything")), ("waiting", _("Waits")), ("taken", _("Taken")), ("given-up", _("Given up")),
            )
        ],
        view=view if states else "",
        kind=kind,
        kinds=[("", _("every kind")), *((kind, type_of(kind)) for kind in found.kinds or sorted(known_kinds()))],
        deliveries=[_delivery_shown(delivery) for delivery in rows[:PAGE]],
        pages=_pages(query, rows, older),
    )  # fmt: skip
    return render(request, "hooks/endpoint.html", values)


@require_POST
@staff_door(May.RUN)
def try_it(request: HttpRequest, pk: int) -> HttpResponseRedirect:
    """Send a trial now, and say what came back."""
    found = get_object_or_404(Endpoint, pk=pk)
    answer = try_out(actions.make_trial(found, now=timezone.now()), clock=timezone.now)
    values = {"status": answer.status, "millis": answer.millis, "said": answer.said}
    if answer.is_good:
        messages.success(request, _("It was taken: %(status)s after %(millis)s ms.") % values)
    elif answer.status:
        messages.error(request, _("It was not taken: the answer was %(status)s after %(millis)s ms.") % values)
    else:
        messages.error(request, _("It did not arrive. %(said)s") % values)
    return redirect("hooks:endpoint", pk)


@never_cache
@require_POST
@staff_door(May.RUN)
def exchange_secret(request: HttpRequest, pk: int) -> HttpResponse:
    """A new secret, shown this once."""
    found = get_object_or_404(Endpoint, pk=pk)
    made_at = parse_datetime(request.POST.get("made_at", "")) if request.POST.get("made_at") else None
    secret = made_at and actions.exchange_secret(found, made_at=made_at, by=_who(request), now=timezone.now())
    if not secret:
        messages.info(request, _("There is a newer secret already. It was shown when it was made."))
        return redirect("hooks:endpoint", pk)
    return _secret_page(request, found, secret, is_new=False)


@require_POST
@staff_door(May.RUN)
def switch_off(request: HttpRequest, pk: int) -> HttpResponseRedirect:
    """Send nothing more to it."""
    if actions.switch_off(get_object_or_404(Endpoint, pk=pk), by=_who(request), now=timezone.now()):
        messages.success(request, _("It is switched off. What happens meanwhile is kept for it."))
    return redirect("hooks:endpoint", pk)


@require_POST
@staff_door(May.RUN)
def switch_on(request: HttpRequest, pk: int) -> HttpResponseRedirect:
    """Send to it again, with or without what it missed."""
    from_now = request.POST.get("missed") == "skip"
    if actions.switch_on(get_object_or_404(Endpoint, pk=pk), from_now=from_now, by=_who(request), now=timezone.now()):
        messages.success(
            request,
            _("It is switched on and hears of what happens from now on.")
            if from_now
            else _("It is switched on and hears first of what it missed."),
        )
    return redirect("hooks:endpoint", pk)


@require_POST
@staff_door(May.RUN)
def send_since(request: HttpRequest, pk: int) -> HttpResponseRedirect:
    """Send everything since a moment once more."""
    found = get_object_or_404(Endpoint, pk=pk)
    now = timezone.now()
    since = local_time(request.POST.get("since", ""), staff_of(request).zone)
    if since is None or since > now:
        messages.error(request, _("Nothing was sent: choose a moment in the past."))
        return redirect("hooks:endpoint", pk)
    count = actions.send_again_since(found, since=since, by=_who(request), now=now)
    words = ngettext(
        "One event since then is looked at once more.", "%(count)s events since then are looked at once more.", count
    )
    messages.success(request, words % {"count": count})
    return redirect("hooks:endpoint", pk)


@require_POST
@staff_door(May.RUN)
def send_again(request: HttpRequest, pk: int) -> HttpResponseRedirect:
    """Send one event once more."""
    found = get_object_or_404(Delivery, pk=pk)
    if actions.send_again(found, now=timezone.now()):
        messages.success(request, _("It leaves once more, with the same id."))
    else:
        messages.info(request, _("It waits to be sent already."))
    return redirect("hooks:endpoint", found.endpoint_id)


@require_POST
@staff_door(May.RUN)
def remove(request: HttpRequest, pk: int) -> HttpResponseRedirect:
    """Take it away, when its name was typed as a sign that it is meant."""
    found = get_object_or_404(Endpoint, pk=pk)
    if " ".join(request.POST.get("name", "").split()) != found.name:
        messages.error(request, _("It is still there: the name that was typed is another."))
        return redirect("hooks:endpoint", pk)
    actions.remove(found, by=_who(request), now=timezone.now())
    messages.success(request, _("The webhook %(name)s is gone.") % {"name": found.name})
    return redirect("hooks:list")


# Shown


def _form_page(
    request: HttpRequest, form: Typed, problems: dict[str, str], *, endpoint: Endpoint | None
) -> HttpResponse:
    values = desk_values(
        request,
        endpoint=endpoint and {"id": endpoint.pk, "name": endpoint.name},
        form=form,
        groups=groups(list(form.kinds)),
        problems=problems,
        errors=[{"id": f"id_{field}", "words": words} for field, words in problems.items()],
    )
    return render(request, "hooks/form.html", values)


def _secret_page(request: HttpRequest, endpoint: Endpoint, secret: str, *, is_new: bool) -> HttpResponse:
    """Rendered at once and kept nowhere: a session is kept in the database."""
    values = desk_values(
        request, e={"id": endpoint.pk, "name": endpoint.name}, secret=secret, is_new=is_new,
        hours=int(actions.BOTH_SECRETS.total_seconds() // 3600),
    )  # fmt: skip
    return render(request, "hooks/secret.html", values)


def _endpoint_shown(endpoint: Any) -> dict[str, Any]:
    if endpoint.off_because:
        words = {
            Why.STAFF: _("Switched off"),
            Why.FAILING: _("Switched off: it took nothing for three days"),
            Why.GONE: _("Switched off: it said it is gone"),
        }[Why(endpoint.off_because)]
        tone = None if endpoint.off_because == Why.STAFF else "alarm"
    elif endpoint.failures:
        words, tone = _("In trouble"), "warn"
    else:
        words, tone = _("On"), "good"
    return {
        "id": endpoint.pk,
        "name": endpoint.name,
        "url": endpoint.url,
        "kinds": len(endpoint.kinds),
        "state_words": words,
        "tone": tone,
        "is_on": endpoint.is_on,
        "off_at": endpoint.off_at,
        "failing_since": endpoint.failing_since,
        "waiting": endpoint.waiting,
        "last_at": endpoint.last_at,
    }


def _delivery_shown(delivery: Delivery) -> dict[str, Any]:
    words, tone = {
        DeliveryState.WAITING: (_("Waits"), "calm"),
        DeliveryState.TAKEN: (_("Taken"), "good"),
        DeliveryState.GIVEN_UP: (_("Given up"), "alarm"),
    }[DeliveryState(delivery.state)]
    is_trial = delivery.position is None
    if is_trial and delivery.state == DeliveryState.GIVEN_UP:
        words = _("Not taken")
    tried = delivery.last_try_at is not None
    return {
        "id": delivery.pk,
        "message_id": delivery.message_id,
        "type": TEST if is_trial else type_of(delivery.kind),
        "state_words": words,
        "tone": tone,
        "attempts": delivery.attempts,
        "at": delivery.last_try_at or delivery.made_at,
        "next_at": delivery.next_try_at if delivery.state == DeliveryState.WAITING and delivery.attempts else None,
        "status": (delivery.last_status or _("no answer")) if tried else None,
        "millis": delivery.last_millis if tried else None,
        "said": delivery.last_said if tried and delivery.state != DeliveryState.TAKEN else "",
        "again": not is_trial and delivery.state != DeliveryState.WAITING,
    }


def _pages(query: str, rows: list[Delivery], older: str) -> dict[str, Any] | None:
    next_page = f"{query}&older={rows[PAGE - 1].pk}" if len(rows) > PAGE else None
    return {"words": "", "newer": query if older else None, "older": next_page} if older or next_page else None


def _who(request: HttpRequest) -> Who:
    return Who(staff_of(request), origin_of(request))
