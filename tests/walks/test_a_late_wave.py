"""A wave of late deliveries, from the first complaint to the word that it has not come back; and the same with a second time.

Real SMTP in and out (postfix), real IMAP (dovecot), real PostgreSQL; what staff do they do by their pages.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import make_msgid
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.lab.mail import MailLab
from tests.walks.story import Story, at
from troth.cases import tasks as cases
from troth.cases.models import Case
from troth.channels.email.receive import fetch_once
from troth.inbox import tasks as inbox
from troth.incidents import tasks as incidents
from troth.incidents.models import Entry, Incident, Recurrence, Watch
from troth.ledger import tasks as ledger
from troth.notices import tasks as notices
from troth.notices.actions import cohorts
from troth.notices.models import Cohort, Recipient
from troth.notices.rules.conditions import OfOrders
from troth.orders import actions as orders
from troth.orders.rules.given import Given
from troth.people.shell import field_time
from troth.post import tasks as post
from troth.promises import tasks as promises
from troth.promises.models import Promise
from troth.site import fsck, verify

pytestmark = [pytest.mark.mail, pytest.mark.django_db(transaction=True)]
ANN, BOB, CAT = "ann@example.test", "bob@example.test", "cat@crowd.test"
LATE = "My oak bench is late and I am really angry. Where is it?"
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
#: A letter comes at the latest when it is fetched, and the mail server's own clock moves for nobody: so all of it is past.
LONG_AGO = timedelta(days=60)


@pytest.fixture
def story(mail_lab: MailLab, settings: Any) -> Story:
    settings.TROTH_CARRIER = "troth.channels.email.carrier.SmtpCarrier"
    settings.TROTH_SMTP_HOST = mail_lab.host
    settings.TROTH_SMTP_PORT = mail_lab.smtp_port
    settings.TROTH_MAIL_FROM = "support@troth.test"
    settings.TROTH_MAIL_ARCHIVE = "archive@troth.test"
    return Story(mail_lab)


def writes(story: Story, sender: str, subject: str, text: str) -> None:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, "support@troth.test", subject
    mail["Message-ID"] = make_msgid(domain="example.test")
    mail.set_content(text)
    before = len(story.lab.message_ids("support@troth.test"))
    story.lab.send(mail, sender=sender, to="support@troth.test")
    story.lab.wait_for_letters("support@troth.test", before + 1)


def until_quiet(story: Story) -> None:
    """Every lane that this story needs, until nothing is left to do now."""
    fetch_once(story.mailbox.pk, clock=timezone.now)
    lanes = (
        inbox.read_waiting, cases.leave, promises.look_ahead, ledger.seal, incidents.watch, notices.tell, post.deliver,
        post.deliver_in_bulk, ledger.seal,
    )  # fmt: skip
    for _round in range(12):
        if not sum([lane() for lane in lanes]):
            return
    raise AssertionError("The lanes do not come to rest.")


def says(browser: Client, incident: Incident, cohort: Cohort, kind: str, words: str, now: datetime) -> None:
    """Written in the editor as one text, and sent."""
    answer = browser.post(
        f"/incidents/{incident.pk}/write/",
        {
            "do": "send", "kind": kind, "guided": "0", "texts": "1", "text-0-language": "en",
            "text-0-subject": f"Your oak bench: {kind}", "text-0-words": words, "cohorts": [cohort.pk],
            "happened_at": field_time(now - MINUTE, "Europe/London"),
            "next_word_at": field_time(now + DAY, "Europe/London"),
        },
    )  # fmt: skip
    assert answer.status_code == 302, answer.content.decode()


def subjects(story: Story, address: str) -> list[str]:
    return [letter["Subject"] for letter in story.lab.letters(address) if "oak bench" in str(letter["Subject"])]


def hurt_told_and_watched(story: Story, start: datetime) -> tuple[Incident, Cohort, Watch]:
    """Two complain, three wait: all three are told, and told its end; then it is promised not to happen again."""
    with at(start):
        for number, address in enumerate((ANN, BOB, CAT)):
            given = Given(reference=f"B{number}", address=address, product="Oak bench", ordered_at=start - 9 * DAY)
            orders.note(given, by=None, now=start)
        for address in (ANN, BOB):
            writes(story, address, "My order", LATE)
        until_quiet(story)
        complaints = list(Case.objects.order_by("pk"))
        assert [(case.kind, case.cause) for case in complaints] == [("complaint", "late")] * 2
        sam = story.signed_in(story.sam)
        form = {
            "title": "Oak benches leave late", "sort": "late", "severity": "major", "cause": "late", "product": "Oak bench",
            "happened_at": field_time(start - DAY, "Europe/London"),
            "next_word_at": field_time(start + DAY, "Europe/London"), "cases": " ".join(str(case.pk) for case in complaints),
        }  # fmt: skip
        assert sam.post("/incidents/new/", form).status_code == 302
        incident = Incident.objects.get()
        assert incident.first_signal_at == min(case.messages.get().at for case in complaints)
    conditions = OfOrders(products=("Oak bench",), stands=("outstanding",))
    cohort = cohorts.draft(about=incident.ref, conditions=conditions, by=story.sam, now=start)
    for step, (kind, words) in enumerate(
        (
            ("began", "Our saw broke; your bench is late. We are sorry."),
            ("update", "The saw runs again."),
            ("ended", "All left."),
        )
    ):
        moment = start + (2 + step) * timedelta(hours=1)
        with at(moment):
            says(sam, incident, cohort, kind, words, moment)
        with at(moment + MINUTE):
            until_quiet(story)
    for address in (ANN, BOB):
        assert subjects(story, address) == [f"Your oak bench: {kind}" for kind in ("began", "update", "ended")]
    assert {one.member.customer.handles.get().address for one in Recipient.objects.filter(state="accepted")} == {
        ANN,
        BOB,
        CAT,
    }
    with at(start + 6 * timedelta(hours=1)):
        home = f"/incidents/{incident.pk}/prevention/"
        whys = {
            "way": "five_whys",
            "why_1": "The saw broke.",
            "why_2": "Nobody serviced it.",
            "words": "No one owned the saw.",
        }
        assert sam.post(f"{home}cause/", whys).status_code == 302
        due = field_time(start + 7 * DAY, "Europe/London")
        measure = {"what": "The saw is serviced monthly", "sort": "preventive", "due": due, "audience": "hurt"}
        assert sam.post(f"{home}measures/", measure).status_code == 302
        until = field_time(start + 30 * DAY, "Europe/London")
        watch = {"until": until, "cause": "late", "product": "Oak bench", "audience": "hurt"}
        assert sam.post(f"{home}watch/", watch).status_code == 302
        until_quiet(story)
    return incident, cohort, Watch.objects.get()


def is_sound(now: datetime) -> None:
    with at(now):
        assert [f"{one.wrong} {one.refs}" for one in verify.report(now=now).findings if one.invariant != "I12"] == []
        assert fsck.look().divergences == []


def test_a_wave_of_late_deliveries_from_the_first_complaint_to_the_word_that_it_held(story: Story) -> None:
    start = timezone.now() - LONG_AGO
    incident, cohort, watch = hurt_told_and_watched(story, start)

    # The saw is serviced in time; no letter is needed for that.
    with at(start + 5 * DAY):
        sam = story.signed_in(story.sam)
        serviced = Promise.objects.get(sort="deed", about=incident.ref)
        assert sam.post(f"/promises/{serviced.pk}/keep/").status_code == 302
        until_quiet(story)

    # Somebody else has trouble of another kind: that is no second time.
    with at(start + 10 * DAY):
        writes(story, CAT, "My invoice", "You charged me a hidden fee for the oak bench, I am really angry!")
        until_quiet(story)
        assert Case.objects.count() == 3
        assert Recurrence.objects.count() == 0

    # The day comes, and all three hear that it has not come back, by itself.
    over = watch.until + timedelta(minutes=16)
    with at(over):
        until_quiet(story)
    with at(over + MINUTE):
        until_quiet(story)
    watch.refresh_from_db()
    incident.refresh_from_db()
    assert (watch.state, incident.state, watch.promise.state) == ("held", "ended", "kept")
    assert watch.promise.done_at == watch.until
    held = [letter for letter in story.lab.letters(ANN) if "has not happened again" in str(letter["Subject"])]
    assert len(held) == 1
    assert "It has not come back." in held[0].get_body(("plain",)).get_content()
    assert Recipient.objects.filter(notice__sort="held", state="accepted").count() == cohort.members.count() == 3
    assert list(Entry.objects.order_by("pk").values_list("kind", flat=True)) == ["began", "update", "ended", "held"]
    is_sound(over + 2 * MINUTE)


def test_the_second_time_breaks_the_promise_and_those_hurt_before_hear_it_first(story: Story) -> None:
    start = timezone.now() - LONG_AGO
    incident, cohort, watch = hurt_told_and_watched(story, start)

    # A new customer writes of the same; it stands above everything on Today.
    again = start + 10 * DAY
    with at(again):
        writes(story, "dora@crowd.test", "Late", "The oak bench I ordered is late and I am really angry. Where is it?")
        until_quiet(story)
        found = Recurrence.objects.get()
        assert (found.why.split()[:2], found.is_strong) == (["cause", "product"], True)
        sam = story.signed_in(story.sam)
        today = sam.get("/today/").content.decode()
        assert today.index("Is this it again? Oak benches leave late") < today.index("Answer:")
        assert sam.post(f"/incidents/recurrences/{found.pk}/", {"said": "yes", "reason": "supplier"}).status_code == 302
        until_quiet(story)
        watch.refresh_from_db()
        assert watch.state == "watching", "for ten seconds it can be taken back"
    with at(again + MINUTE):
        until_quiet(story)
    watch.refresh_from_db()
    incident.refresh_from_db()
    assert (watch.state, incident.state, watch.promise.state) == ("broken", "open", "broken")
    assert (watch.promise.miss_reason, incident.next_word.state) == ("supplier", "open")

    # Its words are begun already; those who were hurt before are told, and who was hurt now joins them.
    with at(again + 5 * MINUTE):
        assert "It came back. Tell those who were hurt before" in sam.get("/today/").content.decode()
        begun = sam.get(f"/incidents/{incident.pk}/write/").content.decode()
        assert "Our word is broken" in begun or "our word is broken" in begun
        says(
            sam,
            incident,
            cohort,
            "recurred",
            "We broke our word: a bench is late again. We are sorry.",
            again + 5 * MINUTE,
        )
        assert "It came back." not in sam.get("/today/").content.decode()
    with at(again + 7 * MINUTE):
        until_quiet(story)
    with at(again + 8 * MINUTE):
        until_quiet(story)
    assert subjects(story, ANN)[-1] == subjects(story, BOB)[-1] == "Your oak bench: recurred"
    told = Recipient.objects.filter(notice__sort="recurred", state="accepted")
    assert {one.member.customer.handles.get().address for one in told} == {ANN, BOB, CAT, "dora@crowd.test"}
    assert Recipient.objects.filter(member__customer__handles__address="dora@crowd.test").count() == 1, (
        "not of the first time"
    )
    is_sound(again + 9 * MINUTE)
