"""What is recorded by hand is recorded once, however often its button is pressed (reliability S8)."""

from __future__ import annotations

import re

import pytest
from tests.faces import Shop, page, signed_in

from troth.cases.models import Case, Message
from troth.promises.models import Promise

NOTE = {"body": "Rang the carrier."}
PROMISE = {"quote": "ring you", "due": "2026-11-18T12:00", "strength": "promise"}
TALK = {
    "customer": "Cy Carr",
    "handle": "cy@example.net",
    "channel": "phone",
    "subject": "A lamp",
    "body": "Asked for it.",
    "talked_at": "2026-11-11T09:30",
    "kind": "enquiry",
    "promise": "send it",
    "promise_due": "2026-11-18T12:00",
}


def names_in(text: str) -> set[str]:
    return set(re.findall(r'name="once" value="([^"]{22})"', text))


@pytest.mark.parametrize(("act", "said"), [("note", NOTE), ("promise", PROMISE)])
def test_what_is_pressed_twice_is_done_once(shop: Shop, act: str, said: dict[str, str]) -> None:
    case, sam = shop.case(), signed_in(shop.sam)
    (name,) = names_in(page(sam, f"/cases/{case.pk}/"))

    first, again = (sam.post(f"/cases/{case.pk}/{act}/", {**said, "once": name}) for _ in range(2))

    assert (first.status_code, again.status_code) == (302, 302)
    assert first.headers["Location"] == again.headers["Location"] == f"/cases/{case.pk}/"
    assert (Message.objects.filter(direction="note").count(), Promise.objects.count()) == (
        (1, 0) if act == "note" else (0, 1)
    )


def test_a_talk_pressed_twice_opens_one_case_and_lands_there_twice(shop: Shop) -> None:
    sam = signed_in(shop.sam)
    (name,) = names_in(page(sam, "/cases/new/"))

    landed = {sam.post("/cases/new/", {**TALK, "once": name}).headers["Location"] for _ in range(2)}

    assert landed == {f"/cases/{Case.objects.get().pk}/"}
    assert Promise.objects.count() == 1


def test_going_back_and_writing_something_else_is_another_press(shop: Shop) -> None:
    case, sam = shop.case(), signed_in(shop.sam)
    (name,) = names_in(page(sam, f"/cases/{case.pk}/"))
    for body in ("Rang the carrier.", "Rang the depot."):
        assert sam.post(f"/cases/{case.pk}/note/", {"body": body, "once": name}).status_code == 302

    assert Message.objects.filter(direction="note").count() == 2
    assert name not in names_in(page(sam, f"/cases/{case.pk}/"))


def test_two_people_with_one_name_are_two(shop: Shop) -> None:
    case = shop.case()
    for staff in (shop.sam, shop.lea):
        assert signed_in(staff).post(f"/cases/{case.pk}/note/", {**NOTE, "once": "a" * 22}).status_code == 302

    assert Message.objects.filter(direction="note").count() == 2


def test_a_form_that_was_refused_is_sent_again(shop: Shop) -> None:
    case, sam = shop.case(), signed_in(shop.sam)
    wrong = {**PROMISE, "due": "2026-11-10T12:00", "once": "a" * 22}

    assert [sam.post(f"/cases/{case.pk}/promise/", wrong).status_code for _ in range(2)] == [422, 422]
    assert sam.post(f"/cases/{case.pk}/promise/", {**PROMISE, "once": "a" * 22}).status_code == 302
    assert Promise.objects.count() == 1


@pytest.mark.parametrize("name", ["", "x", "a" * 23, "ä" * 22])
def test_without_a_name_of_ours_each_press_counts(shop: Shop, name: str) -> None:
    case, sam = shop.case(), signed_in(shop.sam)
    for _ in range(2):
        assert sam.post(f"/cases/{case.pk}/note/", {**NOTE, "once": name}).status_code == 302

    assert Message.objects.filter(direction="note").count() == 2
