from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
import time_machine
from django.test import Client
from tests import people_and_things as things
from tests.faces import Shop, actions_in, page, signed_in, statements
from tests.people_and_things import DAY, HOUR, NOW

from troth.hooks.door import Answer
from troth.hooks.models import Delivery, Endpoint
from troth.hooks.tests.receiver import Receiver
from troth.hooks.tests.world import DOWN, World, kept, states
from troth.ledger import actions as ledger
from troth.people.models import SecurityEvent
from troth.people.seal import tell
from troth.post.models import Letter

MINUTE = timedelta(minutes=1)


def said(answer: Any) -> str:
    """What the last form was told; the pages between were never looked at, so the words before it are still there."""
    return str([*answer.wsgi_request._messages][-1])


@pytest.fixture
def world(shop: Shop) -> Iterator[World]:
    while ledger.seal(now=NOW):  # what the shop was made of
        pass
    found = World()
    yield found
    found.sender.close()


@pytest.fixture
def ada(world: World) -> Client:
    return signed_in(world.admin)


def filled(**values: Any) -> dict[str, Any]:
    return {"name": "CRM", "url": "https://8.8.8.8/hook", "wants": "all", "once": "a-form", **values}


def test_an_empty_list_tells_what_webhooks_are_for(ada: Client) -> None:
    text = page(ada, "/webhooks/")

    assert "No webhooks yet" in text
    assert 'href="/webhooks/new/"' in text


def test_a_webhook_is_made_and_its_secret_shown_once(ada: Client, world: World) -> None:
    answer = ada.post("/webhooks/new/", filled(wants="some", kinds=["CaseOpened", "PromiseKept"]))

    [secret] = re.findall(r">(whsec_[^<]+)<", answer.content.decode())
    made = Endpoint.objects.get()
    assert (made.name, made.url, made.kinds) == ("CRM", "https://8.8.8.8/hook", ["CaseOpened", "PromiseKept"])
    assert tell(made, "secret") == secret
    assert "no-store" in answer.headers["Cache-Control"]
    assert secret not in page(ada, f"/webhooks/{made.pk}/")
    assert secret not in str(dict(ada.session))
    assert "promise.kept" in page(ada, f"/webhooks/{made.pk}/")


