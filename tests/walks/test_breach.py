"""A breach from the minute we knew to the register: told in phases, told to those it hits by real SMTP, and read back on paper."""

from __future__ import annotations

import io
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone
from pypdf import PdfReader

from tests.lab.mail import MailLab
from tests.walks.story import Story, at
from troth.breaches import tasks as breaches
from troth.breaches.models import Authority, Breach
from troth.ledger.queries import facts_about
from troth.notices import tasks as notices
from troth.notices.actions import cohorts
from troth.notices.models import Notice, Recipient
from troth.notices.rules.conditions import Every
from troth.people.actions import find_or_make_customer
from troth.post import tasks as post

pytestmark = [pytest.mark.mail, pytest.mark.django_db(transaction=True)]
LETTER = {
    "en-subject": "Your address got out", "en-nature": "A list with your name and address went to the wrong printer.",
    "en-consequences": "You may get letters you did not ask for.", "en-measures": "The printer deleted the list.",
    "en-contact": "Lea Lind, privacy@troth.test",
}  # fmt: skip


@pytest.fixture
def story(mail_lab: MailLab, settings: Any) -> Story:
    settings.TROTH_CARRIER = "troth.channels.email.carrier.SmtpCarrier"
    settings.TROTH_SMTP_HOST = mail_lab.host
    settings.TROTH_SMTP_PORT = mail_lab.smtp_port
    settings.TROTH_MAIL_FROM = "support@troth.test"
    return Story(mail_lab)


def field(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%MZ")


def words_of(content: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).split())


def test_a_breach_from_the_minute_we_knew_to_the_register(story: Story) -> None:
    now, lea = timezone.now(), story.signed_in(story.lea)
    ann = find_or_make_customer(address="ann@example.test", name="Ann Archer", now=now).customer_id

    lea.post("/breaches/new/", {
        "title": "A list went to the wrong printer", "party": "controller", "got_out": "1",
        "happened_at": field(now - timedelta(days=2)),
       
        "aware_at": field(now - timedelta(hours=25)), "next_word_at": field(now + timedelta(days=1)),
    })  # fmt: skip
    breach = Breach.objects.get()
    page = f"/breaches/{breach.pk}/"
    breaches.look_ahead()  # 24 hours are over: its owner hears of it by mail
    lea.post("/breaches/authorities/", {"name": "Office of the Commissioner", "reach": "Its form"})
    first = {
        "nature": "A list of customers went to a printer.", "contact": "Lea Lind", "records": "Names and addresses",
        "how": "By its form",
        "authority": str(Authority.objects.get().pk), "follows_by": field(now + timedelta(days=3)), "send": "1",
        **{f"follows_{name}": "1" for name in ("people", "people_count", "records_count", "consequences", "measures")},
    }  # fmt: skip
    assert lea.post(f"{page}report/", first).status_code == 302
    lea.post(f"{page}decide/", {"level": "high", "reason": "Dates of birth were in it."})

    cohort = cohorts.draft(about=breach.incident.ref, conditions=Every(), by=story.lea, now=now)
    cohorts.add(cohort, customers=[ann], by=story.lea, now=now)
    half = lea.post(f"{page}letter/", {**LETTER, "cohort": str(cohort.pk), "send": "1"})
    assert (half.status_code, Notice.objects.count()) == (422, 0)
    whole = {**LETTER, "en-advice": "Tell us if you get such letters.", "cohort": str(cohort.pk), "send": "1"}
    assert lea.post(f"{page}letter/", whole).status_code == 302
    with at(timezone.now() + timedelta(seconds=12)):  # until then it can be taken back
        for lane in (notices.tell, breaches.look_ahead, post.deliver_in_bulk, notices.tell):
            lane()
    [letter] = story.lab.wait_for_letters("ann@example.test")
    assert letter["Subject"] == "Your address got out"
    body = letter.get_body(("plain",)).get_content()
    assert "What you can do" in body
    assert Recipient.objects.get().state == "accepted"

    with at(now + timedelta(days=2)):
        lea = story.signed_in(story.lea)
        more = {
            "people": "Customers",
            "people_count": "1",
            "records_count": "1",
            "consequences": "Unwanted letters.",
            "measures": "Deleted.",
        }
        second = {name: value for name, value in first.items() if not name.startswith("follow")}
        assert lea.post(f"{page}report/", {**second, **more}).status_code == 302
        lea.post(
            f"{page}document/",
            {"facts": "A list went out.", "effects": "Letters.", "action": "The printer deleted it."},
        )
        lea.post(f"{page}close/")
        register, whole_file = (
            words_of(lea.get(path).content) for path in ("/breaches/register.pdf", f"{page}file.pdf")
        )

    for part in (
        "A list went to the wrong printer",
        "The printer deleted it.",
        "A high risk",
        "authority told",
        "people told",
    ):
        assert part in register
    assert "1 of 1" in whole_file
    assert "phase 2" in whole_file
    assert [kind for kind, _said, _at in facts_about(breach.ref)] == [
        "BreachAware", "BreachDeadlineNear", "AuthorityReported", "RiskDecided", "PeopleTold", "AuthorityReported",
        "BreachDocumented", "BreachClosed",
    ]  # fmt: skip
