"""Keys of the log: a new one beside the old, and a new log where the old one cannot go on. The fact of it stands in the log itself.

The file of keys is changed first and the fact follows, also where somebody else changed the file: what the ledger was told last is
held against the newest key, and whatever a killed process left undone is done by the next.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from django.db import connection, transaction
from django.utils.translation import gettext as _

from troth.ledger import actions, outside, queries, sealing
from troth.ledger.models import Checkpoint as Head
from troth.ledger.outside import SealingRefused
from troth.ledger.rules import log_keys
from troth.ledger.rules.checkpoint import Checkpoint
from troth.ledger.rules.log_keys import LogKey
from troth.ledger.rules.note import Note
from troth.words.facts import LogKeyChanged, LogReopened

#: Advisory lock of whoever tells of keys.
TELLING = 0x7207_5EA2
#: How long the key before signs beside the new one, so that whoever verifies has time to learn of it.
OVERLAP = timedelta(days=30)


class NoKeyYet(SealingRefused):
    """There is nothing to rotate."""


class NothingToReopen(SealingRefused):
    """The log goes on as it is, or what stands in its way is no matter of its name."""


class Why(StrEnum):
    """Why a log could not go on."""

    BACKUP = "backup"
    """A backup was put back that is older than the last head."""
    KEY = "key"
    """The key was lost, or is in other hands, where it signs for whoever has it."""
    OTHER = "other"


def rotate(*, now: datetime, overlap: timedelta = OVERLAP, keys_as_they_are: bool = False) -> LogKey:
    """Put a new key in front of the others, which sign beside it for *overlap*, and tell of it; the new key.

    *keys_as_they_are*: somebody put it there already, and it only has to be told. Raises NoKeyYet, KeysNotOurs.
    """
    there = outside.read_keys()
    if not there:
        raise NoKeyYet(_("The log has no key yet: its first one is made when the first head is signed."))
    if not keys_as_they_are:
        new = outside.new_key(name=there[0].verifier.name, now=now)
        outside.write_keys(log_keys.rotated(there, new, now=now, until=now + overlap))
    tell_of_keys(now=now)
    return outside.read_keys()[0]


@transaction.atomic
def tell_of_keys(*, now: datetime) -> bool:
    """Append the fact of a new key in front, unless that was done; safe with several workers, and to repeat."""
    there = outside.read_keys()
    newest = there[0].verifier.to_text() if there else ""
    if len(there) < 2 or newest == _told(there):
        return False
    _one_at_a_time()
    before = _told(there)
    if newest == before:
        return False
    earlier = next((key for key in there if key.verifier.to_text() == before), there[1])
    fact = LogKeyChanged(about=queries.LOG, key=newest, before=earlier.verifier.to_text(), until=earlier.until)
    actions.append(fact, now=now)
    return True


def _told(there: tuple[LogKey, ...]) -> str:
    """The key that the ledger was told of last; before any was, the one that the first head was signed with."""
    told = [values["key"] for kind, values, _at in queries.facts_about(queries.LOG)]
    if told:
        return str(told[-1])
    first = Head.objects.order_by("size").values_list("note", flat=True).first()
    if first is None:
        return there[0].verifier.to_text()
    signed = Note.from_text(first).signatures
    return next((key.verifier.to_text() for key in there if any(map(key.verifier.is_of, signed))), "")


@transaction.atomic
def reopen(*, why: Why, now: datetime, keys_as_they_are: bool = False) -> LogKey:
    """Begin a new log where the old one cannot go on, or must not; the key it is signed with.

    1. A new key under a new name is put in front; the earlier ones sign no more, and of them the public half stays.
    2. The fact says which log was left, with the head of it that was signed last, and how much of it is kept.

    The entries that are there keep their places in the tree. Under the old name nothing is signed any more, so nobody who follows
    it is told two stories. A key in other hands is reason enough, though nothing else stands in the way: by that a log is left
    once, and again only when the new one was signed. Raises NothingToReopen. Safe to repeat.
    """
    sealing.hold_still()  # a head signed with the old key meanwhile would be one that the fact does not know
    there = outside.read_keys()
    goes_on = not sealing.problem(now=now)
    kept = sealing.whole_size() if not goes_on or why == Why.KEY else 0
    earlier = queries.reopenings()
    lost = _lost(kept, left={said["before"] for said in earlier})
    before = Checkpoint.from_note(Note.from_text(lost)).origin if lost else ""
    if goes_on and (why != Why.KEY or (there and there[0].verifier.name != before)):
        raise NothingToReopen(_("Nothing stands in the way of the log: it goes on."))
    if lost is None:
        raise NothingToReopen(_("No head was signed yet: there is no log to leave."))
    if not keys_as_they_are and not _begun(there, before=before, told={said["key"] for said in earlier}):
        name = f"{earlier[0]['before'] if earlier else before}/{len(earlier) + 2}"
        new = outside.new_key(name=name, now=now)
        outside.write_keys(log_keys.rotated(outside.known_keys(), new, now=now, until=now))
        there = outside.read_keys()
    if not there or there[0].verifier.name in {before, *(said["before"] for said in earlier)}:
        raise NothingToReopen(_("The newest key has the name of the log that is left: a new log needs a new name."))
    _one_at_a_time()
    key = there[0].verifier.to_text()
    if all(said["key"] != key for said in earlier):
        fact = LogReopened(about=queries.LOG, key=key, before=before, lost=lost, kept=kept, reason=why)
        actions.append(fact, now=now)
    return there[0]


def _lost(kept: int, *, left: set[str]) -> str | None:
    """The head that was signed last: the one written down outside, unless who signed a later one did not come to that."""
    last, ours = outside.last_head(), queries.checkpoint(kept)
    if last is None or (ours and (last[0].origin in left or last[0].size < kept)):
        return ours
    return last[1].to_text()


def _begun(there: tuple[LogKey, ...], *, before: str, told: set[str]) -> bool:
    """Whether a key for the new log is in front already, from a run that was killed."""
    return bool(there) and there[0].verifier.name != before and there[0].verifier.to_text() not in told


def _one_at_a_time() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [TELLING])
