"""Entries, their places in the order, what still waits for a place, and the tree over them with its signed heads.

Triggers refuse what must never happen: no entry, place, head or cosignature changes or goes, and a tile only grows.
"""

from __future__ import annotations

from django.db import models


class Entry(models.Model):
    """One fact, as it was written."""

    kind = models.TextField()
    about = models.TextField()
    customer = models.TextField(blank=True)
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    #: Salt and body: in the clear where no customer is concerned, else sealed with the customer's key (rules/payload.py).
    payload = models.BinaryField()
    commit = models.BinaryField()
    leaf_hash = models.BinaryField()

    class Meta:
        indexes = [
            models.Index(fields=["about", "id"], name="entry_of_a_thing"),
            models.Index(fields=["customer", "id"], name="entry_of_a_customer"),
            models.Index(fields=["kind", "id"], name="entry_of_a_kind"),
            models.Index(
                fields=["recorded_at"], name="entry_of_an_import", condition=models.Q(kind="ConversationImported")
            ),
        ]


class Seal(models.Model):
    """An entry's place in the one order: gapless from 1. Its index in the tree is one less."""

    position = models.BigIntegerField(primary_key=True)
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT)
    sealed_at = models.DateTimeField()


class Unsealed(models.Model):
    """Entries that wait for their place; filled by a trigger, emptied by sealing."""

    #: Without a constraint: the trigger names the entries just appended, which nobody can delete; each look at them costs.
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, primary_key=True, db_constraint=False)


class Tile(models.Model):
    """Up to 256 hashes of the tree that stand side by side (c2sp.org/tlog-tiles): on level 0 those of the leaves, on each further
    level the roots of the full tiles below. Only the last of each level still grows."""

    pk = models.CompositePrimaryKey("level", "number")
    level = models.SmallIntegerField()
    number = models.BigIntegerField()
    hashes = models.BinaryField()


class Checkpoint(models.Model):
    """A signed head of the tree. Whoever adds one names the one before, which nobody can have named yet: so none forks."""

    size = models.BigIntegerField(primary_key=True)
    #: The size of the head before; 0 for the first.
    previous = models.BigIntegerField(unique=True)
    root = models.BinaryField()
    #: The signed note, whole (c2sp.org/tlog-checkpoint).
    note = models.TextField()
    signed_at = models.DateTimeField()


class Cosignature(models.Model):
    """What a witness wrote under a head after it saw that the tree only grew (c2sp.org/tlog-cosignature)."""

    checkpoint = models.ForeignKey(Checkpoint, on_delete=models.PROTECT)
    #: The witness's key, as one verifies with it: `name+hash+base64`.
    witness = models.TextField()
    #: The line as it stands in the note, with the line break at its end.
    line = models.TextField()
    #: When the witness says that it looked.
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["checkpoint", "witness", "at"], name="witness_says_it_once"),
        ]
