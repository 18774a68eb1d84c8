"""Who may have an account: staff only, by invitation; nobody signs up by themselves."""

from __future__ import annotations

from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest


class StaffOnly(DefaultAccountAdapter):  # type: ignore[misc] # allauth brings no types
    """allauth, with the door for strangers closed."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_reset_password_from_key_url(self, key: str) -> str:
        """At our own address, whatever the request called us."""
        address: str = settings.TROTH_URL + urlsplit(super().get_reset_password_from_key_url(key)).path
        return address
