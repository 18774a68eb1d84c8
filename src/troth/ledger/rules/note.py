"""Signed notes (c2sp.org/signed-note) and the cosignatures of witnesses (c2sp.org/tlog-cosignature); pure.

A note is a text that ends in a line break, an empty line, and a signature on each further line. Keys are written as there:
`name+hash+base64` to verify, `PRIVATE+KEY+name+hash+base64` to sign. Ed25519 alone, RFC 8032.
"""

from __future__ import annotations

import binascii
import hashlib
from base64 import b64decode, b64encode
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

ED25519 = 0x01
COSIGNATURE = 0x04
KEY_BYTES = 32
#: The least that a reader must take, and enough for a log with its witnesses.
SIGNATURES_MOST = 64
NOTE_BYTES_MOST = 1 << 16

_PRIVATE = "PRIVATE+KEY+"
_DASH = "— "


class NotANote(ValueError):
    """The bytes are no signed note."""


class NotAKey(ValueError):
    """The text is no key of a signed note."""


class NotSigned(ValueError):
    """No signature of a known key, or a wrong one."""


@dataclass(frozen=True)
class Signature:
    """One signature line: of whose key, and the bytes behind the key's number."""

    name: str
    key_id: bytes
    signed: bytes

    def to_line(self) -> str:
        return f"{_DASH}{self.name} {b64encode(self.key_id + self.signed).decode()}\n"


@dataclass(frozen=True)
class Verifier:
    """The public half of a key. *algorithm*: ED25519 for logs, COSIGNATURE for witnesses."""

    name: str
    algorithm: int
    public: bytes

    @classmethod
    def from_text(cls, text: str) -> Verifier:
        """From `name+hash+base64`; raises NotAKey."""
        name, _, rest = text.strip().partition("+")
        said, _, encoded = rest.partition("+")
        raw = _decoded(encoded)
        if raw is None or len(raw) != KEY_BYTES + 1 or raw[0] not in {ED25519, COSIGNATURE} or not sound_name(name):
            raise NotAKey("A key to verify with is written as name+hash+base64, with Ed25519.")
        found = cls(name, raw[0], raw[1:])
        if found.key_id.hex() != said:
            raise NotAKey("The hash in the key is not the key's own: a letter was lost or changed in copying.")
        return found

    @property
    def key_id(self) -> bytes:
        """4 bytes: SHA-256(name || 0x0A || algorithm || public)[:4]."""
        return hashlib.sha256(self.name.encode() + bytes([0x0A, self.algorithm]) + self.public).digest()[:4]

    def to_text(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{b64encode(bytes([self.algorithm]) + self.public).decode()}"

    def is_of(self, signature: Signature) -> bool:
        return (signature.name, signature.key_id) == (self.name, self.key_id)

    def check(self, text: str, signature: Signature) -> int | None:
        """Raise NotSigned unless *signature* is this key's over *text*; a witness's gives the second (POSIX time) it looked."""
        from cryptography.exceptions import InvalidSignature  # a library that most commands need not load
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

        at, signed, message = None, signature.signed, text.encode()
        if self.algorithm == COSIGNATURE:
            at, signed = int.from_bytes(signed[:8], "big"), signed[8:]
            message = _cosigned(text, at)
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signed, message)
        except (InvalidSignature, ValueError) as error:
            raise NotSigned(f"The signature of {self.name} is not its own.") from error
        return at


