from __future__ import annotations

import threading
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from tests.faces import Shop, page, said, signed_in, statements, with_link
from tests.people_and_things import DAY, FRIDAY, HOUR, NOW

from troth.cases import actions as cases
from troth.cases.models import Attachment, Message
from troth.ledger.models import Entry
from troth.people.actions import revoke_links
from troth.people.models import Customer, Link
from troth.people.queries import link_token
from troth.portal.doors import GUESSES
from troth.portal.pages import REPLIES, VERDICTS
from troth.promises.models import Promise
from troth.words.promises import Sort, State

GONE = "This link has run out"


# The link


def test_looking_at_a_link_changes_nothing(shop: Shop) -> None:
    link = shop.link()
    before = Link.objects.values().get(), Entry.objects.count()
    browser = Client()

    text = page(browser, f"/p/{link_token(link)}/")
    browser.head(f"/p/{link_token(link)}/")

    assert "Continue" in text
    assert "Ann" not in text, "whoever reads this has not said that they are Ann"
    assert "sessionid" not in browser.cookies
    assert (Link.objects.values().get(), Entry.objects.count()) == before
    assert GONE in page(browser, "/my/", 403)


def test_the_button_opens_the_page(shop: Shop) -> None:
    link = shop.link()

    text = page(with_link(link), "/my/")

    link.refresh_from_db()
    assert link.opened_at == NOW
    assert "Our word to you, Ann Archer" in text


@pytest.mark.parametrize("token", ["", "x", "1.abc~sig", "9" * 400, "%00", "рука"])
def test_a_guessed_link_is_gone(shop: Shop, token: str) -> None:
    if token:
        assert GONE in page(Client(), f"/p/{token}/", 403)
        assert Client().post(f"/p/{token}/").status_code == 403


def test_a_forged_link_is_gone(shop: Shop) -> None:
    token = link_token(shop.link())
    number, rest = token.split(".", 1)

    for forged in (f"{int(number) + 1}.{rest}", token[:-1] + ("A" if token[-1] != "A" else "B"), token + "x"):
        assert GONE in page(Client(), f"/p/{forged}/", 403)


def test_an_expired_link_closes_the_page_it_opened(shop: Shop) -> None:
    link = shop.link()
    Link.objects.filter(pk=link.pk).update(expires_at=NOW + HOUR)
    browser = with_link(link)

    with time_machine.travel(NOW + HOUR, tick=False):
        assert GONE in page(browser, "/my/", 403)
        assert GONE in page(Client(), f"/p/{link_token(link)}/", 403)


def test_a_revoked_link_closes_the_page_it_opened(shop: Shop) -> None:
    link = shop.link()
    browser = with_link(link)
    revoke_links(customer_ids=[shop.ann.customer_id], by=None, now=NOW)

    assert GONE in page(browser, "/my/", 403)
    assert browser.post(f"/p/{link_token(link)}/").status_code == 403


def test_the_page_closes_by_itself_and_by_its_button(shop: Shop) -> None:
    browser, later = with_link(shop.link()), with_link(shop.link())

    closed = browser.post("/my/leave/")

    assert closed.status_code == 200
    assert "closed in this browser" in closed.content.decode()
    assert GONE in page(browser, "/my/", 403)
    with time_machine.travel(NOW + 13 * HOUR, tick=False):
        assert GONE in page(later, "/my/", 403)


def test_the_page_is_kept_by_no_cache(shop: Shop) -> None:
    assert with_link(shop.link()).get("/my/").headers["Cache-Control"] == "no-store"


# What Ann sees, and what she does not


def test_ann_sees_her_promises_and_her_cases_and_nobody_elses(shop: Shop) -> None:
    shop.promise(case=shop.case(), quote="We will ring you.")
    shop.promise(shop.bob, case=shop.case(shop.bob, subject="Bell"), quote="We will write to Bob.")

    text = page(with_link(shop.link()), "/my/")

    assert "We will ring you." in text
    assert "Parcel" in text
    assert "Bob" not in text
    assert "Bell" not in text


def test_what_is_not_settled_among_us_is_not_shown(shop: Shop) -> None:
    case = shop.case()
    shop.promise(case=case, quote="Found, perhaps.", state=State.PROPOSED, due=None)
    void = shop.promise(case=case, quote="By mistake.")
    Promise.objects.filter(pk=void.pk).update(state=State.VOID, settled_at=NOW)
    cases.write_note(case, staff=shop.sam, text="She sounds tired.", now=NOW)
    shop.case(subject="Not proved to be hers", unverified=True)
    ann = with_link(shop.link())

    text = page(ann, "/my/") + page(ann, f"/my/cases/{case.pk}/")

    for words in ("Found, perhaps.", "By mistake.", "She sounds tired.", "Not proved"):
        assert words not in text


