from __future__ import annotations

import io
from zipfile import ZipFile

import pytest
from tests import people_and_things as things
from tests.faces import Shop, page, said, signed_in, with_link
from tests.people_and_things import DAY, NOW
from tests.planted import Life, found_in
from tests.programs import Program

from troth.cases.models import Message, Reply
from troth.ledger.models import Entry
from troth.people import actions as people
from troth.people.models import SecurityEvent, Staff
from troth.people.queries import NobodyLeft
from troth.post import sending
from troth.post.models import Letter
from troth.privacy import actions, queries
from troth.privacy.models import Erasure, Hold, Request
from troth.promises import actions as promises
from troth.promises.models import Promise

pytestmark = pytest.mark.django_db


@pytest.fixture
def kim(shop: Shop) -> Staff:
    return things.staff("kim@parcel.example", role="admin", password="a long one")


def test_a_customer_sees_what_is_held_and_asks_to_be_forgotten(shop: Shop) -> None:
    shop.message(shop.ann, verified=True)
    ann = with_link(shop.link())

    assert "What we hold about you, as a copy or erased" in page(ann, "/my/")
    assert "ann@example.net" in page(ann, "/my/held/")
    assert "Ask to be forgotten" in page(ann, "/my/held/forget/")
    assert not Request.objects.exists()
    answer = ann.post("/my/held/forget/", follow=True)

    assert "You have our word for an answer by" in answer.content.decode()
    assert 'datetime="2026-12-11T23:59:00Z"' in answer.content.decode().replace("+00:00", "Z")
    assert "An answer to your wish to be forgotten" in page(ann, "/my/")
    assert ann.get("/my/held/forget/").status_code == 302
    assert "asked to be forgotten" in page(signed_in(shop.sam), "/today/")
    assert "to be forgotten, and were promised" in page(signed_in(shop.sam), f"/customers/{shop.ann.customer_id}/")


def test_they_take_it_back(shop: Shop) -> None:
    actions.ask(shop.ann.customer, by=None, now=NOW)
    ann = with_link(shop.link())

    assert "Taken back" in ann.post("/my/held/keep/", follow=True).content.decode()
    assert Request.objects.get().promise.state == "released"
    assert "Ask us to forget you" in page(ann, "/my/held/")


def test_a_hold_is_shown_with_its_reason_and_its_day_to_the_person_too(shop: Shop, kim: Staff) -> None:
    admin, here = signed_in(kim), f"/customers/{shop.ann.customer_id}/held/"
    form = {"reason": "statute", "words": "Tax law, section 147", "until": "2026-12-31"}

    assert "Give a day to come" in admin.post(f"{here}hold/", {**form, "until": ""}).content.decode()
    admin.post(f"{here}hold/", form)

    for shown in (page(admin, here), page(with_link(shop.link()), "/my/held/")):
        assert "Tax law, section 147" in shown
        assert "2026-12-31" in shown
    assert "A hold stands" in admin.post(f"{here}erase/", {"confirm": str(shop.ann.customer_id)}).content.decode()
    admin.post(f"/privacy/holds/{Hold.objects.get().pk}/lift/")
    assert "Tax law" not in page(with_link(shop.link()), "/my/held/")


def test_staff_erase_after_they_saw_what_goes_and_what_stays(shop: Shop, kim: Staff) -> None:
    shop.message(shop.ann, verified=True)
    shop.promise()
    actions.ask(shop.ann.customer, by=None, now=NOW)
    admin, number = signed_in(kim), str(shop.ann.customer_id)
    here = f"/customers/{number}/held/"
    shown = page(admin, here)
    assert "recital 26" in shown
    assert "One promise is still owed. As they asked to be forgotten, it is released" in shown

    assert "Type the number" in admin.post(f"{here}erase/", {"confirm": "7 no"}).content.decode()
    assert not Erasure.objects.exists()
    answer = admin.post(f"{here}erase/", {"confirm": number}, follow=True)

    assert ">Erased<" in answer.content.decode()
    assert Letter.objects.get(key__startswith="erased:").subject == "It is done: we hold nothing about you any more"
    assert SecurityEvent.objects.get(kind="customer_erased").about == f"customer:{number}"
    assert "This person was erased on" in page(admin, f"/customers/{number}/")
    assert admin.get(here).headers["Location"] == f"/privacy/erasures/{Erasure.objects.get().pk}/"
    assert "No. " in page(admin, "/privacy/")
    assert "Ann Archer" not in page(admin, "/customers/")
    assert admin.post(f"{here}erase/", {"confirm": number}).status_code == 302
    assert Erasure.objects.count() == 1


