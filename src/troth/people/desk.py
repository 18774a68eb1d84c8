"""Who works here, for those who run the installation: invite, give a role, close an account, ask for second factors."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from troth.people import limits, staffing
from troth.people.actions import StaffThereAlready
from troth.people.doors import staff_door
from troth.people.models import Invite, Staff, Team
from troth.people.queries import company, teams
from troth.people.rules.addresses import NotAnAddress
from troth.people.rules.invites import INVITE_LIFE, InviteState, invite_state
from troth.people.rules.roles import Factors, May, Role
from troth.people.shell import desk_values, origin_of, staff_of, typed

#: Letters to invited people; a whole department comes in one go.
INVITES = limits.Pace(50, INVITE_LIFE / 3)


def role_words() -> dict[Role, str]:
    return {
        Role.AGENT: _("Agent: answers customers"),
        Role.LEAD: _("Lead: also merges, voids, and is told when time runs out"),
        Role.ADMIN: _("Admin: also says who works here and how"),
        Role.AUDITOR: _("Auditor: reads, and changes nothing"),
    }


def factor_words() -> dict[Factors, str]:
    return {
        Factors.NOBODY: _("Nobody must, everybody may"),
        Factors.ADMINS: _("Admins must"),
        Factors.EVERYONE: _("Everybody must"),
    }


@staff_door(May.RUN)
def staff(request: HttpRequest) -> HttpResponse:
    """Everybody who works here, and who is invited."""
    return _staff_page(request)


def _staff_page(request: HttpRequest, *, errors: list[dict[str, str]] | None = None) -> HttpResponse:
    now = timezone.now()
    me = staff_of(request)
    found = company()
    factored = set(Authenticator.objects.filter(type__in=staffing.FACTORS).values_list("user_id", flat=True).distinct())
    everyone = list(Staff.objects.select_related("team").order_by("-is_active", "name", "pk"))
    bare_admins = [
        person.name
        for person in everyone
        if person.is_active and person.role == Role.ADMIN and person.pk not in factored
    ]
    values = desk_values(
        request,
        now=now,
        company=found.name if found else None,
        here="staff",
        people=[
            {
                "id": person.pk,
                "name": person.name,
                "email": person.email,
                "me": person.pk == me.pk,
                "role": person.get_role_display(),
                "team": person.team.name if person.team else "",
                "active": person.is_active,
                "factor": person.pk in factored,
                "last_at": person.last_login,
            }
            for person in everyone
        ],
        invites=[_invited(invite, now=now) for invite in _standing_invites()],
        invite=_invite_form(request, errors or []),
        factors=found.factors if found else Factors.NOBODY,
        factor_choices=list(factor_words().items()),
        receipts="yes" if found is None or found.encloses_receipts else "no",
        receipt_choices=[("yes", _("Carries the receipt")), ("no", _("Carries none"))],
        bare_admins=", ".join(bare_admins),
    )
    return render(request, "people/staff.html", values, status=422 if errors else 200)


def _standing_invites() -> list[Invite]:
    standing = Invite.objects.filter(taken_at=None, withdrawn_at=None).exclude(address="")
    return list(standing.select_related("by", "team").order_by("-pk"))


def _invited(invite: Invite, *, now: datetime) -> dict[str, Any]:
    state = invite_state(taken_at=None, withdrawn_at=None, expires_at=invite.expires_at, now=now)
    return {
        "id": invite.pk,
        "address": invite.address,
        "role": invite.get_role_display(),
        "team": invite.team.name if invite.team else "",
        "by": invite.by.name if invite.by else "",
        "expires_at": invite.expires_at,
        "expired": state is InviteState.EXPIRED,
    }


def _invite_form(request: HttpRequest, errors: list[dict[str, str]]) -> dict[str, Any]:
    posted = request.POST if errors else {}
    return {
        "errors": errors,
        "address": posted.get("address", ""),
        "role": posted.get("role", Role.AGENT),
        "team": posted.get("team", ""),
        "roles": list(role_words().items()),
        "teams": _team_choices(),
    }


def _team_choices() -> list[tuple[str, str]]:
    return [("", _("No team")), *((str(team.pk), team.name) for team in teams())]


@require_POST
@staff_door(May.RUN)
@limits.at_pace("invite", INVITES, by=lambda request: f"staff:{staff_of(request).pk}")
def invite(request: HttpRequest) -> HttpResponse:
    """A letter with a link that makes one account."""
    role, team = _role_and_team(request)
    try:
        made = staffing.invite(
            address=typed(request.POST, "address"),
            role=role,
            team=team,
            by=staff_of(request),
            origin=origin_of(request),
            now=timezone.now(),
        )
    except NotAnAddress:
        return _staff_page(request, errors=[{"id": "id_address", "words": _("Write one email address.")}])
    except StaffThereAlready as error:
        return _staff_page(request, errors=[{"id": "id_address", "words": str(error)}])
    messages.success(request, _("A letter is on its way to %(address)s.") % {"address": made.address})
    return redirect("people:staff")


@require_POST
@staff_door(May.RUN)
@limits.at_pace("invite", INVITES, by=lambda request: f"staff:{staff_of(request).pk}")
def invite_again(request: HttpRequest, pk: int) -> HttpResponse:
    invite_for(pk)
    if staffing.invite_again(pk, by=staff_of(request), origin=origin_of(request), now=timezone.now()):
        messages.success(request, _("Another letter is on its way. The link in the one before opens nothing any more."))
    else:
        messages.info(request, _("That invitation is taken or withdrawn."))
    return redirect("people:staff")


@require_POST
@staff_door(May.RUN)
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    invite_for(pk)
    if staffing.withdraw_invite(pk, by=staff_of(request), origin=origin_of(request), now=timezone.now()):
        messages.success(request, _("The invitation is withdrawn; its link opens nothing."))
    else:
        messages.info(request, _("That invitation is taken or withdrawn."))
    return redirect("people:staff")


def invite_for(pk: int) -> Invite:
    found = Invite.objects.exclude(address="").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@staff_door(May.RUN)
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """One of them: role and team, and whether they come in."""
    return _person_page(request, person_for(pk))


def _person_page(request: HttpRequest, found: Staff, *, stopped: str = "") -> HttpResponse:
    values = desk_values(
        request,
        here="staff",
        person={
            "id": found.pk,
            "name": found.name,
            "email": found.email,
            "me": found.pk == staff_of(request).pk,
            "active": found.is_active,
            "role": found.role,
            "team": str(found.team_id or ""),
            "joined_at": found.joined_at,
            "last_at": found.last_login,
            "factor": Authenticator.objects.filter(user_id=found.pk, type__in=staffing.FACTORS).exists(),
        },
        roles=list(role_words().items()),
        teams=_team_choices(),
        stopped=stopped,
    )
    return render(request, "people/person.html", values, status=409 if stopped else 200)


def person_for(pk: int) -> Staff:
    found = Staff.objects.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@require_POST
@staff_door(May.RUN)
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Another role, another team."""
    found = person_for(pk)
    role, team = _role_and_team(request)
    try:
        staffing.change_role(
            pk, role=role, team=team, by=staff_of(request), origin=origin_of(request), now=timezone.now()
        )
    except staffing.LastAdmin as error:
        return _person_page(request, found, stopped=str(error))
    messages.success(request, _("So it is. It holds from their next click on."))
    return redirect("people:staff")


