"""An mbox as conversations: letters are found, grouped by their heads, and read whole one conversation at a time.

Every letter, even its head, is read by the child process of `channels.email`, which may die of it; this process does not.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import BinaryIO

from troth.channels.email.child import Reader
from troth.channels.email.limits import LIMITS
from troth.channels.imports.rules.conversation import (
    Attached,
    Conversation,
    NotAConversation,
    Person,
    Turn,
    checked,
)
from troth.channels.imports.rules.lines import clean
from troth.channels.imports.rules.threads import Head, Threads
from troth.channels.imports.sources import PIECE, Found, Item, Progress, Rejected
from troth.inbox.rules.incoming import Incoming, Origin, Unreadable

_SEPARATOR = re.compile(rb"From .*\d{1,2}:\d{2}.*\d{4}|From \S+@\S+|From - ")
_ESCAPED = re.compile(rb"^>(>*From )", re.MULTILINE)
_HEAD_ENDS = re.compile(rb"\r?\n\r?\n")
_HEAD_MAX = 256 * 1024
_DIGEST_ID = "no-id"


@dataclass(frozen=True)
class Place:
    """Where a letter stands: its line, the bytes of its separator and its own, and where it ends."""

    line: int
    separator: int
    start: int
    end: int


def conversations_in_mbox(path: Path, *, ours: Sequence[str], now: datetime) -> Iterator[Item]:
    """Each conversation, by its first letter. First every head is read, then the letters of each conversation."""
    own = {plain_mailbox(address) for address in ours}
    whole = path.stat().st_size
    with path.open("rb") as scanned, path.open("rb") as file, closing(Reader()) as reader:
        threads, places = Threads(), []
        for place in letters(scanned):
            head = _head(file, place, reader=reader, own=own)
            if isinstance(head, Rejected):
                yield head
            else:
                threads.add(head)
                places.append(place)
            yield Progress(place.end // 4, whole)
        done = 0
        for group in threads.groups():
            found = [places[number] for number in group]
            yield from _conversation(file, found, reader=reader, own=own, now=now)
            done += sum(place.end - place.separator for place in found)
            yield Progress(min(whole // 4 + done * 3 // 4, whole), whole)


def plain_mailbox(address: str) -> str:
    """The mailbox behind a plus-address, in small letters."""
    local, _at, domain = address.strip().lower().rpartition("@")
    return f"{local.split('+', 1)[0]}@{domain}"


def letters(file: BinaryIO) -> Iterator[Place]:
    """Where each letter stands, in one pass; a line "From ..." counts only after an empty line, with a date or address."""
    line, offset, after_empty, at_line_start = 0, 0, True, True
    begun: tuple[int, int, int] | None = None
    while piece := file.readline(PIECE):
        if at_line_start:
            line += 1
            if after_empty and _SEPARATOR.match(piece.removeprefix(b"\xef\xbb\xbf")):
                if begun:
                    yield Place(*begun, end=offset)
                begun = (line, offset, offset + len(piece))
            after_empty = not piece.strip()
        at_line_start = piece.endswith(b"\n")
        offset += len(piece)
    if begun:
        yield Place(*begun, end=offset)


def _head(file: BinaryIO, place: Place, *, reader: Reader, own: set[str]) -> Head | Rejected:
    file.seek(place.start)
    start = file.read(min(_HEAD_MAX, place.end - place.start))
    ends = _HEAD_ENDS.search(start)
    try:
        incoming = reader.read(start[: ends.start()] + b"\r\n\r\n" if ends else start)
    except Unreadable as reason:
        return Rejected(place.line, str(reason), _bytes_of(file, place))
    people = {incoming.from_address, *incoming.to, *incoming.cc} - {""}
    return Head(
        message_id=incoming.message_id,
        answers=(*incoming.references, *([incoming.in_reply_to] if incoming.in_reply_to else [])),
        subject=incoming.subject,
        others=frozenset(box for box in map(plain_mailbox, people) if box not in own),
    )


def _conversation(
    file: BinaryIO, places: Sequence[Place], *, reader: Reader, own: set[str], now: datetime
) -> Iterator[Item]:
    read: list[tuple[Place, Incoming, datetime]] = []
    seen: set[str] = set()
    for place in places:
        try:
            incoming = reader.read(_raw(file, place), own_addresses=sorted(own))
            at = incoming.sent_at or _separator_date(file, place)
            if at is None:
                raise Unreadable("it has no date that can be read", code="no_date")
        except Unreadable as reason:
            yield Rejected(place.line, str(reason), _bytes_of(file, place))
            continue
        if incoming.message_id and incoming.message_id in seen:
            continue  # one letter kept in two folders
        seen.add(incoming.message_id)
        read.append((place, incoming, at))
    if not read:
        return
    read.sort(key=lambda one: one[2])
    try:
        conversation = checked(_as_conversation(read, own=own), now=now)
        line = min(place.line for place, _, _ in read)
        yield Found(line, conversation, _bytes_of(file, *[place for place, _, _ in read]))
    except NotAConversation as reason:
        for place, _, _ in read:
            yield Rejected(place.line, str(reason), _bytes_of(file, place))


def _as_conversation(read: Sequence[tuple[Place, Incoming, datetime]], *, own: set[str]) -> Conversation:
    incomings = [incoming for _, incoming, _ in read]
    first = incomings[0]
    return Conversation(
        id=first.message_id or f"{_DIGEST_ID}:{read[0][2].isoformat()}:{first.from_address}:{first.subject}"[:500],
        customer=_customer(incomings, own=own),
        channel="email",
        subject=first.subject,
        turns=tuple(_turn(incoming, at=at, own=own) for _, incoming, at in read),
    )


def _customer(incomings: Sequence[Incoming], *, own: set[str]) -> Person:
    """Who first wrote to us; where nobody did, whom we wrote to."""
    for incoming in incomings:
        if incoming.from_address and plain_mailbox(incoming.from_address) not in own:
            return Person(name=incoming.from_name, kind="email", address=incoming.from_address)
    for incoming in incomings:
        for address in (*incoming.to, *incoming.cc):
            if plain_mailbox(address) not in own:
                return Person(name="", kind="email", address=address)
    raise NotAConversation("nobody but ourselves takes part in it")


def _turn(incoming: Incoming, *, at: datetime, own: set[str]) -> Turn:
    ours = bool(incoming.from_address) and plain_mailbox(incoming.from_address) in own
    by_machine = incoming.origin in {Origin.AUTO_REPLY, Origin.BOUNCE, Origin.LOOP}
    return Turn(
        at=at,
        ours=ours,
        by=incoming.from_name or incoming.from_address if ours else "",
        person=None
        if ours or not incoming.from_address
        else Person(name=incoming.from_name, kind="email", address=incoming.from_address),
        text=clean(incoming.reply_text or incoming.text),
        quoted=clean("\n\n".join(part for part in (incoming.quoted, incoming.signature) if part)),
        html=clean(incoming.html),
        message_id=incoming.message_id,
        automatic=by_machine,
        attached=tuple(Attached(file.name, file.content_type, file.content) for file in incoming.attachments),
    )


def _raw(file: BinaryIO, place: Place) -> bytes:
    """The letter without the mbox's own marks; raises Unreadable for one that is larger than any letter may be."""
    if place.end - place.start > LIMITS.size:
        raise Unreadable(f"The letter is larger than {LIMITS.size // PIECE} MiB.", code="too_large")
    file.seek(place.start)
    return _ESCAPED.sub(rb"\1", file.read(place.end - place.start))


def _separator_date(file: BinaryIO, place: Place) -> datetime | None:
    """When the mailbox took the letter, where the letter itself does not say when it was sent."""
    file.seek(place.separator)
    said = file.read(min(place.start - place.separator, 300)).decode("ascii", "replace").split(None, 2)
    try:
        at = parsedate_to_datetime(said[2])
    except (IndexError, ValueError, TypeError):
        return None
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)


def _bytes_of(file: BinaryIO, *places: Place) -> Callable[[], Iterator[bytes]]:
    """The letters with their separators, in pieces, as they stand in the file."""

    def pieces() -> Iterator[bytes]:
        for place in places:
            file.seek(place.separator)
            left = place.end - place.separator
            while left > 0 and (piece := file.read(min(PIECE, left))):
                left -= len(piece)
                yield piece

    return pieces
