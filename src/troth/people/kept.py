"""What changes once a year and is asked for by nearly everything: read once, and kept by this process for some seconds."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Generic, TypeVar
from weakref import WeakSet

from django.db import connection, transaction

T = TypeVar("T")


class Kept(Generic[T]):
    """What *read* finds, at most *seconds* old.

    What a transaction changed is seen by itself alone until it is committed: so it is read anew there, and kept for nobody,
    for it may be rolled back.
    """

    def __init__(self, read: Callable[[], T], *, seconds: float) -> None:
        self._read, self.seconds = read, seconds
        self._kept: tuple[float, T] | None = None
        everything.add(self)

    def __call__(self) -> T:
        if self._is_changed_here():
            return self._read()
        kept = self._kept
        if kept is None or kept[0] < time.monotonic():
            kept = self._kept = (time.monotonic() + self.seconds, self._read())
        return kept[1]

    def forget(self) -> None:
        """It was just changed here, in the caller's transaction if there is one; forgotten once more when that is committed."""
        self.drop()
        if connection.in_atomic_block:
            transaction.on_commit(self.drop)

    def drop(self) -> None:
        """Whoever asks next has it read anew."""
        self._kept = None

    def _is_changed_here(self) -> bool:
        """Django lets go of what waits for a commit once that has come, and where the transaction or its savepoint is rolled back."""
        return any(waits[1] == self.drop for waits in connection.run_on_commit)


everything: WeakSet[Kept[Any]] = WeakSet()


def drop_all() -> None:
    """Nothing of it holds any more: another database is in use, say."""
    for kept in everything:
        kept.drop()
