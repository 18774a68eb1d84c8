"""What a process keeps for seconds, above all: nothing that was rolled back."""

from __future__ import annotations

import pytest
from django.db import transaction
from tests.people_and_things import company

from troth.people.kept import Kept
from troth.people.models import Company, Team
from troth.people.rows import inserted

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def name() -> Kept[str]:
    company()
    return Kept(lambda: Company.objects.values_list("name", flat=True).get(), seconds=600)


def rename(to: str, name: Kept[str]) -> None:
    Company.objects.update(name=to)
    name.forget()


def test_it_is_read_once_until_somebody_here_changes_it(name: Kept[str]) -> None:
    assert name() == "Parcel & Co"
    Company.objects.update(name="Another")
    assert name() == "Parcel & Co"

    rename("A third", name)

    assert name() == "A third"


def test_what_was_rolled_back_is_kept_for_nobody(name: Kept[str]) -> None:
    assert name() == "Parcel & Co"

    with transaction.atomic():
        rename("Never", name)
        assert name() == "Never"
        transaction.set_rollback(True)

    assert name() == "Parcel & Co"


def test_what_a_savepoint_took_back_is_kept_for_nobody(name: Kept[str]) -> None:
    with transaction.atomic():
        with transaction.atomic():
            rename("Never", name)
            assert name() == "Never"
            transaction.set_rollback(True)
        assert name() == "Parcel & Co"

    assert name() == "Parcel & Co"


def test_what_was_read_elsewhere_before_the_commit_is_forgotten_with_it(name: Kept[str]) -> None:
    with transaction.atomic():
        rename("Another", name)
        name._kept = (float("inf"), "Parcel & Co")  # as another thread, which does not see the change yet, leaves it

        assert name() == "Another"

    assert name() == "Another"


def test_a_row_is_put_in_once_and_knows_its_number() -> None:
    first, second = Team(name="Deliveries", takes_new=True), Team(name="Deliveries")

    assert inserted(first, unless=["name"])
    assert not inserted(second, unless=["name"])

    found = Team.objects.get()
    assert (found.pk, found.takes_new, second.pk) == (first.pk, True, None)
    assert not first._state.adding
