from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings
from tests.lab.mail import MailLab
from tests.lab.smtp import Fault, FaultSmtp

from troth.channels.email.actions import add_mailbox
from troth.channels.email.carrier import SmtpCarrier
from troth.channels.email.models import Mailbox
from troth.post import actions, sending
from troth.post.models import Letter, LetterState
from troth.post.rules.carrier import Answer, ArchiveOutOfReach

NOW = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)
LETTER = b"Message-ID: <a@troth.test>\r\nSubject: x\r\n\r\n.dot\r\n..two\r\nend\r\n"


class Marks(list[str]):
    def __call__(self) -> None:
        self.append("data")


@pytest.fixture
def carrier(fault_smtp: FaultSmtp, settings: Settings) -> Iterator[SmtpCarrier]:
    settings.TROTH_SMTP_HOST, settings.TROTH_SMTP_PORT = fault_smtp.host, fault_smtp.port
    fault_smtp.slow_seconds = 3.0
    carrier = SmtpCarrier(connect_seconds=0.5, command_seconds=1.0, after_dot_seconds=0.5)
    yield carrier
    carrier.close()


@pytest.mark.parametrize(
    ("fault", "answer", "code", "began"),
    [
        (Fault.NORMAL, Answer.ACCEPTED, 250, True),
        (Fault.BANNER_421, Answer.TRY_AGAIN, 421, False),
        (Fault.TARPIT, Answer.TRY_AGAIN, 0, False),
        (Fault.RCPT_450, Answer.TRY_AGAIN, 450, False),
        (Fault.RCPT_550, Answer.REFUSED, 550, False),
        (Fault.DOT_452, Answer.TRY_AGAIN, 452, True),
        (Fault.DOT_554, Answer.REFUSED, 554, True),
        (Fault.CUT_MID_DATA, Answer.UNCLEAR, 0, True),
        (Fault.CUT_AFTER_DOT_LOST, Answer.UNCLEAR, 0, True),
        (Fault.CUT_AFTER_DOT_KEPT, Answer.UNCLEAR, 0, True),
        (Fault.SLOW_250_KEPT, Answer.UNCLEAR, 0, True),
        (Fault.GARBAGE, Answer.TRY_AGAIN, 0, False),
    ],
)
def test_each_way_to_fail_gets_its_own_answer(
    carrier: SmtpCarrier, fault_smtp: FaultSmtp, fault: Fault, answer: Answer, code: int, began: bool
) -> None:
    fault_smtp.fault = fault
    marks = Marks()

    outcome = carrier.submit(LETTER, "support@troth.test", ["ann@example.test"], marks)

    assert (outcome.answer, outcome.code) == (answer, code)
    assert marks == (["data"] if began else [])
    fault_smtp.fault = Fault.NORMAL
    carrier.close()  # a server behaves as it began for as long as a connection lasts
    assert carrier.submit(LETTER, "", ["ann@example.test"], marks).answer is Answer.ACCEPTED


def test_letter_arrives_byte_for_byte_over_one_connection(carrier: SmtpCarrier, fault_smtp: FaultSmtp) -> None:
    for _ in range(3):
        carrier.submit(LETTER, "", ["ann@example.test", "archive@troth.test"], lambda: None)

    assert [letter.text for letter in fault_smtp.accepted] == [LETTER] * 3
    assert {(letter.sender, letter.recipients) for letter in fault_smtp.accepted} == {
        ("", ("ann@example.test", "archive@troth.test"))
    }
    assert fault_smtp.sessions == 1


def test_nothing_leaves_when_the_mark_cannot_be_made(carrier: SmtpCarrier, fault_smtp: FaultSmtp) -> None:
    def fail() -> None:
        raise RuntimeError("the database is gone")

    with pytest.raises(RuntimeError):
        carrier.submit(LETTER, "", ["ann@example.test"], fail)

    assert fault_smtp.accepted == []


def test_server_that_is_away_means_later(carrier: SmtpCarrier, fault_smtp: FaultSmtp) -> None:
    fault_smtp.stop()

    assert carrier.submit(LETTER, "", ["ann@example.test"], Marks()).answer is Answer.TRY_AGAIN


