"""What is done to a breach from its page: decided, claimed, written down, closed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from troth.breaches import actions, sayings
from troth.breaches.desk.page import breach_for, shown
from troth.breaches.models import Breach, Exemption
from troth.breaches.rules.standing import Stands
from troth.breaches.rules.words import Exempt, Level
from troth.people.doors import staff_door
from troth.people.rules.roles import May
from troth.people.shell import local_time, staff_of, typed


def _done(
    request: HttpRequest, breach: Breach, act: Callable[[], Any], *, field: str, said: str, again: str = ""
) -> HttpResponse:
    """Do it and say so; or the page again, with what was typed and what is wrong, at the field it is about."""
    try:
        is_new = act()
    except ValueError as error:
        written = {name: typed(request.POST, name) for name in request.POST if name != "csrfmiddlewaretoken"}
        errors = [{"id": field, "words": str(error)}]
        return shown(request, breach_for(staff_of(request), breach.pk), status=422, errors=errors, typed=written)
    if is_new is False or is_new is None:
        messages.info(request, again or _("Nothing was changed."))
    else:
        messages.success(request, said)
    return redirect("breaches:breach", breach.pk)


@require_POST
@staff_door(May.LEAD)
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """How high the risk is, and why."""
    staff = staff_of(request)
    breach = breach_for(staff, pk)
    level, reason = typed(request.POST, "level"), typed(request.POST, "reason")
    if level not in set(Level):
        errors = [{"id": "id_level", "words": _("Choose how high the risk is.")}]
        return shown(request, breach, status=422, errors=errors, typed={"reason": reason})
    return _done(
        request,
        breach,
        lambda: actions.decide(breach, level=level, reason=reason, by=staff, now=timezone.now()),
        field="id_reason",
        said=_("Decided. Decisions before it stay in the timeline."),
    )


@require_POST
@staff_door(May.LEAD)
def exempt(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody need not be told."""
    staff = staff_of(request)
    breach = breach_for(staff, pk)
    sort = typed(request.POST, "sort")
    if sort not in set(Exempt):
        errors = [{"id": "id_sort", "words": _("Choose which exemption it is.")}]
        return shown(request, breach, status=422, errors=errors, typed={"why": typed(request.POST, "why")})

    def act() -> Exemption:
        why, instead = typed(request.POST, "why"), typed(request.POST, "instead")
        return actions.claim(breach, sort=sort, reason=why, instead=instead, by=staff, now=timezone.now())

    return _done(request, breach, act, field="id_why", said=_("It is on record, with its justification."))


@require_POST
@staff_door(May.LEAD)
def take_back(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """An exemption does not stand any more."""
    staff = staff_of(request)
    breach = breach_for(staff, pk)
    found = Exemption.objects.filter(pk=number, breach=breach).select_related("breach").first()
    if found is None:
        raise Http404
    return _done(
        request,
        breach,
        lambda: actions.take_back_exemption(
            found, reason=typed(request.POST, "back_why"), by=staff, now=timezone.now()
        ),
        field=f"id_back_{found.pk}",
        said=_("Taken back. What it exempted us from is asked again."),
        again=_("It was taken back already."),
    )


@require_POST
@staff_door(May.LEAD)
def document(request: HttpRequest, pk: int) -> HttpResponse:
    """Facts, effects, remedial action."""
    staff = staff_of(request)
    breach = breach_for(staff, pk)
    return _done(
        request,
        breach,
        lambda: actions.document(
            breach,
            facts_said=typed(request.POST, "facts"),
            effects=typed(request.POST, "effects"),
            action=typed(request.POST, "action"),
            by=staff,
            now=timezone.now(),
        ),
        field="id_facts",
        said=_("Written down. The version before is kept."),
    )


@require_POST
@staff_door(May.LEAD)
def correct_aware(request: HttpRequest, pk: int) -> HttpResponse:
    """We knew at another moment."""
    staff = staff_of(request)
    breach = breach_for(staff, pk)
    at = local_time(typed(request.POST, "aware_at"), staff.zone)
    if at is None:
        errors = [{"id": "id_aware_at", "words": _("Say when we knew.")}]
        return shown(request, breach, status=422, errors=errors)
    return _done(
        request,
        breach,
        lambda: actions.correct_aware(
            breach,
            aware_at=at,
            reason=typed(request.POST, "aware_why"),
            delay=typed(request.POST, "aware_delay"),
            by=staff,
            now=timezone.now(),
        ),
        field="id_aware_why" if typed(request.POST, "aware_why").strip() == "" else "id_aware_delay",
        said=_("Corrected. Both moments stay on record, and the 72 hours run from this one."),
    )


@require_POST
@staff_door(May.LEAD)
def controller(request: HttpRequest, pk: int) -> HttpResponse:
    """Whose data they are was told."""
    staff = staff_of(request)
    breach = breach_for(staff, pk)
    at = local_time(typed(request.POST, "told_at"), staff.zone) or timezone.now()
    return _done(
        request,
        breach,
        lambda: actions.note_controller(breach, told_at=at, by=staff, now=timezone.now()),
        field="id_told_at",
        said=_("Noted."),
    )


@require_POST
@staff_door(May.LEAD)
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Nothing is asked any more."""
    staff = staff_of(request)
    breach = breach_for(staff, pk)
    try:
        if actions.close(breach, by=staff, now=timezone.now()):
            messages.success(request, _("Closed. It stays in the register, and can be opened again."))
    except actions.NotSettled as error:
        for duty in error.open:
            messages.error(request, _("Not closed yet: %(what)s.") % {"what": sayings.duty_words(duty, Stands.OPEN)})
    return redirect("breaches:breach", pk)


@require_POST
@staff_door(May.LEAD)
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Something is asked again."""
    staff = staff_of(request)
    breach = breach_for(staff, pk)
    return _done(
        request, breach, lambda: actions.reopen(breach, by=staff, now=timezone.now()), field="", said=_("Open again.")
    )
