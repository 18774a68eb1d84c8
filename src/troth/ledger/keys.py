"""The keys of the customers, one each: what is said of somebody opens with theirs, and with theirs gone, no more.

Nothing in the ledger is ever changed or deleted. To erase a customer is to destroy their key: the entries stay, what they
said of that customer is beyond everybody's reach, in every copy of the database, and the tree still verifies. So the keys
lie outside the database (`TROTH_CUSTOMER_KEYS`), are backed up apart from it, and no longer than a week
(docs/run/backup.md). The register of what was destroyed outlives them: it holds numbers and moments, and a backup that is
put back is held against it.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import OperationalError, connection

from troth.ledger.keystores import FileStore, KeysAway, ServerStore, Store

__all__ = ["KeysAway", "KeysLost", "destroy", "destroyed", "find", "held", "of"]


class KeysLost(OperationalError):
    """A key that must be there is not: the store was lost or is another one. Nothing is erased by that; put it back."""


def of(customers: Iterable[int]) -> dict[int, bytes | None]:
    """The keys to seal with, each made where there was none and durable before this returns; None: destroyed for good."""
    wanted = set(customers)
    return _store().make(wanted) if wanted else {}


def find(customers: Iterable[int]) -> dict[int, bytes | None]:
    """The keys there are, for whoever looks for what is wrong."""
    wanted = set(customers)
    return _store().find(wanted) if wanted else {}


def held(customers: Iterable[int]) -> dict[int, bytes | None]:
    """The keys to open with; None: destroyed for good. Raises KeysLost where one neither is there nor was destroyed."""
    wanted = set(customers)
    found = find(wanted)
    if lost := sorted(wanted - found.keys()):
        raise KeysLost(
            f"The store of the customers' keys holds none for {len(lost)} customers, the first of them customer:{lost[0]}, and "
            "none of them was destroyed: it is another one than the ledger was written with. Put it back from its backup."
        )
    return found


def destroy(customers: Iterable[int], *, now: datetime) -> None:
    """Destroy these keys, for good when this returns. Safe to repeat; the first moment stays in the register."""
    _store().destroy(customers, now=now)


def destroyed() -> dict[int, datetime]:
    """The register: whose keys were destroyed, and when. A number in it never gets a key again."""
    return _store().destroyed()


# The store of this process

_opening = threading.Lock()
_open: dict[str, Store] = {}
#: What a child inherited is not its own: closing such a line would say goodbye in its parent's name.
_inherited: list[dict[str, Store]] = []


def _store() -> Store:
    place = str(settings.TROTH_CUSTOMER_KEYS)
    store = _open.get(place)
    if store is None:
        with _opening:
            store = _open.get(place)
            if store is None:
                store = _open[place] = _opened(place)
    return store


def _opened(place: str) -> Store:
    if place.startswith(("postgresql://", "postgres://")):
        return ServerStore(place, may_be_new=_nothing_is_sealed)
    return FileStore(Path(place), may_be_new=_nothing_is_sealed)


def _nothing_is_sealed() -> None:
    """A new store is begun with a new ledger only; raises KeysLost where facts wait for the keys of another."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM ledger_entry WHERE customer <> '' AND get_byte(payload, 0) = 1)")
        if cursor.fetchone()[0]:
            raise KeysLost(
                f"There is no store of the customers' keys at {settings.TROTH_CUSTOMER_KEYS}, and the ledger is sealed with "
                "one. Put it back from its backup, or let TROTH_CUSTOMER_KEYS say where it is."
            )


def _begin_anew() -> None:
    global _opening, _open
    _inherited.append(_open)
    _opening, _open = threading.Lock(), {}


os.register_at_fork(after_in_child=_begin_anew)
