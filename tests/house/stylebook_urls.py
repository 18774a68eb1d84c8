"""Addresses that only have to look like addresses."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import include, path


def nowhere(request: HttpRequest, **values: object) -> HttpResponse:
    return HttpResponse()


NAMES = (
    "account_change_password",
    "account_login",
    "account_logout",
    "account_reauthenticate",
    "account_reset_password",
    "account_set_password",
    "account_signup",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "mfa_authenticate",
    "mfa_deactivate_totp",
    "mfa_download_recovery_codes",
    "mfa_generate_recovery_codes",
    "mfa_login_webauthn",
    "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn",
)
OF_ONE = ("mfa_edit_webauthn", "mfa_remove_webauthn")
urlpatterns = [
    *(path(f"{name}/", nowhere, name=name) for name in NAMES),
    *(path(f"{name}/<int:pk>/", nowhere, name=name) for name in OF_ONE),
    path("", include(([path("record/", nowhere, name="overview")], "record"))),
    path("", include(([path("me/", nowhere, name="me")], "people"))),
    path(
        "status/",
        include(
            (
                [
                    path("history/", nowhere, name="history"),
                    path("history/<str:month>/", nowhere, name="month"),
                    path("incidents/<uuid:public_id>/", nowhere, name="incident"),
                ],
                "status",
            )
        ),
    ),
]
