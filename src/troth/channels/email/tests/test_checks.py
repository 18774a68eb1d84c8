"""The mailboxes compared with the tables, on a real server."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import pytest
from pytest_django.fixtures import Settings
from tests.lab.mail import MailLab

from troth.channels.email import actions as email
from troth.channels.email import receive
from troth.channels.email.checks import OutOfReach, mailboxes
from troth.channels.email.models import Mailbox
from troth.post import actions as post
from troth.post import sending
from troth.post.models import Letter, LetterState

pytestmark = [pytest.mark.django_db, pytest.mark.mail]


def clock() -> datetime:
    return datetime.now(UTC)


def watch(lab: MailLab, name: str, *, is_archive: bool = False) -> Mailbox:
    address = f"{name}@troth.test"
    return email.add_mailbox(
        name=name, address=address, host=lab.host, port=lab.imap_port, tls="none", user=address, password=lab.password,
        is_archive=is_archive, now=clock(),
    )  # fmt: skip


def letter_to_us(number: int) -> EmailMessage:
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Message-ID"] = (
        "ann@example.test",
        "support@troth.test",
        f"<{number}@example.test>",
    )
    letter.set_content("Where is it?")
    return letter


def test_a_letter_that_lies_there_for_minutes_is_missed(mail_lab: MailLab) -> None:
    support = watch(mail_lab, "support")
    for number in (1, 2):
        mail_lab.send(letter_to_us(number), sender="ann@example.test", to="support@troth.test")
    mail_lab.wait_for_letters("support@troth.test", 2)
    soon, later = clock(), clock() + timedelta(minutes=3)

    assert list(mailboxes(now=soon)) == []
    [missed] = mailboxes(now=later)
    receive.fetch_once(support.pk, clock=clock)

    assert (missed.invariant, missed.count) == ("I1", 2)  # type: ignore[union-attr]
    assert list(mailboxes(now=later)) == []


def sent(lab: MailLab, settings: Settings) -> Letter:
    settings.TROTH_SMTP_HOST, settings.TROTH_SMTP_PORT = lab.host, lab.smtp_port
    settings.TROTH_MAIL_FROM, settings.TROTH_MAIL_ARCHIVE = "support@troth.test", "archive@troth.test"
    settings.TROTH_CARRIER = "troth.channels.email.carrier.SmtpCarrier"
    letter = post.hand_over(
        key="one", to_address="ann@example.test", subject="Parcel", text="It left.", because="case:1", customer_id=None,
        automatic=False, now=clock(),
    )  # fmt: skip
    sending.sweep(carrier=sending.carrier_in_use(), clock=clock)
    lab.wait_for_letters("archive@troth.test")
    return letter


def test_a_second_copy_in_the_archive_is_seen(mail_lab: MailLab, settings: Settings) -> None:
    watch(mail_lab, "archive", is_archive=True)
    letter = sent(mail_lab, settings)

    assert list(mailboxes(now=clock())) == []
    mail_lab.send(bytes(letter.raw), sender="support@troth.test", to="archive@troth.test")
    mail_lab.wait_for_letters("archive@troth.test", 2)
    [doubled] = mailboxes(now=clock())

    assert (doubled.invariant, doubled.refs) == ("I3", (letter.reference,))  # type: ignore[union-attr]


def test_a_copy_of_what_never_left_as_we_say_is_seen(mail_lab: MailLab, settings: Settings) -> None:
    watch(mail_lab, "archive", is_archive=True)
    letter = sent(mail_lab, settings)
    Letter.objects.filter(pk=letter.pk).update(state=LetterState.UNCLEAR)

    [went] = mailboxes(now=clock())

    assert (went.invariant, went.refs) == ("I3", (letter.reference,))  # type: ignore[union-attr]
    assert "did not arrive" in went.wrong  # type: ignore[union-attr]


def test_a_server_that_does_not_answer_is_said_so() -> None:
    Mailbox.objects.create(name="Gone", address="a@troth.test", host="127.0.0.1", port=9, tls="none", user="a")
    began = time.monotonic()

    [gone] = mailboxes(now=clock())

    assert isinstance(gone, OutOfReach)
    assert gone.name == "Gone"
    assert time.monotonic() - began < 15
