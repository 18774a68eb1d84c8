"""Saved views: a choice of cases under a name, one's own or shared with one's team."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Max

from troth.cases.models import SavedView
from troth.cases.rules.filters import Filters
from troth.people.models import Staff
from troth.people.rules.addresses import shown_name
from troth.people.rules.roles import May

#: Somebody has at most so many, and a team, too: each is counted on the page.
VIEWS_MOST = 30


class NoViewName(ValueError):
    """A view needs a name."""


class TooManyViews(ValueError):
    """There are as many as one can look over; take one away first."""


class NotYours(PermissionError):
    """What a team shares its leads look after."""


@transaction.atomic
def save_view(*, name: str, filters: Filters, staff: Staff, shared: bool = False, now: datetime) -> SavedView:
    """Behind those there are. A shared one is for everybody in the maker's team.

    Raises NoViewName, TooManyViews; NotYours where a shared one is asked for by somebody who leads nobody or is in no team.
    """
    if shared and (not staff.may(May.LEAD) or staff.team_id is None):
        raise NotYours("Only those who lead a team share a view with it.")
    team = staff.team if shared else None
    # Held, so that two at once stand one behind the other.
    Staff.objects.select_for_update(of=("self",)).get(pk=staff.pk)
    same = SavedView.objects.filter(gone_at=None, team=team)
    if team is None:
        same = same.filter(staff=staff)
    if same.count() >= VIEWS_MOST:
        raise TooManyViews(f"There are {VIEWS_MOST} views already. Take one away first.")
    last = same.aggregate(last=Max("place"))["last"] or 0
    return SavedView.objects.create(
        name=_named(name), staff=staff, team=team, filters=filters.to_plain(), place=last + 1, made_at=now
    )


def change_view(view: SavedView, *, name: str | None = None, filters: Filters | None = None, by: Staff) -> SavedView:
    """Another name, or another choice; raises NoViewName, NotYours."""
    refuse_unless_theirs(view, by)
    if name is not None:
        view.name = _named(name)
    if filters is not None:
        view.filters = filters.to_plain()
    view.save(update_fields=["name", "filters"])
    return view


@transaction.atomic
def move_view(view: SavedView, *, up: bool, by: Staff) -> bool:
    """Change places with the one before it, or behind it; False where there is none. Raises NotYours."""
    refuse_unless_theirs(view, by)
    same = SavedView.objects.select_for_update().filter(gone_at=None, team=view.team_id)
    if view.team_id is None:
        same = same.filter(staff=by)
    rows = list(same.order_by("place", "pk"))
    here = next((index for index, row in enumerate(rows) if row.pk == view.pk), None)
    if here is None:
        return False
    there = here - 1 if up else here + 1
    if not 0 <= there < len(rows):
        return False
    rows[here], rows[there] = rows[there], rows[here]
    for place, row in enumerate(rows, start=1):
        if row.place != place:
            SavedView.objects.filter(pk=row.pk).update(place=place)
    return True


def drop_view(view: SavedView, *, by: Staff, now: datetime) -> bool:
    """Take it away; `bring_back_view` undoes it. Raises NotYours."""
    refuse_unless_theirs(view, by)
    return SavedView.objects.filter(pk=view.pk, gone_at=None).update(gone_at=now) == 1


def bring_back_view(view: SavedView, *, by: Staff) -> bool:
    refuse_unless_theirs(view, by)
    return SavedView.objects.filter(pk=view.pk, gone_at__isnull=False).update(gone_at=None) == 1


def refuse_unless_theirs(view: SavedView, staff: Staff) -> None:
    if not may_change_view(view, staff):
        raise NotYours("What a team shares its leads look after.")


def may_change_view(view: SavedView, staff: Staff) -> bool:
    if view.team_id is None:
        return view.staff_id == staff.pk
    return view.team_id == staff.team_id and staff.may(May.LEAD)


def _named(name: str) -> str:
    named = shown_name(name)
    if not named:
        raise NoViewName("Give the view a name.")
    return named
