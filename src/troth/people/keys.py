"""Keys, with which other programs act for somebody who works here: made, opened by their secret, revoked."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cache

from django.db import transaction
from django.db.models import CharField, Q

from troth.ledger.actions import append
from troth.people.actions import note_security
from troth.people.models import Key, Staff
from troth.people.planned import Given, Question
from troth.people.rules.addresses import shown_name
from troth.people.rules.keys import Scope, digest_of, prefix_of
from troth.people.rules.security import SecurityKind
from troth.words.facts import KeyMade, KeyRevoked
from troth.words.refs import ref

#: The last use of a key is known to the minute; a refused one is noted once in an hour.
USE_KNOWN, REFUSAL_NOTED = timedelta(minutes=1), timedelta(hours=1)


class NoSuchKey(LookupError):
    """It is no key of ours, or none any more."""


class KeyNotSound(ValueError):
    """A key needs a name, at least one thing it may do, and an end that lies ahead if it has one."""


@transaction.atomic
def make(
    *,
    name: str,
    staff: Staff,
    scopes: Iterable[Scope],
    expires_at: datetime | None = None,
    by: Staff | None,
    now: datetime,
) -> tuple[Key, str]:
    """A key that acts for *staff* within *scopes*, and its secret, which is told this once; raises KeyNotSound."""
    allowed = sorted(set(scopes))
    if not shown_name(name):
        raise KeyNotSound("Give it a name by which you will know it again.")
    if not allowed:
        raise KeyNotSound("Choose at least one thing it may do.")
    if expires_at is not None and expires_at <= now:
        raise KeyNotSound("That day has passed already.")
    prefix = secrets.token_hex(4)
    secret = f"troth_{prefix}_{secrets.token_hex(32)}"
    key = Key.objects.create(
        name=shown_name(name),
        staff=staff,
        scopes=allowed,
        prefix=prefix,
        digest=digest_of(secret),
        made_by=by,
        made_at=now,
        expires_at=expires_at,
    )
    append(
        KeyMade(
            about=key.reference,
            staff=ref("staff", staff.pk),
            scopes=" ".join(allowed),
            expires_at=expires_at,
            by=by.reference if by else "",
        ),
        now=now,
    )
    note_security(kind=SecurityKind.KEY_MADE, staff=by, about=key.reference, how=f"{len(allowed)} scopes", now=now)
    return key, secret


@transaction.atomic
def revoke(key: Key, *, by: Staff | None, now: datetime) -> bool:
    """From now on it opens nothing; False if that was so already."""
    if Key.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=now) != 1:
        return False
    append(KeyRevoked(about=key.reference, by=by.reference if by else ""), now=now)
    note_security(kind=SecurityKind.KEY_REVOKED, staff=by, about=key.reference, now=now)
    return True


def opened(secret: str, *, origin: str = "", now: datetime) -> Key:
    """The key behind *secret*, its person beside it, who acts through it from here on; raises NoSuchKey."""
    if prefix_of(secret) is None:
        raise NoSuchKey("This is no key of ours.")
    key = next(iter(_by_digest().ask(digest=digest_of(secret))), None)
    if key is None:
        raise NoSuchKey("This is no key of ours.")
    if key.revoked_at or (key.expires_at and key.expires_at <= now) or not key.staff.is_active:
        _note_refusal(key, origin=origin, now=now)
        raise NoSuchKey("This key opens nothing any more.")
    if key.used_at is None or key.used_at <= now - USE_KNOWN:
        Key.objects.filter(pk=key.pk).update(used_at=now)
    key.staff.through_key = key.pk
    return key


@cache
def _by_digest() -> Question[Key, Key]:
    return Question(Key.objects.select_related("staff").filter(digest=Given("digest", CharField())))


@transaction.atomic
def _note_refusal(key: Key, *, origin: str, now: datetime) -> None:
    """Somebody still tries it. Once in an hour is enough to know, and fills no table."""
    lately = Q(refused_at=None) | Q(refused_at__lte=now - REFUSAL_NOTED)
    if Key.objects.filter(lately, pk=key.pk).update(refused_at=now):
        note_security(
            kind=SecurityKind.KEY_REFUSED, staff=key.staff, about=key.reference, how="api", origin=origin, now=now
        )


def every_key() -> list[Key]:
    """Those that open something first, then newest first."""
    keys = Key.objects.select_related("staff", "made_by").order_by("-made_at", "-pk")
    return sorted(keys, key=lambda key: key.revoked_at is not None)
