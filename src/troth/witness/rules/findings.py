"""What following a log finds, and the words it is told in; pure. `docs/use/auditing.md` says of each what to do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """Everything that can be found. What stands in ALARMS an honest log never shows."""

    FIRST = "first"
    UNCHANGED = "unchanged"
    GREW = "grew"
    KEY_TRUSTED = "key-trusted"
    KEY_FOLLOWED = "key-followed"
    COSIGNED = "cosigned"
    NOT_COSIGNED = "not-cosigned"
    ENTRIES_WELL = "entries-well"
    RECEIPT_WELL = "receipt-well"

    FORKED = "forked"
    REWRITTEN = "rewritten"
    TRUNCATED = "truncated"
    ROLLED_BACK = "rolled-back"
    KEY_CHANGED = "key-changed"
    NOT_SIGNED = "not-signed"
    OTHER_LOG = "other-log"
    TILES_WRONG = "tiles-wrong"
    PROOF_WRONG = "proof-wrong"
    ENTRIES_WRONG = "entries-wrong"
    ENTRIES_ODD = "entries-odd"
    RECEIPT_REFUTED = "receipt-refuted"
    RECEIPT_FOREIGN = "receipt-foreign"


ALARMS = frozenset(
    {
        Kind.FORKED,
        Kind.REWRITTEN,
        Kind.TRUNCATED,
        Kind.ROLLED_BACK,
        Kind.KEY_CHANGED,
        Kind.NOT_SIGNED,
        Kind.OTHER_LOG,
        Kind.TILES_WRONG,
        Kind.PROOF_WRONG,
        Kind.ENTRIES_WRONG,
        Kind.ENTRIES_ODD,
        Kind.RECEIPT_REFUTED,
        Kind.RECEIPT_FOREIGN,
    }
)


@dataclass(frozen=True)
class Finding:
    """One thing that was found, in words; and the file that proves it, where one was written."""

    kind: Kind
    words: str
    evidence: str = ""

    @property
    def is_alarm(self) -> bool:
        return self.kind in ALARMS


def first(size: int) -> Finding:
    return Finding(Kind.FIRST, f"The first look at this log: {_entries(size)}, and its tiles give the root it signed.")


def unchanged(size: int) -> Finding:
    return Finding(Kind.UNCHANGED, f"Nothing new: {_entries(size)}, as when last seen.")


def grew(old: int, new: int) -> Finding:
    return Finding(
        Kind.GREW, f"It grew from {old} to {_entries(new)}; everything that was there is still there, unchanged."
    )


def key_trusted(name: str, vkey: str) -> Finding:
    return Finding(
        Kind.KEY_TRUSTED,
        f"Nobody gave a key, so the one that {name} shows of itself is believed from now on: {vkey}. "
        "Compare it with what the company tells you in another way.",
    )


def key_followed(vkey: str) -> Finding:
    return Finding(
        Kind.KEY_FOLLOWED,
        f"The log has a further key, {vkey}; the key that was known signed beside it, so it is believed, too.",
    )


def forked(size: int) -> Finding:
    return Finding(
        Kind.FORKED,
        f"THE LOG FORKED: it signed two different histories of {_entries(size)}. Somebody was shown another log than you.",
    )


def rewritten(old: int, new: int) -> Finding:
    return Finding(
        Kind.REWRITTEN,
        f"HISTORY WAS REWRITTEN: the log of {_entries(new)} that it signed does not begin with the {old} that it signed before. "
        "Entries were changed, removed or put in between.",
    )


def truncated(old: int, new: int) -> Finding:
    return Finding(
        Kind.TRUNCATED,
        f"THE LOG WAS CUT SHORT: it had signed {_entries(old)}, and now shows {new}. What came behind is gone.",
    )


def rolled_back(old: int, new: int) -> Finding:
    return Finding(
        Kind.ROLLED_BACK,
        f"THE HEAD WENT BACK: the log shows its head of {_entries(new)}, and had shown {old}. Those are still to be had, and agree. "
        "A cache on the way may do that for some seconds; if it stays so, the log was set back.",
    )


def key_changed(vkeys: str) -> Finding:
    return Finding(
        Kind.KEY_CHANGED,
        f"THE KEY WAS CHANGED: only {vkeys} signed the head, and no head was seen that the known key signed, too. "
        "Ask the company in another way whether that key is theirs; if it is, say so with --key.",
    )


def not_signed(why: str) -> Finding:
    return Finding(Kind.NOT_SIGNED, f"THE HEAD IS NOT SIGNED by a key of this log. {why}")


def other_log(was: str, now: str) -> Finding:
    return Finding(Kind.OTHER_LOG, f"THIS IS ANOTHER LOG: it calls itself {now}, and had called itself {was}.")


def tiles_wrong(size: int) -> Finding:
    return Finding(
        Kind.TILES_WRONG,
        f"THE TILES ARE NOT THOSE OF THE HEAD: what the log serves does not give the root of {_entries(size)} that it signed.",
    )


def proof_wrong(old: int, new: int) -> Finding:
    return Finding(
        Kind.PROOF_WRONG,
        f"THE PROOF IT OFFERS IS WRONG: consistency/{old}/{new} does not lead from one head to the other, though its tiles do.",
    )


def entries_well(fetched: int, size: int, *, ours: bool) -> Finding:
    form = (
        "each as entries of Troth are written" if ours else "which are not Troth’s, so nothing was looked for in them"
    )
    return Finding(
        Kind.ENTRIES_WELL, f"All {_entries(size)} give the root that was signed, {fetched} of them read now, {form}."
    )


def entries_wrong(first_index: int, last_index: int) -> Finding:
    return Finding(
        Kind.ENTRIES_WRONG,
        f"ENTRIES ARE NOT THOSE OF THE TREE: of {first_index} to {last_index} (counted from 0) at least one is not what was sealed.",
    )


def entries_odd(count: int, examples: list[str]) -> Finding:
    return Finding(Kind.ENTRIES_ODD, f"ENTRIES ARE NOT WELL FORMED ({count}): " + "; ".join(examples) + ".")


def receipt_well(name: str, index: int) -> Finding:
    return Finding(Kind.RECEIPT_WELL, f"{name}: what it proves stands in the log, at place {index + 1}.")


def receipt_refuted(name: str, why: str) -> Finding:
    return Finding(Kind.RECEIPT_REFUTED, f"THE LOG DENIES A RECEIPT, {name}: {why}")


def receipt_foreign(name: str, why: str) -> Finding:
    return Finding(Kind.RECEIPT_FOREIGN, f"{name} proves nothing about this log: {why}")


def cosigned(name: str, at: str) -> Finding:
    return Finding(Kind.COSIGNED, f"{name} cosigned this head at {at}.")


def not_cosigned(name: str) -> Finding:
    return Finding(Kind.NOT_COSIGNED, f"{name} has not cosigned this head; not yet, if it is new.")


def _entries(count: int) -> str:
    return "1 entry" if count == 1 else f"{count} entries"
