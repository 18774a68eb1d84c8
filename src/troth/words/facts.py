"""Every kind of fact the ledger can hold, one frozen dataclass each.

A fact says what happened, never what we meant; it carries references and times, never a person's words, name or address.
Outsiders verify our ledger from this file, so every field is explained. Instants are aware and in UTC.
`about` is the reference of the thing the fact is about; `customer` is `customer:<number>`, or "" where there is none.
`by` is who did it: `staff:<number>`, `key:<number>` where another program acted for somebody (KeyMade says for whom), or ""
where Troth did it by itself.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from typing import ClassVar

Plain = str | int | bool | datetime | None


@dataclass(frozen=True, kw_only=True)
class Fact:
    """What every fact has."""

    version: ClassVar[int] = 1
    #: The reference of the thing this is about, e.g. "promise:12".
    about: str
    #: "customer:7", or "" where no customer is concerned.
    customer: str = ""

    @property
    def kind(self) -> str:
        return type(self).__name__

    def values(self) -> dict[str, Plain]:
        """Field names and values, without inheritance's order."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


# Messages in


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


# Cases


@dataclass(frozen=True, kw_only=True)
class CaseOpened(Fact):
    """A customer's matter became a case."""

    #: The channel's name: email, webform, notes, ...
    channel: str
    #: Reference of the message that opened it.
    message: str


@dataclass(frozen=True, kw_only=True)
class CaseJoined(Fact):
    """A customer's further message joined the case."""

    message: str


@dataclass(frozen=True, kw_only=True)
class CaseAnswered(Fact):
    """Staff answered the customer."""

    message: str
    #: "letter:9", or "" where the answer was given by another way than a letter.
    letter: str
    #: "staff:3", or "key:5" where a program wrote for somebody.
    by: str


@dataclass(frozen=True, kw_only=True)
class NoteWritten(Fact):
    """An internal note, or the note of a talk; never shown to the customer."""

    message: str
    by: str


@dataclass(frozen=True, kw_only=True)
class CaseChanged(Fact):
    """How the case stands was changed: by staff, or because a message in it was read anew."""

    #: status, kind, cause, emotion, urgency, assignee, team, unverified, again_of (the earlier case that it is once more) or
    #: parent (the case for the cause that it shares with others).
    field: str
    before: str
    after: str
    by: str


@dataclass(frozen=True, kw_only=True)
class CaseGiven(Fact):
    """The case was given to somebody by its team's own rule, or with others in one go because its owner is away."""

    #: "staff:3" whose it was; empty where nobody's.
    before: str
    #: "staff:5" whose it is.
    after: str
    #: round (whose turn it was), load (who has least to do), handed_over (its owner is away), handed_back (that was undone).
    why: str
    #: "staff:3" who handed it over, or "" where Troth gave it by itself.
    by: str


@dataclass(frozen=True, kw_only=True)
class CaseSnoozed(Fact):
    """Staff put the case aside for a while: it is in no list until then, and no promise or clock of it stands still."""

    #: Until when; empty where it is until the customer writes.
    until: datetime | None
    by: str


@dataclass(frozen=True, kw_only=True)
class CaseWoken(Fact):
    """The case is not put aside any more."""

    #: time (it came), customer (they wrote, or asked something), resolved (the case was), staff (somebody ended it).
    why: str
    by: str


@dataclass(frozen=True, kw_only=True)
class FormalReplySent(Fact):
    """An answer left that rules lay down (the UK's DISP 1); `about` is one such answer. So it stood with what it must say."""

    case: str
    #: final (the final response), holding (why there is none yet) or summary (it is resolved by the third business day).
    formal: str
    #: Of a final response: accepts, in_part, offers (redress without accepting) or rejects; empty where its words do not say.
    decision: str
    #: The message it is.
    message: str
    #: What was found in its words or files, by spaces: resolved, decision, redress, reasons, why_longer, by_when, refer, six_months,
    #: waiver, leaflet, website, more, plain_words.
    found: str
    #: What was not found, and its writer says that it is there.
    ticked: str
    #: What it lacks.
    missing: str
    #: Why it left all the same: withdrawn, accepted, sent_otherwise, forwarded, not_covered or other; empty where nothing is missing.
    without: str
    #: Of a holding reply: by when it says that the final response comes.
    until: datetime | None
    by: str


