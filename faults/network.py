"""R17: the network cut, half-open or without names during each call to the outside. No call outlasts its patience, nothing is lost
or doubled by it, and pages wait for none of it.
"""

from __future__ import annotations

import http.client
import os
import shutil
import statistics
import subprocess
import sys
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from unittest import mock

from tests.lab.mail import MailLab
from tests.lab.proxy import Line, Proxy

from faults.registry import Outcome
from faults.traffic import busy_product

#: How patient our own calls are here, and what is added for a busy machine.
PATIENCE_SECONDS, ALLOWED_SECONDS = 0.5, 3.0
#: A page may take so long while nobody outside answers, nineteen times of twenty.
PAGE_SECONDS = 0.5


def letters_out(lab: MailLab, *, hows: Sequence[Line] = (Line.DEAD, Line.HELD), most: int = 100) -> Outcome:
    """The line to the mail server is cut or falls silent at each thing we say, before or after it was heard."""
    from tests.people_and_things import NOW, company

    from faults.letters_out import Clock, hand_over, post_office, send_the_rest
    from troth.channels.email.carrier import SmtpCarrier
    from troth.post import sending
    from troth.post.models import Letter, LetterState

    def carrier() -> SmtpCarrier:
        return SmtpCarrier(
            connect_seconds=PATIENCE_SECONDS, command_seconds=PATIENCE_SECONDS, after_dot_seconds=PATIENCE_SECONDS
        )

    points, held_too_long = 0, 0
    with post_office(lab) as server, proxied(server.host, server.port) as proxy, smtp_by(proxy):
        company()
        clock = Clock(NOW)
        for how in hows:
            for heard in (False, True):
                for number in range(1, most + 1):
                    hand_over(f"{how}:{heard}:{number}", "ann@example.test", clock)
                    proxy.spoil_at(number, how=how, heard=heard)
                    began = time.monotonic()
                    sending.sweep(carrier=carrier(), clock=clock)
                    # A letter is given up after one silence; saying goodbye and asking the archive may each meet another.
                    held_too_long += time.monotonic() - began > 3 * PATIENCE_SECONDS + ALLOWED_SECONDS
                    struck = proxy.is_spoilt
                    proxy.mend()
                    send_the_rest(clock)
                    if not struck:
                        break
                    points += 1
        sent = dict(Letter.objects.values_list("message_id", "state"))
        arrived = Counter(str(found["Message-ID"]) for found in lab.letters("ann@example.test"))
        now = clock.now
    outcome = Outcome(
        points=points,
        lost=sum(state != LetterState.SENT or not arrived[name] for name, state in sent.items()),
        doubled=sum(count - 1 for count in arrived.values()),
        stuck=held_too_long,
    )
    from faults.afterwards import checked

    return checked(outcome, now=now)


def letters_in(lab: MailLab) -> Outcome:
    """The line to the mailbox falls silent at each thing we say, before or after it was heard."""
    from django.utils import timezone
    from tests.people_and_things import company

    from faults.letters_in import counted, fails, plain, watched
    from troth.channels.email import receive
    from troth.inbox import tasks

    company()
    points = sent = held_too_long = 0
    with proxied(lab.host, lab.imap_port) as proxy, mock.patch.object(receive, "LINE_SECONDS", PATIENCE_SECONDS):
        box = watched(lab, "support", port=proxy.port)
        for heard in (False, True):
            for number in range(1, 100):
                lab.send(plain(sent), sender="ann@example.test", to="support@troth.test")
                sent += 1
                lab.wait_for_letters("support@troth.test", sent)
                proxy.spoil_at(number, how=Line.HELD, heard=heard)
                began = time.monotonic()
                failed = fails(box)
                held_too_long += time.monotonic() - began > 2 * PATIENCE_SECONDS + ALLOWED_SECONDS
                struck = proxy.is_spoilt
                proxy.mend()
                receive.fetch_once(box.pk, clock=timezone.now)
                tasks.read_waiting()
                if not (struck or failed):
                    break
                points += 1
    outcome = counted(sent, points=points, notes=f"silent at {points} places of the dialogue with the mailbox")
    return outcome + Outcome(points=0, stuck=held_too_long)


