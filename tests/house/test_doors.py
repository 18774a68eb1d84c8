"""Every address has a door: staff sign in, customers bring their link, and what is open to everybody is named here."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from troth.people.rules.roles import May

#: Open to everybody, each for its reason. Sign-in pages of allauth guard themselves.
PUBLIC = {
    "": "leads on to Today",
    "healthz": "tells a supervisor that we live",
    "p/<str:token>/": "a customer brings the signed link from a letter",
    "write/": "anybody may write to us",
    "write/sent/": "and is thanked for it",
}
GUARDS_ITSELF = ("allauth.",)


def addresses(patterns: list[Any], before: str = "") -> Iterator[tuple[str, Any]]:
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern):
            yield route, pattern.callback


def door_of(view: Any) -> Any:
    """What the outermost guard says it asks for."""
    return getattr(view, "door", None)


def test_every_address_has_a_door() -> None:
    open_to_all = [
        route
        for route, view in addresses(get_resolver().url_patterns)
        if not (isinstance(door_of(view), May) or door_of(view) == "customer")
        and route not in PUBLIC
        and not getattr(view, "__module__", "").startswith(GUARDS_ITSELF)
    ]

    assert open_to_all == [], "put a door before each, or name it in PUBLIC with its reason"


def test_what_is_public_is_still_there() -> None:
    assert set(PUBLIC) <= {route for route, _ in addresses(get_resolver().url_patterns)}


def test_desk_views_ask_what_staff_may() -> None:
    for route, view in addresses(get_resolver().url_patterns):
        if ".desk" in getattr(view, "__module__", ""):
            assert isinstance(door_of(view), May), f"{route} needs staff_door(May. …)"
