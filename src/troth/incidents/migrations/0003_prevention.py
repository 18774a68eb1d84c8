from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("promises", "0007_what_is_not_to_happen_again"),
        ("incidents", "0002_entries_never_change"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="recurrence",
            name="recurrence_to_decide",
        ),
        migrations.AddField(
            model_name="measure",
            name="audience",
            field=models.TextField(choices=[("public", "Public"), ("hurt", "Hurt")], default="public"),
        ),
        migrations.AddField(
            model_name="recurrence",
            name="is_strong",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="recurrence",
            name="message",
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name="recurrence",
            name="miss_reason",
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name="watch",
            name="audience",
            field=models.TextField(choices=[("public", "Public"), ("hurt", "Hurt")], default="public"),
        ),
        migrations.AlterField(
            model_name="recurrence",
            name="state",
            field=models.TextField(
                choices=[("found", "Found"), ("said", "Said"), ("confirmed", "Confirmed"), ("dismissed", "Dismissed")],
                default="found",
            ),
        ),
        migrations.AddIndex(
            model_name="recurrence",
            index=models.Index(
                condition=models.Q(("state__in", ["found", "said"])), fields=["id"], name="recurrence_to_decide"
            ),
        ),
        migrations.AddConstraint(
            model_name="recurrence",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_at", None), ("state", "found")),
                    models.Q(models.Q(("state", "found"), _negated=True), ("decided_at__isnull", False)),
                    _connector="OR",
                ),
                name="what_is_decided_says_when",
            ),
        ),
        migrations.RunSQL(
            Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"),
            "DROP TRIGGER causes_never_change ON incidents_rootcause; DROP FUNCTION incidents_causes_stay();"
            " DROP TRIGGER watches_never_shrink ON incidents_watch; DROP FUNCTION incidents_watches_stay();",
        ),
    ]