@dataclass(frozen=True, kw_only=True)
class ResolvedWithoutFinalResponse(Fact):
    """Staff resolved a complaint that was owed a final response without one; `about` is that one time."""

    case: str
    #: withdrawn, accepted (an earlier answer, in writing), sent_otherwise, forwarded (to another firm), not_covered or other.
    without: str
    by: str


# Clocks


@dataclass(frozen=True, kw_only=True)
class PolicyChanged(Fact):
    """Other targets hold for clocks that start from then on; `about` is the policy's new version."""

    #: The profile it was made from: plain, iso_10002, fca_disp, fca_disp_payments.
    profile: str
    #: From when it holds.
    from_at: datetime
    #: SHA-256 of the targets, hexadecimal.
    digest: str
    by: str


@dataclass(frozen=True, kw_only=True)
class ClockStarted(Fact):
    """A target began to run for a case, at `happened_at`; `about` is the clock."""

    case: str
    #: first, next, update or resolution.
    sort: str
    #: The how-manieth of its sort in the case.
    number: int
    #: When it runs out.
    due: datetime
    #: A moment before that which is worth reaching; None where the target has none.
    early_at: datetime | None
    #: "policy:3", the version it started under and runs by whatever comes later; "" for the one Troth comes with.
    policy: str
    #: How its length is counted: working_time, working_days or calendar.
    measure: str
    #: Its length, in seconds or in working days.
    amount: int
    #: It stops while we wait for the customer.
    pauses: bool
    #: SHA-256 of the target and the calendar it runs by, hexadecimal: those with the same digest count alike.
    terms: str


@dataclass(frozen=True, kw_only=True)
class ClockPaused(Fact):
    """From `happened_at` on it did not count, for it was the customer's turn; `about` is the clock."""


@dataclass(frozen=True, kw_only=True)
class ClockResumed(Fact):
    """From `happened_at` on it counted again; `about` is the clock."""

    #: When it runs out now.
    due: datetime
    early_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class ClockMet(Fact):
    """What it asked for was done, at `happened_at`; `about` is the clock."""

    due: datetime
    #: Done by its date.
    in_time: bool


@dataclass(frozen=True, kw_only=True)
class ClockMissed(Fact):
    """It ran out, at `happened_at`, and what it asked for was not done; said once. `about` is the clock."""

    due: datetime


@dataclass(frozen=True, kw_only=True)
class ClockStopped(Fact):
    """Nothing was asked any more from `happened_at` on, though nothing was done; `about` is the clock."""


@dataclass(frozen=True, kw_only=True)
class ClockBeganEarlier(Fact):
    """It counts from `happened_at`, for a letter that had arrived then was read only now; `about` is the clock."""

    #: When it runs out now.
    due: datetime
    early_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class ClockTargetChanged(Fact):
    """From `happened_at` on it runs by another target, counted from the same beginning: somebody said so. `about` is the clock."""

    due: datetime
    early_at: datetime | None
    policy: str
    measure: str
    amount: int
    pauses: bool
    terms: str
    by: str


@dataclass(frozen=True, kw_only=True)
class ClockMissExplained(Fact):
    """Somebody said why it was missed; `about` is the clock."""

    #: over_promised, waited, forgot, no_capacity, supplier, unforeseen or other.
    reason: str
    by: str


# Promises


