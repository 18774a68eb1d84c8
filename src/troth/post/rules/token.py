"""The reply token: who may add to which case by answering a letter.

`<case>-<participant>-<epoch>-<mac>`, where the mac is 160 bits of HMAC-SHA256 over the three numbers in base32. It travels in
the plus-address of Reply-To and in the Message-ID. It lives in `post` because `cases` writes it and `inbox` reads it. There is
one format. A second one, kept for old letters, is how neighbours were broken into (reliability T2): a new format ends the old.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

EPOCH = timedelta(days=30)
#: A token is good in the epoch it was made and in this many after it: about a year.
EPOCHS_VALID = 12
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
_FORMAT = re.compile(r"([1-9][0-9]{0,17})-([1-9][0-9]{0,17})-([1-9][0-9]{0,5})-([a-z2-7]{32})\Z")


@dataclass(frozen=True)
class Claim:
    """A token that we made and that is still good: the participant may answer in this case."""

    case: int
    participant: int


def epoch_of(now: datetime) -> int:
    return (now - _BEGINNING) // EPOCH


def make_token(*, key: bytes, case: int, participant: int, now: datetime) -> str:
    epoch = epoch_of(now)
    return f"{case}-{participant}-{epoch}-{_mac(key, case, participant, epoch)}"


def read_token(text: str, *, key: bytes, now: datetime) -> Claim | None:
    """What the token says, or None for anything that is not one of ours or is too old."""
    match = _FORMAT.match(text)
    if match is None:
        return None
    case, participant, epoch = (int(match[group]) for group in (1, 2, 3))
    # The mac is compared first and in constant time, so that nothing about a forged token can be learnt from us.
    if not hmac.compare_digest(_mac(key, case, participant, epoch), match[4]):
        return None
    if not 0 <= epoch_of(now) - epoch <= EPOCHS_VALID:
        return None
    return Claim(case=case, participant=participant)


def _mac(key: bytes, case: int, participant: int, epoch: int) -> str:
    said = f"troth reply token\n{case}\n{participant}\n{epoch}\n".encode()
    return base64.b32encode(hmac.new(key, said, hashlib.sha256).digest()[:20]).decode().lower()
