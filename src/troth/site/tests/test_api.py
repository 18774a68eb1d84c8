"""The API from outside: who gets in, what is refused and how, and what a list costs."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.faces import Shop
from tests.people_and_things import DAY, NOW
from tests.programs import Program

from troth.ledger.actions import seal
from troth.people import keys
from troth.people.models import Staff, Team
from troth.people.operations import PACE
from troth.people.rules.keys import Scope
from troth.site import api

DESCRIBED: dict[str, Any] = json.loads(api.described())
#: Name, method, path and scope of each.
OPERATIONS = [
    (operation["operationId"], method.upper(), path.removeprefix("/api"), operation.get("x-scope"))
    for path, operations in DESCRIBED["paths"].items()
    for method, operation in operations.items()
]
SCOPED = [each for each in OPERATIONS if each[3]]


def problem(answer: Any) -> tuple[int, str]:
    """The status and kind of a problem, which is told as one."""
    assert answer.headers["Content-Type"] == "application/problem+json"
    told = answer.json()
    assert told["status"] == answer.status_code
    return answer.status_code, told["type"].removeprefix("/api/reference#")


def at(path: str) -> str:
    return path.replace("{number}", "999999")


# Who gets in


def test_nobody_gets_in_without_a_key(shop: Shop) -> None:
    answers = {name: Client().generic(method, f"/api{at(path)}") for name, method, path, _scope in OPERATIONS}

    assert {name: problem(answer) for name, answer in answers.items()} == dict.fromkeys(answers, (401, "no-key"))
    assert {answer.headers["WWW-Authenticate"] for answer in answers.values()} == {"Bearer"}


def test_each_operation_asks_for_its_scope(shop: Shop) -> None:
    but_one = {scope: Program(shop.lea, *[other for other in Scope if other != scope]) for scope in Scope}
    answers = {name: but_one[scope].ask(method, at(path)) for name, method, path, scope in SCOPED}

    assert {name: (*problem(answer), answer.json()["scope"]) for name, answer in answers.items()} == {
        name: (403, "not-allowed", scope) for name, _method, _path, scope in SCOPED
    }
    assert [name for name, _method, _path, scope in OPERATIONS if scope is None] == ["read_key"]


def test_a_key_does_no_more_than_its_person_may(shop: Shop) -> None:
    program = Program(shop.aud)
    answers = {name: program.ask(method, at(path)) for name, method, path, _scope in SCOPED if method != "GET"}

    assert {name: problem(answer) for name, answer in answers.items()} == dict.fromkeys(answers, (403, "not-allowed"))


def test_a_session_opens_nothing_here(shop: Shop) -> None:
    browser = Client()
    browser.force_login(shop.lea)

    assert problem(browser.get("/api/cases")) == (401, "no-key")


@pytest.mark.parametrize(
    "said", ["", "Bearer", "Bearer ", "Bearer x", "Basic eDp5", "Bearer troth_00000000_" + "0" * 64]
)
def test_other_words_open_nothing(shop: Shop, said: str) -> None:
    assert problem(Client().get("/api/cases", headers={"authorization": said})) == (401, "no-key")


def test_a_revoked_key_opens_nothing(shop: Shop) -> None:
    program = Program(shop.lea)
    keys.revoke(program.key, by=shop.lea, now=NOW)

    assert problem(program.ask("GET", "/cases")) == (401, "no-key")


def test_who_asks_too_fast_is_told_when_to_come_back(shop: Shop) -> None:
    program, other = Program(shop.lea), Program(shop.lea)
    for _ in range(PACE.most):
        assert program.get("/key")[0] == 200

    refused = program.ask("GET", "/key")

    assert problem(refused) == (429, "too-fast")
    assert refused.headers["Retry-After"] == "1"
    assert other.get("/key")[0] == 200
    with time_machine.travel(NOW + timedelta(seconds=1), tick=False):
        assert program.get("/key")[0] == 200


def test_wrong_keys_are_tried_slowly(shop: Shop) -> None:
    wrong = {"authorization": "Bearer troth_00000000_" + "0" * 64}
    for _ in range(30):
        assert Client().get("/api/key", headers=wrong).status_code == 401

    assert problem(Client().get("/api/key", headers=wrong)) == (429, "too-fast")
    assert Program(shop.lea).get("/key")[0] == 200


# What is refused


@pytest.mark.parametrize(
    ("path", "where"),
    [
        ("/cases?assignee__password=x", "assignee__password"),
        ("/cases?sort=customer__handles__address", "sort"),
        ("/cases?sort=-last_message_at;--", "sort"),
        ("/cases?status=everything", "status"),
        ("/cases?limit=201", "limit"),
        ("/cases?limit=0", "limit"),
        ("/cases?cursor=x", "cursor"),
        ("/cases?customer=0", "customer"),
        ("/promises?sort=owner__password", "sort"),
        ("/promises?due_before=tomorrow", "due_before"),
        ("/promises?due_before=2026-11-11", "due_before"),
        ("/promises?search=x", "search"),
        ("/customers?handle=%00", "handle"),
        ("/events?after=-1", "after"),
        ("/events?kind=Everything", "kind"),
        ("/events?about=case:1%27", "about"),
        ("/cases/x", "number"),
        ("/key?fields=digest", "fields"),
    ],
)
def test_what_is_not_listed_is_refused(shop: Shop, path: str, where: str) -> None:
    answer = Program(shop.lea).ask("GET", path)

    assert problem(answer) == (422, "not-sound")
    assert [error["at"] for error in answer.json()["errors"]] == [where]


@pytest.mark.parametrize(
    ("said", "headers", "expected"),
    [
        ("{", {}, (400, "unreadable")),
        (b"\xff", {}, (400, "unreadable")),
        ("[" * 100_000, {}, (400, "unreadable")),
        ('{"text": ' + "9" * 10_000 + "}", {}, (400, "unreadable")),
        ("text=x", {"content_type": "application/x-www-form-urlencoded"}, (415, "not-json")),
        ("{}", {"content_type": "text/plain"}, (415, "not-json")),
        ('{"text": "' + "x" * 1024 * 1024 + '"}', {}, (413, "too-large")),
        ("[]", {}, (422, "not-sound")),
        ("null", {}, (422, "not-sound")),
        ("", {}, (422, "not-sound")),
        ({}, {}, (422, "not-sound")),
        ({"text": 1}, {}, (422, "not-sound")),
        ({"text": " \n"}, {}, (422, "not-sound")),
        ({"text": "a\x00b"}, {}, (422, "not-sound")),
        ('{"text": "\\ud800"}', {}, (422, "not-sound")),
        ({"text": "x" * 50_001}, {}, (422, "not-sound")),
        ({"text": "x", "staff": 1}, {}, (422, "not-sound")),
        ({"text": "x"}, {"idempotency_key": "a b"}, (422, "not-sound")),
        ({"text": "x"}, {"idempotency_key": "a" * 201}, (422, "not-sound")),
    ],
)
def test_a_body_is_what_was_described(
    shop: Shop, said: Any, headers: dict[str, str], expected: tuple[int, str]
) -> None:
    case = shop.case()

    answer = Program(shop.lea).ask("POST", f"/cases/{case.pk}/notes", said, **headers)

    assert problem(answer) == expected
    assert case.messages.count() == 1


@pytest.mark.parametrize("path", ["", "/", "/x", "/cases/", "/cases/1/x", "/docs.html", "/../admin", "/cases%00"])
def test_beneath_the_api_there_is_never_a_page(shop: Shop, path: str) -> None:
    for method in ("GET", "POST", "PUT", "DELETE", "OPTIONS"):
        assert problem(Client().generic(method, f"/api{path}"))[0] in {404, 405}


def test_no_other_method_is_answered(shop: Shop) -> None:
    program = Program(shop.lea)
    for path, operations in DESCRIBED["paths"].items():
        listed = {name.upper() for name in operations}
        for other in {"GET", "POST", "PATCH", "PUT", "DELETE", "OPTIONS", "TRACE"} - listed:
            answer = program.ask(other, at(path.removeprefix("/api")))

            assert problem(answer) == (405, "not-this-way")
            assert set(answer.headers["Allow"].split(", ")) == listed


def test_an_unknown_host_is_told_so_without_a_page(shop: Shop) -> None:
    assert problem(Client().get("/api/cases", headers={"host": "elsewhere.example"})) == (400, "unreadable")


def test_what_breaks_on_our_side_is_a_problem_too(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("troth.cases.queries.with_clocks", lambda staff, number: 1 / 0)

    answer = Program(shop.lea).ask("GET", "/cases/1")

    assert problem(answer) == (500, "broken")
    assert b"ZeroDivision" not in answer.content


# What a list costs


def test_a_list_costs_the_same_whatever_it_holds(shop: Shop) -> None:
    program = Program(shop.lea)
    program.get("/key")  # its use is noted once in a minute

    def cost(path: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            assert program.get(path)[0] == 200
        return len(asked)

    def fill(text: str) -> None:
        case = shop.case(text=text)
        shop.promise(case=case)
        shop.promise(shop.bob)
        seal(now=NOW)

    fill("Where is my parcel?")
    lists = ["/cases", "/cases/1/messages", "/promises", "/customers", "/events", "/cases?customer=1&status=open"]
    lists = [path.replace("/1/", f"/{shop.case().pk}/") for path in lists]
    before = {path: cost(path) for path in lists}
    for _ in range(3):
        fill("And now?")

    assert {path: cost(path) for path in lists} == before
    assert max(before.values()) <= 6
    assert cost("/key") <= 6


def test_a_page_goes_on_where_the_last_one_ended(shop: Shop) -> None:
    program = Program(shop.lea)
    made = [shop.promise(what=f"ring {number}").pk for number in range(7)]  # all in the same moment

    for sort, wanted in (("-made_at", made[::-1]), ("made_at", made), ("due", made)):
        found, cursor = [], ""
        while cursor is not None:
            asked = {"sort": sort, "limit": 3} | ({"cursor": cursor} if cursor else {})
            _status, told = program.get("/promises", **asked)
            found += [promise["id"] for promise in told["items"]]
            cursor = told["next"]
        assert found == wanted


# Closed teams


def test_a_key_sees_into_no_team_that_is_closed_to_its_person(shop: Shop) -> None:
    closed = Team.objects.create(name="People", is_closed=True)
    sam, ada = Program(shop.sam), Program(Staff.objects.create_user("ada@parcel.example", role="admin", name="Ada"))
    case = shop.case()
    promise = shop.promise(case=case, team_id=closed.pk)
    case.team = closed
    case.save()

    assert [len(sam.get(path)[1]["items"]) for path in ("/cases", "/promises")] == [0, 0]
    assert [len(ada.get(path)[1]["items"]) for path in ("/cases", "/promises")] == [1, 1]
    assert problem(sam.ask("GET", "/events")) == (403, "not-allowed")
    assert ada.get("/events")[0] == 200
    assert ada.get(f"/promises/{promise.pk}")[0] == 200


def test_a_key_ends(shop: Shop) -> None:
    program = Program(shop.lea, expires_at=NOW + DAY)

    assert program.get("/key")[1]["expires_at"] == "2026-11-12T10:00:00.000000Z"
    with time_machine.travel(NOW + DAY, tick=False):
        assert problem(program.ask("GET", "/key")) == (401, "no-key")
