"""The receipt goes with the letter that makes the promise: by real SMTP, into a real mailbox, byte for byte."""

from __future__ import annotations

from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from django.utils import timezone

from tests.lab.mail import MailLab
from tests.receipts import FOR_LETTER
from tests.walks.story import Story, at
from troth.cases.models import Case
from troth.post.models import Letter
from troth.promises.models import Promise

pytestmark = [pytest.mark.mail, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def story(mail_lab: MailLab, settings: Any) -> Story:
    settings.TROTH_CARRIER = "troth.channels.email.carrier.SmtpCarrier"
    settings.TROTH_SMTP_HOST = mail_lab.host
    settings.TROTH_SMTP_PORT = mail_lab.smtp_port
    settings.TROTH_MAIL_FROM = "support@troth.test"
    settings.TROTH_MAIL_ARCHIVE = "archive@troth.test"
    settings.TROTH_ENCLOSURES = FOR_LETTER
    return Story(mail_lab)


def receipts_in(letter: EmailMessage) -> dict[str | None, bytes]:
    return {part.get_filename(): part.get_payload(decode=True) for part in letter.iter_attachments()}


def test_ann_holds_a_receipt_of_everything_she_is_promised(story: Story) -> None:
    story.customer_writes("A refund", "Could you please refund order 1182? It was the wrong size.")
    story.lab.wait_for_letters("support@troth.test")
    story.until_quiet()
    assert story.lab.letters("ann@example.test") == [], "its receipt is not sealed yet"

    with at(timezone.now() + timedelta(seconds=2)):
        story.until_quiet()
    acknowledged = story.lab.wait_for_letters("ann@example.test")[0]
    case, answer = Case.objects.get(), Promise.objects.get()
    sam = story.signed_in(story.sam)
    said = {"body": "Of course. You will have your refund within 5 working days.", "last_message": ""}
    assert sam.post(f"/cases/{case.pk}/reply/", said).status_code == 302
    for seconds in (11, 13):
        with at(timezone.now() + timedelta(seconds=seconds)):
            story.until_quiet()
    replied = story.lab.wait_for_letters("ann@example.test", 2)[1]

    refund = Promise.objects.get(sort="deed")
    for letter, promise in ((acknowledged, answer), (replied, refund)):
        [(name, content)] = receipts_in(letter).items()
        assert name == f"receipt-promise-{promise.pk}.txt"
        assert content.startswith(b"PromiseMade ")
        words = letter.get_body(("plain",)).get_content()
        assert "http://localhost:8000/record/verify" in words
        queued = Letter.objects.get(message_id=letter["Message-ID"])
        assert queued.enclosed == 1
    assert len(story.lab.letters("archive@troth.test")) == 2
    page = sam.get(f"/cases/{case.pk}/").content.decode()
    assert "with a receipt" in page
    assert "with a receipt" in sam.get("/letters/").content.decode()
