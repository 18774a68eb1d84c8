"""One thing of many after the other, each in its own transaction: one that cannot be done holds up none behind it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable

from troth.ledger.away import AWAY

log = logging.getLogger(__name__)


def one_by_one(numbers: Iterable[int], work: Callable[[int], bool], *, failed: Callable[[int], bool], what: str) -> int:
    """How many were dealt with. What trips us is told in the log as *what*, and settled by *failed*; only a database that is away
    ends it."""
    return sum(_done(number, work, failed=failed, what=what) for number in numbers)


def _done(number: int, work: Callable[[int], bool], *, failed: Callable[[int], bool], what: str) -> bool:
    try:
        return work(number)
    except AWAY:
        raise
    except Exception:
        log.exception("%s could not be done.", what % number)
    return failed(number)
