"""A customer's part of this room: what other programs answered when they were told of them."""

from __future__ import annotations

from collections.abc import Sequence

from troth.hooks.models import Delivery
from troth.ledger.models import Seal
from troth.words.refs import ref


def erase(customers: Sequence[int]) -> None:
    """What was sent was references; what was answered may be anything, and goes."""
    told = Seal.objects.filter(entry__customer__in=[ref("customer", pk) for pk in customers])
    Delivery.objects.filter(position__in=told.values("position")).exclude(last_said="").update(last_said="")