@require_POST
@staff_door(May.RUN)
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """They come in no more, from this moment on."""
    found = person_for(pk)
    try:
        staffing.close_account(pk, by=staff_of(request), origin=origin_of(request), now=timezone.now())
    except staffing.LastAdmin as error:
        return _person_page(request, found, stopped=str(error))
    messages.success(request, _("%(name)s is signed out everywhere and comes in no more.") % {"name": found.name})
    return redirect("people:staff")


@require_POST
@staff_door(May.RUN)
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    found = person_for(pk)
    staffing.open_account(pk, by=staff_of(request), origin=origin_of(request), now=timezone.now())
    messages.success(request, _("%(name)s may come in again.") % {"name": found.name})
    return redirect("people:staff")


@require_POST
@staff_door(May.RUN)
def end_sessions(request: HttpRequest, pk: int) -> HttpResponse:
    """A computer was lost: they sign in anew everywhere."""
    found = person_for(pk)
    me = staff_of(request)
    staffing.sign_out_everywhere(
        pk, by=me, but=_own_key(request) if pk == me.pk else "", origin=origin_of(request), now=timezone.now()
    )
    messages.success(request, _("%(name)s has to sign in anew everywhere.") % {"name": found.name})
    return redirect("people:person", pk)


@require_POST
@staff_door(May.RUN)
def require_factors(request: HttpRequest) -> HttpResponse:
    """The company's switch: who cannot work here without a second factor."""
    wanted = request.POST.get("factors", "")
    if wanted not in list(Factors):
        raise Http404
    by, origin = staff_of(request), origin_of(request)
    if staffing.require_factors(Factors(wanted), by=by, origin=origin, now=timezone.now()):
        messages.success(request, _("So it is. Who has none yet is led to it at their next click."))
    return redirect("people:staff")


@require_POST
@staff_door(May.RUN)
def enclose_receipts(request: HttpRequest) -> HttpResponse:
    """The company's switch: whether letters carry the receipts of what they promise."""
    wanted = request.POST.get("receipts", "")
    if wanted not in {"yes", "no"}:
        raise Http404
    by, origin = staff_of(request), origin_of(request)
    if staffing.enclose_receipts(wanted == "yes", by=by, origin=origin, now=timezone.now()):
        said = _("From now on letters carry the receipts of what they promise.")
        messages.success(request, said if wanted == "yes" else _("From now on letters carry no receipts."))
    return redirect("people:staff")


def _role_and_team(request: HttpRequest) -> tuple[Role, Team | None]:
    """As chosen from the two lists; what is not on them was not sent by our form."""
    role, team = request.POST.get("role", ""), request.POST.get("team", "")
    if role not in list(Role) or not (team == "" or team.isdecimal()):
        raise Http404
    found = Team.objects.filter(pk=int(team[:18])).first() if team else None
    if team and found is None:
        raise Http404
    return Role(role), found


def _own_key(request: HttpRequest) -> str:
    return request.session.session_key or ""
