"""The company's own sign-in, by OpenID Connect: allauth's provider, with what it leaves to others.

Beside state and PKCE, which allauth brings, an id_token is asked for a nonce of our own, its signature is checked also where
it came straight from the provider, and both answers must speak of the same person. Who comes in is decided in `Elsewhere`:
staff, or somebody invited, by an address that the provider vouches for; nobody else is made by coming.

allauth speaks to the provider itself, not through the door for addresses that people typed (hooks/door.py): the host named
this one in the settings, and it may well stand inside the host's own network.
"""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.internal import jwtkit
from allauth.socialaccount.models import SocialApp, SocialLogin
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from troth.people import limits, staffing
from troth.people.models import Staff
from troth.people.queries import hours_of, is_invited
from troth.people.rules.addresses import NotAnAddress, email_address
from troth.people.shell import origin_of

#: What allauth calls the provider in its own tables and addresses.
PROVIDER_ID = "company"
PACE = limits.Pace(60, timedelta(minutes=10))


class Careful(OpenIDConnectOAuth2Adapter):  # type: ignore[misc] # allauth brings no types
    def _decode_id_token(self, app: SocialApp, id_token: str) -> dict[str, Any]:
        claims: dict[str, Any] = jwtkit.verify_and_decode(
            credential=id_token,
            keys_url=self.openid_config["jwks_uri"],
            issuer=self.openid_config["issuer"],
            audience=app.client_id,
            lookup_kid=jwtkit.lookup_kid_jwk,
        )
        return claims


class Provider(OpenIDConnectProvider):  # type: ignore[misc] # allauth brings no types
    oauth2_adapter_class = Careful
    pkce_enabled_default = True

    def get_auth_params_from_request(self, request: HttpRequest, action: str) -> dict[str, str]:
        """Nothing that a link brings along; who is signed in already is to show it anew."""
        again = {"prompt": "login", "max_age": "0"} if request.user.is_authenticated else {}
        return {**self.get_auth_params(), **again}

    def get_scope_from_request(self, request: HttpRequest) -> list[str]:
        scope: list[str] = self.get_scope()
        return scope

    def redirect(
        self, request: HttpRequest, process: str, next_url: str | None = None, data: Any = None, **values: Any
    ) -> HttpResponse:
        """To the provider, by a page of ours: our forms may lead nowhere else, and a plain redirect would count as one."""
        nonce = secrets.token_urlsafe(16)
        params = {**(values.pop("auth_params", None) or self.get_auth_params()), "nonce": nonce}
        try:
            there = super().redirect(request, process, next_url, data, auth_params=params, nonce=nonce, **values)
        except OSError as error:  # the provider is away: what allauth asks it with raises one of these
            return _refused(request, self, error)
        if isinstance(there, HttpResponseRedirect):
            values = {"provider": self.name, "redirect_to": there.url}
            return render(request, "socialaccount/login_redirect.html", values)
        answer: HttpResponse = there
        return answer


@limits.at_pace("oidc", PACE, methods=("GET", "POST"))
def login(request: HttpRequest, provider_id: str) -> HttpResponse:
    """A page that leads there, and the way there."""
    answer: HttpResponse = OAuth2LoginView.adapter_view(Careful(request, provider_id))(request)
    return answer


@limits.at_pace("oidc", PACE, methods=("GET", "POST"))
def callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    """The way back."""
    answer: HttpResponse = OAuth2CallbackView.adapter_view(Careful(request, provider_id))(request)
    return answer


class Elsewhere(DefaultSocialAccountAdapter):  # type: ignore[misc] # allauth brings no types
    """Who may come in by the company's own sign-in."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Match who comes with who works here; raises ImmediateHttpResponse where the answer cannot be trusted."""
        told = sociallogin.account.extra_data
        token, person = told.get("id_token") or {}, told.get("userinfo") or told.get("id_token") or {}
        expected = sociallogin.state.get("nonce") or ""
        if (
            not expected
            or not constant_time_compare(str(token.get("nonce", "")), expected)
            or token.get("sub") != person.get("sub")
            or sociallogin.state.get("process") != "login"
        ):
            raise ImmediateHttpResponse(_refused(request, sociallogin.provider))
        if sociallogin.is_existing:
            return
        staff = self._who(request, person)
        if staff is not None and not staff.is_active:
            raise ImmediateHttpResponse(redirect("account_inactive"))
        if staff is not None:
            sociallogin.connect(request, staff)

    @transaction.atomic
    def _who(self, request: HttpRequest, person: dict[str, Any]) -> Staff | None:
        """Staff of that address, or somebody invited, whose account is made now."""
        if person.get("email_verified") not in (True, "true"):
            return None
        try:
            address = email_address(str(person.get("email") or ""))
        except NotAnAddress:
            return None
        staff = Staff.objects.filter(email=address).first()
        invite = None if staff else is_invited(address, now=timezone.now())
        if invite is None:
            return staff
        return staffing.take_invite(
            invite,
            name=str(person.get("name") or address.partition("@")[0]),
            password=None,
            zone=hours_of().zone,
            origin=origin_of(request),
            now=timezone.now(),
        )


def _refused(request: HttpRequest, provider: Any, error: Exception | None = None) -> HttpResponse:
    answer: HttpResponse = render_authentication_error(request, provider, exception=error)
    return answer
