"""Of allauth's pages those that staff need; nobody signs up, and an address is changed by an admin."""

from __future__ import annotations

from allauth.account import views
from allauth.mfa.base import views as factors
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.webauthn.urls import urlpatterns as webauthn
from allauth.socialaccount import views as elsewhere
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.urls import URLPattern, URLResolver, include, path, re_path
from django.views.generic import RedirectView

from troth.people.doors import freshly
from troth.site import openid

#: What allauth would list on pages of its own stands on everybody's own page.
own_page = login_required(RedirectView.as_view(pattern_name="people:me"))

urlpatterns: list[URLPattern | URLResolver] = [
    path("login/", views.login, name="account_login"),
    path("logout/", views.logout, name="account_logout"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    path("signup/", views.signup, name="account_signup"),  # says that nobody does
    path("reauthenticate/", views.reauthenticate, name="account_reauthenticate"),
    path("password/change/", views.password_change, name="account_change_password"),
    path("password/set/", freshly(views.password_set), name="account_set_password"),
    path("password/reset/", views.password_reset, name="account_reset_password"),
    path("password/reset/done/", views.password_reset_done, name="account_reset_password_done"),
    path("password/reset/key/done/", views.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        views.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("2fa/", own_page, name="mfa_index"),
    path("2fa/authenticate/", factors.authenticate, name="mfa_authenticate"),
    path("2fa/reauthenticate/", factors.reauthenticate, name="mfa_reauthenticate"),
    path("2fa/totp/", include("allauth.mfa.totp.urls")),
    path("2fa/recovery-codes/", freshly(codes.view_recovery_codes), name="mfa_view_recovery_codes"),
    path("2fa/recovery-codes/generate/", codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("2fa/recovery-codes/download/", freshly(codes.download_recovery_codes), name="mfa_download_recovery_codes"),
    path("2fa/webauthn/", include([path("", own_page, name="mfa_list_webauthn"), *webauthn[1:]])),
]

#: Where the company has a sign-in of its own (TROTH_OIDC_URL).
elsewhere_urls: list[URLPattern | URLResolver] = [
    path("oidc/login/", openid.login, {"provider_id": openid.PROVIDER_ID}, name="openid_connect_login"),
    path("oidc/login/callback/", openid.callback, {"provider_id": openid.PROVIDER_ID}, name="openid_connect_callback"),
    path("oidc/turned-back/", elsewhere.login_cancelled, name="socialaccount_login_cancelled"),
]
if settings.TROTH_OIDC_URL:
    urlpatterns += elsewhere_urls