@dataclass(frozen=True, kw_only=True)
class PromiseMade(Fact):
    """A promise was recorded; `said_at` tells when the customer heard it."""

    version: ClassVar[int] = 2
    sort: str
    strength: str
    speaker: str
    #: open, armed or proposed.
    state: str
    #: The date that never changes; None while armed without a date.
    first_due: datetime | None
    said_at: datetime
    #: Reference of the message it stands in, "key:5" where a program put it on record for the owner, or "".
    source: str
    #: HMAC-SHA256 of what was promised, on which condition and in which sentence, hexadecimal, under a salt that is kept with these
    #: words and goes with them (docs/formats/entry.md). Version 1 had `quote_digest`, the SHA-256 of the sentence.
    words_digest: str
    #: "staff:3", or "" where no person owns it yet.
    owner: str


@dataclass(frozen=True, kw_only=True)
class PromiseOpened(Fact):
    """The condition of an armed promise came true, or a proposed one was confirmed."""

    first_due: datetime | None
    by: str


@dataclass(frozen=True, kw_only=True)
class PromiseDismissed(Fact):
    """Staff said that a sentence found in a reply is no promise; `about` is the message.

    Version 1 had `quote_digest`, the SHA-256 of the sentence. Nothing but the message keeps that sentence, so there is no place
    for a salt of it, and without one a digest tells more than it proves.
    """

    version: ClassVar[int] = 2
    by: str


@dataclass(frozen=True, kw_only=True)
class StaffWarned(Fact):
    """The owner was warned that the date comes near."""

    due: datetime
    #: "staff:3", or "" where nobody owned it and its team was warned.
    warned: str


@dataclass(frozen=True, kw_only=True)
class StaffEscalated(Fact):
    """The lead was told that a warned promise still is not done."""

    due: datetime
    warned: str


@dataclass(frozen=True, kw_only=True)
class TellingSent(Fact):
    """Words to the customer about a promise were handed to the post; whether they arrived is CustomerTold."""

    version: ClassVar[int] = 2
    #: heads_up, move, late_notice, or new_date where one was given after the date had passed.
    telling: str
    letter: str
    #: The date at stake when it was written.
    due: datetime
    automatic: bool
    #: HMAC-SHA256 of what somebody wrote in it, hexadecimal, under a salt that is kept with these words and goes with them; of the
    #: empty text where it was written by itself. Version 1 had none.
    words_digest: str


@dataclass(frozen=True, kw_only=True)
class TellingFailed(Fact):
    """The customer could not be told: no address, or the letter was refused."""

    telling: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class CustomerTold(Fact):
    """The customer was told, proven by delivery."""

    telling: str
    letter: str
    #: The date at stake.
    due: datetime
    delivered_at: datetime
    #: Delivered before the date.
    before_due: bool
    #: Delivered with the notice that lets a move count as moved.
    in_time: bool


@dataclass(frozen=True, kw_only=True)
class PromiseMoved(Fact):
    """A new date was given; `count` is the how-manieth move this is."""

    from_due: datetime
    to_due: datetime
    count: int
    reason: str
    by: str


@dataclass(frozen=True, kw_only=True)
class PromiseKept(Fact):
    """Done by its date."""

    due: datetime | None
    done_at: datetime
    by: str


@dataclass(frozen=True, kw_only=True)
class PromiseDoneLate(Fact):
    """Done after its date; it stays late."""

    due: datetime
    done_at: datetime
    by: str


@dataclass(frozen=True, kw_only=True)
class PromiseLate(Fact):
    """The date passed and the thing was not done, or it was moved too late to count as moved."""

    due: datetime
    #: Told before the date, so no surprise.
    told: bool


@dataclass(frozen=True, kw_only=True)
class PromiseBroken(Fact):
    """Not done."""

    due: datetime
    #: not_done, third_move, said_so, or erased where the company forgot whom it was promised to without being asked.
    reason: str


@dataclass(frozen=True, kw_only=True)
class PromiseReleased(Fact):
    """The customer let us off."""

    reason: str
    by: str


