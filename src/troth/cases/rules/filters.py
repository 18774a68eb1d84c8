"""Which cases a list shows and in which order: read from an address, kept in a saved view, told to another program; pure.

What is not understood is left out, never refused: an address somebody kept from last year still shows a list.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from enum import StrEnum
from typing import Any

from troth.words.causes import Cause
from troth.words.emotions import Emotion
from troth.words.messages import Kind, Urgency

STATUSES = ("open", "waiting", "resolved")
CHANNELS = ("email", "webform", "chat", "phone", "talk", "social", "api", "import")
#: In place of a number: whoever looks, and nobody at all.
ME, NOBODY = "me", "nobody"
#: No longer text is looked for, or kept.
TEXT_MOST = 200
NUMBER_DIGITS = 18


class Promised(StrEnum):
    """What is owed in a case."""

    OWED = "owed"
    #: Due within a week.
    SOON = "soon"
    LATE = "late"


class Linked(StrEnum):
    """How a case stands to others of the same cause; a number is the case that they are linked to."""

    NONE = "none"
    TO_ANOTHER = "to_another"
    HAS_OTHERS = "has_others"


class Order(StrEnum):
    #: The newest word first.
    LATEST = "latest"
    #: What is to be answered first; what waits for nothing last.
    DUE = "due"
    #: What was opened first.
    OLDEST = "oldest"


@dataclass(frozen=True)
class Filters:
    """A choice of cases; every field narrows it, and an empty one leaves it wide."""

    status: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    cause: tuple[str, ...] = ()
    channel: tuple[str, ...] = ()
    emotion: tuple[str, ...] = ()
    urgency: tuple[str, ...] = ()
    #: A number, ME or NOBODY.
    owner: str = ""
    team: str = ""
    unanswered: bool = False
    promised: str = ""
    linked: str = ""
    #: "yes": only what was said where others read it; "no": only what was not.
    public: str = ""
    #: Of customers in this group.
    group: str = ""
    #: "yes": only what is put aside; "no": all that is not.
    snoozed: str = ""
    opened_from: date | None = None
    opened_to: date | None = None
    last_from: date | None = None
    last_to: date | None = None
    search: str = ""
    order: Order = field(default=Order.LATEST)

    @property
    def is_narrow(self) -> bool:
        return any(getattr(self, one.name) for one in fields(self) if one.name != "order")

    def to_plain(self) -> dict[str, list[str]]:
        """As an address and a saved view have it: of each field that narrows, its values."""
        plain: dict[str, list[str]] = {}
        for one in fields(self):
            value = getattr(self, one.name)
            if not value or value is Order.LATEST:
                continue
            if isinstance(value, tuple):
                plain[one.name] = list(value)
            else:
                plain[one.name] = ["yes" if value is True else str(value)]
        return plain

    def without(self, name: str, value: str = "") -> Filters:
        """The same less one filter, or less one of its values."""
        values: dict[str, Any] = {one.name: getattr(self, one.name) for one in fields(self)}
        values[name] = tuple(one for one in values[name] if one != value) if name in LISTS else EMPTY[name]
        return Filters(**values)


#: Of which several may be chosen, and what of.
LISTS: dict[str, tuple[str, ...]] = {
    "status": STATUSES,
    "kind": tuple(Kind),
    "cause": tuple(Cause),
    "channel": CHANNELS,
    "emotion": tuple(Emotion),
    "urgency": tuple(Urgency),
}
EMPTY: dict[str, Any] = {one.name: one.default for one in fields(Filters)}
NAMES = frozenset(EMPTY)


def filters_from(given: Mapping[str, Sequence[str]]) -> Filters:
    """What an address or a saved view asks for."""

    def last(name: str) -> str:
        values = given.get(name) or [""]
        return str(values[-1])

    lists: dict[str, Any] = {
        name: tuple(dict.fromkeys(one for one in given.get(name, ()) if one in known)) for name, known in LISTS.items()
    }
    return Filters(
        **lists,
        owner=_who(last("owner")),
        team=_who(last("team")),
        unanswered=last("unanswered") == "yes",
        promised=last("promised") if last("promised") in set(Promised) else "",
        snoozed=last("snoozed") if last("snoozed") in {"yes", "no"} else "",
        linked=last("linked") if last("linked") in set(Linked) else _number(last("linked")),
        public=last("public") if last("public") in {"yes", "no"} else "",
        group=_text(last("group")),
        opened_from=_day(last("opened_from")),
        opened_to=_day(last("opened_to")),
        last_from=_day(last("last_from")),
        last_to=_day(last("last_to")),
        search=_text(last("search")),
        order=Order(last("order")) if last("order") in set(Order) else Order.LATEST,
    )


def _text(text: str) -> str:
    return " ".join(text.replace("\x00", "").split())[:TEXT_MOST].rstrip()


def _who(text: str) -> str:
    return text if text in {ME, NOBODY} else _number(text)


def _number(text: str) -> str:
    return str(int(text)) if text.isascii() and text.isdecimal() and len(text) <= NUMBER_DIGITS else ""


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 1900 <= day.year <= 2200 else None


#: The views everybody has, by their names in an address.
BUILT_IN: dict[str, Filters] = {
    "open": Filters(status=("open",), snoozed="no"),
    "mine": Filters(owner=ME, status=("open", "waiting"), snoozed="no"),
    "unanswered": Filters(unanswered=True),
    "waiting": Filters(status=("waiting",), snoozed="no"),
    "snoozed": Filters(snoozed="yes"),
    "resolved": Filters(status=("resolved",)),
    "all": Filters(),
}
