"""R5: a mail server that fails in twelve ways, for every kind of letter, with a copy in the archive and without one.

Every letter is tried once while the server fails and then, on its schedule, by a server that is well. The bytes go over a real
line to `FaultSmtp`, which hands what it keeps to Dovecot; the clock is ours, so that a day of waiting takes no time.
"""

from __future__ import annotations

import itertools
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.test import override_settings
from tests.lab.mail import DOMAINS, MailLab
from tests.lab.smtp import Fault, FaultSmtp, Relay
from tests.people_and_things import NOW, company, handle, promise, staff

from faults.afterwards import checked
from faults.registry import Outcome
from troth.cases import actions as cases
from troth.cases.models import Case
from troth.channels.email import actions as email
from troth.channels.email.carrier import SmtpCarrier
from troth.people.models import Staff
from troth.post import actions as post
from troth.post import queries, sending
from troth.post.models import UNDER_WAY, Attempt, Letter, LetterState
from troth.post.rules.retry import SCHEDULE
from troth.promises import actions as promises
from troth.promises import watcher
from troth.promises.models import Promise

KINDS = ("acknowledgement", "reply", "warning", "word to the lead", "heads-up", "new date")
FAULTS = tuple(fault for fault in Fault if fault is not Fault.NORMAL)
#: In these the letter is refused for ever, and staff see it.
FOR_EVER = {Fault.RCPT_550, Fault.DOT_554}
#: In these only an archive can tell whether it arrived.
DOUBTFUL = {Fault.CUT_MID_DATA, Fault.CUT_AFTER_DOT_LOST, Fault.CUT_AFTER_DOT_KEPT, Fault.SLOW_250_KEPT}


@dataclass
class Clock:
    now: datetime

    def __call__(self) -> datetime:
        return self.now


@contextmanager
def post_office(lab: MailLab) -> Iterator[FaultSmtp]:
    """A company whose letters go to a server that fails as it is told."""
    relay = Relay(lmtp_port=lab.dovecot.lmtp_port, domains=DOMAINS)
    server = FaultSmtp(take=relay.deliver)
    server.slow_seconds = 1.0
    server.start()
    email.add_mailbox(
        name="Archive", address="archive@troth.test", host=lab.host, port=lab.imap_port, tls="none",
        user="archive@troth.test", password=lab.password, folder="INBOX", is_archive=True, now=NOW,
    )  # fmt: skip
    known = {"TROTH_SMTP_HOST": server.host, "TROTH_SMTP_PORT": server.port, "TROTH_MAIL_FROM": "support@troth.test"}
    try:
        with override_settings(**known, TROTH_MAIL_ARCHIVE="archive@troth.test"):
            yield server
    finally:
        server.stop()


def carrier() -> SmtpCarrier:
    """Ours, with less patience than it has for real servers."""
    return SmtpCarrier(connect_seconds=0.4, command_seconds=2.0, after_dot_seconds=0.4)


def smtp_fails(
    lab: MailLab, *, faults: Sequence[Fault] = FAULTS, with_archive: Sequence[bool] = (True, False)
) -> Outcome:
    """Each fault for each kind of letter; afterwards each letter arrived once, or staff see that it did not, or may not have."""
    lost = doubled = stuck = 0
    rounds: list[tuple[Fault, bool, list[Letter]]] = []
    with post_office(lab) as server:
        everybody()
        for number, (archive, fault) in enumerate(itertools.product(with_archive, FAULTS)):
            clock = Clock(NOW + timedelta(days=10 * number))
            letters = one_of_each_kind(clock)
            with override_settings(TROTH_MAIL_ARCHIVE="archive@troth.test" if archive else ""):
                try_once(letters, fault, server=server, clock=clock)
                send_the_rest(clock)
            settle_promises(clock)
            rounds.append((fault, archive, letters))
        arrived = Counter(
            str(found["Message-ID"])
            for address in ("ann@example.test", "bob@example.test", "sam@troth.test")
            for found in lab.letters(address)
        )
        seen = {letter.pk for letter in queries.failed(limit=10_000)}
        for fault, archive, letters in rounds:
            for letter in Letter.objects.filter(pk__in=[letter.pk for letter in letters]):
                copies = arrived[letter.message_id]
                doubled += max(0, copies - 1)
                stuck += letter.state in UNDER_WAY
                lost += letter.state != expected(fault, archive=archive)
                lost += letter.state == LetterState.SENT and copies == 0
                lost += letter.state != LetterState.SENT and letter.pk not in seen
    points = sum(len(letters) for _fault, _archive, letters in rounds)
    return checked(Outcome(points=points, lost=lost, doubled=doubled, stuck=stuck), now=clock.now)


def expected(fault: Fault, *, archive: bool) -> LetterState:
    if fault in FOR_EVER:
        return LetterState.REFUSED
    return LetterState.UNCLEAR if fault in DOUBTFUL and not archive else LetterState.SENT


