"""What closed teams keep to themselves, asked across the rooms: letters and references belong to the case or promise they name."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection
from django.db.models import BigIntegerField, QuerySet
from django.db.models.expressions import RawSQL
from django.http import Http404

from troth.people.models import Staff
from troth.people.queries import sight_of, within_sight
from troth.people.rules.roles import May
from troth.post.models import Letter

_NUMBER = "split_part({ref}, ':', 2)::bigint"
#: The team of what a reference names; NULL where it names nothing that has one.
_TEAM_OF = f"""
CASE WHEN {{ref}} !~ '^[a-z]+:[0-9]{{{{1,18}}}}$' THEN NULL
     WHEN split_part({{ref}}, ':', 1) IN ('case', 'talk', 'writing', 'answering') THEN
          (SELECT team_id FROM cases_case WHERE id = {_NUMBER})
     WHEN {{ref}} LIKE 'promise:%%' THEN (SELECT team_id FROM promises_promise WHERE id = {_NUMBER})
     WHEN {{ref}} LIKE 'incident:%%' THEN (SELECT team_id FROM incidents_incident WHERE id = {_NUMBER})
     WHEN {{ref}} LIKE 'breach:%%' THEN (SELECT i.team_id FROM breaches_breach t JOIN incidents_incident i
          ON i.id = t.incident_id WHERE t.id = {_NUMBER})
     WHEN {{ref}} LIKE 'watch:%%' THEN (SELECT i.team_id FROM incidents_watch t JOIN incidents_incident i
          ON i.id = t.incident_id WHERE t.id = {_NUMBER})
     WHEN {{ref}} LIKE 'notice:%%' THEN (SELECT i.team_id FROM notices_notice t JOIN incidents_incident i
          ON t.about = 'incident:' || i.id WHERE t.id = {_NUMBER})
     WHEN {{ref}} LIKE 'remedy:%%' THEN (SELECT team_id FROM remedies_remedy WHERE id = {_NUMBER})
     WHEN {{ref}} LIKE 'clock:%%' THEN (SELECT k.team_id FROM clocks_clock t JOIN cases_case k
          ON k.id = substring(t.about FROM 6)::bigint WHERE t.id = {_NUMBER})
     WHEN {{ref}} LIKE 'message:%%' THEN
          (SELECT k.team_id FROM cases_message m JOIN cases_case k ON k.id = m.case_id WHERE m.id = {_NUMBER})
END
"""  # noqa: S608 - our own text


def team_of(column: str) -> str:
    """SQL for the team behind the reference in *column*."""
    return _TEAM_OF.format(ref=column)


def letters_for(staff: Staff) -> QuerySet[Letter]:
    """The letters *staff* may see, without their bytes."""
    rows = Letter.objects.defer("raw")
    if sight_of(staff).is_full:
        return rows
    of_team = RawSQL(team_of("post_letter.because"), [], output_field=BigIntegerField())  # noqa: S611 - our own text
    return rows.annotate(of_team=of_team).filter(within_sight(staff, team="of_team"))


def letter_for(staff: Staff, pk: int) -> Letter:
    """The letter, if *staff* may see it; raises Http404."""
    letter = letters_for(staff).filter(pk=pk).first()
    if letter is None or not staff.may(May.READ):
        raise Http404
    return letter


def closed_teams_of(references: Sequence[str]) -> dict[str, int]:
    """Which of *references* belong to a closed team, and to which; one statement."""
    sql = f"""
    SELECT named.ref, team.id FROM (
        SELECT given.ref, COALESCE({team_of("given.ref")}, {team_of("letter.because")}) AS team_id
          FROM unnest(%s::text[]) AS given (ref)
          LEFT JOIN post_letter letter
                 ON given.ref ~ '^letter:[0-9]{{1,18}}$' AND letter.id = split_part(given.ref, ':', 2)::bigint
    ) AS named JOIN people_team team ON team.id = named.team_id AND team.is_closed
    """  # noqa: S608 - our own text
    with connection.cursor() as cursor:
        cursor.execute(sql, [list(references)])
        return dict(cursor.fetchall())
