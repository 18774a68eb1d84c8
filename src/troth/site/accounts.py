"""Who may have an account: staff only, by invitation; nobody signs up by themselves."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class StaffOnly(DefaultAccountAdapter):  # type: ignore[misc] # allauth brings no types
    """allauth, with the door for strangers closed."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
