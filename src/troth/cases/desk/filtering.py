"""What a list of cases is narrowed by, as its page shows it: one chip for each, to be taken off, and a form to choose in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils.dateformat import format as date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from troth.cases.queries import Beside
from troth.cases.read_sayings import choices, value_words
from troth.cases.rules.corrections import Field
from troth.cases.rules.filters import (
    BUILT_IN,
    CHANNELS,
    LISTS,
    ME,
    NAMES,
    NOBODY,
    Filters,
    Linked,
    Order,
    Promised,
    filters_from,
)
from troth.cases.sayings import kind_choices, status_choices

#: What an address says of the list besides its filters.
BESIDE_FILTERS = frozenset({"search", "order"})
DATES = ("opened_from", "opened_to", "last_from", "last_to")


def is_explicit(given: QueryDict) -> bool:
    """Whether the address itself says what to show, instead of naming a view."""
    return any(name in given for name in NAMES - BESIDE_FILTERS)


def asked_for(given: QueryDict, saved: Beside | None) -> Filters:
    """The choice behind an address: its own filters, else a saved view's, else those of a view that everybody has."""
    own = filters_from(dict(given.lists()))
    if is_explicit(given):
        return own
    if saved is not None:
        base = filters_from(saved.plain)
    elif own.search or given.get("view") == "all":
        base = Filters()
    else:
        base = BUILT_IN.get(given.get("view", ""), BUILT_IN["open"])
    return replace(base, search=own.search or base.search, order=own.order if "order" in given else base.order)


def address(filters: Filters, *, saved: int | None = None, **more: str) -> str:
    """Where the list shows this choice."""
    plain: dict[str, Any] = dict(filters.to_plain())
    if not filters.is_narrow or set(plain) <= {"search", "order"}:
        plain["view"] = "all"
    if saved is not None:
        plain["saved"] = str(saved)
    return f"{reverse('cases:list')}?{urlencode({**plain, **more}, doseq=True)}"


def chips(filters: Filters, beside: Sequence[Beside], *, saved: int | None) -> list[dict[str, str]]:
    """What the list is narrowed by, in words, each with where it leads to take it off."""
    found, fields = [], _fields()
    for name, values in filters.to_plain().items():
        if name == "order":
            continue
        for value in values:
            said = "" if name == "unanswered" else _value_words(name, value, beside)
            words = said if name == "snoozed" else ": ".join(part for part in (fields[name], said) if part)
            found.append({"words": words, "href": address(filters.without(name, value), saved=saved)})
    return found


def field_words(name: str) -> str:
    return _fields()[name]


def _fields() -> dict[str, str]:
    return {
        "status": _("State"),
        "kind": _("Kind"),
        "cause": _("Cause"),
        "channel": _("Channel"),
        "emotion": _("Emotion"),
        "urgency": _("Urgency"),
        "owner": _("Owner"),
        "team": _("Team"),
        "unanswered": _("Waits for an answer"),
        "promised": _("Promised"),
        "snoozed": _("Put aside"),
        "linked": _("Linked"),
        "public": _("Said in public"),
        "group": _("Customer group"),
        "opened_from": _("Opened from"),
        "opened_to": _("Opened until"),
        "last_from": _("Last word from"),
        "last_to": _("Last word until"),
        "search": _("Words"),
    }


def _value_words(name: str, value: str, beside: Sequence[Beside]) -> str:
    if name in {"owner", "team"}:
        what = "staff" if name == "owner" else "team"
        words = {ME: _("Mine"), NOBODY: _("Nobody yet")} if name == "owner" else {ME: _("My own"), NOBODY: _("No team")}
        return {**{str(one.pk): one.name for one in beside if one.what == what}, **words}.get(value, f"#{value}")
    if name in DATES:
        return date_format(getattr(filters_from({name: [value]}), name), "j M Y")
    if name == "search":
        return f"“{value}”"
    if name == "linked" and value.isdecimal():
        return _("to case #%(number)s") % {"number": value}
    return dict(options(name)).get(value, value)


def options(name: str) -> list[tuple[str, str]]:
    """The values of a field that has a closed list of them, with their words."""
    return list(_options(name, get_language()))


@cache
def _options(name: str, _language: str | None) -> list[tuple[str, str]]:
    """Kept for each language: there are a hundred, and every list of cases offers all of them."""
    if name == "status":
        return status_choices()
    if name == "kind":
        return kind_choices()
    if name == "channel":
        return [(channel, _channel(channel)) for channel in CHANNELS]
    if name == "promised":
        return [
            (Promised.OWED, _("Something is owed")),
            (Promised.SOON, _("Due within a week")),
            (Promised.LATE, _("Late")),
        ]
    if name == "snoozed":
        return [("no", _("Without what is put aside")), ("yes", _("Only what is put aside"))]
    if name == "linked":
        return [
            (Linked.NONE, _("To no other")),
            (Linked.TO_ANOTHER, _("To another case")),
            (Linked.HAS_OTHERS, _("Others to it")),
        ]
    if name == "public":
        return [("yes", _("Where others read it")), ("no", _("To us alone"))]
    if name == "group":
        return []
    if name == "order":
        return [(Order.LATEST, _("Last word")), (Order.DUE, _("Answer due")), (Order.OLDEST, _("Opened first"))]
    field = {"cause": Field.CAUSES, "emotion": Field.EMOTIONS, "urgency": Field.URGENCY}[name]
    return [(value, value_words(field, value)) for value, _words in choices(field)]


def _channel(channel: str) -> str:
    return {
        "email": _("Mail"),
        "webform": _("Web form"),
        "chat": _("Chat"),
        "phone": _("Phone"),
        "talk": _("Face to face"),
        "social": _("In public"),
        "api": _("Another program"),
        "import": _("Import"),
    }[channel]


def form(filters: Filters, beside: Sequence[Beside]) -> dict[str, Any]:
    """The form in which it is chosen: lists to tick, and fields with one value."""
    plain, fields = filters.to_plain(), _fields()

    def one(name: str, any_words: str, given: Sequence[tuple[str, str]]) -> dict[str, Any]:
        [value] = plain.get(name, [""])
        known = [("", any_words), *given]
        if value and value not in dict(known):
            known.append((value, _value_words(name, value, beside)))
        return {"name": name, "words": fields[name], "value": value, "options": known}

    people = [(str(other.pk), other.name) for other in beside if other.what == "staff"]
    teams = [(str(other.pk), other.name) for other in beside if other.what == "team"]
    return {
        "lists": [
            {
                "name": name,
                "words": fields[name],
                "options": [(value, words, value in getattr(filters, name)) for value, words in options(name)],
            }
            for name in LISTS
        ],
        "ones": [
            one("owner", _("Anyone"), [(ME, _("Mine")), (NOBODY, _("Nobody yet")), *people]),
            one("team", _("Any team"), [(ME, _("My own")), (NOBODY, _("No team")), *teams]),
            one("promised", _("Any"), options("promised")),
            one("snoozed", _("Any"), options("snoozed")),
            one("linked", _("Any"), options("linked")),
            one("public", _("Any"), options("public")),
            one("group", _("Any"), [(other.name, other.name) for other in beside if other.what == "group"]),
        ],
        "dates": [{"name": name, "words": fields[name], "value": plain.get(name, [""])[0]} for name in DATES],
        "unanswered": filters.unanswered,
        "order": filters.order.value,
        "search": filters.search,
        "orders": options("order"),
    }


def hidden(plain: Mapping[str, Sequence[str]]) -> list[tuple[str, str]]:
    """The same as fields of a form that nobody sees."""
    return [(name, value) for name, values in plain.items() for value in values]
