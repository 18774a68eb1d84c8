"""Who is away, what is handed over, and the lead's figures, for other programs."""

from __future__ import annotations

from datetime import timedelta
from typing import get_args

import pytest
import time_machine
from tests.faces import Shop
from tests.people_and_things import DAY, HOUR, NOW, staff
from tests.programs import Program

from troth.cases import actions as cases
from troth.cases.models import Case, HandOver
from troth.desk.api.figures import Figure, plain
from troth.desk.rules.sheet import SHEETS, Cell
from troth.people.models import Staff, Team
from troth.promises.models import Promise

UNTIL = (NOW + 3 * DAY).isoformat().replace("+00:00", "Z")


def away(who: Staff) -> None:
    Staff.objects.filter(pk=who.pk).update(away_from=NOW, away_until=NOW + 30 * DAY)


@time_machine.travel(NOW, tick=False)
def test_one_is_away_until_one_says_otherwise_and_of_others_a_lead_says_it(shop: Shop) -> None:
    sam, lea = Program(shop.sam, now=NOW), Program(shop.lea, now=NOW)

    status, told = sam.patch("/away", {"until": UNTIL})
    assert (status, told["staff"], told["away"]) == (200, shop.sam.pk, True)
    assert [one["staff"] for one in lea.get("/away")[1]["items"]] == [shop.sam.pk]
    assert sam.patch("/away", {"staff": shop.lea.pk, "until": UNTIL})[0] == 403
    assert sam.patch("/away", {"until": "2020-01-01T00:00:00Z"})[0] == 422
    assert lea.patch("/away", {"staff": 10**9, "until": UNTIL})[0] == 422

    assert lea.patch("/away", {"staff": shop.sam.pk, "until": None})[1]["away"] is False
    assert lea.get("/away")[1]["items"] == []


@time_machine.travel(NOW, tick=False)
def test_what_falls_due_is_handed_over_and_back(shop: Shop) -> None:
    case = shop.case()
    Case.objects.filter(pk=case.pk).update(assignee=shop.sam)
    promise = shop.promise(shop.ann, case, owner=shop.sam)
    lea = Program(shop.lea, now=NOW)
    said = {"staff": shop.sam.pk, "to": shop.lea.pk}

    assert Program(shop.sam, now=NOW).post("/hand-overs", said)[0] == 403
    assert lea.post("/hand-overs", said)[0] == 409  # nobody is away
    away(shop.sam)
    status, handed = lea.post("/hand-overs", said)
    assert (status, handed["cases"], promise.pk in handed["promises"]) == (201, [case.pk], True)
    assert Case.objects.get(pk=case.pk).assignee == shop.lea
    assert [one["id"] for one in lea.get("/hand-overs")[1]["items"]] == [handed["id"]]

    assert lea.post(f"/hand-overs/{handed['id']}/undo", {})[1]["undone_at"] is not None
    assert Case.objects.get(pk=case.pk).assignee == shop.sam == Promise.objects.get(pk=promise.pk).owner
    assert lea.post(f"/hand-overs/{handed['id']}/undo", {})[0] == 409
    assert lea.get("/hand-overs")[1]["items"] == []


def test_what_a_closed_team_handed_over_others_neither_see_nor_take_back(shop: Shop) -> None:
    case = shop.case()
    Case.objects.filter(pk=case.pk).update(team=Team.objects.create(name="Conduct", is_closed=True))
    handed = HandOver.objects.create(staff=shop.sam, to=shop.lea, by=shop.lea, at=NOW, cases=[case.pk])
    outside = Program(staff("lou@parcel.example", role="lead"))

    assert outside.get("/hand-overs")[1]["items"] == []
    assert outside.post(f"/hand-overs/{handed.pk}/undo", {})[0] == 404
    assert HandOver.objects.get().undone_at is None


def test_figures_are_those_of_the_leads_page(shop: Shop) -> None:
    assert get_args(Figure) == SHEETS
    with time_machine.travel(NOW, tick=False):
        case = shop.case()
        cases.send_reply(
            case, staff=shop.sam, text="We look into it.", answers=[], status_after="waiting", now=NOW + HOUR
        )
        cases.leave(now=NOW + HOUR + timedelta(minutes=1))
    with time_machine.travel(NOW + DAY, tick=False):
        lea = Program(shop.lea, now=NOW)
        status, told = lea.get("/figures")
        one = lea.get("/figures", figure="answers", first="2026-11-01", last="2026-11-30")[1]
        refused = Program(shop.sam, now=NOW).get("/figures")[0]
        nowhere = lea.get("/figures", team=10**9)[0]

    assert (status, refused, nowhere) == (200, 403, 404)
    assert [table["name"] for table in told["items"]] == list(SHEETS)
    [table] = one["items"]
    [every, kind] = table["rows"]
    assert (one["first"], one["zone"], every["answered"], kind["kind"]) == (
        "2026-11-01",
        "Europe/London",
        1,
        "Enquiries",
    )
    assert set(every) <= {column["name"] for column in table["columns"]}


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        (HOUR, 3600.0),
        (NOW, "2026-11-11T10:00:00.000000Z"),
        (NOW.date(), "2026-11-11"),
        (float("nan"), None),
        (0.5, 0.5),
        (None, None),
    ],
)
def test_cells_are_told_in_units_that_programs_read(cell: Cell, told: object) -> None:
    assert plain(cell) == told


def test_figures_of_a_closed_team_are_for_its_own(shop: Shop) -> None:
    closed = Team.objects.create(name="Conduct", is_closed=True)
    assert Program(staff("lou@parcel.example", role="lead")).get("/figures", team=closed.pk)[0] == 404
