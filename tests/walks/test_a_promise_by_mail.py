"""The main walk: a real mail comes in, is answered with a promise, and what became of the promise is told in time.

Real SMTP in and out (postfix), real IMAP (dovecot), real PostgreSQL, the pages as staff and customer use them.
"""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.lab.mail import MailLab
from tests.walks.story import Story, at, found_key, kinds_since
from troth.cases.models import Case
from troth.ledger.models import Entry, Seal, Unsealed
from troth.post.models import Letter
from troth.promises.models import Promise, Telling
from troth.words.refs import ref

pytestmark = [pytest.mark.mail, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def story(mail_lab: MailLab, settings) -> Story:
    settings.TROTH_CARRIER = "troth.channels.email.carrier.SmtpCarrier"
    settings.TROTH_SMTP_HOST = mail_lab.host
    settings.TROTH_SMTP_PORT = mail_lab.smtp_port
    settings.TROTH_MAIL_FROM = "support@troth.test"
    settings.TROTH_MAIL_ARCHIVE = "archive@troth.test"
    return Story(mail_lab)


def test_a_promise_is_made_in_a_mail_warned_moved_in_time_and_kept(story: Story) -> None:
    start = timezone.now()

    # Ann writes; she is told by when a person answers, and that is a promise.
    story.customer_writes("My wheelset", "My wheelset is late again and I am really angry. Where is it?")
    story.lab.wait_for_letters("support@troth.test")
    story.until_quiet()
    case = Case.objects.get()
    answer = Promise.objects.get()
    acknowledgement = story.lab.wait_for_letters("ann@example.test")[0]
    assert (case.subject, case.kind, case.cause, case.emotion) == ("My wheelset", "complaint", "late", "anger")
    assert (answer.sort, answer.state, answer.due) == ("answer", "open", case.answer_by)
    assert acknowledgement["Auto-Submitted"] == "auto-replied"
    assert "wheelset" not in acknowledgement.as_string()
    assert kinds_since(0, ref("case", case.pk)) == ["CaseOpened"]

    # Sam sees her first on Today, and answers; the promise without a date must be given one.
    sam = story.signed_in(story.sam)
    assert "Ann Archer" in sam.get("/today/").content.decode()
    words = "I am sorry, Ann. We will send you a new wheelset."
    refused = sam.post(f"/cases/{case.pk}/reply/", {"body": words, "last_message": case.messages.get().pk})
    assert refused.status_code == 422
    assert "is a promise without a date" in refused.content.decode()
    page = sam.post(f"/cases/{case.pk}/read/", {"body": words}).content.decode()
    key = found_key(page, "We will send you a new wheelset.")
    due = timezone.now() + timedelta(days=4)
    said = {
        "body": words,
        "last_message": case.messages.get().pk,
        f"quote-{key}": "We will send you a new wheelset.",
        f"keep-{key}": "1",
        f"due-{key}": due.isoformat(),
    }
    assert sam.post(f"/cases/{case.pk}/reply/", said).status_code == 302
    assert Promise.objects.count() == 1, "nothing is promised while the reply can be taken back"
    with at(timezone.now() + timedelta(seconds=11)):
        story.until_quiet()
    promise = Promise.objects.get(sort="deed")
    letter = story.lab.wait_for_letters("ann@example.test", 2)[1]
    assert "We will send you a new wheelset." in letter.get_body(("plain",)).get_content()
    assert "Our word to you:" in letter.get_body(("plain",)).get_content()
    assert (promise.state, promise.first_due, promise.owner) == ("open", due, story.sam)
    answer.refresh_from_db()
    assert answer.state == "kept"
    assert kinds_since(0, ref("promise", answer.pk)) == ["PromiseMade", "PromiseOwned", "PromiseKept"]

    # It comes near: Sam is warned by mail, once.
    with at(promise.warn_at + timedelta(seconds=1)):
        story.until_quiet()
        story.until_quiet()
    warning = story.lab.wait_for_letters("sam@troth.test")
    assert len(warning) == 1
    assert "send you a new wheelset" in warning[0]["Subject"]

    # Sam tells her a new date in time; it arrives, and counts as moved.
    before = Entry.objects.latest("pk").pk
    with at(promise.warn_at + timedelta(hours=1)):
        sam = story.signed_in(story.sam)
        later = due + timedelta(days=2)
        moving = {"offer": later.isoformat(), "words": "The rims arrive on Friday.", "reason": "supplier"}
        assert sam.post(f"/promises/{promise.pk}/move/", moving).status_code == 302
        story.until_quiet()
    told = story.lab.wait_for_letters("ann@example.test", 3)[2]
    assert "The rims arrive on Friday." in told.get_body(("plain",)).get_content()
    promise.refresh_from_db()
    telling = Telling.objects.get()
    assert (promise.state, promise.due, promise.first_due, promise.moves) == ("moved", later, due, 1)
    assert telling.delivered_at is not None
    assert telling.delivered_at <= telling.told_by
    assert promise.told_at is None, "those words were about the date that was moved, not about the new one"
    assert kinds_since(before, ref("promise", promise.pk)) == ["TellingSent", "PromiseMoved", "CustomerTold"]

    # It is done by the new date; Ann sees it on her own page and gives her verdict.
    before = Entry.objects.latest("pk").pk
    with at(later - timedelta(hours=60)):
        sam = story.signed_in(story.sam)
        assert sam.post(f"/promises/{promise.pk}/keep/").status_code == 302
        ann = Client()
        link = re.search(r"http\S+/p/\S+", told.get_body(("plain",)).get_content())[0].split("localhost:8000")[1]
        assert "Continue" in ann.get(link).content.decode()
        assert ann.post(link).status_code == 302
        mine = ann.get("/my/").content.decode()
        assert "We will send you a new wheelset." in mine
        assert "Did we keep it?" in mine
        assert ann.post("/my/verdict/", {"promise": promise.public_id, "verdict": "kept"}).status_code == 302
    promise.refresh_from_db()
    assert (promise.state, promise.verdict) == ("moved", True)
    assert promise.done_at is not None
    assert kinds_since(before, ref("promise", promise.pk)) == ["PromiseKept", "VerdictGiven"]

    # Nothing came after it, nothing was said twice, and every fact has its place.
    with at(later + timedelta(days=30)):
        story.until_quiet()
    assert len(story.lab.letters("ann@example.test")) == 3
    assert len(story.lab.letters("archive@troth.test")) == Letter.objects.count()
    assert kinds_since(before, ref("promise", promise.pk)) == ["PromiseKept", "VerdictGiven"]
    assert not Unsealed.objects.exists()
    assert list(Seal.objects.order_by("position").values_list("position", flat=True)) == list(
        range(1, Entry.objects.count() + 1)
    )
    assert start < promise.made_at


def test_a_promise_nobody_acts_on_is_told_before_its_date_and_then_late_and_broken(story: Story) -> None:
    story.customer_writes("A refund", "Could you please refund order 1182? It was the wrong size.")
    story.lab.wait_for_letters("support@troth.test")
    story.until_quiet()
    case = Case.objects.get()
    sam = story.signed_in(story.sam)
    said = {"body": "Of course. You will have your refund within 5 working days.", "last_message": ""}
    assert sam.post(f"/cases/{case.pk}/reply/", said).status_code == 302
    with at(timezone.now() + timedelta(seconds=11)):
        story.until_quiet()
    promise = Promise.objects.get(sort="deed")
    due = promise.due
    about = ref("promise", promise.pk)

    # Nobody does anything: Sam is warned, Lea hears of it, Ann is told by the system itself, before the date.
    for moment in (promise.warn_at, promise.escalate_at, promise.heads_up_at):
        with at(moment + timedelta(seconds=1)):
            story.until_quiet()

    heads_up = story.lab.wait_for_letters("ann@example.test", 3)[2]
    body = heads_up.get_body(("plain",)).get_content()
    telling = Telling.objects.get()
    next_word = Promise.objects.get(sort="next_word")
    assert heads_up["Subject"].startswith("A word before the date")
    assert "it may not be done by then" in body
    assert "You will hear from us by" in body
    assert telling.kind == "heads_up"
    assert telling.delivered_at is not None
    assert telling.delivered_at < due
    assert telling.delivered_at <= telling.told_by
    assert next_word.because == promise
    assert next_word.due > due
    assert kinds_since(0, about) == ["PromiseMade", "StaffWarned", "StaffEscalated", "TellingSent", "CustomerTold"]

    # The date passes: late, but no surprise; and nothing is told twice.
    with at(due + timedelta(seconds=1)):
        story.until_quiet()
        story.until_quiet()
    promise.refresh_from_db()
    assert (promise.state, promise.told_at) == ("late", telling.delivered_at)
    assert kinds_since(0, about)[5:] == ["PromiseLate"]
    assert [letter["Subject"] for letter in story.lab.letters("ann@example.test")].count(heads_up["Subject"]) == 1

    # Still nothing: it is broken, and the record says so.
    with at(promise.broken_at + timedelta(seconds=1)):
        story.until_quiet()
    promise.refresh_from_db()
    assert promise.state == "broken"
    assert kinds_since(0, about)[6:] == ["PromiseBroken"]


def test_a_customers_answer_joins_the_case_and_stops_a_reply_that_has_not_seen_it(story: Story) -> None:
    story.customer_writes("Bell", "Which bell fits a 25 mm bar?")
    story.lab.wait_for_letters("support@troth.test")
    story.until_quiet()
    case = Case.objects.get()
    acknowledgement = story.lab.wait_for_letters("ann@example.test")[0]
    sam = story.signed_in(story.sam)
    seen = case.messages.get().pk
    assert (
        sam.post(f"/cases/{case.pk}/reply/", {"body": "The small one fits.", "last_message": seen}).status_code == 302
    )

    story.customer_writes("Re: Bell", "I found it myself, thanks!", answering=acknowledgement)
    story.lab.wait_for_letters("support@troth.test", 2)
    story.until_quiet()
    with at(timezone.now() + timedelta(seconds=11)):
        story.until_quiet()

    assert Case.objects.count() == 1
    assert [message.text for message in case.messages.order_by("pk")] == [
        "Which bell fits a 25 mm bar?",
        "I found it myself, thanks!",
    ]
    assert len(story.lab.letters("ann@example.test")) == 1, "the reply had not seen her second mail"
    page = sam.get(f"/cases/{case.pk}/").content.decode()
    assert "Something new arrived before it left." in page
    assert "The small one fits." in page
