"""Two people are off until Thursday: whoever waits for an answer hears it by a letter before they ask, hears how it goes on and that
it is over; and nobody else hears or reads any of it. Real SMTP in and out; what staff do they do by their pages."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import make_msgid
from html.parser import HTMLParser
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
from troth.incidents.models import Entry, Incident
from troth.ledger import tasks as ledger
from troth.notices import tasks as notices
from troth.notices.models import Cohort, Recipient
from troth.people.shell import field_time
from troth.post import tasks as post
from troth.promises.models import Promise
from troth.site import fsck, verify

pytestmark = [pytest.mark.mail, pytest.mark.django_db(transaction=True)]
ANN, BOB, CAT = "ann@example.test", "bob@example.test", "crowd@example.test"
SUBJECT, MINUTE, DAY = "Our answers take longer", timedelta(minutes=1), timedelta(days=1)


@pytest.fixture
def story(mail_lab: MailLab, settings: Any) -> Story:
    settings.TROTH_CARRIER = "troth.channels.email.carrier.SmtpCarrier"
    settings.TROTH_SMTP_HOST = mail_lab.host
    settings.TROTH_SMTP_PORT = mail_lab.smtp_port
    settings.TROTH_MAIL_FROM = "support@troth.test"
    settings.TROTH_MAIL_ARCHIVE = "archive@troth.test"
    return Story(mail_lab)


class Form(HTMLParser):
    """What a browser would send of the page's form, untouched."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.sent: dict[str, list[str]] = {}
        self._in, self._words = "", ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name, kind = given.get("name") or "", given.get("type") or "text"
        if tag == "textarea":
            self._in, self._words = name, ""
        elif tag == "select":
            self._in = name
        elif tag == "option" and "selected" in given:
            self.sent[self._in] = [given.get("value") or ""]
        elif tag == "input" and name and (kind not in {"checkbox", "radio", "submit"} or "checked" in given):
            self.sent.setdefault(name, []).append(given.get("value") or "")

    def handle_data(self, data: str) -> None:
        self._words += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.sent[self._in] = [self._words]


def writes(story: Story, sender: str, text: str) -> None:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, "support@troth.test", "A question"
    mail["Message-ID"] = make_msgid(domain="example.test")
    mail.set_content(text)
    before = len(story.lab.message_ids("support@troth.test"))
    story.lab.send(mail, sender=sender, to="support@troth.test")
    story.lab.wait_for_letters("support@troth.test", before + 1)


def until_quiet(story: Story) -> None:
    fetch_once(story.mailbox.pk, clock=timezone.now)
    lanes = (
        inbox.read_waiting, cases.leave, ledger.seal, notices.tell, post.deliver, post.deliver_in_bulk, ledger.seal,
    )  # fmt: skip
    for _round in range(12):
        if not sum([lane() for lane in lanes]):
            return
    raise AssertionError("The lanes do not come to rest.")


def told(story: Story, address: str) -> list[EmailMessage]:
    """The letters about it that came, in their order."""
    return [letter for letter in story.lab.letters(address) if str(letter["Subject"]).startswith(SUBJECT)]


def own_page(letter: EmailMessage) -> str:
    """What who got *letter* reads behind its link."""
    body = letter.get_body(("plain",)).get_content()
    link = re.search(r"http\S+(/p/\S+)", body)[1]
    browser = Client()
    assert browser.post(link).status_code == 302
    shown = browser.get("/my/")
    assert shown.status_code == 200
    return shown.content.decode()


