"""Who may have an account, and how they show who they are: allauth, with the door for strangers closed."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import LoginForm
from allauth.core.exceptions import ReauthenticationRequired
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as translated
from django.utils.translation import gettext_lazy as _

from troth.people.doors import is_fresh


class SignIn(LoginForm):  # type: ignore[misc] # allauth brings no types
    """The form at the door, in our words: a label says it once."""

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        self.fields["login"].label = _("Email address")
        for name in ("login", "password"):
            self.fields[name].widget.attrs.pop("placeholder", None)
        if "remember" in self.fields:
            self.fields["remember"].label = _("Stay signed in on this computer")


class StaffOnly(DefaultAccountAdapter):  # type: ignore[misc] # allauth brings no types
    """allauth, with the door for strangers closed."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _("This address and this password do not belong together."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_reset_password_from_key_url(self, key: str) -> str:
        """At our own address, whatever the request called us."""
        address: str = settings.TROTH_URL + urlsplit(super().get_reset_password_from_key_url(key)).path
        return address

    def is_reauthentication_required(self, *, app: str, **values: Any) -> bool:
        """allauth's own dangerous pages (second factors) have the same door as ours.

        It raises rather than answers, for allauth takes those who have nothing to show again (they came by a provider)
        for fresh.
        """
        if is_fresh(self.request):
            return False
        raise ReauthenticationRequired

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """The ways to show it once more, in our words; the quickest for those who have it first."""
        words = {
            "mfa_reauthenticate:webauthn": translated("With a passkey"),
            "reauthenticate": translated("With your password"),
            "mfa_reauthenticate": translated("With a code from your app, or a recovery code"),
        }
        found = [{**way, "description": words[way["id"]]} for way in super().get_reauthentication_methods(user)]
        return sorted(found, key=lambda way: [*words].index(way["id"]))


class Factors(DefaultMFAAdapter):  # type: ignore[misc] # allauth brings no types
    """Second factors, in our words."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("That is not it. Codes change every half minute, and a recovery code works once."),
    }

    def generate_authenticator_name(self, user: Any, type: Any) -> str:
        return translated("A passkey")
