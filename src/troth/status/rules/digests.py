"""What the ledger keeps of words: one hash over all of them, each told apart from the next by its length; pure."""

from __future__ import annotations

import hashlib


def of(*words: str) -> str:
    whole = hashlib.sha256()
    for one in words:
        told = one.encode()
        whole.update(len(told).to_bytes(8, "big") + told)
    return whole.hexdigest()
