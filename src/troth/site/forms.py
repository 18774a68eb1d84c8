"""The forms at the door, in our words: a label says it once, and a code is typed as digits."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import (
    ChangePasswordForm,
    LoginForm,
    ReauthenticateForm,
    ResetPasswordForm,
    ResetPasswordKeyForm,
    SetPasswordForm,
    default_token_generator,
)
from allauth.mfa.adapter import get_adapter as get_mfa_adapter
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as ReauthenticateByCodeForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm, LoginWebAuthnForm
from allauth.mfa.webauthn.internal.auth import parse_authentication_response
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from troth.people.actions import note_security
from troth.people.models import Staff
from troth.people.rules.security import SecurityKind
from troth.people.shell import origin_of
from troth.post.actions import hand_over


class Plain:
    """Without the placeholders that say the label again."""

    labels: dict[str, Any] = {}
    hints: dict[str, Any] = {}

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        fields: dict[str, Any] = self.fields  # type: ignore[attr-defined]
        for name, field in fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label = self.labels.get(name, field.label)
            field.help_text = self.hints.get(name, field.help_text)
            if name == "code":
                field.widget.attrs |= {"inputmode": "numeric", "autocomplete": "one-time-code"}


class SignIn(Plain, LoginForm):  # type: ignore[misc] # allauth brings no types
    labels = {"login": _("Email address"), "remember": _("Stay signed in on this computer")}


class Password(Plain, ReauthenticateForm):  # type: ignore[misc]
    pass


class NewPassword(Plain, ChangePasswordForm):  # type: ignore[misc]
    labels = {"oldpassword": _("Your password now"), "password1": _("The new one"), "password2": _("The new one again")}


class FirstPassword(Plain, SetPasswordForm):  # type: ignore[misc]
    labels = {"password1": _("A password"), "password2": _("The same again")}


class AskForLink(Plain, ResetPasswordForm):  # type: ignore[misc]
    """For whom nobody knows as much is done as for a colleague, and then undone: the time it takes tells nothing."""

    labels = {"email": _("Email address")}

    def save(self, request: HttpRequest, **values: Any) -> str:
        if not self.users:
            self._as_much(request)
        email: str = super().save(request, **values)
        return email

    @transaction.atomic
    def _as_much(self, request: HttpRequest) -> None:
        nobody = Staff(pk=0, email=settings.TROTH_MAIL_FROM, password=make_password(None))
        key = f"0-{default_token_generator.make_token(nobody)}"
        values = {"user": nobody, "password_reset_url": get_adapter(request).get_reset_password_from_key_url(key)}
        letter = get_adapter(request).render_mail("account/email/password_reset_key", nobody.email, values)
        now = timezone.now()
        said = {"because": "", "customer_id": None, "automatic": True}
        hand_over(key=key, to_address=nobody.email, subject=letter.subject, text=str(letter.body), now=now, **said)
        note_security(kind=SecurityKind.RESET_ASKED, origin=origin_of(request), now=now)
        transaction.set_rollback(True)


class PasswordByLink(Plain, ResetPasswordKeyForm):  # type: ignore[misc]
    labels = {"password1": _("The new password"), "password2": _("The same again")}


class Code(Plain, AuthenticateForm):  # type: ignore[misc]
    labels = {"code": _("Code from your app, or a recovery code")}


class CodeAgain(Plain, ReauthenticateByCodeForm):  # type: ignore[misc]
    labels = {"code": _("Code from your app, or a recovery code")}


class FirstCode(Plain, ActivateTOTPForm):  # type: ignore[misc]
    labels = {"code": _("The six digits it shows now")}


class NewPasskey(Plain, AddWebAuthnForm):  # type: ignore[misc]
    labels = {"name": _("What you call it"), "passwordless": _("Sign in with it alone, without a password")}
    hints = {"passwordless": ""}

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        self.fields["passwordless"].initial = True


class PasskeyName(Plain, EditWebAuthnForm):  # type: ignore[misc]
    labels = {"name": _("What you call it")}


class PasskeyAlone(LoginWebAuthnForm):  # type: ignore[misc]
    """A passkey in the place of the password has recognised its owner itself.

    allauth asks for that in the question, which it keeps in the session whatever it was asked for: one that was asked
    beside a password wants a touch only, and would be answered here with a key that somebody found.
    """

    def clean_credential(self) -> Authenticator:
        said = parse_authentication_response(self.cleaned_data["credential"])
        if not said.response.authenticator_data.is_user_verified():
            raise get_mfa_adapter().validation_error("incorrect_code")
        return super().clean_credential()
