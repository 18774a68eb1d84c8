"""Letters in: watch a mailbox and keep every letter in it, raw and once. Nothing is read, changed or deleted there.

A letter is known by mailbox, UIDVALIDITY and UID. New UIDs come by IDLE where the server offers it, else by asking. Every ten
minutes everything in the folder is compared with everything kept, so that nothing depends on a number that was right once.
"""

from __future__ import annotations

import imaplib
import logging
import re
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

from django.db import DatabaseError, InterfaceError, connection, transaction
from imap_tools import BaseMailBox

from troth.channels.email.imap import connect
from troth.channels.email.models import Mailbox
from troth.channels.email.trouble import in_plain_words
from troth.inbox import actions as inbox
from troth.inbox.queries import known_outside_ids

log = logging.getLogger(__name__)

LINE_SECONDS = 60.0
IDLE_SECONDS = 120.0  # RFC 2177 says under 29 minutes; routers forget sooner, and each round is a heartbeat
IDLE_SLICE_SECONDS = 5.0
ASK_EVERY_SECONDS = 30.0
COMPARE_EVERY_SECONDS = 600.0
#: After trouble it is tried again after this long, doubling to the most, which depends on who is asked how often.
FIRST_WAIT_SECONDS = 1.0
LONGEST_WAIT_SECONDS = 300.0  # a server that says no, to a password for instance, may lock out who asks too often
LONGEST_WAIT_FOR_LINE_SECONDS = 30.0
LONGEST_WAIT_FOR_DATABASE_SECONDS = 5.0
#: Beyond this a letter is kept by its beginning only, and set aside as unreadable.
LARGEST = 64 * 1024 * 1024
_AT_ONCE = 50_000
_ONE_RECEIVER = 78
_UID = re.compile(rb"\bUID (\d+)")
_INTERNALDATE = re.compile(rb'INTERNALDATE "([^"]{10,40})"')
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")

Clock = Callable[[], datetime]


class Receiver(threading.Thread):
    """Watches one mailbox until told to stop; reconnects for ever, and says in the table how it fares."""

    def __init__(self, mailbox_id: int, *, clock: Clock) -> None:
        super().__init__(name=f"mailbox-{mailbox_id}", daemon=True)
        self.mailbox_id = mailbox_id
        self.clock = clock
        self.stopped = threading.Event()
        #: The mailbox was reached and compared since it was last connected to.
        self._heard = False
        #: When it last spoke with the database or began to wait; by `time.monotonic`.
        self.moved = time.monotonic()

    def stop(self) -> None:
        self.stopped.set()

    def run(self) -> None:
        with connection.execute_wrapper(self._moving):
            self._keep_watching()

    def _moving(self, execute: Callable[..., Any], *asked: Any) -> Any:
        self.moved = time.monotonic()
        return execute(*asked)

    def _keep_watching(self) -> None:
        wait = FIRST_WAIT_SECONDS
        while not self.stopped.is_set():
            self.moved = time.monotonic()
            self._heard = False
            longest = LONGEST_WAIT_SECONDS
            try:
                if not _is_ours(self.mailbox_id):
                    self.stopped.wait(15)
                    continue
                self._watch()
            except Exception as error:  # a server's whim, a broken line, a lost database: each is tried again
                log.warning("Mailbox %s: %s", self.mailbox_id, type(error).__name__)
                longest = longest_wait_after(error)
                self._say_problem(error)
            finally:
                connection.close()
            if self._heard:
                wait = FIRST_WAIT_SECONDS
            wait = min(wait, longest)
            self.stopped.wait(wait)
            wait *= 2

    def _watch(self) -> None:
        mailbox = Mailbox.objects.get(pk=self.mailbox_id)
        with connect(mailbox, timeout=LINE_SECONDS) as box:
            can_idle = b"IDLE" in {_bytes(name).upper() for name in box.client.capabilities}
            compared_at = time.monotonic()
            _forget_news(box)
            receive(box, mailbox, clock=self.clock, compare=True)
            self._heard = True
            while not self.stopped.is_set():
                if can_idle:
                    self._idle(box)
                else:
                    self.stopped.wait(ASK_EVERY_SECONDS)
                if self.stopped.is_set():
                    return
                compare = time.monotonic() - compared_at > COMPARE_EVERY_SECONDS
                if compare:
                    compared_at = time.monotonic()
                _forget_news(box)
                receive(box, mailbox, clock=self.clock, compare=compare)

    def _idle(self, box: BaseMailBox) -> None:
        """Wait until the server says something or this IDLE has lasted long enough.

        A letter that came between the search and this IDLE may have been told of already, and is not told of again.
        """
        until = time.monotonic() + IDLE_SECONDS
        with box.idle as idle:
            if _has_news(box) or _has_more_to_say(box):
                return
            while not self.stopped.is_set() and time.monotonic() < until:
                asked_at = time.monotonic()
                if idle.poll(timeout=IDLE_SLICE_SECONDS):
                    return
                if time.monotonic() - asked_at < IDLE_SLICE_SECONDS / 2:
                    raise OSError("The mail server closed the line.")  # the library answers that with an empty list

    def _say_problem(self, error: Exception) -> None:
        try:
            mailbox = Mailbox.objects.get(pk=self.mailbox_id)
            problem = in_plain_words(error, mailbox)
            Mailbox.objects.filter(pk=mailbox.pk).update(last_problem=problem, last_problem_at=self.clock())
        except Exception:
            log.exception("Mailbox %s: its problem could not be written down.", self.mailbox_id)


