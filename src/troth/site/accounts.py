"""Who may have an account, and how they show who they are: allauth, with the door for strangers closed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ReauthenticationRequired
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as translated
from django.utils.translation import gettext_lazy as _

from troth.people import limits, seal
from troth.people.doors import ELSEWHERE, is_fresh
from troth.people.rules.security import SecurityKind
from troth.site import witness

#: Longer than any of the counts below keeps a door shut.
SHUT_FOR = timedelta(minutes=5)


def too_many(request: HttpRequest) -> HttpResponse:
    """What allauth answers who tries too often, in our words and with the time to come back."""
    return limits.refuse(request, SHUT_FOR)


class StaffOnly(DefaultAccountAdapter):  # type: ignore[misc] # allauth brings no types
    """allauth, with the door for strangers closed."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _("This address and this password do not belong together."),
        "too_many_login_attempts": _("Too many tries. Wait five minutes, or sign in with a passkey."),
        "rate_limited": _("Too many tries. Wait five minutes."),
        "incorrect_password": _("That is not your password."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_safe_url(self, url: str | None) -> bool:
        """Where to go after signing in: a page of ours, without the name of any server before it."""
        return url_has_allowed_host_and_scheme(url, allowed_hosts=None)

    def send_password_reset_mail(self, user: Any, email: str, context: dict[str, Any]) -> None:
        super().send_password_reset_mail(user, email, context)
        witness.note(SecurityKind.RESET_ASKED, self.request, user)

    def get_reset_password_from_key_url(self, key: str) -> str:
        """At our own address, whatever the request called us."""
        address: str = settings.TROTH_URL + urlsplit(super().get_reset_password_from_key_url(key)).path
        return address

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Whose door is tried, by address alone: allauth adds the Host header, port and all, and its sender writes that."""
        return str(credentials.get("email", "")).lower()

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            witness.failed(request, str(credentials.get("email", "")), shut=True)
            raise

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        witness.failed(request, str(credentials.get("email", "")))

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
        found.sort(key=lambda way: [*words].index(way["id"]))
        if settings.TROTH_OIDC_URL and SocialAccount.objects.filter(user_id=user.pk).exists():
            description = translated("With %(name)s") % {"name": settings.TROTH_OIDC_NAME}
            found.append({"id": ELSEWHERE, "url": reverse("openid_connect_login"), "description": description})
        return found


class Factors(DefaultMFAAdapter):  # type: ignore[misc] # allauth brings no types
    """Second factors, in our words."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("That is not it. Codes change every half minute, and a recovery code works once."),
    }

    def encrypt(self, text: str) -> str:
        return seal.seal(text, place=seal.FACTORS)

    def decrypt(self, encrypted_text: str) -> str:
        return seal.unseal(encrypted_text, place=seal.FACTORS)

    def generate_authenticator_name(self, user: Any, type: Any) -> str:
        return translated("A passkey")
