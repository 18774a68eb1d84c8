"""Who may have an account: staff only; nobody signs up by themselves."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import LoginForm
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


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
