"""Letters out: handed over, then sent by SMTP on one kept connection, each by the protocol that sends it once and only once."""

from __future__ import annotations

import subprocess
import sys
import time

from bench.spine.gauge import Gauge
from django.conf import settings
from django.utils import timezone

SINK = """
from tests.lab.smtp import SmtpServer
import time
class Sink(SmtpServer):
    def keep(self, letter):
        return "250 kept"
sink = Sink()
sink.start()
print(sink.port, flush=True)
time.sleep(3600)
"""


def handed_over(count: int = 10_000) -> Gauge:
    """*count* letters written and queued with their facts, in batches of a thousand."""
    from django.db import transaction

    from troth.post import actions

    gauge = Gauge()
    now = timezone.now()
    with gauge.take():
        for start in range(0, count, 1000):
            letters = [
                actions.written(
                    actions.Outgoing(
                        key=f"bench:{time.time_ns()}:{number}",
                        to_address=f"customer{number}@example.net",
                        subject="A word before the date",
                        text="We promised you this by Thursday.\n\nIt is not done yet, and we would rather tell you now.",
                        because="case:1",
                        customer_id=None,
                        automatic=True,
                    ),
                    now=now,
                )
                for number in range(start, min(start + 1000, count))
            ]
            with transaction.atomic():
                actions.hand_over_all(letters, now=now)
    return gauge


def sent(count: int = 1_000) -> Gauge:
    """What of the letters in the queue leaves: *count* of them."""
    from troth.channels.email.carrier import SmtpCarrier
    from troth.post import sending

    sink = subprocess.Popen([sys.executable, "-c", SINK], stdout=subprocess.PIPE, text=True)
    try:
        assert sink.stdout
        settings.TROTH_SMTP_HOST, settings.TROTH_SMTP_PORT = "127.0.0.1", int(sink.stdout.readline())
        gauge = Gauge()
        with gauge.take():
            assert sending.sweep(carrier=SmtpCarrier(), clock=timezone.now, limit=count) == count
        return gauge
    finally:
        sink.kill()
        sink.wait()
