"""The salted digest by which the ledger knows the source of a message; pure."""

from __future__ import annotations

import hmac


def salted_digest(source: bytes, *, salt: bytes) -> str:
    """HMAC-SHA256, hexadecimal: without the salt, which goes with the source, nobody can try out what it was."""
    return hmac.digest(salt, source, "sha256").hex()
