"""Who sees what belongs to which team: the rule, and the two forms in which the tables are asked."""

from __future__ import annotations

import pytest
from django.db import connection
from tests import people_and_things as things

from troth.people.models import Team
from troth.people.queries import sight_values, within_sight, within_sight_sql
from troth.people.rules.roles import Role
from troth.people.rules.sight import Sight

OWN, OTHER = 1, 2


@pytest.mark.parametrize(
    ("role", "own", "asked", "closed", "seen"),
    [
        (Role.AGENT, OWN, None, False, True),
        (Role.AGENT, OWN, OTHER, False, True),
        (Role.AGENT, OWN, OWN, True, True),
        (Role.AGENT, OWN, OTHER, True, False),
        (Role.AGENT, None, OTHER, True, False),
        (Role.LEAD, OWN, OWN, True, True),
        (Role.LEAD, OWN, OTHER, True, False),
        (Role.ADMIN, None, OTHER, True, True),
        (Role.AUDITOR, None, OTHER, True, True),
        ("unknown", OWN, OTHER, True, False),
    ],
)
def test_a_closed_team_is_seen_by_its_own_and_by_who_runs_or_audits(
    role: str, own: int | None, asked: int | None, closed: bool, seen: bool
) -> None:
    assert Sight(role=role, team_id=own).reaches(asked, is_closed=closed) is seen


@pytest.mark.parametrize("role", [*Role])
@pytest.mark.parametrize("own", ["Care", "Complaints", None])
def test_the_tables_are_asked_by_the_same_rule(db: None, role: Role, own: str | None) -> None:
    teams = [Team.objects.create(name="Care"), Team.objects.create(name="Complaints", is_closed=True)]
    teams.append(Team.objects.create(name="Conduct", is_closed=True))
    staff = things.staff(role=role, team=next((team for team in teams if team.name == own), None))
    sight = Sight(role=role, team_id=staff.team_id)

    by_rule = {team.pk for team in teams if sight.reaches(team.pk, is_closed=team.is_closed)}
    by_filter = set(Team.objects.filter(within_sight(staff, team="pk")).values_list("pk", flat=True))
    with connection.cursor() as cursor:
        cursor.execute("SELECT t.id FROM people_team t WHERE true " + within_sight_sql("t.id"), sight_values(staff))  # noqa: S608 - our own text
        by_statement = {row[0] for row in cursor.fetchall()}

    assert by_rule == by_filter == by_statement