def test_what_belongs_to_another_is_not_found(shop: Shop) -> None:
    file = cases.File(name="bill.pdf", content_type="application/pdf", content=b"%PDF")
    bobs = shop.message(shop.bob, files=[file]).case
    unproved = shop.case(unverified=True)
    promise = shop.promise(shop.bob)
    attachment = Attachment.objects.get()
    ann, bob = with_link(shop.link()), with_link(shop.link(shop.bob))

    for path in (
        f"/my/cases/{bobs.pk}/", f"/my/cases/{unproved.pk}/", f"/my/attachments/{attachment.pk}/",
        f"/my/promises/{promise.public_id}.ics", "/my/cases/999999/", "/my/attachments/999999/",
    ):  # fmt: skip
        assert ann.get(path).status_code == 404, path
    assert ann.post(f"/my/cases/{bobs.pk}/reply/", {"body": "Hello"}).status_code == 404
    assert ann.post("/my/verdict/", {"promise": promise.public_id, "verdict": "kept"}).status_code == 404
    assert ann.post("/my/verdict/", {"promise": "nonsense", "verdict": "kept"}).status_code == 404
    assert bob.get(f"/my/attachments/{attachment.pk}/").content == b"%PDF"
    assert bob.get(f"/my/attachments/{attachment.pk}/").headers["Content-Disposition"].startswith("attachment;")
    assert Message.objects.count() == 2


def test_files_of_notes_are_not_the_customers(shop: Shop) -> None:
    message = shop.message(files=[cases.File(name="a.txt", content_type="text/plain", content=b"a")])
    Message.objects.filter(pk=message.pk).update(direction="note")

    assert with_link(shop.link()).get(f"/my/attachments/{Attachment.objects.get().pk}/").status_code == 404


def test_a_link_opens_no_staff_page_and_staff_need_a_link(shop: Shop) -> None:
    case = shop.case()
    ann = with_link(shop.link())

    for path in ("/today/", "/cases/", f"/cases/{case.pk}/", "/customers/", "/promises/", "/letters/"):
        assert ann.get(path).headers["Location"].startswith("/account/login/")
    assert GONE in page(signed_in(shop.sam), "/my/", 403)


def test_everyone_merged_into_one_sees_one_story(shop: Shop) -> None:
    from troth.people.actions import merge

    case = shop.case(shop.bob, subject="Bell")
    merge(front=shop.ann.customer, merged=shop.bob.customer, by=shop.lea, now=NOW)

    assert "Bell" in page(with_link(shop.link()), f"/my/cases/{case.pk}/")


def test_without_a_name_nobody_is_called_by_a_number(shop: Shop) -> None:
    Customer.objects.filter(pk=shop.ann.customer_id).update(name="")

    text = page(with_link(shop.link()), "/my/")

    assert "<h1>Our word to you</h1>" in text
    assert "Customer " not in text


def test_what_nobody_said_stands_without_quotation_marks(shop: Shop) -> None:
    shop.promise(what="An answer from a person", sort=Sort.ANSWER)

    assert '<p class="word-full is-plain">An answer from a person</p>' in page(with_link(shop.link()), "/my/")


# What Ann may say


@pytest.mark.parametrize(("verdict", "kept"), [("kept", True), ("not_kept", False), ("nonsense", None)])
def test_ann_says_whether_we_kept_it(shop: Shop, verdict: str, kept: bool | None) -> None:
    promise = shop.promise(quote="We will ring you.")
    ann = with_link(shop.link())
    early = page(ann, "/my/")

    with time_machine.travel(FRIDAY + HOUR, tick=False):
        ann = with_link(shop.link(now=FRIDAY))
        asked = page(ann, "/my/")
        answer = ann.post("/my/verdict/", {"promise": promise.public_id, "verdict": verdict})

    promise.refresh_from_db()
    assert "Did we keep it?" not in early
    assert "Did we keep it?" in asked
    assert answer.status_code == 302
    assert promise.verdict is kept


def test_a_word_back_joins_the_case_once(shop: Shop) -> None:
    case = shop.case()
    ann = with_link(shop.link())
    once = page(ann, f"/my/cases/{case.pk}/").split('name="once" value="')[1].split('"')[0]

    for _press in range(2):
        answer = ann.post(f"/my/cases/{case.pk}/reply/", {"body": "Any news?", "once": once})

    assert "It has arrived." in said(answer)
    assert [m.text for m in case.messages.order_by("pk")] == ["Where is my parcel?", "Any news?"]
    assert "Any news?" in page(ann, f"/my/cases/{case.pk}/")


@pytest.mark.django_db(transaction=True)
def test_a_word_back_pressed_twice_at_once_arrives_once(shop: Shop) -> None:
    case = shop.case()
    browsers = [with_link(shop.link()) for _press in range(4)]
    answers: list[int] = []

    def press(browser: Client) -> None:
        form = {"body": "Any news?", "once": "the-same-form-pressed"}
        answers.append(browser.post(f"/my/cases/{case.pk}/reply/", form).status_code)
        connection.close()

    presses = [threading.Thread(target=press, args=[browser]) for browser in browsers]
    for one in presses:
        one.start()
    for one in presses:
        one.join()

    assert answers == [302] * 4
    assert case.messages.count() == 2


