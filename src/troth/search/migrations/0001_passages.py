from __future__ import annotations

from pathlib import Path

import django.contrib.postgres.indexes
import django.contrib.postgres.search
from django.db import migrations, models

UNDO = """
DROP FUNCTION search_keeps_message() CASCADE;
DROP FUNCTION search_keeps_case() CASCADE;
DROP FUNCTION search_keeps_promise() CASCADE;
DROP FUNCTION search_drops() CASCADE;
DROP FUNCTION search_keep_message(cases_message);
DROP FUNCTION search_keep(text, text, bigint, timestamptz, text, text, "char", text);
DROP FUNCTION search_tongue(text, text);
DROP FUNCTION search_promised(text, text, text);
DROP FUNCTION search_case_of(text);
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [("cases", "0007_what_corrections_teach"), ("promises", "0006_words_are_salted")]

    operations = [
        migrations.CreateModel(
            name="Behind",
            fields=[
                ("sort", models.TextField(primary_key=True, serialize=False)),
                ("below", models.BigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="Passage",
            fields=[
                ("ref", models.TextField(primary_key=True, serialize=False)),
                (
                    "sort",
                    models.TextField(
                        choices=[
                            ("message", "Message"),
                            ("note", "Note"),
                            ("subject", "Subject"),
                            ("promise", "Promise"),
                        ]
                    ),
                ),
                ("case_id", models.BigIntegerField(null=True)),
                ("at", models.DateTimeField()),
                ("tongue", models.TextField()),
                ("words", django.contrib.postgres.search.SearchVectorField()),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("case_id__isnull", False)), fields=["case_id"], name="passage_of_case"
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        fastupdate=True, fields=["words"], gin_pending_list_limit=256, name="passage_words"
                    ),
                ],
            },
        ),
        migrations.RunSQL(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"), UNDO),
    ]
