"""Secrets of this installation: sealed before they reach the database, opened where they are used.

It stands in people because everybody who keeps a secret (a mailbox, a webhook, a second factor) stands above people, and no
room below it has settings. The keys are read anew each time, so that a rotated key needs no restart.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from functools import reduce
from operator import and_
from pathlib import Path
from typing import Any

from allauth.mfa.models import Authenticator
from django.apps import apps
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import models, transaction
from django.db.models import Q

from troth.people.rules import sealing
from troth.people.rules.sealing import CannotUnseal as CannotUnseal
from troth.people.rules.sealing import Key

Column = tuple[type[models.Model], str]
#: Where the secrets of second factors are sealed for: they stand in allauth's table, inside a text of its own.
FACTORS = "mfa_authenticator.data"


class NotSealed(ValueError):
    """A secret on its way into the database in plain."""


class KeysNotOurs(RuntimeError):
    """The keys are held where we cannot write; the sentence says what to do instead."""


class SealedText(models.TextField):  # type: ignore[type-arg]
    """A column for a sealed text or nothing; rotation finds it by this class. `keep` writes it and `tell` reads it."""

    def get_prep_value(self, value: Any) -> Any:
        if value and not sealing.is_sealed(value):
            raise NotSealed(f"{self.model._meta.label}.{self.name} takes only what `people.seal.keep` made.")
        return super().get_prep_value(value)

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        return (
            name,
            "django.db.models.TextField",
            args,
            kwargs,
        )  # to the database it is a text, and migrations know no more


def is_sealed(*columns: str) -> Q:
    """For a constraint: nothing but sealed texts stands in these columns."""
    return reduce(and_, (Q(**{column: ""}) | Q(**{f"{column}__startswith": sealing.MARK}) for column in columns))


def keep(row: models.Model, column: str, plain: str) -> None:
    """Seal *plain* into a column of a row that is in the database already; empty stays empty."""
    sealed = seal(plain, place=_place(row, column)) if plain else ""
    type(row)._default_manager.filter(pk=row.pk).update(**{column: sealed})
    setattr(row, column, sealed)


def tell(row: models.Model, column: str) -> str:
    """What `keep` sealed there; raises CannotUnseal."""
    sealed: str = getattr(row, column)
    return unseal(sealed, place=_place(row, column)) if sealed else ""


def seal(plain: str, *, place: str) -> str:
    """*plain*, to be kept at *place* by whoever has no row of their own for it."""
    return sealing.seal(plain, place=place, keys=_keys(), nonce=os.urandom(sealing.NONCE_BYTES))


def unseal(sealed: str, *, place: str) -> str:
    """What was sealed for *place*; raises CannotUnseal."""
    return sealing.unseal(sealed, place=place, keys=_keys())


# Keys and their rotation


def make_newest() -> str:
    """Put a new key in front of the others in their file; its name. Raises KeysNotOurs."""
    path = _file()
    if path is None:
        raise KeysNotOurs(
            "The keys stand in TROTH_SEAL_KEY, which only you can change: put a new one in front of the others "
            "(`troth seal key` prints one) and run `troth seal rotate --keys-as-they-are`."
        )
    text = sealing.written(os.urandom(sealing.KEY_BYTES)) + "\n" + path.read_text().strip() + "\n"
    beside = path.with_name(f".{path.name}.new")
    try:
        beside.unlink(missing_ok=True)
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError as error:
        raise KeysNotOurs(
            f"{path} cannot be written ({error.strerror}): put a new key on a line in front of the others yourself "
            "(`troth seal key` prints one) and run `troth seal rotate --keys-as-they-are`."
        ) from error
    return _keys()[0].name


def reseal() -> int:
    """Seal every secret with the newest key; how many changed. Safe to repeat; raises CannotUnseal and changes nothing."""
    newest, changed = _keys()[0].name, 0
    with transaction.atomic():
        for model, column in columns():
            rows = model._default_manager.select_for_update().exclude(**{column: ""}).order_by("pk")
            for row in rows.only("pk", column):
                if sealing.name_of_key(getattr(row, column)) != newest:
                    keep(row, column, tell(row, column))
                    changed += 1
        for factor in Authenticator.objects.select_for_update().order_by("pk"):
            old = {name: value for name, value in _sealed_in(factor) if sealing.name_of_key(value) != newest}
            if old:
                factor.data |= {name: seal(unseal(value, place=FACTORS), place=FACTORS) for name, value in old.items()}
                factor.save(update_fields=["data"])
                changed += len(old)
    return changed


def _sealed_in(factor: Authenticator) -> list[tuple[str, str]]:
    """The sealed texts of a second factor, by name: the secret of an app, or what recovery codes are made of."""
    return [(name, value) for name, value in factor.data.items() if isinstance(value, str) and sealing.is_sealed(value)]


def check() -> tuple[Counter[str], list[str]]:
    """How many secrets each key holds, and the places of those that do not open."""
    held: Counter[str] = Counter()
    closed = []
    for model, column in columns():
        for row in model._default_manager.exclude(**{column: ""}).order_by("pk").only("pk", column):
            try:
                tell(row, column)
                held[sealing.name_of_key(getattr(row, column))] += 1
            except CannotUnseal:
                closed.append(_place(row, column))
    for factor in Authenticator.objects.order_by("pk"):
        for name, value in _sealed_in(factor):
            try:
                unseal(value, place=FACTORS)
                held[sealing.name_of_key(value)] += 1
            except CannotUnseal:
                closed.append(f"{FACTORS}.{name}:{factor.pk}")
    return held, closed


def columns() -> Iterator[Column]:
    """Every column of sealed texts there is."""
    for model in apps.get_models():
        yield from ((model, field.name) for field in model._meta.get_fields() if isinstance(field, SealedText))


def _place(row: models.Model, column: str) -> str:
    return f"{row._meta.db_table}.{column}:{row.pk}"


def _keys() -> tuple[Key, ...]:
    path = _file()
    try:
        return sealing.read_keys(settings.TROTH_SEAL_KEY if path is None else path.read_text())
    except OSError as error:
        raise CannotUnseal(
            f"The keys of the sealed secrets cannot be read from {path} ({error.strerror}): put the file back from its "
            "backup. Nothing is lost meanwhile."
        ) from error
    except sealing.NotAKey as error:
        raise ImproperlyConfigured(f"{path or 'TROTH_SEAL_KEY'}: {error}") from error


def _file() -> Path | None:
    """Where the keys lie, unless the environment holds them."""
    return None if settings.TROTH_SEAL_KEY else Path(settings.TROTH_SEAL_KEY_FILE)
