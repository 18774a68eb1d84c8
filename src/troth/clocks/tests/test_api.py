"""What programs are told of clocks and of the policy, and what they can say that targets depend on."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.faces import Shop
from tests.people_and_things import NOW
from tests.programs import Program

from troth.cases.models import Case
from troth.clocks import actions
from troth.clocks.rules.profiles import Profile, ready
from troth.people.models import Customer

YESTERDAY = NOW - timedelta(1)
SAID = {"address": "vera@example.net", "name": "Vera", "subject": "My lamp", "text": "Where is my lamp?"}


@pytest.fixture
def program(shop: Shop) -> Program:
    return Program(shop.lea)


def test_a_case_tells_its_clocks_and_the_policy_they_run_under(program: Program, shop: Shop) -> None:
    version = actions.set_policy(ready(Profile.FCA_DISP), from_at=YESTERDAY, by=shop.lea, now=YESTERDAY)
    _status, taken = program.post("/messages", SAID)

    status, told = program.get(f"/cases/{taken['case']}")

    assert status == 200
    assert {clock["sort"]: clock["state"] for clock in told["clocks"]} == {
        "first": "running",
        "resolution": "running",
    }
    assert {clock["policy"] for clock in told["clocks"]} == {version.pk}
    first = next(clock for clock in told["clocks"] if clock["sort"] == "first")
    assert first["due"] == told["answer_by"]
    assert first["missed_at"] is None


def test_the_policy_in_force_is_told_with_its_rules_in_order(program: Program, shop: Shop) -> None:
    _status, before = program.get("/policy")
    actions.set_policy(ready(Profile.FCA_DISP), from_at=NOW, by=shop.lea, now=NOW)
    status, told = program.get("/policy")

    assert (before["version"], before["profile"]) == (None, "plain")
    assert (status, told["profile"]) == (200, "fca_disp")
    assert told["rules"][0]["kinds"] == ["complaint"]
    assert told["rules"][0]["targets"]["resolution"] == {
        "length": {"measure": "calendar", "amount": 8 * 7 * 86_400},
        "pauses": False,
        "warn_percent": told["rules"][0]["targets"]["resolution"]["warn_percent"],
        "early": {"measure": "working_days", "amount": 3},
        "extended": None,
    }


def test_what_was_said_in_public_has_the_targets_for_that(program: Program) -> None:
    _status, quiet = program.post("/messages", SAID)
    _status, loud = program.post("/messages", {**SAID, "subject": "For all to see", "public": True})
    due = {number: program.get(f"/cases/{number}")[1] for number in (quiet["case"], loud["case"])}

    assert [case["is_public"] for case in due.values()] == [False, True]
    assert due[loud["case"]]["answer_by"] < due[quiet["case"]]["answer_by"]


def test_a_group_is_set_by_a_program_and_holds_for_the_whole_family(program: Program) -> None:
    _status, taken = program.post("/messages", SAID)
    customer = Case.objects.get(pk=taken["case"]).customer_id

    status, told = program.patch(f"/customers/{customer}", {"group": " vip "})

    assert (status, told["group"]) == (200, "vip")
    assert Customer.objects.get(pk=customer).group == "vip"
