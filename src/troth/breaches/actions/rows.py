"""A breach under its lock, and back; what every act on one begins and ends with."""

from __future__ import annotations

from typing import Any

from troth.breaches.models import Breach, Correction
from troth.breaches.queries import rows, watch_of
from troth.breaches.rules import clock
from troth.people.models import Staff
from troth.promises.rules.words import digest


def locked(breach: Breach) -> Breach:
    """The row as it is now, kept from others until the end of the transaction."""
    Breach.objects.select_for_update().get(pk=breach.pk)
    return rows().get(pk=breach.pk)


def put(breach: Breach, **values: Any) -> Breach:
    """Write *values*, and when the watcher looks again; the row as it is then. *breach* is changed alike."""
    Breach.objects.filter(pk=breach.pk).update(**values)
    fresh = rows().get(pk=breach.pk)
    fresh.look_again_at = clock.look_again_at(watch_of(fresh))
    Breach.objects.filter(pk=fresh.pk).update(look_again_at=fresh.look_again_at)
    for field in Breach._meta.concrete_fields:
        setattr(breach, field.attname, getattr(fresh, field.attname))
    return fresh


def words_digest(salt: bytes, **words: str) -> str:
    """What a fact says of words: it binds us to them, and nobody can guess them from it."""
    return digest(words, salt=salt)


def correction_digest(fixed: Correction) -> str:
    """Of why we knew at another moment, and of why the report is late by it, where it is."""
    delay = {"delay": fixed.delay} if fixed.delay else {}
    return words_digest(bytes(fixed.salt), reason=fixed.reason, **delay)


def who(by: Staff | None) -> str:
    return by.reference if by else ""


def tidy(words: str) -> str:
    """As it is kept: without what PostgreSQL refuses, and without edges."""
    return words.replace("\r\n", "\n").replace("\x00", "").strip()
