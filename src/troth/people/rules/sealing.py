"""How a secret is sealed: AES-256-GCM under a key that lies outside the database.

A sealed text is `sealed:<name of the key>:<nonce and ciphertext>`, the last part in URL-safe base64. The place it stands in
(table, column and row) is sealed with it: carried to another row it opens no more.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

MARK = "sealed:"
KEY_BYTES = 32
NONCE_BYTES = 12


class NotAKey(ValueError):
    """A line of the keys that is none."""


class CannotUnseal(ValueError):
    """It does not open; the sentence says why and what to do."""


@dataclass(frozen=True)
class Key:
    #: Tells keys apart without telling anything of them.
    name: str
    secret: bytes = field(repr=False)


def read_keys(text: str) -> tuple[Key, ...]:
    """The keys in *text*, with spaces, commas or line ends between: the first seals, all of them open. Raises NotAKey."""
    keys = tuple(_key(word) for word in text.replace(",", " ").split())
    if not keys:
        raise NotAKey("There is no key: `troth seal key` prints one.")
    return keys


def written(secret: bytes) -> str:
    """A key as it is written down."""
    return base64.urlsafe_b64encode(secret).decode("ascii")


def seal(plain: str, *, place: str, keys: Sequence[Key], nonce: bytes) -> str:
    """*plain*, sealed with the newest key. A *nonce* is used once and never again."""
    key = keys[0]
    body = nonce + AESGCM(key.secret).encrypt(nonce, plain.encode(), place.encode())
    return f"{MARK}{key.name}:{base64.urlsafe_b64encode(body).decode('ascii')}"


def unseal(sealed: str, *, place: str, keys: Sequence[Key]) -> str:
    """What was sealed at *place*. Raises CannotUnseal."""
    name = name_of_key(sealed)
    key = next((key for key in keys if key.name == name), None)
    if key is None:
        raise CannotUnseal(
            f"This secret was sealed with the key {name}, and that is not among the {len(keys)} at hand. Put it back beside "
            "them from its backup, or write the secret anew. Nothing is lost meanwhile."
        )
    try:
        body = base64.urlsafe_b64decode(sealed.rpartition(":")[2])
        return AESGCM(key.secret).decrypt(body[:NONCE_BYTES], body[NONCE_BYTES:], place.encode()).decode()
    except (binascii.Error, ValueError, InvalidTag) as error:
        raise CannotUnseal(
            "This secret was changed, or carried here from another row: write it anew, and ask who changed the database."
        ) from error


def is_sealed(text: str) -> bool:
    return text.startswith(MARK) and text.count(":") == 2


def name_of_key(sealed: str) -> str:
    """The name of the key that opens it. Raises CannotUnseal for what is not sealed."""
    if not is_sealed(sealed):
        raise CannotUnseal("This is no sealed secret: write it anew.")
    return sealed.split(":")[1]


def _key(word: str) -> Key:
    try:
        secret = base64.b64decode(word.replace("-", "+").replace("_", "/"), validate=True)
    except (binascii.Error, ValueError):
        secret = b""
    if len(secret) != KEY_BYTES:
        raise NotAKey(
            "A key is 32 random bytes in base64, and one of yours is not: `troth seal key` prints a good one."
        )
    return Key(name=hashlib.sha256(b"troth seal key\x00" + secret).hexdigest()[:8], secret=secret)
