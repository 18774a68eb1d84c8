from __future__ import annotations

import re
from datetime import timedelta
from urllib.parse import unquote

import pytest
import time_machine
from django.test import Client
from tests.faces import Shop, actions_in, page, said, signed_in, statements
from tests.people_and_things import FRIDAY, HOUR, NOW, kinds, letters

from troth.cases import actions
from troth.cases.models import Attachment, Case, Message, Reply
from troth.people.models import Customer
from troth.promises.models import Promise

UNDATED = "We will send you a new one."
DATED = "We will send you a new one by Friday."


def found_keys(text: str) -> list[str]:
    return re.findall(r'name="quote-([0-9a-f]+-\d+)"', text)


# The list


def test_cases_are_listed_by_what_they_wait_for(shop: Shop) -> None:
    answered = shop.case(shop.bob, subject="Bell")
    Case.objects.filter(pk=answered.pk).update(status="waiting", unanswered_since=None, assignee=shop.sam)
    shop.case(subject="Parcel")
    sam = signed_in(shop.sam)

    seen = {
        view: [subject for subject in ("Bell", "Parcel") if f"{subject}</span>" in page(sam, f"/cases/?view={view}")]
        for view in ("open", "mine", "unanswered", "waiting", "resolved", "all", "nonsense")
    }

    assert seen == {
        "open": ["Parcel"], "mine": ["Bell"], "unanswered": ["Parcel"], "waiting": ["Bell"], "resolved": [],
        "all": ["Bell", "Parcel"], "nonsense": ["Parcel"],
    }  # fmt: skip


@pytest.mark.parametrize("search", ["parcel", "archer", "ann@example.net", "%23{number}", "{number}"])
def test_a_case_is_found_once_by_words_name_address_and_number(shop: Shop, search: str) -> None:
    case = shop.case()
    shop.case(shop.bob, subject="Bell")

    text = page(signed_in(shop.sam), f"/cases/?search={search.format(number=case.pk)}")

    assert text.count("data-row data-id") == 1
    assert "Nothing matches" in page(signed_in(shop.sam), f"/cases/?search={'9' * 30}%00")


def test_older_cases_are_a_page_away(shop: Shop) -> None:
    for number in range(51):
        shop.case(subject=f"Case no. {number:02}", at=NOW + timedelta(minutes=number))
    sam = signed_in(shop.sam)

    first = page(sam, "/cases/")
    older = re.search(r'href="(/cases/\?[^"]*older=[^"]*)"', first)
    assert older is not None
    second = page(sam, older[1].replace("&amp;", "&"))

    assert [text.count("data-row data-id") for text in (first, second)] == [50, 1]
    assert "Case no. 00" in second


def test_statements_do_not_grow(shop: Shop) -> None:
    sam = signed_in(shop.sam)
    case = shop.case()
    shop.promise(case=case)
    one = statements(sam, "/cases/"), statements(sam, f"/cases/{case.pk}/")

    for number in range(2):
        shop.promise(case=shop.case(shop.bob), what=f"thing {number}")
        shop.promise(case=case, what=f"thing {number}")
        shop.message(case_id=case.pk)

    assert (statements(sam, "/cases/"), statements(sam, f"/cases/{case.pk}/")) == one
    assert one == (4, 8)


# One case, as those who may see it


def test_an_auditor_reads_everything_and_is_offered_nothing(shop: Shop) -> None:
    case = shop.case()
    shop.promise(case=case, quote="We will ring you.")

    text = page(signed_in(shop.aud), f"/cases/{case.pk}/")

    assert "Where is my parcel?" in text
    assert "We will ring you." in text
    assert actions_in(text) == {"/account/logout/"}


def test_what_is_not_there_is_not_found(shop: Shop) -> None:
    sam = signed_in(shop.sam)

    for path in ("/cases/999999/", f"/cases/{10**25}/", "/cases/messages/999999/", "/cases/attachments/999999/"):
        assert sam.get(path).status_code == 404
    assert sam.post("/cases/999999/reply/", {"body": "Hello"}).status_code == 404
    assert Client().get(f"/cases/{shop.case().pk}/").status_code == 302


