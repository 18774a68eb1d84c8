"""Which witnesses cosign our log, and what their answers mean (c2sp.org/tlog-witness); pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from troth.ledger.rules.cosigning import PATH, SIZE_TYPE, Asked, cosignature_in, size_in
from troth.ledger.rules.note import COSIGNATURE, NotAKey, NotSigned, Signature, Verifier

#: A witness is asked no more often than this; each answer may stand for many entries.
EVERY = timedelta(seconds=60)
#: While nothing is put on record it is asked this often all the same: its word also says that nothing larger was seen by then.
FRESH = timedelta(hours=1)


class NotAWitness(ValueError):
    """The text names no witness; the sentence says what to write."""


@dataclass(frozen=True)
class Witness:
    """Who cosigns, and where to ask."""

    key: Verifier
    #: Its submission prefix.
    url: str

    @property
    def asks_at(self) -> str:
        return f"{self.url}/{PATH}"


def read(text: str) -> tuple[Witness, ...]:
    """Witnesses as the host writes them: a key and an address each, with commas or line breaks between. Raises NotAWitness."""
    found = []
    for part in filter(None, (part.strip() for part in re.split("[,\n]", text))):
        written, _, url = part.partition(" ")
        url = url.strip().rstrip("/")
        if not re.fullmatch(r"https?://[^\s?#]+", url):
            raise NotAWitness(f"{part[:60]!r}: write the key of a witness, a blank, and its address with https://.")
        try:
            key = Verifier.from_text(written)
        except NotAKey as error:
            raise NotAWitness(f"{written[:60]!r}: {error}") from error
        if key.algorithm != COSIGNATURE:
            raise NotAWitness(f"{written[:60]!r} is the key of a log, not of a witness.")
        found.append(Witness(key, url))
    if len({one.key for one in found}) < len(found):
        raise NotAWitness("A witness is named twice.")
    return tuple(found)


class Step(StrEnum):
    """What an answer means for us."""

    COSIGNED = "cosigned"
    AGAIN = "again"
    """It last cosigned another size than we thought: ask once more, from there."""
    CONTRADICTED = "contradicted"
    """What it cosigned once is not in our log any more."""
    FAILED = "failed"


@dataclass(frozen=True)
class Heard:
    """An answer, understood."""

    step: Step
    problem: str = ""
    #: The size to ask from, where that is known better now.
    old: int | None = None
    signature: Signature | None = None
    #: The second in which the witness says that it looked.
    at: int = 0


def understood(status: int, kind: str, body: bytes, *, said: str, asked: Asked, size: int, key: Verifier) -> Heard:
    """What a witness means that was *asked* to cosign our head of *size*. *said*: its answer as a line, or why none came."""
    text = body.decode("utf-8", "replace")
    if status == 200:
        try:
            signature, at = cosignature_in(text, note=asked.note, key=key)
        except NotSigned as error:
            return Heard(Step.FAILED, str(error))
        return Heard(Step.COSIGNED, signature=signature, at=at)
    if status == 409:
        last = size_in(text) if kind == SIZE_TYPE else None
        if last is None:
            return Heard(Step.FAILED, f"It answers 409 without a size. {said}")
        if last == asked.old == size:
            return Heard(Step.CONTRADICTED, f"It cosigned another root of {size} entries than ours.", last)
        if last > size:
            return Heard(Step.CONTRADICTED, f"It cosigned {last} entries, and our log has {size}.", last)
        return Heard(Step.AGAIN, old=last)
    if status == 422:
        words = f"What it cosigned at {asked.old} entries is not how our log of {size} begins."
        return Heard(Step.CONTRADICTED, words, asked.old)
    if status == 404:
        return Heard(
            Step.FAILED, "It does not know our log: give whoever runs it the key that `troth log keys` prints."
        )
    if status == 403:
        return Heard(
            Step.FAILED, "It knows our log by another key: give whoever runs it the one that `troth log keys` prints."
        )
    return Heard(Step.FAILED, f"It answers {status}. {said}" if status else said)


def is_due(*, size: int, cosigned_size: int, cosigned_at: datetime | None, is_well: bool, now: datetime) -> bool:
    """Whether there is something to ask: a new head, a trouble that may be over, or an old word to be renewed."""
    return size != cosigned_size or not is_well or cosigned_at is None or now - cosigned_at >= FRESH
