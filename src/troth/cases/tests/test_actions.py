from __future__ import annotations

from datetime import timedelta
from email import message_from_bytes, policy
from typing import Any

import pytest
from tests.people_and_things import (
    DAY,
    FRIDAY,
    HOUR,
    NOW,
    company,
    handle,
    kinds,
    letters,
    new_facts,
    promise,
    staff,
    text_of,
)

from troth.cases import actions as cases
from troth.cases import queries
from troth.cases.models import Attachment, Blob, Case, Message, Reply
from troth.cases.rules.gate import Answer, Choice, Why
from troth.ledger.rules.canonical import moment
from troth.people.models import Handle, Staff, Team
from troth.post.models import Letter
from troth.promises.models import Promise
from troth.words.promises import Sort, State

pytestmark = pytest.mark.django_db
SECONDS = timedelta(seconds=10)
RING = "We will ring you by Friday 13 November at 5 pm."


@pytest.fixture(autouse=True)
def _company(settings: Any) -> None:
    company()
    settings.TROTH_UNDO_SECONDS = 10


@pytest.fixture
def ann() -> Handle:
    return handle()


@pytest.fixture
def sam() -> Staff:
    return staff()


def written(ann: Handle, text: str = "Where is my parcel?", **values: Any) -> Message:
    said: dict[str, Any] = {"handle": ann, "subject": "My parcel", "text": text, "at": NOW, "now": NOW}
    return cases.open_or_join(**{**said, **values})


def again(row: Any) -> Any:
    return type(row).objects.get(pk=row.pk)


def columns(row: Any, *names: str) -> dict[str, Any]:
    row = again(row)
    return {name: getattr(row, name) for name in names}


# Opened and joined


def test_message_opens_a_case_that_waits_for_an_answer(ann: Handle) -> None:
    message = written(ann, "I am furious. My parcel never came and nobody answers!", source="arrival:1")

    case = message.case
    assert columns(case, "kind", "status", "opened_at", "unanswered_since", "answer_by", "unverified") == {
        "kind": "complaint",
        "status": "open",
        "opened_at": NOW,
        "unanswered_since": NOW,
        "answer_by": again(case).answer_by,
        "unverified": False,
    }
    assert NOW < again(case).answer_by <= NOW + 4 * HOUR
    assert new_facts(f"case:{case.pk}") == [("CaseOpened", {"channel": "email", "message": f"message:{message.pk}"})]
    [(kind, read)] = new_facts(f"message:{message.pk}")
    assert (kind, read["kind_read"], read["feeling"]) == ("MessageRead", "complaint", "anger")
    assert letters() == []


def test_same_source_is_taken_once(ann: Handle) -> None:
    first = written(ann, source="arrival:1")

    assert written(ann, source="arrival:1") == first
    assert written(ann, source="") != written(ann, source="")
    assert kinds().count("CaseOpened") == 3


def test_further_message_joins_and_the_oldest_still_waits(ann: Handle) -> None:
    case = written(ann).case

    message = written(ann, case_id=case.pk, at=NOW + HOUR, text="Hello? Anybody?")

    assert message.case == case
    assert columns(case, "unanswered_since", "last_message_at") == {
        "unanswered_since": NOW,
        "last_message_at": NOW + HOUR,
    }
    assert new_facts(f"case:{case.pk}", since=1) == [("CaseJoined", {"message": f"message:{message.pk}"})]


def test_automatic_message_joins_but_waits_for_nobody(ann: Handle) -> None:
    case = written(ann, automatic=True).case

    assert columns(case, "unanswered_since", "answer_by") == {"unanswered_since": None, "answer_by": None}


def test_what_was_resolved_opens_again_when_the_customer_writes(ann: Handle, sam: Staff) -> None:
    case = written(ann).case
    cases.set_status(case, status="resolved", by=sam, now=NOW)
    assert columns(case, "unanswered_since") == {"unanswered_since": None}

    written(ann, case_id=case.pk, at=NOW + DAY, text="It still has not come.")

    assert columns(case, "status", "unanswered_since") == {"status": "open", "unanswered_since": NOW + DAY}
    assert new_facts(f"case:{case.pk}")[-1] == (
        "CaseChanged",
        {"field": "status", "before": "resolved", "after": "open", "by": ""},
    )


def test_thanks_that_reopens_a_case_touches_no_promise_in_it(ann: Handle, sam: Staff) -> None:
    case = written(ann).case
    row = promise(customer=ann.customer, about=f"case:{case.pk}")
    cases.set_status(case, status="resolved", by=sam, now=NOW)

    written(ann, case_id=case.pk, text="Thanks!")

    assert columns(row, "state", "due", "look_again_at") == {
        "state": State.OPEN,
        "due": FRIDAY,
        "look_again_at": row.look_again_at,
    }


