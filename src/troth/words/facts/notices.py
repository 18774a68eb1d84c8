"""Who was told what went wrong, and how each telling ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from troth.words.facts.fact import Fact


@dataclass(frozen=True, kw_only=True)
class NoticeWritten(Fact):
    """A notice was written, or written anew before it was sent; nobody has it yet."""

    #: "incident:3", what it tells of.
    regards: str
    #: "cohort:4", those who are to be told.
    cohort: str
    #: began, update, ended, prevented, held, recurred, breach or remedy.
    sort: str
    #: Whether they are owed it, whatever they wish of marketing.
    is_duty: bool
    #: When that of which it tells was so.
    happened_at: datetime
    #: SHA-256 of its texts in the order of their languages, hexadecimal (docs/formats/entry.md). They are the company's own words, so
    #: there is no salt.
    words_digest: str
    by: str


@dataclass(frozen=True, kw_only=True)
class NoticeSeconded(Fact):
    """A second person read the notice and lets it go out."""

    by: str


@dataclass(frozen=True, kw_only=True)
class NoticeSent(Fact):
    """From now on its members are told; the words never change again."""

    regards: str
    by: str


@dataclass(frozen=True, kw_only=True)
class NoticeTakenBack(Fact):
    """The sending was taken back before the first letter was written."""

    by: str


@dataclass(frozen=True, kw_only=True)
class NoticePaused(Fact):
    """No more letters begin to leave for now."""

    by: str


@dataclass(frozen=True, kw_only=True)
class NoticeResumed(Fact):
    """Letters leave again."""

    by: str


@dataclass(frozen=True, kw_only=True)
class NoticeStopped(Fact):
    """It ends here for good: whoever was not told yet is not told by it any more."""

    by: str


@dataclass(frozen=True, kw_only=True)
class NoticeDone(Fact):
    """Every member's turn has come; those who join later are told all the same."""


@dataclass(frozen=True, kw_only=True)
class MemberTold(Fact):
    """A mail server took the letter that tells one member of a notice, for their address; whether it was read nobody asks."""

    #: "notice:9".
    notice: str
    #: "member:70".
    member: str
    #: "letter:12".
    letter: str
    told_at: datetime


@dataclass(frozen=True, kw_only=True)
class MemberMissed(Fact):
    """A letter that was to tell a member did not; another address follows where there is one."""

    notice: str
    member: str
    letter: str
    #: bounced, refused or unclear.
    how: str


@dataclass(frozen=True, kw_only=True)
class MemberUnreachable(Fact):
    """No address is left to try: the member stands on the list of letters by hand."""

    notice: str
    member: str


@dataclass(frozen=True, kw_only=True)
class MemberToldByHand(Fact):
    """Somebody told the member by a letter on paper, or a call, and noted how."""

    notice: str
    member: str
    by: str
