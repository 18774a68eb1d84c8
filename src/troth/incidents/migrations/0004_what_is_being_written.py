from __future__ import annotations

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("incidents", "0003_prevention"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Draft",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.TextField(
                        choices=[
                            ("began", "Began"),
                            ("update", "Update"),
                            ("ended", "Ended"),
                            ("prevented", "Prevented"),
                            ("held", "Held"),
                            ("recurred", "Recurred"),
                            ("note", "Note"),
                        ]
                    ),
                ),
                ("guided", models.BooleanField(default=True)),
                ("texts", models.JSONField(default=list)),
                ("in_public", models.BooleanField(default=False)),
                (
                    "cohorts",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list, size=None
                    ),
                ),
                ("untold", models.TextField(blank=True)),
                ("happened_at", models.DateTimeField(null=True)),
                ("next_word_at", models.DateTimeField(null=True)),
                ("needs_second", models.BooleanField(default=False)),
                ("proposed_at", models.DateTimeField(null=True)),
                ("given_back", models.TextField(blank=True)),
                ("changed_at", models.DateTimeField()),
                ("sent_at", models.DateTimeField(null=True)),
                (
                    "by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "entry",
                    models.OneToOneField(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="incidents.entry"
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="drafts",
                        to="incidents.incident",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("sent_at", None)),
                        fields=("incident", "by"),
                        name="one_draft_of_an_incident_each",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("entry", None), ("sent_at", None)),
                            models.Q(("entry__isnull", False), ("sent_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="what_is_sent_is_a_line",
                    ),
                ],
            },
        ),
    ]
