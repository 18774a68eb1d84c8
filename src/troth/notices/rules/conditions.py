"""Whom something concerns: conditions over customers, cases, orders, handles and uploaded lists, joined by and, or and not; pure.

A condition asks for one thing that meets all of its fields: one order of that product to that place, not one of the product and
another to the place. Of a field with several values one is enough. An empty group chooses nobody: nobody is told by mistake.

What was once written is read again for as long as the evidence is kept: names here are never changed, only added to.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from troth.words.causes import Cause
from troth.words.messages import Kind

#: So deep groups stand in groups, and so many conditions there are in all.
DEPTH_MOST, CONDITIONS_MOST = 6, 50
#: Values of one field, and signs of one value.
VALUES_MOST, TEXT_MOST = 500, 200
CHANNELS = ("email", "webform", "chat", "phone", "talk", "social", "api", "import")
HANDLES = ("email", "phone", "social")
_REFERENCE = re.compile(r"[a-z_]{1,40}:[1-9][0-9]{0,17}\Z")
#: What PostgreSQL and UTF-8 cannot hold.
_UNHOLDABLE = re.compile("[\x00\ud800-\udfff]")


class Stands(StrEnum):
    """How an order stands."""

    #: Neither delivered nor called off.
    OUTSTANDING = "outstanding"
    #: Promised for a time that passed before it was delivered, delivered since or not.
    LATE = "late"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"


class Wrong(StrEnum):
    """What can be wrong with conditions that somebody hands in."""

    NOT_AN_OBJECT = "not_an_object"
    NOT_A_LIST = "not_a_list"
    NOT_ONE_NAME = "not_one_name"
    NO_SUCH_CONDITION = "no_such_condition"
    NO_SUCH_FIELD = "no_such_field"
    EMPTY_GROUP = "empty_group"
    TOO_DEEP = "too_deep"
    TOO_MANY = "too_many"
    TOO_MANY_VALUES = "too_many_values"
    NOT_A_TEXT = "not_a_text"
    NOT_KNOWN = "not_known"
    NOT_A_TIME = "not_a_time"
    ENDS_BEFORE_IT_BEGINS = "ends_before_it_begins"
    NOT_A_REFERENCE = "not_a_reference"
    NOT_A_NUMBER = "not_a_number"


SAYING: dict[Wrong, str] = {
    Wrong.NOT_AN_OBJECT: "write an object",
    Wrong.NOT_A_LIST: "write a list",
    Wrong.NOT_ONE_NAME: "write an object with exactly one name: all, any, not, customers, cases, orders, handles or listed",
    Wrong.NO_SUCH_CONDITION: "there is no such condition: write all, any, not, customers, cases, orders, handles or listed",
    Wrong.NO_SUCH_FIELD: "there is no such field in this condition",
    Wrong.EMPTY_GROUP: "a group within conditions needs at least one condition",
    Wrong.TOO_DEEP: f"groups stand at most {DEPTH_MOST} deep in each other",
    Wrong.TOO_MANY: f"there are at most {CONDITIONS_MOST} conditions in all",
    Wrong.TOO_MANY_VALUES: f"write at most {VALUES_MOST} values; upload a list for more",
    Wrong.NOT_A_TEXT: f"write a text of 1 to {TEXT_MOST} signs",
    Wrong.NOT_KNOWN: "this is not one of the values there are",
    Wrong.NOT_A_TIME: "write a time with its zone, such as 2026-11-02T09:30:00Z",
    Wrong.ENDS_BEFORE_IT_BEGINS: "its end must be later than its beginning",
    Wrong.NOT_A_REFERENCE: "write a reference such as incident:3",
    Wrong.NOT_A_NUMBER: "write the number of an uploaded list",
}


class NotConditions(ValueError):
    """What was handed in is no tree of conditions: *where* in it, such as `all[1].orders.places[0]`, and what is *wrong*."""

    def __init__(self, where: str, wrong: Wrong) -> None:
        super().__init__(f"{where or 'conditions'}: {SAYING[wrong]}.")
        self.where, self.wrong = where, wrong


@dataclass(frozen=True)
class Between:
    """From a moment on, that one too, until another, without it; either may be open."""

    since: datetime | None = None
    until: datetime | None = None

    def __bool__(self) -> bool:
        return self.since is not None or self.until is not None


@dataclass(frozen=True)
class OfCustomers:
    groups: tuple[str, ...] = ()
    #: In which they wrote to us last, as far as it was read.
    languages: tuple[str, ...] = ()
    zones: tuple[str, ...] = ()
    #: When we met them.
    met: Between = Between()


@dataclass(frozen=True)
class OfCases:
    kinds: tuple[str, ...] = ()
    causes: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    #: One of these stands in the subject or in what the customer wrote, in capitals or not.
    words: tuple[str, ...] = ()
    #: The same for names of products, so that both can be asked of one case.
    products: tuple[str, ...] = ()
    opened: Between = Between()
    #: Of which incident they are part: "incident:3".
    incidents: tuple[str, ...] = ()


@dataclass(frozen=True)
class OfOrders:
    references: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    variants: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    ordered: Between = Between()
    promised: Between = Between()
    delivered: Between = Between()
    stands: tuple[str, ...] = ()


@dataclass(frozen=True)
class OfHandles:
    """Single addresses stand in no condition, for conditions are kept for good: a list or a hand names them, and can forget them."""

    kinds: tuple[str, ...] = ()
    #: The part of a mail address behind the @.
    domains: tuple[str, ...] = ()


@dataclass(frozen=True)
class Listed:
    """Stands on an uploaded list."""

    upload: int


@dataclass(frozen=True)
class Every:
    """Meets all of these; nobody where there are none."""

    parts: tuple[Conditions, ...] = ()


@dataclass(frozen=True)
class Some:
    """Meets at least one of these."""

    parts: tuple[Conditions, ...] = ()


@dataclass(frozen=True)
class Not:
    """Everybody but who meets this."""

    part: Conditions


Leaf = OfCustomers | OfCases | OfOrders | OfHandles | Listed
Conditions = Every | Some | Not | Leaf

NOBODY = Every()
LEAVES: dict[str, type[Leaf]] = {
    "customers": OfCustomers,
    "cases": OfCases,
    "orders": OfOrders,
    "handles": OfHandles,
    "listed": Listed,
}
NAMES: dict[type[Leaf], str] = {kind: name for name, kind in LEAVES.items()}
#: What the values of a field are chosen from, where the list of them is closed.
CLOSED: dict[tuple[type[Leaf], str], tuple[str, ...]] = {
    (OfCases, "kinds"): tuple(Kind),
    (OfCases, "causes"): tuple(Cause),
    (OfCases, "channels"): CHANNELS,
    (OfOrders, "stands"): tuple(Stands),
    (OfHandles, "kinds"): HANDLES,
}


def leaves(conditions: Conditions) -> Iterator[Leaf]:
    """Every condition in the tree, in its order."""
    if isinstance(conditions, Every | Some):
        for part in conditions.parts:
            yield from leaves(part)
    elif isinstance(conditions, Not):
        yield from leaves(conditions.part)
    else:
        yield conditions


def lists_of(conditions: Conditions) -> tuple[int, ...]:
    """The uploaded lists that stand in it."""
    return tuple(dict.fromkeys(leaf.upload for leaf in leaves(conditions) if isinstance(leaf, Listed)))


def chooses_nobody(conditions: Conditions) -> bool:
    """Nothing was chosen yet."""
    return isinstance(conditions, Every | Some) and not conditions.parts


# Written


def to_plain(conditions: Conditions) -> dict[str, Any]:
    """As it is kept and told to programs; `from_plain` reads exactly this again."""
    match conditions:
        case Every(parts):
            return {"all": [to_plain(part) for part in parts]}
        case Some(parts):
            return {"any": [to_plain(part) for part in parts]}
        case Not(part):
            return {"not": to_plain(part)}
        case Listed(upload):
            return {"listed": {"list": upload}}
        case leaf:
            return {NAMES[type(leaf)]: _fields(leaf)}


def _fields(leaf: Leaf) -> dict[str, Any]:
    plain: dict[str, Any] = {}
    for field in fields(leaf):
        value = getattr(leaf, field.name)
        if isinstance(value, Between):
            ends = {"from": value.since, "to": value.until}
            value = {name: _written(at) for name, at in ends.items() if at is not None}
        if value:
            plain[field.name] = list(value) if isinstance(value, tuple) else value
    return plain


def _written(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


# Read


def from_plain(plain: object) -> Conditions:
    """The conditions in *plain*, whatever that is; raises NotConditions. At the top a group may be empty still."""
    if isinstance(plain, Mapping) and len(plain) == 1 and plain.get("all", plain.get("any", 0)) == []:
        return Every() if "all" in plain else Some()
    found = _read(plain, where="", depth=0)
    if sum(1 for _ in leaves(found)) > CONDITIONS_MOST:
        raise NotConditions("", Wrong.TOO_MANY)
    return found


def _read(plain: object, *, where: str, depth: int) -> Conditions:
    if not isinstance(plain, Mapping):
        raise NotConditions(where, Wrong.NOT_AN_OBJECT)
    if len(plain) != 1:
        raise NotConditions(where, Wrong.NOT_ONE_NAME)
    if depth > DEPTH_MOST:
        raise NotConditions(where, Wrong.TOO_DEEP)
    ((name, value),) = plain.items()
    here = _within(where, name)
    if name in {"all", "any"}:
        parts = _group(value, where=here, depth=depth)
        return Every(parts) if name == "all" else Some(parts)
    if name == "not":
        return Not(_read(value, where=here, depth=depth + 1))
    if name not in LEAVES:
        raise NotConditions(where, Wrong.NO_SUCH_CONDITION)
    if not isinstance(value, Mapping):
        raise NotConditions(here, Wrong.NOT_AN_OBJECT)
    return _listed(value, here) if name == "listed" else _leaf(LEAVES[name], value, here)


def _group(value: object, *, where: str, depth: int) -> tuple[Conditions, ...]:
    if not isinstance(value, list | tuple):
        raise NotConditions(where, Wrong.NOT_A_LIST)
    if not value:
        raise NotConditions(where, Wrong.EMPTY_GROUP)
    if len(value) > CONDITIONS_MOST:
        raise NotConditions(where, Wrong.TOO_MANY)
    return tuple(_read(part, where=f"{where}[{nth}]", depth=depth + 1) for nth, part in enumerate(value))


def _within(where: str, name: object) -> str:
    """The place of a member; of a name that is none of ours its beginning only, for it is shown to people."""
    shown = _UNHOLDABLE.sub("\ufffd", str(name))[:40]
    return f"{where}.{shown}" if where else shown


def _listed(value: Mapping[Any, Any], where: str) -> Listed:
    if set(value) != {"list"}:
        raise NotConditions(where, Wrong.NO_SUCH_FIELD if set(value) - {"list"} else Wrong.NOT_A_NUMBER)
    number = value["list"]
    if not isinstance(number, int) or isinstance(number, bool) or not 0 < number < 10**18:
        raise NotConditions(_within(where, "list"), Wrong.NOT_A_NUMBER)
    return Listed(number)


def _leaf(kind: type[Leaf], value: Mapping[Any, Any], where: str) -> Leaf:
    known = {field.name: field for field in fields(kind)}
    made: dict[str, Any] = {}
    for name, given in value.items():
        if name not in known:
            raise NotConditions(_within(where, name), Wrong.NO_SUCH_FIELD)
        here = _within(where, name)
        if known[name].type == "Between":
            made[name] = _between(given, here)
        else:
            made[name] = _values(given, here, _value_of(kind, name))
    return kind(**made)


def _between(given: object, where: str) -> Between:
    if not isinstance(given, Mapping):
        raise NotConditions(where, Wrong.NOT_AN_OBJECT)
    if unknown := [name for name in given if name not in {"from", "to"}]:
        raise NotConditions(_within(where, unknown[0]), Wrong.NO_SUCH_FIELD)
    since, until = (_moment(given.get(name), _within(where, name)) for name in ("from", "to"))
    if since is not None and until is not None and until <= since:
        raise NotConditions(where, Wrong.ENDS_BEFORE_IT_BEGINS)
    return Between(since, until)


def _moment(given: object, where: str) -> datetime | None:
    if given is None:
        return None
    if not isinstance(given, str) or len(given) > 40:
        raise NotConditions(where, Wrong.NOT_A_TIME)
    try:
        at = datetime.fromisoformat(given)
    except ValueError as error:
        raise NotConditions(where, Wrong.NOT_A_TIME) from error
    # PostgreSQL and calendars alike have trouble beyond these.
    if at.tzinfo is None or not 1900 <= at.year <= 2200:
        raise NotConditions(where, Wrong.NOT_A_TIME)
    return at.astimezone(UTC)


def _values(given: object, where: str, read: Callable[[object, str], str]) -> tuple[str, ...]:
    if not isinstance(given, list | tuple):
        raise NotConditions(where, Wrong.NOT_A_LIST)
    if len(given) > VALUES_MOST:
        raise NotConditions(where, Wrong.TOO_MANY_VALUES)
    return tuple(dict.fromkeys(read(one, f"{where}[{nth}]") for nth, one in enumerate(given)))


def _value_of(kind: type[Leaf], name: str) -> Callable[[object, str], str]:
    if (kind, name) in CLOSED:
        return lambda one, where: _known(one, where, CLOSED[kind, name])
    if name == "incidents":
        return _reference
    if name == "languages":
        return lambda one, where: _text(one, where).lower()
    if kind is OfHandles:
        return lambda one, where: _text(one, where).lower().removeprefix("@")
    return _text


def _known(one: object, where: str, known: tuple[str, ...]) -> str:
    if not isinstance(one, str) or one not in known:
        raise NotConditions(where, Wrong.NOT_KNOWN)
    return str(one)


def _reference(one: object, where: str) -> str:
    if not isinstance(one, str) or not _REFERENCE.match(one):
        raise NotConditions(where, Wrong.NOT_A_REFERENCE)
    return one


def _text(one: object, where: str) -> str:
    if not isinstance(one, str) or _UNHOLDABLE.search(one):
        raise NotConditions(where, Wrong.NOT_A_TEXT)
    text = " ".join(one.split())
    if not 0 < len(text) <= TEXT_MOST:
        raise NotConditions(where, Wrong.NOT_A_TEXT)
    return text
