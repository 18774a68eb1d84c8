"""Teams: made, named, closed and opened again; what a team looks after in cases and promises goes along."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from datetime import datetime

from django.db import IntegrityError, connection, transaction

from troth.people.actions import note_security
from troth.people.models import Staff, Team
from troth.people.rules.addresses import shown_name
from troth.people.rules.assigns import Assigns
from troth.people.rules.security import SecurityKind
from troth.words.refs import ref


class TeamThereAlready(ValueError):
    """Another team has this name."""


class NoName(ValueError):
    """A team needs a name."""


@dataclass(frozen=True, kw_only=True)
class TeamSettings:
    """What is said of a team."""

    name: str
    is_closed: bool
    heads_up_by_itself: bool
    assigns: str = Assigns.HAND
    takes_new: bool = False
    notices_want_second: bool = False

    @classmethod
    def of(cls, team: Team) -> TeamSettings:
        return cls(**{field.name: getattr(team, field.name) for field in fields(cls)})

    def put(self, team: Team) -> None:
        """Raises NoName."""
        for name, value in {**asdict(self), "name": _named(self.name), "assigns": Assigns(self.assigns)}.items():
            setattr(team, name, value)


@transaction.atomic
def make_team(said: TeamSettings, *, by: Staff, origin: str = "", now: datetime) -> Team:
    """A team, without anybody in it yet; raises TeamThereAlready, NoName."""
    team = Team()
    said.put(team)
    _save(team)
    _note(team, how="made, closed" if team.is_closed else "made", by=by, origin=origin, now=now)
    return team


@transaction.atomic
def change_team(team: Team, said: TeamSettings, *, by: Staff, origin: str = "", now: datetime) -> bool:
    """False if it was so already; raises TeamThereAlready, NoName.

    Whatever was promised in the cases of a team that becomes closed belongs to it from then on, so that nothing of them
    stays to be seen.
    """
    row = Team.objects.select_for_update().get(pk=team.pk)
    before = TeamSettings.of(row)
    said.put(row)
    if before == TeamSettings.of(row):
        return False
    _save(row)
    if row.is_closed and not before.is_closed:
        _take_promises_along(row)
    what = (
        "closed"
        if row.is_closed and not before.is_closed
        else "opened"
        if before.is_closed and not row.is_closed
        else "changed"
    )
    _note(row, how=what, by=by, origin=origin, now=now)
    return True


def _named(name: str) -> str:
    named = shown_name(name)
    if not named:
        raise NoName("A team needs a name.")
    return named


def _save(team: Team) -> None:
    try:
        with transaction.atomic():
            if team.takes_new:  # one team does: the one that was said last
                Team.objects.filter(takes_new=True).exclude(pk=team.pk).update(takes_new=False)
            team.save()
    except IntegrityError as error:
        raise TeamThereAlready(f"There is a team {team.name} already.") from error


def _take_promises_along(team: Team) -> None:
    """And the remedies, which are promises too."""
    with connection.cursor() as cursor:
        for table in ("promises_promise", "remedies_remedy"):
            cursor.execute(
                f"""UPDATE {table} p SET team_id = k.team_id FROM cases_case k
                    WHERE k.team_id = %s AND p.about = 'case:' || k.id AND p.team_id IS DISTINCT FROM k.team_id""",  # noqa: S608 -- names of our own tables
                [team.pk],
            )


def _note(team: Team, *, how: str, by: Staff, origin: str, now: datetime) -> None:
    note_security(
        kind=SecurityKind.SETTINGS_CHANGED, staff=by, about=ref("team", team.pk), how=how, origin=origin, now=now
    )
