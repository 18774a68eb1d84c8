"""What a bundle of entries holds (c2sp.org/tlog-tiles, "Log entries"), and whether Troth's own are well formed; pure."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from troth.ledger.rules import canonical

#: Two bytes of length before each of at most 256 entries of at most 65,535 bytes.
LARGEST = 256 * (2 + 0xFFFF)
#: An entry is written down when its act begins and gets its place when the act is done: so far may a later place tell of an
#: earlier moment. An act of a person takes seconds; taking in an archive of letters, minutes.
BACKWARDS_MOST = timedelta(hours=1)

_OURS = b'{"commit":"'
_KIND = re.compile("[A-Z][A-Za-z]{0,63}")
_MEMBERS = {"commit", "happened_at", "kind", "recorded_at", "v"}


class NotABundle(ValueError):
    """The bytes are no bundle of so many entries."""


def entries_of(bundle: bytes, count: int) -> list[bytes]:
    """The *count* entries of a bundle; raises NotABundle."""
    found, at = [], 0
    while at < len(bundle):
        end = at + 2 + int.from_bytes(bundle[at : at + 2], "big")
        if at + 2 > len(bundle) or end > len(bundle):
            raise NotABundle("A bundle of entries breaks off in the middle of one.")
        found.append(bundle[at + 2 : end])
        at = end
    if len(found) != count:
        raise NotABundle(f"A bundle holds {len(found)} entries and not {count}.")
    return found


@dataclass(frozen=True)
class Told:
    """The times and kind an entry of Troth tells."""

    kind: str
    happened_at: datetime
    recorded_at: datetime


@dataclass(frozen=True)
class Odd:
    """An entry that is not as entries are."""

    index: int
    words: str


def is_ours(entry: bytes) -> bool:
    """Whether it begins as an envelope of Troth does."""
    return entry.startswith(_OURS)


def told_by(envelope: bytes) -> Told:
    """What an envelope (docs/formats/entry.md) tells; ValueError unless it is one, byte for byte."""
    said = json.loads(envelope)
    if not isinstance(said, dict) or set(said) != _MEMBERS or said["v"] != 1 or not _KIND.fullmatch(str(said["kind"])):
        raise ValueError("not an envelope of version 1")
    told = Told(str(said["kind"]), _instant(said["happened_at"]), _instant(said["recorded_at"]))
    anew = canonical.envelope_bytes(
        kind=told.kind,
        happened_at=told.happened_at,
        recorded_at=told.recorded_at,
        commit=bytes.fromhex(str(said["commit"])),
    )
    if anew != envelope or len(str(said["commit"])) != 64:
        raise ValueError("not written as envelopes are")
    return told


def look_over(
    entries: Sequence[bytes], *, first: int, latest: datetime | None, now: datetime
) -> tuple[list[Odd], datetime | None]:
    """What is odd about *entries* from index *first* on, and the latest `recorded_at` so far, which was *latest* before."""
    odd: list[Odd] = []
    for index, entry in enumerate(entries, first):
        try:
            told = told_by(entry)
        except (ValueError, TypeError, RecursionError, OverflowError):
            odd.append(Odd(index, "is not written as an entry of Troth is"))
            continue
        if latest and told.recorded_at < latest - BACKWARDS_MOST:
            odd.append(
                Odd(
                    index,
                    f"says it was written down at {canonical.moment(told.recorded_at)}, long before those before it",
                )
            )
        elif told.recorded_at > now + BACKWARDS_MOST:
            odd.append(
                Odd(index, f"says it was written down at {canonical.moment(told.recorded_at)}, which is still to come")
            )
        else:  # else one such entry would make the rest look odd, too
            latest = max(latest, told.recorded_at) if latest else told.recorded_at
    return odd, latest


def _instant(text: object) -> datetime:
    found = datetime.fromisoformat(str(text))
    if found.tzinfo is None:
        raise ValueError("no zone")
    return found
