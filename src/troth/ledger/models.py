"""Entries, their places in the order, and what still waits for a place. Triggers refuse every change of the first two."""

from __future__ import annotations

from django.db import models


class Entry(models.Model):
    """One fact, as it was written."""

    kind = models.TextField()
    about = models.TextField()
    customer = models.TextField(blank=True)
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    body = models.BinaryField()
    salt = models.BinaryField()
    commit = models.BinaryField()
    leaf_hash = models.BinaryField()

    class Meta:
        indexes = [
            models.Index(fields=["about", "id"], name="entry_of_a_thing"),
            models.Index(fields=["customer", "id"], name="entry_of_a_customer"),
            models.Index(fields=["kind", "id"], name="entry_of_a_kind"),
        ]


class Seal(models.Model):
    """An entry's place in the one order: gapless from 1, each chained to the one before."""

    position = models.BigIntegerField(primary_key=True)
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT)
    chain_hash = models.BinaryField()
    sealed_at = models.DateTimeField()


class Unsealed(models.Model):
    """Entries that wait for their place; filled by a trigger, emptied by sealing."""

    #: Without a constraint: the trigger names the entries just appended, which nobody can delete; each look at them costs.
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, primary_key=True, db_constraint=False)