def test_an_unverified_sender_is_plainly_noticed_and_can_be_accepted(shop: Shop) -> None:
    first = shop.case()
    case = shop.case(subject="Re: Parcel", unverified=True, seems_to_be=first.pk)
    sam = signed_in(shop.sam)

    text = page(sam, f"/cases/{case.pk}/")
    answer = sam.post(f"/cases/{case.pk}/verify/")

    assert f"It would have joined case #{first.pk}." in text
    assert f"/cases/{case.pk}/verify/" in actions_in(text)
    assert "it is the customer" in said(answer)
    assert "Nobody has proved" not in page(sam, f"/cases/{case.pk}/")
    assert f"/cases/{case.pk}/verify/" not in actions_in(page(signed_in(shop.aud), f"/cases/{first.pk}/"))


def test_a_message_leads_to_its_place(shop: Shop) -> None:
    message = shop.message()

    answer = signed_in(shop.sam).get(f"/cases/messages/{message.pk}/")

    assert answer.headers["Location"] == f"/cases/{message.case_id}/#message-{message.pk}"


# Answering


def test_an_answer_waits_and_then_leaves(shop: Shop) -> None:
    case = shop.case()
    sam = signed_in(shop.sam)

    answer = sam.post(f"/cases/{case.pk}/reply/", {"body": "It is on its way.", "last_message": "0"})
    refused_as_unseen = answer.status_code
    answer = sam.post(f"/cases/{case.pk}/reply/", {"body": "It is on its way.", "last_message": case.messages.get().pk})
    waiting = page(sam, f"/cases/{case.pk}/")
    actions.leave(now=NOW + timedelta(seconds=11))

    assert (refused_as_unseen, answer.status_code) == (422, 302)
    assert "Your answer leaves in a moment." in waiting
    assert letters() == [("ann@example.net", f"Re: Parcel [#{case.pk}]")] or len(letters()) == 1
    assert [m.text for m in case.messages.order_by("pk")] == ["Where is my parcel?", "It is on its way."]


def test_a_button_pressed_twice_sends_once(shop: Shop) -> None:
    case = shop.case()
    sam = signed_in(shop.sam)

    for _press in range(2):
        assert sam.post(f"/cases/{case.pk}/reply/", {"body": "It is on its way."}).status_code == 302
    actions.leave(now=NOW + timedelta(seconds=11))

    assert len(letters()) == 1


def test_the_form_of_an_answer_that_has_just_left_sends_no_second_one(shop: Shop) -> None:
    case = shop.case()
    sam = signed_in(shop.sam)
    form = {"body": "It is on its way.", "last_message": case.messages.get().pk}

    sam.post(f"/cases/{case.pk}/reply/", form)
    actions.leave(now=NOW + timedelta(seconds=11))
    with time_machine.travel(NOW + timedelta(seconds=40), tick=False):
        sam.post(f"/cases/{case.pk}/reply/", form)
    actions.leave(now=NOW + timedelta(seconds=60))
    once = len(letters())
    with time_machine.travel(NOW + timedelta(minutes=5), tick=False):
        sam.post(f"/cases/{case.pk}/reply/", form)
    actions.leave(now=NOW + timedelta(minutes=6))

    assert (once, len(letters())) == (1, 2)


def test_a_promise_without_a_date_is_asked_for_one_and_nothing_is_lost(shop: Shop) -> None:
    case = shop.case()
    sam = signed_in(shop.sam)
    text = f"Dear Ann,\n\n{UNDATED} We will refund the postage.\n\nSam"
    keys = found_keys(sam.post(f"/cases/{case.pk}/read/", {"body": text}).content.decode())

    answer = sam.post(
        f"/cases/{case.pk}/reply/",
        {
            "body": text,
            "format": "rich",
            "next_word": "2026-11-20T17:00:00+00:00",
            f"quote-{keys[0]}": UNDATED,
            f"keep-{keys[0]}": "1",
            f"due-own-{keys[0]}": "2026-11-17T12:00",
            f"quote-{keys[1]}": "We will refund the postage.",
            f"keep-{keys[1]}": "1",
        },
    )
    shown = answer.content.decode()

    assert answer.status_code == 422
    assert "Nothing was sent" in shown
    assert "“We will refund the postage.” is a promise without a date." in shown
    assert f"Dear Ann,\n\n{UNDATED}" in shown
    assert 'value="2026-11-17T12:00"' in shown
    assert 'value="rich" data-format checked' in shown
    assert '<option value="2026-11-20T17:00:00+00:00" selected>' in shown
    assert Reply.objects.get().state == "draft"
    assert f"{UNDATED}" in page(sam, f"/cases/{case.pk}/")


