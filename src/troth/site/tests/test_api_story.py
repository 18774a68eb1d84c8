"""Each operation does what it is for, and what it did is told as the key's act."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from tests.faces import Shop
from tests.people_and_things import DAY, FRIDAY, HOUR, NOW, kinds, letters, new_facts
from tests.programs import Program

from troth.cases import actions as cases
from troth.cases.models import Case, Message, Reply
from troth.ledger.actions import seal
from troth.ledger.models import Entry
from troth.people import actions as people
from troth.people.rules.keys import Scope
from troth.promises.models import Promise

FRIDAY_TEXT = "2026-11-13T17:00:00.000000Z"
NEXT_WEEK = "2026-11-18T12:00:00Z"


@pytest.fixture
def program(shop: Shop) -> Program:
    return Program(shop.lea)


# Messages

WROTE = {"address": "Cy@Example.net", "name": "Cy Carr", "subject": "My lamp", "text": "Where is my lamp?"}


def test_a_message_becomes_a_case_of_a_customer(shop: Shop, program: Program) -> None:
    status, told = program.post("/messages", WROTE)

    message = Message.objects.get()
    assert (status, told) == (
        201,
        {"state": "message", "arrival": 1, "message": message.pk, "case": message.case_id}
        | {"arrival": told["arrival"]},
    )
    assert (message.channel, message.text, message.case.subject) == ("api", "Where is my lamp?", "My lamp")
    assert (message.handle.address, message.case.customer.name) == ("cy@example.net", "Cy Carr")
    assert (message.verified, message.case.unverified, letters()) == (False, True, [])


def test_a_vouched_message_is_verified_and_acknowledged_with_a_promise(shop: Shop, program: Program) -> None:
    told = program.post("/messages", {**WROTE, "vouched": True})[1]

    case = Case.objects.get(pk=told["case"])
    assert not case.unverified
    assert [to for to, _subject in letters()] == ["cy@example.net"]
    assert Promise.objects.get().sort == "answer"


def test_who_may_only_hand_in_does_not_vouch(shop: Shop) -> None:
    narrow = Program(shop.sam, Scope.MESSAGES_WRITE)

    refused = narrow.post("/messages", {**WROTE, "vouched": True})
    taken = narrow.post("/messages", WROTE)

    assert (refused[0], refused[1]["scope"]) == (403, "messages:vouch")
    assert taken[0] == 201
    assert Case.objects.get().unverified


def test_a_message_joins_its_customers_own_case_and_no_other(shop: Shop, program: Program) -> None:
    case = shop.case(shop.ann)
    of_ann = {**WROTE, "address": "ann@example.net", "case": case.pk}

    assert program.post("/messages", {**of_ann, "vouched": True})[1]["case"] == case.pk
    for other in ({**of_ann, "vouched": False}, {**WROTE, "case": case.pk, "vouched": True}):
        opened = Case.objects.get(pk=program.post("/messages", other)[1]["case"])
        assert (opened.pk != case.pk, opened.seems_to_be_id) == (True, case.pk)
    assert case.messages.count() == 2


def test_a_message_is_taken_once_under_its_outside_name(shop: Shop, program: Program) -> None:
    first = program.post("/messages", {**WROTE, "outside_id": "chat-17"})
    again = program.post("/messages", {**WROTE, "text": "Once more", "outside_id": "chat-17"})
    elsewhere = Program(shop.lea).post("/messages", {**WROTE, "outside_id": "chat-17"})

    assert first == again
    assert elsewhere[1]["message"] != first[1]["message"]
    assert Message.objects.count() == 2


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        ({"address": "cy"}, "address"),
        ({"address": "cy@example.net)bob@example.net"}, "address"),
        ({"said_at": "2026-11-11T10:00:01Z"}, "said_at"),
        ({"case": 999_999}, "case"),
    ],
)
def test_a_message_nobody_can_have_sent_is_refused(
    shop: Shop, program: Program, wrong: dict[str, Any], where: str
) -> None:
    status, told = program.post("/messages", {**WROTE, **wrong})

    assert (status, [error["at"] for error in told["errors"]]) == (422, [where])
    assert not Message.objects.exists()


# Cases


def test_cases_are_listed_and_read(shop: Shop, program: Program) -> None:
    one = shop.case(shop.ann)
    two = shop.case(shop.bob, text="Thank you, all is well.", at=NOW + HOUR)
    cases.set_status(two, status="resolved", by=shop.sam, now=NOW)

    def found(**asked: Any) -> list[int]:
        return [case["id"] for case in program.get("/cases", **asked)[1]["items"]]

    assert found() == [two.pk, one.pk]
    assert found(sort="last_message_at") == [one.pk, two.pk]
    assert found(status="resolved") == [two.pk]
    assert found(customer=shop.ann.customer_id) == [one.pk]
    assert found(unanswered="true") == [one.pk]
    assert found(kind="compliment", assignee=shop.sam.pk) == []
    told = program.get(f"/cases/{one.pk}")[1]
    assert (told["subject"], told["customer"], told["opened_at"]) == (
        "Parcel",
        shop.ann.customer_id,
        "2026-11-11T10:00:00.000000Z",
    )
    assert program.get("/cases/999999")[0] == 404


def test_a_case_is_changed_as_a_whole_or_not_at_all(shop: Shop, program: Program) -> None:
    case = shop.case()
    before = Entry.objects.count()

    assert program.patch(f"/cases/{case.pk}", {"status": "resolved", "assignee": shop.aud.pk})[0] == 422
    assert Entry.objects.count() == before
    told = program.patch(f"/cases/{case.pk}", {"kind": "complaint", "assignee": shop.sam.pk})[1]
    assert (told["kind"], told["assignee"], told["status"]) == ("complaint", shop.sam.pk, "open")
    assert program.patch(f"/cases/{case.pk}", {"assignee": None})[1]["assignee"] is None
    assert program.patch(f"/cases/{case.pk}", {})[0] == 200
    assert [values["by"] for kind, values in new_facts(f"case:{case.pk}") if kind == "CaseChanged"] == [
        program.key.reference
    ] * (2 if case.kind == "complaint" else 3)


def test_what_was_said_in_a_case_is_read(shop: Shop, program: Program) -> None:
    message = shop.message(files=[cases.File(name="a.txt", content_type="text/plain", content=b"abc")])
    note = program.post(f"/cases/{message.case_id}/notes", {"text": "Rang the carrier."})

    listed = program.get(f"/cases/{message.case_id}/messages")[1]["items"]
    assert [(said["id"], said["direction"]) for said in listed] == [(message.pk, "inbound"), (note[1]["id"], "note")]
    assert program.get(f"/messages/{message.pk}")[1] == listed[0]
    assert [(file["name"], file["size"]) for file in listed[0]["attachments"]] == [("a.txt", 3)]
    assert (note[0], listed[1]["staff"]) == (201, shop.lea.pk)
    assert new_facts(f"case:{message.case_id}")[-1][1]["by"] == program.key.reference


# Replies


def test_an_answer_leaves_with_its_promise_as_the_keys_act(shop: Shop, program: Program) -> None:
    case = shop.case()
    mine = cases.save_draft(case, staff=shop.lea, text="What I began myself", now=NOW)
    quote = "We will look into it and ring you."
    path = f"/cases/{case.pk}/replies"

    shut = program.post(path, {"text": quote})
    said = {"text": quote, "answers": [{"quote": quote, "choice": "promise", "what": "ring Ann", "due": NEXT_WEEK}]}
    held = program.post(path, said)
    with time_machine.travel(NOW + timedelta(seconds=11), tick=False):
        assert cases.leave(now=NOW + timedelta(seconds=11)) == 1
        sent = program.get(f"/replies/{held[1]['id']}")[1]

    assert (shut[0], shut[1]["objections"]) == (422, [{"quote": quote, "why": "unanswered"}])
    assert (held[0], held[1]["state"], sent["state"]) == (201, "held", "sent")
    assert [to for to, _subject in letters()] == ["ann@example.net"]
    promise = Promise.objects.get()
    assert (promise.what, promise.owner) == ("ring Ann", shop.lea)
    answered = [values for kind, values in new_facts(f"case:{case.pk}") if kind in {"CaseAnswered", "CaseChanged"}]
    assert {values["by"] for values in answered} == {program.key.reference}
    assert list(Reply.objects.filter(state="draft")) == [mine]


def test_an_answer_is_taken_back_while_it_is_held(shop: Shop, program: Program) -> None:
    case = shop.case()
    held = program.post(f"/cases/{case.pk}/replies", {"text": "Thank you."})[1]
    take_back = f"/replies/{held['id']}/take-back"

    assert program.post(take_back, None)[1]["state"] == "draft"
    assert program.post(take_back, None)[0] == 409
    assert cases.leave(now=NOW + HOUR) == 0
    assert Program(shop.sam).get(f"/replies/{held['id']}")[0] == 404


def test_nothing_is_sent_past_what_was_not_read(shop: Shop, program: Program) -> None:
    message = shop.message()
    newer = shop.message(case_id=message.case_id, text="And one more thing.")
    path = f"/cases/{message.case_id}/replies"

    status, told = program.post(path, {"text": "Thank you.", "seen_message": message.pk})

    assert (status, told["type"]) == (409, "/api/reference#changed")
    assert program.post(path, {"text": "Thank you.", "seen_message": newer.pk})[0] == 201


# Promises


def test_a_promise_is_recorded_for_its_owner(shop: Shop, program: Program) -> None:
    said = {"customer": shop.ann.customer_id, "what": "ring Ann", "due": NEXT_WEEK, "owner": shop.sam.pk}

    status, told = program.post("/promises", said)

    assert (status, told["state"], told["due"], told["owner"], told["source"]) == (
        201,
        "open",
        "2026-11-18T12:00:00.000000Z",
        shop.sam.pk,
        program.key.reference,
    )
    assert new_facts(f"promise:{told['id']}")[0][1]["source"] == program.key.reference
    assert program.get(f"/promises/{told['id']}")[1] == told


def test_a_promise_in_a_case_is_made_to_its_customer(shop: Shop, program: Program) -> None:
    case = shop.case(shop.bob)

    told = program.post(f"/cases/{case.pk}/promises", {"what": "look", "condition": "the photos come"})[1]

    assert (told["customer"], told["about"], told["state"]) == (shop.bob.customer_id, f"case:{case.pk}", "armed")
    assert program.post(f"/promises/{told['id']}/confirm", {"due": NEXT_WEEK})[1]["state"] == "open"
    assert program.post(f"/promises/{told['id']}/confirm", {"due": NEXT_WEEK})[0] == 409


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        ({"due": None}, "due"),
        ({"due": "2026-11-11T09:59:59Z"}, "due"),
        ({"owner": 999_999}, "owner"),
        ({"customer": 999_999}, "customer"),
        ({"said_at": "2026-11-11T10:00:01Z"}, "said_at"),
    ],
)
def test_a_promise_nobody_can_keep_is_refused(shop: Shop, program: Program, wrong: dict[str, Any], where: str) -> None:
    said = {"customer": shop.ann.customer_id, "what": "ring Ann", "due": NEXT_WEEK, **wrong}

    status, told = program.post("/promises", said)

    assert (status, [error["at"] for error in told["errors"]]) == (422, [where])
    assert not Promise.objects.exists()


def test_promises_are_listed(shop: Shop, program: Program) -> None:
    case = shop.case()
    one = shop.promise(shop.ann, case)
    two = shop.promise(shop.bob, owner=shop.lea, due=FRIDAY + DAY, said_at=NOW - HOUR)

    def found(**asked: Any) -> list[int]:
        return [promise["id"] for promise in program.get("/promises", **asked)[1]["items"]]

    assert found() == [one.pk, two.pk]
    assert found(sort="made_at") == [two.pk, one.pk]
    assert found(sort="due", due_from=FRIDAY_TEXT) == [one.pk, two.pk]
    assert found(due_before=FRIDAY_TEXT) == []
    assert found(case=case.pk) == found(customer=shop.ann.customer_id) == found(owner=shop.sam.pk) == [one.pk]
    assert found(state="open") == [one.pk, two.pk]
    assert found(state="kept") == []


#: What can be done about a promise that is owed: the body, and how it stands afterwards.
ACTS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "keep": ({}, {"state": "kept", "done_at": "2026-11-11T10:00:00.000000Z"}),
    "move": ({"to": NEXT_WEEK, "words": "The van broke down."}, {"state": "moved", "moves": 1}),
    "release": ({"reason": "They said it is fine."}, {"state": "released"}),
    "void": ({"reason": "Recorded twice."}, {"state": "void", "reason": "Recorded twice."}),
    "give-up": ({"reason": "supplier"}, {"state": "broken", "miss_reason": "supplier"}),
    "explain": ({"reason": "forgot"}, {"state": "open", "miss_reason": "forgot"}),
}


@pytest.mark.parametrize("act", ACTS)
def test_what_is_done_about_a_promise_is_the_keys_act(shop: Shop, program: Program, act: str) -> None:
    said, becomes = ACTS[act]
    promise = shop.promise()
    before = len(new_facts(f"promise:{promise.pk}"))

    status, told = program.post(f"/promises/{promise.pk}/{act}", said)

    assert (status, {name: told[name] for name in becomes}) == (200, becomes)
    done = new_facts(f"promise:{promise.pk}", since=before)
    assert {values["by"] for _kind, values in done if "by" in values} <= {program.key.reference}
    assert done
    assert program.get(f"/promises/{promise.pk}")[1] == told
    if act not in {"move", "explain"}:
        assert program.post(f"/promises/{promise.pk}/{act}", said)[0] == 409


def test_a_promise_changes_hands(shop: Shop, program: Program) -> None:
    promise = shop.promise(owner=None)

    assert program.post(f"/promises/{promise.pk}/own", {"owner": shop.sam.pk})[1]["owner"] == shop.sam.pk
    assert program.post(f"/promises/{promise.pk}/own", {"owner": shop.aud.pk})[0] == 422
    assert new_facts(f"promise:{promise.pk}")[-1] == (
        "PromiseOwned",
        {"before": "", "owner": f"staff:{shop.sam.pk}", "by": program.key.reference},
    )


def test_only_a_leads_key_voids_what_is_on_record(shop: Shop) -> None:
    promise = shop.promise()

    assert Program(shop.sam).post(f"/promises/{promise.pk}/void", {"reason": "Twice."})[0] == 403


def test_a_promise_moves_only_from_the_date_that_was_seen(shop: Shop, program: Program) -> None:
    move = f"/promises/{shop.promise().pk}/move"
    said = {"to": NEXT_WEEK, "words": "The van broke down."}

    assert program.post(move, {**said, "due": NEXT_WEEK})[0] == 409
    assert program.post(move, {**said, "to": FRIDAY_TEXT})[0] == 422
    assert program.post(move, {**said, "due": FRIDAY_TEXT})[0] == 200


# Customers, events, the key


def test_a_customer_is_found_or_made_known(shop: Shop, program: Program) -> None:
    known = program.post("/customers", {"address": "ANN@example.net", "name": "Somebody else"})[1]
    new = program.post("/customers", {"kind": "phone", "address": "+44 20 7946 0000", "name": "Cy"})[1]

    assert (known["id"], known["name"]) == (shop.ann.customer_id, "Ann Archer")
    assert new["handles"] == [{"kind": "phone", "address": "+44 20 7946 0000", "verified_at": None, "bounced_at": None}]
    assert program.get("/customers")[1]["items"][0]["id"] == new["id"]
    assert program.get("/customers", handle="ann@EXAMPLE.net")[1]["items"] == [known]
    assert program.get("/customers", handle="nobody@example.net")[1]["items"] == []
    assert program.get("/customers/999999")[0] == 404


def test_customers_that_were_merged_are_one(shop: Shop, program: Program) -> None:
    people.merge(front=shop.ann.customer, merged=shop.bob.customer, by=shop.lea, now=NOW)

    told = program.get(f"/customers/{shop.bob.customer_id}")[1]

    assert told["id"] == shop.ann.customer_id
    assert [handle["address"] for handle in told["handles"]] == ["ann@example.net", "bob@example.net"]
    assert program.get("/customers")[1]["items"] == [told]
    assert program.get("/customers", handle="bob@example.net")[1]["items"] == [told]


def test_events_are_followed_by_their_position(shop: Shop, program: Program) -> None:
    promise = shop.promise()
    seal(now=NOW)

    first = program.get("/events", limit=1)[1]
    rest = program.get("/events", after=first["last"])[1]
    assert [event["kind"] for event in first["items"] + rest["items"]] == kinds()
    assert rest["last"] == len(kinds())
    assert program.get("/events", after=rest["last"])[1] == {"items": [], "last": rest["last"]}
    about = program.get("/events", about=f"promise:{promise.pk}", kind="PromiseMade")[1]["items"]
    assert [event["fields"]["first_due"] for event in about] == [FRIDAY_TEXT]


def test_events_hold_no_words_of_anybody(shop: Shop, program: Program) -> None:
    shop.promise(what="bring the oak table")
    shop.case(text="Where is my parcel?")
    seal(now=NOW)

    told = str(program.get("/events", limit=200)[1])

    assert not {word for word in ("Ann", "Bob", "example.net", "oak", "parcel", "Parcel") if word in told}


def test_a_key_says_what_it_is(shop: Shop) -> None:
    program = Program(shop.sam, Scope.CASES_READ)

    assert program.get("/key")[1] == {
        "id": program.key.pk,
        "name": "Shop system",
        "scopes": ["cases:read"],
        "staff": shop.sam.pk,
        "expires_at": None,
    }


def test_no_answer_waits_in_a_cache(shop: Shop, program: Program) -> None:
    for method, path in (("GET", "/cases"), ("GET", "/nothing"), ("POST", "/customers")):
        assert program.ask(method, path, {"address": "a@example.net"}).headers["Cache-Control"] == "no-store"


# Readings


def test_a_reading_is_told_confirmed_and_corrected(shop: Shop, program: Program) -> None:
    message = shop.message(text="I am furious. My parcel never came and nobody answers!")
    told = program.get(f"/messages/{message.pk}")[1]["reading"]
    assert (told["version"], told["language"], told["looked_at"]) == (message.reading["version"], "en", [])
    assert told["emotions"][0]["value"] == "anger"
    assert all(0 <= start < end <= len(message.text) for start, end in told["emotions"][0]["spans"])

    said = {"kind": "complaint", "causes": ["late"], "seen": told["standing"]}
    status, after = program.post(f"/messages/{message.pk}/reading", said)

    assert (status, after["reading"]["looked_at"]) == (200, ["causes", "kind"])
    assert after["reading"]["causes"][0] | {"spans": []} == {"value": "late", "confidence": 1.0, "spans": []}
    assert Case.objects.get(pk=message.case_id).cause == "late"
    by = [values["by"] for kind, values in new_facts(f"message:{message.pk}") if kind.startswith("Reading")]
    assert by == [f"key:{program.key.pk}"] * 2
    assert program.get(f"/cases/{message.case_id}/messages")[1]["items"][0]["reading"] == after["reading"]
    status, problem = program.post(f"/messages/{message.pk}/reading", {"causes": ["other"], "seen": told["standing"]})
    assert (status, problem["type"]) == (409, "/api/reference#changed")
    assert program.post(f"/messages/{message.pk}/reading", {"kind": "riot"})[0] == 422


def test_only_customers_messages_have_a_reading(shop: Shop, program: Program) -> None:
    note = program.post(f"/cases/{shop.case().pk}/notes", {"text": "Look."})[1]

    assert note["reading"] is None
    assert program.post(f"/messages/{note['id']}/reading", {"kind": "enquiry"})[0] == 422
