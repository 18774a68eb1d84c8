"""What is planned once is asked with other values each time, and leaves the session as it was."""

from __future__ import annotations

import pytest
from django.db import connection

from troth.people.models import Team
from troth.people.planned import ASKED_BEFORE, planned_once


def names_up_to(number: int) -> list[str]:
    with planned_once():
        return list(Team.objects.filter(pk__lte=number).order_by("pk").values_list("name", flat=True))


def plans() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements WHERE statement LIKE '%people_team%'")
        return [statement for (statement,) in cursor.fetchall()]


@pytest.mark.django_db
def test_the_same_words_with_other_values_are_one_plan() -> None:
    teams = [Team.objects.create(name=f"Team {number}") for number in range(ASKED_BEFORE + 8)]

    answers = [names_up_to(team.pk)[-1] for team in teams]

    assert answers == [team.name for team in teams]
    assert len(plans()) == 1


@pytest.mark.django_db
def test_what_is_asked_elsewhere_keeps_no_plan() -> None:
    before = connection.connection.cursor_factory, connection.connection.prepare_threshold

    with pytest.raises(Team.DoesNotExist), planned_once():
        Team.objects.get(pk=0)
    for _time in range(ASKED_BEFORE + 8):
        list(Team.objects.filter(pk=1))

    assert (connection.connection.cursor_factory, connection.connection.prepare_threshold) == before
    assert plans() == []