def test_the_date_given_is_on_record_once_the_answer_left(shop: Shop) -> None:
    case = shop.case()
    sam = signed_in(shop.sam)
    key = found_keys(sam.post(f"/cases/{case.pk}/read/", {"body": UNDATED}).content.decode())[0]

    given = {f"quote-{key}": UNDATED, f"keep-{key}": "1", f"due-{key}": FRIDAY.isoformat()}
    answer = sam.post(f"/cases/{case.pk}/reply/", {"body": UNDATED, **given})
    actions.leave(now=NOW + timedelta(seconds=11))

    promise = Promise.objects.get(sort="deed")
    assert answer.status_code == 302
    assert (promise.source_quote, promise.due, promise.owner) == (UNDATED, FRIDAY, shop.sam)


def test_taken_back_an_answer_is_the_draft_again_with_what_was_begun_since(shop: Shop) -> None:
    case = shop.case()
    sam = signed_in(shop.sam)
    sam.post(f"/cases/{case.pk}/reply/", {"body": DATED, "format": "rich"})
    sam.post(f"/cases/{case.pk}/draft/", {"body": "One more thing.", "way": "out"})

    answer = sam.post(f"/cases/{case.pk}/undo/")
    shown = page(sam, f"/cases/{case.pk}/")
    actions.leave(now=NOW + HOUR)

    assert "Taken back" in said(answer)
    assert f"{DATED}\n\nOne more thing.</textarea>" in shown
    assert 'value="rich" data-format checked' in shown
    assert letters() == []


def test_what_has_left_cannot_be_taken_back(shop: Shop) -> None:
    case = shop.case()
    sam = signed_in(shop.sam)
    sam.post(f"/cases/{case.pk}/reply/", {"body": "It is on its way."})
    actions.leave(now=NOW + timedelta(seconds=11))

    assert "It has left already." in said(sam.post(f"/cases/{case.pk}/undo/"))


def test_only_the_writer_takes_an_answer_back(shop: Shop) -> None:
    case = shop.case()
    signed_in(shop.sam).post(f"/cases/{case.pk}/reply/", {"body": "It is on its way."})

    assert "It has left already." in said(signed_in(shop.lea).post(f"/cases/{case.pk}/undo/"))
    assert Reply.objects.get().state == "held"


def test_an_answer_stops_when_something_new_came_while_it_was_written(shop: Shop) -> None:
    first = shop.message()
    case = first.case
    shop.message(case_id=case.pk, text="Forget it, I found it.")
    sam = signed_in(shop.sam)

    answer = sam.post(f"/cases/{case.pk}/reply/", {"body": "It is on its way.", "last_message": first.pk})

    assert answer.status_code == 422
    assert "Something new arrived while you were writing." in answer.content.decode()
    assert "It is on its way.</textarea>" in page(sam, f"/cases/{case.pk}/")
    assert Reply.objects.get().state == "draft"


def test_an_answer_stops_when_something_new_came_before_it_left(shop: Shop) -> None:
    case = shop.case()
    sam = signed_in(shop.sam)
    sam.post(f"/cases/{case.pk}/reply/", {"body": DATED})
    shop.message(case_id=case.pk, text="Forget it, I found it.")

    actions.leave(now=NOW + timedelta(seconds=11))
    shown = page(sam, f"/cases/{case.pk}/")

    assert letters() == []
    assert "Something new arrived before it left." in shown
    assert f"{DATED}</textarea>" in shown


