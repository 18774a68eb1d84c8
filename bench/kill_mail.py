"""Kill or pause the mail worker again and again, with real mail servers, and count what was lost or doubled.

python -m bench.kill_mail out 60      letters out, SIGKILL
python -m bench.kill_mail pause 500   letters out, two workers, SIGSTOP and SIGCONT
python -m bench.kill_mail in 50       letters in, read, acknowledged, SIGKILL
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path

from tests.lab.mail import MailLab

from troth.site.postgres import Cluster

WORKER = """
import django, time
django.setup()
from datetime import timedelta
from django.utils import timezone
from troth.channels.email import receive
from troth.channels.email.models import Mailbox
from troth.inbox import actions as arrivals, tasks as inbox
from troth.post import actions, sending

actions.LEASE = arrivals.LEASE = sending.LOOK_EVERY = timedelta(seconds=0.3)
arrivals.TRIES = 1000
sending.BATCH = 2
print("up", flush=True)
while True:
    try:
        for mailbox in Mailbox.objects.filter(is_archive=False):
            receive.fetch_once(mailbox.pk, clock=timezone.now)
        inbox.read_waiting()
        sending.sweep(carrier=sending.carrier_in_use(), clock=timezone.now, look_for=timedelta(seconds=4))
    except Exception as error:
        print(error, flush=True)
    time.sleep(0.05)
"""
GIVE_UP_SECONDS = 600


def main(how: str, number: int) -> None:
    lab = MailLab()
    place = Path(tempfile.mkdtemp(prefix="troth-kill-", dir="/tmp"))
    place.chmod(0o755)
    cluster = Cluster(place / "postgres", fast=True)
    try:
        lab.start()
        assert lab.smtp
        os.environ |= {
            "DATABASE_URL": cluster.start(),
            "DJANGO_SETTINGS_MODULE": "troth.site.settings",
            "TROTH_DATA": str(place / "data"),
            "TROTH_LOG_LEVEL": "ERROR",
            "TROTH_MAIL_FROM": "support@troth.test",
            "TROTH_MAIL_ARCHIVE": "archive@troth.test",
            "TROTH_SMTP_HOST": lab.host,
            "TROTH_SMTP_PORT": str(lab.smtp_port),
        }
        run(lab, how, number)
    finally:
        lab.stop()
        cluster.stop()


def run(lab: MailLab, how: str, number: int) -> None:
    import django  # the settings must be in the environment first

    django.setup()
    from django.core.management import call_command

    from troth.cases.models import Message
    from troth.inbox.models import Arrival
    from troth.post.models import Attempt, Letter

    call_command("migrate", verbosity=0)
    prepare(lab, how, number)

    def left() -> bool:
        if how == "in" and (Arrival.objects.count() < number or Arrival.objects.filter(state="waiting").exists()):
            return True
        return Letter.objects.filter(state__in=["queued", "sending", "data"]).exists()

    began = time.monotonic()
    strikes = pause(left) if how == "pause" else kill(left, longest=1.2 if how == "in" else 0.25)
    time.sleep(3)  # what the mail servers still hold
    arrived = Counter(str(letter["Message-ID"]) for letter in lab.letters("ann@example.test"))
    wanted = set(Letter.objects.values_list("message_id", flat=True))
    print(f"{how}: {strikes} strikes in {time.monotonic() - began:.0f} s, {len(wanted)} letters")
    print(f"  tries {Attempt.objects.count()}, settled by the archive {Letter.objects.filter(verified=True).count()}")
    if how == "in":
        print(f"  arrivals {Arrival.objects.count()}, messages {Message.objects.count()}, of {number}")
    print(f"  lost {len(wanted - set(arrived))}, doubled {sum(count > 1 for count in arrived.values())}")


def prepare(lab: MailLab, how: str, number: int) -> None:
    from django.utils import timezone

    from troth.channels.email.actions import add_mailbox
    from troth.post import actions

    for name in ["archive", "support"] if how == "in" else ["archive"]:
        address = f"{name}@troth.test"
        add_mailbox(
            name=name,
            address=address,
            host=lab.host,
            port=lab.imap_port,
            tls="none",
            user=address,
            password=lab.password,
            is_archive=name == "archive",
            now=timezone.now(),
        )
    for count in range(number):
        if how == "in":
            letter = EmailMessage()
            letter["From"] = f"ann+{count}@example.test"
            letter["To"] = "support@troth.test"
            letter["Subject"] = f"Parcel {count}"
            letter["Message-ID"] = f"<in{count}@example.test>"
            letter.set_content(f"Where is parcel {count}?")
            lab.send(letter, sender="ann@example.test", to="support@troth.test")
        else:
            actions.hand_over(
                key=f"kill:{count}",
                to_address="ann@example.test",
                subject=f"Parcel {count}",
                text="It leaves on Tuesday.",
                because="case:1",
                customer_id=None,
                automatic=False,
                now=timezone.now(),
            )


def kill(left: Callable[[], bool], *, longest: float) -> int:
    strikes, until = 0, time.monotonic() + GIVE_UP_SECONDS
    while left() and time.monotonic() < until:
        worker = start()
        time.sleep(random.uniform(0, longest))
        worker.kill()
        worker.wait()
        strikes += 1
    return strikes


def pause(left: Callable[[], bool]) -> int:
    workers = [start(), start()]
    strikes, until = 0, time.monotonic() + GIVE_UP_SECONDS
    while left() and time.monotonic() < until:
        worker = random.choice(workers)
        time.sleep(random.uniform(0, 0.05))
        os.kill(worker.pid, signal.SIGSTOP)
        time.sleep(random.uniform(0.35, 0.6))  # longer than the lease: the other one takes over
        os.kill(worker.pid, signal.SIGCONT)
        strikes += 1
    for worker in workers:
        worker.kill()
        worker.wait()
    return strikes


def start() -> subprocess.Popen[str]:
    worker = subprocess.Popen([sys.executable, "-c", WORKER], stdout=subprocess.PIPE, text=True)
    assert worker.stdout
    worker.stdout.readline()
    return worker


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