def test_files_are_kept_once_however_often_they_come(ann: Handle) -> None:
    file = cases.File(name="a.png", content_type="image/png", content=b"picture")

    written(ann, files=[file, file])
    written(ann, files=[file])

    assert (Attachment.objects.count(), Blob.objects.count()) == (3, 1)
    assert bytes(Blob.objects.get().content) == b"picture"


def test_subject_is_one_line(ann: Handle) -> None:
    assert written(ann, subject="My\r\nBcc: bob@example.com\n parcel").case.subject == "My Bcc: bob@example.com parcel"


# Acknowledged


def test_acknowledgement_of_a_proven_sender_stands_in_their_thread(ann: Handle) -> None:
    letter = cases.acknowledge(written(ann, message_id="<1@example.net>", verified=True), now=NOW)

    assert letter is not None
    assert b"In-Reply-To: <1@example.net>" in bytes(letter.raw)


def test_acknowledgement_is_a_promise_of_an_answer_and_repeats_no_word(ann: Handle) -> None:
    marker = "zanzibar"
    ann.customer.name = f"Ann {marker}"
    ann.customer.save()
    message = written(ann, f"Buy at {marker}.example", subject=f"Free {marker}", message_id=f"<1@{marker}.example>")
    due = message.case.answer_by

    letter = cases.acknowledge(message, now=NOW)

    assert letter is not None
    raw = bytes(letter.raw)
    assert marker.encode() not in raw.lower()
    assert all(marker not in str(part).lower() for part in message_from_bytes(raw, policy=policy.default).walk())
    assert (letter.to_address, letter.automatic, letter.envelope_from) == ("ann@example.net", True, "")
    assert "A person will answer you by Thursday 12 November, 10:00 (GMT)." in text_of(letter)
    assert b"In-Reply-To" not in raw, "an unproven sender's Message-ID is words of theirs too"
    assert b"Auto-Submitted: auto-replied" in raw
    row = Promise.objects.get()
    assert (row.sort, row.due, row.state, row.about, row.source) == (
        Sort.ANSWER,
        due,
        State.OPEN,
        f"case:{message.case_id}",
        f"letter:{letter.pk}",
    )


def test_acknowledging_again_does_nothing(ann: Handle) -> None:
    message = written(ann)
    first = cases.acknowledge(message, now=NOW)
    before = kinds()

    assert cases.acknowledge(message, now=NOW + HOUR) == first
    assert kinds() == before
    assert (Letter.objects.count(), Promise.objects.count()) == (1, 1)


def test_nothing_is_promised_for_a_target_that_passed(ann: Handle) -> None:
    message = written(ann)

    assert cases.acknowledge(message, now=message.case.answer_by) is None
    assert letters() == []


# Notes


def test_note_is_kept_from_the_customer_and_from_every_letter(ann: Handle, sam: Staff) -> None:
    case = written(ann).case
    note = cases.write_note(case, staff=sam, text="She is quixotic.", now=NOW)

    cases.send_reply(case, staff=sam, text="Your parcel is at the depot.", now=NOW)
    cases.leave(now=NOW + SECONDS)

    assert [message.pk for message in queries.thread(case, notes=True)].count(note.pk) == 1
    assert note not in queries.thread(case, notes=False)
    assert all(b"quixotic" not in bytes(letter.raw) for letter in Letter.objects.all())
    assert new_facts(f"case:{case.pk}", since=1)[0] == (
        "NoteWritten",
        {"message": f"message:{note.pk}", "by": f"staff:{sam.pk}"},
    )


def test_note_leaves_the_customer_waiting(ann: Handle, sam: Staff) -> None:
    case = written(ann).case

    cases.write_note(case, staff=sam, text="Looking.", now=NOW + HOUR)

    assert columns(case, "unanswered_since", "assignee_id") == {"unanswered_since": NOW, "assignee_id": None}


def test_talk_is_an_answer_and_keeps_the_word_given(ann: Handle, sam: Staff) -> None:
    message = written(ann)
    cases.acknowledge(message, now=NOW)

    cases.note_talk(
        handle=ann,
        case=message.case,
        staff=sam,
        channel="phone",
        subject="",
        text="Told her it is at the depot.",
        at=NOW + HOUR,
        now=NOW + 2 * HOUR,
    )

    assert columns(message.case, "unanswered_since", "answer_by", "assignee_id") == {
        "unanswered_since": None,
        "answer_by": None,
        "assignee_id": sam.pk,
    }
    assert columns(Promise.objects.get(), "state", "done_at") == {"state": State.KEPT, "done_at": NOW + HOUR}