def test_the_link_of_who_was_forgotten_opens_nothing(shop: Shop) -> None:
    ann = with_link(shop.link())
    page(ann, "/my/")

    actions.erase(shop.ann.customer, by=None, now=NOW)

    page(ann, "/my/", status=403)
    page(ann, "/my/held/export.zip", status=403)


def test_whoever_erases_showed_just_now_who_they_are(shop: Shop, kim: Staff) -> None:
    stale = signed_in(kim, shown_at=NOW - DAY)
    here = f"/customers/{shop.ann.customer_id}/held/"

    for answer in (
        stale.post(f"{here}erase/", {"confirm": str(shop.ann.customer_id)}),
        stale.get(f"{here}export.zip"),
    ):
        assert answer.headers["Location"].startswith("/account/reauthenticate/")
    assert not Erasure.objects.exists()
    assert signed_in(shop.lea).get(here).status_code == 403


def test_refused_they_read_why_and_where_to_complain(shop: Shop, kim: Staff) -> None:
    admin, wish = signed_in(kim), actions.ask(shop.ann.customer, by=None, now=NOW)

    assert "Say why: they read it" in admin.post(f"/privacy/requests/{wish.pk}/refuse/", {"why": " "}).content.decode()
    assert "told why" in said(admin.post(f"/privacy/requests/{wish.pk}/refuse/", {"why": "Tax law."}))

    assert "Tax law." in page(with_link(shop.link()), "/my/held/")
    assert "data protection authority" in things.text_of(Letter.objects.get(because=wish.reference))


def test_the_zip_of_their_own_page_and_of_staff(shop: Shop, kim: Staff) -> None:
    shop.message(shop.ann, verified=True)
    for browser, path in (
        (with_link(shop.link()), "/my/held/export.zip"),
        (signed_in(kim), f"/customers/{shop.ann.customer_id}/held/export.zip"),
    ):
        answer = browser.get(path)
        assert (answer.streaming, answer.headers["Content-Type"]) == (True, "application/zip")
        assert "about.json" in ZipFile(io.BytesIO(b"".join(answer))).namelist()
    assert SecurityEvent.objects.filter(kind="exported", about=f"customer:{shop.ann.customer_id}").count() == 1


def test_they_asked_on_the_telephone(shop: Shop, kim: Staff) -> None:
    admin, here = signed_in(kim), f"/customers/{shop.ann.customer_id}/held/"

    assert "on record" in said(admin.post(f"{here}asked/"))
    assert "They asked already" in said(admin.post(f"{here}asked/"))
    assert Request.objects.get().by == kim


def test_every_page_about_who_was_forgotten_still_opens_and_tells_nothing(life: Life, kim: Staff) -> None:
    number, case = life.customer.pk, life.case.pk
    actions.erase(life.customer, by=None, now=NOW + DAY)
    sending.sweep(carrier=sending.carrier_in_use(), clock=lambda: NOW + DAY)  # the last letter
    actions.sweep_up(now=NOW + DAY)
    admin = signed_in(kim)

    for path in (
        "/today/",
        "/cases/?view=all",
        f"/cases/{case}/",
        f"/cases/messages/{life.mail.pk}/",
        "/promises/?state=all",
        f"/promises/{life.owed.pk}/",
        f"/promises/{life.moved.pk}/",
        "/letters/",
        f"/customers/{number}/",
        "/customers/",
        "/reading/",
        "/reading/review/",
    ):
        answer = admin.get(path, follow=True)
        assert answer.status_code in {200, 404}, path
        assert found_in(answer.content) == set(), path
    program = Program(kim)
    for path in (f"/customers/{number}", f"/cases/{case}", f"/cases/{case}/messages", "/promises", "/events"):
        status, told = program.get(path)
        assert status == 200, path
        assert found_in(str(told).encode()) == set(), path


