"""Who works here: invited, let in, given a role, asked to leave; and that somebody always remains who can run it."""

from __future__ import annotations

import secrets
from datetime import datetime
from importlib import import_module

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from troth.people.actions import StaffThereAlready, note_security, set_up_company
from troth.people.models import Company, Invite, Staff, Team
from troth.people.queries import InviteGone, company, company_name, forget_firm, invite_url, way_in
from troth.people.rules.addresses import email_address, shown_name
from troth.people.rules.invites import INVITE_LIFE, SET_UP_LIFE, InviteState
from troth.people.rules.roles import Factors, Role, needs_factor
from troth.people.rules.security import SecurityKind
from troth.words.refs import ref

#: What counts as a second factor; recovery codes stand in for one of these and are none themselves.
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


class LastAdmin(ValueError):
    """Nobody would be left who can run the installation."""


class NoName(ValueError):
    """An account has a name, for customers read it under letters."""


# Invitations


@transaction.atomic
def invite(*, address: str, role: Role, team: Team | None, by: Staff, origin: str = "", now: datetime) -> Invite:
    """A letter with a link that makes one account; an older one to that address counts no more.

    Raises NotAnAddress, StaffThereAlready.
    """
    address = email_address(address)
    if Staff.objects.filter(email=address).exists():
        raise StaffThereAlready(_("%(address)s works here already.") % {"address": address})
    Invite.objects.filter(address=address, taken_at=None, withdrawn_at=None).update(withdrawn_at=now)
    try:
        with transaction.atomic():
            made = _new(address=address, role=role, team=team, by=by, now=now, expires_at=now + INVITE_LIFE)
    except IntegrityError:  # a colleague invited them in the same moment
        return Invite.objects.get(address=address, taken_at=None, withdrawn_at=None)
    note_security(kind=SecurityKind.STAFF_INVITED, staff=by, about=_ref(made), how=role, origin=origin, now=now)
    _write(made)
    return made


@transaction.atomic
def invite_again(invite_id: int, *, by: Staff, origin: str = "", now: datetime) -> bool:
    """Another letter with another link and three more days; the link before counts no more. False if it was taken."""
    standing = Invite.objects.filter(pk=invite_id, taken_at=None, withdrawn_at=None).exclude(address="")
    if standing.update(nonce=secrets.token_urlsafe(16), expires_at=now + INVITE_LIFE) != 1:
        return False
    again = Invite.objects.get(pk=invite_id)
    note_security(kind=SecurityKind.STAFF_INVITED, staff=by, about=_ref(again), how="again", origin=origin, now=now)
    _write(again)
    return True


@transaction.atomic
def withdraw_invite(invite_id: int, *, by: Staff, origin: str = "", now: datetime) -> bool:
    """The link counts no more; False if it was taken or withdrawn already."""
    standing = Invite.objects.filter(pk=invite_id, taken_at=None, withdrawn_at=None)
    if standing.update(withdrawn_at=now) != 1:
        return False
    about = ref("invite", invite_id)
    note_security(kind=SecurityKind.INVITE_WITHDRAWN, staff=by, about=about, origin=origin, now=now)
    return True


@transaction.atomic
def take_invite(found: Invite, *, name: str, password: str | None, zone: str, origin: str = "", now: datetime) -> Staff:
    """The account it stands for, once; without a password another way to sign in is owed. Raises InviteGone, NoName."""
    return _take(found, address=found.address, name=name, password=password, zone=zone, origin=origin, now=now)


def _take(
    found: Invite, *, address: str, name: str, password: str | None, zone: str, origin: str, now: datetime
) -> Staff:
    name = shown_name(name)
    if not name:
        raise NoName(_("Write your name as customers shall read it."))
    standing = Invite.objects.filter(
        pk=found.pk, nonce=found.nonce, taken_at=None, withdrawn_at=None, expires_at__gt=now
    )
    if standing.update(taken_at=now) != 1:
        raise InviteGone(InviteState.TAKEN)
    if Staff.objects.filter(email=address).exists():
        raise StaffThereAlready(_("%(address)s works here already.") % {"address": address})
    made = Staff.objects.create_user(address, password, name=name, role=found.role, team_id=found.team_id, zone=zone)
    Invite.objects.filter(pk=found.pk).update(staff=made)
    note_security(kind=SecurityKind.INVITE_TAKEN, staff=made, about=_ref(found), origin=origin, now=now)
    settle_factors(made.pk)
    made.refresh_from_db(fields=["owes_factor"])
    return made