@dataclass(frozen=True, kw_only=True)
class PromiseVoided(Fact):
    """It was recorded by mistake."""

    reason: str
    by: str


@dataclass(frozen=True, kw_only=True)
class PromiseOwned(Fact):
    """Somebody became its owner."""

    before: str
    owner: str
    by: str


@dataclass(frozen=True, kw_only=True)
class MissExplained(Fact):
    """The owner said why it was missed."""

    reason: str
    by: str


@dataclass(frozen=True, kw_only=True)
class VerdictGiven(Fact):
    """The customer's own verdict, which stands beside ours."""

    kept: bool


# Letters


@dataclass(frozen=True, kw_only=True)
class LetterQueued(Fact):
    """Its final bytes and Message-ID were fixed and stored before any of it was sent."""

    because: str
    automatic: bool
    #: SHA-256 of the bytes, hexadecimal.
    digest: str


@dataclass(frozen=True, kw_only=True)
class ReceiptsEnclosed(Fact):
    """Before any of it was sent, receipts were put into the letter; `because` is what it is about.

    Receipts exist only once what they prove is sealed, a moment after the letter was queued. This happens once at most, and
    changes nothing of the letter but this: a sentence about the receipts, and the receipts.
    """

    because: str
    #: How many receipts.
    receipts: int
    #: SHA-256 of the bytes it has from now on, hexadecimal.
    digest: str


@dataclass(frozen=True, kw_only=True)
class ReceiptsLeftOut(Fact):
    """The letter left without the receipts it was to carry, with the bytes it was queued with; `because` is what it is about."""

    because: str
    #: not_sealed: they were not ready in time. none: nothing of it may be shown. not_sound: they could not be put in.
    reason: str


@dataclass(frozen=True, kw_only=True)
class LetterDelivered(Fact):
    """It arrived, as far as the mail server can say; `because` is what it was about."""

    because: str
    delivered_at: datetime
    #: The carrier's answer was lost, and the archive mailbox showed that it had gone.
    verified: bool


@dataclass(frozen=True, kw_only=True)
class LetterRefused(Fact):
    """It did not arrive and will not; `because` is what it was about."""

    because: str
    #: SMTP reply code, 0 where there is none.
    code: int


@dataclass(frozen=True, kw_only=True)
class LetterUnclear(Fact):
    """Whether it went cannot be known; shown to staff."""

    because: str


@dataclass(frozen=True, kw_only=True)
class LetterTakenBack(Fact):
    """It was kept from leaving; `because` is what it was about."""

    because: str


@dataclass(frozen=True, kw_only=True)
class LetterBounced(Fact):
    """A bounce came back for a delivered letter."""

    because: str
    arrival: str


# People


@dataclass(frozen=True, kw_only=True)
class CustomerMet(Fact):
    """A customer became known."""

    channel: str


@dataclass(frozen=True, kw_only=True)
class CustomerGrouped(Fact):
    """Which sort of customer they are was said anew; their next clocks may run by other targets for it. One fact for each record."""

    #: The group before, as the company calls it; empty where they were of none.
    before: str
    #: The group from then on; empty where they are of none.
    after: str
    by: str


@dataclass(frozen=True, kw_only=True)
class HandleConfirmed(Fact):
    """Whoever writes from this address has shown that it is theirs; `about` is the handle."""

    #: answered: it brought what only a letter to this address could have told. vouched: our mail server vouched for it.
    how: str


@dataclass(frozen=True, kw_only=True)
class HandleBounced(Fact):
    """A letter to this address came back for good; `about` is the handle."""

    #: Reference of the letter that came back.
    letter: str


@dataclass(frozen=True, kw_only=True)
class CustomersMerged(Fact):
    """Two records are one person; `about` is the one that stays in front."""

    merged: str
    by: str


