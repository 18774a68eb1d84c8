"""Naming a colleague in a note: who is called, who cannot be, and until when it stands on their Today."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.faces import Shop, page, signed_in, statements
from tests.people_and_things import HOUR, NOW, kinds, letters, staff
from tests.programs import Program

from troth.cases import actions, erasing
from troth.cases.models import Case, Mention
from troth.cases.rules.mentions import Nameable, named, written
from troth.people.models import Team

SAM, SAMIRA, KIM = (
    Nameable(1, "Sam Okafor", "sam@x.example"),
    Nameable(2, "Samira", "samira@x.example"),
    Nameable(3, "Kim Lind", "kim@x.example"),
)
OTHER_KIM = Nameable(4, "Kim Lind", "kim.lind@x.example")
EVERYBODY = [SAM, SAMIRA, KIM]


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("@Sam Okafor, please look", [1]),
        ("@sam okafor @KIM LIND", [1, 3]),
        ("@Sam please", [1]),
        ("@Samira please", [2]),
        ("(@kim@x.example)", [3]),
        ("@Sam and @Sam Okafor", [1]),
        ("write to sam@x.example", []),
        ("ann.@Sam", []),
        ("@Samuel", []),
        ("@ Sam", []),
        ("@@Sam", []),
        ("no names", []),
    ],
)
def test_names_are_found_as_people_write_them(text: str, who: list[int]) -> None:
    assert named(text, EVERYBODY) == who


def test_of_two_with_one_name_each_is_written_by_address() -> None:
    people = [*EVERYBODY, OTHER_KIM]

    assert written(people) == {1: "Sam Okafor", 2: "Samira", 3: "kim@x.example", 4: "kim.lind@x.example"}
    assert named("@kim.lind@x.example", people) == [4]
    assert named("@Kim Lind", people) == [3, 4]  # rather both than nobody
    assert named("@Kim", people) == []


@given(
    st.lists(st.tuples(st.text(max_size=12), st.integers(0, 99)), max_size=5, unique_by=lambda one: one[1]),
    st.text(max_size=40),
)
def test_whoever_is_offered_is_found_as_they_are_written(names: list[tuple[str, int]], before: str) -> None:
    people = [Nameable(pk, " ".join(name.split()), f"p{pk}@x.example") for name, pk in names]

    for pk, way in written(people).items():
        assert pk in named(f"{before} @{way} ", people)


def test_who_is_named_is_called_and_no_mail_is_sent(shop: Shop) -> None:
    case = shop.case()
    before = letters()

    note = actions.write_note(case, staff=shop.sam, text="@Lea and @sam, please look.", now=NOW)

    assert list(Mention.objects.values_list("case", "message", "staff")) == [(case.pk, note.pk, shop.lea.pk)]
    assert (letters(), kinds()[-1]) == (before, "NoteWritten")
    lea = signed_in(shop.lea)
    text = page(lea, "/today/")
    assert "Sam names you" in text
    assert "You are called" not in page(signed_in(shop.sam), "/today/")
    lea.post(f"/cases/{case.pk}/seen/")
    assert "You are called" not in page(lea, "/today/")


@pytest.mark.parametrize("how", ["opens", "notes", "answers"])
def test_it_stands_until_they_open_the_case_or_write_in_it(shop: Shop, how: str) -> None:
    case = shop.case()
    actions.write_note(case, staff=shop.sam, text="@Lea please.", now=NOW)

    if how == "opens":
        signed_in(shop.lea).post(f"/cases/{case.pk}/here/")
    elif how == "notes":
        actions.write_note(case, staff=shop.lea, text="I did.", now=NOW)
    else:
        actions.send_reply(case, staff=shop.lea, text="Thank you for writing.", now=NOW)

    assert not Mention.objects.filter(seen_at=None).exists()


def test_who_does_not_see_the_case_cannot_be_named(shop: Shop) -> None:
    closed = Team.objects.create(name="Complaints about staff", is_closed=True)
    kim = staff("kim@parcel.example", team=closed)
    ada = staff("ada@parcel.example", role="admin")
    case = shop.case()
    Case.objects.filter(pk=case.pk).update(team=closed)
    case.refresh_from_db()

    actions.write_note(case, staff=kim, text="@Sam @Lea @Aud @Ada please.", now=NOW)

    assert set(Mention.objects.values_list("staff", flat=True)) == {shop.aud.pk, ada.pk}
    offered = signed_in(kim).get(f"/cases/{case.pk}/people/").json()["people"]
    assert [one["written"] for one in offered] == ["Ada", "Aud"]


def test_what_went_into_a_closed_team_calls_nobody_outside_any_more(shop: Shop) -> None:
    case = shop.case()
    actions.write_note(case, staff=shop.sam, text="@Lea please.", now=NOW)
    closed = Team.objects.create(name="Complaints about staff", is_closed=True)

    Case.objects.filter(pk=case.pk).update(team=closed)

    assert "You are called" not in page(signed_in(shop.lea), "/today/")
    assert Program(shop.lea).get("/mentions") == (200, {"items": []})


def test_what_was_put_aside_calls_whoever_did_it_when_it_is_back(shop: Shop) -> None:
    case = shop.case()
    actions.snooze(case, until=NOW + HOUR, by=shop.sam, now=NOW)

    assert actions.wake_due(now=NOW + HOUR) == 1

    assert "Back from its snooze" in page(signed_in(shop.sam), "/today/")


def test_programs_name_list_and_see(shop: Shop) -> None:
    case = shop.case()
    status, note = Program(shop.sam).post(f"/cases/{case.pk}/notes", {"text": "@Lea please."})
    lea = Program(shop.lea)

    assert status == 201
    assert lea.get("/mentions")[1]["items"] == [
        {"case": case.pk, "message": note["id"], "at": "2026-11-11T10:00:00.000000Z"}
    ]
    assert lea.post(f"/cases/{case.pk}/seen", None)[0] == 200
    assert lea.get("/mentions")[1] == {"items": []}


def test_calls_cost_today_no_statement_and_go_with_an_erased_customer(shop: Shop) -> None:
    case = shop.case()
    lea = signed_in(shop.lea)
    before = statements(lea, "/today/")
    for number in range(3):
        actions.write_note(case, staff=shop.sam, text=f"@Lea {number}", now=NOW + timedelta(minutes=number))

    assert statements(lea, "/today/") == before
    erasing.erase([case.pk], by=None, now=NOW)
    assert not Mention.objects.exists()