def test_talk_answers_nothing_that_came_after_it(ann: Handle, sam: Staff) -> None:
    case = written(ann).case
    written(ann, case_id=case.pk, at=NOW + 2 * HOUR, text="One more thing.")

    cases.note_talk(
        handle=ann, case=case, staff=sam, channel="phone", subject="", text="Hello.", at=NOW + HOUR, now=NOW + 3 * HOUR
    )

    assert columns(case, "unanswered_since", "last_message_at") == {
        "unanswered_since": NOW + 2 * HOUR,
        "last_message_at": NOW + 2 * HOUR,
    }
    assert again(case).answer_by > NOW + 2 * HOUR


@pytest.mark.parametrize("text", ["", "  \n"])
def test_nothing_written_is_nothing_noted_or_sent(ann: Handle, sam: Staff, text: str) -> None:
    case = written(ann).case
    before = kinds()

    for act in (
        lambda: cases.write_note(case, staff=sam, text=text, now=NOW),
        lambda: cases.send_reply(case, staff=sam, text=text, now=NOW),
    ):
        with pytest.raises(cases.NothingWritten):
            act()

    assert kinds() == before


# Replies


def test_reply_is_held_then_leaves_with_its_promise_letter_and_facts(ann: Handle, sam: Staff) -> None:
    message = written(ann, message_id="<1@example.net>")
    case = message.case
    cases.acknowledge(message, now=NOW)

    reply = cases.send_reply(case, staff=sam, text=RING, now=NOW)

    assert (reply.state, reply.leaves_at) == (Reply.State.HELD, NOW + SECONDS)
    assert cases.leave(now=NOW + SECONDS - timedelta(microseconds=1)) == 0
    assert Letter.objects.count() == 1
    assert cases.leave(now=NOW + SECONDS) == 1
    assert cases.leave(now=NOW + SECONDS) == 0
    out = Message.objects.get(direction="outbound")
    letter = Letter.objects.latest("pk")
    answer, made = Promise.objects.order_by("pk")
    assert columns(reply, "state", "message_id") == {"state": Reply.State.SENT, "message_id": out.pk}
    assert (out.text, out.source, out.message_id) == (RING, f"letter:{letter.pk}", letter.message_id)
    assert (letter.to_address, letter.subject, letter.automatic) == ("ann@example.net", "Re: My parcel", False)
    assert RING in text_of(letter)
    assert b"In-Reply-To: <1@example.net>" in bytes(letter.raw)
    assert (made.state, made.due, made.owner_id, made.source, made.about, made.source_quote) == (
        State.OPEN,
        FRIDAY,
        sam.pk,
        f"message:{out.pk}",
        f"case:{case.pk}",
        RING,
    )
    assert again(answer).state == State.KEPT
    assert columns(case, "status", "unanswered_since", "answer_by", "assignee_id") == {
        "status": "waiting",
        "unanswered_since": None,
        "answer_by": None,
        "assignee_id": sam.pk,
    }
    by = f"staff:{sam.pk}"
    assert new_facts(f"case:{case.pk}", since=1) == [
        ("CaseAnswered", {"message": f"message:{out.pk}", "letter": f"letter:{letter.pk}", "by": by}),
        ("CaseChanged", {"field": "assignee", "before": "", "after": by, "by": by}),
        ("CaseChanged", {"field": "status", "before": "open", "after": "waiting", "by": by}),
    ]
    assert new_facts(f"promise:{made.pk}")[0][1]["first_due"] == moment(FRIDAY)


def test_gate_stays_shut_for_a_promise_without_a_date_and_the_draft_stays(ann: Handle, sam: Staff) -> None:
    case = written(ann).case
    cases.save_draft(case, staff=sam, text="We will ring you.", now=NOW)

    with pytest.raises(cases.GateShut) as shut:
        cases.send_reply(case, staff=sam, text="We will ring you.", now=NOW)

    assert [objection.why for objection in shut.value.objections] == [Why.UNANSWERED]
    assert Reply.objects.get().state == Reply.State.DRAFT
    assert letters() == []


