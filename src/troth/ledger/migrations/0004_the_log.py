"""The tree over the entries: tiles, signed heads, cosignatures. It is built over the places that were given before by sealing itself,
ten thousand at a time, so that no table is locked meanwhile."""

from __future__ import annotations

from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models

SQL = Path(__file__).with_suffix(".sql")


class Migration(migrations.Migration):
    dependencies = [("ledger", "0003_many_entries_at_once")]

    operations = [
        migrations.RemoveField("seal", "chain_hash"),
        migrations.CreateModel(
            "Tile",
            [
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "level", "number", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("level", models.SmallIntegerField()),
                ("number", models.BigIntegerField()),
                ("hashes", models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            "Checkpoint",
            [
                ("size", models.BigIntegerField(primary_key=True, serialize=False)),
                ("previous", models.BigIntegerField(unique=True)),
                ("root", models.BinaryField()),
                ("note", models.TextField()),
                ("signed_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            "Cosignature",
            [
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("witness", models.TextField()),
                ("line", models.TextField()),
                ("at", models.DateTimeField()),
                (
                    "checkpoint",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="ledger.checkpoint"),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("checkpoint", "witness", "at"), name="witness_says_it_once")
                ]
            },
        ),
        migrations.RunSQL(
            SQL.read_text(encoding="utf-8"),
            """
            DROP TRIGGER seals_follow ON ledger_seal;
            DROP FUNCTION ledger_seals_follow;
            DROP FUNCTION ledger_tile_grows CASCADE;
            DROP FUNCTION ledger_head_follows CASCADE;
            """,
        ),
    ]
