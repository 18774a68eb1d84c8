"""What happens at the door is put on record: allauth tells of it by signals, and this writes it down."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from allauth.account import signals as account
from allauth.account.authentication import get_authentication_records
from allauth.mfa import signals as factors
from allauth.mfa.models import Authenticator
from allauth.socialaccount import signals as elsewhere
from django.contrib.auth.signals import user_logged_out
from django.dispatch import Signal
from django.http import HttpRequest
from django.utils import timezone

from troth.people import limits, staffing
from troth.people.actions import note_security
from troth.people.models import Staff
from troth.people.rules.security import SecurityKind
from troth.people.shell import origin_of

#: A shut door is told of once in a while, not at every knock: whoever knocks a thousand times writes no thousand rows.
SHUT = limits.Pace(1, timedelta(minutes=5))


def note(kind: SecurityKind, request: HttpRequest, staff: Any, *, how: str = "") -> None:
    known = staff if isinstance(staff, Staff) else None
    note_security(kind=kind, staff=known, how=how, origin=origin_of(request), now=timezone.now())


def failed(request: HttpRequest, address: str, *, shut: bool = False) -> None:
    """A wrong password, or one too many; of whose account, if anybody's."""
    if shut and limits.take("shut", limits.visitor(request), SHUT, now=timezone.now()):
        return
    whose = Staff.objects.filter(email=address.lower()).first()
    again = request.user.is_authenticated
    kind = SecurityKind.CONFIRM_FAILED if again else SecurityKind.SIGN_IN_FAILED
    note(SecurityKind.SIGN_IN_STOPPED if shut else kind, request, whose)


def signed_in(*, request: HttpRequest, user: Any, **values: Any) -> None:
    ways = [f"{one['method']}:{one['type']}" if one.get("type") else one["method"] for one in _shown(request, user)]
    note(SecurityKind.SIGNED_IN, request, user, how=" ".join(dict.fromkeys(ways)))
    staffing.settle_factors(user.pk)


def _shown(request: HttpRequest, user: Any) -> list[dict[str, Any]]:
    return [one for one in get_authentication_records(request, user) if not one.get("reauthenticated")]


def signed_out(*, request: HttpRequest | None, user: Any, **values: Any) -> None:
    if request is not None and user is not None:
        note(SecurityKind.SIGNED_OUT, request, user)


def step_done(*, request: HttpRequest, user: Any, method: str, **values: Any) -> None:
    if values.get("reauthenticated"):
        note(SecurityKind.CONFIRMED_AGAIN, request, user, how=method)


def password_changed(*, request: HttpRequest, user: Any, **values: Any) -> None:
    note(SecurityKind.PASSWORD_CHANGED, request, user)
    staffing.settle_factors(user.pk)


def password_reset(*, request: HttpRequest, user: Any, **values: Any) -> None:
    staffing.end_sessions(user.pk)
    note(SecurityKind.PASSWORD_RESET, request, user)
    staffing.settle_factors(user.pk)


def factor_added(*, request: HttpRequest, user: Any, authenticator: Authenticator, **values: Any) -> None:
    codes = authenticator.type == Authenticator.Type.RECOVERY_CODES
    kind = SecurityKind.CODES_MADE if codes else SecurityKind.FACTOR_ADDED
    note(kind, request, user, how="" if codes else authenticator.type)
    staffing.settle_factors(user.pk)


def factor_removed(*, request: HttpRequest, user: Any, authenticator: Authenticator, **values: Any) -> None:
    if authenticator.type != Authenticator.Type.RECOVERY_CODES:
        note(SecurityKind.FACTOR_REMOVED, request, user, how=authenticator.type)
    staffing.settle_factors(user.pk)


def codes_made(*, request: HttpRequest, user: Any, **values: Any) -> None:
    note(SecurityKind.CODES_MADE, request, user)


def factor_used(*, request: HttpRequest, user: Any, authenticator: Authenticator, **values: Any) -> None:
    if authenticator.type == Authenticator.Type.RECOVERY_CODES:
        note(SecurityKind.CODE_USED, request, user)


def factor_failed(*, request: HttpRequest, user: Any, **values: Any) -> None:
    note(SecurityKind.FACTOR_FAILED, request, user)


def identity_linked(*, request: HttpRequest, sociallogin: Any, **values: Any) -> None:
    note(SecurityKind.IDENTITY_LINKED, request, sociallogin.user, how=sociallogin.account.provider)
    staffing.settle_factors(sociallogin.user.pk)


#: Each signal, and what is written down when it comes.
WITNESSED: list[tuple[Signal, Any]] = [
    (account.user_logged_in, signed_in),
    (user_logged_out, signed_out),
    (account.authentication_step_completed, step_done),
    (account.password_changed, password_changed),
    (account.password_set, password_changed),
    (account.password_reset, password_reset),
    (factors.authenticator_added, factor_added),
    (factors.authenticator_removed, factor_removed),
    (factors.authenticator_reset, codes_made),
    (factors.authenticator_used, factor_used),
    (factors.authentication_failed, factor_failed),
    (elsewhere.social_account_added, identity_linked),
]


def connect() -> None:
    for signal, receiver in WITNESSED:
        signal.connect(receiver, dispatch_uid=f"troth.{receiver.__name__}")


connect()
