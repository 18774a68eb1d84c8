"""Components and places: named, put in order, taken off the page and put back."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from troth.ledger.actions import append
from troth.people.models import Staff
from troth.status.models import Component, Place
from troth.status.rules import digests
from troth.status.rules.snapshot import matching
from troth.words import facts
from troth.words.refs import ref

Row = Component | Place
#: No name on the page is longer.
NAME_MOST = 80


class NoName(ValueError):
    """What stands on the page has a name."""


class NameTaken(ValueError):
    """Another has this name, or had it: incidents that name it could mean either."""


@transaction.atomic
def name(
    model: type[Component] | type[Place],
    row: Row | None,
    *,
    name: str,
    description: str = "",
    group: str = "",
    by: Staff | None,
    now: datetime,
) -> Row:
    """Put a component or place on the page (*row* is None), or name it otherwise; its old name stays known.

    Raises NoName, NameTaken.
    """
    name, description, group = (" ".join(words.split()) for words in (name, description, group))
    if not name or len(name) > NAME_MOST:
        raise NoName(f"A name has 1 to {NAME_MOST} letters.")
    every: list[Row] = list(model.objects.select_for_update().order_by("pk"))
    held: Row | None = None
    for one in every:
        if row is not None and one.pk == row.pk:
            held = one
        elif matching([name], (one.name, *one.former)):
            raise NameTaken("Another has this name.")
    if held is None:
        held = model(name=name, made_at=now, order=max((one.order for one in every), default=0) + 1)
    elif (held.name, held.description, getattr(held, "group", "")) == (name, description, group):
        return held
    if held.name != name:
        held.former = [one for one in dict.fromkeys([*held.former, held.name]) if one != name]
    held.name, held.description = name, description
    if isinstance(held, Component):
        held.group = group
    held.save()
    append(_named(held, by=by), now=now)
    return held


def words_digest(row: Row) -> str:
    return digests.of(row.name, *([row.group] if isinstance(row, Component) else []), row.description)


def _named(row: Row, *, by: Staff | None) -> facts.Fact:
    about, digest, who = _ref(row), words_digest(row), by.reference if by else ""
    if isinstance(row, Component):
        return facts.ComponentNamed(about=about, words_digest=digest, by=who)
    return facts.PlaceNamed(about=about, words_digest=digest, by=who)


def _ref(row: Row) -> str:
    return ref("component" if isinstance(row, Component) else "place", row.pk)


@transaction.atomic
def move(row: Row, *, by: int) -> None:
    """One up (-1) or down (1) among those on the page."""
    model = type(row)
    rows = list(model.objects.select_for_update().filter(retired_at=None).order_by("order", "pk"))
    at = next((place for place, one in enumerate(rows) if one.pk == row.pk), None)
    if at is None or not 0 <= at + by < len(rows):
        return
    rows[at], rows[at + by] = rows[at + by], rows[at]
    for place, one in enumerate(rows, start=1):
        if one.order != place:
            model.objects.filter(pk=one.pk).update(order=place)


@transaction.atomic
def retire(row: Row, *, retired: bool, by: Staff | None, now: datetime) -> bool:
    """Take it off the page, or put it back; False where it was so already. What was said of it stays in the history."""
    changed = (
        type(row).objects.filter(pk=row.pk, retired_at__isnull=retired).update(retired_at=now if retired else None)
    )
    if changed != 1:
        return False
    about, who = _ref(row), by.reference if by else ""
    if isinstance(row, Component):
        append(facts.ComponentRetired(about=about, retired=retired, by=who), now=now)
    else:
        append(facts.PlaceRetired(about=about, retired=retired, by=who), now=now)
    return True