def test_dismissed_promise_leaves_who_dismissed_it_and_no_promise(ann: Handle, sam: Staff) -> None:
    case = written(ann).case
    quote = "We will ring you."
    answer = Answer(quote=quote, choice=Choice.NOT_A_PROMISE, what="ring you")

    cases.send_reply(case, staff=sam, text=quote, answers=[answer], now=NOW)
    cases.leave(now=NOW + SECONDS)

    assert Promise.objects.count() == 0
    out = Message.objects.get(direction="outbound")
    assert new_facts(f"message:{out.pk}") == [("PromiseDismissed", {"by": f"staff:{sam.pk}"})]


def test_held_reply_can_be_taken_back_until_it_left(ann: Handle, sam: Staff) -> None:
    case = written(ann).case
    reply = cases.send_reply(case, staff=sam, text="It is here.", now=NOW)

    assert cases.take_back(reply, now=NOW)
    assert columns(reply, "state", "text", "leaves_at") == {"state": "draft", "text": "It is here.", "leaves_at": None}
    assert cases.leave(now=NOW + DAY) == 0
    reply = cases.send_reply(case, staff=sam, text="It is here.", now=NOW)
    cases.leave(now=NOW + SECONDS)
    assert not cases.take_back(reply, now=NOW + SECONDS)
    assert len(letters()) == 1


def test_what_was_begun_since_is_never_lost(ann: Handle, sam: Staff) -> None:
    case = written(ann).case
    held = cases.send_reply(case, staff=sam, text="First.", now=NOW)
    cases.save_draft(case, staff=sam, text="Second.", now=NOW)

    assert cases.take_back(held, now=NOW)
    assert Reply.objects.get().text == "First.\n\nSecond."

    sent = cases.send_reply(case, staff=sam, text="First.", now=NOW)
    cases.leave(now=NOW + SECONDS)
    cases.save_draft(case, staff=sam, text="Third.", now=NOW + SECONDS)
    assert not cases.take_back(sent, now=NOW + SECONDS)
    assert Reply.objects.get(state="draft").text == "Third."


def test_reply_stops_when_something_new_arrived(ann: Handle, sam: Staff) -> None:
    case = written(ann).case
    reply = cases.send_reply(case, staff=sam, text=RING, now=NOW)
    cases.save_draft(case, staff=sam, text="And more.", now=NOW)
    written(ann, case_id=case.pk, text="It just came, thank you!")

    assert cases.leave(now=NOW + SECONDS) == 1
    assert columns(reply, "state", "text", "problem") == {
        "state": "stopped",
        "text": f"{RING}\n\nAnd more.",
        "problem": "Something new arrived before it left.",
    }
    assert Reply.objects.count() == 1
    assert (letters(), Promise.objects.count()) == ([], 0)


def test_reply_is_not_even_held_when_the_writer_has_not_seen_the_newest(ann: Handle, sam: Staff) -> None:
    seen = written(ann)
    written(ann, case_id=seen.case_id, text="One more thing.")

    with pytest.raises(cases.SomethingNew):
        cases.send_reply(seen.case, staff=sam, text="Yes.", seen_message=seen.pk, now=NOW)

    assert Reply.objects.count() == 0


def test_reply_stops_when_its_date_passed_meanwhile(ann: Handle, sam: Staff) -> None:
    reply = cases.send_reply(written(ann).case, staff=sam, text=RING, now=NOW)

    cases.leave(now=FRIDAY)

    assert columns(reply, "state", "problem") == {
        "state": "stopped",
        "problem": "A date in it has passed before it could leave.",
    }
    assert letters() == []


def test_reply_of_which_no_letter_can_be_made_holds_up_no_other(ann: Handle, sam: Staff) -> None:
    bad, good = written(ann).case, written(handle("bob@example.net")).case
    stuck = cases.send_reply(bad, staff=sam, text="It is here.", now=NOW)
    cases.send_reply(good, staff=sam, text="It is here.", now=NOW)
    Case.objects.filter(pk=bad.pk).update(subject="My\nparcel")  # a row no code of ours writes

    assert cases.leave(now=NOW + SECONDS) == 2
    assert columns(stuck, "state", "problem") == {"state": "stopped", "problem": "No letter could be made of it."}
    assert [to for to, _ in letters()] == ["bob@example.net"]
    assert cases.leave(now=NOW + SECONDS) == 0


def test_customer_without_an_address_cannot_be_replied_to(sam: Staff) -> None:
    caller = handle("ann@example.net")
    case = written(caller).case
    Handle.objects.filter(pk=caller.pk).update(kind=Handle.Kind.PHONE)

    with pytest.raises(cases.NoAddress):
        cases.send_reply(case, staff=sam, text="Yes.", now=NOW)