@pytest.mark.django_db
def test_without_an_archive_the_carrier_knows_nothing(carrier: SmtpCarrier, settings: Settings) -> None:
    assert carrier.was_kept("<a@troth.test>") is None
    settings.TROTH_MAIL_ARCHIVE = "archive@troth.test"
    assert carrier.was_kept("<a@troth.test>") is None
    Mailbox.objects.create(
        name="Archive", address="archive@troth.test", host="127.0.0.1", port=1, tls="none", user="x", is_archive=True
    )
    with pytest.raises(ArchiveOutOfReach):
        carrier.was_kept("<a@troth.test>")


@pytest.fixture
def archive(mail_lab: MailLab, settings: Settings) -> Mailbox:
    settings.TROTH_MAIL_FROM = "support@troth.test"
    settings.TROTH_MAIL_ARCHIVE = "archive@troth.test"
    return add_mailbox(
        name="Archive",
        address="archive@troth.test",
        host=mail_lab.host,
        port=mail_lab.imap_port,
        tls="none",
        user="archive@troth.test",
        password=mail_lab.password,
        is_archive=True,
        now=timezone.now(),
    )


def hand_over(**changes: object) -> Letter:
    values: dict[str, object] = {
        "key": "reply:1",
        "to_address": "ann@example.test",
        "to_name": "Ann",
        "subject": "Your parcel",
        "text": "It leaves on Tuesday.",
        "because": "case:3",
        "customer_id": None,
        "automatic": False,
        "reply_token": "12-34-680-" + "b" * 32,
        "now": NOW,
    }
    return actions.hand_over(**{**values, **changes})  # type: ignore[arg-type]


def sweep_for(carrier: SmtpCarrier, *, until: Callable[[], bool], most: int = 40) -> None:
    at = NOW
    for _ in range(most):
        sending.sweep(carrier=carrier, clock=lambda: at)  # noqa: B023 - used before it changes
        if until():
            return
        at += timedelta(seconds=30)
    raise AssertionError("it was not settled")


@pytest.mark.mail
@pytest.mark.django_db
@pytest.mark.parametrize("fault", list(Fault))
def test_no_fault_loses_or_doubles_a_letter(
    carrier: SmtpCarrier, fault_smtp: FaultSmtp, mail_lab: MailLab, archive: Mailbox, fault: Fault
) -> None:
    def pass_on(letter: object) -> str:
        mail_lab.send(letter.text, sender=letter.sender, to=list(letter.recipients))  # type: ignore[attr-defined]
        mail_lab.wait_for_letters("archive@troth.test")
        return "250 kept"

    fault_smtp._take = pass_on
    carrier.after_dot_seconds = 5.0 if fault is not Fault.SLOW_250_KEPT else 1.0
    fault_smtp.slow_seconds = 5.0
    fault_smtp.plan = [fault]
    letter = hand_over()

    sweep_for(carrier, until=lambda: Letter.objects.exclude(state__in=["queued", "sending", "data"]).exists())

    refused = fault in (Fault.RCPT_550, Fault.DOT_554)
    kept = fault in (Fault.CUT_AFTER_DOT_KEPT, Fault.SLOW_250_KEPT)
    letter.refresh_from_db()
    assert letter.state == (LetterState.REFUSED if refused else LetterState.SENT)
    assert letter.verified is kept
    if not refused:
        mail_lab.wait_for_letters("ann@example.test")
    assert [mail["Message-ID"] for mail in mail_lab.letters("ann@example.test")] == [letter.message_id] * (not refused)
    assert len(mail_lab.letters("archive@troth.test")) == (not refused)


@pytest.mark.mail
@pytest.mark.django_db
def test_a_real_server_takes_what_we_make(mail_lab: MailLab, settings: Settings, archive: Mailbox) -> None:
    settings.TROTH_SMTP_HOST, settings.TROTH_SMTP_PORT = mail_lab.host, mail_lab.smtp_port
    letter = hand_over(subject="Überfällig – 荷物", text="Grüße.\n.\nEnd", to_name="Zoë, “Dr” Łuk")

    sending.sweep(carrier=SmtpCarrier(), clock=lambda: NOW)

    (mail,) = mail_lab.wait_for_letters("ann@example.test")
    mail_lab.wait_for_letters("archive@troth.test")
    assert (mail["Message-ID"], mail["Subject"]) == (letter.message_id, "Überfällig – 荷物")
    body = mail.get_body(("plain",))
    assert body is not None
    assert body.get_content().split() == ["Grüße.", ".", "End"]
    assert SmtpCarrier().was_kept(letter.message_id) is True
    assert SmtpCarrier().was_kept("<other@troth.test>") is False
