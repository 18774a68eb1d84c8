"""Canonical bytes and hashes of an entry; pure, and described byte by byte in `docs/formats/entry.md`.

The leaf commits to the fact with a salt, so that a published leaf tells nothing of the fact, and a person who holds fact
and salt can show that the leaf is theirs (EDPB Guidelines 02/2025 ask for exactly this).
"""

from __future__ import annotations

import hmac
from datetime import UTC, datetime
from json import JSONEncoder

from troth.words.facts import Fact, Plain


def moment(at: datetime) -> str:
    """RFC 3339, UTC, microseconds, `Z`: one spelling for one instant."""
    if at.tzinfo is None:
        raise ValueError("An instant in the ledger needs a time zone.")
    return at.astimezone(UTC).isoformat(timespec="microseconds")[:-6] + "Z"


def _plain(value: Plain) -> str | int | bool | None:
    return moment(value) if isinstance(value, datetime) else value


#: Made once: `json.dumps` would make one for each fact.
_json = JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode


def fact_bytes(fact: Fact) -> bytes:
    """The fact as canonical JSON: keys sorted, no spaces, UTF-8, no floats."""
    plain = {name: _plain(value) for name, value in vars(fact).items()}
    return _json({**plain, "kind": fact.kind, "v": fact.version}).encode()


def commitment(salt: bytes, body: bytes) -> bytes:
    """HMAC-SHA256 under a salt of 32 random bytes."""
    return hmac.digest(salt, body, "sha256")


def envelope_bytes(*, kind: str, happened_at: datetime, recorded_at: datetime, commit: bytes) -> bytes:
    """What the leaf hashes: no reference and no person, only kind, times and the commitment."""
    return (
        f'{{"commit":"{commit.hex()}","happened_at":"{moment(happened_at)}","kind":"{kind}",'
        f'"recorded_at":"{moment(recorded_at)}","v":1}}'
    ).encode()
