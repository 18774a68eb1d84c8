"""The half of the post: letters written, queued and handed to a mail server; and how fast that server takes them from anybody."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bench.notices.sink import END
from bench.spine.gauge import Gauge, pss_mib
from django.conf import settings
from django.utils import timezone

TEXT = """Hello,

on Tuesday morning a van of ours broke down, and your parcel was in it. That is our fault, and we are sorry.

Your parcel will be with you on Friday. If you would rather have your money back, answer this letter, and you have it within two days.

We have hired a second van for the rest of the week. We write to you again on Thursday at 5 pm, whatever happens until then.

Parcel & Co
"""
BATCH = 1_000
#: Letters handed to the server by nobody in particular between two rounds of ours.
RAW = 2_000


class Sink:
    """The server, in a process of its own."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bench.notices.sink"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self.process.stdout
        self.port = int(self.process.stdout.readline())

    @property
    def cpu_ms(self) -> float:
        return int(Path(f"/proc/{self.process.pid}/schedstat").read_text().split()[0]) / 1e6


@contextmanager
def sink() -> Iterator[Sink]:
    """A server that takes all, and is the one letters of the product go to."""
    here = Sink()
    settings.TROTH_SMTP_HOST, settings.TROTH_SMTP_PORT = "127.0.0.1", here.port
    try:
        yield here
    finally:
        here.process.kill()
        here.process.wait()


def raw(port: int, letter: bytes, count: int = RAW) -> float:
    """Letters a second, made beforehand, over one line and with the same commands ahead: nothing is asked, nothing noted."""
    envelope = b"MAIL FROM:<support@troth.test>\r\nRCPT TO:<customer@example.net>\r\nDATA\r\n"
    with socket.create_connection(("127.0.0.1", port)) as line:
        line.recv(4096)
        line.sendall(b"EHLO bench\r\n")
        line.recv(4096)
        line.sendall(envelope)
        _until(line, b"354")
        began = time.perf_counter()
        for _letter in range(count):
            line.sendall(letter + END[2:] + envelope)
            _until(line, b"354")
        return count / (time.perf_counter() - began)


def _until(line: socket.socket, word: bytes) -> None:
    while word not in line.recv(4096):
        pass


def queued(count: int) -> Gauge:
    """*count* letters that say the same written and queued with their facts, a thousand in a transaction."""
    from troth.post import actions

    gauge = Gauge()
    for start in range(0, count, BATCH):
        with gauge.take():
            now = timezone.now()
            alike = actions.Alike(subject="Your parcel is late", text=TEXT, because="notice:1", now=now)
            letters = [
                alike.to(
                    f"customer{number}@example.net",
                    key=f"bench:{number}",
                    customer_id=number + 1,
                    to_name=f"Customer {number}",
                )
                for number in range(start, min(start + BATCH, count))
            ]
            actions.hand_over_bulk(letters, now=now)
    return gauge


@dataclass
class Sent:
    """What it took to hand over what was queued."""

    gauge: Gauge = field(default_factory=Gauge)
    sink_ms: float = 0.0
    #: Letters a second that the server took from somebody who only writes, before the first round and after each.
    raw: list[float] = field(default_factory=list)
    #: Memory of this process after each round.
    memory: list[float] = field(default_factory=list)


def sent(here: Sink, count: int) -> Sent:
    """Everything that is queued leaves in rounds, as the worker's lane does it."""
    from troth.channels.email.carrier import SmtpCarrier
    from troth.post import bulk
    from troth.post.models import Letter

    letter = bytes(Letter.objects.values_list("raw", flat=True)[0])
    found, done, pid = Sent(), 0, os.getpid()
    found.raw.append(raw(here.port, letter))
    while done < count:
        before = here.cpu_ms
        with found.gauge.take():
            took = bulk.sweep(carrier=SmtpCarrier(), clock=timezone.now)
        assert took, f"{done} of {count} left"
        done += took
        found.sink_ms += here.cpu_ms - before
        found.memory.append(pss_mib(pid))
        if count <= 20_000 or len(found.raw) < 20:
            found.raw.append(raw(here.port, letter))
    assert Letter.objects.filter(state="sent").count() == count
    return found
