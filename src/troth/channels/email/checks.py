"""What must be true beyond the tables: every letter in a watched mailbox is kept, and the archive holds one copy of each of ours.

The servers are asked, and nothing there is changed. One that cannot be reached is said to be, and decides nothing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext as _
from imap_tools import BaseMailBox

from troth.channels.email.imap import connect
from troth.channels.email.models import Mailbox
from troth.channels.email.receive import internal_date, must, uids_from
from troth.inbox.queries import known_outside_ids
from troth.ledger.queries import kinds_about
from troth.post.models import Letter, LetterState
from troth.words.findings import Finding
from troth.words.refs import ref

#: How long a letter may lie in a mailbox before it is kept.
KEPT_WITHIN = timedelta(minutes=2)
#: So far back the archive is compared; it may hold years.
ARCHIVE_SPAN = timedelta(days=7)
ASK_SECONDS = 15.0
SHOWN_MOST = 20
_AT_ONCE = 500
_UID = re.compile(rb"\bUID (\d+)")
_MESSAGE_ID = re.compile(rb"<[^<>\s]+>")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True)
class OutOfReach:
    """This mailbox could not be compared."""

    name: str
    problem: str


def mailboxes(*, now: datetime) -> Iterator[Finding | OutOfReach]:
    """Compare every watched mailbox and the archive with the tables."""
    for mailbox in Mailbox.objects.filter(enabled=True).order_by("pk"):
        try:
            with connect(mailbox, timeout=ASK_SECONDS) as box:
                found = list(_archive(box, now=now) if mailbox.is_archive else _watched(box, mailbox, now=now))
        except Exception as error:  # imaplib raises what it likes
            yield OutOfReach(mailbox.name, str(error))
        else:
            yield from found


def _watched(box: BaseMailBox, mailbox: Mailbox, *, now: datetime) -> Iterator[Finding]:
    """I1: what lies there for longer than two minutes is kept here."""
    status = box.folder.status(mailbox.folder, ["UIDVALIDITY", "UIDNEXT"])
    prefix = f"{mailbox.pk}:{status['UIDVALIDITY']}:"
    there = list(uids_from(box, 1, max(status.get("UIDNEXT", 0), 1)))
    known = known_outside_ids(channel="email", prefix=prefix)
    missing = [uid for uid in there if str(uid) not in known]
    overdue = [uid for uid, at in _dates(box, missing) if at is None or at < now - KEPT_WITHIN]
    if overdue:
        yield Finding(
            invariant="I1",
            wrong=_("Letters lie in the mailbox %(name)s and were not taken in within two minutes.")
            % {"name": mailbox.name},
            mend=_(
                "Is the worker running? It compares the whole mailbox every ten minutes. `troth mailbox list` tells its trouble."
            ),
            refs=tuple(f"uid:{prefix}{uid}" for uid in overdue[:SHOWN_MOST]),
            count=len(overdue),
        )


def _dates(box: BaseMailBox, uids: Sequence[int]) -> Iterator[tuple[int, datetime | None]]:
    for said in _fetched(box, uids, "(UID INTERNALDATE)"):
        if uid := _UID.search(said):
            yield int(uid[1]), internal_date(said)


def _archive(box: BaseMailBox, *, now: datetime) -> Iterator[Finding]:
    """I3: a letter of ours is there once; and one that did not arrive, as we say, is not there."""
    if not settings.TROTH_MAIL_ARCHIVE:
        return
    since = (now - ARCHIVE_SPAN).astimezone(UTC)
    status, lines = box.client.uid("SEARCH", "SINCE", f"{since.day}-{MONTHS[since.month - 1]}-{since.year}")
    must(status, lines)
    uids = [int(uid) for line in lines if line for uid in line.split()]
    copies = Counter(
        named[0].decode("utf-8", "replace")
        for said in _fetched(box, uids, "(UID BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)])")
        if (named := _MESSAGE_ID.findall(said))
    )
    ours = {
        letter.message_id: letter
        for letter in Letter.objects.filter(message_id__in=list(copies)).only("message_id", "state").order_by("pk")
    }
    doubled = [one for name, one in ours.items() if copies[name] > 1 and not _was_sent_again_by_hand(one)]
    if doubled:
        yield Finding(
            invariant="I3",
            wrong=_("The archive holds more than one copy of these letters: their readers may have them twice."),
            mend=_(
                "Nothing can take them back. Please report this with the attempts of these letters: it must never happen."
            ),
            refs=tuple(letter.reference for letter in doubled[:SHOWN_MOST]),
            count=len(doubled),
        )
    never_left = (LetterState.REFUSED, LetterState.UNCLEAR, LetterState.TAKEN_BACK)
    arrived = [letter for letter in ours.values() if letter.state in never_left]
    if arrived:
        yield Finding(
            invariant="I3",
            wrong=_(
                "The archive holds a copy of letters that did not arrive, or of which nothing is known, as we say."
            ),
            mend=_("They went out after all: do not send them again."),
            refs=tuple(letter.reference for letter in arrived[:SHOWN_MOST]),
            count=len(arrived),
        )


def _was_sent_again_by_hand(letter: Letter) -> bool:
    """A person decided so, after it was refused or unclear."""
    return bool({"LetterRefused", "LetterUnclear"} & set(kinds_about(ref("letter", letter.pk))))


def _fetched(box: BaseMailBox, uids: Sequence[int], parts: str) -> Iterator[bytes]:
    """What the server says of each of *uids*, its literals with it."""
    for start in range(0, len(uids), _AT_ONCE):
        status, lines = box.client.uid("FETCH", ",".join(map(str, uids[start : start + _AT_ONCE])), parts)
        must(status, lines)
        for line in lines:
            if isinstance(line, tuple):
                yield b" ".join(line)
            elif isinstance(line, bytes) and line.strip() != b")":
                yield line