def test_the_same_form_sent_twice_makes_one(ada: Client) -> None:
    ada.post("/webhooks/new/", filled())

    again = ada.post("/webhooks/new/", filled())

    assert Endpoint.objects.count() == 1
    assert (again.status_code, "It was made already" in said(again)) == (302, True)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"name": " "}, "Give it a name"),
        ({"url": ""}, "Write the address"),
        ({"url": "http://8.8.8.8/"}, "Only addresses that begin with https://"),
        ({"url": "https://169.254.169.254/latest"}, "not on the public Internet"),
        ({"url": "https://localhost/"}, "a name inside a network"),
        ({"wants": "some"}, "Choose at least one kind"),
        ({"wants": "some", "kinds": ["NoSuchKind"]}, "Choose at least one kind"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_the_rest_stays(
    ada: Client, values: dict[str, Any], words: str
) -> None:
    answer = ada.post("/webhooks/new/", filled(**values))

    text = answer.content.decode()
    assert words in text
    assert "One thing needs your attention" in text
    assert not Endpoint.objects.exists()
    assert values.get("name") == " " or 'value="CRM"' in text


def test_a_webhook_is_changed(ada: Client, world: World) -> None:
    made = world.endpoint()

    form = page(ada, f"/webhooks/{made.pk}/change/")
    answers = [ada.post(f"/webhooks/{made.pk}/change/", filled(wants="some", kinds=["CaseOpened"])) for _time in "12"]
    refused = ada.post(f"/webhooks/{made.pk}/change/", filled(url="https://10.0.0.1/"))

    assert f'value="{made.url}"' in form
    assert [said(answer) for answer in answers] == ["Changed.", "Nothing was changed."]
    assert "not on the public Internet" in refused.content.decode()
    made.refresh_from_db()
    assert (made.name, made.url, made.kinds) == ("CRM", "https://8.8.8.8/hook", ["CaseOpened"])


def test_deliveries_stand_with_their_answers_and_can_be_chosen_from(ada: Client, world: World) -> None:
    made = world.endpoint()
    world.happens(2)
    world.settle()
    world.other_side.says(made.url, DOWN)
    world.happens(1, kept)
    world.settle()

    everything, waits, taken, of_a_kind = (
        page(ada, f"/webhooks/{made.pk}/{query}") for query in ("", "?view=waiting", "?view=taken", "?kind=PromiseKept")
    )

    assert (everything.count("promise.voided</code>"), everything.count("promise.kept</code>")) == (2, 1)
    assert "503" in everything
    assert "not now" in everything
    assert "In trouble" in everything
    assert (waits.count("</code><span"), taken.count("</code><span"), of_a_kind.count("</code><span")) == (1, 2, 1)


def test_a_long_list_has_pages(ada: Client, world: World) -> None:
    made = world.endpoint()
    world.happens(60)
    world.settle()

    first = page(ada, f"/webhooks/{made.pk}/?view=taken")
    [older] = re.findall(r'href="([^"]*older=[^"]*)"', first)
    second = page(ada, older.replace("&amp;", "&"))

    assert (first.count("evt_") // 2, second.count("evt_") // 2) == (50, 10)


def test_one_and_three_rows_take_as_many_statements(ada: Client, world: World) -> None:
    made = world.endpoint()
    world.happens(1)
    world.settle()
    before = [statements(ada, path) for path in ("/webhooks/", f"/webhooks/{made.pk}/")]
    world.endpoint("two")
    world.endpoint("three")
    world.happens(2)
    world.settle()

    assert [statements(ada, path) for path in ("/webhooks/", f"/webhooks/{made.pk}/")] == before
    assert max(before) <= 6


def test_one_event_leaves_once_more_with_its_id(ada: Client, world: World) -> None:
    made = world.endpoint()
    world.happens(1)
    world.settle()
    sent = Delivery.objects.get()

    answers = [ada.post(f"/webhooks/sent/{sent.pk}/again/") for _time in "12"]
    world.settle()

    assert [said(answer) for answer in answers] == [
        "It leaves once more, with the same id.",
        "It waits to be sent already.",
    ]
    assert world.other_side.heard == [(made.url, sent.message_id)] * 2


def test_everything_since_a_moment_leaves_once_more(world: World) -> None:
    world.happens(3)  # before the webhook was made, beside the two of which the shop is made
    with time_machine.travel(world.clock.on(hours=1), tick=False):
        made = world.endpoint()
        world.happens(3)
        world.settle()
    before = {message_id for _url, message_id in world.other_side.heard}

    with time_machine.travel(world.clock.on(hours=1), tick=False):
        ada = signed_in(world.admin)
        since_two_hours = ada.post(f"/webhooks/{made.pk}/since/", {"since": "2026-11-11T10:00"})
        world.settle()
        everything = list(world.other_side.heard)
        since_one_hour = ada.post(f"/webhooks/{made.pk}/since/", {"since": "2026-11-11T10:30"})
        world.settle()
        ahead = ada.post(f"/webhooks/{made.pk}/since/", {"since": "2026-11-12T10:00"})

    assert "9 events since then" in said(since_two_hours)
    assert "4 events since then" in said(since_one_hour)
    assert "choose a moment in the past" in said(ahead)
    assert (len(before), len(everything), len(world.other_side.heard)) == (3, 11, 14)
    assert len(set(world.other_side.heard)) == 8
    assert states(made) == {"taken": 8}


def test_the_secret_is_exchanged_and_both_sign_for_a_day(ada: Client, world: World) -> None:
    made = world.endpoint()
    old = tell(made, "secret")
    [made_at] = re.findall(r'name="made_at" value="([^"]+)"', page(ada, f"/webhooks/{made.pk}/"))

    with time_machine.travel(NOW + MINUTE, tick=False):
        answer = ada.post(f"/webhooks/{made.pk}/secret/", {"made_at": made_at})
        again = ada.post(f"/webhooks/{made.pk}/secret/", {"made_at": made_at})
        assert "the one before goes on signing until" in page(ada, f"/webhooks/{made.pk}/")

    [new] = re.findall(r">(whsec_[^<]+)<", answer.content.decode())
    made.refresh_from_db()
    assert (tell(made, "secret"), tell(made, "old_secret"), made.old_secret_until) == (new, old, NOW + MINUTE + DAY)
    assert new != old
    assert (again.status_code, "There is a newer secret already" in said(again)) == (302, True)


@pytest.mark.parametrize("values", [{}, {"made_at": "yesterday"}, {"made_at": "2026-11-11"}])
def test_a_secret_is_not_exchanged_by_a_form_that_does_not_know_it(
    ada: Client, world: World, values: dict[str, str]
) -> None:
    made = world.endpoint()

    answer = ada.post(f"/webhooks/{made.pk}/secret/", values)

    assert answer.status_code == 302
    assert Endpoint.objects.get().secret_made_at == NOW


def test_what_is_switched_off_hears_nothing_and_then_of_what_it_missed_or_not(ada: Client, world: World) -> None:
    patient, hasty = world.endpoint("patient"), world.endpoint("hasty")
    for made in (patient, hasty):
        assert "kept for it" in said(ada.post(f"/webhooks/{made.pk}/off/"))
    world.happens(3)
    world.settle()
    assert world.other_side.heard == []
    assert "Switch on, and send what it missed" in page(ada, f"/webhooks/{patient.pk}/")

    ada.post(f"/webhooks/{patient.pk}/on/", {"missed": "send"})
    ada.post(f"/webhooks/{hasty.pk}/on/", {"missed": "skip"})
    world.happens(1)
    world.settle()

    # And each of what was done with the other meanwhile, not of what was done with itself.
    assert (states(patient), states(hasty)) == ({"taken": 4 + 2}, {"taken": 1 + 1})


def test_a_webhook_is_removed_by_typing_its_name(ada: Client, world: World) -> None:
    made = world.endpoint()
    world.happens(1)
    world.settle()

    wrong = ada.post(f"/webhooks/{made.pk}/remove/", {"name": "mrc"})
    assert "still there" in said(wrong)
    right = ada.post(f"/webhooks/{made.pk}/remove/", {"name": " crm "})

    assert "is gone" in said(right)
    assert (Endpoint.objects.count(), Delivery.objects.count()) == (0, 0)


def test_what_was_done_is_on_record_and_by_whom(ada: Client, world: World) -> None:
    made = world.endpoint()
    ada.post(f"/webhooks/{made.pk}/off/")
    ada.post(f"/webhooks/{made.pk}/on/")
    ada.post(f"/webhooks/{made.pk}/change/", filled())
    ada.post(f"/webhooks/{made.pk}/remove/", {"name": "CRM"})

    about = SecurityEvent.objects.filter(about=made.reference).order_by("pk")
    assert list(about.values_list("kind", "how", "staff")) == [
        ("webhook_made", "", world.admin.pk),
        ("webhook_changed", "off", world.admin.pk),
        ("webhook_changed", "on", world.admin.pk),
        ("webhook_changed", "name url", world.admin.pk),
        ("webhook_removed", "", world.admin.pk),
    ]
    who = world.admin.reference
    assert things.new_facts(made.reference) == [
        ("WebhookMade", {"by": who}),
        ("WebhookChanged", {"changed": "off", "by": who}),
        ("WebhookChanged", {"changed": "on", "by": who}),
        ("WebhookChanged", {"changed": "name url", "by": who}),
        ("WebhookRemoved", {"by": who}),
    ]


def test_whoever_has_not_shown_for_a_while_who_they_are_is_asked_first(world: World) -> None:
    made = world.endpoint()
    world.admin.set_password("a long way to Tipperary")
    world.admin.save()
    stale = signed_in(world.admin, shown_at=NOW - HOUR)

    page(stale, f"/webhooks/{made.pk}/")
    for path in sorted(actions_in(page(stale, f"/webhooks/{made.pk}/")) - {"/account/logout/"}):
        answer = stale.post(path, {"name": "crm"})
        assert (path, answer.status_code, answer.headers["Location"]) == (
            path,
            302,
            f"/account/reauthenticate/?next={quote(path, safe='')}",
        )

    assert Endpoint.objects.get().off_because == ""


def test_a_test_says_at_once_what_came_back(ada: Client, world: World, plain: Receiver) -> None:
    made = world.endpoint()
    told = []
    for path in ("/ok", "/status/500", "/cut"):
        Endpoint.objects.filter(pk=made.pk).update(url=plain.url(path))
        told.append(said(ada.post(f"/webhooks/{made.pk}/test/")))

    assert "It was taken: 200 after" in told[0]
    assert "the answer was 500" in told[1]
    assert told[2] == "It did not arrive. It does not answer as a web server does."
    assert b'"type":"webhook.test"' in plain.heard[0][2]
    assert states(made) == {"taken": 1, "given_up": 2}
    assert Endpoint.objects.get().failures == 0
    assert "webhook.test" in page(ada, f"/webhooks/{made.pk}/")
    assert 'name="again"' not in page(ada, f"/webhooks/{made.pk}/")
    world.settle()
    assert len(plain.heard) == 3  # the lane leaves trials alone


def test_today_tells_admins_of_a_webhook_that_went_off_until_somebody_looks_after_it(ada: Client, world: World) -> None:
    made = world.endpoint()
    world.other_side.says(made.url, Answer(410, "", 1))
    world.happens(1)
    world.settle()

    told, others = page(ada, "/today/"), page(signed_in(things.staff("lou@parcel.example", role="lead")), "/today/")
    [letter] = Letter.objects.filter(because=made.reference)
    ada.post(f"/webhooks/{made.pk}/off/")

    assert "The webhook crm was switched off by itself" in told
    assert "switched off by itself" not in others + page(ada, "/today/")
    assert f"/webhooks/{made.pk}/" in things.text_of(letter)
    assert f"/webhooks/{made.pk}/" in page(ada, "/letters/")


def test_staff_who_do_not_run_the_installation_see_nothing_of_it(world: World) -> None:
    made = world.endpoint()
    lead = signed_in(things.staff("lou@parcel.example", role="lead"))

    assert lead.get(f"/webhooks/{made.pk}/").status_code == 403
    assert made.name not in lead.get("/today/").content.decode()
