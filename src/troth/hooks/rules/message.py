"""What an endpoint is sent, and how it can tell that it came from us: Standard Webhooks 1.0.

The signature covers id, moment and body, so none of them can be changed or used again later. While a secret is being
exchanged there are two signatures, and either will do.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Sequence
from datetime import datetime

from troth.ledger.rules.canonical import moment
from troth.ledger.rules.event import Event

PREFIX = "whsec_"
SECRET_BYTES = 32
#: The type of what the test button sends; no fact has it.
TEST = "webhook.test"
_WORDS = re.compile(r"[A-Z][a-z]*")


def written_secret(secret: bytes) -> str:
    """A secret as receivers are given it."""
    return PREFIX + base64.b64encode(secret).decode("ascii")


def type_of(kind: str) -> str:
    """The event's type: `PromiseDoneLate` is told as `promise.done_late`."""
    first, *rest = (word.lower() for word in _WORDS.findall(kind))
    return f"{first}.{'_'.join(rest)}" if rest else first


def id_of(leaf_hash: bytes) -> str:
    """The same for every try and every endpoint, and another for every entry of every installation."""
    return f"evt_{leaf_hash.hex()[:32]}"


def body_of(event: Event) -> bytes:
    """What is sent of a sealed fact; `data` is just what the API tells of it."""
    return _json({"type": type_of(event.kind), "timestamp": moment(event.happened_at), "data": event.to_plain()})


def trial_body(*, endpoint: str, now: datetime) -> bytes:
    """What the test button sends."""
    return _json({"type": TEST, "timestamp": moment(now), "data": {"endpoint": endpoint}})


def headers(*, secrets: Sequence[str], message_id: str, body: bytes, now: datetime) -> dict[str, str]:
    """The headers beside *body*, signed with each of *secrets*."""
    at = str(int(now.timestamp()))
    return {
        "Content-Type": "application/json",
        "webhook-id": message_id,
        "webhook-timestamp": at,
        "webhook-signature": " ".join(_signature(secret, f"{message_id}.{at}.".encode() + body) for secret in secrets),
    }


def _signature(secret: str, signed: bytes) -> str:
    key = base64.b64decode(secret.removeprefix(PREFIX))
    return "v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode("ascii")


def _json(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()
