"""What the ledger has of an incident's words: their digests; pure."""

from __future__ import annotations

import hashlib
import json


def of_words(words: str) -> str:
    """SHA-256 of a line of the timeline, hexadecimal."""
    return hashlib.sha256(words.encode()).hexdigest()


def of_filing(*, title: str, product: str, place: str) -> str:
    """SHA-256 of how an incident is filed, as canonical JSON (keys in their order, no spaces)."""
    plain = {"place": place, "product": product, "title": title}
    return of_words(json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False))
