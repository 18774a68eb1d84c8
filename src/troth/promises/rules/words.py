"""The words that the facts of a promise stand for, and the salted digest they have in their place; pure.

A digest without a salt would tell: who guesses the sentence could see that they are right, also after it was erased. The salt
stands beside the words and goes with them.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from typing import Any

from troth.ledger.rules.receipt import WORDS_SALT_BYTES, words_digest

Words = dict[str, str]


def fresh_salt() -> bytes:
    return secrets.token_bytes(WORDS_SALT_BYTES)


def of_promise(*, what: str, condition: str, quote: str) -> Words:
    """What PromiseMade has a digest of: what was promised, on which condition, in which sentence."""
    return {"condition": condition, "quote": quote, "what": what}


def of_telling(words: str) -> Words:
    """What TellingSent has a digest of: what somebody wrote to the customer; empty where it was written by itself."""
    return {"words": words}


def digest(words: Mapping[str, str], *, salt: bytes) -> str:
    """HMAC-SHA256 of the words in canonical JSON (docs/formats/entry.md), hexadecimal."""
    return words_digest(words, salt)


def are_those_of(fact: Mapping[str, Any], words: Mapping[str, str], *, salt: bytes) -> bool:
    """Whether *words* are those that *fact* was written with, of whichever version it is."""
    if said := fact.get("words_digest"):
        return hmac.compare_digest(str(said), digest(words, salt=salt))
    if said := fact.get("quote_digest"):  # version 1: the sentence alone, without a salt
        return hmac.compare_digest(str(said), hashlib.sha256(words["quote"].encode()).hexdigest())
    return True  # version 1 of TellingSent told nothing of the words
