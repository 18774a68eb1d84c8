"""The authorisation matrix: every route, asked by everybody, about everything (reliability T1, S2)."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.house.matrix import OF_NO_TEAM, OPERATIONS, POST, ROUTES, Door, Route, Thing
from tests.house.world import BOB_MARK, CLOSED_MARK, EVERYBODY, INSIDE, MAY, PLACES, World
from troth.clocks.queries import clocks_of
from troth.desk.sight import closed_teams_of
from troth.ledger.models import Entry
from troth.people.queries import sight_of
from troth.site import events
from troth.site.api import nothing
from troth.site.events import Fan, hearing

pytestmark = pytest.mark.django_db


def routes(patterns: list[URLPattern | URLResolver] | None = None, space: str = "") -> Iterator[str]:
    """The name of every route of ours; one without a name has its pattern."""
    for entry in get_resolver().url_patterns if patterns is None else patterns:
        if entry.__class__ is URLPattern and space == "api:" and entry.name in {*OPERATIONS, "api-root"}:
            continue  # test_matrix_of_programs.py asks these
        if getattr(entry, "callback", None) is nothing:
            continue  # it tells everybody that there is nothing
        if isinstance(entry, URLResolver):
            inside = f"{space}{entry.namespace}:" if entry.namespace else space
            yield from routes(entry.url_patterns, inside)
        else:
            yield f"{space}{entry.name or entry.pattern}"


def test_every_route_is_in_the_matrix() -> None:
    known, there = set(ROUTES), set(routes())

    assert not there - known, f"Say in tests/house/matrix.py who may come in at {sorted(there - known)}."
    assert not known - there, f"Gone, so take them out of tests/house/matrix.py: {sorted(known - there)}."


def expected(route: Route, who: str, place: str) -> str:
    """What the door says: in, sign in, refused (403), or no such thing (404); of one's own account any of these."""
    if route.door is Door.PUBLIC:
        return "nothing" if route.about and place == "missing" else "in"
    if route.door is Door.ENTRANCE:
        return "in"
    if route.door is Door.LINK:
        return "refused" if place == "missing" else "in"
    if route.door is Door.VISITOR:
        return "nothing" if place == "missing" else "refused"
    if route.door is Door.CUSTOMER:
        if who != "customer":
            return "refused"
        if route.about is None and not route.form:
            return "in"
        return "nothing" if place in {"other customer", "missing"} else "in"
    if who not in MAY:
        return "sign in"
    if route.door is Door.OWN:
        return "nothing" if route.about else "own"
    if route.door not in MAY[who]:
        return "refused"
    if route.about is None:
        return "in"
    hidden = place == "closed team" and route.about not in OF_NO_TEAM and who not in INSIDE
    hidden |= route.own_only and (who != "agent" or place == "closed team")
    return "nothing" if hidden or place == "missing" else "in"


def found(answer: Any) -> str:
    if answer.status_code == 302 and answer.headers["Location"].startswith("/account/login/?next"):
        return "sign in"
    if answer.status_code in {401, 403}:
        return "refused"
    if answer.status_code == 404:
        return "nothing"
    if answer.status_code == 503 and answer.headers["Content-Type"] == "application/json":
        return "in"  # told that no worker runs here
    return "in" if answer.status_code < 500 and answer.status_code != 405 else f"{answer.status_code}"


def forbidden_marks(route: Route, who: str) -> set[str]:
    """What this reader must not find on any page."""
    if route.door in {Door.PUBLIC, Door.ENTRANCE, Door.OWN, Door.LINK} or who in {"nobody", "left"}:
        return {CLOSED_MARK, BOB_MARK}
    if who == "customer":
        return {BOB_MARK}
    return set() if who in INSIDE else {CLOSED_MARK}


@pytest.mark.parametrize("name", list(ROUTES))
def test_each_is_let_in_where_they_belong_and_nowhere_else(world: World, name: str) -> None:
    route = ROUTES[name]
    wrong = []

    if route.methods == POST and (code := ask(world, name, "admin", "own", "GET")[0].status_code) != 405:
        wrong.append(f"GET {name}: {code} instead of 405")
    for who in EVERYBODY:
        for place in PLACES if route.about or route.form else PLACES[:1]:
            for method in route.methods:
                cell = f"{method} {name} as {who}, {place}"
                wanted, answer, changed = expected(route, who, place), *ask(world, name, who, place, method)
                if found(answer) != wanted and not (wanted == "own" and found(answer) in {"in", "nothing", "refused"}):
                    wrong.append(f"{cell}: {found(answer)} instead of {wanted}")
                if wanted not in {"in", "own"} and changed:
                    wrong.append(f"{cell}: changed something")
                body = b"".join(answer) if answer.streaming else answer.content
                wrong += [f"{cell}: shows {mark}" for mark in forbidden_marks(route, who) if mark.encode() in body]

    assert wrong == []


