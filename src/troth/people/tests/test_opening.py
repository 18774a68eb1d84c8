"""The page on which a lead says when the company is open."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from tests import people_and_things as things
from tests.faces import Shop, page, said, signed_in

from troth.people.models import Calendar, Company, SecurityEvent, Team
from troth.people.queries import hours_of

WEEK = {f"day{day}": "9-12:30, 13:30-17" for day in range(5)}
LATE = {"name": "Late shift", "zone": "America/New_York", **WEEK, "country": "US", "closed": "2026-12-24"}


def test_a_lead_gives_a_team_hours_of_its_own(shop: Shop) -> None:
    team = Team.objects.get(name="Care")
    lea = signed_in(shop.lea)

    made = lea.post("/hours/", {**LATE, "team": str(team.pk)})

    assert "Saved" in said(made)
    hours, own = hours_of(team.pk), hours_of()
    assert (hours.zone, own.zone) == ("America/New_York", "Europe/London")
    noon_break = datetime(2026, 11, 26, 13, 0, tzinfo=UTC)  # 8 in New York; and it is Thanksgiving
    assert not hours.is_open(noon_break)
    assert hours.is_open(datetime(2026, 11, 27, 15, 0, tzinfo=UTC))
    assert not hours.is_open(datetime(2026, 12, 24, 15, 0, tzinfo=UTC))
    assert "Late shift" in page(lea, "/hours/")
    calendar = Calendar.objects.get(name="Late shift")
    assert [(event.about, event.how) for event in SecurityEvent.objects.all()] == [
        (f"calendar:{calendar.pk}", "hours made")
    ]


def test_what_is_changed_counts_at_once_and_a_team_taken_out_keeps_the_companys(shop: Shop) -> None:
    team = Team.objects.get(name="Care")
    lea = signed_in(shop.lea)
    lea.post("/hours/", {**LATE, "team": str(team.pk)})
    calendar = Calendar.objects.get(name="Late shift")

    lea.post(f"/hours/{calendar.pk}/", {**LATE, "name": "Early shift", "day0": "6-9"})

    assert hours_of(team.pk) == hours_of()
    assert Calendar.objects.get(pk=calendar.pk).name == "Early shift"
    removed = lea.post(f"/hours/{calendar.pk}/remove/")
    assert "Removed" in said(removed)
    assert not Calendar.objects.filter(pk=calendar.pk).exists()


def test_hours_that_are_kept_are_not_removed(shop: Shop) -> None:
    own = Company.objects.get().calendar_id

    answer = signed_in(shop.lea).post(f"/hours/{own}/remove/")

    assert answer.status_code == 422
    assert Calendar.objects.filter(pk=own).exists()


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"name": ""}, "Give them a name"),
        ({"zone": "Middle/Earth"}, "Choose a time zone"),
        ({"day3": "all day"}, "Write it as"),
        ({"closed": "Christmas"}, "is no day"),
        ({"country": "US", "region": "ENG"}, "Write one of"),
        ({f"day{day}": "" for day in range(7)}, "They never open"),
        ({"country": "ZZ"}, "No public holidays"),
    ],
)
def test_what_cannot_be_is_shown_again_with_what_is_wrong(shop: Shop, wrong: dict[str, str], words: str) -> None:
    answer = signed_in(shop.lea).post("/hours/", {**LATE, **wrong})

    assert answer.status_code == 422
    body = answer.content.decode()
    assert words in body
    assert wrong.get("day3", "13:30-17") in body  # what was typed is there still
    assert not Calendar.objects.filter(name="Late shift").exists()


def test_two_hours_of_one_name_are_refused(shop: Shop) -> None:
    lea = signed_in(shop.lea)
    lea.post("/hours/", LATE)

    again = lea.post("/hours/", LATE)

    assert again.status_code == 422
    assert "Other hours have this name" in again.content.decode()


def test_only_leads_say_when_we_are_open(shop: Shop) -> None:
    assert signed_in(shop.sam).get("/hours/").status_code == 403
    assert signed_in(things.staff("ada@parcel.example", role="admin")).get("/hours/").status_code == 200