@pytest.mark.parametrize(
    ("body", "words"), [("", "Write something first."), ("\x00 ", "Write something first."), ("x" * 50_001, "too long")]
)
def test_a_word_back_that_cannot_be_taken_is_kept_on_the_page(shop: Shop, body: str, words: str) -> None:
    case = shop.case()

    answer = with_link(shop.link()).post(f"/my/cases/{case.pk}/reply/", {"body": body})

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert body.strip("\x00 ") in answer.content.decode()
    assert case.messages.count() == 1


def test_the_date_goes_into_a_calendar(shop: Shop) -> None:
    promise = shop.promise(quote="We will ring you.", what="ring you")

    answer = with_link(shop.link()).get(f"/my/promises/{promise.public_id}.ics")

    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert b"DTSTART:20261113T170000Z" in answer.content
    assert b"SUMMARY:Promised by Parcel & Co: ring you" in answer.content


def test_times_are_given_in_the_customers_zone(shop: Shop) -> None:
    Customer.objects.filter(pk=shop.ann.customer_id).update(zone="Asia/Tokyo")
    shop.promise(quote="We will ring you.")

    assert "Sat 14 Nov, 02:00 JST" in page(with_link(shop.link()), "/my/")


def test_statements_do_not_grow(shop: Shop) -> None:
    case = shop.case()
    ann = with_link(shop.link())
    shop.promise(case=case)
    one = statements(ann, "/my/"), statements(ann, f"/my/cases/{case.pk}/")

    for number in range(2):
        late = shop.promise(case=case, what=f"thing {number}", owner=None, due=NOW + (number + 1) * DAY)
        Promise.objects.filter(pk=late.pk).update(state=State.BROKEN, settled_at=NOW + timedelta(hours=number))
        shop.message(case_id=case.pk)
        shop.case(subject=f"more {number}")

    assert (statements(ann, "/my/"), statements(ann, f"/my/cases/{case.pk}/")) == one
    assert one == (11, 10)  # what went wrong and concerns them, and what is offered to them, are two more


# How often


def test_guessing_at_links_is_slowed_down_and_a_good_link_elsewhere_still_opens(shop: Shop) -> None:
    browser, ann = Client(), Client(REMOTE_ADDR="192.0.2.7")
    good = f"/p/{link_token(shop.link())}/"

    answers = [browser.get(f"/p/{number}.guess~x/") for number in range(GUESSES.most + 2)]
    known = browser.get(good)

    assert [answer.status_code for answer in answers] == [403] * GUESSES.most + [429] * 2
    assert answers[-1].headers["Retry-After"] == "20"
    assert "Too many tries" in answers[-1].content.decode()
    assert known.status_code == 429, "whoever guesses must not learn that a guess was right"
    assert ann.get(good).status_code == 200


def test_a_link_that_is_followed_a_hundred_times_stays_good(shop: Shop) -> None:
    """Gateways look at links in letters before people do, all from one address."""
    link = shop.link()

    assert {Client().get(f"/p/{link_token(link)}/").status_code for _look in range(100)} == {200}
    assert Link.objects.get().opened_at is None


def test_asking_for_what_is_not_theirs_is_slowed_down(shop: Shop) -> None:
    bobs = shop.case(shop.bob, files=[cases.File(name="a.txt", content_type="text/plain", content=b"Bob")])
    attachment = Attachment.objects.get()
    ann, bob = with_link(shop.link()), with_link(shop.link(shop.bob))

    answers = [ann.get(f"/my/attachments/{attachment.pk}/") for _guess in range(GUESSES.most + 1)]

    assert [answer.status_code for answer in answers] == [404] * GUESSES.most + [429]
    assert bob.get(f"/my/attachments/{attachment.pk}/").status_code == 200
    assert bob.get(f"/my/cases/{bobs.pk}/").status_code == 200


def test_a_flood_of_replies_is_stopped_and_its_last_words_are_kept(shop: Shop) -> None:
    case = shop.case()
    browser = with_link(shop.link())

    answers = [
        browser.post(f"/my/cases/{case.pk}/reply/", {"body": f"Word {number}"}) for number in range(REPLIES.most + 1)
    ]

    assert [answer.status_code for answer in answers] == [302] * REPLIES.most + [429]
    assert f"Word {REPLIES.most}" in answers[-1].content.decode()
    assert answers[-1].headers["Retry-After"] == "30"
    assert case.messages.count() == 1 + REPLIES.most


def test_a_flood_of_verdicts_is_stopped(shop: Shop) -> None:
    promise = shop.promise()
    browser = with_link(shop.link())

    answers = [
        browser.post("/my/verdict/", {"promise": str(promise.public_id), "verdict": "kept"})
        for _press in range(VERDICTS.most + 1)
    ]

    assert [answer.status_code for answer in answers] == [302] * VERDICTS.most + [429]