def _new(**values: object) -> Invite:
    now = values.pop("now")
    return Invite.objects.create(nonce=secrets.token_urlsafe(16), made_at=now, **values)  # type: ignore[misc]


def _ref(found: Invite) -> str:
    return ref("invite", found.pk)


def _write(made: Invite) -> None:
    """The letter, by the post like every other (settings.EMAIL_BACKEND)."""
    values = {"company": company_name(), "by": made.by.name if made.by else "", "link": invite_url(made)}
    EmailMessage(
        subject=_("Your account at %(company)s") % values,
        body=_(
            "Hello,\n\n%(by)s invites you to work with the customers of %(company)s. You make your account here:\n\n"
            "%(link)s\n\nThe link works once, for three days. If you expected no such letter, do nothing."
        )
        % values,
        to=[made.address],
    ).send()


# The first admin


@transaction.atomic
def make_set_up_link(*, now: datetime) -> Invite:
    """What makes the first admin, for a day; the one before counts no more. Raises StaffThereAlready."""
    if somebody_runs_it():
        raise StaffThereAlready(_("Somebody runs this installation already; they can invite others."))
    Invite.objects.filter(address="", taken_at=None, withdrawn_at=None).update(withdrawn_at=now)
    return _new(address="", role=Role.ADMIN, team=None, by=None, now=now, expires_at=now + SET_UP_LIFE)


@transaction.atomic
def set_up(
    found: Invite,
    *,
    company: str,
    zone: str,
    country: str = "",
    name: str,
    email: str,
    password: str,
    origin: str = "",
    now: datetime,
) -> Staff:
    """The company, where there is none yet, and its first admin.

    Raises InviteGone, NotAnAddress, NoName, StaffThereAlready, and NotACalendar where zone or country are none.
    """
    address = email_address(email)
    list(Invite.objects.select_for_update().filter(pk=found.pk))
    if somebody_runs_it():
        raise InviteGone(InviteState.TAKEN)
    if not Company.objects.exists():
        set_up_company(name=company, zone=zone, country=country)
    return _take(found, address=address, name=name, password=password, zone=zone, origin=origin, now=now)


def somebody_runs_it() -> bool:
    """Whether anybody can say who works here."""
    return Staff.objects.filter(role=Role.ADMIN, is_active=True).exists()


# Roles, leaving and coming back


@transaction.atomic
def change_role(staff_id: int, *, role: Role, team: Team | None, by: Staff, origin: str = "", now: datetime) -> bool:
    """False if they had both already; raises LastAdmin."""
    found = _locked(staff_id, stays_admin=role is Role.ADMIN)
    if (found.role, found.team_id) == (role, team.pk if team else None):
        return False
    how = f"{found.role} to {role}" if found.role != role else "team"
    Staff.objects.filter(pk=staff_id).update(role=role, team=team)
    note_security(
        kind=SecurityKind.ROLE_CHANGED, staff=by, about=ref("staff", staff_id), how=how, origin=origin, now=now
    )
    settle_factors(staff_id)
    return True


@transaction.atomic
def close_account(staff_id: int, *, by: Staff, origin: str = "", now: datetime) -> bool:
    """They are signed out everywhere at once and come in no more; False if that was so. Raises LastAdmin."""
    found = _locked(staff_id, stays_admin=False)
    if not found.is_active:
        return False
    Staff.objects.filter(pk=staff_id).update(is_active=False)
    end_sessions(staff_id)
    about = ref("staff", staff_id)
    note_security(kind=SecurityKind.ACCOUNT_CLOSED, staff=by, about=about, origin=origin, now=now)
    return True


@transaction.atomic
def open_account(staff_id: int, *, by: Staff, origin: str = "", now: datetime) -> bool:
    """They may come in again, as before; False if they could."""
    if Staff.objects.filter(pk=staff_id, is_active=False).update(is_active=True) != 1:
        return False
    about = ref("staff", staff_id)
    note_security(kind=SecurityKind.ACCOUNT_OPENED, staff=by, about=about, origin=origin, now=now)
    settle_factors(staff_id)
    return True


