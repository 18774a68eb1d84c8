"""The installation itself, and what was moved in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from troth.words.facts.fact import Fact


@dataclass(frozen=True, kw_only=True)
class LogKeyChanged(Fact):
    """From now on the heads of the log are signed with another key; `about` is the log."""

    #: The new key, as one verifies with it (c2sp.org/signed-note): name+hash+base64.
    key: str
    #: The key before, written likewise.
    before: str
    #: Until when the key before signs beside the new one; None where that is not known.
    until: datetime | None


@dataclass(frozen=True, kw_only=True)
class LogReopened(Fact):
    """The log could not go on, for what had been signed was lost or its key was; from now on heads are signed under another name.
    `about` is the log."""

    #: The new key, whose name is that of the new log: name+hash+base64.
    key: str
    #: The name of the log before.
    before: str
    #: The head of it that was signed last, as far as is known: the signed note, whole.
    lost: str
    #: How many entries of it are still there, and stand in the new log at the same places.
    kept: int
    #: backup: a backup was put back that was older than the last head. key: the key was lost. other: neither.
    reason: str


@dataclass(frozen=True, kw_only=True)
class ImportStarted(Fact):
    """Cases of another desk are taken in from now on, for the first time or once more after a stop; `about` is the import."""

    #: Which desk: zendesk, freshdesk, helpscout, chatwoot, zammad or csv.
    source: str
    #: Who began it; empty where the host did at the command line.
    by: str


@dataclass(frozen=True, kw_only=True)
class ImportEnded(Fact):
    """Nothing more is taken in; `about` is the import. What it brought is told case by case."""

    #: done, stopped or failed.
    outcome: str
    #: How many cases it brought, to how many that were here it added, and how many it could not take in, as far as it had counted.
    new: int
    added: int
    rejected: int
    #: Who stopped it; empty where it ended by itself.
    by: str


@dataclass(frozen=True, kw_only=True)
class ImportUndone(Fact):
    """What an import had brought was taken back as far as nobody had gone on with it; `about` is the import."""

    #: How many of its cases are gone by now, and how many stay.
    gone: int
    staying: int
    #: Who asked for it.
    by: str


@dataclass(frozen=True, kw_only=True)
class ConversationImported(Fact):
    """A conversation from before Troth; its times are those of the source. `about` is the case."""

    #: SHA-256 of the conversation's own id, hexadecimal.
    source: str
    messages: int
    promises: int


@dataclass(frozen=True, kw_only=True)
class TakenBack(Fact):
    """What an import had brought was taken back, and its row is gone; `about` is the case, or a customer only it knew."""

    by: str
