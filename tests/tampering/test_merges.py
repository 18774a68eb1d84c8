"""Of merges of who was forgotten the times are still proven."""

from __future__ import annotations

import pytest

from tests.owner import execute
from tests.people_and_things import DAY, NOW, company, handle, staff
from troth.ledger import sealing
from troth.people import actions as people
from troth.privacy import actions as privacy
from troth.site import fsck

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("column", ["at", "undone_at"])
def test_the_time_of_a_merge_is_held_against_its_facts_also_when_they_were_erased(column: str) -> None:
    company()
    sam, ann, zoe = staff(), handle("ann@example.net").customer, handle("zoe@example.net").customer
    people.unmerge(people.merge(front=ann, merged=zoe, by=sam, now=NOW), by=sam, now=NOW + DAY)
    sealing.seal(now=NOW)
    ann.refresh_from_db()
    privacy.erase(ann, by=sam, now=NOW + DAY)
    assert [one for one in fsck.look().divergences if one.kind == "row"] == []

    execute(f"UPDATE people_merge SET {column} = {column} + interval '1 hour'")  # noqa: S608 -- our own columns

    assert f"customer:{ann.pk}" in {one.reference for one in fsck.look().divergences}
