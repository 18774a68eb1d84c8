"""How many entries of each kind each day has, a sum over the ledger kept so that nobody has to count it anew; and how we stand with
our witnesses."""

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


class WitnessState(models.Model):
    """How we stand with a witness. The cosignatures themselves are the ledger's."""

    #: Its key, as one verifies with it: `name+hash+base64`.
    witness = models.TextField(primary_key=True)
    #: The size it last cosigned, as far as we know.
    size = models.BigIntegerField(default=0)
    cosigned_at = models.DateTimeField(null=True)
    #: It is not asked before.
    next_at = models.DateTimeField()
    failing_since = models.DateTimeField(null=True)
    #: Since when it says that our log is not the one it cosigned.
    contradicts_since = models.DateTimeField(null=True)
    problem = models.TextField(blank=True)
