"""What an entry keeps of its fact, byte by byte (docs/formats/entry.md): in the clear, or sealed for one customer; pure.

In the clear: 0x00, the salt, the body. Sealed: 0x01, a nonce, and salt and body under AES-256-GCM with the key of the
customer, whose reference is sealed with them: carried over to another customer's entry they open no more. Salt and body
go together, for whoever has the one could try out what the other says.
"""

from __future__ import annotations

from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

CLEAR, SEALED = b"\x00", b"\x01"
SALT_BYTES, NONCE_BYTES, KEY_BYTES = 32, 12, 32


class DoesNotOpen(ValueError):
    """The payload was changed, or is another customer's, or the key is not the one it was sealed with."""


class NoKey(DoesNotOpen):
    """It is sealed, and there is no key for its customer."""


@dataclass(frozen=True, slots=True)
class Opened:
    """What a payload says."""

    salt: bytes
    body: bytes


def in_the_clear(salt: bytes, body: bytes) -> bytes:
    """The payload of a fact about no customer."""
    return CLEAR + salt + body


def sealed(salt: bytes, body: bytes, *, key: AESGCM, nonce: bytes, customer: str) -> bytes:
    """The payload of a fact about *customer*. A *nonce* is used once with a key and never again."""
    return SEALED + nonce + key.encrypt(nonce, salt + body, customer.encode())


def is_sealed(payload: bytes) -> bool:
    return payload[:1] == SEALED


def opened(payload: bytes, *, key: AESGCM | None, customer: str) -> Opened:
    """What *payload* says; raises DoesNotOpen."""
    if payload[:1] == CLEAR and len(payload) > SALT_BYTES:
        return Opened(payload[1 : 1 + SALT_BYTES], payload[1 + SALT_BYTES :])
    if payload[:1] != SEALED:
        raise DoesNotOpen("This is no payload of an entry.")
    if key is None:
        raise NoKey("There is no key for the customer of this payload.")
    nonce, rest = payload[1 : 1 + NONCE_BYTES], payload[1 + NONCE_BYTES :]
    try:
        plain = key.decrypt(nonce, rest, customer.encode())
    except (InvalidTag, ValueError) as error:
        raise DoesNotOpen("This payload does not open with the key of its customer.") from error
    return Opened(plain[:SALT_BYTES], plain[SALT_BYTES:])