@dataclass(frozen=True, kw_only=True)
class CustomersUnmerged(Fact):
    """They are two after all; `merged` is the one that stands by itself again."""

    merged: str
    by: str


@dataclass(frozen=True, kw_only=True)
class LinkIssued(Fact):
    """A signed link to the customer's own page; `about` is the link."""

    expires_at: datetime


@dataclass(frozen=True, kw_only=True)
class LinkRevoked(Fact):
    """The link opens nothing any more; `by` is who took it back."""

    by: str


@dataclass(frozen=True, kw_only=True)
class KeyMade(Fact):
    """From now on another program may act here; `about` is the key."""

    #: For whom it acts: "staff:3".
    staff: str
    #: What it may do, with spaces between.
    scopes: str
    #: When it ends by itself; None where it does not.
    expires_at: datetime | None
    by: str


@dataclass(frozen=True, kw_only=True)
class KeyRevoked(Fact):
    """The key opens nothing any more; `about` is the key."""

    by: str


# Other programs


@dataclass(frozen=True, kw_only=True)
class WebhookMade(Fact):
    """From now on another program is told of what happens here; `about` is the webhook."""

    by: str


@dataclass(frozen=True, kw_only=True)
class WebhookChanged(Fact):
    """Where or of what it is told was changed, or whether it is told; `about` is the webhook."""

    #: Which of these, with spaces between: kinds, name, url; or one of these: secret, off, on, sent_anew.
    changed: str
    #: Who did it; empty where Troth switched it off, for nobody took what it sent.
    by: str


@dataclass(frozen=True, kw_only=True)
class WebhookRemoved(Fact):
    """That program is told nothing more; `about` is the webhook, which is gone."""

    by: str


@dataclass(frozen=True, kw_only=True)
class DeskHookMade(Fact):
    """From now on another desk may tell us what happens there; `about` is the hook it calls."""

    #: Which desk: zendesk, freshdesk, helpscout, chatwoot or zammad.
    source: str
    by: str


@dataclass(frozen=True, kw_only=True)
class DeskHookSwitched(Fact):
    """What that desk tells is taken in from now on, or refused; `about` is the hook."""

    is_on: bool
    by: str


@dataclass(frozen=True, kw_only=True)
class DraftAsked(Fact):
    """Somebody had what was said in a case sent to a language model, for a draft of an answer; `about` is the draft."""

    case: str
    #: The model, as the host calls it.
    model: str
    by: str


# Forgetting


@dataclass(frozen=True, kw_only=True)
class ErasureAsked(Fact):
    """A person asked to be forgotten; `about` is the request. `by` is who put it on record, "" where they did themselves."""

    #: By when they were told that they get an answer.
    answer_by: datetime
    by: str


@dataclass(frozen=True, kw_only=True)
class ErasureRefused(Fact):
    """They were told why they are not forgotten; `about` is the request."""

    by: str


@dataclass(frozen=True, kw_only=True)
class ErasureWithdrawn(Fact):
    """They took their request back; `about` is the request."""


@dataclass(frozen=True, kw_only=True)
class HoldPlaced(Fact):
    """Until a day what is held of the customer must stay; `about` is the hold."""

    #: statute or dispute.
    reason: str
    until: datetime
    by: str


@dataclass(frozen=True, kw_only=True)
class HoldLifted(Fact):
    """The hold stands no more, before its day; `about` is the hold."""

    by: str


@dataclass(frozen=True, kw_only=True)
class CustomerErased(Fact):
    """A person was forgotten: their words are gone from the tables, and their key is destroyed; `about` is the customer.

    It stands in the clear (`customer` is empty), for whoever follows the record is to see it: it names a number.
    """

    #: asked: they asked for it; decided: the company did it by itself; restored: a backup had brought them back.
    because: str
    by: str


# The installation


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


def kinds() -> dict[str, type[Fact]]:
    """Every kind of fact by its name."""
    return {kind.__name__: kind for kind in Fact.__subclasses__()}
