"""Which carriers there are: named in the settings by dotted path, in the order in which somebody is reached."""

from __future__ import annotations

from functools import cache

from django.conf import settings
from django.utils.module_loading import import_string

from troth.notices.rules.carriers import Carrier


@cache
def carriers() -> dict[str, Carrier]:
    """Every carrier by its name."""
    found: list[Carrier] = [import_string(path)() for path in settings.TROTH_NOTICE_CARRIERS]
    return {carrier.name: carrier for carrier in found}


def first() -> Carrier:
    """The one that is tried first."""
    return next(iter(carriers().values()))
