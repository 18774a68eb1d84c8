"""Letting go of what tells of people and is needed no more: a lane of the worker; thin, safe to repeat."""

from __future__ import annotations

from django.utils import timezone

from troth.people import actions


def let_go() -> int:
    """Let old security events go; how many."""
    return actions.forget_security(now=timezone.now())
