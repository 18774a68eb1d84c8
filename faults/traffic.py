"""What customers and staff do while something breaks, and the count of it afterwards.

Customers write real mail through Postfix, each from a mailbox of their own; Sam keeps notes through the pages. What Postfix took,
and what a page answered for, is acknowledged: it must be there afterwards, and once.
"""

from __future__ import annotations

import contextlib
import http.client
import random
import smtplib
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import urlencode

import psycopg
from tests.lab.mail import MailLab
from tests.lab.product import Product, wait_until
from tests.lab.proxy import Proxy

from faults.registry import Outcome

CSRF = "a" * 32
#: Automatic letters are held back above sixty a minute, so customers write less often than that.
SECONDS_BETWEEN_LETTERS = 1.2
CUSTOMERS = 600


class Traffic:
    """Customers and Sam at work, from `begin` to `end`."""

    def __init__(self, lab: MailLab, product: Product) -> None:
        self.lab = lab
        self.product = product
        #: Where they are to be spoilt: the lines to the mail server and to the mailboxes.
        self.lines: list[Proxy] = []
        self.letters: list[int] = []
        self.notes: list[str] = []
        #: Pages that did not come, or not as they should.
        self.unanswered = 0
        self._ended = threading.Event()
        self._threads = [threading.Thread(target=work, daemon=True) for work in (self._write_letters, self._keep_notes)]

    def begin(self) -> None:
        """From the first case on, on which Sam's notes are kept."""
        self._write_letter(0)
        wait_until(
            lambda: self.product.count("SELECT count(*) FROM cases_case") == 1, seconds=60, what="the first case"
        )
        for thread in self._threads:
            thread.start()

    def end(self) -> None:
        self._ended.set()
        for thread in self._threads:
            thread.join(40)

    def _write_letters(self) -> None:
        for number in range(1, CUSTOMERS):
            if self._ended.wait(SECONDS_BETWEEN_LETTERS):
                return
            with contextlib.suppress(OSError, smtplib.SMTPException):
                self._write_letter(number)

    def _write_letter(self, number: int) -> None:
        letter = EmailMessage()
        letter["From"] = address(number)
        letter["To"] = "support@troth.test"
        letter["Subject"] = f"Parcel {number}"
        letter["Message-ID"] = f"<letter-{number}@example.test>"
        letter.set_content(f"Where is parcel {number}?\n")
        self.lab.send(letter, sender=address(number), to="support@troth.test")
        self.letters.append(number)

    def _keep_notes(self) -> None:
        number = 0
        while not self._ended.wait(random.uniform(0.1, 0.5)):
            number += 1
            form = urlencode({"body": f"note {number}", "csrfmiddlewaretoken": CSRF})
            try:
                status, _page = self.product.page("/cases/1/note/", form=form, csrf=CSRF)
            except (OSError, http.client.HTTPException):
                status = 0
            if status == 302:
                self.notes.append(f"note {number}")
            else:
                self.unanswered += 1

    # Afterwards

    def outcome(self, *, seconds: float) -> Outcome:
        """What became of everything acknowledged, *seconds* after all is well again at the latest."""
        self.end()
        stuck = self.settle(seconds=seconds)[1]
        found = self.product.findings()
        kept = Counter(text for (text,) in self.product.rows("SELECT text FROM cases_message WHERE direction = 'note'"))
        messages = self._messages()
        answers = Counter({number: len(self.lab.letters(address(number))) for number in self.letters})
        said = f"{len(self.letters)} letters, {len(self.notes)} notes kept, {self.unanswered} refused"
        return Outcome(
            points=0,
            lost=len(set(self.letters) - set(messages)) + len(set(self.notes) - set(kept)),
            doubled=sum(max(0, count - 1) for counts in (messages, kept, answers) for count in counts.values()),
            stuck=stuck + len(found),
            notes="; ".join([said, *(f"{one['invariant']} {one['wrong']} {one['refs']}" for one in found)]),
        )

    def settle(self, *, seconds: float) -> tuple[float, int]:
        """How long until nothing of what had come by now was under way any more, and how much was after *seconds*.

        People go on writing meanwhile, and their letters wait a moment for their receipts: something always is under way.
        """
        began, so_far, waits = time.monotonic(), list(self.letters), 1
        while waits and time.monotonic() - began < seconds:
            time.sleep(0.3)
            with contextlib.suppress(psycopg.Error):
                waits = self._waits(so_far, since=time.monotonic() - began)
        return time.monotonic() - began, waits

    def _waits(self, letters: Sequence[int], *, since: float) -> int:
        """How many of *letters* have not come, and what has been under way for longer than *since*, in seconds."""
        under_way = self.product.count(
            f"""
            WITH before AS (SELECT now() - {since:f} * interval '1 second' AS at)
            SELECT (SELECT count(*) FROM inbox_arrival, before WHERE state = 'waiting' AND received_at < at)
                 + (SELECT count(*) FROM post_letter, before WHERE state IN ('queued', 'sending', 'data') AND created_at < at)
                 + (SELECT count(*) FROM ledger_unsealed JOIN ledger_entry ON id = entry_id, before WHERE recorded_at < at)
            """  # noqa: S608 -- a number of our own
        )
        return under_way + len(set(letters) - set(self._messages()))

    def _messages(self) -> Counter[int]:
        rows = self.product.rows("SELECT text FROM cases_message WHERE direction = 'inbound'")
        return Counter(int(text.rpartition(" ")[2].rstrip("?\n")) for (text,) in rows)


@contextmanager
def busy_product(*, place: Path | None = None, spoilt: bool = False) -> Iterator[Traffic]:
    """The product with two workers, its mail servers, and people at work; all gone afterwards. *spoilt*: with `lines` between."""
    lab = MailLab(more=[address(number) for number in range(CUSTOMERS)])
    lab.start()
    lines = [Proxy(lab.host, lab.smtp_port), Proxy(lab.host, lab.imap_port)] if spoilt else []
    for line in lines:
        line.start()
    smtp_port, imap_port = (line.port for line in lines) if lines else (lab.smtp_port, lab.imap_port)
    known = {
        "TROTH_SMTP_HOST": lab.host,
        "TROTH_SMTP_PORT": str(smtp_port),
        "TROTH_MAIL_ARCHIVE": "archive@troth.test",
    }
    product = Product(settings=known, workers=2, place=place)
    traffic = Traffic(lab, product)
    traffic.lines = lines
    try:
        product.start()
        product.furnish(
            password=lab.password, mailboxes=[(name, lab.host, imap_port) for name in ("support", "archive")]
        )
        traffic.begin()
        yield traffic
    except BaseException:
        print(product.log())
        raise
    finally:
        traffic.end()
        product.remove()
        for line in lines:
            line.stop()
        lab.stop()


def address(number: int) -> str:
    return f"customer-{number}@example.test"
