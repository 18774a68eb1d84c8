from __future__ import annotations

import imaplib
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.message import EmailMessage

import pytest
from django.db import OperationalError
from django.utils import timezone
from imap_tools import BaseMailBox
from pytest_django.fixtures import Settings
from tests.lab.mail import MailLab

from troth.cases.models import Message
from troth.channels.email import imap, receive, tasks
from troth.channels.email.actions import add_mailbox
from troth.channels.email.carrier import SmtpCarrier
from troth.channels.email.models import Mailbox
from troth.inbox import tasks as inbox
from troth.inbox.models import Arrival
from troth.people.seal import keep
from troth.post import actions as post
from troth.post import sending

pytestmark = [pytest.mark.mail, pytest.mark.django_db]


@pytest.fixture
def mailbox(mail_lab: MailLab, settings: Settings) -> Mailbox:
    settings.TROTH_MAIL_FROM = "support@troth.test"
    settings.TROTH_SMTP_HOST, settings.TROTH_SMTP_PORT = mail_lab.host, mail_lab.smtp_port
    return add_mailbox(
        name="Support",
        address="support@troth.test",
        host=mail_lab.host,
        port=mail_lab.imap_port,
        tls="none",
        user="support@troth.test",
        password=mail_lab.password,
        now=timezone.now(),
    )


def write(
    lab: MailLab, number: int, *, to: str = "support@troth.test", count: int | None = None, **headers: str
) -> None:
    mail = EmailMessage()
    mail["From"] = "Ann <ann@example.test>"
    mail["To"] = to
    mail["Subject"] = f"Parcel {number}"
    mail["Message-ID"] = f"<n{number}@example.test>"
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(f"Where is parcel {number}?\n")
    lab.send(mail, sender="ann@example.test", to=to)
    lab.wait_for_letters("support@troth.test", count or number)


def test_letters_are_kept_raw_and_once(mail_lab: MailLab, mailbox: Mailbox) -> None:
    write(mail_lab, 1)
    write(mail_lab, 2)

    assert receive.fetch_once(mailbox.pk, clock=timezone.now) == 2
    assert receive.fetch_once(mailbox.pk, clock=timezone.now) == 0
    write(mail_lab, 3)
    assert receive.fetch_once(mailbox.pk, clock=timezone.now) == 1

    kept = [bytes(source) for source in Arrival.objects.order_by("pk").values_list("source", flat=True)]
    assert kept == mail_lab.raw_letters("support@troth.test")
    mailbox.refresh_from_db()
    assert mailbox.last_uid == int(Arrival.objects.latest("pk").outside_id.rpartition(":")[2])
    assert mailbox.heartbeat_at is not None
    assert abs((Arrival.objects.latest("pk").received_at - timezone.now()).total_seconds()) < 60


def test_letter_that_was_missed_is_found_by_comparing(mail_lab: MailLab, mailbox: Mailbox) -> None:
    write(mail_lab, 1)
    write(mail_lab, 2)
    receive.fetch_once(mailbox.pk, clock=timezone.now)
    Arrival.objects.order_by("pk").first().delete()  # type: ignore[union-attr]

    assert receive.fetch_once(mailbox.pk, clock=timezone.now) == 1


def test_new_uidvalidity_makes_no_second_message(mail_lab: MailLab, mailbox: Mailbox) -> None:
    write(mail_lab, 1)
    receive.fetch_once(mailbox.pk, clock=timezone.now)
    inbox.read_waiting()
    Mailbox.objects.update(uidvalidity=1, last_uid=99)
    for arrival in Arrival.objects.all():  # as if kept under another UIDVALIDITY
        Arrival.objects.filter(pk=arrival.pk).update(outside_id=f"{mailbox.pk}:1:1")

    assert receive.fetch_once(mailbox.pk, clock=timezone.now) == 1
    inbox.read_waiting()

    assert sorted(Arrival.objects.values_list("state", flat=True)) == ["duplicate", "message"]
    assert Message.objects.count() == 1


def test_nothing_on_the_server_is_changed(mail_lab: MailLab, mailbox: Mailbox) -> None:
    write(mail_lab, 1)

    receive.fetch_once(mailbox.pk, clock=timezone.now)

    with mail_lab.imap("support@troth.test") as imap:
        assert imap.uid("SEARCH", "SEEN")[1] == [b""]
        assert len(imap.uid("SEARCH", "ALL")[1][0].split()) == 1