def everybody() -> None:
    company()
    staff("sam@troth.test")
    staff("bob@example.test", role="lead")


def one_of_each_kind(clock: Clock) -> list[Letter]:
    """A letter of each of *KINDS*, made as the product makes them, and due now."""
    before = set(Letter.objects.values_list("pk", flat=True))
    ann, sam = handle("ann@example.test"), Staff.objects.get(email="sam@troth.test")
    message = cases.open_or_join(
        handle=ann, subject="My parcel", text="Where is it?", at=clock.now, verified=True, now=clock.now
    )
    cases.acknowledge(message, now=clock.now)
    case = Case.objects.get(pk=message.case_id)
    cases.send_reply(case, staff=sam, text="It is at the depot.", seen_message=message.pk, now=clock.now)
    clock.now += timedelta(seconds=settings.TROTH_UNDO_SECONDS + 1)
    cases.leave(now=clock.now)
    dated = {"customer": ann.customer, "owner": sam, "said_at": clock.now, "now": clock.now}
    moved = promise(**dated, what="repair the wheel", due=clock.now + timedelta(days=5))
    promises.move(
        moved, to=clock.now + timedelta(days=9), words="The rim is late.", reason="supplier", by=sam, now=clock.now
    )
    watched = promise(**dated, what="send the parcel again", due=clock.now + timedelta(days=2))
    assert watched.heads_up_at is not None
    clock.now = watched.heads_up_at
    watcher.look_ahead(now=clock.now)
    made = list(Letter.objects.exclude(pk__in=before).order_by("pk"))
    assert len(made) == len(KINDS), [letter.subject for letter in made]
    return made


def settle_promises(clock: Clock) -> None:
    """What was promised in this round is kept, so that the next round's watcher finds its own only."""
    for owed in Promise.objects.filter(done_at=None, state__in=("open", "moved", "late")):
        promises.keep(owed, by=None, now=clock.now)


def try_once(letters: Sequence[Letter], fault: Fault, *, server: FaultSmtp, clock: Clock) -> None:
    """Each letter meets the fault once; where the server is away altogether, one of them finds that out for all."""
    server.fault = fault
    sending.sweep(carrier=carrier(), clock=clock)
    tried = Attempt.objects.filter(letter__in=letters).values("letter").distinct().count()
    assert tried == (1 if fault in {Fault.BANNER_421, Fault.TARPIT} else len(letters)), (fault, tried)
    server.fault = Fault.NORMAL


def send_the_rest(clock: Clock) -> None:
    """By a server that is well, as time goes on."""
    until = clock.now + timedelta(days=3)
    while Letter.objects.filter(state__in=UNDER_WAY).exists() and clock.now < until:
        clock.now += timedelta(seconds=61)
        sending.sweep(carrier=carrier(), clock=clock)


def busy_mailbox(lab: MailLab, *, number: int = 40) -> Outcome:
    """A mailbox that is busy for days is tried as the schedule says, then staff see it; nobody else waits for it."""
    with post_office(lab) as server:
        everybody()
        server.busy = {"bob@example.test"}
        clock = Clock(NOW)
        began = time.monotonic()
        busy = [hand_over(f"busy:{each}", "bob@example.test", clock) for each in range(number)]
        good = [hand_over(f"good:{each}", "ann@example.test", clock) for each in range(number)]
        sending.sweep(carrier=carrier(), clock=clock)
        seconds = time.monotonic() - began
        late = Letter.objects.filter(pk__in=[letter.pk for letter in good]).exclude(state=LetterState.SENT).count()
        while waiting := Letter.objects.filter(state__in=UNDER_WAY).order_by("next_try_at").first():
            clock.now = waiting.next_try_at
            sending.sweep(carrier=carrier(), clock=clock)
        tries = list(Attempt.objects.filter(letter=busy[0]).order_by("pk").values_list("started_at", flat=True))
        seen = {letter.pk for letter in queries.failed(limit=10_000)}
    gaps = tuple(after - before for before, after in itertools.pairwise(tries))
    outcome = Outcome(
        points=len(busy) + len(good),
        lost=late + len({letter.pk for letter in busy} - seen) + (gaps != SCHEDULE),
        doubled=max(0, len(lab.letters("ann@example.test")) - len(good)),
        stuck=int(seconds > 5),
        notes=f"{number} letters among {number} to a busy mailbox were through in {seconds:.1f} s",
    )
    return checked(outcome, now=clock.now)


def hand_over(key: str, to: str, clock: Clock) -> Letter:
    return post.hand_over(
        key=key,
        to_address=to,
        subject="Your parcel",
        text="It leaves on Tuesday.",
        because="case:1",
        customer_id=None,
        automatic=False,
        now=clock.now,
    )
