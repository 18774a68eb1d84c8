"""What a frozen cohort's digest is made of, so that anybody can make it again from the rows; pure.

A line for each member in the order of their numbers: who they are, a tab, why, a line feed. Who is `customer:7`; of an address that
is no customer's it is the SHA-256 of a salt and the address, in hexadecimal. Once the person is forgotten salt and address are gone,
and the line stands: the digest says still that somebody was told, not whom.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable


def mark_of(*, salt: bytes, address: str) -> str:
    """Stands for an address."""
    return hashlib.sha256(salt + address.encode()).hexdigest()


def line(*, customer: int | None, mark: str, why: str) -> bytes:
    return f"{f'customer:{customer}' if customer else mark}\t{why}\n".encode()


def digest_of(pieces: Iterable[bytes | memoryview]) -> str:
    """SHA-256 over all lines, in hexadecimal; *pieces* may cut them anywhere."""
    told = hashlib.sha256()
    for piece in pieces:
        told.update(piece)
    return told.hexdigest()
