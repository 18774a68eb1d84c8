"""Subscribers: asked once an hour and told nothing more, yes by a button, and each thing written to each exactly once."""

from __future__ import annotations

import re
from email import message_from_bytes, policy
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from tests import people_and_things as things
from tests.faces import Shop, page
from tests.people_and_things import NOW, letters, new_facts, text_of

from troth.incidents import actions as incidents
from troth.ledger.replay import of_all
from troth.post.models import Letter
from troth.site import verify
from troth.status import actions, erasing, handing
from troth.status.actions import writing
from troth.status.checks import checks as status_checks
from troth.status.letters import own_page, token
from troth.status.models import Announcement, Component, Place, Planned, PlannedVersion, Subscriber, Written
from troth.status.queries import snapshot
from troth.status.tests import story
from troth.status.tests.story import DAY, HOUR
from troth.status.things import THINGS

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine(NOW, tick=False)]


def subscriber(address: str = "dora@example.net", *, at: Any = NOW - 30 * DAY, **values: Any) -> Subscriber:
    made = Subscriber.objects.create(address=address, nonce=f"n{address}", asked_at=at, **values)
    actions.confirm(made, now=at)
    return made


def told(now: Any = NOW) -> list[tuple[str, str]]:
    actions.announce(snapshot(now=now), now=now)
    return [(one.to_address, one.subject) for one in Letter.objects.order_by("pk")]


def test_every_address_is_answered_alike_and_asked_once_an_hour() -> None:
    story.parts()
    subscriber("has@example.net")
    browser = Client()

    answers = [
        browser.post("/status/subscribe/", {"email": address, "components": ["1"]})
        for address in ("new@example.net", "has@example.net", "NEW@example.net", "has@example.net")
    ]

    assert {(answer.status_code, answer["Location"]) for answer in answers} == {(302, "/status/subscribe/asked/")}
    assert [to for to, _subject in letters()] == ["new@example.net", "has@example.net"]
    assert browser.post("/status/subscribe/", {"email": "none"}).status_code == 422
    trapped = browser.post("/status/subscribe/", {"email": "x@example.net", "website": "buy"})
    assert (trapped.status_code, Subscriber.objects.filter(address="x@example.net").exists()) == (302, False)


def test_the_question_holds_nothing_that_was_typed_and_a_look_confirms_nothing() -> None:
    story.parts()
    Client().post("/status/subscribe/", {"email": "ann@example.net", "words": "http://evil.example", "name": "Evil"})
    (letter,) = Letter.objects.all()
    found = re.search(r"http://localhost:8000(/status/yours/\S+/)", text_of(letter))
    assert found
    assert b"vil" not in bytes(letter.raw).lower()
    path, browser = found[1], Client(enforce_csrf_checks=True)

    looked = page(browser, path)

    assert "Press the button, and Parcel &amp; Co writes to ann@example.net" in looked
    made = Subscriber.objects.get()
    assert made.confirmed_at is None
    assert browser.post(path, {"do": "confirm"}).status_code == 403
    assert Client().post(path, {"do": "confirm"}).status_code == 302
    made.refresh_from_db()
    assert made.confirmed_at == NOW
    assert new_facts(f"subscriber:{made.pk}") == [("SubscriberConfirmed", {})]
    assert "Your letters" in page(browser, path)


def test_an_entry_is_written_to_each_who_wants_it_exactly_once() -> None:
    shop, deliveries, place = story.parts()
    subscriber("all@example.net")
    subscriber("vans@example.net", components=[deliveries.pk])
    subscriber("shop@example.net", components=[shop.pk])
    subscriber("leeds@example.net", places=[place.pk])
    subscriber("late@example.net", at=NOW)
    Subscriber.objects.create(address="never@example.net", nonce="x", asked_at=NOW - DAY)
    begun = story.incident(place="Leeds")

    once = told()

    assert [to for to, _subject in once] == ["all@example.net", "vans@example.net", "leeds@example.net"]
    assert {subject for _to, subject in once} == {"Parcel & Co: Vans stand still"}
    assert told() == once
    (body,) = {text_of(one).split("\n\n-- ")[0] for one in Letter.objects.all()}
    assert (
        "It began: Vans stand still\n\nNo van left.\n\nSo since: Wed 11 Nov 2026, 08:00 GMT\nSaid: Wed 11 Nov" in body
    )
    assert f"/status/incidents/{begun.public_id}/" in body
    incidents.change_words(begun.entries.get(), words="No van left at all.", by=None, now=NOW)
    assert told() == once  # a line put otherwise stands on the page and in the feed; nobody is written to twice


def test_who_was_told_the_beginning_is_told_the_end() -> None:
    shop, deliveries, _place = story.parts()
    vans = subscriber("vans@example.net", components=[deliveries.pk])
    gone = subscriber("gone@example.net")
    begun = story.incident()
    told()
    actions.choose(vans, components=[shop.pk], places=[])
    actions.end(gone, how="link", now=NOW)
    story.end(begun, at=NOW)

    assert [to for to, _subject in told() if to][-1] == "vans@example.net"
    assert "It is over: Vans stand still" in text_of(Letter.objects.latest("pk"))
    assert Written.objects.filter(subscriber=gone).count() == 1