def test_who_waits_for_an_answer_hears_why_and_until_when_and_nobody_else_does(story: Story) -> None:
    start = timezone.now()
    sam = story.signed_in(story.sam)
    # Cat has her answer; Ann and Bob wait for theirs.
    writes(story, CAT, "Which bell fits a 25 mm bar?")
    until_quiet(story)
    answered = Case.objects.get()
    reply = {"body": "The small one fits.", "last_message": answered.messages.get().pk}
    assert sam.post(f"/cases/{answered.pk}/reply/", reply).status_code == 302
    for address in (ANN, BOB):
        writes(story, address, "How do I oil the chain?")
    with at(start + MINUTE):
        until_quiet(story)
    waiting = Case.objects.filter(unanswered_since__isnull=False)
    assert set(waiting.values_list("customer__handles__address", flat=True)) == {ANN, BOB}

    thursday = (start + (1 + (2 - start.weekday()) % 7) * DAY).replace(hour=16, minute=0, second=0, microsecond=0)
    assert thursday.strftime("%A") == "Thursday"
    said(story, sam, start + 5 * MINUTE, until=thursday)
    incident, cohort = Incident.objects.get(), Cohort.objects.get()
    word = incident.next_word
    assert {one.customer.handles.get().address for one in cohort.members.all()} == {ANN, BOB}
    assert (incident.sort, word.due) == ("capacity", thursday)
    for address in (ANN, BOB):
        [letter] = told(story, address)
        words = " ".join(letter.get_body(("plain",)).get_content().split())
        assert "two of us are off" in words
        assert "repairs" in words
        assert "Thursday" in words

    for kind, words, moment in (
        ("update", "One of us is back at work. Whoever wrote last week has an answer.", start + DAY / 2),
        ("ended", "We are all back. We are sorry that you waited.", thursday - 3 * timedelta(hours=1)),
    ):
        says(story, sam, incident, kind, words, moment, next_at=thursday)
    incident.refresh_from_db()
    assert incident.state == "ended"
    assert list(Promise.objects.filter(sort="next_word").values_list("state", flat=True)) == ["kept"] * 3
    assert set(Recipient.objects.values_list("notice__sort", "state")) == {
        ("began", "accepted"),
        ("update", "accepted"),
        ("ended", "accepted"),
    }
    for address in (ANN, BOB):
        began, *later = [str(letter["Subject"]) for letter in told(story, address)]
        assert "until Thursday" in began
        assert later == [f"{SUBJECT}: update", f"{SUBJECT}: ended"]
    assert told(story, CAT) == []

    # Ann reads all of it on her own page; Cat's page has nothing of it.
    over = thursday - timedelta(hours=2)
    with at(over):
        hers = own_page(told(story, ANN)[-1])
        assert all(
            words in hers for words in ("two of us are off", "One of us is back", "We are all back", "It is over")
        )
        theirs = own_page(story.lab.letters(CAT)[-1])
        assert incident.title not in theirs
        assert "We are all back" not in theirs
        assert [f"{one.wrong} {one.refs}" for one in verify.report(now=over).findings if one.invariant != "I12"] == []
        assert fsck.look().divergences == []


def said(story: Story, sam: Client, moment: datetime, *, until: datetime) -> None:
    """By the short form; what it drafts is read and sent as it is."""
    with at(moment):
        short = {
            "why": "two of us are off", "longer": "answers about repairs", "instead": "", "waiting": "1",
            "until": field_time(until, "Europe/London"),
        }  # fmt: skip
        drafted = sam.post("/incidents/capacity/", short)
        assert drafted.status_code == 302
        assert told(story, ANN) == [], "nobody hears of a draft"
        form = Form(sam.get(drafted.url).content.decode()).sent
        assert sam.post(drafted.url, {**form, "do": "send"}).status_code == 302
    with at(moment + MINUTE):
        until_quiet(story)


def says(
    story: Story, sam: Client, incident: Incident, kind: str, words: str, moment: datetime, *, next_at: datetime
) -> None:
    """In the editor, as one text."""
    with at(moment):
        page = sam.get(f"/incidents/{incident.pk}/write/?kind={kind}").content.decode()
        form = Form(page).sent | {
            "do": "send", "kind": kind, "guided": "0", "text-0-subject": f"{SUBJECT}: {kind}", "text-0-words": words,
            "happened_at": field_time(moment - MINUTE, "Europe/London"), "next_word_at": field_time(next_at, "Europe/London"),
        }  # fmt: skip
        assert form["cohorts"], "those who were told before are chosen already"
        answer = sam.post(f"/incidents/{incident.pk}/write/", form)
        assert answer.status_code == 302, answer.content.decode()
    with at(moment + MINUTE):
        until_quiet(story)
    assert Entry.objects.filter(kind=kind).count() == 1
