"""How it is told that the database failed and not the work: such work waits and is no worse for it.

It stands in the ledger because every room that works stands above it.
"""

from __future__ import annotations

from django.db import InterfaceError, InternalError, OperationalError

#: It does not answer, has no room, or gave up on a transaction that slept too long, which it calls an internal error.
AWAY = (OperationalError, InterfaceError, InternalError)