def ask(world: World, name: str, who: str, place: str, method: str) -> tuple[Any, bool]:
    """The answer, and whether anything was put down; what was done is undone again."""
    route, here = ROUTES[name], world.places[place]
    path = path_of(name, here)
    form = {key: str(here[value]) if isinstance(value, Thing) else value for key, value in route.form.items()}
    browser = world.browsers[who]
    cookies = browser.cookies.copy()
    with transaction.atomic():
        before = Entry.objects.count()
        answer = browser.get(path) if method == "GET" else browser.post(path, form)
        changed = Entry.objects.count() != before
        transaction.set_rollback(True)
    browser.cookies = cookies
    return answer, changed


def path_of(name: str, here: dict[Thing, Any]) -> str:
    about = ROUTES[name].about
    if about is None:
        return reverse(name)
    if about is Thing.RESET_KEY:
        return reverse(name, kwargs={"uidb36": "1", "key": here[about]})
    named = here[about]
    return reverse(name, args=named if isinstance(named, tuple) else [named])


#: What a reference in an event may name. What is of a team is kept to a closed one; the rest is of the whole house.
OF_A_TEAM = {"case", "promise", "remedy", "message", "letter", "incident", "notice", "breach"}
#: Whoever sees the case sees its clocks, and whoever sees the incident the watch over it.
OF_A_CASE = {"clock", "watch"}
OF_THE_HOUSE = {
    "customer",
    "arrival",
    "link",
    "staff",
    "mailbox",
    "handle",
    "key",
    "request",
    "hold",
    "order",
    "cohort",
    "member",
    "recipient",
}
#: What stands on the public page, for everybody.
OF_EVERYBODY = {"component", "planned"}


def test_every_kind_of_event_is_known_to_be_of_a_team_or_of_the_house(world: World) -> None:
    named = {about.partition(":")[0] for about in Entry.objects.values_list("about", flat=True)}

    assert named <= OF_A_TEAM | OF_A_CASE | OF_THE_HOUSE | OF_EVERYBODY
    assert named >= OF_A_TEAM - {"message"}


def test_a_clock_is_of_the_team_of_its_case(world: World) -> None:
    team = {place: f"case:{world.places[place][Thing.CASE]}" for place in ("own", "closed team")}
    clocks = {place: [f"clock:{row.pk}" for row in clocks_of(case)] for place, case in team.items()}

    closed = closed_teams_of([*clocks["own"], *clocks["closed team"]])

    assert clocks["own"]
    assert set(closed) == set(clocks["closed team"]) != set()


@pytest.mark.parametrize("kind", sorted(OF_A_TEAM))
@pytest.mark.parametrize("place", ["own", "closed team"])
def test_what_happens_in_a_closed_team_is_heard_by_its_own(world: World, kind: str, place: str) -> None:
    there = world.places[place]
    told, customer = f"{kind}:{there[Thing(kind)]}", f"customer:{there[Thing.CUSTOMER]}"
    fan, pages = Fan(), {}
    for who in MAY:
        pages[who] = asyncio.Queue()
        fan.pages[pages[who]] = sight_of(world.people[who])

    fan.tell_of([told, customer], closed=closed_teams_of([told, customer]))

    heard = {who for who, page in pages.items() if not page.empty() and told in page.get_nowait()}
    assert heard == (set(MAY) if place == "own" else INSIDE)
    assert all(page.empty() for page in pages.values())


def test_the_live_channel_is_closed_to_whoever_is_not_at_work_here(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "close_old_connections", lambda: None)  # the tests live on one connection

    let_in = {who for who, browser in world.browsers.items() if hearing(f"sessionid={session_of(browser)}")}

    assert let_in == set(MAY)


def session_of(browser: Client) -> str:
    kept = browser.cookies.get("sessionid")
    return kept.value if kept else ""