def test_armed_answer_waits_for_the_customer(ann: Handle, sam: Staff) -> None:
    case = written(ann).case
    text = "If you send us a photo, we will replace it."
    answer = Answer(quote=text, choice=Choice.ARMED, what="replace it", condition="you send us a photo")

    cases.send_reply(case, staff=sam, text=text, answers=[answer], now=NOW)
    cases.leave(now=NOW + SECONDS)

    row = Promise.objects.get()
    assert (row.state, row.condition, row.due, row.look_again_at) == (State.ARMED, "you send us a photo", None, None)


# How it stands


def test_assigning_passes_on_promises_nobody_owns_and_leaves_the_others(ann: Handle, sam: Staff) -> None:
    team = Team.objects.create(name="Parcels")
    kim, lea = staff("kim@parcel.example", team=team), staff("lea@parcel.example")
    case = written(ann).case
    about = f"case:{case.pk}"
    unowned, owned = promise(about=about), promise(about=about, owner=lea)
    elsewhere = promise(about="case:999999")

    assert cases.assign(case, assignee=kim, by=sam, now=NOW)
    assert not cases.assign(case, assignee=kim, by=sam, now=NOW)
    assert [again(row).owner_id for row in (unowned, owned, elsewhere)] == [kim.pk, lea.pk, None]
    assert columns(case, "assignee_id", "team_id") == {"assignee_id": kim.pk, "team_id": team.pk}
    assert [kind for kind, _ in new_facts(about, since=1)] == ["CaseChanged"]
    assert [kind for kind, _ in new_facts(f"promise:{unowned.pk}", since=1)] == ["PromiseOwned"]


def test_what_was_promised_goes_into_a_closed_team_and_out_again_with_its_case(ann: Handle, sam: Staff) -> None:
    closed, open_one = Team.objects.create(name="Conduct", is_closed=True), Team.objects.create(name="Parcels")
    cal, kim = staff("cal@parcel.example", team=closed), staff("kim@parcel.example", team=open_one)
    case = written(ann).case
    owned = promise(about=f"case:{case.pk}", owner=kim, team_id=open_one.pk)

    cases.assign(case, assignee=cal, by=sam, now=NOW)
    inside = (again(case).team_id, again(owned).team_id, again(owned).owner_id)
    cases.assign(case, assignee=sam, by=cal, now=NOW)
    still = (again(case).team_id, again(owned).team_id)
    cases.assign(case, assignee=kim, by=cal, now=NOW)

    assert inside == (closed.pk, closed.pk, kim.pk)
    assert still == (closed.pk, closed.pk)  # who has no team takes nothing out of one
    assert (again(case).team_id, again(owned).team_id) == (open_one.pk, open_one.pk)


def test_another_kind_counts_the_target_anew_from_the_same_beginning(ann: Handle, sam: Staff) -> None:
    case = written(ann, "Could you add a night delivery?").case
    cases.set_kind(case, kind="enquiry", by=sam, now=NOW + HOUR)

    assert cases.set_kind(case, kind="complaint", by=sam, now=NOW + HOUR)
    assert not cases.set_kind(case, kind="complaint", by=sam, now=NOW + HOUR)
    assert again(case).answer_by <= NOW + 4 * HOUR
    assert new_facts(f"case:{case.pk}")[-1] == (
        "CaseChanged",
        {"field": "kind", "before": "enquiry", "after": "complaint", "by": f"staff:{sam.pk}"},
    )


def test_status_is_one_of_three(ann: Handle, sam: Staff) -> None:
    case = written(ann).case

    with pytest.raises(ValueError, match="burnt"):
        cases.set_status(case, status="burnt", by=sam, now=NOW)

    assert not cases.set_status(case, status="open", by=sam, now=NOW)
    assert [kind for kind, _ in new_facts(f"case:{case.pk}")] == ["CaseOpened"]


# Doors


def test_case_is_seen_by_who_may_and_by_its_own_customer(ann: Handle, sam: Staff) -> None:
    from django.http import Http404

    case, hidden = written(ann).case, written(ann, unverified=True).case
    bob = handle("bob@example.net").customer_id
    gone = staff("gone@parcel.example", is_active=False)

    assert queries.case_for(sam, case.pk) == case
    assert queries.case_for(sam, hidden.pk) == hidden
    assert queries.case_of([ann.customer_id], case.pk) == case
    for refused in (
        lambda: queries.case_for(gone, case.pk),
        lambda: queries.case_for(sam, 999_999),
        lambda: queries.case_of([bob], case.pk),
        lambda: queries.case_of([], case.pk),
        lambda: queries.case_of([ann.customer_id], hidden.pk),
    ):
        with pytest.raises(Http404):
            refused()