def test_one_letter_from_the_world_and_back(mail_lab: MailLab, mailbox: Mailbox) -> None:
    write(mail_lab, 1)
    receive.fetch_once(mailbox.pk, clock=timezone.now)
    inbox.read_waiting()
    sending.sweep(carrier=SmtpCarrier(), clock=timezone.now)

    (acknowledgement,) = mail_lab.wait_for_letters("ann@example.test")
    assert acknowledgement["Auto-Submitted"] == "auto-replied"
    assert acknowledgement["In-Reply-To"] is None, "nobody vouches for Ann here"
    write(mail_lab, 2, to=acknowledgement["Reply-To"], In_Reply_To=acknowledgement["Message-ID"])
    receive.fetch_once(mailbox.pk, clock=timezone.now)
    inbox.read_waiting()

    first, second = Message.objects.filter(direction="inbound").order_by("pk")
    assert first.case_id == second.case_id
    assert second.verified is True
    assert sending.sweep(carrier=SmtpCarrier(), clock=timezone.now) == 0


def test_letter_to_nobody_comes_back_and_is_written_beside_it(mail_lab: MailLab, mailbox: Mailbox) -> None:
    letter = post.hand_over(
        key="x",
        to_address="nobody@elsewhere.example",
        subject="x",
        text="x",
        because="case:1",
        customer_id=None,
        automatic=False,
        now=timezone.now(),
    )
    sending.sweep(carrier=SmtpCarrier(), clock=timezone.now)
    letter.refresh_from_db()
    if letter.state == "refused":
        return  # the laboratory's own relay says so at once
    mail_lab.wait_for_letters("support@troth.test", 1)
    receive.fetch_once(mailbox.pk, clock=timezone.now)
    inbox.read_waiting()

    letter.refresh_from_db()
    assert letter.bounced_at is not None
    assert letter.bounce_reason.startswith("5.")
    assert Message.objects.count() == 0


def test_clean_folder_of_old_letters_is_caught_up_in_windows(
    mail_lab: MailLab, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receive, "_AT_ONCE", 2)
    for number in range(1, 6):
        write(mail_lab, number)

    assert receive.fetch_once(mailbox.pk, clock=timezone.now) == 5


@pytest.fixture
def watched(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Letters that the watching thread would keep; the table cannot be seen from another connection in a test."""
    kept: list[str] = []

    def capture(**values: object) -> None:
        kept.append(str(values["outside_id"]))

    monkeypatch.setattr(receive.inbox, "capture", capture)
    monkeypatch.setattr(receive, "known_outside_ids", lambda **_: {id_.rpartition(":")[2] for id_ in kept})
    monkeypatch.setattr(receive, "_is_ours", lambda _id: True)
    monkeypatch.setattr(receive.connection, "close", lambda: None)
    yield kept
    tasks.stop_watching()


def eventually(true: Callable[[], bool], *, seconds: float = 25) -> None:
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until
        time.sleep(0.05)


def test_new_letter_is_kept_while_idling_and_after_the_line_broke(
    mail_lab: MailLab, mailbox: Mailbox, watched: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    lines: list[socket.socket] = []

    @contextmanager
    def connect(mailbox: Mailbox, *, timeout: float) -> Iterator[BaseMailBox]:
        with imap.connect(mailbox, timeout=timeout) as box:
            lines.append(box.client.sock)
            yield box

    monkeypatch.setattr(receive, "connect", connect)
    monkeypatch.setattr(receive.Mailbox.objects, "get", lambda pk: mailbox)
    receiver = receive.Receiver(mailbox.pk, clock=timezone.now)
    receiver.start()
    try:
        write(mail_lab, 1)
        eventually(lambda: len(watched) == 1)
        write(mail_lab, 2)
        eventually(lambda: len(watched) == 2)
        lines[0].shutdown(socket.SHUT_RDWR)
        eventually(lambda: len(lines) == 2)
        write(mail_lab, 3)
        eventually(lambda: len(watched) == 3)
    finally:
        receiver.stop()
        receiver.join(15)

    assert sorted(int(outside_id.rpartition(":")[2]) for outside_id in watched) == sorted(
        {int(outside_id.rpartition(":")[2]) for outside_id in watched}
    )


def test_there_is_one_thread_for_each_mailbox(
    mailbox: Mailbox, watched: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receive.Receiver, "run", lambda self: self.stopped.wait(60))

    assert tasks.watch_mailboxes() == 1
    assert tasks.watch_mailboxes() == 0
    keep(mailbox, "password", "another")
    assert tasks.watch_mailboxes() == 1
    Mailbox.objects.update(enabled=False)
    assert tasks.watch_mailboxes() == 0
    assert tasks._receivers == {}


@pytest.mark.parametrize(
    ("error", "seconds"),
    [
        (OperationalError("the database system is shutting down"), 5),
        (ConnectionResetError("reset"), 30),
        (TimeoutError("timed out"), 30),
        (imaplib.IMAP4.abort("socket error: EOF"), 30),
        (imaplib.IMAP4.error("[AUTHENTICATIONFAILED]"), 300),
    ],
    ids=["database", "reset", "silence", "cut", "a no"],
)
def test_what_comes_back_soon_is_tried_soon_and_a_no_seldom(error: Exception, seconds: float) -> None:
    assert receive.longest_wait_after(error) == seconds
