from __future__ import annotations

import pytest
from tests import people_and_things as things
from tests.faces import Shop, page, said, signed_in
from tests.people_and_things import NOW

from troth.cases import actions as cases
from troth.people.models import SecurityEvent, Staff, Team


@pytest.fixture
def kim(shop: Shop) -> Staff:
    return things.staff("kim@parcel.example", role="admin")


def noted() -> list[tuple[str, str, str]]:
    return list(SecurityEvent.objects.order_by("pk").values_list("kind", "about", "how"))


def test_an_admin_makes_a_team_and_closes_it(shop: Shop, kim: Staff) -> None:
    browser = signed_in(kim)

    made = browser.post("/teams/", {"name": "  Conduct ", "sight": "open", "heads_up": "no"})
    team = Team.objects.get(name="Conduct")
    saying = {"name": "Conduct", "sight": "closed", "heads_up": "no", "second": "yes"}
    closed = browser.post(f"/teams/{team.pk}/", saying)
    again = browser.post(f"/teams/{team.pk}/", saying)

    team.refresh_from_db()
    assert "The team is there" in said(made)
    assert said(closed).endswith("Saved.")
    assert said(again) == said(closed)  # nothing more to say
    assert (team.is_closed, team.heads_up_by_itself, team.notices_want_second) == (True, False, True)
    assert noted() == [
        ("settings_changed", f"team:{team.pk}", "made"),
        ("settings_changed", f"team:{team.pk}", "closed"),
    ]
    assert "Conduct" in page(browser, "/teams/")


@pytest.mark.parametrize(
    ("name", "words"), [("", "Give it a name"), ("x" * 81, "Give it a name"), ("Care", "Another team has this name.")]
)
def test_a_team_needs_a_name_of_its_own(shop: Shop, kim: Staff, name: str, words: str) -> None:
    answer = signed_in(kim).post("/teams/", {"name": name})

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert [team.name for team in Team.objects.all()] == ["Care"]
    assert noted() == []


def test_nothing_promised_in_its_cases_stays_to_be_seen_when_a_team_closes(shop: Shop, kim: Staff) -> None:
    conduct = Team.objects.create(name="Conduct")
    cal = things.staff("cal@parcel.example", team=conduct)
    case = shop.case()
    cases.assign(case, assignee=cal, by=shop.sam, now=NOW)
    promise = shop.promise(case=case, what="look into the driver", owner=shop.sam)
    sam = signed_in(shop.sam)
    assert "look into the driver" in page(sam, "/promises/")

    cases.change_team(
        conduct,
        cases.TeamSettings(name="Conduct", is_closed=True, heads_up_by_itself=True),
        by=kim,
        now=NOW,
    )

    assert "look into the driver" not in page(sam, "/promises/")
    assert sam.get(f"/promises/{promise.pk}/").status_code == 404
    assert sam.get(f"/cases/{case.pk}/").status_code == 404
    assert "look into the driver" in page(signed_in(cal), f"/cases/{case.pk}/")
