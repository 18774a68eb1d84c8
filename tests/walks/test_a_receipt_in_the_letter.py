"""The receipt goes with the letter that makes the promise: by real SMTP, into a real mailbox, byte for byte."""

from __future__ import annotations

from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.utils import timezone

from tests.lab.mail import MailLab
from tests.walks.story import Story, at
from troth.cases.models import Case
from troth.post.models import Letter
from troth.promises.models import Promise
from troth.site.receipt_commands import verify

pytestmark = [pytest.mark.mail, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def story(mail_lab: MailLab, settings: Any) -> Story:
    settings.TROTH_CARRIER = "troth.channels.email.carrier.SmtpCarrier"
    settings.TROTH_SMTP_HOST = mail_lab.host
    settings.TROTH_SMTP_PORT = mail_lab.smtp_port
    settings.TROTH_MAIL_FROM = "support@troth.test"
    settings.TROTH_MAIL_ARCHIVE = "archive@troth.test"
    settings.TROTH_ENCLOSURES = "troth.record.receipts.for_letter"
    return Story(mail_lab)


def receipts_in(letter: EmailMessage) -> dict[str, bytes]:
    return {str(part.get_filename()): part.get_payload(decode=True) for part in letter.iter_attachments()}


def written(story: Story, count: int, *, after_seconds: int = 0) -> EmailMessage:
    """The newest of *count* letters to Ann, once it was sealed what it promises."""
    for seconds in (0, 1):
        with at(timezone.now() + timedelta(seconds=after_seconds + seconds)):
            story.until_quiet()
    return story.lab.wait_for_letters("ann@example.test", count)[count - 1]


def test_ann_holds_a_receipt_of_everything_she_is_promised(story: Story, tmp_path: Path) -> None:
    story.customer_writes("A refund", "Could you please refund order 1182? It was the wrong size.")
    story.lab.wait_for_letters("support@troth.test")
    story.until_quiet()
    assert story.lab.letters("ann@example.test") == [], "its receipt is not sealed yet"
    acknowledged = written(story, 1)
    case, answer = Case.objects.get(), Promise.objects.get()
    sam = story.signed_in(story.sam)
    said = {"body": "Of course. You will have your refund within 5 working days.", "last_message": ""}
    assert sam.post(f"/cases/{case.pk}/reply/", said).status_code == 302
    replied = written(story, 2, after_seconds=11)
    refund = Promise.objects.get(sort="deed")
    assert refund.due
    moving = {"offer": (refund.due + timedelta(days=2)).isoformat(), "words": "The bank is slow.", "reason": "supplier"}
    assert sam.post(f"/promises/{refund.pk}/move/", moving).status_code == 302
    moved = written(story, 3)

    held = []
    for letter, stem in (
        (acknowledged, f"receipt-promise-{answer.pk}-made-"),
        (replied, f"receipt-promise-{refund.pk}-made-"),
        (moved, f"receipt-promise-{refund.pk}-moved-"),
    ):
        [(name, content)] = receipts_in(letter).items()
        assert name.startswith(stem)
        assert "http://localhost:8000/record/verify" in letter.get_body(("plain",)).get_content()
        assert Letter.objects.get(message_id=letter["Message-ID"]).enclosed == 1
        held.append(tmp_path / name)
        held[-1].write_bytes(content)
    holds = CliRunner().invoke(verify, [str(receipt) for receipt in held])
    assert (holds.exit_code, holds.output.count(": holds")) == (0, 3), holds.output
    wrong = held[2].read_bytes().replace(b"promise", b"Promise", 1)
    held[2].write_bytes(wrong)
    assert CliRunner().invoke(verify, [str(held[2])]).exit_code == 1
    assert len(story.lab.letters("archive@troth.test")) == 3
    assert "with a receipt" in sam.get(f"/cases/{case.pk}/").content.decode()
    assert "with a receipt" in sam.get("/letters/").content.decode()
