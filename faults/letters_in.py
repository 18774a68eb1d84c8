"""R6: letters that come twice, in any order, a month late, in two mailboxes that forget their numbers, over lines that break.

Whatever the order and however often, each letter is one message, the cases and the links between them are the same, and nobody
is acknowledged twice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st
from tests.lab.mail import MailLab
from tests.lab.proxy import Proxy
from tests.people_and_things import NOW, company, handle

from faults.afterwards import checked
from faults.registry import Outcome
from troth.cases import actions as cases
from troth.cases.models import Case, Message
from troth.channels.email import actions as email
from troth.channels.email.models import Mailbox
from troth.channels.email.parse import parse
from troth.channels.email.receive import fetch_once
from troth.inbox import actions as inbox
from troth.inbox import tasks
from troth.inbox.models import Arrival
from troth.post.models import Letter
from troth.post.queries import reply_token

# Every order


@dataclass(frozen=True)
class Mail:
    """One letter as it arrives: *which* letter it is, and the bytes of this copy of it."""

    which: str
    raw: bytes
    received_at: datetime


def letter(
    which: str, *, sender: str = "ann@example.net", to: str = "support@troth.test", refers: Sequence[str] = (),
    minutes: int = 0, message_id: str = "", **headers: str,
) -> Mail:  # fmt: skip
    sent_at = NOW + timedelta(minutes=minutes)
    written = EmailMessage()
    written["From"] = f"Somebody <{sender}>"
    written["To"] = to
    written["Subject"] = which
    written["Message-ID"] = message_id or id_of(which)
    written["Date"] = format_datetime(sent_at - timedelta(days=30) if which == "a month late" else sent_at)
    if refers:
        written["In-Reply-To"], written["References"] = id_of(refers[-1]), " ".join(map(id_of, refers))
    for name, value in headers.items():
        written[name.replace("_", "-")] = value
    written.set_content(f"About {which}. I am angry about it.\n" if minutes % 2 else f"About {which}.\n")
    return Mail(which, written.as_bytes(), sent_at)


def id_of(which: str) -> str:
    return f"<{which.replace(' ', '-')}@example.net>"


def post_bag(address: str) -> list[Mail]:
    """Letters that belong together in every way we know; *address* answers a letter of ours to Ann."""
    again = letter("first", minutes=3)
    return [
        letter("first", minutes=3),
        Mail("first", b"Received: from elsewhere\r\n" + again.raw, again.received_at),  # by another way
        Mail("first", again.raw, again.received_at),  # the very same, once more
        letter("answer", to=address, minutes=5),
        letter("second answer", to=address, refers=["answer"], minutes=8),
        letter("a month late", to=address, minutes=1),
        letter("about the first", refers=["first"], minutes=9),
        letter("about both", refers=["first", "about the first"], minutes=12),
        letter("stranger", sender="eve@example.com", to=address, minutes=6),
        letter("stranger about the first", sender="eve@example.com", refers=["first"], minutes=7),
        letter("same name, other words", message_id=id_of("first"), minutes=11),
        letter("automatic", to=address, minutes=10, Auto_Submitted="auto-replied"),
    ]


def any_order(_lab: MailLab | None = None, *, examples: int = 300) -> Outcome:
    """Up to seven letters of the bag, in two orders: the same messages, cases, links, clocks and acknowledgements."""
    company()
    ann = handle("ann@example.net")
    opened = cases.open_or_join(handle=ann, subject="Old", text="Hello?", at=NOW - timedelta(days=40), now=NOW)
    local, _at, domain = settings.TROTH_MAIL_FROM.partition("@")
    bag = post_bag(f"{local}+{reply_token(case_id=opened.case_id, participant=ann.pk, now=NOW)}@{domain}")
    seen: Counter[str] = Counter()

    @hypothesis(
        max_examples=examples,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
        derandomize=True,
    )
    @given(chosen=st.lists(st.sampled_from(range(len(bag))), min_size=2, max_size=7, unique=True), data=st.data())
    def the_order_says_nothing(chosen: list[int], data: st.DataObject) -> None:
        mails = [bag[number] for number in sorted(chosen)]
        order = data.draw(st.permutations(mails))

        one, other = taken_in(mails), taken_in(order)

        seen["orders"] += 1
        assert one == other, [mail.which for mail in order]
        assert one["messages"] == sorted({mail.which for mail in mails})
        assert max(Counter(one["acknowledged"]).values(), default=0) <= 1

    the_order_says_nothing()
    return Outcome(points=seen["orders"])


def taken_in(mails: Sequence[Mail]) -> dict[str, Any]:
    """What becomes of *mails* in this order; then it is forgotten again."""
    with transaction.atomic():
        for number, mail in enumerate(mails):
            now = NOW + timedelta(days=1, seconds=number)
            arrival = inbox.capture(
                channel="email", outside_id=f"1:1:{number}", source=mail.raw, received_at=mail.received_at, now=now
            )
            inbox.take_in(arrival, parse(mail.raw, own_addresses=[settings.TROTH_MAIL_FROM]), now=now)
        found = graph()
        transaction.set_rollback(True)
    return found


def graph() -> dict[str, Any]:
    """Who said what in which case, without any number of ours: a case is named by what is said in it."""
    said: dict[int, set[str]] = {}
    for case, text in Message.objects.filter(direction="inbound").values_list("case", "text"):
        said.setdefault(case, set()).add(text.partition(".")[0].removeprefix("About "))
    name = {case: " + ".join(sorted(words)) for case, words in said.items()}
    return {
        "messages": sorted(which for words in said.values() for which in words if which != "Hello?"),
        "cases": sorted(
            (name[case.pk], case.customer.name, name.get(case.seems_to_be_id or 0, ""), case.opened_at,
             case.last_message_at, case.unanswered_since, case.answer_by, case.emotion)
            for case in Case.objects.select_related("customer")
        ),
        "states": sorted(Arrival.objects.values_list("state", flat=True)),
        "acknowledged": sorted(Letter.objects.filter(automatic=True).values_list("to_address", flat=True)),
    }  # fmt: skip


# Real mailboxes


def mailboxes_forget(lab: MailLab, *, letters: int = 20) -> Outcome:
    """The same letter in two mailboxes, sent twice, sent a month late; then the server forgets every number it gave."""
    company()
    boxes = [watched(lab, name, port=lab.imap_port) for name in ("support", "sam")]
    for number in range(letters):
        mail = plain(number, days_ago=30 if number % 3 == 0 else 0)
        for to in ["support@troth.test", "sam@troth.test"] + ["support@troth.test"] * (number % 2):
            lab.send(mail, sender="ann@example.test", to=to)
    lab.wait_for_letters("support@troth.test", letters + letters // 2)
    lab.wait_for_letters("sam@troth.test", letters)
    for _round in range(3):
        for box in boxes:
            fetch_once(box.pk, clock=timezone.now)
            tasks.read_waiting()
            lab.dovecot.forget(f"{box.name}@troth.test")
    again = Arrival.objects.count()
    return counted(letters, points=again, notes=f"{letters} letters arrived {again} times")


def lines_break(lab: MailLab, *, most: int = 10_000) -> Outcome:
    """The line to the mailbox is cut at each thing said to the server, before and after it was heard; a letter comes each time."""
    company()
    proxy = Proxy(lab.host, lab.imap_port)
    proxy.start()
    sent = cuts = 0
    try:
        box = watched(lab, "support", port=proxy.port)
        for heard in (False, True):
            number = 0
            while number < most:
                number += 1
                lab.send(plain(sent), sender="ann@example.test", to="support@troth.test")
                sent += 1
                lab.wait_for_letters("support@troth.test", sent)
                proxy.spoil_at(number, heard=heard)
                if not fails(box):
                    break
                cuts += 1
                proxy.mend()
                fetch_once(box.pk, clock=timezone.now)
                tasks.read_waiting()
            proxy.mend()
            fetch_once(box.pk, clock=timezone.now)
            tasks.read_waiting()
    finally:
        proxy.stop()
    return counted(sent, points=cuts, notes=f"cut at {cuts} places of the dialogue with the mailbox")


def fails(box: Mailbox) -> bool:
    try:
        fetch_once(box.pk, clock=timezone.now)
    except Exception:  # whatever imaplib makes of a line that is gone
        return True
    return False


def watched(lab: MailLab, name: str, *, port: int) -> Mailbox:
    address = f"{name}@troth.test"
    return email.add_mailbox(
        name=name, address=address, host=lab.host, port=port, tls="none", user=address, password=lab.password,
        now=timezone.now(),
    )  # fmt: skip


def plain(number: int, *, days_ago: int = 0) -> EmailMessage:
    """From a new customer each, so that each may be acknowledged."""
    mail = EmailMessage()
    mail["From"] = f"c{number}@example.test"
    mail["To"] = "support@troth.test"
    mail["Subject"] = f"Parcel {number}"
    mail["Message-ID"] = f"<parcel-{number}@example.test>"
    mail["Date"] = format_datetime(timezone.now() - timedelta(days=days_ago))
    mail.set_content(f"Where is parcel {number}?\n")
    return mail


def counted(letters: int, *, points: int, notes: str) -> Outcome:
    messages = Counter(Message.objects.filter(direction="inbound").values_list("text", flat=True))
    answers = Counter(Letter.objects.filter(automatic=True).values_list("to_address", flat=True))
    outcome = Outcome(
        points=points,
        lost=letters - len(messages),
        doubled=sum(count - 1 for counts in (messages, answers) for count in counts.values()),
        stuck=Arrival.objects.filter(state="waiting").count(),
        notes=notes,
    )
    return checked(outcome, now=timezone.now())