@pytest.mark.parametrize("body", ["", "   ", "\x00"])
def test_nothing_written_is_not_sent(shop: Shop, body: str) -> None:
    case = shop.case()
    sam = signed_in(shop.sam)

    answers = [sam.post(f"/cases/{case.pk}/{way}/", {"body": body}) for way in ("reply", "note")]

    assert [answer.status_code for answer in answers] == [422, 422]
    assert all("There is nothing written yet." in answer.content.decode() for answer in answers)
    assert Message.objects.count() == 1


def test_without_an_address_nothing_is_sent_and_nothing_lost(shop: Shop) -> None:
    case = shop.case()
    Customer.objects.get(pk=case.customer_id).handles.update(kind="phone")

    answer = signed_in(shop.sam).post(f"/cases/{case.pk}/reply/", {"body": "It is on its way."})

    assert answer.status_code == 422
    assert "no e-mail address" in answer.content.decode()
    assert "It is on its way.</textarea>" in answer.content.decode()


def test_drafts_of_answer_and_note_are_kept_apart_and_each_writer_has_their_own(shop: Shop) -> None:
    case = shop.case()
    sam = signed_in(shop.sam)
    for way, body in (("out", "Dear A"), ("out", "Dear Ann"), ("note", "She sounds tired.")):
        assert sam.post(f"/cases/{case.pk}/draft/", {"body": body, "way": way}).json()["kept"]

    assert "Dear Ann</textarea>" in page(sam, f"/cases/{case.pk}/")
    assert "She sounds tired.</textarea>" in page(sam, f"/cases/{case.pk}/")
    assert "Dear Ann" not in page(signed_in(shop.lea), f"/cases/{case.pk}/")
    sam.post(f"/cases/{case.pk}/draft/", {"body": "", "way": "out"})
    assert [reply.is_note for reply in Reply.objects.all()] == [True]


def test_a_draft_that_comes_after_its_answer_makes_no_second_one(shop: Shop) -> None:
    case = shop.case()
    sam = signed_in(shop.sam)
    sam.post(f"/cases/{case.pk}/reply/", {"body": "It is on its way."})
    sam.post(f"/cases/{case.pk}/draft/", {"body": "It is on its way.", "way": "out"})

    assert [reply.state for reply in Reply.objects.all()] == ["held"]


def test_a_note_stays_among_us(shop: Shop) -> None:
    case = shop.case()
    sam = signed_in(shop.sam)
    sam.post(f"/cases/{case.pk}/draft/", {"body": "She sounds", "way": "note"})

    answer = sam.post(f"/cases/{case.pk}/note/", {"body": "She sounds tired."})

    assert answer.status_code == 302
    assert letters() == []
    assert Reply.objects.count() == 0
    assert "She sounds tired." in page(sam, f"/cases/{case.pk}/")


# Who and what


def test_owner_kind_and_status_are_set(shop: Shop) -> None:
    case = shop.case()
    shop.promise(case=case)
    sam, path = signed_in(shop.sam), f"/cases/{case.pk}"

    sam.post(f"{path}/assign/", {"owner": shop.lea.pk})
    sam.post(f"{path}/kind/", {"kind": "complaint"})
    answer = sam.post(f"{path}/status/", {"status": "resolved"})

    case.refresh_from_db()
    assert (case.assignee, case.kind, case.status) == (shop.lea, "complaint", "resolved")
    assert "What was promised in it is still owed" in said(answer)
    sam.post(f"{path}/assign/", {"owner": ""})
    case.refresh_from_db()
    assert case.assignee is None


@pytest.mark.parametrize(
    ("what", "values"),
    [
        ("assign", {"owner": "999999"}),
        ("assign", {"owner": "Lea"}),
        ("kind", {"kind": "love"}),
        ("status", {"status": "gone"}),
        ("status", {}),
    ],
)
def test_what_makes_no_sense_changes_nothing(shop: Shop, what: str, values: dict[str, str]) -> None:
    case = shop.case()
    actions.assign(case, assignee=shop.sam, by=shop.sam, now=NOW)
    before = kinds()

    assert signed_in(shop.sam).post(f"/cases/{case.pk}/{what}/", values).status_code == 302
    assert kinds() == before


