"""The keys that sign the log's heads, as they are written down; pure.

A key to a line, the newest first: `PRIVATE+KEY+name+hash+base64` signs, `name+hash+base64` only verifies what was signed with it
once (c2sp.org/signed-note). Behind it may stand `since` and `until`, each with an instant (RFC 3339, UTC): its period.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from troth.ledger.rules.canonical import moment
from troth.ledger.rules.note import ED25519, NotAKey, Signer, Verifier

PRIVATE = "PRIVATE+KEY+"


@dataclass(frozen=True)
class LogKey:
    """One key of the log. *signer* is None where only the public half is kept, as of a key whose period is over."""

    verifier: Verifier
    signer: Signer | None = field(default=None, repr=False)
    since: datetime | None = None
    until: datetime | None = None

    def signs(self, now: datetime) -> bool:
        """Whether heads are signed with it at *now*."""
        return self.signer is not None and (self.until is None or now < self.until)

    def to_line(self, *, public: bool = False) -> str:
        key = self.signer.to_text() if self.signer and not public else self.verifier.to_text()
        since = f" since {moment(self.since)}" if self.since else ""
        return key + since + (f" until {moment(self.until)}" if self.until else "")


def made(secret: bytes, *, name: str, now: datetime) -> LogKey:
    """A new key from 32 random bytes."""
    signer = Signer(name, ED25519, secret)
    return LogKey(signer.verifier, signer, since=now)


def read(text: str, *, only_public: bool = False) -> tuple[LogKey, ...]:
    """The keys in *text*, whose words may also stand all on one line; of *only_public* none has to sign. Raises NotAKey."""
    lines = (line for line in text.splitlines() if not line.lstrip().startswith("#"))
    found: list[LogKey] = []
    words = iter(" ".join(lines).split())
    for word in words:
        if "+" in word:
            signer = Signer.from_text(word) if word.startswith(PRIVATE) else None
            found.append(LogKey(signer.verifier if signer else Verifier.from_text(word), signer))
        elif word == "since" and found:
            found[-1] = replace(found[-1], since=_instant(next(words, "")))
        elif word == "until" and found:
            found[-1] = replace(found[-1], until=_instant(next(words, "")))
        else:
            raise NotAKey(f"{word[:20]!r} is no key, and neither since nor until an instant.")
    if not only_public and (not found or found[0].signer is None):
        raise NotAKey("The first key must be one to sign with: `troth log key` prints one.")
    if any(key.verifier.algorithm != ED25519 for key in found):
        raise NotAKey("A log signs with keys of the kind 01; one of these is a witness's.")
    return tuple(found)


def written(keys: Sequence[LogKey], *, public: bool = False) -> str:
    """As `read` takes them."""
    return "".join(f"{key.to_line(public=public)}\n" for key in keys)


def together(keys: Sequence[LogKey], kept: Sequence[LogKey]) -> tuple[LogKey, ...]:
    """*keys*, and behind them what was *kept* of others."""
    there = {key.verifier for key in keys}
    return (*keys, *(key for key in kept if key.verifier not in there))


def rotated(keys: Sequence[LogKey], new: LogKey, *, now: datetime, until: datetime) -> tuple[LogKey, ...]:
    """*new* in front; the earlier ones sign until *until* at the latest, and of those whose time is over the public half stays."""
    return (new, *(_ended(key, until=until, now=now) for key in keys))


def _ended(key: LogKey, *, until: datetime, now: datetime) -> LogKey:
    until = min(key.until or until, until)
    return replace(key, until=until, signer=key.signer if now < until else None)


def _instant(word: str) -> datetime:
    wrong = f"{word[:40]!r} is no instant: write one such as 2026-12-24T09:00:00Z."
    try:
        found = datetime.fromisoformat(word)
    except ValueError as error:
        raise NotAKey(wrong) from error
    if found.tzinfo is None:
        raise NotAKey(wrong)
    return found