def _locked(staff_id: int, *, stays_admin: bool) -> Staff:
    """The person, with every admin's row locked in one order, so that two admins cannot take each other down."""
    admins = Staff.objects.select_for_update().filter(role=Role.ADMIN, is_active=True).order_by("pk")
    running = {admin.pk for admin in admins}
    if running == {staff_id} and not stays_admin:
        raise LastAdmin(_("They are the last who can run this installation. Make somebody else an admin first."))
    return Staff.objects.select_for_update().get(pk=staff_id)


# Second factors


@transaction.atomic
def require_factors(factors: Factors, *, by: Staff, origin: str = "", now: datetime) -> bool:
    """From now on those without a second factor are led to set one up; False if it was so."""
    if Company.objects.exclude(factors=factors).update(factors=factors) != 1:
        return False
    how = f"second factor for {factors}"
    note_security(kind=SecurityKind.SETTINGS_CHANGED, staff=by, how=how, origin=origin, now=now)
    settle_factors()
    return True


@transaction.atomic
def forget_factors(staff_id: int, *, now: datetime) -> int:
    """Somebody lost them all: what is left is the password, and they sign in anew; how many were forgotten."""
    forgotten = Authenticator.objects.filter(user_id=staff_id)
    kinds = list(forgotten.order_by("pk").values_list("type", flat=True))
    if kinds:
        forgotten.delete()
        end_sessions(staff_id)
        how = f"{' '.join(kinds)} by the host"
        note_security(kind=SecurityKind.FACTOR_REMOVED, about=ref("staff", staff_id), how=how, now=now)
        settle_factors(staff_id)
    return len(kinds)


def settle_factors(staff_id: int | None = None) -> None:
    """Write down who still owes a second factor, or any way to sign in: one column, so that a door need not ask."""
    found = company()
    factors = found.factors if found else Factors.NOBODY
    everyone = Staff.objects.filter(is_active=True)
    for staff in everyone.filter(pk=staff_id) if staff_id else everyone:
        has = Authenticator.objects.filter(user_id=staff.pk, type__in=FACTORS).exists()
        owes = not has and (needs_factor(staff.role, factors) or not way_in(staff))
        if owes != staff.owes_factor:
            Staff.objects.filter(pk=staff.pk).update(owes_factor=owes)


# What goes out


@transaction.atomic
def enclose_receipts(wanted: bool, *, by: Staff, origin: str = "", now: datetime) -> bool:
    """From now on letters that make or move a promise carry its receipt, or do not; False if it was so."""
    if Company.objects.exclude(encloses_receipts=wanted).update(encloses_receipts=wanted) != 1:
        return False
    how = "receipts go with letters" if wanted else "no receipts go with letters"
    note_security(kind=SecurityKind.SETTINGS_CHANGED, staff=by, how=how, origin=origin, now=now)
    forget_firm()
    return True


# Sessions


@transaction.atomic
def sign_out_everywhere(
    staff_id: int, *, session_id: int | None = None, but: str = "", by: Staff, origin: str = "", now: datetime
) -> int:
    """As `end_sessions`, put on record; how many there were."""
    ended = end_sessions(staff_id, session_id=session_id, but=but)
    if ended:
        how = "one" if session_id else "all others" if but else "all"
        about = ref("staff", staff_id)
        note_security(kind=SecurityKind.SESSION_ENDED, staff=by, about=about, how=how, origin=origin, now=now)
    return ended


def end_sessions(staff_id: int, *, session_id: int | None = None, but: str = "") -> int:
    """Sign them out: everywhere, or where *session_id* is, or everywhere *but* there (a session's key). How many."""
    ended = 0
    store = import_module(settings.SESSION_ENGINE).SessionStore
    standing = UserSession.objects.filter(user_id=staff_id).exclude(session_key=but)
    for session in standing.filter(pk=session_id) if session_id else standing:
        store().delete(session.session_key)
        session.delete()
        ended += 1
    return ended