def test_a_promise_is_recorded_by_hand(shop: Shop) -> None:
    case = shop.case()
    sam = signed_in(shop.sam)

    wrong = sam.post(f"/cases/{case.pk}/promise/", {"quote": "I will ring.", "due": "2026-11-10T12:00"})
    undated = sam.post(f"/cases/{case.pk}/promise/", {"quote": "I will ring.", "due": "9999-12-31T23:59"})
    right = sam.post(
        f"/cases/{case.pk}/promise/", {"quote": "I will ring.", "due": "2026-11-13T17:00", "strength": "guarantee"}
    )

    assert [answer.status_code for answer in (wrong, undated, right)] == [422, 422, 302]
    assert "That date has passed already." in wrong.content.decode()
    assert "I will ring.</textarea>" in wrong.content.decode()
    assert "Give it a date." in undated.content.decode()
    promise = Promise.objects.get()
    assert (promise.source_quote, promise.due, promise.strength) == ("I will ring.", FRIDAY, "guarantee")


# A talk


TALK = {
    "customer": "Cy Carver", "handle": "cy@example.net", "channel": "phone", "subject": "Saddle", "body": "It squeaks.",
    "talked_at": "2026-11-11T09:30", "kind": "complaint", "promise": "We will look at it.", "promise_due": "2026-11-13T17:00",
}  # fmt: skip


def test_a_talk_is_noted_with_what_was_promised_in_it(shop: Shop) -> None:
    sam = signed_in(shop.sam)

    answer = sam.post("/cases/new/", TALK)

    case = Case.objects.get()
    promise = Promise.objects.get()
    assert answer.headers["Location"] == f"/cases/{case.pk}/"
    assert (case.subject, case.kind, case.channel, str(case.customer)) == ("Saddle", "complaint", "phone", "Cy Carver")
    assert (promise.source_quote, promise.due, promise.said_at) == ("We will look at it.", FRIDAY, NOW - HOUR / 2)


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("customer", "", "Say who it was."),
        ("handle", "nobody@", "This is no address or number."),
        ("handle", "somewhere", "This is no address or number."),
        ("subject", "", "Say in a few words what it was about."),
        ("body", "\x00", "Write down what was said."),
        ("talked_at", "2026-11-12T09:30", "The talk lies in the future."),
        ("promise_due", "", "Give the promise a date that lies ahead."),
        ("promise_due", "2026-11-11T09:00", "Give the promise a date that lies ahead."),
    ],
)
def test_a_talk_that_lacks_something_is_asked_for_it(shop: Shop, field: str, typed: str, words: str) -> None:
    before = Customer.objects.count()

    answer = signed_in(shop.sam).post("/cases/new/", {**TALK, field: typed})
    text = answer.content.decode()

    assert answer.status_code == 422
    assert words in text
    assert all(value in text for name, value in TALK.items() if name not in {field, "channel", "kind"})
    assert (Case.objects.count(), Customer.objects.count()) == (0, before), "what was refused left nothing behind"


def test_a_talk_needs_no_address(shop: Shop) -> None:
    sam = signed_in(shop.sam)

    assert sam.post("/cases/new/", {**TALK, "handle": "", "promise": ""}).status_code == 302
    assert sam.post("/cases/new/", {**TALK, "handle": "+44 117 496 0123", "promise": ""}).status_code == 302
    assert page(sam, f"/cases/{Case.objects.latest('pk').pk}/")


# What came with a message


def test_html_is_shown_only_in_a_frame_that_may_do_nothing(shop: Shop) -> None:
    message = shop.message(html="<p>Where <b>is</b> it?</p>")
    sam = signed_in(shop.sam)

    case, answer = page(sam, f"/cases/{message.case_id}/"), sam.get(f"/cases/messages/{message.pk}/body/")

    assert "Where <b>is</b>" not in case
    assert f'src="/cases/messages/{message.pk}/body/" sandbox=""' in case
    assert "Show as it was written" in case
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")
    assert "sandbox;" in policy
    assert "script-src" not in policy
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert sam.get(f"/cases/messages/{shop.message().pk}/body/").status_code == 404