def longest_wait_after(error: Exception) -> float:
    """How long it may be at most until the next try: a database or a line is there again sooner than a no becomes a yes."""
    if isinstance(error, DatabaseError | InterfaceError):
        return LONGEST_WAIT_FOR_DATABASE_SECONDS
    if isinstance(error, OSError | imaplib.IMAP4.abort):
        return LONGEST_WAIT_FOR_LINE_SECONDS
    return LONGEST_WAIT_SECONDS


def _forget_news(box: BaseMailBox) -> None:
    """From now on an EXISTS or RECENT that the server sends speaks of letters the next search may not have seen."""
    for name in NEWS:
        box.client.untagged_responses.pop(name, None)


def _has_news(box: BaseMailBox) -> bool:
    return any(name in box.client.untagged_responses for name in NEWS)


def _has_more_to_say(box: BaseMailBox) -> bool:
    """Whether words of the server were read from the line together with its answer to IDLE; no `select` tells of them."""
    client = box.client
    file: Any = getattr(client, "_file", None) or client.file  # its name in Python 3.14, and before
    patience = client.sock.gettimeout()
    client.sock.settimeout(0)
    try:
        return bool(file.peek(1))
    except (BlockingIOError, ssl.SSLWantReadError):
        return False
    finally:
        client.sock.settimeout(patience)


NEWS = ("EXISTS", "RECENT")


def fetch_once(mailbox_id: int, *, clock: Clock) -> int:
    """Keep what is new and what was missed, and go; how many letters were new."""
    mailbox = Mailbox.objects.get(pk=mailbox_id)
    with connect(mailbox, timeout=LINE_SECONDS) as box:
        return receive(box, mailbox, clock=clock, compare=True)


def receive(box: BaseMailBox, mailbox: Mailbox, *, clock: Clock, compare: bool) -> int:
    """Keep the letters of a folder that are not kept yet; how many. With *compare*, those below the last UID too.

    1. The folder is asked for its UIDVALIDITY; a new one means that every UID is new.
    2. A letter is kept in one transaction, before the next is fetched.
    3. Only then does `last_uid` move. Killed anywhere, the next round fetches what is missing, and the table refuses doubles.
    """
    status = box.folder.status(mailbox.folder, ["UIDVALIDITY", "UIDNEXT"])
    validity, next_uid = status["UIDVALIDITY"], status.get("UIDNEXT", 0)
    if mailbox.uidvalidity != validity:
        mailbox.uidvalidity, mailbox.last_uid, compare = validity, 0, True
    first = 1 if compare else mailbox.last_uid + 1
    prefix = f"{mailbox.pk}:{validity}:"
    known = known_outside_ids(channel="email", prefix=prefix) if compare else set()
    kept = 0
    for uid in uids_from(box, first, max(next_uid, first)):
        if str(uid) in known:
            mailbox.last_uid = max(mailbox.last_uid, uid)
            continue
        kept += _keep(box, uid, prefix=prefix, clock=clock)
        mailbox.last_uid = max(mailbox.last_uid, uid)
    Mailbox.objects.filter(pk=mailbox.pk).update(
        uidvalidity=validity, last_uid=mailbox.last_uid, heartbeat_at=clock(), last_problem=""
    )
    return kept


def uids_from(box: BaseMailBox, first: int, next_uid: int) -> Iterator[int]:
    """The UIDs in the folder from *first* on, in windows, for a server's answer is one line and a line has an end."""
    while True:
        last = first + _AT_ONCE - 1
        whole = last >= next_uid
        status, lines = box.client.uid("SEARCH", "UID", f"{first}:{'*' if whole else last}")
        must(status, lines)
        # `n:*` names the last letter even where n lies behind it.
        yield from sorted(uid for line in lines if line for uid in map(int, line.split()) if uid >= first)
        if whole:
            return
        first = last + 1


def _keep(box: BaseMailBox, uid: int, *, prefix: str, clock: Clock) -> int:
    status, lines = box.client.uid("FETCH", str(uid), "(UID RFC822.SIZE INTERNALDATE)")
    must(status, lines)
    said = b" ".join(_heads(lines))
    if not _UID.search(said):
        return 0  # it was taken away by someone else between search and fetch
    size = _SIZE.search(said)
    part = f"BODY.PEEK[]<0.{LARGEST}>" if size and int(size[1]) > LARGEST else "BODY.PEEK[]"
    status, lines = box.client.uid("FETCH", str(uid), f"({part})")
    must(status, lines)
    source = next((line[1] for line in lines if isinstance(line, tuple) and b"BODY[]" in line[0].upper()), None)
    if source is None:
        return 0
    with transaction.atomic():
        inbox.capture(
            channel="email",
            outside_id=f"{prefix}{uid}",
            source=source,
            received_at=internal_date(said),
            now=clock(),
        )
    return 1


def _heads(lines: Iterable[object]) -> Iterator[bytes]:
    for line in lines:
        if isinstance(line, tuple):
            yield line[0]
        elif isinstance(line, bytes):
            yield line


def internal_date(said: bytes) -> datetime | None:
    """When the server took the letter. Read without the library's help: it answers in local time."""
    found = _INTERNALDATE.search(said)
    if found is None:
        return None
    try:
        return datetime.strptime(found[1].decode("ascii").strip(), "%d-%b-%Y %H:%M:%S %z").astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def must(status: str, lines: object) -> None:
    if status != "OK":
        raise OSError(f"The mail server said {status}: {lines!r}"[:300])


def _is_ours(mailbox_id: int) -> bool:
    """Whether this worker is the one that watches the mailbox; the lock lasts as long as the database connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [_ONE_RECEIVER, mailbox_id & 0x7FFFFFFF])
        row = cursor.fetchone()
    return bool(row and row[0])


def _bytes(name: object) -> bytes:
    return name if isinstance(name, bytes) else str(name).encode("ascii", "replace")
