"""The same matrix for programs: every operation of the API, asked with every kind of key about everything."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import transaction

from tests.house.matrix import OF_NO_TEAM, OPERATIONS, Operation, Thing
from tests.house.world import CLOSED_MARK, INSIDE, MAY, PLACES, World
from tests.people_and_things import NOW
from tests.programs import Program
from troth.ledger.models import Entry
from troth.people import keys
from troth.people.rules.keys import Scope
from troth.site.api import described

pytestmark = pytest.mark.django_db

#: Keys of people by their role; a key without the scope, one taken back, one of somebody who left, and none at all.
ASKERS = (*MAY, "narrow", "revoked", "left", "keyless")


@dataclass(frozen=True)
class Described:
    method: str
    path: str
    scope: Scope | None


def described_operations() -> Iterator[tuple[str, Described]]:
    for path, operations in json.loads(described())["paths"].items():
        for method, operation in operations.items():
            scope = operation.get("x-scope")
            yield operation["operationId"], Described(method.upper(), path, Scope(scope) if scope else None)


DESCRIBED = dict(described_operations())


def test_every_operation_is_in_the_matrix() -> None:
    known, there = set(OPERATIONS), set(DESCRIBED)

    assert not there - known, f"Say in tests/house/matrix.py what these are about: {sorted(there - known)}."
    assert not known - there, f"Gone, so take them out of tests/house/matrix.py: {sorted(known - there)}."


@pytest.fixture(scope="module")
def programs(world: World, django_db_blocker: Any) -> dict[str, dict[str, str]]:
    """What each asker sends to show who they are."""
    with django_db_blocker.unblock():
        asking = {who: Program(world.people[who], now=NOW) for who in (*MAY, "left")}
        revoked = Program(world.people["admin"], now=NOW)
        assert keys.revoke(revoked.key, by=world.people["admin"], now=NOW)
        headers = {who: {"authorization": f"Bearer {program.secret}"} for who, program in asking.items()}
        headers["revoked"] = {"authorization": f"Bearer {revoked.secret}"}
        headers["keyless"] = {"cookie": f"sessionid={world.browsers['admin'].cookies['sessionid'].value}"}
        return headers


def expected(operation: Operation, there: Described, who: str, place: str) -> str:
    if who in {"revoked", "left", "keyless"}:
        return "no key"
    if there.scope is None:
        return "in"
    if who == "narrow" or there.scope.may not in MAY[who] or (operation.of_every_team and who not in INSIDE):
        return "refused"
    thing = named(operation)
    hidden = place == "closed team" and thing not in OF_NO_TEAM and who not in INSIDE
    hidden |= operation.own_only and who != "agent"
    if operation.may and operation.may not in MAY[who] and not hidden and place != "missing":
        return "refused"
    return "nothing" if thing and (hidden or place == "missing") else "in"


def named(operation: Operation) -> Thing | None:
    """What the path or the body names."""
    return operation.about or next((said for said in operation.body.values() if isinstance(said, Thing)), None)


def found(answer: Any) -> str:
    assert answer.status_code < 500, answer.content
    if answer.status_code == 422 and b"no such" in answer.content.lower():
        return "nothing"  # what a body names is told as an error of the body
    return {401: "no key", 403: "refused", 404: "nothing"}.get(answer.status_code, "in")


@pytest.mark.parametrize("name", list(OPERATIONS))
def test_each_key_opens_what_it_may_and_nothing_else(
    world: World, programs: dict[str, dict[str, str]], name: str
) -> None:
    operation, there = OPERATIONS[name], DESCRIBED[name]
    others = [scope for scope in Scope if scope is not there.scope]
    narrow = Program(world.people["admin"], *others, now=NOW)
    wrong = []

    for who in ASKERS:
        headers = {"authorization": f"Bearer {narrow.secret}"} if who == "narrow" else programs[who]
        if who == "narrow" and there.scope is None:
            continue
        for place in PLACES if named(operation) else PLACES[:1]:
            cell = f"{there.method} {name} as {who}, {place}"
            wanted, answer, changed = expected(operation, there, who, place), *ask(world, name, headers, place)
            if found(answer) != wanted:
                wrong.append(f"{cell}: {found(answer)} ({answer.content[:200]!r}) instead of {wanted}")
            if wanted != "in" and changed:
                wrong.append(f"{cell}: changed something")
            if who not in INSIDE | {"narrow"} and CLOSED_MARK.encode() in answer.content:
                wrong.append(f"{cell}: shows {CLOSED_MARK}")

    assert wrong == []


def ask(world: World, name: str, headers: dict[str, str], place: str) -> tuple[Any, bool]:
    """The answer, and whether anything was put down; what was done is undone again."""
    operation, there, here = OPERATIONS[name], DESCRIBED[name], world.places[place]
    path = there.path.replace("{number}", str(here[operation.about]) if operation.about else "")
    body = {key: here[said] if isinstance(said, Thing) else said for key, said in operation.body.items()}
    values = {} if there.method == "GET" else {"data": json.dumps(body), "content_type": "application/json"}
    with transaction.atomic():
        before = Entry.objects.count()
        answer = world.browsers["nobody"].generic(there.method, path, headers=headers, **values)
        changed = Entry.objects.count() != before
        transaction.set_rollback(True)
    return answer, changed