def test_a_program_puts_on_record_that_somebody_asks(shop: Shop) -> None:
    program, path = Program(shop.sam), f"/customers/{shop.ann.customer_id}/erasure-requests"

    status, told = program.post(path, {})
    assert (status, told["customer"], told["answer_by"]) == (201, shop.ann.customer_id, "2026-12-11T23:59:00.000000Z")
    assert program.post(path, {})[0] == 409
    assert program.post("/customers/999999999/erasure-requests", {})[0] == 404
    assert Request.objects.get().by == shop.sam


def test_nothing_is_promised_to_who_was_forgotten(shop: Shop) -> None:
    """It would count as broken once it is swept up, and nobody could have kept it."""
    case = shop.case()
    actions.erase(shop.ann.customer, by=None, now=NOW)
    asked = {"what": "Ring you", "due": (NOW + DAY).isoformat()}
    before = Promise.objects.count()

    for path, more in (("/promises", {"customer": shop.ann.customer_id}), (f"/cases/{case.pk}/promises", {})):
        status, told = Program(shop.lea).post(path, asked | more)
        assert (status, told["type"]) == (409, "/api/reference#settled")

    assert Promise.objects.count() == before


def test_who_is_owed_a_great_deal_is_left_to_the_worker(shop: Shop) -> None:
    for day in range(1, 4):
        shop.promise(due=NOW + day * DAY)
    assert queries.is_small([shop.ann.customer_id], most=3)
    assert not queries.is_small([shop.ann.customer_id], most=2)


def test_nothing_is_written_about_who_was_forgotten(shop: Shop) -> None:
    """Nor about whoever was merged with them; what somebody typed meanwhile is shown to them once more, and kept nowhere."""
    bob = things.handle("bob@example.net")
    people.merge(front=shop.ann.customer, merged=bob.customer, by=shop.sam, now=NOW)
    case = shop.case(bob)
    actions.erase(shop.ann.customer, by=None, now=NOW)
    desk, program = signed_in(shop.sam), Program(shop.lea)
    here, typed = f"/cases/{case.pk}/", "She rang about the wardrobe."
    rows = [Message.objects.count(), Reply.objects.count(), Promise.objects.count(), Entry.objects.count()]

    seen = page(desk, here)
    assert "Nothing more can be written about them" in seen
    assert 'name="body"' not in seen
    assert 'name="quote"' not in seen
    due = f"{NOW + 400 * DAY:%Y-%m-%dT%H:%M}"
    for name, form in (
        ("reply", {"body": typed}),
        ("note", {"body": typed}),
        ("promise", {"quote": typed, "due": due, "strength": "promise"}),
    ):
        answer = desk.post(f"{here}{name}/", form)
        assert answer.status_code == 409, name
        assert "it stands here so that you can take it elsewhere" in answer.content.decode()
        assert typed in answer.content.decode()
    for way in ("out", "note"):
        assert desk.post(f"{here}draft/", {"body": typed, "way": way}).status_code == 409
    for name in ("notes", "replies"):
        status, told = program.post(f"/cases/{case.pk}/{name}", {"text": typed})
        assert (status, told["type"], told["detail"]) == (
            409,
            "/api/reference#settled",
            "This customer was erased: nothing more can be written about them.",
        )
    with pytest.raises(NobodyLeft):
        promises.record(customer=bob.customer, what=typed, due=NOW + DAY, said_at=NOW, now=NOW)

    assert [Message.objects.count(), Reply.objects.count(), Promise.objects.count(), Entry.objects.count()] == rows
