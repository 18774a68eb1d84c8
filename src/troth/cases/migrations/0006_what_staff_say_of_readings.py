"""What staff say of a reading is kept, and a kind that somebody set stays."""

from __future__ import annotations

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

SET_BY_SOMEBODY = """
UPDATE cases_case SET kind_by_hand = true WHERE 'case:' || id IN (
    SELECT about FROM ledger_entry
     WHERE kind = 'CaseChanged'
       AND convert_from(body, 'UTF8')::jsonb ->> 'field' = 'kind' AND convert_from(body, 'UTF8')::jsonb ->> 'by' <> ''
)
"""


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0005_emotions_by_their_names"),
        ("ledger", "0003_many_entries_at_once"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="case",
            name="kind_by_hand",
            field=models.BooleanField(db_default=False),
        ),
        migrations.RunSQL(SET_BY_SOMEBODY, migrations.RunSQL.noop),
        migrations.CreateModel(
            name="Correction",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "field",
                    models.TextField(
                        choices=[
                            ("emotions", "emotions"),
                            ("kind", "kind"),
                            ("causes", "causes"),
                            ("urgency", "urgency"),
                            ("remedies", "remedies"),
                        ]
                    ),
                ),
                ("read", models.JSONField()),
                ("version", models.TextField(blank=True)),
                ("said", models.JSONField()),
                ("drawn", models.BooleanField()),
                ("at", models.DateTimeField()),
                ("until", models.DateTimeField(null=True)),
                (
                    "message",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="corrections", to="cases.message"
                    ),
                ),
                (
                    "replaces",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.correction"
                    ),
                ),
                (
                    "staff",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "undone_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("until", None)),
                        fields=("message", "field"),
                        name="one_word_holds_of_a_field",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("undone_by", None), ("until__isnull", False), _connector="OR"),
                        name="what_is_undone_has_ended",
                    ),
                ],
            },
        ),
    ]