@pytest.mark.parametrize(
    "name", ["bill.html", "a\r\nSet-Cookie: x=1.svg", 'quo"te;.pdf', "../../etc/passwd", "рахунок.pdf", ""]
)
def test_attachments_are_always_downloads_under_harmless_names(shop: Shop, name: str) -> None:
    message = shop.message(files=[actions.File(name=name, content_type="text/html", content=b"<script>1</script>")])
    attachment = Attachment.objects.get(message=message)

    answer = signed_in(shop.sam).get(f"/cases/attachments/{attachment.pk}/")

    assert answer.content == b"<script>1</script>"
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    disposition = answer.headers["Content-Disposition"]
    assert disposition.startswith("attachment; filename")
    assert not {"/", "\\", "\r", "\n"} & set(unquote(disposition.partition("''")[2]))


def test_the_days_of_a_case_are_said_as_days(shop: Shop) -> None:
    with time_machine.travel(NOW + timedelta(days=1), tick=False):
        text = page(signed_in(shop.sam), f"/cases/{shop.case().pk}/")

    assert 'One case, since <time datetime="2026-11-11">Wed 11 Nov</time>' in text


def test_a_talk_with_somebody_known_joins_them(shop: Shop) -> None:
    sam = signed_in(shop.sam)
    href = re.search(r'href="(/cases/new/\?[^"]*)"', page(sam, f"/customers/{shop.ann.customer_id}/"))
    assert href is not None
    form = page(sam, href[1].replace("&amp;", "&"))

    sam.post(
        "/cases/new/",
        {"customer": "Ann", "handle": "Ann@example.net", "channel": "phone", "subject": "Bell", "body": "It rings."},
    )

    assert ('value="Ann Archer"' in form, 'value="ann@example.net"' in form) == (True, True)
    assert Case.objects.get(subject="Bell").customer_id == shop.ann.customer_id


def test_an_auditor_owns_no_case(shop: Shop) -> None:
    case = shop.case()
    sam = signed_in(shop.sam)

    offered = f'<option value="{shop.aud.pk}"' in page(sam, f"/cases/{case.pk}/")
    sam.post(f"/cases/{case.pk}/assign/", {"owner": shop.aud.pk})

    case.refresh_from_db()
    assert (offered, case.assignee) == (False, None)


def test_a_greeting_above_a_blank_line_is_no_part_of_the_promise(shop: Shop) -> None:
    """Browsers send CR LF."""
    text = "Hello Ann,\r\n\r\nwe will send you a new one."

    found = signed_in(shop.sam).post(f"/cases/{shop.case().pk}/read/", {"body": text}).content.decode()

    assert re.findall('<q class="word">([^<]*)</q>', found) == ["we will send you a new one."]


@pytest.mark.parametrize("way", ["", "word:"])
def test_what_was_chosen_is_still_chosen_when_the_reply_is_taken_back(shop: Shop, way: str) -> None:
    case = shop.case()
    sam = signed_in(shop.sam)
    found = sam.post(f"/cases/{case.pk}/read/", {"body": UNDATED}).content.decode()
    (key,) = found_keys(found)
    offers = re.findall(rf'name="due-{key}" value="([^"]*)"', found)
    chosen = next(offer for offer in offers[1:] if offer.startswith(way) and ("word:" in offer) == bool(way))

    sam.post(
        f"/cases/{case.pk}/reply/",
        {
            "body": UNDATED,
            "last_message": case.messages.get().pk,
            f"quote-{key}": UNDATED,
            f"keep-{key}": "1",
            f"due-{key}": chosen,
            "next_word": offers[2],
        },
    )
    sam.post(f"/cases/{case.pk}/undo/")
    text = page(sam, f"/cases/{case.pk}/")

    assert re.findall(rf'name="due-{key}" value="([^"]*)" checked', text) == [chosen]
    assert re.search(rf'name="due-own-{key}" value=""', text)
    assert f'<option value="{offers[2]}" selected' in text