@dataclass(frozen=True)
class Signer:
    """The private half of a key; *secret* is Ed25519's seed of 32 bytes."""

    name: str
    algorithm: int
    secret: bytes

    @classmethod
    def from_text(cls, text: str) -> Signer:
        """From `PRIVATE+KEY+name+hash+base64`; raises NotAKey."""
        text = text.strip()
        if not text.startswith(_PRIVATE):
            raise NotAKey("A key to sign with begins with PRIVATE+KEY+.")
        name, _, rest = text.removeprefix(_PRIVATE).partition("+")
        said, _, encoded = rest.partition("+")
        raw = _decoded(encoded)
        if raw is None or len(raw) != KEY_BYTES + 1 or raw[0] not in {ED25519, COSIGNATURE} or not sound_name(name):
            raise NotAKey("A key to sign with is written as PRIVATE+KEY+name+hash+base64, with Ed25519.")
        found = cls(name, raw[0], raw[1:])
        if found.verifier.key_id.hex() != said:
            raise NotAKey("The hash in the key is not the key's own: a letter was lost or changed in copying.")
        return found

    def to_text(self) -> str:
        encoded = b64encode(bytes([self.algorithm]) + self.secret).decode()
        return f"{_PRIVATE}{self.name}+{self.verifier.key_id.hex()}+{encoded}"

    @property
    def verifier(self) -> Verifier:
        public = _private(self.secret).public_key().public_bytes_raw()
        return Verifier(self.name, self.algorithm, public)

    def sign(self, text: str, *, at: int | None = None) -> Signature:
        """Over *text*, which ends in a line break; a witness says *at* which second (POSIX time) it does."""
        if (at is None) == (self.algorithm == COSIGNATURE):
            raise ValueError("A witness, and nobody else, says when it signs.")
        if at is None:
            return Signature(self.name, self.verifier.key_id, _private(self.secret).sign(text.encode()))
        signed = at.to_bytes(8, "big") + _private(self.secret).sign(_cosigned(text, at))
        return Signature(self.name, self.verifier.key_id, signed)


@dataclass(frozen=True)
class Note:
    """A text and who signed it."""

    text: str
    signatures: tuple[Signature, ...]

    @classmethod
    def from_text(cls, written: str) -> Note:
        """Take a note apart; raises NotANote. Nothing is verified by that."""
        if len(written) > NOTE_BYTES_MOST:
            raise NotANote("The note is too long.")
        if any(sign < " " and sign != "\n" for sign in written) or not written.endswith("\n"):
            raise NotANote("The note holds signs that it may not, or its end is missing.")
        text, empty, lines = written.rpartition("\n\n")
        if not empty or not lines:
            raise NotANote("The note has no signatures.")
        signatures = tuple(_signature(line) for line in lines.removesuffix("\n").split("\n"))
        if len(signatures) > SIGNATURES_MOST:
            raise NotANote("The note has too many signatures.")
        return cls(text + "\n", signatures)

    def to_text(self) -> str:
        return self.text + "\n" + "".join(one.to_line() for one in self.signatures)

    def check(self, *keys: Verifier) -> list[Verifier]:
        """Those of *keys* that signed. Raises NotSigned if none did, or if a signature of one of them is wrong."""
        found = []
        for key in keys:
            for signature in self.signatures:
                if key.is_of(signature):
                    key.check(self.text, signature)
                    found.append(key)
                    break
        if not found:
            raise NotSigned("None of the known keys signed this.")
        return found

    def and_signed(self, *more: Signature) -> Note:
        """The note with further signatures; one of the same key takes the place of the earlier."""
        keys = {(one.name, one.key_id) for one in more}
        kept = tuple(one for one in self.signatures if (one.name, one.key_id) not in keys)
        return Note(self.text, kept + more)


def sound_name(name: str) -> bool:
    """Whether a key may have this name: something, without blanks, plus signs and control signs."""
    return bool(name) and "+" not in name and name.isprintable() and not any(sign.isspace() for sign in name)


def _signature(line: str) -> Signature:
    name, _, encoded = line.removeprefix(_DASH).partition(" ")
    raw = _decoded(encoded)
    if not line.startswith(_DASH) or not sound_name(name) or raw is None or len(raw) < 5:
        raise NotANote("A line of the signatures is no signature.")
    return Signature(name, raw[:4], raw[4:])


def _decoded(encoded: str) -> bytes | None:
    """Standard base64 in its one spelling; None for anything else."""
    try:
        raw = b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        return None
    return raw if b64encode(raw).decode() == encoded else None


def _cosigned(text: str, at: int) -> bytes:
    return f"cosignature/v1\ntime {at}\n{text}".encode()


def _private(secret: bytes) -> Ed25519PrivateKey:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # slow to load, seldom needed

    return Ed25519PrivateKey.from_private_bytes(secret)
