"""The laboratory itself: what other tests rest on must stand."""

from __future__ import annotations

import os
import shutil
import signal
import smtplib
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest
from imap_tools import MailBoxUnencrypted

from tests.lab import servers
from tests.lab.mail import MailLab
from tests.lab.smtp import Fault, FaultSmtp

pytestmark = pytest.mark.mail

ROOT = Path(__file__).resolve().parents[2]


def letter(subject: str = "Where is my parcel?") -> EmailMessage:
    message = EmailMessage()
    message["From"] = "Ann <ann@example.test>"
    message["To"] = "support@troth.test"
    message["Subject"] = subject
    message["Message-ID"] = f"<{time.monotonic_ns()}@example.test>"
    message.set_content("It should have been here on Monday.\n")
    return message


def test_a_letter_by_smtp_is_read_by_imap(mail_lab: MailLab) -> None:
    mail_lab.send(letter(), sender="ann@example.test", to="support@troth.test")

    (found,) = mail_lab.wait_for_letters("support@troth.test")

    assert found["Subject"] == "Where is my parcel?"
    assert found.get_content().strip() == "It should have been here on Monday."


def test_an_address_with_a_token_lands_in_its_mailbox(mail_lab: MailLab) -> None:
    mail_lab.send(letter(), sender="ann@example.test", to="support+c-17.abc@troth.test")

    (found,) = mail_lab.wait_for_letters("support@troth.test")

    assert found["Delivered-To"] == "support+c-17.abc@troth.test"


def test_nothing_leaves(mail_lab: MailLab) -> None:
    try:
        mail_lab.send(letter(), sender="sam@troth.test", to="someone@example.com")
    except smtplib.SMTPRecipientsRefused:
        return  # our own relay says so at once; Postfix takes it and sends a report

    (report,) = mail_lab.wait_for_letters("sam@troth.test")

    assert "no mail leaves the laboratory" in report.as_string()


def test_idle_wakes(mail_lab: MailLab) -> None:
    with MailBoxUnencrypted(mail_lab.host, mail_lab.imap_port).login("support@troth.test", mail_lab.password) as box:
        sender = threading.Timer(
            0.3, mail_lab.send, [letter()], {"sender": "ann@example.test", "to": "support@troth.test"}
        )
        sender.start()
        began = time.monotonic()

        woken = box.idle.wait(timeout=20)

        assert woken
        assert time.monotonic() - began < 10
        assert [found.subject for found in box.fetch(mark_seen=False)] == ["Where is my parcel?"]
        sender.join()


def test_a_new_mailbox_can_be_added(mail_lab: MailLab) -> None:
    mail_lab.dovecot.add("kim@example.test")

    mail_lab.send(letter(), sender="ann@example.test", to="kim@example.test")

    assert len(mail_lab.wait_for_letters("kim@example.test")) == 1


@pytest.mark.parametrize(
    ("fault", "raised", "kept"),
    [
        (Fault.NORMAL, None, 1),
        (Fault.BANNER_421, smtplib.SMTPConnectError, 0),
        (Fault.TARPIT, smtplib.SMTPServerDisconnected, 0),
        (Fault.RCPT_450, smtplib.SMTPRecipientsRefused, 0),
        (Fault.RCPT_550, smtplib.SMTPRecipientsRefused, 0),
        (Fault.DOT_452, smtplib.SMTPDataError, 0),
        (Fault.DOT_554, smtplib.SMTPDataError, 0),
        (Fault.CUT_MID_DATA, smtplib.SMTPServerDisconnected, 0),
        (Fault.CUT_AFTER_DOT_LOST, smtplib.SMTPServerDisconnected, 0),
        (Fault.CUT_AFTER_DOT_KEPT, smtplib.SMTPServerDisconnected, 1),
        (Fault.SLOW_250_KEPT, smtplib.SMTPServerDisconnected, 1),
        (Fault.GARBAGE, smtplib.SMTPSenderRefused, 0),
    ],
    ids=lambda value: value.name if isinstance(value, Fault) else "",
)
def test_every_fault_looks_as_it_does_in_the_world(
    fault_smtp: FaultSmtp, fault: Fault, raised: type[Exception] | None, kept: int
) -> None:
    fault_smtp.fault = fault

    def send() -> None:
        with smtplib.SMTP(fault_smtp.host, fault_smtp.port, timeout=0.7) as smtp:
            smtp.send_message(letter(), "support@troth.test", ["ann@example.test"])

    if raised:
        with pytest.raises(raised):
            send()
    else:
        send()

    assert [(found.sender, found.recipients) for found in fault_smtp.accepted] == [
        ("support@troth.test", ("ann@example.test",))
    ] * kept


def test_faults_can_be_planned_one_connection_each(fault_smtp: FaultSmtp) -> None:
    fault_smtp.plan = [Fault.BANNER_421, Fault.DOT_452]
    seen = []
    for _attempt in range(3):
        try:
            with smtplib.SMTP(fault_smtp.host, fault_smtp.port, timeout=5) as smtp:
                smtp.send_message(letter(), "support@troth.test", ["ann@example.test"])
            seen.append("sent")
        except smtplib.SMTPException as error:
            seen.append(type(error).__name__)

    assert seen == ["SMTPConnectError", "SMTPDataError", "sent"]
    assert fault_smtp.sessions == 3


@pytest.fixture
def open_place() -> Iterator[Path]:
    """A directory with a short path that every user may enter, removed whatever happens."""
    made = servers.place("lab")
    yield made
    shutil.rmtree(made, ignore_errors=True)


@pytest.mark.parametrize("sign", [signal.SIGKILL, None], ids=["killed", "stopped"])
def test_no_process_stays(sign: signal.Signals | None, open_place: Path) -> None:
    code = (
        "import sys, tempfile; tempfile.tempdir = sys.argv[1]; from tests.lab.mail import MailLab; lab = MailLab(); "
        "lab.start(); print(lab.imap_port, lab.smtp_port, flush=True); sys.stdin.read(); lab.stop()"
    )
    environment = os.environ | {"PYTHONPATH": f"{ROOT}:{ROOT / 'src'}"}
    words = [sys.executable, "-c", code, str(open_place)]
    process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment)
    with process:
        assert process.stdout
        ports = process.stdout.readline().split()
        assert len(ports) == 2
        started = children_of(process.pid)
        if sign:
            process.send_signal(sign)

    until = time.monotonic() + 20
    while any(Path(f"/proc/{pid}").exists() for pid in started):
        assert time.monotonic() < until
        time.sleep(0.05)
    assert started


def test_a_missing_package_is_told_with_the_line_to_install_it() -> None:
    with pytest.raises(servers.NotInstalled, match="apt-get install -y --no-install-recommends dovecot-imapd"):
        servers.program("no-such-server")


def children_of(pid: int) -> set[int]:
    """Every process below *pid*."""
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
    found, fresh = set(), {pid}
    while fresh:
        fresh = {child for child, parent in parents.items() if parent in fresh} - found
        found |= fresh
    return found
