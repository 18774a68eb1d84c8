"""How many entries of each kind each day has: a sum over the ledger, kept beside it so that nobody has to count it anew."""

from __future__ import annotations

from django.db import models


class KindOfDay(models.Model):
    """The entries of one *kind* that were written down on one *day* (UTC), and between which positions they stand.

    Entries are counted in their order, so the highest *last* of all tells how far.
    """

    day = models.DateField()
    kind = models.TextField()
    entries = models.BigIntegerField()
    first = models.BigIntegerField()
    last = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["day", "kind"], name="a_kind_is_counted_once_a_day"),
        ]
        indexes = [
            models.Index(fields=["last"], name="counted_so_far"),
        ]