def pages_meanwhile(*, seconds: float = 30) -> Outcome:
    """While the lines to the mail server and the mailboxes are half-open, and while they are dead, pages are as quick as ever."""
    stuck, notes = 0, []
    with busy_product(spoilt=True) as traffic:
        smtp, imap = traffic.lines
        for how in (Line.HELD, Line.DEAD):
            for proxy in (smtp, imap):
                proxy.set(how)
            times = page_times(traffic.product.ask, seconds=seconds)
            for proxy in (smtp, imap):
                proxy.set(Line.OPEN)
            slowest = statistics.quantiles(times, n=20)[-1]
            took, waiting = traffic.settle(seconds=90)
            stuck += waiting + (slowest > PAGE_SECONDS)
            notes.append(
                f"{how.name.lower()}: pages p95 {slowest * 1000:.0f} ms, all done {took:.0f} s after it was well"
            )
        return Outcome(points=4, stuck=stuck, notes="; ".join(notes)) + traffic.outcome(seconds=30)


def page_times(ask: Callable[[str], int], *, seconds: float) -> list[float]:
    """How long Today took, over and over; one that did not come counts as a minute."""
    times, until = [], time.monotonic() + seconds
    while time.monotonic() < until:
        began = time.monotonic()
        try:
            well = ask("/today/") == 200
        except (OSError, http.client.HTTPException):
            well = False
        times.append(time.monotonic() - began if well else 60.0)
        time.sleep(0.1)
    return times


NAMELESS = """
import time
import django
django.setup()
from django.utils import timezone
from troth.channels.email import actions as email
from troth.channels.email.carrier import SmtpCarrier
from troth.channels.email.receive import fetch_once
from troth.post import actions as post, sending
from troth.post.models import Letter
now = timezone.now()
letter = post.hand_over(key="nameless", to_address="ann@example.test", subject="x", text="y", because="case:1",
    customer_id=None, automatic=False, now=now)
box = email.add_mailbox(name="support", address="support@troth.test", host="imap.troth.test", user="support", password="x", now=now)
began = time.monotonic()
sending.sweep(carrier=SmtpCarrier(), clock=timezone.now)
out = time.monotonic() - began
try:
    fetch_once(box.pk, clock=timezone.now)
except OSError:
    pass
print(out, time.monotonic() - began - out, Letter.objects.get(pk=letter.pk).state)
"""


def names_are_dead(_lab: MailLab) -> Outcome:
    """In a network of its own, where whoever is asked for an address never answers."""
    if os.geteuid() != 0 or not shutil.which("ip", path="/usr/sbin:/sbin"):
        return Outcome(points=0, notes="not tried: a network without names needs root and iproute2")
    with nameless_network() as inside:
        words = [*inside, sys.executable, "-c", NAMELESS]
        known = os.environ | {"TROTH_SMTP_HOST": "smtp.troth.test", "PYTHONPATH": os.pathsep.join(sys.path)}
        done = subprocess.run(words, env=known, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    out, into, state = done.stdout.split()
    notes = f"a letter waits again after {float(out):.0f} s, a mailbox after {float(into):.0f} s"
    return Outcome(points=2, lost=int(state != "queued"), stuck=(float(out) > 45) + (float(into) > 75), notes=notes)


#: A line whose other end takes everything and passes nothing on.
NAMELESS_LINK = (
    "link set lo up",
    "link add out type veth peer name void",
    "address add 10.98.0.2/24 dev out",
    "link set out up",
    "link set void up",
    "neighbour add 10.98.0.1 lladdr 02:00:00:00:00:01 dev out nud permanent",
)


@contextmanager
def nameless_network() -> Iterator[list[str]]:
    """The words that run a program in it: every packet of it goes nowhere, and no answer comes."""
    name = f"troth-{uuid.uuid4().hex[:8]}"
    known = Path("/etc/netns") / name
    known.mkdir(parents=True)
    (known / "resolv.conf").write_text("nameserver 10.98.0.1\n")
    inside = ["ip", "netns", "exec", name]
    try:
        subprocess.run(["ip", "netns", "add", name], check=True)
        for words in NAMELESS_LINK:
            subprocess.run([*inside, "ip", *words.split()], check=True)
        yield inside
    finally:
        subprocess.run(["ip", "netns", "delete", name], check=False)
        shutil.rmtree(known, ignore_errors=True)


@contextmanager
def proxied(host: str, port: int) -> Iterator[Proxy]:
    proxy = Proxy(host, port)
    proxy.start()
    try:
        yield proxy
    finally:
        proxy.mend()
        proxy.stop()


@contextmanager
def smtp_by(proxy: Proxy) -> Iterator[None]:
    from django.test import override_settings

    with override_settings(TROTH_SMTP_HOST=proxy.host, TROTH_SMTP_PORT=proxy.port):
        yield
