"""One remedy: what it is for, how it came to be, and what can be done about it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from troth.people.doors import staff_door
from troth.people.models import Staff
from troth.people.rules.roles import May
from troth.people.shell import desk_values, field_time, local_time, page_of, staff_of, typed
from troth.remedies import actions, queries
from troth.remedies.desk.saying import shown
from troth.remedies.models import Remedy
from troth.remedies.rules.authority import Verdict
from troth.remedies.rules.life import Act, can
from troth.remedies.rules.money import Money
from troth.words.refs import ref
from troth.words.remedies import State


@staff_door(May.READ)
def remedy_page(request: HttpRequest, pk: int) -> HttpResponse:
    return show(request, queries.remedy_for(staff_of(request), pk))


def show(request: HttpRequest, remedy: Remedy, *, status: int = 200, **said: dict[str, Any]) -> HttpResponse:
    """The page of *remedy*; *said* is what was typed into a form that was refused."""
    now, staff = timezone.now(), staff_of(request)
    forms: dict[str, Any] = {
        "give": {"errors": [], "given_at": field_time(now, staff.zone), "reference": "", "note": "", "open": False},
        "refuse": {"errors": [], "reason": "", "open": False},
        "decline": {"errors": [], "reason": "", "open": False},
        "withdraw": {"errors": [], "reason": "", "open": False},
    }
    for name, values in said.items():
        forms[name].update(values)
    values = desk_values(
        request,
        now=now,
        r=_whole(remedy),
        events=_events(remedy),
        can=_can(remedy, staff=staff),
        **forms,
    )
    return render(request, "remedies/remedy.html", values, status=status)


def _can(remedy: Remedy, *, staff: Staff) -> list[str]:
    if not staff.may(May.ANSWER):
        return []
    acts = {act.value for act in can(State(remedy.state))} & {"accept", "decline", "give", "withdraw"}
    if remedy.state == State.WAITING and _decides(remedy, staff=staff):
        acts |= {"authorise", Act.REFUSE.value}
    return sorted(acts)


def _decides(remedy: Remedy, *, staff: Staff) -> bool:
    policy, _version = queries.in_force(timezone.now())
    money = Money(remedy.amount, remedy.currency) if remedy.amount is not None else None
    return queries.may_offer(staff, sort=remedy.sort, money=money, policy=policy) is Verdict.YES


def _whole(remedy: Remedy) -> dict[str, Any]:
    second = Remedy.objects.filter(second_of=remedy).values_list("pk", flat=True).first()
    return {
        **shown(remedy),
        "promise_href": page_of(ref("promise", remedy.promise_id)) if remedy.promise_id else "",
        "first_due": remedy.due,
        "team": remedy.team.name if remedy.team else None,
        "by": remedy.offered_by.name if remedy.offered_by else None,
        "standard": remedy.standard,
        "occasion_at": remedy.occasion_at,
        "second_of_href": page_of(ref("remedy", remedy.second_of_id)) if remedy.second_of_id else "",
        "second_href": page_of(ref("remedy", second)) if second else "",
        "days": remedy.days,
        "asks": remedy.asks,
        "proof": remedy.proof_reference,
        "note": remedy.proof_note,
        "reason": remedy.reason,
    }


def _events(remedy: Remedy) -> list[dict[str, Any]]:
    """How it went, oldest first."""
    by = remedy.offered_by.name if remedy.offered_by and not remedy.standard else ""
    named = [
        (remedy.sought_at, _("The customer asked for it"), ""),
        (remedy.occasion_at, _("What the standard “%(name)s” waits for happened") % {"name": remedy.standard}, ""),
        (remedy.made_at if remedy.standard else None, _("Raised by the standard"), ""),
        (remedy.offered_at, _("Laid before somebody with the authority") if remedy.waited else _("Offered"), by),
        (remedy.authorised_at, _("Authorised"), remedy.authorised_by.name if remedy.authorised_by else ""),
        (remedy.accepted_at, _("The customer said yes"), ""),
        (remedy.missed_at, _("Its date passed without proof that it was given"), ""),
        (remedy.given_at, _("Given"), ""),
        (remedy.proven_at, _("Proven"), remedy.given_by.name if remedy.given_by else ""),
        (remedy.ended_at, _("Declined") if remedy.state == State.DECLINED else _("Withdrawn"), ""),
    ]
    told = [{"at": at, "words": words, "by": who} for at, words, who in named if at]
    return sorted(told, key=lambda one: one["at"])


def _after(request: HttpRequest, remedy: Remedy, done: bool, words: str) -> HttpResponse:
    if done:
        messages.success(request, words)
    else:
        messages.info(request, _("It is no longer as it was shown. This is how it stands."))
    return redirect("remedies:remedy", remedy.pk)


def _held(request: HttpRequest, pk: int) -> tuple[Remedy, Staff]:
    staff = staff_of(request)
    return queries.remedy_for(staff, pk), staff


@require_POST
@staff_door(May.ANSWER)
def authorise(request: HttpRequest, pk: int) -> HttpResponse:
    remedy, staff = _held(request, pk)
    try:
        done = actions.authorise(remedy, by=staff, now=timezone.now())
    except actions.NotAllowed:
        messages.error(request, _("This is beyond your own authority. Ask somebody who has more."))
        return redirect("remedies:remedy", pk)
    return _after(request, remedy, done, _("Authorised. The customer is told."))


@require_POST
@staff_door(May.ANSWER)
def refuse(request: HttpRequest, pk: int) -> HttpResponse:
    remedy, staff = _held(request, pk)

    def act(reason: str) -> bool:
        return actions.refuse(remedy, reason=reason, by=staff, now=timezone.now())

    try:
        return _with_reason(request, remedy, "refuse", act, _("Not authorised, with your reason."))
    except actions.NotAllowed:
        messages.error(request, _("This is beyond your own authority. Ask somebody who has more."))
        return redirect("remedies:remedy", pk)


@require_POST
@staff_door(May.ANSWER)
def accept(request: HttpRequest, pk: int) -> HttpResponse:
    """The customer said yes to somebody: on the telephone, say."""
    remedy, staff = _held(request, pk)
    return _after(request, remedy, actions.accept(remedy, by=staff, now=timezone.now()), _("Owed from now on."))


@require_POST
@staff_door(May.ANSWER)
def decline(request: HttpRequest, pk: int) -> HttpResponse:
    remedy, staff = _held(request, pk)

    def act(reason: str) -> bool:
        return actions.decline(remedy, reason=reason, by=staff, now=timezone.now())

    return _with_reason(request, remedy, "decline", act, _("Declined, as they said it."))


@require_POST
@staff_door(May.ANSWER)
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    remedy, staff = _held(request, pk)

    def act(reason: str) -> bool:
        return actions.withdraw(remedy, reason=reason, by=staff, now=timezone.now())

    return _with_reason(request, remedy, "withdraw", act, _("Withdrawn, with your reason."))


def _with_reason(
    request: HttpRequest, remedy: Remedy, form: str, act: Callable[[str], bool], words: str
) -> HttpResponse:
    reason = typed(request.POST, "reason").strip()[:2000]
    if not reason:
        error = {"id": f"{form}_reason", "words": _("Write down why, or how they said it; it stays in the record.")}
        return show(request, remedy, status=422, **{form: {"errors": [error], "open": True}})
    return _after(request, remedy, act(reason), words)


@require_POST
@staff_door(May.ANSWER)
def give(request: HttpRequest, pk: int) -> HttpResponse:
    """It was given outside: when, and what proves it."""
    remedy, staff = _held(request, pk)
    now = timezone.now()
    said = {name: typed(request.POST, name).strip()[:2000] for name in ("given_at", "reference", "note")}
    given_at = local_time(said["given_at"], staff.zone)
    wrong, words = "give_reference", ""
    if given_at is None:
        wrong, words = "give_given_at", _("Write when it was given.")
    else:
        try:
            done = actions.give(
                remedy, given_at=given_at, reference=said["reference"], note=said["note"], by=staff, now=now
            )
        except actions.NotGiven as error:
            wrong = wrong if error.why == "no_proof" else "give_given_at"
            words = not_given_words(error.why)
        except actions.NotNow:
            done = False
        if not words:
            return _after(request, remedy, done, _("Given, and proven."))
    errors = [{"id": wrong, "words": words}]
    return show(request, remedy, status=422, give={**said, "errors": errors, "open": True})


def not_given_words(why: str) -> str:
    """Why it cannot have been given like this."""
    return {
        "no_proof": _("Write down what proves it: the reference of the payment, or how it was given."),
        "future": _("It cannot have been given in the future."),
        "too_early": _("It was not owed yet on that day. Look at the date again."),
    }[why]