def test_batches_go_on_where_a_killed_one_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    story.parts()
    for number in range(5):
        subscriber(f"n{number}@example.net")
    story.incident()
    monkeypatch.setattr("troth.status.actions.writing.BATCH", 2)
    items = {one.item: one for one in writing._items(snapshot(now=NOW), now=NOW)}
    (item,) = items.values()
    row = Announcement.objects.create(item=item.item, about=item.about, said_at=item.said_at)
    assert writing._some(row.pk, item, now=NOW) == 2

    assert [to for to, _subject in told()] == [f"n{number}@example.net" for number in range(5)]
    row.refresh_from_db()
    assert row.done_at == NOW
    assert Written.objects.count() == 5


def test_planned_work_is_announced_changed_reminded_of_and_called_off() -> None:
    story.parts()
    subscriber()
    plan: dict[str, Any] = {"title": "New tills", "words": "", "by": None}
    begins = NOW + 5 * DAY
    work = actions.say(None, **plan, from_at=begins, until=begins + HOUR, now=NOW)
    told()
    actions.say(work, **plan, from_at=begins, until=begins + 2 * HOUR, now=NOW + DAY)
    told(NOW + DAY)
    told(NOW + 2 * DAY)
    told(begins - 25 * HOUR)
    assert Letter.objects.count() == 2
    told(begins - 23 * HOUR)
    told(begins - 22 * HOUR)
    actions.cancel(work, by=None, now=begins - HOUR)

    subjects = [subject for _to, subject in told(begins - HOUR)]

    assert subjects == [
        f"Parcel & Co: {said}"
        for said in (
            "Work is planned",
            "Planned work is changed",
            "Planned work begins soon",
            "Planned work is called off",
        )
    ]
    with pytest.raises(actions.NotAhead):
        actions.cancel(work, by=None, now=begins)


def test_a_mail_program_ends_it_with_one_click_and_the_address_goes() -> None:
    story.parts()
    made = subscriber()
    story.incident()
    told()
    letter = Letter.objects.get()
    head = message_from_bytes(bytes(letter.raw), policy=policy.default)
    assert head["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert head["List-Unsubscribe"].strip() == f"<{own_page(made)}end/>"
    assert head["List-Id"] == "<status.localhost>"
    path = f"/status/yours/{token(made)}/end/"
    browser = Client(enforce_csrf_checks=True)

    assert browser.get(path).status_code == 405
    answer = browser.post(path, {"List-Unsubscribe": "One-Click"})

    assert (answer.status_code, dict(answer.cookies)) == (200, {})
    made.refresh_from_db()
    assert (made.address, made.ended_at) == ("", NOW)
    assert browser.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert new_facts(f"subscriber:{made.pk}")[-1] == ("SubscriberEnded", {"by": "", "how": "link"})
    assert "No more letters" in page(browser, f"/status/yours/{token(made)}/")
    assert browser.post("/status/yours/1.x~y/end/").status_code == 403


def test_who_never_said_yes_is_forgotten() -> None:
    story.things.company()
    Client().post("/status/subscribe/", {"email": "ann@example.net"})

    assert actions.let_go(now=NOW + 6 * DAY) == 0
    Letter.objects.update(state="sent", delivered_at=NOW)
    assert actions.let_go(now=NOW + 8 * DAY) == 1
    assert not Subscriber.objects.exists()
    assert Letter.objects.get().to_address == ""


def test_an_address_of_a_customer_is_handed_out_and_erased(shop: Shop) -> None:
    made = subscriber("ann@example.net")

    assert [one["address"] for one in handing.subscriptions(["ann@example.net"])] == ["ann@example.net"]
    erasing.erase(["ann@example.net", ""], now=NOW)

    made.refresh_from_db()
    assert (made.address, made.ended_at) == ("", NOW)
    assert erasing.holds(["ann@example.net"]) == {"subscriptions": 0}


def test_the_tables_and_the_ledger_tell_the_same_and_what_is_changed_is_found() -> None:
    things.company()
    shop = actions.name(Component, None, name="Shop", group="Online", by=None, now=NOW)
    actions.name(Component, shop, name="Shops", group="Online", by=None, now=NOW)
    place = actions.name(Place, None, name="Leeds", by=None, now=NOW)
    actions.retire(place, retired=True, by=None, now=NOW)
    actions.retire(place, retired=False, by=None, now=NOW)
    with pytest.raises(actions.NameTaken):
        actions.name(Component, None, name="shop", by=None, now=NOW)
    work = actions.say(None, title="Tills", words="", from_at=NOW + DAY, until=NOW + 2 * DAY, by=None, now=NOW)
    actions.say(work, title="Tills!", words="", from_at=NOW + DAY, until=NOW + 2 * DAY, by=None, now=NOW)
    dora = subscriber()
    rows = {one.word: one for one in THINGS}

    def diverging() -> set[str]:
        return {found.reference.partition(":")[0] for one in rows.values() for found in of_all(one)}

    assert diverging() == set()
    assert [one for one in status_checks() for _ in verify.answer(one, now=NOW)] == []
    Component.objects.update(name="Shoppe")
    Place.objects.update(retired_at=NOW)
    Planned.objects.update(cancelled_at=NOW)
    Subscriber.objects.filter(pk=dora.pk).update(confirmed_at=NOW)
    assert diverging() == {"component", "place", "planned", "subscriber"}
    with pytest.raises(DatabaseError), transaction.atomic():
        PlannedVersion.objects.filter(number=1).update(title="Nothing")
