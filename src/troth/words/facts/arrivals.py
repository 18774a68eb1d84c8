"""What arrived, and how it was read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from troth.words.facts.fact import Fact


@dataclass(frozen=True, kw_only=True)
class MailboxStarted(Fact):
    """From now on letters are received from this mailbox; `about` is the mailbox."""


@dataclass(frozen=True, kw_only=True)
class MailboxChanged(Fact):
    """How this mailbox is reached, or whose word about senders is believed there, was changed; `about` is the mailbox."""

    #: Which of these, with spaces between: address, password, port, tls, trusted_authserv_id.
    changed: str


@dataclass(frozen=True, kw_only=True)
class MailboxStopped(Fact):
    """Letters are not received from this mailbox any more, until it is started again; `about` is the mailbox."""


@dataclass(frozen=True, kw_only=True)
class MessageReceived(Fact):
    """A message reached a channel and its source was kept; `about` is the arrival."""

    version: ClassVar[int] = 2
    #: The channel's name: email, webform, chat, notes, import.
    channel: str
    #: HMAC-SHA256 of the source as it arrived, hexadecimal, under a salt that is kept with it and goes with it. In version 1 its
    #: plain SHA-256.
    digest: str


@dataclass(frozen=True, kw_only=True)
class MailQuarantined(Fact):
    """A source that could not be read was set aside whole, and is shown to staff; `about` is the arrival."""

    #: A short code: too_large, too_many_parts, reader_died, ...
    reason: str


@dataclass(frozen=True, kw_only=True)
class MessageRead(Fact):
    """What the message says was read; `about` is the message."""

    #: Version of the reading that was applied.
    reading: str
    kind_read: str
    cause: str
    #: The emotion shown most (`words/emotions.py`); empty if none is.
    feeling: str


@dataclass(frozen=True, kw_only=True)
class ReadingConfirmed(Fact):
    """Staff looked at what was read in a message and found it right; `about` is the message."""

    #: Which of these, with spaces between: emotions, kind, causes, urgency, remedies.
    fields: str
    #: Version of the reading that they looked at.
    reading: str
    by: str


@dataclass(frozen=True, kw_only=True)
class ReadingCorrected(Fact):
    """Staff said what a message shows instead of what was read in it; `about` is the message."""

    #: emotions, kind, causes, urgency or remedies.
    field: str
    #: What was read, with spaces between, surest first; empty if nothing was.
    before: str
    #: What it is; empty if it is nothing of the kind.
    after: str
    #: Version of the reading that they corrected.
    reading: str
    by: str


@dataclass(frozen=True, kw_only=True)
class CorrectionUndone(Fact):
    """What staff had said of a message's reading does not hold any more; `about` is the message."""

    #: emotions, kind, causes, urgency or remedies.
    field: str
    #: What had been said.
    before: str
    #: What holds now: what was said before that, else what was read.
    after: str
    by: str


@dataclass(frozen=True, kw_only=True)
class ReaderLearned(Fact):
    """Something was learned from the corrections of this installation, and is used by nobody yet; `about` is what was learned."""

    #: The version that names it; the same corrections give the same.
    learned: str
    #: From how many corrections.
    corrections: int
    by: str


@dataclass(frozen=True, kw_only=True)
class ReaderSwitched(Fact):
    """From now on messages are read with what was learned, or without; `about` is what was switched on, or else off."""

    #: The version of what was learned and used until now; empty if messages were read as shipped.
    before: str
    #: The one that is used from now on; empty if they are read as shipped again.
    after: str
    by: str


@dataclass(frozen=True, kw_only=True)
class MessagesReread(Fact):
    """Messages of customers were read anew, by another version; `about` is that round. One fact for all of them."""

    #: Version of the reading that was applied.
    reading: str
    #: How many messages were read.
    messages: int
    #: Of how many something else was read than before.
    changed: int
